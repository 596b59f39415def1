"""The image of an archive: what it holds, that it finds itself, that it is made once, in bounded memory."""
import base64
import gzip
import hashlib
import json
import os
import pathlib
import re
import signal
import stat
import subprocess
import sys
import tarfile
import time

import pytest

import archives
from archives import member, tar, tar_of

SITE = f"lib/python3.{sys.version_info.minor}/site-packages"


@pytest.fixture
def tools(bin_dir):
    return bin_dir.parents[1] / "tests" / "archive"


@pytest.fixture
def squash(run, tools):
    return lambda *words, **options: run(tools / "squash", *words, **options)


def packed(data, places=("/x",), hits=(), part=1 << 20):
    """An archive of this tar whose facts name these places and hits."""
    text = json.dumps({"version": 1, "name": "sci", "python": "3.11.2", "machine": "x86_64", "base": None,
                       "places": list(places), "packages": [], "hits": list(hits), "bytes": len(data), "files": 1,
                       "created": 1_600_000_000}).encode()
    content = tar([member(archives.FACTS, text, mode=0o644)], form=tarfile.USTAR_FORMAT, end=False)
    first = archives.frame(content)
    fill = archives.HEAD_SIZE - len(first) - 8
    first += (0x184D2A50).to_bytes(4, "little") + fill.to_bytes(4, "little") + bytes(fill)
    frames = archives.parts(data, part)
    rows = [(len(first), len(content)), *((len(packed_part), size) for packed_part, size in frames)]
    return first + b"".join(packed_part for packed_part, _ in frames) + archives.table(rows)


def identity(path):
    """Another image is another file; being read is no change."""
    info = path.stat()
    return info.st_ino, info.st_mtime_ns, info.st_size


@pytest.fixture
def make(squash, tmp_path):
    """Makes the image of an archive."""
    store = tmp_path / "a store"
    store.mkdir()

    def make_it(data, *words, name="sci.tar.zst", **options):
        (store / name).write_bytes(data)
        return squash("image", store / name, store / "sci.sqfs", *words, **options)

    make_it.store = store
    make_it.image = store / "sci.sqfs"
    return make_it


