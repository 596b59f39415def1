"""A real registry, with images made here: plain, or with TLS and a token server."""
import base64
import contextlib
import gzip
import hashlib
import http.server
import io
import json
import pathlib
import socket
import ssl
import subprocess
import tarfile
import threading
import time
import urllib.parse
import urllib.request

OCI = "application/vnd.oci.image."
DOCKER = "application/vnd.docker.distribution.manifest."
INDEX = OCI + "index.v1+json"
MANIFEST = OCI + "manifest.v1+json"
USER, PASSWORD = "lab", "secret"
SERVICE, ISSUER = "lab", "lab-issuer"


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_port(port, process):
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert process.poll() is None, "the registry ended"
        time.sleep(0.05)
    raise AssertionError("the registry does not listen")


def openssl(*words, **options):
    return subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, **options).stdout


class Certificates:
    """An authority of our own, a certificate for loopback, and the key that signs tokens."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.authority, self.cert, self.key = (self.folder / n for n in ("ca.crt", "tls.crt", "tls.key"))
        self.token_cert, self.token_key = self.folder / "token.crt", self.folder / "token.key"
        new = ("-newkey", "rsa:2048", "-nodes", "-days", "30")
        openssl("req", "-x509", *new, "-subj", "/CN=test CA", "-keyout", self.folder / "ca.key", "-out", self.authority)
        openssl("req", *new[:3], "-subj", "/CN=localhost", "-keyout", self.key, "-out", self.folder / "tls.csr")
        names = self.folder / "names"
        names.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        openssl("x509", "-req", "-in", self.folder / "tls.csr", "-CA", self.authority, "-CAkey", self.folder / "ca.key",
                "-CAcreateserial", "-days", "30", "-extfile", names, "-out", self.cert)
        openssl("req", "-x509", *new, "-subj", f"/CN={ISSUER}", "-keyout", self.token_key, "-out", self.token_cert)

    def context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        return context


class Server(http.server.ThreadingHTTPServer):
    """A server in a thread, on any free port."""
    daemon_threads = True

    def __init__(self, handler, certificates=None):
        super().__init__(("127.0.0.1", 0), handler)
        if certificates:
            self.socket = certificates.context().wrap_socket(self.socket, server_side=True)
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self):
        self.shutdown()
        self.server_close()


class TokenHandler(http.server.BaseHTTPRequestHandler):
    """Anybody may pull what is under 'public/'; the user may do all. Whoever may not gets a token without access."""
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        self.server.asked.append((self.path, self.headers.get("Authorization")))
        user = None
        if (shown := self.headers.get("Authorization", "")).startswith("Basic "):
            user = base64.b64decode(shown[6:]).decode()
            if user != f"{USER}:{PASSWORD}":
                self.answer(401, {"details": "incorrect username or \x1b[31mpassword"})
                return
        self.answer(200, {"token": self.server.sign(query, user), "expires_in": self.server.life})

    def do_POST(self):
        query = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.asked.append((self.path, query))
        if query.get("grant_type") != ["refresh_token"] or query.get("refresh_token") != ["identity"]:
            self.answer(401, {"details": "unknown refresh token"})
            return
        self.answer(200, {"access_token": self.server.sign(query, USER), "expires_in": self.server.life})

    def answer(self, status, value):
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class TokenServer(Server):
    def __init__(self, certificates):
        super().__init__(TokenHandler, certificates)
        self.certificates, self.asked, self.life = certificates, [], 300
        der = openssl("x509", "-in", certificates.token_cert, "-outform", "DER")
        self.chain = [base64.b64encode(der).decode()]

    def sign(self, query, user):
        def encode(data):
            return base64.urlsafe_b64encode(data).rstrip(b"=")

        access = []
        for scope in " ".join(query.get("scope", [])).split():
            kind, name, actions = scope.split(":")
            allowed = [a for a in actions.split(",") if user or (a == "pull" and name.startswith("public/"))]
            access += [{"type": kind, "name": name, "actions": allowed}] if allowed else []
        now = int(time.time())
        claims = {"iss": ISSUER, "sub": user or "", "aud": SERVICE, "exp": now + self.life, "nbf": now - 10, "iat": now,
                  "jti": str(time.monotonic_ns()), "access": access}
        text = b".".join(encode(json.dumps(part).encode())
                         for part in ({"typ": "JWT", "alg": "RS256", "x5c": self.chain}, claims))
        signature = openssl("dgst", "-sha256", "-sign", self.certificates.token_key, input=text)
        return (text + b"." + encode(signature)).decode()


class Registry:
    """Debian's docker-registry."""

    def __init__(self, folder, certificates=None, tokens=None):
        self.folder, self.certificates, self.tokens = pathlib.Path(folder), certificates, tokens
        self.port = free_port()
        self.host = f"localhost:{self.port}"
        config = {"version": 0.1, "log": {"level": "error", "accesslog": {"disabled": True}},
                  "storage": {"filesystem": {"rootdirectory": str(self.folder / "data")},
                              "maintenance": {"uploadpurging": {"enabled": False}}},
                  "http": {"addr": f"127.0.0.1:{self.port}", "secret": "x"}}
        if certificates:
            config["http"]["tls"] = {"certificate": str(certificates.cert), "key": str(certificates.key)}
        if tokens:
            config["auth"] = {"token": {"realm": f"https://localhost:{tokens.port}/token", "service": SERVICE,
                                        "issuer": ISSUER, "rootcertbundle": str(certificates.token_cert)}}
        path = self.folder / "config.yml"
        path.write_text(json.dumps(config))
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(["docker-registry", "serve", str(path)], stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log)
        await_port(self.port, self.process)

    def close(self):
        self.process.kill()
        self.process.wait()
        self.log.close()

    def push(self, layout, tag, name, *words):
        """Pushes an image of a layout with skopeo."""
        words = [*words, "--dest-creds", f"{USER}:{PASSWORD}"] if self.tokens else words
        subprocess.run(["skopeo", "--insecure-policy", "copy", "-q", "--dest-tls-verify=false", *words,
                        f"oci:{layout}:{tag}", f"docker://{self.host}/{name}"], check=True)

    def put_manifest(self, repository, tag, data, kind):
        """What skopeo does not push: an index in an index."""
        request = urllib.request.Request(f"http://{self.host}/v2/{repository}/manifests/{tag}", data, method="PUT",
                                         headers={"Content-Type": kind})
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 201
        return digest_of(data)


