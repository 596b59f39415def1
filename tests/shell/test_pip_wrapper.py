"""The function 'pip' over a real pip: what it adds, what it leaves alone, and where it stays off the network."""
import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest

import shelltext
import wheels

PYTHON = "/usr/bin/python3"
# stands before the real pip and notes the words that it gets; where only these are asked for, pip is not run
RECORDER = """#!/usr/bin/python3
import json, os, sys
kept = {name: value for name, value in os.environ.items() if name in ("PIP_NO_INDEX", "PIP_FIND_LINKS")}
with open(os.environ["NOTED"], "a") as noted:
    print(json.dumps([os.path.basename(sys.argv[0]), sys.argv[1:], kept]), file=noted)
if "NOTE_ONLY" in os.environ:
    sys.exit()
os.execv(os.environ["REAL_PIP"], [os.environ["REAL_PIP"], *sys.argv[1:]])
"""
# the options of a pip, from its own parsers; those that its help hides too
OPTIONS = """
import json
from pip._internal.cli.main_parser import create_main_parser
from pip._internal.commands import create_command
def names(parser, takes):
    return sorted(n for o in parser._get_all_options() for n in o._long_opts + o._short_opts if o.takes_value() == takes)
print(json.dumps({"global": [names(create_main_parser(), t) for t in (False, True)],
                  **{c: [names(create_command(c).parser, t) for t in (False, True)] for c in ("install", "wheel", "download")}}))
"""


@pytest.fixture(scope="session")
def real(tmp_path_factory):
    """A real environment with a real pip, and one without; made once."""
    folder = tmp_path_factory.mktemp("pip of it's own")
    subprocess.run([PYTHON, "-m", "venv", folder / "with pip"], check=True)
    subprocess.run([PYTHON, "-m", "venv", "--without-pip", folder / "none"], check=True)
    return folder


@pytest.fixture
def place(run, env, real, tmp_path):
    """A login node with a wheelhouse, and pip on PATH that notes its words."""
    for name in [n for n in env if n.startswith(("PIP_", "UV_", "VIRTUAL_ENV", "SLURM"))]:
        env.pop(name)
    folder = tmp_path / "noted"
    folder.mkdir()
    for name in ("pip", "pip3"):
        (folder / name).write_text(RECORDER)
        (folder / name).chmod(0o755)
    pipdir = tmp_path / "my project, 100% (it's)"
    wheels.make(pipdir / "wheels", "thing", requires=["other; extra == 'more'"])
    wheels.make(pipdir / "wheels", "other")
    env.update(PATH=f"{folder}:{env['PATH']}", NOTED=str(tmp_path / "note"), KSLURM_PIPDIR=str(pipdir), PIP_NO_CACHE_DIR="1",
               REAL_PIP=str(real / "with pip" / "bin" / "pip"), PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_CONFIG_FILE="/dev/null")
    run("kslurm", "config", "pipdir", pipdir)
    return pipdir


@pytest.fixture(params=shelltext.SHELLS)
def text(request, run, place, tmp_path):
    return shelltext.Text(run, request.param, tmp_path)


@pytest.fixture
def target(tmp_path):
    return tmp_path / "a target"


def noted(env):
    path = pathlib.Path(env["NOTED"])
    lines = path.read_text().splitlines() if path.exists() else []
    path.unlink(missing_ok=True)
    return [json.loads(line) for line in lines]


def pip(text, *words, program="pip"):
    return " ".join([program, *(shelltext.quote(text.shell, str(w)) for w in words)]) + "\n"


HELP = [
    (["install", "-h"], 1), (["download", "-h"], 1), (["-v", "install", "-h"], 2), (["-vv", "--no-color", "install", "-h"], 3),
    (["--proxy", "install", "install", "-h"], 3), (["--proxy=install", "install", "-h"], 2), (["--log", "a b", "install", "-h"], 3),
    (["--timeou", "5", "install", "-h"], 3), (["--default-timeout", "5", "--isolated", "install", "-h"], 4),
    (["install", "", "*", "a b", "$x", "`y`", "'", "\\", "a\nb", "-h"], 1),
]


