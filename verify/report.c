/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report: the verdict for people (SPEC 11). Everything from records in it has been escaped. Not here: JSON (report_json.c).
 */
#include "verify/court.h"

#include "verify/name.h"
#include "verify/text.h"

#include <string.h>

#define U(x) ((unsigned long long)(x))

enum { LISTED_MAX = 40 };

static void put_headline(const struct verdict *verdict, struct buffer *out)
{
    static const char *const headlines[] = {
        "INTACT: the records are unaltered, whole and genuine, and custody is unbroken.",
        "NOT PROVEN TRUE: the records are altered, incomplete or forged.",
        "COULD NOT CHECK: this is no finding about the records.",
        "CUSTODY BROKEN: the records are unaltered, whole and genuine, but a rule of custody was broken.",
    };
    buffer_printf(out, "%s%s\n", verdict->training ? "TRAINING LEDGER, NOT EVIDENCE. " : "", headlines[verdict->status]);
    if (verdict->status == 2 && verdict->stop.status == 0 && verdict->note_count > 0) {
        buffer_printf(out, "The proofs that could be checked hold; what follows is missing.\n");
    }
}

static void put_reasons(const struct verdict *verdict, struct buffer *out)
{
    if (verdict->stop.status != 0) {
        buffer_printf(out, "  %s: %s\n", verdict->stop.code, verdict->stop.text);
        if (verdict->stop.byte != NOTHING) {
            buffer_printf(out, "  at byte %llu of the file\n", U(verdict->stop.byte));
        }
    }
    for (size_t i = 0; i < verdict->note_count; i++) {
        buffer_printf(out, "  %s: %s\n", verdict->notes[i].code, verdict->notes[i].text);
    }
}

static uint64_t witnessed_at(const struct verdict *verdict)
{
    uint64_t time_s = 0;
    for (size_t i = 0; i < verdict->witness_count; i++) {
        time_s = verdict->witnesses[i].time_s > time_s ? verdict->witnesses[i].time_s : time_s;
    }
    return time_s;
}

static void put_as_of(const struct verdict *verdict, struct buffer *out)
{
    if (verdict->stop.status != 0 || verdict->size == 0) {
        return;
    }
    buffer_printf(out, "As of record %llu, checkpoint time ", U(verdict->size - 1));
    text_time(out, verdict->witness_count > 0 ? witnessed_at(verdict) : verdict->logged_s);
    buffer_printf(out, "%s; nothing later is covered.\n",
                  verdict->witness_count > 0 ? " (the witnesses' word)" : " (the station's word alone)");
}

/* What is known of the ledger that this one succeeds. */
static void put_before(const struct verdict *verdict, struct buffer *out)
{
    static const char *const known[] = {
        [BEFORE_ABSENT] = "the founders' word; what that ledger holds is proven by files of its own",
        [BEFORE_SAME] = "a bundle of it is inside, was verified too, and holds that head",
        [BEFORE_LATER] = "a bundle of it is inside, was verified too, and goes on after that head",
    };
    buffer_printf(out, ":\n            %s\n", known[verdict->before]);
}

static void put_identity(const struct verdict *verdict, struct buffer *out)
{
    buffer_printf(out, "\n");
    if (verdict->known) {
        struct buffer origin = { 0 };
        text_escape(&origin, view_text(verdict->origin));
        buffer_printf(out, "ledger      ");
        buffer_append_view(out, buffer_view(&origin));
        buffer_free(&origin);
        buffer_printf(out, "\ncheckpoint  %llu records, root ", U(verdict->size));
        text_base64(out, hash_view(&verdict->root));
        buffer_printf(out, "\n");
    }
    if (verdict->stop.status == 0) {
        buffer_printf(out, "ledger-id   ");
        text_hex(out, hash_view(&verdict->ledger));
        buffer_printf(out, "\n");
    }
    if (verdict->stop.status == 0 && verdict->has_succeeds) {
        buffer_printf(out, "succeeds    the ledger with the id ");
        text_hex(out, hash_view(&verdict->succeeds.ledger));
        buffer_printf(out, ", which had %llu records, root ", U(verdict->succeeds.size));
        text_base64(out, hash_view(&verdict->succeeds.root));
        put_before(verdict, out);
    }
    buffer_printf(out, "policy      SHA-256 ");
    text_hex(out, hash_view(&verdict->policy));
    buffer_printf(out, "\n");
    if (verdict->stop.status == 0) {
        buffer_printf(out, "checked     %llu records, %llu signatures, %llu details\n", U(verdict->records), U(verdict->signatures),
                      U(verdict->details));
    }
}

