#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What the page reads off paper, and what it says of a paper by itself (papers.mjs).
set -eu
exec node tests/page/papers.mjs build/page/core.mjs
