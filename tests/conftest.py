"""What all the tests that run programs share."""
import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "lib"))


@pytest.fixture(scope="session")
def bin_dir():
    return pathlib.Path(os.environ["KSLURM_BUILD_DIR"]) / "src" / "cmd"


@pytest.fixture
def env(tmp_path, bin_dir):
    """An environment that knows nothing of the user who runs the tests."""
    home = tmp_path / "home"
    home.mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SLURM", "SBATCH", "SALLOC", "XDG_", "KSLURM_"))}
    kept.update(HOME=str(home), PATH=f"{bin_dir}:{os.environ['PATH']}", LC_ALL="C.UTF-8", LANGUAGE="C",
                XDG_CONFIG_HOME=str(home / ".config"), XDG_CACHE_HOME=str(home / ".cache"),
                XDG_STATE_HOME=str(home / ".state"), XDG_CONFIG_DIRS=str(home / "site"), SHELL="/bin/bash")
    return kept


@pytest.fixture
def run(env, tmp_path):
    """Runs a program in an empty folder and gives what it said."""
    work = tmp_path / "work"
    work.mkdir()

    def run_it(*argv, **options):
        more = options.pop("env", {})
        options.setdefault("cwd", work)
        options.setdefault("timeout", 60)
        if "input" not in options:
            options.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.run([str(a) for a in argv], env={**env, **more}, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, **options)

    run_it.work = work
    return run_it
