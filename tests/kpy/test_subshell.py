"""Without the shell text a terminal gets a shell in the environment."""
import pexpect
import pytest


@pytest.fixture
def terminal(env, run, bin_dir):
    children = []

    def start(*words, **more):
        child = pexpect.spawn(str(bin_dir / "kpy"), [str(w) for w in words], env={**env, **more}, cwd=str(run.work),
                              timeout=60, encoding="utf-8", dimensions=(30, 200))
        children.append(child)
        return child

    yield start
    for child in children:
        child.close(force=True)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_load_opens_a_shell(terminal, env, saved, shell, tmp_path):
    (tmp_path / "home" / ".bashrc").write_text("PS1='own$ '\nPATH=/usr/bin:/bin\nexport FROM_RC=bash-own\n")
    (tmp_path / "home" / ".zshrc").write_text("PS1='own$ '\nexport FROM_RC=zsh-own\n")
    fish = tmp_path / "home" / ".config" / "fish"
    fish.mkdir(parents=True)
    (fish / "config.fish").write_text("set -gx FROM_RC fish-own\n")
    child = terminal("load", saved, SHELL=f"/usr/bin/{shell}")
    child.expect(r"\(one\)")
    child.send("echo $FROM_RC; greet; echo st''atus\r")
    child.expect(f"{shell}-own")
    child.expect("hello from .*kslurm-venv-one")
    child.expect("status")
    child.send("exit 7\r")
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 7


def test_a_shell_that_we_do_not_know(terminal, saved):
    child = terminal("load", saved, SHELL="/bin/sh")
    child.expect(r"[$#] ")
    child.send("greet\r")
    child.expect("hello from .*kslurm-venv-one")
    child.send("exit\r")
    child.expect(pexpect.EOF)


def test_a_pipe_gets_the_folder(run, saved):
    done = run("kpy", "load", saved)
    assert done.returncode == 0 and done.stdout.endswith("/kslurm-venv-one\n")


