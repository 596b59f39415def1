"""A real Slurm for the tests, started by the command that newcomers use."""
import os
import pathlib
import subprocess
import time

import pexpect
import pytest


class Sandbox:
    """A private Slurm and what a user does with it."""

    def __init__(self, program, folder, *options):
        self.program = program
        self.folder = pathlib.Path(folder)
        self.options = options

    def up(self):
        environ = {k: v for k, v in os.environ.items() if not k.startswith("SLURM")}
        subprocess.run([self.program, "sandbox", "up", "--dir", self.folder, *self.options], check=True,
                       stdout=subprocess.PIPE, env=environ, timeout=120)

    def down(self):
        subprocess.run([self.program, "sandbox", "down", "--dir", self.folder], check=True, timeout=60)

    @property
    def conf(self):
        return str(self.folder / "slurm.conf")

    def ask(self, *argv):
        done = subprocess.run([str(a) for a in argv], env={**os.environ, "SLURM_CONF": self.conf}, errors="replace",
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)
        return done.stdout.strip()

    def state(self, job):
        return self.ask("scontrol", "-o", "show", "job", job).split("JobState=")[-1].split()[0]

    def wait(self, job, *states, timeout=60):
        """Waits until the job has left the queue, or is in one of the states."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            now = self.state(job)
            if now in states or (not states and now not in ("PENDING", "RUNNING", "CONFIGURING", "COMPLETING")):
                return now
            time.sleep(0.1)
        raise AssertionError(f"job {job} is still {self.state(job)}")


@pytest.fixture(scope="session")
def make_sandbox(bin_dir, tmp_path_factory):
    made = []

    def make(*options):
        folder = f"/tmp/kslurm-test-{os.getpid()}-{len(made)}"
        sandbox = Sandbox(bin_dir / "kslurm", folder, *options)
        made.append(sandbox)
        sandbox.up()
        return sandbox

    yield make
    for sandbox in made:
        sandbox.down()


@pytest.fixture(scope="session")
def slurm(make_sandbox):
    return make_sandbox("--message-timeout", "2")


@pytest.fixture
def env(env, slurm):
    return {**env, "SLURM_CONF": slurm.conf}


@pytest.fixture
def spawn(env, tmp_path):
    """Starts a program on a terminal."""
    children = []

    def start(*argv, **more):
        child = pexpect.spawn(str(argv[0]), [str(a) for a in argv[1:]], env={**env, **more.pop("env", {})},
                              cwd=str(tmp_path), timeout=30, encoding="utf-8", dimensions=(30, 100), **more)
        children.append(child)
        return child

    yield start
    for child in children:
        child.close(force=True)


@pytest.fixture
def drained(slurm):
    """No node takes a job until the test is over."""
    names = ",".join(slurm.ask("sinfo", "-h", "-N", "-p", "main", "-o", "%N").split())
    slurm.ask("scontrol", "update", f"nodename={names}", "state=drain", "reason=test")
    yield
    slurm.ask("scontrol", "update", f"nodename={names}", "state=resume")
