# input: __kslurm_bin, __kslurm_pipdir, __kslurm_compute_nodes, __kslurm_login_nodes, __kslurm_network and the
# sentences __kslurm_says_*, assigned on the lines printed before this file

# once kslurm is gone nothing is defined
if [[ -x "${__kslurm_bin:?}/kslurm" ]] || \builtin whence -p kslurm >/dev/null; then

    if ! \builtin whence -p kpy >/dev/null && [[ ":${PATH-}:" != *":${__kslurm_bin}:"* ]]; then
        export PATH="${PATH:+${PATH}:}${__kslurm_bin}"
    fi

    # pip's global options that take a value: the subcommand is the first word past them
    __kslurm_pip_valued=' --cache-dir --cert --client-cert --default-timeout --exists-action --keyring-provider --local-log --log --log-file --proxy --python --resume-retries --retries --timeout --trusted-host --use-deprecated --use-feature '

    # what a variable was is kept, to be put back
    function __kslurm_set() {
        \builtin emulate -L zsh
        \builtin local old="__kslurm_old_$1"
        \builtin unset -v "${old}"
        if [[ -n "${(P)1+set}" ]]; then
            \builtin typeset -g "${old}=${(P)1}"
        fi
        __kslurm_changed="${__kslurm_changed-} $1"
        if [[ $# -eq 2 ]]; then
            \builtin typeset -gx "$1=$2"
        else
            \builtin unset -v "$1"
        fi
    }

    function __kslurm_put_back() {
        \builtin emulate -L zsh
        \builtin local name old
        for name in PYTHONHOME VIRTUAL_ENV VIRTUAL_ENV_PROMPT PIP_FIND_LINKS UV_FIND_LINKS PIP_NO_INDEX UV_OFFLINE; do
            case "${__kslurm_changed-} " in
            *" ${name} "*) ;;
            *) continue ;;
            esac
            old="__kslurm_old_${name}"
            if [[ -n "${(P)old+set}" ]]; then
                \builtin typeset -gx "${name}=${(P)old}"
            else
                \builtin unset -v "${name}"
            fi
            \builtin unset -v "${old}"
        done
        __kslurm_changed=
    }

    # takes an environment's programs off PATH, wherever they stand
    function __kslurm_unpath() {
        \builtin emulate -L zsh
        \builtin local rest=":${PATH-}:" left=
        while [[ "${rest}" == *":$1:"* ]]; do
            left+=${rest%%":$1:"*}
            rest=:${rest#*":$1:"}
        done
        rest=${left}${rest}
        rest=${rest#:}
        PATH=${rest%:}
    }

    # the prompt expands what stands in it: a name must not become code
    function __kslurm_show() {
        \builtin emulate -L zsh
        \builtin local plain="${1//[\\\`\$%\![:cntrl:]]/_}"
        # a script has no prompt
        if [[ -z "${PS1+set}" || -n "${VIRTUAL_ENV_DISABLE_PROMPT-}" ]]; then
            \builtin return 0
        fi
        __kslurm_unshow
        __kslurm_shown="(${plain}) "
        PS1=${__kslurm_shown}${PS1}
    }

    function __kslurm_unshow() {
        \builtin emulate -L zsh
        if [[ -n "${__kslurm_shown-}" && -n "${PS1-}" ]]; then
            PS1=${PS1#"${__kslurm_shown}"}
        fi
        __kslurm_shown=
    }

    function __kslurm_leave() {
        \builtin emulate -L zsh
        __kslurm_unshow
        __kslurm_unpath "${__kslurm_prefix-}/bin"
        __kslurm_put_back
        \builtin unset -v __kslurm_prefix __kslurm_shown __kslurm_changed
        \builtin unset -v _OLD_VIRTUAL_PATH _OLD_VIRTUAL_PS1 _OLD_VIRTUAL_PYTHONHOME
        \builtin hash -r || \builtin true
    }

    # $1 prefix, $2 prompt, $3 PIP_FIND_LINKS, $4 UV_FIND_LINKS, $5 whether off the network: 0, 1
    function __kslurm_activate() {
        \builtin emulate -L zsh
        # somebody else's environment undoes itself, and so does ours
        if (( ${+functions[deactivate]} )); then
            deactivate || \builtin true
        fi
        # a foreign 'activate' may have replaced our function
        if [[ -n "${__kslurm_prefix-}" ]]; then
            __kslurm_leave
        fi
        if [[ -n "${VIRTUAL_ENV-}" ]]; then
            __kslurm_unpath "${VIRTUAL_ENV}/bin"
            \builtin unset -v VIRTUAL_ENV VIRTUAL_ENV_PROMPT
        fi
        # under the names that a foreign 'activate' looks for, to undo us
        _OLD_VIRTUAL_PATH=${PATH-}
        if [[ -n "${PS1+set}" && -z "${VIRTUAL_ENV_DISABLE_PROMPT-}" ]]; then
            _OLD_VIRTUAL_PS1=${PS1}
        fi
        __kslurm_prefix=$1
        __kslurm_changed=
        if [[ -n "${PYTHONHOME-}" ]]; then
            _OLD_VIRTUAL_PYTHONHOME=${PYTHONHOME}
        fi
        __kslurm_set PYTHONHOME
        __kslurm_set VIRTUAL_ENV "$1"
        __kslurm_set VIRTUAL_ENV_PROMPT "$2"
        if [[ -n "$3" ]]; then
            __kslurm_set PIP_FIND_LINKS "$3"
        fi
        if [[ -n "$4" ]]; then
            __kslurm_set UV_FIND_LINKS "$4"
        fi
        if [[ "$5" == 1 ]]; then
            __kslurm_set PIP_NO_INDEX 1
            __kslurm_set UV_OFFLINE 1
        fi
        \builtin typeset -gx PATH="$1/bin${PATH:+:${PATH}}"
        __kslurm_show "$2"
        \builtin hash -r || \builtin true

        function deactivate() {
            \builtin emulate -L zsh
            __kslurm_leave
            \builtin unset -f deactivate
        }
    }

    # the name of the environment that is active
    function __kslurm_prompt() {
        \builtin emulate -L zsh
        if [[ -n "${__kslurm_prefix-}" && "${VIRTUAL_ENV-}" == "${__kslurm_prefix}" ]]; then
            \builtin typeset -gx VIRTUAL_ENV_PROMPT=$1
            __kslurm_show "$1"
        fi
    }

    function __kslurm_refresh() {
        \builtin emulate -L zsh
        \builtin local code
        if [[ -n "${__kslurm_prefix-}" && "${VIRTUAL_ENV-}" == "${__kslurm_prefix}" ]]; then
            code=$(\command kpy prompt --shell zsh 2>/dev/null) || \builtin return 0
            \builtin eval "${code}"
        fi
    }

    # whether the host's name $1, or what stands before its domain, is one of the globs $2
    function __kslurm_matches() {
        \builtin emulate -L zsh
        \builtin setopt extended_glob
        \builtin local globs="${2//[[:space:],]/ }" glob
        while [[ -n "${globs}" ]]; do
            glob=${globs%% *}
            globs=${globs#"${glob}"}
            globs=${globs# }
            # what is a pattern here alone must not be one, nor fail
            glob=${glob//(#m)[^][*?![:alnum:].-]/\\$MATCH}
            if [[ "${glob}" == *\[* && "${glob}" != *\[?*\]* ]]; then
                glob=${glob//\[/\\[}
            fi
            if [[ -n "${glob}" ]] && [[ "$1" == ${~glob} || "${1%%.*}" == ${~glob} ]]; then
                \builtin return 0
            fi
        done
        \builtin return 1
    }

    # the kernel's name: HOSTNAME is inherited by jobs
    function __kslurm_is_offline() {
        \builtin emulate -L zsh
        \builtin local host=
        if [[ "${KSLURM_COMPUTE_NETWORK-${__kslurm_network-}}" == yes ]]; then
            \builtin return 1
        fi
        if [[ -n "${SLURMD_NODENAME-}" ]]; then
            \builtin return 0
        fi
        if [[ -r /proc/sys/kernel/hostname ]]; then
            \builtin read -r host </proc/sys/kernel/hostname || \builtin true
        fi
        if __kslurm_matches "${host}" "${KSLURM_LOGIN_NODES-${__kslurm_login_nodes-}}"; then
            \builtin return 1
        fi
        __kslurm_matches "${host}" "${KSLURM_COMPUTE_NODES-${__kslurm_compute_nodes-}}"
    }

    # an environment without a pip of its own: what is on PATH would change another one
    function __kslurm_has_pip() {
        \builtin emulate -L zsh
        \builtin local says=
        if [[ -z "${VIRTUAL_ENV-}" || -x "${VIRTUAL_ENV}/bin/$1" ]]; then
            \builtin return 0
        fi
        says=${__kslurm_says_no_pip-}
        if [[ ! -d "${VIRTUAL_ENV}" ]]; then
            says=${__kslurm_says_gone-}
        fi
        \builtin printf '%s: %s%s%s\n' "$1" "${says%%\%s*}" "${VIRTUAL_ENV}" "${says#*\%s}" >&2
        \builtin return 1
    }

    # $1 is the program, then its words
    function __kslurm_pip() {
        \builtin emulate -L zsh
        \builtin setopt extended_glob
        \builtin local program="$1" word='' value='' verb='' wheels='' index='' folder='' own=''
        \builtin local -i at=0 result=0
        \builtin shift
        for word in "$@"; do
            at+=1
            if [[ -n "${value}" ]]; then
                value=
                continue
            fi
            case ${word} in
            # pip reads no option behind it
            --) break ;;
            --python=*) own=1 ;;
            --*)
                # an option may be cut short
                if [[ "${__kslurm_pip_valued}" == *" ${word}"* ]]; then
                    value=1
                fi
                if [[ "${word}" == --py* ]]; then
                    own=1
                fi
                ;;
            -*) ;;
            *)
                verb=${word}
                break
                ;;
            esac
        done
        for word in "${@[at+1,-1]}"; do
            if [[ "${word}" == --ind* || "${word}" == --ext* || "${word}" == --pyp* || "${word}" == -[^-bcCdefrtw]#i* ]]; then
                index=1
            fi
            if [[ "${word}" == --w* || "${word}" == -[^-bcCdefirt]#w* ]]; then
                folder=1
            fi
            if [[ "${word}" == --python || "${word}" == --python=* ]]; then
                own=1
            fi
        done
        if [[ -z "${own}" ]] && ! __kslurm_has_pip "${program}"; then
            \builtin return 1
        fi
        case ${verb} in
        install | wheel | download) ;;
        *)
            \command "${program}" "$@" || result=$?
            if [[ "${verb}" == uninstall ]]; then
                __kslurm_refresh
            fi
            \builtin return "${result}"
            ;;
        esac
        wheels=${__kslurm_pipdir-}
        if [[ "${KSLURM_PIPDIR-}" == /* ]]; then
            wheels=${KSLURM_PIPDIR}
        fi
        if [[ -n "${wheels}" ]]; then
            wheels=${wheels}/wheels
            if [[ "${verb}" == wheel && -z "${folder}" ]]; then
                \builtin set -- "${@[1,at]}" --wheel-dir "${wheels}" "${@[at+1,-1]}"
            fi
            # pip warns of a folder that is not there
            if [[ -d "${wheels}" ]]; then
                \builtin set -- "${@[1,at]}" --find-links "${wheels}" "${@[at+1,-1]}"
            fi
        fi
        if [[ -n "${index}" && "${__kslurm_changed-} " == *' PIP_NO_INDEX '* ]]; then
            # empty is unset to pip
            PIP_NO_INDEX=${__kslurm_old_PIP_NO_INDEX-} \command "${program}" "$@" || result=$?
        elif [[ -z "${index}" ]] && __kslurm_is_offline; then
            PIP_NO_INDEX=1 \command "${program}" "$@" || result=$?
        else
            \command "${program}" "$@" || result=$?
        fi
        __kslurm_refresh
        \builtin return "${result}"
    }

    function pip() {
        \builtin emulate -L zsh
        __kslurm_pip pip "$@"
    }

    function pip3() {
        \builtin emulate -L zsh
        __kslurm_pip pip3 "$@"
    }

    function uv() {
        \builtin emulate -L zsh
        \builtin local -i result=0
        \command uv "$@" || result=$?
        __kslurm_refresh
        \builtin return "${result}"
    }

    function kpy() {
        \builtin emulate -L zsh
        \builtin local code word=''
        \builtin local -i at=0
        for word in "$@"; do
            at+=1
            if [[ "${word}" != -* ]]; then
                break
            fi
        done
        case ${word} in
        create | load | activate | save | rename | rm)
            code=$(\command kpy "${@[1,at]}" --shell zsh "${@[at+1,-1]}") || \builtin return
            \builtin eval "${code}"
            ;;
        *) \command kpy "$@" ;;
        esac
    }

fi
