/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sample_check: one verification of a file of tests/vectors, step by step, so that a test can damage one thing between
 * two steps; and bundles written anew after one part of them was changed.
 */
#ifndef UNBROKEN_TESTS_SAMPLE_CHECK_H
#define UNBROKEN_TESTS_SAMPLE_CHECK_H

#include "verify/check.h"
#include "verify/exhibit.h"

enum { SAMPLE_MADE = 8 };

struct sample_check {
    struct buffer file, policy_text;
    struct buffer made[SAMPLE_MADE]; /* records that stand in the place of those of the file */
    size_t made_count;
    struct row *edited;
    struct record *edited_record;
    struct act *edited_act;
    struct hasher *hasher;
    struct policy *policy;
    struct verify_options options;
    struct verdict verdict;
    struct check check;
    struct fault fault;
};

enum sample_step { AT_RECORDS, AT_THREADS, AT_ACTS, AT_CLOSURE, AT_DETAILS, AT_CUSTODY, AT_VIEWS, AT_END };

/* Decodes file and policy (names in tests/vectors) and indexes the parts: V1 to V3. */
void sample_check_open(struct sample_check *s, const char *file, const char *policy);
void sample_check_close(struct sample_check *s);
/* Runs the steps from `first` up to, and not with, `before`, as far as none of them stops. */
void sample_check_run(struct sample_check *s, enum sample_step first, enum sample_step before);
/* "" or the code of the stop; the record and subject of it are in s->verdict.stop. */
const char *sample_check_code(const struct sample_check *s);
/* How many findings or breaches of that code there are. */
size_t sample_check_findings(const struct sample_check *s, const char *code);
/* The row of that record; ends the program when it is not there. */
struct row *sample_check_row(struct sample_check *s, uint64_t index);

/*
 * A forger who has every key, between V8 and V9: sample_check_edit decodes a record's act for the caller to change, and
 * sample_check_resign signs it anew by its signers (the persons 1 to 4 of the vectors' ledgers) and puts it into the row.
 */
struct act *sample_check_edit(struct sample_check *s, uint64_t index);
void sample_check_resign(struct sample_check *s);

/* Writes all parts of a bundle as a file, with its pool and its check made anew. */
void sample_bundle_write(struct hasher *hasher, const struct bundle *bundle, struct buffer *out);

#endif
