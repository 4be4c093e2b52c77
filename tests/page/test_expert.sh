#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
exec node tests/page/expert.mjs build/page/core.mjs
