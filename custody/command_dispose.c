/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dispose, consume: the end of things. A container that holds something has no end of its own (SPEC 7.3.13): with --with-contents its
 * things are taken out, whereby it ends, and each of them is disposed of, all in one commit. What a court must be told is what was
 * seen of the contents, so a sealed container is opened first.
 */
#include <inttypes.h>

#include "custody/commands.h"
#include "custody/touch.h"

enum { CODE_CONSUMED_IN_TESTING = 2 };

/* A first look, with the way on; the ledger decides. */
static enum status put_end(struct touch *touch, const struct touched *touched, struct composer *composer, struct entry *entry,
                           struct fault *fault)
{
    struct session *session = &touch->session;
    const struct subject *subject = ledger_subject(session->txn, touched->number, fault);
    char name[NAME_BYTES];

    (void)composer;
    (void)entry;
    if (subject == NULL) {
        return fault->status;
    }
    if (subject->thing->contents > 0 && !args_flag(session->args, "--deviation")) {
        session_name(session, touched->number, name);
        if (args_declares(session->args, "--with-contents")) {
            args_hint(session->args, "--with-contents takes everything out and disposes of each thing");
        } else {
            args_hint(session->args, "unbroken unpack %s --all", name);
        }
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "there are things in %s (%" PRIu32 "): they must have an end of their own",
                         name, subject->thing->contents);
    }
    return STATUS_OK;
}

/* The case's thread tells of the end; but a deviation stands against the act as a whole, and must not be held against every other
 * thing of the case. */
static enum status put_case(struct touch *touch, struct composer *composer, struct fault *fault)
{
    return args_flag(touch->session.args, "--deviation") ? STATUS_OK : touch_put_case(touch, composer, fault);
}

static const struct touch_plan dispose_plan = {.kind = KIND_DISPOSE, .done = "disposed of", .code_option = "--manner",
                                               .states_pieces = true, .seals = FACT_FOUND, .by_case = true,
                                               .put_act = put_case, .put_thing = put_end};
static const struct touch_plan consume_plan = {.kind = KIND_CONSUME, .done = "consumed", .by_case = true, .put_act = put_case,
                                               .put_thing = put_end};

/* ---- --with-contents ------------------------------------------------------------------------- */

/* What is in that container, behind what is in the list already. */
static enum status add_contents(struct session *session, uint64_t container, struct subject_list *list, struct fault *fault)
{
    enum status status = STATUS_OK;

    for (uint64_t n = 0; n < ledger_subjects(session->txn) && status == STATUS_OK; n++) {
        const struct subject *subject = ledger_subject(session->txn, n, fault);

        if (subject == NULL) {
            return fault->status;
        }
        if (subject->thing != NULL && subject->thing->container == container) {
            status = subject_list_push(list, n, fault);
        }
    }
    return status;
}

static enum status check_open(struct session *session, const struct subject *container, struct fault *fault)
{
    char name[NAME_BYTES];

    if (container->thing->seals == NULL || args_flag(session->args, "--deviation")) {
        return STATUS_OK;
    }
    session_name(session, container->number, name);
    args_hint(session->args, "unbroken unseal %s --reason inspection ...", name);
    return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is sealed: it is opened first, for its contents must be viewed and not the container",
                     name);
}

/* One or more acts that take these out of it. */
static enum status unpack_acts(struct touch *touch, uint64_t container, const uint64_t *numbers, size_t count, struct fault *fault)
{
    struct session *session = &touch->session;
    enum status status = STATUS_OK;

    for (size_t at = 0; at < count && status == STATUS_OK; at += SESSION_BATCH) {
        struct composer *composer = NULL;
        uint64_t index = 0;

        status = session_compose(session, KIND_UNPACK, &composer, fault);
        for (size_t i = at; status == STATUS_OK && i < count && i < at + SESSION_BATCH; i++) {
            (void)composer_entry(composer, numbers[i], ROLE_SUBJECT);
        }
        if (status == STATUS_OK) {
            (void)composer_entry(composer, container, ROLE_CONTAINER);
            status = session_append(session, composer, &index, fault);
            touch->first_record = touch->first_record == 0 ? index : touch->first_record;
        }
    }
    return status;
}

/* Takes everything out of the containers named and out of those within; what is left to dispose of becomes touch's things. */
static enum status take_out(struct touch *touch, struct fault *fault)
{
    struct session *session = &touch->session;
    struct subject_list list = {0};
    enum status status = session_subjects(session, 0, &list, fault);

