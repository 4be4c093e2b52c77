#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when a court's copy of the judge's page is made of something that is no policy, when what a policy says becomes markup, when the keys that are told
# are not those built in, when anything else in the page changes, or when a file is overwritten unasked or half a file is left.
. tests/custody/lib.sh
[ "$(id -u)" -ne 0 ] || ROOT_USER=1

page() { "$U" page --policy "$1" -o "$2" >out 2>err; }
# holds PAGE POLICY: the page as it was built, with this policy's base64 in the one place, and nothing else changed.
holds() {
    /usr/bin/python3 - "$1" "$2" "$ROOT/build/check.html" <<'PY'
import base64, sys
page, policy, built = (open(path, "rb").read() for path in sys.argv[1:4])
place = b'"policy":null'
sys.exit(0 if built.count(place) == 1 and page == built.replace(place, b'"policy":"' + base64.b64encode(policy) + b'"') else 1)
PY
}
# refused CODE PATTERN POLICY: and no file.
refused() {
    run "$1" "$2" "$U" page --policy "$3" -o none.html
    yes_if "$3: nothing was written" sh -c '! ls none.html* 2>/dev/null | grep -q .'
}

make_ledger
"$U" ledger policy >court.policy 2>err

# --- what is told is what is built in ---
run 0 'judge.s page with this policy built in' "$U" page --policy court.policy -o check.html
yes_if 'the policy is in the page, and nothing else has changed' holds check.html court.policy
yes_if 'the SHA-256 of the page' grep -q "SHA-256 of the page:   $(sha256sum <check.html | cut -d' ' -f1)\$" out
yes_if 'the SHA-256 of the policy' grep -q "SHA-256 of the policy: $(sha256sum <court.policy | cut -d' ' -f1)\$" out
KEY=$(sed -n 's/^log [^+]*+[0-9a-f]*+//p' court.policy | base64 -d | tail -c 32 | sha256sum | cut -d' ' -f1)
yes_if 'the SHA-256 of the key' grep -q "SHA-256 of its key:  $KEY\$" out
yes_if 'name and key ID' grep -q "  log $(sed -n 's/^log \([^+]*\)+\([0-9a-f]*\)+.*/\1, key ID \2/p' court.policy)\$" out
yes_if 'that no witness is asked' grep -q 'asks for no witness' out
yes_if 'what to do next' grep -q '^next: compare' out
run 0 '"policy-sha256"' "$U" page --policy court.policy -o j.html --json
yes_if 'JSON says the same' /usr/bin/python3 - "$KEY" <<'PY'
import hashlib, json, sys
page = json.load(open("out"))["page"]
data = open("j.html", "rb").read()
assert page["file"] == "j.html" and page["bytes"] == len(data) and page["sha256"] == hashlib.sha256(data).hexdigest()
assert page["policy-sha256"] == hashlib.sha256(open("court.policy", "rb").read()).hexdigest()
assert [log["sha256"] for log in page["logs"]] == [sys.argv[1]] and page["witnesses"] == [] and page["quorum-none"] is True
PY
yes_if 'the same bytes twice' cmp -s check.html j.html

# --- witnesses and auditors have their names ---
for who in court ngo auditor; do
    "$U" witness init $who --name "$who.example/witness" | tail -1 | sed 's/^witness [^ ]*/witness '$who'/' >$who.line
done
{ sed '/^quorum/d' court.policy; cat court.line ngo.line auditor.line; echo 'group auditors all auditor'; echo 'group some any court ngo'; echo 'quorum some'; } >many.policy
run 0 '^  witness ngo.example/witness, key ID [0-9a-f]{8}$' "$U" page --policy many.policy -o many.html
yes_if 'an auditor is called one' grep -q '^  auditor auditor.example/witness, key ID' out
yes_if 'two halves of a quorum are told' grep -q 'two histories could be shown' out
yes_if 'many.policy is in the page' holds many.html many.policy

# --- nothing that a policy says is markup ---
{ echo '# </script><script>alert(1)</script> "policy":null <!-- ]]> សុខ'; cat court.policy; } >hostile.policy
run 0 '' "$U" page --policy hostile.policy -o hostile.html
yes_if 'hostile.policy is in the page' holds hostile.html hostile.policy
yes_if 'no text of it stands in the page' sh -c '! grep -q "alert(1)" hostile.html'

# --- large ones ---
{ cat court.policy; head -c 60000 /dev/zero | tr '\0' '#' | sed 's/^/# /'; echo; } >large.policy
run 0 '' "$U" page --policy large.policy -o large.html
yes_if 'large.policy is in the page' holds large.html large.policy
{ cat court.policy; head -c 66000 /dev/zero | tr '\0' '#'; echo; } >huge.policy
refused 1 'huge.policy: is larger than 65536 bytes' huge.policy

# --- what is no policy ---
{ cat court.policy; echo 'witness'; } >line.policy
refused 1 "line.policy: policy line $(wc -l <line.policy)" line.policy
sed '/^quorum/d' court.policy >open.policy
refused 1 'open.policy: policy line .*quorum' open.policy
echo 'quorum none' >nobody.policy
refused 1 'nobody.policy: trusts no ledger' nobody.policy
: >empty.policy
refused 1 'empty.policy: is empty' empty.policy
mkdir folder.policy
refused 1 'folder.policy: is not a regular file' folder.policy
refused 1 'absent.policy: there is no such file' absent.policy
refused 1 'check.html: is larger than 65536 bytes' check.html
"$U" bundle "$(name 10)" -o one.bundle --now $NOW >/dev/null 2>&1
refused 1 'one.bundle: policy line 1' one.bundle
mkfifo pipe.policy
refused 1 'pipe.policy: is not a regular file' pipe.policy

# --- a file stays what it is ---
echo mine >mine.html
run 1 'mine.html: exists and is not overwritten' "$U" page --policy court.policy -o mine.html
yes_if 'the hint' grep -q 'hint: --force' err
yes_if 'mine.html is what it was' grep -q mine mine.html
run 0 '' "$U" page --policy court.policy -o mine.html --force
yes_if 'with --force it is the page' cmp -s mine.html check.html
cp court.policy kept
run 1 'court.policy: is the policy' "$U" page --policy court.policy -o court.policy --force
ln -s court.policy link
run 1 'link: is the policy' "$U" page --policy court.policy -o link --force
yes_if 'the policy is what it was' cmp -s court.policy kept
run 1 'folder.policy: exists' "$U" page --policy court.policy -o folder.policy
run 1 'folder.policy: cannot be named' "$U" page --policy court.policy -o folder.policy --force
run 1 'nowhere/check.html: cannot be made' "$U" page --policy court.policy -o nowhere/check.html
if [ -e /dev/full ]; then
    run 1 'the output could not be written' sh -c '"$1" page --policy court.policy -o full.html >/dev/full' sh "$U"
fi
mkdir locked && chmod 500 locked
[ -n "${ROOT_USER:-}" ] || run 1 'locked/check.html: cannot be made' "$U" page --policy court.policy -o locked/check.html
yes_if 'nothing half is left' sh -c '! ls -A . locked folder.policy | grep -q tmp-'

# --- how it is asked for ---
run 2 'needs --policy' "$U" page -o x.html
run 2 'needs -o' "$U" page --policy court.policy
run 2 'one argument too many' "$U" page --policy court.policy -o x.html more
run 0 'unbroken page --policy court.policy -o check.html' "$U" page --help
run 0 '^  page ' "$U" --help
finish
