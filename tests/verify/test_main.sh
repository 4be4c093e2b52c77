#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The command line of unbroken-verify. Breaks when a wrong command, a file that cannot be read or an output that cannot be
# written ends with anything but exit status 2 ("could not check", SPEC 10) and one line that says why.

PROGRAM=${BUILD:-build}/unbroken-verify
VECTORS=tests/vectors
POLICY=$VECTORS/station.policy
SMALLEST=$VECTORS/smallest.bundle
passed=0
failed=0
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

good() { passed=$((passed + 1)); }
bad() {
    failed=$((failed + 1))
    echo "$1: $2"
    sed 's/^/    /' "$scratch/out" "$scratch/err"
}

# run STATUS WORDS ARGUMENTS...: exit status, and on stderr one line "unbroken-verify: error: ..." with WORDS.
refuse() {
    words=$1
    shift
    "$PROGRAM" "$@" >"$scratch/out" 2>"$scratch/err"
    code=$?
    if [ $code -ne 2 ]; then
        bad "$*" "exit status $code instead of 2"
    elif [ -s "$scratch/out" ]; then
        bad "$*" 'it refuses, yet prints to standard output'
    elif [ "$(wc -l <"$scratch/err")" -ne 1 ] || ! grep -q '^unbroken-verify: error: ' "$scratch/err"; then
        bad "$*" 'not one line of error'
    elif ! grep -q -F -e "$words" "$scratch/err"; then
        bad "$*" "the error does not say \"$words\""
    else
        good
    fi
}

# accept STATUS WORDS ARGUMENTS...: exit status, WORDS on standard output, nothing on stderr.
accept() {
    status=$1
    words=$2
    shift 2
    "$PROGRAM" "$@" >"$scratch/out" 2>"$scratch/err"
    code=$?
    if [ $code -ne "$status" ]; then
        bad "$*" "exit status $code instead of $status"
    elif [ -s "$scratch/err" ]; then
        bad "$*" 'something on stderr'
    elif ! grep -q -F -e "$words" "$scratch/out"; then
        bad "$*" "the output does not say \"$words\""
    else
        good
    fi
}

# What works.
accept 0 'INTACT' --policy $POLICY $SMALLEST
accept 0 'INTACT' $SMALLEST --policy=$POLICY
accept 0 '"status":0' --json --policy $POLICY $SMALLEST
accept 0 'Usage: unbroken-verify' --help
accept 0 'Usage: unbroken-verify' --help --policy $POLICY
accept 0 'format version 1' --version
accept 1 'NOT PROVEN TRUE' --policy $POLICY $VECTORS/attack-chain.bundle
accept 2 'COULD NOT CHECK' --policy $VECTORS/p02.policy $VECTORS/training-not-asked.bundle
accept 0 'TRAINING' --policy $VECTORS/p02.policy --training $VECTORS/training-asked.bundle
accept 3 'CUSTODY BROKEN' --policy $POLICY $VECTORS/deviation.bundle

# Options.
refuse '--policy is missing'
refuse '--policy is missing' $SMALLEST
refuse 'the file to check is missing' --policy $POLICY
refuse '--polcy: unknown option' --polcy $POLICY $SMALLEST
refuse '-p: unknown option' -p $POLICY $SMALLEST
refuse '--jsonx: unknown option' --jsonx --policy $POLICY $SMALLEST
refuse '--json=1: unknown option' --json=1 --policy $POLICY $SMALLEST
refuse '--: unknown option' --policy $POLICY -- $SMALLEST
refuse 'given twice' --policy $POLICY --policy $POLICY $SMALLEST
refuse 'given twice' --policy $POLICY --policy=$POLICY $SMALLEST
refuse 'given twice' --json --json --policy $POLICY $SMALLEST
refuse 'given twice' --training --training --policy $POLICY $SMALLEST
for option in --policy --since --between --as-of --tag --tsa; do
    refuse "$option needs a value" $SMALLEST $option
done
refuse 'one file at a time' --policy $POLICY $SMALLEST $SMALLEST
refuse 'not a time' --policy $POLICY --as-of yesterday $SMALLEST
refuse 'not a time' --policy $POLICY --as-of= $SMALLEST
refuse 'not a time' --policy $POLICY --as-of '2018-02-30T00:00:00Z' $SMALLEST

