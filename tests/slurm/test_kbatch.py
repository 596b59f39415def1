"""kbatch on a real Slurm."""
import os
import signal
import subprocess
import time

import pexpect
import pytest


@pytest.fixture
def batch(run, slurm):
    """Submits, waits, and gives what the job wrote."""

    def submit(*argv, **more):
        done = run("kbatch", *argv, **more)
        assert done.returncode == 0, done.stderr
        job = done.stdout.strip()
        assert job.isdigit(), done.stdout
        slurm.wait(job)
        return (run.work / f"slurm-{job}.out").read_text()

    return submit


@pytest.fixture(autouse=True)
def no_held_jobs(slurm):
    """Slurm counts them in the estimates for later jobs."""
    yield
    slurm.ask("scancel", "--state=PENDING", "--me")


def detail(slurm, job, key):
    text = slurm.ask("scontrol", "-o", "show", "job", job)
    return dict(pair.split("=", 1) for pair in text.split(" ") if "=" in pair)[key]


def held(run, slurm, *argv, **more):
    """A job that waits, to be looked at."""
    done = run("kbatch", "--hold", *argv, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip(), done.stderr


def test_command_of_several_words(batch):
    assert batch("0:05", "200M", "printf", "%s|", "a b", "it's", "$HOME", "*") == "a b|it's|$HOME|*|"


def test_line_of_shell(batch):
    assert batch("0:05", "200M", "echo one; echo two >&2") == "one\ntwo\n"


def test_scratch_is_expanded_or_refused(batch, slurm):
    assert str(slurm.folder / "scratch") in batch("200M", "ls", "-d", "$SLURM_TMPDIR/")
    assert "is not set on this node" in batch("200M", "ls", "-d", "$SLURM_NO_SUCH/")


def test_defaults_and_name(run, slurm):
    job, said = held(run, slurm, "echo", "hi")
    assert detail(slurm, job, "TimeLimit") == "03:00:00"
    assert detail(slurm, job, "MinMemoryNode") == "4000M"
    assert detail(slurm, job, "JobName") == "echo"
    assert "3 h 00 min, 1 cpu, 4 GB" in said


def script(run, *directives, body="echo body $*"):
    path = run.work / "job.sh"
    path.write_text("#!/bin/bash\n" + "".join(f"#SBATCH {d}\n" for d in directives) + f"{body}\n")
    return "./job.sh"


def test_script_wins_over_defaults(run, slurm):
    job, said = held(run, slurm, script(run, "--time=5", "--mem-per-cpu=100M", "-c 2"))
    assert detail(slurm, job, "TimeLimit") == "00:05:00"
    assert detail(slurm, job, "MinMemoryCPU") == "100M"
    assert detail(slurm, job, "CPUs/Task") == "2"
    assert detail(slurm, job, "JobName") == "job.sh"
    assert "5 min (script)" in said


def test_words_win_over_the_script(run, slurm):
    job, said = held(run, slurm, "0:20", "300M", "gpu", script(
        run, "--time=5 -c 2", "--mem-per-cpu=100M", "--gpus-per-node=2"), "x y")
    assert detail(slurm, job, "TimeLimit") == "00:20:00"
    assert detail(slurm, job, "MinMemoryNode") == "300M"
    assert detail(slurm, job, "CPUs/Task") == "2"
    assert detail(slurm, job, "JobName") == "job.sh"
    assert detail(slurm, job, "TresPerNode") == "gres:gpu:1"
    assert "--mem-per-cpu=100M" in said and "--gpus-per-node=2" in said


def test_script_gets_its_arguments(batch, run):
    assert batch("200M", script(run, "--mem-per-cpu=100M"), "x y", "z") == "body x y z\n"


def test_script_wins_over_configuration(run, slurm):
    job, _ = held(run, slurm, script(run, "--time=7"), env={"KSLURM_DEFAULT_TIME": "30min"})
    assert detail(slurm, job, "TimeLimit") == "00:07:00"
    job, _ = held(run, slurm, script(run), env={"KSLURM_DEFAULT_TIME": "30min"})
    assert detail(slurm, job, "TimeLimit") == "00:30:00"


def test_variables_win_over_the_script(run, slurm):
    job, said = held(run, slurm, script(run, "--time=7"), env={"SBATCH_TIMELIMIT": "9"})
    assert detail(slurm, job, "TimeLimit") == "00:09:00"
    assert "SBATCH_TIMELIMIT" in said
    job, _ = held(run, slurm, "300M", "true", env={"SBATCH_MEM_PER_CPU": "100"})
    assert detail(slurm, job, "MinMemoryNode") == "300M"


def test_script_in_the_directory_word(run, slurm):
    folder = run.work / "sub dir"
    folder.mkdir()
    (folder / "in.sh").write_text("#!/bin/sh\npwd\n")
    job = run("kbatch", "200M", "./sub dir/", "in.sh").stdout.strip()
    slurm.wait(job)
    assert (folder / f"slurm-{job}.out").read_text() == f"{folder}\n"


def test_signal_reaches_the_command(run, slurm):
    code = "import signal,sys,time; signal.signal(signal.SIGUSR1, lambda *a: (print('got it'), sys.exit(0))); print('ready', flush=True); time.sleep(60)"
    job = run("kbatch", "200M", "/usr/bin/python3", "-c", code).stdout.strip()
    output = run.work / f"slurm-{job}.out"
    end = time.monotonic() + 30
    while not (output.exists() and "ready" in output.read_text()):
        assert time.monotonic() < end
        time.sleep(0.1)
    slurm.ask("scancel", "--batch", "--signal=USR1", job)
    slurm.wait(job)
    assert "got it" in output.read_text()


def test_array(run, slurm):
    job = run("kbatch", "200M", "array:1-3", "echo task $SLURM_ARRAY_TASK_ID").stdout.strip()
    for n in (1, 2, 3):
        slurm.wait(f"{job}_{n}")
        assert (run.work / f"slurm-{job}_{n}.out").read_text() == f"task {n}\n"


def test_after_a_job_that_fails(run, slurm):
    first = run("kbatch", "200M", "false").stdout.strip()
    second = run("kbatch", "200M", "--after", first, "true").stdout.strip()
    assert slurm.wait(second) == "CANCELLED"
    good = run("kbatch", "200M", "true").stdout.strip()
    assert slurm.wait(run("kbatch", "200M", "--after", good, "true").stdout.strip()) == "COMPLETED"


@pytest.mark.parametrize("around", [("srun", "-n1"), ("salloc", "-Q", "-n4")], ids=["step", "allocation"])
def test_from_inside_a_job(run, slurm, around):
    """The limits of that job are not those of the new one."""
    done = run(*around, "--mem-per-cpu=200M", "kbatch", "--quiet", "200M", "srun echo inner")
    job = done.stdout.strip()
    assert slurm.wait(job) == "COMPLETED", done.stderr
    assert (run.work / f"slurm-{job}.out").read_text() == "inner\n"


def test_a_person_gets_a_block(env, tmp_path):
    child = pexpect.spawn("kbatch", ["200M", "true"], env=env, cwd=str(tmp_path), timeout=30, encoding="utf-8")
    child.expect(r"Submitted batch job (\d+)")
    job = child.match.group(1)
    child.expect(rf"output\s+.*slurm-{job}\.out")
    child.expect(rf"cancel\s+scancel {job}")
    child.expect(r"starts\s+now")
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 0


def test_refusals_come_with_advice(run):
    done = run("kbatch", "-p", "short", "2h", "true")
    assert done.returncode == 1
    assert "time limit is invalid" in done.stderr
    assert "short 1:00:00" in done.stderr and "main" not in done.stderr
    done = run("kbatch", "-p", "nosuch", "true")
    assert "partitions are: main" in done.stderr
    done = run("kbatch", "500", "true")
    assert done.returncode == 1 and "what nodes have" in done.stderr


def test_test_shows_and_checks(run):
    done = run("kbatch", "-t", "200M", "echo", "a b")
    assert done.returncode == 0
    assert "exec echo 'a b'" in done.stdout
    assert "would start now" in done.stderr
    done = run("kbatch", "-t", "200M", "true", env={"SLURM_TIME_FORMAT": "%d.%m.", "SQUEUE_FORMAT": "%j"})
    assert "would start now" in done.stderr
    assert run("kbatch", "-t", "-p", "nosuch", "true").returncode == 1


def test_drained_node_queues(run, slurm, drained):
    job = run("kbatch", "200M", "true").stdout.strip()
    time.sleep(1)
    assert slurm.state(job) == "PENDING"
    slurm.ask("scontrol", "update", "nodename=node1,node2", "state=resume")
    assert slurm.wait(job, timeout=90) == "COMPLETED"


def test_wait_gives_the_status_of_the_job(run, slurm):
    done = run("kbatch", "--quiet", "--wait", "200M", "exit 7")
    assert done.returncode == 7
    assert slurm.state(done.stdout.strip()) == "FAILED"


def test_interrupt_while_sbatch_waits_cancels(run, slurm, env):
    child = subprocess.Popen(["kbatch", "--quiet", "-W", "--name", "waits", "200M", "sleep 300"], env=env,
                             cwd=run.work, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    job = ""
    while not job:
        job = slurm.ask("squeue", "-h", "-n", "waits", "-t", "R", "-o", "%i")
    child.send_signal(signal.SIGINT)
    output, errors = child.communicate(timeout=60)
    assert (child.returncode, output) == (130, "")
    assert f"kbatch: cancelled job {job}\n" in errors
    assert slurm.wait(job) == "CANCELLED"


BLOCK = r"Submitted batch job (\d+)\r\n  output  (.*)\r\n  cancel  scancel \1\r\n"


@pytest.mark.parametrize("words, start", [
    (("--hold",), r"once you release it: scontrol release \1"),
    (("--begin=now+5minutes",), r"(today|tomorrow) at \d\d:\d\d \(in [45] min\)"),
    (("--after", "JOB"), "once the jobs that it waits for have ended"),
    (("array:1-40", "1"), "now"),
])
def test_a_person_is_told_the_truth_about_the_start(run, slurm, spawn, words, start):
    first = run("kbatch", "--hold", "200M", "true").stdout.strip()
    child = spawn("kbatch", "--quiet", "200M", *[w.replace("JOB", first) for w in words], "sleep 20")
    child.expect(BLOCK + rf"  starts  {start}\r\n")
    slurm.ask("scancel", child.match.group(1))


def test_a_person_has_the_id_before_the_estimate(spawn, drained):
    child = spawn("kbatch", "--quiet", "200M", "true")
    child.expect(BLOCK)
    at = time.monotonic()
    child.expect(pexpect.EOF)
    assert 0.5 < time.monotonic() - at < 5


def test_interrupt_after_the_id_only_ends_the_estimate(spawn, slurm, drained):
    child = spawn("kbatch", "--quiet", "200M", "true")
    child.expect(BLOCK)
    job = child.match.group(1)
    child.sendintr()
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 0
    assert "starts" not in child.before
    assert slurm.state(job) == "PENDING"


@pytest.mark.parametrize("folder, words", [
    ("in 100%j", ()),
    ("plain", ("--name", "a b", "-o", "%x-%u-%5j-%12j-%%-%A.out")),
])
def test_a_person_sees_where_the_output_goes(tmp_path, spawn, slurm, folder, words):
    (tmp_path / folder).mkdir()
    child = spawn("kbatch", "--quiet", "200M", f"./{folder}/", *words, "true")
    child.expect(BLOCK)
    job, path = child.match.groups()
    child.expect(pexpect.EOF)
    assert slurm.wait(job) == "COMPLETED"
    assert [str(p) for p in (tmp_path / folder).iterdir()] == [path]


@pytest.mark.parametrize("style", ["gres", "gpus-per-node"])
def test_gpus_in_both_styles(batch, style):
    assert batch("200M", "gpu:a100:2", "echo $CUDA_VISIBLE_DEVICES", env={"KSLURM_GPU_STYLE": style}) == "0,1\n"
