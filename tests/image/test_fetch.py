"""Blobs come whole or not at all, whatever happens to the line, the process, or the disk."""
import hashlib
import http.server
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import threading
import time

import pytest
import registry as registries

FETCH = pathlib.Path(os.environ["KSLURM_BUILD_DIR"]) / "tests/image/fetch"
ENV = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"}
MEGA = 1 << 20
CORRUPT = "kslurm-error-quark 7: "


class Server(http.server.ThreadingHTTPServer):
    """Gives blobs, as slowly and as brokenly as a test wants, and remembers what it was asked for."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.blobs = {}
        self.asked = []  # (digest, offset)
        self.sent = 0
        self.now = self.most = 0
        self.rate = None  # bytes per second of a line
        self.cut = None  # after so many bytes, without a word
        self.gate = threading.Event()
        self.gate.set()
        self.lock = threading.Lock()

    def add(self, size, seed=0, repeat=1):
        data = random.Random(f"{size} {seed}").randbytes(size)
        digest = hashlib.sha256()
        for _ in range(repeat):
            digest.update(data)
        name = "sha256:" + digest.hexdigest()
        self.blobs[name] = (data, repeat)
        return f"{name}={size * repeat}"

    def handle_error(self, request, client_address):
        """A client that was killed is what the tests are about."""


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        digest = self.path[1:]
        offset = int(re.match(r"bytes=(\d+)-$", self.headers["Range"])[1])
        with server.lock:
            server.asked.append((digest, offset))
            server.now += 1
            server.most = max(server.most, server.now)
        try:
            server.gate.wait(30)
            self.give(digest, offset)
        finally:
            with server.lock:
                server.now -= 1

    def give(self, digest, offset):
        data, repeat = self.server.blobs[digest]
        size = len(data) * repeat
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {offset}-{size - 1}/{size}")
        self.end_headers()
        end = min(size, offset + self.server.cut) if self.server.cut else size
        while offset < end:
            at = offset % len(data)
            piece = memoryview(data)[at:min(at + 65536, at + end - offset)]
            self.wfile.write(piece)
            offset += len(piece)
            with self.server.lock:
                self.server.sent += len(piece)
            if self.server.rate:
                time.sleep(len(piece) / self.server.rate)

    def log_message(self, *_):
        pass


@pytest.fixture(name="server")
def make_server():
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.gate.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(name="store")
def make_store(tmp_path):
    return tmp_path / "pipdir"


def argv(server, store, blobs, *options):
    return [FETCH, *options, str(server.server_port), store, *blobs]


def fetch(server, store, blobs, *options):
    return subprocess.run(argv(server, store, blobs, "--retry=10", *options), env=ENV, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, timeout=120, text=True)


def start(server, store, blobs, *options):
    return subprocess.Popen(argv(server, store, blobs, "--retry=10", *options), env=ENV, stderr=subprocess.PIPE, text=True)


def finish(child):
    _, err = child.communicate(timeout=120)
    assert child.returncode == 0, err
    return err


def assert_whole(store, blobs):
    for blob in blobs:
        name, size = re.fullmatch(r"sha256:(\w+)=(\d+)", blob).groups()
        path = store / "containers/blobs/sha256" / name
        assert path.stat().st_size == int(size)
        with open(path, "rb") as file:
            assert hashlib.file_digest(file, "sha256").hexdigest() == name
    assert sorted(p.name for p in (store / "containers/blobs/sha256").iterdir()) == sorted(b[7:71] for b in blobs)
    assert not list((store / "containers/work").iterdir())


def until(condition, seconds=30):
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.005)


def parts(store):
    return list((store / "containers/work").glob("*.part"))


def test_four_at_once(server, store):
    blobs = [server.add(200000, n) for n in range(12)]
    server.gate.clear()
    child = start(server, store, blobs)
    until(lambda: server.now == 4)
    server.gate.set()
    finish(child)
    assert server.most == 4 and {d for d, _ in server.asked[:4]} == {b[:71] for b in blobs[:4]}
    assert sorted(server.asked) == sorted((b[:71], 0) for b in blobs)
    assert_whole(store, blobs)


def test_a_line_that_is_cut_every_two_megabytes(server, store):
    blobs = [server.add(30 * MEGA + 17)]
    server.cut = 2 * MEGA
    done = fetch(server, store, blobs)
    assert done.returncode == 0, done.stderr
    assert [offset for _, offset in server.asked] == [n * 2 * MEGA for n in range(16)]
    assert_whole(store, blobs)


def test_killed_at_any_moment(server, store):
    blobs = [server.add(6 * MEGA, n) for n in range(5)]
    everything = 30 * MEGA
    server.rate = 16 * MEGA
    kills = 0
    chance = random.Random(5)
    while True:
        child = start(server, store, blobs)
        try:
            child.wait(chance.uniform(0.005, 0.3))
            break
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            kills += 1
        assert kills < 300
    assert finish(child) == "" and kills >= 3
    assert_whole(store, blobs)
    # what was on its way is lost, nothing else
    assert server.sent <= everything + kills * 4 * 3 * MEGA
    asked = {}
    for digest, offset in server.asked:
        assert offset >= asked.get(digest, 0)
        asked[digest] = offset
    assert any(asked.values())


def with_strace(call, what, server, store, blobs):
    return subprocess.run(["strace", "-D", "-f", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:{what}",
                           *argv(server, store, blobs)], env=ENV, check=False, stderr=subprocess.PIPE, timeout=60)


def test_killed_between_name_and_end(server, store):
    """Each system call that changes the folder is the last one of a process."""
    blobs = [server.add(MEGA)]
    killed = 0
    for call in ["renameat2,rename", "unlink,unlinkat", "fsync", "openat", "pwrite64", "write"]:
        for nth in range(1, 9):
            shutil.rmtree(store, ignore_errors=True)
            done = with_strace(call, f"signal=SIGKILL:when={nth}", server, store, blobs)
            killed += done.returncode == -signal.SIGKILL
            done = fetch(server, store, blobs)
            assert done.returncode == 0, done.stderr
            assert_whole(store, blobs)
    assert killed >= 15


def test_a_disk_without_links(server, store):
    blobs = [server.add(MEGA)]
    done = with_strace("linkat", "error=EPERM", server, store, blobs)
    assert done.returncode == 0, done.stderr
    assert_whole(store, blobs)


def test_two_processes_do_it_once(server, store):
    blobs = [server.add(2 * MEGA, n) for n in range(6)]
    server.rate = 8 * MEGA
    children = [start(server, store, blobs) for _ in range(2)]
    for child in children:
        finish(child)
    assert sorted(server.asked) == sorted((b[:71], 0) for b in blobs)
    assert_whole(store, blobs)


def test_who_waits_sees_how_far_it_is(server, store):
    blobs = [server.add(24 * MEGA)]
    server.rate = 4 * MEGA
    owner = start(server, store, blobs)
    until(lambda: server.asked)
    waiter = start(server, store, blobs, "--progress")
    finish(owner)
    err = finish(waiter)
    assert len(server.asked) == 1
    shown = re.findall(rf"^waiting for {blobs[0][7:19]}.*?([\d.]+) MB of 25.2 MB", err, re.M)
    assert len({float(s) for s in shown}) >= 2 and float(shown[-1]) > 8
    assert re.search(r"^all .*MB of 25.2 MB", err, re.M)
    assert_whole(store, blobs)


def test_owner_killed_and_two_wait(server, store):
    blobs = [server.add(8 * MEGA)]
    server.rate = 8 * MEGA
    owner = start(server, store, blobs)
    until(lambda: parts(store) and parts(store)[0].stat().st_size > 2 * MEGA)
    waiters = [start(server, store, blobs) for _ in range(2)]
    time.sleep(0.1)
    owner.kill()
    owner.communicate()
    for child in waiters:
        finish(child)
    assert len(server.asked) == 2 and server.asked[1][1] > MEGA
    assert_whole(store, blobs)


def test_cancelled_and_resumed(server, store):
    blobs = [server.add(8 * MEGA)]
    server.rate = 8 * MEGA
    child = start(server, store, blobs)
    until(lambda: parts(store) and parts(store)[0].stat().st_size > 2 * MEGA)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=20)
    assert child.returncode == 1 and "cancelled" in err
    left, = (store / "containers/work").iterdir()
    assert left.name == blobs[0][7:71] + ".part"
    size = left.stat().st_size
    done = fetch(server, store, blobs)
    assert done.returncode == 0 and server.asked[1] == (blobs[0][:71], size)
    assert_whole(store, blobs)


def test_other_bytes_are_refused(server, store):
    blob = server.add(MEGA)
    data, repeat = server.blobs[blob[:71]]
    server.blobs[blob[:71]] = (data[:-1] + bytes([data[-1] ^ 1]), repeat)
    done = fetch(server, store, [blob])
    assert done.returncode == 1 and done.stderr.startswith(CORRUPT) and len(server.asked) == 2
    assert not list((store / "containers/blobs/sha256").iterdir()) and not list((store / "containers/work").iterdir())


FULL = """
mount -t tmpfs -o size=24m tmpfs "$1" || exit 9
shift; mkdir "$STORE/x"; "$@" 2>"$STORE/../first"; echo $? >>"$STORE/../status"
head -c 12m /dev/zero >"$STORE/x/filler"
"$@" 2>"$STORE/../second"; echo $? >>"$STORE/../status"
rm "$STORE/x/filler"
"$@" 2>"$STORE/../third"; echo $? >>"$STORE/../status"
ls "$STORE/containers/work" >"$STORE/../left"
"""


def on_a_small_disk(server, store, blobs, script):
    store.mkdir()
    done = subprocess.run(["unshare", "-rm", "sh", "-c", script, "-", store, *argv(server, store, blobs, "--retry=1")],
                          env={**ENV, "STORE": str(store)}, check=False, timeout=120, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stderr


def test_no_room_is_said_before(server, store):
    blobs = [server.add(8 * MEGA, n) for n in range(4)]
    on_a_small_disk(server, store, blobs, FULL)
    said = (store.parent / "first").read_text()
    assert (store.parent / "status").read_text().split() == ["1", "1", "1"] and not server.asked
    assert re.search(r"the disk of '.*/work' has 25.\d MB left, and 33.6 MB are still to come; make room with 'kapp purge'", said)


FILLED = """
mount -t tmpfs -o size=24m tmpfs "$1" || exit 9
shift
(until ls "$STORE"/containers/work/*.part >"$STORE/../seen" 2>&1; do :; done; head -c 14m /dev/zero >"$STORE/filler") &
"$@" 2>"$STORE/../first"; echo $? >>"$STORE/../status"
wait; rm "$STORE/filler"
"$@" 2>"$STORE/../second"; echo $? >>"$STORE/../status"
ls "$STORE/containers/work" >"$STORE/../left"
"""


def test_a_disk_that_fills_meanwhile(server, store):
    blobs = [server.add(16 * MEGA)]
    server.rate = 24 * MEGA
    on_a_small_disk(server, store, blobs, FILLED)
    assert (store.parent / "status").read_text().split() == ["1", "0"]
    said = (store.parent / "first").read_text()
    assert f"No space left on device in '{store}/containers/work'; make room with 'kapp purge', and the download" in said
    assert len(server.asked) == 2 and server.asked[1][1] > 4 * MEGA
    assert (store.parent / "left").read_text() == ""


def test_memory_is_bounded(server, store):
    blobs = [server.add(MEGA, n, 150) for n in range(4)]
    child = start(server, store, blobs)
    most = 0
    while child.poll() is None:
        status = pathlib.Path(f"/proc/{child.pid}/status").read_text()
        most = max([most, *map(int, re.findall(r"VmHWM:\s*(\d+) kB", status))])
        time.sleep(0.01)
    assert finish(child) == ""
    assert 1024 < most < 64 * 1024
    assert_whole(store, blobs)


def test_image_of_a_registry(tmp_path, store):
    layout = registries.Layout(tmp_path / "layout")
    chance = random.Random(9)
    for tag, own in ("a", 1), ("b", 2):
        layers = [{"shared": random.Random(0).randbytes(2 * MEGA)}, {"own": chance.randbytes(own * MEGA)}]
        layout.add_image(tag, layers)
    (tmp_path / "registry").mkdir()
    registry = registries.Registry(tmp_path / "registry")
    try:
        for tag in "ab":
            registry.push(layout.folder, tag, f"some/image:{tag}")
            done = subprocess.run([FETCH, "--image", f"{registry.host}/some/image:{tag}", store], env=ENV, check=False,
                                  stderr=subprocess.PIPE, timeout=60, text=True)
            assert done.returncode == 0, done.stderr
    finally:
        registry.close()
    blobs = {p.name: p.stat().st_size for p in (layout.folder / "blobs/sha256").iterdir()}
    manifests = {row["digest"][7:] for row in layout.rows}
    assert_whole(store, [f"sha256:{name}={size}" for name, size in blobs.items() if name not in manifests])
    assert len(blobs) - len(manifests) == 5
