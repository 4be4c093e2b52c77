/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drafts: the acts of one draft file.
 */
#ifndef UNBROKEN_CUSTODY_DRAFTS_H
#define UNBROKEN_CUSTODY_DRAFTS_H

#include "custody/session.h"

/* Owned: drafts_free, also after a failure. */
struct drafts {
    struct draft *list;
    size_t count;
    struct hash ledger;
    struct act *act; /* scratch */
};

/* Errors: STATUS_MISSING, STATUS_ENVIRONMENT, STATUS_DAMAGED (not a draft, or damaged), STATUS_MEMORY. */
MUST_USE enum status drafts_read(const char *path, struct hasher *hasher, struct drafts *out, struct fault *fault);
/* All files of the arguments: copies of one draft, each with signatures of its own, made one. STATUS_REFUSED: they are of different acts. */
MUST_USE enum status drafts_read_copies(const struct args *args, struct hasher *hasher, struct drafts *out, struct fault *fault);
void drafts_free(struct drafts *drafts);
/* STATUS_REFUSED, with the names of those who have not signed act i. Decodes it into drafts->act. */
MUST_USE enum status drafts_all_signed(const struct session *session, struct drafts *drafts, size_t i, struct fault *fault);
/* The files of the arguments are deleted; a hint where one cannot be. */
void drafts_unlink(const struct args *args);
/* STATUS_REFUSED: a draft for another ledger than the one at hand. */
MUST_USE enum status drafts_same_ledger(const struct session *session, const struct drafts *drafts, struct fault *fault);

#endif
