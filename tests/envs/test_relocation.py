"""Real environments, moved: each works at its new path, and nothing in it names the old one."""
import base64
import concurrent.futures
import csv
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sysconfig
import urllib.parse

import pytest

RELOCATE = pathlib.Path(os.environ["KSLURM_BUILD_DIR"]) / "tests" / "envs" / "relocate"
PYTHONS = sorted(p for p in pathlib.Path.home().glob(".pyenv/versions/3.*/bin/python3")
                 if 9 <= int(p.parts[-3].split(".")[1]) <= 13) + [pathlib.Path("/usr/bin/python3")]
PYTHON = PYTHONS[len(PYTHONS) // 2]
VIRTUALENVS = ["20.24.5", "20.30.0"]
ODD = "o'f $x é"

PROJECTS = {
    "flat": ("flat_tool", """
[project]
name = "flat-tool"
version = "1.0"
scripts = {flat-tool = "flat_tool:main"}
[tool.setuptools.packages.find]
where = ["src"]
"""),
    "mapped": ("mapped_tool", """
[project]
name = "mapped-tool"
version = "1.0"
[tool.setuptools]
packages = ["mapped_tool"]
package-dir = {mapped_tool = "src/mapped_tool"}
"""),
}
BUILD = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'

# each prints the value of VIRTUAL_ENV; the path is the first argument
SHELLS = {
    "bash": ['set -e; . "$1/bin/activate"; printf %s "$VIRTUAL_ENV"', "bash"],
    "zsh": ['set -e; . "$1/bin/activate"; printf %s "$VIRTUAL_ENV"', "zsh"],
    "fish": ['source "$argv[1]/bin/activate.fish"; and printf %s "$VIRTUAL_ENV"'],
}


def call(*argv, **options):
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run([str(a) for a in argv], env=env, text=True, stdin=subprocess.DEVNULL, timeout=300,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, **options)
    assert done.returncode == 0, (argv, done.stdout, done.stderr)
    return done.stdout.strip()


def write_projects(prefix):
    for folder, (package, text) in PROJECTS.items():
        source = prefix / "my src" / folder / "src" / package
        source.mkdir(parents=True)
        (source / "__init__.py").write_text(f"def main():\n    print('{package} works')\n")
        (source.parents[1] / "pyproject.toml").write_text(BUILD + text)


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("envs")


@pytest.fixture(scope="session")
def tools(home):
    """The makers of environments, from the index."""
    call(PYTHON, "-m", "venv", home / "pip")  # the machine's own may have none

    def install(name, *packages):
        call(home / "pip" / "bin" / "python", "-m", "pip", "install", "-q", "--no-warn-script-location", "--target", home / name, *packages)
    jobs = [("uv", "uv")] + [(v, f"virtualenv=={v}") for v in VIRTUALENVS]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda job: install(*job), jobs))
    return home


def make_virtualenv(tools, version, prefix):
    code = f"import sys; sys.path.insert(0, {str(tools / version)!r}); import virtualenv; virtualenv.cli_run(sys.argv[1:])"
    call(PYTHON, "-c", code, "--no-periodic-update", prefix)


def make_uv(tools, *options):
    return call(tools / "uv" / "bin" / "uv", *options)


def make_full(tools, prefix):
    call(PYTHON, "-m", "venv", "--without-pip", prefix)
    make_uv(tools, "pip", "install", "-q", "--python", prefix, "--compile-bytecode", "pip", "setuptools", "numpy", "ruff",
            "ipykernel")
    write_projects(prefix)
    call(prefix / "bin" / "python", "-m", "pip", "install", "-q", "--no-build-isolation", "--no-index", "-e",
         prefix / "my src/flat", "-e", prefix / "my src/mapped")
    call(prefix / "bin" / "python", "-m", "ipykernel", "install", "--sys-prefix")


