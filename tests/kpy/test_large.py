"""An environment as researchers have them: compiled wheels, ELF programs, an editable install, JupyterLab."""
import json
import pathlib
import subprocess

NOTEBOOK = {"cells": [{"cell_type": "code", "execution_count": None, "id": "a", "metadata": {}, "outputs": [],
                       "source": "import sys, numpy\nprint(sys.prefix, numpy.arange(3).sum())"}],
            "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
            "nbformat": 4, "nbformat_minor": 5}
WEB = {"PIP_NO_INDEX": ""}


def test_round_trip(shell, run, node, tmp_path, env):
    source = run.work / "my source"
    source.mkdir()
    (source / "pyproject.toml").write_text('[build-system]\nrequires = ["setuptools"]\n'
                                           'build-backend = "setuptools.build_meta"\n[project]\nname = "mine"\n'
                                           'version = "1"\n[tool.setuptools]\npy-modules = ["mine"]\n')
    (source / "mine.py").write_text("VALUE = 42\n")
    (run.work / "n.ipynb").write_text(json.dumps(NOTEBOOK))
    shell(f"""kpy create all
        pip -q install jupyterlab numpy ruff
        pip -q install -e '{source}'
        kpy save all
        deactivate
        kpy clean --all -f""", **WEB)
    scratch = tmp_path / "node's scratch"
    done = shell("""kpy load all
        pip check
        jupyter lab --version
        jupyter kernelspec list --json >kernels.json
        jupyter execute --inplace n.ipynb
        ruff --version
        python -c 'import mine; print(mine.VALUE)'
        for name in lab server kernelspec nbconvert execute; do "jupyter-$name" --version >/dev/null; done
        pip -q uninstall -y ruff
        kpy save -f all""", SLURM_TMPDIR=str(scratch), **node)
    assert "No broken requirements found." in done.stdout and "\n42\n" in done.stdout
    assert "still name" not in done.stderr
    prefix = f"{scratch}/tmp/kslurm-venv-all"
    assert json.loads((run.work / "kernels.json").read_text())["kernelspecs"]["python3"]["resource_dir"].startswith(prefix)
    cell = json.loads((run.work / "n.ipynb").read_text())["cells"][0]
    assert cell["outputs"][0]["text"] in (f"{prefix} 3\n", [f"{prefix} 3\n"])
    third = tmp_path / "third"
    done = shell("kpy load all; pip check; jupyter lab --version; pip list --format=freeze",
                 SLURM_TMPDIR=str(third), **node)
    assert "No broken requirements found." in done.stdout and "ruff" not in done.stdout
    # caches of code keep the place where the source was, and are valid all the same
    named = [p for p in pathlib.Path(f"{third}/tmp/kslurm-venv-all").rglob("*")
             if p.is_file() and not p.is_symlink() and p.suffix != ".pyc" and str(scratch).encode() in p.read_bytes()]
    assert named == []
    compiled = subprocess.run([f"{third}/tmp/kslurm-venv-all/bin/python", "-v", "-c", "import json, jupyter_server"],
                              env=env, text=True, capture_output=True, check=True).stderr
    assert "code object from" in compiled and "wrote '" not in compiled.replace("'", "'")
