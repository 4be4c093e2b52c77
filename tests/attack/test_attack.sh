#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when an attack that needs no witness is not found, or is found under another name than SPEC 9 gives it. Each is tried in two forms:
# crude (the bundle file changed by someone without a key, as it is and with the whole-file check made anew) and clever (everything
# after the change hashed and signed anew by the station, which the attacker owns). What is found only with an older paper is tried without
# it too: the verdict must then say on whose word it stands.
# The recorder does not print labels yet: where a test needs one, the forger appends the act, signed with the officer's own key.
. tests/custody/lib.sh
A=$BIN/tests/attack/attack
C=$BIN/tests/attack/crude
. "$ROOT/tests/attack/world.sh"
. "$ROOT/tests/attack/checks.sh"

make_world

# --- the honest files ---
check 'the honest bundle' 0 '' item.bundle
check 'the honest bundle, with the older paper' 0 '' item.bundle --since old.checkpoint
check 'the honest bundle, with the older bundle' 0 '' item.bundle --since old.bundle
check 'the older bundle' 0 '' old.bundle
says 'on whose word' "station's word alone" item.bundle
"$C" none item.bundle crude.bundle
yes_if 'the crude attacker writes a bundle as it was' cmp -s item.bundle crude.bundle
"$A" none led forged.bundle --item $ITEM
check 'the forger makes good bundles' 0 '' forged.bundle

# --- a changed bit ---
crude 'a bit of a signed act' 1 not-in-tree bit --record $NOTE
crude 'a bit of a signature' 1 not-in-tree signature-bit --record $NOTE
clever 'a bit of a signed act' 1 "signature: record $NOTE" bit --record $NOTE
clever 'a bit of a signature' 1 "signature: record $NOTE" signature-bit --record $NOTE

# --- a record altered ---
crude 'pieces altered' 1 not-in-tree pieces --record $REGISTER --item $ITEM
crude 'a weight altered' 1 not-in-tree weight --record $REGISTER --item $ITEM
crude 'the claimed time altered' 1 not-in-tree claimed --record $REGISTER
crude 'the logged time altered' 1 not-in-tree logged --record $NOTE
clever 'pieces altered' 1 "signature: record $REGISTER" pieces --record $REGISTER
clever 'a weight altered' 1 "signature: record $REGISTER" weight --record $REGISTER
clever 'the claimed time altered' 1 "signature: record $REGISTER" claimed --record $REGISTER
clever 'the logged time altered' 1 seen logged --record $NOTE

# --- removed from the middle, re-ordered ---
crude 'a record removed' 1 incomplete drop --record $NOTE
crude 'records re-ordered in the file' 2 unreadable reorder --record $NOTE
clever 'a record removed' 1 seen remove --record $NOTE
clever 'a handover removed' 1 seen handover
clever 'two records re-ordered' 1 seen reorder --record $NOTE

# --- replayed ---
crude 'an act in the place of another' 1 not-in-tree again --record $NOTE
crude 'a record twice' 2 unreadable twice --record $NOTE
crude 'a record of another ledger' 1 not-in-tree graft --record $NOTE --from other.bundle
clever 'an act replayed' 1 replayed again --record $NOTE
clever 'an acceptance replayed' 1 replayed again --record $ACCEPT
clever 'an acceptance of another ledger' 1 foreign replay --from other
clever 'an acceptance of another ledger, renamed' 1 "signature: record $ACCEPT" renamed --from other
clever 'all records of another ledger' 1 'ledger-id' none --in other --as led

# --- withheld: a thread's last record, a revocation ---
crude "a thread's last record withheld" 1 incomplete drop --record $TAIL
crude "a thread's last record withheld, its head shortened" 1 leaf shorten --item $ITEM
clever "a thread's last record withheld" 1 incomplete tail
crude "a signer's revocation withheld" 1 incomplete drop --record $REVOKE
crude "a signer's head withheld" 1 incomplete leaf-withheld --item $OLD
clever "a signer's revocation withheld" 1 incomplete withhold --record $REVOKE
clever "a signer's revocation removed" 1 seen remove --record $REVOKE

