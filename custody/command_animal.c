/* SPDX-License-Identifier: Apache-2.0 */
/*
 * animal birth, death, condition, free: single animals, and crates of many that are counted together.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/commands.h"
#include "custody/digits.h"
#include "custody/herd.h"
#include "custody/output.h"
#include "custody/parts.h"
#include "custody/scan.h"
#include "custody/touch.h"
#include "verify/text.h"

/* What is said of each thing afterwards. */
struct counted {
    uint64_t number, count, before;
    uint64_t dead_within; /* as herd_dead_within */
};

struct herd {
    uint64_t code;
    struct part_list carcasses;
    struct counted *counted;
    size_t counted_count;
};

/* ---- counts ---------------------------------------------------------------------------------- */

/* `2` or `count=2` behind a tag. */
static enum status read_count(struct touch *touch, struct view words, struct touched *touched, struct fault *refusal)
{
    struct view prefix = view_text("count=");

    (void)touch;
    while (words.len > 0) {
        struct view word = scan_word(words, &words);
        bool named = word.len > prefix.len && view_equal(view_part(word, 0, prefix.len), prefix);
        struct buffer plain = {0};
        bool good;

        digits_to_ascii(named ? view_part(word, prefix.len, word.len - prefix.len) : word, &plain);
        good = !plain.failed && touched->pieces == NOTHING && text_decimal(buffer_view(&plain), &touched->pieces) && touched->pieces > 0;
        buffer_free(&plain);
        if (!good) {
            return touch_refuse_word(word, "behind the tag is not one number of animals", refusal);
        }
    }
    return STATUS_OK;
}

/* A carer who does not hold the animal must sign as one: SPEC 7.2, "carer or holder". */
static enum status check_care(struct touch *touch, const struct subject *subject, const char *name, struct fault *fault)
{
    struct session *session = &touch->session;
    const struct signer *signer = &session->signers[0].signer;
    bool lives = true;
    enum status status = herd_lives(session, subject, &lives, fault);

    if (status != STATUS_OK) {
        return status;
    }
    /* Setting free asks for fewer signatures than a disposal does: no tusk goes that way. */
    if (!lives && !args_flag(session->args, "--deviation")) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s was registered as a thing that does not live: show %s", name, name);
    }
    if (signer->capacity == OFFICE_CARER || args_flag(session->args, "--deviation") ||
        thing_holder(ledger_world(session->txn), subject) == signer->person) {
        return STATUS_OK;
    }
    args_hint(session->args, "--as-office carer, where the signer holds that office");
    return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: only its holder or a carer says what became of it", name);
}

static enum status check_count(struct touch *touch, const struct counted *counted, const char *name, struct fault *fault)
{
    const struct herd *herd = touch->context;

    if (herd->code == HERD_CONDITION && counted->count == NOTHING) {
        return STATUS_OK;
    }
    if (counted->count == NOTHING) {
        args_hint(touch->session.args, "--count N%s", herd->code == HERD_FREED ? ", or --all" : "");
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: how many?", name);
    }
    if (counted->count == 0) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: none is no %s", name, code_name(KIND_ANIMAL, herd->code));
    }
    if (herd->code == HERD_FREED && args_flag(touch->session.args, "--all") && counted->dead_within > 0 && counted->dead_within != NOTHING) {
        args_hint(touch->session.args, "split the carcasses off first, or --count N");
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: of the %" PRIu64 ", %" PRIu64 " recorded dead are left in the count", name, counted->before,
                         counted->dead_within);
    }
    if (herd->code != HERD_BIRTH && counted->count > counted->before && !args_flag(touch->session.args, "--deviation")) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: %" PRIu64 " of %" PRIu64 " is more than there are", name,
                         counted->count, counted->before);
    }
    return STATUS_OK;
}

/* ---- carcasses ------------------------------------------------------------------------------- */

/* The dead of one thing: those described by --into, or with --carcasses an item for each. */
static enum status make_carcasses(struct touch *touch, uint64_t dead, struct fault *fault)
{
    struct herd *herd = touch->context;
    struct args *args = touch->session.args;
    uint64_t pieces = 0, net_mg = 0;
    size_t with_mass = 0;
    enum status status = STATUS_OK;

