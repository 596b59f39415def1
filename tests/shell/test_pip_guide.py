"""The guide 'pip without internet' does what it says: its commands are run, with the real index on the login node alone."""
import pathlib
import re
import subprocess

import pytest

import shelltext

ROOT = pathlib.Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guide" / "pip-without-internet.md"
PROJECT = """[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "mine"
version = "1"
[tool.setuptools]
py-modules = ["mine"]
"""
# nothing answers there
NOWHERE = "http://127.0.0.1:9/simple"


@pytest.fixture(scope="module")
def venv(tmp_path_factory):
    path = tmp_path_factory.mktemp("guide") / "an env"
    subprocess.run(["/usr/bin/python3", "-m", "venv", path], check=True)
    return path


@pytest.fixture
def shell(run, env, venv, tmp_path):
    for name in [n for n in env if n in ("PIP_FIND_LINKS", "PIP_NO_INDEX") or n.startswith(("UV_", "VIRTUAL_ENV"))]:
        env.pop(name)
    (tmp_path / "project").mkdir()
    assert run("kslurm", "config", "pipdir", tmp_path / "project").returncode == 0
    (run.work / "pyproject.toml").write_text(PROJECT)
    (run.work / "mine.py").write_text("value = 1\n")
    return shelltext.Text(run, "bash", tmp_path)


def commands():
    return re.findall(r"^\$ (.*)$", GUIDE.read_text(), re.M)


def activate(venv, tmp_path, offline):
    links = (tmp_path / "project" / "wheels").as_uri()
    return f"__kslurm_activate '{venv}' env '{links}' '{links}' {offline}\n"


def test_the_guide(run, shell, venv, tmp_path):
    fetch = [line for line in commands() if line.startswith("pip wheel")]
    install = [line for line in commands() if " install " in line]
    assert (len(fetch), len(install)) == (2, 3)
    done = shell.sh(activate(venv, tmp_path, 0) + "\n".join(fetch))
    assert done.returncode == 0, done.stderr
    assert {p.name.split("-")[0] for p in (tmp_path / "project" / "wheels").iterdir()} >= {"tqdm", "setuptools"}
    node = {"SLURMD_NODENAME": "node1", "PIP_INDEX_URL": NOWHERE, "PIP_NO_CACHE_DIR": "1"}
    done = shell.sh(activate(venv, tmp_path, 1) + "\n".join(install) + "\npython -c 'import mine, tqdm'\npip check", env=node)
    assert done.returncode == 0, done.stderr


def test_what_is_not_there_is_an_error_at_once(run, shell, venv, tmp_path):
    (tmp_path / "project" / "wheels").mkdir()
    done = shell.sh(activate(venv, tmp_path, 0) + "pip install no-such-thing", timeout=60,
                    env={"SLURMD_NODENAME": "node1", "PIP_INDEX_URL": NOWHERE, "PIP_RETRIES": "50"})
    assert done.returncode == 1
    assert "Retrying" not in done.stderr and "No matching distribution" in done.stderr


def test_what_the_function_becomes_and_refuses(run, shell, tmp_path):
    """The sentences that the guide quotes are those that are said."""
    text = GUIDE.read_text()
    said = re.search(r"^pip: .*$", text, re.M).group()
    (tmp_path / "x" / "bin").mkdir(parents=True)
    done = shell.sh("pip list", env={"VIRTUAL_ENV": str(tmp_path / "x")})
    assert done.stderr == said.replace("/tmp/x", str(tmp_path / "x")) + "\n"
    assert "`pip -v install --find-links …/wheels x`" in text
