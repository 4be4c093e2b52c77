/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vectors: see the header.
 */
#include "tests/support/vectors.h"

#include "verify/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "tests/vectors/"

static void give_up(const char *what, const char *why)
{
    (void)fprintf(stderr, "vectors: %s: %s\n", what, why);
    exit(125);
}

json_t *vectors_load(void)
{
    json_error_t error;
    json_t *vectors = json_load_file(FOLDER "expected.json", JSON_REJECT_DUPLICATES, &error);

    if (vectors == NULL || !json_is_array(vectors) || json_array_size(vectors) == 0) {
        give_up("expected.json", vectors == NULL ? error.text : "no list of vectors");
    }
    return vectors;
}

void vectors_read(const char *name, struct buffer *out)
{
    char path[256];
    uint8_t chunk[65536];
    size_t n = 0;

    (void)snprintf(path, sizeof path, FOLDER "%s", name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        give_up(path, "cannot be opened");
        return;
    }
    while ((n = fread(chunk, 1, sizeof chunk, file)) > 0) {
        buffer_append(out, chunk, n);
    }
    if (ferror(file) != 0 || out->failed) {
        give_up(path, "cannot be read");
    }
    (void)fclose(file);
}

static const char *text_of(const json_t *vector, const char *key)
{
    const char *text = json_string_value(json_object_get(vector, key));

    if (text == NULL) {
        give_up(key, "a vector without it");
    }
    return text;
}

/* The options of the command line, as unbroken-verify takes them. */
static void set_options(const json_t *options, struct vector_run *run)
{
    run->options = (struct verify_options){.as_of_s = NOTHING};
    for (size_t i = 0; i < json_array_size(options); i++) {
        const char *option = json_string_value(json_array_get(options, i));
        const char *value = json_string_value(json_array_get(options, i + 1));

        if (option != NULL && strcmp(option, "--training") == 0) {
            run->options.training = true;
            continue;
        }
        i++;
        if (option == NULL || value == NULL) {
            give_up("options", "no value");
        } else if (strcmp(option, "--since") == 0) {
            vectors_read(value, &run->since);
            run->options.since = buffer_view(&run->since);
        } else if (strcmp(option, "--tag") == 0) {
            run->options.tag = view_text(value);
        } else if (strcmp(option, "--as-of") != 0 || !text_time_parse(view_text(value), &run->options.as_of_s)) {
            give_up("options", option);
        }
    }
}

void vector_open(const json_t *vector, struct vector_run *run)
{
    struct fault fault = {0};

    if (key_initialise(&fault) != STATUS_OK || hasher_open(&run->hasher, &fault) != STATUS_OK) {
        give_up("libraries", fault.text);
    }
    vectors_read(text_of(vector, "file"), &run->file);
    vectors_read(text_of(vector, "policy"), &run->policy_text);
    enum status status = policy_parse(run->hasher, buffer_view(&run->policy_text), &run->policy, &fault);
    if (status != STATUS_OK && status != STATUS_DAMAGED) {
        give_up(text_of(vector, "policy"), fault.text);
    }
    set_options(json_object_get(vector, "options"), run);
}

void vector_verify(struct vector_run *run, struct view file)
{
    struct fault fault = {0};

    if (run->policy == NULL) {
        /* verify/main.c refuses it before there is a verdict. */
        memset(&run->verdict, 0, sizeof run->verdict);
        stop_set(&run->verdict.stop, 2, "policy", NOTHING, NOTHING, "the policy is malformed");
        run->verdict.status = 2;
        run->verdict.code = "policy";
        return;
    }
    if (verify_file(run->hasher, run->policy, file, &run->options, &run->verdict, &fault) != STATUS_OK) {
        give_up("verify_file", fault.text);
    }
}

void vector_close(struct vector_run *run)
{
    verdict_close(&run->verdict);
    policy_close(run->policy);
    hasher_close(run->hasher);
    buffer_free(&run->file);
    buffer_free(&run->policy_text);
    buffer_free(&run->since);
    memset(run, 0, sizeof *run);
}
