#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when the layering script misses a planted violation, or when the tree holds a real one.

planted=$(sh tests/layers.sh --self-test)
printf '%s\n' "$planted"
tree=$(sh tests/layers.sh)
printf '%s\n' "$tree"

counts=$(printf '%s\n' "$planted" | tail -n 1)
passed=${counts%% passed*}
failed=${counts##*passed, }
failed=${failed% failed}
if [ -z "$tree" ]; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
