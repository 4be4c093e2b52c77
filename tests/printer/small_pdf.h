/* SPDX-License-Identifier: Apache-2.0 */
/* small_pdf: a PDF of two pages as cairo writes it, and files, for the tests of printer/pdf_*.c. Included as text. */
#ifndef UNBROKEN_TESTS_SMALL_PDF_H
#define UNBROKEN_TESTS_SMALL_PDF_H

#include "verify/bytes.h"

#include <assert.h>
#include <cairo-pdf.h>
#include <stdio.h>

static inline cairo_status_t small_pdf_take(void *context, const unsigned char *bytes, unsigned len)
{
    buffer_append(context, bytes, len);
    return CAIRO_STATUS_SUCCESS;
}

static inline void small_pdf(struct buffer *out)
{
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(small_pdf_take, out, 298, 420);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "2018-12-13T02:03:04Z");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, "An earlier title");
    cairo_t *cairo = cairo_create(surface);
    for (int page = 0; page < 2; page++) {
        for (int i = 0; i < 40; i++) { /* no text: that would ask the machine for a font */
            cairo_rectangle(cairo, 20 + 6 * i, 30 + (i * i * 7 + page) % 300, 5, 20);
        }
        cairo_fill(cairo);
        cairo_show_page(cairo);
    }
    cairo_destroy(cairo);
    cairo_surface_finish(surface);
    assert(cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS);
    cairo_surface_destroy(surface);
}

static inline void read_whole(const char *path, struct buffer *out)
{
    uint8_t block[65536];
    FILE *file = fopen(path, "rb");
    assert(file != NULL);
    for (size_t got = fread(block, 1, sizeof block, file); got > 0; got = fread(block, 1, sizeof block, file)) {
        buffer_append(out, block, got);
    }
    assert(!ferror(file) && fclose(file) == 0 && !out->failed);
}

static inline void write_whole(const char *path, struct view bytes)
{
    FILE *file = fopen(path, "wb");
    assert(file != NULL);
    assert(fwrite(bytes.ptr, 1, bytes.len, file) == bytes.len && fclose(file) == 0);
}

#endif
