# Completion for bash: source this file, or put it into ~/.local/share/bash-completion/completions/.
_keyvigil() {
  local IFS=$'\n' rest=$COMP_LINE words=() word before
  # Bash also divides a word at :, = and @. Join what was typed without a blank in between.
  for word in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
    if [[ $rest == [[:blank:]]* || ${#words[@]} == 0 ]]; then
      words+=("$word") before=
    else
      before=${words[${#words[@]}-1]}
      words[${#words[@]}-1]+=$word
    fi
    rest=${rest#*"$word"}
  done
  # With this option, bash puts a backslash before each blank, as in the name of a file.
  compopt -o filenames
  COMPREPLY=($(keyvigil complete -- "${words[@]:1}" 2>/dev/null))
  # Bash keeps what stands before the last : or =, or before the last @. So the names must come without it.
  [[ $word != [:=]* ]] || before+=$word
  before=${before%@}
  before=${before//[\"\'\\]/}
  COMPREPLY=("${COMPREPLY[@]#${before//?/?}}")
}
complete -o bashdefault -o default -F _keyvigil keyvigil
