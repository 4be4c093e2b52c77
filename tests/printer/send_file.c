/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file to a printer, for tests: send_file ADDRESS MEDIA-TYPE FILE (- for standard input), or send_file ADDRESS MEDIA-TYPE to ask only. What the
 * printer said goes to standard output, an error to standard error with exit code 1.
 */
#include "printer/send.h"

#include <stdio.h>
#include <string.h>

static bool read_all(const char *name, struct buffer *out)
{
    FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");
    uint8_t bytes[65536];
    bool good = file != NULL;

    for (size_t got = 1; good && got > 0;) {
        got = fread(bytes, 1, sizeof bytes, file);
        buffer_append(out, bytes, got);
    }
    good = good && ferror(file) == 0 && !out->failed;
    if (file != NULL && file != stdin) {
        (void)fclose(file);
    }
    return good;
}

int main(int argc, char **argv)
{
    struct buffer bytes = { 0 };
    struct sent sent = { 0 };
    struct fault fault = { 0 };

    if (argc < 3 || argc > 4 || (argc == 4 && !read_all(argv[3], &bytes))) {
        (void)fprintf(stderr, "usage: send_file ADDRESS MEDIA-TYPE [FILE|-]\n");
        return 2;
    }
    struct send_job job = { .destination = argv[1], .media_type = argv[2], .name = "unbroken test", .bytes = buffer_view(&bytes) };
    enum status status = argc == 4 ? send_document(&job, &sent, &fault) : send_ask(&job, &sent, &fault);
    buffer_free(&bytes);
    if (status != STATUS_OK) {
        (void)fprintf(stderr, "error: %s: %s\n", status_name(status), fault.text);
        return 1;
    }
    (void)printf("%llu bytes: %s\n", (unsigned long long)sent.bytes, sent.said);
    return 0;
}
