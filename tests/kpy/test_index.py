"""Which environments are on a node: many writers, damage by hand, and kills."""
import pathlib
import signal
import subprocess
import time

import pytest


@pytest.fixture
def scratch(tmp_path):
    folder = tmp_path / "node scratch"
    folder.mkdir()
    return folder


@pytest.fixture
def at_node(shell, env, node, scratch):
    """Runs lines on a compute node."""
    more = {**node, "SLURM_TMPDIR": str(scratch)}

    def run_there(lines, status=0):
        return shell(lines, status, **more)

    run_there.env = {**env, **more}
    return run_there


def test_four_loads_at_once_are_four(at_node, saved, scratch):
    loads = [subprocess.Popen(["kpy", "load", saved, "--as", f"copy {n}"], env=at_node.env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, text=True) for n in range(4)]
    places = [load.communicate(timeout=120)[0].strip() for load in loads]
    assert [load.returncode for load in loads] == [0] * 4
    assert places == [f"{scratch}/tmp/kslurm-venv-copy {n}" for n in range(4)]
    assert at_node("kpy activate").stdout == "copy 0\ncopy 1\ncopy 2\ncopy 3\n"


def test_two_loads_of_one_name(at_node, saved):
    loads = [subprocess.Popen(["kpy", "load", saved], env=at_node.env, stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    for load in loads:
        load.communicate(timeout=120)
    assert 0 in [load.returncode for load in loads]
    assert at_node(f"kpy activate; kpy activate {saved}; greet").stdout.startswith(f"{saved}\n")


@pytest.mark.parametrize("damage", ["", "{", '{"one": 7}', '{"one": "'])
def test_a_damaged_index_is_made_again(at_node, saved, scratch, damage):
    at_node(f"kpy load {saved}")
    index = scratch / "tmp" / "kpy-index.json"
    index.write_text(damage)
    done = at_node(f"kpy activate {saved}; greet")
    assert f"hello from {scratch}/tmp/kslurm-venv-{saved}" in done.stdout
    assert "the index of environments was damaged" in done.stderr
    assert pathlib.Path(f"{index}.damaged").read_text() == damage
    assert "damaged" not in at_node("kpy activate").stderr


def test_a_folder_that_is_gone_is_forgotten(at_node, saved, scratch):
    at_node(f"kpy load {saved}; rm -r '{scratch}/tmp/kslurm-venv-{saved}'")
    done = at_node("kpy activate")
    assert done.stdout == "" and "nothing is loaded" in done.stderr
    at_node(f"kpy load {saved}; greet")


def test_a_killed_load_leaves_what_clean_finds(at_node, saved, scratch):
    """The kill comes at several moments; whenever it is, nothing is listed that does not work."""
    tmp = scratch / "tmp"
    for wait in (0.01, 0.03, 0.06, 0.1, 0.2):
        load = subprocess.Popen(["kpy", "load", saved], env=at_node.env, stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(wait)
        load.send_signal(signal.SIGKILL)
        load.wait()
        (tmp / "kpy-index.json").unlink(missing_ok=True)
        (tmp / "kpy-index.json").write_text("damaged")
        for name in at_node("kpy activate").stdout.split():
            at_node(f"kpy activate {name}; greet")
        at_node("kpy clean --all")
        assert [p.name for p in tmp.iterdir() if "venv" in p.name] == []
