# SPDX-License-Identifier: MIT
"""The private Slurm: real daemons, as root and as an ordinary user."""

import contextlib
import glob
import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

import pytest

BUILD = os.path.abspath(os.environ.get("KSLURM_BUILD_DIR", "build"))
KSLURM = os.path.join(BUILD, "src/cmd/kslurm")
ROOT = os.geteuid() == 0
AS_ROOT = () if ROOT else ("sudo", "-n", "-E")
# root becomes somebody else for the tests of an ordinary user; others are one
ORDINARY = pwd.getpwnam("nobody") if ROOT else pwd.getpwuid(os.geteuid())

pytestmark = pytest.mark.skipif(
    not os.path.exists("/usr/sbin/slurmctld"), reason="Slurm is not installed"
)


def environment(**more):
    """Ours without another cluster's settings."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("SLURM")}
    return {**clean, "LC_ALL": "C.UTF-8", **more}


def kslurm(*words, before=(), **options):
    options.setdefault("env", environment())
    return subprocess.run(
        [*before, KSLURM, "sandbox", *words],
        capture_output=True, text=True, timeout=90, **options,
    )


def become(user):
    return ("setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups") if ROOT else ()


def give(folder, user):
    """Its folder above, where a sandbox of that user shall be."""
    subprocess.run([*AS_ROOT, "chown", f"{user.pw_uid}:{user.pw_gid}", os.path.dirname(folder)], check=True)


def processes(folder):
    """Every process that belongs to a sandbox, by its environment."""
    found = []
    for path in glob.glob("/proc/[0-9]*/environ"):
        try:
            with open(path, "rb") as file:
                words = file.read().split(b"\0")
        except OSError:
            continue
        if (b"KSLURM_SANDBOX_DAEMON=" + folder.encode() in words
                or any(word.startswith(b"SLURM_CONF=" + folder.encode() + b"/") for word in words)):
            found.append(path)
    return found


def assert_gone(folder):
    assert not os.path.exists(folder)
    assert processes(folder) == []


def pid_of(folder, name):
    with open(f"{folder}/run/{name}.pid", encoding="ascii") as file:
        return int(file.read())


def wait_for(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def folder():
    parent = tempfile.mkdtemp(prefix="ks-", dir="/tmp")
    path = f"{parent}/s"
    yield path
    kslurm("down", "--dir", path)
    shutil.rmtree(parent)


@pytest.fixture(scope="module")
def cluster():
    """One that several tests share: a function that runs a program in it."""
    parent = tempfile.mkdtemp(prefix="ks-", dir="/tmp")
    path = f"{parent}/s"
    up = kslurm("up", "--dir", path, "--message-timeout", "2")
    assert up.returncode == 0, up.stderr

    def run(*argv):
        return subprocess.run(
            argv, capture_output=True, text=True, timeout=60,
            env=environment(SLURM_CONF=f"{path}/slurm.conf"),
        )

    run.folder = path
    yield run
    assert kslurm("down", "--dir", path).returncode == 0
    assert_gone(path)
    shutil.rmtree(parent)


def test_up_prints_what_to_export(cluster):
    again = kslurm("up", "--dir", cluster.folder)
    assert again.returncode == 0
    assert again.stdout == f"SLURM_CONF={cluster.folder}/slurm.conf\n"
    assert "already up" in again.stderr


def test_folder_is_private(cluster):
    assert os.stat(cluster.folder).st_mode & 0o777 == 0o700


def test_listens_on_loopback_only(cluster):
    found = subprocess.run(["ss", "-ltnpH"], capture_output=True, text=True, check=True)
    names = ("slurmctld", "node1", "node2")
    pids = [f"pid={pid_of(cluster.folder, name)}," for name in names]
    ours = [line for line in found.stdout.splitlines() if any(pid in line for pid in pids)]
    assert len(ours) == 3
    assert all(line.split()[3].startswith("127.0.0.1:") for line in ours)


@pytest.mark.parametrize("option", ["--gres=gpu:1", "--gpus-per-node=1", "--gres=gpu:a100:1"])
def test_gpus(cluster, option):
    done = cluster("srun", option, "sh", "-c", "echo $CUDA_VISIBLE_DEVICES")
    assert (done.returncode, done.stdout) == (0, "0\n"), done.stderr


def test_partitions(cluster):
    done = cluster("sinfo", "-h", "-o", "%P %l %D")
    assert sorted(done.stdout.splitlines()) == ["main* 7-00:00:00 2", "short 1:00:00 2"]
    refused = cluster("sbatch", "--test-only", "-p", "short", "-t", "2:00:00", "--wrap=true")
    assert refused.returncode == 1


def test_tmpdir_is_made_and_removed(cluster):
    done = cluster("srun", "sh", "-c", 'test -d "$SLURM_TMPDIR" && echo "$SLURM_TMPDIR"')
    assert done.stdout.startswith(f"{cluster.folder}/scratch/"), done.stderr
    wait_for(lambda: not os.path.exists(done.stdout.strip()))


def test_sbatch(cluster):
    output = f"{cluster.folder}/job-output"
    assert cluster("sbatch", "-N2", "-o", output, "--wrap", "srun -n2 echo hello").returncode == 0
    wait_for(lambda: os.path.exists(output) and open(output).read() == "hello\nhello\n", 20)


def test_dead_controller_is_seen_and_restarted(cluster):
    os.kill(pid_of(cluster.folder, "slurmctld"), signal.SIGKILL)
    wait_for(lambda: "slurmctld: not running" in kslurm("status", "--dir", cluster.folder).stdout)
    assert f"'kslurm sandbox up --dir {cluster.folder}'" in kslurm("status", "--dir", cluster.folder).stderr
    status = json.loads(kslurm("status", "--json", "--dir", cluster.folder).stdout)
    assert status["up"] is True
    assert status["daemons"]["slurmctld"] == 0
    assert status["daemons"]["node1"] == pid_of(cluster.folder, "node1")
    again = kslurm("up", "--dir", cluster.folder)
    assert (again.returncode, again.stderr) == (0, "restarted slurmctld\n")
    assert cluster("srun", "true").returncode == 0


@pytest.mark.parametrize("words", [("--nodes", "3"), ("--cpus", "2"), ("--mem", "1G"), ("--gpus", "0"),
                                   ("--message-timeout", "9"), ("--accounting",), ("--no-tmpdir",)])
def test_up_with_another_shape_is_refused(cluster, words):
    again = kslurm("up", "--dir", cluster.folder, *words)
    assert (again.returncode, again.stdout) == (1, "")
    assert ("is up with '--nodes 2 --cpus 8 --mem 32000M --gpus 2 --message-timeout 2'" in again.stderr)
    assert f"'kslurm sandbox down --dir {cluster.folder}'" in again.stderr


def test_up_with_the_same_shape_is_fine(cluster):
    again = kslurm("up", "--dir", cluster.folder, "--nodes", "2", "--mem", "32G")
    assert again.returncode == 0
    assert "already up" in again.stderr


def test_restarted_controller_knows_its_nodes(cluster):
    """The nodes report to it before 'up' ends; asked by it, they would answer after four seconds."""
    os.kill(pid_of(cluster.folder, "slurmctld"), signal.SIGTERM)
    wait_for(lambda: "slurmctld: not running" in kslurm("status", "--dir", cluster.folder).stdout)
    assert kslurm("up", "--dir", cluster.folder).returncode == 0
    done = cluster("sinfo", "-h", "-N", "-o", "%T")
    assert set(done.stdout.split()) <= {"idle", "mixed", "allocated"} and done.stdout


def test_nothing_of_the_caller_stays_open(folder):
    reading, writing = os.pipe()
    up = kslurm("up", "--nodes", "1", "--dir", folder, pass_fds=[writing], cwd="/var")
    os.close(writing)
    assert up.returncode == 0, up.stderr
    assert os.read(reading, 1) == b""
    os.close(reading)
    assert os.readlink(f"/proc/{pid_of(folder, 'supervisor')}/cwd") == "/"


def test_foreign_process_is_no_supervisor(folder):
    """What a machine that was switched off leaves, when the number is in use again."""
    assert kslurm("up", "--nodes", "1", "--dir", folder).returncode == 0
    os.kill(pid_of(folder, "supervisor"), signal.SIGKILL)
    with subprocess.Popen(["sleep", "60"], env=environment()) as other:
        with open(f"{folder}/run/supervisor.pid", "w", encoding="ascii") as file:
            file.write(f"{other.pid}\n")
        assert kslurm("status", "--dir", folder).returncode == 1
        assert kslurm("down", "--dir", folder).returncode == 0
        assert other.poll() is None
        other.kill()
    assert_gone(folder)


def test_two_at_once(folder):
    folders = [f"{folder}{i}" for i in range(3)]
    ups = [
        subprocess.Popen([KSLURM, "sandbox", "up", "--dir", path],
                         env=environment(), stdout=subprocess.DEVNULL)
        for path in folders
    ]
    assert [up.wait(60) for up in ups] == [0, 0, 0]
    for path in folders:
        done = subprocess.run(["srun", "-N2", "true"], timeout=60,
                              env=environment(SLURM_CONF=f"{path}/slurm.conf"))
        assert done.returncode == 0
        assert kslurm("down", "--dir", path).returncode == 0
        assert_gone(path)


def test_two_up_of_one_folder(folder):
    ups = [
        subprocess.Popen([KSLURM, "sandbox", "up", "--dir", folder], env=environment(),
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [up.communicate(timeout=60)[1] for up in ups]
    assert [up.returncode for up in ups] == [0, 0]
    assert sum("already up" in text for text in said) == 1


def test_ordinary_user(folder):
    give(folder, ORDINARY)
    before = become(ORDINARY)
    up = kslurm("up", "--dir", folder, before=before)
    assert up.returncode == 0, up.stderr
    done = subprocess.run([*before, "srun", "--gres=gpu:2", "id", "-un"], timeout=60, text=True,
                          capture_output=True, env=environment(SLURM_CONF=f"{folder}/slurm.conf"))
    assert done.stdout == f"{ORDINARY.pw_name}\n", done.stderr
    assert kslurm("down", "--dir", folder, before=before).returncode == 0
    assert_gone(folder)


HOSTS = """
printf '127.0.0.1 localhost\\n%s %s\\n' "$1" "$(hostname)" > "$2.hosts"
mount --bind "$2.hosts" /etc/hosts
"$3" sandbox up --dir "$2" && SLURM_CONF=$2/slurm.conf srun -N2 echo ran
status=$?
ss -ltnpH | grep -E "pid=($(cat "$2"/run/slurmctld.pid "$2"/run/node?.pid | paste -sd '|'))," >&2
"$3" sandbox down --dir "$2" && exit $status
"""


@pytest.mark.parametrize("address", ["127.0.1.1", "192.0.2.77"])
@pytest.mark.parametrize("name", ["root", ORDINARY.pw_name])
def test_name_that_leads_elsewhere(folder, address, name):
    """Debian's own /etc/hosts, and a machine whose name leads to a network."""
    user = pwd.getpwnam(name)
    give(folder, user)
    before = f"setpriv --reuid {user.pw_uid} --regid {user.pw_gid} --clear-groups"
    script = HOSTS.replace('"$3" sandbox', f'{before} "$3" sandbox').replace(
        "SLURM_CONF=", f"{before} env SLURM_CONF=")
    done = subprocess.run([*AS_ROOT, "unshare", "-m", "sh", "-c", script, "-", address, folder, KSLURM],
                          capture_output=True, text=True, timeout=60, env=environment())
    give(folder, pwd.getpwuid(os.geteuid()))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("ran\n") == 2
    listening = [line.split()[3] for line in done.stderr.splitlines() if "LISTEN" in line]
    assert len(listening) == 3
    assert all(line.startswith("127.0.0.1:") for line in listening)
    assert_gone(folder)


