#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when an act that was signed in time is lost because it comes too late; when it has an effect before two others adopt it;
# when its own signer adopts it; when what was signed offline is not shown as that.
. tests/custody/lib.sh

make_ledger
make_keys cust2
enrol 'Second Store' custodian cust2 # person 50
A="$P --now $NOW"
act "$U" allot 1 --containers --key off.key # 51
act "$U" register $(name 8) --items $ROOT/tests/data/kohthom-2016-06-04.csv --container $(name 51) --key off.key
act "$U" release $(name 10) $(name 11) --to $(name 5) --purpose storage --key off.key
far() { env -u UNBROKEN_LEDGER "$U" sign "$@" --yes $P; }

# The custodian accepts where there is no network; before it arrives, her key is revoked.
run 2 'offline goes with --draft' "$U" accept $(name 10) --as inventoried --key cust.key --offline $A
run 0 "still to sign: $(name 5)" "$U" accept $(name 10) $(name 11) --as inventoried --place $(name 9) --remarks 'crates dry' --signer $(name 5) --offline --draft a.draft $A
run 0 'signed offline: yes' far a.draft --key cust.key
run 1 'does not come too late' "$U" lodge a.draft --key cust2.key $A
yes_if 'but can be submitted' grep -q 'hint: unbroken submit a.draft' err
act "$U" person revoke $(name 5) --reason 'key lost' --key r1.key --key r2.key
before=$(records)
run 1 'key' "$U" submit a.draft --now $NOW
yes_if 'and how it is kept' grep -q 'hint: .*unbroken lodge a.draft' err
run 1 'holds no office' "$U" lodge a.draft --key off.key $A
run 1 'revoked or replaced' "$U" lodge a.draft --key cust.key $A
yes_if 'refusals record nothing' test "$(records)" = "$before"
cp a.draft again.draft
run 0 "lodged 1 act, without effect until adopted: record $before" "$U" lodge a.draft --remarks 'brought on paper' --key cust2.key $A
lodged=$before
yes_if 'the draft has gone into the ledger' test ! -e a.draft
run 1 "is kept already, in record $lodged" "$U" lodge again.draft --key cust2.key $A
run 1 'key' "$U" submit again.draft --now $NOW
yes_if 'what is kept needs no lodging' sh -c '! grep -q lodge err'
run 0 'state: in transit' "$U" show $(name 10)
run 0 'the act that is kept, without effect' "$U" show $lodged
yes_if 'in words, with its details' sh -c 'grep -q "^accept, claimed" out && grep -q "remarks: crates dry" out && grep -q "signed offline: yes" out && grep -q "remarks: brought on paper" out'
run 0 'lodge +. *accept|lodge.*accept' "$U" history $(name 10)
run 0 "held by $(name 5) at $(name 9)" "$U" lodged
yes_if 'which things' grep -q "$(name 10), $(name 11)" out
run 0 '1 kept act' "$U" lodged
id=$("$U" lodged --json | sed -n 's/.*"act-id": "\([0-9a-f]*\)".*/\1/p')
verdict 0 'custody unbroken' $(name 10)

# Two others, of two offices, may adopt it.
before=$(records)
run 2 'needs --reason' "$U" adopt $lodged --key off2.key --key pros.key $A
run 1 'signer 2|holds no office' "$U" adopt $lodged --reason X --key off2.key $A
run 1 'signer 2|holds no office' "$U" adopt $lodged --reason X --key off2.key --key off.key $A
run 1 'keeps no act' "$U" adopt 3 --reason X --key off2.key --key pros.key $A
run 1 'there is no record' "$U" adopt 9999 --reason X --key off2.key --key pros.key $A
run 1 'no act with this id' "$U" adopt "$(echo "$id" | tr '0-9a-f' '1-9a-f0')" --reason X --key off2.key --key pros.key $A
run 1 'not among the things' "$U" adopt $lodged $(name 12) --reason X --key off2.key --key pros.key $A
yes_if 'refusals record nothing' test "$(records)" = "$before"
run 0 "adopted the accept of record $lodged for 1 thing" "$U" adopt $lodged $(name 10) --reason 'signed before the loss' --key off2.key --key pros.key $A
run 0 "holder: $(name 5)" "$U" show $(name 10)
run 0 'state: in transit' "$U" show $(name 11)
run 0 "00 $(name 11) held" "$U" lodged
run 1 'already, in record' "$U" adopt $lodged $(name 10) --reason X --key off2.key --key pros.key $A
run 0 'for 1 thing' "$U" adopt "$id" --reason 'signed before the loss' --key off2.key --key pros.key $A
run 1 'was adopted already' "$U" adopt $lodged --reason X --key off2.key --key pros.key $A
run 0 '0 kept acts' "$U" lodged
run 0 '1 kept act' "$U" lodged --all
verdict 0 'custody unbroken' $(name 10) $(name 11)

