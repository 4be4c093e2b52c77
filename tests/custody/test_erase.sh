#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when an officer can order, an erasure reaches more or less than it names, an erased detail can be read in the ledger's files or in a scrubbed
# backup, a bundle withholds what no order covers, or the ledger does not hold after any of it. SPEC 3.7, 3.8, V11.
. tests/custody/lib.sh

make_ledger
A="$P --now $NOW"
R='--key r1.key --key r2.key'
CASE=$(name 8)
V_="$V --training --policy court.policy"
recorded() { sed -n 's/.*record \([0-9]*\)$/\1/p' out | tail -1; }
# In no file of a directory: neither in what is in use nor in what was freed.
nowhere() { ! grep -qra -e "$1" "${2:-led}"; }

# ---- what is recorded ------------------------------------------------------------------------------
"$U" form seizure | sed -e 's/^seizure-time =/&2018-12-13T09:00:00+07:00/' -e 's/^seizure-place =/&Phnom Penh port/' \
    -e 's/^authority =/&Authorisation 214/' -e 's/^witness =/witness = WITNESSONE Chea\nwitness = WITNESSTWO Vannak/' \
    -e 's/^suspect =/&SUSPECTNAME/' >s.ini
act "$U" seize $CASE s.ini --key off.key --key off2.key
SEIZED=$(recorded)
act "$U" note $CASE --text 'FREENOTE of the case' --key off.key
NOTE=$(recorded)
act "$U" note $(name 10) $(name 11) --text 'BOTHNOTE of two' --key off.key
BOTH=$(recorded)
{ echo PHOTOGRAPH; head -c 30000 /dev/urandom | base64; } >scene.jpg
echo 'ONLYONCE a paper' >once.txt
act "$U" attach scene.jpg $CASE --description SCENEDESCRIBED --key off.key
SCENE=$(recorded)
act "$U" attach scene.jpg $(name 10) --key off.key
act "$U" attach once.txt $CASE --key off.key
ONCE=$(recorded)
run 0 '' "$U" ledger checkpoint --now $NOW
"$U" ledger policy >court.policy 2>err
run 0 'backup in' "$U" ledger backup before
run 0 '' "$U" bundle $CASE -o plain.bundle --now $NOW
run 0 '^TRAINING.*INTACT|INTACT' $V_ plain.bundle
yes_if 'the backup holds the names' grep -qa WITNESSONE before/data.mdb

# ---- order: a prosecutor's or a court's ------------------------------------------------------------
O="$U order $CASE --withhold witness --order"
before=$(records)
run 1 'no office in force that may sign this: prosecutor or court' $O 'Mine' --key off.key $A
run 1 'no office in force' $O 'Mine' --key r1.key $A
run 2 'order needs --withhold NAME' "$U" order $CASE --order 'Order 77' --key pros.key $A
run 2 'order needs --order' "$U" order $CASE --withhold witness --key pros.key $A
run 2 'there is no detail "witnes"' "$U" order $CASE --withhold witnes --order x --key pros.key $A
run 2 '"witness" stands twice' "$U" order $CASE --withhold witness,suspect --withhold witness --order x --key pros.key $A
run 1 'no such file' $O x --document nowhere.pdf --key pros.key $A
: >nothing.pdf
run 1 'nothing.pdf: is empty' $O x --document nothing.pdf --key pros.key $A
run 1 'nothing.pdf: is empty' "$U" erase 0 --erase witness --order x --document nothing.pdf --key no.key $A # before any key
yes_if 'refusals record nothing' test "$(records)" = "$before"
# An order of an officer as a deviation stands, and covers nothing.
run 0 'record [0-9]+$' $O 'Of my own' --as-office officer --deviation 'no judge there' --key off.key $A
MINE=$(sed -n 's/^to be withheld.*record \([0-9]*\)$/\1/p' out)
run 0 '' "$U" bundle $CASE -o mine.bundle --now $NOW
run 3 'deviation' $V_ mine.bundle
yes_if 'nothing is withheld under it' sh -c "! grep -q 'Details withheld' out"
yes_if 'the names are given' grep -qa WITNESSONE mine.bundle
echo 'the paper of order 77' >order.pdf
run 0 "to be withheld: suspect, witness of $CASE: record [0-9]+$" "$U" order $CASE --withhold witness,suspect \
    --order 'Order 77/18' --document order.pdf --key pros.key $A
