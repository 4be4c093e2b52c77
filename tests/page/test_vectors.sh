#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Every vector under the page's verifier: the same verdict as tests/vectors says, and the same JSON as the C verifier's.
# A planted difference must be told first: a comparison that cannot fail says nothing.
set -eu
BUILD=${BUILD:-build}
CORE=build/page/core.mjs

node tests/page/vectors.mjs "$CORE" "$BUILD/unbroken-verify" --planted
exec node tests/page/vectors.mjs "$CORE" "$BUILD/unbroken-verify"
