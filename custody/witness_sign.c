/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness_sign: the command `witness sign`: one request from a file or from paper, the answer to a file or on paper. The checks are those of
 * add-checkpoint (ledger/witness.h); the state is the same, so the same directory may be served at the same time.
 */
#include "custody/witnessing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/paper_settings.h"
#include "custody/wholefile.h"
#include "ledger/witness_request.h"
#include "printer/exchange.h"
#include "verify/text.h"

const struct option witness_sign_options[] = {
    {"--file", OPTION_VALUE, "REQUEST", "what `unbroken ledger witness-request` has written, or the body of an add-checkpoint request"},
    {"--paper", OPTION_VALUE, "PARTS", "the codes of a request's page, scanned, one a line, in any order; - is standard input"},
    {"-o", OPTION_VALUE, "ANSWER", "where to write the signature lines, for the stick"},
    {"--pdf", OPTION_VALUE, "PAGE", "where to write the page that goes back to the station"},
    PAPER_LANGUAGE_OPTION,
    {"--force", OPTION_FLAG, NULL, "overwrite the files"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

struct signing {
    struct args *args;
    struct witness *witness;
    const char *answer_path, *pdf_path;
    struct languages languages;
    struct buffer body;
    struct witness_request request;
    struct checkpoint *checkpoint; /* borrows body */
    struct witness_answer answer;
    uint64_t now_s;
    int offset_min;
};

/* ---- before anything is signed --------------------------------------------------------------- */

static enum status read_options(struct signing *signing, struct fault *fault)
{
    struct args *args = signing->args;
    const char *language = args_value(args, "--language");

    signing->answer_path = args_value(args, "-o");
    signing->pdf_path = args_value(args, "--pdf");
    if ((args_value(args, "--file") == NULL) == (args_value(args, "--paper") == NULL)) {
        return args_usage(args, fault, "witness sign needs --file REQUEST or --paper PARTS");
    }
    if (signing->answer_path == NULL && signing->pdf_path == NULL) {
        return args_usage(args, fault, "witness sign needs -o ANSWER, --pdf PAGE or both");
    }
    for (unsigned i = 0; i < 2 && !args_flag(args, "--force"); i++) {
        const char *path = i == 0 ? signing->answer_path : signing->pdf_path;

        if (path != NULL && wholefile_exists(path)) {
            args_hint(args, "--force overwrites it");
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is there already", path);
        }
    }
    return language == NULL ? STATUS_OK : languages_parse(language, &signing->languages, fault);
}

static enum status read_paper(struct signing *signing, const char *path, struct fault *fault)
{
    struct buffer text = {0};
    enum paper_kind kind = PAPER_KINDS;
    enum status status = wholefile_read_filled(path, PAPER_TEXT_BYTES_MAX, &text, fault);

    if (status == STATUS_OK) {
        status = paper_read(buffer_view(&text), &kind, &signing->body, fault);
    }
    if (status == STATUS_OK && kind != PAPER_REQUEST) {
        status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "these codes are not those of a request to a witness: they would begin with U1W");
    }
    buffer_free(&text);
    return status;
}

/* For the page and for what is said; what it means is witness_add_checkpoint's to judge. */
static enum status read_request(struct signing *signing, struct fault *fault)
{
    const char *file = args_value(signing->args, "--file"), *path = file != NULL ? file : args_value(signing->args, "--paper");
    struct fault why;
    enum status status = file != NULL ? wholefile_read_filled(file, WITNESS_REQUEST_BYTES_MAX, &signing->body, fault)
                                      : read_paper(signing, path, fault);

    fault_clear(&why);
    if (status == STATUS_OK && (witness_request_parse(buffer_view(&signing->body), &signing->request, &why) != STATUS_OK ||
                                checkpoint_parse(signing->request.note, signing->checkpoint, &why) != STATUS_OK)) {
        status = fault_set(fault, why.status, why.at, "%s is no request to a witness: %s", path, why.text);
    }
    if (status == STATUS_OK && args_value(signing->args, "--now") != NULL && !witness_is_training(signing->checkpoint->origin)) {
        status = args_usage(signing->args, fault, "--now is for training ledgers only");
    }
    return status;
}

/* ---- afterwards ------------------------------------------------------------------------------ */

static enum status draw_page(struct signing *signing, enum exchange_kind kind, uint64_t old, struct buffer *pdf, struct fault *fault)
{
    struct exchange_form form = {.kind = kind, .languages = signing->languages, .training = witness_is_training(signing->checkpoint->origin),
                                 .origin = signing->checkpoint->origin, .size = signing->checkpoint->size, .root = signing->checkpoint->root,
                                 .old = old, .command = view_text("unbroken ledger cosign answer.txt"), .made_s = signing->now_s,
                                 .offset_min = signing->offset_min};
    struct paper_texts texts = {0};
    struct buffer vkey = {0};
    enum status status;

    witness_vkey(signing->witness, &vkey);
    for (form.witness = view_of(vkey.ptr, 0); form.witness.len < vkey.len && vkey.ptr[form.witness.len] != '+';) {
        form.witness.len++;
    }
    status = buffer_status(&vkey, fault);
    if (status == STATUS_OK && kind == EXCHANGE_ANSWER) {
        status = exchange_texts(kind, buffer_view(&signing->answer.body), &texts, fault);
    }
    if (status == STATUS_OK) {
        status = exchange_draw(&form, kind == EXCHANGE_ANSWER ? &texts : NULL, pdf, fault);
    }
    paper_texts_free(&texts);
    buffer_free(&vkey);
    return status;
}

/* All that can fail before the disk is done first; then both files, or neither. */
static enum status write_answer(struct signing *signing, struct fault *fault)
{
    bool replace = args_flag(signing->args, "--force");
    struct buffer pdf = {0};
    enum status status = STATUS_OK;

    if (signing->pdf_path != NULL) {
        status = draw_page(signing, EXCHANGE_ANSWER, signing->request.old, &pdf, fault);
    }
    if (status == STATUS_OK && signing->answer_path != NULL) {
        status = wholefile_write(signing->answer_path, buffer_view(&signing->answer.body), replace, fault);
    }
    if (status == STATUS_OK && signing->pdf_path != NULL) {
        status = wholefile_write(signing->pdf_path, buffer_view(&pdf), replace, fault);
        if (status != STATUS_OK && signing->answer_path != NULL) {
            (void)remove(signing->answer_path);
        }
    }
    if (status != STATUS_OK) {
        args_hint(signing->args, "the witness has signed, and remembers: the same request again gives the answer");
    }
    buffer_free(&pdf);
    return status;
}

/* 409: says what was cosigned last; on paper too, where no other way leads back. */
static enum status tell_size(struct signing *signing, struct fault *fault)
{
    uint64_t size = 0;
    struct buffer pdf = {0};
    enum status status = STATUS_OK;

    (void)text_decimal(view_of(signing->answer.body.ptr, signing->answer.body.len - 1), &size);
    if (signing->pdf_path != NULL) {
        status = draw_page(signing, EXCHANGE_SIZE, size, &pdf, fault);
        if (status == STATUS_OK) {
            status = wholefile_write(signing->pdf_path, buffer_view(&pdf), args_flag(signing->args, "--force"), fault);
        }
    }
    buffer_free(&pdf);
    if (status != STATUS_OK) {
        return status;
    }
    args_hint(signing->args, "at the station: unbroken ledger witness-request --old %" PRIu64 "%s", size,
              signing->pdf_path == NULL ? "" : "; the page says it too");
    return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                     "the request begins at %" PRIu64 " records, but this witness has cosigned %" PRIu64 " of that ledger: nothing was signed",
                     signing->request.old, size);
}

