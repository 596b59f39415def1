# shellcheck shell=bash
# sourced by ./try and ./check: what both do before their own work

say() {
    printf '\033[1m==> %s\033[0m\n' "$*" >&2
}

as_root() {
    if ((EUID == 0)); then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        printf 'this needs root, and there is no sudo: %s\n' "$*" >&2
        return 1
    fi
}

# gives the packages of the listed files that are not installed
missing_packages() {
    local package state
    while read -r package; do
        state=$(dpkg-query -W -f '${db:Status-Status}' "${package}" 2>/dev/null) || state=
        [[ "${state}" == installed ]] || printf '%s\n' "${package}"
    done < <(cat -- "$@" | grep -v '^#' || true)
}

install_packages() {
    local missing
    if ! command -v dpkg-query >/dev/null; then
        printf 'no Debian here: please install what %s name\n' "$*" >&2
        return 0
    fi
    missing=$(missing_packages "$@")
    [[ -n "${missing}" ]] || return 0
    say "installing:" "${missing//$'\n'/ }"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update
    # shellcheck disable=SC2086 # a list of words
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
        install ${missing} >/dev/null
}

# Debian's meson looks for the first python3 on PATH, which may be somebody's own
build() {
    local folder=$1
    shift
    # again, for options that came since; an older tree need not know them
    if [[ -d "${folder}/meson-info" ]]; then
        set -- --reconfigure "$@"
    fi
    meson setup "${folder}" "$@" >"${folder}.log" 2>&1 || {
        cat "${folder}.log" >&2
        return 1
    }
    rm -f "${folder}.log"
    ninja -C "${folder}" >"${folder}/ninja.log" || {
        tail -n 60 "${folder}/ninja.log" >&2
        return 1
    }
}
