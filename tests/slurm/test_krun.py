"""krun on a real Slurm."""
import re
import subprocess
import sys
import time

import pexpect
import pytest


def test_command_gives_its_output_and_status(run):
    done = run("krun", "1", "500M", "0:10", "sh", "-c", "echo out; echo err >&2; exit 7")
    assert done.returncode == 7
    assert done.stdout == "out\n"
    assert "err" in done.stderr
    assert "10 min, 1 cpu, 500 MB" in done.stderr


def test_words_arrive_exactly(run):
    words = ["a b", "", "*", "$HOME", "it's", 'say "x"', "back\\slash", "tab\there", "é中", "-n", "--x=y", "$(id)"]
    done = run("krun", "--quiet", sys.executable, "-c", "import sys; print(sys.argv[1:])", *words)
    assert eval(done.stdout) == words
    assert done.returncode == 0


def test_one_word_is_a_line_of_shell(run):
    done = run("krun", "--quiet", "echo one | tr a-z A-Z; echo $SLURM_JOB_NAME")
    assert done.stdout == "ONE\necho\n"


def test_scratch_is_expanded_on_the_node(run, slurm):
    done = run("krun", "--quiet", "ls", "-d", "$SLURM_TMPDIR")
    assert done.stdout.startswith(str(slurm.folder / "scratch"))
    assert run("krun", "--quiet", "echo", "${SLURM_JOB_ID}x").stdout.strip().rstrip("x").isdigit()


def test_unset_scratch_stops_the_command(run):
    done = run("krun", "--quiet", "echo", "$SLURM_NO_SUCH/")
    assert done.returncode != 0
    assert done.stdout == ""
    assert "SLURM_NO_SUCH: is not set on this node" in done.stderr


def test_scratch_of_a_site_without_one(run, make_sandbox):
    slurm = make_sandbox("--nodes", "1", "--no-tmpdir")
    done = run("krun", "--quiet", "ls", "-d", "$SLURM_TMPDIR/", env={"SLURM_CONF": slurm.conf})
    assert (done.returncode != 0, done.stdout) == (True, "")
    assert "SLURM_TMPDIR: is not set on this node" in done.stderr
    slurm.down()


def test_pipe_goes_through(run):
    data = "".join(f"{n}\n" for n in range(20000))
    done = run("krun", "--quiet", "sort", "-n", input=data)
    assert done.stdout == data


def test_no_stdin_leaves_the_loop_its_lines(run, env):
    script = "printf '1\\n2\\n3\\n' | while read -r n; do krun --quiet --no-stdin echo got $n; done"
    done = run("bash", "-c", script)
    assert done.stdout == "got 1\ngot 2\ngot 3\n"


def test_terminal_python_shows_its_prompt(spawn):
    child = spawn("krun", "--quiet", "/usr/bin/python3")
    child.expect(">>> ")
    child.sendline("import os; print('size', os.get_terminal_size())")
    child.expect(r"columns=100, lines=30")
    child.sendline("raise SystemExit(7)")
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 7


def test_shell_is_on_the_node(spawn):
    child = spawn("krun", "1", "500M", "0:10")
    child.expect(r"[#$] ")
    child.sendline("echo node=$SLURMD_NODENAME")
    child.expect(r"node=node\d")
    child.sendline("ps -o comm= -p $PPID")
    child.expect("slurmstepd")
    child.sendline("krun --quiet echo nested=$SLURM_JOB_ID")
    child.expect(r"nested=\d+")
    # until the nested srun has ended, it takes what is typed
    child.expect(r"[#$] ")
    child.sendline("exit 3")
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 3


def test_interrupt_reaches_the_program(spawn):
    child = spawn("krun", "--quiet", "/usr/bin/python3", "-c",
                  "import time\ntry:\n  print('ready', flush=True); time.sleep(60)\nexcept KeyboardInterrupt:\n  raise SystemExit(9)")
    child.expect("ready")
    child.sendintr()
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 9


@pytest.mark.parametrize("command", [("echo", "hi"), ()], ids=["command", "shell"])
def test_interrupt_in_the_queue_leaves_no_job(spawn, slurm, drained, command):
    """The status is Slurm's own: krun has become srun or salloc."""
    child = spawn("krun", "--quiet", "200M", *command)
    child.expect(r"job (\d+) queued and waiting for resources")
    job = child.match.group(1)
    child.sendintr()
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 1
    assert slurm.wait(job) == "CANCELLED"


