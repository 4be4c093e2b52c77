/* SPDX-License-Identifier: Apache-2.0 */
/*
 * digits: E1 9F A0 .. E1 9F A9 in UTF-8.
 */
#include "custody/digits.h"

void digits_to_ascii(struct view text, struct buffer *out)
{
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t *at = text.ptr + i;

        if (text.len - i >= 3 && at[0] == 0xe1 && at[1] == 0x9f && at[2] >= 0xa0 && at[2] <= 0xa9) {
            buffer_append_byte(out, (uint8_t)('0' + at[2] - 0xa0));
            i += 2;
        } else {
            buffer_append_byte(out, at[0]);
        }
    }
}
