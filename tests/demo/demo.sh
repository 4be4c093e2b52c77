#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# demo: the Phnom Penh port seizure of 13 December 2018, from tests/data/, on a training ledger: from the founding through seals, the store,
# the laboratory and the court to a stock-take that misses one tusk; two witnesses and an auditor, each a process of its own on loopback; and ten
# attacks by an administrator who owns the machine and the station's key. Every command is one that a person would type. Writes $BUILD/demo/
# (or $DEMO_OUT).
set -eu

BUILD=${BUILD:-build}
OUT=${DEMO_OUT:-$BUILD/demo}
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
# A checkpoint that some witness refuses is signed all the same, and ends with an error; which one says so, is looked at afterwards.
contested() {
	{ printf '$'; printf ' %s' "$@"; printf '\n'; } >>"$OUT/transcript.txt"
	"$@" >"$OUT/last.txt" 2>&1 || true
	cat "$OUT/last.txt" >>"$OUT/transcript.txt"
	grep -q '^witness ' "$OUT/last.txt" || { cat "$OUT/last.txt" >&2; die "no witness was asked: $*"; }
}
loud() { quiet "$@"; grep -v '^TRAINING ledger' "$OUT/last.txt" | sed 's/^/   /'; }

# act TIME KEY... -- COMMAND...: one act at that time, signed with these keys.
act() {
	when=$1; shift
	keys=
	while [ "$1" != -- ]; do keys="$keys --key $OUT/keys/$1.key"; shift; done
	shift
	# shellcheck disable=SC2086
	loud "$UNBROKEN" "$@" --now "20$when:00+07:00" $keys --passphrase-file "$PASS"
}
# scan LIST TIME KEY... -- COMMAND...: the same, with what the scanner read on standard input. The last lines of the answer are shown.
scan() {
	list=$1; when=$2; shift 2
	keys=
	while [ "$1" != -- ]; do keys="$keys --key $OUT/keys/$1.key"; shift; done
	shift
	{ printf '$'; printf ' %s' unbroken "$@"; printf ' < %s\n' "$list"; } >>"$OUT/transcript.txt"
	# shellcheck disable=SC2086
	"$UNBROKEN" "$@" --scan --now "20$when:00+07:00" $keys --passphrase-file "$PASS" <"$list" >"$OUT/last.txt" 2>&1 ||
		{ tail -5 "$OUT/last.txt" >&2; die "the scan failed: $*"; }
	cat "$OUT/last.txt" >>"$OUT/transcript.txt"
	grep -v -e '^TRAINING' -e '^ok ' -e '^counted ' "$OUT/last.txt" | cut -c1-150 | tail -"${SHOW:-3}" | sed 's/^/   /' |
		tee -a "$OUT/shown.txt"
}
name_in() { grep -o 'KHPP-[0-9]*-[0-9A-Z]' "$OUT/last.txt" | head -1; }

# --- the others: court and ngo witness, the auditor replays; the station serves its tiles to him ---
RUNNING= CLOCK=
stop() {
	for pid in $RUNNING; do
		kill "$pid" 2>/dev/null || :
		wait "$pid" 2>/dev/null || :
	done
	RUNNING= CLOCK=
}
trap stop EXIT
trap 'exit 1' HUP INT TERM
# served NAME COMMAND...: in the background; waits until it says where it listens, the last word of the line.
served() {
	name=$1; shift
	: >"$OUT/witnesses/$name.listening"
	"$@" >"$OUT/witnesses/$name.listening" 2>>"$OUT/witnesses/$name.log" &
	RUNNING="$RUNNING $!"
	tries=0
	until grep -q ' http://' "$OUT/witnesses/$name.listening"; do
		tries=$((tries + 1))
		[ $tries -lt 400 ] || die "$name does not answer: $(tail -1 "$OUT/witnesses/$name.log")"
		sleep 0.05
	done
	URL=$(sed -n 's|.* \(http://[0-9.:]*\).*|\1|p' "$OUT/witnesses/$name.listening")
}
# The same port each time: the station's list says it.
witness() { served "$1" "$UNBROKEN" witness serve "$OUT/witnesses/$1" --listen "$2:$(cat "$OUT/witnesses/$1.port" 2>/dev/null || echo 0)" --now "20$3:00+07:00" $4; }
# clock TIME: everybody's clock; in this play months pass in a minute.
clock() {
	[ "$CLOCK" != "$1" ] || return 0
	stop
	served tiles "$UNBROKEN" ledger serve --listen 127.0.0.14:0;          TILES=$URL
	witness court 127.0.0.11 "$1" '';                                     COURT_URL=$URL
	witness ngo 127.0.0.12 "$1" '';                                       NGO_URL=$URL
	[ -d "$OUT/witnesses/mirror" ] || quiet "$UNBROKEN" mirror pull "$OUT/witnesses/mirror" --from "$TILES" --policy "$OUT/alone.policy"
	witness auditor 127.0.0.13 "$1" "--mirror $OUT/witnesses/mirror";     AUDITOR_URL=$URL
	CLOCK=$1
}
# audited TIME: the auditor takes what is new, replays it, and is asked once more.
audited() {
	clock "$1"
	quiet "$UNBROKEN" mirror pull "$OUT/witnesses/mirror" --from "$TILES" --policy "$OUT/alone.policy"
	say "   the auditor: $(sed -n 's|^[^ ]*/witnesses/||p' "$OUT/last.txt" | head -1)"
	quiet "$UNBROKEN" ledger checkpoint --now "20$1:00+07:00"
	grep -q '^witness auditor: cosigned' "$OUT/last.txt" || die "the auditor has not cosigned"
}