static enum status refuse(struct signing *signing, struct fault *fault)
{
    const struct witness_answer *answer = &signing->answer;

    if (answer->exhibit[0] != '\0') {
        args_hint(signing->args, "the proof of the fork is %s/%s", signing->args->arguments[0], answer->exhibit);
    }
    if (answer->trouble.status != STATUS_OK) {
        return fault_set(fault, answer->trouble.status, answer->trouble.at, "nothing was signed: %s", answer->trouble.text);
    }
    return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "nothing was signed (%u): %.*s", answer->http_status,
                     answer->body.len > 0 ? (int)answer->body.len - 1 : 0, answer->body.ptr == NULL ? "" : (const char *)answer->body.ptr);
}

/* A size that the checkpoint itself has: it was cosigned, and the answer got lost on its way. The checkpoint alone is then asked for again. */
static bool was_cosigned(const struct signing *signing)
{
    uint64_t size = 0;

    return signing->answer.is_size && text_decimal(view_of(signing->answer.body.ptr, signing->answer.body.len - 1), &size) &&
           size == signing->checkpoint->size;
}

static enum status sign(struct signing *signing, struct fault *fault)
{
    const struct merkle_path none = {.count = 0};
    struct buffer again = {0};
    enum status status = STATUS_OK;

    witness_add_checkpoint(signing->witness, buffer_view(&signing->body), signing->now_s, &signing->answer);
    if (was_cosigned(signing)) {
        witness_request_format(signing->checkpoint->size, &none, signing->request.note, &again);
        status = buffer_status(&again, fault);
        if (status == STATUS_OK) {
            buffer_free(&signing->answer.body);
            witness_add_checkpoint(signing->witness, buffer_view(&again), signing->now_s, &signing->answer);
        }
        buffer_free(&again);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (signing->answer.http_status == 200) {
        return write_answer(signing, fault);
    }
    return signing->answer.is_size ? tell_size(signing, fault) : refuse(signing, fault);
}

static void say(const struct signing *signing)
{
    const char *first = signing->answer_path != NULL ? signing->answer_path : signing->pdf_path;
    const char *second = signing->answer_path != NULL && signing->pdf_path != NULL ? signing->pdf_path : NULL;

    (void)printf("cosigned: %" PRIu64 " records; the answer is in %s%s%s: bring it to the station (unbroken ledger cosign)\n",
                 signing->checkpoint->size, first, second == NULL ? "" : " and ", second == NULL ? "" : second);
}

enum status witness_sign_run(struct args *args, struct fault *fault)
{
    struct signing signing = {.args = args, .checkpoint = calloc(1, sizeof *signing.checkpoint)};
    enum status status = signing.checkpoint == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                                    : read_options(&signing, fault);

    if (status == STATUS_OK) {
        status = read_request(&signing, fault);
    }
    if (status == STATUS_OK) {
        status = witnessing_open(args, &signing.witness, &signing.now_s, &signing.offset_min, fault);
    }
    if (status == STATUS_OK) {
        status = sign(&signing, fault);
    }
    if (status == STATUS_OK) {
        say(&signing);
    }
    witness_close(signing.witness);
    buffer_free(&signing.answer.body);
    buffer_free(&signing.body);
    free(signing.checkpoint);
    return status;
}
