/* SPDX-License-Identifier: Apache-2.0 */
/*
 * perform_line: a command line's text: from a template, and back to what a person would type.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "custody/perform.h"

enum { LINE_COLUMNS = 70 };

void perform_fill(const char *text, perform_slot *slot, const void *context, struct buffer *out)
{
    while (*text != '\0') {
        const char *end = *text == '{' ? strchr(text, '}') : NULL;

        if (end == NULL) {
            buffer_append_byte(out, (uint8_t)*text);
            text++;
        } else {
            const char *value = slot(context, view_of(text + 1, (size_t)(end - text - 1)));

            assert(value != NULL);
            buffer_append_view(out, view_text(value));
            text = end + 1;
        }
    }
}

/* The next word of a template, without its quotes; false: there is none. */
static bool next_word(const char **at, struct buffer *word)
{
    bool quoted = false;

    while (**at == ' ') {
        (*at)++;
    }
    if (**at == '\0') {
        return false;
    }
    buffer_reset(word);
    for (; **at != '\0' && (quoted || **at != ' '); (*at)++) {
        if (**at == '\'') {
            quoted = !quoted;
        } else {
            buffer_append_byte(word, (uint8_t)**at);
        }
    }
    assert(!quoted);
    buffer_append_byte(word, 0);
    return true;
}

static char *filled(const struct buffer *word, perform_slot *slot, const void *context)
{
    struct buffer out = {0};
    char *text = NULL;

    if (!word->failed) {
        perform_fill((const char *)word->ptr, slot, context, &out);
        buffer_append_byte(&out, 0);
        text = out.failed ? NULL : strdup((const char *)out.ptr);
    }
    buffer_free(&out);
    return text;
}

enum status perform_parse(const char *template, perform_slot *slot, const void *context, struct perform_line *out,
                          struct fault *fault)
{
    struct buffer word = {0};
    bool to_file = false;
    bool memory = true;

    *out = (struct perform_line){0};
    while (memory && next_word(&template, &word)) {
        bool arrow = !word.failed && strcmp((const char *)word.ptr, ">") == 0; /* of the template, never of what was typed */
        char *text = arrow ? NULL : filled(&word, slot, context);

        memory = arrow || text != NULL;
        if (arrow) {
            to_file = true;
        } else if (to_file) {
            assert(out->file == NULL);
            out->file = text;
        } else {
            assert(out->count < PERFORM_WORDS_MAX);
            out->words[out->count++] = text;
        }
    }
    buffer_free(&word);
    if (!memory) {
        perform_free(out);
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    assert(out->count > 0 && to_file == (out->file != NULL));
    return STATUS_OK;
}

void perform_free(struct perform_line *line)
{
    for (size_t i = 0; i <= PERFORM_WORDS_MAX; i++) {
        free(line->words[i]);
    }
    free(line->file);
    *line = (struct perform_line){0};
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-_./:=,+@", c) != NULL;
}

/* In single quotes where a shell would read it otherwise. */
static void print_word(const char *word, struct buffer *out)
{
    size_t plain = 0;

    while (word[plain] != '\0' && is_plain(word[plain])) {
        plain++;
    }
    if (word[plain] == '\0' && plain > 0) {
        buffer_append_view(out, view_text(word));
        return;
    }
    buffer_append_byte(out, '\'');
    for (; *word != '\0'; word++) {
        buffer_append_view(out, *word == '\'' ? view_text("'\\''") : view_of(word, 1));
    }
    buffer_append_byte(out, '\'');
}

/* Words from i that stay together: an option and its value. */
static size_t group_of(const struct perform_line *line, size_t i)
{
    return line->words[i][0] == '-' && i + 1 < line->count && line->words[i + 1][0] != '-' ? 2 : 1;
}

void perform_print(const struct perform_line *line, struct buffer *out)
{
    size_t column = 0;
    struct buffer group = {0};

    for (size_t i = 0; i < line->count;) {
        size_t count = group_of(line, i);

        buffer_reset(&group);
        for (size_t n = 0; n < count; n++) {
            buffer_append_view(&group, view_text(n == 0 ? "" : " "));
            print_word(line->words[i + n], &group);
        }
        if (column > 0 && column + 1 + group.len > LINE_COLUMNS) {
            buffer_append_view(out, view_text(" \\\n    "));
            column = 4;
        } else if (column > 0) {
            buffer_append_byte(out, ' ');
            column++;
        }
        buffer_append_view(out, buffer_view(&group));
        column += group.len;
        i += count;
    }
    if (line->file != NULL) {
        buffer_printf(out, " > %s", line->file);
    }
    out->failed = out->failed || group.failed;
    buffer_free(&group);
}
