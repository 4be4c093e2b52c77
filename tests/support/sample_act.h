/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sample_act: acts whose every member has a value of its own, for tests of encoding and decoding. They obey SPEC 4
 * but no rule of custody, and their signatures are rubbish.
 */
#ifndef UNBROKEN_TESTS_SAMPLE_ACT_H
#define UNBROKEN_TESTS_SAMPLE_ACT_H

#include "verify/act.h"

/* 32 times that byte. */
struct hash sample_hash(uint8_t byte);
/* As many signatures as signers, Ed25519 and ESP256 in turn; their headers are not encoded. */
void sample_sign(struct act *out);
/* What every later act has: two signers, one entry without facts. */
void sample_act_least(struct act *out);
/* Every payload key; kind 255. */
void sample_act_all(struct act *out);
/* Every fact. The views are encoded seals and names and must outlive the facts. */
void sample_facts(struct facts *facts, struct view seals, struct view none, struct view names);

#endif
