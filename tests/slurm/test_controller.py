"""A controller that is down, or hangs."""
import os
import signal
import subprocess
import time

import pytest


@pytest.fixture
def frozen(slurm):
    pid = int((slurm.folder / "run" / "slurmctld.pid").read_text())

    def freeze():
        os.kill(pid, signal.SIGSTOP)

    freeze.thaw = lambda: os.kill(pid, signal.SIGCONT)
    yield freeze
    freeze.thaw()
    end = time.monotonic() + 30
    while "UP" not in slurm.ask("scontrol", "ping"):
        assert time.monotonic() < end
        time.sleep(0.2)


def test_a_query_ends_in_time(run, frozen):
    frozen()
    start = time.monotonic()
    done = run("krun", "--quiet", "echo", "hi", env={"SLURM_JOB_ID": "1"}, timeout=60)
    assert done.returncode != 0
    assert time.monotonic() - start < 30


def test_a_submission_cut_by_slurm_may_have_been_taken(run, frozen):
    frozen()
    done = run("kbatch", "--quiet", "--name", "perhaps", "200M", "true")
    assert done.returncode == 1
    assert "may have been accepted" in done.stderr
    assert "squeue --me --name=perhaps" in done.stderr


def test_interrupt_in_the_middle_leaves_no_job(run, env, slurm, frozen):
    frozen()
    child = subprocess.Popen(["kbatch", "--quiet", "--name", "middle", "200M", "sleep 300"], env=env, cwd=run.work,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(0.5)
    child.send_signal(signal.SIGINT)
    time.sleep(0.5)
    frozen.thaw()
    _, errors = child.communicate(timeout=60)
    assert child.returncode == 130, errors
    assert "waiting for Slurm's answer" in errors
    end = time.monotonic() + 20
    while slurm.ask("squeue", "-h", "-n", "middle", "-o", "%i"):
        assert time.monotonic() < end
        time.sleep(0.2)
