#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# demo: the Phnom Penh port seizure of 13 December 2018, from tests/data/, on a training ledger: from the founding to the verdict, and
# then seven attacks by an administrator who owns the machine and the station's key. Writes $BUILD/demo/.
set -eu

BUILD=${BUILD:-build}
OUT=$BUILD/demo
UNBROKEN=$BUILD/unbroken
VERIFY=$BUILD/unbroken-verify
ATTACK=$BUILD/tests/attack/attack
DATA=tests/data/ppap-2018-12-13.csv

die() { echo "demo: error: $*" >&2; exit 1; }

for program in "$UNBROKEN" "$VERIFY" "$ATTACK"; do
	[ -x "$program" ] || die "$program is missing: make demo builds it"
done
case $OUT in */demo) rm -rf "$OUT" ;; *) die "will not empty $OUT" ;; esac
mkdir -p "$OUT/keys" "$OUT/court" "$OUT/attacks"
: >"$OUT/transcript.txt"
PASS=$OUT/keys/passphrase
(umask 077 && echo 'practice makes perfect 2018' >"$PASS")
UNBROKEN_LEDGER=$OUT/ledger
export UNBROKEN_LEDGER

say() { printf '%s\n' "$*" | tee -a "$OUT/transcript.txt"; }
title() { say ""; say "== $*"; }

# Every command stands in the transcript with all that it answers; on the screen only what matters.
quiet() {
	{ printf '$'; printf ' %s' "$@"; printf '\n'; } >>"$OUT/transcript.txt"
	if ! "$@" >"$OUT/last.txt" 2>&1; then
		cat "$OUT/last.txt" >>"$OUT/transcript.txt"
		cat "$OUT/last.txt" >&2
		die "the command failed: $*"
	fi
	cat "$OUT/last.txt" >>"$OUT/transcript.txt"
}
loud() { quiet "$@"; grep -v '^TRAINING ledger' "$OUT/last.txt" | sed 's/^/   /'; }

# act TIME KEY... -- COMMAND...: one act at that time, signed with these keys.
act() {
	when=$1; shift
	keys=
	while [ "$1" != -- ]; do keys="$keys --key $OUT/keys/$1.key"; shift; done
	shift
	# shellcheck disable=SC2086
	loud "$UNBROKEN" "$@" --now "2018-12-$when:00+07:00" $keys --passphrase-file "$PASS"
}
name_in() { grep -o 'KHPP-[0-9]*-[0-9A-Z]' "$OUT/last.txt" | head -1; }

# court TIME FILE: the court keeps a signed head in its drawer.
checkpoint() {
	quiet "$UNBROKEN" ledger checkpoint --now "2018-12-$1:00+07:00"
	"$UNBROKEN" ledger checkpoint --now "2018-12-$1:00+07:00" 2>/dev/null | sed '/^TRAINING/d' >"$OUT/court/$2"
	say "   the court keeps $OUT/court/$2: $(sed -n 2p "$OUT/court/$2") records"
}

# verdict WANTED CODE FILE [OPTION...]: the judge's check must end with that status and name that reason.
verdict() {
	wanted=$1; code=$2; file=$3; shift 3
	got=0
	{ printf '$ unbroken-verify --policy court.policy --training %s' "$file"; printf ' %s' "$@"; printf '\n'; } >>"$OUT/transcript.txt"
	"$VERIFY" --policy "$OUT/court.policy" --training "$file" "$@" >"$OUT/last.txt" 2>&1 || got=$?
	cat "$OUT/last.txt" >>"$OUT/transcript.txt"
	say "   status $got: $(head -1 "$OUT/last.txt")"
	[ "$got" -eq "$wanted" ] || { cat "$OUT/last.txt" >&2; die "$file: status $got, not $wanted"; }
	case $code in
	'') ;;
	*)
		grep -q "^  $code: " "$OUT/last.txt" || { cat "$OUT/last.txt" >&2; die "$file: the reason is not \"$code\""; }
		say "   $(grep -m1 "^  $code: " "$OUT/last.txt" | sed 's/^ *//')"
		;;
	esac
}

