# read by the fish that krun starts, after the user's own files

if test -r (status dirname)/../init.fish
    source (status dirname)/../init.fish
end

# what config.fish did to PATH is put right
if test -d "$VIRTUAL_ENV"; and not set -q __kslurm_prefix; and functions -q __kslurm_activate
    set -l name $VIRTUAL_ENV_PROMPT
    test -n "$name"; or set name (string replace -r ".*/" "" -- $VIRTUAL_ENV)
    # Python's own 'activate' keeps the brackets in it
    set name (string replace -r '^\((.*)\) $' '$1' -- $name)
    __kslurm_activate $VIRTUAL_ENV $name "$PIP_FIND_LINKS" "$UV_FIND_LINKS" "$PIP_NO_INDEX"
end