@pytest.mark.parametrize("words, at", HELP, ids=lambda v: "_".join(v) if isinstance(v, list) else "")
def test_words_arrive_as_they_are(text, env, place, words, at):
    program = "pip3" if at == 2 else "pip"
    done = text.sh(pip(text, *words, program=program))
    assert (done.returncode, done.stderr) == (0, "")
    assert noted(env) == [[program, words[:at] + ["--find-links", f"{place}/wheels"] + words[at:], {}]]


@pytest.mark.parametrize("words", [[], ["-h"], ["help", "install"], ["--proxy", "install"], ["uninstall", "-y", "no such", ""],
                                   ["--", "install", "x"]], ids=" ".join)
def test_other_commands_are_left_alone(text, env, words):
    text.sh(pip(text, *words), env={"SLURMD_NODENAME": "n1", "NOTE_ONLY": "1"})
    assert noted(env) == [["pip", words, {}]]


def test_wheel_puts_its_wheels_there(text, env, place):
    where = f"{place}/wheels"
    added = ["--find-links", where, "--wheel-dir", where]
    for words, folder in ((["wheel", "-h"], False), (["wheel", "-w", "x", "-h"], True), (["wheel", "-wx", "-h"], True), (["wheel", "-qw", "x", "-h"], True),
                          (["wheel", "--wheel-dir=x", "-h"], True), (["wheel", "--wheel", "x", "-h"], True), (["wheel", "-r", "w", "-h"], False)):
        text.sh(pip(text, *words), env={"NOTE_ONLY": "1"})
        assert noted(env) == [["pip", ["wheel", *(added[:2] if folder else added), *words[1:]], {}]]


def test_wheel_makes_the_wheelhouse(text, place, tmp_path):
    wheel = shutil.move(place / "wheels" / "other-1.0-py3-none-any.whl", tmp_path)
    shutil.rmtree(place / "wheels")
    done = text.sh(pip(text, "wheel", "--no-index", wheel))
    assert done.returncode == 0
    assert os.listdir(place / "wheels") == [pathlib.Path(wheel).name]


def test_install_finds_the_wheelhouse(text, env, target):
    done = text.sh(pip(text, "install", "--no-index", "--target", target, "thing[more]", "no-such; python_version<'3'"))
    assert done.returncode == 0, done.stderr
    assert {p.stem for p in target.glob("*.py")} == {"thing", "other"}
    assert noted(env)[0][1][-1] == "no-such; python_version<'3'"


def test_a_site_keeps_its_own_wheelhouses(text, env, target, tmp_path):
    """On the command line the wheelhouse is one more; in the environment it would be the only one."""
    wheels.make(tmp_path / "site", "sites")
    config = tmp_path / "pip.conf"
    config.write_text(f"[global]\nfind-links = {tmp_path}/site\nno-index = true\n")
    done = text.sh(pip(text, "install", "--target", target, "thing", "sites"), env={"PIP_CONFIG_FILE": str(config)})
    assert done.returncode == 0, done.stderr
    assert {p.stem for p in target.glob("*.py")} == {"thing", "sites"}


def test_without_pipdir_it_is_pip(run, env, place, text):
    run("kslurm", "config", "--unset", "pipdir")
    env.pop("KSLURM_PIPDIR")
    plain = shelltext.Text(run, text.shell, text.path.parent)
    plain.sh(pip(plain, "install", "-h") + pip(plain, "wheel", "-h"), env={"NOTE_ONLY": "1"})
    assert [words for _, words, _ in noted(env)] == [["install", "-h"], ["wheel", "-h"]]


