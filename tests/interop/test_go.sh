#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Checkpoints and proofs against golang.org/x/mod/sumdb (note, tlog), in both directions:
#   dump.c writes those of the test vectors and of trees of our own, and check.go judges them;
#   check.go makes others, and accept.c judges those by our own code;
#   witness.go is a log there, which our witness cosigns.
#   tiles_folder.c writes a ledger's tiles and proofs, and check.go reads them by tlog.TileHashReader.
# Vectors that are accepted must be accepted there too, and be refused with any one bit changed; of the vectors
# below, which are forged where a checkpoint or a proof shows it, that very part must be refused.
# Offline: Debian's Go and Debian's sources in /usr/share/gocode, no modules. Without them this test fails.
#
#   BUILD=build sh tests/interop/test_go.sh

cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
HERE=tests/interop
VECTORS=tests/vectors
OUT=$BUILD/$HERE
SUMDB=/usr/share/gocode/src/golang.org/x/mod/sumdb

# Their codes stand in expected.json.
REFUSED='attack-bit-flipped-resealed attack-checkpoint-signature attack-handover-removed attack-handover-replaced
    attack-backdated attack-reordered attack-thread-tail-false-leaf attack-revocation-false-leaf leaf-path-short
    heads-root-wrong seen-other-root cosignature-wrong anchor-other-history anchor-other-key vouched-fork
    vouched-other-key'

give_up() {
    echo "FAIL $*"
    echo '0 passed, 1 failed'
    exit 1
}

# The flags of the build that is tested, so that a sanitizer's build links.
compile() {
    sh -c "$(cat "$BUILD/flags") -D_GNU_SOURCE $HERE/$1.c -o $OUT/$1 $BUILD/libverify.a \
        $(sed -n 's/^LIBS_verify := //p' Makefile)" || give_up "$1.c cannot be built"
}

# Prints "file policy code" of each vector of that status.
vectors() {
    sed -n 's/^{"file": "\([^"]*\.bundle\)", "policy": "\([^"]*\)".*"status": '"$1"', "code": "\([^"]*\)".*/\1 \2 \3/p' \
        "$VECTORS/expected.json"
}

dump_vector() {
    "$OUT/dump" bundle "$VECTORS/$2" "$VECTORS/$1" "$1" "$3" || echo "FAIL $1 cannot be dumped" >>"$OUT/results"
}

# ---- what it needs --------------------------------------------------------------------------

for GO in /usr/bin/go /usr/lib/go/bin/go "$(command -v go)" ''; do
    [ -x "$GO" ] && break
done
[ -n "$GO" ] || give_up 'there is no Go (golang-go)'
[ -d "$SUMDB/note" ] && [ -d "$SUMDB/tlog" ] || give_up "$SUMDB is missing (golang-golang-x-mod-dev)"
[ -x "$OUT/tiles_folder" ] || give_up "$OUT/tiles_folder is missing: run make check"
[ -f "$BUILD/flags" ] && [ -f "$BUILD/libverify.a" ] || give_up "$BUILD/libverify.a is missing: run make first"

mkdir -p "$OUT" || exit 1
: >"$OUT/results"
top=$(cd "$OUT" && pwd)
compile dump
compile accept
unset GOROOT GOBIN GOEXPERIMENT
env GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS= GOENV=off GOPROXY=off GOTOOLCHAIN=local CGO_ENABLED=0 \
    GOCACHE="$top/go-cache" "$GO" build -o "$OUT/check" $HERE/*.go || give_up 'check.go cannot be built'

# ---- the test -------------------------------------------------------------------------------

{
    "$OUT/dump" notes || echo 'FAIL notes cannot be dumped' >>"$OUT/results"
    for status in 0 3; do
        vectors $status | while read -r file policy code; do
            dump_vector "$file" "$policy" intact
        done
    done
    for name in $REFUSED; do
        vectors 1 | grep "^$name\.bundle " | while read -r file policy code; do
            dump_vector "$file" "$policy" "$code"
        done
    done
} >"$OUT/bundles.txt"
"$OUT/dump" trees >"$OUT/trees.txt" || echo 'FAIL trees cannot be dumped' >>"$OUT/results"

for name in $REFUSED; do
    grep -q "^vector $name\.bundle " "$OUT/bundles.txt" || echo "FAIL $name.bundle is no vector" >>"$OUT/results"
done
"$OUT/check" "$OUT/bundles.txt" "$OUT/trees.txt" "$OUT/foreign.txt" >"$OUT/check.out" 2>&1
code=$?
"$OUT/accept" "$OUT/foreign.txt" >"$OUT/accept.out" 2>&1
code=$((code + $?))
rm -rf "$OUT/witness" && mkdir "$OUT/witness" || exit 1
"$OUT/check" witness "$BUILD/unbroken" "$OUT/witness" >"$OUT/witness.out" 2>&1
code=$((code + $?))
rm -rf "$OUT/folder" && mkdir "$OUT/folder" || exit 1
"$OUT/tiles_folder" "$OUT/folder" >"$OUT/folder.out" 2>&1 || echo 'FAIL tiles cannot be written' >>"$OUT/results"
"$OUT/check" tiles "$OUT/folder" >"$OUT/tiles.out" 2>&1
code=$((code + $?))
cat "$OUT/check.out" "$OUT/accept.out" "$OUT/witness.out" "$OUT/tiles.out" >>"$OUT/results"
cat "$OUT/results"

passed=$(grep -c '^ok ' "$OUT/results")
failed=$(grep -c '^FAIL ' "$OUT/results")
# A program that ended otherwise than with its report.
[ "$code" -ne 0 ] && [ "$failed" -eq 0 ] && failed=1
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
