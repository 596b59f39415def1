"""The library is usable from C and Python, and every symbol of it is documented."""
import os
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PREFIX = pathlib.Path(os.environ["KSLURM_STAGE_BIN"]).parent
GIR = PREFIX / "share/gir-1.0/Kslurm-1.0.gir"
SYMBOLS = (ROOT / "tests/checks/symbols.txt").read_text().split()
CORE = "{http://www.gtk.org/introspection/core/1.0}"
C = "{http://www.gtk.org/introspection/c/1.0}"
GLIB = "{http://www.gtk.org/introspection/glib/1.0}"
SOURCES = "".join(path.read_text() for path in (ROOT / "src").rglob("kslurm-*.c"))


def code(language):
    page = (ROOT / "docs/guide/library.md").read_text()
    return re.search(rf"^```{language}\n(.*?)^```$", page, re.M | re.S).group(1)


@pytest.fixture
def env(env):
    library = next(PREFIX.rglob("libkslurm.so")).parent
    return {**env, "LD_LIBRARY_PATH": str(library), "GI_TYPELIB_PATH": str(library / "girepository-1.0")}


@pytest.fixture(scope="module")
def elements():
    tree = xml.etree.ElementTree.parse(GIR)
    found = {}
    for element in tree.iter():
        for key in (f"{C}identifier", f"{GLIB}get-type"):
            if element.get(key, "").startswith("kslurm_"):
                found.setdefault(element.get(key), element)
    return found


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_a_symbol_is_documented(elements, symbol):
    element = elements[symbol]
    assert element.find(f"{CORE}doc") is not None
    if element.get("introspectable") == "0":
        assert f"\n * {symbol}: (skip)\n" in SOURCES


def test_the_reference_describes_nothing_else(elements):
    assert sorted(elements) == SYMBOLS


