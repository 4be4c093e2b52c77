/* SPDX-License-Identifier: Apache-2.0 */
/*
 * touch: opening, the acts, the commit. An answer names one release (SPEC 7.3.4), so accept, refuse and withdraw are grouped by the
 * release that is open on each thing; what ends or changes its case, by the case. Not here: what was scanned (touch_scan.c) or named (touch_named.c).
 */
#include "custody/touch.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/output.h"
#include "custody/seal_numbers.h"
#include "custody/stated.h"
#include "custody/timeparse.h"

enum { ENTRY_BYTES = 100, ACT_BYTES = 48000 };

/* ---- the command line ------------------------------------------------------------------------ */

enum status touch_code(struct args *args, enum kind kind, const char *option, uint64_t *out, struct fault *fault)
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

enum status touch_due(struct touch *touch, struct fault *fault)
{
    const char *due = args_value(touch->session.args, "--due");
    int offset = touch->session.offset_min;
    enum status status;

    if (due == NULL) {
        return STATUS_OK;
    }
    touch->has_due = true;
    status = timeparse(due, true, &offset, &touch->due_s, fault);
    if (status == STATUS_OK && touch->due_s < touch->session.now_s) {
        return args_usage(touch->session.args, fault, "--due %.40s has passed already: nobody could be in time", due);
    }
    return status;
}

enum status touch_place(struct touch *touch, struct fault *fault)
{
    const char *place = args_value(touch->session.args, "--place");

    return place == NULL ? STATUS_OK : session_subject_of(&touch->session, place, TYPE_PLACE, &touch->place, fault);
}

static bool scans(const struct args *args)
{
    return args_declares(args, "--scan") && args_flag(args, "--scan");
}

/* In a scan, what is read on a thing stands behind its tag: said elsewhere too, it would be lost without a word. */
static enum status check_scan(struct args *args, const struct touch_plan *plan, struct fault *fault)
{
    static const char *const said[] = {"--pieces", "--count", "--found", "--put-on"};

    if (args->argument_count > plan->first) {
        return args_usage(args, fault, "%s takes names or --scan, not both", args->command->words);
    }
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        if (args_declares(args, said[i]) && args_count(args, said[i]) > 0) {
            return args_usage(args, fault, "%s --scan takes no %s: it stands behind each tag", args->command->words, said[i]);
        }
    }
    return STATUS_OK;
}

enum status touch_open(struct args *args, const struct touch_plan *plan, struct touch *out, struct fault *fault)
{
    bool scan = scans(args);
    enum status status = STATUS_OK;

    *out = (struct touch){.plan = plan, .states_pieces = plan->states_pieces, .place = NOTHING};
    if (scan) {
        status = check_scan(args, plan, fault);
        if (status != STATUS_OK) {
            return status;
        }
    }
    if (!scan && !plan->listed && args->argument_count <= plan->first) {
        return args_usage(args, fault, "%s needs %s%s", args->command->words, args->command->arguments,
                          !args_declares(args, "--scan") ? "" : plan->first == 0 ? " or --scan" : ", or --scan for the things");
    }
    if (plan->code_option != NULL) {
        status = touch_code(args, plan->kind, plan->code_option, &out->code, fault);
        out->has_code = true;
    }
    if (status == STATUS_OK) {
        status = stated_check(args, plan->kind, fault);
    }
    return status == STATUS_OK ? session_start(args, plan->kind, &out->session, fault) : status;
}

void touch_close(struct touch *touch)
{
    for (size_t i = 0; i < touch->count; i++) {
        buffer_free(&touch->things[i].seals);
    }
    free(touch->things);
    buffer_free(&touch->pending);
    buffer_free(&touch->said);
    session_close(&touch->session);
}

/* ---- acts ------------------------------------------------------------------------------------ */

bool touch_must_find(const struct touch *touch)
{
    enum kind kind = touch->plan->kind;

    return kind == KIND_RELEASE || kind == KIND_ACCEPT || kind == KIND_HANDOUT || kind == KIND_TAKEBACK || kind == KIND_DISPOSE;
}

/* The seals found: those read on it, or with --seals-as-recorded the recorded ones. */
static enum status put_found(struct touch *touch, struct touched *touched, const struct thing *thing, struct entry *entry,
                             struct fault *fault)
{
    enum status status = STATUS_OK;

