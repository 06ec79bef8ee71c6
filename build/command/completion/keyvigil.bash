# Completion for bash: source this file, or put it into ~/.local/share/bash-completion/completions/.
_keyvigil() {
  local IFS=$'\n'
  # As with names of files, bash puts backslashes before blanks.
  compopt -o filenames
  COMPREPLY=($(keyvigil complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o bashdefault -o default -F _keyvigil keyvigil
