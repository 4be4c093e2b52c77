/* SPDX-License-Identifier: Apache-2.0 */
/*
 * move, same-as, disclose: acts about papers. The things stay where they are.
 */
#include <inttypes.h>
#include <stdio.h>

#include "custody/commands.h"
#include "custody/output.h"
#include "custody/stated.h"
#include "custody/touch.h"

/* ---- move ------------------------------------------------------------------------------------ */

static enum status put_new_case(struct touch *touch, const struct touched *touched, struct composer *composer, struct entry *entry,
                                struct fault *fault)
{
    const uint64_t *to = touch->context;
    char name[NAME_BYTES];

    (void)composer;
    if (touched->group == NOTHING || touched->group == *to) {
        session_name(&touch->session, touched->number, name);
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is of %s", name, touched->group == NOTHING ? "no case" : "that case already");
    }
    entry->facts.present |= BIT(FACT_CASE);
    entry->facts.of_case = *to;
    return STATUS_OK;
}

static enum status put_cases(struct touch *touch, struct composer *composer, struct fault *fault)
{
    const uint64_t *to = touch->context;

    if (composer_entry(composer, *to, ROLE_CASE) == NULL || composer_entry(composer, touch->of_case, ROLE_FORMER_CASE) == NULL) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "too many things for one act");
    }
    return STATUS_OK;
}

static enum status run_move(struct args *args, struct fault *fault)
{
    static const struct touch_plan plan = {.kind = KIND_MOVE, .done = "moved", .by_case = true, .put_act = put_cases,
                                           .put_thing = put_new_case};
    const char *typed = NULL;
    struct touch touch;
    uint64_t to = 0;
    enum status status = args_required(args, "--to", &typed, fault);

    if (status == STATUS_OK) {
        status = touch_open(args, &plan, &touch, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    touch.context = &to;
    status = session_subject_of(&touch.session, typed, TYPE_CASE, &to, fault);
    if (status == STATUS_OK) {
        status = touch_run(&touch, fault);
    }
    touch_close(&touch);
    return status;
}

/* ---- same-as, disclose ----------------------------------------------------------------------- */

/* Acts that say something of all that is named: one for each batch. */
static enum status say_of_all(struct session *session, enum kind kind, const struct subject_list *list, const char *done,
                              struct fault *fault)
{
    uint64_t first = 0, index = 0;
    enum status status = STATUS_OK;

    for (size_t at = 0; at < list->count && status == STATUS_OK; at += SESSION_BATCH) {
        struct composer *composer = NULL;

        status = session_compose(session, kind, &composer, fault);
        if (status != STATUS_OK) {
            return status;
        }
        for (size_t i = at; i < list->count && i < at + SESSION_BATCH; i++) {
            (void)composer_entry(composer, list->numbers[i], ROLE_SUBJECT);
        }
        status = stated_put(session->args, composer, fault);
        if (status != STATUS_OK) {
            composer_close(composer);
            return status;
        }
        status = session_append(session, composer, &index, fault);
        first = at == 0 ? index : first;
    }
    if (status == STATUS_OK) {
        status = session_commit(session, fault);
    }
    if (status == STATUS_OK && session->draft_path == NULL) {
        (void)printf("%s", done);
        output_runs(session, list->numbers, list->count);
        output_records(first, index);
    }
    return status;
}

static enum status run_saying(struct args *args, enum kind kind, const char *done, struct fault *fault)
{
    struct subject_list list = {0};
    struct session session;
    enum status status = stated_check(args, kind, fault);

    if (status == STATUS_OK) {
        status = session_start(args, kind, &session, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = session_subjects(&session, 0, &list, fault);
    if (status == STATUS_OK && kind == KIND_SAME_AS && list.count != 2) {
        status = args_usage(args, fault, "same-as takes two things, not %zu", list.count);
    }
    if (status == STATUS_OK) {
        status = say_of_all(&session, kind, &list, done, fault);
    }
    subject_list_free(&list);
    session_close(&session);
    return status;
}

static enum status run_same_as(struct args *args, struct fault *fault)
{
    return run_saying(args, KIND_SAME_AS, "the same thing: ", fault);
}

static enum status run_disclose(struct args *args, struct fault *fault)
{
    return run_saying(args, KIND_DISCLOSE, "disclosure recorded of ", fault);
}

#define LAST {NULL, OPTION_FLAG, NULL, NULL}

static const struct option move_options[] = {
    {"--to", OPTION_VALUE, "CASE", "the case to which they go"},
    {"--order", OPTION_VALUE, "TEXT", "the order by which: whose, number, date"},
    TOUCH_SCAN_OPTION,
    {"--remarks", OPTION_VALUE, "TEXT", "what else should be known"},
    {"--document", OPTION_MANY, "FILE", "a paper that goes with it"},
    LAST,
};
static const struct option same_as_options[] = {
    {"--reason", OPTION_VALUE, "TEXT", "why they are one and the same: what was compared"},
    {"--remarks", OPTION_VALUE, "TEXT", "what else should be known"},
    {"--photograph", OPTION_MANY, "FILE", "what it looked like"},
    {"--document", OPTION_MANY, "FILE", "a paper that goes with it"},
    LAST,
};
static const struct option disclose_options[] = {
    {"--recipient", OPTION_VALUE, "TEXT", "to whom: name, office or firm"},
    {"--disclosed", OPTION_VALUE, "TEXT", "what was given: which file or paper, with what in it"},
    {"--authority", OPTION_VALUE, "TEXT", "by whose authority"},
    {"--remarks", OPTION_VALUE, "TEXT", "what else should be known"},
    {"--receipt", OPTION_MANY, "FILE", "a photograph or scan of the signed receipt"},
    {"--document", OPTION_MANY, "FILE", "a paper that goes with it"},
    LAST,
};

const struct command command_papers[] = {
    {.words = "move", .arguments = "SUBJECT...", .summary = "move things to another case; a prosecutor signs", .at_most = ARGS_GIVEN_MAX,
     .shared = ARGS_ACT, .options = move_options,
     .example = "unbroken move KHPP-12-2..KHPP-40-V --to KHPP-10-6 --order 'Prosecutor 31/19' --key prosecutor.key", .run = run_move},
    {.words = "same-as", .arguments = "SUBJECT SUBJECT", .summary = "say that two numbers are of one thing; two offices sign",
     .at_least = 2, .at_most = 2, .shared = ARGS_ACT, .options = same_as_options,
     .example = "unbroken same-as KHPP-12-2 KHPP-40-V --reason 'tagged twice: same chip 985141' \\\n"
                "    --key sok-dara.key --key custodian.key",
     .run = run_same_as},
    {.words = "disclose", .arguments = "SUBJECT...", .summary = "record what was shown or given to whom", .at_least = 1,
     .at_most = ARGS_GIVEN_MAX, .shared = ARGS_ACT, .options = disclose_options,
     .example = "unbroken disclose KHPP-10-6 --recipient 'Defence: Mr Heng' --disclosed 'bundle of 5 March, witnesses withheld' \\\n"
                "    --key prosecutor.key",
     .run = run_disclose},
    {.words = NULL},
};