CLOSED = """
cd "$1" && for mode in 0 444 555; do mkdir -p $mode/sub && touch $mode/sub/f $mode/f; done
chmod 0 0 && chmod 444 444 && chmod -R 555 555
"""


@pytest.mark.parametrize("where", ["$SLURM_TMPDIR", "scratch"])
def test_closed_folders_are_removed(folder, where):
    """A cache of modules is read-only, folders too."""
    give(folder, ORDINARY)
    before = become(ORDINARY)
    assert kslurm("up", "--nodes", "1", "--dir", folder, before=before).returncode == 0
    place = where if where.startswith("$") else f"{folder}/{where}"
    subprocess.run([*before, "srun", "sh", "-c", f'set -- "{place}"; {CLOSED}'], timeout=60,
                   env=environment(SLURM_CONF=f"{folder}/slurm.conf"), check=True)
    if where.startswith("$"):
        wait_for(lambda: os.listdir(f"{folder}/scratch") == [])
    down = kslurm("down", "--dir", folder, before=before)
    assert down.returncode == 0, down.stderr
    assert_gone(folder)


DOUBLE_FORK = "setsid sh -c 'sleep 300 & sleep 300' >/dev/null 2>&1 & sleep 300"


@pytest.mark.parametrize("supervised", [True, False])
def test_nothing_is_left(folder, supervised):
    assert kslurm("up", "--dir", folder).returncode == 0
    env = environment(SLURM_CONF=f"{folder}/slurm.conf")
    before = len(processes(folder))
    subprocess.run(["sbatch", "-o", "/dev/null", "--wrap", DOUBLE_FORK], env=env, check=True,
                   stdout=subprocess.DEVNULL)
    wait_for(lambda: len(processes(folder)) >= before + 4, 20)
    if not supervised:
        os.kill(pid_of(folder, "supervisor"), signal.SIGKILL)
        wait_for(lambda: kslurm("status", "--dir", folder).returncode == 1)
    assert kslurm("down", "--dir", folder).returncode == 0
    assert_gone(folder)


