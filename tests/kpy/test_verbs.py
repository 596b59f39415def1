"""What a user does with kpy, in a real bash with a real Python and pip."""
import json
import os
import pathlib
import re
import signal
import subprocess
import time

import pytest


def test_create_install_save(shell, wheelhouse, project):
    done = shell(f"""kpy create
        echo "$VIRTUAL_ENV"
        echo "prompt ${{PS1-}}"
        pip -q install --no-index --find-links {wheelhouse} greet==1.0
        kpy save first
        greet""")
    prefix = done.stdout.splitlines()[0]
    assert "/my scratch/" in prefix and prefix.endswith("kslurm-venv-venv")
    assert f"hello from {prefix}" in done.stdout
    assert "saved 'first'" in done.stderr
    listing = subprocess.run(["tar", "--zstd", "-tf", project / "venv_archives/first.tar.zst"], text=True, check=True,
                             stdout=subprocess.PIPE).stdout.splitlines()
    assert listing[0] == ".kslurm/venv.json" and "bin/greet" in listing


def test_the_prompt_shows_what_is_not_saved(shell, wheelhouse):
    done = shell(f"""PS1='$ '
        kpy create mine; echo "1 $PS1"
        pip -q install --no-index --find-links {wheelhouse} greet==1.0
        kpy save mine; echo "2 $PS1"
        pip -q install --no-index --find-links {wheelhouse} greet==2.0; echo "3 $PS1"
        kpy save -f mine; echo "4 $PS1"
        kpy rename mine yours; echo "5 $PS1"
        kpy rm yours; echo "6 $PS1"
        deactivate; echo "7 $PS1\"""")
    shown = dict(line.split(" ", 1) for line in done.stdout.splitlines() if re.match(r"\d ", line))
    assert shown == {"1": "(*mine) $ ", "2": "(mine) $ ", "3": "(*mine) $ ", "4": "(mine) $ ", "5": "(yours) $ ",
                     "6": "(*yours) $ ", "7": "$ "}


def test_load_elsewhere(shell, saved, tmp_path, node):
    other = tmp_path / "another place, longer than the first one"
    other.mkdir()
    done = shell(f"""kpy load {saved}
        greet
        python -m pip check
        python -c 'import greet; print(greet.__file__)'
        kpy activate
        deactivate
        kpy activate {saved}
        greet""", SLURM_TMPDIR=str(other), **node)
    prefix = f"{other}/tmp/kslurm-venv-{saved}"
    assert done.stdout.splitlines().count(f"hello from {prefix}") == 2
    assert "No broken requirements found." in done.stdout
    assert f"\n{saved}\n" in done.stdout
    assert [p for p in pathlib.Path(prefix).rglob("*") if p.is_file() and p.suffix != ".pyc"
            and b"my scratch" in p.read_bytes()] == []


def test_a_second_round(shell, saved, tmp_path, node, wheelhouse):
    first, second = tmp_path / "a", tmp_path / "b c"
    shell(f"kpy load {saved}; pip -q install --find-links {wheelhouse} greet==2.0; kpy save two",
          SLURM_TMPDIR=str(first), **node)
    done = shell("kpy load two; greet; pip list --format=freeze", SLURM_TMPDIR=str(second), **node)
    assert f"hello from {second}/tmp/kslurm-venv-two" in done.stdout and "greet==2.0" in done.stdout


def test_load_under_another_name(shell, saved, tmp_path, node):
    done = shell(f"""kpy load {saved}
        kpy load {saved} || echo refused
        kpy load {saved} --as other; echo "$VIRTUAL_ENV"
        kpy activate""", SLURM_TMPDIR=str(tmp_path / "s"), **node)
    assert "refused" in done.stdout and "'one' is loaded already" in done.stderr and "kpy activate one" in done.stderr
    assert f"{tmp_path}/s/tmp/kslurm-venv-other" in done.stdout
    assert done.stdout.endswith("one\nother\n")


def test_list(run, shell, saved, project):
    (project / "venv_archives" / "old.tar.gz").write_bytes(b"\x1f\x8b")
    table = run("kpy", "list").stdout.splitlines()
    assert table[0].split() == ["NAME", "SIZE", "PYTHON", "PACKAGES", "AGE"]
    assert [line.split()[0] for line in table[1:]] == ["old", "one"]
    rows = json.loads(run("kpy", "list", "--json").stdout)
    assert [row["name"] for row in rows] == ["old", "one"]
    assert rows[0]["python"] is None and re.fullmatch(r"3\.\d+\.\d+", rows[1]["python"])
    assert rows[1]["packages"] >= 2 and rows[1]["size"] == (project / "venv_archives/one.tar.zst").stat().st_size
    assert shell("kpy load").stdout == run("kpy", "list").stdout


