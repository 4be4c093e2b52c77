/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certify_places: what the places of a form are filled with: {case}, {certifier}, ... What was withheld is not told by a form either.
 */
#include "printer/certify_inside.h"

#include <string.h>

#include "verify/text.h"

enum { NAMES_RUNS = 6, CASES_MAX = 4 };

static struct buffer *place(struct certify *certify, int i, enum template_place which)
{
    return &certify->places[i][which];
}

static enum language language_of(const struct certify *certify, int i)
{
    return i == 0 ? certify->form->languages.first : report_second(&certify->report);
}

static void put_word(struct certify *certify, enum template_place which, const char *english)
{
    for (int i = 0; i < 2; i++) {
        buffer_append_view(place(certify, i, which), view_text(words_in(language_of(certify, i), english)));
    }
}

static void put_view(struct certify *certify, enum template_place which, struct view text)
{
    for (int i = 0; i < 2; i++) {
        buffer_append_view(place(certify, i, which), text);
    }
}

static void put_number(struct certify *certify, enum template_place which, uint64_t number)
{
    for (int i = 0; i < 2; i++) {
        buffer_printf(place(certify, i, which), "%llu", (unsigned long long)number);
    }
}

/* ---- the cases ------------------------------------------------------------------------------- */

/* Those that were asked for, and those of the things. */
static void find_cases(struct certify *certify, struct report_numbers *cases)
{
    const struct dossier *dossier = certify->report.dossier;
    for (size_t i = 0; i < dossier->subject_count; i++) {
        const struct dossier_subject *subject = &dossier->subjects[i];
        if (subject->asked && subject->type == TYPE_CASE) {
            report_number(&certify->report, cases, subject->number);
        }
        if (subject->is_thing && certify_has(certify, subject->number)) {
            report_number(&certify->report, cases, subject->thing.of_case);
        }
    }
    report_numbers_sort(cases);
}

/* What the case states under that name: as it was first stated. */
static void put_stated(struct certify *certify, enum template_place which, const struct dossier_subject *of_case, const char *name)
{
    const struct detail_name *rule = detail_by_name(view_text(name));
    const struct dossier_detail *detail = rule == NULL || of_case == NULL ? NULL : dossier_stated(certify->report.dossier, of_case, rule->number);
    bool more = place(certify, 0, which)->len > 0;
    if (more) {
        put_view(certify, which, view_text("; "));
    }
    if (detail == NULL) {
        put_word(certify, which, N_("not stated"));
    } else if (detail->shown != DOSSIER_SHOWN) {
        put_word(certify, which, N_("withheld or erased"));
    } else {
        put_view(certify, which, detail->text);
    }
}

static void put_cases(struct certify *certify)
{
    struct report_numbers cases = { 0 };
    char name[NAME_BYTES];
    find_cases(certify, &cases);
    for (size_t i = 0; i < cases.count && i < CASES_MAX; i++) {
        const struct dossier_subject *of_case = dossier_subject(certify->report.dossier, cases.list[i]);
        put_view(certify, PLACE_CASE, view_text(i == 0 ? "" : "; "));
        put_view(certify, PLACE_CASE, view_text(dossier_name(certify->report.dossier, cases.list[i], name)));
        put_stated(certify, PLACE_DOCKET, of_case, "docket");
        put_stated(certify, PLACE_LAW, of_case, "law");
        put_stated(certify, PLACE_COURT, of_case, "court");
    }
    if (cases.count > CASES_MAX) {
        put_view(certify, PLACE_CASE, view_text("; …"));
    }
    for (int i = PLACE_CASE; i <= PLACE_COURT && cases.count == 0; i++) {
        put_word(certify, (enum template_place)i, N_("not stated"));
    }
    report_numbers_free(&cases);
}

/* ---- the rest -------------------------------------------------------------------------------- */

static void put_certifier(struct certify *certify)
{
    const struct signer *signer = &certify->statement.statement.certifier;
    const struct dossier_subject *person = dossier_subject(certify->report.dossier, signer->person);
    char name[NAME_BYTES];
    if (person != NULL && person->title.len > 0) {
        put_view(certify, PLACE_CERTIFIER, person->title);
        put_view(certify, PLACE_CERTIFIER, view_text(" ("));
    }
    put_view(certify, PLACE_CERTIFIER, view_text(dossier_name(certify->report.dossier, signer->person, name)));
    put_view(certify, PLACE_CERTIFIER, view_text(person != NULL && person->title.len > 0 ? ")" : ""));
    put_word(certify, PLACE_OFFICE, signer->capacity < OFFICE_COUNT ? office_name((unsigned)signer->capacity) : N_("unknown"));
    if (person != NULL && person->agency.len > 0) {
        put_view(certify, PLACE_AGENCY, person->agency);
    } else {
        put_word(certify, PLACE_AGENCY, N_("not stated"));
    }
}

static void put_times(struct certify *certify)
{
    const struct statement *said = &certify->statement.statement;
    for (int i = 0; i < 2; i++) {
        words_date(place(certify, i, PLACE_DATE), language_of(certify, i), said->made_s, said->offset_min);
        words_time(place(certify, i, PLACE_TIME), language_of(certify, i), said->made_s, said->offset_min);
    }
}

/* The certified things in one language: report_names speaks both. */
static void put_things(struct certify *certify)
{
    if (certify->things.count == 0) {
        put_word(certify, PLACE_THINGS, N_("none"));
        return;
    }
    struct report alone = { .dossier = certify->report.dossier };
    struct case_report_form words = certify->words;
    words.languages.both = false;
    alone.form = &words;
    for (int i = 0; i < 2; i++) {
        words.languages.first = language_of(certify, i);
        report_names(&alone, place(certify, i, PLACE_THINGS), &certify->things, NAMES_RUNS);
    }
    buffer_free(&alone.first);
    buffer_free(&alone.second);
}

static void put_hashes(struct certify *certify)
{
    struct buffer text = { 0 };
    text_hex(&text, hash_view(&certify->statement.statement.bundle));
    put_view(certify, PLACE_BUNDLE, buffer_view(&text));
    buffer_reset(&text);
    text_hex(&text, hash_view(&certify->statement.statement.policy));
    put_view(certify, PLACE_POLICY, buffer_view(&text));
    buffer_reset(&text);
    text_hex(&text, hash_view(&certify->statement.statement.ledger));
    put_view(certify, PLACE_LEDGER_ID, buffer_view(&text));
    buffer_reset(&text);
    text_base64(&text, hash_view(&certify->statement.statement.root));
    put_view(certify, PLACE_ROOT, buffer_view(&text));
    buffer_free(&text);
}

void certify_places(struct certify *certify)
{
    const struct verdict *verdict = &certify->report.dossier->verdict;
    put_cases(certify);
    put_things(certify);
    put_certifier(certify);
    put_times(certify);
    put_hashes(certify);
    put_view(certify, PLACE_NUMBER, view_text(verdict->certificate));
    put_view(certify, PLACE_SOFTWARE, view_text(CERTIFY_SOFTWARE));
    put_view(certify, PLACE_LEDGER, view_text(verdict->origin));
    put_number(certify, PLACE_RECORDS, certify->statement.statement.records);
    put_number(certify, PLACE_SIZE, certify->statement.statement.size);
    put_word(certify, PLACE_RESULT, certify->statement.statement.status == 0 ? N_("intact, and custody unbroken") : N_("intact, but a rule of custody is broken"));
}
