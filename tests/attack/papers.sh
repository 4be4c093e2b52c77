# SPDX-License-Identifier: Apache-2.0
#
# What only an older paper finds (SPEC V14): the end cut off, a backup restored, a stale bundle, history rewritten. Without a paper the
# verdict is "intact", and says on whose word. Sourced by test_attack.sh.

ALONE="no witness of the policy has cosigned; that stands on the station's word alone. Compare with an older paper or file"
N=$(sed -n 2p new.checkpoint)

# unseen WHAT FILE: intact, on the station's word.
unseen() {
    check "$1, without a paper" 0 '' "$2"
    says "$1: on whose word" "As of record [0-9]+, .*the station's word alone\\); nothing later is covered" "$2"
    says "$1: on whose word" "$ALONE" "$2"
}
# seen WHAT STATUS CODE FILE: with the checkpoint that the court kept, and with its bundle.
seen() {
    check "$1, with the paper" "$2" "$3" "$4" --since new.checkpoint
    check "$1, with the older bundle" "$2" "$3" "$4" --since item.bundle
}

# The end cut off.
made "$A" cut led cut.bundle --item $ITEM
unseen 'the end cut off' cut.bundle
seen 'the end cut off' 2 stale cut.bundle
check 'the end cut off, with a paper from before the cut' 0 '' cut.bundle --since old.checkpoint
crude 'the end cut off' 2 unreadable note --from old.bundle

# A stale bundle.
unseen 'a stale bundle' old.bundle
seen 'a stale bundle' 2 stale old.bundle
check 'a stale bundle, by the time asked for' 2 stale old.bundle --as-of 2018-12-14T00:00:00Z

# The past rewritten: the same length, longer, and longer with an older view of its own.
made "$A" logged led past.bundle --item $ITEM --record $TAIL
unseen 'the past rewritten' past.bundle
seen 'the past rewritten' 1 fork past.bundle
made "$A" rewritten led past.bundle --item $ITEM --record $TAIL $SIGN_OFF --capacity 2 --print 1
unseen 'the past rewritten and continued' past.bundle
seen 'the past rewritten and continued' 2 since-unproven past.bundle
made "$A" rewritten led past.bundle --item $ITEM --record $TAIL $SIGN_OFF --capacity 2 --print 1 --anchor $N
unseen 'the past rewritten, with an older view' past.bundle
seen 'the past rewritten, with an older view' 1 fork past.bundle
made "$A" none led past.bundle --item $ITEM --anchor $N
seen 'an honest older view' 0 '' past.bundle

# A record removed where nobody whose act is in the bundle had seen it: the verdict of that one thing does not know.
made "$A" remove led past.bundle --item $SPOILT --record $VOID
unseen 'a voiding removed from history' past.bundle
seen 'a voiding removed from history' 2 stale past.bundle
made "$A" removed-then-signed led past.bundle --item 13 --record $REVOKE $SIGN_OLD --print 1
unseen 'a revocation removed, and the key used' past.bundle
seen 'a revocation removed, and the key used' 1 fork past.bundle
made "$A" removed-then-signed led past.bundle --item $ITEM --record $REVOKE $SIGN_OLD --print 1
check 'a revocation removed, and the key used on what others have handled since' 1 seen past.bundle
made "$A" remove led past.bundle --item 14 --record $LONELY
unseen "a thread's last record removed from history" past.bundle
seen "a thread's last record removed from history" 2 stale past.bundle

# Heads that lie: only who has replayed everything can know; the verdict says so. A checkpoint of that size in anyone's hands is a fork.
for hidden in $TAIL $REVOKE; do
    made "$A" hidden led past.bundle --item $ITEM --record $hidden
    unseen "false heads that hide record $hidden" past.bundle
    says 'false heads: on whose word' '"whole" stands on the station.s heads, and a false one can be exposed by anyone' past.bundle
    seen "false heads that hide record $hidden" 1 fork past.bundle
done

# A paper of another history is no paper.
check "another ledger's paper" 2 since-unreadable item.bundle --since other.checkpoint
check 'a paper of a ledger founded anew' 2 since-unreadable item.bundle --since anew.bundle
sed '3{s/A=$/E=/;t;s/.=$/A=/}' new.checkpoint >altered.checkpoint
check 'an altered paper' 2 since-unreadable item.bundle --since altered.checkpoint