def test_info(run, shell, saved, tmp_path, node, wheelhouse):
    text = run("kpy", "info", saved).stdout
    assert "greet==1.0" in text and "changed since" not in text
    assert "greet==1.0" in json.loads(run("kpy", "info", saved, "--json").stdout)["packages"]
    text = shell(f"kpy load {saved}; pip -q install --find-links {wheelhouse} greet==2.0; kpy info {saved}",
                 SLURM_TMPDIR=str(tmp_path / "s"), **node).stdout
    assert re.search(r"^  - greet==1.0$", text, re.M) and re.search(r"^  \+ greet==2.0$", text, re.M)


def test_export(run, saved, tmp_path):
    place = tmp_path / "out side" / "env"
    for words in (["export", saved, "--path", place], ["export", "venv", saved, "-p", f"{place}2"]):
        done = run("kpy", *words)
        assert done.returncode == 0, done.stderr
        assert subprocess.run([str(words[-1]) + "/bin/greet"], text=True, stdout=subprocess.PIPE,
                              check=True).stdout == f"hello from {words[-1]}\n"
    done = run("kpy", "export", saved, "--path", place)
    assert done.returncode == 1 and "there is something at" in done.stderr
    assert sorted(p.name for p in place.parent.iterdir()) == ["env", "env2"]


def test_rm(run, saved, project):
    done = run("kpy", "rm", saved, "nothing")
    assert done.returncode == 1 and "nothing" in done.stderr
    assert (project / "venv_archives/one.tar.zst").exists()
    assert run("kpy", "rm", saved).returncode == 0
    assert list((project / "venv_archives").iterdir()) == []


def test_rm_leaves_the_only_copy(run, shell, saved):
    shell(f"kpy load {saved}")
    assert run("kpy", "rm", saved).returncode == 0
    done = run("kpy", "clean", "--all")
    assert done.stdout == "" and "'one' changed since it was saved" in done.stderr
    assert run("kpy", "activate").stdout == "one\n"


def test_rename(run, shell, saved, project):
    assert run("kpy", "rename", saved, "py3.10 new").returncode == 0
    assert [row["name"] for row in json.loads(run("kpy", "list", "--json").stdout)] == ["py3.10 new"]
    shell("kpy load 'py3.10 new'; greet; kpy save other")
    done = run("kpy", "rename", "other", "py3.10 new")
    assert done.returncode == 1 and "py3.10 new" in done.stderr
    assert sorted(p.name for p in (project / "venv_archives").glob("*.zst")) == ["other.tar.zst", "py3.10 new.tar.zst"]


def test_save_does_not_replace_by_itself(shell, saved, project):
    archive = project / "venv_archives/one.tar.zst"
    before = archive.read_bytes()
    done = shell(f"kpy load {saved} --as two; kpy save one", status=1)
    assert "saved already" in done.stderr and "kpy save -f one" in done.stderr and archive.read_bytes() == before
    shell('kpy load one --as three; rm -r "$VIRTUAL_ENV"/lib/python3*/site-packages/greet*; kpy save -f one')
    assert archive.read_bytes() != before


def test_an_older_archive_counts(shell, run, saved, project, tmp_path, node):
    archives = project / "venv_archives"
    tree = tmp_path / "tree"
    tree.mkdir()
    subprocess.run(["tar", "--zstd", "-xf", archives / "one.tar.zst", "--exclude=.kslurm", "-C", tree], check=True)
    run("kpy", "rm", saved)
    # as the older kslurm did: the folder itself is the member '/'
    code = ("import sys, tarfile\n"
            "with tarfile.open(sys.argv[1], 'w:gz') as tar: tar.add(sys.argv[2], arcname='/')")
    subprocess.run(["/usr/bin/python3", "-c", code, archives / "one.tar.gz", tree], check=True)
    os.chmod(archives / "one.tar.gz", 0o600)
    done = shell("""kpy load one; greet
        kpy save one || kpy save -f one""", SLURM_TMPDIR=str(tmp_path / "s p"), **node)
    assert f"hello from {tmp_path}/s p/tmp/kslurm-venv-one" in done.stdout and "saved already" in done.stderr
    assert sorted(p.name for p in archives.iterdir()) == ["one.json", "one.tar.zst"]