# checkpoint TIME FILE: the court keeps a signed head in its drawer.
checkpoint() {
	clock "$1"
	quiet "$UNBROKEN" ledger checkpoint --now "20$1:00+07:00"
	"$UNBROKEN" ledger checkpoint --now "20$1:00+07:00" 2>/dev/null | sed '/^TRAINING/d' >"$OUT/court/$2"
	grep -q '^the quorum is met' "$OUT/last.txt" || die "the witnesses have not cosigned"
	say "   the court keeps $OUT/court/$2: $(sed -n 2p "$OUT/court/$2") records, cosigned by $(sed -n 's/^witness \([^ ]*\): cosigned.*/\1/p' "$OUT/last.txt" | paste -sd' ')"
}

# verdict WANTED CODE FILE [OPTION...]: the judge's check must end with that status and name that reason. POLICY: whom that judge asks.
POLICY=court
verdict() {
	wanted=$1; code=$2; file=$3; shift 3
	got=0
	{ printf '$ unbroken-verify --policy %s.policy --training %s' "$POLICY" "$file"; printf ' %s' "$@"; printf '\n'; } >>"$OUT/transcript.txt"
	"$VERIFY" --policy "$OUT/$POLICY.policy" --training "$file" "$@" >"$OUT/last.txt" 2>&1 || got=$?
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
say "was published and what is made up). A TRAINING ledger with its clock set to December 2018 and after."

title "Three registrars found the ledger; two of them must sign"
for who in court customs forestry dara vanna thida rithy sophal dalin chenda bopha; do
	quiet "$UNBROKEN" key new "$OUT/keys/$who.key" --passphrase-file "$PASS"
done
loud "$UNBROKEN" ledger init "$OUT/ledger" --origin kh-pp.example/custody --code KHPP --threshold 2 --training \
	--now 2018-12-01T08:00:00+07:00 --passphrase-file "$PASS" \
	--registrar "$OUT/keys/court.key,name=Chan Sophea,agency=Court registry, Phnom Penh" \
	--registrar "$OUT/keys/customs.key,name=Kim Sreyleak,agency=Customs headquarters" \
	--registrar "$OUT/keys/forestry.key,name=Ouk Borin,agency=Forestry Administration"
quiet "$UNBROKEN" ledger policy
sed '/^TRAINING ledger/d' "$OUT/last.txt" >"$OUT/alone.policy"

title "Two witnesses, a court and an NGO, and an auditor: each with its own key, program and machine (here: an address on loopback)"
mkdir "$OUT/witnesses"
for who in court ngo auditor; do
	quiet "$UNBROKEN" witness init "$OUT/witnesses/$who" --name "$who.example/witness"
	tail -1 "$OUT/last.txt" >"$OUT/witnesses/$who.line"
	say "   $(cut -c1-120 "$OUT/witnesses/$who.line")"
	quiet "$UNBROKEN" witness trust "$OUT/witnesses/$who" "$OUT/alone.policy"
done
quiet "$UNBROKEN" ledger checkpoint --now 2018-12-01T08:10:00+07:00
clock 18-12-01T08:20
{
	for who in court ngo auditor; do
		url=$(sed -n 's|.* \(http://[0-9.:]*\).*|\1|p' "$OUT/witnesses/$who.listening")
		echo "${url##*:}" >"$OUT/witnesses/$who.port"
		echo "witness $who $(cut -d' ' -f3 "$OUT/witnesses/$who.line") $url"
	done
	echo 'group both all court ngo'
	echo 'quorum both'
} >"$OUT/witnesses/witnesses.policy"
quiet "$UNBROKEN" ledger witnesses --set "$OUT/witnesses/witnesses.policy"
quiet "$UNBROKEN" ledger policy
sed '/^TRAINING ledger/d' "$OUT/last.txt" >"$OUT/court.policy"
sed 's/^quorum /group auditors any auditor\n&/' "$OUT/court.policy" >"$OUT/audited.policy"
say "   court.policy asks for both witnesses, audited.policy for the auditor too, alone.policy for nobody but the station"
audited 18-12-01T08:20

title "The court makes its own copy of the judge's page: one file, with the keys built in that it trusts"
quiet "$UNBROKEN" page --policy "$OUT/court.policy" -o "$OUT/check.html"
say "   $(head -1 "$OUT/last.txt")"
say "$(sed -n '/^  SHA-256 of the/p; /^  witness/p' "$OUT/last.txt" | sed 's/^/ /')"

title "Two officers, two custodians, two experts, a prosecutor, a court clerk who counts; a store with two racks"
enrol() { act "18-12-01T0$1" court customs "$2" -- person enrol --name "$3" --agency "$4" --office "$5"; name=$(name_in); }
enrol 9:00 dara 'សុខ ដារ៉ា (Sok Dara)' 'Customs, Phnom Penh port' officer;  DARA=$name
enrol 9:01 vanna 'Chea Vanna' 'Forestry Administration' officer
enrol 9:02 thida 'Nguyễn Thị Da' 'Customs store' custodian;                 THIDA=$name
enrol 9:03 rithy 'Heng Rithy' 'Customs store' custodian;                    RITHY=$name
enrol 9:04 sophal 'Pich Sophal' 'Forestry Administration' expert;           SOPHAL=$name
enrol 9:05 dalin 'Long Dalin' 'National wildlife laboratory' expert;        DALIN=$name
enrol 9:06 chenda 'Meas Chenda' 'Phnom Penh prosecution' prosecutor
enrol 9:07 bopha 'Kong Bopha' 'Phnom Penh court of first instance' court
act 18-12-01T09:10 thida -- place open --name 'Customs store, Phnom Penh';  STORE=$(name_in)
act 18-12-01T09:11 thida -- place open --name 'Rack A' --in "$STORE";       RACK_A=$(name_in)
act 18-12-01T09:12 thida -- place open --name 'Rack B' --in "$STORE";       RACK_B=$(name_in)

title "The case, and the record of search and seizure, before two civilian witnesses"
act 18-12-13T08:00 chenda -- case open --docket 'PP 214/2018' --law 'Forestry Law 2002, Article 97' --case-number 'PP-2018-1213'
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
act 18-12-13T09:40 dara vanna -- seize "$CASE" "$OUT/seizure.ini"

title "Numbers are allotted, one tag is spoilt; 1,026 tusks and pieces are registered from the officer's list and packed on 27 pallets"
act 18-12-13T10:00 dara -- allot 1090
FIRST=$(name_in)
LAST=$(grep -o 'KHPP-[0-9]*-[0-9A-Z]' "$OUT/last.txt" | tail -1)
act 18-12-13T10:01 dara -- allot 28 --containers
act 18-12-13T10:05 dara thida -- void "$LAST" --reason misprinted
quiet "$UNBROKEN" register "$CASE" --items "$DATA" --pack-by package --now 2018-12-13T11:00:00+07:00 --key "$OUT/keys/dara.key" \
	--passphrase-file "$PASS"
grep ' PALLET-' "$OUT/last.txt" | awk '{ print $1 }' >"$OUT/pallets.txt"
say "   $(grep -m1 '^registered' "$OUT/last.txt" | cut -c1-140)"
say "$(grep ' PALLET-0[1-3]' "$OUT/last.txt" | sed 's/^/ /')"
say "   ... and 24 more"
[ "$(wc -l <"$OUT/pallets.txt")" -eq 27 ] || die "there are not 27 pallets"
quiet "$UNBROKEN" list --case "$CASE"
grep -o '^KHPP-[0-9]*-[0-9A-Z] *item' "$OUT/last.txt" | sed 's/ *item//' >"$OUT/tusks.txt"
[ "$(wc -l <"$OUT/tusks.txt")" -eq 1026 ] || die "there are not 1,026 tusks and pieces"

title "Labels with QR tags: of the pallets for a label printer, of the tusks and pieces as PDF; each print is on record"
# shellcheck disable=SC2046
quiet "$UNBROKEN" label $(cat "$OUT/pallets.txt") --zpl "$OUT/labels.zpl" --initials SD --now 2018-12-13T11:30:00+07:00 --key "$OUT/keys/dara.key" \
	--passphrase-file "$PASS"
say "   $(grep labels "$OUT/last.txt" | cut -c1-140)"
quiet "$UNBROKEN" label --case "$CASE" --pdf "$OUT/labels.pdf" --language km,en --initials SD --now 2018-12-13T11:40:00+07:00 \
	--key "$OUT/keys/dara.key" --passphrase-file "$PASS"
say "   $(grep labels "$OUT/last.txt" | cut -c1-140)"
checkpoint 18-12-13T12:00 after-registering.checkpoint
pallet() { sed -n "$1p" "$OUT/pallets.txt"; }

title "Each pallet is sealed before a witness, and handed over by one scan: its tag, and the seal number read on it"
awk '{ printf "%s KH-%05d\n", $1, 41000 + NR }' "$OUT/pallets.txt" >"$OUT/seals.txt"
scan "$OUT/seals.txt" 18-12-13T12:30 dara vanna -- seal --witness 'Village chief, Russey Keo (made up for practice)'
scan "$OUT/seals.txt" 18-12-13T13:00 dara -- release --to "$THIDA" --purpose storage --due 2018-12-14
say "   at the store one seal is misread:"
BAD=$(pallet 7)
sed '7s/41007/41001/' "$OUT/seals.txt" >"$OUT/read.txt"
scan "$OUT/read.txt" 18-12-13T15:00 thida -- accept --as sealed --place "$STORE"
act 18-12-13T15:10 thida -- refuse "$BAD" --reason misread
act 18-12-13T15:20 dara -- release "$BAD" --found KH-41007 --to "$THIDA" --purpose storage
act 18-12-13T15:30 thida -- accept "$BAD" --as sealed --found KH-41007 --place "$STORE"
scan "$OUT/pallets.txt" 18-12-13T16:00 thida -- shelve --place "$RACK_A"
checkpoint 18-12-13T16:30 after-handover.checkpoint
clock 18-12-13T16:40
say "   a receipt for the first pallet, on paper and as text; the officer keeps it, and the court gets a copy:"
quiet "$UNBROKEN" receipt "$(pallet 1)" -o "$OUT/receipt.pdf" --text "$OUT/court/handover.receipt" --language km,en --now 2018-12-13T16:40:00+07:00
say "   $(grep receipt.pdf "$OUT/last.txt" | head -1 | cut -c1-140)"

title "One length was written down wrongly: corrected by its author, countersigned by the custodian"
TUSK=$(sed -n 17p "$OUT/tusks.txt")
quiet "$UNBROKEN" show "$TUSK"
RECORD=$(sed -n 's/^  length-mm: .*(record \([0-9]*\)).*/\1/p' "$OUT/last.txt" | head -1)
[ -n "$RECORD" ] || die "the record that registers $TUSK was not found"
act 18-12-14T09:00 dara thida -- correct "$RECORD" --subject "$TUSK" length-mm=640 --reason 'read from the wrong end of the tape'

title "Over 500 kg: samples for DNA. The first pallet is opened before witnesses, 27 tusks go to the expert, are weighed and sampled"
PALLET=$(pallet 1)
head -27 "$OUT/tusks.txt" >"$OUT/sampled.txt"
act 18-12-17T08:30 thida sophal -- unseal "$PALLET" --reason sampling --found KH-41001 --removed KH-41001 \
	--witness 'Clerk of the prosecution' --seal-condition 'whole, dusty'
SHOW=1
scan "$OUT/sampled.txt" 18-12-17T08:40 thida -- unpack "$PALLET"
scan "$OUT/sampled.txt" 18-12-17T08:50 thida -- release --to "$SOPHAL" --purpose examination --due 2018-12-18
scan "$OUT/sampled.txt" 18-12-17T09:00 sophal -- accept --as inventoried --place "$STORE"
SHOW=3
WEIGHED=$(sed -n 1p "$OUT/sampled.txt")
say "   dried by 1.1 %, within what ivory loses; explained all the same:"
act 18-12-17T09:10 sophal -- weigh "$WEIGHED" --net 1830 --scale 'Kern DE 35K5D, no. WK-2291' --calibration '2018-11-02, Metrology Centre' \
	--drift-explanation 'dried in the container'
awk 'BEGIN { print "parent,mass_g,ref,loss_g" } { printf "%s,2.500,DNA-%02d,0.300\n", $1, NR }' "$OUT/sampled.txt" >"$OUT/samples.csv"
act 18-12-17T09:20 vanna -- allot 30
quiet "$UNBROKEN" sample --list "$OUT/samples.csv" --method 'drilled at the base, 16 mm' --now 2018-12-17T09:30:00+07:00 \
	--key "$OUT/keys/sophal.key" --key "$OUT/keys/vanna.key" --passphrase-file "$PASS"
say "$(grep -v '^TRAINING' "$OUT/last.txt" | tail -2 | cut -c1-150 | sed 's/^/   /')"
# The samples go into a bag of their own.
quiet "$UNBROKEN" list --case "$CASE" --held-by "$SOPHAL"
grep -o '^KHPP-[0-9]*-[0-9A-Z] *item' "$OUT/last.txt" | sed 's/ *item//' | grep -v -x -F -f "$OUT/sampled.txt" >"$OUT/dna.txt"
[ "$(wc -l <"$OUT/dna.txt")" -eq 27 ] || die "there are not 27 samples"
act 18-12-17T09:40 vanna -- allot 1 --containers;                           BAG=$(name_in)
quiet "$UNBROKEN" register "$CASE" --container "$BAG" --now 2018-12-17T09:41:00+07:00 --key "$OUT/keys/vanna.key" --passphrase-file "$PASS"
act 18-12-17T09:42 vanna -- release "$BAG" --to "$SOPHAL" --purpose examination
act 18-12-17T09:43 sophal -- accept "$BAG" --as inventoried --place "$STORE"
scan "$OUT/dna.txt" 18-12-17T09:50 sophal -- pack "$BAG"
act 18-12-17T09:55 sophal vanna -- seal "$BAG" --put-on LAB-0007
say "   the tusks go back on their pallet, which gets a new seal:"
scan "$OUT/sampled.txt" 18-12-17T10:00 sophal -- release --to "$THIDA" --purpose storage --due 2018-12-18
scan "$OUT/sampled.txt" 18-12-17T10:10 thida -- accept --as inventoried --place "$RACK_A"
scan "$OUT/sampled.txt" 18-12-17T10:20 thida -- pack "$PALLET"
act 18-12-17T10:30 thida sophal -- reseal "$PALLET" --reason sampling --found none --removed none --put-on KH-41101 \
	--witness 'Clerk of the prosecution'

title "The laboratory: the bag arrives sealed, is opened before a second person; 27 samples are examined and identified; two are used up"
act 18-12-18T08:00 sophal -- release "$BAG" --found LAB-0007 --to "$DALIN" --purpose laboratory --due 2018-12-19
act 18-12-18T11:00 dalin -- accept "$BAG" --as sealed --found LAB-0007
act 18-12-18T11:20 dalin sophal -- unseal "$BAG" --reason examination --found LAB-0007 --removed LAB-0007
act 18-12-18T11:25 dalin -- unpack "$BAG" --all
scan "$OUT/dna.txt" 18-12-20T16:00 dalin -- examine --finding 'Schreger angle above 115 degrees; DNA extracted' --method 'microscopy; 16 microsatellites'
scan "$OUT/dna.txt" 18-12-20T16:10 dalin -- identify --as confirmed --identification 'Loxodonta africana' --method '16 microsatellites'
act 18-12-20T16:20 dalin chenda -- consume "$(sed -n 1p "$OUT/dna.txt")" "$(sed -n 2p "$OUT/dna.txt")" --manner 'consumed in testing'
sed 1,2d "$OUT/dna.txt" >"$OUT/dna-left.txt"
scan "$OUT/dna-left.txt" 18-12-27T09:00 dalin -- release --to "$THIDA" --purpose storage --due 2018-12-28
scan "$OUT/dna-left.txt" 18-12-27T11:00 thida -- accept --as inventoried --place "$RACK_B"
checkpoint 18-12-27T12:00 receipt.checkpoint

title "To the court and back: the clerk has no key, so the signed paper receipt is attached"
# What the clerk signed, as the store scanned it.
printf 'Receipt: pallet %s, seal KH-41005, received for the hearing of 10 January 2019. Mey Dara, clerk. (thumbprint)\n' "$(pallet 5)" >"$OUT/receipt.txt"
act 19-01-10T07:30 thida rithy -- handout "$(pallet 5)" --found KH-41005 --purpose court --due 2019-01-11 \
	--counterparty 'Mey Dara, clerk of the court of first instance' --counterparty-identity 'ID 010 234 567 (made up)' --receipt "$OUT/receipt.txt"
quiet "$UNBROKEN" list --out --now 2019-01-10T08:00:00+07:00
act 19-01-10T16:30 thida rithy -- takeback "$(pallet 5)" --found KH-41005 --place "$RACK_A" \
	--counterparty 'Mey Dara, clerk of the court of first instance' --receipt "$OUT/receipt.txt"

title "A blind stock-take by somebody from outside the chain: nothing that is expected is shown before it is closed"
awk -v first="$PALLET" '$1 == first { $2 = "KH-41101" } { print }' "$OUT/seals.txt" >"$OUT/count.txt"
cat "$OUT/dna-left.txt" >>"$OUT/count.txt"
SHOW=6
scan "$OUT/count.txt" 19-01-20T09:00 bopha thida -- stocktake "$STORE"
SHOW=3
checkpoint 19-01-20T12:00 first-count.checkpoint

title "The prosecutor makes two files: the whole case, and one tusk. The judge checks them offline"
audited 19-01-20T13:00
quiet "$UNBROKEN" bundle "$CASE" -o "$OUT/case.bundle" --now 2019-01-20T13:00:00+07:00
say "   $OUT/case.bundle: $(wc -c <"$OUT/case.bundle") bytes"
verdict 0 '' "$OUT/case.bundle" --since "$OUT/court/after-registering.checkpoint"
quiet "$UNBROKEN" bundle "$TUSK" -o "$OUT/item.bundle" --now 2019-01-20T13:00:00+07:00
say "   $OUT/item.bundle: $(wc -c <"$OUT/item.bundle") bytes, $TUSK"
verdict 0 '' "$OUT/item.bundle" --since "$OUT/court/receipt.checkpoint"
POLICY=audited
verdict 0 '' "$OUT/item.bundle" --since "$OUT/court/receipt.checkpoint"
POLICY=court
grep '^  record' "$OUT/last.txt" | sed 's/^/   /' | cut -c1-150
say "   the receipt of December shows that nothing before it was rewritten:"
verdict 0 '' "$OUT/item.bundle" --since "$OUT/court/handover.receipt"
clock 19-01-20T13:10
quiet "$UNBROKEN" certify "$TUSK" -o "$OUT/certificate.pdf" --template cambodia --language km,en --now 2019-01-20T13:10:00+07:00 \
	--key "$OUT/keys/chenda.key" --passphrase-file "$PASS"
say "   a certificate for the judge, in Khmer and English: its records are in the file, and each of its lines can be compared"
verdict 0 '' "$OUT/certificate.pdf"
grep '^   *[0-9]*\. ' "$OUT/last.txt" | grep -E 'Certificate|Certified by|Result|Thing|Seals|Holder' | sed 's/^/   /' | cut -c1-140
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
cp "$OUT/ledger.head" "$OUT/attacks/backup.head"
act 19-01-21T09:00 sophal -- note "$TUSK" --text 'Sample taken for DNA.'
checkpoint 19-01-21T10:00 after-sample.checkpoint
stop
cp -r "$OUT/ledger" "$OUT/attacks/kept" && cp "$OUT/ledger.head" "$OUT/attacks/kept.head"
cp "$OUT/attacks/backup/data.mdb" "$OUT/ledger/data.mdb"
if "$UNBROKEN" note "$TUSK" --text 'nothing happened' --now 2019-01-21T11:00:00+07:00 --key "$OUT/keys/dara.key" \
	--passphrase-file "$PASS" >"$OUT/last.txt" 2>&1; then
	die "the station went on behind its remembered head"
fi
cat "$OUT/last.txt" >>"$OUT/transcript.txt"
say "   the station refuses to go on: $(grep -m1 'error:' "$OUT/last.txt" | sed 's/^.*error: //' | cut -c1-200)"
verdict 2 stale "$OUT/item.bundle" --since "$OUT/court/after-sample.checkpoint"
say "   so he puts back its head of that day too, and goes on. The witnesses do not:"
cp "$OUT/attacks/backup.head" "$OUT/ledger.head"
quiet "$UNBROKEN" note "$TUSK" --text 'nothing happened' --now 2019-01-21T11:00:00+07:00 --key "$OUT/keys/dara.key" --passphrase-file "$PASS"
clock 19-01-21T11:10
contested "$UNBROKEN" ledger checkpoint --now 2019-01-21T11:10:00+07:00
heard() { grep -E '^witness (court|ngo)' "$OUT/last.txt" | sed 's/: this checkpoint contradicts.*/: see its log/; s/^/   /' | cut -c1-140 | tee -a "$OUT/transcript.txt"; }
heard
grep -q '^witness court: IT HAS SEEN' "$OUT/last.txt" || die "the court's witness has not seen it"
quiet "$UNBROKEN" bundle "$TUSK" -o "$OUT/attacks/restored.bundle" --no-witnesses --now 2019-01-21T11:20:00+07:00
verdict 2 quorum "$OUT/attacks/restored.bundle"
stop
rm -rf "$OUT/ledger" && mv "$OUT/attacks/kept" "$OUT/ledger" && mv "$OUT/attacks/kept.head" "$OUT/ledger.head"
say "7. The end cut off. A court that asks no witness, and has no older paper, sees nothing:"
POLICY=alone
attack cut 0 '' ''
say "   with the two witnesses, or with the court's own paper:"
POLICY=court
verdict 2 quorum "$OUT/attacks/cut.bundle"
verdict 2 stale "$OUT/attacks/cut.bundle" --since "$OUT/court/after-sample.checkpoint"
# What follows would spoil the witnesses for the rest of the story: it is put back afterwards.
cp -r "$OUT/witnesses" "$OUT/attacks/witnesses"
say "8. One history for the court, another for the defence"
CLOCK=
clock 19-01-22T09:00
for side in a b; do
	cp -r "$OUT/ledger" "$OUT/attacks/side-$side" && cp "$OUT/ledger.head" "$OUT/attacks/side-$side.head"
	UNBROKEN_LEDGER=$OUT/attacks/side-$side
	quiet "$UNBROKEN" note "$TUSK" --text "as told to side $side" --now 2019-01-22T08:00:00+07:00 --key "$OUT/keys/dara.key" --passphrase-file "$PASS"
	contested "$UNBROKEN" ledger checkpoint --now 2019-01-22T09:00:00+07:00
	say "   side $side:"
	heard
	quiet "$UNBROKEN" bundle "$TUSK" -o "$OUT/attacks/$side.bundle" --no-witnesses --now 2019-01-22T09:00:00+07:00
done
verdict 0 '' "$OUT/attacks/a.bundle"
verdict 2 quorum "$OUT/attacks/b.bundle"
say "   and whoever holds both papers holds the proof:"
if "$UNBROKEN" compare "$OUT/attacks/a.bundle" "$OUT/attacks/b.bundle" --policy "$OUT/alone.policy" -o "$OUT/attacks/fork.exhibit" >"$OUT/last.txt" 2>&1; then
	die "two histories are one"
fi
cat "$OUT/last.txt" >>"$OUT/transcript.txt"
verdict 1 fork "$OUT/attacks/fork.exhibit"
say "9. The NGO's key is his as well: it signs the other history, and has forgotten the first. The quorum is two"
cp -r "$OUT/witnesses/ngo" "$OUT/attacks/thief"
rm -rf "$OUT"/attacks/thief/*/
quiet "$UNBROKEN" ledger witness-request --old 0 -o "$OUT/attacks/b.request"
quiet "$UNBROKEN" witness sign "$OUT/attacks/thief" --file "$OUT/attacks/b.request" -o "$OUT/attacks/b.lines" --now 2019-01-22T09:10:00+07:00
quiet "$UNBROKEN" ledger cosign "$OUT/attacks/b.lines"
quiet "$UNBROKEN" bundle "$TUSK" -o "$OUT/attacks/b.bundle" --force --no-witnesses --now 2019-01-22T09:20:00+07:00
verdict 2 quorum "$OUT/attacks/b.bundle"
say "10. Heads that hide a thread's last record. No witness can see that, for nothing is rewritten; the auditor replays, and has the proof"
UNBROKEN_LEDGER=$OUT/attacks/side-a
quiet "$UNBROKEN" ledger status --json
OLD=$(sed -n 's/.*"records": \([0-9]*\).*/\1/p' "$OUT/last.txt")
quiet "$UNBROKEN" note "$TUSK" --text 'broken in the store' --now 2019-01-22T10:00:00+07:00 --key "$OUT/keys/dara.key" --passphrase-file "$PASS"
quiet "$UNBROKEN" ledger checkpoint --no-witnesses --now 2019-01-22T10:10:00+07:00
quiet "$ATTACK" hidden "$OUT/attacks/side-a" "$OUT/attacks/hidden.bundle" --item "$NUMBER" --record "$OLD" --request "$OUT/attacks/hidden.request" \
	--old "$OLD" --tiles "$OUT/attacks/tiles"
for who in court ngo; do
	quiet "$UNBROKEN" witness sign "$OUT/witnesses/$who" --file "$OUT/attacks/hidden.request" -o "$OUT/attacks/$who.lines" --now 2019-01-22T10:20:00+07:00
	say "   $who cosigns it"
done
if "$UNBROKEN" mirror pull "$OUT/witnesses/mirror" --from "$OUT/attacks/tiles" --policy "$OUT/alone.policy" >"$OUT/last.txt" 2>&1; then
	die "the auditor has taken it"
fi
cat "$OUT/last.txt" >>"$OUT/transcript.txt"
say "   the auditor does not: $(grep -m1 'error:' "$OUT/last.txt" | sed 's/^.*error: //' | cut -c1-160)"
mv "$OUT"/witnesses/mirror/false-heads*.exhibit "$OUT/attacks/false-heads.exhibit"
verdict 1 false-heads "$OUT/attacks/false-heads.exhibit"
UNBROKEN_LEDGER=$OUT/ledger
stop
rm -rf "$OUT/witnesses" && mv "$OUT/attacks/witnesses" "$OUT/witnesses"

title "Months later: a pallet is opened, its tusks lie on a shelf, and one of them is swapped for plaster. Nobody records that"
OPENED=$(pallet 3)
act 19-02-15T09:00 thida rithy -- unseal "$OPENED" --reason inspection --found KH-41003 --removed KH-41003
quiet "$UNBROKEN" list --in "$OPENED"
grep -o '^KHPP-[0-9]*-[0-9A-Z]' "$OUT/last.txt" >"$OUT/loose.txt"
act 19-02-15T09:10 thida -- unpack "$OPENED" --all
scan "$OUT/loose.txt" 19-02-15T09:20 thida -- shelve --place "$RACK_B"
SWAPPED=$(sed -n 9p "$OUT/loose.txt")
say "   at the next count its tag hangs on plaster:"
grep -v "^$OPENED " "$OUT/count.txt" >"$OUT/recount.txt"
grep -v -x "$SWAPPED" "$OUT/loose.txt" >>"$OUT/recount.txt"
echo "! $SWAPPED painted plaster, hollow" >>"$OUT/recount.txt"
SHOW=8
scan "$OUT/recount.txt" 19-03-01T09:00 bopha thida -- stocktake "$STORE"
SHOW=3
quiet "$UNBROKEN" list --missing --now 2019-03-01T10:00:00+07:00
checkpoint 19-03-01T12:00 second-count.checkpoint
audited 19-03-01T12:30
quiet "$UNBROKEN" bundle "$CASE" -o "$OUT/case.bundle" --force --now 2019-03-01T12:30:00+07:00
say "   the records are intact, custody is broken, and the tusk has a name:"
verdict 3 '' "$OUT/case.bundle" --since "$OUT/court/first-count.checkpoint"
POLICY=audited
verdict 3 '' "$OUT/case.bundle" --since "$OUT/court/first-count.checkpoint"
POLICY=court
grep -q "missing: $SWAPPED" "$OUT/last.txt" || die "the verdict does not name $SWAPPED"
say "$(sed -n -e '/^Rules of custody broken/,/^$/p' -e '/^What a court will ask/,/^$/p' "$OUT/last.txt" | sed '/^$/d; s/^/   /')"
quiet "$UNBROKEN" bundle "$SWAPPED" -o "$OUT/missing.bundle" --now 2019-03-01T12:30:00+07:00
verdict 3 '' "$OUT/missing.bundle"
clock 19-03-01T12:35
quiet "$UNBROKEN" certify "$SWAPPED" -o "$OUT/broken.pdf" --language km,en --now 2019-03-01T12:35:00+07:00 --key "$OUT/keys/chenda.key" \
	--passphrase-file "$PASS"
say "   its certificate says so before everything else; the report tells the prosecutor what the defence will find"
verdict 3 '' "$OUT/broken.pdf"
quiet "$UNBROKEN" report --case "$CASE" -o "$OUT/report.pdf" --now 2019-03-01T12:40:00+07:00
say "   $(grep report.pdf "$OUT/last.txt" | head -1)"
quiet "$UNBROKEN" bundle "$TUSK" -o "$OUT/item.bundle" --force --now 2019-03-01T12:45:00+07:00
verdict 0 '' "$OUT/item.bundle" --since "$OUT/court/after-sample.checkpoint"

title "What a prosecutor asks"
ask() { say "   \$ unbroken $*"; quiet "$UNBROKEN" "$@"; grep -v '^TRAINING' "$OUT/last.txt" | head -"${SHOW:-3}" | cut -c1-140 | sed 's/^/     /' | tee -a "$OUT/shown.txt"; }
SHOW=6
ask who-had "$SWAPPED" --on 2019-02-20
ask seals "$OPENED"
ask signed-by "$RITHY"
stop
rm -f "$OUT/last.txt" "$OUT/shown.txt" "$OUT/read.txt" "$OUT/recount.txt" "$OUT/loose.txt"

title "Made in $OUT/"
say "   ledger/          the training ledger: try  UNBROKEN_LEDGER=$OUT/ledger $UNBROKEN history $TUSK"
say "   court.policy     whom the court trusts: the station if two witnesses cosign; audited.policy asks for an auditor too"
say "   witnesses/       the two witnesses, the auditor and his mirror of the ledger, and what they were asked (*.log)"
say "   check.html       the court's copy of the judge's page: open it in a browser, tick that training ledgers are accepted, and give it"
say "                    certificate.pdf, broken.pdf, a bundle, or a photograph of a certificate's QR; it needs no network"
say "   case.bundle      the whole case, 1,026 tusks, 27 pallets, 27 samples"
say "   missing.bundle   the tusk that became plaster: custody broken, and what a court will ask"
say "   item.bundle      one tusk: try  $VERIFY --policy $OUT/court.policy --training $OUT/item.bundle"
say "   labels.pdf       a label with QR tags for each of 1,026 tusks and pieces; labels.zpl for the pallets, for a label printer"
say "   receipt.pdf      two copies for a handover; its QR proves later that nothing before it was rewritten"
say "   certificate.pdf  one tusk, for the judge, km and en: try  $VERIFY --policy $OUT/court.policy --training $OUT/certificate.pdf"
say "   broken.pdf       the certificate of the tusk that became plaster; report.pdf: the whole case for the prosecutor"
say "   court/           what the court has in its drawer"
say "   attacks/         what the administrator made"
say "   transcript.txt   every command and every answer"
