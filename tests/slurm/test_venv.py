"""Environments in jobs: saved where we are, unpacked once on each node of a real Slurm."""
import os
import signal
import subprocess
import time
import zipfile

import pytest

PYTHON = "/usr/bin/python3"
WHERE = "import os, sys; print(os.environ['SLURMD_NODENAME'], sys.prefix, os.environ['VIRTUAL_ENV'], sep='|')"
ODD = (b"#!/bin/cp\n#SBATCH --comment=KSLURM_SCRIPT\nKSLURM_SCRIPT\n\0\r\n\x01\x7f\xff'\"\\$(touch F)`touch F`\n"
       b"exit 1\n" + bytes(range(256)))


@pytest.fixture
def env(env, tmp_path):
    """Every node has a disk of its own, and so has the login node; blanks are everywhere."""
    clean = {k: v for k, v in env.items() if not k.startswith(("PIP_", "UV_", "VIRTUAL_ENV", "PYTHON"))}
    login = tmp_path / "log in"
    login.mkdir()
    (tmp_path / "pip dir").mkdir()
    return {**clean, "KSLURM_PIPDIR": str(tmp_path / "pip dir"), "TMPDIR": str(login), "USER": "u",
            "KSLURM_SCRATCH": f"{tmp_path}/node/$SLURMD_NODENAME $SLURM_JOB_ID"}