ORDER=$(sed -n 's/^to be withheld.*record \([0-9]*\)$/\1/p' out)
run 0 'detail-names suspect, witness' "$U" show $ORDER
run 0 'to be withheld' "$U" order $(name 49) --withhold note --order 'Order 1/18' --key pros.key $A
ELSEWHERE=$(sed -n 's/^to be withheld.*record \([0-9]*\)$/\1/p' out)

# ---- bundles: what the order covers, and no more ---------------------------------------------------
B="$U bundle $CASE --now $NOW -o"
run 0 '3 details withheld under the orders in it' $B all.bundle
run 3 "record $SEIZED: witness of $CASE \(1\) is withheld under the order of record $ORDER" $V_ all.bundle
yes_if 'the suspect too' grep -q "suspect of $CASE (0) is withheld under the order of record $ORDER" out
run 3 "\"record\":$SEIZED,\"subject\":8,\"name\":63,\"detail\":\"witness\",\"ordinal\":0,\"erased\":false,\"under\":$ORDER" $V_ --json all.bundle
run 0 '2 details withheld under that order' $B some.bundle --withhold witness --order $ORDER
yes_if 'the suspect is given' grep -qa SUSPECTNAME some.bundle
yes_if 'the witnesses are not' sh -c '! grep -qa WITNESS[OT] some.bundle'
run 3 'is withheld under the order' $V_ some.bundle
run 0 'withheld under that order' $B order.bundle --order $ORDER
yes_if 'an order alone: all that it covers' sh -c '! grep -qa -e WITNESS[OT] -e SUSPECTNAME order.bundle'
run 0 'for the court alone' $B full.bundle --nothing-withheld
run 3 'witness: WITNESSONE' $V_ full.bundle
yes_if 'nothing is withheld' sh -c "! grep -q 'Details withheld' out"
run 1 "record $ORDER does not cover \"note\"" $B no.bundle --withhold note --order $ORDER
run 1 "record $NOTE is no order" $B no.bundle --order $NOTE
run 1 "record $MINE was signed by no prosecutor" $B no.bundle --order $MINE
run 1 "the order of record $ELSEWHERE is about nothing in this bundle" $B no.bundle --withhold note --order $ELSEWHERE
run 1 'no record 9999' $B no.bundle --order 9999
run 2 'needs --order RECORD' $B no.bundle --withhold witness
run 2 'one or the other' $B no.bundle --order $ORDER --nothing-withheld
run 2 'number of a record' $B no.bundle --order x
yes_if 'nothing is left of what was refused' test ! -e no.bundle

# ---- erase: registrars, exactly --------------------------------------------------------------------
E="$U erase $SEIZED --erase witness --order"
before=$(records)
run 1 'signed by 1|threshold|registrar' $E 'Order 78' --key r1.key $A
run 1 'no office in force' $E 'Order 78' --key pros.key --key off.key $A
run 2 'erase needs --erase' "$U" erase $SEIZED --order x $R $A
run 2 'erase needs --order' "$U" erase $SEIZED --erase witness $R $A
run 1 "record $SEIZED says no owner" "$U" erase $SEIZED --erase owner --order x $R $A
run 1 "record $SEIZED does not touch" "$U" erase $SEIZED --subject $(name 10) --erase witness --order x $R $A
run 1 'there is no record 9999' "$U" erase 9999 --erase witness --order x $R $A
run 1 'heads record' "$U" erase $((before - 1)) --erase witness --order x $R $A
run 1 'of all its 2 subjects together' "$U" erase $BOTH --subject $(name 10) --erase note --order x $R $A
yes_if 'refusals record nothing' test "$(records)" = "$before"
yes_if 'and erase nothing' grep -qa WITNESSTWO led/data.mdb