say "The Phnom Penh port seizure, 13 December 2018: 1,026 pieces of ivory, 3,230 kg (tests/data/README.md says what"
say "was published and what is made up). A TRAINING ledger with its clock set to December 2018."

title "Three registrars found the ledger; two of them must sign"
for who in court customs forestry dara vanna thida rithy sophal chenda; do
	quiet "$UNBROKEN" key new "$OUT/keys/$who.key" --passphrase-file "$PASS"
done
loud "$UNBROKEN" ledger init "$OUT/ledger" --origin kh-pp.example/custody --code KHPP --threshold 2 --training \
	--now 2018-12-01T08:00:00+07:00 --passphrase-file "$PASS" \
	--registrar "$OUT/keys/court.key,name=Chan Sophea,agency=Court registry, Phnom Penh" \
	--registrar "$OUT/keys/customs.key,name=Kim Sreyleak,agency=Customs headquarters" \
	--registrar "$OUT/keys/forestry.key,name=Ouk Borin,agency=Forestry Administration"
quiet "$UNBROKEN" ledger policy
sed '/^TRAINING ledger/d' "$OUT/last.txt" >"$OUT/court.policy"

title "Two officers, two custodians, an expert, a prosecutor; a store"
enrol() { act "01T0$1" court customs "$2" -- person enrol --name "$3" --agency "$4" --office "$5"; name=$(name_in); }
enrol 9:00 dara 'សុខ ដារ៉ា (Sok Dara)' 'Customs, Phnom Penh port' officer;  DARA=$name
enrol 9:01 vanna 'Chea Vanna' 'Forestry Administration' officer
enrol 9:02 thida 'Nguyễn Thị Da' 'Customs store' custodian;                 THIDA=$name
enrol 9:03 rithy 'Heng Rithy' 'Customs store' custodian
enrol 9:04 sophal 'Pich Sophal' 'Wildlife laboratory' expert
enrol 9:05 chenda 'Meas Chenda' 'Phnom Penh prosecution' prosecutor
act 01T09:10 thida -- place open --name 'Customs store, Phnom Penh';        STORE=$(name_in)

title "The case, and the record of search and seizure, before two civilian witnesses"
act 13T08:00 chenda -- case open --docket 'PP 214/2018' --law 'Forestry Law 2002, Article 97' --case-number 'PP-2018-1213'
CASE=$(name_in)
cat >"$OUT/seizure.ini" <<-FORM
	[seizure]
	seizure-time = 2018-12-13T09:30:00+07:00
	seizure-place = Phnom Penh Autonomous Port, container yard
	authority = Authorisation of the Phnom Penh prosecutor, 12 December 2018, 16:00
	detecting-agency = General Department of Customs and Excise
	officer-present = Sok Dara, Customs
	officer-present = Chea Vanna, Forestry Administration
	detection-method = Container abandoned; opened by hand
	means-of-transport = Sea container
	concealment = Among blocks of marble
	route-origin = MZ
	route-destination = KH
	witness = Village chief, Russey Keo (made up for practice)
	witness = Dock worker (made up for practice)
FORM
act 13T09:40 dara vanna -- seize "$CASE" "$OUT/seizure.ini"

title "1,060 numbers are allotted, one tag is spoilt, 1,026 tusks and pieces are registered from the officer's list"
act 13T10:00 dara -- allot 1060
FIRST=$(name_in)
LAST=$(grep -o 'KHPP-[0-9]*-[0-9A-Z]' "$OUT/last.txt" | tail -1)
act 13T10:05 dara thida -- void "$LAST" --reason misprinted
act 13T11:00 dara -- register "$CASE" --items "$DATA"
quiet "$UNBROKEN" list --case "$CASE"
quiet "$UNBROKEN" show "$FIRST"
checkpoint 13T12:00 after-registering.checkpoint

