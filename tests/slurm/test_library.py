"""A program in Python hands in a job through the library, as the guide says."""
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PREFIX = pathlib.Path(os.environ["KSLURM_STAGE_BIN"]).parent


def test_the_guides_program_in_python(slurm, env, tmp_path):
    page = (ROOT / "docs/guide/library.md").read_text()
    (tmp_path / "submit.py").write_text(re.search(r"^```python\n(.*?)^```$", page, re.M | re.S).group(1))
    library = next(PREFIX.rglob("libkslurm.so")).parent
    env = {**env, "LD_LIBRARY_PATH": str(library), "GI_TYPELIB_PATH": str(library / "girepository-1.0")}
    done = subprocess.run([sys.executable, "submit.py", "0:05", "2", "1G", "echo", "from  python"], env=env,
                          cwd=tmp_path, text=True, capture_output=True, check=True)
    assert done.stderr.startswith("5 min, 2 cpus, 1 GB")
    job = done.stdout.strip()
    assert slurm.wait(job) == "COMPLETED"
    assert (tmp_path / f"slurm-{job}.out").read_text() == "from  python\n"
    done = subprocess.run([sys.executable, "submit.py", "4", "8", "true"], env=env, cwd=tmp_path, text=True,
                          capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "cpus given twice: '4' and '8'\n")
