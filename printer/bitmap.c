/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bitmap: eight dots a byte.
 */
#include "printer/bitmap.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { BLACK_FROM = 128 };

enum status bitmap_create(unsigned width_dots, unsigned height_dots, struct bitmap *out, struct fault *fault)
{
    *out = (struct bitmap){ 0 };
    if (width_dots == 0 || height_dots == 0 || width_dots > BITMAP_SIDE_MAX_DOTS || height_dots > BITMAP_SIDE_MAX_DOTS) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "a label of %u x %u dots: each side has from 1 to %d", width_dots, height_dots,
                         BITMAP_SIDE_MAX_DOTS);
    }
    size_t stride = (width_dots + 7u) / 8u;
    uint8_t *bits = calloc(height_dots, stride);
    if (bits == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    *out = (struct bitmap){ .width_dots = width_dots, .height_dots = height_dots, .stride_bytes = stride, .bits = bits };
    return STATUS_OK;
}

void bitmap_free(struct bitmap *bitmap)
{
    free(bitmap->bits);
    *bitmap = (struct bitmap){ 0 };
}

void bitmap_take(struct bitmap *bitmap, const uint8_t *coverage, size_t stride_bytes)
{
    for (unsigned y = 0; y < bitmap->height_dots; y++) {
        uint8_t *row = bitmap->bits + y * bitmap->stride_bytes;
        const uint8_t *from = coverage + y * stride_bytes;
        unsigned x = 0;
        memset(row, 0, bitmap->stride_bytes);
        for (; x + 8 <= bitmap->width_dots; x += 8) {
            unsigned eight = 0;
            uint64_t white;
            memcpy(&white, from + x, sizeof white);
            if (white == 0) {
                continue; /* most of a label */
            }
            for (unsigned k = 0; k < 8; k++) {
                eight = eight << 1 | (from[x + k] >= BLACK_FROM ? 1u : 0u);
            }
            row[x / 8] = (uint8_t)eight;
        }
        for (; x < bitmap->width_dots; x++) {
            row[x / 8] |= (uint8_t)((from[x] >= BLACK_FROM ? 0x80u : 0u) >> (x % 8));
        }
    }
}

bool bitmap_black(const struct bitmap *bitmap, unsigned x, unsigned y)
{
    assert(x < bitmap->width_dots && y < bitmap->height_dots);
    return (bitmap->bits[y * bitmap->stride_bytes + x / 8] & (0x80u >> (x % 8))) != 0;
}

void bitmap_blacken(struct bitmap *bitmap, unsigned x, unsigned y)
{
    assert(x < bitmap->width_dots && y < bitmap->height_dots);
    bitmap->bits[y * bitmap->stride_bytes + x / 8] |= (uint8_t)(0x80u >> (x % 8));
}
