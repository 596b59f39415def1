"""A registry that does on demand what a real one would not: refuses, redirects, lies, cuts."""
import http.server
import json
import re
import threading
import time

import registry

ACCEPT = ["application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json",
          "application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"]


class Request:
    def __init__(self, handler):
        self.method, self.path, self.headers = handler.command, handler.path, handler.headers
        self.at = time.monotonic()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        request = Request(self)
        with self.server.lock:
            self.server.seen.append(request)
            rule = next((f for f in self.server.faults if f.matches(request)), None)
            if rule:
                rule.left -= 1
        if rule:
            self.send(rule.status, rule.headers, rule.body, rule.cut)
        elif request.path.startswith("/token"):
            self.send_token()
        else:
            self.send_stored(request)

    do_HEAD = do_GET
    do_CONNECT = do_GET

    def send(self, status, headers=None, body=b"", cut=None):
        headers = dict(headers or {})
        if callable(body):
            body(self, status, headers)
            return
        if status == 0:
            self.close_connection = True
            return
        self.send_response(status)
        headers.setdefault("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body if cut is None else body[:cut])
        if cut is not None:
            self.close_connection = True

    def send_token(self):
        with self.server.lock:
            self.server.tokens += 1
            self.server.valid = f"token-{self.server.tokens}"
        self.send(200, {}, json.dumps({"token": self.server.valid, "expires_in": self.server.life}).encode())

    def send_stored(self, request):
        if self.server.valid is not None and request.headers.get("Authorization") != f"Bearer {self.server.valid}":
            self.send(401, {"WWW-Authenticate": f'Bearer realm="{self.server.url}/token",service="faults"'})
            return
        found = self.server.stored.get(request.path)
        if found is None:
            self.send(404, {}, b'{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest \\u001b[1munknown"}]}')
            return
        data, headers = found
        asked = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        if asked and self.server.ranges:
            start = int(asked[1])
            if start >= len(data):
                self.send(416, {"Content-Range": f"bytes */{len(data)}"})
            else:
                self.send(206, {**headers, "Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"}, data[start:])
            return
        self.send(200, headers, data)


class Fault:
    def __init__(self, pattern, status, headers, body, times, cut, method):
        self.pattern, self.status, self.headers, self.body = re.compile(pattern), status, headers, body
        self.left, self.cut, self.method = times, cut, method

    def matches(self, request):
        return self.left > 0 and self.pattern.search(request.path) and self.method in (None, request.method)


class Faults(registry.Server):
    """Serves what is put into it, except where a fault says otherwise; remembers each request."""

    def __init__(self, certificates=None):
        self.lock = threading.Lock()
        self.faults, self.seen, self.stored = [], [], {}
        self.tokens, self.valid, self.life, self.ranges = 0, None, 300, True
        super().__init__(Handler, certificates)
        self.host = f"localhost:{self.port}"
        self.url = f"{'https' if certificates else 'http'}://{self.host}"

    def fault(self, pattern, status, headers=None, body=b"", times=1, cut=None, method=None):
        self.faults.append(Fault(pattern, status, headers, body, times, cut, method))

    def want_tokens(self):
        """From now on only the newest token is right."""
        self.valid = "none yet"

    def add_blob(self, name, data):
        digest = registry.digest_of(data)
        self.stored[f"/v2/{name}/blobs/{digest}"] = data, {"Content-Type": "application/octet-stream"}
        return digest

    def add_manifest(self, name, tag, value, kind=registry.MANIFEST, digest_header=True):
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        digest = registry.digest_of(data)
        headers = {"Content-Type": kind, **({"Docker-Content-Digest": digest} if digest_header else {})}
        for word in (tag, digest):
            self.stored[f"/v2/{name}/manifests/{word}"] = data, headers
        return digest

    def add_image(self, name, tag, layers=(b"layer",), **words):
        def row(data, kind):
            return {"mediaType": kind, "digest": self.add_blob(name, data), "size": len(data)}

        value = {"schemaVersion": 2, "mediaType": registry.MANIFEST,
                 "config": row(b"{}", registry.OCI + "config.v1+json"),
                 "layers": [row(data, registry.OCI + "layer.v1.tar") for data in layers]}
        return self.add_manifest(name, tag, value, **words)

    def paths(self, pattern=""):
        return [f"{r.method} {r.path}" for r in self.seen if re.search(pattern, r.path)]