# Two receivers accept the same thing offline; the second comes too late.
act "$U" release $(name 12) --to custodian --purpose storage --key off.key
make_keys cust3
enrol 'Third Store' custodian cust3 # person 52
for n in 50 52; do
    run 0 'draft of 1 act' "$U" accept $(name 12) --as inventoried --signer $(name $n) --offline --draft $n.draft $A
done
run 0 'all have signed' far 50.draft --key cust2.key
run 1 'not all signers' "$U" lodge 52.draft --key cust2.key $A
run 0 'all have signed' far 52.draft --key cust3.key
run 0 'recorded 1 act' "$U" submit 50.draft --now $NOW
run 1 'is held' "$U" submit 52.draft --now $NOW
lodged=$(records)
run 0 'lodged 1 act' "$U" lodge 52.draft --key cust2.key $A
run 1 'signed the act that came too late' "$U" adopt $lodged --reason X --key cust3.key --key pros.key $A
before=$(records)
run 1 'is held: the adopted .accept. cannot|not open' "$U" adopt $lodged --reason X --key off2.key --key pros.key $A
yes_if 'a rival act stands' test "$(records)" = "$before"
run 0 "holder: $(name 50)" "$U" show $(name 12)
verdict 0 'custody unbroken' $(name 12)
run 0 'breach of custody' "$U" adopt $lodged --reason 'the tag was misread' --deviation 'it was never at the other store' --key off2.key --key pros.key $A
run 0 "holder: $(name 52)" "$U" show $(name 12)
verdict 3 'not open' $(name 12)

# What happened to the thing meanwhile: unseen by who signs. Offline that is a finding; otherwise it is refused and can be kept.
run 0 'draft' "$U" release $(name 13) --to custodian --purpose storage --signer $(name 4) --offline --draft r.draft $A
run 0 'draft' "$U" release $(name 14) --to custodian --purpose storage --signer $(name 4) --draft s.draft $A
run 0 'all have signed' far r.draft --key off.key
run 0 'all have signed' far s.draft --key off.key
act "$U" note $(name 13) $(name 14) --text 'a photographer came' --key pros.key
run 0 'finding: .*not yet seen' "$U" submit r.draft --now $NOW
run 1 'not yet seen' "$U" submit s.draft --now $NOW
yes_if 'and how it is kept' grep -q 'unbroken lodge s.draft' err
verdict 0 'not yet seen' $(name 13)
# Kept also while the thing is packed, where it can have no effect.
act "$U" pack $(name 51) $(name 14) --key off.key
run 0 'lodged 1 act' "$U" lodge s.draft --key cust2.key $A
lodged=$(($(records) - 1))
run 1 'is packed' "$U" adopt $lodged --reason X --key off2.key --key pros.key $A
verdict 0 'custody unbroken' $(name 14)

# What cannot be kept, or is only kept.
run 0 'draft' "$U" note $(name 8) --text x --signer $(name 50) --draft n.draft $A
run 0 'draft' "$U" seal $(name 15) --put-on S-1 --signer $(name 4) --signer $(name 50) --draft l.draft $A
run 0 'draft' "$U" place open --name Shelf --signer $(name 50) --draft o.draft $A
run 0 'signed' far n.draft --key cust2.key
run 0 'signed' far o.draft --key cust2.key
run 0 'signed' far l.draft --key off.key
run 0 'signed' far l.draft --key cust2.key
run 1 'touches no thing' "$U" lodge n.draft --key cust2.key $A
run 1 'gives numbers to what is new' "$U" lodge o.draft --key cust2.key $A
run 0 'discarded' "$U" discard o.draft --now $NOW
act "$U" release $(name 15) --to custodian --purpose storage --key off.key
run 1 'is in transit' "$U" submit l.draft --now $NOW
run 0 'lodged 1 act' "$U" lodge l.draft --key cust2.key $A
run 0 'none: only kept' "$U" lodged
run 1 'no effect by adoption' "$U" adopt $(($(records) - 1)) --reason X --key off2.key --key pros.key $A
"$U" ledger init led2 --origin a.example --code KHPP --threshold 1 --registrar r1.key --registrar r2.key $P --training --now $NOW >/dev/null
run 1 'another ledger|holds no office|belongs to nobody' "$U" lodge again.draft --key r1.key $A --ledger led2
run 0 'consistent|intact|good|nothing' "$U" ledger fsck
finish
