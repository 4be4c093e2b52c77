#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when a command has no help or no example, or takes an option that is unknown or doubled.
. tests/custody/lib.sh

run 2 'which command' "$U"
run 2 'no command "bogus' "$U" bogus
run 2 'no command "person bogus' "$U" person bogus
run 0 'person enrol' "$U" --help
run 0 'ledger fsck' "$U" ledger --help
"$U" --help | sed -n 's/^  \([a-z-]* *[a-z-]*\)  .*/\1/p' | sed 's/ *$//' >commands
yes_if 'thirty commands and more' test "$(wc -l <commands)" -ge 35
while read -r words; do
    # shellcheck disable=SC2086
    run 0 "^unbroken $words" "$U" $words --help
    yes_if "$words --help has an example" grep -q '^example:' out
    # shellcheck disable=SC2086
    run 2 'has no option --bogus' "$U" $words x y z --bogus
    option=$("$U" $words --help | grep -v 'may stand several times' |
        sed -n 's/^  \(--[a-z-]*\) [A-Z].*/\1/p;s/^  \(--[a-z-]*\)  .*/\1/p' | head -n 1)
    if [ -n "$option" ]; then
        if "$U" $words --help | grep -qE "^  $option +[a-z]"; then
            run 2 "$option stands twice" "$U" $words x $option $option
        else
            run 2 "$option stands twice" "$U" $words x $option 1 $option=1
        fi
    fi
done <commands
# A name in an example can be typed as it stands: its check character is right.
while read -r words; do
    # shellcheck disable=SC2086
    "$U" $words --help
done <commands | grep -oE 'KHPP-[0-9]+-[0-9A-Z]' | sort -u >names
yes_if 'examples have names' test -s names
while read -r typed; do
    number=${typed#KHPP-}
    yes_if "$typed in an example is a right name" test "$typed" = "$(name "${number%-*}")"
done <names
run 0 'format version 1' "$U" --version
run 2 'needs --ledger' "$U" list
run 1 '' "$U" list --ledger nowhere
run 2 'needs PERSON' "$U" person appoint --ledger nowhere
run 2 'one argument too many' "$U" allot 1 2
run 0 '^\| kind' "$U" acts --markdown
run 0 'release' "$U" acts
finish
