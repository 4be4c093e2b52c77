/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parts: see the header.
 */
#include "custody/parts.h"

#include <stdlib.h>
#include <string.h>

#include "custody/allotted.h"
#include "custody/digits.h"
#include "custody/mass.h"
#include "verify/strict.h"
#include "verify/text.h"

enum { SHOWN = 60 };

struct part parts_blank(void)
{
    return (struct part){.number = NOTHING, .pieces = NOTHING, .net_mg = NOTHING};
}

enum status parts_push(struct part_list *list, const struct part *part, struct fault *fault)
{
    if (list->count == list->cap) {
        size_t cap = list->cap == 0 ? 16 : list->cap * 2;
        struct part *grown = realloc(list->parts, cap * sizeof *grown);

        if (grown == NULL) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for %zu parts", cap);
        }
        list->parts = grown;
        list->cap = cap;
    }
    list->parts[list->count++] = *part;
    return STATUS_OK;
}

void parts_free(struct part_list *list)
{
    free(list->parts);
    *list = (struct part_list){0};
}

/* ---- as it is written ------------------------------------------------------------------------ */

enum word { WORD_MASS, WORD_PIECES, WORD_TO, WORD_TEXT, WORDS = WORD_TEXT + PART_TEXTS };

static const char *const words[WORDS] = {"mass=", "pieces=", "to=", "ref=", "description=", "package=", "condition="};

/* The word that begins here, or WORDS. */
static size_t word_at(struct view text)
{
    size_t w = 0;

    while (w < WORDS && (text.len < strlen(words[w]) || !view_equal(view_part(text, 0, strlen(words[w])), view_text(words[w])))) {
        w++;
    }
    return w;
}

/* Where the value that begins here ends. */
static size_t value_end(struct view text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == ',' && word_at(view_part(text, i + 1, text.len - i - 1)) < WORDS) {
            return i;
        }
    }
    return text.len;
}

/* What is wrong with the value, or NULL. */
static const char *take_value(struct part *part, size_t word, struct view value)
{
    struct buffer plain = {0};
    struct fault ignored;
    bool good;

    fault_clear(&ignored);
    if (word == WORD_MASS) {
        return mass_parse(value, &part->net_mg) ? NULL : "is not " MASS_FORM;
    }
    if (word == WORD_PIECES) {
        digits_to_ascii(value, &plain);
        good = !plain.failed && text_decimal(buffer_view(&plain), &part->pieces) && part->pieces > 0;
        buffer_free(&plain);
        return good ? NULL : "is not a whole number of at least 1";
    }
    if (value.len == 0 || strict_check_text(value, &ignored) != STATUS_OK) {
        return "is empty, or is no text that can be kept";
    }
    if (word == WORD_TO) {
        part->to = value;
    } else {
        part->text[word - WORD_TEXT] = value;
    }
    return NULL;
}

static enum status wrong(struct view text, const char *why, struct fault *fault)
{
    struct buffer shown = {0};
    enum status status;

    text_escape(&shown, view_part(text, 0, text.len < SHOWN ? text.len : SHOWN));
    status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "\"%.*s\" %s", (int)shown.len, (const char *)shown.ptr, why);
    buffer_free(&shown);
    return status;
}

enum status parts_parse(const char *written, struct part *out, struct fault *fault)
{
    struct view text = view_text(written);
    bool given[WORDS] = {false};

    *out = parts_blank();
    if (text.len == 0) {
        return wrong(text, "says nothing: " PARTS_FORM, fault);
    }
    while (text.len > 0) {
        size_t word = word_at(text);
        struct view value;
        const char *why;
        size_t end;

        if (word == WORDS || given[word]) {
            return wrong(text, word == WORDS ? "is not one of " PARTS_FORM : "stands twice", fault);
        }
        given[word] = true;
        value = view_part(text, strlen(words[word]), text.len - strlen(words[word]));
        end = value_end(value);
        why = take_value(out, word, view_part(value, 0, end));
        if (why != NULL) {
            return wrong(view_part(text, 0, strlen(words[word]) + end), why, fault);
        }
        text = end < value.len ? view_part(value, end + 1, value.len - end - 1) : view_of(NULL, 0);
    }
    return STATUS_OK;
}

enum status parts_options(struct args *args, struct part_list *out, struct fault *fault)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < args_count(args, "--into") && status == STATUS_OK; i++) {
        struct fault why;
        struct part part;

        fault_clear(&why);
        if (parts_parse(args_nth(args, "--into", i), &part, &why) != STATUS_OK) {
            return args_usage(args, fault, "--into: %s", why.text);
        }
        status = parts_push(out, &part, fault);
    }
    return status;
}

/* ---- numbers --------------------------------------------------------------------------------- */

static bool is_named(const struct part_list *list, size_t count, uint64_t number)
{
    for (size_t i = 0; i < count; i++) {
        if (list->parts[i].number == number) {
            return true;
        }
    }
    return false;
}

