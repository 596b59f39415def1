"""Names, values and words that hold shell code: they arrive exactly, and nothing is executed."""
import os
import subprocess

import pytest

HOSTILE = ["$(touch F)", "`touch F`", "; touch F", "x' \"; touch F; '", "a\nb", "$HOME ${PATH}", "-rf", "--wrap=touch F",
           "back\\slash\\", "!!", "~", "{a,b}*?", " ", "#", "\udcff\udcfe", "\x01\x1b[2J", "é中", "KSLURM_SCRIPT"]
SAY = "import os, sys; sys.stdout.buffer.write(b'\\0'.join(os.fsencode(w) for w in [{}]))"
WORDS = SAY.format("*sys.argv[1:]")
PYTHON = "/usr/bin/python3"


@pytest.fixture(autouse=True)
def nothing_is_executed(tmp_path):
    yield
    assert [f for _, _, files in os.walk(tmp_path) for f in files if f == "F"] == []


@pytest.fixture
def krun(run):
    def go(*argv, **more):
        done = run("krun", "--quiet", *argv, errors="surrogateescape", **more)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return go


@pytest.fixture
def kbatch(run, slurm):
    """Submits a job for each of the argument vectors, and gives what each wrote."""

    def go(vectors, folder=None, **more):
        jobs = []
        for argv in vectors:
            done = run("kbatch", "--quiet", "200M", *argv, errors="surrogateescape", **more)
            assert done.returncode == 0, done.stderr
            jobs.append(done.stdout.strip())
        for job in jobs:
            assert slurm.wait(job) == "COMPLETED"
        return [os.fsdecode((folder or run.work).joinpath(f"slurm-{job}.out").read_bytes()) for job in jobs]

    return go


def test_words(krun, kbatch):
    want = "\0".join([*HOSTILE, ""])
    assert krun(PYTHON, "-c", WORDS, *HOSTILE, "") == want
    assert kbatch([(PYTHON, "-c", WORDS, *HOSTILE, "")]) == [want]


def test_words_beside_a_variable_of_the_node(krun, kbatch):
    words = [f"{word}${{SLURM_JOB_NAME}}{word}" for word in HOSTILE]
    want = "\0".join(f"{word}n{word}" for word in HOSTILE)
    assert krun("--name", "n", PYTHON, "-c", WORDS, *words) == want
    assert kbatch([("--name", "n", PYTHON, "-c", WORDS, *words)]) == [want]


def test_what_is_shown_can_be_pasted(run):
    line = run("krun", "-t", "--quiet", PYTHON, "-c", WORDS, *HOSTILE, errors="surrogateescape").stdout
    done = run("bash", "-c", line, errors="surrogateescape")
    assert done.stdout == "\0".join(HOSTILE), done.stderr


def test_what_kbatch_shows_can_be_pasted(run, slurm):
    line = run("kbatch", "-t", "--quiet", "200M", "cat <<'KSLURM_SCRIPT'\nKSLURM_SCRIPT\necho ran\n").stdout
    job = run("bash", "-c", line).stdout.strip()
    assert slurm.wait(job) == "COMPLETED"
    assert (run.work / f"slurm-{job}.out").read_text() == "ran\n"


def test_names(krun, kbatch):
    name = SAY.format("os.environ['SLURM_JOB_NAME']")
    assert [krun("--name", word, PYTHON, "-c", name) for word in HOSTILE] == HOSTILE
    assert kbatch(("--name", word, PYTHON, "-c", name) for word in HOSTILE) == HOSTILE


@pytest.mark.parametrize("word", HOSTILE)
def test_variables(krun, kbatch, word):
    mine = SAY.format("os.environ['MINE'], os.environ['SLURM_JOB_NAME']")
    env = {"MINE": word, "SBATCH_COMMENT": word, "SLURM_COMMENT": word, "SBATCH_JOB_NAME": word, "SLURM_JOB_NAME": word}
    assert krun(PYTHON, "-c", mine, env=env).split("\0")[0] == word
    assert kbatch([(PYTHON, "-c", mine)], env=env) == [f"{word}\0{word}"]


@pytest.mark.parametrize("word", HOSTILE)
def test_folders_and_scripts(run, krun, kbatch, word):
    folder = run.work / word
    folder.mkdir()
    script = folder / f"{word}.sh"
    script.write_text("#!/bin/bash\n#SBATCH --mem-per-cpu=100M\nprintf '%s\\0' \"$PWD\" \"$SLURM_JOB_NAME\" \"$@\"\n")
    want = "\0".join([str(folder), script.name, *HOSTILE[:6], ""])
    assert krun("pwd", cwd=folder) == f"{folder}\n"
    assert krun(f"./{word}/", "pwd") == f"{folder}\n"
    # the memory word takes the script through sbatch's stdin, without its own line
    assert kbatch([("--", script.name, *HOSTILE[:6]), (f"{folder}/", "--", script.name, *HOSTILE[:6])],
                  cwd=folder, folder=folder) == [want, want]
    done = run("kbatch", "--quiet", "--hold", "--", script.name, cwd=folder, errors="surrogateescape")
    assert done.returncode == 0, done.stderr
    run("scancel", done.stdout.strip())


def test_a_script_does_not_speak_to_the_terminal(run):
    (run.work / "job.sh").write_text("#!/bin/bash\n#SBATCH --account=\x1b[2Jx --mem-per-cpu=\x1b]0;x\x07\n")
    done = run("kbatch", "-t", "1G", "job.sh", "\x1b[2J")
    assert "account" in done.stderr and "--mem-per-cpu" in done.stderr
    assert "\x1b" not in done.stderr


def test_the_name_of_a_shell(spawn):
    child = spawn("krun", "--quiet", "200M", "--name", "$(touch F)", env={"PS1": "ready> "})
    child.expect("[#$>] ")
    child.sendline("printf '<%s>\\n' \"$SLURM_JOB_NAME\"; exit")
    child.expect_exact("<$(touch F)>")
