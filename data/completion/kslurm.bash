# shellcheck shell=bash
# shellcheck disable=SC2312 # no answer is no candidate
# completion of krun, kbatch, kpy and kslurm: the programs answer from their own tables

__kslurm_complete() {
    local -a words=() starts=() helps=()
    local raw plain lead answer help
    local -i described=0
    __kslurm_words
    # what readline leaves in place before the candidate: quotes, and all up to ':' or '='
    __kslurm_plain "${raw%"${2-}"}"
    lead=${plain}
    __kslurm_plain "${raw}"

    COMPREPLY=()
    # bash lists when Tab comes again (63, '?') or at once (33, '!')
    [[ "${COMP_TYPE-}" == 63 || "${COMP_TYPE-}" == 33 ]] && described=1
    while IFS=$'\t' read -r answer help; do
        case ${answer} in
        ":rest "*)
            __kslurm_rest "${starts[${answer#:rest }]}"
            return
            ;;
        ":commands"*)
            __kslurm_commands "${plain}" "${lead}"
            described=0
            ;;
        ":files"* | ":dirs"*)
            __kslurm_paths "${answer%% *}" "${answer#* }"
            described=0
            ;;
        *)
            helps[${#COMPREPLY[@]}]=${help}
            COMPREPLY+=("${answer#"${lead}"}")
            ;;
        esac
    done < <(\command "${words[0]}" --complete $((${#words[@]} - 1)) "${words[@]}" 2>/dev/null)
    __kslurm_finish "${described}"
}

# bash parts words at ':' and '='; what no blank parts is one word, to the cursor
__kslurm_words() {
    local piece gap
    local -i i over at=0
    raw=
    for ((i = 0; i <= COMP_CWORD; i++)); do
        piece=${COMP_WORDS[i]}
        gap=${COMP_LINE:at}
        gap=${gap%%[![:space:]]*}
        at+=${#gap}+${#piece}
        if ((at > COMP_POINT)); then
            over=$((at - COMP_POINT))
            piece=${piece:0:over<${#piece}?${#piece}-over:0}
        fi
        if ((i > 0)) && [[ -z "${gap}" && "${raw: -1}${piece:0:1}" != *[\<\>\|\&\;\(]* ]]; then
            raw+=${piece}
        else
            starts+=("${i}")
            raw=${piece}
        fi
        __kslurm_plain "${raw}"
        words[${#starts[@]} - 1]=${plain}
    done
}

# gives a word as the program would get it, nothing expanded, as 'plain'
__kslurm_plain() {
    local text=$1 quote="" letter
    plain=
    while [[ -n "${text}" ]]; do
        letter=${text:0:1}
        text=${text:1}
        case ${quote}${letter} in
        \' | \") quote=${letter} ;;
        \'\' | \"\") quote="" ;;
        \\ | \"\\)
            # inside quotes a backslash stays, unless what follows means something there
            [[ -n "${quote}" && "${text:0:1}" != [\"\\\$\`] ]] && plain+=\\
            plain+=${text:0:1}
            text=${text:1}
            ;;
        *) plain+=${letter} ;;
        esac
    done
}

# another command's words: whoever completes that one is asked
__kslurm_rest() {
    if declare -F _comp_command_offset >/dev/null; then
        _comp_command_offset "$1"
    elif declare -F _command_offset >/dev/null; then
        _command_offset "$1"
    else
        __kslurm_paths :files ""
        __kslurm_finish 0
    fi
}

__kslurm_commands() {
    local name
    while read -r name; do
        COMPREPLY+=("${name#"$2"}")
    done < <(compgen -c -- "$1" | sort -u)
}

# what of the word stands before the path is $2
__kslurm_paths() {
    local start=${plain#"$2"} path home=""
    # shellcheck disable=SC2088 # compared, not expanded
    [[ "${start}" == "~/"* ]] && home=${HOME}
    for path in "${home}${start#"${home:+"~"}"}"*; do
        [[ "$1" == :dirs && ! -d "${path}" ]] && continue
        [[ -e "${path}" || -L "${path}" ]] || continue
        # a name behind '--output=' is none to readline, which would end it with a blank
        [[ -d "${path}" ]] && path=${path}/
        path=$2${home:+"~"}${path#"${home}"}
        COMPREPLY+=("${path#"${lead}"}")
        compopt -o filenames 2>/dev/null
    done
}

# a description is for reading: the one candidate that is put in has none
__kslurm_finish() {
    local candidate
    local -i i longest=0
    for candidate in ${COMPREPLY[@]+"${COMPREPLY[@]}"}; do
        ((${#candidate} > longest)) && longest=${#candidate}
        [[ "${candidate}" == *[!A-Za-z0-9_@%+:,./=-]* ]] && compopt -o filenames 2>/dev/null
    done
    ((${#COMPREPLY[@]} == 1)) && [[ "${candidate}" == *[:=/] ]] && compopt -o nospace 2>/dev/null
    (($1 && ${#COMPREPLY[@]} > 1)) || return 0
    for i in "${!helps[@]}"; do
        [[ -z "${helps[i]}" ]] && continue
        printf -v candidate '%-*s  %s' "${longest}" "${COMPREPLY[i]}" "${helps[i]}"
        COMPREPLY[i]=${candidate}
    done
}

complete -F __kslurm_complete krun kbatch kpy kslurm
