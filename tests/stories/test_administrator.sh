#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The station's administrator has root, the disk, the station's key and every backup, and sometimes an officer's key or a witness's. Here that person
# tries everything against a court whose policy asks for two of three witnesses and names an auditor. Breaks when an attack is not found by
# name at that quorum, or when a weaker policy is said to find what it does not. Each row of the README's table "Which attack needs which
# safeguard" is the section of the same number here; its columns are: `unseen` and `by alone` (the bundle alone), --since (an older
# paper), `by one` (one witness), `by quorum`, `refused`, `unwitnessed` (the quorum), `by court`, `mirror pull` (an auditor), `run` of the station.
. tests/custody/lib.sh
. "$ROOT/tests/attack/world.sh"
. "$ROOT/tests/attack/witnesses.sh"
. "$ROOT/tests/attack/checks.sh"
A=$BIN/tests/attack/attack
C=$BIN/tests/attack/crude

# by POLICY WHAT STATUS PATTERN FILE [OPTION...]
by() {
    policy=$1 what=$2 want=$3 pattern=$4
    shift 4
    verified "$what, by $policy" "$want" "$pattern" --policy "$policy.policy" --training "$@"
}
# unseen WHAT FILE...: bundle alone: intact, for a court that asks nobody else.
unseen() { by alone "$1" 0 '' "$2"; }
# unwitnessed WHAT FILE: too few have cosigned it.
unwitnessed() { by quorum "$1" 2 quorum "$2"; }

# forged WHAT OPTION...: makes forged.bundle and forged.request (from the size that the witnesses have).
forged() {
    rm -f forged.bundle forged.request
    made "$A" "$@" --request forged.request
}
# refused WHAT STATUS...: each witness refuses forged.request, and stays where it was.
refused() {
    for who in court customs ngo; do
        was=$(witness_size $who)
        asked "$1: $who refuses" "$2" "${3:-}" $who forged.request
        yes_if "$1: $who stays at $was" test "$(witness_size $who)" = "$was"
    done
}
# convicted WHAT NAME: the answer named an exhibit, and a court with nothing but the station's key reads it.
convicted() {
    exhibit=$(find "w-$2" -name 'fork-*.exhibit' | sort | tail -1)
    verified "$1: the exhibit of $2" 1 fork --policy alone.policy --training "$exhibit"
}
no_exhibit() { find "w-$1" -name '*.exhibit' -exec mv {} kept-exhibits/ \;; }

# unmirrored WHAT TILES PATTERN: the auditor, who has the honest history, does not take it.
unmirrored() {
    rm -rf mirror-other && cp -r mirror mirror-other
    run 1 "$3" "$U" mirror pull mirror-other --from "$2" --policy alone.policy
}

# --- the world ---
ITEM=10 CASE=8 SPOILT=49 OFF=4 OLD=50 GONE=51
mkdir kept-exhibits
make_keys r1 r2 r3 off cust off2 pros old gone
head -6 "$ROOT/tests/data/ppap-2018-12-13.csv" >items.csv
export UNBROKEN_LEDGER
found led kh-pp.example/custody r1 r2 r3
i=1
for who in court customs ngo; do
    witness_made $who
    witness_up $who 127.0.0.1$i
    i=$((i + 1))
done
witness_made auditor
cat >witnesses.policy <<END
witness court $VKEY_court $URL_court
witness customs $VKEY_customs $URL_customs
witness ngo $VKEY_ngo $URL_ngo
witness auditor $VKEY_auditor
group others 2 court customs ngo
group auditors any auditor
quorum others
END
get "$U" ledger witnesses --set witnesses.policy
get "$U" ledger policy
sed '/^TRAINING/d' out >court.policy
sed '/auditor/d' court.policy >quorum.policy
sed 's/^group others 2/group others any/' quorum.policy >one.policy
{ sed -n '/^log /p' court.policy; echo 'quorum none'; } >alone.policy
for who in court customs ngo auditor; do
    get "$U" witness trust w-$who court.policy
