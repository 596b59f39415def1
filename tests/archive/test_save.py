"""An environment becomes an archive: whole, readable by others, or not at all."""
import json
import os
import pathlib
import re
import signal
import socket
import stat
import struct
import subprocess
import threading
import time

import pytest

PACK = pathlib.Path(os.environ["KSLURM_BUILD_DIR"]) / "tests/archive/pack"
HEAD = 262144
EXISTS, CORRUPT, UNSUPPORTED = "kslurm-error-quark 4: ", "kslurm-error-quark 7: ", "kslurm-error-quark 8: "


def pack(*argv, prefix=(), **options):
    env = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C", **options.pop("env", {})}
    return subprocess.run([*prefix, PACK, *argv], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                          timeout=120, **options)


def start(*argv):
    return subprocess.Popen([PACK, *argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"})


def save(venv, path, *options, **more):
    done = pack(*options, "save", venv, path, **more)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def refused(done):
    assert done.returncode == 1 and done.stdout == b""
    return done.stderr.decode(errors="surrogateescape").strip()


def noise(path, megabytes):
    """Bytes that do not compress: nothing comes again within a window."""
    block = os.urandom(4 << 20)
    with open(path, "wb") as file:
        for _ in range(megabytes // 4):
            file.write(block)


def members(path, env=None):
    done = subprocess.run(["tar", "--zstd", "--quoting-style=literal", "--null", "-tf", path], check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    return done


def extracted(path, to):
    to.mkdir()
    subprocess.run(["tar", "--zstd", "-xf", path, "-C", to], check=True, stderr=subprocess.PIPE)
    return to


def tree(folder):
    """What a tree is: kind, mode, time, content of each name, as bytes."""
    found = {}
    root = os.fsencode(folder)
    for parent, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(parent, name)
            st = os.lstat(path)
            content = None
            if stat.S_ISLNK(st.st_mode):
                content = os.readlink(path)
            elif stat.S_ISREG(st.st_mode):
                content = pathlib.Path(os.fsdecode(path)).read_bytes()
            elif stat.S_ISSOCK(st.st_mode) or stat.S_ISFIFO(st.st_mode):
                continue
            found[os.path.relpath(path, root)] = (st.st_mode, int(st.st_mtime) if content is not None else 0, content)
    return found


@pytest.fixture
def venv(tmp_path):
    folder = tmp_path / "my env"
    subprocess.run(["/usr/bin/python3", "-m", "venv", "--without-pip", folder], check=True)
    return folder


@pytest.fixture
def store(tmp_path):
    folder = tmp_path / "store"
    folder.mkdir()
    return folder


@pytest.fixture
def large(venv):
    noise(venv / "data.bin", 240)
    return venv


def test_plain_tar_reads_it(venv, store, tmp_path):
    (venv / "lib/empty").mkdir()
    (venv / "lib/a.py").write_text("x = 1\n")
    os.link(venv / "lib/a.py", venv / "lib/b.py")
    (venv / "nowhere").symlink_to("../gone")
    (venv / "lib/tool").write_text("#!/bin/sh\n")
    (venv / "lib/tool").chmod(0o755)
    noise(venv / "lib/large", 40)
    facts = save(venv, store / "x.tar.zst")
    copy = extracted(store / "x.tar.zst", tmp_path / "copy")
    assert json.loads((copy / ".kslurm/venv.json").read_text()) == facts
    (copy / ".kslurm/venv.json").unlink()
    (copy / ".kslurm").rmdir()
    assert tree(copy) == tree(venv)
    assert (copy / "lib/a.py").stat().st_ino == (copy / "lib/b.py").stat().st_ino
    assert facts["files"] == len(tree(venv))
    assert facts["bytes"] == sum(p.stat().st_size for p in venv.rglob("*")
                                 if p.is_file() and not p.is_symlink() and p.name != "b.py")
    assert [p.name for p in store.iterdir()] == ["x.tar.zst"]


def test_listing_is_sorted_and_the_facts_are_first(venv, store):
    save(venv, store / "x.tar.zst")
    names = members(store / "x.tar.zst").stdout.decode().splitlines()
    assert names[0] == ".kslurm/venv.json"
    assert names[1:] == sorted(names[1:], key=lambda name: name.rstrip("/").split("/"))
    assert {n.rstrip("/") for n in names[1:]} == {os.fsdecode(n) for n in tree(venv)}


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "POSIX"])
def test_names_are_bytes(venv, store, tmp_path, locale):
    folder = os.fsencode(venv / "lib")
    for name in ["a blank".encode(), "caf\u00e9 \u65e5\u672c".encode(), b"new\nline", b"not \xff utf-8", b"-rf", b"*",
                 b"back\\slash", b"t\t", b"l" * 250]:
        with open(os.path.join(folder, name), "wb") as file:
            file.write(name)
    os.makedirs(os.path.join(folder, "\u00e9".encode() * 100, b"deep" * 60, b"\xfe" * 200))
    os.symlink("caf\u00e9 \u65e5\u672c".encode(), os.path.join(folder, b"link"))
    os.symlink(b"not \xff utf-8", os.path.join(folder, b"link2"))
    save(venv, store / "x.tar.zst", env={"LC_ALL": locale})
    copy = extracted(store / "x.tar.zst", tmp_path / "copy")
    (copy / ".kslurm/venv.json").unlink()
    (copy / ".kslurm").rmdir()
    assert tree(copy) == tree(venv)


def test_sockets_and_pipes_are_left_out(venv, store):
    with socket.socket(socket.AF_UNIX) as server:
        os.chdir(venv)
        server.bind("run.sock")
        os.chdir("/")
        os.mkfifo(venv / "pipe")
        save(venv, store / "x.tar.zst")
    names = members(store / "x.tar.zst").stdout.decode().splitlines()
    assert "run.sock" not in names and "pipe" not in names and "pyvenv.cfg" in names


def test_facts_of_the_save_before_are_not_saved(venv, store):
    (venv / ".kslurm").mkdir()
    (venv / ".kslurm/venv.json").write_text("old")
    (venv / ".kslurm-state").write_text("x\n")
    facts = save(venv, store / "x.tar.zst")
    names = members(store / "x.tar.zst").stdout.decode().splitlines()
    assert names.count(".kslurm/venv.json") == 1 and ".kslurm/" not in names and ".kslurm-state" in names
    assert json.loads(pack("facts", store / "x.tar.zst").stdout) == facts


def test_links_are_not_followed(venv, store, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("x")
    (venv / "away").symlink_to(outside)
    save(venv, store / "x.tar.zst")
    names = members(store / "x.tar.zst").stdout.decode().splitlines()
    assert "away" in names and not [n for n in names if "secret" in n]


def test_hits_name_what_holds_the_place(venv, store):
    place = str(venv)
    lib = venv / "lib"
    holds = {"lib/url.json": place.replace(" ", "%20"), "lib/shebang": f"#!{place}/bin/python\n", "lib/sentence":
             f"see {place}.\n", "lib/straddles": "x" * ((1 << 20) - 5) + place, "lib/far": "y" * (40 << 20) + place}
    others = {"lib/longer": f"{place}2/bin", "lib/other.txt": "/usr/bin/python", "lib/a.pyc": place,
              "lib/cut": place[:-1]}
    for name, text in {**holds, **others}.items():
        (venv / name).write_text(text)
    os.link(lib / "shebang", lib / "shebang2")
    (lib / "link").symlink_to(f"{place}/bin")
    (lib / "link2").symlink_to("../bin")
    (lib / "binary").write_bytes(b"\x7fELF\0\0" + place.encode() + b"\0")
    hits = set(save(venv, store / "x.tar.zst")["hits"])
    expected = {*holds, "lib/shebang2", "lib/link", "lib/binary"}
    assert {h for h in hits if h.startswith("lib/")} == expected
    assert hits - expected <= {"pyvenv.cfg", *(str(p.relative_to(venv)) for p in (venv / "bin").iterdir())}
    assert "bin/activate" in hits


def test_hits_in_names_that_are_no_text_are_not_known(venv, store):
    with open(os.path.join(os.fsencode(venv), b"\xff"), "w", encoding="utf-8") as file:
        file.write(str(venv))
    save(venv, store / "x.tar.zst")
    assert json.loads(pack("facts", store / "x.tar.zst").stdout)["hits"] is None


def test_too_many_hits_for_the_head_are_not_known(venv, store):
    folder = venv / "lib/many"
    folder.mkdir()
    for i in range(9000):
        (folder / os.urandom(40).hex()).write_text(str(venv) if i else "")
    assert save(venv, store / "x.tar.zst")["hits"] is None
    facts = json.loads(pack("facts", store / "x.tar.zst").stdout)
    assert facts["hits"] is None and facts["files"] > 9000


def test_frames_stand_alone(large, store, tmp_path):
    save(large, store / "x.tar.zst", "-w", "8")
    data = (store / "x.tar.zst").read_bytes()
    count, descriptor, magic = struct.unpack("<IBI", data[-9:])
    assert (descriptor, magic) == (0, 0x8F92EAB1)
    entries = list(struct.iter_unpack("<II", data[-9 - 8 * count:-9]))
    assert entries[0][0] == HEAD and len(entries) == 1 + 16
    assert sum(size for size, _ in entries) + 8 + 8 * count + 9 == len(data)
    at = HEAD
    for size, content in entries[1:]:
        assert data[at:at + 4] == b"\x28\xb5\x2f\xfd"
        (tmp_path / "frame").write_bytes(data[at:at + size])
        done = subprocess.run(["zstd", "-dc", tmp_path / "frame"], stdout=subprocess.PIPE, check=True)
        assert len(done.stdout) == content and content <= 16 << 20
        at += size


@pytest.mark.parametrize("workers", ["1", "2", "8"])
def test_memory_is_bounded(large, store, workers):
    child = start("-w", workers, "save", large, store / "x.tar.zst")
    most = 0
    while child.poll() is None:
        # rusage would count what this process held when it forked
        found = re.search(r"VmHWM:\s+(\d+) kB", pathlib.Path(f"/proc/{child.pid}/status").read_text())
        most = max(most, int(found[1]) * 1024 if found else 0)
        time.sleep(0.005)
    child.communicate()
    assert child.returncode == 0 and 30e6 < most <= 200e6


def test_an_existing_archive_is_kept(venv, store):
    path = store / "x.tar.zst"
    save(venv, path)
    before = path.stat()
    assert refused(pack("save", venv, path)) == f"{EXISTS}'{path}' exists already"
    assert path.stat() == before
    save(venv, path, "--replace")
    assert path.stat().st_ino != before.st_ino and [p.name for p in store.iterdir()] == ["x.tar.zst"]


def test_two_at_once_one_wins(large, store):
    path = store / "x.tar.zst"
    children = [start("save", large, path) for _ in range(2)]
    said = [child.communicate() for child in children]
    assert sorted(child.returncode for child in children) == [0, 1]
    assert [err.decode().strip() for _, err in said if err] == [f"{EXISTS}'{path}' exists already"]
    assert [p.name for p in store.iterdir()] == ["x.tar.zst"]
    assert "data.bin" in members(path).stdout.decode().splitlines()


def wait_for_partial(store, size=1 << 20):
    limit = time.monotonic() + 30
    while time.monotonic() < limit:
        for path in store.glob(".kslurm-*.partial"):
            if path.stat().st_blocks * 512 > size:
                return
        time.sleep(0.002)
    raise AssertionError("nothing is written")


def test_kill_leaves_the_old_archive_and_junk_is_swept(large, store):
    path = store / "x.tar.zst"
    path.write_text("old")
    child = start("--replace", "save", large, path)
    wait_for_partial(store)
    child.kill()
    child.communicate()
    assert path.read_text() == "old" and len(list(store.iterdir())) == 2
    os.truncate(large / "data.bin", 10)
    save(large, store / "y.tar.zst")
    assert sorted(p.name for p in store.iterdir()) == ["x.tar.zst", "y.tar.zst"]


def test_cancel_leaves_nothing(large, store):
    child = start("save", large, store / "x.tar.zst")
    wait_for_partial(store)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=20)
    assert child.returncode == 1 and b"cancelled" in err
    assert not list(store.iterdir())


def test_full_disk_leaves_nothing(large, store):
    script = 'mount -t tmpfs -o size=40m tmpfs "$1" && cd "$1" && echo old >old && { "$0" save "$2" "$1/x"; ls -A "$1"; }'
    done = subprocess.run(["unshare", "-rm", "sh", "-c", script, PACK, store, large], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"})
    assert done.stderr.decode().endswith(f"cannot write '{store}/x': No space left on device\n")
    assert done.stdout.decode().split() == ["old"]


def without_privilege():
    """root reads everything, until it has lost that capability"""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


@pytest.mark.parametrize("name", ["lib/secret", "lib/folder"])
def test_what_cannot_be_read_is_named(venv, store, name):
    path = venv / name
    if name.endswith("folder"):
        path.mkdir()
    else:
        path.write_text("x")
    path.chmod(0)
    done = pack("save", venv, store / "x.tar.zst", prefix=without_privilege())
    path.chmod(0o700)
    assert refused(done).endswith(f"cannot read '{path}': Permission denied")
    assert not list(store.iterdir())


def while_(act):
    """Does something again and again, until the event is set."""
    over = threading.Event()

    def run():
        while not over.is_set():
            act()
            time.sleep(0.001)

    thread = threading.Thread(target=run)
    thread.start()
    return over, thread


def test_a_file_that_grows_is_an_error(venv, store):
    path = venv / "growing"
    path.touch()
    os.truncate(path, 300 << 20)
    with open(path, "ab", buffering=0) as file:
        over, thread = while_(lambda: file.write(b"more"))
        done = pack("save", venv, store / "x.tar.zst")
        over.set()
        thread.join()
    assert refused(done).endswith(f"'{path}' changed while it was saved; try again")
    assert not list(store.iterdir())


def test_a_file_that_shrinks_is_an_error(venv, store):
    path = venv / "shrinking"
    path.touch()
    os.truncate(path, 300 << 20)
    sizes = iter(range(300 << 20, 0, -4096))
    over, thread = while_(lambda: os.truncate(path, next(sizes)))
    done = pack("save", venv, store / "x.tar.zst")
    over.set()
    thread.join()
    assert refused(done).endswith(f"'{path}' changed while it was saved; try again")


def test_a_folder_that_changes_is_an_error(large, store):
    (large / "lib/inside").mkdir()
    (large / "lib/inside/file").touch()
    os.truncate(large / "lib/inside/file", 200 << 20)
    over, thread = while_(lambda: (large / "lib/inside" / str(time.monotonic_ns())).touch())
    done = pack("save", large, store / "x.tar.zst")
    over.set()
    thread.join()
    assert refused(done).endswith(f"'{large}/lib/inside' changed while it was saved; try again")
    assert not list(store.iterdir())


def test_a_file_that_goes_is_an_error(large, store):
    (large / "zz").touch()
    child = start("save", large, store / "x.tar.zst")
    wait_for_partial(store)
    (large / "zz").unlink()
    _, err = child.communicate()
    assert child.returncode == 1 and f"{large}/" in err.decode() and "changed while it was saved; try again" in err.decode()


def test_times_before_1970(venv, store, tmp_path):
    os.utime(venv / "pyvenv.cfg", (-86400, -86400))
    save(venv, store / "x.tar.zst")
    assert extracted(store / "x.tar.zst", tmp_path / "copy").joinpath("pyvenv.cfg").stat().st_mtime == -86400


def test_group_and_mode_are_the_folder_s(venv, store):
    group = 65534 if os.geteuid() == 0 else os.getgid()
    os.chown(store, -1, group)
    store.chmod(0o2770)
    save(venv, store / "x.tar.zst", prefix=["sh", "-c", 'umask 007; exec "$0" "$@"'])
    found = (store / "x.tar.zst").stat()
    assert (found.st_gid, stat.S_IMODE(found.st_mode)) == (group, 0o660)


def test_a_missing_folder_is_named(venv, store):
    done = pack("save", venv, store / "none/x.tar.zst")
    assert refused(done).endswith(f"cannot write beside '{store}/none/x.tar.zst': No such file or directory")


def test_facts_of_what_is_no_archive_of_ours(venv, store):
    path = store / "x.tar.zst"
    save(venv, path)
    data = path.read_bytes()
    subprocess.run(["tar", "--zstd", "-cf", store / "foreign", "-C", venv, "."], check=True)
    path.write_bytes(data[:5000])
    assert refused(pack("facts", path)) == f"{CORRUPT}'{path}': the archive is cut short or damaged"
    path.write_bytes(data[:200] + bytes([data[200] ^ 1]) + data[201:])
    assert refused(pack("facts", path)) == f"{CORRUPT}'{path}': the archive is cut short or damaged"
    for name in ["foreign", "../my env/pyvenv.cfg"]:
        said = refused(pack("facts", store / name))
        assert said == f"{UNSUPPORTED}'{store / name}' does not say what it holds; load it to see"
