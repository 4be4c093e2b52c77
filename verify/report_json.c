/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_json: the verdict as one JSON object (SPEC 16). null stands where there is nothing to say.
 */
#include "verify/court.h"

#include "verify/name.h"
#include "verify/text.h"

#include <string.h>

#define U(x) ((unsigned long long)(x))

static void put_text(struct buffer *out, const char *key, const char *text)
{
    buffer_printf(out, "\"%s\":", key);
    text_json(out, view_text(text));
}

static void put_number(struct buffer *out, const char *key, uint64_t number)
{
    if (number == NOTHING) {
        buffer_printf(out, "\"%s\":null", key);
    } else {
        buffer_printf(out, "\"%s\":%llu", key, U(number));
    }
}

static void put_time(struct buffer *out, const char *key, uint64_t time_s)
{
    buffer_printf(out, "\"%s\":\"", key);
    text_time(out, time_s);
    buffer_printf(out, "\"");
}

static void put_place(const struct verdict *verdict, struct buffer *out)
{
    const struct stop *stop = &verdict->stop;
    bool stopped = stop->status != 0, noted = !stopped && verdict->note_count > 0;
    uint64_t record = stopped ? stop->record : noted ? verdict->notes[0].record : NOTHING;
    uint64_t subject = stopped ? stop->subject : noted ? verdict->notes[0].subject : NOTHING;
    if (record != NOTHING) {
        buffer_printf(out, "\"place\":{\"record\":%llu}", U(record));
    } else if (subject != NOTHING) {
        buffer_printf(out, "\"place\":{\"subject\":%llu}", U(subject));
    } else if (stop->status != 0 && stop->byte != NOTHING) {
        buffer_printf(out, "\"place\":{\"byte\":%llu}", U(stop->byte));
    } else {
        buffer_printf(out, "\"place\":null");
    }
}

/* The reason that a deviation states; null of other breaches, and where none is stated. */
static void put_reason(const struct verdict *verdict, const struct finding *finding, size_t *next, struct buffer *out)
{
    const struct buffer *reason = NULL;
    if (strcmp(finding->code, "deviation") == 0 && *next < verdict->reason_count) {
        reason = &verdict->reasons[(*next)++];
    }
    buffer_printf(out, ",\"reason\":");
    if (reason == NULL || reason->len == 0) {
        buffer_printf(out, "null");
    } else {
        text_json(out, buffer_view(reason));
    }
}

static void put_findings(const struct verdict *verdict, bool breaches, struct buffer *out)
{
    bool first = true;
    size_t deviations = 0;
    buffer_printf(out, "\"%s\":[", breaches ? "breaches" : "findings");
    for (size_t i = 0; i < verdict->finding_count && verdict->stop.status == 0; i++) {
        const struct finding *finding = &verdict->findings[i];
        if (finding->breach != breaches) {
            continue;
        }
        buffer_printf(out, "%s{", first ? "" : ",");
        first = false;
        put_text(out, "code", finding->code);
        buffer_printf(out, ",");
        put_number(out, "record", finding->record);
        buffer_printf(out, ",");
        put_number(out, "subject", finding->subject);
        buffer_printf(out, ",");
        put_text(out, "text", finding->text);
        if (breaches) {
            put_reason(verdict, finding, &deviations, out);
        }
        buffer_printf(out, "}");
    }
    buffer_printf(out, "]");
}

static void put_topic(const struct verdict_topic *topic, struct buffer *out)
{
    put_text(out, "code", topic->about->code);
    buffer_printf(out, ",\"questions\":[");
    for (size_t i = 0; i < COURT_QUESTIONS && topic->about->questions[i] != NULL; i++) {
        buffer_printf(out, "%s", i == 0 ? "" : ",");
        text_json(out, view_text(topic->about->questions[i]));
    }
    buffer_printf(out, "],\"records\":[");
    for (size_t i = 0; i < topic->count; i++) {
        buffer_printf(out, "%s{\"record\":%llu,\"who\":", i == 0 ? "" : ",", U(topic->records[i]));
        text_json(out, buffer_view(&topic->who[i]));
        buffer_printf(out, "}");
    }
    buffer_printf(out, "],\"more\":%s", topic->more ? "true" : "false");
}

