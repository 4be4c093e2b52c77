/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sample, split: parts of a thing become things of their own, and the sum is shown.
 */
#include <stdio.h>
#include <string.h>

#include "custody/commands.h"
#include "custody/mass.h"
#include "custody/output.h"
#include "custody/sample_list.h"
#include "custody/touch.h"
#include "verify/text.h"

/* What one command takes off: from one thing by --into, or from many by a list. */
struct work {
    bool split;
    struct part_list parts; /* of --into */
    struct taking one;
    struct sample_list list;
    struct taking *takings;
    size_t taking_count;
};

static const char *done_word(const struct work *work)
{
    return work->split ? "split" : "sampled";
}

static struct taking *taking_of(const struct work *work, uint64_t number)
{
    for (size_t i = 0; i < work->taking_count; i++) {
        if (work->takings[i].number == number) {
            return &work->takings[i];
        }
    }
    return NULL;
}

static enum status put_taking(struct touch *touch, const struct touched *touched, struct composer *composer, struct entry *entry,
                              struct fault *fault)
{
    const struct work *work = touch->context;

    return taking_put(&touch->session, work->split, taking_of(work, touched->number), composer, entry, fault);
}

static const struct touch_plan sample_plan = {.kind = KIND_SAMPLE, .done = "sampled", .role = ROLE_PARENT, .alone = true,
                                              .put_thing = put_taking};
static const struct touch_plan split_plan = {.kind = KIND_SPLIT, .done = "split", .role = ROLE_PARENT, .alone = true,
                                             .put_thing = put_taking};

/* ---- what the command line says -------------------------------------------------------------- */

static enum status read_weight(struct args *args, const char *option, uint64_t *out_mg, struct fault *fault)
{
    const char *text = args_value(args, option);

    if (text != NULL && !mass_parse(view_text(text), out_mg)) {
        return args_usage(args, fault, "%s %.40s: " MASS_FORM, option, text);
    }
    return STATUS_OK;
}

static enum status read_one(struct args *args, struct work *work, struct fault *fault)
{
    const char *remaining = work->split ? args_value(args, "--remaining-pieces") : NULL;
    enum status status = STATUS_OK;

    work->one = taking_blank();
    if (args_count(args, "--into") == 0) {
        return args_usage(args, fault, "%s needs --into %s, once for each %s", args->command->words,
                          work->split ? "pieces=N,mass=GRAMS" : "mass=GRAMS", work->split ? "part" : "sample");
    }
    status = parts_options(args, &work->parts, fault);
    if (status == STATUS_OK) {
        status = read_weight(args, "--found", &work->one.found_mg, fault);
    }
    if (status == STATUS_OK) {
        status = read_weight(args, "--loss", &work->one.loss_mg, fault);
    }
    if (status == STATUS_OK) {
        status = read_weight(args, "--remains", &work->one.remains_mg, fault);
    }
    if (status == STATUS_OK && remaining != NULL && !text_decimal(view_text(remaining), &work->one.pieces_after)) {
        status = args_usage(args, fault, "--remaining-pieces %.40s: a whole number", remaining);
    }
    work->takings = &work->one;
    work->taking_count = 1;
    return status;
}

static enum status check_args(struct args *args, const struct work *work, struct fault *fault)
{
    bool listed = args_flag(args, "--list");
    bool stated = args_count(args, "--into") > 0 || args_flag(args, "--found") || args_flag(args, "--loss") ||
                  args_flag(args, "--remains") || (work->split && args_flag(args, "--remaining-pieces"));

    if (listed && (stated || args->argument_count > 0)) {
        return args_usage(args, fault, "%s --list FILE takes everything from the list", args->command->words);
    }
    return listed || args->argument_count == 1 ? STATUS_OK
                                               : args_usage(args, fault, "%s needs %s, or --list FILE", args->command->words,
                                                            args->command->arguments);
}

/* ---- in the ledger --------------------------------------------------------------------------- */

/* The things, their sums, their parts' numbers. */
static enum status find_one(struct touch *touch, struct work *work, struct fault *fault)
{
    struct session *session = &touch->session;
    struct taking *taking = &work->one;
    enum status status = session_subject(session, session->args->arguments[0], &taking->number, fault);

    if (status == STATUS_OK) {
        status = touch_check(touch, taking->number, fault);
    }
    if (status == STATUS_OK) {
        status = parts_number(session, &work->parts, fault);
    }
    taking->parts = work->parts.parts;
    taking->count = work->parts.count;
    return status == STATUS_OK ? taking_balance(session, work->split, taking, fault) : status;
}

/* What is wrong with a parent is told at its first row, for all of them. */
static enum status find_listed(struct touch *touch, struct work *work, struct fault *fault)
{
    struct sample_list *list = &work->list;
    enum status status = sample_list_find(&touch->session, list, done_word(work), fault);

    for (size_t i = 0; i < list->taking_count && status == STATUS_OK; i++) {
        struct taking *taking = &list->takings[i];
        struct fault why;

        fault_clear(&why);
        status = touch_check(touch, taking->number, &why);
        if (status == STATUS_OK) {
            status = taking_balance(&touch->session, work->split, taking, &why);
        }
        if (status == STATUS_REFUSED) {
            listing_mistake(&list->listing, list->rows[i], 0, why.text);
            status = STATUS_OK;
        } else if (status != STATUS_OK) {
            *fault = why;
        }
    }
    work->takings = list->takings;
    work->taking_count = list->taking_count;
    return status == STATUS_OK ? listing_verdict(&list->listing, done_word(work), fault) : status;
}

