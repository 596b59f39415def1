"""Archives are unpacked exactly, into one folder and nowhere else, or not at all."""
import bz2
import gzip
import io
import lzma
import os
import pathlib
import signal
import stat
import subprocess
import sys
import tarfile
import time

import pytest

from archives import HEAD_SIZE, frame, head, member, ours, parts, table, tar, tar_of

LINK, SYMLINK, FOLDER = {"type": tarfile.LNKTYPE}, {"type": tarfile.SYMTYPE}, {"type": tarfile.DIRTYPE}
CUT = "it is cut short; save it again or copy it anew"


@pytest.fixture
def pack(bin_dir):
    return bin_dir.parents[1] / "tests" / "archive" / "pack"


@pytest.fixture
def load(run, pack, tmp_path):
    """Unpacks bytes into an empty folder, and gives what was said; a failure leaves nothing."""
    to = tmp_path / "to here"
    to.mkdir()

    def load_it(data, workers=2, **options):
        path = tmp_path / "it's an archive"
        path.write_bytes(data)
        done = run(pack, "-w", workers, "load", path, to, **options)
        if done.returncode != 0:
            assert os.listdir(to) == []
            assert str(path) in done.stderr
        return done

    load_it.to = to
    yield load_it
    # nothing came beside the folder
    assert set(os.listdir(tmp_path)) <= {"home", "work", "to here", "it's an archive", "from"}
    assert os.listdir(tmp_path / "work") == []


def facts_of(folder):
    """What a tree is, name by name."""
    folder = os.fsencode(folder)
    found = {}
    for place, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(place, name)
            info = os.lstat(path)
            content = None
            if stat.S_ISLNK(info.st_mode):
                content = os.readlink(path)
            elif stat.S_ISREG(info.st_mode):
                content = pathlib.Path(os.fsdecode(path)).read_bytes()
            found[os.path.relpath(path, folder)] = (info.st_mode, info.st_mtime_ns, info.st_nlink, content)
    return found


def make_tree(root):
    """A tree of everything that an environment may hold."""
    (root / "bin").mkdir(parents=True)
    (root / "lib/python3.11/site-packages/caf\u00e9 au lait").mkdir(parents=True)
    (root / "empty").mkdir()
    files = {"bin/activate": b"x", "bin/tool": os.urandom(3_000_000), "lib/empty": b"", "lib/exact": b"e" * 512,
             "lib/python3.11/site-packages/caf\u00e9 au lait/a b": b"1", "lib/new\nline": b"2",
             "lib/" + "n" * 255: b"3", "lib/zeros": bytes(1_500_000)}
    files.update({f"lib/python3.11/m{i}.py": b"%d" % i * i for i in range(700)})
    for name, data in files.items():
        (root / name).write_bytes(data)
    with open(os.fsencode(root) + b"/lib/bytes\xff\xfe", "wb") as out:
        out.write(b"4")
    os.symlink("activate", root / "bin/link")
    os.symlink("/no where/../else", root / "bin/dangling")
    os.symlink("l/" * 150, root / "lib/long")
    os.link(root / "bin/tool", root / "lib/tool")
    os.link(root / "lib/tool", root / "aaa")
    (root / "bin/tool").chmod(0o755)
    (root / "lib/exact").chmod(0o400)
    (root / "empty").chmod(0o500)
    (root / "lib/python3.11").chmod(0o775)
    for i, path in enumerate(sorted(root.rglob("*"), reverse=True)):
        os.utime(path, ns=(0, 1_600_000_000_000_000_000 + i * 1_000_000_007), follow_symlinks=False)
    return root


@pytest.fixture
def tree(tmp_path):
    return make_tree(tmp_path / "from")


def zstd(data):
    return subprocess.run(["zstd", "-qc"], input=data, stdout=subprocess.PIPE, check=True).stdout


PACKERS = {"ours": ours, "small parts": lambda data: ours(data, 4096), "odd parts": lambda data: ours(data, 99_991),
           "plain": bytes, "gzip": gzip.compress, "zstd": zstd, "xz": lzma.compress, "bzip2": bz2.compress}


