/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pen: certified lines, one at a time, and those of the records.
 */
#include "verify/pen.h"

#include "verify/name.h"
#include "verify/text.h"

#define U(x) ((unsigned long long)(x))

struct buffer *pen_line(struct pen *pen, uint64_t subject, const char *label, const char *word)
{
    struct verdict *verdict = pen->check->verdict;
    void *lines = verdict->lines;
    if (!check_room(&lines, verdict->line_count, &verdict->line_cap, sizeof *verdict->lines)) {
        pen->nowhere.failed = true; /* appending does nothing then */
        return &pen->nowhere;
    }
    verdict->lines = lines;
    struct certified_line *line = &verdict->lines[verdict->line_count++];
    *line = (struct certified_line){ .label = label, .word = word, .subject = subject };
    return &line->value;
}

void pen_number(struct pen *pen, uint64_t subject, const char *label, uint64_t value)
{
    if (value == NOTHING) {
        (void)pen_line(pen, subject, label, "not stated");
    } else {
        buffer_printf(pen_line(pen, subject, label, NULL), "%llu", U(value));
    }
}

void pen_name(const struct pen *pen, uint64_t number, struct buffer *out)
{
    char name[NAME_BYTES];
    name_format(view_text(pen->check->replay.code), number, name);
    buffer_printf(out, "%s", name);
}

const struct told *pen_told_of(const struct pen *pen, uint64_t number)
{
    const struct leaf_row *leaf = check_leaf(pen->check, number);
    return leaf == NULL ? NULL : &pen->told[leaf - pen->check->leaves];
}

void pen_called(const struct pen *pen, uint64_t number, struct buffer *out)
{
    const struct told *told = pen_told_of(pen, number);
    pen_name(pen, number, out);
    if (told != NULL && told->texts[0].len > 0) {
        buffer_printf(out, " (");
        buffer_append_view(out, buffer_view(&told->texts[0]));
        buffer_printf(out, ")");
    }
}

void pen_subject(struct pen *pen, uint64_t subject, const char *label, uint64_t number)
{
    if (number == NOTHING) {
        (void)pen_line(pen, subject, label, "not stated");
    } else {
        pen_called(pen, number, pen_line(pen, subject, label, NULL));
    }
}

void pen_told(struct pen *pen, uint64_t subject, const char *label, const struct told *told, size_t slot, const char *word)
{
    const char *instead = told->hidden[slot] ? "withheld or erased" : told->texts[slot].len == 0 ? "not stated" : word;
    buffer_append_view(pen_line(pen, subject, label, instead), buffer_view(&told->texts[slot]));
}

/* --- records ---------------------------------------------------------------------------------- */

static void put_office(uint64_t capacity, struct buffer *out)
{
    buffer_printf(out, "%s", capacity < OFFICE_COUNT ? office_name((unsigned)capacity) : "unknown");
}

/* "by A (Name), officer; B, custodian" and "; to C (Name)", "; to any custodian". */
static void put_people(const struct pen *pen, const struct act *act, struct buffer *out)
{
    for (size_t i = 0; i < act->signer_count; i++) {
        buffer_printf(out, i == 0 ? ", by " : "; ");
        pen_called(pen, act->signers[i].person, out);
        buffer_printf(out, ", ");
        put_office(act->signers[i].capacity, out);
    }
    if ((act->present & BIT(PAY_TO)) != 0 && act->to.has_person) {
        buffer_printf(out, "; to ");
        pen_called(pen, act->to.person, out);
    } else if ((act->present & BIT(PAY_TO)) != 0 && act->to.has_office) {
        buffer_printf(out, "; to any ");
        put_office(act->to.office, out);
    }
}

/* "; KHPP-6-U, KHPP-8-A..KHPP-20-3": the things of the act of which the bundle tells. */
static void put_things(const struct pen *pen, const struct act *act, struct buffer *out)
{
    uint64_t first = NOTHING, last = NOTHING;
    bool any = false;
    for (size_t i = 0; i <= act->entry_count; i++) {
        uint64_t number = i < act->entry_count ? act->entries[i].subject : NOTHING;
        const struct subject *subject = number == NOTHING || check_leaf(pen->check, number) == NULL ? NULL : world_find(pen->check->world, number);
        bool thing = subject != NULL && subject->thing != NULL;
        if (i < act->entry_count && !thing) {
            continue;
        }
        if (thing && first != NOTHING && number == last + 1) {
            last = number;
            continue;
        }
        if (first != NOTHING) {
            buffer_printf(out, any ? ", " : "; ");
            pen_name(pen, first, out);
            any = true;
            if (last != first) {
                buffer_printf(out, "..");
                pen_name(pen, last, out);
            }
        }
        first = last = number;
    }
}

void pen_records(struct pen *pen)
{
    struct check *check = pen->check;
    for (size_t i = 0; i < check->row_count; i++) {
        const struct row *row = &check->rows[i];
        /* Kinds 0 to 7 are about people, keys and the clock; nothing is handled in them. */
        if (row->type != RECORD_ACT || check->briefs[i].kind <= KIND_CLOCK || !check_decode(row, check->record, check->act)) {
            continue;
        }
        const struct act *act = check->act;
        const struct act_rule *rule = act_rule(act->kind);
        const char *code = (act->present & BIT(PAY_CODE)) != 0 ? code_name(act->kind, act->code) : "";
        struct buffer *out = pen_line(pen, NOTHING, "Record", rule == NULL ? "act of unknown kind" : rule->name);
        buffer_printf(out, "%llu, ", U(row->index));
        text_time(out, row->logged_s);
        buffer_printf(out, "%s%s%s", code[0] == '\0' ? "" : ", ", code, (act->present & BIT(PAY_DEVIATION)) != 0 ? ", deviation" : "");
        put_people(pen, act, out);
        put_things(pen, act, out);
    }
}
