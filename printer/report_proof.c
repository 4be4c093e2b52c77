/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_proof: what a stranger needs to repeat the check, every record's hash, and what none of this proves.
 */
#include "printer/report_inside.h"

#include "verify/state.h"
#include "verify/text.h"

static void put_hash(struct report *report, const char *label, const struct hash *hash)
{
    struct buffer value = { 0 };
    text_hex(&value, view_of(hash->bytes, sizeof hash->bytes));
    report_fact(report, label, &value);
}

static void put_identity(struct report *report)
{
    const struct verdict *verdict = &report->dossier->verdict;
    struct buffer value = { 0 };
    buffer_printf(&value, "%s", verdict->origin);
    report_fact(report, N_("Ledger"), &value);
    put_hash(report, N_("Ledger-id"), &verdict->ledger);
    if (verdict->has_succeeds) {
        put_hash(report, N_("Its founders say that it succeeds the ledger"), &verdict->succeeds.ledger);
    }
    buffer_printf(&value, "%llu", (unsigned long long)verdict->size);
    report_fact(report, N_("Records in the checkpoint"), &value);
    put_hash(report, N_("Root of the checkpoint"), &verdict->root);
    put_hash(report, N_("SHA-256 of the policy that it was checked with"), &verdict->policy);
    if (verdict->since_size > 0) {
        buffer_printf(&value, "%llu", (unsigned long long)verdict->since_size);
        report_fact(report, N_("Continues the older paper of so many records"), &value);
    }
    for (size_t i = 0; i < verdict->witness_count; i++) {
        buffer_printf(&value, "%s, ", verdict->witnesses[i].name);
        words_time(&value, report->form->languages.first, verdict->witnesses[i].time_s, report->form->offset_min);
        report_fact(report, verdict->witnesses[i].auditor ? N_("Auditor") : N_("Witness"), &value);
    }
}

static void put_how(struct report *report)
{
    struct text_style mono = paper_style(&report->paper, 1.0, true);
    struct buffer command = { 0 };
    report_line(report, N_("How to repeat the check"));
    report_say(report, 1.0, false, N_("The bundle is attached to this file. Save it, get the court's policy (the file with the ledger's key) from somebody whom you trust, compare its SHA-256 with "
                                      "the one above, and run, on any computer, without a network:"));
    buffer_printf(&command, "unbroken-verify --policy court.policy%s %s", report->dossier->verdict.training ? " --training" : "", report->form->bundle);
    paper_text(&report->paper, buffer_view(&command), &mono);
    buffer_free(&command);
    report_say(report, 1.0, false, N_("If you have an older receipt, certificate or bundle of this ledger, add --since with it: a history that was rewritten since then is found."));
}

static const struct paper_column columns[] = {
    { .share = 1.05, .heading = N_("Record"), .align = ALIGN_LEFT },
    { .share = 2.2, .heading = N_("Logged"), .align = ALIGN_LEFT },
    { .share = 2.4, .heading = N_("What was done"), .align = ALIGN_LEFT },
    { .share = 8.15, .heading = N_("Hash of the record"), .align = ALIGN_LEFT },
};

enum { COLUMNS = sizeof columns / sizeof columns[0] };

static void put_records(struct report *report)
{
    report_line(report, N_("The records in the bundle"));
    paper_table_begin(&report->paper, columns, COLUMNS, false);
    for (size_t i = 0; i < report->dossier->record_count && !paper_failed(&report->paper); i++) {
        const struct dossier_record *record = &report->dossier->records[i];
        struct buffer cells[COLUMNS] = { { 0 } };
        buffer_printf(&cells[0], "%llu", (unsigned long long)record->index);
        report_time(report, &cells[1], record->logged_s);
        if (record->is_act) {
            report_act(report, &cells[2], record);
        } else {
            report_word(report, &cells[2], N_("heads: who has how many records"));
        }
        text_hex(&cells[3], view_of(record->hash.bytes, sizeof record->hash.bytes));
        report_row(report, cells, COLUMNS, false);
    }
    paper_table_end(&report->paper);
}

static void put_not_proven(struct report *report)
{
    const struct verdict *verdict = &report->dossier->verdict;
    report_line(report, N_("What is not proven"));
    report_say(report, 1.0, false, N_("- that what was recorded is true, or that nothing happened which nobody recorded;"));
    report_say(report, 1.0, false, N_("- that a key was used by its owner: \"genuine\" means signed with the key of a person who was in office then;"));
    report_say(report, 1.0, false, N_("- when something happened, beyond what is said above under \"Proven time\": other times are the word of the signers and of the station;"));
    if (verdict->witness_count == 0) {
        report_say(report, 1.0, false, N_("- that no later records were cut off, and no earlier ones taken out that no later signer had seen: no witness has signed with the station;"));
    }
    if (!verdict->audited) {
        report_say(report, 1.0, false, N_("- by anybody but the station, that nothing is left out: no auditor has recomputed its heads. A false one can be exposed by whoever holds a record that it hides;"));
    }
    report_say(report, 1.0, false, N_("- that this paper says what the records say: check the bundle, and compare."));
    report_say(report, 1.0, true, N_("Whether this is admitted as evidence is for the judge."));
}

void report_proof(struct report *report)
{
    paper_break(&report->paper);
    paper_heading(&report->paper, 2, N_("Annex: the proof"));
    put_identity(report);
    put_how(report);
    put_not_proven(report);
    put_records(report);
}