    if (dead > ACT_ENTRIES_MAX - 2) {
        args_hint(args, "--into pieces=N: several carcasses on one number");
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%" PRIu64 " carcasses: one act takes %d numbers", dead,
                         ACT_ENTRIES_MAX - 2);
    }
    for (uint64_t i = 0; args_flag(args, "--carcasses") && i < dead && status == STATUS_OK; i++) {
        struct part one = parts_blank();

        one.pieces = 1;
        status = parts_push(&herd->carcasses, &one, fault);
    }
    for (size_t i = 0; i < herd->carcasses.count; i++) {
        struct part *part = &herd->carcasses.parts[i];

        part->pieces = part->pieces == NOTHING ? 1 : part->pieces;
    }
    parts_sum(herd->carcasses.parts, herd->carcasses.count, &pieces, &net_mg, &with_mass);
    if (status == STATUS_OK && pieces != dead && !args_flag(args, "--deviation")) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%" PRIu64 " died, but --into says %" PRIu64 " carcasses", dead, pieces);
    }
    return status == STATUS_OK ? parts_number(&touch->session, &herd->carcasses, fault) : status;
}

static enum status put_carcasses(struct touch *touch, const struct subject *subject, uint64_t dead, struct composer *composer,
                                 struct fault *fault)
{
    const struct herd *herd = touch->context;
    enum status status = make_carcasses(touch, dead, fault);

    /* The case's thread says that it has new things (SPEC 8). */
    if (status == STATUS_OK && subject->thing->of_case != NOTHING) {
        (void)composer_entry(composer, subject->thing->of_case, ROLE_CASE);
    }
    for (size_t i = 0; i < herd->carcasses.count && status == STATUS_OK; i++) {
        status = parts_put(composer, &herd->carcasses.parts[i], "carcass", fault);
    }
    return status;
}

/* ---- acts ------------------------------------------------------------------------------------ */

static enum status put_animal(struct touch *touch, const struct touched *touched, struct composer *composer, struct entry *entry,
                              struct fault *fault)
{
    struct herd *herd = touch->context;
    struct args *args = touch->session.args;
    const struct subject *subject = ledger_subject(touch->session.txn, touched->number, fault);
    struct counted *grown = realloc(herd->counted, (herd->counted_count + 1) * sizeof *grown);
    struct counted counted = {.number = touched->number, .count = touched->pieces};
    char name[NAME_BYTES];
    enum status status;

    if (grown == NULL || subject == NULL) {
        herd->counted = grown != NULL ? grown : herd->counted;
        return subject == NULL ? fault->status : fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    herd->counted = grown;
    session_name(&touch->session, touched->number, name);
    counted.before = subject->thing->pieces == NOTHING ? 0 : subject->thing->pieces;
    if (counted.count == NOTHING && herd->code != HERD_CONDITION && herd->code != HERD_BIRTH && counted.before == 1) {
        counted.count = 1; /* there is only one */
    }
    if (herd->code == HERD_FREED && args_flag(args, "--all")) {
        counted.count = counted.before;
    }
    status = check_care(touch, subject, name, fault);
    if (status == STATUS_OK) {
        status = herd_dead_within(&touch->session, subject, &counted.dead_within, fault);
    }
    if (status == STATUS_OK) {
        status = check_count(touch, &counted, name, fault);
    }
    if (status == STATUS_OK && counted.count != NOTHING) {
        entry->facts.present |= BIT(FACT_PIECES);
        entry->facts.pieces = counted.count;
    }
    if (status == STATUS_OK && herd->code == HERD_DEATH && (args_flag(args, "--carcasses") || args_count(args, "--into") > 0)) {
        status = put_carcasses(touch, subject, counted.count, composer, fault);
    }
    herd->counted[herd->counted_count++] = counted;
    return status;
}

/* Why the dead stay in the count. */
static enum status put_reason(struct touch *touch, struct composer *composer, struct fault *fault)
{
    const char *why = args_declares(touch->session.args, "--left-in") ? args_value(touch->session.args, "--left-in") : NULL;

