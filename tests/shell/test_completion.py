"""Completion in real shells, from a staged install."""
import os
import pathlib
import subprocess

import pexpect
import pytest

BIN = pathlib.Path(os.environ["KSLURM_STAGE_BIN"])
SHARE = BIN.parent / "share"


@pytest.fixture
def env(env):
    return {**env, "PATH": f"{BIN}:{os.environ['PATH']}"}


def bash(env, line, cwd, before=""):
    script = f"""set -u; {before}
. {SHARE}/bash-completion/completions/krun
COMP_LINE={line!r} COMP_POINT={len(line)} COMP_WORDS=() COMP_CWORD=0
__kslurm_complete 2>&1
printf '%s\\n' "${{COMPREPLY[@]}}" """
    done = subprocess.run(["bash", "--norc", "-c", script], env=env, cwd=cwd, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=True)
    return done.stdout.split("\n")[:-1]


@pytest.mark.parametrize("line, want", [
    ("krun --accou", ["--account"]),
    ("krun -j LongSk", ["LongSkinny"]),
    ("kbatch --job-template=LongSk", ["LongSkinny"]),
    ("krun x1", ["x11"]),
    ("kslurm sand", ["sandbox"]),
    ("kslurm sandbox sta", ["status"]),
    ("kslurm config gpu.", ["gpu.style"]),
    ("krun --clust", ["--cluster-constraint=", "--clusters="]),
])
def test_bash(env, tmp_path, line, want):
    assert sorted(bash(env, line, tmp_path)) == want


def test_bash_offers_folders_and_accounts(env, tmp_path):
    (tmp_path / "data dir").mkdir()
    assert "data dir/" in bash(env, "krun 4 data", tmp_path)
    cache = pathlib.Path(env["XDG_CACHE_HOME"], "kslurm")
    cache.mkdir(parents=True)
    (cache / "accounts").write_text("def-a_cpu\nrrg-b\n")
    assert bash(env, "krun -a def", tmp_path) == ["def-a_cpu"]


def test_sourcing_twice_is_once_and_silent(env, tmp_path):
    file = SHARE / "bash-completion/completions/kslurm"
    done = subprocess.run(["bash", "--norc", "-euc", f". {file}; . {file}; complete -p krun"], env=env, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True)
    assert done.stdout == "complete -F __kslurm_complete krun\n"


def test_fish(env):
    script = f"source {SHARE}/fish/vendor_completions.d/krun.fish; complete -C 'krun --acc'; complete -C 'krun -j LongSk'"
    done = subprocess.run(["fish", "--no-config", "-c", script], env=env, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=True)
    assert "--account\tthe account to charge" in done.stdout
    assert "LongSkinny" in done.stdout


def test_zsh(env, tmp_path):
    child = pexpect.spawn("zsh", ["-f"], env={**env, "PS1": "> ", "TERM": "dumb"}, cwd=str(tmp_path), timeout=20,
                          encoding="utf-8", dimensions=(40, 120))
    child.sendline(f"fpath=({SHARE}/zsh/site-functions $fpath); autoload -Uz compinit; compinit -D; PS1='rea''dy> '")
    child.expect("ready> ")
    child.send("kslurm sandbox sta\t")
    child.expect("status")
    # no Ctrl-C: a completion that still draws would take it for itself
    child.send("\x15krun -j LongSk\t")
    child.expect("LongSkinny")
    child.close(force=True)


def test_files_are_clean():
    root = pathlib.Path(__file__).resolve().parent.parent.parent
    scripts = ["check", "try", ".ci/run", "tools/setup.sh", "data/completion/kslurm.bash"]
    subprocess.run(["shellcheck", "--enable=all", "-x", *scripts], cwd=root, check=True)
    subprocess.run(["shfmt", "-i", "4", "-d", *scripts], cwd=root, check=True)
