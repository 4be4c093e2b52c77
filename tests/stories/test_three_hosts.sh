#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Station, witness and auditor, each with its own directory and its own address on loopback. The cable is cut, hosts are killed at every step that
# changes their disks, disks are full; then all is back. Breaks when something that the station acknowledged is lost, when any cosignature
# was ever given to a history that is not the ledger's, or when the next `ledger checkpoint` does not reach the quorum by itself.
. tests/custody/lib.sh
. "$ROOT/tests/attack/world.sh"
. "$ROOT/tests/attack/witnesses.sh"
unset CRASH_AT FULL_AT
SAN_LIB=$(ldd "$U" | sed -n 's/.*=> \(.*lib[au]san[^ ]*\).*/\1/p' | head -n 1)
${CC:-cc} -shared -fPIC -O1 -o crash.so "$ROOT/tests/custody/shim/crash.c" -ldl >out 2>err
yes_if 'the shim is built' test -s crash.so

# proxy_up NAME ADDRESS: on the way to w-NAME; the port stays the same.
proxy_up() {
    eval "proxy_port=\${PROXYPORT_$1:-0}"
    rm -f "$1.proxy"
    python3 "$ROOT/tests/attack/proxy.py" "$2:$proxy_port" "$1.target" "$1.answers" >"$1.proxy" 2>>"$1.log" </dev/null &
    eval "PROXY_$1=$!"
    RUNNING="$RUNNING $!"
    until_true 20 grep -q '^listening on' "$1.proxy" || { cp "$1.log" err; bad "no proxy before $1"; finish; }
    eval "PROXYURL_$1=$(sed -n 's/^listening on //p' "$1.proxy")"
    eval "PROXYPORT_$1=\${PROXYURL_$1##*:}"
}
proxy_down() {
    eval "pid=\$PROXY_$1"
    kill -KILL "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
}
# up NAME: the witness behind the proxy, at whatever port it gets.
up() {
    eval "PORT_$1=0"
    who=$1
    shift
    eval "address=\$ADDRESS_$who"
    witness_up "$who" "$address" "$@"
    eval "echo \$URL_$who" >"$who.target"
}

# said TEXT COMMAND...: a note with that text; where the command says that it is recorded, it is acknowledged.
: >acknowledged
noted() {
    text=$1
    shift
    "$@" "$U" note $(name $ITEM) --text "$text" --key off.key $P --now $NOW >note.out 2>note.err </dev/null
    status=$?
    [ "$status" -ne 0 ] || echo "$text" >>acknowledged
    return $status
}
# checkpointed: the command never fails because of a witness.
checkpointed() { run 0 "$1" "$U" ledger checkpoint --now $NOW; }
quorum() { "$U" ledger witnesses --json >witnesses.json 2>err && grep -q '"quorum-met": true' witnesses.json; }

# --- three hosts ---
ITEM=10 CASE=8 SPOILT=49
ADDRESS_witness=127.0.0.12 ADDRESS_auditor=127.0.0.13
make_keys r1 r2 r3 off cust off2 pros old gone
head -6 "$ROOT/tests/data/ppap-2018-12-13.csv" >items.csv
export UNBROKEN_LEDGER
found led kh-pp.example/custody r1 r2 r3
"$U" ledger serve --listen 127.0.0.11:0 >station.listening 2>station.log </dev/null &
RUNNING="$RUNNING $!"
until_true 20 grep -q '^tiles at' station.listening
TILES=$(sed -n 's/^tiles at //p' station.listening)
get "$U" ledger policy
sed '/^TRAINING/d' out >first.policy
get "$U" ledger checkpoint --now $NOW
pull() { "$@" "$U" mirror pull mirror --from "$TILES" --policy first.policy >out 2>err </dev/null; }
yes_if 'the auditor mirrors the station' pull
for who in witness auditor; do
    witness_made $who
    [ $who = auditor ] && up $who --mirror mirror || up $who
    eval "proxy_up $who \$ADDRESS_$who"
done
cat >witnesses.policy <<END
witness witness $VKEY_witness $PROXYURL_witness
witness auditor $VKEY_auditor $PROXYURL_auditor
group auditors any auditor
quorum witness
END
get "$U" ledger witnesses --set witnesses.policy
get "$U" ledger policy
sed '/^TRAINING/d' out >court.policy
for who in witness auditor; do
    get "$U" witness trust w-$who court.policy
done
noted 'all is well'
checkpointed 'the quorum is met'
yes_if 'the auditor does not cosign what he has not seen' grep -q 'witness auditor .auditor.: not yet, it says to ask again' err
yes_if 'the quorum is met' quorum
yes_if 'he takes it' pull
checkpointed 'witness auditor .auditor.: cosigned'

# --- the cable is cut ---
# Nothing comes back: the host does not answer, though the connection is there.
kill -STOP "$PROXY_witness"
noted 'the cable is cut'
before=$(date +%s)
checkpointed 'witness witness: not reached'
yes_if 'a silent host does not hold the station for long' test $(($(date +%s) - before)) -le 45
yes_if 'the other one was asked all the same' grep -q 'witness auditor .auditor.: not yet, it says to ask again' err
yes_if 'the quorum is not met' sh -c '! grep -q "the quorum is met" err'
run 1 'too few' "$U" ledger checkpoint --require-quorum --now $NOW
kill -CONT "$PROXY_witness"
checkpointed 'the quorum is met'
# Nobody is there.
proxy_down witness
act "$U" release $(name 11) --to $(name 5) --purpose storage --key off.key
noted 'nobody answers'
checkpointed 'witness witness: not reached'
noted 'nobody answers, for longer'
checkpointed 'witness witness: not reached'
# Who stands at the counter gets his receipt all the same.
run 0 'away.pdf' "$U" receipt $(name 11) -o away.pdf --now $NOW
proxy_up witness $ADDRESS_witness
checkpointed 'the quorum is met'
yes_if 'back again' quorum

