"""A controller that is down, or hangs."""
import os
import signal
import subprocess
import time

import pytest


@pytest.fixture(scope="module")
def slurm(make_sandbox):
    """One of our own: the others would miss its controller."""
    return make_sandbox("--message-timeout", "2")


@pytest.fixture
def controller(slurm):
    """Its process, to be stopped or killed; it answers again when the test is over."""
    pid = int((slurm.folder / "run" / "slurmctld.pid").read_text())
    yield pid
    if os.path.exists(f"/proc/{pid}"):
        os.kill(pid, signal.SIGCONT)
    slurm.up()
    end = time.monotonic() + 30
    while "UP" not in slurm.ask("scontrol", "ping"):
        assert time.monotonic() < end
        time.sleep(0.2)


@pytest.fixture
def down(controller):
    os.kill(controller, signal.SIGKILL)
    while os.path.exists(f"/proc/{controller}"):
        time.sleep(0.01)


@pytest.fixture
def hang(controller):
    os.kill(controller, signal.SIGSTOP)


def timed(run, *argv, **more):
    start = time.monotonic()
    done = run(*argv, **more)
    return done, time.monotonic() - start


def test_down_a_query_says_so(run, down):
    done, seconds = timed(run, "kslurm", "config", "account", "-i")
    assert (done.returncode, done.stdout) == (1, "")
    assert seconds < 10
    assert "'sshare' failed: " in done.stderr and "Unable to contact slurm controller" in done.stderr
    assert "the Slurm controller does not answer" in done.stderr


def test_down_a_submission_says_so(run, down):
    done, seconds = timed(run, "kbatch", "200M", "true")
    assert (done.returncode, done.stdout) == (1, "")
    assert seconds < 10
    assert "Batch job submission failed: Unable to contact slurm controller (connect failure)" in done.stderr
    assert "the Slurm controller does not answer; it may be back" in done.stderr
    assert "may have been accepted" not in done.stderr


def test_down_slurm_speaks_for_krun(run, down):
    for env in ({}, {"SLURM_JOB_ID": "1"}):
        done, seconds = timed(run, "krun", "200M", "echo", "hi", env=env)
        assert (done.returncode, done.stdout) == (1, "")
        assert seconds < 10
        assert "srun: error: " in done.stderr and "Unable to contact slurm controller" in done.stderr


def test_down_a_trial_needs_nobody(run, down):
    done, seconds = timed(run, "krun", "-t", "200M", "echo", "hi")
    assert (done.returncode, done.stdout.split()[-2:]) == (0, ["echo", "hi"])
    assert seconds < 1
    done, seconds = timed(run, "kbatch", "-t", "200M", "echo", "hi")
    assert done.returncode == 0
    assert "exec echo hi" in done.stdout
    assert "not checked with Slurm: " in done.stderr
    assert seconds < 4


def test_hanging_a_query_ends_in_time(run, hang):
    done, seconds = timed(run, "kslurm", "config", "account", "-i")
    assert done.returncode == 1
    assert seconds < 10
    assert "timed out" in done.stderr and "the Slurm controller does not answer" in done.stderr


def test_hanging_a_patient_slurm_is_not_waited_for(run, make_sandbox):
    slurm = make_sandbox("--nodes", "1", "--message-timeout", "60")
    pid = int((slurm.folder / "run" / "slurmctld.pid").read_text())
    os.kill(pid, signal.SIGSTOP)
    done, seconds = timed(run, "kslurm", "config", "account", "-i", env={"SLURM_CONF": slurm.conf})
    os.kill(pid, signal.SIGCONT)
    assert done.returncode == 1
    assert 9 < seconds < 12
    assert "'sshare' gave no answer within 10 s\nthe Slurm controller does not answer" in done.stderr


def test_hanging_a_step_is_not_held_up(run, hang):
    done, seconds = timed(run, "krun", "--quiet", "echo", "hi", env={"SLURM_JOB_ID": "1"})
    assert done.returncode != 0
    assert seconds < 10


def test_hanging_a_submission_may_have_been_taken(run, hang):
    done = run("kbatch", "--quiet", "--name", "per haps", "200M", "true")
    assert done.returncode == 1
    assert "may have been accepted" in done.stderr
    assert "squeue --me --name='per haps'" in done.stderr


def submit(env, run, name, delay=0.5):
    child = subprocess.Popen(["kbatch", "--quiet", "--name", name, "200M", "sleep 300"], env=env, cwd=run.work,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(delay)
    return child


def test_dying_a_submission_may_have_been_taken(run, env, controller, hang):
    child = submit(env, run, "dying")
    os.kill(controller, signal.SIGKILL)
    _, errors = child.communicate(timeout=60)
    assert child.returncode == 1
    assert "may have been accepted" in errors


def is_gone(slurm, name):
    end = time.monotonic() + 20
    while slurm.ask("squeue", "-h", "-n", name, "-o", "%i"):
        assert time.monotonic() < end
        time.sleep(0.2)
    return True


@pytest.mark.parametrize("number, status", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupt_in_the_middle_leaves_no_job(run, env, slurm, controller, hang, number, status):
    child = submit(env, run, "middle")
    child.send_signal(number)
    time.sleep(0.2)
    child.send_signal(number)
    time.sleep(0.3)
    os.kill(controller, signal.SIGCONT)
    output, errors = child.communicate(timeout=60)
    assert (child.returncode, output) == (status, ""), errors
    assert "waiting for Slurm's answer, to cancel the job\n" in errors
    assert "kbatch: cancelled job " in errors
    assert is_gone(slurm, "middle")


def test_interrupt_without_an_answer_says_what_may_be(run, env, hang):
    child = submit(env, run, "unknown")
    child.send_signal(signal.SIGINT)
    output, errors = child.communicate(timeout=60)
    assert (child.returncode, output) == (130, "")
    assert "may have been accepted" in errors and "squeue --me --name=unknown" in errors
