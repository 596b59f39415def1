"""A real registry, plain and with TLS and tokens: what a name means, its manifest, its blobs."""
import base64
import json
import os

import pytest

import faults
import registry
from registry import INDEX, digest_of

LARGE = {"data": os.urandom(5_000_000)}
LAYERS = [{"a": b"x" * 100_000}, LARGE]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return registry.Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def layout(tmp_path_factory):
    """Four images and the indexes above them."""
    folder = tmp_path_factory.mktemp("images") / "layout"
    made = registry.Layout(folder)
    made.rows_of = {how: made.add_image(how, LAYERS, how) for how in ("gzip", "zstd", "plain")}
    made.rows_of["arm64"] = made.add_image("arm64", LAYERS, arch="arm64")
    return made


@pytest.fixture(scope="module")
def plain(tmp_path_factory, layout):
    server = registry.Registry(tmp_path_factory.mktemp("plain"))
    for how in ("gzip", "zstd", "plain", "arm64"):
        server.push(layout.folder, how, f"lab/app:{how}", "--preserve-digests")
    server.push(layout.folder, "gzip", "lab/app:docker", "--format", "v2s2")
    server.inner = json.dumps({"schemaVersion": 2, "mediaType": INDEX,
                               "manifests": [layout.rows_of["arm64"], layout.rows_of["gzip"]]}).encode()
    digest = server.put_manifest("lab/app", "both", server.inner, INDEX)
    outer = {"schemaVersion": 2, "mediaType": INDEX,
             "manifests": [{"mediaType": INDEX, "digest": digest, "size": len(server.inner)}]}
    server.put_manifest("lab/app", "nested", json.dumps(outer).encode(), INDEX)
    yield server
    server.close()


@pytest.fixture(scope="module")
def secure(tmp_path_factory, certificates, layout):
    tokens = registry.TokenServer(certificates)
    server = registry.Registry(tmp_path_factory.mktemp("secure"), certificates, tokens)
    for name in ("public/app", "private/app"):
        server.push(layout.folder, "gzip", f"{name}:1")
    yield server
    server.close()
    tokens.close()


@pytest.fixture
def client(env, run, bin_dir, certificates):
    """Runs the driver; blobs go to a file."""
    env.update(SSL_CERT_FILE=str(certificates.authority))
    program = bin_dir.parents[1] / "tests/image/registry"
    return lambda *words, **options: run(program, *words, **options)


def out(done):
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(done, *texts):
    assert done.returncode == 1 and done.stdout == ""
    for text in texts:
        assert text in done.stderr
    assert "\x1b" not in done.stderr
    return done.stderr


def parts(done):
    first, _, manifest = out(done).partition("\n")
    return first.split()[0], json.loads(manifest)


def layer_of(layout, how, index):
    manifest = json.loads((layout.folder / "blobs/sha256" / layout.rows_of[how]["digest"][7:]).read_text())
    digest = manifest["layers"][index]["digest"]
    return digest, (layout.folder / "blobs/sha256" / digest[7:]).read_bytes()


def log_in(home, host, **entry):
    folder = home / ".docker"
    folder.mkdir(exist_ok=True)
    entry = entry or {"auth": base64.b64encode(f"{registry.USER}:{registry.PASSWORD}".encode()).decode()}
    (folder / "config.json").write_text(json.dumps({"auths": {host: entry}}))


@pytest.mark.parametrize("how", ["gzip", "zstd", "plain"])
def test_a_name_means_a_digest(client, plain, layout, how):
    uri = f"{plain.host}/lab/app:{how}"
    digest = layout.rows_of[how]["digest"]
    assert out(client("resolve", uri)).strip() == digest
    found, manifest = parts(client("manifest", uri))
    assert found == digest and len(manifest["layers"]) == 2


def test_docker_manifest(client, plain):
    digest, manifest = parts(client("manifest", f"{plain.host}/lab/app:docker"))
    assert manifest["mediaType"].startswith("application/vnd.docker") and digest.startswith("sha256:")


@pytest.mark.parametrize("tag", ["both", "nested"])
@pytest.mark.parametrize("platform,how", [("amd64", "gzip"), ("arm64", "arm64"), ("arm64/v8", "arm64")])
def test_platform_is_chosen(client, plain, layout, tag, platform, how):
    found, _ = parts(client("-p", platform, "manifest", f"{plain.host}/lab/app:{tag}"))
    assert found == layout.rows_of[how]["digest"]


def test_platform_that_is_not_there(client, plain):
    refused(client("-p", "s390x", "manifest", f"{plain.host}/lab/app:both"), "not made for 's390x'", "arm64, amd64")


def test_index_is_resolved_to_itself(client, plain):
    assert out(client("resolve", f"{plain.host}/lab/app:both")).strip() == digest_of(plain.inner)
    digest = digest_of(plain.inner)
    assert out(client("resolve", f"{plain.host}/lab/app:zstd@{digest}")).strip() == digest


