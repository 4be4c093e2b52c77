/* SPDX-License-Identifier: Apache-2.0 */
/*
 * release, accept, refuse, withdraw; and with somebody who has no key (a court clerk, a courier, an owner): handout, takeback.
 */
#include <string.h>

#include "custody/commands.h"
#include "custody/receipts.h"
#include "custody/touch.h"

/* One --to: an office by its word, a person or a place by name. Each may stand once. */
static enum status read_party(struct touch *touch, const char *text, struct fault *fault)
{
    struct session *session = &touch->session;
    struct party *to = &touch->to;
    enum office office = office_number(view_text(text));
    const struct subject *subject;
    uint64_t number = 0;
    enum status status;

    touch->has_to = true;
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

static const struct touch_plan release_plan = {.kind = KIND_RELEASE, .done = "released", .code_option = "--purpose",
                                               .states_pieces = true, .seals = FACT_FOUND};
static const struct touch_plan accept_plan = {.kind = KIND_ACCEPT, .done = "accepted", .code_option = "--as", .states_pieces = true,
                                              .seals = FACT_FOUND, .answers = true};
static const struct touch_plan refuse_plan = {.kind = KIND_REFUSE, .done = "refused", .code_option = "--reason",
                                              .seals = FACT_FOUND, .answers = true};
static const struct touch_plan withdraw_plan = {.kind = KIND_WITHDRAW, .done = "withdrawn", .code_option = "--reason",
                                                .answers = true};
static const struct touch_plan handout_plan = {.kind = KIND_HANDOUT, .done = "handed out", .code_option = "--purpose",
                                               .states_pieces = true, .seals = FACT_FOUND};
static const struct touch_plan takeback_plan = {.kind = KIND_TAKEBACK, .done = "taken back", .states_pieces = true,
                                                .seals = FACT_FOUND};

/* Records, and prints the receipt where it is asked for. */
static enum status run_touch(struct touch *touch, struct fault *fault)
{
    enum status status = receipts_early(&touch->session, fault);

    if (status == STATUS_OK) {
        status = touch_run(touch, fault);
    }
    return status == STATUS_OK ? receipts_after(&touch->session, touch->first_record, touch->last_record, fault) : status;
}

static enum status run_release(struct args *args, struct fault *fault)
{
    struct touch touch;
    const char *to = NULL;
    enum status status = args_required(args, "--to", &to, fault);

    if (status == STATUS_OK) {
        status = touch_open(args, &release_plan, &touch, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < args_count(args, "--to") && status == STATUS_OK; i++) {
        status = read_party(&touch, args_nth(args, "--to", i), fault);
    }
    if (status == STATUS_OK) {
        status = touch_due(&touch, fault);
    }
    if (status == STATUS_OK) {
        status = run_touch(&touch, fault);
    }
    touch_close(&touch);
    return status;
}

static enum status run_accept(struct args *args, struct fault *fault)
{
    struct touch touch;
    const char *mode = args_value(args, "--as");
    enum status status = STATUS_OK;

    if (mode != NULL && strcmp(mode, "discrepant") == 0 && !args_flag(args, "--discrepancy") && !args_flag(args, "--pieces") &&
        !args_flag(args, "--scan")) {
        return args_usage(args, fault, "--as discrepant needs --discrepancy TEXT or --pieces NAME=N: what differs");
    }
    status = touch_open(args, &accept_plan, &touch, fault);
    if (status != STATUS_OK) {
        return status;
    }
    /* Sealed: the contents were not counted, so nothing is said of them. */
    touch.states_pieces = strcmp(mode, "sealed") != 0;
    status = touch_place(&touch, fault);
    if (status == STATUS_OK) {
        status = run_touch(&touch, fault);
    }
    touch_close(&touch);
    return status;
}

static enum status run_refuse(struct args *args, struct fault *fault)
{
    return touch_all(args, &refuse_plan, fault);
}

static enum status run_withdraw(struct args *args, struct fault *fault)
{
    return touch_all(args, &withdraw_plan, fault);
}

/* Hand out and take back: what may stand there beside the things. */
static enum status run_counter(struct args *args, const struct touch_plan *plan, struct fault *fault)
{
    struct touch touch;
    enum status status = touch_open(args, plan, &touch, fault);

