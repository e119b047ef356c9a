/// What a shell loads. The candidates come from `pup __complete`, so that a script fits every version of Pup.
package enum CompletionScript {
  static func text(_ shell: CompletionRequest.Shell) -> String {
    switch shell {
    case .bash: bash
    case .zsh: zsh
    case .fish: fish
    }
  }

  /// Where shells look for them below a prefix's `share`.
  package static let installed = [
    (path: "bash-completion/completions/pup", text: bash), (path: "zsh/site-functions/_pup", text: zsh),
    (path: "fish/vendor_completions.d/pup.fish", text: fish),
  ]

  private static let bash = #"""
    # bash completion for pup. Load it with:  source <(pup completion bash)
    # or for good:  pup completion bash > /etc/bash_completion.d/pup
    _pup() {
      local current=${COMP_WORDS[COMP_CWORD]} kind line
      local -a lines=()
      while IFS= read -r line; do lines+=("$line"); done < <(
        "${COMP_WORDS[0]/#\~/$HOME}" __complete bash "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
      kind=${lines[0]}
      [ "$current" = "=" ] && current=""
      COMPREPLY=()
      case $kind in
        files | directories)
          compopt -o filenames 2>/dev/null
          [ "$kind" = files ] && kind=file || kind=directory
          while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -A "$kind" -- "$current")
          ;;
        *) COMPREPLY=("${lines[@]:1}") ;;
      esac
    }
    complete -F _pup pup

    """#

  private static let zsh = #"""
    #compdef pup
    # zsh completion for pup. Load it with:  source <(pup completion zsh)
    # or for good:  pup completion zsh > "${fpath[1]}/_pup"
    _pup() {
      local -a lines
      local kind
      lines=("${(@f)$("${words[1]}" __complete zsh "${(@)words[2,CURRENT]}" 2>/dev/null)}")
      kind=${lines[1]}
      shift lines
      case $kind in
        files) _files ;;
        directories) _files -/ ;;
        *) (( $#lines )) && _describe pup lines ;;
      esac
    }
    if [ "${funcstack[1]}" = _pup ]; then _pup "$@"; else compdef _pup pup; fi

    """#

  private static let fish = #"""
    # fish completion for pup. Load it with:  pup completion fish | source
    # or for good:  pup completion fish > ~/.config/fish/completions/pup.fish
    function __pup_complete
        set -l words (commandline -opc)
        set -l current (commandline -ct)
        set -l program $words[1]
        set -e words[1]
        set -l lines ($program __complete fish $words "$current" 2>/dev/null)
        set -l kind $lines[1]
        set -e lines[1]
        switch "$kind"
            case files
                __fish_complete_path "$current"
            case directories
                __fish_complete_directories "$current"
            case '*'
                test (count $lines) -gt 0; and printf '%s\n' $lines
        end
    end
    complete -c pup -f -a '(__pup_complete)'

    """#
}
