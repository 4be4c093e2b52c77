#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when founding leaves something half-made, a key is overwritten, a real ledger takes a clock, or care of a ledger fails.
. tests/custody/lib.sh

make_keys r1 r2 r3 r4
run 1 'exists' "$U" key new r1.key $P
run 1 'no terminal' setsid "$U" key new other.key
yes_if 'no key is left' test ! -e other.key
yes_if 'mode 600' test "$(stat -c %a r1.key)" = 600
run 0 '^ed25519:' "$U" key show r1.key
run 0 '"kid"' "$U" key show r1.key --json
run 1 'no such file' "$U" key show nowhere.key
: >empty
run 1 'first line is empty' "$U" key new other.key --passphrase-file empty

# On a terminal: asked twice, without echo.
ask() {
    python3 - "$U" "$@" <<'END' >out 2>err
import os, pty, sys
answers = sys.argv[3:]
pid, fd = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], [sys.argv[1], 'key', 'new', sys.argv[2]])
seen = b''
for answer in answers:
    while not seen.endswith(b': '):
        seen += os.read(fd, 1024)
    seen += b'|'
    os.write(fd, answer.encode() + b'\n')
try:
    while True:
        more = os.read(fd, 1024)
        if not more:
            break
        seen += more
except OSError:
    pass
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), seen)
END
}
ask asked.key xyzzy xyzzy
yes_if 'asked twice' grep -q '^0 .*passphrase of asked.key.*again' out
yes_if 'no echo' sh -c '! grep -q xyzzy out'
echo xyzzy >xyzzy
run 0 'ed25519' "$U" key show asked.key
ask stopped.key "$(printf '\003')"
yes_if 'Ctrl-C ends the question' grep -q '^1 .*no passphrase' out
yes_if 'no key of what was stopped' test ! -e stopped.key
ask differ.key one two
yes_if 'two that differ are refused' grep -q '^1 .*differ' out
yes_if 'no key of what failed' test ! -e differ.key

INIT="$U ledger init led --origin kh-pp.example/custody --code KHPP --threshold 2"
R='--registrar r1.key --registrar r2.key --registrar r3.key'
run 2 'needs --origin' "$U" ledger init led --code KHPP --threshold 2 $R $P
run 2 '2 registrars' $INIT --registrar r1.key --registrar r2.key $P
run 1 'same key' $INIT --registrar r1.key --registrar r2.key --registrar ./r1.key $P
run 2 'training ledgers only' $INIT $R $P --now $NOW
run 2 '--code khpp' "$U" ledger init led --origin a.example --code khpp --threshold 2 $R $P
run 2 'like kh-pp.example/custody' "$U" ledger init led --origin 'BAD ORIGIN' --code KHPP --threshold 2 $R $P
echo wrong >wrongpass
run 1 'passphrase is wrong' $INIT $R --passphrase-file wrongpass
chmod 644 r2.key
run 1 'others may read it' $INIT $R $P
chmod 600 r2.key
yes_if 'nothing is left of what failed' test ! -e led
run 0 'founded kh-pp.example/custody/[a-z2-7]{52}$' $INIT $R $P
yes_if 'no TRAINING in a real ledger' sh -c '! grep -q TRAINING out'
run 1 '' $INIT $R $P
UNBROKEN_LEDGER=led
export UNBROKEN_LEDGER
run 2 'training ledgers only' "$U" ledger checkpoint --now $NOW
run 0 'kh-pp.example/custody/' "$U" ledger checkpoint
"$U" ledger checkpoint >again 2>/dev/null
yes_if 'nothing new: the same checkpoint' cmp -s out again
run 0 '2 records' "$U" ledger status
run 0 '"checkpoint": 2' "$U" ledger status --json
run 0 '^log kh-pp' "$U" ledger policy
run 0 'everything holds' "$U" ledger fsck
run 0 '"holds": true' "$U" ledger fsck --json
run 0 'backup in' "$U" ledger backup copy
run 1 '' "$U" ledger backup copy
run 0 'everything holds' "$U" ledger fsck --ledger copy
yes_if 'the backup is whole' test -s copy/data.mdb -a -s copy/station.key
yes_if 'nobody else reads the backup' test "$(stat -c %a copy/data.mdb)" = 600
run 0 'no signed head is remembered' "$U" ledger status --ledger copy

# Several at once, on the machine's own clock: each waits for its turn, and no second that passes meanwhile is a step back.
run 0 'enrolled' "$U" person enrol --name One --office officer --key r1.key --key r2.key --key r4.key $P
before=$(records)
for writer in 1 2 3 4; do
    for i in 1 2 3 4 5 6; do
        "$U" note $(name 4) --text "$writer $i" --key r4.key $P >>noted.$writer 2>&1
    done &
done
for i in 1 2 3; do
    "$U" ledger checkpoint >/dev/null 2>>noted.0
done
wait
cat noted.[1-4] >out
cat noted.0 >err
yes_if 'every note is recorded' test "$(grep -c '^noted' out)" = 24
yes_if 'every checkpoint is signed' test ! -s err
run 0 'everything holds' "$U" ledger fsck
yes_if 'each once' test "$(records)" -ge $((before + 24))
run 0 '' "$U" ledger checkpoint
cp -r led/data.mdb now.mdb
cp copy/data.mdb led/data.mdb
run 0 '^BEHIND' "$U" ledger status
cp now.mdb led/data.mdb

# A full disk, where a small one can be made.
mkdir full
if mount -t tmpfs -o size=1m none full 2>/dev/null; then
    run 1 'make space' "$U" ledger init full/led --origin a.example --code KHPP --threshold 2 $R $P --training --now $NOW
    yes_if 'nothing is left on the full disk' test -z "$(ls -A full)"
    umount full
fi

# After a quiet month, or a step back, registrars say that the clock is right; then the station goes on.
C='--key r1.key --key r2.key'
run 0 'founded' "$U" ledger init quiet --origin a.example --code KHPP --threshold 2 $R $P --training --now 2018-06-01
run 1 'unbroken ledger clock' "$U" person enrol --name X --office officer $C --key r4.key $P --ledger quiet --now 2018-12-13
run 2 'needs --reason' "$U" ledger clock $C $P --ledger quiet --now 2018-12-13
run 1 'signed by 1' "$U" ledger clock --reason quiet --key r1.key $P --ledger quiet --now 2018-12-13
run 0 'clock' "$U" ledger clock --reason quiet $C $P --ledger quiet --now 2018-12-13
run 0 'enrolled' "$U" person enrol --name X --office officer $C --key r4.key $P --ledger quiet --now 2018-12-13
run 0 'everything holds' "$U" ledger fsck --ledger quiet

# A training ledger says so everywhere.
run 0 '^TRAINING' "$U" ledger init train --origin a.example --code KHPP --threshold 1 $R $P --training --now $NOW
for command in 'ledger status' 'ledger fsck' 'ledger policy' 'person list' list 'show 0' "history $(name 1)" 'find x' \
    "ledger checkpoint --now $NOW"; do
    # shellcheck disable=SC2086
    run 0 TRAINING "$U" $command --ledger train
done
run 0 '"training": true' "$U" list --json --ledger train
run 1 TRAINING "$U" show 99 --ledger train
run 1 'there is no record 99' "$U" show 99 --ledger train
finish
