# shellcheck shell=bash
# read by the bash that krun starts, in place of ~/.bashrc

if [[ -r ~/.bashrc ]]; then
    # shellcheck source=/dev/null
    \builtin source ~/.bashrc
fi
if [[ -r "${BASH_SOURCE[0]%/*}/../init.bash" ]]; then
    # shellcheck source=/dev/null
    \builtin source "${BASH_SOURCE[0]%/*}/../init.bash"
fi

# what ~/.bashrc did to PATH and to the prompt is put right
if [[ -d "${VIRTUAL_ENV-}" && -z "${__kslurm_prefix-}" ]] && \builtin declare -F __kslurm_activate >/dev/null; then
    __kslurm_name=${VIRTUAL_ENV_PROMPT:-${VIRTUAL_ENV##*/}}
    # Python's own 'activate' keeps the brackets in it
    __kslurm_name=${__kslurm_name#\(}
    __kslurm_activate "${VIRTUAL_ENV}" "${__kslurm_name%\) }" "${PIP_FIND_LINKS-}" "${UV_FIND_LINKS-}" "${PIP_NO_INDEX-}"
    \builtin unset -v __kslurm_name
fi
