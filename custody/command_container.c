/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pack, unpack; seal, unseal, reseal; shelve.
 */
#include "custody/commands.h"
#include "custody/seal_numbers.h"
#include "custody/touch.h"

/* ---- into a container and out of it ---------------------------------------------------------- */

/* The first argument: the container, which every act of the command touches beside its things. */
static enum status put_container(struct touch *touch, struct composer *composer, struct fault *fault)
{
    const uint64_t *container = touch->context;
    char name[NAME_BYTES];

    if (touch_lists(touch, *container)) {
        session_name(&touch->session, *container, name);
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s cannot be put into itself or taken out of itself", name);
    }
    if (composer_entry(composer, *container, ROLE_CONTAINER) == NULL) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "too many things for one act");
    }
    return STATUS_OK;
}

static const struct touch_plan pack_plan = {.kind = KIND_PACK, .done = "packed", .first = 1, .put_act = put_container};
static const struct touch_plan unpack_plan = {.kind = KIND_UNPACK, .done = "unpacked", .first = 1, .put_act = put_container};

/* A first look, with the way on; the ledger decides. */
static enum status check_container(struct touch *touch, uint64_t number, struct fault *fault)
{
    struct session *session = &touch->session;
    const struct subject *subject = ledger_subject(session->txn, number, fault);
    char name[NAME_BYTES];

    if (subject == NULL) {
        return fault->status;
    }
    session_name(session, number, name);
    if (args_flag(session->args, "--deviation")) {
        return STATUS_OK;
    }
    if (subject->thing->state == THING_UNUSED) {
        args_hint(session->args, "unbroken register CASE --container %s", name);
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is not registered yet: nobody answers for it", name);
    }
    if (subject->thing->seals != NULL) {
        args_hint(session->args, "unbroken unseal %s --reason repacking ...", name);
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is sealed: nothing can be put in or taken out", name);
    }
    return STATUS_OK;
}

/* Everything that is in it, where nothing is named. */
static enum status whole_contents(struct touch *touch, uint64_t container, struct fault *fault)
{
    struct session *session = &touch->session;
    enum status status = STATUS_OK;

    for (uint64_t n = 0; n < ledger_subjects(session->txn) && status == STATUS_OK; n++) {
        const struct subject *subject = ledger_subject(session->txn, n, fault);
        struct touched *touched = NULL;

        if (subject == NULL) {
            return fault->status;
        }
        if (subject->thing != NULL && subject->thing->container == container) {
            status = touch_push(touch, n, &touched, fault);
        }
    }
    return status;
}

static enum status run_packing(struct args *args, const struct touch_plan *plan, bool everything, struct fault *fault)
{
    struct touch_plan all = *plan;
    struct touch touch;
    uint64_t container = 0;
    enum status status;

    all.first = everything ? 0 : 1; /* the container alone stands there */
    status = touch_open(args, &all, &touch, fault);
    if (status != STATUS_OK) {
        return status;
    }
    all.first = 1;
    touch.context = &container;
    status = session_subject_of(&touch.session, args->arguments[0], TYPE_CONTAINER, &container, fault);
    if (status == STATUS_OK) {
        status = check_container(&touch, container, fault);
    }
    if (status == STATUS_OK && everything) {
        status = whole_contents(&touch, container, fault);
        if (status == STATUS_OK && touch.count == 0) {
            status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is empty", args->arguments[0]);
        }
    }
    if (status == STATUS_OK) {
        status = touch_run(&touch, fault);
    }
    touch_close(&touch);
    return status;
}

static enum status run_pack(struct args *args, struct fault *fault)
{
    return run_packing(args, &pack_plan, false, fault);
}

static enum status run_unpack(struct args *args, struct fault *fault)
{
    bool everything = args_flag(args, "--all");

    if (everything && (args->argument_count != 1 || args_flag(args, "--scan"))) {
        return args_usage(args, fault, "unpack --all takes the container alone");
    }
    return run_packing(args, &unpack_plan, everything, fault);
}

/* ---- seals ----------------------------------------------------------------------------------- */

/* The values of one option, encoded: "A,B" or several times. */
static enum status seals_option(struct args *args, const char *option, struct buffer *out, struct fault *fault)
{
    struct buffer words = {0};
    enum status status;

