/* SPDX-License-Identifier: Apache-2.0 */
/*
 * template: the strict reader. Whatever it does not know is an error with its line: a form with a hole in it is found by the lawyer who edits
 * it, not by the court.
 */
#include "printer/template_inside.h"

#include <stdlib.h>
#include <string.h>

#include "printer/embedded.h"
#include "verify/strict.h"

#define FOLDER "templates/"

/* The line that is being read. */
struct reading {
    struct template *template;
    struct template_block *block; /* the open one, or NULL: [template], or none yet */
    struct buffer *text;          /* what a continuation line belongs to, or NULL */
    uint64_t line;
    bool in_head;                 /* in [template] */
    struct fault *fault;
};

static const struct {
    const char *name;
    enum template_kind kind;
    enum template_part part;
} kinds[] = {
    { "head", TEMPLATE_HEAD, PART_COUNT }, { "title", TEMPLATE_TITLE, PART_COUNT }, { "heading", TEMPLATE_HEADING, PART_COUNT },
    { "paragraph", TEMPLATE_PARAGRAPH, PART_COUNT }, { "point", TEMPLATE_POINT, PART_COUNT }, { "line", TEMPLATE_LINE, PART_COUNT },
    { "choice", TEMPLATE_CHOICE, PART_COUNT }, { "boxes", TEMPLATE_BOXES, PART_COUNT }, { "page", TEMPLATE_PAGE, PART_COUNT },
    { "exceptions", TEMPLATE_PART, PART_EXCEPTIONS }, { "result", TEMPLATE_PART, PART_RESULT }, { "things", TEMPLATE_PART, PART_THINGS },
    { "timeline", TEMPLATE_PART, PART_TIMELINE }, { "history", TEMPLATE_PART, PART_HISTORY }, { "seals", TEMPLATE_PART, PART_SEALS },
    { "gaps", TEMPLATE_PART, PART_GAPS }, { "testify", TEMPLATE_PART, PART_TESTIFY }, { "not-proven", TEMPLATE_PART, PART_NOT_PROVEN },
    { "proof", TEMPLATE_PART, PART_PROOF }, { "lines", TEMPLATE_PART, PART_LINES }, { "repeat", TEMPLATE_PART, PART_REPEAT },
    { "signatures", TEMPLATE_PART, PART_SIGNATURES },
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static enum status damaged(const struct reading *reading, const char *what)
{
    return fault_set(reading->fault, STATUS_DAMAGED, reading->line, "line %llu: %s", (unsigned long long)reading->line, what);
}

static enum status damaged_at(const struct reading *reading, const char *what, struct view text)
{
    int len = text.len > 60 ? 60 : (int)text.len;
    return fault_set(reading->fault, STATUS_DAMAGED, reading->line, "line %llu: %s \"%.*s\"", (unsigned long long)reading->line, what, len, (const char *)text.ptr);
}

static bool has_text(enum template_kind kind)
{
    return kind != TEMPLATE_PAGE && kind != TEMPLATE_PART;
}

static const char *name_of(const struct template_block *block)
{
    for (size_t i = 0; i < KINDS; i++) {
        if (kinds[i].kind == block->kind && (block->kind != TEMPLATE_PART || kinds[i].part == block->part)) {
            return kinds[i].name;
        }
    }
    return "";
}

/* ---- blocks ---------------------------------------------------------------------------------- */

/* Called when the next block begins, and at the end. */
static enum status end_block(struct reading *reading)
{
    const struct template_block *block = reading->block;
    reading->text = NULL;
    if (block == NULL || !has_text(block->kind)) {
        return STATUS_OK;
    }
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        struct view text = buffer_view(&block->texts[i]);
        const char *tag = language_tag((enum language)i), *wrong = template_check_text(block, (enum language)i);
        if (text.len == 0 || wrong != NULL) {
            return fault_set(reading->fault, STATUS_DAMAGED, block->line, "line %llu: the %s that begins here: its text \"%s\" %s",
                             (unsigned long long)block->line, name_of(block), tag, text.len == 0 ? "is missing" : wrong);
        }
    }
    return STATUS_OK;
}

