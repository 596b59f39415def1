"""The wheelhouse: filled from a real index, used where there is none."""
import re
import subprocess

import pytest

WEB = {"PIP_NO_INDEX": ""}
# a network that has no way out, as on a compute node
CUT = ["unshare", "--user", "--map-root-user", "--net"]


@pytest.fixture
def source(run):
    folder = run.work / "my tool"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools>=61", "editables"]\nbuild-backend = "setuptools.build_meta"\n'
        '[project]\nname = "mytool"\nversion = "1"\ndependencies = ["six"]\n'
        '[project.scripts]\nmytool = "mytool:main"\n[tool.setuptools]\npy-modules = ["mytool"]\n')
    (folder / "mytool.py").write_text("import six\ndef main():\n    print('six', six.__version__)\n")
    return folder


def wheels(project):
    return sorted(re.match(r"[^-]+", p.name)[0] for p in (project / "wheels").iterdir())


def test_wheel_of_a_project_brings_what_builds_it(shell, source, project, node, tmp_path):
    shell("kpy create tool; kpy wheel 'my tool'; kpy save tool", **WEB)
    assert {"mytool", "six", "setuptools", "wheel", "editables"} <= set(wheels(project))
    inside = f"kpy load tool; pip -q install -e '{source}'; mytool; kpy save -f tool; echo \"$VIRTUAL_ENV_PROMPT\""
    (tmp_path / "inside").write_text(f'eval "$(kslurm init bash)"\nset -eu\n{inside}\n')
    env = {**shell.env, **node, "SLURM_TMPDIR": str(tmp_path / "node scratch")}
    env.pop("PIP_NO_INDEX")
    done = subprocess.run([*CUT, "bash", tmp_path / "inside"], env=env, text=True, capture_output=True, timeout=200,
                          check=False)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^six \d", done.stdout, re.M) and done.stdout.endswith("\ntool\n")


def test_download_for_others(shell, run, project):
    (run.work / "my requirements.txt").write_text("six\niniconfig\n")
    shell("""kpy create tool
        kpy download -r 'my requirements.txt'
        kpy download --platform manylinux2014_aarch64 charset-normalizer
        kpy download --python 3.14 MarkupSafe""", **WEB)
    assert set(wheels(project)) >= {"charset_normalizer", "iniconfig", "markupsafe", "six"}
    names = " ".join(p.name for p in (project / "wheels").iterdir())
    assert "aarch64" in names and "cp314" in names


@pytest.mark.parametrize("verb", ["wheel", "download"])
def test_mistakes(run, node, verb):
    done = run("kpy", verb)
    assert done.returncode == 2 and "what is to be fetched?" in done.stderr
    done = run("kpy", verb, "six", env=node)
    assert done.returncode == 1 and "this node has no internet" in done.stderr
