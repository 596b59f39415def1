"""A user of kpy: a home, project storage and scratch, all with blanks in their names, and a real pip."""
import os
import shutil
import subprocess

import pytest

PYTHON = "/usr/bin/python3"
SETUP = """[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "greet"
version = "1.0"
[project.scripts]
greet = "greet:main"
[tool.setuptools]
py-modules = ["greet"]
"""
MODULE = """def main():
    print("hello from", __import__("sys").prefix)
"""


@pytest.fixture(scope="session")
def wheelhouse(tmp_path_factory):
    """What builds a project, fetched once; and a small package of our own, in two versions."""
    root = tmp_path_factory.mktemp("wheels")
    tool = root / "tool"
    subprocess.run([PYTHON, "-m", "venv", tool], check=True)
    house = root / "house"
    subprocess.run([tool / "bin/pip", "-q", "download", "--dest", house, "setuptools", "wheel"], check=True)
    for version in ("1.0", "2.0"):
        source = root / f"greet-{version}"
        source.mkdir()
        (source / "pyproject.toml").write_text(SETUP.replace('"1.0"', f'"{version}"'))
        (source / "greet.py").write_text(MODULE)
        subprocess.run([tool / "bin/pip", "-q", "wheel", "--no-index", "--find-links", house, "--no-deps",
                        "--wheel-dir", house, source], check=True)
    return house


def user_of(env, root, bin_dir):
    for name in ("my project", "my scratch"):
        (root / name).mkdir()
    kept = {name: value for name, value in env.items()
            if not name.startswith(("PIP_", "UV_", "VIRTUAL_ENV", "KSLURM_", "SLURM", "XDG_"))
            or name == "XDG_CONFIG_DIRS"}
    kept.update(KSLURM_PIPDIR=str(root / "my project"), TMPDIR=str(root / "my scratch"), PIP_NO_INDEX="1")
    # the Python of the machine, not one that a developer's shims choose
    kept["PATH"] = ":".join([str(bin_dir), *(p for p in kept["PATH"].split(":") if "pyenv" not in p)])
    return kept


@pytest.fixture
def env(env, tmp_path, bin_dir):
    return user_of(env, tmp_path, bin_dir)


class Shell:
    """Lines of bash in a shell that has our text."""

    def __init__(self, env, folder, program):
        self.env = env
        self.folder = folder
        self.program = program

    def __call__(self, lines, status=0, **more):
        text = f'eval "$({self.program} init bash)"\nset -eu -o pipefail\n{lines}\n'
        done = subprocess.run(["bash", "-c", text], env={**self.env, **more}, cwd=self.folder, text=True, timeout=300,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if status is not None:
            assert done.returncode == status, done.stdout + done.stderr
        return done


@pytest.fixture
def shell(env, run, bin_dir):
    return Shell(env, run.work, bin_dir / "kslurm")


@pytest.fixture
def project(tmp_path):
    return tmp_path / "my project"


@pytest.fixture
def node():
    """What a job sees on a compute node."""
    return {"SLURMD_NODENAME": "node1", "SLURM_JOB_ID": "7"}


@pytest.fixture(scope="session")
def archive(wheelhouse, bin_dir, tmp_path_factory):
    """What 'kpy save one' makes on a login node; its scratch is gone."""
    root = tmp_path_factory.mktemp("a login node")
    env = user_of({**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C", "HOME": str(root)}, root, bin_dir)
    Shell(env, root, bin_dir / "kslurm")(
        f"kpy create one; pip -q install --find-links {wheelhouse} greet==1.0; kpy save one")
    shutil.rmtree(root / "my scratch")
    return root / "my project" / "venv_archives" / "one.tar.zst"


@pytest.fixture
def saved(archive, project):
    (project / "venv_archives").mkdir()
    shutil.copy(archive, project / "venv_archives")
    return "one"
