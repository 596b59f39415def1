"""Accounts, on a Slurm that keeps them."""
import json
import pathlib
import re

import pexpect
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


DOWN, UP = "\033[B", "\033[A"
WITHOUT, WITH = "account for jobs without GPUs", "account for jobs with GPUs"


@pytest.fixture
def chooser(spawn):
    """Types keys at each question; gives the status, and what was shown before each key was typed."""

    def choose(*questions):
        child = spawn("kslurm", "config", "account", "-i", env={"TERM": "xterm"})
        screens = []
        for title, keys in questions:
            child.expect_exact(title)
            child.expect(r"(?s).*LevelFS +\S+(?=\D*$)")
            screens.append(child.after)
            child.send(keys)
        child.expect(pexpect.EOF)
        child.wait()
        return child.exitstatus, screens, child.before

    return choose


@pytest.fixture
def accounts(run):
    """Their names, the sooner first, without and with GPUs."""
    names = [a["account"] for a in json.loads(run("kslurm", "config", "account", "-i", "--json").stdout)]
    return [[n for n in names if n.endswith(end)] for end in ("_cpu", "_gpu")]


def shown(screen):
    return re.findall(r"\d+  (\S+)", screen)


def test_the_chooser_shows_and_keeps(run, slurm, chooser, accounts):
    cpu, gpu = accounts
    assert len(cpu) == 2 and len(gpu) == 2
    status, screens, said = chooser((WITHOUT, f"{DOWN}{DOWN}{UP}{DOWN}\r"), (WITH, "2\r"))
    assert status == 0
    assert [shown(s)[:2] for s in screens] == accounts
    assert f"account.cpu: {cpu[1]}" in said and f"account.gpu: {gpu[1]}" in said
    assert run("kslurm", "config", "account").stdout == f"account.cpu: {cpu[1]}\naccount.gpu: {gpu[1]}\n"
    job = run("kbatch", "--quiet", "200M", "true").stdout.strip()
    slurm.wait(job)
    assert slurm.ask("sacct", "-nXP", "-j", job, "-o", "account") == cpu[1]
    job = run("kbatch", "--quiet", "--hold", "200M", "gpu", "true").stdout.strip()
    assert slurm.ask("squeue", "-h", "-j", job, "-o", "%a") == gpu[1]
    slurm.ask("scancel", job)
    assert run("krun", "--quiet", "200M", "echo $SLURM_JOB_ACCOUNT").stdout == f"{cpu[1]}\n"


def test_enter_takes_the_first(run, chooser, accounts):
    status, _, _ = chooser((WITHOUT, "\r"), (WITH, f"{UP}\r"))
    assert status == 0
    assert run("kslurm", "config", "account").stdout == f"account.cpu: {accounts[0][0]}\naccount.gpu: {accounts[1][0]}\n"


@pytest.mark.parametrize("key", ["q", "\033", "\003"], ids=["q", "escape", "interrupt"])
@pytest.mark.parametrize("before", [(), ((WITHOUT, "\r"),)], ids=["first", "second"])
def test_leaving_the_chooser_keeps_nothing(env, chooser, key, before):
    status, _, _ = chooser(*before, (WITH if before else WITHOUT, key))
    assert status == 130
    assert not pathlib.Path(env["XDG_CONFIG_HOME"], "kslurm", "config").exists()
