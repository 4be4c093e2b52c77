#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when a thing ends without its order, its three signers or a word on what was viewed; when a container ends and what is
# in it has no end of its own; when a thing changes its case without a prosecutor.
. tests/custody/lib.sh

make_ledger
A="$P --now $NOW"
S3="--key off.key --key cust.key --key pros.key"
cat >list.csv <<'END'
ref,description,species,specimen,quantity,unit,weight_g,length_mm,condition,marks,package
T-01,tusk,Loxodonta africana,TUS,1,piece,4200,,whole,,CRATE-1
T-02,tusk,Loxodonta africana,TUS,1,piece,3900,,whole,,CRATE-1
T-03,scales,Manis javanica,SCA,12,piece,900,,dry,,CRATE-2
T-04,powder,Manis javanica,POW,1,piece,20,,dry,,CRATE-3
END
act "$U" allot 6 --containers --key off.key
act "$U" register $(name 8) --items list.csv --container $(name 50) --container $(name 51) --container $(name 52) --container $(name 53) --key off.key
# Things 10 to 13, containers 50 to 53. 51 with a thing in 50, which is sealed with a tusk in it; 52 holds one thing; 53 is empty.
act "$U" pack $(name 51) $(name 11) --key off.key
act "$U" pack $(name 50) $(name 10) $(name 51) --key off.key
act "$U" seal $(name 50) --put-on SEAL-1 --key off.key --key cust.key
act "$U" pack $(name 52) $(name 12) --key off.key
before=$(records)
dispose() { "$U" dispose "$@" $A; }

# What a court must be told, and who must sign.
run 2 'needs --viewed' dispose $(name 13) --manner destroyed --order 'Order 7' --witness A $S3
run 2 'needs --order' dispose $(name 13) --manner destroyed --viewed all --witness A $S3
run 2 'order is empty' dispose $(name 13) --manner destroyed --order '' --viewed all --witness A $S3
run 2 'needs --witness' dispose $(name 13) --manner destroyed --order 'Order 7' --viewed all $S3
run 2 'needs --manner' dispose $(name 13) --order 'Order 7' --viewed all --witness A $S3
run 2 'one of destroyed' dispose $(name 13) --manner sold --order 'Order 7' --viewed all --witness A $S3
D="--manner destroyed --order Order-7 --viewed each-thing --witness Vannak"
run 1 'signer 3: prosecutor or court' dispose $(name 13) $D --key off.key --key cust.key
run 1 'signer 2|holds no office' dispose $(name 13) $D --key off.key --key off2.key
run 1 'is held by' dispose $(name 13) $D --key cust.key --key off.key --key pros.key
run 1 'is unused' dispose $(name 20) $D $S3
run 1 'is a case' dispose $(name 8) $D $S3
run 1 'is packed in' dispose $(name 12) $D $S3
# A container and what is in it.
run 1 'there are things in' dispose $(name 52) $D $S3
yes_if 'with the way on' grep -q 'hint: --with-contents' err
run 1 'there are things in' "$U" consume $(name 52) --key off.key --key cust.key $A
run 1 'is sealed: it is opened first' dispose $(name 50) $D --with-contents $S3
run 1 'the seal numbers found' dispose $(name 50) $D $S3
run 2 'takes names, not --scan' dispose --scan $D --with-contents $S3
yes_if 'refusals record nothing' test "$(records)" = "$before"

act "$U" unseal $(name 50) --found SEAL-1 --removed SEAL-1 --reason inspection --key off.key --key cust.key
run 0 "disposed of 2: $(name 10), $(name 11): records" dispose $(name 50) $D --with-contents $S3
run 0 'state: closed' "$U" show $(name 10)
run 0 'state: closed' "$U" show $(name 11)
run 0 'state: closed' "$U" show $(name 50)
run 0 'state: closed' "$U" show $(name 51)
yes_if 'and its end is in the case' sh -c "'$U' history $(name 8) | grep -q dispose"
run 0 'viewed: each-thing' "$U" show $(name 10)
run 1 'is closed' dispose $(name 10) $D $S3
run 1 'is closed' "$U" release $(name 10) --to custodian --purpose storage --key off.key $A
run 0 'noted' "$U" note $(name 10) --text 'photographs kept' --key off.key $A
verdict 0 'custody unbroken' $(name 10)
verdict 0 'custody unbroken' $(name 50) $(name 51)

