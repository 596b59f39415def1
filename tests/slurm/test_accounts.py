"""Accounts, on a Slurm that keeps them."""
import json
import re

import pytest


@pytest.fixture(scope="module")
def slurm(make_sandbox):
    return make_sandbox("--accounting")


def test_a_wrong_account_is_refused_with_the_right_ones(run):
    done = run("kbatch", "-a", "nosuch", "200M", "true")
    assert done.returncode == 1
    assert "Invalid account" in done.stderr
    assert re.search(r"your accounts are: .*def-lab_cpu", done.stderr)


def test_accounts_are_listed_the_sooner_first(run):
    done = run("kslurm", "config", "account", "-i", "--json")
    accounts = json.loads(done.stdout)
    levels = [a["level_fs"] for a in accounts if a["level_fs"] is not None]
    assert levels == sorted(levels, reverse=True) and len(set(levels)) >= 2
    assert {"def-lab_cpu", "def-lab_gpu"} <= {a["account"] for a in accounts}


def test_the_kind_of_job_chooses_the_account(run, slurm):
    run("kslurm", "config", "account.cpu", "def-lab_cpu")
    run("kslurm", "config", "account.gpu", "def-lab_gpu")
    for words, account in ((("200M",), "def-lab_cpu"), (("200M", "gpu"), "def-lab_gpu")):
        job = run("kbatch", "--hold", *words, "true").stdout.strip()
        assert f"Account={account} " in slurm.ask("scontrol", "-o", "show", "job", job)
        slurm.ask("scancel", job)