    if (args_count(args, option) == 0) {
        return args_usage(args, fault, "%s needs %s SEAL,...", args->command->words, option);
    }
    for (size_t i = 0; i < args_count(args, option); i++) {
        buffer_append_view(&words, view_text(args_nth(args, option, i)));
        buffer_append_view(&words, view_text(" "));
    }
    status = buffer_status(&words, fault);
    if (status == STATUS_OK) {
        status = seal_numbers_parse(buffer_view(&words), out, fault);
    }
    if (status == STATUS_REFUSED) {
        struct fault why = *fault;

        fault_clear(fault);
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: %s", option, why.text);
    }
    buffer_free(&words);
    return status;
}

struct opening {
    struct buffer removed, put_on; /* encoded; empty: not stated */
};

static enum status put_opening(struct touch *touch, const struct touched *touched, struct composer *composer, struct entry *entry,
                               struct fault *fault)
{
    struct opening *opening = touch->context;

    (void)composer;
    if (!touched->has_seals && !args_flag(touch->session.args, "--deviation")) {
        return args_usage(touch->session.args, fault, "%s needs --found SEAL,...: the seals as they were read before opening",
                          touch->session.args->command->words);
    }
    entry->facts.present |= BIT(FACT_REMOVED);
    entry->facts.removed = buffer_view(&opening->removed);
    if (opening->put_on.len > 0) {
        entry->facts.present |= BIT(FACT_PUT_ON);
        entry->facts.put_on = buffer_view(&opening->put_on);
    }
    return STATUS_OK;
}

static const struct touch_plan seal_plan = {.kind = KIND_SEAL, .done = "sealed", .seals = FACT_PUT_ON};
static const struct touch_plan unseal_plan = {.kind = KIND_UNSEAL, .done = "unsealed", .code_option = "--reason",
                                              .seals = FACT_FOUND, .put_thing = put_opening};
static const struct touch_plan reseal_plan = {.kind = KIND_RESEAL, .done = "resealed", .code_option = "--reason",
                                              .seals = FACT_FOUND, .put_thing = put_opening};

static enum status run_seal(struct args *args, struct fault *fault)
{
    if (!args_flag(args, "--scan") && args_count(args, "--put-on") == 0) {
        return args_usage(args, fault, "seal needs --put-on NAME=SEAL,..., or --scan with the seal numbers behind each tag");
    }
    return touch_all(args, &seal_plan, fault);
}

static enum status run_opening(struct args *args, const struct touch_plan *plan, struct fault *fault)
{
    struct opening opening = {0};
    struct touch touch;
    enum status status = seals_option(args, "--removed", &opening.removed, fault);

    if (status == STATUS_OK && plan->kind == KIND_RESEAL) {
        status = seals_option(args, "--put-on", &opening.put_on, fault);
    }
    if (status == STATUS_OK) {
        status = touch_open(args, plan, &touch, fault);
        touch.context = &opening;
        if (status == STATUS_OK) {
            status = touch_run(&touch, fault);
            touch_close(&touch);
        }
    }
    buffer_free(&opening.removed);
    buffer_free(&opening.put_on);
    return status;
}

static enum status run_unseal(struct args *args, struct fault *fault)
{
    return run_opening(args, &unseal_plan, fault);
}

static enum status run_reseal(struct args *args, struct fault *fault)
{
    return run_opening(args, &reseal_plan, fault);
}

/* ---- shelve ---------------------------------------------------------------------------------- */

static enum status run_shelve(struct args *args, struct fault *fault)
{
    static const struct touch_plan plan = {.kind = KIND_SHELVE, .done = "shelved"};
    const char *place = NULL;
    struct touch touch;
    enum status status = args_required(args, "--place", &place, fault);

