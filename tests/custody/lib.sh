# SPDX-License-Identifier: Apache-2.0
#
# What the end-to-end tests of the command line share: a scratch directory, a training ledger with people, and checks that
# count. Sourced from the top of the tree; `finish` prints the count.

BUILD=${BUILD:-build}
ROOT=$PWD
case $BUILD in
/*) BIN=$BUILD ;;
*) BIN=$ROOT/$BUILD ;;
esac
U=$BIN/unbroken
V=$BIN/unbroken-verify
DIR=$(mktemp -d) || exit 1
trap 'rm -rf "$DIR"' EXIT
cd "$DIR" || exit 1
unset UNBROKEN_LEDGER UNBROKEN_KEY
passed=0
failed=0
P='--passphrase-file pass'
NOW=2018-12-13T10:00:00+07:00

good() { passed=$((passed + 1)); }
bad() {
    failed=$((failed + 1))
    echo "FAILED: $1"
    sed 's/^/  out: /' out | head -20
    sed 's/^/  err: /' err | head -20
}

# run CODE PATTERN COMMAND...: the exit code, and an extended regular expression in what it prints ('' for none).
run() {
    want=$1 pattern=$2
    shift 2
    "$@" >out 2>err </dev/null
    code=$?
    if [ "$code" -ne "$want" ]; then
        bad "exit code $code, not $want: $*"
    elif [ -n "$pattern" ] && ! cat out err | grep -qE -e "$pattern"; then
        bad "no '$pattern' in: $*"
    else
        good
    fi
}

# fed INPUT-FILE CODE PATTERN COMMAND...
fed() {
    input=$1 want=$2 pattern=$3
    shift 3
    "$@" >out 2>err <"$input"
    code=$?
    if [ "$code" -ne "$want" ]; then
        bad "exit code $code, not $want: $*"
    elif [ -n "$pattern" ] && ! cat out err | grep -qE -e "$pattern"; then
        bad "no '$pattern' in: $*"
    else
        good
    fi
}

# yes WHAT CONDITION...
yes_if() {
    what=$1
    shift
    if "$@"; then good; else bad "$what"; fi
}

# The printed name of a subject (SPEC 3.2: ISO 7064 MOD 37,36 over code and number). name NUMBER [CODE]
name() {
    awk -v n="$1" -v code="${2:-KHPP}" 'BEGIN {
        alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        text = code n
        p = 36
        for (i = 1; i <= length(text); i++) {
            s = (p + index(alphabet, substr(text, i, 1)) - 1) % 36
            if (s == 0) s = 36
            p = (2 * s) % 37
        }
        print code "-" n "-" substr(alphabet, (37 - p) % 36 + 1, 1)
    }'
}

records() { "$U" ledger status --json 2>/dev/null | sed -n 's/.*"records": \([0-9]*\).*/\1/p'; }

make_keys() {
    echo 'a passphrase' >pass
    for key in "$@"; do
        "$U" key new "$key.key" $P >/dev/null || exit 1
    done
}

# Persons: 1-3 registrars r1 r2 r3, 4 officer off, 5 custodian cust, 6 officer off2, 7 prosecutor pros.
# Then case 8, place 9, and items 10-49 allotted to off: records 0-7.
make_ledger() {
    make_keys r1 r2 r3 off cust off2 pros
    "$U" ledger init led --origin kh-pp.example/custody --code KHPP --threshold 2 --registrar 'r1.key,name=Chan Sophea,agency=Court' \
        --registrar r2.key,name=Two --registrar r3.key $P --training --now 2018-12-13T08:00:00+07:00 >/dev/null || exit 1
    UNBROKEN_LEDGER=led
    export UNBROKEN_LEDGER
    enrol 'Sok Dara' officer off
    enrol 'Keo Store' custodian cust
    enrol 'Officer Two' officer off2
    enrol 'Prosecutor' prosecutor pros
    act "$U" case open --docket 'PP 214/2018' --law 'Forestry Law, Article 97' --key off.key
    act "$U" place open --name 'Customs store' --key cust.key
    act "$U" allot 40 --key off.key
}

enrol() { act "$U" person enrol --name "$1" --agency Customs --office "$2" --key r1.key --key r2.key --key "$3.key"; }

# A command that must succeed for the test to go on.
act() {
    "$@" $P --now $NOW >out 2>err </dev/null || {
        bad "$*"
        finish
    }
}

# verdict STATUS PATTERN SUBJECT...: what both verifiers say of a new bundle of these; only the first one's words are looked at.
verdict() {
    verdict_status=$1 verdict_pattern=$2
    shift 2
    "$U" ledger policy >court.policy 2>err
    run 0 'v.bundle' "$U" bundle "$@" -o v.bundle --force --now $NOW
    run "$verdict_status" '' /usr/bin/python3 "$ROOT/tests/independent/verify.py" --policy court.policy --training v.bundle
    run "$verdict_status" "$verdict_pattern" "$V" --policy court.policy --training v.bundle
}

finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
    exit
}