done
NOTE=$(records)
act "$U" note $(name $ITEM) --text 'a crack at the tip' --key old.key
checkpoint old.checkpoint
cp -r led led-old && cp led.head led-old.head
get "$U" bundle $(name $ITEM) -o old.bundle --now $NOW
hand_over
TAIL=$(records)
act "$U" note $(name $ITEM) --text 'seen in the store' --key pros.key
REVOKE=$(records)
act "$U" person revoke $(name $OLD) --reason 'key lost' --key r1.key --key r2.key
checkpoint new.checkpoint
N=$(sed -n 2p new.checkpoint)
get "$U" bundle $(name $ITEM) -o item.bundle --now $NOW
SIGN_OLD="--key old.key --passphrase-file pass --person $OLD --appointment 1 --capacity 2 --print 1"
SIGN_OFF="--key off.key --passphrase-file pass --person $OFF --appointment 1 --capacity 2 --print 1"
by quorum 'the honest bundle' 0 '' item.bundle
by quorum 'the honest bundle, with the older paper' 0 '' item.bundle --since old.checkpoint
by court 'the honest bundle, which no auditor has vouched for yet' 2 auditors item.bundle
by one 'the honest bundle' 0 '' item.bundle
unseen 'the honest bundle' item.bundle
for who in court customs ngo; do
    yes_if "$who has cosigned it" test "$(witness_size $who)" = "$N"
done

# The auditor pulls, replays and cosigns; the same bundle, with what was said later, is audited.
get "$U" ledger export tiles tiles
run 0 "$N records" "$U" mirror pull mirror --from tiles --policy alone.policy
run 0 '' "$U" mirror cosign mirror --witness w-auditor -o auditor.lines
run 0 '1 new cosignature' "$U" ledger cosign auditor.lines
run 0 '' "$U" vouch item.bundle -o vouched.bundle
by court 'the honest bundle, vouched for' 0 '' vouched.bundle
get "$U" bundle $(name $ITEM) -o item.bundle --force --now $NOW
by court 'the honest bundle, audited' 0 '' item.bundle

# --- 1. everything rewritten and signed anew ---
# The last revocation never was, and the key that it took away is used. Of the same length:
forged removed-then-signed led forged.bundle --item $ITEM --record $REVOKE $SIGN_OLD --old $N
unseen 'rewritten' forged.bundle
by alone 'rewritten, with an older paper' 1 fork forged.bundle --since new.checkpoint
by alone 'rewritten, with a paper from before' 0 '' forged.bundle --since old.checkpoint
by one 'rewritten' 2 quorum forged.bundle
unwitnessed 'rewritten' forged.bundle
refused 'rewritten' 422
for who in court customs ngo; do
    convicted 'rewritten' $who