@pytest.mark.parametrize("packer", PACKERS)
@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_a_tree_is_the_same(load, tree, packer, locale):
    done = load(PACKERS[packer](tar_of(tree)), env={"LC_ALL": locale})
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert facts_of(load.to) == facts_of(tree)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o027, 0o077])
def test_modes_are_kept_under_any_umask(load, tree, umask):
    assert load(ours(tar_of(tree)), preexec_fn=lambda: os.umask(umask)).returncode == 0
    assert facts_of(load.to) == facts_of(tree)


@pytest.mark.parametrize("workers", [0, 1, 3, 8, 64])
def test_workers(load, tree, workers):
    assert load(ours(tar_of(tree), 65536), workers).returncode == 0
    assert facts_of(load.to) == facts_of(tree)


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_the_older_archives(load, tree, form):
    """tarfile and gzip; the first member is '/', the file was readable by its owner only."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=form) as archive:
        archive.add(tree, arcname="/")
    with tarfile.open(fileobj=io.BytesIO(out.getvalue())) as archive:
        assert archive.getmembers()[0].name in ("", "/")
    done = load(out.getvalue())
    assert (done.returncode, done.stderr) == (0, "")
    found, expected = facts_of(load.to), facts_of(tree)
    # tarfile writes times as decimal fractions of a double, GNU's format whole seconds
    near = 10**9 if form == tarfile.GNU_FORMAT else 1000
    assert {n: (v[0], v[2], v[3]) for n, v in found.items()} == {n: (v[0], v[2], v[3]) for n, v in expected.items()}
    assert max(abs(found[n][1] - expected[n][1]) for n in expected) <= near


def test_sparse_file(load, tree):
    with open(tree / "sparse", "wb") as out:
        out.truncate(50_000_000)
        out.seek(20_000_001)
        out.write(b"here")
    with open(tree / "small", "wb") as out:
        out.truncate(500_000)
        out.seek(300_000)
        out.write(b"there")
    data = tar_of(tree, "--sparse")
    assert len(data) < 10_000_000
    assert load(ours(data, 4096)).returncode == 0
    assert facts_of(load.to) == facts_of(tree)
    assert (load.to / "sparse").stat().st_blocks * 512 < 1_000_000


def test_facts_are_not_unpacked(load):
    assert load(ours(tar([member("a", b"1")]))).returncode == 0
    assert os.listdir(load.to) == ["a"]


def test_special_bits_are_dropped(load):
    members = [member("d", **FOLDER, mode=0o7775), member("d/s", b"#!", mode=0o6755), member("d/t", b"1" * 40, mode=0o7777)]
    assert load(ours(tar(members), 700)).returncode == 0
    assert {p.name: stat.S_IMODE(p.stat().st_mode) for p in load.to.rglob("*")} == {"d": 0o775, "s": 0o755, "t": 0o777}


def test_owners_are_not_taken(load):
    assert load(ours(tar([member("a", b"1", uid=12345, gid=54321, uname="x")]))).returncode == 0
    assert (load.to / "a").stat().st_uid == os.getuid()


def test_folders_may_come_late_or_twice(load):
    members = [member("a/b/c", b"1"), member("a", **FOLDER, mode=0o711, mtime=5), member("a/", **FOLDER, mode=0o700, mtime=6.5),
               member("./", **FOLDER, mode=0o777)]
    mode = load.to.stat().st_mode
    assert load(ours(tar(members))).returncode == 0
    info = (load.to / "a").stat()
    assert (stat.S_IMODE(info.st_mode), info.st_mtime_ns) == (0o700, 6_500_000_000)
    assert load.to.stat().st_mode == mode


HOSTILE = {
    "up": ([member("../x", b"1")], "its name leads out of the folder"),
    "up inside": ([member("a/../../x", b"1")], "its name leads out of the folder"),
    "absolute": ([member("/tmp/kslurm-abs", b"1")], "its name is absolute"),
    "root later": ([member("a", b"1"), member("/", **FOLDER)], "its name is absolute"),
    "root file": ([member("/", b"1")], "its name is absolute"),
    "no name": ([member(".", b"1")], "it has no name"),
    "below a symlink": ([member("a", **SYMLINK, linkname="/tmp"), member("a/x", b"1")], "is no folder"),
    "folder over a symlink": ([member("a", **SYMLINK, linkname="/tmp"), member("a", **FOLDER)], "is no folder"),
    "symlink to the folder above": ([member("d/a", **SYMLINK, linkname=".."), member("d/a/x/y", b"1")], "is no folder"),
    "below a file": ([member("a", b"1"), member("a/x", b"1")], "a"),
    "over a symlink": ([member("a", **SYMLINK, linkname="b"), member("a", b"1")], "two members of the name 'a'"),
    "symlink over a file": ([member("a", b"1"), member("a", **SYMLINK, linkname="b")], "two members of the name 'a'"),
    "twice": ([member("a", b"1"), member("b", b"1"), member("./a", b"2")], "two members of the name 'a'"),
    "file over a folder": ([member("a", **FOLDER), member("a", b"1")], "two members of the name 'a'"),
    "hard link out": ([member("a", **LINK, linkname="/etc/passwd")], "hard link to no file"),
    "hard link up": ([member("a", **LINK, linkname="../../etc/passwd")], "hard link to no file"),
    "hard link to nothing": ([member("a", **LINK, linkname="b")], "hard link to no file"),
    "hard link to a folder": ([member("b", **FOLDER), member("a", **LINK, linkname="b")], "hard link to no file"),
    "hard link to all": ([member("a", **LINK, linkname=".")], "hard link to no file"),
    "hard link through a symlink": ([member("s", **SYMLINK, linkname="/etc"), member("a", **LINK, linkname="s/passwd")],
                                    "hard link to no file"),
    "hard link twice": ([member("b", b"1"), member("a", b"1"), member("a", **LINK, linkname="b")], "two members"),
    "device": ([member("a", type=tarfile.CHRTYPE, devmajor=1, devminor=3)], "neither file, folder nor link"),
    "disk": ([member("a", type=tarfile.BLKTYPE, devmajor=8)], "neither file, folder nor link"),
    "pipe": ([member("a", type=tarfile.FIFOTYPE)], "neither file, folder nor link"),
    "long": ([member("n" * 5000, b"1")], "its name is too long"),
    "deep": ([member("d/" * 2500 + "x", b"1")], "its name is too long"),
    "escapes": ([member("../\033[2J", b"1")], "its name leads out"),
}


@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.parametrize("packer", ["ours", "gzip"])
def test_hostile(load, case, packer):
    members, why = HOSTILE[case]
    done = load(PACKERS[packer](tar([member("before", b"0"), *members, member("zz", b"9")])))
    assert done.returncode == 1
    assert why in done.stderr
    assert "\033" not in done.stderr


def test_a_symlink_is_only_data(load, tmp_path):
    members = [member("a", **SYMLINK, linkname=str(tmp_path / "home")), member("b", **SYMLINK, linkname="../../x"),
               member("c", **LINK, linkname="a")]
    assert load(ours(tar(members))).returncode == 0
    assert os.readlink(load.to / "c") == str(tmp_path / "home")
    assert os.listdir(tmp_path / "home") == []


@pytest.fixture
def small(load):
    """An archive of several frames, all of random bytes."""
    return ours(tar([member(f"f{i}", os.urandom(3000)) for i in range(9)]), 8192)


def test_cut_anywhere(load, small):
    for length in [0, 1, 5, 100, 1000, HEAD_SIZE - 1, HEAD_SIZE, *range(HEAD_SIZE + 1, len(small), 997), len(small) - 1]:
        done = load(small[:length])
        assert done.returncode == 1
        assert CUT in done.stderr or length < 200, length


@pytest.mark.parametrize("packer", ["plain", "gzip", "zstd", "xz", "bzip2"])
def test_cut_anywhere_of_others(load, packer):
    data = PACKERS[packer](tar([member(f"f{i}", os.urandom(3000)) for i in range(9)]))
    for length in [*range(0, len(data) - 10300 if packer == "plain" else len(data), 1024), len(data) // 2, len(data) // 3]:
        done = load(data[:length])
        assert done.returncode == 1, length
        assert CUT in done.stderr or length < 200, (length, done.stderr)


def test_every_byte_counts(load):
    plain = tar([member(f"f{i}", os.urandom(3000)) for i in range(9)])
    data = ours(plain, 8192)
    at = len(head()[0])
    offsets = [10, 40]
    for packed, _ in parts(plain, 8192):
        offsets += [at, at + 5, at + len(packed) // 2, at + len(packed) - 1]
        at += len(packed)
    offsets += range(at, len(data), 7)
    for offset in offsets:
        damaged = bytearray(data)
        damaged[offset] ^= 0x10
        done = load(bytes(damaged))
        assert done.returncode == 1, offset
        assert "it is damaged" in done.stderr or CUT in done.stderr


@pytest.mark.parametrize("packer", ["gzip", "xz", "bzip2"])
def test_every_byte_of_others_counts(load, packer):
    data = PACKERS[packer](tar([member(f"f{i}", os.urandom(3000)) for i in range(9)]))
    for offset in range(40, len(data), 301):
        damaged = bytearray(data)
        damaged[offset] ^= 0x10
        done = load(bytes(damaged))
        assert done.returncode == 1, offset
        assert "it is damaged" in done.stderr or CUT in done.stderr


@pytest.mark.parametrize("after", [b"", bytes(5000), b"noise"])
def test_gzip_in_several_members(load, tree, after):
    data = tar_of(tree)
    data = b"".join(gzip.compress(data[i:i + 600_000]) for i in range(0, len(data), 600_000))
    done = load(data + after)
    assert (done.returncode, done.stderr) == (0, "")
    assert facts_of(load.to) == facts_of(tree)


def test_a_table_that_lies(load):
    plain = tar([member(f"f{i}", os.urandom(3000)) for i in range(9)])
    first, size = head()
    frames = parts(plain, 8192)
    body = first + b"".join(packed for packed, _ in frames)
    true = [(len(first), size)] + [(len(packed), length) for packed, length in frames]
    assert load(body + table(true)).returncode == 0
    for path in list(load.to.iterdir()):
        path.unlink()
    moved = [true[0], (true[1][0] + 1, true[1][1]), (true[2][0] - 1, true[2][1]), *true[3:]]
    for entries in ([], true[:1], true[1:], true[:-1], [*true, (0, 0)], [*true, (9, 9)], [true[0], true[2], true[1], *true[3:]],
                    [(2**32 - 1, 2**32 - 1)] * 9, [true[0], (true[1][0], 2**31), *true[2:]], [(0, 0)] * 3, moved,
                    [true[0], (true[1][0], true[1][1] - 1), *true[2:]], [true[0], (true[1][0], true[1][1] + 1), *true[2:]]):
        done = load(body + table(entries))
        assert done.returncode == 1, entries
        assert "it is damaged" in done.stderr or CUT in done.stderr


@pytest.mark.parametrize("data", [b"#!/bin/sh\n" * 100, b"PK\3\4" + bytes(500), os.urandom(5000), gzip.compress(b"x" * 5000),
                                  frame(b"y" * 10_000)], ids=["text", "zip", "noise", "gzip", "zstd"])
def test_no_archive_at_all(load, data):
    done = load(data)
    assert done.returncode == 1
    assert "it is no tar archive" in done.stderr or CUT in done.stderr or "it is damaged" in done.stderr


def test_what_is_not_there(run, pack, tmp_path):
    done = run(pack, "load", tmp_path / "none", tmp_path / "work")
    assert done.returncode == 1 and "No such file or directory" in done.stderr
    done = run(pack, "load", tmp_path, tmp_path / "work")
    assert done.returncode == 1 and "Is a directory" in done.stderr
    (tmp_path / "work" / "mine").write_text("x")
    (tmp_path / "a").write_bytes(ours(tar([member("a", b"1")])))
    done = run(pack, "load", tmp_path / "a", tmp_path / "work")
    assert done.returncode == 1 and "is not empty" in done.stderr
    assert os.listdir(tmp_path / "work") == ["mine"]


def in_small_disk(pack, tmp_path, data, size):
    """Loads onto a disk of its own; gives the status, what was said and what is left."""
    (tmp_path / "a").write_bytes(data)
    (tmp_path / "disk").mkdir()
    line = ('mount -t tmpfs -o "$4" none "$1" && mkdir "$1/to" && { "$2" load "$3" "$1/to"; status=$?; '
            'ls -A "$1/to"; exit $status; }')
    return subprocess.run(["unshare", "-rm", "sh", "-c", line, "sh", tmp_path / "disk", pack, tmp_path / "a", size],
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)


@pytest.mark.parametrize("packer", ["ours", "gzip"])
@pytest.mark.parametrize("shape", ["many", "large", "folders", "inodes"])
def test_full_disk(pack, tmp_path, shape, packer):
    members = {"many": [member(f"f{i}", b"x" * 5000) for i in range(1000)], "large": [member("f", bytes(20 << 20))],
               "folders": [member(f"d{i}", **FOLDER) for i in range(3000)],
               "inodes": [member(f"d{i}/f", b"") for i in range(900)]}[shape]
    size = "size=2m,nr_inodes=1000" if shape in ("folders", "inodes") else "size=2m"
    done = in_small_disk(pack, tmp_path, PACKERS[packer](tar(members)), size)
    assert (done.returncode, done.stdout) == (1, "")
    assert "the disk is full" in done.stderr or "No space left on device" in done.stderr


def test_bomb(pack, tmp_path):
    """A few hundred kilobytes that become gigabytes meet the end of the disk, not of the memory."""
    info, _ = member("bomb")
    info.size = 3 << 30
    packed = subprocess.run(["sh", "-c", "{ cat; head -c 3G /dev/zero; } | zstd -q"], input=info.tobuf(),
                            stdout=subprocess.PIPE, check=True).stdout
    assert len(packed) < 1_000_000
    done = in_small_disk(pack, tmp_path, packed, "size=30m")
    assert (done.returncode, done.stdout) == (1, "")
    assert "the disk is full" in done.stderr


@pytest.mark.parametrize("packer", ["ours", "gzip"])
def test_little_memory(run, pack, tmp_path, packer):
    data = tar([member(f"f{i}", os.urandom(24 << 20)) for i in range(8)])
    (tmp_path / "a").write_bytes(ours(data) if packer == "ours" else gzip.compress(data, 0))
    (tmp_path / "to").mkdir()
    # started by a small process: a fork counts with the memory of its parent
    code = "import os, sys; print(os.wait4(os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ), 0)[2].ru_maxrss)"
    done = run(sys.executable, "-c", code, pack, "-w", "8", "load", tmp_path / "a", tmp_path / "to")
    assert (done.returncode, done.stderr, len(os.listdir(tmp_path / "to"))) == (0, "", 8)
    assert int(done.stdout) <= 200 * 1024


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_killed_in_the_middle(pack, tmp_path, number):
    """Whatever is left lies in the named folder."""
    data = ours(tar([member(f"d{i % 50}/f{i}", os.urandom(2000)) for i in range(20000)]), 1 << 20)
    (tmp_path / "a").write_bytes(data)
    (tmp_path / "to").mkdir()
    before = set(os.listdir(tmp_path))
    with subprocess.Popen([pack, "load", tmp_path / "a", tmp_path / "to"], stderr=subprocess.DEVNULL) as child:
        until = time.monotonic() + 30
        while not os.listdir(tmp_path / "to") and time.monotonic() < until:
            pass
        child.send_signal(number)
        child.wait(30)
    assert set(os.listdir(tmp_path)) == before
    if number == signal.SIGINT:
        assert (child.returncode, os.listdir(tmp_path / "to")) == (1, [])