static void put_court(const struct verdict *verdict, struct buffer *out)
{
    buffer_printf(out, "\"court_will_ask\":[");
    for (size_t i = 0; i < verdict->topic_count && verdict->stop.status == 0; i++) {
        buffer_printf(out, "%s{", i == 0 ? "" : ",");
        put_topic(&verdict->topics[i], out);
        buffer_printf(out, "}");
    }
    buffer_printf(out, "]");
}

static void put_notes(const struct verdict *verdict, struct buffer *out)
{
    buffer_printf(out, "\"notes\":[");
    for (size_t i = 0; i < verdict->note_count; i++) {
        buffer_printf(out, "%s{", i == 0 ? "" : ",");
        put_text(out, "code", verdict->notes[i].code);
        buffer_printf(out, ",");
        put_text(out, "text", verdict->notes[i].text);
        buffer_printf(out, "}");
    }
    buffer_printf(out, "]");
}

static void put_asked(const struct verdict *verdict, struct buffer *out)
{
    char name[NAME_BYTES];
    buffer_printf(out, "\"asked\":[");
    for (size_t i = 0; i < verdict->asked_count; i++) {
        const struct verdict_asked *asked = &verdict->asked[i];
        name_format(view_text(verdict->code_text), asked->subject, name);
        buffer_printf(out, "%s{\"name\":\"%s\",\"subject\":%llu,\"type\":\"%s\",\"records\":%llu,\"unaltered\":true,\"whole\":true,"
                           "\"genuine\":true,\"witnessed\":%s,\"custody_unbroken\":%s}",
                      i == 0 ? "" : ",", name, U(asked->subject), type_name(asked->type), U(asked->records),
                      verdict->witness_count > 0 ? "true" : "false",
                      asked->broken ? "false" : verdict->custody_open ? "null" : "true");
    }
    buffer_printf(out, "]");
}

static void put_withheld(const struct verdict *verdict, struct buffer *out)
{
    buffer_printf(out, "\"withheld\":[");
    for (size_t i = 0; i < verdict->withheld_count && verdict->stop.status == 0; i++) {
        const struct verdict_withheld *withheld = &verdict->withheld[i];
        const struct detail_name *known = detail_by_number(withheld->name);
        buffer_printf(out, "%s{\"record\":%llu,", i == 0 ? "" : ",", U(withheld->record));
        put_number(out, "subject", withheld->subject);
        buffer_printf(out, ",\"name\":%llu,", U(withheld->name));
        put_text(out, "detail", known == NULL ? "" : known->name);
        buffer_printf(out, ",\"ordinal\":%llu,\"erased\":%s,\"under\":%llu}", U(withheld->ordinal), withheld->erased ? "true" : "false",
                      U(withheld->under));
    }
    buffer_printf(out, "]");
}

static void put_witnesses(const struct verdict *verdict, struct buffer *out)
{
    buffer_printf(out, "\"witnesses\":[");
    for (size_t i = 0; i < verdict->witness_count; i++) {
        buffer_printf(out, "%s{", i == 0 ? "" : ",");
        put_text(out, "name", verdict->witnesses[i].name);
        buffer_printf(out, ",");
        put_time(out, "time", verdict->witnesses[i].time_s);
        buffer_printf(out, ",\"auditor\":%s}", verdict->witnesses[i].auditor ? "true" : "false");
    }
    buffer_printf(out, "],\"not_after\":[");
    for (size_t i = 0; i < verdict->time_count && verdict->stop.status == 0; i++) {
        buffer_printf(out, "%s{\"size\":%llu,", i == 0 ? "" : ",", U(verdict->times[i].size));
        put_time(out, "time", verdict->times[i].time_s);
        buffer_printf(out, ",");
        put_text(out, "who", verdict->times[i].who);
        buffer_printf(out, "}");
    }
    buffer_printf(out, "],\"not_before\":[");
    for (size_t i = 0; i < verdict->quote_count && verdict->stop.status == 0; i++) {
        buffer_printf(out, "%s{\"record\":%llu,", i == 0 ? "" : ",", U(verdict->quotes[i].record));
        put_time(out, "time", verdict->quotes[i].time_s);
        buffer_printf(out, ",");
        put_text(out, "who", verdict->quotes[i].who);
        buffer_printf(out, "}");
    }
    buffer_printf(out, "]");
}