run 0 "erased 2 details of record $SEIZED: record [0-9]+$" $E 'Order 78/18' $R $A
ERASED=$(sed -n 's/^erased.*record \([0-9]*\)$/\1/p' out)
yes_if 'says what holds it still' grep -q 'Bundles, papers and backups made before' out
yes_if 'says what it cannot reach' grep -q 'a disk that moves its blocks' out
yes_if 'nothing of it in the files' nowhere 'WITNESS[OT]'
yes_if 'the rest is there' grep -qa SUSPECTNAME led/data.mdb
yes_if 'nothing is left lying about' test "$(ls -A led | tr '\n' ' ')" = 'data.mdb lock.mdb station.key '
yes_if 'as private as before' test "$(stat -c %a led/data.mdb)" = 600
run 0 'everything holds' "$U" ledger fsck
yes_if 'fsck counts them' grep -q '^2 details erased' out
yes_if 'and asks for nothing' sh -c "! grep -q scrub out"
run 0 '"erased": 2' "$U" ledger fsck --json
run 0 "witness: \(erased by record $ERASED\) \(record $SEIZED\)" "$U" show $CASE
run 0 "$CASE witness: \(erased by record $ERASED\)" "$U" show $SEIZED
run 0 '"erased-by": ' "$U" show $CASE --json
run 0 'erase' "$U" history $CASE
run 0 '' "$U" find WITNESSONE
yes_if 'not found' sh -c '! grep -q WITNESSONE out'
run 1 "erased already, by record $ERASED" $E again $R $A
run 1 'says no witness' "$U" correct $SEIZED witness='New Name' --reason x --key off.key --key cust.key $A

run 0 '' $B erased.bundle --nothing-withheld
run 3 "record $SEIZED: witness of $CASE \(0\) is erased by record $ERASED" $V_ erased.bundle
yes_if 'the rest is proven' grep -q 'suspect: SUSPECTNAME' out
yes_if 'an erasure goes before an order' sh -c "! grep -q 'witness.*withheld under' out"
python3 "$ROOT/tests/independent/verify.py" --training --policy court.policy --json erased.bundle >out 2>err
yes_if 'the other verifier says the same' grep -q "\"ordinal\": 0, \"erased\": true, \"under\": $ERASED" out

# What a record says of several together: for all, and every bundle that has the record has the erasure.
run 0 "erased 1 detail of record $BOTH" "$U" erase $BOTH --erase note --order 'Order 79' $R $A
yes_if 'not in the files' nowhere BOTHNOTE
yes_if 'the other note stays' grep -qa FREENOTE led/data.mdb
for n in 10 11; do
    run 0 '' "$U" bundle $(name $n) -o one.bundle --force --now $NOW
    run 0 "note of the act \(0\) is erased by record" $V_ one.bundle
done

# Files: gone when nothing else names them.
run 0 "not erased: record $ONCE says attachment of $CASE too" "$U" erase $SCENE --erase attachment,description --order x $R $A
yes_if 'a file that another detail names stays' grep -qa PHOTOGRAPH led/data.mdb
yes_if 'its description is gone' nowhere SCENEDESCRIBED
run 0 'erased 1 detail' "$U" erase $ONCE --erase attachment --order x $R $A
yes_if 'the file is gone' nowhere ONLYONCE
run 0 'everything holds' "$U" ledger fsck

# A name: shown as erased wherever it was shown.
run 0 'erased 1 detail of record 1' "$U" erase 1 --erase person-name --order x $R $A
yes_if 'the name is gone' nowhere 'Sok Dara'
run 0 "$(name 4).*\(erased\)" "$U" person list
run 0 '\(erased\)' "$U" history $CASE

# Drafts: the last who submits ends it.
run 0 'still to sign' "$U" erase $SEIZED --erase suspect --order x --key r1.key --signer $(name 2) --draft d.draft $A
yes_if 'a draft erases nothing' grep -qa SUSPECTNAME led/data.mdb
run 0 'detail-names suspect' "$U" sign d.draft --yes --key r2.key $P
run 0 'was written anew' "$U" submit d.draft --now $NOW
yes_if 'gone with the submission' nowhere SUSPECTNAME

