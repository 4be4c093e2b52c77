/* SPDX-License-Identifier: Apache-2.0 */
/*
 * label_lines: what stands on a label in letters.
 */
#include "printer/label_inside.h"

#include <inttypes.h>

#define UNDERSCORE_EM 0.444 /* how wide it is in Noto Sans */

void label_lines_free(struct label_line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buffer_free(&lines[i].text);
    }
}

/* A line for a pen behind the caption that was put from there on: as long as there is room for, if `parts` such share the label's line. */
static void put_blank(const struct labeller *labeller, size_t caption_at, unsigned parts, struct buffer *out)
{
    const struct stock *stock = labeller->stock;
    double beside = stock->layout == STOCK_COLUMN ? 0 : stock->layout == STOCK_ENDS ? 2 * stock->qr : stock->qr;
    double room = (stock->width - 2 * stock->margin - beside) * POINTS_PER_MM / parts / (stock->text_pt * UNDERSCORE_EM);
    for (size_t i = caption_at; i < out->len; i++) {
        room -= (out->ptr[i] & 0xC0) == 0x80 ? 0 : 1.4;
    }
    for (unsigned i = 0; i < 8 || i < room; i++) {
        buffer_append_byte(out, '_');
    }
}

/* "Case: PP 214/2018"; without a value "Case: ____", which `parts` of that kind share a line of the label; parts 0: nothing then. */
static void put_captioned(const struct labeller *labeller, const char *caption, struct view value, unsigned parts, struct buffer *out)
{
    size_t before = out->len;
    if (value.len == 0 && parts == 0) {
        return;
    }
    words_both(out, &labeller->languages, caption);
    buffer_printf(out, ": ");
    if (value.len == 0) {
        put_blank(labeller, before, parts, out);
    }
    buffer_append_view(out, value);
}

static void put_item(const struct labeller *labeller, const struct label *label, struct buffer *out)
{
    if (label->item == 0) {
        return;
    }
    words_print(out, labeller->languages.first, N_("item %llu of %llu"), (unsigned long long)label->item, (unsigned long long)label->items);
    if (labeller->languages.both) {
        buffer_printf(out, " / ");
        words_print(out, labeller->languages.second, N_("item %llu of %llu"), (unsigned long long)label->item, (unsigned long long)label->items);
    }
}

static void put_print(const struct labeller *labeller, const struct label *label, struct buffer *out)
{
    words_both(out, &labeller->languages, label->print > 1 ? N_("REPRINT") : N_("Print"));
    buffer_printf(out, " %" PRIu64, label->print);
    if (label->print > 1 && labeller->stock->layout != STOCK_ONE) { /* the small ones have no room for it */
        buffer_printf(out, ": ");
        words_both(out, &labeller->languages, N_("earlier labels are void"));
    }
}

static void put_when(const struct labeller *labeller, const struct label *label, struct buffer *out)
{
    put_captioned(labeller, N_("Date, time"), label->when, label->blank ? 2 : 0, out);
    buffer_printf(out, "%s", out->len == 0 ? "" : "   ");
    put_captioned(labeller, N_("Initials"), label->initials, 2, out);
}

static void put_field(const struct labeller *labeller, const struct label *label, enum stock_field field, struct label_line *line)
{
    struct buffer *out = &line->text;
    line->whole = label->blank || field == STOCK_CASE || field == STOCK_ITEM || field == STOCK_WHEN || field == STOCK_SIGNS || field == STOCK_PRINT;
    switch (field) {
    case STOCK_AGENCY:
        buffer_append_view(out, label->agency);
        line->bold = true;
        return;
    case STOCK_CASE:
        put_captioned(labeller, N_("Case"), label->of_case, label->blank ? 1 : 0, out);
        return;
    case STOCK_ITEM:
        put_item(labeller, label, out);
        return;
    case STOCK_DESCRIPTION:
        if (label->description.len > 0) {
            buffer_append_view(out, label->description);
        } else {
            put_captioned(labeller, N_("What it is"), label->description, label->blank ? 1 : 0, out);
        }
        return;
    case STOCK_WHEN:
        put_when(labeller, label, out);
        return;
    case STOCK_SEALS:
        put_captioned(labeller, N_("Seal"), label->seals, label->blank ? 1 : 0, out);
        return;
    case STOCK_SIGNS:
        line->kind = LINE_SIGNS;
        line->size = 2.6;
        line->bold = true;
        if (label->live) {
            words_both(out, &labeller->languages, N_("LIVE ANIMAL"));
        }
        if (label->hazard) {
            buffer_printf(out, "%s", out->len == 0 ? "" : "  ");
            words_both(out, &labeller->languages, N_("BIOHAZARD"));
        }
        return;
    case STOCK_PRINT:
        put_print(labeller, label, out);
        line->bold = label->print > 1;
        return;
    case STOCK_FIELDS:
        return;
    }
}

size_t label_lines(const struct labeller *labeller, const struct label *label, struct label_line *lines)
{
    size_t count = 0;
    if (label->training) {
        lines[count] = (struct label_line){ .kind = LINE_TEXT, .bold = true, .whole = true, .size = 1.0 };
        words_both(&lines[count++].text, &labeller->languages, N_("TRAINING, NOT EVIDENCE"));
    }
    lines[count] = (struct label_line){ .kind = LINE_NAME, .bold = true, .whole = true, .size = 1.0 };
    buffer_append_view(&lines[count++].text, label->name);
    for (size_t i = 0; i < labeller->stock->field_count; i++) {
        struct label_line *line = &lines[count];
        *line = (struct label_line){ .kind = LINE_TEXT, .size = 1.0 };
        put_field(labeller, label, labeller->stock->fields[i], line);
        count += line->text.len > 0 ? 1 : 0;
        if (line->text.len == 0) {
            buffer_free(&line->text);
        }
    }
    return count;
}