def test_exec(run, saved, node, tmp_path):
    done = run("kpy", "exec", saved, "--", "greet", env={"SLURM_TMPDIR": str(tmp_path / "s"), **node})
    assert (done.returncode, done.stdout) == (0, f"hello from {tmp_path}/s/tmp/kslurm-venv-one\n")
    done = run("kpy", "exec", saved, "--", "python", "-c", "import sys; sys.exit(7)",
               env={"SLURM_TMPDIR": str(tmp_path / "s"), **node})
    assert done.returncode == 7
    done = run("kpy", "exec", saved, "--", "nosuch", env={"SLURM_TMPDIR": str(tmp_path / "s"), **node})
    assert done.returncode == 1 and "'nosuch' is neither in the environment 'one'" in done.stderr
    words = ["a  b", "", "*", "'"]
    done = run("kpy", "exec", saved, "--", "python", "-c", "import sys; print(sys.argv[1:])", *words,
               env={"SLURM_TMPDIR": str(tmp_path / "s"), **node})
    assert done.stdout == f"{words}\n"


def test_exec_of_many_unpacks_once(env, bin_dir, saved, node, tmp_path):
    scratch = tmp_path / "s"
    environ = {**env, **node, "SLURM_TMPDIR": str(scratch)}
    tasks = [subprocess.Popen([bin_dir / "kpy", "exec", saved, "--", "greet"], env=environ, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(6)]
    for task in tasks:
        assert task.communicate(timeout=120)[0] == f"hello from {scratch}/tmp/kslurm-venv-one\n"
    assert [p.name for p in (scratch / "tmp").glob("kslurm-venv-*")] == ["kslurm-venv-one"]


def test_exec_waiters_fail_with_the_owner(env, bin_dir, project, node, tmp_path):
    (project / "venv_archives").mkdir()
    (project / "venv_archives/bad.tar.gz").write_bytes(b"\x1f\x8b no archive")
    environ = {**env, **node, "SLURM_STEP_ID": "0", "SLURM_TMPDIR": str(tmp_path / "s")}
    tasks = [subprocess.Popen([bin_dir / "kpy", "exec", "bad", "--", "true"], env=environ, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)]
    said = {task.communicate(timeout=120)[1] for task in tasks}
    assert {task.returncode for task in tasks} == {1} and len(said) == 1 and "bad" in said.pop()


def test_clean(run, shell, saved, wheelhouse, tmp_path, env):
    done = shell(f"kpy load {saved}; kpy clean --all; deactivate; kpy load {saved} --as b\n"
                 f"pip -q install --find-links {wheelhouse} greet==2.0; deactivate; kpy clean --all")
    assert "'one' is active and stays" in done.stderr and "'b' changed since it was saved" in done.stderr
    scratch = pathlib.Path(env["TMPDIR"])
    left = sorted(p.name for p in scratch.rglob("kslurm-venv-*"))
    assert left == ["kslurm-venv-b"]
    next(scratch.rglob("kslurm-venv-b")).with_name("kslurm-venv-lost").mkdir()
    shown = run("kpy", "clean", "--all", "-f", "--dry-run").stdout.splitlines()
    assert sorted(p.rsplit("/", 1)[1] for p in shown) == ["kslurm-venv-b", "kslurm-venv-lost"]
    assert len(list(scratch.rglob("kslurm-venv-*"))) == 2
    run("kpy", "clean", "--all", "-f")
    assert list(scratch.rglob("kslurm-venv-*")) == []


def test_activate_is_for_compute_nodes(run, shell, saved):
    shell(f"kpy load {saved}")
    for verb, says in (("activate", "'activate' is for compute nodes"), ("load", "'one' is loaded already")):
        done = run("kpy", verb, saved)
        assert done.returncode == 1 and says in done.stderr
        line = done.stderr.split("enter it with: ")[1]
        assert shell(f"{line}greet").stdout.startswith("hello from ")


@pytest.mark.parametrize("words, says", [
    (["save", "a/b"], "a/b"),
    (["save"], "NAME is missing"),
    (["load", "nothing"], "nothing"),
    (["rm"], "NAME is missing"),
    (["exec", "x"], "COMMAND is missing"),
    (["export", "x"], "FOLDER is missing"),
    (["create", "3.99"], "3.99"),
    (["bogus"], "'bogus' is no command"),
])
def test_mistakes(run, words, says):
    done = run("kpy", *words)
    assert done.returncode in (1, 2) and done.stdout == "" and says in done.stderr


def test_without_pipdir(run):
    done = run("kpy", "list", env={"KSLURM_PIPDIR": ""})
    assert done.returncode == 1 and "kslurm config pipdir FOLDER" in done.stderr


def test_in_a_shell_a_failure_is_false(run):
    done = run("kpy", "load", "--shell", "bash", "nothing")
    assert (done.returncode, done.stdout) == (1, "false\n")
    done = run("kpy", "load", "--shell", "bash", "-h")
    assert done.returncode == 0 and done.stdout.startswith("printf %s ")
    shown = subprocess.run(["bash", "-c", done.stdout], text=True, stdout=subprocess.PIPE, check=True).stdout
    assert shown == run("kpy", "load", "-h").stdout


@pytest.mark.parametrize("moment", [0.0, 0.02, 0.1, 0.2, 0.4])
def test_a_killed_save_leaves_the_old_one(env, bin_dir, shell, saved, project, moment, run):
    archives = project / "venv_archives"
    before = (archives / "one.tar.zst").read_bytes()
    prefix = shell('kpy load one --as two; echo "$VIRTUAL_ENV"').stdout.strip()
    task = subprocess.Popen([bin_dir / "kpy", "save", "-f", "one"], env={**env, "VIRTUAL_ENV": prefix},
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(moment)
    task.kill()
    task.wait()
    if (archives / "one.tar.zst").read_bytes() != before:
        assert task.returncode in (0, -signal.SIGKILL)
    assert run("kpy", "export", "one", "--path", project / "whole").returncode == 0
    assert run("kpy", "save", "-f", "one", env={"VIRTUAL_ENV": prefix}).returncode == 0
    assert sorted(p.name for p in archives.iterdir()) == ["one.json", "one.tar.zst"]


def test_a_killed_load_leaves_what_clean_removes(env, bin_dir, saved, node, tmp_path, run):
    environ = {**node, "SLURM_TMPDIR": str(tmp_path / "s")}
    task = subprocess.Popen([bin_dir / "kpy", "load", saved], env={**env, **environ}, stdout=subprocess.DEVNULL,
                            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(0.05)
    task.kill()
    task.wait()
    assert run("kpy", "load", saved, env=environ).returncode == 0
    run("kpy", "clean", "--all", env=environ)
    assert [p.name for p in (tmp_path / "s/tmp").iterdir() if p.is_dir()] == []


def test_an_active_environment_that_is_gone(shell, saved, tmp_path, node):
    done = shell(f"""kpy load {saved}
        rm -r "$VIRTUAL_ENV"
        kpy save two || kpy info || pip list || kpy load {saved}
        greet""", SLURM_TMPDIR=str(tmp_path / "s"), **node)
    assert done.stderr.count(f"the environment '{tmp_path}/s/tmp/kslurm-venv-one' is gone; leave it") == 3
    assert done.stdout.startswith("hello from ")


def killed(env, bin_dir, moment, *words):
    task = subprocess.Popen([bin_dir / "kpy", *words], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)
    time.sleep(moment)
    task.kill()
    return task.wait()


def test_killed_loads_do_not_pile_up(env, bin_dir, saved, node, tmp_path, run):
    environ = {**node, "SLURM_TMPDIR": str(tmp_path / "s")}
    codes = [killed({**env, **environ}, bin_dir, 0.03 + 0.01 * i, "load", saved, "--as", f"n{i}") for i in range(4)]
    assert -signal.SIGKILL in codes
    assert run("kpy", "load", saved, "--as", "last", env=environ).returncode == 0
    names = [f"n{i}" for i, code in enumerate(codes) if code == 0] + ["last"]
    there = sorted(p.name for p in (tmp_path / "s/tmp").iterdir() if "kslurm-venv" in p.name)
    assert there == sorted(f"kslurm-venv-{name}" for name in names)


def test_killed_exports_do_not_pile_up(env, bin_dir, saved, tmp_path, run):
    place = tmp_path / "out"
    codes = [killed(env, bin_dir, 0.03 + 0.01 * i, "export", saved, "--path", place / f"e{i}") for i in range(4)]
    assert -signal.SIGKILL in codes
    for i, code in enumerate(codes):
        if code != 0:
            assert run("kpy", "export", saved, "--path", place / f"e{i}").returncode == 0
    assert sorted(p.name for p in place.iterdir()) == ["e0", "e1", "e2", "e3"]


def test_loads_of_one_name_at_once(env, bin_dir, saved, node, tmp_path, run):
    environ = {**env, **node, "SLURM_TMPDIR": str(tmp_path / "s")}
    tasks = [subprocess.Popen([bin_dir / "kpy", "load", saved], env=environ, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    said = [task.communicate(timeout=120) for task in tasks]
    assert sorted(task.returncode for task in tasks) == [0, 1, 1]
    assert all("already" in errors for output, errors in said if not output)
    prefix = next(output.strip() for output, _ in said if output)
    assert [str(p) for p in (tmp_path / "s/tmp").glob("*kslurm-venv-*")] == [prefix]
    assert run("kpy", "clean", env=environ).stdout == ""
    assert subprocess.run([prefix + "/bin/greet"], check=False).returncode == 0


def test_creates_at_once(env, bin_dir, run):
    tasks = [subprocess.Popen([bin_dir / "kpy", "create"], env=env, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE) for _ in range(2)]
    made = [task.communicate(timeout=240)[0].strip() for task in tasks]
    assert [task.returncode for task in tasks] == [0, 0]
    assert run("kpy", "activate").stdout == "venv\nvenv1\n"
    prompts = [re.search("^prompt = .*$", (pathlib.Path(p) / "pyvenv.cfg").read_text(), re.M)[0] for p in made]
    assert len(set(prompts)) == 2


def test_a_name_that_looks_like_an_option(run, shell):
    shell("kpy create -- -x; kpy save -- -y; deactivate; kpy rename -- -y -z")
    assert run("kpy", "load", "--as", "-w", "--", "-z").returncode == 0
    assert run("kpy", "activate").stdout == "-w\n-z\n"
    assert run("kpy", "rm", "--", "-z").returncode == 0


@pytest.mark.parametrize("place", [b'a"b', b"a\nb", b"a\xffb", b"a:b"])
def test_a_place_that_scripts_cannot_name(env, bin_dir, saved, tmp_path, place):
    scratch = os.fsencode(tmp_path) + b"/" + place
    os.mkdir(scratch)
    for words in (["create"], ["load", saved], ["exec", saved, "--", "true"]):
        done = subprocess.run([bin_dir / "kpy", *words], env={**env, "TMPDIR": scratch}, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        assert done.returncode == 1 and b"no environment can be at" in done.stderr
    assert [name for _, folders, _ in os.walk(scratch) for name in folders if b"venv" in name] == []


def test_closed_streams(env, saved, node, tmp_path):
    environ = {**env, **node, "SLURM_TMPDIR": str(tmp_path / "s")}
    lines = f"""kpy load {saved} <&- >&-; echo $?
        kpy exec {saved} -- python -c 'import os
for n in range(3): os.write(3, os.readlink("/proc/self/fd/%d" % n).encode() + b"\\n")' 3>&1 <&- >&- 2>&-"""
    done = subprocess.run(["bash", "-c", lines], env=environ, text=True, capture_output=True, timeout=60, check=False)
    assert done.stdout.splitlines() == ["1"] + ["/dev/null"] * 3 and "Bad file descriptor" in done.stderr


def test_a_folder_that_has_an_archives_name(run, project):
    (project / "venv_archives/x.tar.zst").mkdir(parents=True)
    for words in (["load", "x"], ["info", "x"], ["rm", "x"]):
        assert "no environment 'x' is saved" in run("kpy", *words).stderr


def test_ctrl_c_leaves_nothing(env, bin_dir, saved, node, tmp_path):
    environ = {**env, **node, "SLURM_TMPDIR": str(tmp_path / "s")}
    task = subprocess.Popen([bin_dir / "kpy", "load", saved], env=environ, stdout=subprocess.DEVNULL,
                            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(0.05)
    task.send_signal(signal.SIGINT)
    if task.wait(timeout=60) == 130:
        assert [p for p in (tmp_path / "s").rglob("kslurm-venv-*")] == []
