/* SPDX-License-Identifier: Apache-2.0 */
/*
 * handover: an answer names one release (SPEC 7.3.4), so accept, refuse and withdraw are grouped by the release that is
 * open on each thing. What a scan is told is a first look; the ledger decides when it appends.
 */
#include "custody/handover.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "custody/output.h"
#include "custody/scan.h"
#include "verify/text.h"

enum status handover_open(struct args *args, enum kind kind, struct handover *out, struct fault *fault)
{
    bool scan = args_flag(args, "--scan");

    *out = (struct handover){.kind = kind, .place = NOTHING};
    if (scan && args->argument_count > 0) {
        return args_usage(args, fault, "%s takes names or --scan, not both", args->command->words);
    }
    if (!scan && args->argument_count == 0) {
        return args_usage(args, fault, "%s needs SUBJECT... or --scan", args->command->words);
    }
    return session_start(args, kind, &out->session, fault);
}

void handover_close(struct handover *handover)
{
    subject_list_free(&handover->things);
    session_close(&handover->session);
}

/* ---- is it a thing that this act may touch? -------------------------------------------------- */

static enum status check_thing(struct handover *handover, uint64_t number, struct fault *fault)
{
    const struct act_rule *rule = act_rule(handover->kind);
    struct session *session = &handover->session;
    const struct subject *subject = ledger_subject(session->txn, number, fault);
    char name[NAME_BYTES];

    if (subject == NULL) {
        return fault->status;
    }
    session_name(session, number, name);
    if (subject->thing == NULL) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is %s %s, not a thing", name, session_article(subject->type),
                         type_name(subject->type));
    }
    if ((rule->before & BIT(subject->thing->state)) == 0) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is %s", name,
                         subject->thing->voided ? "void" : state_name(subject->thing->state));
    }
    if (rule->slots[0].relation == RELATION_HOLDER &&
        thing_holder(ledger_world(session->txn), subject) != session->signers[0].signer.person) {
        char holder[NAME_BYTES];

        session_name(session, thing_holder(ledger_world(session->txn), subject), holder);
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is held by %s, whose key signs this first", name, holder);
    }
    return STATUS_OK;
}

/* ---- scanning -------------------------------------------------------------------------------- */

static bool is_listed(const struct subject_list *list, uint64_t number)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->numbers[i] == number) {
            return true;
        }
    }
    return false;
}

/* A snapshot for each line: a scan may take an hour, and an old snapshot would keep the store from reusing its pages. */
static enum status take_scan(void *context, struct view line, struct fault *fault)
{
    struct handover *handover = context;
    struct session *session = &handover->session;
    struct fault refusal;
    uint64_t number = 0;
    uint64_t print = 0;
    char name[NAME_BYTES];
    enum status status = session_begin(session, false, fault);

    if (status != STATUS_OK) {
        return status;
    }
    fault_clear(&refusal);
    status = subject_parse(session->identity, ledger_subjects(session->txn), line, &number, &print, &refusal);
    if (status == STATUS_OK && is_listed(&handover->things, number)) {
        session_name(session, number, name);
        status = fault_set(&refusal, STATUS_REFUSED, FAULT_NOWHERE, "%s was scanned already", name);
    }
    if (status == STATUS_OK) {
        status = check_thing(handover, number, &refusal);
    }
    if (status == STATUS_OK) {
        const struct subject *subject = ledger_subject(session->txn, number, &refusal);
        bool superseded = print > 0 && subject != NULL && subject->thing->prints > 0 && print != subject->thing->prints;

        status = subject_list_push(&handover->things, number, fault);
        session_name(session, number, name);
        (void)printf("ok %s (%zu)%s\n", name, handover->things.count, superseded ? ": the label is superseded by a newer print" : "");
        (void)fflush(stdout);
        session_end(session);
        return status;
    }
    session_end(session);
    handover->refused_lines++;
    (void)fprintf(stderr, "refused: %s\n", refusal.text);
    (void)fflush(stderr);
    return STATUS_OK;
}

static enum status scan_things(struct handover *handover, struct fault *fault)
{
    enum status status;

    session_end(&handover->session); /* others may write while people scan */
    if (isatty(STDIN_FILENO) == 1) {
        (void)fprintf(stderr, "scan tags or type names; Ctrl-D at the end records them all, Ctrl-C none\n");
    }
    status = scan_lines(STDIN_FILENO, take_scan, handover, fault);
    if (status != STATUS_OK) {
        return status;
    }
    if (handover->things.count == 0) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "nothing was scanned; nothing was recorded");
    }
    return session_begin(&handover->session, true, fault);
}

/* ---- acts ------------------------------------------------------------------------------------ */

