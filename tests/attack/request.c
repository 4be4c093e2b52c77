/* SPDX-License-Identifier: Apache-2.0 */
/*
 * request: see request.h.
 */
#include "tests/attack/request.h"

#include "verify/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void forge_die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)fputs("attack: error: ", stderr);
    (void)vfprintf(stderr, format, arguments);
    (void)fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

void forge_must(enum status status, const struct fault *fault)
{
    if (status != STATUS_OK) {
        forge_die("%s", fault->text);
    }
}

void *forge_make(size_t count, size_t size)
{
    void *memory = calloc(count + 1, size);
    if (memory == NULL) {
        forge_die("out of memory");
    }
    return memory;
}

static bool take_option(struct request *out, const char *option, const char *value)
{
    const struct { const char *name; const char **slot; } texts[] = {
        { "--from", &out->from }, { "--as", &out->as }, { "--origin", &out->origin }, { "--policy", &out->policy },
        { "--request", &out->request }, { "--tiles", &out->tiles },
        { "--key", &out->key }, { "--passphrase-file", &out->passphrase } };
    const struct { const char *name; uint64_t *slot; } numbers[] = {
        { "--item", &out->item }, { "--about", &out->about }, { "--record", &out->record }, { "--person", &out->person },
        { "--appointment", &out->appointment }, { "--capacity", &out->capacity }, { "--print", &out->print }, { "--anchor", &out->anchor },
        { "--old", &out->old }, { "--claimed", &out->claimed }, { "--logged", &out->logged } };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(option, texts[i].name) == 0) {
            *texts[i].slot = value;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (strcmp(option, numbers[i].name) == 0) {
            if (!text_decimal(view_text(value), numbers[i].slot)) {
                forge_die("%s %s is not a number", option, value);
            }
            return true;
        }
    }
    return false;
}

void request_read(int argc, char **argv, struct request *out)
{
    const char **places[] = { &out->name, &out->in, &out->out };
    size_t taken = 0;
    *out = (struct request){ .item = UINT64_MAX, .about = UINT64_MAX, .record = UINT64_MAX, .person = UINT64_MAX,
                             .appointment = UINT64_MAX, .capacity = UINT64_MAX, .print = UINT64_MAX, .anchor = UINT64_MAX,
                             .old = UINT64_MAX, .claimed = UINT64_MAX, .logged = UINT64_MAX };
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--", 2) == 0) {
            if (i + 1 == argc || !take_option(out, argv[i], argv[i + 1])) {
                forge_die("%s is not an option, or has no value", argv[i]);
            }
            i++;
        } else if (taken < sizeof places / sizeof places[0]) {
            *places[taken++] = argv[i];
        } else {
            forge_die("%s is one argument too many", argv[i]);
        }
    }
    if (taken < sizeof places / sizeof places[0]) {
        forge_die("usage: %s NAME IN OUT [--item N] [--record N] [--from IN] ...", argv[0]);
    }
    out->item = out->item == UINT64_MAX ? out->about : out->item;
    out->about = out->about == UINT64_MAX ? out->item : out->about;
}

uint64_t request_number(uint64_t number, const char *option)
{
    if (number == UINT64_MAX) {
        forge_die("%s is missing", option);
    }
    return number;
}

struct secret *request_key(const struct request *request)
{
    char line[256];
    struct secret *secret = NULL;
    struct fault fault = { 0 };
    if (request->key == NULL || request->passphrase == NULL) {
        forge_die("--key FILE and --passphrase-file FILE are missing");
    }
    FILE *file = fopen(request->passphrase, "r");
    if (file == NULL || fgets(line, sizeof line, file) == NULL) {
        forge_die("%s cannot be read", request->passphrase);
    }
    (void)fclose(file);
    forge_must(secret_load(request->key, view_of(line, strcspn(line, "\n")), &secret, &fault), &fault);
    return secret;
}

struct secret *request_new_key(void)
{
    struct secret *secret = NULL;
    struct fault fault = { 0 };
    forge_must(secret_new(&secret, &fault), &fault);
    return secret;
}

void request_write(const char *path, struct view bytes)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes.ptr, 1, bytes.len, file) != bytes.len || fclose(file) != 0) {
        forge_die("%s cannot be written", path);
    }
}
