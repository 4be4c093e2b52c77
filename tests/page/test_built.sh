#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
make -s build/page/node/installed || exit 1
exec node tests/page/built.mjs
