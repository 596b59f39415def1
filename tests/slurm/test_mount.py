"""An image that a job mounts is gone with the job, whatever ends it."""
import pathlib
import re
import subprocess
import sys
import time

import pytest


@pytest.fixture(scope="module")
def pipdir(bin_dir, tmp_path_factory):
    """A saved environment."""
    folder = tmp_path_factory.mktemp("a project")
    tools = bin_dir.parents[1] / "tests" / "archive"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    site = next((folder / "venv/lib").glob("python3*/site-packages"))
    (site / "answer.py").write_text("VALUE = 42\n")
    (folder / "venv_archives").mkdir()
    subprocess.run([tools / "pack", "save", folder / "venv", folder / "venv_archives/sci.tar.zst"], check=True,
                   stdout=subprocess.DEVNULL)
    return folder


@pytest.fixture
def image(pipdir):
    return pipdir / "venv_archives/sci.sqfs"


@pytest.fixture
def env(env, pipdir):
    return {**env, "KSLURM_PIPDIR": str(pipdir)}


@pytest.fixture
def submit(run, tmp_path):
    """Submits a job that runs a line of shell in the mounted environment."""
    def submit_it(line, *options, srun=""):
        inner = tmp_path / "inner.sh"
        inner.write_text(line)
        script = tmp_path / "job.sh"
        script.write_text(f"#!/bin/bash\necho \"$SLURM_TMPDIR\" >'{tmp_path}/scratch'\n"
                          f"exec {srun} kpy exec --mount sci -- bash '{inner}'\n")
        done = run("sbatch", "--parsable", "-o", tmp_path / "out", "-t", "5", "--mem=200M", *options, script)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    submit_it.out = tmp_path / "out"
    submit_it.scratch = tmp_path / "scratch"
    return submit_it


def wait_for(look, timeout=30):
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come")


def squashfuses(image):
    """The processes that serve this image."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if any(word.startswith(b"/") and b"squashfuse" in word for word in words[:1]) and str(image).encode() in words:
            found.append(path.parent.name)
    return found


def check_clean(slurm, submit, image):
    """No trace on the node, which goes on working."""
    check_node(slurm, pathlib.Path(submit.scratch.read_text().strip()), image)


def check_node(slurm, scratch, image):
    assert scratch.is_absolute()
    wait_for(lambda: not squashfuses(image))
    wait_for(lambda: not scratch.exists())
    assert "squashfuse" not in pathlib.Path("/proc/self/mountinfo").read_text()
    states = wait_for(lambda: re.fullmatch(r"(idle\n?)+", slurm.ask("sinfo", "-h", "-N", "-p", "main", "-o", "%T")))
    assert states


def test_a_job_that_ends(slurm, submit, image):
    job = submit('"$KSLURM_MOUNT/bin/python" -c "import answer, sys; print(answer.VALUE, sys.prefix)"; exit 3')
    assert slurm.wait(job) == "FAILED"
    value, prefix = submit.out.read_text().split(maxsplit=1)
    assert value == "42" and prefix.strip() == submit.scratch.read_text().strip() + "/tmp/kslurm-mount-sci"
    assert "ExitCode=3:0" in slurm.ask("scontrol", "-o", "show", "job", job)
    check_clean(slurm, submit, image)


WAITS = 'trap "" HUP; "$KSLURM_MOUNT/bin/python" -c "import answer; print(answer.VALUE, flush=True)"; sleep 1000'


@pytest.mark.parametrize(("signal", "srun"), [([], ""), ([], "srun"), (["--signal=KILL", "--full"], ""),
                                              (["--signal=KILL", "--full"], "srun"), (["--signal=INT", "--full"], "")])
def test_a_job_that_is_cancelled(slurm, submit, image, signal, srun):
    job = submit(WAITS, srun=srun)
    wait_for(lambda: submit.out.exists() and submit.out.read_text() == "42\n")
    assert len(squashfuses(image)) == 1
    slurm.ask("scancel", *signal, job)
    slurm.wait(job)
    check_clean(slurm, submit, image)


def test_the_command_may_clean_up(slurm, submit, image):
    """What a job does when it is told to end, it does with its environment."""
    line = ('trap \'"$KSLURM_MOUNT/bin/python" -c "import answer; print(answer.VALUE + 1, flush=True)"; exit 0\' TERM\n'
            "echo ready; while :; do sleep 0.1; done")
    job = submit(line)
    wait_for(lambda: submit.out.exists() and submit.out.read_text() == "ready\n")
    slurm.ask("scancel", "--signal=TERM", "--full", job)
    slurm.wait(job)
    assert "43\n" in submit.out.read_text()
    check_clean(slurm, submit, image)


def test_eight_tasks(slurm, submit, image):
    """Each has a mount of its own; the image is made once."""
    image.unlink(missing_ok=True)
    job = submit('"$KSLURM_MOUNT/bin/python" -c "import answer; print(answer.VALUE)"', "-n", "4", "-N", "1", "--overcommit", srun="srun")
    assert slurm.wait(job) == "COMPLETED"
    assert submit.out.read_text() == "42\n" * 4
    check_clean(slurm, submit, image)


@pytest.mark.parametrize("end", ["exit 7", None])
def test_a_shell_in_a_job(slurm, spawn, image, end):
    """'kpy load --mount' opens one, which ends with 'exit' or with the job."""
    child = spawn("krun", "0:05", "300M", "bash", "--norc", "-i")
    child.expect(r"\$ |# ")
    child.sendline('echo "job=$SLURM_JOB_ID" "scratch=$SLURM_TMPDIR."; kpy load sci --mount; echo "status=$?"')
    child.expect(r"job=(\d+) scratch=(\S+)\.\r")
    job, scratch = child.match[1], child.match[2]
    child.sendline('python -c "import answer, sys; print(answer.VALUE + 1, sys.prefix)"')
    child.expect(r"43 (\S+)\r")
    assert child.match[1] == f"{scratch}/tmp/kslurm-mount-sci"
    assert len(squashfuses(image)) == 1
    if end:
        child.sendline(end)
        child.expect("status=7")
        wait_for(lambda: not squashfuses(image))
    slurm.ask("scancel", job)
    slurm.wait(job)
    check_node(slurm, pathlib.Path(scratch), image)


def test_a_node_that_forbids_it(run, image, tmp_path):
    line = "echo 0 >/proc/sys/user/max_user_namespaces && exec kpy exec --mount sci -- true"
    # who is root in there owns no folder of the real root's in /tmp
    done = run("unshare", "-Ur", "sh", "-c", line, env={"TMPDIR": str(tmp_path)})
    assert done.returncode == 1
    assert done.stderr == ("kpy: this node lets users make no namespaces (No space left on device); unpack the environment "
                           "instead, with 'kpy load sci'\n")
    done = run("sh", "-c", "kpy load sci --mount")
    assert done.returncode == 2 and "kpy exec --mount sci -- COMMAND" in done.stderr
