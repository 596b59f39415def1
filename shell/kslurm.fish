# input: __kslurm_bin, __kslurm_pipdir, __kslurm_compute_nodes, __kslurm_login_nodes, __kslurm_network and the
# sentences __kslurm_says_*, assigned on the lines printed before this file

# once kslurm is gone nothing is defined
if test -x "$__kslurm_bin/kslurm"; or command -q kslurm
    if not command -q kpy; and not contains -- $__kslurm_bin $PATH
        set -gx PATH $PATH $__kslurm_bin
    end

    # pip's global options that take a value: the subcommand is the first word past them
    set -g __kslurm_pip_valued ' --cache-dir --cert --client-cert --default-timeout --exists-action --keyring-provider --local-log --log --log-file --proxy --python --resume-retries --retries --timeout --trusted-host --use-deprecated --use-feature '

    # what a variable was is kept, to be put back
    function __kslurm_set
        set -l name $argv[1]
        set -l old __kslurm_old_$name
        set -e $old
        if set -q $name
            set -g $old $$name
        end
        set -ga __kslurm_changed $name
        if test (count $argv) -eq 2
            set -gx $name $argv[2]
        else
            set -e $name
        end
    end

    function __kslurm_put_back
        for name in $__kslurm_changed
            set -l old __kslurm_old_$name
            if set -q $old
                set -gx $name $$old
            else
                set -e $name
            end
            set -e $old
        end
        set -e __kslurm_changed
    end

    # takes an environment's programs off PATH, wherever they stand
    function __kslurm_unpath
        set -l left
        for folder in $PATH
            test "$folder" = "$argv[1]"; or set -a left $folder
        end
        set -gx PATH $left
    end

    function __kslurm_status
        return $argv[1]
    end

    function __kslurm_show
        set -e __kslurm_shown
        if test -z "$VIRTUAL_ENV_DISABLE_PROMPT"
            set -g __kslurm_shown "("(string replace -ra '[[:cntrl:]]' _ -- $argv[1] | string collect)") "
            functions -q __kslurm_fish_prompt; and return
            functions -q fish_prompt; or return
            functions -c fish_prompt __kslurm_fish_prompt
            function fish_prompt
                set -l old $status
                printf '%s' "$__kslurm_shown"
                __kslurm_status $old
                __kslurm_fish_prompt
            end
        end
    end

    function __kslurm_leave
        set -e __kslurm_shown
        if functions -q __kslurm_fish_prompt
            # another prompt may have been set since
            if functions fish_prompt | string match -q '*__kslurm_fish_prompt*'
                functions -e fish_prompt
                functions -c __kslurm_fish_prompt fish_prompt
            end
            functions -e __kslurm_fish_prompt
        end
        __kslurm_unpath "$__kslurm_prefix/bin"
        __kslurm_put_back
        set -e __kslurm_prefix
    end

    # 1 prefix, 2 prompt, 3 PIP_FIND_LINKS, 4 UV_FIND_LINKS, 5 whether off the network: 0, 1
    function __kslurm_activate
        # somebody else's environment undoes itself, and so does ours
        if functions -q deactivate
            deactivate
        end
        # a foreign 'activate' may have replaced our function
        if set -q __kslurm_prefix
            __kslurm_leave
        end
        if test -n "$VIRTUAL_ENV"
            __kslurm_unpath $VIRTUAL_ENV/bin
            set -e VIRTUAL_ENV
            set -e VIRTUAL_ENV_PROMPT
        end
        set -g __kslurm_prefix $argv[1]
        set -g __kslurm_changed
        __kslurm_set PYTHONHOME
        __kslurm_set VIRTUAL_ENV $argv[1]
        __kslurm_set VIRTUAL_ENV_PROMPT $argv[2]
        if test -n "$argv[3]"
            __kslurm_set PIP_FIND_LINKS $argv[3]
        end
        if test -n "$argv[4]"
            __kslurm_set UV_FIND_LINKS $argv[4]
        end
        if test "$argv[5]" = 1
            __kslurm_set PIP_NO_INDEX 1
            __kslurm_set UV_OFFLINE 1
        end
        set -gx PATH $argv[1]/bin $PATH
        __kslurm_show $argv[2]

        function deactivate
            __kslurm_leave
            functions -e deactivate
        end
    end

    # the name of the environment that is active
    function __kslurm_prompt
        if set -q __kslurm_prefix; and test "$VIRTUAL_ENV" = "$__kslurm_prefix"
            set -gx VIRTUAL_ENV_PROMPT $argv[1]
            __kslurm_show $argv[1]
        end
    end

    function __kslurm_refresh
        if set -q __kslurm_prefix; and test "$VIRTUAL_ENV" = "$__kslurm_prefix"; and command -q kpy
            set -l code (command kpy prompt --shell fish 2>/dev/null); or return 0
            string join \n -- $code | source
        end
    end

    # whether the host's name 1, or what stands before its domain, is one of the globs 2
    function __kslurm_matches
        for glob in (string split -n ' ' -- (string replace -ra '[\s,]+' ' ' -- "$argv[2]" | string join ' '))
            # a question mark is none to later fish
            set -l pattern (string replace -ra '[.+(){}|^$\\\\]' '\\\\$0' -- $glob | string replace -a '*' '.*' | string replace -a '?' . | string replace -a '[!' '[^')
            string match -qr -- "^(?:$pattern)(?:\..*)?\$" $argv[1] 2>/dev/null; and return 0
        end
        return 1
    end

    # the kernel's name: HOSTNAME is inherited by jobs
    function __kslurm_is_offline
        set -l network $__kslurm_network
        set -l compute $__kslurm_compute_nodes
        set -l login $__kslurm_login_nodes
        set -q KSLURM_COMPUTE_NETWORK; and set network $KSLURM_COMPUTE_NETWORK
        set -q KSLURM_COMPUTE_NODES; and set compute "$KSLURM_COMPUTE_NODES"
        set -q KSLURM_LOGIN_NODES; and set login "$KSLURM_LOGIN_NODES"
        test "$network" = yes; and return 1
        test -n "$SLURMD_NODENAME"; and return 0
        set -l host ''
        test -r /proc/sys/kernel/hostname; and read host </proc/sys/kernel/hostname
        __kslurm_matches "$host" "$login"; and return 1
        __kslurm_matches "$host" "$compute"
    end

    # an environment without a pip of its own: what is on PATH would change another one
    function __kslurm_has_pip
        if test -z "$VIRTUAL_ENV"; or test -x "$VIRTUAL_ENV/bin/$argv[1]"
            return 0
        end
        set -l says $__kslurm_says_no_pip
        test -d "$VIRTUAL_ENV"; or set says $__kslurm_says_gone
        set says (string split -m 1 %s -- $says)
        printf '%s: %s%s%s\n' $argv[1] "$says[1]" $VIRTUAL_ENV "$says[2]" >&2
        return 1
    end

    # 1 is the program, then its words
    function __kslurm_pip
        set -l program $argv[1]
        set -l before
        set -l after
        set -l verb
        set -l own
        set -l value
        set -l plain
        for word in $argv[2..-1]
            if set -q verb[1]; or set -q plain[1]
                set -a after $word
                continue
            end
            set -a before $word
            if set -q value[1]
                set value
                continue
            end
            switch $word
                # pip reads no option behind it
                case --
                    set plain 1
                case '--python=*'
                    set own 1
                case '--*'
                    # an option may be cut short
                    string match -qr -- " "(string escape --style=regex -- $word) $__kslurm_pip_valued
                    and set value 1
                    string match -q -- '--py*' $word; and set own 1
                case '-*'
                case '*'
                    set verb $word
            end
        end
        set -l index
        set -l folder
        for word in $after
            string match -qr -- '^(--ind|--ext|--pyp|-[^-bcCdefrtw]*i)' $word; and set index 1
            string match -qr -- '^(--w|-[^-bcCdefirt]*w)' $word; and set folder 1
            string match -qr -- '^--python(=|$)' $word; and set own 1
        end
        if not set -q own[1]; and not __kslurm_has_pip $program
            return 1
        end
        if not contains -- "$verb" install wheel download
            command $program $before $after
            set -l result $status
            test "$verb" = uninstall; and __kslurm_refresh
            return $result
        end
        set -l wheels $__kslurm_pipdir
        string match -q -- '/*' "$KSLURM_PIPDIR"; and set wheels $KSLURM_PIPDIR
        set -l ours
        if test -n "$wheels"
            set wheels $wheels/wheels
            # pip warns of a folder that is not there
            test -d $wheels; and set -a ours --find-links $wheels
            test $verb = wheel; and not set -q folder[1]; and set -a ours --wheel-dir $wheels
        end
        set -l result
        if set -q index[1]; and contains PIP_NO_INDEX $__kslurm_changed
            # empty is unset to pip
            PIP_NO_INDEX=$__kslurm_old_PIP_NO_INDEX command $program $before $ours $after
            set result $status
        else if not set -q index[1]; and __kslurm_is_offline
            PIP_NO_INDEX=1 command $program $before $ours $after
            set result $status
        else
            command $program $before $ours $after
            set result $status
        end
        __kslurm_refresh
        return $result
    end

    function pip
        __kslurm_pip pip $argv
    end

    function pip3
        __kslurm_pip pip3 $argv
    end

    function uv
        command uv $argv
        set -l result $status
        __kslurm_refresh
        return $result
    end

    function kpy
        set -l before
        set -l after
        set -l verb
        for word in $argv
            if set -q verb[1]
                set -a after $word
                continue
            end
            set -a before $word
            string match -q -- '-*' $word; or set verb $word
        end
        if contains -- "$verb" create load activate save rename rm
            set -l code (command kpy $before --shell fish $after); or return
            string join \n -- $code | source
        else
            command kpy $argv
        end
    end
end
