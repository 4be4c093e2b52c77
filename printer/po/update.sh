#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Brings the catalogues up to date with the texts of the papers: those in printer/ and custody/ (xgettext), and the words of verify/ that papers
# show too: the labels of certified lines and the codes of findings (xgettext), and its tables (BUILD/tests/printer/table_words prints them).
# `make words` calls it.
#
#   update.sh BUILD           writes BUILD/po/unbroken.pot and merges it into km.po and vi.po here
#   update.sh BUILD --check   says what is missing or left over in them; exit code 1 when anything is
set -eu

BUILD=$1
cd "$(dirname "$0")/../.."
POT=$BUILD/po/unbroken.pot
mkdir -p "$BUILD/po"

"$BUILD/tests/printer/table_words" >"$BUILD/po/table_words.c"
xgettext --language=C --from-code=UTF-8 --omit-header --sort-output --no-location --output="$POT" \
	--keyword=N_ --keyword=words_in:2 --keyword=words_print:3 --keyword=words_both:3 --keyword=paper_words:2 --keyword=paper_heading:3 \
	--keyword=paper_fact:2 --keyword=paper_both:2 --flag=words_print:3:c-format --flag=words_in:2:pass-c-format \
	--keyword=pen_line:3 --keyword=pen_number:3 --keyword=pen_subject:3 --keyword=pen_told:3 --keyword=pass_report:3 \
	printer/*.c printer/*.h custody/*.c verify/*.c "$BUILD/po/table_words.c"
# The header that xgettext leaves out, so that the catalogue is one of UTF-8.
{ printf 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'; cat "$POT"; } >"$POT.new"
mv "$POT.new" "$POT"

wrong=0
for po in printer/po/*.po; do
	if [ "${2:-}" = --check ]; then
		merged=$BUILD/po/$(basename "$po").merged
		msgmerge --quiet --no-fuzzy-matching --no-wrap -o "$merged" "$po" "$POT"
		missing=$(msgattrib --untranslated --no-wrap "$merged" | grep -c '^msgid "..*' || true)
		fuzzy=$(msgattrib --only-fuzzy --no-wrap "$merged" | grep -c '^msgid "..*' || true)
		obsolete=$(msgattrib --only-obsolete --no-wrap "$merged" | grep -c '^#~ msgid' || true)
		echo "$po: $missing missing, $fuzzy fuzzy, $obsolete no longer used"
		[ "$missing$fuzzy$obsolete" = 000 ] || { msgattrib --untranslated --no-wrap "$merged" | grep '^msgid'; wrong=1; }
		msgfmt --check -o /dev/null "$po" || wrong=1
	else
		msgmerge --quiet --update --backup=none --no-fuzzy-matching --no-wrap "$po" "$POT"
		msgattrib --no-obsolete --no-wrap -o "$po" "$po"
	fi
done
exit $wrong