    if (status == STATUS_OK) {
        status = touch_open(args, &plan, &touch, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = touch_place(&touch, fault);
    if (status == STATUS_OK) {
        status = touch_run(&touch, fault);
    }
    touch_close(&touch);
    return status;
}

#define LAST {NULL, OPTION_FLAG, NULL, NULL}
#define REASONS "inspection, examination, weighing, sampling, repacking, court, 'damaged on arrival', other"

static const struct option pack_options[] = {TOUCH_SCAN_OPTION, TOUCH_TEXT_OPTIONS, LAST};
static const struct option unpack_options[] = {{"--all", OPTION_FLAG, NULL, "everything that is in it"}, TOUCH_SCAN_OPTION,
                                               TOUCH_TEXT_OPTIONS, LAST};
static const struct option seal_options[] = {
    {"--put-on", OPTION_MANY, "NAME=SEAL,...", "the seal numbers put on it; of a single thing without NAME=; in a scan: behind the tag"},
    TOUCH_SCAN_OPTION, TOUCH_TEXT_OPTIONS, LAST,
};
static const struct option unseal_options[] = {
    {"--reason", OPTION_VALUE, "REASON", REASONS},
    {"--found", OPTION_MANY, "SEAL,...", "the seal numbers read on it before it was opened"},
    {"--removed", OPTION_MANY, "SEAL,...", "those taken off"},
    {"--seals-as-recorded", OPTION_FLAG, NULL, "every seal was compared and is the one recorded"},
    {"--seal-condition", OPTION_VALUE, "TEXT", "how the seals looked"},
    TOUCH_TEXT_OPTIONS, LAST,
};
static const struct option reseal_options[] = {
    {"--reason", OPTION_VALUE, "REASON", REASONS},
    {"--found", OPTION_MANY, "SEAL,...", "the seal numbers read on it before; none where it is open"},
    {"--removed", OPTION_MANY, "SEAL,...", "those taken off; none where none were"},
    {"--put-on", OPTION_MANY, "SEAL,...", "those put on"},
    {"--seals-as-recorded", OPTION_FLAG, NULL, "every seal was compared and is the one recorded"},
    {"--seal-condition", OPTION_VALUE, "TEXT", "how the seals looked"},
    TOUCH_TEXT_OPTIONS, LAST,
};
static const struct option shelve_options[] = {{"--place", OPTION_VALUE, "PLACE", "the shelf, rack or room"}, TOUCH_SCAN_OPTION,
                                               TOUCH_TEXT_OPTIONS, LAST};

const struct command command_container[] = {
    {.words = "pack", .arguments = "CONTAINER SUBJECT...", .summary = "put things into a container", .at_least = 1,
     .at_most = ARGS_GIVEN_MAX, .shared = ARGS_ACT, .options = pack_options,
     .example = "unbroken pack KHPP-1100-G KHPP-12-2..KHPP-40-V --key sok-dara.key", .run = run_pack},
    {.words = "unpack", .arguments = "CONTAINER SUBJECT...", .summary = "take things out; the container ends with the last", .at_least = 1,
     .at_most = ARGS_GIVEN_MAX, .shared = ARGS_ACT, .options = unpack_options,
     .example = "unbroken unpack KHPP-1100-G KHPP-17-R --key custodian.key", .run = run_unpack},
    {.words = "seal", .arguments = "SUBJECT...", .summary = "put numbered seals on; two sign", .at_most = ARGS_GIVEN_MAX,
     .shared = ARGS_ACT, .options = seal_options,
     .example = "unbroken seal KHPP-1100-G --put-on SEAL-7731 --witness 'Village chief' --key sok-dara.key --key colleague.key",
     .run = run_seal},
    {.words = "unseal", .arguments = "SUBJECT", .summary = "take seals off: why, and before whom; two sign", .at_least = 1, .at_most = 1,
     .shared = ARGS_ACT, .options = unseal_options,
     .example = "unbroken unseal KHPP-1100-G --found SEAL-7731 --removed SEAL-7731 --reason weighing \\\n"
                "    --key custodian.key --key expert.key",
     .run = run_unseal},
    {.words = "reseal", .arguments = "SUBJECT", .summary = "seal it again after it was opened, or with other seals; two sign",
     .at_least = 1, .at_most = 1, .shared = ARGS_ACT, .options = reseal_options,
     .example = "unbroken reseal KHPP-1100-G --found none --removed none --put-on SEAL-7790 --reason weighing \\\n"
                "    --key custodian.key --key expert.key",
     .run = run_reseal},
    {.words = "shelve", .arguments = "SUBJECT...", .summary = "say on which shelf things are", .at_most = ARGS_GIVEN_MAX,
     .shared = ARGS_ACT, .options = shelve_options, .example = "unbroken shelve --place KHPP-31-X --scan --key custodian.key",
     .run = run_shelve},
    {.words = NULL},
};