# Two files (SPEC 11, silence): an answer of either kind is no failure.
OLDER=$VECTORS/between-packed-older.bundle
accept 0 'no handling was recorded' --policy $POLICY --between $OLDER $VECTORS/between-packed-silent.bundle
accept 0 '2 records in between' --policy $POLICY --between $OLDER $VECTORS/between-packed-newer.bundle
accept 0 '"silent":false' --json --policy $POLICY --between $OLDER $VECTORS/between-packed-newer.bundle
accept 0 "on the station's own word" --policy $POLICY --between $OLDER $VECTORS/between-packed-silent.bundle
accept 2 'NOT ANSWERED' --policy $POLICY --between $OLDER $VECTORS/attack-bit-flipped.bundle
accept 2 'NOT ANSWERED' --policy $POLICY --between $SMALLEST $POLICY
accept 1 'the two files contradict each other' --policy $POLICY --between $VECTORS/between-false-heads-older.bundle \
    $VECTORS/between-false-heads-newer.bundle
refuse 'the other way round' --policy $POLICY --between $VECTORS/between-packed-newer.bundle $OLDER
refuse 'what --since would name' --policy $POLICY --between $OLDER --since $OLDER $OLDER
refuse '--tag is for one file' --policy $POLICY --between $OLDER --tag x $OLDER
refuse 'No such file' --policy $POLICY --between "$scratch/none" $SMALLEST

# Files.
refuse 'No such file' --policy $POLICY "$scratch/none"
refuse 'No such file' --policy "$scratch/none" $SMALLEST
refuse 'No such file' --policy $POLICY --since "$scratch/none" $SMALLEST
refuse 'No such file' --policy $POLICY --tsa "$scratch/none" $SMALLEST
refuse 'is not a regular file' --policy $POLICY "$scratch"
refuse 'is not a regular file' --policy "$scratch" $SMALLEST
refuse 'is not a regular file' --policy $POLICY --since "$scratch" $SMALLEST
: >"$scratch/empty"
refuse 'is empty' --policy $POLICY --since "$scratch/empty" $SMALLEST
refuse "$scratch/empty" --policy $POLICY --tsa "$scratch/empty" $SMALLEST
refuse '/dev/null: is not a regular file' --policy /dev/null $SMALLEST
refuse "$SMALLEST" --policy $SMALLEST $SMALLEST
# A pipe that nobody fills is refused, not waited for.
mkfifo "$scratch/pipe"
refuse 'is not a regular file' --policy $POLICY "$scratch/pipe"
refuse 'is not a regular file' --policy "$scratch/pipe" $SMALLEST
refuse 'is not a regular file' --policy $POLICY --since "$scratch/pipe" $SMALLEST
accept 2 'transport' --policy $POLICY "$scratch/empty"
accept 2 'transport' --policy $POLICY $POLICY
printf 'log not-a-key\nquorum none\n' >"$scratch/broken.policy"
refuse 'line 1' --policy "$scratch/broken.policy" $SMALLEST
if [ "$(id -u)" -ne 0 ]; then
    cp $POLICY "$scratch/secret.policy"
    chmod 000 "$scratch/secret.policy"
    refuse 'Permission denied' --policy "$scratch/secret.policy" $SMALLEST
fi
# An empty tag does not count as "none was asked for".
refuse 'the text is empty' --policy $POLICY --tag '' $SMALLEST
refuse 'the text is empty' --policy $POLICY --tag= $SMALLEST

# An argument with a terminal's control characters comes out escaped.
refuse 'unknown option' "$(printf -- '--\033[31m')" --policy $POLICY $SMALLEST
refuse 'No such file' --policy $POLICY "$(printf '%s/\033[31mnone' "$scratch")"
for argument in "$(printf -- '--\033[31m')" "$(printf '%s/\033[31mnone' "$scratch")"; do
    "$PROGRAM" --policy $POLICY "$argument" >"$scratch/out" 2>"$scratch/err"
    if grep -q "$(printf '\033')" "$scratch/err"; then
        bad 'control characters' 'they reach the terminal'
    else
        good
    fi
done

