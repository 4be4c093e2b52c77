/* SPDX-License-Identifier: Apache-2.0 */
#include "printer/png_file.h"

#include <png.h>

static void take(png_structp png, png_bytep bytes, png_size_t len)
{
    buffer_append(png_get_io_ptr(png), bytes, len);
}

static void flush(png_structp png)
{
    (void)png;
}

/* Warnings and errors stay here: libpng would print them. */
static void be_silent(png_structp png, png_const_charp text)
{
    (void)png;
    (void)text;
}

static void jump(png_structp png, png_const_charp text)
{
    (void)text;
    png_longjmp(png, 1);
}

/* libpng leaves by setjmp: nothing that changes after it is looked at behind it. */
static bool write_all(png_structp png, png_infop info, const struct bitmap *bitmap, unsigned dpi, struct buffer *out)
{
    if (setjmp(png_jmpbuf(png))) {
        return false;
    }
    png_set_write_fn(png, out, take, flush);
    png_set_IHDR(png, info, bitmap->width_dots, bitmap->height_dots, 1, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_set_pHYs(png, info, (png_uint_32)(dpi / 0.0254 + 0.5), (png_uint_32)(dpi / 0.0254 + 0.5), PNG_RESOLUTION_METER);
    png_write_info(png, info);
    png_set_invert_mono(png);
    for (unsigned y = 0; y < bitmap->height_dots; y++) {
        png_write_row(png, bitmap->bits + y * bitmap->stride_bytes);
    }
    png_write_end(png, info);
    return true;
}

enum status png_file(const struct bitmap *bitmap, unsigned dpi, struct buffer *out, struct fault *fault)
{
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, jump, be_silent);
    png_infop info = png == NULL ? NULL : png_create_info_struct(png);
    bool written = info != NULL && write_all(png, info, bitmap, dpi, out);
    bool none = info == NULL;
    png_destroy_write_struct(&png, &info);
    if (none) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    return written ? buffer_status(out, fault) : fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "the picture could not be written as a PNG");
}
