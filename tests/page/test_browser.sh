#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The judge's page in Debian's Chromium, as people use it: browser_inputs, browser_access, browser_camera and browser_hostile say what they look at and
# what would break them. Papers, photographs and a film are made by our own programs first. With names behind it, only those parts: test_browser.sh camera
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
case $BUILD in /*) BIN=$BUILD ;; *) BIN=$PWD/$BUILD ;; esac
PAPERS=$(mktemp -d) || exit 1
export BUILD BIN PAPERS
RUNNING=
# Only what was started here is ended.
end() {
    for pid in $RUNNING; do kill "$pid" 2>/dev/null; done
    rm -rf "$PAPERS"
}
trap end EXIT
trap 'exit 1' HUP INT TERM

fail() { echo "FAILED: $1"; echo '0 passed, 1 failed'; exit 1; }
[ -f build/check.html ] || fail 'build/check.html is missing: make page'
[ -x "$BIN/tests/differential/verdicts" ] || fail "$BIN/tests/differential/verdicts is missing: make check builds it"
[ -d build/page/node-test/node_modules/playwright-core ] || fail 'the packages of tests/page are missing: make check installs them'
sh tests/page/browser_papers.sh "$BIN" "$PAPERS" || fail 'the papers were not made'

# Two at a time: pictures and cases are made while what needs none of them runs.
{
    /usr/bin/python3 tests/page/browser_cases.py 5 300 "$PAPERS/cases.jsonl" && /usr/bin/python3 tests/page/browser_pictures.py "$PAPERS"
} >"$PAPERS/made.log" 2>&1 &
MADE=$!
RUNNING=$MADE
passed=0 failed=0
one() { node "tests/page/browser_$1.mjs" >"$PAPERS/$1.log" 2>&1; }
told() {
    cat "$PAPERS/$1.log"
    count=$(tail -n 1 "$PAPERS/$1.log" | sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p')
    [ -n "$count" ] || { echo "FAILED: browser_$1 ends without a count"; count='0 1'; }
    passed=$((passed + ${count% *})) failed=$((failed + ${count#* }))
}
wanted=${*:-inputs hostile access camera}
wants() { case " $wanted " in *" $1 "*) ;; *) return 1 ;; esac; }
if wants inputs; then one inputs; told inputs; fi
wait "$MADE" || { cat "$PAPERS/made.log"; fail 'cases or photographs were not made'; }
cat "$PAPERS/made.log"
if wants access; then one access & RUNNING="$RUNNING $!"; fi
if wants hostile; then one hostile; told hostile; fi
if wants camera; then one camera; told camera; fi
wait
if wants access; then told access; fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
