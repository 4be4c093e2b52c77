#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when the judge's page hangs on anything but its sources and the packages of the lock file: where the tree lies, who builds it, when, in which
# language and time zone; when more or less than one place for a policy is in it; and when a page is made although something of it is missing.
ROOT=$PWD
DIR=$(mktemp -d) || exit 1
trap 'rm -rf "$DIR"' EXIT
passed=0
failed=0
yes_if() {
    what=$1
    shift
    if "$@" >"$DIR/log" 2>&1; then passed=$((passed + 1)); else
        failed=$((failed + 1))
        echo "FAILED: $what"
        sed 's/^/  /' "$DIR/log" | head -20
    fi
}

# The tree as it stands, with what is not committed yet, and the packages as npm has installed them.
clone() {
    mkdir -p "$(dirname "$1")"
    if git -C "$ROOT" rev-parse --git-dir >/dev/null 2>&1; then
        git -c advice.detachedHead=false clone --quiet --local "$ROOT" "$1" || exit 1
        (cd "$ROOT" && git -c core.quotePath=false ls-files --modified --others --exclude-standard) | sort -u >"$DIR/list"
        while read -r name; do
            mkdir -p "$1/$(dirname "$name")"
            if [ -e "$ROOT/$name" ]; then cp -p "$ROOT/$name" "$1/$name"; else rm -f "$1/$name"; fi
        done <"$DIR/list"
    else
        mkdir "$1"
        cp -a "$ROOT/Makefile" "$ROOT/LICENSE" "$ROOT/verify" "$ROOT/printer" "$1"
    fi
    mkdir -p "$1/build/page"
    cp -a "$ROOT/build/page/node" "$1/build/page/node"
    touch "$1/build/page/node/installed"
}
page() { make -C "$1" --no-print-directory build/check.html; }

A=$DIR/a
B=$DIR/elsewhere/deep/down/ខ្មែរ/tree
clone "$A"
clone "$B"
yes_if 'it is built' page "$A"
yes_if 'it is built elsewhere, by somebody else' env HOME="$DIR" USER=other TZ=Asia/Ho_Chi_Minh LANG=C.UTF-8 LC_ALL=C.UTF-8 sh -c 'umask 077; exec make -C "$1" --no-print-directory build/check.html' sh "$B"
yes_if 'the same bytes' cmp "$A/build/check.html" "$B/build/check.html"
yes_if 'the bytes of this tree' cmp "$A/build/check.html" build/check.html
touch "$A/verify/page/page.html"
mv "$A/build/check.html" "$DIR/first.html"
yes_if 'it is built again' page "$A"
yes_if 'the same bytes again' cmp "$DIR/first.html" "$A/build/check.html"
yes_if 'one place for a policy' [ "$(grep -o '"policy":null' build/check.html | wc -l)" -eq 1 ]
yes_if 'nothing of where it was built' sh -c '! grep -qF -e "$1" -e "$2" "$1/build/check.html"' sh "$A" "$ROOT"
yes_if 'about a megabyte and a half' [ "$(wc -c <build/check.html)" -lt 3000000 ]

# refused WHAT: it is not built, and no page is left.
refused() {
    rm -f "$A/build/check.html"
    yes_if "$1" sh -c '! make -C "$1" --no-print-directory build/check.html' sh "$A"
    yes_if "$1: no page is left" [ ! -e "$A/build/check.html" ]
}
mv "$A/build/page/node/node_modules/@noble/curves/LICENSE" "$DIR/LICENSE"
refused 'no page without the text of a licence'
mv "$DIR/LICENSE" "$A/build/page/node/node_modules/@noble/curves/LICENSE"
sed 's/^<body>/&<p>"policy":null<\/p>/' verify/page/page.html >"$A/verify/page/page.html"
refused 'no page with two places for a policy'
sed 's/"policy":null/"policy":0/' verify/page/page.html >"$A/verify/page/page.html"
refused 'no page without a place for a policy'
cp verify/page/page.html "$A/verify/page/page.html"
yes_if 'it is built as before' page "$A"
yes_if 'the same bytes as before' cmp build/check.html "$A/build/check.html"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
