"""The manual, the help and the examples say what the programs do."""
import json
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BIN = pathlib.Path(os.environ["KSLURM_STAGE_BIN"])
PROGRAMS = ["krun", "kbatch", "kslurm", "kpy"]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "guide").glob("*.md")),
         *sorted((ROOT / "docs" / "man").glob("*.rst"))]
OURS = re.compile(r"(?<![\w./-])(krun|kbatch|kslurm|kpy) ")
# what a page says is refused
REFUSED = ["kbatch x11", "kslurm update"]
# stands before each program: its words are read, and nothing is run but the setting of a key
READER = """#!/usr/bin/python3
import json, os, subprocess, sys
name, words = os.path.basename(sys.argv[0]), sys.argv[1:]
verb = name == "kpy" or name == "kslurm" and words[:1] not in (["krun"], ["kbatch"], ["kpy"])
if verb and (name == "kpy" or words[0] != "config" or len(words) != 3 or any(word[0] == "-" for word in words)):
    words.insert(words.index("--") if "--" in words else len(words), "-h")
elif not verb:
    words.insert(1 if name == "kslurm" else 0, "-t")
inner = words[words.index("--") + 1:] if verb and "--" in words else []
if inner:
    subprocess.run(inner, stdin=subprocess.DEVNULL, capture_output=True)
done = subprocess.run([os.environ["OURS"] + "/" + name, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True)
with open(os.environ["READ"], "a") as read:
    print(json.dumps([done.returncode, [name, *sys.argv[1:]], done.stderr]), file=read)
print("" if verb else "1234")
sys.exit(done.returncode)
"""


def blocks(page):
    """The code of a page: what stands by itself, and what stands in a line."""
    text = page.read_text()
    if page.suffix == ".md":
        yield from re.findall(r"^```\n(.*?)^```$", text, re.M | re.S)
        text = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
        yield from re.findall(r"(?<!`)`([^`]+)`(?!`)", text)
    else:
        yield from re.findall(r"::\n\n((?:(?: {4}.*)?\n)+)", text)
        yield from re.findall(r"``([^`]+)``", text)


def examples():
    for page in PAGES:
        for block in blocks(page):
            lines = [re.sub(r"^\$ ", "", line.strip()) for line in block.splitlines()]
            lines = [line for line in lines if OURS.search(line)]
            if lines:
                yield pytest.param("\n".join(lines), id=f"{page.name}: {lines[0]}")


def verbs(program, *words):
    """The words of each command below a program."""
    done = subprocess.run([BIN / program, *words, "-h"], env={**os.environ, "LANGUAGE": "C"}, text=True,
                          stdout=subprocess.PIPE, check=True)
    below = done.stdout.partition("\ncommands:\n")[2].partition("\n\n")[0]
    for verb in re.findall(r"^  ([a-z]\S*)", below, re.M):
        yield [program, *words, verb]
        if (*words, verb) not in (("krun",), ("kbatch",), ("kpy",)):
            yield from verbs(program, *words, verb)


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


@pytest.mark.parametrize("text", examples())
def test_an_example_is_read(env, run, tmp_path, text):
    folder = tmp_path / "readers"
    folder.mkdir()
    for program in PROGRAMS:
        (folder / program).write_text(READER)
        (folder / program).chmod(0o755)
    env = {**env, "OURS": str(BIN), "READ": str(tmp_path / "read"), "PATH": f"{folder}:{env['PATH']}"}
    subprocess.run(["bash", "-c", text], env=env, cwd=run.work, timeout=120, stdin=subprocess.DEVNULL,
                   capture_output=True, check=False)
    read = [json.loads(line) for line in (tmp_path / "read").read_text().splitlines()]
    want = 2 if text in REFUSED else 0
    assert len(read) == len(OURS.findall(text)) - len(re.findall("kslurm (?:krun|kbatch|kpy) ", text))
    assert [row for row in read if row[0] != want] == []


def test_what_is_refused_is_still_written():
    texts = [param.values[0] for param in examples()]
    assert [text for text in REFUSED if text not in texts] == []


@pytest.mark.parametrize("words", [*verbs("kslurm"), *verbs("kpy")], ids=" ".join)
def test_a_verb_is_in_a_manual_page_and_in_completion(run, words):
    name = "-".join(words[:2]) if words[1] in ("config", "init", "sandbox") else words[0]
    assert re.search(rf"\b{re.escape(' '.join(words))}\b", " ".join(manual(name).split()))
    argv = [*words[:-1], words[-1][:2]]
    offered = run(words[0], "--complete", len(argv) - 1, *argv).stdout.splitlines()
    assert [line for line in offered if line.split("\t")[0] == words[-1] and line.split("\t")[1]]


@pytest.mark.parametrize("words", [["krun"], ["kbatch"], *verbs("kslurm"), *verbs("kpy")], ids=" ".join)
def test_an_option_is_in_completion(run, words):
    if words[0] == "kslurm" and words[1:] in (["krun"], ["kbatch"], ["kpy"]):
        assert run("kslurm", "--complete", 2, *words, "--").stdout == ":rest 1\n"
        return
    rows = run(*words, "--help=rst").stdout.partition(f"\n{' '.join(words)} ")[0]
    options = re.findall(r"^``(?:-\w, )?(--[\w-]+)", rows, re.M)
    offered = run(words[0], "--complete", len(words), *words, "--").stdout.splitlines()
    assert "--help" in options
    assert [option for option in options if option not in [line.split("\t")[0] for line in offered]] == []