def test_up_after_a_killed_supervisor(folder):
    assert kslurm("up", "--dir", folder).returncode == 0
    os.kill(pid_of(folder, "supervisor"), signal.SIGKILL)
    wait_for(lambda: kslurm("status", "--dir", folder).returncode == 1)
    up = kslurm("up", "--dir", folder)
    assert up.returncode == 0, up.stderr
    assert "is up" in up.stderr


def test_down_without_one(folder):
    done = kslurm("down", "--dir", folder)
    assert done.returncode == 0
    assert "no sandbox is up" in done.stderr


def test_foreign_folder_is_kept(folder):
    os.mkdir(folder, 0o700)
    with open(f"{folder}/thesis", "w", encoding="ascii"):
        pass
    assert "holds other files" in kslurm("up", "--dir", folder).stderr
    assert kslurm("down", "--dir", folder).returncode == 0
    assert os.listdir(folder) == ["thesis"]


@pytest.mark.parametrize("words", [("--nodes", "0"), ("--mem", "many"), ("--gpus", "6"),
                                   ("--dir", "/tmp/a b"), ("--dir", "/tmp/" + "x" * 99)])
def test_usage(words):
    done = kslurm("up", *words)
    assert done.returncode == 2
    assert done.stdout == ""


def test_interrupt_leaves_nothing(folder):
    for delay in (0.01, 0.05, 0.2):
        up = subprocess.Popen([KSLURM, "sandbox", "up", "--accounting", "--dir", folder],
                              env=environment(), stdout=subprocess.DEVNULL)
        time.sleep(delay)
        up.send_signal(signal.SIGINT)
        assert up.wait(30) in (130, -signal.SIGINT)
        wait_for(lambda: processes(folder) == [])
        assert not os.path.exists(folder)


