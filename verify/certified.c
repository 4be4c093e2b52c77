/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certified: the lines of SPEC 13.6, in its order. Whoever holds the paper compares them with its page; the printer draws the page from them.
 */
#include "verify/pen.h"

#include <stdlib.h>
#include <string.h>

#include "verify/name.h"
#include "verify/text.h"

#define U(x) ((unsigned long long)(x))

enum { NESTED_MAX = 8, MICRO = 1000000 };

/* --- the whole -------------------------------------------------------------------------------- */

static void put_certifier(struct pen *pen, const struct statement *s)
{
    const struct signer *signer = &s->certifier;
    const struct told *told = pen_told_of(pen, signer->person);
    pen_subject(pen, signer->person, "Certified by", signer->person);
    (void)pen_line(pen, signer->person, "Office", signer->capacity < OFFICE_COUNT ? office_name((unsigned)signer->capacity) : "unknown");
    if (told != NULL) {
        pen_told(pen, signer->person, "Agency", told, 1, NULL);
    }
    text_time_local(pen_line(pen, NOTHING, "Certified at", NULL), s->made_s, s->offset_min);
    buffer_append_view(pen_line(pen, NOTHING, "Form", NULL), s->template);
}

static void put_ledger(struct pen *pen, const struct statement *s)
{
    const struct verdict *verdict = pen->check->verdict;
    text_escape(pen_line(pen, NOTHING, "Ledger", verdict->training ? "training ledger, not evidence" : NULL), view_text(verdict->origin));
    text_hex(pen_line(pen, NOTHING, "Ledger id", NULL), hash_view(&verdict->ledger));
    buffer_printf(pen_line(pen, NOTHING, "Code of names", NULL), "%s", pen->check->replay.code);
    if (verdict->has_succeeds) {
        struct buffer *out = pen_line(pen, NOTHING, "Succeeds", NULL);
        text_hex(out, hash_view(&verdict->succeeds.ledger));
        buffer_printf(out, ", %llu, ", U(verdict->succeeds.size));
        text_base64(out, hash_view(&verdict->succeeds.root));
    }
    pen_number(pen, NOTHING, "Records in the ledger", verdict->size);
    text_base64(pen_line(pen, NOTHING, "Root", NULL), hash_view(&verdict->root));
    text_time(pen_line(pen, NOTHING, "Last record logged", NULL), verdict->logged_s);
    for (size_t i = 0; i < verdict->witness_count; i++) {
        struct buffer *out = pen_line(pen, NOTHING, "Witnessed by", verdict->witnesses[i].auditor ? "auditor" : NULL);
        buffer_printf(out, "%s, ", verdict->witnesses[i].name);
        text_time(out, verdict->witnesses[i].time_s);
    }
    if (verdict->witness_count == 0) {
        (void)pen_line(pen, NOTHING, "Witnessed by", "no witness of the policy");
    }
    text_hex(pen_line(pen, NOTHING, "Bundle", NULL), hash_view(&s->bundle));
    pen_number(pen, NOTHING, "Records in the bundle", s->records);
    text_hex(pen_line(pen, NOTHING, "Policy", NULL), hash_view(&s->policy));
}

/* Behind a deviation stands what its signers stated as the reason. */
static void put_finding(struct pen *pen, const struct finding *finding, size_t *deviations)
{
    const struct verdict *verdict = pen->check->verdict;
    struct buffer *out = pen_line(pen, finding->subject, finding->breach ? "Breach" : "Finding", finding->code);
    if (finding->record != NOTHING) {
        buffer_printf(out, "record %llu: ", U(finding->record));
    }
    buffer_printf(out, "%s", finding->text);
    if (finding->breach && strcmp(finding->code, "deviation") == 0 && *deviations < verdict->reason_count) {
        const struct buffer *reason = &verdict->reasons[(*deviations)++];
        buffer_append_view(pen_line(pen, NOTHING, "Reason stated", reason->len == 0 ? "not stated" : NULL), buffer_view(reason));
    }
}

static void put_result(struct pen *pen, const struct statement *s)
{
    const struct verdict *verdict = pen->check->verdict;
    size_t deviations = 0;
    (void)pen_line(pen, NOTHING, "Result", s->status == 0 ? "intact, and custody unbroken" : "intact, but a rule of custody is broken");
    pen_number(pen, NOTHING, "Breaches", s->breaches);
    pen_number(pen, NOTHING, "Findings", s->findings);
    pen_number(pen, NOTHING, "Details withheld or erased", s->withheld);
    for (int breach = 1; breach >= 0; breach--) {
        for (size_t i = 0; i < verdict->finding_count; i++) {
            const struct finding *finding = &verdict->findings[i];
            if (finding->breach == (breach == 1) && (certificate_counts(finding) || strcmp(finding->code, "other") == 0)) {
                put_finding(pen, finding, &deviations);
            }
        }
    }
}

/* --- what was asked for ----------------------------------------------------------------------- */

static void put_seals(struct pen *pen, uint64_t number, const struct thing *thing)
{
    struct seals seals = { 0 };
    if (thing->seals != NULL) {
        seal_set_view(thing->seals, &seals);
    }
    struct buffer *out = pen_line(pen, number, "Seals", seals.count == 0 ? "none" : NULL);
    for (size_t i = 0; i < seals.count; i++) {
        buffer_printf(out, "%s", i == 0 ? "" : ", ");
        text_escape(out, seals.numbers[i]);
    }
}

