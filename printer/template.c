/* SPDX-License-Identifier: Apache-2.0 */
#include "printer/template.h"

#include "printer/ini.h"
#include "verify/text.h"

#include <stdlib.h>
#include <string.h>

static const char *const kinds[TEMPLATE_KINDS] = { "title", "heading", "text", "item", "line", "boxes", "part" };

static const char *const parts[TEMPLATE_PARTS] = { "exceptions", "result",     "things", "timeline", "history", "seals",
                                                   "testify",    "not-proven", "times",  "lines",    "proof",   "check" };

enum {
    PARTS_NEEDED = 1u << TEMPLATE_EXCEPTIONS | 1u << TEMPLATE_RESULT | 1u << TEMPLATE_THINGS | 1u << TEMPLATE_TESTIFY |
                   1u << TEMPLATE_NOT_PROVEN | 1u << TEMPLATE_LINES | 1u << TEMPLATE_PROOF | 1u << TEMPLATE_CHECK
};

enum { BOXES = 4 };
static const char *const boxes[BOXES] = { "signature", "thumbprint", "stamp", "date" };

static const char *const values[TEMPLATE_VALUES] = { "number", "case",    "docket", "court", "things", "count",      "certifier", "office", "agency",
                                                     "made",   "records", "size",   "root",  "checkpoint", "software", "policy", "result", "ledger" };

/* What is being read. */
struct reading {
    struct template *out;
    size_t cap;
    unsigned parts;      /* seen: bits by enum template_part */
    unsigned languages;  /* of the last block, if it is text: how many of them are there */
    uint64_t block_line; /* where that block begins */
    uint64_t last_line;
    struct fault fault;
};

/* The place of a word in a table; count: it is not there. */
static size_t word_find(const char *const *table, size_t count, const char *word, size_t len)
{
    size_t i = 0;
    while (i < count && (strlen(table[i]) != len || memcmp(table[i], word, len) != 0)) {
        i++;
    }
    return i;
}

static void word_list(struct buffer *out, const char *const *table, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buffer_printf(out, "%s%s", i == 0 ? "" : " ", table[i]);
    }
}

static bool wrong(struct reading *reading, uint64_t line, const char *name, const char *rule)
{
    (void)fault_set(&reading->fault, STATUS_DAMAGED, line, "line %llu: %s: %s", (unsigned long long)line, name, rule);
    return false;
}

/* ... the rule, and the words that there are. */
static bool wrong_word(struct reading *reading, const struct ini_line *line, const char *rule, const char *const *table, size_t count)
{
    struct buffer text = { 0 };
    buffer_printf(&text, "%s", rule);
    word_list(&text, table, count);
    buffer_append_byte(&text, 0);
    (void)wrong(reading, line->line, line->name, text.failed ? "is wrong" : (const char *)text.ptr);
    buffer_free(&text);
    return false;
}

/* ---- texts ----------------------------------------------------------------------------------- */

/* The placeholder that begins at this brace: its value, with its length with both braces. False: it is none. */
static bool placeholder_at(struct view text, size_t at, enum template_value *value, size_t *len)
{
    size_t end = at + 1;
    while (end < text.len && text.ptr[end] >= 'a' && text.ptr[end] <= 'z') {
        end++;
    }
    size_t found = word_find(values, TEMPLATE_VALUES, (const char *)text.ptr + at + 1, end - at - 1);
    *value = (enum template_value)found;
    *len = end + 1 - at;
    return found < TEMPLATE_VALUES && end < text.len && text.ptr[end] == '}';
}

static bool is_brace(struct view text, size_t at)
{
    return at + 1 < text.len && text.ptr[at + 1] == '{';
}

static bool check_braces(struct reading *reading, const struct ini_line *line, struct view text)
{
    for (size_t i = 0; i < text.len; i++) {
        enum template_value value;
        size_t len = 2;
        if (text.ptr[i] != '{') {
            continue;
        }
        if (!is_brace(text, i) && !placeholder_at(text, i, &value, &len)) {
            return wrong_word(reading, line, "a { begins a placeholder like {number}, and {{ is a brace; the placeholders are ", values, TEMPLATE_VALUES);
        }
        i += len - 1;
    }
    return true;
}

