#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when a command records what breaks a rule without being told so; when with --deviation it does not record what happened; or
# when a verdict does not name that record.
. tests/custody/lib.sh

make_ledger
A="$P --now $NOW"
act "$U" allot 4 --containers --key off.key # 50 to 53
act "$U" register $(name 8) --items $ROOT/tests/data/kohthom-2016-06-04.csv --container $(name 50) --container $(name 51) --key off.key
printf 'a receipt' >r.jpg
: >deviations

# broken WHAT-RULE COMMAND...: refused without the flag and then nothing is recorded; recorded with it, with its reason.
broken() {
    rule=$1
    shift
    before=$(records)
    run 1 "$rule" "$U" "$@" $A
    yes_if "refused, and nothing is recorded: $*" test "$(records)" = "$before"
    run 0 'breach of custody' "$U" "$@" --deviation "reason $before" $A
    yes_if "one record more: $*" test "$(records)" = $((before + 1))
    run 0 "reason: reason $before" "$U" show "$before"
    yes_if "shown as a deviation: $*" grep -q 'DEVIATION' out
    echo "$before" >>deviations
}
OTHER='signer 2|holds no office'

broken 'holds no office' place open --name 'By an officer' --key off.key
broken 'holds no office' case open --docket X --law Y --key cust.key
broken 'holds no office' allot 1 --key pros.key
broken "$OTHER" void $(name 49) --reason lost --key off.key
"$U" form seizure >form.ini 2>err
sed -i -e 's/^seizure-time *=.*/seizure-time = 2018-12-13T09:30:00+07:00/' -e 's/^seizure-place *=.*/seizure-place = port/' \
    -e 's/^authority *=.*/authority = Order 4/' -e 's/^owner *=.*/owner = Mr X/' form.ini
broken 'signer 2' seize $(name 8) form.ini --key off.key
printf 'ref,description,species,specimen,quantity,unit,weight_g,length_mm,condition,marks,package\nT,tusk,Loxodonta africana,TUS,1,piece,,,,,\n' >one.csv
act "$U" allot 1 --key cust.key
broken 'holds no office' register $(name 8) --items one.csv --key cust.key
broken 'holds no office' move $(name 10) --to "$(name 55)" --order X --key off.key
act "$U" seal $(name 50) --put-on S-1 --key off.key --key cust.key
broken 'is sealed' pack $(name 50) $(name 11) --key off.key
broken 'is sealed' unpack $(name 50) $(name 11) --key off.key
broken 'signer 2' seal $(name 12) --put-on S-2 --key off.key
broken 'seal' unseal $(name 12) --found S-2 --removed S-9 --reason inspection --key off.key --key cust.key
broken 'signer 2' reseal $(name 12) --found S-2 --removed S-2 --put-on S-3 --reason repacking --key off.key
broken 'is held by' release $(name 13) --to custodian --purpose storage --key off2.key
act "$U" release $(name 14) $(name 15) $(name 16) --to $(name 5) --purpose storage --key off.key
broken 'to whom it was released' accept $(name 14) --as inventoried --key off2.key
broken 'to whom it was released' refuse $(name 15) --reason misread --key off2.key
broken "$OTHER" withdraw $(name 16) --reason misread --key off.key
C='--counterparty Clerk --receipt r.jpg'
broken 'signer 2' handout $(name 17) --purpose court $C --key off.key
broken 'signer 2' takeback $(name 17) $C --key off.key
broken 'holds no office' shelve $(name 18) --place $(name 9) --key off.key
broken "$OTHER" consume $(name 19) --key off.key
broken 'signer 3' dispose $(name 20) --manner destroyed --order X --witness Y --viewed Z --key off.key --key cust.key
broken "$OTHER" same-as $(name 21) $(name 22) --reason 'one chip' --key off.key
broken "$OTHER" correct 9 --subject $(name 10) package=CRATE-9 --reason misread --key off.key
act "$U" release $(name 23) --to $(name 5) --purpose storage --key off.key
"$U" accept $(name 23) --as inventoried --signer $(name 5) --offline --draft late.draft $A >out 2>err
env -u UNBROKEN_LEDGER "$U" sign late.draft --yes --key cust.key $P >out 2>err
act "$U" person revoke $(name 5) --reason lost --key r1.key --key r2.key
broken 'holds no office' lodge late.draft --key off.key
broken "$OTHER" adopt "$(tail -n 1 deviations)" --reason 'signed in time' --key off2.key

# Where no rule can be broken, a deviation can be said all the same: a photograph was taken by somebody who should not have been there.
for deed in "note $(name 24) --text x" "attach r.jpg $(name 24)" "disclose $(name 24) --recipient X --disclosed Y"; do
    records >>deviations
    # shellcheck disable=SC2086
    run 0 'breach of custody' "$U" $deed --deviation 'said freely' --key off.key $A
done
# The register knows no deviation (SPEC 6.5): nobody becomes an officer by a reason.
before=$(records)
run 1 '' "$U" person appoint $(name 6) --office custodian --deviation 'in haste' --key off.key $A
run 1 '' "$U" person appoint $(name 6) --office custodian --deviation 'in haste' --key r1.key $A
run 2 'needs the reason' "$U" note $(name 24) --text x --key off.key --deviation '' $A
yes_if 'no office by a deviation' test "$(records)" = "$before"

# Both verifiers: status 3, each record by its number, and nothing else is said of deviations.
"$U" ledger policy >court.policy 2>err
run 0 '' "$U" bundle --all -o all.bundle --now $NOW
run 3 '' /usr/bin/python3 "$ROOT/tests/independent/verify.py" --policy court.policy --training --json all.bundle
cp out independent.json
run 3 'CUSTODY BROKEN' "$V" --policy court.policy --training all.bundle
sed -n 's/^ *record \([0-9]*\): deviation: .*/\1/p' out | sort -n >told
sort -n deviations >wanted
yes_if 'each deviation is told, and no other' cmp -s wanted told
python3 - wanted independent.json <<'END' >out 2>err
import json, sys
wanted = [int(line) for line in open(sys.argv[1])]
told = sorted(b['record'] for b in json.load(open(sys.argv[2]))['breaches'] if b['code'] == 'deviation')
sys.exit(0 if told == wanted else str((told, wanted)))
END
yes_if 'so it is by the second verifier' test ! -s err
verdict 3 "record .*: deviation" $(name 12)
finish
