/** What each shell is given. They know no command themselves: the one that is asked for answers, whatever its version. */
import { ASK_COMMAND, type Shell } from './shells.js';

// The line itself is split, not COMP_WORDS: bash breaks words at colons, which ids hold, and replaces only the last part.
const BASH = String.raw`# bash completion for vedette
_vedette() {
  local line=${'$'}{COMP_LINE:0:COMP_POINT} cur='' found before answer
  local -a words
  read -ra words <<<"$line"
  if [[ $line != *[[:space:]] ]]; then
    cur=${'$'}{words[-1]}
    unset 'words[-1]'
  fi
  COMPREPLY=()
  while IFS= read -r answer; do
    found=${'$'}{answer%%$'\t'*}
    case $found in
      :files) compopt -o filenames 2>/dev/null; while IFS= read -r found; do COMPREPLY+=("$found"); done < <(compgen -f -- "$cur") ;;
      :dirs) compopt -o filenames 2>/dev/null; while IFS= read -r found; do COMPREPLY+=("$found"); done < <(compgen -d -- "$cur") ;;
      "$cur"*) COMPREPLY+=("$found") ;;
    esac
  done < <("${'$'}{words[0]/#\~/$HOME}" ${ASK_COMMAND} -- "${'$'}{words[@]:1}" "$cur" 2>/dev/null)
  before=${'$'}{cur%"${'$'}{cur##*[:=]}"}
  [[ -n $before ]] && COMPREPLY=("${'$'}{COMPREPLY[@]#"$before"}")
  return 0
}
complete -F _vedette vedette
`;

const ZSH = String.raw`#compdef vedette
_vedette() {
  local answer
  local -a found texts
  for answer in "${'$'}{(@f)$("${'$'}{words[1]/#\~/$HOME}" ${ASK_COMMAND} -- "${'$'}{(@)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}"; do
    case $answer in
      :files) _files ;;
      :dirs) _files -/ ;;
      ?*) found+=("${'$'}{answer%%$'\t'*}"); texts+=("${'$'}{answer/$'\t'/  -- }") ;;
    esac
  done
  (( ${'$'}{#found} )) && compadd -l -d texts -- "${'$'}{found[@]}"
  return 0
}
if [[ ${'$'}{funcstack[1]} == _vedette ]]; then _vedette "$@"; else compdef _vedette vedette; fi
`;

const FISH = String.raw`# fish completion for vedette
function __vedette_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for answer in ($words[1] ${ASK_COMMAND} -- $words[2..-1] "$current" 2>/dev/null)
        switch $answer
            case ':files'
                __fish_complete_path "$current"
            case ':dirs'
                __fish_complete_directories "$current"
            case '*'
                echo $answer
        end
    end
end
complete -c vedette -f -a '(__vedette_complete)'
`;

export const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