/* UTF-8 without what SPEC 2.1 keeps out of every text; a page could not show it. */
static bool check_letters(struct reading *reading, const struct ini_line *line, struct view text)
{
    struct buffer shown = { 0 };
    text_escape(&shown, text);
    bool same = shown.failed || view_equal(buffer_view(&shown), text);
    buffer_free(&shown);
    return same || wrong(reading, line->line, line->name, "has a control character, a backslash or bytes that are not UTF-8");
}

static bool take_text(struct reading *reading, const struct ini_line *line)
{
    struct template_block *block = &reading->out->blocks[reading->out->count - 1];
    struct view text = view_text(line->value);
    if (text.len == 0 || text.len > TEMPLATE_TEXT_BYTES) {
        return wrong(reading, line->line, line->name, text.len == 0 ? "is empty" : "is longer than 16384 bytes");
    }
    if (!check_letters(reading, line, text) || !check_braces(reading, line, text)) {
        return false;
    }
    struct buffer *slot = &block->texts[reading->languages++];
    buffer_append_view(slot, text);
    return buffer_status(slot, &reading->fault) == STATUS_OK;
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static bool take_boxes(struct reading *reading, const struct ini_line *line)
{
    struct template_block *block = &reading->out->blocks[reading->out->count - 1];
    const char *text = line->value;
    while (*text != '\0') {
        size_t len = strcspn(text, " "), box = word_find(boxes, BOXES, text, len);
        if (box == BOXES || (block->boxes & 1u << box) != 0) {
            return wrong_word(reading, line, "are among these words, each once: ", boxes, BOXES);
        }
        block->boxes |= 1u << box;
        text += len + strspn(text + len, " ");
    }
    return block->boxes != 0 || wrong_word(reading, line, "are one or more of: ", boxes, BOXES);
}

static bool take_part(struct reading *reading, const struct ini_line *line)
{
    size_t part = word_find(parts, TEMPLATE_PARTS, line->value, strlen(line->value));
    if (part == TEMPLATE_PARTS) {
        return wrong_word(reading, line, "is one of: ", parts, TEMPLATE_PARTS);
    }
    if ((reading->parts & 1u << part) != 0) {
        return wrong(reading, line->line, parts[part], "this part stands already");
    }
    if (part != TEMPLATE_EXCEPTIONS && (reading->parts & 1u << TEMPLATE_EXCEPTIONS) == 0) {
        return wrong(reading, line->line, parts[part], "part = exceptions stands before every other part");
    }
    reading->parts |= 1u << part;
    reading->out->blocks[reading->out->count - 1].part = (enum template_part)part;
    return true;
}

/* Room for one more block. */
static bool add_block(struct reading *reading, const struct ini_line *line, enum template_kind kind)
{
    struct template *out = reading->out;
    if (out->count == TEMPLATE_BLOCKS_MAX) {
        return wrong(reading, line->line, line->name, "a template has at most 200 blocks");
    }
    if (out->count == reading->cap) {
        size_t cap = reading->cap == 0 ? 16 : 2 * reading->cap;
        struct template_block *more = realloc(out->blocks, cap * sizeof *more);
        if (more == NULL) {
            (void)fault_set(&reading->fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
            return false;
        }
        out->blocks = more;
        reading->cap = cap;
    }
    out->blocks[out->count++] = (struct template_block){ .kind = kind };
    reading->block_line = line->line;
    reading->languages = 0;
    return true;
}

static bool is_text(enum template_kind kind)
{
    return kind != TEMPLATE_BOXES && kind != TEMPLATE_PART;
}

static bool open_block(struct reading *reading, const struct ini_line *line)
{
    size_t len = strcspn(line->name, "."), found = word_find(kinds, TEMPLATE_KINDS, line->name, len);
    enum template_kind kind = (enum template_kind)found;
    if (found == TEMPLATE_KINDS || (line->name[len] == '.') != is_text(kind)) {
        return wrong_word(reading, line, "a line is boxes, part, or with .en, .km and .vi one of: ", kinds, TEMPLATE_BOXES);
    }
    if (is_text(kind) && strcmp(line->name + len, ".en") != 0) {
        return wrong(reading, line->line, line->name, "each text stands in three lines, .en, .km and .vi, in this order");
    }
    if ((kind == TEMPLATE_TITLE) != (reading->out->count == 0)) {
        return wrong(reading, line->line, line->name, "a template begins with its title, and has one");
    }
    if (!add_block(reading, line, kind)) {
        return false;
    }
    return kind == TEMPLATE_BOXES ? take_boxes(reading, line) : kind == TEMPLATE_PART ? take_part(reading, line) : take_text(reading, line);
}

/* Languages of the last block that are still to come. */
static bool block_open(const struct reading *reading)
{
    return reading->out->count > 0 && is_text(reading->out->blocks[reading->out->count - 1].kind) && reading->languages < LANGUAGE_COUNT;
}

static bool missing_language(struct reading *reading, uint64_t line)
{
    const char *kind = kinds[reading->out->blocks[reading->out->count - 1].kind];
    const char *tag = language_tag((enum language)reading->languages);
    (void)fault_set(&reading->fault, STATUS_DAMAGED, line, "line %llu: %s.%s is missing for the text that begins in line %llu",
                    (unsigned long long)line, kind, tag, (unsigned long long)reading->block_line);
    return false;
}

static bool take_line(void *context, const struct ini_line *line)
{
    struct reading *reading = context;
    reading->last_line = line->line;
    if (line->section[0] != '\0') {
        return wrong(reading, line->line, line->section, "a template has no sections");
    }
    if (!block_open(reading)) {
        return open_block(reading, line);
    }
    const char *kind = kinds[reading->out->blocks[reading->out->count - 1].kind];
    const char *tag = language_tag((enum language)reading->languages);
    size_t len = strlen(kind);
    if (strncmp(line->name, kind, len) != 0 || line->name[len] != '.' || strcmp(line->name + len + 1, tag) != 0) {
        return missing_language(reading, line->line);
    }
    return take_text(reading, line);
}

/* Is everything there that a certificate must show? */
static bool check_whole(struct reading *reading)
{
    if (reading->out->count == 0) {
        return wrong(reading, 1, "title.en", "a template begins with its title, and has one");
    }
    if (block_open(reading)) {
        return missing_language(reading, reading->last_line);
    }
    for (unsigned i = 0; i < TEMPLATE_PARTS; i++) {
        if ((PARTS_NEEDED & 1u << i) != 0 && (reading->parts & 1u << i) == 0) {
            return wrong(reading, reading->last_line, parts[i], "the file ends without this part, which every certificate shows");
        }
    }
    return true;
}

enum status template_read(struct view file, struct template *out, struct fault *fault)
{
    struct reading reading = { .out = out };
    *out = (struct template){ 0 };
    enum status status = ini_read(file, take_line, &reading, fault);
    if (status == STATUS_OK) {
        (void)check_whole(&reading);
    }
    if (reading.fault.status != STATUS_OK) {
        status = fault_set(fault, reading.fault.status, reading.fault.at, "%s", reading.fault.text);
    }
    if (status != STATUS_OK) {
        template_close(out);
    }
    return status;
}

void template_close(struct template *template)
{
    for (size_t i = 0; i < template->count; i++) {
        for (unsigned language = 0; language < LANGUAGE_COUNT; language++) {
            buffer_free(&template->blocks[i].texts[language]);
        }
    }
    free(template->blocks);
    *template = (struct template){ 0 };
}

/* ---- filling --------------------------------------------------------------------------------- */

void template_fill(struct view text, const struct template_values *filled, struct buffer *out)
{
    for (size_t i = 0; i < text.len; i++) {
        enum template_value value;
        size_t len = 0;
        if (text.ptr[i] == '{' && is_brace(text, i)) {
            buffer_append_byte(out, '{');
            i++;
        } else if (text.ptr[i] == '{' && placeholder_at(text, i, &value, &len)) {
            buffer_append_view(out, filled->values[value]);
            i += len - 1;
        } else {
            buffer_append_byte(out, text.ptr[i]);
        }
    }
}