static enum status add_block(struct reading *reading, enum template_kind kind, enum template_part part)
{
    struct template *template = reading->template;
    if (template->count == TEMPLATE_BLOCKS_MAX) {
        return damaged(reading, "too many blocks");
    }
    if (template->count == template->cap) {
        size_t cap = template->cap == 0 ? 32 : template->cap * 2;
        struct template_block *blocks = realloc(template->blocks, cap * sizeof *blocks);
        if (blocks == NULL) {
            return fault_set(reading->fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
        template->blocks = blocks;
        template->cap = cap;
    }
    reading->block = &template->blocks[template->count++];
    *reading->block = (struct template_block){ .kind = kind, .part = part, .line = reading->line };
    return STATUS_OK;
}

/* The state's name and the title may stand above the exceptions, nothing else. */
static enum status check_order(const struct reading *reading, enum template_kind kind, enum template_part part)
{
    bool told = false;
    for (size_t i = 0; i < reading->template->count; i++) {
        const struct template_block *block = &reading->template->blocks[i];
        if (kind == TEMPLATE_PART && block->kind == TEMPLATE_PART && block->part == part) {
            return damaged_at(reading, "this part stands already above:", view_text(name_of(block)));
        }
        if (kind == TEMPLATE_TITLE && block->kind == TEMPLATE_TITLE) {
            return damaged(reading, "a form has one title");
        }
        told = told || (block->kind == TEMPLATE_PART && block->part == PART_EXCEPTIONS);
    }
    bool first = kind == TEMPLATE_HEAD || kind == TEMPLATE_TITLE || (kind == TEMPLATE_PART && part == PART_EXCEPTIONS);
    return told || first ? STATUS_OK : damaged(reading, "[exceptions] stand before everything else but the head and the title");
}

static enum status begin_block(struct reading *reading, struct view name)
{
    enum status status = end_block(reading);
    reading->block = NULL;
    reading->in_head = false;
    if (status != STATUS_OK) {
        return status;
    }
    if (view_equal(name, view_text("template"))) {
        reading->in_head = reading->template->name[0] == '\0' && reading->template->count == 0;
        return reading->in_head ? STATUS_OK : damaged(reading, "[template] stands once, at the beginning");
    }
    for (size_t i = 0; i < KINDS; i++) {
        if (view_equal(name, view_text(kinds[i].name))) {
            status = check_order(reading, kinds[i].kind, kinds[i].part);
            return status == STATUS_OK ? add_block(reading, kinds[i].kind, kinds[i].part) : status;
        }
    }
    return damaged_at(reading, "there is no block", name);
}

/* ---- lines ----------------------------------------------------------------------------------- */

static enum status put_name(struct reading *reading, struct view value)
{
    bool right = value.len > 0 && value.len < sizeof reading->template->name;
    for (size_t i = 0; i < value.len; i++) {
        char c = (char)value.ptr[i];
        right = right && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
    }
    if (!right || reading->template->name[0] != '\0') {
        return damaged(reading, "a form has one name, of 1 to 24 of a-z, 0-9 and -");
    }
    memcpy(reading->template->name, value.ptr, value.len);
    return STATUS_OK;
}

static struct buffer *text_of(struct template_block *block, struct view name)
{
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        if (view_equal(name, view_text(language_tag((enum language)i)))) {
            return &block->texts[i];
        }
    }
    return block->kind == TEMPLATE_LINE && view_equal(name, view_text("value")) ? &block->value : NULL;
}

/* All of a text, checked as far as one line goes. */
static enum status append(struct reading *reading, struct view text)
{
    struct view wrong = { 0 };
    if (reading->text->len + text.len + 1 > TEMPLATE_TEXT_BYTES_MAX) {
        return damaged(reading, "the text is too long");
    }
    if (reading->text->len > 0 && text.len > 0) {
        buffer_append_byte(reading->text, ' ');
    }
    buffer_append_view(reading->text, text);
    const char *what = template_check_places(text, &wrong);
    return what == NULL ? STATUS_OK : damaged_at(reading, what, wrong);
}

static enum status read_value(struct reading *reading, struct view line)
{
    const uint8_t *equals = memchr(line.ptr, '=', line.len);
    if (equals == NULL) {
        return damaged_at(reading, "neither [block], nor name = text, nor a line that begins with a space to go on with the text above:", line);
    }
    size_t at = (size_t)(equals - line.ptr);
    struct view name = template_trim(view_part(line, 0, at)), value = template_trim(view_part(line, at + 1, line.len - at - 1));
    reading->text = NULL;
    if (reading->in_head) {
        return view_equal(name, view_text("name")) ? put_name(reading, value) : damaged_at(reading, "[template] has a name and nothing else, not", name);
    }
    if (reading->block == NULL || !has_text(reading->block->kind)) {
        return damaged_at(reading, reading->block == NULL ? "no block is open for" : "this block has no text of its own, so not", name);
    }
    reading->text = text_of(reading->block, name);
    if (reading->text == NULL) {
        return damaged_at(reading, "a text is of the language en, km or vi, not", name);
    }
    return reading->text->len > 0 ? damaged_at(reading, "this text stands already above:", name) : append(reading, value);
}

static enum status read_line(struct reading *reading, struct view line)
{
    struct view text = template_trim(line);
    struct fault why = { 0 };
    if (strict_check_text(text, &why) != STATUS_OK) {
        return damaged(reading, why.text);
    }
    if (text.len == 0 || line.ptr[0] == '#') {
        return STATUS_OK;
    }
    if (line.ptr[0] == ' ' || line.ptr[0] == '\t') {
        return reading->text != NULL ? append(reading, text) : damaged(reading, "goes on with a text, but none is open");
    }
    if (text.ptr[0] == '[') {
        return text.ptr[text.len - 1] == ']' ? begin_block(reading, template_trim(view_part(text, 1, text.len - 2)))
                                             : damaged_at(reading, "a block begins as [name], not", text);
    }
    return read_value(reading, line);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static enum status check_whole(const struct template *template, struct fault *fault)
{
    bool there[PART_COUNT] = { false }, title = false;
    for (size_t i = 0; i < template->count; i++) {
        const struct template_block *block = &template->blocks[i];
        title = title || block->kind == TEMPLATE_TITLE;
        if (block->kind == TEMPLATE_PART) {
            there[block->part] = true;
        }
        for (int k = 0; k < LANGUAGE_COUNT; k++) {
            if (block->texts[k].failed || block->value.failed) {
                return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
            }
        }
    }
    if (template->name[0] == '\0' || !title) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, template->name[0] == '\0' ? "the form has no [template] with its name" : "the form has no [title]");
    }
    for (size_t i = 0; i < KINDS; i++) {
        if (kinds[i].kind == TEMPLATE_PART && !there[kinds[i].part]) {
            return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the form leaves out [%s]: each part of a certificate stands in every form", kinds[i].name);
        }
    }
    return STATUS_OK;
}

