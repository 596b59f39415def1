"""Wheels that a test makes itself, and an index on loopback that serves them."""
import contextlib
import functools
import http.server
import threading
import zipfile


def make(folder, name, version="1.0", requires=(), files=None):
    """Writes a pure wheel: a module of that name, with its version in it."""
    folder.mkdir(parents=True, exist_ok=True)
    info = f"{name}-{version}.dist-info"
    members = {f"{name}.py": f"version = '{version}'\n", **(files or {}),
               f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
               + "".join(f"Requires-Dist: {r}\n" for r in requires)
               + "".join(f"Provides-Extra: {r.split('extra == ')[1].strip(chr(39))}\n" for r in requires if "extra == " in r),
               f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
    record = "".join(f"{member},,\n" for member in [*members, f"{info}/RECORD"])
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for member, text in {**members, f"{info}/RECORD": record}.items():
            wheel.writestr(member, text)
    return path


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        self.server.asked.append(self.path)


@contextlib.contextmanager
def index(folder):
    """Serves FOLDER/simple/NAME/*.whl; gives the URL and the list of what was asked for."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    server.asked = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/simple", server.asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
