"""What servers do wrong, and what the client says and does then."""
import threading
import time

import pytest

import faults
import registry
from registry import digest_of

LAYER = bytes(range(256)) * 400


@pytest.fixture
def server():
    made = faults.Faults()
    made.digest = made.add_image("lab/app", "1", [LAYER])
    made.layer = digest_of(LAYER)
    made.uri = f"{made.host}/lab/app:1"
    yield made
    made.close()


@pytest.fixture
def other():
    made = faults.Faults()
    yield made
    made.close()


@pytest.fixture
def client(env, run, bin_dir):
    env.pop("SSL_CERT_FILE", None)
    program = bin_dir.parents[1] / "tests/image/registry"
    return lambda *words, **options: run(program, *words, **options)


@pytest.fixture
def read_blob(client, tmp_path):
    """Gives what the driver said, and the bytes."""
    def read_it(server, *words, options=()):
        done = client(*options, "-o", tmp_path / "blob", "blob", server.uri, server.layer, *words)
        return done, (tmp_path / "blob").read_bytes() if (tmp_path / "blob").exists() else None

    return read_it


def out(done):
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(done, *texts):
    assert done.returncode == 1 and done.stdout == ""
    for text in texts:
        assert text in done.stderr
    assert "\x1b" not in done.stderr


def test_one_request_with_the_same_list(client, server):
    assert out(client("resolve", server.uri)).strip() == server.digest
    assert server.paths() == ["HEAD /v2/lab/app/manifests/1"]
    assert server.seen[0].headers["Accept"] == ", ".join(faults.ACCEPT)
    assert server.seen[0].headers["Authorization"] is None


def test_nothing_of_a_desktop_is_loaded(client, server, run, bin_dir):
    done = run("strace", "-f", "-e", "trace=openat", bin_dir.parents[1] / "tests/image/registry", "resolve", server.uri)
    assert done.returncode == 0 and "libsoup-3.0" in done.stderr
    assert not [line for line in done.stderr.splitlines() if "gio/modules/" in line and ".so" in line]


def test_no_digest_header(client, server):
    digest = server.add_image("lab/app", "2", [b"two"], digest_header=False)
    assert out(client("manifest", f"{server.host}/lab/app:2")).split()[0] == digest
    # what was got for its digest is not got again
    assert server.paths() == ["HEAD /v2/lab/app/manifests/2", "GET /v2/lab/app/manifests/2"]


@pytest.mark.parametrize("status", [405, 501])
def test_no_head(client, server, status):
    server.fault("manifests", status, method="HEAD", times=9)
    assert out(client("resolve", server.uri)).strip() == server.digest


def test_401_twice(client, server):
    server.want_tokens()
    server.fault("manifests/1", 401, {"WWW-Authenticate": f'Bearer realm="{server.url}/token",service="s"'}, times=2)
    assert out(client("resolve", server.uri)).strip() == server.digest
    assert server.paths() == ["HEAD /v2/lab/app/manifests/1", "GET /token?service=s&scope=repository%3Alab%2Fapp%3Apull",
                              "HEAD /v2/lab/app/manifests/1", "GET /token?service=s&scope=repository%3Alab%2Fapp%3Apull",
                              "HEAD /v2/lab/app/manifests/1"]


def test_401_always(client, server):
    server.fault("manifests/1", 401, {"WWW-Authenticate": f'Bearer realm="{server.url}/token"'},
                 b'{"errors":[{"message":"no \\u001b[2Jway"}]}', times=99)
    refused(client("resolve", server.uri), f"'{server.host}' refuses 'lab/app:1': no [2Jway; if it is not public, use "
                                           f"'kapp login {server.host}'")
    assert len(server.seen) <= 12


def test_token_ends_between_two_parts(client, server, read_blob):
    server.want_tokens()
    threading.Timer(0.5, server.want_tokens).start()
    done, data = read_blob(server, "1000", options=("--reopen", "1", "--pause", "1000"))
    assert done.returncode == 0 and data == LAYER[1000:] and server.tokens == 2
    shown = [r.headers["Authorization"] for r in server.seen if "blobs" in r.path]
    assert shown == [None, "Bearer token-1", "Bearer token-1", "Bearer token-2"]


def test_one_token_for_all_workers(client, server):
    server.want_tokens()
    assert out(client("--threads", "8", "blob", server.uri, server.layer)) == f"{8 * len(LAYER)}\n"
    assert server.tokens == 1


def test_token_server_refuses(client, server):
    server.want_tokens()
    server.fault("token", 403, {}, b'{"details":"you are \\u0007banned"}', times=9)
    refused(client("resolve", server.uri), "which gives out tokens, answered 403: you are banned")


@pytest.mark.parametrize("body", [b"", b"[]", b'{"token":"a\\r\\nX: y"}', b"{" * 100_000])
def test_token_that_is_none(client, server, body):
    server.want_tokens()
    server.fault("token", 200, {}, body, times=9)
    refused(client("resolve", server.uri), "which gives out tokens, answered 200")


