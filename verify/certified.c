/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certified: the lines of SPEC 13.6, in its order. Whoever holds the paper compares them with its page; the printer draws the page from them.
 */
#include "verify/certificate.h"

#include <stdlib.h>
#include <string.h>

#include "verify/name.h"
#include "verify/text.h"
#include "verify/told.h"

#define U(x) ((unsigned long long)(x))

enum { NESTED_MAX = 8, MICRO = 1000000 };

struct pen {
    struct check *check;
    struct told *told; /* by leaf */
    struct buffer nowhere; /* for what found no room */
};

/* A line; its value is appended to by the caller until the next line. */
static struct buffer *put(struct pen *pen, uint64_t subject, const char *label, const char *word)
{
    struct verdict *verdict = pen->check->verdict;
    void *lines = verdict->lines;
    if (!check_room(&lines, verdict->line_count, &verdict->line_cap, sizeof *verdict->lines)) {
        pen->nowhere.failed = true; /* appending does nothing then */
        return &pen->nowhere;
    }
    verdict->lines = lines;
    struct certified_line *line = &verdict->lines[verdict->line_count++];
    *line = (struct certified_line){ .label = label, .word = word, .subject = subject };
    return &line->value;
}

static void put_number(struct pen *pen, uint64_t subject, const char *label, uint64_t value)
{
    if (value == NOTHING) {
        (void)put(pen, subject, label, "not stated");
    } else {
        buffer_printf(put(pen, subject, label, NULL), "%llu", U(value));
    }
}

static void put_name(struct pen *pen, uint64_t number, struct buffer *out)
{
    char name[NAME_BYTES];
    name_format(view_text(pen->check->replay.code), number, name);
    buffer_printf(out, "%s", name);
}

static const struct told *told_of(const struct pen *pen, uint64_t number)
{
    const struct leaf_row *leaf = check_leaf(pen->check, number);
    return leaf == NULL ? NULL : &pen->told[leaf - pen->check->leaves];
}

/* "KHPP-3-A (Sok Dara)", or "not stated". */
static void put_subject(struct pen *pen, uint64_t subject, const char *label, uint64_t number)
{
    if (number == NOTHING) {
        (void)put(pen, subject, label, "not stated");
        return;
    }
    struct buffer *out = put(pen, subject, label, NULL);
    const struct told *told = told_of(pen, number);
    put_name(pen, number, out);
    if (told != NULL && told->texts[0].len > 0) {
        buffer_printf(out, " (");
        buffer_append_view(out, buffer_view(&told->texts[0]));
        buffer_printf(out, ")");
    }
}

static void put_told(struct pen *pen, uint64_t subject, const char *label, const struct told *told, size_t slot, const char *word)
{
    const char *instead = told->hidden[slot] ? "withheld or erased" : told->texts[slot].len == 0 ? "not stated" : word;
    buffer_append_view(put(pen, subject, label, instead), buffer_view(&told->texts[slot]));
}

/* --- the whole -------------------------------------------------------------------------------- */

static void put_certifier(struct pen *pen, const struct statement *s)
{
    const struct signer *signer = &s->certifier;
    const struct told *told = told_of(pen, signer->person);
    put_subject(pen, signer->person, "Certified by", signer->person);
    (void)put(pen, signer->person, "Office", signer->capacity < OFFICE_COUNT ? office_name((unsigned)signer->capacity) : "unknown");
    if (told != NULL) {
        put_told(pen, signer->person, "Agency", told, 1, NULL);
    }
    text_time_local(put(pen, NOTHING, "Certified at", NULL), s->made_s, s->offset_min);
    buffer_append_view(put(pen, NOTHING, "Form", NULL), s->template);
}

static void put_ledger(struct pen *pen, const struct statement *s)
{
    const struct verdict *verdict = pen->check->verdict;
    text_escape(put(pen, NOTHING, "Ledger", verdict->training ? "training ledger, not evidence" : NULL), view_text(verdict->origin));
    text_hex(put(pen, NOTHING, "Ledger id", NULL), hash_view(&verdict->ledger));
    buffer_printf(put(pen, NOTHING, "Code of names", NULL), "%s", pen->check->replay.code);
    if (verdict->has_succeeds) {
        struct buffer *out = put(pen, NOTHING, "Succeeds", NULL);
        text_hex(out, hash_view(&verdict->succeeds.ledger));
        buffer_printf(out, ", %llu, ", U(verdict->succeeds.size));
        text_base64(out, hash_view(&verdict->succeeds.root));
    }
    put_number(pen, NOTHING, "Records in the ledger", verdict->size);
    text_base64(put(pen, NOTHING, "Root", NULL), hash_view(&verdict->root));
    text_time(put(pen, NOTHING, "Last record logged", NULL), verdict->logged_s);
    for (size_t i = 0; i < verdict->witness_count; i++) {
        struct buffer *out = put(pen, NOTHING, "Witnessed by", verdict->witnesses[i].auditor ? "auditor" : NULL);
        buffer_printf(out, "%s, ", verdict->witnesses[i].name);
        text_time(out, verdict->witnesses[i].time_s);
    }
    if (verdict->witness_count == 0) {
        (void)put(pen, NOTHING, "Witnessed by", "no witness of the policy");
    }
    text_hex(put(pen, NOTHING, "Bundle", NULL), hash_view(&s->bundle));
    put_number(pen, NOTHING, "Records in the bundle", s->records);
    text_hex(put(pen, NOTHING, "Policy", NULL), hash_view(&s->policy));
}

