/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mirror_source: where a mirror's tiles come from: a folder (a stick, an export) or a web server. Whatever it gives is bounded in length and
 * otherwise believed in nothing. Not here: what tiles mean (mirror_tree.h).
 */
#ifndef UNBROKEN_LEDGER_MIRROR_SOURCE_H
#define UNBROKEN_LEDGER_MIRROR_SOURCE_H

#include "verify/bytes.h"

struct mirror_source;

/*
 * from: "http://..." or "https://...", else a folder. ca: PEM of the authorities that are trusted for https; NULL: the machine's. Errors: STATUS_MISSING (no such folder),
 * STATUS_REFUSED (no folder), STATUS_ENVIRONMENT, STATUS_MEMORY.
 */
MUST_USE enum status mirror_source_open(const char *from, const char *ca, struct mirror_source **out, struct fault *fault);
void mirror_source_close(struct mirror_source *source); /* accepts NULL */

enum { MIRROR_WANTED_MAX = 4 };

struct mirror_wanted {
    const char *path; /* "checkpoint", or a tile's: nothing else is ever asked for */
    size_t max;       /* longer is STATUS_DAMAGED */
    bool missing;     /* the source says that it has none: body is empty */
    struct buffer body;
};

/*
 * Asks for all of them, at once where that is possible; bodies are emptied before. A symbolic link in a folder is STATUS_REFUSED. Errors:
 * STATUS_DAMAGED, STATUS_REFUSED, STATUS_ENVIRONMENT (also an answer that is neither 200 nor 404), STATUS_MEMORY.
 */
MUST_USE enum status mirror_source_read(struct mirror_source *source, struct mirror_wanted *wanted, size_t count, struct fault *fault);
void mirror_wanted_free(struct mirror_wanted *wanted, size_t count);

#endif