def test_step_takes_what_its_job_has(run):
    # less memory than our default, four tasks, from within 'srun bash'
    inner = "krun echo step=$SLURM_JOB_ID; krun --quiet tasks:2 echo two; krun --quiet 'echo $SLURM_NTASKS'"
    done = run("srun", "--mem=200M", "--ntasks=1", "--cpus-per-task=2", "bash", "-c", inner)
    assert re.search(r"step=\d+", done.stdout), done.stderr
    assert done.stdout.count("two") == 2
    done = run("salloc", "-Q", "--ntasks=4", "--mem=200M", "krun", "--quiet", "echo once")
    assert done.stdout == "once\n", done.stderr


def test_step_within_srun_bash_on_a_terminal(spawn):
    child = spawn("srun", "--pty", "--mem=200M", "bash", "--norc", env={"PS1": "ready> "})
    child.expect("ready> ")
    child.sendline("krun --quiet /usr/bin/python3")
    child.expect(">>> ")
    child.sendline("raise SystemExit(7)")
    child.expect("ready> ")
    child.sendline("echo status=$?; exit")
    child.expect("status=7")
    child.expect(pexpect.EOF)


def test_step_with_memory_in_a_job_of_memory_per_cpu(run):
    done = run("salloc", "-Q", "--mem-per-cpu=300M", "krun", "--quiet", "100M", "echo fits")
    assert done.stdout == "fits\n", done.stderr


def test_new_asks_for_a_job_of_its_own(run):
    done = run("salloc", "-Q", "--mem=200M", "sh", "-c", "echo $SLURM_JOB_ID; krun --quiet --new 100M 'echo $SLURM_JOB_ID'")
    outer, inner = done.stdout.split()
    assert outer != inner


def test_stale_job_is_explained(run):
    done = run("krun", "echo", "hi", env={"SLURM_JOB_ID": "999999"})
    assert done.returncode == 1
    assert "job 999999" in done.stderr and "--new" in done.stderr


@pytest.mark.parametrize("style", ["gres", "gpus-per-node"])
def test_gpus_in_both_styles(run, style):
    done = run("krun", "--quiet", "gpu:2", "echo", "$SLURM_JOB_ID", env={"KSLURM_GPU_STYLE": style})
    assert done.returncode == 0, done.stderr
    done = run("krun", "--quiet", "gpu:2", "echo $CUDA_VISIBLE_DEVICES", env={"KSLURM_GPU_STYLE": style})
    assert done.stdout == "0,1\n"


def test_hostile_names_are_only_names(run):
    done = run("krun", "--quiet", "--name", "$(touch pwned); x", "echo", "ok", env={"HOSTILE": "$(touch pwned)"})
    assert done.stdout == "ok\n"
    assert not (run.work / "pwned").exists()


def test_directory_word(run, tmp_path):
    folder = run.work / "data dir"
    folder.mkdir()
    assert run("krun", "--quiet", "./data dir/", "pwd").stdout == f"{folder}\n"


def test_foreign_options_pass(run):
    done = run("krun", "--quiet", "0:10", "-p", "short", "--comment=a b", "-n2", "echo", "x")
    assert done.stdout == "x\nx\n", done.stderr


def test_test_can_be_pasted(run, env):
    line = run("krun", "-t", "--quiet", "2", "300M", "echo", "a b", "$x").stdout
    done = run("bash", "-c", line)
    assert done.stdout == "a b $x\n"


def test_time_limit_ends_it(run, slurm, env):
    child = subprocess.Popen(["krun", "--quiet", "--name", "limited", "sleep", "120"], env=env, cwd=run.work,
                             stderr=subprocess.PIPE, text=True)
    batch = run("kbatch", "--quiet", "200M", "--name", "limited", "sleep", "120").stdout.strip()
    jobs = []
    while len(jobs) < 2:
        jobs = slurm.ask("squeue", "-h", "-n", "limited", "-t", "R", "-o", "%i").split()
        time.sleep(0.1)
    for job in jobs:
        slurm.ask("scontrol", "update", f"jobid={job}", "EndTime=now+1")
    _, errors = child.communicate(timeout=90)
    assert child.returncode == 143
    assert "TIME LIMIT" in errors
    assert slurm.wait(batch) == "TIMEOUT"
    assert "TIME LIMIT" in (run.work / f"slurm-{batch}.out").read_text()


def test_warns_of_the_interactive_limit(run):
    done = run("krun", "-t", "9h", "true", env={"KSLURM_INTERACTIVE_MAX_TIME": "8h"})
    assert "8h" in done.stderr and "kbatch" in done.stderr
