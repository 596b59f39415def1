"""A real interactive shell on a pseudo-terminal, to press Tab in."""
import os
import pathlib
import time

import pexpect

SHARE = pathlib.Path(os.environ["KSLURM_STAGE_BIN"]).parent / "share"
ARGS = """args() { printf '%s\\0' "$@" >"${OUT}.new"; mv "${OUT}.new" "${OUT}"; }\n"""
BASH = f"""PS1='ready> '
. /usr/share/bash-completion/bash_completion
. {SHARE}/bash-completion/completions/krun
{ARGS}"""
ZSH = f"""PS1='ready> '; bindkey -e; LISTMAX=1000
fpath=({SHARE}/zsh/site-functions $fpath); autoload -Uz compinit; compinit -D
{ARGS}"""
FISH = f"""function fish_prompt; echo -n 'ready> '; end
function fish_greeting; end
source {SHARE}/fish/vendor_completions.d/krun.fish
function args; printf '%s\\0' $argv >$OUT.new; mv $OUT.new $OUT; end
"""
STARTS = {
    "bash": BASH,
    "bash without bash-completion": BASH.replace(". /usr/share/bash-completion/bash_completion\n", ""),
    "bash with other word breaks": BASH + "COMP_WORDBREAKS=${COMP_WORDBREAKS//[:=]/}\n",
    "zsh": ZSH,
    "fish": FISH,
}


class Shell:
    def __init__(self, name, env, cwd):
        start = pathlib.Path(env["HOME"]) / f"{name.replace(' ', '-')}.start"
        start.write_text(STARTS[name])
        program = name.split()[0]
        argv = {"bash": ["--rcfile", start, "-i"], "zsh": ["-f", "-i"], "fish": ["--no-config", "-i", "-C", f"source {start}"]}
        self.out = start.with_suffix(".out")
        self.child = pexpect.spawn(program, [str(a) for a in argv[program]], cwd=str(cwd), timeout=30, encoding="utf-8",
                                   env={**env, "TERM": "xterm", "OUT": str(self.out), "fish_key_bindings": ""},
                                   dimensions=(50, 150))
        if program == "zsh":
            self.child.sendline(f". {start}")
        self.args("true")

    def args(self, keys):
        """Types keys, and gives the words that the shell then has."""
        self.out.unlink(missing_ok=True)
        self.child.send(keys)
        self.child.sendcontrol("a")
        self.child.send("args ")
        self.child.sendcontrol("e")
        self.child.send("\r")
        end = time.monotonic() + 30
        while not self.out.exists():
            assert time.monotonic() < end, f"no words of {keys!r}"
            self.child.expect([".+", pexpect.TIMEOUT], timeout=0.05)
        self.child.expect([".+", pexpect.TIMEOUT], timeout=0.05)
        return self.out.read_text().split("\0")[:-1]

    def shows(self, keys, *texts):
        """Types keys, waits for texts on the screen, in any order, and leaves the line."""
        self.child.send(keys)
        seen = ""
        while not all(text in seen for text in texts):
            self.child.expect(".+")
            seen += self.child.after
        self.child.sendcontrol("c")

    def close(self):
        self.child.close(force=True)
