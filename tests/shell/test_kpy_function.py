"""The function 'kpy' over the real program, and the prompt after pip changed something, in each shell."""
import subprocess

import pytest

import shelltext
import wheels

PROMPT = {"bash": 'printf "%s\\n" "$PS1"\n', "zsh": 'print -r -- "$PS1"\n', "fish": "fish_prompt; echo\n"}
SET_PROMPT = {"bash": "PS1='> '\n", "zsh": "PS1='> '\n", "fish": "function fish_prompt; echo -n '> '; end\n"}
STATUS = {"bash": "|| echo status $?\n", "zsh": "|| echo status $?\n", "fish": "; or echo status $status\n"}


@pytest.fixture(params=shelltext.SHELLS)
def text(request, run, env, tmp_path):
    for name in [n for n in env if n.startswith(("PIP_", "UV_", "VIRTUAL_ENV"))]:
        env.pop(name)
    for name in ("my project", "my scratch"):
        (tmp_path / name).mkdir()
    wheels.make(tmp_path / "my project" / "wheels", "thing")
    # the Python of the machine, not one that a developer's shims choose
    env.update(KSLURM_PIPDIR=str(tmp_path / "my project"), TMPDIR=str(tmp_path / "my scratch"), PIP_NO_INDEX="1",
               PATH=":".join(p for p in env["PATH"].split(":") if "pyenv" not in p))
    return shelltext.Text(run, request.param, tmp_path)


@pytest.fixture(scope="session")
def uv(tmp_path_factory):
    """The folder of a real uv."""
    venv = tmp_path_factory.mktemp("uv") / "venv"
    subprocess.run(["/usr/bin/python3", "-m", "venv", venv], check=True)
    subprocess.run([venv / "bin" / "pip", "-q", "install", "uv"], check=True)
    (venv / "only").mkdir()
    (venv / "only" / "uv").symlink_to(venv / "bin" / "uv")
    return venv / "only"


def outcome(done):
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_an_environment_from_first_to_last(text, run, tmp_path):
    show = PROMPT[text.shell]
    place = {"bash": 'echo "${VIRTUAL_ENV-none}"\n', "zsh": 'echo "${VIRTUAL_ENV-none}"\n',
             "fish": "set -q VIRTUAL_ENV; and echo $VIRTUAL_ENV; or echo none\n"}[text.shell]
    code = "".join([SET_PROMPT[text.shell], "kpy create 'my fit'\n", place, show, "pip install -q thing\n", "kpy save 'my fit'\n", show,
                    "pip uninstall -qy thing\n", show, "pip3 install -q thing\n", show, "kpy rename 'my fit' curves\n", show,
                    "kpy --quiet save -f curves\n", show, "deactivate\n", place, show, "kpy rm curves\n", "kpy list\n"])
    lines = outcome(text.sh(code, timeout=240))
    assert lines[0] == str(next((tmp_path / "my scratch").glob("*/tmp/kslurm-venv-my fit")))
    assert lines[1:9] == ["(*my fit) > ", "(my fit) > ", "(*my fit) > ", "(my fit) > ", "(curves) > ", "(curves) > ", "none", "> "]
    assert not any("curves" in line for line in lines[9:])
    assert not list((tmp_path / "my project" / "venv_archives").glob("curves*"))


def test_a_failure_is_one(text):
    done = text.sh("kpy load 'no such'" + STATUS[text.shell] + "kpy save --no-such-option x" + STATUS[text.shell] + "kpy no-such-verb"
                   + STATUS[text.shell])
    assert [line for line in outcome(done) if line.startswith("status")] == ["status 1", "status 2", "status 2"]
    assert done.stderr.count("kpy: ") == 3


@pytest.mark.parametrize("words", [["load", "-h"], ["-h"], ["--help"], ["list", "--json"], ["--version"], ["save", "--help"]], ids=" ".join)
def test_what_changes_no_shell_is_shown_as_it_is(run, text, words):
    plain = run("kpy", *words)
    assert text.sh("kpy " + " ".join(words)).stdout == plain.stdout
    assert plain.returncode == 0 and plain.stdout


def test_words_are_no_code(run, text):
    name = "a'; touch F; echo $(touch F)"
    done = text.sh(f"kpy load {shelltext.quote(text.shell, name)}" + STATUS[text.shell])
    assert "status" in done.stdout
    assert list(run.work.iterdir()) == []


def test_uv_finds_the_wheelhouse_and_the_prompt_follows(text, env, uv):
    show = PROMPT[text.shell]
    code = SET_PROMPT[text.shell] + "kpy create x\nkpy save x\n" + show + "uv pip install -q thing\n" + show
    done = text.sh(code, env={"PATH": f"{uv}:{env['PATH']}", "UV_OFFLINE": "1"}, timeout=240)
    assert outcome(done) == ["(x) > ", "(*x) > "]


def test_python_m_pip_finds_the_wheelhouse(text):
    """Past the function: the variables of an activation say where."""
    done = text.sh("kpy create x\npython -m pip install -q thing\npython -c 'import thing; print(thing.version)'\n", timeout=240)
    assert outcome(done) == ["1.0"]
