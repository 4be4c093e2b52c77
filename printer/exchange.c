/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exchange: see the header. What it says is checked by the program that reads its QR, never by who looks at it; so the page only says what it is,
 * for whom, and what to do.
 */
#include "printer/exchange.h"

#include <inttypes.h>
#include <string.h>

#include "printer/paper.h"
#include "verify/text.h"

/* A module is a whole number of dots at 600 an inch: 0.42 mm. */
#define DOT_MM (25.4 / 600)
#define MODULE_DOTS 10

enum status exchange_texts(enum exchange_kind kind, struct view bytes, struct paper_texts *out, struct fault *fault)
{
    size_t part = bytes.len <= PAPER_PARTS_MAX * (size_t)EXCHANGE_QR_BYTES ? EXCHANGE_QR_BYTES : EXCHANGE_QR_BYTES_MAX;

    return paper_write(kind == EXCHANGE_REQUEST ? PAPER_REQUEST : PAPER_COSIGNATURES, bytes, part, view_of(NULL, 0), out, fault);
}

static const char *title_of(enum exchange_kind kind)
{
    return kind == EXCHANGE_REQUEST ? N_("Request to a witness") : kind == EXCHANGE_ANSWER ? N_("Cosignature of a witness")
                                                                                          : N_("A witness did not sign");
}

static void put_number(struct paper *paper, const char *label, uint64_t number)
{
    struct buffer text = {0};

    buffer_printf(&text, "%" PRIu64, number);
    paper_fact(paper, label, buffer_view(&text));
    buffer_free(&text);
}

static void put_time(struct paper *paper, const struct exchange_form *form)
{
    struct buffer text = {0}, second = {0};

    words_time(&text, form->languages.first, form->made_s, form->offset_min);
    if (form->languages.both) {
        words_time(&second, form->languages.second, form->made_s, form->offset_min);
        if (!view_equal(buffer_view(&text), buffer_view(&second))) {
            buffer_printf(&text, " / ");
            buffer_append_view(&text, buffer_view(&second));
        }
    }
    paper_fact(paper, N_("Date, time"), buffer_view(&text));
    buffer_free(&text);
    buffer_free(&second);
}

static void put_facts(struct paper *paper, const struct exchange_form *form)
{
    struct buffer text = {0};

    if (form->witness.len > 0) {
        paper_fact(paper, N_("Witness"), form->witness);
    }
    paper_fact(paper, N_("Ledger"), form->origin);
    put_number(paper, N_("Checkpoint: records"), form->size);
    text_base64(&text, hash_view(&form->root));
    paper_fact(paper, N_("Checkpoint: root"), buffer_view(&text));
    put_number(paper, N_("Cosigned before: records"), form->old);
    put_time(paper, form);
    buffer_free(&text);
}

static void put_guide(struct paper *paper, const struct exchange_form *form)
{
    struct text_style plain = paper_style(paper, 1.0, false), small = paper_style(paper, 0.9, false);

    paper_space(paper, 6);
    if (form->kind == EXCHANGE_SIZE) {
        paper_words(paper, N_("This witness has cosigned the ledger at another size than the request begins from. Bring this page to the station, and make the request again from the number of records cosigned before."), &plain);
        return;
    }
    if (form->kind == EXCHANGE_REQUEST) {
        paper_words(paper, N_("The station asks a witness to cosign this checkpoint. At the witness, scan every code into a text file named request.txt, one line a code, in any order, and run:"), &plain);
    } else {
        paper_words(paper, N_("The witness has checked that the ledger continues what it cosigned before, and has signed. At the station, scan every code into a text file named answer.txt, one line a code, in any order, and run:"), &plain);
    }
    paper_text(paper, form->command, &small);
    if (form->kind == EXCHANGE_REQUEST) {
        paper_words(paper, N_("Bring the page that the witness prints back to the station."), &plain);
    }
}

static void put_all(struct paper *paper, const struct exchange_form *form, const struct paper_texts *texts)
{
    struct text_style large = paper_style(paper, 1.4, true);

    if (form->training) {
        paper_words(paper, N_("TRAINING: this paper is no evidence"), &large);
    }
    paper_heading(paper, 1, title_of(form->kind));
    paper_rule(paper);
    paper_space(paper, 3);
    put_facts(paper, form);
    put_guide(paper, form);
    if (texts != NULL) {
        paper_space(paper, 6);
        paper_codes(paper, texts, DOT_MM, MODULE_DOTS, MODULE_DOTS);
    }
}

enum status exchange_draw(const struct exchange_form *form, const struct paper_texts *texts, struct buffer *out, struct fault *fault)
{
    struct typesetter typesetter;
    struct paper paper;
    struct buffer foot = {0}, title = {0}, mark = {0};
    enum status status = typesetter_open(&typesetter, fault);

    if (status != STATUS_OK) {
        return status;
    }
    if (form->training) {
        words_both(&mark, &form->languages, N_("TRAINING"));
    }
    words_both(&foot, &form->languages, title_of(form->kind));
    buffer_printf(&foot, " · %" PRIu64, form->size);
    buffer_printf(&title, "%s", words_in(form->languages.first, title_of(form->kind)));
    buffer_append_byte(&title, '\0');
    struct paper_form page = {.width_mm = 210, .height_mm = 297, .margin_mm = 12, .base_pt = 9, .languages = form->languages,
                              .title = (const char *)title.ptr, .made_s = form->made_s, .foot = buffer_view(&foot), .mark = buffer_view(&mark)};
    status = foot.failed || title.failed || mark.failed ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                                        : paper_open(&typesetter, &page, &paper, fault);
    if (status == STATUS_OK) {
        put_all(&paper, form, texts);
        status = paper_finish(&paper, out, fault);
    }
    typesetter_close(&typesetter);
    buffer_free(&foot);
    buffer_free(&title);
    buffer_free(&mark);
    return status == STATUS_OK ? buffer_status(out, fault) : status;
}
