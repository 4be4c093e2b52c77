/* SPDX-License-Identifier: Apache-2.0 */
#include "printer/receipt_words.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

static const struct receipt_title titles[] = {
    { KIND_SEIZE, N_("Receipt: seizure"), true },
    { KIND_REGISTER, N_("Receipt: things seized and registered"), true },
    { KIND_RELEASE, N_("Receipt: things released"), false },
    { KIND_ACCEPT, N_("Receipt: things accepted"), false },
    { KIND_REFUSE, N_("Receipt: things refused"), false },
    { KIND_WITHDRAW, N_("Receipt: release withdrawn"), false },
    { KIND_HANDOUT, N_("Receipt: things handed out"), false },
    { KIND_TAKEBACK, N_("Receipt: things taken back"), false },
    { KIND_SAMPLE, N_("Receipt: samples taken"), true },
    { KIND_SPLIT, N_("Receipt: thing split"), true },
    { KIND_WEIGH, N_("Receipt: things weighed"), true },
    { KIND_EXAMINE, N_("Receipt: things examined"), true },
    { KIND_CONSUME, N_("Receipt: things used up"), true },
    { KIND_DISPOSE, N_("Receipt: things disposed of"), true },
};
static const struct receipt_title general = { KIND_COUNT, N_("Receipt: act on evidence"), true };

const struct receipt_title *receipt_title(unsigned kind)
{
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        if (titles[i].kind == kind) {
            return &titles[i];
        }
    }
    return &general;
}

const char *receipt_copy(const struct receipt_title *title, size_t copy)
{
    static const char *const of_owner[] = { N_("Copy for the authority"), N_("Copy for the owner or the person searched") };
    static const char *const of_receiver[] = { N_("Copy for the one who gives"), N_("Copy for the one who receives") };
    return copy >= 2 ? N_("Further copy") : title->of_owner ? of_owner[copy] : of_receiver[copy];
}

const char *const *receipt_boxes(const struct receipt_title *title)
{
    static const char *const of_owner[] = { N_("Officer: signature, date"), N_("Officer: thumbprint or stamp"), N_("Owner or witness: signature, date"),
                                            N_("Owner or witness: thumbprint") };
    static const char *const of_receiver[] = { N_("Giver: signature, date"), N_("Giver: thumbprint or stamp"), N_("Receiver: signature, date"),
                                               N_("Receiver: thumbprint or stamp") };
    return title->of_owner ? of_owner : of_receiver;
}

const char *receipt_code_label(unsigned kind)
{
    switch (kind) {
    case KIND_RELEASE: case KIND_HANDOUT: return N_("Purpose");
    case KIND_ACCEPT: return N_("Accepted as");
    case KIND_REFUSE: case KIND_WITHDRAW: case KIND_UNSEAL: case KIND_RESEAL: case KIND_VOID: return N_("Reason");
    case KIND_CONSUME: case KIND_DISPOSE: return N_("Manner");
    case KIND_IDENTIFY: return N_("Identification");
    case KIND_ANIMAL: return N_("Event");
    default: return NULL;
    }
}

/* As a label begins: Latin letters with a capital (đ is the one beyond ASCII with which Vietnamese words for these begin). */
static void capitalise(uint8_t *text, size_t len)
{
    if (len > 1 && text[0] == 0xC4 && text[1] == 0x91) {
        text[1] = 0x90;
    } else if (len > 0 && text[0] < 0x80) {
        text[0] = (uint8_t)toupper(text[0]);
    }
}

/* "seizure-time" as "Seizure time"; where it is translated, the translation. */
static void put_label(enum language language, const char *name, struct buffer *out)
{
    const char *words = words_in(language, name);
    size_t start = out->len;
    buffer_append_view(out, view_text(words));
    if (out->failed) {
        return;
    }
    capitalise(out->ptr + start, out->len - start);
    for (size_t i = start; i < out->len && strcmp(words, name) == 0; i++) {
        out->ptr[i] = out->ptr[i] == '-' ? ' ' : out->ptr[i];
    }
}

void receipt_detail_label(const struct languages *languages, uint64_t name, struct buffer *out)
{
    const struct detail_name *known = detail_by_number(name);
    if (known == NULL) {
        buffer_append_view(out, view_text(words_in(languages->first, N_("Detail"))));
        buffer_printf(out, " %" PRIu64, name);
        return;
    }
    put_label(languages->first, known->name, out);
    if (languages->both) {
        buffer_printf(out, " / ");
        put_label(languages->second, known->name, out);
    }
}

/* The English form is the ISO form alone, with which every other one begins. */
void receipt_time(const struct languages *languages, uint64_t time_s, int offset_min, struct buffer *out)
{
    struct buffer iso = { 0 }, second = { 0 };
    words_time(out, languages->first, time_s, offset_min);
    if (languages->both) {
        words_time(&iso, LANGUAGE_EN, time_s, offset_min);
        words_time(&second, languages->second, time_s, offset_min);
        if (second.len > iso.len) {
            buffer_append(out, second.ptr + iso.len, second.len - iso.len);
        }
    }
    out->failed = out->failed || iso.failed || second.failed;
    buffer_free(&iso);
    buffer_free(&second);
}
