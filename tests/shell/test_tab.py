"""Tab in real interactive shells: what the line becomes."""
import os
import pathlib

import pytest

import shells

BIN = pathlib.Path(os.environ["KSLURM_STAGE_BIN"])
CASES = [
    ("krun --accou\t", ["krun", "--account"]),
    ("krun -j LongSk\t", ["krun", "-j", "LongSkinny"]),
    ("krun -jLongSk\t", ["krun", "-jLongSkinny"]),
    ("kbatch --job-template=LongSk\t", ["kbatch", "--job-template=LongSkinny"]),
    ("krun -j my\t", ["krun", "-j", "my big"]),
    ("krun --name 'run 1' --accou\t", ["krun", "--name", "run 1", "--account"]),
    ("krun --name='a b' -j LongSk\t", ["krun", "--name=a b", "-j", "LongSkinny"]),
    ('krun --name "a \\"b\\\\" -j LongSk\t', ["krun", "--name", 'a "b\\', "-j", "LongSkinny"]),
    ("krun zdata\\ dir/ -j LongSk\t", ["krun", "zdata dir/", "-j", "LongSkinny"]),
    ("krun 'zdata dir/' -j LongSk\t", ["krun", "zdata dir/", "-j", "LongSkinny"]),
    ("krun gpu:a100:2 --accou\t", ["krun", "gpu:a100:2", "--account"]),
    ("krun gpu:a1\t", ["krun", "gpu:a1"]),
    ("krun nodes\t2", ["krun", "nodes:2"]),
    ("krun nodes:\t2", ["krun", "nodes:2"]),
    ("krun --time=1\t", ["krun", "--time=1"]),
    ("krun --time=1:00 --accou\t", ["krun", "--time=1:00", "--account"]),
    ("krun zda\t 4", ["krun", "zdata dir/", "4"]),
    ("krun --output=zda\to", ["krun", "--output=zdata dir/o"]),
    ("krun -o zda\to", ["krun", "-o", "zdata dir/o"]),
    ("kbatch zjo\t", ["kbatch", "zjob one.sh"]),
    ("kbatch ./zjo\t", ["kbatch", "./zjob one.sh"]),
    ("krun -a def\t", ["krun", "-a", "def-a_cpu"]),
    ("krun --account=def\t", ["krun", "--account=def-a_cpu"]),
    ("kslurm sandbox sta\t", ["kslurm", "sandbox", "status"]),
    ("kslurm config gpu.\t", ["kslurm", "config", "gpu.style"]),
    ("kpy sav\t", ["kpy", "save"]),
    ("kpy load fi\t", ["kpy", "load", "fit"]),
    ("kpy rm fit mine\t", ["kpy", "rm", "fit", "mine (old)"]),
    ("krun --venv mine\t", ["krun", "--venv", "mine (old)"]),
    ("kbatch --venv=fi\t", ["kbatch", "--venv=fit"]),
]
# what another program's completion gives, when there is one
REST = [
    ("kslurm krun gpu:a1 --accou\t", ["kslurm", "krun", "gpu:a1", "--account"]),
    ("kslurm sandbox run -- kbatch gpu:a1 -j LongSk\t",
     ["kslurm", "sandbox", "run", "--", "kbatch", "gpu:a1", "-j", "LongSkinny"]),
    ("krun --name 'a b' gpu:a1 krun -j LongSk\t", ["krun", "--name", "a b", "gpu:a1", "krun", "-j", "LongSkinny"]),
    ("krun 4 cat zda\to", ["krun", "4", "cat", "zdata dir/o"]),
    ("kslurm kpy load fi\t", ["kslurm", "kpy", "load", "fit"]),
    ("kpy exec fit -- krun -j LongSk\t", ["kpy", "exec", "fit", "--", "krun", "-j", "LongSkinny"]),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    work = tmp_path_factory.mktemp("work")
    (work / "zdata dir").mkdir()
    (work / "1 file").touch()
    (work / "zjob one.sh").write_text("#!/bin/sh\n")
    (home / "cache/kslurm").mkdir(parents=True)
    (home / "cache/kslurm/accounts").write_text("def-a_cpu\nrrg-b\n")
    (home / "config/kslurm").mkdir(parents=True)
    (home / "config/kslurm/config").write_text("[template]\nmy big=4 8G\n")
    (home / "lab/venv_archives").mkdir(parents=True)
    (home / "lab/venv_archives/fit.tar.zst").touch()
    (home / "lab/venv_archives/mine (old).tar.gz").touch()
    env = {k: v for k, v in os.environ.items() if not k.startswith(("SLURM", "SBATCH", "XDG_", "KSLURM_"))}
    env.update(KSLURM_PIPDIR=str(home / "lab"), HOME=str(home), PATH=f"{BIN}:{os.environ['PATH']}", LC_ALL="C.UTF-8", LANGUAGE="C",
               XDG_CONFIG_HOME=str(home / "config"), XDG_CACHE_HOME=str(home / "cache"), XDG_DATA_HOME=str(home),
               XDG_CONFIG_DIRS=str(home))
    return env, work


@pytest.fixture(scope="module", params=shells.STARTS)
def shell(request, place):
    shell = shells.Shell(request.param, *place)
    shell.name = request.param
    yield shell
    shell.close()


@pytest.mark.parametrize("keys, want", CASES)
def test_tab(shell, keys, want):
    assert shell.args(keys) == want


@pytest.mark.parametrize("keys, want", REST)
def test_tab_in_another_programs_words(shell, keys, want):
    if shell.name == "bash without bash-completion":
        keys, want = "krun 4 cat zda\to", ["krun", "4", "cat", "zdata dir/o"]
    assert shell.args(keys) == want


def test_tab_lists_with_help(shell):
    shell.shows("krun --n\t\t", "--name", "the job's name", "leave stdin alone")