# --- the witness's host is killed at every step that changes its disk, or has no room for it ---
for kind in CRASH_AT FULL_AT; do
    step=1 reached=1 odd=
    while [ $reached -eq 1 ] && [ $step -lt 60 ]; do
        witness_down witness
        TROUBLE="env $kind=$step LD_PRELOAD=$SAN_LIB:$PWD/crash.so"
        up witness
        TROUBLE=
        noted "the witness with $kind=$step" || odd="$odd note"
        "$U" ledger checkpoint --now $NOW >out 2>err </dev/null || odd="$odd checkpoint"
        if grep -q 'the quorum is met' err; then
            reached=0
        else
            witness_down witness
            up witness
            "$U" ledger checkpoint --now $NOW >out 2>err </dev/null || odd="$odd again"
            grep -q 'the quorum is met' err || odd="$odd quorum"
        fi
        [ -z "$odd" ] || break
        step=$((step + 1))
    done
    yes_if "the witness with $kind at each of $((step - 1)) steps:$odd" test -z "$odd" -a $step -gt 4 -a $step -lt 60
done
witness_down witness
up witness

# --- the auditor's host is killed at every step, or has no room ---
for kind in CRASH_AT FULL_AT; do
    step=1 done=1 odd=
    while [ "$done" -ne 0 ] && [ -z "$odd" ] && [ $step -lt 120 ]; do
        noted "the auditor with $kind=$step" || odd="$odd note"
        "$U" ledger checkpoint --now $NOW >out 2>err </dev/null || odd="$odd checkpoint"
        pull env "$kind=$step" LD_PRELOAD="$SAN_LIB:$PWD/crash.so"
        done=$?
        pull || odd="$odd pull"
        "$U" mirror audit mirror >out 2>err || odd="$odd audit"
        "$U" ledger checkpoint --now $NOW >out 2>err </dev/null || odd="$odd again"
        grep -q 'witness auditor (auditor): cosigned' err || odd="$odd cosigned"
        step=$((step + 1))
    done
    yes_if "the auditor with $kind at each of $((step - 1)) steps:$odd" test -z "$odd" -a "$done" -eq 0 -a $step -gt 3
done
witness_down auditor
noted 'the auditor is away'
checkpointed 'the quorum is met'
yes_if 'the auditor is away' grep -qE 'witness auditor .auditor.: (not reached|its answer|not yet)' err
up auditor --mirror mirror
yes_if 'the auditor is back' pull

# --- the station is killed at every step, or has no room ---
troubled() { env "$kind=$step" LD_PRELOAD="$SAN_LIB:$PWD/crash.so" "$@"; }
# recover: after whatever it was, the next checkpoint is as ever.
recover() {
    "$U" ledger checkpoint --now $NOW >out 2>err </dev/null || odd="$odd checkpoint"
    grep -q 'the quorum is met' err || odd="$odd quorum"
}
for kind in CRASH_AT FULL_AT; do
    step=1 done=1 odd=
    while [ "$done" -ne 0 ] && [ -z "$odd" ] && [ $step -lt 120 ]; do
        noted "the station with $kind=$step" troubled
        done=$?
        recover
        step=$((step + 1))
    done
    yes_if "an act at the station with $kind at each of $((step - 1)) steps:$odd" test -z "$odd" -a "$done" -eq 0 -a $step -gt 3
    step=1 done=1
    while [ "$done" -ne 0 ] && [ -z "$odd" ] && [ $step -lt 120 ]; do
        noted "before a checkpoint with $kind=$step" || odd="$odd note"
        troubled "$U" ledger checkpoint --require-quorum --now $NOW >out 2>err </dev/null
        done=$?
        recover
        step=$((step + 1))
    done
    yes_if "a checkpoint at the station with $kind at each of $((step - 1)) steps:$odd" test -z "$odd" -a "$done" -eq 0 -a $step -gt 3
done

# --- back again: what was acknowledged, what was cosigned ---
noted 'all is well again'
checkpointed 'the quorum is met'
yes_if 'the quorum is met at the end' quorum
yes_if 'the auditor goes on' pull
checkpointed 'witness auditor .auditor.: cosigned'
run 0 '' "$U" mirror audit mirror
run 0 'everything holds' "$U" ledger fsck
get "$U" bundle $(name $ITEM) -o item.bundle --now $NOW
run 0 INTACT "$V" --policy court.policy --training item.bundle
while read -r text; do
    grep -q "note: $text\$" out || echo "$text"
done <acknowledged >lost
yes_if "what was acknowledged is there, all of $(wc -l <acknowledged)" test ! -s lost
run 0 '' "$U" ledger export tiles tiles
run 0 '[0-9]+ [0-9]+' python3 "$ROOT/tests/attack/chain.py" tiles witness.answers auditor.answers
finish