done
# Longer than what the witnesses have:
forged rewritten led forged.bundle --item $ITEM --record $REVOKE $SIGN_OFF --old $N
unseen 'rewritten and longer' forged.bundle
unwitnessed 'rewritten and longer' forged.bundle
refused 'rewritten and longer' 422
convicted 'rewritten and longer' court
# The auditor does not take it, nor cosign it.
forged rewritten led forged.bundle --item $ITEM --record $REVOKE $SIGN_OFF --old $N --tiles forged-tiles
cp -r mirror mirror-rewritten
run 1 EXHIBIT "$U" mirror pull mirror-rewritten --from forged-tiles --policy alone.policy
verified 'rewritten and longer: the exhibit of the auditor' 1 fork --policy alone.policy --training mirror-rewritten/*.exhibit
run 1 '' "$U" witness sign w-auditor --mirror mirror --file forged.request -o no.lines
yes_if 'the auditor does not cosign what was rewritten' test ! -e no.lines
# From a size that the witness has left behind, or has never seen:
python3 - <<END
body = open('forged.request').read()
for old, name in ((14, 'past'), (0, 'first')):
    assert body.startswith('old $N\n')
    open(name + '.request', 'w').write('old %d\n' % old + body.split('\n', 1)[1])
END
for request in past first; do
    asked "rewritten, as of another size: $request" '(409|400)' '' court $request.request
done

# --- 2. the end cut off ---
# What was cosigned in its time stands: only who knows of a later head can tell.
forged cut led forged.bundle --item $ITEM --old $N
unseen 'the end cut off' forged.bundle
by quorum 'the end cut off, with the cosignatures of that time' 0 '' old.bundle
by alone 'the end cut off, with an older paper' 2 stale forged.bundle --since new.checkpoint
by quorum 'the end cut off, with an older paper' 2 stale old.bundle --since new.checkpoint
by quorum 'the end cut off, by the time that is asked for' 2 stale old.bundle --as-of 2099-01-01T00:00:00Z
refused 'the end cut off' '(409|400)'
# A court that asks a witness for the latest head needs no paper of its own.
ORIGIN=$(sed -n 1p new.checkpoint)
HASH=$(printf '%s' "$ORIGIN" | sha256sum | cut -d' ' -f1)
for who in court ngo; do
    eval "url=\$URL_$who"
    python3 "$ROOT/tests/attack/post.py" "$url/$HASH/checkpoint" - $who.checkpoint >out 2>err
    by one "the end cut off, with the latest head from $who" 2 stale old.bundle --since $who.checkpoint
done

# --- 3. last week's backup ---
cp -r led kept && cp led.head kept.head
restored() { rm -rf led led.head && cp -r led-old led; }
returned() { rm -rf led led.head && cp -r kept led && cp kept.head led.head; }
restored && cp kept.head led.head
run 1 'behind|head' "$U" note $(name $ITEM) --text 'nothing happened' --key pros.key $P --now $NOW
restored
run 1 'head' "$U" note $(name $ITEM) --text 'nothing happened' --key pros.key $P --now $NOW
# Reconciling asks the witnesses: they know of a head that this copy does not reach.
run 1 "$N" "$U" ledger reconcile
run 1 'none of the sources' "$U" ledger reconcile --take
yes_if 'a backup restored: nothing was taken' test "$(records)" = 14
run 1 'head' "$U" note $(name $ITEM) --text 'nothing happened' --key pros.key $P --now $NOW
run 1 'without-witness' "$U" ledger reconcile --offline --take
run 1 'auditor: SHOWS NO HEAD' "$U" ledger reconcile --from kept --take
run 0 '' "$U" ledger reconcile --from kept --take --without-witness auditor
yes_if 'a backup restored: the rest is back' test "$(records)" = "$N"
# With the head file of that week the station itself is deceived, and its witnesses are not.
restored && cp led-old.head led.head
act "$U" note $(name $ITEM) --text 'nothing happened' --key pros.key
run 1 'IT HAS SEEN 19 RECORDS' "$U" ledger checkpoint --now $NOW
get "$U" bundle $(name $ITEM) -o restored.bundle --no-witnesses --now $NOW
unseen 'a backup restored and continued' restored.bundle
by one 'a backup restored and continued' 2 quorum restored.bundle
unwitnessed 'a backup restored and continued' restored.bundle
by alone 'a backup restored and continued, with an older paper' 2 stale restored.bundle --since new.checkpoint
run 1 FORK "$U" compare item.bundle restored.bundle --policy alone.policy
get "$U" ledger export tiles restored-tiles
unmirrored 'a backup restored and continued' restored-tiles EXHIBIT
rm -rf led-split led-split.head && cp -r led led-split && cp led.head led-split.head
returned
run 0 'everything holds' "$U" ledger fsck

# --- 4. an act dated back with a stolen officer's key, after its revocation ---
# At the end of the ledger, whatever time it claims: the order of the records says that the key was revoked, to everybody.
SEALED=$(date -d "$NOW" +%s)
forged label led forged.bundle --item $ITEM $SIGN_OLD --claimed $((SEALED - 86400)) --old $N
by alone 'dated back at the end' 1 key forged.bundle
# With the station's own clock set back as well.
forged label led forged.bundle --item $ITEM $SIGN_OLD --claimed $((SEALED - 86400)) --logged $((SEALED - 86400)) --old $N
by alone 'dated back at the end, logged then' 1 key forged.bundle
# Before the revocation, of which nobody who signed later says anything: the history is another one from there on.
forged label-before led forged.bundle --item $ITEM --record $REVOKE $SIGN_OLD --old $N
unseen 'dated back before the revocation' forged.bundle
by alone 'dated back before the revocation, with an older paper' 2 since-unproven forged.bundle --since new.checkpoint
by one 'dated back before the revocation' 2 quorum forged.bundle
unwitnessed 'dated back before the revocation' forged.bundle
refused 'dated back before the revocation' 422
made "$A" label-before led forged.bundle --item $ITEM --record $REVOKE $SIGN_OLD --tiles dated-tiles
unmirrored 'dated back before the revocation' dated-tiles EXHIBIT
forged label-before led forged.bundle --item $ITEM --record $REVOKE $SIGN_OLD --anchor $N --old $N
by alone 'dated back before the revocation, with an older paper and the proof it asks for' 1 fork forged.bundle --since new.checkpoint
# Before an act of somebody who had seen the ledger when signing it: that act contradicts.
forged label-before led forged.bundle --item $ITEM --record $TAIL $SIGN_OLD --old $N
by alone 'dated back before a colleague signed' 1 seen forged.bundle

# --- 5. one witness of three is the administrator's ---
# He has its key, and starts it anew without what it has seen.
cp -r w-ngo w-thief
rm -rf w-thief/"$HASH"
forged removed-then-signed led forged.bundle --item $ITEM --record $REVOKE $SIGN_OLD --old 0 --tiles colluded-tiles
get "$U" witness sign w-thief --file forged.request -o thief.lines
made "$C" lines forged.bundle colluded.bundle --from thief.lines
by one 'one witness colludes' 0 '' colluded.bundle
unwitnessed 'one witness colludes' colluded.bundle
by one 'one witness colludes, with an older paper' 1 fork colluded.bundle --since new.checkpoint
refused 'one witness colludes' '(409|422)'
unmirrored 'one witness colludes' colluded-tiles EXHIBIT
# As many as the quorum asks for: nobody is left but an older paper and the auditor.
cp -r w-customs w-second
rm -rf w-second/"$HASH"
get "$U" witness sign w-second --file forged.request -o second.lines
cat thief.lines second.lines >two.lines
made "$C" lines forged.bundle colluded.bundle --from two.lines
by quorum 'the whole quorum colludes' 0 '' colluded.bundle
by quorum 'the whole quorum colludes, with an older paper' 1 fork colluded.bundle --since new.checkpoint
by court 'the whole quorum colludes, and no auditor' 2 auditors colluded.bundle
made "$C" lines forged.bundle colluded.bundle --from thief.lines
# The same witness twice is one witness; and a key of nobody's is none.
cat thief.lines thief.lines >twice.lines
made "$C" lines forged.bundle colluded.bundle --from twice.lines
yes_if 'the same witness twice is not two' sh -c '! "$1" --policy quorum.policy --training colluded.bundle >out 2>err' - "$V"
get "$U" witness init w-stranger --name court.example/witness
get "$U" witness trust w-stranger court.policy
get "$U" witness sign w-stranger --file forged.request -o stranger.lines
cat thief.lines stranger.lines >twice.lines
made "$C" lines forged.bundle colluded.bundle --from twice.lines
unwitnessed "a witness's name with another key" colluded.bundle

# --- 6. an old cosignature on a new checkpoint ---
sed -n '/\.example\/witness /p' new.checkpoint >new.lines
yes_if 'the honest checkpoint has three cosignatures' test "$(wc -l <new.lines)" -eq 3
made "$C" lines forged.bundle replayed.bundle --from new.lines
by one 'an old cosignature replayed' 1 cosignature replayed.bundle
by quorum 'an old cosignature replayed' 1 cosignature replayed.bundle
by alone 'an old cosignature replayed, which nobody asked for' 0 '' replayed.bundle

# --- 7. one history for the court, another for the defence ---
# With two of three, the sets that cosign share a witness, who refuses one of them. With one of three they need not: two people, each with a
# bundle that their policy accepts, must compare them.
UNBROKEN_LEDGER=led
for side in a b; do
    cp -r led led-$side && cp led.head led-$side.head
done
split_side() {
    UNBROKEN_LEDGER=led-$1
    act "$U" note $(name $ITEM) --text "as told to $1" --key pros.key
    get "$U" ledger checkpoint --no-witnesses --now $NOW
    sed '/^TRAINING/d' out >$1.checkpoint
    get "$U" ledger witness-request --old $N -o $1.request
}
split_side a
split_side b
UNBROKEN_LEDGER=led
asked 'split: the court cosigns a' 200 '' court a.request
cp answer a.lines
asked 'split: the ngo cosigns b' 200 '' ngo b.request
cp answer b.lines
asked 'split: customs cosigns a' 200 '' customs a.request
cat answer >>a.lines
asked 'split: and does not cosign b' '(409|422)' '' customs b.request
asked 'split: nor does the court' '(409|422)' '' court b.request
python3 - <<END
body = open('b.request').read().split('\n\n', 1)[1]
open('b-again.request', 'w').write('old %d\n\n' % ($N + 2) + body)
END
asked 'split: nor as of the size that it has' 422 '' customs b-again.request
convicted 'split' customs
for side in a b; do
    UNBROKEN_LEDGER=led-$side
    get "$U" bundle $(name $ITEM) -o $side-alone.bundle --no-witnesses --now $NOW
    made "$C" lines $side-alone.bundle $side.bundle --from $side.lines
done
UNBROKEN_LEDGER=led
by one 'split: one history' 0 '' a.bundle
by one 'split: the other history' 0 '' b.bundle
by quorum 'split: one history' 0 '' a.bundle
unwitnessed 'split: the other history' b.bundle
run 1 FORK "$U" compare a.bundle b.bundle --policy alone.policy -o split.exhibit
verified 'split: the exhibit' 1 fork --policy alone.policy --training split.exhibit

# The court's bundle is of a; the auditor is shown b, and then hears of a.
for side in a b; do
    UNBROKEN_LEDGER=led-$side
    get "$U" ledger export tiles tiles-$side
done
UNBROKEN_LEDGER=led
cp -r mirror mirror-b && cp -r w-auditor w-auditor-b
run 0 'records' "$U" mirror pull mirror-b --from tiles-b --policy alone.policy
run 0 '' "$U" mirror cosign mirror-b --witness w-auditor-b -o b-auditor.lines
cat b-auditor.lines >>b.lines
made "$C" lines b-alone.bundle b.bundle --from b.lines
by court 'split: what the auditor saw, without the quorum' 2 quorum b.bundle
by court 'split: what the court saw, without the auditor' 2 auditors a.bundle
run 1 EXHIBIT "$U" mirror pull mirror-b --from tiles-a --policy alone.policy
verified 'split: the exhibit of the auditor' 1 fork --policy alone.policy --training mirror-b/*.exhibit
run 1 '' "$U" witness sign w-auditor-b --mirror mirror-b --file a.request -o no.lines
yes_if 'split: the auditor cosigns one history' test ! -e no.lines

# --- 8. two checkpoints race at a witness ---
witness_made racing
get "$U" witness trust w-racing court.policy
witness_up racing 127.0.0.15
get "$U" ledger witness-request --old 0 -o race-base.request
asked 'race: the common past' 200 '' racing race-base.request
run 0 '' python3 "$ROOT/tests/attack/race.py" "$URL_racing/add-checkpoint" 40 a.request b.request
yes_if 'race: one was kept' test "$(ls w-racing/"$HASH"/checkpoints | wc -l)" -eq 2
asked 'race: the other cannot follow' '(409|422)' '' racing a.request
asked 'race: nor the one' '(409|422)' '' racing b.request

# --- 9. a station key that was stolen, after the registrars replaced it ---
cp -r led led-key && cp led.head led-key.head
UNBROKEN_LEDGER=led-key
act "$U" ledger station-key --reason 'the old machine was stolen' --key r1.key --key r2.key
act "$U" note $(name $ITEM) --text 'under the new key' --key pros.key
checkpoint keyed.checkpoint
K=$(sed -n 2p keyed.checkpoint)
get "$U" bundle $(name $ITEM) -o keyed.bundle --no-witnesses --now $NOW
get "$U" ledger policy
sed '/^TRAINING/d' out >new-key.policy
sed -i '/auditor/d; /^witness /d; /^group /d; s/^quorum .*/quorum none/' new-key.policy
{ sed -n '/^log /p' court.policy; cat new-key.policy; } | awk '!seen[$0]++' >both-keys.policy
by both-keys 'a new station key' 0 '' keyed.bundle
by new-key 'a new station key, for whoever has the new trust file alone' 0 '' keyed.bundle
by both-keys 'what the old key signed in its time' 0 '' item.bundle
by both-keys 'what the old key signed in its time, as an older paper' 0 '' keyed.bundle --since old.checkpoint
witness_made keeper
get "$U" witness trust w-keeper both-keys.policy
witness_up keeper 127.0.0.16
get "$U" ledger witness-request --old 0 -o keyed.request
asked 'a new station key' 200 '' keeper keyed.request
# The thief goes on behind the act that took his key away:
made "$A" none led-key stolen.bundle --item $ITEM --as led --request stolen.request --old $K
by both-keys 'a stolen station key, after it was replaced' 1 station-key stolen.bundle
by new-key 'a stolen station key, for the new trust file alone' 2 unsigned stolen.bundle
by alone 'a stolen station key, for a court that has the old trust file alone' 1 station-key stolen.bundle
# ... or from before it, as if it had never been: another history, which no witness cosigns that has seen the true one.
forged label led stolen.bundle --item $ITEM $SIGN_OFF --old $K
unseen 'a stolen station key, before it was replaced' stolen.bundle
by both-keys 'a stolen station key, before it was replaced, with an older paper' 2 stale stolen.bundle --since keyed.checkpoint
asked 'a stolen station key, before it was replaced: the witness' '(400|409|422)' '' keeper forged.request
yes_if 'the witness stays with the true one' test "$(witness_size keeper)" = "$K"
UNBROKEN_LEDGER=led

