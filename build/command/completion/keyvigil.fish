# Completion for fish: put this file into ~/.config/fish/completions/.
complete -c keyvigil -f -a '(keyvigil complete -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
