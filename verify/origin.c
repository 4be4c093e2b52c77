/* SPDX-License-Identifier: Apache-2.0 */
/*
 * origin: see the header.
 */
#include "verify/origin.h"

#include "verify/text.h"

void origin_line(struct view origin, bool training, const struct hash *ledger, struct buffer *out)
{
    buffer_append_view(out, origin);
    buffer_printf(out, training ? "/training/" : "/");
    text_base32(out, hash_view(ledger));
}
