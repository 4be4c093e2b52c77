/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asking: one act is put to the recorder: plainly, and where it is refused as a deviation; then it is kept in the ledger.
 */
#ifndef UNBROKEN_TESTS_WALK_ASKING_H
#define UNBROKEN_TESTS_WALK_ASKING_H

#include "tests/walk/walk.h"

/* Acts by number, each made anew as often as it is wanted. */
struct asking {
    struct walk *w;
    const void *context;
    struct signed_act (*make)(struct walk *w, const void *context, size_t i, bool deviation);
    void (*name)(const struct walk *w, const void *context, size_t i, char out[256]); /* for failures */
};

enum fate {
    FATE_IMPOSSIBLE,    /* not asked */
    FATE_CLEAN,         /* taken as it is */
    FATE_DEVIATION,     /* refused for a breach of custody: taken as a deviation */
    FATE_CONTRADICTION, /* refused either way */
    FATE_COUNT
};

struct outcome {
    enum fate fate;
    char text[FAULT_TEXT_BYTES]; /* of the refusal */
};

/*
 * Asks in transactions that are thrown away. Fails when what is accepted has breaches; when a refusal is not the first breach's sentence, and yet
 * no contradiction; when a deviation heals a contradiction.
 */
void asking_try(const struct asking *asking, size_t i, struct outcome *out);
/* Appends it within w->txn as outcome says, adds its breaches; fails when they are not those of before. */
void asking_keep(const struct asking *asking, size_t i, const struct outcome *outcome, struct told_list *breaches);

/* A refusal's code, before the colon. */
void outcome_code(const struct outcome *outcome, char out[24]);

#endif