/* --pieces NAME=N number i. */
static enum status read_pieces(struct handover *handover, size_t i, uint64_t *named, uint64_t *pieces, struct fault *fault)
{
    struct session *session = &handover->session;
    const char *text = args_nth(session->args, "--pieces", i);
    const char *equals = strchr(text, '=');

    if (equals == NULL || !text_decimal(view_text(equals + 1), pieces)) {
        return args_usage(session->args, fault, "--pieces %.60s: NAME=NUMBER", text);
    }
    return subject_parse(session->identity, ledger_subjects(session->txn), view_of(text, (size_t)(equals - text)), named, NULL,
                         fault);
}

/* A count of a thing that is not handed over here, or a second one, would be lost without a word. */
static enum status check_pieces(struct handover *handover, struct fault *fault)
{
    struct session *session = &handover->session;
    size_t count = args_count(session->args, "--pieces");
    enum status status = STATUS_OK;

    if (count > 0 && !handover->states_pieces) {
        return args_usage(session->args, fault, "--pieces does not go with this: no pieces are stated");
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        uint64_t named = 0;
        uint64_t other = 0;
        uint64_t pieces = 0;
        bool again = false;
        char name[NAME_BYTES];

        status = read_pieces(handover, i, &named, &pieces, fault);
        for (size_t j = 0; j < i && status == STATUS_OK && !again; j++) {
            status = read_pieces(handover, j, &other, &pieces, fault);
            again = other == named;
        }
        if (status == STATUS_OK && (again || !is_listed(&handover->things, named))) {
            session_name(session, named, name);
            status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "--pieces: %s %s", name,
                               again ? "stands twice" : "is not among these things");
        }
    }
    return status;
}

/* What --pieces says of this thing, or what the ledger has. */
static enum status pieces_of(struct handover *handover, uint64_t number, uint64_t recorded, uint64_t *out, struct fault *fault)
{
    enum status status = STATUS_OK;

    *out = recorded;
    for (size_t i = 0; i < args_count(handover->session.args, "--pieces") && status == STATUS_OK; i++) {
        uint64_t named = 0;
        uint64_t pieces = 0;

        status = read_pieces(handover, i, &named, &pieces, fault);
        *out = status == STATUS_OK && named == number ? pieces : *out;
    }
    return status;
}

/* seals: room for the encoded seals, alive until the act is finished. */
static enum status put_entry(struct handover *handover, struct composer *composer, uint64_t number, struct buffer *seals,
                             struct fault *fault)
{
    struct session *session = &handover->session;
    const struct subject *subject = ledger_subject(session->txn, number, fault);
    struct entry *entry = composer_entry(composer, number, ROLE_SUBJECT);
    enum status status = STATUS_OK;

    if (subject == NULL || subject->thing == NULL) {
        return fault->status != STATUS_OK ? fault->status : check_thing(handover, number, fault);
    }
    assert(entry != NULL);
    if (handover->states_pieces && (subject->thing->pieces > 0 || args_count(session->args, "--pieces") > 0)) {
        status = pieces_of(handover, number, subject->thing->pieces, &entry->facts.pieces, fault);
        entry->facts.present |= entry->facts.pieces != NOTHING ? BIT(FACT_PIECES) : 0u; /* none were ever stated, nor now */
    }
    if (args_flag(session->args, "--seals-as-recorded") && subject->thing->seals != NULL) {
        struct seals set;

        seal_set_view(subject->thing->seals, &set);
        if (!seals_encode(&set, seals)) {
            return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "a seal stands twice on one thing");
        }
        entry->facts.present |= BIT(FACT_FOUND);
        entry->facts.found = buffer_view(seals);
    }
    return status;
}

static void put_payload(struct handover *handover, struct composer *composer, const struct hash *answers)
{
    static const struct {
        const char *option;
        uint16_t name;
    } texts[] = {{"--remarks", NAME_REMARKS}, {"--authority", NAME_AUTHORITY}, {"--transport", 102}, {"--discrepancy", 103}};
    struct act *act = composer_act(composer);

    act->present |= BIT(PAY_CODE);
    act->code = handover->code;
    if (answers != NULL) {
        act->present |= BIT(PAY_ANSWERS);
        act->answers = *answers;
    }
    if (handover->kind == KIND_RELEASE) {
        act->present |= BIT(PAY_TO) | BIT(PAY_FROM);
        act->to = handover->to;
        act->from = (struct party){.has_person = true, .person = act->signers[0].person, .has_office = true,
                                   .office = act->signers[0].capacity};
    }
    if (handover->has_due) {
        act->present |= BIT(PAY_DUE);
        act->due_s = handover->due_s;
    }
    if (handover->place != NOTHING) {
        act->present |= BIT(PAY_PLACE);
        act->place = handover->place;
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const char *text = args_value(handover->session.args, texts[i].option);

        if (text != NULL) {
            composer_text(composer, NOTHING, texts[i].name, text);
        }
    }
}

