# shellcheck shell=bash
# input: __kslurm_neuroglia_dir, __kslurm_neuroglia_profile, assigned on the lines printed before this file

__kslurm_neuroglia_config() {
    \builtin local name
    for name in "${__kslurm_neuroglia_profile-}" '' default; do
        __kslurm_neuroglia_file=${NEUROGLIA_DIR}/cfg/graham_${name}.cfg
        if [[ -e ${__kslurm_neuroglia_file} ]]; then
            return 0
        fi
        if [[ -n ${name} && ${name} != default ]]; then
            \builtin printf '%s not found, reverting to default\n' "${name}" >&2
        fi
    done
    \builtin printf 'no configuration in %s\n' "${NEUROGLIA_DIR}/cfg" >&2
    return 1
}

__kslurm_neuroglia_welcome() {
    \builtin printf '***\n Initializing neuroglia-helpers\n'
    \builtin printf ' Container path: %s\n' "${SINGULARITY_DIR-}"
    \builtin printf ' Singularity options: %s\n' "${SINGULARITY_OPTS-}"
    \builtin printf ' Neuroglia container: %s\n' "${NEUROGLIA_URI-}"
    \builtin printf ' CPU account: %s\n' "${CC_COMPUTE_ALLOC-}"
    if [[ -x ${NEUROGLIA_DIR}/etc/printGroupUsage ]]; then
        "${NEUROGLIA_DIR}/etc/printGroupUsage" "${CC_COMPUTE_ALLOC-}_cpu" || \builtin true
    fi
    \builtin printf '***\n'
}

if \builtin type module >/dev/null 2>&1; then
    module load apptainer python/3 || \builtin true
fi

export NEUROGLIA_DIR=${__kslurm_neuroglia_dir:?}
export NEUROGLIA_BASH_LIB=${NEUROGLIA_DIR}/etc/bash_lib.sh
case :${PATH}: in
*:"${NEUROGLIA_DIR}/bin":*) ;;
*) export PATH=${NEUROGLIA_DIR}/bin:${PATH} ;;
esac

if __kslurm_neuroglia_config; then
    \builtin set -a
    # shellcheck source=/dev/null
    \builtin source "${__kslurm_neuroglia_file}"
    \builtin set +a
fi
if [[ -n ${SINGULARITY_DIR-} && ! -e ${SINGULARITY_DIR}/bids-apps ]]; then
    \command mkdir -p -- "${SINGULARITY_DIR}/bids-apps" || \builtin true
fi
# one argument, whatever it is, asks for no welcome
if [[ $# -ne 1 ]]; then
    __kslurm_neuroglia_welcome
fi
\builtin unset __kslurm_neuroglia_file __kslurm_neuroglia_dir __kslurm_neuroglia_profile
\builtin unset -f __kslurm_neuroglia_config __kslurm_neuroglia_welcome