# --- details and sheets ---
crude 'a detail withheld' 1 withheld detail-withheld --item $ITEM
crude 'a sheet withheld' 1 incomplete-sheet sheet-withheld
crude 'a detail rewritten' 1 withheld detail --item $ITEM
crude 'a detail and its sheet rewritten' 1 incomplete-sheet detail-sheet --item $ITEM
crude 'an entry without its sheet' 1 not-in-tree unhooked --record $REGISTER --item $ITEM
crude 'an attached file replaced' 2 surplus attachment
crude 'an attached file withheld, which is a finding' 0 attachment-absent attachment-withheld
clever 'a detail withheld' 1 withheld detail-withheld
clever 'a detail withheld and off its sheet' 1 "signature: record $REGISTER" detail-erased
clever 'a sheet withheld' 1 incomplete-sheet sheet-withheld
clever 'an entry without its sheet' 1 "signature: record $REGISTER" unhooked --record $REGISTER
clever 'a detail rewritten' 1 "signature: record $REGISTER" detail

# --- keys and offices ---
SIGN_OFF="--key off.key --passphrase-file pass --person $OFF --appointment 1"
SIGN_OLD="--key old.key --passphrase-file pass --person $OLD --appointment 1 --capacity 2"
clever 'the officer herself prints a label: no attack' 0 '' label $SIGN_OFF --capacity 2 --print 1
crude 'a swapped key' 1 not-in-tree swapped-key --record $ENROL --item $OFF
clever 'a swapped key' 1 "signature: record $ENROL" swapped-key --record $ENROL --item $OFF
clever 'a swapped key, all signed anew with it' 1 "signature: record $ENROL" taken-over --person $OFF
clever "another key's signature" 1 "key: record $NOTE" other-key --record $NOTE
clever "another key's signature under the right name" 1 "signature: record $NOTE" other-signature --record $NOTE
clever 'signatures exchanged' 1 "key: record $CORRECT" exchanged --record $CORRECT
crude 'a signer in another office' 1 not-in-tree capacity --record $NOTE --capacity 7
clever 'a signer in another office' 1 "signature: record $NOTE" capacity --record $NOTE --capacity 7
clever 'an officer who signs as prosecutor' 1 office label $SIGN_OFF --capacity 7 --print 1
clever 'a signer whose office has ended' 1 office label --key gone.key --passphrase-file pass --person $GONE --appointment 1 --capacity 2 --print 1
graft 'a signer without the office' label $SIGN_OFF --capacity 7 --print 1
clever "a revoked key's signature" 1 key label $SIGN_OLD --print 1
graft "a revoked key's signature" label $SIGN_OLD --print 1
clever 'a ghost officer, in the name of the registrars' 1 signature ghost
clever 'a ghost officer, with the help of one registrar' 1 authority ghost-helped --key r1.key --passphrase-file pass
clever 'a ghost officer who was never enrolled' 1 incomplete ghost-nobody
graft 'a ghost officer' ghost

# --- founded anew, training ---
check 'founded anew under the same name' 2 origin anew.bundle
clever 'founded anew, with the old origin line' 1 ledger-id none --in anew --as led
crude 'founded anew, with the old checkpoint' 2 '(unreadable|not-in-tree)' note --in anew.bundle --from item.bundle
verified 'a training ledger' 2 training --policy court.policy item.bundle
"$A" passed-off led forged.bundle --item $ITEM --policy forged.policy
verified 'its founding says that it is real' 1 'signature: record 0' --policy forged.policy forged.bundle
REAL=$(sed -n 's|^log \(.*\)/training/\([a-z2-7]*\)+.*|\1/\2|p' court.policy)
"$A" none led forged.bundle --item $ITEM --origin "$REAL" --policy forged.policy
verified 'its origin line says that it is real' 1 ledger-id --policy forged.policy forged.bundle
verified 'the same, where the court has its true name' 2 origin --policy court.policy --training forged.bundle
crude 'the word taken out of its checkpoint' 2 origin real
verified 'the same, where the court believes it' 2 unsigned --policy forged.policy crude.bundle

. "$ROOT/tests/attack/tags.sh"
. "$ROOT/tests/attack/papers.sh"
. "$ROOT/tests/attack/station.sh"
finish