# --- 10. a thread's last record withheld ---
# From the bundle alone: the heads tell.
UNBROKEN_LEDGER=led-a
S=$(sed -n 2p a.checkpoint)
made "$A" tail led-a forged.bundle --item $ITEM
by alone 'the last record withheld' 1 incomplete forged.bundle
# With heads that lie: no witness can see it, for nothing was rewritten; the court is told on whose word it stands, and an auditor who replays finds it.
HIDDEN=$(records)
act "$U" note $(name $ITEM) --text 'broken while in the store' --key pros.key
get "$U" ledger checkpoint --no-witnesses --now $NOW
forged hidden led-a forged.bundle --item $ITEM --record $HIDDEN --old $S --tiles false-tiles
unseen 'false heads' forged.bundle
by alone 'false heads, with an older paper' 2 since-unproven forged.bundle --since a.checkpoint
made "$A" hidden led-a anchored.bundle --item $ITEM --record $HIDDEN --anchor $S
by alone 'false heads, with an older paper and the proof it asks for' 0 '' anchored.bundle --since a.checkpoint
run 0 'records' "$U" mirror pull mirror --from tiles-a --policy alone.policy
for who in court customs; do
    asked "false heads: $who cosigns, who asks for no more than that nothing is rewritten" 200 '' $who forged.request
    cat answer >>false.lines
done
made "$C" lines forged.bundle false.bundle --from false.lines
by quorum 'false heads' 0 '' false.bundle
yes_if 'false heads: on whose word' grep -q "complete on the station's own word" out
by court 'false heads' 2 auditors false.bundle
run 1 EXHIBIT "$U" mirror pull mirror --from false-tiles --policy alone.policy
verified 'false heads: the exhibit' 1 false-heads --policy alone.policy --training mirror/false-heads*.exhibit
run 1 '' "$U" witness sign w-auditor --mirror mirror --file forged.request -o no.lines
yes_if 'false heads: the auditor does not cosign' test ! -e no.lines
finish
