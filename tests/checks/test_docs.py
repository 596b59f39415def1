"""The manual, the help and the examples say what the programs do."""
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAMS = ["krun", "kbatch", "kslurm"]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "guide").glob("*.md"))]
EXAMPLES = [line[2:] for page in PAGES for line in page.read_text().splitlines()
            if line.startswith(("$ krun -t", "$ kbatch -t"))]


def manual(name):
    page = pathlib.Path(os.environ["KSLURM_BUILD_DIR"]) / "docs" / f"{name}.1"
    if not page.exists():
        page = page.parent / "man" / f"{name}.1"
    text = page.read_text()
    return re.sub(r"\\f[A-Z]|\\f\([A-Z]+|\\&|\\%", "", text).replace("\\-", "-").replace("\\(aq", "'")


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_manual_names_every_row_of_the_table(run, program):
    rows = re.findall(r"^``(.+)``$", run(program, "--help=rst").stdout, re.M)
    text = manual(program)
    assert rows
    assert [row for row in rows if row.split(",")[-1].split()[0] not in text] == []


@pytest.mark.parametrize("program", PROGRAMS)
def test_help_fits_a_screen_of_80_columns(run, program):
    done = run(program, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= 80


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_option_is_taken_for_another(run, program):
    done = run(program, "-3:00", "true")
    assert (done.returncode, done.stdout) == (2, "")
    assert "-3:00" in done.stderr


@pytest.mark.parametrize("line", EXAMPLES)
def test_an_example_runs(env, run, line):
    done = subprocess.run(["bash", "-c", line], env=env, cwd=run.work, text=True, timeout=60,
                          stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
