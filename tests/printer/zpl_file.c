/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pictures as ZPL, for tests: zpl_file PICTURE.pbm ... > LABELS.zpl, one label a picture. Pictures are binary PBM (P4), whose dots are packed as
 * a bitmap's are.
 */
#include "printer/zpl.h"

#include <stdio.h>

static bool read_number(FILE *file, unsigned *out)
{
    int c = fgetc(file);
    for (*out = 0; c >= '0' && c <= '9' && *out <= BITMAP_SIDE_MAX_DOTS; c = fgetc(file)) {
        *out = *out * 10 + (unsigned)(c - '0');
    }
    return c == ' ' || c == '\n';
}

static bool read_picture(FILE *file, struct bitmap *bitmap, struct fault *fault)
{
    unsigned width, height;
    return fgetc(file) == 'P' && fgetc(file) == '4' && fgetc(file) == '\n' && read_number(file, &width) && read_number(file, &height)
        && bitmap_create(width, height, bitmap, fault) == STATUS_OK
        && fread(bitmap->bits, bitmap->stride_bytes, bitmap->height_dots, file) == bitmap->height_dots;
}

int main(int argc, char **argv)
{
    struct buffer zpl = { 0 };
    int code = 0;

    for (int i = 1; i < argc && code == 0; i++) {
        struct bitmap bitmap = { 0 };
        struct fault fault = { 0 };
        FILE *file = fopen(argv[i], "rb");
        if (file == NULL || !read_picture(file, &bitmap, &fault) || zpl_label(&bitmap, &zpl, &fault) != STATUS_OK) {
            (void)fprintf(stderr, "%s: no PBM picture %s\n", argv[i], fault.text);
            code = 2;
        }
        if (file != NULL) {
            (void)fclose(file);
        }
        bitmap_free(&bitmap);
    }
    if (code == 0 && (fwrite(zpl.ptr, 1, zpl.len, stdout) != zpl.len || fflush(stdout) != 0)) {
        code = 2;
    }
    buffer_free(&zpl);
    return code;
}