/* How many things the answer is about, and where they are. */
static void put_things(const struct verdict *verdict, struct buffer *out)
{
    uint64_t total = 0;
    for (unsigned state = THING_UNUSED; state < THING_SAME; state++) {
        total += verdict->things[state];
    }
    if (verdict->stop.status != 0 || verdict->custody_open || total == 0) {
        return;
    }
    buffer_printf(out, "covers      %llu thing%s:", U(total), total == 1 ? "" : "s");
    bool first = true;
    for (unsigned state = THING_UNUSED; state < THING_SAME; state++) {
        if (verdict->things[state] > 0) {
            buffer_printf(out, "%s %llu %s", first ? "" : ",", U(verdict->things[state]), state_name((enum thing_state)state));
            first = false;
        }
    }
    buffer_printf(out, "\n");
}

static void put_witnesses(const struct verdict *verdict, struct buffer *out)
{
    if (verdict->stop.status == 0 && verdict->since_size > 0) {
        buffer_printf(out, "continues   the older paper of %llu records: nothing in them was altered, taken out or cut off\n",
                      U(verdict->since_size));
    }
    for (size_t i = 0; i < verdict->witness_count; i++) {
        buffer_printf(out, "witnessed   by %s%s at ", verdict->witnesses[i].name, verdict->witnesses[i].auditor ? " (auditor)" : "");
        text_time(out, verdict->witnesses[i].time_s);
        buffer_printf(out, "\n");
    }
    for (size_t i = 0; i < verdict->time_count && i < LISTED_MAX; i++) {
        buffer_printf(out, "proven      the first %llu records existed at ", U(verdict->times[i].size));
        text_time(out, verdict->times[i].time_s);
        buffer_printf(out, ", says %s\n", verdict->times[i].who);
    }
}

/* How far others' word on time reaches. Views are of the first records of a ledger, so what they leave out is at its end. */
static void put_proven(const struct verdict *verdict, struct buffer *out)
{
    size_t proven = 0;
    while (proven < verdict->moment_count && verdict->moments[proven].not_after != SIZE_MAX) {
        proven++;
    }
    if (verdict->stop.status != 0 || verdict->moment_count == 0) {
        return;
    }
    size_t left = verdict->moment_count - proven;
    if (proven == 0) {
        buffer_printf(out, "time        on the station's own word: nobody else proves when a record was made\n");
    } else {
        buffer_printf(out, "time        %s ", left == 0 ? "every record is proven not later than" : "proven not later than");
        text_time(out, verdict->times[verdict->moments[proven - 1].not_after].time_s);
    }
    if (proven > 0 && left > 0) {
        buffer_printf(out, " up to record %llu; %zu later one%s proven by nobody but the station", U(verdict->moments[proven - 1].record), left,
                      left == 1 ? " is" : "s are");
    }
    buffer_printf(out, "%s", proven > 0 ? "\n" : "");
    if (verdict->quote_count > 0) {
        const struct verdict_quote *last = &verdict->quotes[verdict->moments[verdict->moment_count - 1].not_before];
        buffer_printf(out, "            records from %llu on are proven not earlier than ", U(last->record));
        text_time(out, last->time_s);
        buffer_printf(out, ", says %s\n", last->who);
    }
    for (size_t i = 0; i < verdict->beacon_count && i < LISTED_MAX; i++) {
        buffer_printf(out, "            record %llu quotes, for you to look up: ", U(verdict->beacons[i].record));
        buffer_append_view(out, buffer_view(&verdict->beacons[i].text));
        buffer_printf(out, "\n");
    }
}

/* Whose word it is that nothing was taken out (witnesses), and that nothing is left out (auditors). */
static void put_names(const struct verdict_witness *list, size_t count, bool auditors, const char **comma, struct buffer *out)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i].auditor || !auditors) {
            buffer_printf(out, "%s%s (%llu records)", *comma, list[i].name, U(list[i].size));
            *comma = ", ";
        }
    }
}

