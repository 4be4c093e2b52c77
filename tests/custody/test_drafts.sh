#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when a draft is recorded before all have signed, a signer is shown less than they sign, or a number stays held.
. tests/custody/lib.sh

make_ledger
A="$P --now $NOW"
act "$U" register $(name 8) --items $ROOT/tests/data/kohthom-2016-06-04.csv --key off.key
before=$(records)

# Two officers at two machines; the second without the ledger.
run 0 "still to sign: $(name 5)" "$U" correct 8 --subject $(name 10) package=CRATE-9 --reason misread --key off.key --signer $(name 5) --draft c.draft $A
yes_if 'a draft records nothing' test "$(records)" = "$before"
run 1 "still to sign: $(name 5)" "$U" submit c.draft --now $NOW
run 1 'exists' "$U" note $(name 8) --text x --key off.key --draft c.draft $A
run 1 'nothing in this draft' "$U" sign c.draft --yes --key off.key $P
run 1 'no terminal to ask' setsid "$U" sign c.draft --key cust.key $P
run 0 'package: CRATE-9' env -u UNBROKEN_LEDGER "$U" sign c.draft --yes --key cust.key $P
yes_if 'shown: what, who, why' sh -c 'grep -q "^correct, claimed" out && grep -q "reason: misread" out && grep -q "all have signed" out'
run 0 'recorded 1 act' "$U" submit c.draft --now $NOW
yes_if 'one record more' test "$(records)" = $((before + 1))
yes_if 'the draft has gone' test ! -e c.draft
run 0 'package: CRATE-9' "$U" show $(name 10)

# Three signers of whom two far away: the draft says whose slot is whose.
run 0 'still to sign' "$U" person appoint $(name 5) --office expert --signer $(name 1) --signer $(name 2) --draft p.draft $A
cp p.draft p2.draft
run 0 'others are still to sign' env -u UNBROKEN_LEDGER "$U" sign p.draft --yes --person $(name 1) --key r1.key $P
yes_if 'shown by name, far from the ledger' grep -q "$(name 5): office expert" out
# In parallel, each on a copy: together they are whole.
run 0 'others are still to sign' env -u UNBROKEN_LEDGER "$U" sign p2.draft --yes --key r2.key $P
run 1 "still to sign: $(name 2)" "$U" submit p.draft --now $NOW
run 1 "still to sign: $(name 1)" "$U" submit p2.draft --now $NOW
run 0 'still to sign' "$U" person appoint $(name 5) --office carer --signer $(name 1) --signer $(name 2) --draft q.draft $A
run 1 'is no copy of p.draft' "$U" submit p.draft q.draft --now $NOW
run 0 'discarded' "$U" discard q.draft --now $NOW
cp p.draft kept.draft
cp p2.draft kept2.draft
run 0 'recorded 1 act' "$U" submit p.draft p2.draft --now $NOW
yes_if 'both copies have gone' test ! -e p.draft -a ! -e p2.draft
run 1 'replayed' "$U" submit kept.draft kept2.draft --now $NOW

# By a key that is not the signer's: refused, and the draft is as it was.
run 0 '' "$U" person appoint $(name 5) --office carer --signer $(name 1) --signer $(name 2) --draft w.draft $A
cp w.draft w.before
run 1 'waits for no signature by this key' env -u UNBROKEN_LEDGER "$U" sign w.draft --yes --key off.key $P
run 1 'waits for no signature by this key' env -u UNBROKEN_LEDGER "$U" sign w.draft --yes --person $(name 1) --key off.key $P
run 1 "is not that of $(name 2)" env -u UNBROKEN_LEDGER "$U" sign w.draft --yes --person $(name 2) --key r1.key $P
run 1 'nothing in this draft for this key' "$U" sign w.draft --yes --key off.key $P
yes_if 'the draft is not spoilt' cmp -s w.draft w.before
run 0 '' env -u UNBROKEN_LEDGER "$U" sign w.draft --yes --key r1.key $P
run 0 'all have signed' env -u UNBROKEN_LEDGER "$U" sign w.draft --yes --key r2.key $P
# An unfit draft is refused by the ledger, and kept.
run 0 'no longer' "$U" person end $(name 1) --office registrar --key r2.key --key r3.key --reason retired $A
before=$(records)
run 1 '' "$U" submit w.draft --now $NOW
yes_if 'nothing was recorded' test "$(records)" = "$before"
yes_if 'a refused draft is kept' test -e w.draft
run 0 'appointed' "$U" person appoint $(name 1) --office registrar --key r2.key --key r3.key $A

# An opening act holds its number until it is submitted or discarded.
make_keys new
run 0 'draft' "$U" person enrol --name Later --office officer --public-key new.key --key r1.key --signer $(name 2) --draft e.draft $A
run 1 'reserved' "$U" place open --name Shelf --key cust.key $A
run 0 'noted' "$U" note $(name 8) --text 'notes go on' --key cust.key $A
run 0 'others are still' "$U" sign e.draft --yes --key new.key $P
run 0 'all have signed' "$U" sign e.draft --yes --key r2.key $P
run 0 'recorded 1 act' "$U" submit e.draft --now $NOW
run 0 'Later' "$U" person list
run 0 'draft' "$U" place open --name Shelf --signer $(name 5) --draft o.draft $A
run 0 'discarded' "$U" discard o.draft --now $NOW
yes_if 'the draft has gone' test ! -e o.draft
run 0 'opened' "$U" place open --name Shelf --key cust.key $A

# Drafts of several acts, damage, other ledgers.
run 0 'draft of 1 act' "$U" release $(name 10)..$(name 20) --to custodian --purpose storage --signer $(name 4) --draft r.draft $A
head -c 200 r.draft >cut.draft
run 1 'damaged on its way' "$U" sign cut.draft --yes --key off.key $P
run 1 'is not a draft' "$U" submit pass --now $NOW
"$U" ledger init led2 --origin a.example --code KHPP --threshold 1 --registrar r1.key --registrar r2.key $P --training --now $NOW >/dev/null
run 1 'another ledger' "$U" sign r.draft --yes --key off.key $P --ledger led2
run 1 'another ledger' "$U" submit r.draft --ledger led2 --now $NOW
run 2 'goes with --draft' "$U" note $(name 8) --text x --key off.key --signer $(name 5) $A
run 2 'nobody signs' "$U" note $(name 8) --text x --draft n.draft $A
yes_if 'no half draft' sh -c '! ls | grep -q "n.draft\|tmp-"'
finish
