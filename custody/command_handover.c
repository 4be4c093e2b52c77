/* SPDX-License-Identifier: Apache-2.0 */
/*
 * release, accept, refuse, withdraw.
 */
#include <stdio.h>

#include "custody/commands.h"
#include "custody/handover.h"
#include "custody/timeparse.h"

/* --option WORD as the code of this kind of act. */
static enum status code_option(struct args *args, enum kind kind, const char *option, uint64_t *out, struct fault *fault)
{
    const char *word = NULL;
    char words[160] = "";
    size_t used = 0;
    int code;
    enum status status = args_required(args, option, &word, fault);

    if (status != STATUS_OK) {
        return status;
    }
    code = code_number(kind, view_text(word));
    if (code >= 0) {
        *out = (uint64_t)code;
        return STATUS_OK;
    }
    for (unsigned c = 1; c < 16; c++) {
        if (code_name(kind, c)[0] != '\0' && used < sizeof words) {
            used += (size_t)snprintf(words + used, sizeof words - used, "%s%s", used == 0 ? "" : ", ", code_name(kind, c));
        }
    }
    return args_usage(args, fault, "%s %.40s: one of %s", option, word, words);
}

/* One --to: an office by its word, a person or a place by name. Each may stand once. */
static enum status read_party(struct handover *handover, const char *text, struct fault *fault)
{
    struct session *session = &handover->session;
    struct party *to = &handover->to;
    enum office office = office_number(view_text(text));
    const struct subject *subject;
    uint64_t number = 0;
    enum status status;

    if (office != OFFICE_NONE && !to->has_office) {
        to->has_office = true;
        to->office = office;
        return STATUS_OK;
    }
    status = office != OFFICE_NONE ? STATUS_REFUSED : session_subject(session, text, &number, fault);
    if (status != STATUS_OK) {
        return office != OFFICE_NONE ? args_usage(session->args, fault, "--to names two offices") : status;
    }
    subject = ledger_subject(session->txn, number, fault);
    if (subject == NULL) {
        return fault->status;
    }
    if (subject->type == TYPE_PERSON && !to->has_person) {
        to->has_person = true;
        to->person = number;
        return STATUS_OK;
    }
    if (subject->type == TYPE_PLACE && !to->has_place) {
        to->has_place = true;
        to->place = number;
        return STATUS_OK;
    }
    return args_usage(session->args, fault, "--to %.60s: one person, one office and one place at most", text);
}

static enum status run_release(struct args *args, struct fault *fault)
{
    const char *due = args_value(args, "--due");
    struct handover handover;
    uint64_t code = 0;
    const char *to = NULL;
    int offset;
    enum status status = args_required(args, "--to", &to, fault);

