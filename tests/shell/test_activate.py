"""Activation in real shells: one call, and everything back as it was."""
import json
import subprocess

import pytest

import shelltext

NAMES = ["PATH", "VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "PYTHONHOME", "PIP_FIND_LINKS", "UV_FIND_LINKS", "PIP_NO_INDEX",
         "UV_OFFLINE"]
# what a child sees, one line each time
SEEN = "\"$PYTHON\" -c 'import json, os, sys; print(json.dumps({n: os.environ.get(n) for n in sys.argv[1:]}))' " + " ".join(NAMES) + "\n"
PROMPT = {"bash": 'printf "%s\\n" "$PS1"\n', "zsh": 'print -r -- "$PS1"\n', "fish": "fish_prompt; echo\n"}
SET_PROMPT = {"bash": "PS1='> '\n", "zsh": "PS1='> '\n", "fish": "function fish_prompt; echo -n '> '; end\n"}
EXPORT = {"bash": "export {}={}\n", "zsh": "export {}={}\n", "fish": "set -gx {} {}\n"}


@pytest.fixture(params=shelltext.SHELLS)
def text(request, run, env, tmp_path):
    env.update(PYTHON="/usr/bin/python3")
    for name in NAMES[1:]:
        env.pop(name, None)
    return shelltext.Text(run, request.param, tmp_path)


@pytest.fixture(scope="session")
def venv(tmp_path_factory):
    path = tmp_path_factory.mktemp("other") / "a venv"
    subprocess.run(["/usr/bin/python3", "-m", "venv", "--without-pip", path], check=True)
    return path


def activate(text, *words):
    return " ".join(["__kslurm_activate", *(shelltext.quote(text.shell, w) for w in words)]) + "\n"


def states(done):
    return [json.loads(line) for line in shelltext.has_no_stderr(done).splitlines() if line.startswith("{")]


def plain(path):
    return path.split(":")


@pytest.mark.parametrize("before", [{}, dict.fromkeys(NAMES[4:], "mine") | {"PIP_FIND_LINKS": "", "PYTHONHOME": ""}],
                         ids=["unset", "set"])
@pytest.mark.parametrize("offline", ["0", "1"])
def test_everything_is_put_back(text, env, before, offline):
    links, uv = "file:///a%20b file:///c", "/a b,/c"
    done = text.sh(SEEN + activate(text, "/it's a $(venv)", "name", links, uv, offline) + SEEN + "deactivate\n" + SEEN,
                   env=before)
    was, active, after = states(done)
    assert after == was
    kept = "1" if offline == "1" else None
    assert active == {"PATH": f"/it's a $(venv)/bin:{was['PATH']}", "VIRTUAL_ENV": "/it's a $(venv)",
                      "VIRTUAL_ENV_PROMPT": "name", "PYTHONHOME": None, "PIP_FIND_LINKS": links, "UV_FIND_LINKS": uv,
                      "PIP_NO_INDEX": kept or was["PIP_NO_INDEX"], "UV_OFFLINE": kept or was["UV_OFFLINE"]}


def test_what_is_not_given_stays(text):
    done = text.sh(SEEN + activate(text, "/v", "v", "", "", "0") + SEEN, env={"PIP_FIND_LINKS": "mine"})
    was, active = states(done)
    assert {n: active[n] for n in NAMES[4:]} == {n: was[n] for n in NAMES[4:]}


def test_one_after_another(text):
    done = text.sh(SEEN + activate(text, "/a", "a", "x", "x", "1") + activate(text, "/b", "b", "", "", "0") + SEEN
                   + "deactivate\n" + SEEN)
    was, active, after = states(done)
    assert after == was
    assert plain(active["PATH"]) == ["/b/bin", *plain(was["PATH"])]
    assert (active["PIP_FIND_LINKS"], active["PIP_NO_INDEX"]) == (None, None)


def test_a_path_that_grew_keeps_what_came(text):
    more = {"bash": "PATH=/new:$PATH\n", "zsh": "PATH=/new:$PATH\n", "fish": "set -gx PATH /new $PATH\n"}[text.shell]
    was, after = states(text.sh(SEEN + activate(text, "/v", "v", "", "", "0") + more + "deactivate\n" + SEEN))
    assert plain(after["PATH"]) == ["/new", *plain(was["PATH"])]


def test_the_shells_own_tables_follow(text, run, env, tmp_path):
    """A program that the shell has run before is found anew."""
    for name in ("one", "two"):
        (tmp_path / name / "bin").mkdir(parents=True)
        (tmp_path / name / "bin" / "thing").write_text(f"#!/bin/sh\necho {name}\n")
        (tmp_path / name / "bin" / "thing").chmod(0o755)
    done = text.sh("thing\n" + activate(text, str(tmp_path / "two"), "x", "", "", "0") + "thing\ndeactivate\nthing\n",
                   env={"PATH": f"{tmp_path}/one/bin:{env['PATH']}"})
    assert shelltext.has_no_stderr(done).split() == ["one", "two", "one"]


def test_prompt(text):
    show = PROMPT[text.shell]
    done = text.sh(SET_PROMPT[text.shell] + show + activate(text, "/v", "my env", "", "", "0") + show
                   + "__kslurm_prompt '*my env'\n" + show + "__kslurm_prompt 'new'\n" + show + "deactivate\n" + show)
    assert shelltext.has_no_stderr(done) == "> \n(my env) > \n(*my env) > \n(new) > \n> \n"