    if (status != STATUS_OK) {
        return status;
    }
    if (plan->kind == KIND_HANDOUT) {
        status = touch_due(&touch, fault);
    } else {
        status = touch_place(&touch, fault);
    }
    if (status == STATUS_OK) {
        status = run_touch(&touch, fault);
    }
    touch_close(&touch);
    return status;
}

static enum status run_handout(struct args *args, struct fault *fault)
{
    return run_counter(args, &handout_plan, fault);
}

static enum status run_takeback(struct args *args, struct fault *fault)
{
    return run_counter(args, &takeback_plan, fault);
}

#define MORE_OPTIONS                                                                                                       \
    TOUCH_SCAN_OPTION, TOUCH_TEXT_OPTIONS, {"--authority", OPTION_VALUE, "TEXT", "by whose authority"},                    \
        {"--transport", OPTION_VALUE, "TEXT", "vehicle, route, escort"},                                                   \
        {"--seal-condition", OPTION_VALUE, "TEXT", "how the seals looked"},                                                \
        {"--discrepancy", OPTION_VALUE, "TEXT", "what differs"},                                                           \
    {                                                                                                                      \
        NULL, OPTION_FLAG, NULL, NULL                                                                                      \
    }
#define COUNTED_OPTIONS TOUCH_PIECES_OPTION, TOUCH_FOUND_OPTION, TOUCH_RECORDED_OPTION
#define PURPOSES "storage, laboratory, court, return, disposal, transport, care, examination, other"
#define COUNTERPARTY_OPTIONS                                                                                               \
    {"--counterparty", OPTION_VALUE, "TEXT", "who it is, and of what: a court clerk, a courier, the owner"},               \
        {"--counterparty-identity", OPTION_VALUE, "TEXT", "by which document"},                                            \
    {"--receipt", OPTION_MANY, "FILE", "a photograph or scan of the signed receipt, or of the thumbprint sheet"}

static const struct option release_options[] = {
    {"--to", OPTION_MANY, "PERSON", "to whom: a person, an office or a place"},
    {"--purpose", OPTION_VALUE, "PURPOSE", PURPOSES},
    {"--due", OPTION_VALUE, "DATE", "it must have been accepted by then"},
    COUNTED_OPTIONS,
    RECEIPTS_OPTIONS,
    MORE_OPTIONS,
};
static const struct option accept_options[] = {
    {"--as", OPTION_VALUE, "MODE", "inventoried, sealed (contents not inventoried) or discrepant"},
    {"--place", OPTION_VALUE, "PLACE", "where the things are now"},
    COUNTED_OPTIONS,
    RECEIPTS_OPTIONS,
    MORE_OPTIONS,
};
static const struct option back_options[] = {
    {"--reason", OPTION_VALUE, "REASON",
     "'not present', 'seal differs', 'count differs', damaged, 'wrong receiver', misread, other"},
    TOUCH_FOUND_OPTION,
    TOUCH_RECORDED_OPTION,
    MORE_OPTIONS,
};
static const struct option withdraw_options[] = {
    {"--reason", OPTION_VALUE, "REASON",
     "'not present', 'seal differs', 'count differs', damaged, 'wrong receiver', misread, other"},
    MORE_OPTIONS,
};
static const struct option handout_options[] = {
    {"--purpose", OPTION_VALUE, "PURPOSE", PURPOSES},
    COUNTERPARTY_OPTIONS,
    {"--due", OPTION_VALUE, "DATE", "it must be back by then"},
    COUNTED_OPTIONS,
    RECEIPTS_OPTIONS,
    MORE_OPTIONS,
};
static const struct option takeback_options[] = {
    COUNTERPARTY_OPTIONS,
    {"--place", OPTION_VALUE, "PLACE", "where the things are now"},
    COUNTED_OPTIONS,
    RECEIPTS_OPTIONS,
    MORE_OPTIONS,
};

const struct command command_handover[] = {
    {.words = "release", .arguments = "SUBJECT...", .summary = "hand things over; they are yours until the receiver accepts",
     .at_most = ARGS_GIVEN_MAX, .shared = ARGS_ACT | ARGS_COSIGN, .options = release_options,
     .example = "unbroken release --to KHPP-6-U --purpose storage --scan --key sok-dara.key", .run = run_release},
    {.words = "accept", .arguments = "SUBJECT...", .summary = "accept what was released to you", .at_most = ARGS_GIVEN_MAX,
     .shared = ARGS_ACT | ARGS_COSIGN, .options = accept_options,
     .example = "unbroken accept --as inventoried --place KHPP-9-O KHPP-12-2..KHPP-40-V --key custodian.key",
     .run = run_accept},
    {.words = "refuse", .arguments = "SUBJECT...", .summary = "refuse what was released to you", .at_most = ARGS_GIVEN_MAX,
     .shared = ARGS_ACT, .options = back_options,
     .example = "unbroken refuse KHPP-17-R --reason 'not present' --key custodian.key", .run = run_refuse},
    {.words = "withdraw", .arguments = "SUBJECT...", .summary = "take back a release that nobody answered; two offices sign",
     .at_most = ARGS_GIVEN_MAX, .shared = ARGS_ACT, .options = withdraw_options,
     .example = "unbroken withdraw KHPP-17-R --reason misread --key sok-dara.key --key custodian.key", .run = run_withdraw},
    {.words = "handout", .arguments = "SUBJECT...", .summary = "hand things to somebody without a key, against a paper receipt; two sign",
     .at_most = ARGS_GIVEN_MAX, .shared = ARGS_ACT | ARGS_COSIGN, .options = handout_options,
     .example = "unbroken handout KHPP-1100-G --found SEAL-7731 --purpose court --due 2019-03-05 \\\n"
                "    --counterparty 'Court clerk Mey Dara, Phnom Penh' --receipt receipt.jpg --key custodian.key --key second.key",
     .run = run_handout},
    {.words = "takeback", .arguments = "SUBJECT...", .summary = "take handed out things back; two sign", .at_most = ARGS_GIVEN_MAX,
     .shared = ARGS_ACT | ARGS_COSIGN, .options = takeback_options,
     .example = "unbroken takeback KHPP-1100-G --found SEAL-7731 --place KHPP-9-O \\\n"
                "    --counterparty 'Court clerk Mey Dara, Phnom Penh' --receipt receipt.jpg --key custodian.key --key second.key",
     .run = run_takeback},
    {.words = NULL},
};