MAKERS = {
    "full": make_full,
    "uv": lambda tools, prefix: make_uv(tools, "venv", "-q", "--python", PYTHON, "--seed", prefix),
    "uv-relocatable": lambda tools, prefix: make_uv(tools, "venv", "-q", "--python", PYTHON, "--relocatable", "--seed",
                                                    prefix),
    **{f"virtualenv-{v}": (lambda tools, prefix, v=v: make_virtualenv(tools, v, prefix)) for v in VIRTUALENVS},
    **{str(p): (lambda tools, prefix, p=p: call(p, "-m", "venv", prefix)) for p in PYTHONS},
}


@pytest.fixture(scope="session")
def places(tools):
    """Where each environment was made, and where it is kept: its own place is gone."""
    (tools / "kept").mkdir()

    def make(number, maker):
        # the quotes and blanks of the old place matter only to those who wrote them
        name = f"env {number}" if number % 2 else f"env-{number}"
        place = tools / "made" / name
        place.parent.mkdir(exist_ok=True)
        MAKERS[maker](tools, place)
        kept = tools / "kept" / name
        place.rename(kept)
        return str(place), kept

    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        made = pool.map(make, range(len(MAKERS)), MAKERS)
        return dict(zip(MAKERS, made))


@pytest.fixture
def move(tmp_path):
    """Unpacks an environment at another path, as an archive would."""
    def move_it(kept, name=ODD):
        prefix = tmp_path / name / "env"
        prefix.parent.mkdir(parents=True)
        call("cp", "-a", kept, prefix)
        said = call(RELOCATE, prefix, prefix)
        return prefix, said.splitlines()
    return move_it


def naming(place, prefix):
    """The files that still spell a place, in any way but compiled."""
    spellings = {place, urllib.parse.quote(place), place.replace("'", "'\"'\"'"), json.dumps(place)[1:-1]}
    patterns = [re.compile(re.escape(s.encode()) + rb"(?![\w.-])") for s in spellings]
    return [str(p.relative_to(prefix)) for p in prefix.rglob("*") if p.is_file() and not p.is_symlink()
            and p.suffix != ".pyc" and any(pattern.search(p.read_bytes()) for pattern in patterns)]


def activated(prefix):
    found = {shell: call(shell, *("-c", text[0], *text[1:]), prefix) for shell, text in SHELLS.items()}
    csh = str(prefix).replace("'", "'\"'\"'")
    text = f"set prompt = x; source '{csh}/bin/activate.csh'; printf %s \"$VIRTUAL_ENV:q\""
    if (prefix / "bin/activate.csh").exists():
        found["tcsh"] = call("tcsh", "-f", "-c", text)
    return found


def check_shells(prefix):
    found = activated(prefix)
    assert found == dict.fromkeys(found, str(prefix))


def check_programs(prefix):
    assert call(prefix / "bin/python", "-c", "import sys; print(sys.prefix)") == str(prefix)
    assert f" from {prefix}/lib" in call(prefix / "bin/pip", "--version")
    call(prefix / "bin/pip", "check")


def check_records(prefix):
    """Each RECORD tells the truth about the files that it has hashes of."""
    checked = 0
    for record in prefix.glob("lib/python*/site-packages/*.dist-info/RECORD"):
        for name, digest, size in csv.reader(record.open(newline="")):
            path = record.parents[1] / name
            if digest and path.is_relative_to(prefix) and path.exists():
                data = path.read_bytes()
                wanted = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
                assert (digest, int(size)) == ("sha256=" + wanted, len(data)), path
                checked += 1
    return checked


def check_compiled(prefix):
    """Python would take each compiled file: its source has the time and size that it holds."""
    checked = 0
    for compiled in prefix.glob("lib/python*/site-packages/**/__pycache__/*.pyc"):
        source = compiled.parents[1] / (compiled.name.split(".")[0] + ".py")
        head = compiled.read_bytes()[:16]
        if int.from_bytes(head[4:8], "little") == 0 and source.exists():
            st = source.stat()
            assert (int.from_bytes(head[8:12], "little"), int.from_bytes(head[12:], "little")) == (
                int(st.st_mtime) & 0xFFFFFFFF, st.st_size & 0xFFFFFFFF), source
            checked += 1
    return checked


