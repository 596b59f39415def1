"""The guide 'environments on a cluster', typed into a terminal as it stands."""
import grp
import os
import pathlib
import re
import subprocess

import pytest

GUIDE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "guide" / "environments.md"


def blocks():
    return re.findall(r"^```\n(.*?)^```$", GUIDE.read_text(), re.M | re.S)


def typed():
    """The lines behind '$ ', in order."""
    return [line[2:] for block in blocks() for line in block.splitlines() if line.startswith("$ ")]


def block_with(start):
    return next(block for block in blocks() if block.startswith(start))


@pytest.fixture
def place(env, tmp_path):
    """A user with a home, a project disk and a scratch."""
    home = pathlib.Path(env["HOME"])
    (home / "projects").mkdir()
    (home / ".bashrc").write_text("PS1='@@ '\n")
    scratch = tmp_path / "login scratch"
    scratch.mkdir()
    return {**env, "TMPDIR": str(scratch), "TERM": "dumb"}


class Terminal:
    def __init__(self, child):
        self.child = child
        child.expect_exact("@@ ")

    def type(self, line):
        """What a line that must succeed wrote."""
        self.child.sendline(line)
        self.child.expect_exact("@@ ", timeout=180)
        said = self.child.before
        self.child.sendline('echo "=="$?"=="')
        self.child.expect(r"==(\d+)==")
        status = self.child.match.group(1)
        self.child.expect_exact("@@ ")
        assert status == "0", f"{line}: {status}\n{said}"
        return said


@pytest.fixture
def terminal(spawn, place):
    return Terminal(spawn("bash", "-i", env=place))


def submit(place, slurm, folder):
    """The guide's own batch script, handed in as a user would."""
    (folder / "fit.sh").write_text(block_with("#!/bin/bash"))
    (folder / "fit.py").write_text("import sys, tqdm\nprint(sys.prefix, tqdm.__version__)\n")
    job = subprocess.run(["sbatch", "--parsable", "-o", "out", "fit.sh"], env=place, cwd=folder, text=True, check=True,
                         stdout=subprocess.PIPE).stdout.strip()
    assert slurm.wait(job) == "COMPLETED", (folder / "out").read_text()
    return (folder / "out").read_text()


def test_environments(terminal, place, slurm, tmp_path):
    said = {}
    for line in typed():
        if line == "kpy list":
            assert re.search(r"/kslurm-venv-fit \d+\.", submit(place, slurm, tmp_path))
        said[line] = terminal.type(line)
    ran = next(text for line, text in said.items() if line.startswith("krun --venv"))
    version = re.search(r"\n(\d+\.\d+\.\d+)\r", ran)
    assert version and f"tqdm=={version[1]}" in said["kpy info fit"]
    assert re.search(r"^fit\s+\S+\sMB\s+3\.\d+\.\d+\s+\d", said["kpy list"], re.M)
    assert said["pip install tqdm"].endswith("(*fit) ") and said["kpy save fit"].endswith("\n(fit) ")
    assert said["kpy rename fit curves"].endswith("\n(curves) ")
    folder = pathlib.Path(place["HOME"]) / "curves-env"
    where = subprocess.run([folder / "bin/python", "-c", "import tqdm; print(tqdm.__file__)"], check=True, text=True,
                           stdout=subprocess.PIPE).stdout
    assert where.startswith(f"{folder}/lib")
    assert "nothing is saved" in terminal.type("kpy list")


def test_lab_mates(place, tmp_path, run):
    group = grp.getgrgid(os.getgid()).gr_name
    text = block_with("mkdir").replace("/project/lab", str(tmp_path)).replace("chgrp lab", f"chgrp {group}")
    done = run("bash", "-euc", text, env=place)
    assert done.returncode == 0, done.stderr
    assert run("kslurm", "config", "pipdir", env=place).stdout.strip() == f"{tmp_path}/kslurm"
    assert (tmp_path / "kslurm").stat().st_mode & 0o7777 == 0o2770
