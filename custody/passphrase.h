/* SPDX-License-Identifier: Apache-2.0 */
/*
 * passphrase: from a file, or asked on /dev/tty without echo; never from an argument, the environment or standard input.
 */
#ifndef UNBROKEN_CUSTODY_PASSPHRASE_H
#define UNBROKEN_CUSTODY_PASSPHRASE_H

#include "verify/bytes.h"

enum { PASSPHRASE_BYTES_MAX = 1024 };

struct passphrase; /* wiped when closed */

/* The first line. Errors: STATUS_MISSING, STATUS_REFUSED (empty, too long), STATUS_ENVIRONMENT. */
MUST_USE enum status passphrase_read(const char *path, struct passphrase **out, struct fault *fault);
/* what: "the new key court.key". twice: asked again, and both must be the same. Errors: STATUS_REFUSED (no terminal, empty, differ). */
MUST_USE enum status passphrase_ask(const char *what, bool twice, struct passphrase **out, struct fault *fault);
void passphrase_close(struct passphrase *passphrase); /* accepts NULL */
struct view passphrase_view(const struct passphrase *passphrase);

#endif
