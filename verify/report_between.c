/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_between: what was recorded between two files, for people and as JSON.
 */
#include "verify/between.h"

#include "verify/name.h"
#include "verify/text.h"

#define U(x) ((unsigned long long)(x))

enum { LISTED_MAX = 200 };

/* The time from which on every new record is above the older checkpoint; and up to which the newer one reaches. */
static uint64_t first_witnessed(const struct verdict *verdict)
{
    uint64_t time_s = verdict->witnesses[0].time_s;
    for (size_t i = 1; i < verdict->witness_count; i++) {
        time_s = verdict->witnesses[i].time_s < time_s ? verdict->witnesses[i].time_s : time_s;
    }
    return time_s;
}

static void put_end(const struct verdict *verdict, struct buffer *out)
{
    buffer_printf(out, "record %llu (logged ", U(verdict->size - 1));
    text_time(out, verdict->logged_s);
    if (verdict->witness_count > 0) {
        buffer_printf(out, ", witnessed at ");
        text_time(out, first_witnessed(verdict));
    }
    buffer_printf(out, ")");
}

static void put_subject(const struct between *between, const struct between_subject *subject, struct buffer *out)
{
    char name[NAME_BYTES];
    struct view code = view_text(between->newer.code_text);
    name_format(code, subject->subject, name);
    buffer_printf(out, "  %s %s: ", type_name(subject->type), name);
    if (subject->count == 0) {
        buffer_printf(out, subject->type == TYPE_CASE ? "no handling was recorded, neither of it nor of its things\n"
                                                      : "no handling was recorded, neither of it nor of anything that it was in\n");
        return;
    }
    buffer_printf(out, "%zu record%s in between\n", subject->count, subject->count == 1 ? "" : "s");
    for (size_t i = 0; i < subject->count && i < LISTED_MAX; i++) {
        const struct between_record *record = &between->records[subject->first + i];
        buffer_printf(out, "    record %llu  ", U(record->index));
        text_time(out, record->logged_s);
        buffer_printf(out, "  %s", record->act);
        if (record->subject != subject->subject) {
            name_format(code, record->subject, name);
            buffer_printf(out, ", of %s", name);
        }
        buffer_printf(out, "\n");
    }
    if (subject->count > LISTED_MAX) {
        buffer_printf(out, "    and %zu more (see --json)\n", subject->count - LISTED_MAX);
    }
}

static void put_answer(const struct between *between, struct buffer *out)
{
    buffer_printf(out, "After ");
    put_end(&between->older, out);
    buffer_printf(out, " and up to ");
    put_end(&between->newer, out);
    buffer_printf(out, ":\n");
    for (size_t i = 0; i < between->subject_count; i++) {
        put_subject(between, &between->subjects[i], out);
    }
    buffer_printf(out, "  %s\n", between->witnessed && between->newer.quorum_splits
                                      ? "Both checkpoints have the policy's quorum; but two sets of witnesses without a common member could each meet it, so a split view is possible."
                                  : between->witnessed ? "Both checkpoints are witnessed as the policy asks: what lies between them cannot have been rewritten."
                                                    : "The two checkpoints stand on the station's own word: they are not witnessed as a policy can ask.");
    buffer_printf(out, "  Nothing is left out of these threads, on the %s word.\n", between->newer.audited ? "auditors'" : "station's own");
    buffer_printf(out, "  Not proven: that nothing happened which nobody recorded.\n");
}

void between_print(const struct between *between, struct buffer *out)
{
    if (between->stop.status != 0) {
        buffer_printf(out, "NOT PROVEN TRUE: the two files contradict each other.\n  %s: %s\n", between->stop.code, between->stop.text);
    } else if (!between->answered) {
        buffer_printf(out, "NOT ANSWERED: what happened between the two files is not known, for one of them does not stand, or the newer does not prove\n"
                           "that it continues the older.\n");
    } else {
        put_answer(between, out);
    }
    buffer_printf(out, "\n--- The older file ---\n");
    verdict_print(&between->older, out);
    buffer_printf(out, "\n--- The newer file ---\n");
    verdict_print(&between->newer, out);
}

static void json_subject(const struct between *between, const struct between_subject *subject, struct buffer *out)
{
    char name[NAME_BYTES];
    name_format(view_text(between->newer.code_text), subject->subject, name);
    buffer_printf(out, "{\"name\":\"%s\",\"subject\":%llu,\"type\":\"%s\",\"silent\":%s,\"records\":[", name, U(subject->subject),
                  type_name(subject->type), subject->count == 0 ? "true" : "false");
    for (size_t i = 0; i < subject->count; i++) {
        const struct between_record *record = &between->records[subject->first + i];
        buffer_printf(out, "%s{\"record\":%llu,\"logged\":\"", i == 0 ? "" : ",", U(record->index));
        text_time(out, record->logged_s);
        buffer_printf(out, "\",\"act\":");
        text_json(out, view_text(record->act));
        buffer_printf(out, ",\"subject\":%llu}", U(record->subject));
    }
    buffer_printf(out, "]}");
}

void between_json(const struct between *between, struct buffer *out)
{
    buffer_printf(out, "{\"status\":%d,\"code\":", between->status);
    text_json(out, view_text(between->code));
    bool audited = between->newer.audited && between->older.stop.status == 0 && between->newer.stop.status == 0;
    buffer_printf(out, ",\"answered\":%s,\"witnessed\":%s,\"audited\":%s,\"text\":", between->answered ? "true" : "false",
                  between->witnessed ? "true" : "false", audited ? "true" : "false");
    text_json(out, view_text(between->stop.text));
    buffer_printf(out, ",\"place\":");
    buffer_printf(out, between->stop.status != 0 ? "{\"subject\":%llu}" : "null", U(between->stop.subject));
    buffer_printf(out, ",\"between\":[");
    for (size_t i = 0; i < between->subject_count && between->answered; i++) {
        buffer_printf(out, "%s", i == 0 ? "" : ",");
        json_subject(between, &between->subjects[i], out);
    }
    buffer_printf(out, "],\"older\":");
    verdict_json(&between->older, out);
    buffer_printf(out, ",\"newer\":");
    verdict_json(&between->newer, out);
    buffer_printf(out, "}\n");
}