title "Everything goes to the store by one list of scans; one tag is misread there, refused, and handed over again"
"$UNBROKEN" list --case "$CASE" | grep -o '^KHPP-[0-9]*-[0-9A-Z]' >"$OUT/scans.txt"
say "   $(wc -l <"$OUT/scans.txt") lines from the scanner"
scan() {
	list=$1; when=$2; who=$3; shift 3
	{ printf '$'; printf ' %s' unbroken "$@"; printf ' < %s\n' "$list"; } >>"$OUT/transcript.txt"
	"$UNBROKEN" "$@" --scan --now "2018-12-$when:00+07:00" --key "$OUT/keys/$who.key" --passphrase-file "$PASS" \
		<"$list" >"$OUT/last.txt" 2>&1 || { tail -5 "$OUT/last.txt" >&2; die "the scan failed"; }
	cat "$OUT/last.txt" >>"$OUT/transcript.txt"
	say "   $(tail -1 "$OUT/last.txt" | cut -c1-150)"
}
scan "$OUT/scans.txt" 13T13:00 dara release --to "$THIDA" --purpose storage --due 2018-12-14
BAD=$(sed -n 700p "$OUT/scans.txt")
grep -v -x "$BAD" "$OUT/scans.txt" >"$OUT/accepted.txt"
scan "$OUT/accepted.txt" 13T15:00 thida accept --as inventoried --place "$STORE"
act 13T15:10 thida -- refuse "$BAD" --reason misread
act 13T15:20 dara -- release "$BAD" --to "$THIDA" --purpose storage
act 13T15:30 thida -- accept "$BAD" --as inventoried --place "$STORE"
checkpoint 13T16:00 after-handover.checkpoint

title "One length was written down wrongly: corrected by its author, countersigned by the custodian"
TUSK=$(sed -n 17p "$OUT/scans.txt")
quiet "$UNBROKEN" history "$TUSK" --json
RECORD=$(tr -d ' \n' <"$OUT/last.txt" | grep -o '{[^{}]*"register"[^{}]*}' | head -1 | grep -o '"record":"*[0-9]*' | grep -o '[0-9]*$')
[ -n "$RECORD" ] || die "the record that registers $TUSK was not found"
act 14T09:00 dara thida -- correct "$RECORD" --subject "$TUSK" length-mm=640 --reason 'read from the wrong end of the tape'
act 14T10:00 sophal -- note "$TUSK" --text 'Schreger lines seen at the cut: ivory.'
checkpoint 14T12:00 receipt.checkpoint

title "The prosecutor makes two files: the whole case, and one tusk. The judge checks them offline"
quiet "$UNBROKEN" bundle "$CASE" -o "$OUT/case.bundle" --now 2018-12-14T13:00:00+07:00
say "   $OUT/case.bundle: $(wc -c <"$OUT/case.bundle") bytes"
verdict 0 '' "$OUT/case.bundle"
quiet "$UNBROKEN" bundle "$TUSK" -o "$OUT/item.bundle" --now 2018-12-14T13:00:00+07:00
say "   $OUT/item.bundle: $(wc -c <"$OUT/item.bundle") bytes, $TUSK"
verdict 0 '' "$OUT/item.bundle" --since "$OUT/court/receipt.checkpoint"
grep '^  record' "$OUT/last.txt" | sed 's/^/   /'
quiet "$UNBROKEN" ledger fsck
say "   fsck: $(tail -1 "$OUT/last.txt")"