def test_there_are_pythons():
    assert PYTHON.exists()
    assert sysconfig.get_python_version() in {call(p, "-c", "import sys; print('%d.%d' % sys.version_info[:2])")
                                              for p in PYTHONS}


@pytest.mark.parametrize("maker", [m for m in MAKERS if m not in ("full", "uv-relocatable")])
def test_moved(places, move, maker):
    place, kept = places[maker]
    assert naming(place, kept)
    prefix, said = move(kept)
    assert said[0] == f"place {place}"
    # nushell has no way to write an apostrophe in single quotes
    assert set(said[1:]) <= {"unknown bin/activate.nu"}
    assert set(naming(place, prefix)) <= {"bin/activate.nu"}
    check_shells(prefix)
    check_programs(prefix)
    check_compiled(prefix)


def test_relocatable_is_left_alone(places, move):
    place, kept = places["uv-relocatable"]
    prefix, said = move(kept)
    assert said == []
    assert call("diff", "-r", "--no-dereference", kept, prefix) == ""
    assert naming(place, prefix) == []
    for shell in ("bash", "zsh", "fish"):
        assert call(shell, "-c", *SHELLS[shell], prefix) == str(prefix)


def check_full(prefix, kept):
    check_shells(prefix)
    check_programs(prefix)
    assert check_records(prefix) > 100
    assert check_compiled(prefix) > 500
    python = prefix / "bin/python"
    for module in ("numpy", "flat_tool", "mapped_tool", "ipykernel"):
        assert call(python, "-c", f"import {module}; print({module}.__file__)").startswith(f"{prefix}/")
    assert call(prefix / "bin/flat-tool") == "flat_tool works"
    assert (prefix / "bin/ruff").read_bytes() == (kept / "bin/ruff").read_bytes()
    assert call(prefix / "bin/ruff", "--version").startswith("ruff ")
    kernel = json.loads((prefix / "share/jupyter/kernels/python3/kernel.json").read_text())
    assert kernel["argv"][0] == str(python)
    urls = [json.loads(p.read_text())["url"] for p in prefix.glob("lib/python*/site-packages/*/direct_url.json")]
    assert sorted(urls) == [f"file://{urllib.parse.quote(str(prefix))}/my%20src/{p}" for p in ("flat", "mapped")]


@pytest.mark.parametrize("name", [ODD, "plain", "x" * 100 + "/" + "y" * 100])
def test_packages(places, move, name):
    place, kept = places["full"]
    prefix, said = move(kept, name)
    assert said == [f"place {place}"]
    assert naming(place, prefix) == []
    check_full(prefix, kept)


def test_twice(places, move):
    place, kept = places["full"]
    first, _ = move(kept, "one way é")
    second, said = move(first, "other")
    shutil.rmtree(first)
    assert said == [f"place {first}"]
    assert naming(str(first), second) == naming(place, second) == []
    check_full(second, kept)


def test_a_changed_finder_is_compiled_anew(places, move):
    """The paths have the same length, so that only the time tells the compiled one apart."""
    place, kept = places["full"]
    prefix, _ = move(kept, "aaaa")
    call(prefix / "bin/python", "-c", "import mapped_tool")
    second, _ = move(prefix, "bbbb")
    shutil.rmtree(prefix)
    assert call(second / "bin/python", "-c", "import mapped_tool; mapped_tool.main()") == "mapped_tool works"


def test_refused(places, tmp_path):
    kept = places["uv"][1]
    before = sorted((p, p.lstat().st_mtime_ns) for p in kept.rglob("*"))
    for wrong in ("/a:b", "/a\nb", 'a"b', "/a\\b"):
        done = subprocess.run([RELOCATE, kept, wrong], text=True, stderr=subprocess.PIPE, check=False)
        assert done.returncode == 1
        assert "no environment can be at" in done.stderr
    assert sorted((p, p.lstat().st_mtime_ns) for p in kept.rglob("*")) == before
