/* SPDX-License-Identifier: Apache-2.0 */
#include "printer/typeset.h"

#include "verify/text.h"

#include <unicode/utf8.h>

#include <stdlib.h>
#include <string.h>

enum { SHORT_BYTES_MAX = 2048 };

enum status typesetter_open(struct typesetter *out, struct fault *fault)
{
    *out = (struct typesetter){ 0 };
    enum status status = fonts_open(&out->fonts, fault);
    if (status == STATUS_OK) {
        out->context = fonts_context(out->fonts);
        status = script_open(&out->script, fault);
    }
    if (status != STATUS_OK) {
        typesetter_close(out);
    }
    return status;
}

void typesetter_close(struct typesetter *typesetter)
{
    if (typesetter->context != NULL) {
        g_object_unref(typesetter->context);
    }
    script_close(typesetter->script);
    fonts_close(typesetter->fonts);
    *typesetter = (struct typesetter){ 0 };
}

static PangoLayout *new_layout(const struct typesetter *typesetter, const struct text_style *style, double width_pt)
{
    static const PangoAlignment alignments[] = { [ALIGN_LEFT] = PANGO_ALIGN_LEFT, [ALIGN_CENTRE] = PANGO_ALIGN_CENTER, [ALIGN_RIGHT] = PANGO_ALIGN_RIGHT };
    PangoLayout *layout = pango_layout_new(typesetter->context);
    PangoFontDescription *font = pango_font_description_new();

    pango_font_description_set_family_static(font, fonts_families());
    pango_font_description_set_absolute_size(font, style->size_pt * PANGO_SCALE);
    pango_font_description_set_weight(font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_auto_dir(layout, FALSE);
    pango_layout_set_alignment(layout, alignments[style->align]);
    if (width_pt > 0) {
        pango_layout_set_width(layout, (int)(width_pt * PANGO_SCALE));
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    }
    return layout;
}

/*
 * How a word longer than a line is broken: without a hyphen, which would be read as a part of a hash, a name or a signature; and never between a
 * Khmer coeng (U+17D2) and the letter that it puts below, which Pango takes for two letters: each would stand in a shape that it does not have.
 */
static void rule_breaks(PangoLayout *layout, struct view text)
{
    static const uint8_t coeng[] = { 0xE1, 0x9F, 0x92 };
    PangoAttrList *attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
    for (size_t i = 0; i + 2 * sizeof coeng <= text.len; i++) {
        if (memcmp(text.ptr + i, coeng, sizeof coeng) == 0) {
            PangoAttribute *whole = pango_attr_allow_breaks_new(FALSE);
            whole->start_index = (guint)i;
            whole->end_index = (guint)(i + 2 * sizeof coeng);
            pango_attr_list_insert(attributes, whole);
        }
    }
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
}

/* Names the first character that no font has; the text is shown as far as it fits into a message. */
static enum status missing_glyph(const struct typesetter *typesetter, struct view text, struct fault *fault)
{
    struct buffer shown = { 0 };
    uint32_t missing = 0;
    for (int32_t at = 0, len = (int32_t)text.len; at < len && missing == 0;) {
        UChar32 c;
        U8_NEXT(text.ptr, at, len, c);
        if (c > ' ' && c != 0x200B && c != 0x200C && c != 0x200D && !fonts_have(typesetter->fonts, (uint32_t)c)) {
            missing = (uint32_t)c;
        }
    }
    text_escape(&shown, view_of(text.ptr, script_cut(typesetter->script, text, text.len < 120 ? text.len : 120)));
    enum status status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "\"%.*s\" has the character U+%04X, which the fonts of the papers do not have: it cannot be printed",
                                   (int)shown.len, (const char *)shown.ptr, missing);
    buffer_free(&shown);
    return status;
}

static enum status put_text(const struct typesetter *typesetter, PangoLayout *layout, struct view prepared, struct fault *fault)
{
    rule_breaks(layout, prepared);
    pango_layout_set_text(layout, (const char *)prepared.ptr, (int)prepared.len);
    return pango_layout_get_unknown_glyphs_count(layout) > 0 ? missing_glyph(typesetter, prepared, fault) : STATUS_OK;
}

