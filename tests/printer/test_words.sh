#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Breaks when a text of a paper has no Khmer or no Vietnamese translation, when a translation has other format directives than the text, or when
# a catalogue keeps what no paper says any more; or when a text has a directive of <inttypes.h>, which gettext spells by machine and words.c
# would not find: such a text would stand in English.
BUILD=${BUILD:-build}
cd "$(dirname "$0")/../.." || exit 1
passed=0
failed=0
if sh printer/po/update.sh "$BUILD" --check >"$BUILD/po-check.log" 2>&1; then
	passed=$((passed + 2))
else
	cat "$BUILD/po-check.log"
	failed=$((failed + 1))
fi
if grep -n '%<PRI' printer/po/*.po; then
	failed=$((failed + 1))
else
	passed=$((passed + 1))
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