def test_a_wheelhouse_that_is_not_there_is_no_warning(text, env, place):
    shutil.rmtree(place / "wheels")
    done = text.sh(pip(text, "install", "--no-index", "no-such"))
    assert done.returncode == 1 and "ignored" not in done.stderr
    assert noted(env)[0][1] == ["install", "--no-index", "no-such"]


ASKED = [["-i", "URL"], ["-iURL"], ["-qi", "URL"], ["--index-url", "URL"], ["--index=URL"], ["--extra-index-url=URL"], ["--pypi-url", "URL"]]


@pytest.mark.parametrize("words", ASKED, ids=" ".join)
def test_an_index_that_is_named_is_asked(text, env, words):
    text.sh(pip(text, "install", *words, "-h"), env={"SLURMD_NODENAME": "n1", "NOTE_ONLY": "1"})
    assert noted(env)[0][2] == {}


@pytest.mark.parametrize("words", [["wheel"], ["download"], ["-q", "install"], ["install", "-ri"], ["install", "-Uqti"],
                                   ["install", "--ignore-installed"]], ids=" ".join)
def test_a_compute_node_stays_off_the_network(text, env, words):
    text.sh(pip(text, *words, "-h"), env={"SLURMD_NODENAME": "n1", "NOTE_ONLY": "1"})
    assert noted(env)[0][2] == {"PIP_NO_INDEX": "1"}


HOST = os.uname().nodename
SHORT = HOST.split(".")[0]
NODES = [
    ({}, False), ({"SLURM_JOB_ID": "1"}, False), ({"HOSTNAME": "node1", "KSLURM_COMPUTE_NODES": "node*"}, False),
    ({"SLURMD_NODENAME": "n1"}, True), ({"SLURMD_NODENAME": ""}, False), ({"SLURMD_NODENAME": "n1", "KSLURM_COMPUTE_NETWORK": "yes"}, False),
    ({"KSLURM_COMPUTE_NODES": SHORT}, True), ({"KSLURM_COMPUTE_NODES": f"no {SHORT[:2]}*"}, True), ({"KSLURM_COMPUTE_NODES": f"no,{SHORT[:-1]}?"}, True),
    ({"KSLURM_COMPUTE_NODES": f"[{SHORT[0]}]*"}, True), ({"KSLURM_COMPUTE_NODES": f"[!{SHORT[0]}]*"}, False),
    ({"KSLURM_COMPUTE_NODES": f"a\nb\n{SHORT}\nc"}, True), ({"KSLURM_COMPUTE_NODES": SHORT[:-1]}, False), ({"KSLURM_COMPUTE_NODES": SHORT[1:]}, False),
    ({"KSLURM_COMPUTE_NODES": "*", "KSLURM_LOGIN_NODES": f"x {SHORT}"}, False), ({"SLURMD_NODENAME": "n1", "KSLURM_LOGIN_NODES": "*"}, True),
    ({"KSLURM_COMPUTE_NODES": SHORT.replace(SHORT[0], ".", 1)}, False), ({"KSLURM_COMPUTE_NODES": "$(touch F) *"}, True),
    ({"KSLURM_COMPUTE_NODES": "[ [] [a (a|b ~ # <1 \\ ]"}, False), ({"KSLURM_COMPUTE_NODES": "a(*) #* ^a <-> {*}"}, False),
]


@pytest.mark.parametrize("setting, offline", NODES, ids=lambda v: " ".join(map("=".join, v.items())) if isinstance(v, dict) else "")
def test_what_a_compute_node_is(run, env, text, setting, offline):
    (run.work / "a file").touch()
    ask = {"fish": "__kslurm_is_offline; and echo yes; or echo no"}.get(text.shell, "if __kslurm_is_offline; then echo yes; else echo no; fi")
    written = shelltext.Text(run, text.shell, text.path.parent, **{k: v for k, v in setting.items() if k.startswith("KSLURM_")})
    for asked, said in ((written, {k: v for k, v in setting.items() if not k.startswith("KSLURM_")}), (text, setting)):
        assert shelltext.has_no_stderr(asked.sh(ask, env=said)).strip() == ("yes" if offline else "no")
    assert os.listdir(run.work) == ["a file"]