enum status typeset(struct typesetter *typesetter, struct view text, const struct text_style *style, double width_pt, PangoLayout **out,
                    struct fault *fault)
{
    struct buffer prepared = { 0 };
    *out = NULL;
    enum status status = script_prepare(typesetter->script, text, &prepared, fault);
    if (status == STATUS_OK) {
        *out = new_layout(typesetter, style, width_pt);
        status = put_text(typesetter, *out, buffer_view(&prepared), fault);
    }
    if (status != STATUS_OK && *out != NULL) {
        g_object_unref(*out);
        *out = NULL;
    }
    buffer_free(&prepared);
    return status;
}

/* Sets the beginning of the text, cut behind a word, and "…". */
static void put_beginning(struct typesetter *typesetter, PangoLayout *layout, struct view prepared, size_t len, struct buffer *scratch)
{
    size_t cut = script_cut(typesetter->script, prepared, len);
    while (cut > 0 && prepared.ptr[cut - 1] == ' ') {
        cut--;
    }
    buffer_reset(scratch);
    buffer_append(scratch, prepared.ptr, cut);
    buffer_append_view(scratch, view_text("…"));
    pango_layout_set_text(layout, (const char *)scratch->ptr, (int)scratch->len);
}

/* Letters of UTF-8 stay whole. */
static size_t letter_start(struct view text, size_t at)
{
    while (at > 0 && at < text.len && (text.ptr[at] & 0xC0) == 0x80) {
        at--;
    }
    return at;
}

static void shorten(struct typesetter *typesetter, PangoLayout *layout, struct view prepared, int lines, struct buffer *scratch)
{
    size_t low = 0, high = letter_start(prepared, prepared.len < SHORT_BYTES_MAX ? prepared.len : SHORT_BYTES_MAX);
    while (low + 1 < high) {
        size_t middle = letter_start(prepared, low + (high - low) / 2);
        if (middle <= low) {
            break;
        }
        put_beginning(typesetter, layout, prepared, middle, scratch);
        if (pango_layout_get_line_count(layout) <= lines) {
            low = middle;
        } else {
            high = middle;
        }
    }
    put_beginning(typesetter, layout, prepared, low, scratch);
    /* A first word longer than all the lines: it is cut inside. */
    if (scratch->len == 3 && low > 0) {
        buffer_reset(scratch);
        buffer_append(scratch, prepared.ptr, low);
        buffer_append_view(scratch, view_text("…"));
        pango_layout_set_text(layout, (const char *)scratch->ptr, (int)scratch->len);
        pango_layout_set_height(layout, -lines);
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    }
}

enum status typeset_short(struct typesetter *typesetter, struct view text, const struct text_style *style, double width_pt, int lines,
                          PangoLayout **out, struct fault *fault)
{
    struct buffer prepared = { 0 }, scratch = { 0 };
    size_t len = letter_start(text, text.len < SHORT_BYTES_MAX ? text.len : SHORT_BYTES_MAX);
    *out = NULL;
    enum status status = script_prepare(typesetter->script, view_of(text.ptr, len), &prepared, fault);
    if (status == STATUS_OK) {
        *out = new_layout(typesetter, style, width_pt);
        status = put_text(typesetter, *out, buffer_view(&prepared), fault);
    }
    if (status == STATUS_OK && (len < text.len || pango_layout_get_line_count(*out) > lines)) {
        shorten(typesetter, *out, buffer_view(&prepared), lines, &scratch);
    }
    if (status == STATUS_OK && scratch.failed) {
        status = buffer_status(&scratch, fault);
    }
    if (status != STATUS_OK && *out != NULL) {
        g_object_unref(*out);
        *out = NULL;
    }
    buffer_free(&prepared);
    buffer_free(&scratch);
    return status;
}

void typeset_size(PangoLayout *layout, double *width_pt, double *height_pt)
{
    int width = 0, height = 0;
    pango_layout_get_size(layout, &width, &height);
    if (width_pt != NULL) {
        *width_pt = (double)width / PANGO_SCALE;
    }
    if (height_pt != NULL) {
        *height_pt = (double)height / PANGO_SCALE;
    }
}

void typeset_draw(cairo_t *cairo, PangoLayout *layout, double x_pt, double y_pt, double grey)
{
    cairo_set_source_rgb(cairo, grey, grey, grey);
    cairo_move_to(cairo, x_pt, y_pt);
    pango_cairo_show_layout(cairo, layout);
}