def test_429_that_says_when(client, server):
    server.fault("manifests", 429, {"Retry-After": "1"}, times=2)
    begin = time.monotonic()
    assert out(client("resolve", server.uri)).strip() == server.digest
    assert time.monotonic() - begin >= 2
    assert len(server.seen) == 3


@pytest.mark.parametrize("headers,texts", [
    ({}, ["was asked too often; come back later"]),
    ({"Retry-After": "3600"}, ["come back at 20"]),
    ({"ratelimit-limit": "100;w=21600", "ratelimit-remaining": "0;w=21600"},
     ["pulls left: 0 of 100 in 6 h; come back within 6 h, or use 'kapp login localhost:"])])
def test_429_that_is_too_long(client, server, headers, texts):
    server.fault("manifests", 429, headers, b'{"errors":[{"message":"toomanyrequests"}]}', times=99)
    begin = time.monotonic()
    refused(client("resolve", server.uri), *texts)
    assert len(server.seen) == 1 and time.monotonic() - begin < 30
    server.fault("blobs", 429, headers, b'{"errors":[{"message":"toomanyrequests"}]}')
    refused(client("blob", server.uri, server.layer), "too often: toomanyrequests", *[t for t in texts if "later" not in t])


@pytest.mark.parametrize("status", [0, 500, 502, 503])
def test_broken_for_a_while(client, server, status):
    server.fault("manifests", status, times=2)
    assert out(client("resolve", server.uri)).strip() == server.digest
    first, second, third = (r.at for r in server.seen[-3:])
    assert third - second > second - first > 0.4


def test_broken_for_good(client, server):
    server.fault("manifests", 503, {}, b"<html>down</html>", times=99)
    refused(client("resolve", server.uri), f"'{server.host}' answered 503 for 'lab/app:1'\n")
    assert len(server.seen) == 4


def test_broken_is_not_waited_for_long(client, server):
    server.fault("manifests", 503, {"Retry-After": "3600"}, times=99)
    refused(client("resolve", server.uri), "answered 503")
    assert len(server.seen) == 1


def test_redirect_to_another_host(client, server, other, read_blob):
    server.want_tokens()
    server.fault("blobs", 401, {"WWW-Authenticate": f'Bearer realm="{server.url}/token"'})
    server.fault("blobs", 307, {"Location": f"{other.url}/store?signed=1"}, times=9)
    other.stored["/store?signed=1"] = LAYER, {}
    done, data = read_blob(server, "1000")
    assert done.returncode == 0 and data == LAYER[1000:] and done.stderr == "start 1000\n"
    assert server.seen[-1].headers["Authorization"] == "Bearer token-1"
    assert [r.headers["Authorization"] for r in other.seen] == [None]
    assert other.seen[0].headers["Range"] == "bytes=1000-"


def test_redirect_on_the_same_host(client, server):
    server.want_tokens()
    server.fault("token", 200, {}, b'{"token":"good"}')
    server.valid = "good"
    server.fault("manifests/1", 401, {"WWW-Authenticate": f'Bearer realm="{server.url}/token"'})
    server.fault("manifests/1", 302, {"Location": "../manifests/" + server.digest})
    assert out(client("resolve", server.uri)).strip() == server.digest
    assert server.seen[-1].headers["Authorization"] == "Bearer good"


def test_redirects_in_a_loop(client, server):
    server.fault("manifests", 302, {"Location": f"{server.url}/v2/lab/app/manifests/1"}, times=99)
    refused(client("resolve", server.uri), "sends us on more than 10 times")
    assert len(server.seen) == 11


@pytest.mark.parametrize("location,text", [
    ("http://registry.example.org/x", "'registry.example.org' would be asked without TLS; if that is safe, use"),
    ("file:///etc/passwd", "neither http nor https"), ("ftp://x/y", "neither http nor https"), ("http:///", "'")])
def test_redirects_to_nowhere_good(client, server, location, text):
    server.fault("manifests", 302, {"Location": location}, times=99)
    refused(client("resolve", server.uri), text)


def test_plain_http_is_for_loopback(client, server):
    refused(client("resolve", f"http-only.invalid:{server.port}/lab/app:1"), "cannot reach 'http-only.invalid:")
    server.fault("manifests/1", 401, {"WWW-Authenticate": 'Bearer realm="http://tokens.example.org/t"'}, times=9)
    refused(client("resolve", server.uri), "'tokens.example.org' would be asked without TLS")


def test_manifest_of_100_mb(client, server):
    def pour(handler, status, headers):
        handler.send_response(200)
        if chunked:
            handler.send_header("Transfer-Encoding", "chunked")
        else:
            handler.send_header("Content-Length", str(100 << 20))
        handler.end_headers()
        handler.close_connection = True
        block = b" " * (1 << 20)
        try:
            for _ in range(100):
                handler.wfile.write((b"%x\r\n" % len(block) + block + b"\r\n") if chunked else block)
                server.poured += len(block)
        except OSError:
            pass

    for chunked in (False, True):
        server.poured = 0
        server.fault("manifests", 200, body=pour, method="GET")
        refused(client("manifest", server.uri), "larger than 4 MB, which none is")
        assert server.poured < 20 << 20


