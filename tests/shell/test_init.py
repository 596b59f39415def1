"""'kslurm init', the file that our commands keep current, and the line that sources it."""
import os
import pathlib
import stat

import pytest

import shelltext

BEGIN, END = "# >>> kslurm >>>", "# <<< kslurm <<<"
OLDER = "source /u/python3.9/site-packages/kslurm/bin/bash.sh"
RC = {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/config.fish"}


@pytest.fixture
def home(env):
    return pathlib.Path(env["HOME"])


@pytest.fixture
def state(env):
    return pathlib.Path(env["XDG_STATE_HOME"], "kslurm")


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.mark.parametrize("shell", shelltext.SHELLS)
def test_installed_text_is_there_in_the_next_shell(run, home, shell):
    rc = write(home / RC[shell], "# mine\n")
    done = run("kslurm", "init", "--install", env={"SHELL": f"/usr/bin/{shell}", "ZDOTDIR": ""})
    assert (done.returncode, done.stdout) == (0, "")
    assert rc.read_text().startswith(f"# mine\n{BEGIN}\n")
    argv = {"bash": ["bash", "--rcfile", rc, "-ic", "declare -F kpy"], "zsh": ["zsh", "-ic", "whence -w kpy"],
            "fish": ["fish", "-c", "functions -q kpy; and echo kpy"]}
    assert run(*argv[shell]).stdout.startswith("kpy")
    again = run("kslurm", "init", "--install", shell)
    assert (again.returncode, rc.read_text().count(BEGIN)) == (0, 1)
    assert "already" in again.stderr
    assert run("kslurm", "init", "--uninstall", shell).returncode == 0
    assert rc.read_text() == "# mine\n"
    assert "no lines" in run("kslurm", "init", "--uninstall", shell).stderr


def test_older_line_goes(run, home):
    rc = write(home / ".bashrc", f"a=1\n{OLDER}\nb=2\n")
    assert run("kslurm", "init", "--install").returncode == 0
    assert OLDER not in rc.read_text()
    assert rc.read_text().startswith(f"a=1\nb=2\n{BEGIN}\n")


def test_dry_run_changes_nothing(run, home, state):
    rc = write(home / "my rc", f"{OLDER}\n")
    done = run("kslurm", "init", "--install", "--dry-run", "--rc", rc)
    assert done.returncode == 0
    assert done.stdout.splitlines()[:2] == [f"-{OLDER}", f"+{BEGIN}"]
    assert rc.read_text() == f"{OLDER}\n"
    assert not state.exists()


def test_symlink_and_mode_are_kept(run, home):
    real = write(home / "dotfiles" / "rc", "a=1\n")
    real.chmod(0o640)
    rc = home / ".bashrc"
    rc.symlink_to("dotfiles/rc")
    assert run("kslurm", "init", "--install").returncode == 0
    assert rc.is_symlink() and os.readlink(rc) == "dotfiles/rc"
    assert BEGIN in real.read_text()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert list(real.parent.iterdir()) == [real]


@pytest.mark.parametrize("text", [f"{BEGIN}\n", f"a\n{END}\n", f"{END}\n{BEGIN}\n", f"{BEGIN}\n{END}\n{BEGIN}\n{END}\n"])
@pytest.mark.parametrize("option", ["--install", "--uninstall"])
def test_damaged_marks_are_refused(run, home, text, option):
    rc = write(home / ".bashrc", text)
    done = run("kslurm", "init", option)
    assert (done.returncode, done.stdout) == (1, "")
    assert str(rc) in done.stderr and BEGIN in done.stderr
    assert rc.read_text() == text


@pytest.mark.parametrize("words", [(), ("csh",), ("--install", "--uninstall"), ("bash", "--dry-run"), ("bash", "--rc", "x"),
                                   ("bash", "zsh")])
def test_refused(run, home, words):
    done = run("kslurm", "init", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("kslurm: ")
    assert list(home.iterdir()) == []


def test_eval(run):
    done = run("bash", "-euc", 'eval "$(kslurm init bash)"; eval "$(kslurm init bash)"; declare -F kpy')
    assert (done.returncode, done.stdout, done.stderr) == (0, "kpy\n", "")


def test_the_line_is_harmless_when_the_file_is_gone(run, home, state):
    run("kslurm", "init", "--install")
    rc = home / ".bashrc"
    (state / "init.bash").unlink()
    done = run("bash", "-euc", f". {rc}; echo end")
    assert (done.returncode, done.stdout, done.stderr) == (0, "end\n", "")


def test_settings_reach_the_file(run, state):
    text = state / "init.bash"
    run("kslurm", "config", "pipdir", "/one")
    assert not text.exists()
    run("kslurm", "init", "--install")
    assert "__kslurm_pipdir=/one\n" in text.read_text()
    first = text.stat().st_ino
    run("kslurm", "config", "account", "x")
    run("kslurm", "config", "pipdir", "/one")
    assert text.stat().st_ino == first
    for key, value, line in (("pipdir", "/two", "__kslurm_pipdir=/two\n"), ("compute-nodes", "n*", "compute_nodes='n*'\n"),
                             ("login-nodes", "l?", "login_nodes='l?'\n"), ("compute.network", "yes", "network=yes\n")):
        run("kslurm", "config", key, value)
        assert line in text.read_text()
    run("kslurm", "config", "--unset", "pipdir")
    assert "__kslurm_pipdir=''\n" in text.read_text()
    assert not list(state.glob("init.bash?*"))


def test_a_variable_is_not_for_other_shells(run, state):
    run("kslurm", "config", "pipdir", "/mine")
    run("kslurm", "init", "--install", env={"KSLURM_PIPDIR": "/other"})
    assert "__kslurm_pipdir=/mine\n" in (state / "init.bash").read_text()


def test_another_language_is_no_reason_to_write(run, state, home):
    run("kslurm", "init", "--install")
    first = (state / "init.bash").stat().st_ino
    run("kslurm", "init", "--install", env={"LANGUAGE": "fr", "LC_ALL": "C.UTF-8"})
    assert (state / "init.bash").stat().st_ino == first


def test_a_closed_pipe_is_no_error_to_see(run):
    done = run("bash", "-c", "kslurm init bash | true; echo ${PIPESTATUS[0]}")
    assert done.stderr == ""