    for (size_t i = 0; i < list.count && status == STATUS_OK; i++) {
        touch->taken_out = false;
        status = touch_check(touch, list.numbers[i], fault);
    }
    touch->taken_out = true;
    /* The list grows while it is walked: nothing is in two containers, so it has an end. */
    for (size_t i = 0; i < list.count && status == STATUS_OK; i++) {
        uint64_t number = list.numbers[i];
        const struct subject *subject = ledger_subject(session->txn, number, fault);
        size_t before = list.count;
        struct touched *touched = NULL;

        if (subject == NULL) {
            status = fault->status;
        } else if (subject->thing == NULL || subject->thing->contents == 0) {
            status = touch_push(touch, number, &touched, fault);
        } else {
            status = check_open(session, subject, fault);
            if (status == STATUS_OK) {
                status = add_contents(session, number, &list, fault);
            }
            if (status == STATUS_OK) {
                status = unpack_acts(touch, number, list.numbers + before, list.count - before, fault);
            }
        }
    }
    subject_list_free(&list);
    return status;
}

/* ---- the commands ---------------------------------------------------------------------------- */

static enum status run_dispose(struct args *args, struct fault *fault)
{
    struct touch_plan plan = dispose_plan;
    const char *viewed = NULL;
    struct touch touch;
    enum status status = args_required(args, "--viewed", &viewed, fault);

    if (status == STATUS_OK && args_flag(args, "--with-contents") && args_flag(args, "--scan")) {
        status = args_usage(args, fault, "dispose --with-contents takes names, not --scan");
    }
    if (status == STATUS_OK) {
        status = touch_open(args, &plan, &touch, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (args_flag(args, "--with-contents")) {
        status = take_out(&touch, fault);
        plan.first = args->argument_count; /* all of them are taken */
    }
    if (status == STATUS_OK) {
        status = touch_run(&touch, fault);
    }
    touch_close(&touch);
    return status;
}

static enum status run_consume(struct args *args, struct fault *fault)
{
    struct touch touch;
    uint64_t code = CODE_CONSUMED_IN_TESTING;
    enum status status = args_value(args, "--manner") == NULL ? STATUS_OK : touch_code(args, KIND_CONSUME, "--manner", &code, fault);

    if (status == STATUS_OK) {
        status = touch_open(args, &consume_plan, &touch, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    touch.has_code = true;
    touch.code = code;
    status = touch_run(&touch, fault);
    touch_close(&touch);
    return status;
}

#define LAST {NULL, OPTION_FLAG, NULL, NULL}

static const struct option dispose_options[] = {
    {"--manner", OPTION_VALUE, "MANNER", "destroyed, forfeited, 'returned to owner', buried, other"},
    {"--order", OPTION_VALUE, "TEXT", "the order by which: court or prosecutor, number, date"},
    {"--viewed", OPTION_VALUE, "TEXT", "what was seen before the end: the contents, not only the container"},
    {"--with-contents", OPTION_FLAG, NULL, "take everything out of the containers and dispose of each thing"},
    TOUCH_PIECES_OPTION, TOUCH_FOUND_OPTION, TOUCH_RECORDED_OPTION, TOUCH_SCAN_OPTION, TOUCH_TEXT_OPTIONS, LAST,
};
static const struct option consume_options[] = {
    {"--manner", OPTION_VALUE, "MANNER", "'consumed in testing' unless another is given"},
    {"--method", OPTION_VALUE, "TEXT", "in which test"},
    {"--finding", OPTION_VALUE, "TEXT", "what it showed"},
    TOUCH_SCAN_OPTION, TOUCH_TEXT_OPTIONS, LAST,
};

const struct command command_dispose[] = {
    {.words = "dispose", .arguments = "SUBJECT...", .at_most = ARGS_GIVEN_MAX, .shared = ARGS_ACT, .options = dispose_options,
     .summary = "end things by order; the holder, another office, and prosecutor or court sign",
     .example = "unbroken dispose KHPP-12-2..KHPP-40-V --manner destroyed --order 'Order 77/19, Phnom Penh court' \\\n"
                "    --viewed 'each tusk, weighed and photographed' --witness 'Chea Vannak, ID 010203040' \\\n"
                "    --key custodian.key --key sok-dara.key --key prosecutor.key",
     .run = run_dispose},
    {.words = "consume", .arguments = "SUBJECT...", .at_most = ARGS_GIVEN_MAX, .shared = ARGS_ACT, .options = consume_options,
     .summary = "say that a sample was used up; the holder and another office sign",
     .example = "unbroken consume KHPP-17-R --method 'DNA extraction' --key expert.key --key custodian.key", .run = run_consume},
    {.words = NULL},
};