# The same in a draft: nothing is taken out until all have signed.
run 0 'draft of 2 acts' dispose $(name 52) $D --with-contents --key off.key --signer $(name 5) --signer $(name 7) --draft d.draft
run 0 "in: $(name 52)" "$U" show $(name 12)
run 0 'others are still to sign' "$U" sign d.draft --yes --key cust.key $P
run 0 'viewed: each-thing' "$U" sign d.draft --yes --key pros.key $P
run 0 'recorded 2 acts' "$U" submit d.draft --now $NOW
verdict 0 'custody unbroken' $(name 12)
# A sample used up; an empty container by order.
run 1 'signer 2|holds no office' "$U" consume $(name 13) --method 'DNA extraction' --key off.key --key off2.key $A
run 0 'consumed 1' "$U" consume $(name 13) --method 'DNA extraction' --key off.key --key cust.key $A
run 0 'consumed in testing' "$U" history $(name 13)
run 0 'disposed of 1' dispose $(name 53) $D $S3
verdict 0 'custody unbroken' $(name 13) $(name 53)

# With a deviation it is recorded, and every verdict says what became of the things.
act "$U" register $(name 8) --items list.csv --container $(name 54) --key off.key
act "$U" pack $(name 54) $(name 14) --key off.key
run 0 "breach of custody: .*is closed by this .dispose. while things are in it" dispose $(name 54) $D --deviation 'burnt unopened' $S3
verdict 3 'while things are in it' $(name 14)
verdict 3 'while things are in it' $(name 54)
verdict 0 'custody unbroken' $(name 13) # what was done to another thing of its case is not held against it

# Another case.
act "$U" case open --docket 'PP 9/2019' --law 'Forestry Law, Article 97' --key off.key
other=$(name $(($("$U" ledger status --json | sed -n 's/.*"subjects": \([0-9]*\).*/\1/p') - 1)))
before=$(records)
run 2 'needs --to' "$U" move $(name 15) --order X --key pros.key $A
run 2 'needs --order' "$U" move $(name 15) --to $other --key pros.key $A
run 1 'holds no office' "$U" move $(name 15) --to $other --order X --key off.key $A
run 1 'is not|not a case|is an item' "$U" move $(name 15) --to $(name 16) --order X --key pros.key $A
run 1 'of that case already' "$U" move $(name 15) --to $(name 8) --order X --key pros.key $A
run 1 'is closed' "$U" move $(name 14) --to $other --order X --key pros.key $A
yes_if 'refusals record nothing' test "$(records)" = "$before"
run 0 "moved 2: $(name 15), $(name 16)" "$U" move $(name 15)..$(name 16) --to $other --order 'Prosecutor 31/19' --key pros.key $A
run 0 "case: $other" "$U" show $(name 15)
verdict 0 'custody unbroken' $(name 15) $other
# What ends is told in its own case: one act for each.
run 0 'disposed of 2: .*: records' dispose $(name 16) $(name 17) $D $S3
yes_if 'one in each case' sh -c "'$U' history $(name 8) | grep -q 'dispose' && '$U' history $other | grep -q dispose"

# Papers: one thing with two numbers; what was given to whom.
run 2 'needs SUBJECT SUBJECT' "$U" same-as $(name 15) --reason X --key off.key --key cust.key $A
run 2 'two things, not 3' "$U" same-as $(name 15) $(name 20)..$(name 21) --reason X --key off.key --key cust.key $A
run 2 'needs --reason' "$U" same-as $(name 15) $(name 20) --key off.key --key cust.key $A
run 1 'twice' "$U" same-as $(name 15) $(name 15) --reason X --key off.key --key cust.key $A
run 1 'signer 2|holds no office' "$U" same-as $(name 15) $(name 20) --reason X --key off.key --key off2.key $A
run 0 'the same thing' "$U" same-as $(name 15) $(name 20) --reason 'tagged twice' --key off.key --key cust.key $A
run 2 'needs --recipient' "$U" disclose $(name 8) --disclosed X --key pros.key $A
run 2 'needs --disclosed' "$U" disclose $(name 8) --recipient X --key pros.key $A
run 0 'disclosure recorded' "$U" disclose $(name 8) $(name 15) --recipient 'Defence: Mr Heng' --disclosed 'bundle of 5 March' --key pros.key $A
run 0 'recipient: Defence: Mr Heng' "$U" show $(name 15)
verdict 0 'custody unbroken' $(name 15) $(name 20)
finish
