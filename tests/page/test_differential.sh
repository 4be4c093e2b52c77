#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Ten thousand files, altered from a seed, get one verdict from libverify, the judge's page's verifier under Node and the Python reader
# (tests/differential). Breaks when one of the three reads a byte, a rule or SPEC.md otherwise than the others, crashes, throws or hangs; and when
# the cases no longer reach at least 60 different verdicts and 18 codes of breaches. Before that, a verdict that is planted must be noticed.
#
#   BUILD=build SEED=1 COUNT=10000 tests/page/test_differential.sh

cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
SEED=${SEED:-1}
COUNT=${COUNT:-10000}
LOGS=${LOGS:-$BUILD/test-logs}
PYTHONDONTWRITEBYTECODE=1
export BUILD LOGS PYTHONDONTWRITEBYTECODE
OUT=$LOGS/differential
mkdir -p "$OUT" || exit 1
passed=0
failed=0

tell() {
    if [ "$1" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $2"
    fi
}

for needed in "$BUILD/tests/differential/verdicts" build/page/core.mjs; do
    if [ ! -f "$needed" ]; then
        echo "$needed is missing: run make check"
        echo '0 passed, 1 failed'
        exit 1
    fi
done

# A wrong verdict is noticed, wherever it stands.
/usr/bin/python3 tests/differential/differ.py --seed "$SEED" --count 200 --plant >"$OUT/planted" 2>&1
case $(tail -n 1 "$OUT/planted") in
'199 passed, 1 failed' | '198 passed, 2 failed') grep -q -- '-planted' "$OUT/planted" ;;
*) false ;;
esac
tell $? 'planted verdicts were not noticed, or more than they'

/usr/bin/python3 tests/differential/differ.py --seed "$SEED" --count "$COUNT" >"$OUT/verdicts" 2>&1
cat "$OUT/verdicts"
counts=$(tail -n 1 "$OUT/verdicts" | sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p')
[ -n "$counts" ]
tell $? 'the cases were not counted'
passed=$((passed + ${counts% *}))
failed=$((failed + ${counts#* }))

# "verdicts (83): ..."
reached() {
    sed -n "s/^$1 (\([0-9]*\)): .*/\1/p" "$OUT/verdicts"
}
if [ "$COUNT" -ge 10000 ]; then
    [ "$(reached verdicts)" -ge 60 ] && [ "$(reached breaches)" -ge 18 ]
    tell $? 'the cases reach too few different verdicts'
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
