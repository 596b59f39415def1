# completion of krun, kbatch, kpy and kslurm: the programs answer from their own tables

function __kslurm_complete
    set -l before (commandline -opc)
    set -l typed (commandline -ct)
    # a quote may still be open
    set -l word (string unescape -- "$typed"; or string unescape -- "$typed'"; or string unescape -- "$typed\"")
    set -l words $before "$word"
    for answer in (command $words[1] --complete (count $before) $words 2>/dev/null)
        switch $answer
            case ':files *'
                __kslurm_paths (string replace -r '^:files ' '' -- $answer) $words[-1] ''
            case ':dirs *'
                __kslurm_paths (string replace -r '^:dirs ' '' -- $answer) $words[-1] -d
            case ':commands *'
                complete -C "$typed" | string match -v -- '-*'
            case ':rest *'
                set -l first (math (string replace ':rest ' '' -- $answer) + 1)
                complete -C (string join ' ' -- (string escape -- $before[$first..-1]) "$typed")
            case '*'
                echo $answer
        end
    end
end

# what of the word stands before the path is the first argument
function __kslurm_paths
    set -l start (string sub -s (math (string length -- "$argv[1]") + 1) -- "$argv[2]")
    for path in (__fish_complete_path "$start")
        test "$argv[3]" = -d; and not string match -qr '/(\t|$)' -- $path; and continue
        echo "$argv[1]$path"
    end
end

for program in krun kbatch kpy kslurm
    complete -c $program -f -a '(__kslurm_complete)'
end