def test_without_tmpdir(folder):
    done = kslurm("run", "--no-tmpdir", "--", "srun", "sh", "-c", "echo ${SLURM_TMPDIR-none}")
    assert (done.returncode, done.stdout) == (0, "none\n"), done.stderr


@pytest.mark.parametrize("script, status", [("exit 7", 7), ("kill -TERM $$", 143), ("true", 0)])
def test_run_passes_the_status(script, status):
    done = kslurm("run", "--nodes", "1", "--", "sh", "-c", f"echo $KSLURM_SANDBOX; {script}")
    assert done.returncode == status
    assert done.stdout.startswith(f"/tmp/kslurm-{os.geteuid()}/run-")
    assert_gone(done.stdout.strip())


def test_run_inside_a_job_elsewhere():
    """Another cluster's job and account do not reach the sandbox."""
    done = kslurm("run", "--nodes", "1", "--", "srun", "echo", "ran",
                  env=environment(SLURM_JOB_ID="99", SLURM_NTASKS="9", SBATCH_ACCOUNT="def-x"))
    assert (done.returncode, done.stdout) == (0, "ran\n"), done.stderr


def test_run_passes_terminate():
    run = subprocess.Popen(
        [KSLURM, "sandbox", "run", "--nodes", "1", "--", "sh", "-c",
         "echo $KSLURM_SANDBOX; exec sleep 60"],
        env=environment(), stdout=subprocess.PIPE, text=True)
    folder = run.stdout.readline().strip()
    run.terminate()
    assert run.wait(30) == 143
    assert_gone(folder)