def test_the_index_is_asked_on_a_login_node_alone(text, env, target, tmp_path):
    wheels.make(tmp_path / "index" / "simple" / "only", "only")
    with wheels.index(tmp_path / "index") as (url, asked):
        node = {"SLURMD_NODENAME": "n1", "PIP_INDEX_URL": url, "PIP_TRUSTED_HOST": "127.0.0.1"}
        done = text.sh(pip(text, "install", "--target", target, "only"), env=node)
        assert (done.returncode, asked) == (1, [])
        assert text.sh(pip(text, "install", "--target", target, "thing"), env=node).returncode == 0
        assert asked == []
        assert text.sh(pip(text, "install", "--target", target, "-i", url, "only"), env=node).returncode == 0
        assert asked
        done = text.sh(pip(text, "download", "-d", target / "d", "only"), env={**node, "SLURMD_NODENAME": ""})
        assert done.returncode == 0
    assert (target / "only.py").exists() and list((target / "d").iterdir())


def test_in_an_environment_of_ours_an_index_that_is_named_is_asked(text, env, real):
    """Activation exports PIP_NO_INDEX there; a user's own stays."""
    active = f"__kslurm_activate {shelltext.quote(text.shell, str(real / 'with pip'))} x '' '' 1\n"
    folder = shelltext.quote(text.shell, str(pathlib.Path(env["NOTED"]).parent / "noted"))
    first = f"set -gx PATH {folder} $PATH\n" if text.shell == "fish" else f"PATH={folder}:$PATH\n"
    code = active + first + pip(text, "install", "-i", "x", "-h") + pip(text, "install", "-h") + pip(text, "list")
    for own in ({}, {"PIP_NO_INDEX": "true"}):
        text.sh(code, env={"SLURMD_NODENAME": "n1", "NOTE_ONLY": "1", **own})
        assert [kept for *_, kept in noted(env)] == [{"PIP_NO_INDEX": own.get("PIP_NO_INDEX", "")}, {"PIP_NO_INDEX": "1"}, {"PIP_NO_INDEX": "1"}]


@pytest.mark.parametrize("code", ["pip install --no-index no-such", "pip -%"])
def test_the_status_is_pips(text, real, code):
    wanted = subprocess.run([real / "with pip" / "bin" / "pip", *code.split()[1:]], capture_output=True, check=False).returncode
    assert wanted != 0
    done = text.sh({"fish": f"{code}\nexit $status"}.get(text.shell, code))
    assert done.returncode == wanted


def test_a_failure_ends_a_strict_shell(text):
    if text.shell != "fish":
        done = text.sh("pip install --no-index no-such; echo went on")
        assert (done.returncode, done.stdout.count("went on")) == (1, 0)


def test_one_process_is_started(run, text, env, real, tmp_path):
    trace = tmp_path / "trace"
    argv = [*shelltext.ARGV[text.shell], "-c", shelltext.STRICT[text.shell] + text.source + "pip install -h >/dev/null; true"]
    done = run("strace", "-f", "-o", trace, "-e", "trace=execve,fork,vfork,clone,clone3", *argv,
               env={"SLURMD_NODENAME": "n1", "PATH": f"{real}/with pip/bin:{env['PATH']}"})
    assert (done.returncode, done.stderr) == (0, "")
    calls = re.findall(r"^\d+ +(execve|v?fork|clone3?)\((.*)", trace.read_text(), re.M)
    order = [name for name, rest in calls if "CLONE_THREAD" not in rest and "ENOENT" not in rest]
    first = order.index("execve", 1)
    assert order[0] == "execve" and first == 2, order
    assert "bin/pip" in [rest for name, rest in calls if name == "execve" and "ENOENT" not in rest][1]


