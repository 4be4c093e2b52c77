#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when too few registrars can change the register, or a key is taken for another person's.
. tests/custody/lib.sh

make_ledger
A="$P --now $NOW"
run 0 'Sok Dara.*officer' "$U" person list
run 0 '"name": "Chan Sophea"' "$U" person list --json
make_keys new other
before=$(records)
run 1 '' "$U" person enrol --name X --office officer --key r1.key --key new.key $A
run 2 'needs --name' "$U" person enrol --office officer --key r1.key --key r2.key --key new.key $A
run 2 'no office "king"' "$U" person enrol --name X --office king --key r1.key --key r2.key --key new.key $A
run 1 'belongs to nobody' "$U" person enrol --name X --office officer --key r1.key --key r2.key --key new.key --key other.key $A
run 2 'must sign too' "$U" person enrol --name X --office officer --key r1.key --key r2.key --public-key new.key $A
run 2 "person's own --key" "$U" person enrol --name X --office officer --key r1.key --key r2.key $A
run 1 'no office in force' "$U" person enrol --name X --office officer --key r1.key --key off.key --key new.key $A
run 1 '' "$U" person enrol --name "$(printf 'a\nb')" --office officer --key r1.key --key r2.key --key new.key $A
yes_if 'refusals record nothing' test "$(records)" = "$before"
run 2 'stands twice' "$U" person enrol --name X --office officer --key r1.key --key r1.key --key new.key $A
run 0 "$(name 50) enrolled as expert" "$U" person enrol --name 'Expert' --office expert --key r1.key --key r3.key --key new.key $A
run 0 "$(name 50) appointed carer" "$U" person appoint $(name 50) --office carer --key r1.key --key r3.key $A
run 0 'expert, carer' "$U" person list
run 0 "$(name 50) no longer expert" "$U" person end $(name 50) --office expert --reason retired --key r1.key --key r2.key $A
run 1 'is no expert: nothing ends' "$U" person end $(name 50) --office expert --reason again --key r1.key --key r2.key $A
run 0 'offices: carer' "$U" show $(name 50)
run 0 "$(name 3) no longer registrar" "$U" person end $(name 3) --office registrar --key r1.key --key r2.key $A
run 1 '2 registrars are left, and 2 must sign' "$U" person end $(name 2) --office registrar --key r1.key --key r2.key $A
run 0 "$(name 3) appointed registrar" "$U" person appoint $(name 3) --office registrar --key r1.key --key r2.key $A
run 1 'is a case, not a person' "$U" person appoint $(name 8) --office carer --key r1.key --key r3.key $A
run 1 'wrong check character' "$U" person appoint KHPP-50-1 --office carer --key r1.key --key r3.key $A
run 0 "$(name 50) has a new key" "$U" person rekey $(name 50) --reason worn --key r1.key --key r2.key --key new.key --key other.key $A
run 1 'revoked or replaced' "$U" note $(name 8) --text x --key new.key $A
run 0 'noted' "$U" note $(name 8) --text x --key other.key $A
run 0 'key revoked' "$U" person revoke $(name 50) --doubted-from 5 --key r1.key --key r2.key $A
run 1 'revoked or replaced' "$U" note $(name 8) --text x --key other.key $A
run 0 'revoked' "$U" person list
run 1 'already' "$U" person enrol --name X --office officer --public-key "$("$U" key show off.key)" --draft d --signer $(name 1) --signer $(name 2) $A
yes_if 'no draft is left' test ! -e d

# A registrar whose key is revoked signs no more: as many as must sign are left.
run 0 'key revoked' "$U" person revoke $(name 3) --reason lost --key r1.key --key r2.key $A
before=$(records)
run 1 '2 registrars are left, and 2 must sign' "$U" person revoke $(name 2) --reason lost --key r1.key --key r2.key $A
yes_if 'and how to go on' grep -q 'hint: .*person appoint.*person rekey' err
yes_if 'refusals record nothing' test "$(records)" = "$before"
run 0 'no longer registrar' "$U" person end $(name 3) --office registrar --key r1.key --key r2.key $A # whose key counts no more

# The station's own key.
"$U" ledger policy >old.policy 2>err
cp led/station.key old.station
before=$(records)
run 1 'no office in force' "$U" ledger station-key --key off.key $A
run 1 'registrars|authority|sign' "$U" ledger station-key --key r1.key $A
yes_if 'refusals record nothing' test "$(records)" = "$before"
yes_if 'and the old key stays' cmp -s led/station.key old.station
run 0 'the station has a new key: record' "$U" ledger station-key --reason worn --key r1.key --key r2.key $A
yes_if 'the new key is in its place' sh -c '! cmp -s led/station.key old.station && test ! -e led/station.key.next'
run 0 'key station|station key' "$U" show $before
verdict 0 'custody unbroken' $(name 8)
run 2 '' "$V" --policy old.policy --training v.bundle
# Stopped between the record and the file: called again it goes on, and records nothing more.
mv led/station.key led/station.key.next
cp old.station led/station.key
act "$U" note $(name 8) --text x --key off.key
run 1 'not the station key in force' "$U" ledger checkpoint --now $NOW
before=$(records)
run 0 'it signs from now on' "$U" ledger station-key --key r1.key --key r2.key $A
yes_if 'no second key' test "$(records)" = "$before" -a ! -e led/station.key.next
verdict 0 'custody unbroken' $(name 8)
finish
