/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger witness-request, ledger cosign: what goes to a witness that no network reaches, on a stick or on paper (SPEC 14.3), and its answer.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "custody/commands.h"
#include "custody/cosigning.h"
#include "custody/paper_settings.h"
#include "custody/wholefile.h"
#include "ledger/witness_request.h"
#include "printer/exchange.h"
#include "verify/text.h"

/* Its position by the name that the policy gives it, or by the name that it signs under. */
static bool find_witness(const struct policy *policy, const char *name, size_t *out)
{
    for (size_t i = 0; i < policy_witness_count(policy); i++) {
        const struct policy_witness *witness = policy_witness(policy, i);

        if (view_equal(witness->name, view_text(name)) || view_equal(witness->key.name, view_text(name))) {
            *out = i;
            return true;
        }
    }
    return false;
}

static enum status make_request(struct args *args, struct session *session, uint64_t *old, struct buffer *out, struct fault *fault)
{
    const char *name = args_value(args, "--witness");
    struct policy *policy = NULL;
    size_t witness = 0;
    enum status status = cosigning_policy(session, &policy, fault);

    if (status == STATUS_OK && name == NULL && *old == NOTHING && policy_witness_count(policy) > 1) {
        status = args_usage(args, fault, "witness-request needs --witness NAME, or --old SIZE");
    }
    if (status == STATUS_OK && name != NULL && !find_witness(policy, name, &witness)) {
        status = fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "--witness %.100s: this ledger has no such witness", name);
        args_hint(args, "unbroken ledger witnesses");
    }
    if (status == STATUS_OK) {
        status = collect_request(session->ledger, policy, witness, old, out, fault);
    }
    policy_close(policy);
    return status;
}

/* The same on a page, for a witness that no stick reaches. */
static enum status draw_request(struct session *session, uint64_t old, const struct buffer *body, struct buffer *pdf, struct fault *fault)
{
    struct args *args = session->args;
    const char *name = args_value(args, "--witness");
    struct exchange_form form = {.kind = EXCHANGE_REQUEST, .training = session->identity->training, .old = old,
                                 .witness = name == NULL ? view_of(NULL, 0) : view_text(name),
                                 .command = view_text("unbroken witness sign DIR --paper request.txt --pdf answer.pdf"),
                                 .made_s = session->now_s, .offset_min = session->offset_min};
    struct checkpoint *checkpoint = malloc(sizeof *checkpoint);
    struct paper_settings settings;
    struct witness_request request;
    struct paper_texts texts = {0};
    const char *directory = NULL;
    enum status status = checkpoint == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                            : session_directory(args, &directory, fault);

    if (status == STATUS_OK) {
        status = paper_settings_read(args, directory, &settings, fault);
    }
    if (status == STATUS_OK) {
        status = witness_request_parse(buffer_view(body), &request, fault);
    }
    if (status == STATUS_OK) {
        status = checkpoint_parse(request.note, checkpoint, fault);
    }
    if (status == STATUS_OK) {
        form.languages = settings.languages;
        form.origin = checkpoint->origin;
        form.size = checkpoint->size;
        form.root = checkpoint->root;
        status = exchange_texts(EXCHANGE_REQUEST, buffer_view(body), &texts, fault);
    }
    if (status == STATUS_OK) {
        status = exchange_draw(&form, &texts, pdf, fault);
    }
    paper_texts_free(&texts);
    free(checkpoint);
    return status;
}

/* Both files, or neither. */
static enum status write_request(struct session *session, uint64_t old, const struct buffer *body, struct fault *fault)
{
    struct args *args = session->args;
    const char *file = args_value(args, "-o"), *page = args_value(args, "--pdf");
    bool replace = args_flag(args, "--force");
    struct buffer pdf = {0};
    enum status status = page == NULL ? STATUS_OK : draw_request(session, old, body, &pdf, fault);

    if (status == STATUS_OK && file != NULL) {
        status = wholefile_write(file, buffer_view(body), replace, fault);
    }
    if (status == STATUS_OK && page != NULL) {
        status = wholefile_write(page, buffer_view(&pdf), replace, fault);
        if (status != STATUS_OK && file != NULL) {
            (void)remove(file);
        }
    }
    buffer_free(&pdf);
    if (status == STATUS_OK && file != NULL) {
        (void)printf("%s: for a witness that has %" PRIu64 " records: unbroken witness sign DIR --file %s -o ANSWER\n", file, old, file);
    }
    if (status == STATUS_OK && page != NULL) {
        (void)printf("%s: for a witness that has %" PRIu64 " records: scan its codes into a file, then unbroken witness sign DIR --paper PARTS --pdf ANSWER\n",
                     page, old);
    }
    return status;
}

/* Early word, before anything is opened. */
static enum status check_files(struct args *args, struct fault *fault)
{
    const char *paths[] = {args_value(args, "-o"), args_value(args, "--pdf")};

