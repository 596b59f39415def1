"""'kslurm config', the account chooser and 'kslurm neuroglia-helpers'."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import termios

import pexpect
import pytest

SSHARE = """#!/bin/sh
case "$*" in
*-U*) printf 'Account|User|LevelFS\\n%s' "$USER_ROWS" ;;
*) printf 'Account|User|LevelFS\\n%s' "$SHARE_ROWS" ;;
esac
"""
APART = " def-a_cpu|me|0.5\n def-a_gpu|me|inf\n rrg-b_cpu|me|\n rrg-b_gpu|me|2\n"
SHARES = "def-a_cpu||1\nrrg-b_cpu||7\nroot||9\n"


@pytest.fixture
def slurm(env, tmp_path):
    """A stand-in: LevelFS values cannot be had from a fresh Slurm on demand."""
    folder = tmp_path / "slurm"
    folder.mkdir()
    for name, text in (("sshare", SSHARE), ("sacctmgr", "#!/bin/sh\nexit 1\n")):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    env.update(PATH=f"{folder}:{env['PATH']}", USER_ROWS=APART, SHARE_ROWS=SHARES, TERM="xterm")
    return folder


@pytest.fixture
def file(env):
    return pathlib.Path(env["XDG_CONFIG_HOME"], "kslurm", "config")


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_set_and_show(run, file):
    assert run("kslurm", "config", "account", "def-lab").returncode == 0
    assert run("kslurm", "config", "account.gpu", "rrg-lab").returncode == 0
    done = run("kslurm", "config", "account")
    assert (done.returncode, done.stdout, done.stderr) == (0, "def-lab\naccount.gpu: rrg-lab\n", "")
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert file.stat().st_mode & 0o777 == 0o600
    assert not list(file.parent.glob("config?*"))


def test_unset(run):
    done = run("kslurm", "config", "account")
    assert (done.returncode, done.stdout) == (1, "")
    assert "is not set" in done.stderr
    assert run("kslurm", "config", "--unset", "account").returncode == 1
    run("kslurm", "config", "account", "x")
    assert run("kslurm", "config", "--unset", "account").returncode == 0
    assert run("kslurm", "config", "account").returncode == 1


def test_layers_and_origin(run, env, file):
    site = pathlib.Path(env["XDG_CONFIG_DIRS"], "kslurm", "config")
    write(site, "[kslurm]\naccount=site\npipdir=/site\nscratch=/site\n")
    write(file, "[kslurm]\naccount=user\nscratch=/user\n")
    done = run("kslurm", "config", "list", "--show-origin", env={"KSLURM_SCRATCH": "/env", "KSLURM_NOPE": "1"})
    assert done.stdout.splitlines() == [f"{file}\taccount: user", f"{site}\tpipdir: /site", "KSLURM_SCRATCH\tscratch: /env"]
    done = run("kslurm", "config", "list", "--json")
    assert json.loads(done.stdout)[0] == {"key": "account", "value": "user", "origin": str(file)}
    assert json.loads(run("kslurm", "config", "--json", "pipdir").stdout)[0]["value"] == "/site"


def test_the_nearer_site_wins_and_origins_are_said(run, env, file, tmp_path):
    near, far = (tmp_path / name / "kslurm" / "config" for name in ("near", "far"))
    write(near, "[kslurm]\naccount=near\n[template]\nBig=8 32G\n")
    write(far, "[kslurm]\naccount=far\npipdir=/far\n[interactive]\nmax-time=8h\n")
    write(file, "[account]\ngpu=mine\n")
    env.update(XDG_CONFIG_DIRS=f"{near.parents[1]}:{far.parents[1]}")
    assert run("kslurm", "config", "list", "--show-origin").stdout.splitlines() == [
        f"{near}\taccount: near", f"{file}\taccount.gpu: mine", f"{far}\tinteractive.max-time: 8h",
        f"{far}\tpipdir: /far", f"{near}\ttemplate.Big: 8 32G"]
    assert run("kslurm", "config", "--show-origin", "account.gpu").stdout == f"{file}\tmine\n"
    env.update(KSLURM_ACCOUNT_GPU="var", KSLURM_INTERACTIVE_MAX_TIME="9h")
    assert run("kslurm", "config", "--show-origin", "account.gpu").stdout == "KSLURM_ACCOUNT_GPU\tvar\n"
    assert run("kslurm", "config", "--show-origin", "interactive.max-time").stdout == "KSLURM_INTERACTIVE_MAX_TIME\t9h\n"
    assert run("kslurm", "config", "account").stdout == "near\naccount.gpu: var\n"
    assert run("kslurm", "config", "account", env={"KSLURM_ACCOUNT": ""}).stdout == "account.gpu: var\n"
    run("kslurm", "config", "pipdir", "/mine")
    assert run("kslurm", "config", "--show-origin", "pipdir").stdout == f"{file}\t/mine\n"
    run("kslurm", "config", "--unset", "pipdir")
    assert run("kslurm", "config", "--show-origin", "pipdir").stdout == f"{far}\t/far\n"


@pytest.mark.parametrize("words", [("default.time", "soon"), ("default.cpus", "0"), ("default.memory", "much"),
                                   ("gpu.style", "both"), ("compute.network", "maybe"), ("bad key", "x"),
                                   ("account", "x", "y"), ("-i", "pipdir"), ("--unset", "account", "x"), ()])
def test_refused(run, file, words):
    done = run("kslurm", "config", *words)
    assert done.returncode == 2
    assert done.stderr.startswith("kslurm: ")
    assert not file.exists()


def test_undeclared_key(run):
    done = run("kslurm", "config", "acount", "x")
    assert done.returncode == 0
    assert "did you mean 'account'" in done.stderr
    assert run("kslurm", "config", "acount").stdout == "x\n"


def test_value_that_reads_like_a_verb(run):
    run("kslurm", "config", "account", "list")
    assert run("kslurm", "config", "account").stdout == "list\n"


def test_comments_stay(run, file):
    write(file, "# mine\n[kslurm]\n# why\naccount=a\n")
    run("kslurm", "config", "account", "b")
    assert [line for line in file.read_text().splitlines() if line] == ["# mine", "[kslurm]", "# why", "account=b"]


@pytest.mark.parametrize("text", [b"[kslurm", b"account=1\n", b"[kslurm]\naccount=\xff\n", b"[kslurm]\n" + b"#" * 2**20],
                         ids=["open", "no-group", "bytes", "large"])
def test_damaged(run, file, text):
    file.parent.mkdir(parents=True)
    file.write_bytes(text)
    for words in (("account",), ("account", "x"), ("list",)):
        done = run("kslurm", "config", *words)
        assert done.returncode == 1
        assert str(file) in done.stderr
    assert file.read_bytes() == text


def test_byte_order_mark(run, file):
    write(file, "\ufeff[kslurm]\naccount = def-lab\n")
    assert run("kslurm", "config", "account").stdout == "def-lab\n"
    assert run("kslurm", "config", "pipdir", "/p").returncode == 0
    assert run("kslurm", "config", "account").stdout == "def-lab\n"


def test_dotted_key_by_hand(run, file):
    """What stands under another spelling of the key would win over what is set."""
    write(file, "[kslurm]\naccount.gpu = old\n# why\n")
    assert run("kslurm", "config", "account.gpu", "new").returncode == 0
    assert "account.gpu: new" in run("kslurm", "config", "account", env={"KSLURM_ACCOUNT": "x"}).stdout
    assert "old" not in file.read_text()
    assert "# why" in file.read_text()
    assert run("kslurm", "config", "--unset", "account.gpu").returncode == 0
    assert "new" not in file.read_text()


def test_too_large_to_read_again(run, file):
    write(file, "[kslurm]\naccount = a\n" + "# long\n" * 149_000)
    done = run("kslurm", "config", "pipdir", "/" + "p" * 60_000)
    assert done.returncode == 1
    assert "larger than kslurm reads" in done.stderr
    assert run("kslurm", "config", "account").stdout == "a\n"


def test_leave_while_another_writes(env, file):
    """A lock that its owner keeps; Ctrl-C ends the waiting."""
    write(file, "[kslurm]\n")
    lock = file.with_name("config.lock")
    lock.write_text("elsewhere - - 1 0 0\n")
    waiting = subprocess.Popen(["kslurm", "config", "account", "a"], env=env, stderr=subprocess.PIPE)
    with pytest.raises(subprocess.TimeoutExpired):
        waiting.wait(0.5)
    waiting.send_signal(signal.SIGINT)
    assert waiting.wait(10) == 130
    assert lock.exists()
    assert "account" not in file.read_text()


def test_twenty_writers(run, env):
    writers = [subprocess.Popen(["kslurm", "config", f"template.t{i}", str(i + 1)], env=env) for i in range(20)]
    assert [writer.wait(60) for writer in writers] == [0] * 20
    done = run("kslurm", "config", "template")
    assert sorted(done.stdout.splitlines()) == sorted(f"template.t{i}: {i + 1}" for i in range(20))


def test_takeover(run, file):
    older = file.with_name("config.json")
    write(older, '{"account": "a", "account.cpu": "c", "neuroglia_profile": "p"}')
    done = run("kslurm", "config", "account.gpu", "new")
    assert done.returncode == 0
    assert str(older) in done.stderr
    done = run("kslurm", "config", "account")
    assert (done.stdout, done.stderr) == ("a\naccount.cpu: c\naccount.gpu: new\n", "")
    assert older.exists()


def test_takeover_by_many(run, env, file):
    write(file.with_name("config.json"), '{"account": "a"}')
    readers = [subprocess.Popen(["kslurm", "config", "account"], env=env, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL) for _ in range(10)]
    assert [reader.communicate(timeout=60)[0] for reader in readers] == [b"a\n"] * 10


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"a":' + "[" * 300000, '{"account": 3}'],
                         ids=["empty", "cut", "list", "deep", "number"])
def test_takeover_damaged(run, file, text):
    write(file.with_name("config.json"), text)
    done = run("kslurm", "config", "account")
    assert done.returncode == 1
    assert "is not set" in done.stderr


def test_takeover_in_a_home_that_cannot_be_written(env, bin_dir):
    # root writes everywhere, so somebody else looks
    become = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as home:
        folder = pathlib.Path(home, "kslurm")
        folder.mkdir()
        (folder / "config.json").write_text('{"account": "a"}')
        folder.chmod(0o555)
        pathlib.Path(home).chmod(0o755)
        done = subprocess.run([*become, str(bin_dir / "kslurm"), "config", "account"], text=True, check=False,
                              env={**env, "XDG_CONFIG_HOME": home, "XDG_CONFIG_DIRS": home}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert (done.returncode, done.stdout) == (0, "a\n"), done.stderr
        assert not (folder / "config").exists()
        folder.chmod(0o755)


def test_accounts_without_terminal(run, env, slurm):
    done = run("kslurm", "config", "account", "-i")
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["def-a_gpu", "rrg-b_cpu", "rrg-b_gpu", "def-a_cpu"]
    assert "no terminal" in done.stderr
    done = run("kslurm", "config", "account", "-i", "--json")
    assert json.loads(done.stdout)[:2] == [{"account": "def-a_gpu", "level_fs": None},
                                           {"account": "rrg-b_cpu", "level_fs": 7.0}]
    cached = pathlib.Path(env["XDG_CACHE_HOME"], "kslurm", "accounts").read_text()
    assert cached.split() == ["def-a_gpu", "rrg-b_cpu", "rrg-b_gpu", "def-a_cpu"]


def test_no_accounting(run, env, slurm):
    env.update(USER_ROWS="")
    done = run("kslurm", "config", "account", "-i")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no account" in done.stderr


def test_fallback(run, env, slurm):
    env.update(USER_ROWS="")
    (slurm / "sacctmgr").write_text("#!/bin/sh\nprintf 'def-b\\ndef-a\\ndef-a\\n'\n")
    done = run("kslurm", "config", "account", "-i")
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["def-a", "def-b"]


def test_sshare_fails(run, env, slurm):
    (slurm / "sshare").write_text("#!/bin/sh\necho 'Unable to contact \033[2J controller' >&2\nexit 1\n")
    done = run("kslurm", "config", "account", "-i")
    assert done.returncode == 1
    assert "Unable to contact" in done.stderr
    assert "\033" not in done.stderr


def choose(env, *keys):
    """Types the keys; gives the status and whether the terminal is as it was."""
    child = pexpect.spawn("kslurm", ["config", "account", "-i"], env=env, encoding="utf-8", timeout=10, dimensions=(10, 80))
    before = termios.tcgetattr(child.child_fd)
    for title, text in keys:
        child.expect(title)
        child.expect_exact("LevelFS")
        child.send(text)
    child.expect(pexpect.EOF)
    after = termios.tcgetattr(child.child_fd) if sys.platform == "linux" else before
    child.close()
    status = child.exitstatus if child.exitstatus is not None else 128 + child.signalstatus
    return status, before[3] == after[3], child.before


def test_choose_apart(run, env, slurm):
    run("kslurm", "config", "account", "old")
    status, restored, text = choose(env, ("without GPUs", "j\r"), ("with GPUs", "\033[B\033[B\033[A\r"))
    assert (status, restored) == (0, True)
    assert "account.cpu: def-a_cpu" in text
    assert run("kslurm", "config", "account").stdout == "account.cpu: def-a_cpu\naccount.gpu: def-a_gpu\n"


def test_choose_one(run, env, slurm):
    env.update(USER_ROWS="".join(f"acc{i:02}|me|{i}\n" for i in range(1, 16)), SHARE_ROWS="")
    status, restored, _ = choose(env, ("account:", "12\r"))
    assert (status, restored) == (0, True)
    assert run("kslurm", "config", "account").stdout == "acc04\n"


@pytest.mark.parametrize("keys", ["q", "\033", "\003"])
def test_leave(env, file, slurm, keys):
    status, restored, text = choose(env, ("without GPUs", keys))
    assert (status, restored) == (130, True)
    assert text.rstrip().endswith("\033[?25h")
    assert not file.exists()


def test_terminate(env, slurm):
    child = pexpect.spawn("kslurm", ["config", "account", "-i"], env=env, encoding="utf-8", timeout=10)
    before = termios.tcgetattr(child.child_fd)
    child.expect_exact("LevelFS")
    assert termios.tcgetattr(child.child_fd)[3] != before[3]
    child.kill(15)
    child.expect(pexpect.EOF)
    assert termios.tcgetattr(child.child_fd)[3] == before[3]
    child.close()
    assert child.exitstatus == 143


def test_neuroglia_helpers(run, tmp_path):
    folder = tmp_path / "it's $(touch F) here"
    (folder / "cfg").mkdir(parents=True)
    (folder / "cfg" / "graham_lab.cfg").write_text("NEUROGLIA_URI=uri\n")
    done = run("kslurm", "neuroglia-helpers")
    assert (done.returncode, done.stdout) == (1, "")
    assert "neuroglia.dir" in done.stderr
    run("kslurm", "config", "neuroglia.dir", folder)
    run("kslurm", "config", "neuroglia_profile", "lab")
    assert run("kslurm", "neuroglia-helpers", "--src-dir").stdout == f"{folder}\n"
    code = 'set -eu; source <(kslurm neuroglia-helpers) light; source <(kslurm neuroglia-helpers) light; ' \
           'printf "%s\\n" "$NEUROGLIA_DIR" "$NEUROGLIA_URI" "${PATH%%:*}"; env | grep NEUROGLIA_URI'
    done = run("bash", "-c", code)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [str(folder), "uri", f"{folder}/bin", "NEUROGLIA_URI=uri"]
    assert not (run.work / "F").exists()


def test_keys_for_the_manual(run):
    text = run("kslurm", "config", "list", "--keys=rst").stdout
    assert "``account = ACCOUNT``" in text
    assert "``template.NAME" in text
