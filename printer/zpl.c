/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zpl: the run-length coding of ^GF (ZPL II Programming Guide, "Alternative Data Compression Scheme"). A row is hex digits, each behind how
 * often it is repeated: G to Y say 1 to 19, g to z say 20 to 400 in twenties, one of each are added. "," ends a row with zeros, ":" is the
 * whole row above again. "!", which ends a row "with ones", is not used: some take that for dots, others for digits 1.
 */
#include "printer/zpl.h"

#include <assert.h>
#include <string.h>

enum { RUN_MAX = 419 }; /* "zY" */

/* The digit that often; a single one stands alone. */
static void append_run(struct buffer *out, unsigned digit, size_t count)
{
    while (count > 0) {
        size_t run = count < RUN_MAX ? count : RUN_MAX;
        if (run >= 20) {
            buffer_append_byte(out, (uint8_t)('g' + (run / 20 - 1)));
        }
        if (run % 20 > 0 && run > 1) {
            buffer_append_byte(out, (uint8_t)('G' + (run % 20 - 1)));
        }
        buffer_append_byte(out, (uint8_t)"0123456789ABCDEF"[digit]);
        count -= run;
    }
}

static unsigned digit_at(const uint8_t *row, size_t i)
{
    return i % 2 == 0 ? row[i / 2] >> 4 : row[i / 2] & 0xFu;
}

static void append_row(struct buffer *out, const uint8_t *row, size_t row_bytes)
{
    size_t digits = row_bytes * 2;

    for (size_t i = 0; i < digits;) {
        unsigned digit = digit_at(row, i);
        size_t end = i + 1;
        while (end < digits && digit_at(row, end) == digit) {
            end++;
        }
        if (end == digits && digit == 0) {
            buffer_append_byte(out, ',');
        } else {
            append_run(out, digit, end - i);
        }
        i = end;
    }
}

/* A row of the picture; the bits behind its last dot are white. */
static void read_row(const struct bitmap *bitmap, unsigned y, uint8_t *row, size_t row_bytes)
{
    memcpy(row, bitmap->bits + y * bitmap->stride_bytes, row_bytes);
    row[row_bytes - 1] &= (uint8_t)(0xFFu << (row_bytes * 8 - bitmap->width_dots));
}

enum status zpl_label(const struct bitmap *bitmap, struct buffer *out, struct fault *fault)
{
    uint8_t rows[2][BITMAP_SIDE_MAX_DOTS / 8];
    size_t row_bytes = (bitmap->width_dots + 7u) / 8u, total = row_bytes * bitmap->height_dots;

    assert(bitmap->bits != NULL && row_bytes <= sizeof rows[0]);
    buffer_printf(out, "^XA^PW%u^LL%u^LH0,0^LS0^PON^PMN^LRN\n", bitmap->width_dots, bitmap->height_dots);
    buffer_printf(out, "^FO0,0^GFA,%zu,%zu,%zu,", total, total, row_bytes);
    for (unsigned y = 0; y < bitmap->height_dots; y++) {
        uint8_t *row = rows[y % 2];
        read_row(bitmap, y, row, row_bytes);
        if (y > 0 && memcmp(row, rows[(y + 1) % 2], row_bytes) == 0) {
            buffer_append_byte(out, ':');
        } else {
            append_row(out, row, row_bytes);
        }
    }
    buffer_printf(out, "^FS\n^PQ1\n^XZ\n");
    return buffer_status(out, fault);
}
