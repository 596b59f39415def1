"""The generated text in real shells that are not interactive."""
import shlex
import subprocess

SHELLS = ["bash", "zsh", "fish"]
ARGV = {"bash": ["bash", "--noprofile", "--norc"], "zsh": ["zsh", "-f"], "fish": ["fish", "--no-config"]}
STRICT = {"bash": "set -euo pipefail\n", "zsh": "set -euo pipefail\n", "fish": ""}


def quote(shell, text):
    if shell == "fish":
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return shlex.quote(text)


class Text:
    """What 'kslurm init SHELL' prints, in a file."""

    def __init__(self, run, shell, folder, **env):
        self.run, self.shell = run, shell
        self.path = folder / f"init of {shell}"
        done = run("kslurm", "init", shell, env=env)
        assert (done.returncode, done.stderr) == (0, "")
        self.path.write_text(done.stdout)
        self.source = f". {quote(shell, str(self.path))}\n"

    def sh(self, code, *, before="", **options):
        """Runs code after the text; ``code`` may differ by shell."""
        code = code[self.shell] if isinstance(code, dict) else code
        text = STRICT[self.shell] + before + self.source + code
        return self.run(*ARGV[self.shell], "-c", text, **options)


def words(path):
    return path.read_text().split("\0")[:-1]


def has_no_stderr(done):
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout


def run_process(argv, **options):
    return subprocess.run(argv, text=True, capture_output=True, check=False, timeout=120, **options)