    (void)fault;
    if (why != NULL) {
        composer_text(composer, NOTHING, NAME_REASON, why);
    }
    return STATUS_OK;
}

/* ---- what is said ---------------------------------------------------------------------------- */

static void say_death(const struct touch *touch, const struct counted *counted, const char *live)
{
    const struct herd *herd = touch->context;
    struct buffer names = {0};

    if (herd->carcasses.count == 0) {
        (void)printf("%" PRIu64 " died and %s in the count of %" PRIu64 "\n", counted->count,
                     counted->count == 1 ? "stays" : "stay", counted->before);
        return;
    }
    parts_print(&touch->session, herd->carcasses.parts, herd->carcasses.count, &names);
    (void)printf("%" PRIu64 " died, %" PRIu64 "%s; carcasses %.*s\n", counted->count,
                 counted->before > counted->count ? counted->before - counted->count : 0, live, (int)names.len, (const char *)names.ptr);
    buffer_free(&names);
}

/* "KHPP-12-2: 37 live before, 2 died, 35 live; carcasses KHPP-50-E, KHPP-51-C" */
static void say_balance(const struct touch *touch, const struct counted *counted)
{
    const struct herd *herd = touch->context;
    const char *live = counted->dead_within == 0 ? " live" : "";
    uint64_t left = counted->before > counted->count ? counted->before - counted->count : 0;
    char name[NAME_BYTES];

    session_name(&touch->session, counted->number, name);
    if (herd->code == HERD_CONDITION) {
        return; /* nothing changes */
    }
    (void)printf("  %s: %" PRIu64 "%s before", name, counted->before, live);
    if (counted->dead_within > 0 && counted->dead_within != NOTHING) {
        (void)printf(" (%" PRIu64 " of them recorded dead and left in the count)", counted->dead_within);
    }
    (void)printf(", ");
    if (herd->code == HERD_BIRTH) {
        (void)printf("%" PRIu64 " born, %" PRIu64 "%s\n", counted->count, counted->before + counted->count, live);
    } else if (herd->code == HERD_DEATH) {
        say_death(touch, counted, live);
    } else if (left > 0) {
        (void)printf("%" PRIu64 " freed, %" PRIu64 "%s\n", counted->count, left, live);
    } else {
        (void)printf("%" PRIu64 " freed, none left: it is closed\n", counted->count);
    }
}

/* ---- commands -------------------------------------------------------------------------------- */

static enum status run_animal(struct args *args, struct touch_plan plan, uint64_t code, struct herd *herd, struct fault *fault)
{
    struct touch touch;
    enum status status;

    plan.kind = KIND_ANIMAL;
    plan.put_thing = put_animal;
    plan.put_act = put_reason;
    plan.read_words = read_count;
    herd->code = code;
    status = touch_open(args, &plan, &touch, fault);
    if (status == STATUS_OK) {
        touch.context = herd;
        touch.has_code = true;
        touch.code = code;
        status = touch_run(&touch, fault);
        for (size_t i = 0; i < herd->counted_count && status == STATUS_OK; i++) {
            say_balance(&touch, &herd->counted[i]);
        }
        touch_close(&touch);
    }
    free(herd->counted);
    parts_free(&herd->carcasses);
    return status;
}

static enum status run_birth(struct args *args, struct fault *fault)
{
    struct herd herd = {0};

    return run_animal(args, (struct touch_plan){.done = "births recorded for"}, HERD_BIRTH, &herd, fault);
}

static enum status run_condition(struct args *args, struct fault *fault)
{
    struct herd herd = {0};
    const char *health = NULL;
    enum status status = args_required(args, "--health", &health, fault);

    return status == STATUS_OK ? run_animal(args, (struct touch_plan){.done = "condition recorded of"}, HERD_CONDITION, &herd, fault) : status;
}

static enum status run_death(struct args *args, struct fault *fault)
{
    bool into = args_count(args, "--into") > 0, carcasses = args_flag(args, "--carcasses"), left = args_flag(args, "--left-in");
    const char *cause = NULL;
    struct herd herd = {0};
    enum status status = args_required(args, "--cause-of-death", &cause, fault);

    if (status == STATUS_OK && (into ? 1 : 0) + (carcasses ? 1 : 0) + (left ? 1 : 0) != 1) {
        status = args_usage(args, fault, "animal death needs one of --carcasses (a number for each), --into pieces=N,... "
                                         "(as described) or --left-in REASON (they stay in the count)");
    }
    if (status == STATUS_OK && !left && (args->argument_count != 1 || args_flag(args, "--scan"))) {
        status = args_usage(args, fault, "animal death with carcasses takes one thing: they are of that one");
    }
    if (status == STATUS_OK) {
        status = parts_options(args, &herd.carcasses, fault);
    }
    if (status != STATUS_OK) {
        parts_free(&herd.carcasses);
        return status;
    }
    return run_animal(args, (struct touch_plan){.done = "deaths recorded of"}, HERD_DEATH, &herd, fault);
}

static enum status run_free(struct args *args, struct fault *fault)
{
    struct herd herd = {0};
    const char *order = NULL;
    enum status status = args_required(args, "--order", &order, fault);

