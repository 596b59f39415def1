"""What the build must keep: links, symbols, layers, format."""
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BIN = pathlib.Path(os.environ["KSLURM_STAGE_BIN"])


def lines(*argv):
    return subprocess.run([str(a) for a in argv], stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()


@pytest.mark.parametrize("program", ["krun", "kbatch", "kslurm", "kpy"])
def test_programs_link_what_they_use(program):
    needed = {line.split("[")[1].rstrip("]") for line in lines("readelf", "-d", BIN / program) if "(NEEDED)" in line}
    allowed = {"libglib-2.0.so.0", "libgobject-2.0.so.0", "libgio-2.0.so.0", "libjson-glib-1.0.so.0", "libc.so.6",
               "libm.so.6"}
    if program == "kpy":
        assert "libarchive.so.13" in needed
        allowed |= {"libarchive.so.13", "libsquashfs.so.1", "libzstd.so.1"}
    assert needed <= allowed


def test_only_the_library_has_the_network():
    library = next(BIN.parent.rglob("libkslurm.so"))
    needed = {line.split("[")[1].rstrip("]") for line in lines("readelf", "-d", library) if "(NEEDED)" in line}
    assert {"libsoup-3.0.so.0", "libnettle.so.8"} <= needed


def test_exported_symbols_are_the_listed_ones():
    library = next(BIN.parent.rglob("libkslurm.so"))
    exported = sorted(line.split()[-1] for line in lines("nm", "-D", "--defined-only", library))
    assert exported == (ROOT / "tests/checks/symbols.txt").read_text().split()


@pytest.mark.parametrize("program", ["krun", "kbatch", "kslurm", "kpy"])
def test_help_and_mistakes(program):
    environ = {**os.environ, "LANGUAGE": "C"}
    done = subprocess.run([BIN / program, "--help"], env=environ, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=True)
    assert done.stderr == "" and max(map(len, done.stdout.splitlines())) <= 80 and done.stdout.count("\n") <= 40
    done = subprocess.run([BIN / program, "-%"], env=environ, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2 and done.stdout == "" and "'-%' is no option" in done.stderr


@pytest.mark.parametrize("program", ["krun", "kbatch", "kpy", "kslurm", "kslurm-config", "kslurm-init", "kslurm-sandbox"])
def test_manual_names_every_option(program):
    words = program.split("-")
    rows = lines(BIN / words[0], *words[1:], "--help=rst")
    page = (BIN.parent / f"share/man/man1/{program}.1").read_text().replace("\\-", "-")
    for row in rows:
        if row.startswith("``"):
            assert row.strip("`") in page


def test_start_is_light():
    trace = subprocess.run(["strace", "-f", "-e", "trace=openat,open", BIN / "krun", "-t", "4", "3:00", "15G", "gpu",
                            "-a", "x", "echo", "hi"], text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                           check=True).stderr
    assert len(re.findall(r"= \d+$", trace, re.M)) <= 60


def test_no_leak():
    subprocess.run(["valgrind", "-q", "--leak-check=full", "--errors-for-leak-kinds=definite", "--error-exitcode=9",
                    BIN / "krun", "-t", "4", "3:00", "15G", "gpu", "-a", "x", "echo", "hi"], check=True,
                   stdout=subprocess.DEVNULL)


def test_sources_are_formatted():
    sources = [p for folder in ("src", "tests") for p in (ROOT / folder).rglob("*.[ch]")]
    subprocess.run(["clang-format", "--dry-run", "-Werror", *sources], check=True)