def listing(image):
    """What unsquashfs says of each name: mode, size or target, time."""
    done = subprocess.run(["unsquashfs", "-lls", "-d", "", image], stdout=subprocess.PIPE, check=True, errors="surrogateescape",
                          env={**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8"})
    rows = (re.match(r"(\S+) (\S+) +(\d+) (\S+ \S+) /?(.*)", line) for line in done.stdout.splitlines())
    return {row[5]: (row[1], row[2], int(row[3]), row[4]) for row in rows if row}


def expected_listing(root):
    rows = {}
    for place, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(place, name)
            info = os.lstat(path)
            shown = os.path.relpath(path, root)
            if stat.S_ISLNK(info.st_mode):
                shown += " -> " + os.readlink(path)
            mode = "lrwxrwxrwx" if stat.S_ISLNK(info.st_mode) else stat.filemode(info.st_mode)
            size = None if stat.S_ISDIR(info.st_mode) else info.st_size
            rows[shown] = (mode, "root/root", size, time.strftime("%Y-%m-%d %H:%M", time.gmtime(info.st_mtime)))
    return rows


def make_tree(root):
    (root / "bin").mkdir(parents=True)
    (root / "lib/caf\u00e9 au lait").mkdir(parents=True)
    (root / "empty").mkdir()
    (root / "many").mkdir()
    files = {"bin/tool": os.urandom(700_001), "lib/empty": b"", "lib/block": b"e" * 131072, "lib/caf\u00e9 au lait/a b": b"1",
             "lib/" + "n" * 250: b"3", "lib/zeros": bytes(500_000), "lib/copy": b"e" * 131072, "Z": b"z", "a": b"a"}
    files.update({f"many/m{i}.py": b"%d" % i * (i % 300) for i in range(1500)})
    for name, data in files.items():
        (root / name).write_bytes(data)
    os.symlink("tool", root / "bin/link")
    os.symlink("/no where/else", root / "bin/dangling")
    os.symlink("l/" * 150 + "l", root / "lib/long")
    os.link(root / "bin/tool", root / "lib/tool")
    os.link(root / "lib/tool", root / "aaa")
    (root / "bin/tool").chmod(0o755)
    (root / "lib/block").chmod(0o400)
    (root / "many").chmod(0o750)
    for i, path in enumerate(sorted(root.rglob("*"), reverse=True)):
        os.utime(path, ns=(0, 1_600_000_000_000_000_000 + i * 100_000_000_007), follow_symlinks=False)
    return root


@pytest.fixture
def tree(tmp_path):
    return make_tree(tmp_path / "from")


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
@pytest.mark.parametrize("workers", [1, 8])
def test_a_tree_is_the_same(make, tree, tmp_path, locale, workers):
    done = make(packed(tar_of(tree)), workers, env={"LC_ALL": locale})
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    found = {name: (row[0], row[1], None if row[0][0] == "d" else row[2], row[3]) for name, row in listing(make.image).items()}
    found.pop("")
    assert found.pop(".kslurm-state")[0] == "-rw-r--r--"
    assert found == expected_listing(tree)
    subprocess.run(["unsquashfs", "-q", "-n", "-d", tmp_path / "to", make.image], check=True)
    assert (tmp_path / "to/.kslurm-state").read_text() == "sci\n\n"
    (tmp_path / "to/.kslurm-state").unlink()
    assert subprocess.run(["diff", "-r", "--no-dereference", tree, tmp_path / "to"], check=False).returncode == 0
    assert [(tmp_path / "to" / n).stat().st_nlink for n in ("bin/tool", "lib/tool", "aaa", "a")] == [3, 3, 3, 1]
    assert (tmp_path / "to/bin/tool").samefile(tmp_path / "to/aaa")


def test_sparse_file(make, tree, tmp_path):
    with open(tree / "sparse", "wb") as out:
        out.truncate(30_000_000)
        out.seek(20_000_001)
        out.write(b"here")
    assert make(packed(tar_of(tree, "--sparse"))).returncode == 0
    done = subprocess.run(["unsquashfs", "-cat", make.image, "sparse"], stdout=subprocess.PIPE, check=True)
    assert done.stdout == (tree / "sparse").read_bytes()


def test_the_order_does_not_matter(make):
    members = [member("b/c/f", b"1"), member("b/c", type=tarfile.DIRTYPE, mode=0o711), member("a", b"old"), member("a", b"new"),
               member("b/l", type=tarfile.LNKTYPE, linkname="a"), member("b/s", b"s", mode=0o6755)]
    assert make(packed(tar(members))).returncode == 0
    found = listing(make.image)
    assert found.pop(".kslurm-state")
    assert {n: row[0] for n, row in found.items()} == {"": "drwxr-xr-x", "a": "-rw-r--r--", "b": "drwxr-xr-x", "b/c": "drwx--x--x",
                                                      "b/c/f": "-rw-r--r--", "b/l": "-rw-r--r--", "b/s": "-rwxr-xr-x"}
    done = subprocess.run(["unsquashfs", "-cat", make.image, "b/l"], stdout=subprocess.PIPE, check=True)
    assert done.stdout == b"new"


HOSTILE = {
    "up": ([member("../x", b"1")], "its name leads out of the folder"),
    "absolute": ([member("/tmp/x", b"1")], "its name is absolute"),
    "below a symlink": ([member("a", type=tarfile.SYMTYPE, linkname="/tmp"), member("a/x", b"1")], "is no folder"),
    "below a file": ([member("a", b"1"), member("a/x/y", b"1")], "is no folder"),
    "file over a folder": ([member("a", type=tarfile.DIRTYPE), member("a", b"1")], "the name of a folder"),
    "hard link out": ([member("a", type=tarfile.LNKTYPE, linkname="/etc/passwd")], "absolute"),
    "hard link to nothing": ([member("a", type=tarfile.LNKTYPE, linkname="b")], "hard link to 'b'"),
    "hard link to itself": ([member("a", b"1"), member("a", type=tarfile.LNKTYPE, linkname="a")], "hard link to 'a'"),
    "device": ([member("a", type=tarfile.CHRTYPE, devmajor=1, devminor=3)], "neither file, folder nor link"),
    "escapes": ([member("../\033[2J", b"1")], "its name leads out"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile(make, case):
    members, why = HOSTILE[case]
    done = make(packed(tar([member("before", b"0"), *members])))
    assert done.returncode == 1 and why in done.stderr and "\033" not in done.stderr
    assert os.listdir(make.store) == ["sci.tar.zst"]


@pytest.mark.parametrize(("name", "why"), [("backwards", "it holds more than it says"),
                                           ("beyond", "it holds more than it says"),
                                           ("huge", "it has a hole that is too large for an image"),
                                           ("negative", "it holds more than it says")])
def test_hostile_holes(make, name, why):
    corpus = pathlib.Path(__file__).parents[1] / "fuzz" / "corpus" / "archive"
    done = make((corpus / f"sparse-{name}").read_bytes(), name="sci.tar.gz")
    assert done.returncode == 1 and f"member '{'lib/a' if name in ('backwards', 'huge') else 'bin/'}" in done.stderr
    assert why in done.stderr and os.listdir(make.store) == ["sci.tar.gz"]


def test_cut_or_damaged(make):
    data = packed(tar([member(f"f{i}", os.urandom(3000)) for i in range(9)]), part=8192)
    for length in [0, 100, archives.HEAD_SIZE, archives.HEAD_SIZE + 9000, len(data) - 1]:
        done = make(data[:length])
        assert done.returncode == 1 and str(make.store / "sci.tar.zst") in done.stderr
        assert os.listdir(make.store) == ["sci.tar.zst"]
    damaged = bytearray(data)
    damaged[archives.HEAD_SIZE + 5000] ^= 1
    assert make(bytes(damaged)).returncode == 1


def test_made_once(make, squash, tree):
    data = packed(tar_of(tree))
    assert make(data).returncode == 0
    first = identity(make.image)
    archive = make.store / "sci.tar.zst"
    assert squash("image", archive, make.image).returncode == 0
    assert identity(make.image) == first
    # saved again: as large, but of another time
    os.utime(archive, ns=(0, archive.stat().st_mtime_ns + 1))
    assert squash("image", archive, make.image).returncode == 0
    second = identity(make.image)
    assert second[0] != first[0]
    # cut by a full disk, or somebody else's
    with open(make.image, "r+b") as out:
        out.truncate(second[2] - 1)
    (make.store / "gone.sqfs").write_text("of an archive that was removed")
    assert squash("image", archive, make.image).returncode == 0
    assert identity(make.image)[2] == second[2]
    assert sorted(os.listdir(make.store)) == ["sci.sqfs", "sci.tar.zst"]


def start(tools, make):
    return subprocess.Popen([tools / "squash", "image", make.store / "sci.tar.zst", make.image])


def test_two_at_once(tools, make):
    (make.store / "sci.tar.zst").write_bytes(packed(tar([member(f"f{i}", os.urandom(1 << 20)) for i in range(60)])))
    children = [start(tools, make)]
    while not (make.store / ".sci.sqfs.lock").exists():
        pass
    children += [start(tools, make) for _ in range(3)]
    assert children[0].wait(60) == 0
    made = identity(make.image)
    assert [child.wait(60) for child in children] == [0, 0, 0, 0]
    assert identity(make.image) == made
    assert sorted(os.listdir(make.store)) == ["sci.sqfs", "sci.tar.zst"]


def test_killed_in_the_middle(tools, make, squash):
    (make.store / "sci.tar.zst").write_bytes(packed(tar([member(f"f{i}", os.urandom(1 << 20)) for i in range(60)])))
    with start(tools, make) as child:
        while not any(p.stat().st_size > 1 << 20 for p in make.store.glob(".kslurm-*")):
            pass
        child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL and not make.image.exists()
    assert squash("image", make.store / "sci.tar.zst", make.image).returncode == 0
    assert sorted(os.listdir(make.store)) == ["sci.sqfs", "sci.tar.zst"]


def test_full_disk(tools, tmp_path):
    (tmp_path / "a").write_bytes(packed(tar([member("f", os.urandom(8 << 20))])))
    (tmp_path / "disk").mkdir()
    line = 'mount -t tmpfs -o size=4m none "$1"; "$2" image "$3" "$1/i.sqfs"; status=$?; ls -A "$1"; exit $status'
    done = subprocess.run(["unshare", "-rm", "sh", "-c", line, "sh", tmp_path / "disk", tools / "squash", tmp_path / "a"],
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stdout) == (1, "") and "No space left on device" in done.stderr


def test_little_memory(tools, make):
    many = [member(f"d{i % 500}/f{i}", b"x%d" % i) for i in range(50_000)]
    large = [member(f"f{i}", os.urandom(1 << 20) * 24) for i in range(12)]
    (make.store / "sci.tar.zst").write_bytes(packed(tar(many + large), part=16 << 20))
    # a child's peak begins with that of who started it: this one is small
    line = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); " \
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    done = subprocess.run([sys.executable, "-c", line, tools / "squash", "image", make.store / "sci.tar.zst", make.image, "8"],
                          stdout=subprocess.PIPE, check=True)
    assert int(done.stdout) <= 200 * 1024


@pytest.fixture
def venv(tmp_path):
    """A real environment with a console script, two editable installs and a kernel."""
    prefix = tmp_path / "it's a place"
    subprocess.run([sys.executable, "-m", "venv", prefix], check=True)
    site = prefix / SITE
    for name in ("one", "two"):
        (prefix / "src" / name).mkdir(parents=True)
        (prefix / "src" / name / "__init__.py").write_text(f"WHERE = __file__\nNAME = '{name}'\n")
    (site / "__editable__.one.pth").write_text(f"{prefix}/src\n")
    (site / "__editable___three_finder.py").write_text(f"import sys\nMAPPING = {{'three': {str(prefix / 'src' / 'two')!r}}}\n")
    subprocess.run([prefix / "bin/python", "-c", "import __editable___three_finder"], check=True)
    kernel = prefix / "share/jupyter/kernels/python3/kernel.json"
    kernel.parent.mkdir(parents=True)
    kernel.write_text(json.dumps({"argv": [str(prefix / "bin/python"), "-m", "ipykernel_launcher"]}))
    (prefix / "bin/other").write_text(f"#!/bin/sh\nexec {prefix}/bin/x\n")
    (prefix / "bin/other").chmod(0o755)
    os.symlink(prefix / "src", prefix / "link")
    return prefix


LINES = """
set -eu
pip --version
python -c 'import one, sys; print(one.WHERE); print(sys.prefix)'
python -B -c 'import __editable___three_finder as f; print(f.MAPPING["three"])'
cat "$M/share/jupyter/kernels/python3/kernel.json"; echo
readlink "$M/link"
. "$M/bin/activate"; printf '%s\\n' "$VIRTUAL_ENV"
pip check
"""


@pytest.fixture
def mounted(squash, tmp_path):
    folder = tmp_path / "m, n\u00e9"
    folder.mkdir()

    def mount(image, *argv, **options):
        path = f"{folder}/bin:{os.environ['PATH']}"
        return squash("mount", image, folder, *argv, env={"PATH": path, "M": str(folder)}, **options)

    mount.folder = folder
    return mount


def check_record(mounted, image):
    done = mounted(image, "cat", f"{mounted.folder}/bin/pip", f"{mounted.folder}/bin/other")
    script = subprocess.run(["unsquashfs", "-cat", image, "bin/pip"], stdout=subprocess.PIPE, check=True).stdout
    assert script.decode() in done.stdout
    name = next(n for n in listing(image) if re.search(r"/pip-[^/]*/RECORD$", n))
    record = subprocess.run(["unsquashfs", "-cat", image, name], stdout=subprocess.PIPE, check=True).stdout.decode()
    digest = base64.urlsafe_b64encode(hashlib.sha256(script).digest()).decode().rstrip("=")
    assert f"../../../bin/pip,sha256={digest},{len(script)}" in record.splitlines()


@pytest.mark.parametrize("older", [False, True])
def test_it_finds_itself(make, run, tools, venv, mounted, older, tmp_path):
    archive = make.store / ("sci.tar.gz" if older else "sci.tar.zst")
    if older:
        with gzip.open(archive, "wb", compresslevel=1) as out, tarfile.open(fileobj=out, mode="w") as written:
            written.add(venv, arcname="/")
    else:
        assert run(tools / "pack", "save", venv, archive).returncode == 0
    venv.rename(tmp_path / "gone")
    made = run(tools / "squash", "image", archive, make.image)
    assert (made.returncode, made.stdout) == (0, "bin/other\n"), made.stderr
    done = mounted(make.image, "bash", "-c", LINES)
    assert done.returncode == 0, done.stderr
    lines, m = done.stdout.splitlines(), str(mounted.folder)
    assert lines[0].startswith("pip ") and f"from {m}/lib" in lines[0]
    assert lines[1:4] == [f"{m}/src/one/__init__.py", m, f"{m}/src/two"]
    assert json.loads(lines[4])["argv"][0] == "python"
    assert lines[5:7] == ["./src", m]
    assert not any("three" in n and n.endswith(".pyc") for n in listing(make.image))
    check_record(mounted, make.image)


def test_the_node_does_not_see_it(make, mounted, tree):
    assert make(packed(tar_of(tree))).returncode == 0
    done = mounted(make.image, "sh", "-c", 'cat "$M/a"; grep -c squashfuse /proc/self/mountinfo')
    assert done.stdout == "a1\n"
    assert "squashfuse" not in pathlib.Path("/proc/self/mountinfo").read_text()
    assert os.listdir(mounted.folder) == []


def test_a_program_with_threads(squash, make, tmp_path, tree):
    (make.store / "sci.tar.zst").write_bytes(packed(tar_of(tree)))
    words = ["run", make.store / "sci.tar.zst", tmp_path, "sh", "-c", 'cat "$KSLURM_MOUNT/a"; exit 7']
    for _ in range(2):
        done = squash(*words)
        assert (done.returncode, done.stdout, done.stderr) == (7, "a", "")
    assert (tmp_path / "kslurm-mount-sci").stat().st_mode & 0o777 == 0o700


def test_csh_knows_its_place(make, run, tools, venv, mounted):
    archive = make.store / "sci.tar.zst"
    assert run(tools / "pack", "save", venv, archive).returncode == 0
    assert run(tools / "squash", "image", archive, make.image).returncode == 0
    script = subprocess.run(["unsquashfs", "-cat", make.image, "bin/activate.csh"], stdout=subprocess.PIPE, check=True).stdout
    assert b'setenv VIRTUAL_ENV "${KSLURM_MOUNT}"\n' in script
    done = mounted(make.image, "sh", "-c", 'printf %s "$KSLURM_MOUNT"')
    assert done.stdout == str(mounted.folder)