static void put_finding(struct pen *pen, const struct finding *finding)
{
    struct buffer *out = put(pen, finding->subject, finding->breach ? "Breach" : "Finding", finding->code);
    if (finding->record != NOTHING) {
        buffer_printf(out, "record %llu: ", U(finding->record));
    }
    buffer_printf(out, "%s", finding->text);
}

static void put_result(struct pen *pen, const struct statement *s)
{
    const struct verdict *verdict = pen->check->verdict;
    (void)put(pen, NOTHING, "Result", s->status == 0 ? "intact, and custody unbroken" : "intact, but a rule of custody is broken");
    put_number(pen, NOTHING, "Breaches", s->breaches);
    put_number(pen, NOTHING, "Findings", s->findings);
    put_number(pen, NOTHING, "Details withheld or erased", s->withheld);
    for (int breach = 1; breach >= 0; breach--) {
        for (size_t i = 0; i < verdict->finding_count; i++) {
            const struct finding *finding = &verdict->findings[i];
            if (finding->breach == (breach == 1) && (certificate_counts(finding) || strcmp(finding->code, "other") == 0)) {
                put_finding(pen, finding);
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
    struct buffer *out = put(pen, number, "Seals", seals.count == 0 ? "none" : NULL);
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
    put_name(pen, number, put(pen, number, "Thing", type_name(subject->type)));
    put_told(pen, number, "Description", told, 0, NULL);
    put_told(pen, number, "Species", told, 1, told->identified);
    put_number(pen, number, "Pieces", thing->pieces);
    struct buffer *net = put(pen, number, "Net mass", thing->net_mg == NOTHING ? "not stated" : NULL);
    if (thing->net_mg != NOTHING) {
        buffer_printf(net, "%llu.%06llu kg", U(thing->net_mg / MICRO), U(thing->net_mg % MICRO));
    }
    put_seals(pen, number, thing);
    (void)put(pen, number, "State", thing->voided ? "void" : state_name(thing_state(pen->check->world, subject)));
    if (thing->missing != NOTHING) {
        buffer_printf(put(pen, number, "Not found at the stock-take of", NULL), "record %llu", U(thing->missing));
    }
    put_subject(pen, number, "Holder", thing_holder(pen->check->world, subject));
    if (thing->container != NOTHING) {
        put_subject(pen, number, "Packed in", thing->container);
    }
    put_subject(pen, number, "Place", place_of(pen, subject));
    put_subject(pen, number, "Case", thing->of_case);
    put_number(pen, number, "Records in its thread", subject->count);
}

static void put_other(struct pen *pen, const struct subject *subject, const struct told *told)
{
    static const char *const labels[][TOLD_TEXTS] = {
        [TYPE_PERSON] = { "Person", "Agency", NULL }, [TYPE_PLACE] = { "Place", NULL, NULL }, [TYPE_CASE] = { "Docket", "Law", "Court" } };
    uint64_t number = subject->number;
    if (subject->type == TYPE_CASE) {
        put_name(pen, number, put(pen, number, "Case", NULL));
        for (size_t i = 0; i < TOLD_TEXTS; i++) {
            put_told(pen, number, labels[TYPE_CASE][i], told, i, NULL);
        }
    } else if (subject->type == TYPE_PERSON || subject->type == TYPE_PLACE) {
        put_subject(pen, number, labels[subject->type][0], number);
        if (labels[subject->type][1] != NULL) {
            put_told(pen, number, labels[subject->type][1], told, 1, NULL);
        }
    } else {
        (void)put(pen, number, "Asked for", "the ledger itself");
    }
    put_number(pen, number, "Records in its thread", subject->count);
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
    enum status status = told_read(check, &pen.told, fault);
    if (status != STATUS_OK) {
        return status;
    }
    statement_number(check->hasher, check->certificate->bytes, verdict->certificate);
    verdict->certified_policy = s->policy;
    buffer_printf(put(&pen, NOTHING, "Certificate", NULL), "%s", verdict->certificate);
    put_certifier(&pen, s);
    put_ledger(&pen, s);
    put_result(&pen, s);
    put_asked(&pen, false);
    put_asked(&pen, true);
    bool failed = pen.nowhere.failed;
    for (size_t i = 0; i < verdict->line_count; i++) {
        failed = failed || verdict->lines[i].value.failed;
    }
    told_close(pen.told, check->leaf_count);
    return failed ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : STATUS_OK;
}
