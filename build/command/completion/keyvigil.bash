# Completion for bash: source this file, or put it into ~/.local/share/bash-completion/completions/.
_keyvigil() {
  local IFS=$'\n'
  # With this option, bash puts a backslash before each blank, as in the name of a file.
  compopt -o filenames
  COMPREPLY=($(keyvigil complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o bashdefault -o default -F _keyvigil keyvigil