    if (status == STATUS_OK && args_count(args, "--photograph") == 0) {
        return args_usage(args, fault, "animal free needs --photograph FILE: the photographs stand in the animals' stead before the court");
    }
    if (status == STATUS_OK && args_flag(args, "--all") && args_count(args, "--count") > 0) {
        return args_usage(args, fault, "animal free takes --count or --all, not both");
    }
    return status == STATUS_OK ? run_animal(args, (struct touch_plan){.done = "freed from"}, HERD_FREED, &herd, fault) : status;
}

#define LAST {NULL, OPTION_FLAG, NULL, NULL}
#define COUNT_OPTION {"--count", OPTION_MANY, "N", "how many; of several things NAME=N; in a scan: the number behind the tag"}
#define HEALTH_OPTION {"--health", OPTION_VALUE, "TEXT", "how they are: weight, wounds, feeding, treatment"}

static const struct option birth_options[] = {COUNT_OPTION, HEALTH_OPTION, TOUCH_SCAN_OPTION, TOUCH_TEXT_OPTIONS, LAST};
static const struct option condition_options[] = {HEALTH_OPTION, COUNT_OPTION, TOUCH_SCAN_OPTION, TOUCH_TEXT_OPTIONS, LAST};
static const struct option death_options[] = {
    COUNT_OPTION,
    {"--cause-of-death", OPTION_VALUE, "TEXT", "of what, and who says so"},
    {"--carcasses", OPTION_FLAG, NULL, "the dead become things of their own, each on your next unused number"},
    {"--into", OPTION_MANY, "pieces=N,...", "a carcass, or several on one number: " PARTS_FORM},
    {"--left-in", OPTION_VALUE, "REASON", "the dead stay in the count, and why"},
    TOUCH_SCAN_OPTION, TOUCH_TEXT_OPTIONS, LAST,
};
static const struct option free_options[] = {
    {"--order", OPTION_VALUE, "TEXT", "the court's or prosecutor's order: number, date, what it says"},
    COUNT_OPTION,
    {"--all", OPTION_FLAG, NULL, "all that are left; the thing is then closed"},
    HEALTH_OPTION,
    {"--authority", OPTION_VALUE, "TEXT", "who released them, and where"},
    TOUCH_SCAN_OPTION, TOUCH_TEXT_OPTIONS, LAST,
};

const struct command command_animal[] = {
    {.words = "animal birth", .arguments = "SUBJECT...", .summary = "animals were born", .at_most = ARGS_GIVEN_MAX, .shared = ARGS_ACT,
     .options = birth_options, .example = "unbroken animal birth KHPP-17-R --count 3 --key carer.key", .run = run_birth},
    {.words = "animal death", .arguments = "SUBJECT...", .summary = "animals died: of what, and where the carcasses are",
     .at_most = ARGS_GIVEN_MAX, .shared = ARGS_ACT, .options = death_options,
     .example = "unbroken animal death KHPP-17-R --count 2 --carcasses --cause-of-death 'heat, Dr Lim' --key carer.key",
     .run = run_death},
    {.words = "animal condition", .arguments = "SUBJECT...", .summary = "say how animals are", .at_most = ARGS_GIVEN_MAX,
     .shared = ARGS_ACT, .options = condition_options,
     .example = "unbroken animal condition KHPP-17-R --health 'all feeding' --key carer.key", .run = run_condition},
    {.words = "animal free", .arguments = "SUBJECT...", .summary = "set animals free by order, photographs standing in their stead",
     .at_most = ARGS_GIVEN_MAX, .shared = ARGS_ACT, .options = free_options,
     .example = "unbroken animal free KHPP-17-R --all --order 'Order 12/2019, Phnom Penh court' --photograph crate.jpg --key carer.key",
     .run = run_free},
    {.words = NULL},
};