static void say_sums(const struct touch *touch, const struct work *work)
{
    for (size_t i = 0; i < work->taking_count; i++) {
        struct buffer text = {0};

        buffer_printf(&text, "  ");
        taking_print(&touch->session, work->split, &work->takings[i], &text);
        output_bytes(stdout, buffer_view(&text));
        buffer_free(&text);
    }
}

static enum status take(struct touch *touch, struct work *work, struct fault *fault)
{
    enum status status = args_flag(touch->session.args, "--list") ? find_listed(touch, work, fault) : find_one(touch, work, fault);

    for (size_t i = 0; i < work->taking_count && status == STATUS_OK; i++) {
        struct touched *touched = NULL;

        status = touch_push(touch, work->takings[i].number, &touched, fault);
    }
    if (status == STATUS_OK) {
        status = touch_run(touch, fault);
    }
    if (status == STATUS_OK) {
        say_sums(touch, work);
    }
    return status;
}

static enum status run_taking(struct args *args, const struct touch_plan *base, struct fault *fault)
{
    struct touch_plan plan = *base;
    struct work work = {.split = base->kind == KIND_SPLIT};
    struct touch touch;
    enum status status = check_args(args, &work, fault);

    plan.listed = args_flag(args, "--list");
    if (status == STATUS_OK) {
        /* The list first: its mistakes are told before anyone types a passphrase. */
        status = plan.listed ? sample_list_open(args_value(args, "--list"), done_word(&work), &work.list, fault)
                             : read_one(args, &work, fault);
    }
    if (status == STATUS_OK) {
        status = touch_open(args, &plan, &touch, fault);
    }
    if (status == STATUS_OK) {
        plan.first = args->argument_count; /* the things are put in by take */
        touch.context = &work;
        status = take(&touch, &work, fault);
        touch_close(&touch);
    }
    parts_free(&work.parts);
    sample_list_free(&work.list);
    return status;
}

static enum status run_sample(struct args *args, struct fault *fault)
{
    return run_taking(args, &sample_plan, fault);
}

static enum status run_split(struct args *args, struct fault *fault)
{
    return run_taking(args, &split_plan, fault);
}

#define LAST {NULL, OPTION_FLAG, NULL, NULL}
#define SUM_OPTIONS                                                                                                        \
    {"--found", OPTION_VALUE, "WEIGHT", "what the thing weighed before; else its last weight"},                            \
        {"--loss", OPTION_VALUE, "WEIGHT", "what was lost: sawdust, chips; else nothing, or what the sum leaves"},         \
        {"--remains", OPTION_VALUE, "WEIGHT", "what the thing weighs afterwards; else what the sum leaves"}
#define WEIGHED_OPTIONS                                                                                                    \
    {"--scale", OPTION_VALUE, "TEXT", "which scale: make, model, serial number"},                                          \
        {"--calibration", OPTION_VALUE, "TEXT", "when and by whom it was calibrated, certificate number"},                 \
    {"--drift-explanation", OPTION_VALUE, "TEXT", "why what was found differs from the last weight"}

static const struct option sample_options[] = {
    {"--into", OPTION_MANY, "mass=G,...",
     "a sample: " PARTS_FORM "; without to= it gets your next unused number"},
    SUM_OPTIONS,
    {"--list", OPTION_VALUE, "FILE",
     "CSV, one sample a row: parent,mass_g,pieces,to,ref,description,package,condition,found_g,loss_g,remains_g"},
    {"--method", OPTION_VALUE, "TEXT", "how it was taken: drilled, sawn, swabbed"},
    WEIGHED_OPTIONS, TOUCH_TEXT_OPTIONS, LAST,
};
static const struct option split_options[] = {
    {"--into", OPTION_MANY, "pieces=N,...",
     "a part: " PARTS_FORM "; without to= it gets your next unused number"},
    {"--remaining-pieces", OPTION_VALUE, "N", "pieces that stay; else those before less those split off"},
    SUM_OPTIONS,
    {"--list", OPTION_VALUE, "FILE",
     "CSV, one part a row: parent,mass_g,pieces,to,ref,description,package,condition,found_g,loss_g,remains_g"},
    WEIGHED_OPTIONS, TOUCH_TEXT_OPTIONS, LAST,
};

const struct command command_sample[] = {
    {.words = "sample", .arguments = "PARENT", .summary = "take samples; an officer or expert who holds the thing and one more sign",
     .at_most = 1, .shared = ARGS_ACT, .options = sample_options,
     .example = "unbroken sample KHPP-17-R --into mass=2.5,ref=S-1 --into mass=2.5,ref=S-2 --loss 0.3 \\\n"
                "    --witness 'Chea Vannak' --key expert.key --key sok-dara.key",
     .run = run_sample},
    {.words = "split", .arguments = "PARENT", .summary = "split pieces off as things of their own", .at_most = 1, .shared = ARGS_ACT,
     .options = split_options,
     .example = "unbroken split KHPP-17-R --into pieces=3,mass=240,ref=T-1a --key custodian.key", .run = run_split},
    {.words = NULL},
};