static void put_vouchers(const struct verdict *verdict, struct buffer *out)
{
    const char *comma = "append-only on the word of ";
    if (verdict->stop.status != 0) {
        return;
    }
    buffer_printf(out, "history     ");
    put_names(verdict->witnesses, verdict->witness_count, false, &comma, out);
    put_names(verdict->later, verdict->later_count, false, &comma, out);
    buffer_printf(out, "%s\n", verdict->witness_count + verdict->later_count > 0 ? "" : "append-only on the station's own word");
    if (!verdict->audited) {
        buffer_printf(out, "            complete on the station's own word\n");
        return;
    }
    comma = "            complete on the word of ";
    put_names(verdict->audited_later ? verdict->later : verdict->witnesses, verdict->audited_later ? verdict->later_count : verdict->witness_count,
              true, &comma, out);
    buffer_printf(out, ", who recomputed every head and replayed every rule\n");
}

static const char *unbroken(const struct verdict *verdict, const struct verdict_asked *asked)
{
    return asked->broken ? "NO" : verdict->custody_open ? "not checked" : "yes";
}

static void put_asked(const struct verdict *verdict, struct buffer *out)
{
    char name[NAME_BYTES];
    if (verdict->asked_count == 0) {
        return;
    }
    buffer_printf(out, "\n%-16s %-10s %8s  unaltered  whole  genuine  witnessed  custody unbroken\n", "asked for", "", "records");
    size_t shown = 0, left = 0;
    for (size_t i = 0; i < verdict->asked_count; i++) {
        const struct verdict_asked *asked = &verdict->asked[i];
        if (shown == LISTED_MAX && !asked->broken) {
            left++;
            continue;
        }
        shown += asked->broken ? 0 : 1;
        name_format(view_text(verdict->code_text), asked->subject, name);
        buffer_printf(out, "%-16s %-10s %8llu  yes        yes    yes      %-9s  %s\n", name, type_name(asked->type), U(asked->records),
                      verdict->witness_count > 0 ? "yes" : "no", unbroken(verdict, asked));
    }
    if (left > 0) {
        buffer_printf(out, "... and %zu more, all as in the lines above, custody unbroken: %s\n", left,
                      verdict->custody_open ? "not checked" : "yes");
    }
}

/* Behind a deviation: why, as its signers stated it. */
static void put_reason(const struct buffer *reason, struct buffer *out)
{
    if (reason->len == 0) {
        buffer_printf(out, "; no reason is stated");
        return;
    }
    buffer_printf(out, "; reason stated: ");
    buffer_append_view(out, buffer_view(reason));
}

static void put_findings(const struct verdict *verdict, bool breaches, const char *title, struct buffer *out)
{
    size_t count = 0, deviations = 0;
    for (size_t i = 0; i < verdict->finding_count; i++) {
        const struct finding *finding = &verdict->findings[i];
        if (finding->breach != breaches) {
            continue;
        }
        count++;
        if (count == 1) {
            buffer_printf(out, "\n%s\n", title);
        }
        if (count > LISTED_MAX && !breaches) {
            continue;
        }
        if (finding->record == NOTHING) {
            buffer_printf(out, "  now: ");
        } else {
            buffer_printf(out, "  record %llu: ", U(finding->record));
        }
        buffer_printf(out, "%s: %s", finding->code, finding->text);
        if (breaches && strcmp(finding->code, "deviation") == 0 && deviations < verdict->reason_count) {
            put_reason(&verdict->reasons[deviations++], out);
        }
        buffer_printf(out, "\n");
    }
    if (count > LISTED_MAX && !breaches) {
        buffer_printf(out, "  ... and %zu more (see --json)\n", count - LISTED_MAX);
    }
}

static void put_court(const struct verdict *verdict, struct buffer *out)
{
    if (verdict->topic_count > 0) {
        buffer_printf(out, "\nWhat a court will ask, and who can answer\n");
    }
    for (size_t i = 0; i < verdict->topic_count; i++) {
        const struct verdict_topic *topic = &verdict->topics[i];
        buffer_printf(out, "  %s:", topic->about->code);
        for (size_t j = 0; j < COURT_QUESTIONS && topic->about->questions[j] != NULL; j++) {
            buffer_printf(out, " %s", topic->about->questions[j]);
        }
        buffer_printf(out, "\n");
        for (size_t j = 0; j < topic->count; j++) {
            buffer_printf(out, "      record %llu: ", U(topic->records[j]));
            buffer_append_view(out, buffer_view(&topic->who[j]));
            buffer_printf(out, "\n");
        }
        if (topic->more) {
            buffer_printf(out, "      and the signers of more records (above)\n");
        }
    }
}