@pytest.mark.parametrize("offset", [0, 1, 4_000_000])
def test_blob(client, plain, layout, tmp_path, offset):
    digest, data = layer_of(layout, "gzip", 1)
    done = client("-o", tmp_path / "blob", "blob", f"{plain.host}/lab/app:gzip", digest, offset)
    assert out(done) == "" and done.stderr == f"start {offset}\n"
    assert (tmp_path / "blob").read_bytes() == data[offset:]


def test_blob_that_is_shorter(client, plain, layout, tmp_path):
    digest, data = layer_of(layout, "gzip", 0)
    done = client("-o", tmp_path / "blob", "blob", f"{plain.host}/lab/app:gzip", digest, len(data) + 7)
    assert done.stderr == "start 0\n" and (tmp_path / "blob").read_bytes() == data


def test_what_is_not_there(client, plain):
    refused(client("resolve", f"{plain.host}/lab/app:none"), f"'{plain.host}' has no 'lab/app:none': manifest unknown")
    refused(client("blob", f"{plain.host}/lab/app:gzip", "sha256:" + "0" * 64), "blob unknown")
    refused(client("resolve", f"localhost:{registry.free_port()}/x"), "cannot reach 'localhost:")


def test_tls_and_tokens(client, secure, layout, tmp_path):
    uri = f"{secure.host}/public/app:1"
    secure.tokens.asked.clear()
    assert out(client("resolve", uri)).strip() == layout.rows_of["gzip"]["digest"]
    assert len(secure.tokens.asked) == 1 and secure.tokens.asked[0][1] is None
    digest, data = layer_of(layout, "gzip", 1)
    out(client("-o", tmp_path / "blob", "blob", uri, digest, 1000))
    assert (tmp_path / "blob").read_bytes() == data[1000:]


def test_unknown_authority(client, secure):
    refused(client("resolve", f"{secure.host}/public/app:1", env={"SSL_CERT_FILE": ""}),
            f"nothing here vouches for the certificate of '{secure.host}'", "SSL_CERT_FILE")


def test_private(client, secure, run):
    uri = f"{secure.host}/private/app:1"
    home = run.work.parent / "home"
    refused(client("resolve", uri), f"'{secure.host}' refuses 'private/app:1'", f"kapp login {secure.host}")
    log_in(home, secure.host)
    out(client("resolve", uri))
    log_in(home, secure.host, auth=base64.b64encode(b"lab:wrong").decode())
    refused(client("resolve", uri), "incorrect username or [31mpassword")
    log_in(home, secure.host, auth=base64.b64encode(b"lab:old").decode(), identitytoken="identity")
    out(client("resolve", uri))
    log_in(home, secure.host, identitytoken="gone")
    refused(client("resolve", uri), "unknown refresh token")


def test_expired_token_is_renewed(client, secure, layout):
    digest, data = layer_of(layout, "gzip", 0)
    secure.tokens.asked.clear()
    secure.tokens.life = 1
    try:
        done = client("--output", "/dev/null", "--reopen", "1", "--pause", "2500", "blob",
                      f"{secure.host}/public/app:1", digest)
    finally:
        secure.tokens.life = 300
    assert done.returncode == 0, done.stderr
    assert len(secure.tokens.asked) == 2


def test_mirror_first_then_the_registry(client, plain, layout, tmp_path):
    mirror = faults.Faults()
    conf = tmp_path / "registries.conf"
    conf.write_text(f'[[registry]]\nlocation = "{plain.host}"\n[[registry.mirror]]\nlocation = "{mirror.host}/copy"\n')
    uri = f"{plain.host}/lab/app:gzip"
    digest = layout.rows_of["gzip"]["digest"]
    assert out(client("--mirrors", conf, "resolve", uri)).strip() == digest
    assert mirror.paths()[0] == "HEAD /v2/copy/lab/app/manifests/gzip"
    moved = mirror.add_image("copy/lab/app", "gzip")
    assert out(client("--mirrors", conf, "resolve", uri)).strip() == moved != digest
    mirror.stored["/v2/copy/lab/app/manifests/gzip"] = b"", {"Docker-Content-Digest": digest}
    mirror.stored[f"/v2/copy/lab/app/manifests/{digest}"] = b"{}", {}
    assert parts(client("--mirrors", conf, "manifest", uri))[0] == digest
    conf.write_text(f'[[registry]]\nlocation = "{plain.host}"\n[[registry.mirror]]\nlocation = "gone.invalid"\n')
    assert out(client("--mirrors", conf, "resolve", uri)).strip() == digest
    conf.write_text(f'[[registry]]\nlocation = "{plain.host}"\nblocked = true\n')
    refused(client("--mirrors", conf, "resolve", uri), "blocks the registry")
    mirror.close()


@pytest.mark.parametrize("kind", ["plain", "secure"])
def test_many_blobs_at_once(client, plain, secure, layout, kind):
    uri = f"{plain.host}/lab/app:gzip" if kind == "plain" else f"{secure.host}/public/app:1"
    digest, data = layer_of(layout, "gzip", 1)
    assert out(client("--threads", "8", "blob", uri, digest)) == f"{8 * len(data)}\n"
