#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Runs every test and counts. Each tests/<folder>/test_<file>.c has a program of that name under
# $BUILD; each tests/<folder>/test_*.sh and test_*.py is run as it is, from the top of the tree.
# Check programs end with "100%: Checks: 12, Failures: 0, Errors: 0"; scripts with "12 passed, 0 failed".
# A program that crashes, is missing, is not executable, runs too long or prints no count has failed.
# The last line is always "N passed, N failed".
#
#   BUILD=build JOBS=2 sh tests/run.sh [part of a name ...]

cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
JOBS=${JOBS:-$(nproc 2>/dev/null || echo 2)}
LIMIT_S=${LIMIT_S:-900}
LOGS=$BUILD/test-logs
LSAN_OPTIONS=${LSAN_OPTIONS:-suppressions=$PWD/tests/lsan.supp:print_suppressions=0}
export BUILD LIMIT_S LOGS LSAN_OPTIONS

# One test: its log and exit code, in $LOGS.
if [ "${1:-}" = --one ]; then
    name=$2
    case $name in
    *.c) program=$BUILD/${name%.c} ;;
    *) program=./$name ;;
    esac
    log=$LOGS/$(echo "$name" | tr / .)
    if [ -f "$program" ] && [ -x "$program" ]; then
        timeout "$LIMIT_S" "$program" >"$log.log" 2>&1 </dev/null
        echo $? >"$log.rc"
    else
        echo "$program is missing or is not executable" >"$log.log"
        echo 126 >"$log.rc"
    fi
    exit 0
fi

rm -rf "$LOGS"
mkdir -p "$LOGS" || exit 1

names=$(ls tests/*/test_*.c tests/*/test_*.sh tests/*/test_*.py 2>/dev/null)
if [ $# -gt 0 ]; then
    pattern=$(printf '%s\n' "$@")
    names=$(printf '%s\n' "$names" | grep -F -e "$pattern")
fi
[ -n "$names" ] && printf '%s\n' "$names" | xargs -P "$JOBS" -I '{}' sh tests/run.sh --one '{}'

# Prints "passed failed" out of a log, or nothing when it holds no count.
count() {
    case $1 in
    *.c)
        sed -n 's/^[0-9]*%: Checks: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\)$/\1 \2 \3/p' "$2" |
            tail -n 1 | { read -r all failures errors && echo "$((all - failures - errors)) $((failures + errors))"; }
        ;;
    *) tail -n 1 "$2" | sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' ;;
    esac
}

passed=0
failed=0
for name in $names; do
    log=$LOGS/$(echo "$name" | tr / .)
    code=$(cat "$log.rc" 2>/dev/null || echo 125)
    counts=$(count "$name" "$log.log")
    good=${counts% *}
    bad=${counts#* }
    note=''
    if [ -z "$counts" ]; then
        good=0 bad=1 note=" (no count, exit code $code)"
    elif [ "$((good + bad))" -eq 0 ]; then
        bad=1 note=' (it tested nothing)'
    elif [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then
        bad=1 note=" (exit code $code)"
    elif [ "$code" -eq 0 ] && [ "$bad" -ne 0 ]; then
        note=' (yet exit code 0)'
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
    if [ "$bad" -eq 0 ]; then
        echo "ok    $name: $good passed"
    else
        echo "FAIL  $name: $good passed, $bad failed$note"
        sed 's/^/      | /' "$log.log"
    fi
done

if [ "$((passed + failed))" -eq 0 ]; then
    echo 'no tests were found'
    failed=1
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