static enum status one_act(struct handover *handover, const uint64_t *numbers, size_t count, const struct hash *answers,
                           struct fault *fault)
{
    struct buffer *seals = calloc(count, sizeof *seals);
    struct composer *composer = NULL;
    uint64_t index = 0;
    enum status status = seals == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                       : session_compose(&handover->session, handover->kind, &composer, fault);

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = put_entry(handover, composer, numbers[i], &seals[i], fault);
    }
    if (status == STATUS_OK) {
        put_payload(handover, composer, answers);
        status = session_append(&handover->session, composer, &index, fault);
        composer = NULL;
        handover->first_record = handover->first_record == 0 ? index : handover->first_record;
        handover->last_record = index;
    }
    composer_close(composer);
    for (size_t i = 0; seals != NULL && i < count; i++) {
        buffer_free(&seals[i]);
    }
    free(seals);
    return status;
}

/* A thing and the release that is open on it. */
struct open_thing {
    uint64_t release;
    uint64_t number;
    struct hash act;
};

static int by_release(const void *a, const void *b)
{
    const struct open_thing *x = a;
    const struct open_thing *y = b;

    if (x->release != y->release) {
        return x->release > y->release ? 1 : -1;
    }
    return (x->number > y->number) - (x->number < y->number);
}

/* Checks every thing, and sorts them by the release that they answer (release itself: all alike). */
static enum status group(struct handover *handover, struct open_thing *things, struct fault *fault)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < handover->things.count && status == STATUS_OK; i++) {
        uint64_t number = handover->things.numbers[i];

        /* With a deviation the ledger takes what check_thing would refuse; an answer needs an open release all the same. */
        if (!args_flag(handover->session.args, "--deviation") || handover->kind != KIND_RELEASE) {
            status = check_thing(handover, number, fault);
        }
        things[i].number = number;
        if (status == STATUS_OK && handover->kind != KIND_RELEASE) {
            const struct subject *subject = ledger_subject(handover->session.txn, number, fault);

            if (subject == NULL || subject->thing->open == NULL) {
                return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "no release is open on subject %" PRIu64, number);
            }
            things[i].release = subject->thing->open->index;
            things[i].act = subject->thing->open->act;
        }
    }
    qsort(things, handover->things.count, sizeof *things, by_release);
    return status;
}

static enum status all_acts(struct handover *handover, struct fault *fault)
{
    size_t count = handover->things.count;
    struct open_thing *things = calloc(count + 1, sizeof *things);
    uint64_t numbers[SESSION_BATCH];
    enum status status;

    if (things == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for %zu things", count);
    }
    status = group(handover, things, fault);
    for (size_t from = 0, to = 0; from < count && status == STATUS_OK; from = to) {
        while (to < count && to - from < SESSION_BATCH && things[to].release == things[from].release) {
            numbers[to - from] = things[to].number;
            to++;
        }
        status = one_act(handover, numbers, to - from, handover->kind == KIND_RELEASE ? NULL : &things[from].act, fault);
    }
    free(things);
    return status;
}

enum status handover_run(struct handover *handover, struct fault *fault)
{
    struct session *session = &handover->session;
    enum status status = args_flag(session->args, "--scan") ? scan_things(handover, fault)
                                                            : session_subjects(session, 0, &handover->things, fault);

    if (status == STATUS_OK) {
        status = subject_list_sort(&handover->things, session->identity->code, fault);
    }
    if (status == STATUS_OK) {
        status = check_pieces(handover, fault);
    }
    if (status == STATUS_OK) {
        status = all_acts(handover, fault);
        if (status == STATUS_REFUSED && args_flag(session->args, "--scan")) {
            args_hint(session->args, "nothing was recorded; scan again without what was refused");
        }
    }
    if (status == STATUS_OK) {
        status = session_commit(session, fault);
    }
    if (status == STATUS_OK && session->draft_path == NULL) {
        (void)printf("%s %zu: ", handover->done, handover->things.count);
        output_runs(session, handover->things.numbers, handover->things.count);
        output_records(handover->first_record, handover->last_record);
    }
    if (status == STATUS_OK && handover->refused_lines > 0) {
        (void)fprintf(stderr, "unbroken: hint: %zu scanned %s refused and %s not in it\n", handover->refused_lines,
                      handover->refused_lines == 1 ? "line was" : "lines were", handover->refused_lines == 1 ? "is" : "are");
    }
    return status;
}
