#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when a handover is complete without its receiver, a scan records what it refused, or an interruption records anything.
. tests/custody/lib.sh

make_ledger
A="$P --now $NOW"
act "$U" register $(name 8) --items $ROOT/tests/data/kohthom-2016-06-04.csv --key off.key
before=$(records)
run 2 'needs --to' "$U" release $(name 10) --purpose storage --key off.key $A
run 2 'one of storage' "$U" release $(name 10) --to custodian --purpose fun --key off.key $A
run 2 'needs SUBJECT' "$U" release --to custodian --purpose storage --key off.key $A
run 2 'not both' "$U" release $(name 10) --scan --to custodian --purpose storage --key off.key $A
run 1 'is held by' "$U" release $(name 10) --to custodian --purpose storage --key off2.key $A
run 1 'is unused' "$U" release $(name 40) --to custodian --purpose storage --key off.key $A
run 1 'is a case' "$U" release $(name 8) --to custodian --purpose storage --key off.key $A
run 1 'named twice' "$U" release $(name 10) $(name 10) --to custodian --purpose storage --key off.key $A
run 1 'not a time' "$U" release $(name 10) --to custodian --purpose storage --due soon --key off.key $A
run 2 'has passed already' "$U" release $(name 10) --to custodian --purpose storage --due 2018-12-12 --key off.key $A
run 1 'is held, not|is held$' "$U" accept $(name 10) --as inventoried --key cust.key $A
yes_if 'refusals record nothing' test "$(records)" = "$before"
run 0 "released 11: $(name 10)\.\.$(name 20): record [0-9]+$" "$U" release $(name 10)..$(name 20) --to $(name 5) --purpose storage --due 2018-12-14 --remarks 'by truck' --key off.key $A
run 0 'released 1:' "$U" release $(name 21) --to custodian --to $(name 9) --purpose storage --key off.key $A
run 0 '12 things' "$U" list --in-transit
run 0 '11 things' "$U" list --overdue --now 2018-12-16
run 0 '0 things' "$U" list --overdue --now $NOW
run 0 '22 things' "$U" list --held-by $(name 4)
run 1 'to whom it was released' "$U" accept $(name 10) --as inventoried --key off2.key $A
yes_if 'a breach is told with the way on' grep -q 'hint: .*--deviation REASON' err
run 2 'needs --discrepancy' "$U" accept $(name 10) --as discrepant --key cust.key $A
run 1 'in transit' "$U" release $(name 10) --to custodian --purpose storage --key off.key $A
run 2 'one of inventoried' "$U" accept $(name 10) --as new --key cust.key $A

# Scanning: CR LF, lower case, Khmer digits, a wrong name, one twice, one not in transit.
{
    printf '%s\r\n' "$(name 10)"
    printf '%s\n\n' "$(name 11 | tr 'A-Z' 'a-z')"
    name 12 | sed 's/-12-/-១២-/'
    name 11
    printf 'KHPP-13-%s\n' "$(name 13 | sed 's/.*-//' | tr '0-9A-Z' '1-9A-Z0')"
    name 22
    echo "$(name 13) pieces="
    printf '%5000d\n' 0
    printf '  %s  ' "$(name 21)"
} >scans
fed scans 0 'accepted 4:' "$U" accept --scan --as inventoried --place $(name 9) --key cust.key $A
yes_if 'answered one by one' test "$(grep -c '^ok' out)" = 4
yes_if 'no number of pieces is no seal' grep -q '^refused: pieces=N: one whole number$' err
yes_if 'a long line ends nothing' grep -q '^refused: a line of over 4096 bytes is no tag$' err
yes_if 'scanned twice' grep -q 'scanned already' err
yes_if 'the nearest right name' grep -q 'nearest right name is KHPP-' err
yes_if 'not in transit' grep -q "$(name 22) is held" err
yes_if 'how many were refused' grep -q '5 scanned lines' err
yes_if 'two releases, two acceptances' grep -qE 'records ([0-9]+) to ' out
run 0 "holder: $(name 5)" "$U" show $(name 21)
: >nothing
before=$(records)
fed nothing 1 'nothing was scanned' "$U" accept --scan --as inventoried --key cust.key $A

# Interrupted: nothing, and it says so.
python3 - "$U" "$(name 13)" <<'END' >out 2>err
import os, signal, subprocess, sys, time
for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    p = subprocess.Popen([sys.argv[1], 'accept', '--scan', '--as', 'inventoried', '--key', 'cust.key', '--passphrase-file', 'pass',
                          '--now', '2018-12-13T10:00:00+07:00'], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE)
    p.stdin.write(sys.argv[2].encode() + b'\n')
    p.stdin.flush()
    line = b''
    while not line.startswith(b'ok'):  # the answer comes before the end of input
        line = p.stdout.readline()
    p.send_signal(sig)
    out, err = p.communicate(timeout=60)
    print(p.returncode, b'nothing was recorded' in err)
END
yes_if 'an interrupted scan fails and says so' test "$(grep -c '^1 True' out)" = 3
yes_if 'an interrupted scan records nothing' test "$(records)" = "$before"

run 2 'one of not present' "$U" refuse $(name 13) --reason dirty --key cust.key $A
run 0 'refused 1' "$U" refuse $(name 13) --reason 'not present' --key cust.key $A
run 0 "holder: $(name 4)" "$U" show $(name 13)
run 1 '' "$U" withdraw $(name 14) --reason misread --key off.key $A
run 0 'withdrawn 1' "$U" withdraw $(name 14) --reason misread --key off.key --key cust.key $A
run 1 '' "$U" accept $(name 15) --as discrepant --pieces $(name 15)=99 --key cust.key $A
run 0 'breach of custody' "$U" accept $(name 15) --as discrepant --pieces $(name 15)=99 --discrepancy 'one more' --deviation 'counted twice' --key cust.key $A
run 0 'DEVIATION' "$U" history $(name 15)
run 0 'accepted 5' "$U" accept $(name 16)..$(name 20) --as sealed --key cust.key $A
run 0 'accept' "$U" history $(name 16)
finish
