"""The shell text in real shells: silent, twice as good as once, no process started, well formed."""
import itertools
import pathlib
import re
import subprocess

import pytest

import shelltext

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOSTILE = "/it's \\ \"$(touch F)`touch F`; touch F #*"
SETTINGS = [{}, {"KSLURM_PIPDIR": HOSTILE}, {"KSLURM_COMPUTE_NODES": "node* gpu[1-3] $(touch F)"},
            {"KSLURM_LOGIN_NODES": "it's*"}, {"KSLURM_COMPUTE_NETWORK": "yes"}]
FUNCTIONS = ["pip", "pip3", "uv", "kpy", "__kslurm_activate", "__kslurm_prompt"]
HAS = {"bash": "declare -F {} >/dev/null && echo {}\n", "zsh": "(( ${{+functions[{}]}} )) && echo {}\n",
       "fish": "functions -q {}; and echo {}\n"}
MOST_MS = 3


@pytest.fixture(params=shelltext.SHELLS)
def shell(request):
    return request.param


@pytest.fixture
def text(run, shell, tmp_path):
    return shelltext.Text(run, shell, tmp_path)


def has_functions(text):
    return "".join(HAS[text.shell].format(name, name) for name in FUNCTIONS) + "true\n"


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda s: "".join(s) or "none")
def test_nothing_is_said_and_all_is_defined(run, shell, setting, tmp_path):
    text = shelltext.Text(run, shell, tmp_path, **setting)
    assert shelltext.has_no_stderr(text.sh(has_functions(text))).split() == FUNCTIONS
    assert not list(run.work.iterdir())


def test_a_value_stays_what_it_is(run, shell, tmp_path):
    text = shelltext.Text(run, shell, tmp_path, KSLURM_PIPDIR=HOSTILE)
    assert shelltext.has_no_stderr(text.sh("printf '%s' \"$__kslurm_pipdir\"")) == HOSTILE


def test_twice_is_once(text):
    state = {"bash": "declare -p ${!__kslurm*} PATH; declare -f", "zsh": "typeset -m '__kslurm*' PATH; functions",
             "fish": "set --names; echo $PATH; functions kpy pip __kslurm_activate"}
    once = shelltext.has_no_stderr(text.sh(state))
    twice = shelltext.has_no_stderr(text.sh(state, before=text.source))
    assert once == twice
    assert "__kslurm_pipdir" in once


def test_no_process_is_started(run, text, env, tmp_path):
    trace = tmp_path / "trace"
    counts = []
    for code in ("", text.source + text.source):
        argv = [*shelltext.ARGV[text.shell], "-c", shelltext.STRICT[text.shell] + code + "true"]
        done = run("strace", "-f", "-o", trace, "-e", "trace=execve,fork,vfork,clone,clone3", *argv)
        assert (done.returncode, done.stderr) == (0, "")
        lines = trace.read_text()
        # fish has threads of its own
        forks = [line for line in re.findall(r"(?:v?fork|clone3?)\(.*", lines) if "CLONE_THREAD" not in line]
        counts.append((len(forks), lines.count("execve(")))
    assert counts[1] == counts[0]
    assert text.shell == "fish" or counts[1] == (0, 1)


def test_without_kslurm_nothing_is_defined(run, env, text, tmp_path):
    gone = re.sub(r"(__kslurm_bin[= ]).*", r"\1/no/such", text.path.read_text(), count=1)
    text.path.write_text(gone)
    assert shelltext.has_no_stderr(text.sh(has_functions(text), env={"PATH": "/usr/bin:/bin"})) == ""


def test_the_programs_are_found_without_a_path(text, bin_dir):
    done = text.sh({"bash": 'echo "$PATH"', "zsh": 'echo "$PATH"', "fish": "string join : $PATH"}, before=text.source,
                   env={"PATH": "/usr/bin:/bin"})
    assert shelltext.has_no_stderr(done).strip() == f"/usr/bin:/bin:{bin_dir}"


def test_an_alias_does_no_harm(run, env, text):
    aliases = {"bash": "shopt -s expand_aliases\nalias pip='no such' kpy=x local=x eval=x set=x command=x\n",
               "zsh": "setopt aliases\nalias pip='no such' kpy=x local=x eval=x set=x command=x\n",
               "fish": "alias pip 'no such'\n"}
    done = text.sh("__kslurm_activate /x x '' '' 0; deactivate", before=aliases[text.shell])
    assert shelltext.has_no_stderr(done) == ""


@pytest.mark.parametrize("options", ["ksharrays", "shwordsplit", "noequals", "globsubst", "nomatch", "noclobber"])
def test_options_of_a_zsh_user(run, tmp_path, options):
    text = shelltext.Text(run, "zsh", tmp_path)
    done = text.sh("__kslurm_activate '/a b' 'a *' 'x' '' 0; print -r -- \"$PIP_FIND_LINKS|$VIRTUAL_ENV_PROMPT\"; deactivate",
                   before=f"setopt {options}\n")
    assert shelltext.has_no_stderr(done) == "x|a *\n"


def test_the_text_is_quick_to_read(run, tmp_path):
    """Over an empty file; the least of many, since nothing makes a shell faster."""
    text = shelltext.Text(run, "bash", tmp_path)
    empty = tmp_path / "empty"
    empty.touch()
    code = "a=${EPOCHREALTIME/[.,]}; . \"$1\"; b=${EPOCHREALTIME/[.,]}; echo $((b - a))"

    def least(path):
        return min(int(run("bash", "--norc", "-c", code, "x", path).stdout) for _ in range(30))

    assert least(text.path) - least(empty) <= MOST_MS * 1000


@pytest.mark.parametrize("folder", [None, "a b"])
def test_bash_is_linted_and_formatted(run, tmp_path, folder):
    script = ROOT / "shell" / "kslurm.bash"
    start = ROOT / "shell" / "krun.bash"
    subprocess.run(["shfmt", "-d", "-i", "4", script, start], check=True)
    text = shelltext.Text(run, "bash", tmp_path, **({"KSLURM_PIPDIR": f"/{folder}"} if folder else {}))
    for path in (script, text.path, start):
        done = run("shellcheck", "--shell=bash", "--enable=all", "--severity=style", path)
        assert (done.returncode, done.stdout) == (0, ""), done.stdout


def test_fish_and_zsh_are_well_formed(run):
    for name in ("kslurm.fish", "krun.fish"):
        assert run("fish_indent", "--check", ROOT / "shell" / name).returncode == 0
        assert run("fish", "--no-execute", ROOT / "shell" / name).returncode == 0
    for name in ("kslurm.zsh", "krun.zshenv", "krun.zshrc"):
        assert run("zsh", "-n", ROOT / "shell" / name).returncode == 0


def test_bash_and_zsh_say_the_same():
    """What one shell's file does the other's does: the lists and the names are the same."""
    texts = [(ROOT / "shell" / f"kslurm.{shell}").read_text() for shell in shelltext.SHELLS]
    for a, b in itertools.combinations(texts, 2):
        assert re.findall(r" --[a-z-]+(?= --)", a) == re.findall(r" --[a-z-]+(?= --)", b)