def test_the_reference_is_complete(tmp_path):
    config = pathlib.Path(os.environ["KSLURM_BUILD_DIR"]) / "docs/kslurm.toml"
    done = subprocess.run(["gi-docgen", "check", "--quiet", "--fatal-warnings", "--config", config, GIR],
                          capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    api = PREFIX / "share/doc/kslurm/api"
    assert "g_auto(GStrv)" in re.sub("<.*?>", "", (api / "library.html").read_text())
    assert (api / "ctor.Request.parse.html").exists()


PYTHON = r"""
import gi
gi.require_version("Kslurm", "1.0")
from gi.repository import GLib, Kslurm

def message(code, call, *words):
    try:
        call(*words)
    except GLib.Error as error:
        assert error.matches(Kslurm.error_quark(), code), error
        assert Kslurm.error_get_exit_status(error) == (2 if code == Kslurm.Error.USAGE else 1)
        return error.message
    raise AssertionError(words)

yes, no = Kslurm.Parse.YES, Kslurm.Parse.NO
assert tuple(Kslurm.duration_parse("3:00")) == (yes, 10800)
assert tuple(Kslurm.duration_parse("1d-")) == (no, 0)
assert tuple(Kslurm.duration_parse_slurm("3:00")) == (True, 180)
assert tuple(Kslurm.duration_parse_slurm("3:")) == (False, 0)
assert (Kslurm.duration_to_slurm(10800), Kslurm.duration_to_words(10800)) == ("03:00:00", "3 h 00 min")
assert tuple(Kslurm.memory_parse("4GiB/cpu")) == (yes, 4096, True)
assert tuple(Kslurm.memory_parse("4X")) == (no, 0, False)
assert tuple(Kslurm.memory_parse_slurm("4G")) == (True, 4096)
assert Kslurm.memory_to_words(15000) == "15 GB"
assert tuple(Kslurm.gpus_parse("gpu:a100:2")) == (yes, "a100", 2)
assert tuple(Kslurm.gpus_parse("gpus")) == (no, None, 0)
assert Kslurm.gpus_to_option("a100", 2, None) == "--gres=gpu:a100:2"
assert "no time at all" in message(Kslurm.Error.USAGE, Kslurm.duration_parse, "0:00")
assert Kslurm.shell_quote(Kslurm.Dialect.FISH, "it's") == r"'it\'s'"
assert Kslurm.shell_join(Kslurm.Dialect.BASH, ["a b", "\udcff"]) == "'a b' '\udcff'"

config = Kslurm.Config.new()
config.override("account", "def-lab", "here")
assert config.add_data("mine", b"[account]\ngpu=rrg-lab\n")
assert (config.get("account.gpu"), config.get_origin("account.gpu")) == ("rrg-lab", "mine")
assert config.list_keys(None) == ["account", "account.gpu"] and config.get("scratch") is None
message(Kslurm.Error.CORRUPT, config.add_data, "mine", b"\xff")

path = f"{GLib.get_user_config_dir()}/kslurm/config"
assert Kslurm.Config.save("account", "def-mine")
assert (Kslurm.Config.load().get("account"), Kslurm.Config.load().get_origin("account")) == ("def-mine", path)
assert Kslurm.Config.save("account", None) and Kslurm.Config.load().get_notice() is None
message(Kslurm.Error.NOT_FOUND, Kslurm.Config.save, "account", None)

def parse(*words):
    kind = Kslurm.RequestKind.BATCH if words[0] == "kbatch" else Kslurm.RequestKind.RUN
    return Kslurm.Request.parse(kind, words, "/w", config, lambda path, data: path == data, "/w/sub")

request = parse("krun", "4", "3:00", "sub/", "15G", "gpu", "-t", "python", "a b", "\udcff")
assert request.get_kind() == Kslurm.RequestKind.RUN and request.has("test") and not request.has("new")
assert (request.get_command(), request.get_directory()) == (["python", "a b", "\udcff"], "/w/sub")
plan = Kslurm.Plan.new(request, config, ["HOME=/h", "SLURM_MEM_PER_CPU=1"], False)
assert plan.get_argv() == [
    "srun", "--time=03:00:00", "--cpus-per-task=4", "--mem=15000M", "--gres=gpu:1", "--account=rrg-lab",
    "--job-name=python", "--chdir=/w/sub", "python", "a b", "\udcff"]
assert plan.dup_environ() == ["HOME=/h"]
assert plan.to_words() == "3 h 00 min, 4 cpus, 15 GB, 1 gpu, account rrg-lab"
assert plan.to_line().startswith("env -u SLURM_MEM_PER_CPU srun ")
assert (plan.get_option("memory"), plan.get_value("memory")) == ("mem", "15000M")
assert plan.get_input() is None and plan.get_step_of() is None and plan.get_notes() == []

assert parse("krun", "--venv", "ml", "true").get_venv() == "ml"
assert "reaches the program as it is" in parse("krun", "echo", ">", "x").get_notes()[0]

plan = Kslurm.Plan.new(parse("kbatch", "echo hi"), config, [], False)
assert plan.get_argv()[:2] == ["sbatch", "--parsable"]
assert plan.get_input().get_data() == b"#!/bin/bash\nexec bash -c 'echo hi'\n"
assert plan.dup_output("7") == "/w/slurm-7.out"
assert plan.get_option_value("partition") is None
script = GLib.Bytes.new(b"#!/bin/bash\n#SBATCH --time=5\n")
plan = Kslurm.Plan.new(parse("kbatch", "job.sh"), config, [], False, script)
assert plan.get_argv()[-1] == "/w/job.sh" and plan.get_value("time") == "5"
assert "what is to be run" in message(Kslurm.Error.USAGE, Kslurm.Plan.new, parse("kbatch", "4"), config, [], False)
assert "cpus given twice" in message(Kslurm.Error.USAGE, parse, "krun", "4", "8")
"""


def test_python_has_the_whole_library(env, tmp_path):
    script = tmp_path / "use.py"
    script.write_text(PYTHON)
    done = subprocess.run([sys.executable, "-X", "utf8", script], env={**env, "G_DEBUG": "fatal-warnings"}, text=True,
                          capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_test_of_python_calls_every_function(elements):
    unused = {name for name, element in elements.items()
              if element.get("introspectable") != "0" and element.get("name")
              and not re.search(rf"\b{element.get('name')}\b", PYTHON)}
    assert unused == set()


def test_the_guides_program_in_c(env, tmp_path):
    (tmp_path / "plan.c").write_text(code("c"))
    root = str(PREFIX.parent)
    pkg = {**env, "PKG_CONFIG_PATH": str(next(PREFIX.rglob("libkslurm.pc")).parent)}
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "libkslurm"], env=pkg, text=True,
                           stdout=subprocess.PIPE, check=True).stdout.split()
    # what we staged is below the stage; the libraries that it needs are not
    flags = [re.sub(r"^-I(?=/usr/include/kslurm)", f"-I{root}", flag) for flag in flags]
    subprocess.run(["cc", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror", "-o", tmp_path / "plan",
                    tmp_path / "plan.c", f"-L{env['LD_LIBRARY_PATH']}", *flags], check=True)
    done = subprocess.run([tmp_path / "plan", "4", "3:00", "echo", "a b"], env=env, text=True, capture_output=True,
                          check=True)
    assert done.stdout == "srun --time=03:00:00 --cpus-per-task=4 --mem=4000M --job-name=echo echo 'a b'\n"
    done = subprocess.run([tmp_path / "plan", "0:00"], env=env, text=True, capture_output=True, check=False)
    assert done.returncode == 2 and "no time at all" in done.stderr
