"""Shells and lines that krun and kbatch start know what the user's shells know."""
import subprocess
import sys

import pexpect
import pytest

import shelltext

FILES = {"bash": [".bashrc"], "zsh": [".zshenv", ".zshrc"], "fish": [".config/fish/config.fish"]}
BREAK_PATH = {"bash": "PATH=/usr/bin:/bin", "zsh": "PATH=/usr/bin:/bin", "fish": "set -gx PATH /usr/bin /bin"}
KIND = {"bash": "type -t kpy", "zsh": "whence -w kpy", "fish": "type -t kpy"}


@pytest.fixture
def env(env):
    return {k: v for k, v in env.items() if not k.startswith(("PIP_", "UV_"))}


@pytest.fixture(params=shelltext.SHELLS)
def shell(request):
    return request.param


def set_up(folder, shell, code):
    for number, name in enumerate(FILES[shell]):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        setting = f"set -gx MINE{number} it" if shell == "fish" else f"export MINE{number}=it"
        (folder / name).write_text(f"{setting}\n{code}\n")


@pytest.fixture
def open_shell(spawn, shell):
    def start(*argv, **environ):
        more = {"SHELL": f"/usr/bin/{shell}", "TERM": "dumb", **environ}
        child = spawn("krun", "--quiet", "200M", "0:10", *argv, env=more)
        child.delaybeforesend = 0.3
        return child
    return start


def ask(child, code):
    """What the code prints, whatever the prompt and the echo are like."""
    child.sendline(f"printf 'got<%s>%s\\n' \"{code}\" end")
    child.expect(r"got<([^%]*?)>end")
    return child.match[1].strip()


def test_user_s_files_then_ours(open_shell, env, shell, tmp_path):
    set_up(tmp_path / "home", shell, "")
    child = open_shell()
    for number in range(len(FILES[shell])):
        assert ask(child, f"$MINE{number}") == "it"
    assert ask(child, "$SLURMD_NODENAME") != ""
    assert "function" in ask(child, f"$({KIND[shell]})")
    child.sendline("exit 7")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 7


def test_without_files_of_the_user(open_shell, shell):
    assert "function" in ask(open_shell(), f"$({KIND[shell]})")


def test_zsh_s_own_folder(spawn, tmp_path):
    folder = tmp_path / "my zsh"
    folder.mkdir()
    set_up(folder, "zsh", "")
    child = spawn("krun", "--quiet", "200M", env={"SHELL": "/usr/bin/zsh", "TERM": "dumb", "ZDOTDIR": str(folder)})
    assert ask(child, "$MINE0$MINE1") == "itit"
    assert ask(child, "$ZDOTDIR") == str(folder)
    assert ask(child, "${__kslurm_zdotdir-none}") == "none"


def test_active_environment_survives_the_user_s_files(open_shell, shell, tmp_path):
    venv = tmp_path / "an env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    set_up(tmp_path / "home", shell, BREAK_PATH[shell])
    child = open_shell(VIRTUAL_ENV=str(venv), VIRTUAL_ENV_PROMPT="(my env) ")
    assert ask(child, "$(command -v python)") == f"{venv}/bin/python"
    child.sendline("")
    child.expect_exact("(my env) ")
    child.sendline("deactivate")
    assert ask(child, "$VIRTUAL_ENV") == ""


@pytest.mark.parametrize("argv", [("krun",), ("kbatch", "--wait", "-o", "out")])
def test_line(run, argv):
    done = run(*argv, "200M", "0:05", "type -t kpy pip; exit 3")
    out = done.stdout if argv[0] == "krun" else (run.work / "out").read_text()
    assert (out, done.returncode) == ("function\nfunction\n", 3)


def test_line_without_a_place_for_the_text(run):
    done = run("krun", "200M", "0:05", "type -t pip ls; echo \"$0 $#\"", env={"XDG_STATE_HOME": "/proc/none"})
    assert done.returncode == 0, done.stderr
    assert "function" not in done.stdout
    assert done.stdout.split("file\n")[-1].endswith("bash 0\n")


def test_several_words_are_no_line(run):
    done = run("krun", "--quiet", "200M", "0:05", "bash", "-c", "type -t pip ls")
    assert "function" not in done.stdout


@pytest.fixture(params=["krun", "kbatch"])
def job_environ(request, run):
    def get(**environ):
        if request.param == "krun":
            out = run("krun", "--quiet", "200M", "0:05", "env", "-0", env=environ).stdout
        else:
            done = run("kbatch", "--wait", "-o", "out", "200M", "0:05", "env", "-0", env=environ)
            assert done.returncode == 0, done.stderr
            out = (run.work / "out").read_text()
        return dict(pair.split("=", 1) for pair in out.split("\0") if "=" in pair)
    return get


def test_pip_finds_the_wheelhouse_and_stays_offline(job_environ, tmp_path):
    (tmp_path / "a b").mkdir()
    found = job_environ(KSLURM_PIPDIR=str(tmp_path / "a b"))
    assert found["PIP_FIND_LINKS"] == f"file://{tmp_path}/a%20b/wheels"
    assert "wheels" in found["UV_FIND_LINKS"]
    assert (found["PIP_NO_INDEX"], found["UV_OFFLINE"]) == ("1", "1")
    assert not {"KSLURM_KPY", "KSLURM_INIT", "KSLURM_RC"} & set(found)


def test_pip_on_nodes_with_internet(job_environ, tmp_path):
    found = job_environ(KSLURM_PIPDIR=str(tmp_path), KSLURM_COMPUTE_NETWORK="yes")
    assert found["PIP_FIND_LINKS"] == f"file://{tmp_path}/wheels"
    assert not {"PIP_NO_INDEX", "UV_OFFLINE"} & set(found)


def test_pip_as_the_user_set_it(job_environ, tmp_path):
    found = job_environ(KSLURM_PIPDIR=str(tmp_path), PIP_NO_INDEX="0", PIP_FIND_LINKS="/mine")
    assert (found["PIP_NO_INDEX"], found["UV_OFFLINE"]) == ("0", "1")
    assert found["PIP_FIND_LINKS"].split() == ["/mine", f"file://{tmp_path}/wheels"]


def test_pip_without_a_pipdir(job_environ):
    assert [name for name in job_environ() if name.startswith(("PIP_", "UV_"))] == []
