/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_overview: the case in numbers.
 */
#include "printer/report_inside.h"
#include "printer/weight_chart.h"

#include "verify/state.h"

struct totals {
    size_t items, containers, registered;
    size_t states[THING_SAME];
    size_t missing, overdue, unweighed;
    uint64_t pieces, net_mg;
    bool too_much; /* a sum beyond what can be said */
};

static void add(uint64_t *sum, uint64_t value, bool *too_much)
{
    if (value == NOTHING) {
        return;
    }
    *too_much = *too_much || *sum > NUM_MAX - value;
    *sum = *too_much ? 0 : *sum + value;
}

/* Containers state what is in them, so that pieces and mass are added up over items alone. */
static struct totals count_things(const struct report *report)
{
    struct totals totals = { 0 };
    for (size_t i = 0; i < report->thing_count; i++) {
        const struct dossier_subject *subject = report->things[i].subject;
        const struct dossier_thing *thing = &subject->thing;
        bool item = subject->type == TYPE_ITEM;
        totals.items += item ? 1 : 0;
        totals.containers += item ? 0 : 1;
        totals.states[thing->state < THING_SAME ? thing->state : THING_NONE]++;
        totals.missing += thing->missing != NOTHING ? 1 : 0;
        totals.overdue += thing->overdue ? 1 : 0;
        if (item) {
            totals.registered += thing->item > 0 ? 1 : 0;
            totals.unweighed += thing->net_mg == NOTHING ? 1 : 0;
            add(&totals.pieces, thing->state == THING_CLOSED ? NOTHING : thing->pieces, &totals.too_much);
            add(&totals.net_mg, thing->state == THING_CLOSED ? NOTHING : thing->net_mg, &totals.too_much);
        }
    }
    return totals;
}

static void put_count(struct report *report, const char *label, size_t count)
{
    struct buffer value = { 0 };
    buffer_printf(&value, "%zu", count);
    report_fact(report, label, &value);
}

static void put_states(struct report *report, const struct totals *totals)
{
    struct buffer value = { 0 };
    for (unsigned state = THING_UNUSED; state < THING_SAME; state++) {
        if (totals->states[state] > 0) {
            buffer_printf(&value, "%s%zu ", value.len == 0 ? "" : ", ", totals->states[state]);
            report_word(report, &value, state_name((enum thing_state)state));
        }
    }
    report_fact(report, N_("Their states at the end"), &value);
}

/* "release 12, accept 12, ..." in the order of SPEC 7.2. */
static void put_acts(struct report *report)
{
    size_t counts[KIND_COUNT] = { 0 };
    struct buffer value = { 0 };
    for (size_t i = 0; i < report->dossier->record_count; i++) {
        const struct dossier_record *record = &report->dossier->records[i];
        if (record->is_act && record->kind < KIND_COUNT) {
            counts[record->kind]++;
        }
    }
    for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
        if (counts[kind] > 0) {
            buffer_append_view(&value, view_text(value.len == 0 ? "" : ", "));
            report_word(report, &value, words_act(kind));
            buffer_printf(&value, " %zu", counts[kind]);
        }
    }
    report_fact(report, N_("Acts in the bundle, by kind"), &value);
}

void report_overview(struct report *report)
{
    const struct verdict *verdict = &report->dossier->verdict;
    struct totals totals = count_things(report);
    struct buffer value = { 0 };
    paper_heading(&report->paper, 2, N_("The case in numbers"));
    put_count(report, N_("Items"), totals.items);
    put_count(report, N_("Of these, registered in this case by number"), totals.registered);
    put_count(report, N_("Containers"), totals.containers);
    put_states(report, &totals);
    put_count(report, N_("Missing at the end"), totals.missing);
    put_count(report, N_("Late or not answered at the end"), totals.overdue);
    if (!totals.too_much) {
        buffer_printf(&value, "%llu", (unsigned long long)totals.pieces);
        report_fact(report, N_("Pieces of all items that are not closed"), &value);
        weight_print(&value, totals.net_mg);
        report_fact(report, N_("Net mass of all items that are not closed"), &value);
    }
    put_count(report, N_("Items without any weight"), totals.unweighed);
    buffer_printf(&value, "%llu", (unsigned long long)verdict->records);
    report_fact(report, N_("Records checked"), &value);
    buffer_printf(&value, "%llu", (unsigned long long)verdict->signatures);
    report_fact(report, N_("Signatures checked"), &value);
    buffer_printf(&value, "%llu", (unsigned long long)verdict->details);
    report_fact(report, N_("Details checked"), &value);
    put_count(report, N_("Details withheld or erased"), verdict->withheld_count);
    put_acts(report);
}