@pytest.mark.parametrize("program", ["pip", "pip3"])
def test_an_environment_without_pip_is_refused(text, env, real, program):
    code = program + " install thing\n" + {"fish": "echo $status"}.get(text.shell, "")
    done = text.sh(code, env={"VIRTUAL_ENV": str(real / "none")})
    assert noted(env) == []
    assert done.stderr == (f"{program}: the environment '{real}/none' has no pip of its own; take 'uv pip', or put one in with "
                           "'python -m ensurepip'\n")
    assert done.returncode == 1 or done.stdout == "1\n"


def test_an_environment_that_is_gone_is_refused(text, env):
    done = text.sh("pip list", env={"VIRTUAL_ENV": "/no/such %s"})
    assert noted(env) == []
    assert done.stderr == "pip: the environment '/no/such %s' is gone; leave it with 'deactivate'\n"


@pytest.mark.parametrize("words", [["--python", "X", "list"], ["--python=X", "list"], ["install", "--python", "X", "-h"], ["list", "--python=X"]],
                         ids=" ".join)
def test_another_environments_pip_may_be_named(text, env, real, words):
    words = [w.replace("X", str(real / "with pip")) for w in words]
    done = text.sh(pip(text, *words), env={"VIRTUAL_ENV": str(real / "none"), "NOTE_ONLY": "1"})
    assert "has no pip" not in done.stderr
    assert noted(env)


def test_sentences_are_translated(run, env, place, real, tmp_path):
    stage = pathlib.Path(os.environ["KSLURM_STAGE_BIN"])
    french = run(stage / "kslurm", "init", "bash", env={"LANGUAGE": "fr"}).stdout
    (tmp_path / "fr").write_text(french)
    done = run("bash", "-c", f". '{tmp_path}/fr'; pip list", env={"VIRTUAL_ENV": str(real / "none")})
    assert done.stderr.startswith(f"pip: l’environnement '{real}/none' n’a pas son propre pip")


def pips(real):
    """The pips of this machine: that of the system's Python, and of others on PATH."""
    yield real / "with pip" / "bin" / "python"
    for minor in range(9, 15):
        path = shutil.which(f"python3.{minor}")
        if path is not None and subprocess.run([path, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0:
            yield path


def test_the_table_of_global_options(real):
    """Every option of pip that takes a value is in the table, and none that takes none."""
    script = (pathlib.Path(__file__).resolve().parents[2] / "shell" / "kslurm.bash").read_text()
    table = re.search(r"^ *__kslurm_pip_valued=' (.*) '$", script, re.M).group(1).split()
    assert table == sorted(table)
    for python in pips(real):
        options = json.loads(subprocess.run([python, "-c", OPTIONS], capture_output=True, check=True, text=True).stdout)
        flags, valued = options["global"]
        assert set(valued) <= set(table)
        assert not set(flags) & set(table)
        shown = subprocess.run([python, "-m", "pip", "--help"], capture_output=True, check=True, text=True, env={"COLUMNS": "200"}).stdout
        assert set(re.findall(r"^  (?:-\w, )?(--[\w-]+) <", shown.partition("General Options:")[2], re.M)) <= set(table)


def test_the_letters_that_take_a_value(real):
    """'-ri' is '-r i': the letters before 'i' and 'w' in the patterns are all that take a value."""
    script = (pathlib.Path(__file__).resolve().parents[2] / "shell" / "kslurm.bash").read_text()
    before = {letter: set(found) for found, letter in re.findall(r"\^-\[\^-(\w+)\]\*(\w) \]\]", script)}
    for python in pips(real):
        options = json.loads(subprocess.run([python, "-c", OPTIONS], capture_output=True, check=True, text=True).stdout)
        for command in ("install", "wheel", "download"):
            flags, valued = ({o[1] for o in part if o[1] != "-"} for part in options[command])
            for letter in ("i", "w")[:2 if command == "wheel" else 1]:
                assert valued - {letter} <= before[letter]
                assert not flags & before[letter]