def test_wrong_digest(client, server):
    server.stored["/v2/lab/app/manifests/" + server.digest] = b'{"schemaVersion":2}', {}
    refused(client("manifest", server.uri), "sent another manifest than", server.digest,
            digest_of(b'{"schemaVersion":2}'))


@pytest.mark.parametrize("value", ["sha256:xyz", "sha512:" + "0" * 128, ""])
def test_digest_header_that_is_none(client, server, value):
    server.fault("manifests", 200, {"Docker-Content-Digest": value}, method="HEAD")
    assert out(client("resolve", server.uri)).strip() == server.digest


def test_compressed_on_the_way(client, server, read_blob):
    server.fault("blobs", 200, {"Content-Encoding": "gzip"}, registry.compress(LAYER, "gzip"))
    done, data = read_blob(server)
    assert data == b""
    refused(done, "compressed on the way")
    server.fault("manifests", 200, {"Content-Encoding": "gzip"}, b"{}", method="GET")
    refused(client("manifest", server.uri), "compressed on the way")
    assert server.seen[0].headers["Accept-Encoding"] == "identity"


def test_ranges(client, server, read_blob):
    server.ranges = False
    done, data = read_blob(server, "1000")
    assert done.stderr == "start 0\n" and data == LAYER
    wrong = {"Content-Range": f"bytes 2000-{len(LAYER) - 1}/{len(LAYER)}"}
    server.fault("blobs", 206, wrong, LAYER[2000:])
    refused(read_blob(server, "1000")[0], "sends another part")


def test_cut_line(client, server, read_blob):
    server.fault("blobs", 200, {"Content-Length": str(len(LAYER))}, LAYER, cut=5000)
    done, _ = read_blob(server)
    assert done.returncode == 1 and "start 0\n" in done.stderr


def test_indexes_without_end(client, server):
    digest = server.digest
    for i in range(8):
        row = {"mediaType": registry.INDEX, "digest": digest, "size": 1}
        digest = server.add_manifest("lab/app", f"deep{i}", {"schemaVersion": 2, "mediaType": registry.INDEX,
                                                             "manifests": [row]}, registry.INDEX)
    refused(client("manifest", f"{server.host}/lab/app:deep7"), "an index in an index")


def test_address_of_a_file(client, server, tmp_path):
    server.stored["/images/app.sif"] = LAYER, {"ETag": '"one"'}
    url = f"http://{server.host}/images/app.sif"
    assert out(client("file", url)) == f'{len(LAYER)} "one"\n'
    out(client("-o", tmp_path / "sif", "blob", url, '"one"', 1000))
    assert (tmp_path / "sif").read_bytes() == LAYER[1000:]
    assert server.seen[-1].headers["If-Range"] == '"one"'
    refused(client("file", url + ".gone"), "has no 'images/app.sif.gone'")


def test_answers_are_json_or_not(client, server):
    server.stored["/v2/lab/app/manifests/1"] = b"[1,2", {"Docker-Content-Digest": digest_of(b"[1,2")}
    server.stored["/v2/lab/app/manifests/" + digest_of(b"[1,2")] = b"[1,2", {}
    done = client("manifest", server.uri)
    assert done.returncode == 1 and "JSON" in done.stderr or "damaged" in done.stderr


def test_proxy(client, server, other):
    """The proxy is a server that is asked for whole addresses; nobody but it sees its password."""
    address = "http://far.example.org/v2/lab/app/manifests/1"
    other.stored[address] = server.stored["/v2/lab/app/manifests/1"]
    proxy = {"http_proxy": f"http://me:pass%20word@{other.host}", "https_proxy": f"http://me:pass%20word@{other.host}"}
    words = ("--http", "far.example.org", "resolve", "far.example.org/lab/app:1")
    assert out(client(*words, env=proxy)).strip() == server.digest
    assert other.paths() == [f"HEAD {address}"]
    assert other.seen[0].headers["Proxy-Authorization"] == "Basic bWU6cGFzcyB3b3Jk"
    assert out(client("resolve", server.uri, env=proxy)).strip() == server.digest
    assert server.seen[-1].headers["Proxy-Authorization"] is None
    refused(client(*words, env={**proxy, "no_proxy": "example.org"}), "cannot reach 'far.example.org'")


def test_proxy_of_tls(client, other):
    proxy = {"https_proxy": f"http://me:word@{other.host}"}
    refused(client("resolve", "far.example.org/lab/app:1", env=proxy), "'far.example.org")
    assert other.seen[0].method == "CONNECT" and other.seen[0].path.startswith("far.example.org:443")
    assert other.seen[0].headers["Proxy-Authorization"] == "Basic bWU6d29yZA=="
    assert other.seen[0].headers["Authorization"] is None
