# shellcheck shell=bash
# shellcheck disable=SC2312 # no answer is no candidate
# completion of krun, kbatch and kslurm: the programs answer from their own tables

__kslurm_complete() {
    local line=${COMP_LINE:0:COMP_POINT} word answer candidate
    local -a words=()
    # bash parts words at ':' and '=', which are letters here
    read -r -a words <<<"${line}"
    [[ "${line}" == *[[:space:]] || ${#words[@]} -eq 0 ]] && words+=("")
    local cursor=$((${#words[@]} - 1))
    word=${words[cursor]}
    # what stands before the last ':' or '=' is already in the line
    local before=""
    [[ "${word}" == *[:=]* ]] && before=${word%"${word##*[:=]}"}

    COMPREPLY=()
    while IFS=$'\t' read -r answer _; do
        case ${answer} in
        :files | :commands | :dirs)
            while read -r candidate; do
                COMPREPLY+=("${candidate}")
            done < <(__kslurm_shell_words "${answer}" "${word#"${before}"}")
            compopt -o filenames 2>/dev/null
            ;;
        ":rest "*)
            if declare -F _command_offset >/dev/null; then
                # shellcheck disable=SC2034 # read by the function
                local -a COMP_WORDS=("${words[@]}")
                # shellcheck disable=SC2034 # read by the function
                local COMP_CWORD=${cursor}
                _command_offset "${answer#:rest }"
            else
                while read -r candidate; do
                    COMPREPLY+=("${candidate}")
                done < <(compgen -f -- "${word}")
            fi
            ;;
        *)
            COMPREPLY+=("${answer#"${before}"}")
            ;;
        esac
    done < <(\command "${words[0]}" --complete "${cursor}" "${words[@]}" 2>/dev/null)
    [[ ${#COMPREPLY[@]} -eq 1 && "${COMPREPLY[0]}" == *[:=] ]] && compopt -o nospace 2>/dev/null
    return 0
}

__kslurm_shell_words() {
    case $1 in
    :dirs) compgen -d -S / -- "$2" ;;
    :commands) compgen -c -- "$2" ;;
    *) compgen -f -- "$2" ;;
    esac
}

complete -F __kslurm_complete krun kbatch kslurm