# ---- others have the ledger open -------------------------------------------------------------------
# One waits at the question for a passphrase: it has the file open, and must not write into the old one afterwards.
act "$U" note $CASE --text 'OPENNOTE' --key off.key
OPEN=$(recorded)
python3 - "$U" "$CASE" "$OPEN" <<'END' >out 2>err
import os, pty, subprocess, sys
u, case, record = sys.argv[1:]
now = ['--passphrase-file', 'pass', '--now', '2018-12-13T10:00:00+07:00']
pid, fd = pty.fork()
if pid == 0:
    os.execv(u, [u, 'note', case, '--text', 'LATERNOTE', '--key', 'off.key', '--now', now[-1]])
seen = b''
while not seen.endswith(b': '):
    seen += os.read(fd, 1024)
erase = [u, 'erase', record, '--erase', 'note', '--order', 'x', '--key', 'r1.key', '--key', 'r2.key', *now]
run = subprocess.run(erase, capture_output=True)
print('erase', run.returncode, run.stderr.decode())
run = subprocess.run([u, 'ledger', 'fsck'], capture_output=True)
print('fsck', run.returncode, run.stdout.decode())
os.write(fd, b'a passphrase\n')
try:
    while os.read(fd, 1024):
        pass
except OSError:
    pass
print('note', os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
yes_if 'said: recorded, and what is still to do' grep -q 'recorded and its details are out of the ledger.*others have the ledger open' out
yes_if 'and not called done' grep -q '^erase 1' out
yes_if 'with the way on' grep -q 'hint: unbroken ledger scrub' out
yes_if 'fsck holds' grep -q 'everything holds' out
yes_if 'and says that it is due' grep -q 'may still be read in freed parts of the file: unbroken ledger scrub' out
yes_if 'the other one records' grep -q '^note 0' out
run 0 'may still be read' "$U" ledger status
run 0 'LATERNOTE' "$U" show $CASE
cp -a led pending
cp led.head pending.head
run 0 '' "$U" ledger checkpoint --now $NOW
yes_if 'the next writer ends it' nowhere OPENNOTE
run 0 'everything holds' "$U" ledger fsck
yes_if 'nothing is due' sh -c '! grep -q scrub out'

# ---- a copy made before ----------------------------------------------------------------------------
run 0 'everything holds' "$U" ledger fsck --ledger before
run 0 '[1-9] erasures of the ledger taken over, [1-9][0-9]* details and 1 files removed' "$U" ledger scrub before
for word in WITNESSONE WITNESSTWO BOTHNOTE ONLYONCE SCENEDESCRIBED SUSPECTNAME; do
    yes_if "no $word in the scrubbed backup" nowhere $word before
done
yes_if 'what was not erased is in it' grep -qa FREENOTE before/data.mdb
yes_if 'with the file that is still named' grep -qa PHOTOGRAPH before/data.mdb
run 0 'everything holds' "$U" ledger fsck --ledger before
yes_if 'fsck says on whose word' grep -q 'erasures taken over from the ledger of which this is an older copy' out
run 0 'witness: \(erased by record' "$U" show $CASE --ledger before
run 0 ' 0 erasures of the ledger taken over, 0 details' "$U" ledger scrub before
cp led.head before.head
cp before/data.mdb twice.mdb
run 1 'records are missing' "$U" note $CASE --text x --key off.key $A --ledger before
run 1 'no ledger in' "$U" ledger scrub nowhere
run 0 'was written anew' "$U" ledger scrub led
"$U" ledger init other --origin a.example --code KHPP --threshold 2 --registrar r1.key --registrar r2.key --registrar r3.key $P \
    --training --now $NOW >/dev/null
run 1 'is no copy of this ledger' "$U" ledger scrub other
cp -a led newer
cp led.head newer.head
act "$U" note $CASE --text 'newer' --key off.key --ledger newer
run 1 'is no older copy' "$U" ledger scrub newer
cp -a led forked
cp led.head forked.head
act "$U" note $CASE --text 'one way' --key off.key
act "$U" note $CASE --text 'another way' --key off.key --ledger forked
run 1 "are not the ledger's first" "$U" ledger scrub forked
yes_if 'a refused copy is left as it is' grep -qa 'another way' forked/data.mdb

# ---- a backup of hard links is the same file -------------------------------------------------------
# A copy of one's own, hard-linked as cp -al and rsync --link-dest do; then a link to the living ledger.
cp -a newer linked
cp -al linked linked2
run 1 'has another name' "$U" ledger scrub linked
yes_if 'the way on is told' grep -q 'cp -p data.mdb own.copy && mv own.copy data.mdb' err
yes_if 'the other backup is untouched' cmp -s linked2/data.mdb newer/data.mdb
yes_if 'and nothing is begun' test ! -e linked/rewrite.tmp
cp -al led alias
run 1 "is no copy: it is the ledger's own file under another name" "$U" ledger scrub alias
run 1 'has another name' "$U" ledger scrub
cp alias/data.mdb alias.mdb
before=$(records)
yes_if 'a note to be erased' grep -qa 'one way' led/data.mdb
LINKED=$((before - 1))
run 1 'has another name' "$U" erase $LINKED --erase note --order 'Order 90' $R $A
yes_if 'the hint says that nothing is recorded' grep -q 'hint: nothing was recorded' err
yes_if 'nothing was' test "$(records)" = "$before"
# As a draft it is refused where it is recorded.
run 0 '' "$U" erase $LINKED --erase note --order 'Order 90' $R $A --draft linked.act
run 1 'has another name' "$U" submit linked.act --now $NOW
yes_if 'the draft stays' test -s linked.act
yes_if 'nothing was recorded of it' test "$(records)" = "$before"
yes_if 'the other name holds what it held' cmp -s alias/data.mdb alias.mdb
run 0 'everything holds' "$U" ledger fsck
# What the message says helps.
(cd led && cp -p data.mdb own.copy && mv own.copy data.mdb)
run 1 'lock.mdb has another name' "$U" erase $LINKED --erase note --order 'Order 90' $R $A
run 1 'lock.mdb has another name' "$U" ledger scrub alias
rm led/lock.mdb
run 0 'erased 1 detail' "$U" erase $LINKED --erase note --order 'Order 90' $R $A
yes_if 'erased here' nowhere 'one way'
yes_if 'the backup is whole' cmp -s alias/data.mdb alias.mdb
run 0 '1 details and 0 files removed' "$U" ledger scrub alias
yes_if 'erased there' nowhere 'one way' alias
# A symbolic link leads to somebody's file.
mkdir pointed
cp linked2/lock.mdb pointed/
ln -s ../newer/data.mdb pointed/data.mdb
cp newer/data.mdb newer.mdb
run 1 'a link to a file elsewhere' "$U" ledger scrub pointed
yes_if 'which is untouched' cmp -s newer/data.mdb newer.mdb

# ---- the machine stops, or the disk is full, at every step -----------------------------------------
${CC:-cc} -shared -fPIC -O1 -o crash.so "$ROOT/tests/custody/shim/crash.c" -ldl >out 2>err
yes_if 'the shim is built' test -s crash.so
# stopped VARIABLE: `ledger scrub` of a ledger with an erasure that is due, stopped at its 1st, 2nd ... step, until it gets to its end.
stopped() {
    step=0 done=1 odd=0
    while [ "$done" -ne 0 ] && [ "$step" -lt 300 ]; do
        step=$((step + 1))
        rm -rf led led.head
        cp -a pending led
        cp -a pending.head led.head
        env "$1=$step" ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 LD_PRELOAD="$PWD/crash.so" "$U" ledger scrub >out 2>err
        done=$?
        "$U" ledger fsck >fsck.out 2>&1 && grep -q LATERNOTE led/data.mdb || odd=$((odd + 1))
        # The next writer, whoever it is.
        "$U" ledger checkpoint --now $NOW >next.out 2>&1 && nowhere OPENNOTE && [ ! -e led/rewrite.tmp ] || odd=$((odd + 1))
        "$U" ledger fsck >fsck.out 2>&1 && ! grep -q scrub fsck.out && grep -q LATERNOTE led/data.mdb || odd=$((odd + 1))
        [ "$odd" -eq 0 ] || break
    done
    cat fsck.out next.out >>out
}
unset CRASH_AT FULL_AT
stopped CRASH_AT
yes_if "stopped at each of $step steps: whole, and ended by the next writer" test "$odd" -eq 0 -a "$done" -eq 0 -a "$step" -gt 20
stopped FULL_AT
yes_if "full at each of $step steps: whole, and ended by the next writer" test "$odd" -eq 0 -a "$done" -eq 0 -a "$step" -gt 20

# The erasure itself: recorded and gone from what is shown, or neither.
cp -a led unerased
cp -a led.head unerased.head
act "$U" note $CASE --text 'LASTNOTE' --key off.key --ledger unerased --head unerased.head
LAST=$(recorded)
step=0 done=137 odd=0
while [ "$done" -ne 0 ] && [ "$step" -lt 300 ]; do
    step=$((step + 1))
    rm -rf led led.head
    cp -a unerased led
    cp -a unerased.head led.head
    CRASH_AT=$step ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 LD_PRELOAD="$PWD/crash.so" "$U" erase $LAST --erase note --order x $R $A >out 2>err
    done=$?
    "$U" show $LAST >show.out 2>&1
    if "$U" history $CASE | grep -q ' erase .*' && grep -q 'erased by' show.out; then
        "$U" ledger checkpoint --now $NOW >next.out 2>&1 && nowhere LASTNOTE || odd=$((odd + 1))
    else
        grep -q LASTNOTE show.out || odd=$((odd + 1))
    fi
    "$U" ledger fsck >fsck.out 2>&1 || odd=$((odd + 1))
    [ "$odd" -eq 0 ] || break
    # Beyond the commit it is what `stopped` has tried.
    ! grep -q 'erased by' show.out || break
done
cat show.out fsck.out next.out >>out
yes_if "an erasure stopped at each of $step steps: whole or not at all" test "$odd" -eq 0 -a "$step" -gt 2 -a "$step" -lt 300

# ---- several at once -------------------------------------------------------------------------------
rm -rf led led.head
cp -a unerased led
cp -a unerased.head led.head
before=$(records)
for writer in 1 2 3; do
    for i in 1 2 3 4 5 6; do
        "$U" note $CASE --text "AT-ONCE-$writer-$i" --key off.key $A >>noted.$writer 2>&1
    done &
done
for i in 1 2 3 4 5 6; do
    "$U" ledger fsck >>checked 2>&1 || echo "fsck failed" >>checked
    "$U" bundle $CASE -o at-once.bundle --force --now $NOW >>checked 2>&1 || echo "bundle failed" >>checked
done &
for i in 1 2 3 4 5 6; do
    "$U" ledger scrub >>scrubbed 2>&1
done
"$U" erase $LAST --erase note --order x $R $A >>scrubbed 2>&1
wait
run 0 '' "$U" ledger scrub
cat noted.[123] >out
cat checked scrubbed >err
yes_if 'every note was acknowledged' test "$(grep -c '^noted' out)" = 18
yes_if 'no reader was disturbed' sh -c "! grep -q failed checked"
yes_if 'the file was written anew meanwhile' grep -q 'written anew' scrubbed
for writer in 1 2 3; do
    for i in 1 2 3 4 5 6; do
        yes_if "AT-ONCE-$writer-$i is there" grep -qa "AT-ONCE-$writer-$i" led/data.mdb
    done
done
yes_if 'what was erased meanwhile is gone' nowhere LASTNOTE
run 0 'everything holds' "$U" ledger fsck
yes_if 'each once' test "$(records)" -ge $((before + 19))
finish
