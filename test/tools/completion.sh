# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Asks bash's completion of sinter as a press of the tab key does.
set -eu
eval "$(sinter completion bash)"
complete -p sinter | grep -q -- '-F _sinter'

# ask WORD...: the last one is being typed.
ask() {
  COMP_WORDS=(sinter "$@")
  COMP_CWORD=$#
  _sinter || true
  answer="${COMPREPLY[*]-}"
}
expect() {
  [ "$answer" = "$1" ] || {
    echo "expected '$1', got '$answer'"
    exit 1
  }
}
ask co
expect "compile completion"
ask compile minilm --emit a
expect "artifact adapter ast asm"
ask compile minilm --emi
expect "--emit"
ask completion ""
expect "bash zsh fish"
ask check --error-format j
expect "json"
ask check bert.si # a file: left to bash
expect ""
ask run DIR --in tok
expect ""
ask run DIR --target r
expect "reference"
ask compile DIR --target ""
expect "cpu cpu:x86-64-v3 cpu:x86-64-v4 reference cuda:sm_90"
# bash takes `=` for a word of its own.
ask check DIR --remarks =
expect "missed all"
ask check DIR --remarks = a
expect "all"
ask check --error-format = j
expect "json"
ask check --remarks "" # a flag: its value stands behind `=` alone
expect ""
# Nothing of --help is missing.
for command in check run embed generate bench graph compile info explain fmt completion; do
  ask $command -
  for option in $(sinter $command --help | grep -oE '^ +(-[a-z],)?--[a-z-]+' | tr -d ' ' | tr ',' ' '); do
    case " $answer " in
    *" $option "*) ;;
    *) echo "$command: $option is not offered" && exit 1 ;;
    esac
  done
done
