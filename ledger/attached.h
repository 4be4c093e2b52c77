/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attached: sheets, disclosures and attachments that come with an act: checked against it (SPEC 3.7, V11). For append and fsck.
 */
#ifndef UNBROKEN_LEDGER_ATTACHED_H
#define UNBROKEN_LEDGER_ATTACHED_H

#include "verify/act.h"
#include "verify/detail.h"
#include "verify/state.h"

/* What is compared. The hashes are filled by attached_hash. */
struct attached {
    const struct view *sheets;
    struct hash *sheet_hashes;
    size_t sheet_count;
    const struct view *disclosures;
    struct hash *digests;
    size_t disclosure_count;
    const struct view *attachments; /* NULL and 0: not looked at */
    struct hash *attachment_hashes;
    bool *attachment_used; /* all false before attached_check */
    size_t attachment_count;
};

/* Hashes everything into the caller's memory, which holds one hash for each sheet, disclosure and attachment. */
void attached_hash(struct hasher *hasher, struct attached *attached, struct hash *memory);

/* A sheet that an act names. */
struct attached_reference {
    uint64_t subject; /* NOTHING: the act as a whole */
    struct hash sheet;
};

enum { ATTACHED_REFERENCES_MAX = ACT_ENTRIES_MAX + 1 };

/* What an act says of its details: enough to check them without it. */
struct attached_act {
    bool founding;
    struct hash ledger;
    uint64_t author;
    uint8_t nonce[NONCE_BYTES];
    const struct attached_reference *references;
    size_t reference_count;
};

/* Fills references, which has room for ATTACHED_REFERENCES_MAX, and *out, which borrows them. */
void attached_describe(const struct act *act, struct attached_reference *references, struct attached_act *out);

/* Told of each file that a disclosure names; STATUS_OK goes on. May be NULL. */
struct attached_files {
    enum status (*file)(void *context, const struct attachment *file, struct fault *fault);
    void *context;
};

/* Told of each line of each sheet, and whether its disclosure is there; false: a detail is missing. */
struct attached_lines {
    bool (*line)(void *context, uint64_t subject, const struct sheet_line *line, bool there);
    void *context;
};

/*
 * Every sheet that act names is there and none else; every line of it has its disclosure, bound to ledger, author, nonce, subject, name and
 * ordinal, and no disclosure is left over; each attachment is that of a file detail with its length.
 * lines: NULL, or it judges which lines may be without one. Errors: STATUS_DAMAGED with a sentence.
 */
MUST_USE enum status attached_check(const struct attached *attached, const struct attached_act *act,
                                    const struct attached_files *files, const struct attached_lines *lines, struct fault *fault);

#endif
