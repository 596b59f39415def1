"""A thousand submissions, one request each."""
import re
import subprocess

import pytest


@pytest.fixture(scope="module")
def slurm(make_sandbox):
    return make_sandbox()


def submissions(slurm):
    return int(re.search(r"REQUEST_SUBMIT_BATCH_JOB\s+\(\s*\d+\) count:(\d+)", slurm.ask("sdiag")).group(1))


def test_a_thousand(run, slurm):
    run("kbatch", "--quiet", "--hold", "200M", "true")
    before = submissions(slurm)
    done = run("bash", "-c", "for i in {1..1000}; do kbatch --quiet --hold 100M 0:05 true || exit; done", timeout=300)
    assert done.returncode == 0, done.stderr
    assert len(set(done.stdout.split())) == 1000
    assert submissions(slurm) - before == 1000
    will_run = re.search(r"REQUEST_JOB_WILL_RUN", slurm.ask("sdiag"))
    assert will_run is None