def test_prompt_is_left_alone_when_asked(text):
    show = PROMPT[text.shell]
    done = text.sh(SET_PROMPT[text.shell] + activate(text, "/v", "v", "", "", "0") + "__kslurm_prompt '*v'\n" + show + SEEN
                   + "deactivate\n" + show, env={"VIRTUAL_ENV_DISABLE_PROMPT": "1"})
    lines = shelltext.has_no_stderr(done).splitlines()
    assert (lines[0], lines[2]) == ("> ", "> ")
    assert json.loads(lines[1])["VIRTUAL_ENV_PROMPT"] == "*v"


def test_prompt_that_changed_since_is_kept(text):
    change = {"bash": "PS1='new> '\n", "zsh": "PS1='new> '\n", "fish": "function fish_prompt; echo -n 'new> '; end\n"}
    done = text.sh(SET_PROMPT[text.shell] + activate(text, "/v", "v", "", "", "0") + change[text.shell] + "deactivate\n"
                   + PROMPT[text.shell])
    assert shelltext.has_no_stderr(done) == "new> \n"


def test_a_prompt_is_no_code(run, text):
    """An interactive prompt expands what stands in it."""
    expand = {"bash": 'printf "%s\\n" "${PS1@P}"\n', "zsh": 'setopt promptsubst; print -P -- "$PS1"\n', "fish": "fish_prompt; echo\n"}
    name = "a$(touch F)`touch F`\\$(touch F)%(?.x.y)${HOME}"
    done = text.sh(SET_PROMPT[text.shell] + activate(text, "/v", name, "", "", "0") + expand[text.shell])
    assert "touch F" in shelltext.has_no_stderr(done)
    assert list(run.work.iterdir()) == []


def test_status_in_a_fish_prompt(run, tmp_path):
    text = shelltext.Text(run, "fish", tmp_path)
    done = text.sh("function fish_prompt; echo -n \"$status> \"; end\n" + activate(text, "/v", "v", "", "", "0") + "false\nfish_prompt")
    assert done.stdout == "(v) 1> "


def test_no_prompt_in_a_script(run, tmp_path):
    text = shelltext.Text(run, "bash", tmp_path)
    done = text.sh("unset PS1\n" + activate(text, "/v", "v", "", "", "0") + 'echo "${PS1-none}"; deactivate; echo "${PS1-none}"\n')
    assert shelltext.has_no_stderr(done) == "none\nnone\n"


def test_over_a_foreign_activation(text, venv):
    script = venv / "bin" / ("activate.fish" if text.shell == "fish" else "activate")
    foreign = f". {shelltext.quote(text.shell, str(script))}\n"
    done = text.sh(SET_PROMPT[text.shell] + SEEN + foreign + SEEN + activate(text, "/v", "v", "", "", "0") + SEEN
                   + PROMPT[text.shell] + "deactivate\n" + SEEN + PROMPT[text.shell])
    was, theirs, ours, after = states(done)
    assert theirs["VIRTUAL_ENV"] == str(venv)
    assert plain(ours["PATH"]) == ["/v/bin", *plain(was["PATH"])]
    assert after == was
    assert [line for line in done.stdout.splitlines() if line[0] != "{"] == ["(v) > ", "> "]


def test_under_a_foreign_activation(text, venv):
    script = venv / "bin" / ("activate.fish" if text.shell == "fish" else "activate")
    foreign = f". {shelltext.quote(text.shell, str(script))}\n"
    done = text.sh(SET_PROMPT[text.shell] + SEEN + activate(text, "/v", "v", "x", "x", "1") + foreign + SEEN
                   + activate(text, "/w", "w", "", "", "0") + SEEN + "deactivate\n" + SEEN + PROMPT[text.shell])
    was, _, ours, after = states(done)
    assert plain(ours["PATH"]) == ["/w/bin", *plain(was["PATH"])]
    assert ours["PIP_FIND_LINKS"] is None
    assert after == was
    assert done.stdout.splitlines()[-1] == "> "


def test_over_an_inherited_activation(text, venv, env):
    """The shell was started by one in which an environment is active: there is no function to undo it."""
    inherited = {"VIRTUAL_ENV": str(venv), "VIRTUAL_ENV_PROMPT": "x", "PATH": f"{venv}/bin:{env['PATH']}"}
    active, after = states(text.sh(activate(text, "/v", "v", "", "", "0") + SEEN + "deactivate\n" + SEEN, env=inherited))
    assert active["PATH"] == f"/v/bin:{env['PATH']}"
    assert (after["PATH"], after["VIRTUAL_ENV"], after["VIRTUAL_ENV_PROMPT"]) == (env["PATH"], None, None)


def test_prompt_refresh_is_for_our_environment(text):
    done = text.sh(SET_PROMPT[text.shell] + activate(text, "/v", "v", "", "", "0")
                   + EXPORT[text.shell].format("VIRTUAL_ENV", "/other") + "__kslurm_prompt '*v'\n" + SEEN + PROMPT[text.shell])
    assert states(done)[0]["VIRTUAL_ENV_PROMPT"] == "v"
    assert done.stdout.splitlines()[-1] == "(v) > "