static void put_withheld(const struct verdict *verdict, struct buffer *out)
{
    char name[NAME_BYTES] = "the act";
    if (verdict->withheld_count > 0) {
        buffer_printf(out, "\nDetails withheld or erased under a recorded order\n");
    }
    for (size_t i = 0; i < verdict->withheld_count; i++) {
        const struct verdict_withheld *withheld = &verdict->withheld[i];
        const struct detail_name *known = detail_by_number(withheld->name);
        if (withheld->subject != NOTHING) {
            name_format(view_text(verdict->code_text), withheld->subject, name);
        }
        buffer_printf(out, "  record %llu: %s of %s (%llu) is %s record %llu\n", U(withheld->record),
                      known == NULL ? "a detail" : known->name, withheld->subject == NOTHING ? "the act" : name, U(withheld->ordinal),
                      withheld->erased ? "erased by" : "withheld under the order of", U(withheld->under));
    }
}

static void put_not_proven(const struct verdict *verdict, struct buffer *out)
{
    if (verdict->stop.status != 0) {
        return;
    }
    buffer_printf(out, "\nNot proven by this check\n"
                       "  that what was recorded is true, or that nothing happened which nobody recorded;\n"
                       "  that a key was used by its owner: \"genuine\" means signed with the key of a person in office then.\n");
    if (verdict->witness_count == 0) {
        buffer_printf(out, "  that no later records were cut off, and no earlier ones taken out that no later signer in this file\n"
                           "  had seen: no witness of the policy has cosigned; that stands on the station's word alone.\n"
                           "  Compare with an older paper or file (--since), if anyone has one.\n");
    } else if (verdict->quorum_splits) {
        buffer_printf(out, "  that nobody was shown another history: a split view is possible, for two separate groups of witnesses\n"
                           "  could each satisfy this policy.\n");
    }
    if (!verdict->audited) {
        buffer_printf(out, "  the heads record by independent recomputation: no auditor vouches for it; \"whole\" stands on the\n"
                           "  station's heads, and a false one can be exposed by anyone who holds a record that it hides.\n");
    }
}

/* All that a certificate's page may state. */
static void put_certificate(const struct verdict *verdict, struct buffer *out)
{
    if (verdict->certificate[0] == '\0') {
        return;
    }
    if (verdict->line_count == 0) {
        buffer_printf(out, "\nCERTIFICATE %s: custody cannot be judged, so nothing that the page says is confirmed.\n", verdict->certificate);
        return;
    }
    buffer_printf(out, "\nCERTIFICATE %s. The paper must say exactly this; a page that says otherwise is forged.\n"
                       "This program has checked what is attached to the paper. It has not seen the page itself: compare.\n",
                  verdict->certificate);
    for (size_t i = 0; i < verdict->line_count; i++) {
        const struct certified_line *line = &verdict->lines[i];
        buffer_printf(out, "%5zu. %s: ", i + 1, line->label);
        buffer_append_view(out, buffer_view(&line->value));
        buffer_printf(out, line->word == NULL ? "%s\n" : line->value.len == 0 ? "%s\n" : " (%s)\n", line->word == NULL ? "" : line->word);
    }
    if (!hash_equal(&verdict->certified_policy, &verdict->policy)) {
        buffer_printf(out, "It was certified under another policy than the one that was used here: whom the paper names as witnesses may differ.\n");
    }
}

void verdict_print(const struct verdict *verdict, struct buffer *out)
{
    put_headline(verdict, out);
    put_as_of(verdict, out);
    put_reasons(verdict, out);
    put_certificate(verdict, out);
    put_identity(verdict, out);
    put_things(verdict, out);
    put_witnesses(verdict, out);
    put_vouchers(verdict, out);
    put_proven(verdict, out);
    put_asked(verdict, out);
    /* What was found on the way to a stop is no finding: the history that it was found in is not the one that happened. */
    if (verdict->stop.status == 0) {
        put_findings(verdict, true, "Rules of custody broken", out);
        put_court(verdict, out);
        put_findings(verdict, false, "Findings for the court to weigh", out);
        put_withheld(verdict, out);
    }
    if (verdict->history.len > 0) {
        buffer_printf(out, "\n");
        buffer_append_view(out, buffer_view(&verdict->history));
    }
    put_not_proven(verdict, out);
}