title "Now the administrator tries. He owns the machine and the station's key, and hashes and signs everything anew"
NUMBER=$(echo "$TUSK" | cut -d- -f2)
copy() { rm -rf "$OUT/attacks/ledger" "$OUT/attacks/ledger.head"; cp -r "$OUT/ledger" "$OUT/attacks/ledger"; }
attack() {
	copy
	quiet "$ATTACK" "$1" "$OUT/attacks/ledger" "$OUT/attacks/$1.bundle" --item "$NUMBER" $4
	verdict "$2" "$3" "$OUT/attacks/$1.bundle"
}
say "1. A detail's weight rewritten"
attack detail 1 signature ''
say "2. A handover removed, its threads renumbered"
attack handover 1 seen ''
say "3. A thread's last record withheld"
attack tail 1 incomplete ''
say "4. A ghost officer enrolled in the registrars' names"
attack ghost 1 signature ''
say "5. An acceptance replayed from another ledger"
(
	UNBROKEN_LEDGER=$OUT/attacks/other
	export UNBROKEN_LEDGER
	now() { printf '2018-12-%s:00+07:00' "$1"; }
	run() { when=$1; key=$2; shift 2; quiet "$UNBROKEN" "$@" --now "$(now "$when")" $key --passphrase-file "$PASS"; }
	key() { for k in "$@"; do printf -- '--key %s ' "$OUT/keys/$k.key"; done; }
	quiet "$UNBROKEN" ledger init "$OUT/attacks/other" --origin kh-sr.example/custody --code KHPP --threshold 2 --training \
		--now "$(now 01T08:00)" --passphrase-file "$PASS" --registrar "$OUT/keys/court.key" \
		--registrar "$OUT/keys/customs.key" --registrar "$OUT/keys/forestry.key"
	run 01T09:00 "$(key court customs dara)" person enrol --name 'Sok Dara' --office officer
	run 01T09:02 "$(key court customs thida)" person enrol --name 'Nguyen Thi Da' --office custodian
	OTHER=$(name_in)
	for i in 1 2 3 4; do run 01T09:05 "$(key dara)" case open --docket "SR $i/2018" --law 'Forestry Law 2002, Article 97'; done
	OTHERCASE=$(name_in)
	run 02T09:00 "$(key dara)" allot 40
	head -31 "$DATA" >"$OUT/attacks/other.csv"
	run 02T09:10 "$(key dara)" register "$OTHERCASE" --items "$OUT/attacks/other.csv"
	grep -o 'KHPP-[0-9]*-[0-9A-Z]\.\.KHPP-[0-9]*-[0-9A-Z]' "$OUT/last.txt" | head -1 >"$OUT/attacks/range.txt"
	run 02T10:00 "$(key dara)" release "$(cat "$OUT/attacks/range.txt")" --to "$OTHER" --purpose storage
	run 02T11:00 "$(key thida)" accept "$(cat "$OUT/attacks/range.txt")" --as inventoried
)
attack replay 1 foreign "--from $OUT/attacks/other"
say "6. A backup restored over the ledger"
quiet "$UNBROKEN" ledger backup "$OUT/attacks/backup"
act 15T09:00 sophal -- note "$TUSK" --text 'Sample taken for DNA.'
checkpoint 15T10:00 after-sample.checkpoint
cp -r "$OUT/ledger" "$OUT/attacks/kept"
cp "$OUT/attacks/backup/data.mdb" "$OUT/ledger/data.mdb"
if "$UNBROKEN" note "$TUSK" --text 'nothing happened' --now 2018-12-15T11:00:00+07:00 --key "$OUT/keys/dara.key" \
	--passphrase-file "$PASS" >"$OUT/last.txt" 2>&1; then
	die "the station went on behind its remembered head"
fi
cat "$OUT/last.txt" >>"$OUT/transcript.txt"
say "   the station refuses to go on: $(grep -m1 'error:' "$OUT/last.txt" | sed 's/^.*error: //' | cut -c1-200)"
verdict 2 stale "$OUT/item.bundle" --since "$OUT/court/after-sample.checkpoint"
rm -rf "$OUT/ledger" && mv "$OUT/attacks/kept" "$OUT/ledger"
say "7. Said honestly: the end cut off. Without an older paper nobody sees it"
attack cut 0 '' ''
say "   with the court's own paper:"
verdict 2 stale "$OUT/attacks/cut.bundle" --since "$OUT/court/after-sample.checkpoint"

quiet "$UNBROKEN" bundle "$CASE" -o "$OUT/case.bundle" --force --now 2018-12-15T12:00:00+07:00
quiet "$UNBROKEN" bundle "$TUSK" -o "$OUT/item.bundle" --force --now 2018-12-15T12:00:00+07:00
verdict 0 '' "$OUT/case.bundle" --since "$OUT/court/after-registering.checkpoint"
rm -f "$OUT/last.txt"

title "Made in $OUT/"
say "   ledger/          the training ledger: try  UNBROKEN_LEDGER=$OUT/ledger $UNBROKEN history $TUSK"
say "   court.policy     whom the court trusts"
say "   case.bundle      the whole case, 1,026 items"
say "   item.bundle      one tusk: try  $VERIFY --policy $OUT/court.policy --training $OUT/item.bundle"
say "   court/           what the court has in its drawer"
say "   attacks/         what the administrator made"
say "   transcript.txt   every command and every answer"