def folder_of(run):
    for conf in glob.glob(f"/tmp/kslurm-{os.geteuid()}/run-*/sandbox.conf"):
        with contextlib.suppress(OSError), open(conf, encoding="ascii") as file:
            if f"owner={run.pid}\n" in file.read():
                return os.path.dirname(conf)
    return None


@pytest.mark.parametrize("delay", [0, 0.1, 0.3])
def test_killed_run_leaves_nothing(delay):
    """Killed while it comes up, too."""
    with subprocess.Popen([KSLURM, "sandbox", "run", "--", "true"], env=environment()) as run:
        wait_for(lambda: folder_of(run) and os.path.exists(f"{folder_of(run)}/run/supervisor.pid"))
        folder = folder_of(run)
        time.sleep(delay)
        run.kill()
    wait_for(lambda: not os.path.exists(folder), 20)
    wait_for(lambda: processes(folder) == [])


def test_killed_run_ends_its_jobs():
    command = ("sbatch -o /dev/null --wrap 'sleep 60' >&2; until squeue -h -t R | grep -q .; do sleep 0.1; done; "
               "echo $KSLURM_SANDBOX $$; exec sleep 60")
    with subprocess.Popen([KSLURM, "sandbox", "run", "--nodes", "1", "--", "sh", "-c", command],
                          env=environment(), stdout=subprocess.PIPE, text=True) as run:
        folder, child = run.stdout.readline().split()
        run.kill()
        run.wait()
        os.kill(int(child), signal.SIGKILL)
    wait_for(lambda: not os.path.exists(folder), 20)
    assert_gone(folder)


def test_shell(cluster):
    done = kslurm("shell", "--dir", cluster.folder, input="which kslurm; sinfo -h -o %P; exit 3",
                  env=environment(SHELL="/bin/sh"))
    assert done.returncode == 3
    assert done.stdout.splitlines()[0] == KSLURM
    assert "main*" in done.stdout


@pytest.mark.parametrize("program, words, packages", [
    ("slurmctld", (), "sudo apt-get install slurm-wlm munge'"),
    ("slurmdbd", ("--accounting",), "slurmdbd slurm-wlm-mysql-plugin mariadb-server-core'"),
])
def test_missing_package(folder, program, words, packages):
    script = f'mount --bind /dev/null /usr/sbin/{program} && exec "$@"'
    done = kslurm("up", "--dir", folder, *words, before=(*AS_ROOT, "unshare", "-m", "sh", "-c", script, "-"))
    assert done.returncode == 1
    assert f"'{program}' is not installed; install it with" in done.stderr
    assert packages in done.stderr
    assert not os.path.exists(folder)


def test_accounting(folder):
    up = kslurm("up", "--accounting", "--dir", folder)
    assert up.returncode == 0, up.stderr
    env = environment(SLURM_CONF=f"{folder}/slurm.conf")
    shares = subprocess.run(["sshare", "-U", "-h", "-P", "-o", "Account,LevelFS"], env=env,
                            capture_output=True, text=True, check=True).stdout
    levels = dict(line.split("|") for line in shares.split() if "-lab_" in line)
    assert set(levels) == {"def-lab_cpu", "def-lab_gpu", "rrg-lab_cpu", "rrg-lab_gpu"}
    assert len(set(levels.values())) == 4
    wrong = subprocess.run(["sbatch", "-A", "other", "--wrap=true"], env=env,
                           capture_output=True, text=True)
    assert wrong.returncode == 1
    assert "Invalid account" in wrong.stderr
    right = subprocess.run(["srun", "-A", "rrg-lab_gpu", "true"], env=env)
    assert right.returncode == 0
    assert kslurm("down", "--dir", folder).returncode == 0
    assert_gone(folder)