enum status template_read(struct view file, struct template *out, struct fault *fault)
{
    struct reading reading = { .template = out, .fault = fault };
    enum status status = STATUS_OK;
    *out = (struct template){ 0 };
    if (file.len > TEMPLATE_FILE_BYTES_MAX) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "a form has at most %d bytes", TEMPLATE_FILE_BYTES_MAX);
    }
    size_t at = file.len >= 3 && memcmp(file.ptr, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0; /* some editors write it */
    while (at < file.len && status == STATUS_OK) {
        const uint8_t *end = memchr(file.ptr + at, '\n', file.len - at);
        size_t len = end == NULL ? file.len - at : (size_t)(end - file.ptr) - at;
        struct view line = view_part(file, at, len);
        reading.line++;
        line.len -= line.len > 0 && line.ptr[line.len - 1] == '\r' ? 1 : 0;
        status = read_line(&reading, line);
        at += len + 1;
    }
    if (status == STATUS_OK) {
        status = end_block(&reading);
    }
    if (status == STATUS_OK) {
        status = check_whole(out, fault);
    }
    if (status != STATUS_OK) {
        template_close(out);
    }
    return status;
}

enum status template_builtin(const char *name, struct template *out, struct fault *fault)
{
    struct buffer known = { 0 };
    struct view file;
    const char *each;
    *out = (struct template){ 0 };
    for (size_t i = 0; (each = embedded_name(FOLDER, i)) != NULL; i++) {
        struct view own = view_text(each + strlen(FOLDER));
        own.len -= strlen(".ini");
        if (view_equal(own, view_text(name)) && embedded_find(each, &file)) {
            buffer_free(&known);
            return template_read(file, out, fault);
        }
        buffer_printf(&known, "%s%.*s", known.len == 0 ? "" : ", ", (int)own.len, (const char *)own.ptr);
    }
    enum status status = fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "there is no form \"%.40s\": there are %.*s, or the name of a file", name,
                                   (int)known.len, known.ptr == NULL ? "" : (const char *)known.ptr);
    buffer_free(&known);
    return status;
}

void template_close(struct template *template)
{
    for (size_t i = 0; i < template->count; i++) {
        for (int k = 0; k < LANGUAGE_COUNT; k++) {
            buffer_free(&template->blocks[i].texts[k]);
        }
        buffer_free(&template->blocks[i].value);
    }
    free(template->blocks);
    *template = (struct template){ 0 };
}
