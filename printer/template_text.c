/* SPDX-License-Identifier: Apache-2.0 */
/*
 * template_text: the texts of a form: places in braces, and parts between "|".
 */
#include "printer/template_inside.h"

#include <string.h>

static const char *const names[PLACE_COUNT] = {
    [PLACE_CASE] = "case", [PLACE_DOCKET] = "docket", [PLACE_LAW] = "law", [PLACE_COURT] = "court", [PLACE_THINGS] = "things",
    [PLACE_CERTIFIER] = "certifier", [PLACE_OFFICE] = "office", [PLACE_AGENCY] = "agency", [PLACE_NUMBER] = "number", [PLACE_DATE] = "date",
    [PLACE_TIME] = "time", [PLACE_SOFTWARE] = "software", [PLACE_LEDGER] = "ledger", [PLACE_LEDGER_ID] = "ledger-id",
    [PLACE_RECORDS] = "records", [PLACE_SIZE] = "size", [PLACE_ROOT] = "root", [PLACE_BUNDLE] = "bundle", [PLACE_POLICY] = "policy",
    [PLACE_RESULT] = "result",
};

const char *template_place_name(enum template_place place)
{
    return names[place];
}

/* What stands at `at`: a place, a doubled brace, or text up to the next brace. */
struct piece {
    bool is_place, wrong;
    enum template_place place;
    struct view text; /* what is to be written of a piece that is no place */
    size_t end;
};

static struct piece piece_at(struct view text, size_t at)
{
    struct piece piece = { .end = at };
    if (text.ptr[at] != '{' && text.ptr[at] != '}') {
        while (piece.end < text.len && text.ptr[piece.end] != '{' && text.ptr[piece.end] != '}') {
            piece.end++;
        }
        piece.text = view_part(text, at, piece.end - at);
        return piece;
    }
    if (at + 1 < text.len && text.ptr[at + 1] == text.ptr[at]) {
        piece.text = view_part(text, at, 1);
        piece.end = at + 2;
        return piece;
    }
    const uint8_t *close = text.ptr[at] == '}' ? NULL : memchr(text.ptr + at, '}', text.len - at);
    piece.wrong = true;
    if (close == NULL) {
        piece.text = view_part(text, at, text.len - at);
        return piece;
    }
    piece.end = (size_t)(close - text.ptr) + 1;
    piece.text = view_part(text, at, piece.end - at);
    struct view name = view_part(text, at + 1, piece.end - at - 2);
    for (int i = 0; i < PLACE_COUNT; i++) {
        if (view_equal(name, view_text(names[i]))) {
            piece.is_place = true;
            piece.wrong = false;
            piece.place = (enum template_place)i;
        }
    }
    return piece;
}

const char *template_check_places(struct view text, struct view *wrong)
{
    for (size_t at = 0; at < text.len;) {
        struct piece piece = piece_at(text, at);
        if (piece.wrong) {
            *wrong = piece.text;
            return piece.end == at ? "a brace alone is written {{ or }}; this one opens or closes nothing:" : "there is no place";
        }
        at = piece.end;
    }
    return NULL;
}

void template_fill(struct view text, const struct view values[PLACE_COUNT], struct buffer *out)
{
    for (size_t at = 0; at < text.len;) {
        struct piece piece = piece_at(text, at);
        if (piece.wrong) {
            return;
        }
        buffer_append_view(out, piece.is_place ? values[piece.place] : piece.text);
        at = piece.end;
    }
}

bool template_split(struct view text, size_t *at, struct view *out)
{
    if (*at > text.len) {
        return false;
    }
    const uint8_t *bar = *at == text.len ? NULL : memchr(text.ptr + *at, '|', text.len - *at);
    size_t end = bar == NULL ? text.len : (size_t)(bar - text.ptr);
    *out = template_trim(view_part(text, *at, end - *at));
    *at = end + 1;
    return true;
}

/* How many parts; 0: one of them is empty. */
static size_t count_parts(struct view text)
{
    size_t at = 0, count = 0;
    struct view part;
    while (template_split(text, &at, &part)) {
        if (part.len == 0) {
            return 0;
        }
        count++;
    }
    return count;
}

const char *template_check_text(const struct template_block *block, enum language language)
{
    size_t count = count_parts(buffer_view(&block->texts[language]));
    if (block->kind != TEMPLATE_CHOICE && block->kind != TEMPLATE_BOXES) {
        return NULL;
    }
    if (count == 0) {
        return "has an empty part beside a |";
    }
    if (count != count_parts(buffer_view(&block->texts[LANGUAGE_EN]))) {
        return "has not as many parts as the text \"en\"";
    }
    if (block->kind == TEMPLATE_CHOICE) {
        return count > TEMPLATE_CHOICES_MAX ? "has more than twelve choices" : NULL;
    }
    return count > TEMPLATE_BOXES_MAX ? "has more than four boxes" : NULL;
}

struct view template_trim(struct view text)
{
    while (text.len > 0 && (text.ptr[0] == ' ' || text.ptr[0] == '\t')) {
        text = view_part(text, 1, text.len - 1);
    }
    while (text.len > 0 && (text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == '\t')) {
        text.len--;
    }
    return text;
}
