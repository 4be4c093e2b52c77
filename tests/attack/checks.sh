# SPDX-License-Identifier: Apache-2.0
#
# How an attack is tried. Sourced by test_attack.sh.

# verified WHAT STATUS PATTERN ARGUMENT...: the exit status, and the code in what is printed (SPEC 9; '' for none). An attack must not be
# called intact.
verified() {
    what=$1 want=$2 pattern=$3
    shift 3
    "$V" "$@" >out 2>err </dev/null
    status=$?
    case $want in
    0) first='^(TRAINING LEDGER, NOT EVIDENCE. )?INTACT: ' ;;
    1) first='^(TRAINING LEDGER, NOT EVIDENCE. )?NOT PROVEN TRUE: ' ;;
    2) first='^(TRAINING LEDGER, NOT EVIDENCE. )?COULD NOT CHECK: ' ;;
    3) first='^(TRAINING LEDGER, NOT EVIDENCE. )?CUSTODY BROKEN: ' ;;
    esac
    if [ "$status" -ne "$want" ]; then
        bad "$what: status $status, not $want"
    elif ! head -1 out | grep -qE "$first"; then
        bad "$what: the first line is not that of status $want"
    elif [ -n "$pattern" ] && ! grep -qE "^  (now: |record [0-9]+: )?$pattern[: ]" out; then
        bad "$what: the reason is not $pattern"
    else
        good
    fi
}

# check WHAT STATUS PATTERN FILE [OPTION...]: by the court's policy.
check() {
    what=$1 want=$2 pattern=$3
    shift 3
    verified "$what" "$want" "$pattern" --policy court.policy --training "$@"
}

# says WHAT PATTERN FILE [OPTION...]: what the verdict prints.
says() {
    what=$1 pattern=$2
    shift 2
    "$V" --policy court.policy --training "$@" >out 2>err </dev/null
    if tr '\n' ' ' <out | tr -s ' ' | grep -qE "$pattern"; then good; else bad "$what: not said: $pattern"; fi
}

# made PROGRAM NAME IN OUT OPTION...: the file must be made.
made() { "$@" >out 2>err || bad "not made: $*"; }

# crude WHAT STATUS PATTERN NAME [--in BUNDLE] OPTION...: as it is, the file fails its own check; with that made anew, the proofs fail.
crude() {
    label="crude: $1" wanted=$2 reason=$3 attack=$4 in=item.bundle
    shift 4
    [ "${1:-}" != --in ] || { in=$2; shift 2; }
    rm -f crude.bundle
    made "$C" "$attack" "$in" crude.bundle "$@"
    yes_if "$label: has an effect" differ crude.bundle "$in"
    { head -c -32 crude.bundle; tail -c 32 "$in"; } >raw.bundle
    check "$label, as it is" 2 transport raw.bundle
    check "$label" "$wanted" "$reason" crude.bundle
}

# clever WHAT STATUS PATTERN NAME [--in LEDGER] OPTION...: signed by the station; and under the checkpoint that the court knows.
clever() {
    label="clever: $1" wanted=$2 reason=$3 attack=$4 in=led
    shift 4
    [ "${1:-}" != --in ] || { in=$2; shift 2; }
    rm -f plain.bundle forged.bundle crude.bundle
    made "$A" none led plain.bundle --about $ITEM "$@"
    check "$label: without it" 0 '' plain.bundle
    made "$A" "$attack" "$in" forged.bundle --about $ITEM "$@"
    yes_if "$label: has an effect" differ forged.bundle plain.bundle
    check "$label" "$wanted" "$reason" forged.bundle
    made "$C" note forged.bundle crude.bundle --from item.bundle
    "$V" --policy court.policy --training crude.bundle >out 2>err
    status=$?
    yes_if "$label: under the court's checkpoint" [ "$status" -eq 1 -o "$status" -eq 2 ]
}

# graft WHAT NAME OPTION...: the forged record in the honest file, in the place of the one with its index.
graft() {
    grafted=$1 attack=$2
    shift 2
    made "$A" "$attack" led forged.bundle --about $ITEM "$@"
    crude "$grafted" 1 not-in-tree graft --record $(($(sed -n 2p new.checkpoint) - 1)) --from forged.bundle
}

differ() { [ -s "$1" ] && ! cmp -s "$1" "$2"; }
