"""The house style that a machine can see: sizes, comments, words, and who may include whom."""
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BASE = ROOT / "src" / "base"
SOURCES = sorted(p for folder in ("src", "tests") for p in (ROOT / folder).rglob("*.[ch]"))

FILE_LINES = 300
FUNCTION_LINES = 40
COMMENTS_PER_HUNDRED = 5

LAYERS = ["base", "archive", "image", "cmd"]
# what a folder of the lowest layer may see; 'util' and 'args' know no domain
MAY_SEE = {"util": set(), "args": {"util"}, "sandbox": {"util"}}
# what only real programs can show
TESTED_ELSEWHERE = {"main": "tests/cmd/test_config.py", "sandbox": "tests/slurm/test_sandbox.py"}
NOT_IN_BASE = re.compile(r"#include <(libsoup|archive|sqfs)")


def name(path):
    return str(path.relative_to(ROOT))


def functions(text):
    """Where each function begins, and how many lines it has: from '{' to '}' in column 0."""
    start = 0
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("{"):
            start = number
        elif line.startswith("}") and start:
            yield start, number - start + 1
            start = 0


def comment_lines(text):
    """Lines of comments that are neither documentation nor the licence."""
    count = 0
    for comment in re.findall(r"/\*.*?\*/|//[^\n]*", text, flags=re.DOTALL):
        if not comment.startswith(("/**", "/* SPDX")):
            count += comment.count("\n") + 1
    return count


def included(path):
    return re.findall(r'^#include "([^"]+)"', path.read_text(), flags=re.MULTILINE)


def test_a_file_is_one_type():
    sizes = {name(p): len(p.read_text().splitlines()) for p in SOURCES}
    assert len(sizes) > 50
    assert {n: lines for n, lines in sizes.items() if lines > FILE_LINES} == {}


def find_test(path):
    """A type may stand in several files: 'plan-run' is tested with 'plan'."""
    words = path.stem.removeprefix("kslurm-").split("-")
    for n in range(len(words), 0, -1):
        kind = "-".join(words[:n])
        for test in (ROOT / TESTED_ELSEWHERE.get(kind, "none"), ROOT / "tests" / "unit" / f"test-{kind}.c"):
            if test.is_file():
                return test
    return None


def test_a_file_has_a_test():
    assert [name(p) for p in BASE.rglob("*.c") if find_test(p) is None] == []


def test_a_function_fits_a_screen():
    found = {f"{name(p)}:{line}": lines for p in SOURCES for line, lines in functions(p.read_text())}
    assert len(found) > 300
    assert {where: lines for where, lines in found.items() if lines > FUNCTION_LINES} == {}


@pytest.mark.parametrize("folder", ["src", "tests"])
def test_comments_are_few(folder):
    texts = [p.read_text() for p in SOURCES if name(p).startswith(folder)]
    lines = sum(len(text.splitlines()) for text in texts)
    comments = sum(map(comment_lines, texts))
    assert 0 < comments * 100 <= COMMENTS_PER_HUNDRED * lines


def test_no_goto():
    assert [name(p) for p in SOURCES if re.search(r"\bgoto\b", p.read_text())] == []


def test_a_layer_includes_none_above_it():
    wrong = []
    for path in SOURCES:
        layer = name(path).split("/")[1]
        if not name(path).startswith("src/"):
            continue
        above = LAYERS[LAYERS.index(layer) + 1:]
        wrong += [(name(path), header) for header in included(path) if header.split("/")[0] in above]
    wrong += [(name(p), "a library of a layer above") for p in BASE.rglob("*.[ch]") if NOT_IN_BASE.search(p.read_text())]
    assert wrong == []


@pytest.mark.parametrize("folder", MAY_SEE)
def test_a_folder_includes_none_above_it(folder):
    files = sorted((BASE / folder).glob("*.[ch]"))
    assert files
    allowed = MAY_SEE[folder] | {folder}
    wrong = [(name(p), header) for p in files for header in included(p)
             if header.startswith("base/") and header.split("/")[1] not in allowed]
    assert wrong == []