def layer(files):
    """A tar of these files, the same bytes each time."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode, info.mtime = len(data), 0o644, 1_600_000_000
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def compress(data, how):
    if how == "gzip":
        return gzip.compress(data, 1, mtime=0)
    if how == "zstd":
        return subprocess.run(["zstd", "-q", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout
    return data


class Layout:
    """An OCI layout on disk, which skopeo reads."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        (self.folder / "blobs/sha256").mkdir(parents=True)
        (self.folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
        self.rows = []

    def add_blob(self, data, kind):
        digest = digest_of(data)
        (self.folder / "blobs/sha256" / digest[7:]).write_bytes(data)
        return {"mediaType": kind, "digest": digest, "size": len(data)}

    def name(self, row, tag):
        self.rows.append({**row, "annotations": {"org.opencontainers.image.ref.name": tag}})
        (self.folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "mediaType": INDEX,
                                                            "manifests": self.rows}))
        return row

    def add_image(self, tag, layers, how="gzip", arch="amd64"):
        """Adds an image; its layers are dicts of files."""
        tars = [layer(files) for files in layers]
        config = json.dumps({"architecture": arch, "os": "linux", "config": {"Cmd": ["/bin/sh"]},
                             "rootfs": {"type": "layers", "diff_ids": [digest_of(t) for t in tars]}}).encode()
        ending = "" if how == "plain" else "+" + how
        rows = [self.add_blob(compress(t, how), OCI + "layer.v1.tar" + ending) for t in tars]
        manifest = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "layers": rows,
                               "config": self.add_blob(config, OCI + "config.v1+json")}).encode()
        row = self.name(self.add_blob(manifest, MANIFEST), tag)
        return {**row, "platform": {"architecture": arch, "os": "linux"}}
