#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The table of acts that SPEC.md prints, `unbroken acts` prints and the independent reader reads is one table, letter for letter. Breaks when
# one of the three is changed alone.

BUILD=${BUILD:-build}
DIR=$(mktemp -d) || exit 1
trap 'rm -rf "$DIR"' EXIT
passed=0
failed=0

# same WHAT FILE FILE
same() {
    if [ -s "$2" ] && cmp -s "$2" "$3"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $1"
        diff "$2" "$3" | head -10
    fi
}

# The lines of the table, from its head on.
sed -n '/^| kind | act | signers |/,/^$/p' SPEC.md | grep '^|' >"$DIR/spec"
"$BUILD/unbroken" acts --markdown | grep '^|' >"$DIR/acts"
sed -n 's/^ROWS = """.*$//; /^| [0-9]/p' tests/independent/u_tables.py >"$DIR/reader"
sed -n '/^| [0-9]/p' "$DIR/spec" >"$DIR/rows"
same 'SPEC.md and unbroken acts' "$DIR/spec" "$DIR/acts"
same 'SPEC.md and the independent reader' "$DIR/rows" "$DIR/reader"
# And the table in short has every act, with its number and name.
"$BUILD/unbroken" acts | sed -n 's/^ *\([0-9][0-9]*\) \(.*\)$/\1 \2/p' >"$DIR/short"
sed 's/^| \([0-9]*\) | \([a-z ]*\) |.*$/\1 \2/' "$DIR/rows" >"$DIR/names"
awk 'NR == FNR { name[NR] = $0; n = NR; next } index($0 " ", name[FNR] " ") == 1 { m++ } END { print (m == n) ? "all" : "some" }' \
    "$DIR/names" "$DIR/short" >"$DIR/said"
echo all >"$DIR/want"
same 'unbroken acts has every act of SPEC.md' "$DIR/want" "$DIR/said"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