/* The numbers that were named. */
static enum status find_named(struct session *session, struct part_list *list, size_t *named, struct fault *fault)
{
    *named = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct part *part = &list->parts[i];
        const struct subject *subject;
        struct buffer typed = {0};
        char name[NAME_BYTES];
        uint64_t number = 0;
        enum status status;

        if (part->to.len == 0) {
            continue;
        }
        buffer_append_view(&typed, part->to);
        buffer_append_byte(&typed, 0);
        status = buffer_status(&typed, fault);
        if (status == STATUS_OK) {
            status = session_subject_of(session, (const char *)typed.ptr, TYPE_ITEM, &number, fault);
        }
        buffer_free(&typed);
        if (status != STATUS_OK) {
            return status;
        }
        session_name(session, number, name);
        if (is_named(list, list->count, number)) {
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is named twice", name);
        }
        subject = ledger_subject(session->txn, number, fault);
        if (subject == NULL) {
            return fault->status;
        }
        if (subject->thing->state != THING_UNUSED && !args_flag(session->args, "--deviation")) {
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is %s, not unused", name,
                             subject->thing->voided ? "void" : state_name(subject->thing->state));
        }
        part->number = number;
        (*named)++;
    }
    return STATUS_OK;
}

/* The signers' next unused numbers, so many that `want` of them were not named. */
static enum status find_unused(struct session *session, const struct part_list *list, size_t want, struct subject_list *out,
                               struct fault *fault)
{
    uint64_t office = session->signers[0].signer.capacity;
    size_t collisions = 0;
    enum status status;

    do {
        size_t enough = want + collisions;

        out->count = 0;
        status = allotted_take(session, TYPE_ITEM, enough, out, fault);
        collisions = 0;
        for (size_t i = 0; i < out->count; i++) {
            collisions += is_named(list, list->count, out->numbers[i]) ? 1 : 0;
        }
    } while (status == STATUS_OK && out->count - collisions < want);
    if (status == STATUS_REFUSED && session->signer_count == 1 && office != OFFICE_OFFICER && office != OFFICE_CUSTODIAN) {
        session->args->hint[0] = '\0'; /* who cannot allot is not told to */
        args_hint(session->args, "an officer or custodian allots numbers: name one of theirs, --into to=NUMBER,...");
    }
    return status;
}

enum status parts_number(struct session *session, struct part_list *list, struct fault *fault)
{
    struct subject_list unused = {0};
    size_t named = 0, next = 0;
    enum status status = find_named(session, list, &named, fault);

    if (status == STATUS_OK && named < list->count) {
        status = find_unused(session, list, list->count - named, &unused, fault);
    }
    for (size_t i = 0; status == STATUS_OK && i < list->count; i++) {
        if (list->parts[i].to.len > 0) {
            continue;
        }
        while (is_named(list, list->count, unused.numbers[next])) {
            next++;
        }
        list->parts[i].number = unused.numbers[next++];
    }
    subject_list_free(&unused);
    return status;
}

/* ---- in the act ------------------------------------------------------------------------------ */

enum status parts_put(struct composer *composer, const struct part *part, const char *called, struct fault *fault)
{
    static const uint64_t names[PART_TEXTS] = {NAME_REF, NAME_DESCRIPTION, NAME_PACKAGE, NAME_CONDITION};
    struct entry *entry = composer_entry(composer, part->number, ROLE_CHILD);

    if (entry == NULL) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "too many parts for one act");
    }
    if (part->pieces != NOTHING) {
        entry->facts.present |= BIT(FACT_PIECES);
        entry->facts.pieces = part->pieces;
    }
    if (part->net_mg != NOTHING) {
        entry->facts.present |= BIT(FACT_NET);
        entry->facts.net_mg = part->net_mg;
    }
    for (size_t i = 0; i < PART_TEXTS; i++) {
        struct value value = {.type = VALUE_TEXT, .text = part->text[i]};

        if (i == PART_DESCRIPTION && part->text[i].len == 0) {
            value.text = view_text(called);
        }
        if (value.text.len > 0) {
            composer_detail(composer, part->number, names[i], &value);
        }
    }
    return STATUS_OK;
}

void parts_sum(const struct part *parts, size_t count, uint64_t *pieces, uint64_t *net_mg, size_t *with_mass)
{
    *pieces = 0;
    *net_mg = 0;
    *with_mass = 0;
    for (size_t i = 0; i < count; i++) {
        *pieces += parts[i].pieces == NOTHING ? 0 : parts[i].pieces; /* each below 2^53, and 512 in an act: no overflow */
        *net_mg += parts[i].net_mg == NOTHING ? 0 : parts[i].net_mg;
        *with_mass += parts[i].net_mg == NOTHING ? 0 : 1;
    }
}

static int ascending(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

void parts_print(const struct session *session, const struct part *parts, size_t count, struct buffer *out)
{
    uint64_t *numbers = calloc(count + 1, sizeof *numbers);

    for (size_t i = 0; numbers != NULL && i < count; i++) {
        numbers[i] = parts[i].number;
    }
    if (numbers != NULL) {
        qsort(numbers, count, sizeof *numbers, ascending);
        subject_list_print(session->identity->code, numbers, count, out);
    }
    free(numbers);
}