    if (paths[0] == NULL && paths[1] == NULL) {
        return args_usage(args, fault, "witness-request needs -o FILE, --pdf PAGE or both");
    }
    for (size_t i = 0; i < 2; i++) {
        if (paths[i] != NULL && wholefile_exists(paths[i]) && !args_flag(args, "--force")) {
            args_hint(args, "--force");
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: exists and is not overwritten", paths[i]);
        }
    }
    return STATUS_OK;
}

static enum status run_request(struct args *args, struct fault *fault)
{
    const char *typed = args_value(args, "--old");
    struct session session;
    struct buffer body = {0};
    uint64_t old = NOTHING;
    enum status status = check_files(args, fault);

    if (status == STATUS_OK && typed != NULL && !text_decimal(view_text(typed), &old)) {
        status = args_usage(args, fault, "--old %.40s: it is a number of records", typed);
    }
    if (status == STATUS_OK) {
        status = session_open(args, LEDGER_READ, false, &session, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = make_request(args, &session, &old, &body, fault);
    if (status == STATUS_OK) {
        status = write_request(&session, old, &body, fault);
    }
    if (status == STATUS_OK) {
        (void)printf("its answer comes back with: unbroken ledger cosign ANSWER\n");
    }
    buffer_free(&body);
    session_close(&session);
    return status;
}

/* Signature lines as they are, or the codes of the page that a witness has printed (SPEC 13.2). */
static enum status read_answer(const char *path, struct buffer *lines, struct fault *fault)
{
    struct buffer text = {0};
    enum paper_kind kind = PAPER_COSIGNATURES;
    struct fault inner = {0};
    enum status status = wholefile_read_filled(path, NOTE_BYTES_MAX, &text, fault);

    if (status == STATUS_OK && text.len > 0 && text.ptr[0] < 0x80) {
        status = paper_read(buffer_view(&text), &kind, lines, &inner);
        if (status != STATUS_OK) {
            status = fault_set(fault, status, inner.at, "%s: neither signature lines nor the codes of an answer's page: %.300s", path, inner.text);
        } else if (kind != PAPER_COSIGNATURES) {
            status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "%s: these codes are not those of a witness's answer: they would begin with U1S", path);
        }
    } else if (status == STATUS_OK) {
        buffer_append_view(lines, buffer_view(&text));
        status = buffer_status(lines, fault);
    }
    buffer_free(&text);
    return status;
}

static enum status cosign_one(struct session *session, const struct policy *policy, const char *path, struct fault *fault)
{
    struct buffer lines = {0};
    struct fault inner = {0};
    uint64_t size = 0;
    size_t added = 0;
    enum status status = read_answer(path, &lines, fault);

    if (status == STATUS_OK) {
        status = collect_lines(session->ledger, policy, buffer_view(&lines), (uint64_t)time(NULL), &size, &added, &inner);
        if (status != STATUS_OK) {
            status = fault_set(fault, status, FAULT_NOWHERE, "%s: %.400s", path, inner.text);
        }
    }
    if (status == STATUS_OK) {
        (void)printf("%s: %zu new cosignature%s on the checkpoint of %" PRIu64 " records\n", path, added, added == 1 ? "" : "s", size);
    }
    buffer_free(&lines);
    return status;
}

static enum status run_cosign(struct args *args, struct fault *fault)
{
    struct policy *policy = NULL;
    struct session session;
    enum status status = session_open(args, LEDGER_APPEND, false, &session, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = cosigning_policy(&session, &policy, fault);
    for (size_t i = 0; i < args->argument_count && status == STATUS_OK; i++) {
        status = cosign_one(&session, policy, args->arguments[i], fault);
    }
    policy_close(policy);
    session_close(&session);
    return status;
}

static const struct option request_options[] = {
    {"-o", OPTION_VALUE, "FILE", "where to write it, for a stick"},
    {"--pdf", OPTION_VALUE, "PAGE", "where to write it as a page of QR codes"},
    PAPER_LANGUAGE_OPTION,
    {"--witness", OPTION_VALUE, "NAME", "which one it is for: what it has cosigned before is known"},
    {"--old", OPTION_VALUE, "SIZE", "how many records the witness has seen, as it says itself"},
    {"--force", OPTION_FLAG, NULL, "overwrite the files"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_exchange[] = {
    {.words = "ledger witness-request", .arguments = "", .summary = "write the latest checkpoint and its proof for a witness without a network",
     .shared = ARGS_LEDGER, .options = request_options, .example = "unbroken ledger witness-request --witness court -o /media/usb/request.txt",
     .run = run_request},
    {.words = "ledger cosign", .arguments = "FILE...", .summary = "take in what witnesses without a network have cosigned", .at_least = 1,
     .at_most = ARGS_GIVEN_MAX, .shared = ARGS_LEDGER, .example = "unbroken ledger cosign /media/usb/answer.txt", .run = run_cosign},
    {.words = NULL},
};