/* Where it is: with its outermost container. */
static uint64_t place_of(const struct pen *pen, const struct subject *subject)
{
    for (size_t i = 0; i < NESTED_MAX && subject->thing->container != NOTHING; i++) {
        const struct subject *around = world_find(pen->check->world, subject->thing->container);
        if (around == NULL || around->thing == NULL) {
            return NOTHING;
        }
        subject = around;
    }
    return subject->thing->place;
}

static void put_thing(struct pen *pen, const struct subject *subject, const struct told *told)
{
    const struct thing *thing = subject->thing;
    uint64_t number = subject->number;
    pen_name(pen, number, pen_line(pen, number, "Thing", type_name(subject->type)));
    pen_told(pen, number, "Description", told, 0, NULL);
    pen_told(pen, number, "Species", told, 1, told->identified);
    pen_number(pen, number, "Pieces", thing->pieces);
    struct buffer *net = pen_line(pen, number, "Net mass", thing->net_mg == NOTHING ? "not stated" : NULL);
    if (thing->net_mg != NOTHING) {
        buffer_printf(net, "%llu.%06llu kg", U(thing->net_mg / MICRO), U(thing->net_mg % MICRO));
    }
    put_seals(pen, number, thing);
    (void)pen_line(pen, number, "State", thing->voided ? "void" : state_name(thing_state(pen->check->world, subject)));
    if (thing->missing != NOTHING) {
        buffer_printf(pen_line(pen, number, "Not found at the stock-take of", NULL), "record %llu", U(thing->missing));
    }
    pen_subject(pen, number, "Holder", thing_holder(pen->check->world, subject));
    if (thing->container != NOTHING) {
        pen_subject(pen, number, "Packed in", thing->container);
    }
    pen_subject(pen, number, "Place", place_of(pen, subject));
    pen_subject(pen, number, "Case", thing->of_case);
    pen_number(pen, number, "Records in its thread", subject->count);
}

static void put_other(struct pen *pen, const struct subject *subject, const struct told *told)
{
    static const char *const labels[][TOLD_TEXTS] = {
        [TYPE_PERSON] = { "Person", "Agency", NULL }, [TYPE_PLACE] = { "Place", NULL, NULL }, [TYPE_CASE] = { "Docket", "Law", "Court" } };
    uint64_t number = subject->number;
    if (subject->type == TYPE_CASE) {
        pen_name(pen, number, pen_line(pen, number, "Case", NULL));
        for (size_t i = 0; i < TOLD_TEXTS; i++) {
            pen_told(pen, number, labels[TYPE_CASE][i], told, i, NULL);
        }
    } else if (subject->type == TYPE_PERSON || subject->type == TYPE_PLACE) {
        pen_subject(pen, number, labels[subject->type][0], number);
        if (labels[subject->type][1] != NULL) {
            pen_told(pen, number, labels[subject->type][1], told, 1, NULL);
        }
    } else {
        (void)pen_line(pen, number, "Asked for", "the ledger itself");
    }
    pen_number(pen, number, "Records in its thread", subject->count);
}

static bool is_asked(const struct check *check, uint64_t number)
{
    size_t low = 0, high = check->bundle.asked_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (check->bundle.asked[middle] < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < check->bundle.asked_count && check->bundle.asked[low] == number;
}

/* First what is no thing, then every thing that was asked for, itself or by its case. */
static void put_asked(struct pen *pen, bool things)
{
    const struct check *check = pen->check;
    for (size_t i = 0; i < check->leaf_count; i++) {
        const struct subject *subject = world_find(check->world, check->leaves[i].leaf.subject);
        if (subject == NULL || (subject->thing != NULL) != things) {
            continue;
        }
        bool asked = is_asked(check, subject->number);
        if (things && (asked || is_asked(check, subject->thing->of_case))) {
            put_thing(pen, subject, &pen->told[i]);
        } else if (!things && asked) {
            put_other(pen, subject, &pen->told[i]);
        }
    }
}

enum status certified_write(struct check *check, struct fault *fault)
{
    struct pen pen = { .check = check };
    struct verdict *verdict = check->verdict;
    const struct statement *s = &check->certificate->statement;
    statement_number(check->hasher, check->certificate->bytes, verdict->certificate);
    verdict->certified_policy = s->policy;
    if (verdict->custody_open) {
        return STATUS_OK; /* what the page says of custody cannot be confirmed */
    }
    enum status status = told_read(check, &pen.told, fault);
    if (status != STATUS_OK) {
        return status;
    }
    buffer_printf(pen_line(&pen, NOTHING, "Certificate", NULL), "%s", verdict->certificate);
    put_certifier(&pen, s);
    put_ledger(&pen, s);
    put_result(&pen, s);
    put_asked(&pen, false);
    put_asked(&pen, true);
    pen_records(&pen);
    bool failed = pen.nowhere.failed;
    for (size_t i = 0; i < verdict->line_count; i++) {
        failed = failed || verdict->lines[i].value.failed;
    }
    told_close(pen.told, check->leaf_count);
    return failed ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : STATUS_OK;
}
