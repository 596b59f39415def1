# SPDX-License-Identifier: MIT
"""The French catalogue is complete, and the help in French fits a terminal."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "po"
LANGUAGES = (PO / "LINGUAS").read_text().split()
# a message's mark; '_(' may follow no other letter: 'take_(' is none
MARK = re.compile(r"(?<![A-Za-z0-9_])(?:_|N_|(?:g_d)?ngettext)\(")
# as meson's i18n.gettext(preset: 'glib') calls it
XGETTEXT = [
    "xgettext", "--language=C", "--from-code=UTF-8", "--add-comments",
    "--keyword=_", "--keyword=N_", "--keyword=C_:1c,2", "--keyword=NC_:1c,2",
    "--keyword=g_dcgettext:2", "--keyword=g_dngettext:2,3",
    "--keyword=g_dpgettext2:2c,3",
    "--flag=N_:1:pass-c-format", "--flag=C_:2:pass-c-format",
    "--flag=NC_:2:pass-c-format", "--flag=g_dngettext:2:pass-c-format",
    "--flag=g_strdup_printf:1:c-format", "--flag=g_string_printf:2:c-format",
    "--flag=g_string_append_printf:2:c-format", "--flag=g_error_new:3:c-format",
    "--flag=g_set_error:4:c-format", "--flag=g_markup_printf_escaped:1:c-format",
    "--flag=g_log:3:c-format", "--flag=g_print:1:c-format",
    "--flag=g_printerr:1:c-format", "--flag=g_printf:1:c-format",
    "--flag=g_fprintf:2:c-format", "--flag=g_sprintf:2:c-format",
    "--flag=g_snprintf:3:c-format",
]  # fmt: skip
PROGRAMS = ["krun", "kbatch", "kslurm", "kpy"]


def run(*words, **options):
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, **options)


def listed():
    lines = (PO / "POTFILES").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def without_comments(text):
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def help_of(words, language):
    program, *verbs = words
    path = Path(os.environ["KSLURM_STAGE_BIN"]) / program
    env = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": language}
    result = run(path, *verbs, "-h", env=env)
    assert result.returncode == 0, result.stderr
    return result.stdout


def commands_of(words):
    """The words that name a program, and each command below it."""
    yield words
    section = help_of(words, "en").partition("\ncommands:\n")[2].partition("\n\n")[0]
    for verb in re.findall(r"^  ([a-z]\S*)", section, flags=re.MULTILINE):
        yield from commands_of([*words, verb])


@pytest.fixture(scope="module")
def pot(tmp_path_factory):
    path = tmp_path_factory.mktemp("po") / "kslurm.pot"
    result = run(*XGETTEXT, "--files-from=po/POTFILES", f"--output={path}")
    # a message that xgettext cannot read whole is a warning, and never translated
    assert (result.returncode, result.stderr) == (0, "")
    return path


def test_potfiles_lists_the_files_with_messages():
    marked = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "src").rglob("*.c")
        if MARK.search(without_comments(path.read_text()))
    ]
    assert listed() == sorted(marked)


def test_the_library_names_its_domain():
    """What another program calls cannot count on that program's textdomain()."""
    plain = re.compile(r"(?<![A-Za-z0-9_])n?gettext\(|<glib/gi18n\.h>")
    wrong = [str(p.relative_to(ROOT)) for p in (ROOT / "src" / "base").rglob("*.[ch]") if plain.search(p.read_text())]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language, pot):
    result = run("msgcmp", f"po/{language}.po", str(pot), env=os.environ | {"LC_ALL": "C"})
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_is_sound(language):
    result = run(
        "msgfmt", "--check", "--statistics", "--output-file=/dev/null",
        f"po/{language}.po", env=os.environ | {"LC_ALL": "C"},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert re.fullmatch(r"\d+ translated messages?\.\n", result.stderr), result.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_holds_no_message_that_is_gone(language, pot):
    result = run(
        "msgcmp", "--use-untranslated", str(pot), f"po/{language}.po",
        env=os.environ | {"LC_ALL": "C"},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "\n#~" not in (PO / f"{language}.po").read_text()


@pytest.mark.skipif("KSLURM_STAGE_BIN" not in os.environ, reason="no staged install")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("program", PROGRAMS)
def test_help_is_translated_and_fits(program, language):
    for words in commands_of([program]):
        text = help_of(words, language)
        assert text != help_of(words, "en"), words
        assert [line for line in text.splitlines() if len(line) > 80] == []
