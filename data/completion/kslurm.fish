# completion of krun, kbatch and kslurm: the programs answer from their own tables

function __kslurm_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l cursor (math (count $words) - 1)
    for answer in (command $words[1] --complete $cursor $words 2>/dev/null)
        switch $answer
            case ':files'
                __fish_complete_path $words[-1]
            case ':dirs'
                __fish_complete_directories $words[-1]
            case ':commands'
                complete -C "$words[-1]" | string match -v -- '-*'
            case ':rest *'
                set -l first (math (string replace ':rest ' '' -- $answer) + 1)
                complete -C (string join ' ' -- $words[$first..-1])
            case '*'
                echo $answer
        end
    end
end

for program in krun kbatch kslurm
    complete -c $program -f -a '(__kslurm_complete)'
end