    if (!touched->has_seals && touch->plan->seals == FACT_FOUND && args_flag(touch->session.args, "--seals-as-recorded") &&
        thing->seals != NULL) {
        status = seal_numbers_of(thing, &touched->seals, fault);
        touched->has_seals = true;
    }
    if (status == STATUS_OK && !touched->has_seals && thing->seals != NULL && touch_must_find(touch) &&
        !args_flag(touch->session.args, "--deviation")) {
        char name[NAME_BYTES];

        session_name(&touch->session, touched->number, name);
        args_hint(touch->session.args, "--found %s=SEAL, or --seals-as-recorded where every seal was compared", name);
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is sealed: the seal numbers found on it must be stated", name);
    }
    if (status == STATUS_OK && touched->has_seals) {
        entry->facts.present |= BIT(touch->plan->seals);
        if (touch->plan->seals == FACT_PUT_ON) {
            entry->facts.put_on = buffer_view(&touched->seals);
        } else {
            entry->facts.found = buffer_view(&touched->seals);
        }
    }
    return status;
}

static enum status put_entry(struct touch *touch, struct composer *composer, struct touched *touched, struct fault *fault)
{
    const struct subject *subject = ledger_subject(touch->session.txn, touched->number, fault);
    struct entry *entry = composer_entry(composer, touched->number, touch->plan->role);
    enum status status;

    if (subject == NULL || subject->thing == NULL) {
        return fault->status != STATUS_OK ? fault->status : touch_check(touch, touched->number, fault);
    }
    assert(entry != NULL);
    if (touch->states_pieces) {
        uint64_t pieces = touched->pieces != NOTHING ? touched->pieces : subject->thing->pieces;

        entry->facts.pieces = pieces;
        entry->facts.present |= pieces != NOTHING ? BIT(FACT_PIECES) : 0u; /* none were ever stated, nor now */
    }
    status = put_found(touch, touched, subject->thing, entry, fault);
    if (status == STATUS_OK && touch->plan->put_thing != NULL) {
        status = touch->plan->put_thing(touch, touched, composer, entry, fault);
    }
    return status;
}

static void put_payload(struct touch *touch, struct composer *composer, const struct hash *answers)
{
    struct act *act = composer_act(composer);

    if (touch->has_code) {
        act->present |= BIT(PAY_CODE);
        act->code = touch->code;
    }
    if (answers != NULL) {
        act->present |= BIT(PAY_ANSWERS);
        act->answers = *answers;
    }
    if (touch->has_to) {
        act->present |= BIT(PAY_TO);
        act->to = touch->to;
    }
    if (touch->plan->kind == KIND_RELEASE) {
        act->present |= BIT(PAY_FROM);
        act->from = (struct party){.has_person = true, .person = act->signers[0].person, .has_office = true,
                                   .office = act->signers[0].capacity};
    }
    if (touch->has_due) {
        act->present |= BIT(PAY_DUE);
        act->due_s = touch->due_s;
    }
    if (touch->place != NOTHING) {
        act->present |= BIT(PAY_PLACE);
        act->place = touch->place;
    }
}

static enum status one_act(struct touch *touch, struct touched *things, size_t count, struct fault *fault)
{
    struct composer *composer = NULL;
    uint64_t index = 0;
    enum status status = session_compose(&touch->session, touch->plan->kind, &composer, fault);

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = put_entry(touch, composer, &things[i], fault);
    }
    if (status == STATUS_OK) {
        put_payload(touch, composer, touch->plan->answers ? &things[0].act : NULL);
        status = stated_put(touch->session.args, composer, fault);
    }
    touch->of_case = things[0].group;
    if (status == STATUS_OK && touch->plan->put_act != NULL) {
        status = touch->plan->put_act(touch, composer, fault);
    }
    if (status == STATUS_OK) {
        status = session_append(&touch->session, composer, &index, fault);
        composer = NULL;
        touch->first_record = touch->first_record == 0 ? index : touch->first_record;
        touch->last_record = index;
    }
    composer_close(composer);
    return status;
}

static int by_group(const void *a, const void *b)
{
    const struct touched *x = a;
    const struct touched *y = b;

    if (x->group != y->group) {
        return x->group > y->group ? 1 : -1;
    }
    return (x->number > y->number) - (x->number < y->number);
}

