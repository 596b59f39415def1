"""What the programs answer to a shell, and the files that ask."""
import os
import pathlib
import subprocess

import pytest

BIN = pathlib.Path(os.environ["KSLURM_STAGE_BIN"])
SHARE = BIN.parent / "share"


@pytest.fixture
def env(env):
    return {**env, "PATH": f"{BIN}:{os.environ['PATH']}"}


def answers(env, cwd, *words):
    argv = [BIN / words[0], "--complete", str(len(words) - 1), *words]
    return subprocess.run(argv, env=env, cwd=cwd, text=True, stdout=subprocess.PIPE, check=True).stdout.splitlines()


@pytest.mark.parametrize("words, want", [
    (["krun", "--clust"], ["--cluster-constraint=\t", "--clusters=\t"]),
    (["krun", "x1"], [":dirs ", "x11\tforward X11 (also --x11)", ":commands "]),
    (["krun", "nodes:"], [":dirs ", ":commands "]),
    (["krun", "--time=1"], []),
    (["krun", "--time", "1"], []),
    (["krun", "-p", "x"], []),
    (["krun", "-D", "x"], [":dirs "]),
    (["krun", "--output=x"], [":files --output="]),
    (["krun", "--output=a", "x11", "y"], [":dirs ", ":commands "]),
    (["krun", "-ta", "x", "--accou"], ["--account\tthe account to charge"]),
    (["kbatch", "jo"], [":dirs ", ":commands ", ":files "]),
    (["krun", "-jLongSk"], ["-jLongSkinny\t"]),
    (["krun", "~/x/", "$HOME/y/", "--accou"], ["--account\tthe account to charge"]),
    (["krun", "4", "python", "x"], [":rest 2"]),
    (["krun", "--", "4", "x"], [":rest 2"]),
    (["kslurm", "krun", "gpu:a1"], [":rest 1"]),
    (["kslurm", "kpy", "load", ""], [":rest 1"]),
    (["kslurm", "sandbox", "run", "--", "x", ""], [":rest 4"]),
    (["kpy", "loa"], ["load\tunpack a saved environment here and activate it"]),
    (["kpy", "exec", "fit", "--", "pyth"], [":commands "]),
    (["kpy", "exec", "fit", "--", "python", ""], [":rest 4"]),
    (["kslurm", "sandbox", "sta"], ["status\tsay which of its daemons run"]),
    (["kslurm", "sandbox", "status", "--dir", ""], [":dirs "]),
    (["kslurm", "config", "gpu."], ["gpu.style\t"]),
])
def test_answers(env, tmp_path, words, want):
    assert answers(env, tmp_path, *words) == want


def test_environments(env, tmp_path):
    assert answers(env, tmp_path, "krun", "--venv", "") == []
    folder = tmp_path / "lab disk" / "venv_archives"
    folder.mkdir(parents=True)
    for name in ("fit.tar.zst", "fit.tar.gz", "fit.json", "my env.tar.gz", "fit.tar.zst.partial"):
        (folder / name).touch()
    env = {**env, "KSLURM_PIPDIR": str(folder.parent)}
    assert answers(env, tmp_path, "krun", "--venv", "") == ["fit\t", "my env\t"]
    assert answers(env, tmp_path, "kbatch", "--venv=f") == ["--venv=fit\t"]
    assert answers(env, tmp_path, "kpy", "load", "m") == ["my env\t"]
    assert answers(env, tmp_path, "kpy", "rm", "fit", "") == ["fit\t", "my env\t"]


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


def test_files_are_clean():
    root = pathlib.Path(__file__).resolve().parent.parent.parent
    scripts = ["check", "try", ".ci/run", "tools/setup.sh", "data/completion/kslurm.bash"]
    subprocess.run(["shellcheck", "--enable=all", "-x", *scripts], cwd=root, check=True)
    subprocess.run(["shfmt", "-i", "4", "-d", *scripts], cwd=root, check=True)
