"""Tab behind '--after' offers the user's own jobs, and never keeps a user waiting."""
import contextlib
import os
import signal
import time

import pytest

import shells


@pytest.fixture
def jobs(slurm, run):
    first = run("kbatch", "0:05", "--name", "pre pare", "sleep 600").stdout.strip()
    array = run("kbatch", "0:05", "--hold", "array:1-40%1", "--name", "sweep", "sleep 600").stdout.strip()
    yield first, array
    slurm.ask("scancel", first, array)
    slurm.wait(first)
    slurm.wait(array)


@contextlib.contextmanager
def silent(slurm):
    pid = int((slurm.folder / "run/slurmctld.pid").read_text())
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
        end = time.monotonic() + 30
        while "UP" not in slurm.ask("scontrol", "ping"):
            assert time.monotonic() < end
            time.sleep(0.2)


def offered(run, text, **env):
    done = run("kbatch", "--complete", "2", "kbatch", "--after", text, env=env)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_jobs_and_their_names(run, slurm, jobs):
    first, array = jobs
    slurm.wait(first, "RUNNING")
    assert {f"{first}\tpre pare", f"{array}\tsweep"} <= set(offered(run, ""))
    assert offered(run, first) == [f"{first}\tpre pare"]
    assert f"{first},{array}\tsweep" in offered(run, f"{first},")
    assert offered(run, f"{first},{first}") == []
    done = run("kbatch", "--complete", "1", "kbatch", f"--after={first}")
    assert done.stdout == f"--after={first}\tpre pare\n"


def test_a_users_own_habits_of_squeue_change_nothing(run, jobs):
    first, _ = jobs
    for name, value in {"FORMAT": "%j", "FORMAT2": "name", "USERS": "nobody", "STATES": "CD", "PARTITION": "short",
                        "NAMES": "x", "ACCOUNT": "x"}.items():
        assert offered(run, first, **{f"SQUEUE_{name}": value}) == [f"{first}\tpre pare"], name


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_tab(env, tmp_path, jobs, shell):
    first, array = jobs
    bin_dir = os.environ["KSLURM_STAGE_BIN"]
    at = shells.Shell(shell, {**env, "PATH": f"{bin_dir}:{env['PATH']}"}, tmp_path)
    assert at.args(f"kbatch --name 'a b' --after {first}\t") == ["kbatch", "--name", "a b", "--after", first]
    assert at.args(f"kbatch --after {first},{array}\t4") == (
        ["kbatch", "--after", f"{first},{array}", "4"])
    at.shows("kbatch --after \t\t", "pre pare", "sweep")
    at.close()


def test_a_silent_slurm_is_not_waited_for_long(run, slurm, jobs):
    with silent(slurm):
        start = time.monotonic()
        assert offered(run, "") == []
        assert 1.9 < time.monotonic() - start < 9