@pytest.fixture
def save(run, tmp_path):
    """Makes an environment where the user is and saves it."""
    def make(name="my env", files=0):
        prefix = tmp_path / "log in" / "made here"
        if not prefix.exists():
            subprocess.run([PYTHON, "-m", "venv", "--without-pip", prefix], check=True)
        tool = prefix / "bin" / "tool"
        tool.write_text(f"#!{prefix}/bin/python\nimport sys\nprint('tool', sys.prefix, *sys.argv[1:], sep='|')\n")
        tool.chmod(0o755)
        for number in range(files):
            folder = prefix / "data" / str(number // 100)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / str(number)).write_bytes(os.urandom(20000))
        done = run("kpy", "save", name, env={"VIRTUAL_ENV": str(prefix)})
        assert done.returncode == 0, done.stderr
        return prefix
    return make


@pytest.fixture
def batch(run, slurm):
    def submit(*argv, **more):
        done = run("kbatch", "0:05", "200M", *argv, **more)
        assert done.returncode == 0, done.stderr
        job = done.stdout.strip()
        state = slurm.wait(job)
        return (run.work / f"slurm-{job}.out").read_bytes().decode(errors="replace"), state
    return submit


@pytest.fixture
def unpacked(tmp_path):
    """The environments on the nodes' disks: a second unpacking would have a folder of its own."""
    return lambda: sorted(p.relative_to(tmp_path / "node") for p in (tmp_path / "node").glob("*/tmp/kslurm-venv-*"))


def test_eight_tasks_on_two_nodes_unpack_once_each(run, save, unpacked, tmp_path):
    save()
    done = run("krun", "nodes:2", "tasks:8", "--ntasks-per-node=4", "200M", "0:05", "--venv", "my env", "python", "-c", WHERE)
    assert done.returncode == 0, done.stderr
    said = [line.split("|") for line in done.stdout.splitlines()]
    assert len(said) == 8
    assert len({node for node, _, _ in said}) == 2
    for node, prefix, active in said:
        assert prefix == active
        assert prefix.startswith(f"{tmp_path}/node/{node} ")
    assert len(unpacked()) == 2
    assert len({folder.name for folder in unpacked()}) == 1


def test_step_and_line(run, save):
    save("e")
    line = run("krun", "--quiet", "200M", "0:05", "--venv", "e", "tool a; tool 'b c'").stdout.splitlines()
    assert [text.split("|")[2] for text in line] == ["a", "b c"]
    step = run("krun", "--quiet", "200M", "0:05", "krun", "--quiet", "--venv", "e", "tool", "d e")
    assert step.stdout.split("|")[2] == "d e\n"
    assert step.returncode == 0


def test_shell(spawn, save, tmp_path):
    save("e")
    (tmp_path / "home" / ".bashrc").write_text("PS1='$ '\nPATH=/usr/bin:/bin\n")
    child = spawn("krun", "--quiet", "200M", "0:05", "--venv", "e")
    child.expect_exact("(e) $ ")
    child.sendline("tool x; command -v tool")
    child.expect(r"tool\|(/.*)\|x")
    prefix = child.match[1]
    child.expect_exact(f"{prefix}/bin/tool")
    child.sendline("exit 3")
    child.wait()
    assert child.exitstatus == 3


def test_batch_job_unpacks_on_every_node(batch, save, unpacked):
    save("e")
    out, state = batch("nodes:2", "tasks:2", "--venv", "e", "python", "-c", WHERE)
    assert (state, out.count("|")) == ("COMPLETED", 2), out
    assert len(unpacked()) == 2


def test_batch_job_that_cannot_unpack_ends(batch, save, tmp_path):
    save("e")
    archive = tmp_path / "pip dir" / "venv_archives" / "e.tar.zst"
    archive.write_bytes(archive.read_bytes()[:-100])
    out, state = batch("nodes:2", "tasks:2", "--venv", "e", "echo it ran")
    assert state == "FAILED"
    assert "kbatch: the environment 'e' is not ready on every node, so the job ends here" in out
    assert "it ran" not in out


def script(run, text, name="a job's.sh"):
    (run.work / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return f"./{name}"


def test_script_runs_in_it(batch, run, save):
    save()
    path = script(run, "#!/usr/bin/env python3\n#SBATCH --comment=mine\nimport os, sys\n"
                  "print(sys.prefix == os.environ['VIRTUAL_ENV'], os.path.basename(__file__), sys.argv[1:], "
                  "os.environ['SLURM_JOB_NAME'], repr(sys.stdin.read()))")
    (run.work / "in").write_text("from stdin")
    out, state = batch("--venv", "my env", "--input=in", path, "a b", "*")
    assert (out, state) == ("True a job's.sh ['a b', '*'] a job's.sh 'from stdin'\n", "COMPLETED")


def test_script_on_two_nodes(batch, run, save, unpacked):
    save()
    path = script(run, "#!/bin/bash\n#SBATCH --nodes=2\n#SBATCH --ntasks=2\n#SBATCH --time=5\nsrun tool x\n")
    out, state = batch("--venv", "my env", path)
    assert state == "COMPLETED", out
    assert out.count("tool|") == 2
    assert len(unpacked()) == 2


def test_script_s_bytes_are_its_own(batch, run, save, tmp_path):
    save("e")
    out, state = batch("--venv", "e", script(run, ODD), tmp_path / "copied")
    assert (out, state) == ("", "COMPLETED")
    assert (tmp_path / "copied").read_bytes() == ODD
    assert not (run.work / "F").exists()


def test_who_waits_fails_with_the_owner(run, save, tmp_path, unpacked):
    save("e", files=2000)
    archive = tmp_path / "pip dir" / "venv_archives" / "e.tar.zst"
    damaged = bytearray(archive.read_bytes())
    damaged[len(damaged) // 2] ^= 0xff
    archive.write_bytes(damaged)
    done = run("krun", "tasks:4", "nodes:1", "200M", "0:05", "--venv", "e", "echo", "it ran")
    assert done.returncode == 1
    assert "it ran" not in done.stdout
    assert len([line for line in done.stderr.splitlines() if line.startswith("kpy: ")]) == 4, done.stderr
    assert unpacked() == []


def stop_owner(folder, end):
    """Who unpacks stands still, with its lock and half of the files."""
    while time.monotonic() < end:
        for lock in folder.glob("*/tmp/kpy-exec-*.lock"):
            if list(lock.parent.glob("kslurm-venv-*/data/1")):
                owner = int(lock.read_text().split()[3])
                os.kill(owner, signal.SIGSTOP)
                assert lock.exists(), "too late: it is unpacked"
                return owner
        time.sleep(0.001)
    raise AssertionError("nobody unpacks")


def test_who_waits_takes_over_from_the_dead(env, run, save, tmp_path):
    save("e", files=10000)
    same = {**env, "KSLURM_SCRATCH": str(tmp_path / "node" / "shared")}
    argv = ["krun", "--quiet", "200M", "0:05", "--venv", "e", "tool", "x"]
    children = [subprocess.Popen(argv, env=same, cwd=run.work, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                for _ in range(3)]
    owner = stop_owner(tmp_path / "node", time.monotonic() + 30)
    os.kill(owner, signal.SIGKILL)
    said = [child.communicate(timeout=60) for child in children]
    assert sorted(child.returncode for child in children) == [0, 0, 137], said
    assert sum(out.count("tool|") for out, _ in said) == 2
    assert len({out for out, _ in said if out}) == 1


def test_saved_again_is_unpacked_again(run, save, tmp_path):
    """On scratch that outlives the job."""
    prefix = save("e")
    lasting = {"KSLURM_SCRATCH": f"{tmp_path}/lasting"}
    argv = ["krun", "--quiet", "200M", "0:05", "--venv", "e"]
    first = run(*argv, "tool", env=lasting).stdout
    assert run(*argv, "tool", env=lasting).stdout == first
    (prefix / "bin" / "newer").symlink_to("tool")
    assert run("kpy", "save", "-f", "e", env={"VIRTUAL_ENV": str(prefix)}).returncode == 0
    newer = run(*argv, "newer", env=lasting).stdout
    assert newer.startswith("tool|") and newer != first
    assert run(*argv, "newer", env=lasting).stdout == newer
    assert len(list((tmp_path / "lasting" / "tmp").glob("kslurm-venv-*"))) == 2


@pytest.mark.parametrize("program", ["krun", "kbatch"])
def test_reminds_of_an_environment_that_stays_here(run, save, program, tmp_path):
    active = {"VIRTUAL_ENV": str(save("e"))}
    assert "give '--venv NAME'" in run(program, "-t", "true", "x", env=active).stderr
    assert "give '--venv NAME'" not in run(program, "-t", "--venv", "e", "true", "x", env=active).stderr
    assert "give '--venv NAME'" not in run(program, "-t", "true", "x", env={"VIRTUAL_ENV": f"{tmp_path}/home/e"}).stderr


@pytest.mark.parametrize("program", ["krun", "kbatch"])
def test_what_is_not_saved_is_not_asked_for(run, save, slurm, program):
    save("fit")
    done = run(program, "200M", "--venv", "fiit", "true")
    assert done.returncode == 1
    assert done.stderr.endswith(f"{program}: no environment 'fiit' is saved; did you mean 'fit'?\n")
    nowhere = run(program, "200M", "--venv", "fit", "true", env={"KSLURM_PIPDIR": ""})
    assert nowhere.returncode == 1
    assert f"{program}: 'pipdir' is not set; " in nowhere.stderr
    assert slurm.ask("squeue", "-h", "--me") == ""


def make_wheel(folder, name):
    """A pure wheel with a console script, as a build would make it."""
    info = f"{name}-1.0.dist-info"
    files = {f"{name}.py": f"def main():\n    import sys\n    print('{name}', sys.prefix, sep='|')\n",
             f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
             f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
             f"{info}/entry_points.txt": f"[console_scripts]\n{name}={name}:main\n"}
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)


def test_round_trip(run, batch, tmp_path):
    """From the login node to jobs and back, with what the guide says."""
    wheels = tmp_path / "pip dir" / "wheels"
    make_wheel(wheels, "early")
    make_wheel(wheels, "late")
    login = run("bash", "-euc", "eval \"$(kslurm init bash)\"; kpy create 3 made; pip --quiet install --no-index early; "
                "kpy save 'my fit'; printf '%s|' \"$VIRTUAL_ENV_PROMPT\"; early", timeout=300)
    assert login.returncode == 0, login.stderr
    assert login.stdout.startswith("my fit|early|")
    job = run("krun", "--quiet", "0:05", "500M", "--venv", "my fit", "early")
    assert job.stdout.startswith(f"early|{tmp_path}/node/"), job.stderr
    # a node's network has no way out
    (run.work / "cut.sh").write_text("""eval "$(kslurm init bash)"
        set -eu
        test -z "$(ip route)"
        kpy load 'my fit'; early; pip --quiet install late; printf '%s|' "$VIRTUAL_ENV_PROMPT"
        kpy save -f 'my fit'; printf '%s|' "$VIRTUAL_ENV_PROMPT"
        """)
    out, state = batch("unshare", "--user", "--map-root-user", "--net", "bash", "cut.sh")
    assert state == "COMPLETED", out
    assert "my fit|" in out.split("*my fit|")[1], out
    again = run("krun", "--quiet", "0:05", "500M", "--venv", "my fit", "early; late; python -m pip check")
    assert again.returncode == 0, again.stdout + again.stderr
    assert [line.split("|")[0] for line in again.stdout.splitlines()][:2] == ["early", "late"]


def test_a_new_job_removes_what_ended_ones_left(run, save, make_sandbox, tmp_path):
    """On a site that gives jobs no scratch of their own."""
    save("e")
    sandbox = make_sandbox("--nodes", "1", "--no-tmpdir")
    place = tmp_path / "node tmp"
    old, other, unknown = (place / f"kslurm-{os.getuid()}-{job}" for job in (990001, 990002, 990003))
    for folder in (old, other, unknown):
        (folder / "tmp" / "deep").mkdir(parents=True)
    (old / ".slurm-conf").write_text(sandbox.conf)
    (other / ".slurm-conf").write_text("/etc/another/slurm.conf")
    here = {"SLURM_CONF": sandbox.conf, "KSLURM_SCRATCH": "", "TMPDIR": str(place)}
    done = run("krun", "--quiet", "200M", "0:05", "--venv", "e", "tool", env=here)
    assert done.stdout.startswith(f"tool|{place}/kslurm-{os.getuid()}-"), done.stderr
    assert [folder.exists() for folder in (old, other, unknown)] == [False, True, True]
    assert len(list(place.iterdir())) == 3
    sandbox.down()