static void put_beacons(const struct verdict *verdict, struct buffer *out)
{
    buffer_printf(out, "\"beacons\":[");
    for (size_t i = 0; i < verdict->beacon_count && verdict->stop.status == 0; i++) {
        buffer_printf(out, "%s{\"record\":%llu,\"text\":", i == 0 ? "" : ",", U(verdict->beacons[i].record));
        text_json(out, buffer_view(&verdict->beacons[i].text));
        buffer_printf(out, "}");
    }
    buffer_printf(out, "]");
}

/* Who vouches; a name stands with the number of records that it vouches for. */
static void put_vouchers(const struct verdict *verdict, bool auditors, struct buffer *out)
{
    bool later = !auditors || verdict->audited_later, here = !auditors || !later;
    const char *comma = "";
    buffer_printf(out, "\"%s\":[", auditors ? "complete" : "append_only");
    for (size_t i = 0; i < verdict->witness_count + verdict->later_count && verdict->stop.status == 0 && (!auditors || verdict->audited); i++) {
        bool mine = i < verdict->witness_count;
        const struct verdict_witness *one = mine ? &verdict->witnesses[i] : &verdict->later[i - verdict->witness_count];
        if ((auditors && !one->auditor) || !(mine ? here : later)) {
            continue;
        }
        buffer_printf(out, "%s{", comma);
        comma = ",";
        put_text(out, "name", one->name);
        buffer_printf(out, ",\"size\":%llu,", U(one->size));
        put_time(out, "time", one->time_s);
        buffer_printf(out, "}");
    }
    buffer_printf(out, "]");
}

/* {"time":...,"by":...}, or null. */
static void put_bound(const char *key, const uint64_t *time_s, const char *by, struct buffer *out)
{
    if (time_s == NULL) {
        buffer_printf(out, ",\"%s\":null", key);
        return;
    }
    buffer_printf(out, ",\"%s\":{", key);
    put_time(out, "time", *time_s);
    buffer_printf(out, ",");
    put_text(out, "by", by);
    buffer_printf(out, "}");
}

/* Of every record of the bundle. */
static void put_moments(const struct verdict *verdict, struct buffer *out)
{
    buffer_printf(out, "\"times\":[");
    for (size_t i = 0; i < verdict->moment_count && verdict->stop.status == 0; i++) {
        const struct verdict_moment *moment = &verdict->moments[i];
        const struct verdict_time *after = moment->not_after == SIZE_MAX ? NULL : &verdict->times[moment->not_after];
        const struct verdict_quote *before = moment->not_before == SIZE_MAX ? NULL : &verdict->quotes[moment->not_before];
        buffer_printf(out, "%s{\"record\":%llu,", i == 0 ? "" : ",", U(moment->record));
        put_text(out, "act", moment->act);
        if (moment->claimed_s == NOTHING) {
            buffer_printf(out, ",\"claimed\":null,\"offset\":null,");
        } else {
            buffer_printf(out, ",");
            put_time(out, "claimed", moment->claimed_s);
            buffer_printf(out, ",\"offset\":%d,", moment->offset_min);
        }
        put_time(out, "logged", moment->logged_s);
        put_bound("not_after", after == NULL ? NULL : &after->time_s, after == NULL ? NULL : after->who, out);
        put_bound("not_before", before == NULL ? NULL : &before->time_s, before == NULL ? NULL : before->who, out);
        buffer_printf(out, "}");
    }
    buffer_printf(out, "]");
}

/* The ledger that this one was founded to succeed, as its founders say. */
static void put_succeeds(const struct verdict *verdict, struct buffer *out)
{
    if (verdict->stop.status != 0 || !verdict->has_succeeds) {
        buffer_printf(out, ",\"succeeds\":null");
        return;
    }
    buffer_printf(out, ",\"succeeds\":{\"ledger_id\":\"");
    text_hex(out, hash_view(&verdict->succeeds.ledger));
    buffer_printf(out, "\",\"size\":%llu,\"root\":\"", U(verdict->succeeds.size));
    text_base64(out, hash_view(&verdict->succeeds.root));
    buffer_printf(out, "\",\"inside\":");
    buffer_printf(out, verdict->before == BEFORE_ABSENT ? "null}" : "%llu}", U(verdict->before_size));
}

