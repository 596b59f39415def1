# read by the zsh that krun starts, in place of the user's .zshrc

__kslurm_start=$ZDOTDIR
if [[ -n "${__kslurm_zdotdir-}" ]]; then
    ZDOTDIR=${__kslurm_zdotdir}
else
    \builtin unset ZDOTDIR
fi
\builtin unset __kslurm_zdotdir
# the site's files may have made a name of the folder
if [[ "${HISTFILE-}" == "${__kslurm_start}"/* ]]; then
    HISTFILE=${ZDOTDIR:-${HOME}}/${HISTFILE##*/}
fi
if [[ -r "${ZDOTDIR:-${HOME}}/.zshrc" ]]; then
    \builtin source "${ZDOTDIR:-${HOME}}/.zshrc"
fi
if [[ -r "${__kslurm_start}/../init.zsh" ]]; then
    \builtin source "${__kslurm_start}/../init.zsh"
fi
\builtin unset __kslurm_start

# what .zshrc did to PATH and to the prompt is put right
if [[ -d "${VIRTUAL_ENV-}" && -z "${__kslurm_prefix-}" ]] && \builtin whence __kslurm_activate >/dev/null; then
    __kslurm_name=${VIRTUAL_ENV_PROMPT:-${VIRTUAL_ENV##*/}}
    # Python's own 'activate' keeps the brackets in it
    __kslurm_name=${__kslurm_name#\(}
    __kslurm_activate "${VIRTUAL_ENV}" "${__kslurm_name%\) }" "${PIP_FIND_LINKS-}" "${UV_FIND_LINKS-}" "${PIP_NO_INDEX-}"
    \builtin unset __kslurm_name
fi
