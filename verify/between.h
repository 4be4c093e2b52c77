/* SPDX-License-Identifier: Apache-2.0 */
/*
 * between: what was recorded of a subject between the checkpoints of two files of one ledger (SPEC 11, silence). Each file is verified by itself;
 * the newer one must prove that it continues the older. Silence of a thing is that of its thread and of the containers that it was in.
 */
#ifndef UNBROKEN_VERIFY_BETWEEN_H
#define UNBROKEN_VERIFY_BETWEEN_H

#include "verify/verdict.h"

struct between_record {
    uint64_t index;
    uint64_t logged_s;
    const char *act;
    uint64_t subject; /* in whose thread it stands: the one that was asked for, a thing of its case, or a container */
};

/* Asked for in both files. */
struct between_subject {
    uint64_t subject;
    enum subject_type type;
    size_t first, count; /* in records; count 0: silent */
};

/* What these two files cannot be asked; nothing is then known of silence. */
enum between_use { BETWEEN_FITS, BETWEEN_LEDGERS, BETWEEN_ORDER, BETWEEN_NOBODY };

/* The head of one thread, as the older file's leaves give it. */
struct between_thread {
    uint64_t subject, count, last;
};

struct between {
    struct verdict older, newer;
    int status;            /* of both, by SPEC 10 */
    const char *code;      /* that of the file which gives the status, or "between" */
    struct stop stop;      /* the two files contradict each other */
    enum between_use use;
    bool answered;         /* both stand, and the newer continues the older */
    bool witnessed;        /* both checkpoints satisfy the policy's quorum, which is not none */
    uint64_t *asked;       /* of the older file */
    size_t asked_count;
    struct between_thread *threads; /* of the older file, ascending by subject */
    size_t thread_count;
    struct between_subject *subjects;
    size_t subject_count;
    struct between_record *records;
    size_t record_count, record_cap;
};

/*
 * Always filled; free it with between_close. options->since is not looked at: the older file is it. The older file is verified with `training` and
 * `tsa` alone. Errors: STATUS_MEMORY only.
 */
MUST_USE enum status verify_between(struct hasher *hasher, const struct policy *policy, struct view older, struct view newer,
                                    const struct verify_options *options, struct between *out, struct fault *fault);
void between_close(struct between *between);

/* For people, and as JSON. Text from records is escaped. */
void between_print(const struct between *between, struct buffer *out);
void between_json(const struct between *between, struct buffer *out);

#endif