    if (status == STATUS_OK) {
        status = code_option(args, KIND_RELEASE, "--purpose", &code, fault);
    }
    if (status == STATUS_OK) {
        status = handover_open(args, KIND_RELEASE, &handover, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    handover.code = code;
    handover.done = "released";
    handover.states_pieces = true;
    for (size_t i = 0; i < args_count(args, "--to") && status == STATUS_OK; i++) {
        status = read_party(&handover, args_nth(args, "--to", i), fault);
    }
    if (status == STATUS_OK && due != NULL) {
        offset = handover.session.offset_min;
        handover.has_due = true;
        status = timeparse(due, true, &offset, &handover.due_s, fault);
        if (status == STATUS_OK && handover.due_s < handover.session.now_s) {
            status = args_usage(args, fault, "--due %.40s has passed already: nobody could accept in time", due);
        }
    }
    if (status == STATUS_OK) {
        status = handover_run(&handover, fault);
    }
    handover_close(&handover);
    return status;
}

static enum status run_accept(struct args *args, struct fault *fault)
{
    const char *place = args_value(args, "--place");
    struct handover handover;
    uint64_t code = 0;
    enum status status = code_option(args, KIND_ACCEPT, "--as", &code, fault);

    if (status == STATUS_OK && code == (uint64_t)code_number(KIND_ACCEPT, view_text("discrepant")) &&
        !args_flag(args, "--discrepancy") && !args_flag(args, "--pieces")) {
        status = args_usage(args, fault, "--as discrepant needs --discrepancy TEXT or --pieces NAME=N: what differs");
    }
    if (status == STATUS_OK) {
        status = handover_open(args, KIND_ACCEPT, &handover, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    handover.code = code;
    handover.done = "accepted";
    /* Sealed: the contents were not counted, so nothing is said of them. */
    handover.states_pieces = code != (uint64_t)code_number(KIND_ACCEPT, view_text("sealed"));
    if (place != NULL) {
        status = session_subject_of(&handover.session, place, TYPE_PLACE, &handover.place, fault);
    }
    if (status == STATUS_OK) {
        status = handover_run(&handover, fault);
    }
    handover_close(&handover);
    return status;
}

static enum status run_back(struct args *args, enum kind kind, const char *done, struct fault *fault)
{
    struct handover handover;
    uint64_t code = 0;
    enum status status = code_option(args, kind, "--reason", &code, fault);

    if (status == STATUS_OK) {
        status = handover_open(args, kind, &handover, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    handover.code = code;
    handover.done = done;
    status = handover_run(&handover, fault);
    handover_close(&handover);
    return status;
}

static enum status run_refuse(struct args *args, struct fault *fault)
{
    return run_back(args, KIND_REFUSE, "refused", fault);
}

static enum status run_withdraw(struct args *args, struct fault *fault)
{
    return run_back(args, KIND_WITHDRAW, "withdrawn", fault);
}

#define THING_OPTIONS                                                                                                   \
    {"--scan", OPTION_FLAG, NULL, "read names and tags from a scanner on standard input"},                              \
        {"--pieces", OPTION_MANY, "NAME=N", "pieces counted, where other than recorded"},                               \
        {"--seals-as-recorded", OPTION_FLAG, NULL, "every seal was compared and is the one recorded"},                  \
        {"--remarks", OPTION_VALUE, "TEXT", "what else should be known"},                                               \
        {"--authority", OPTION_VALUE, "TEXT", "by whose authority"},                                                    \
        {"--transport", OPTION_VALUE, "TEXT", "vehicle, route, escort"},                                                \
        {"--discrepancy", OPTION_VALUE, "TEXT", "what differs"},                                                        \
    {                                                                                                                   \
        NULL, OPTION_FLAG, NULL, NULL                                                                                   \
    }

static const struct option release_options[] = {
    {"--to", OPTION_MANY, "PERSON", "to whom: a person, an office or a place"},
    {"--purpose", OPTION_VALUE, "PURPOSE", "storage, laboratory, court, return, disposal, transport, care, examination, other"},
    {"--due", OPTION_VALUE, "DATE", "it must have been accepted by then"},
    THING_OPTIONS,
};
static const struct option accept_options[] = {
    {"--as", OPTION_VALUE, "MODE", "inventoried, sealed (contents not inventoried) or discrepant"},
    {"--place", OPTION_VALUE, "PLACE", "where the things are now"},
    THING_OPTIONS,
};
static const struct option back_options[] = {
    {"--reason", OPTION_VALUE, "REASON",
     "'not present', 'seal differs', 'count differs', damaged, 'wrong receiver', misread, other"},
    THING_OPTIONS,
};

const struct command command_handover[] = {
    {.words = "release", .arguments = "SUBJECT...", .summary = "hand things over; they are yours until the receiver accepts",
     .at_most = ARGS_GIVEN_MAX, .shared = ARGS_ACT, .options = release_options,
     .example = "unbroken release --to KHPP-6-U --purpose storage --scan --key sok-dara.key", .run = run_release},
    {.words = "accept", .arguments = "SUBJECT...", .summary = "accept what was released to you", .at_most = ARGS_GIVEN_MAX,
     .shared = ARGS_ACT, .options = accept_options,
     .example = "unbroken accept --as inventoried --place KHPP-9-O KHPP-12-2..KHPP-40-V --key custodian.key",
     .run = run_accept},
    {.words = "refuse", .arguments = "SUBJECT...", .summary = "refuse what was released to you", .at_most = ARGS_GIVEN_MAX,
     .shared = ARGS_ACT, .options = back_options,
     .example = "unbroken refuse KHPP-17-R --reason 'not present' --key custodian.key", .run = run_refuse},
    {.words = "withdraw", .arguments = "SUBJECT...", .summary = "take back a release that nobody answered; two offices sign",
     .at_most = ARGS_GIVEN_MAX, .shared = ARGS_ACT, .options = back_options,
     .example = "unbroken withdraw KHPP-17-R --reason misread --key sok-dara.key --key custodian.key", .run = run_withdraw},
    {.words = NULL},
};
