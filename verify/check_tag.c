/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_tag: V15: is the tag in somebody's hand one of this ledger, of this bundle, and the latest print.
 */
#include "verify/check.h"

#include "verify/name.h"
#include "verify/paper.h"
#include "verify/text.h"

#include <stdio.h>
#include <string.h>

enum { TAG_LEDGER_CHARACTERS = 16 };

struct tag {
    struct view name;
    struct view ledger; /* empty: a typed name */
    uint64_t print;     /* NOTHING: none */
};

/* What stands behind the address (13.1), its ends trimmed, in upper case and Western digits (SPEC 3.2). */
static void read_plainly(struct view scanned, struct buffer *out)
{
    struct view text = name_trim(paper_behind(scanned));
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        if (text.len - i >= 3 && memcmp(text.ptr + i, "\xe1\x9f", 2) == 0 && text.ptr[i + 2] >= 0xa0 && text.ptr[i + 2] <= 0xa9) {
            c = (uint8_t)('0' + (text.ptr[i + 2] - 0xa0));
            i += 2;
        }
        buffer_append_byte(out, c >= 'a' && c <= 'z' ? (uint8_t)(c - 'a' + 'A') : c);
    }
}

/* RFC 4648 6, upper case. */
static bool is_base32(struct view text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!(text.ptr[i] >= 'A' && text.ptr[i] <= 'Z') && !(text.ptr[i] >= '2' && text.ptr[i] <= '7')) {
            return false;
        }
    }
    return true;
}

/* "U1/NAME/LLLLLLLLLLLLLLLL/PRINT" (SPEC 3.2), or a typed name. */
static bool tag_parse(struct view text, struct tag *out)
{
    struct view parts[4];
    size_t count = 0, start = 0;
    *out = (struct tag){ .name = text, .print = NOTHING };
    if (text.len < 3 || memcmp(text.ptr, "U1/", 3) != 0) {
        return text.len == 0 || memchr(text.ptr, '/', text.len) == NULL;
    }
    for (size_t i = 0; i <= text.len; i++) {
        if (i == text.len || text.ptr[i] == '/') {
            if (count == 4) {
                return false;
            }
            parts[count++] = view_part(text, start, i - start);
            start = i + 1;
        }
    }
    if (count != 4 || parts[2].len != TAG_LEDGER_CHARACTERS || !is_base32(parts[2])) {
        return false;
    }
    out->name = parts[1];
    out->ledger = parts[2];
    return text_decimal(parts[3], &out->print);
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

static bool same_ledger(const struct check *check, struct view characters)
{
    struct buffer id = { 0 };
    bool same = true;
    text_base32(&id, hash_view(&check->verdict->ledger));
    for (size_t i = 0; i < characters.len && !id.failed; i++) {
        same = same && lower(id.ptr[i]) == lower(characters.ptr[i]);
    }
    same = same && !id.failed;
    buffer_free(&id);
    return same;
}

static void breach(struct check *check, const char *code, uint64_t subject, const char *text)
{
    struct finding finding = { .code = code, .breach = true, .record = NOTHING, .subject = subject };
    (void)snprintf(finding.text, sizeof finding.text, "%s", text);
    check->source.report(check->source.context, &finding);
}

static void judge(struct check *check, const struct tag *tag, uint64_t number)
{
    if (number >= check->subjects) {
        stop_set(check->stop, 1, "never-issued", NOTHING, number, "the tag's number was never issued by this ledger");
        return;
    }
    const struct subject *subject = world_find(check->world, number);
    if (subject == NULL) {
        size_t before = check->verdict->note_count;
        check_note(check, "not-in-bundle", NOTHING, "the tag's number %llu exists, but this bundle says nothing of it", (unsigned long long)number);
        if (check->verdict->note_count > before) {
            check->verdict->notes[before].subject = number; /* else there was no room for one more note */
        }
        return;
    }
    if (subject->thing != NULL && subject->thing->voided) {
        breach(check, "void", number, "the tag is void: its number was never used for a thing");
    }
    if (subject->thing != NULL && tag->print != NOTHING && subject->thing->prints != 0 && tag->print != subject->thing->prints) {
        breach(check, "superseded", number, "the tag is not the latest print of its label");
    }
}

static void check_plain(struct check *check, struct view text)
{
    struct tag tag;
    uint64_t number = 0;
    if (!tag_parse(text, &tag)) {
        check_note(check, "not-a-tag", NOTHING, "the text is neither a tag of this format nor a name");
        return;
    }
    switch (name_parse(view_text(check->replay.code), tag.name, 0, &number, NULL)) {
    case NAME_NOT_A_NAME:
        check_note(check, "not-a-tag", NOTHING, "the text is neither a tag of this format nor a name");
        return;
    case NAME_WRONG_CHECK:
        check_note(check, "check-character", NOTHING, "the name's check character is wrong: it was misread or mistyped");
        return;
    case NAME_OTHER_LEDGER:
        stop_set(check->stop, 1, "other-ledger", NOTHING, NOTHING, "the tag is of another ledger");
        return;
    case NAME_OK:
        break;
    }
    if (tag.ledger.len > 0 && !same_ledger(check, tag.ledger)) {
        stop_set(check->stop, 1, "other-ledger", NOTHING, NOTHING, "the tag is of another ledger with the same code");
        return;
    }
    judge(check, &tag, number);
}

void check_tag(struct check *check)
{
    struct buffer text = { 0 };
    read_plainly(check->options->tag, &text);
    if (text.failed) {
        stop_set(check->stop, 2, "memory", NOTHING, NOTHING, "out of memory");
    } else {
        check_plain(check, buffer_view(&text));
    }
    buffer_free(&text);
}