static void put_identity(const struct verdict *verdict, struct buffer *out)
{
    buffer_printf(out, "\"training\":%s,", verdict->training ? "true" : "false");
    if (verdict->known) {
        put_text(out, "origin", verdict->origin);
        buffer_printf(out, ",\"size\":%llu,\"root\":\"", U(verdict->size));
        text_base64(out, hash_view(&verdict->root));
        buffer_printf(out, "\",");
    } else {
        buffer_printf(out, "\"origin\":null,\"size\":null,\"root\":null,");
    }
    if (verdict->stop.status == 0) {
        buffer_printf(out, "\"ledger_id\":\"");
        text_hex(out, hash_view(&verdict->ledger));
        buffer_printf(out, "\",");
        put_time(out, "logged", verdict->logged_s);
    } else {
        buffer_printf(out, "\"ledger_id\":null,\"logged\":null");
    }
    put_succeeds(verdict, out);
    buffer_printf(out, ",\"policy_sha256\":\"");
    text_hex(out, hash_view(&verdict->policy));
    buffer_printf(out, "\",\"quorum\":%s,\"split_possible\":%s,\"audited\":%s,", verdict->quorum_none ? "\"none\"" : "\"required\"",
                  verdict->quorum_splits ? "true" : "false", verdict->audited ? "true" : "false");
    if (verdict->stop.status == 0 && verdict->since_size > 0) {
        buffer_printf(out, "\"since\":%llu,", U(verdict->since_size));
    } else {
        buffer_printf(out, "\"since\":null,");
    }
    buffer_printf(out, "\"things\":{\"unused\":%llu,\"held\":%llu,\"in_transit\":%llu,\"out\":%llu,\"closed\":%llu},",
                  U(verdict->things[THING_UNUSED]), U(verdict->things[THING_HELD]), U(verdict->things[THING_TRANSIT]),
                  U(verdict->things[THING_OUT]), U(verdict->things[THING_CLOSED]));
    buffer_printf(out, "\"records\":%llu,\"signatures\":%llu,\"details\":%llu,", U(verdict->records), U(verdict->signatures),
                  U(verdict->details));
}

/* null for a bundle or an exhibit. */
static void put_certificate(const struct verdict *verdict, struct buffer *out)
{
    if (verdict->certificate[0] == '\0') {
        buffer_printf(out, "\"certificate\":null");
        return;
    }
    buffer_printf(out, "\"certificate\":{");
    put_text(out, "number", verdict->certificate);
    buffer_printf(out, ",\"same_policy\":%s,\"lines\":[", hash_equal(&verdict->certified_policy, &verdict->policy) ? "true" : "false");
    for (size_t i = 0; i < verdict->line_count; i++) {
        const struct certified_line *line = &verdict->lines[i];
        buffer_printf(out, "%s{", i == 0 ? "" : ",");
        put_text(out, "label", line->label);
        buffer_printf(out, ",\"value\":");
        text_json(out, buffer_view(&line->value));
        buffer_printf(out, ",\"word\":");
        if (line->word == NULL) {
            buffer_printf(out, "null,");
        } else {
            text_json(out, view_text(line->word));
            buffer_printf(out, ",");
        }
        put_number(out, "subject", line->subject);
        buffer_printf(out, "}");
    }
    buffer_printf(out, "]}");
}

void verdict_json(const struct verdict *verdict, struct buffer *out)
{
    buffer_printf(out, "{\"status\":%d,", verdict->status);
    put_text(out, "code", verdict->code);
    buffer_printf(out, ",\"stop\":%s,", verdict->stop.status != 0 ? "true" : "false");
    put_place(verdict, out);
    buffer_printf(out, ",");
    put_text(out, "text", verdict->stop.status != 0 ? verdict->stop.text : verdict->note_count > 0 ? verdict->notes[0].text : "");
    buffer_printf(out, ",");
    put_notes(verdict, out);
    buffer_printf(out, ",");
    put_identity(verdict, out);
    put_witnesses(verdict, out);
    buffer_printf(out, ",");
    put_beacons(verdict, out);
    buffer_printf(out, ",");
    put_vouchers(verdict, false, out);
    buffer_printf(out, ",");
    put_vouchers(verdict, true, out);
    buffer_printf(out, ",");
    put_moments(verdict, out);
    buffer_printf(out, ",");
    put_asked(verdict, out);
    buffer_printf(out, ",");
    put_findings(verdict, true, out);
    buffer_printf(out, ",");
    put_court(verdict, out);
    buffer_printf(out, ",");
    put_findings(verdict, false, out);
    buffer_printf(out, ",");
    put_withheld(verdict, out);
    buffer_printf(out, ",");
    put_certificate(verdict, out);
    buffer_printf(out, "}\n");
}
