/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundling: a bundle from the ledger, for the commands that write one or draw a paper from one: which details are withheld, the checkpoint that
 * covers it, the export. Not here: the file that it goes into, and papers.
 */
#ifndef UNBROKEN_CUSTODY_BUNDLING_H
#define UNBROKEN_CUSTODY_BUNDLING_H

#include "custody/detail_names.h"
#include "custody/session.h"
#include "ledger/export.h"

enum { BUNDLING_OTHERS_MAX = 8 };

/* Which order, and which of its names; what else stands in it. */
struct bundling {
    enum export_withholding what;
    uint64_t order;
    struct detail_names names;
    struct view others[BUNDLING_OTHERS_MAX]; /* bundles of other ledgers that stand in it; borrowed */
    size_t other_count;
};

/* The rows of the options that bundling_read reads, for a command's own list. */
#define BUNDLING_OPTIONS \
    {"--order", OPTION_VALUE, "RECORD", "withhold what that order covers, and nothing else; without it: what any order in the bundle covers"}, \
    {"--withhold", OPTION_MANY, "NAME", "with --order: only these of the details that it covers"}, \
    {"--nothing-withheld", OPTION_FLAG, NULL, "for a court: withhold nothing, whatever orders say; what is erased is gone for all"}

/* Errors: STATUS_REFUSED (usage). */
MUST_USE enum status bundling_read(struct args *args, struct bundling *out, struct fault *fault);
/* Signs what is not signed yet, and has it cosigned; leaves the session without a transaction. Nothing may be open. */
MUST_USE enum status bundling_checkpoint(struct session *session, struct fault *fault);
/*
 * Appends the bundle of these subjects (none: of all) to out. Needs a transaction. since_size: 0, or an older size to be among the anchors.
 * withheld receives how many details were left out. Shows its progress. Errors: as export_bundle.
 */
MUST_USE enum status bundling_export(struct session *session, const struct subject_list *list, uint64_t since_size, bool without_attachments,
                                     const struct bundling *bundling, struct buffer *out, uint64_t *withheld, struct fault *fault);
/* The station's own policy, byte for byte as `unbroken ledger policy` prints it: papers that name its SHA-256 are compared with that. */
MUST_USE enum status bundling_policy(struct session *session, struct buffer *out, struct fault *fault);
/* What was withheld, in a line on standard output; nothing where nothing is to be said. */
void bundling_say(const struct bundling *bundling, uint64_t withheld);

#endif
