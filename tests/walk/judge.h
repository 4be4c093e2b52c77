/* SPDX-License-Identifier: Apache-2.0 */
/*
 * judge: what the verifiers say of a ledger: a bundle is taken out, verify's code and the independent reader in Python are asked, and
 * their breaches are given as lists.
 */
#ifndef UNBROKEN_TESTS_WALK_JUDGE_H
#define UNBROKEN_TESTS_WALK_JUDGE_H

#include "ledger/ledger.h"
#include "tests/walk/told.h"

struct judgement {
    int status;
    char code[32];
    struct told_list breaches; /* sorted */
};

void judgement_free(struct judgement *judgement);

/* The bundle of these subjects (count 0: of all) as of the latest checkpoint. Owned by the caller. */
struct buffer judge_bundle(struct ledger *ledger, const uint64_t *asked, size_t count);
/* verify's code as a library, under the ledger's own policy. */
struct judgement judge_by_library(struct ledger *ledger, const struct buffer *bundle);

/* Files for the readers that are programs, in a directory that is there: its policy, and bundles by number. */
void judge_write_policy(struct ledger *ledger, const char *dir);
void judge_write(const char *dir, size_t number, const struct buffer *bundle);

/* The Python reader at work on bundles 0 ... count-1 of that directory, in one process beside this one. */
struct python;
struct python *judge_python(const char *dir, size_t count);
/* The next bundle's judgement; after the last, judge_python_end wants that it ended well. */
struct judgement judge_python_next(struct python *python);
void judge_python_end(struct python *python);

/* Exit status of the program unbroken-verify (in $BUILD) on bundle `number`. */
int judge_by_program(const char *dir, size_t number);

#endif
