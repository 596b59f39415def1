# read by the zsh that krun starts, in place of the user's .zshenv

__kslurm_start=$ZDOTDIR
if [[ -n "${__kslurm_zdotdir-}" ]]; then
    ZDOTDIR=${__kslurm_zdotdir}
else
    \builtin unset ZDOTDIR
fi
\builtin unset __kslurm_zdotdir
if [[ -r "${ZDOTDIR:-${HOME}}/.zshenv" ]]; then
    \builtin source "${ZDOTDIR:-${HOME}}/.zshenv"
fi
# a zsh that is not interactive reads nothing more of ours
if [[ -o interactive ]]; then
    __kslurm_zdotdir=${ZDOTDIR-}
    ZDOTDIR=${__kslurm_start}
fi
\builtin unset __kslurm_start
