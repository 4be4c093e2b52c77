#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# picture: draws a text from standard input as a PNG, as README.md shows it. Needs pango1.0-tools, fonts-dejavu-core, fonts-noto-core.
#   sh tests/demo/picture.sh OUT.png < text
set -eu
text=$(mktemp)
trap 'rm -f "$text"' EXIT
cat >"$text"
pango-view --font='DejaVu Sans Mono,Noto Sans Khmer 10' --width=980 --wrap=word-char --margin=16 --no-display -o "$1" "$text"
