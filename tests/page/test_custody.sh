#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Random custody under the page's verifier and the C verifier. A planted difference must be told first.
set -eu
BUILD=${BUILD:-build}
CORE=build/page/core.mjs

node tests/page/custody.mjs "$CORE" "$BUILD/unbroken-verify" --planted
exec node tests/page/custody.mjs "$CORE" "$BUILD/unbroken-verify"