# The verdict could not be written: that is no verdict.
for verdict in $SMALLEST $VECTORS/deviation.bundle; do
    for json in '' --json; do
        # shellcheck disable=SC2086
        "$PROGRAM" $json --policy $POLICY $verdict >&- 2>"$scratch/err"
        code=$?
        : >"$scratch/out"
        if [ $code -eq 2 ] && grep -q 'standard output' "$scratch/err"; then good; else bad "$verdict $json >&-" "exit status $code"; fi
        # shellcheck disable=SC2086
        "$PROGRAM" $json --policy $POLICY $verdict >/dev/full 2>"$scratch/err"
        code=$?
        if [ $code -eq 2 ] && grep -q 'standard output' "$scratch/err"; then good; else bad "$verdict $json >/dev/full" "exit status $code"; fi
    done
done
for option in --help --version; do
    "$PROGRAM" $option >/dev/full 2>"$scratch/err"
    code=$?
    : >"$scratch/out"
    if [ $code -eq 2 ]; then good; else bad "$option >/dev/full" "exit status $code"; fi
done
# All three standard files closed: a file that is opened must not take their place.
"$PROGRAM" --policy $POLICY $SMALLEST <&- >&- 2>&-
code=$?
if [ $code -eq 2 ]; then good; else bad 'nothing open' "exit status $code"; fi

# SPEC 13.5: a PDF as qpdf writes it, with both attachments stored as they are; then with them compressed, and turned back by qpdf.
pdf() {
    name=$1
    shift
    qpdf --empty --object-streams=disable "$@" --add-attachment "$scratch/b" --filename=case.bundle --mimetype=application/vnd.unbroken.bundle -- \
        --add-attachment "$scratch/s" --filename=statement --mimetype=application/vnd.unbroken.statement -- "$scratch/$name" || bad qpdf "$name"
}
says() {
    what=$1
    status=$2
    words=$3
    shift 3
    "$PROGRAM" "$@" >"$scratch/out" 2>"$scratch/err"
    code=$?
    if [ $code -eq "$status" ] && grep -q -F -e "$words" "$scratch/out"; then good; else bad "$what" "exit status $code, or not \"$words\""; fi
}
python3 - "$VECTORS/certificate-good.pdf" "$scratch" <<'EOF'
import re, sys
data = open(sys.argv[1], "rb").read()
for kind, name in ((b"bundle", "b"), (b"statement", "s")):
    match = re.search(rb"vnd.unbroken." + kind + rb" /Type /EmbeddedFile /Length ([0-9]+) >>\nstream\n", data)
    open(sys.argv[2] + "/" + name, "wb").write(data[match.end():match.end() + int(match.group(1))])
EOF
pdf stored.pdf --compress-streams=n
pdf compressed.pdf --compress-streams=y
says 'stored by qpdf' 0 'a page that says otherwise is forged' --policy $POLICY "$scratch/stored.pdf"
says 'compressed by qpdf' 2 'not stored as it is' --policy $POLICY "$scratch/compressed.pdf"
qpdf --object-streams=disable --stream-data=uncompress "$scratch/compressed.pdf" "$scratch/again.pdf"
says 'uncompressed again' 0 'a page that says otherwise is forged' --policy $POLICY "$scratch/again.pdf"
says 'a bundle is no certificate' 0 'INTACT' --policy $POLICY $SMALLEST
says 'since a receipt' 0 'continues   the older paper of' --policy "$VECTORS/station.policy" "$VECTORS/receipts.bundle" --since "$VECTORS/receipt-three.since"
says 'since a receipt of another history' 1 'the receipt shows another record' --policy "$VECTORS/station.policy" "$VECTORS/receipts.bundle" \
    --since "$VECTORS/receipt-fork.since"
says 'why a receipt is not read' 2 'part 2 of 3 is missing' --policy "$VECTORS/station.policy" "$VECTORS/receipts.bundle" \
    --since "$VECTORS/receipt-missing.since"

# It writes nothing: the folder that it runs in stays empty.
mkdir "$scratch/folder"
here=$(pwd)
case $PROGRAM in /*) absolute=$PROGRAM ;; *) absolute=$here/$PROGRAM ;; esac
(cd "$scratch/folder" && "$absolute" --policy "$here/$POLICY" "$here/$SMALLEST" >/dev/null)
if [ -z "$(ls -A "$scratch/folder")" ]; then good; else bad 'folder' 'something was written'; fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
