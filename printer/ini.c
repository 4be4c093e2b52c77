/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ini: libinih with a line source of our own. inih calls a continuation line (one that begins with a space) as another
 * value of the same name; so a long line is given to it as a line and its continuations, and what belongs together is
 * joined again here. A piece neither begins nor ends with a space, since inih strips those. inih would cut a value at
 * " ;" and take a piece that begins with ; or # for a comment; a law's "Article 97; 98" must survive. So these
 * characters are hidden from it as control characters, which a value may not have, except where a line begins with one.
 */
#include "printer/ini.h"

#include <ini.h>
#include <stdio.h>
#include <string.h>

enum { PIECE_BYTES = 150, NAME_BYTES_MAX = 50, SECTION_BYTES_MAX = 50 };

enum { HIDDEN_SEMICOLON = 1, HIDDEN_HASH = 2 };

enum piece { PIECE_NEW, PIECE_CONTINUED, PIECE_REST };

struct source {
    struct view file;
    size_t at;
    uint64_t line;       /* of what was handed out last */
    bool inside;         /* in the middle of a long line */
    enum piece piece;    /* what was handed out last */
    ini_value *value;
    void *context;
    /* The value that is being gathered; given on when the next begins. */
    uint64_t value_line;
    char section[SECTION_BYTES_MAX + 1];
    char name[NAME_BYTES_MAX + 1];
    struct buffer text;
    bool open, stopped;
};

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static uint8_t hide(uint8_t c)
{
    return c == ';' ? HIDDEN_SEMICOLON : c == '#' ? HIDDEN_HASH : c;
}

static uint8_t unhide(uint8_t c)
{
    return c == HIDDEN_SEMICOLON ? ';' : c == HIDDEN_HASH ? '#' : c;
}

/* Copies a piece, hiding unless the line is a comment; a comment's rest is stepped over. */
static size_t copy_piece(struct source *source, size_t from, size_t end, char *out)
{
    size_t first = from;
    bool comment;

    while (first < end && is_space(source->file.ptr[first])) {
        first++;
    }
    comment = !source->inside && first < end && (source->file.ptr[first] == ';' || source->file.ptr[first] == '#');
    for (size_t i = from; i < end; i++) {
        out[i - from] = (char)(comment ? source->file.ptr[i] : hide(source->file.ptr[i]));
    }
    if (comment) {
        while (source->at < source->file.len && source->file.ptr[source->at] != '\n') {
            source->at++;
        }
    }
    return end - from;
}

/* fgets as inih wants it. */
static char *next_line(char *out, int size, void *stream)
{
    struct source *source = stream;
    size_t from = source->at;
    size_t end = from;
    size_t used = 0;

    if (from >= source->file.len || size < PIECE_BYTES + 4) {
        return NULL;
    }
    while (end < source->file.len && source->file.ptr[end] != '\n' && end - from < PIECE_BYTES) {
        end++;
    }
    if (end < source->file.len && source->file.ptr[end] != '\n') {
        /* Cut so that no space stands on either side. */
        while (end > from + 1 && (is_space(source->file.ptr[end]) || is_space(source->file.ptr[end - 1]))) {
            end--;
        }
    }
    if (source->inside) {
        source->piece = PIECE_REST;
        out[used++] = ' ';
    } else {
        source->line++;
        source->piece = end > from && is_space(source->file.ptr[from]) ? PIECE_CONTINUED : PIECE_NEW;
    }
    source->at = end;
    used += copy_piece(source, from, end, out + used);
    source->inside = source->at < source->file.len && source->file.ptr[source->at] != '\n';
    source->at += source->inside ? 0 : 1;
    out[used++] = '\n';
    out[used] = '\0';
    return out;
}

static void give(struct source *source)
{
    struct ini_line line = {source->value_line, source->section, source->name, NULL};

    if (!source->open) {
        return;
    }
    source->open = false;
    buffer_append_byte(&source->text, 0);
    if (!source->text.failed && !source->stopped) {
        line.value = (const char *)source->text.ptr;
        source->stopped = !source->value(source->context, &line);
    }
}

static void gather(struct source *source, const char *value)
{
    for (const char *at = value; *at != '\0'; at++) {
        buffer_append_byte(&source->text, unhide((uint8_t)*at));
    }
}

/* inih's handler: 0 marks the line as wrong. */
static int take(void *context, const char *section, const char *name, const char *value)
{
    struct source *source = context;

    if (source->piece != PIECE_NEW && source->open) {
        if (source->piece == PIECE_CONTINUED) {
            buffer_append_byte(&source->text, ' ');
        }
        gather(source, value);
        return 1;
    }
    give(source);
    if (strlen(name) > NAME_BYTES_MAX || strlen(section) > SECTION_BYTES_MAX) {
        return 0;
    }
    (void)snprintf(source->section, sizeof source->section, "%s", section);
    (void)snprintf(source->name, sizeof source->name, "%s", name);
    source->value_line = source->line;
    source->open = true;
    buffer_reset(&source->text);
    gather(source, value);
    return 1;
}

/* inih counts the pieces; this is the line of the file: pieces are counted the same way again. */
static uint64_t line_of_piece(struct view file, int piece)
{
    struct source source = {.file = file};
    char out[PIECE_BYTES + 8];

    for (int i = 0; i < piece && next_line(out, sizeof out, &source) != NULL; i++) {
    }
    return source.line;
}

enum status ini_read(struct view file, ini_value *value, void *context, struct fault *fault)
{
    struct source source = {.file = file, .value = value, .context = context};
    enum status status = STATUS_OK;
    uint64_t line;
    int wrong;

    for (int c = 0; c <= HIDDEN_HASH; c++) {
        if (file.len > 0 && memchr(file.ptr, c, file.len) != NULL) {
            return fault_set(fault, STATUS_DAMAGED, 1, "line 1: is not a text file");
        }
    }
    wrong = ini_parse_stream(next_line, &source, take, &source);
    if (wrong == 0) {
        give(&source);
    }
    if (source.stopped) {
        status = STATUS_INTERRUPTED;
    } else if (wrong > 0) {
        line = line_of_piece(file, wrong);
        status = fault_set(fault, STATUS_DAMAGED, line, "line %llu: is neither \"name = value\" nor a comment",
                           (unsigned long long)line);
    } else if (wrong < 0) {
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    } else {
        status = buffer_status(&source.text, fault);
    }
    buffer_free(&source.text);
    return status;
}