/* Checks every thing, and sorts them by the release that they answer, or by their case (else all are alike). */
static enum status group(struct touch *touch, struct fault *fault)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < touch->count && status == STATUS_OK; i++) {
        struct touched *touched = &touch->things[i];

        status = touch_check(touch, touched->number, fault);
        const struct subject *subject = ledger_subject(touch->session.txn, touched->number, fault);

        if (status == STATUS_OK && touch->plan->by_case) {
            touched->group = subject == NULL || subject->thing == NULL ? NOTHING : subject->thing->of_case;
        }
        if (status == STATUS_OK && touch->plan->answers) {
            if (subject == NULL || subject->thing->open == NULL) {
                return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "no release is open on subject %" PRIu64, touched->number);
            }
            touched->group = subject->thing->open->index;
            touched->act = subject->thing->open->act;
        }
    }
    if (touch->count > 1) {
        qsort(touch->things, touch->count, sizeof *touch->things, by_group);
    }
    return status;
}

/* About the bytes of its entry and link. Recorded seals count too: --seals-as-recorded may put them in. */
static size_t weight_of(struct touch *touch, const struct touched *touched)
{
    struct fault ignored = {0};
    const struct subject *subject = ledger_subject(touch->session.txn, touched->number, &ignored);
    const struct thing *thing = subject == NULL ? NULL : subject->thing;

    return ENTRY_BYTES + touched->seals.len + (thing != NULL && thing->seals != NULL ? thing->seals->len : 0);
}

/* Batches are bounded by what a record holds (SPEC 4: 65535 bytes): sixteen long seals on each pallet make few pallets an act. */
static enum status all_acts(struct touch *touch, struct fault *fault)
{
    size_t batch = touch->plan->alone ? 1 : SESSION_BATCH;
    enum status status = group(touch, fault);

    for (size_t from = 0, to = 0; from < touch->count && status == STATUS_OK; from = to) {
        size_t bytes = 0;

        while (to < touch->count && to - from < batch && touch->things[to].group == touch->things[from].group) {
            bytes += weight_of(touch, &touch->things[to]);
            if (to > from && bytes > ACT_BYTES) {
                break;
            }
            to++;
        }
        status = one_act(touch, touch->things + from, to - from, fault);
    }
    return status;
}

static enum status say_done(struct touch *touch, struct fault *fault)
{
    struct subject_list list = {0};
    enum status status = STATUS_OK;

    for (size_t i = 0; i < touch->count && status == STATUS_OK; i++) {
        status = subject_list_push(&list, touch->things[i].number, fault);
    }
    if (status == STATUS_OK) {
        status = subject_list_sort(&list, touch->session.identity->code, fault);
    }
    if (status == STATUS_OK) {
        (void)printf("%s %zu: ", touch->plan->done, list.count);
        output_runs(&touch->session, list.numbers, list.count);
        output_records(touch->first_record, touch->last_record);
    }
    subject_list_free(&list);
    return status;
}

enum status touch_run(struct touch *touch, struct fault *fault)
{
    struct session *session = &touch->session;
    bool scan = scans(session->args);
    enum status status = scan ? touch_scan(touch, fault) : touch_named(touch, fault);

    if (status == STATUS_OK) {
        status = all_acts(touch, fault);
        if (status == STATUS_REFUSED && scan) {
            args_hint(session->args, "nothing was recorded; scan again without what was refused");
        }
    }
    if (status == STATUS_OK) {
        status = session_commit(session, fault);
    }
    if (status == STATUS_OK && session->draft_path == NULL) {
        status = say_done(touch, fault);
    }
    if (status == STATUS_OK && touch->refused_lines > 0) {
        (void)fprintf(stderr, "unbroken: hint: %zu scanned %s refused and %s not in it\n", touch->refused_lines,
                      touch->refused_lines == 1 ? "line was" : "lines were", touch->refused_lines == 1 ? "is" : "are");
    }
    return status;
}

enum status touch_all(struct args *args, const struct touch_plan *plan, struct fault *fault)
{
    struct touch touch;
    enum status status = touch_open(args, plan, &touch, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = touch_run(&touch, fault);
    touch_close(&touch);
    return status;
}
