/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A dossier of every file in tests/vectors. Breaks when its verdict is not that of verify_file, when there are parts of a file that something
 * stopped (or none of one that nothing stopped), when a part points outside of it or to another's, when a detail that is withheld is shown or the
 * other way round, when a span is left out, or when what it holds is not its own.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "printer/dossier_look.h"
#include "tests/support/vectors.h"
#include "verify/bundle.h"

static json_t *vectors;
static struct vector_run run;
static struct dossier dossier;
static const char *file_name;
static bool is_exhibit; /* of a fork or of false heads: there is nothing in it to keep */

#define HOLDS(what) ck_assert_msg(what, "%s: %s", file_name, #what)

static void setup(void)
{
    vectors = vectors_load();
}

static void teardown(void)
{
    json_decref(vectors);
}

static const char *text_of(const json_t *vector, const char *key)
{
    return json_string_value(json_object_get(vector, key));
}

/* Verifies and opens; the file's bytes are spoilt before anybody looks. */
static void begin(const json_t *vector)
{
    struct fault fault = { 0 };
    file_name = text_of(vector, "file");
    vector_open(vector, &run);
    vector_verify(&run, buffer_view(&run.file));
    memset(&dossier, 0, sizeof dossier);
    if (run.policy != NULL) {
        enum status status = dossier_open(run.hasher, run.policy, buffer_view(&run.file), &run.options, &dossier, &fault);
        ck_assert_msg(status == STATUS_OK, "%s: %s", file_name, fault.text);
    }
    is_exhibit = file_kind(buffer_view(&run.file)) != FILE_BUNDLE;
    memset(run.file.ptr, 0xA5, run.file.len);
}

static void end(void)
{
    dossier_close(&dossier);
    dossier_close(&dossier); /* a closed one is accepted */
    vector_close(&run);
}

static void begin_file(const char *file)
{
    size_t i;
    json_t *vector;
    json_array_foreach (vectors, i, vector) {
        if (strcmp(text_of(vector, "file"), file) == 0) {
            begin(vector);
            return;
        }
    }
    ck_abort_msg("no vector %s", file);
}

/* ---- what holds of every dossier --------------------------------------------------------------- */

static void inside(struct dossier_run part, size_t count)
{
    HOLDS(part.first <= count && part.count <= count - part.first);
}

static void is_text(struct view text)
{
    for (size_t i = 0; i < text.len; i++) {
        HOLDS(text.ptr[i] >= 0x20 && text.ptr[i] != 0x7F);
    }
    HOLDS(text.len == 0 || (text.ptr[0] & 0xC0) != 0x80); /* no rest of a letter, as the spoilt bytes would be */
}

static void entries_hold(const struct dossier_record *record)
{
    size_t details = record->details.first + record->details.count;
    for (size_t i = 0; i < record->entries.count; i++) {
        const struct dossier_entry *entry = &dossier.entries[record->entries.first + i];
        HOLDS(dossier_entry(&dossier, record, entry->subject) == entry);
        HOLDS(entry->known == (dossier_subject(&dossier, entry->subject) != NULL));
        inside(entry->found, dossier.seal_count);
        inside(entry->removed, dossier.seal_count);
        inside(entry->put_on, dossier.seal_count);
        inside(entry->details, dossier.detail_count);
        HOLDS(record->index == NOTHING || entry->details.first == details);
        details += entry->details.count;
        for (size_t j = 0; j < entry->details.count; j++) {
            HOLDS(dossier.details[entry->details.first + j].subject == entry->subject);
        }
    }
    HOLDS(record->index == NOTHING || details == record->all_details.first + record->all_details.count);
}

static void record_holds(const struct dossier_record *record)
{
    inside(record->signers, dossier.signer_count);
    inside(record->entries, dossier.entry_count);
    inside(record->details, dossier.detail_count);
    inside(record->all_details, dossier.detail_count);
    HOLDS(record->late == SIZE_MAX || (record->late < dossier.late_count && (record->kind == KIND_LODGE || record->kind == KIND_ADOPT)));
    HOLDS(record->answers == NOTHING || record->answers < record->index);
    HOLDS(record->amends == NOTHING || dossier_record(&dossier, record->amends) != NULL);
    HOLDS(record->is_act == (record->signers.count > 0) && record->is_act == (record->entries.count > 0));
    entries_hold(record);
}

static void records_hold(void)
{
    size_t signatures = 0;
    HOLDS(dossier.record_count == dossier.verdict.records);
    for (size_t i = 0; i < dossier.record_count; i++) {
        const struct dossier_record *record = &dossier.records[i];
        HOLDS(i == 0 || dossier.records[i - 1].index < record->index);
        HOLDS(dossier_record(&dossier, record->index) == record);
        record_holds(record);
        signatures += record->signers.count;
    }
    HOLDS(signatures == dossier.signature_count && signatures == dossier.verdict.signatures);
    for (size_t i = 0; i < dossier.late_count; i++) {
        HOLDS(dossier.late[i].index == NOTHING && dossier.late[i].is_act);
        entries_hold(&dossier.late[i]);
    }
}

/* Shown is what was disclosed, and the others are those that the verdict names, in its order. */
static void details_hold(void)
{
    size_t hidden = 0;
    for (size_t i = 0; i < dossier.record_count; i++) {
        const struct dossier_run *all = &dossier.records[i].all_details;
        for (size_t j = all->first; j < all->first + all->count; j++) {
            const struct dossier_detail *detail = &dossier.details[j];
            is_text(detail->text);
            is_text(detail->media);
            if (detail->shown == DOSSIER_SHOWN) {
                continue;
            }
            HOLDS(hidden < dossier.verdict.withheld_count && detail->text.len == 0 && detail->media.len == 0);
            const struct verdict_withheld *told = &dossier.verdict.withheld[hidden++];
            HOLDS(told->record == dossier.records[i].index && told->subject == detail->subject && told->name == detail->name &&
                  told->ordinal == detail->ordinal && told->under == detail->under && told->erased == (detail->shown == DOSSIER_ERASED));
        }
    }
    HOLDS(hidden == dossier.verdict.withheld_count && dossier.detail_count - hidden == dossier.verdict.details);
}

/* The spans follow each other without a gap, and the last one says what the state at the end says. */
static void thing_holds(const struct dossier_subject *subject)
{
    const struct dossier_thing *thing = &subject->thing;
    inside(thing->spans, dossier.span_count);
    inside(thing->seals, dossier.seal_count);
    HOLDS(thing->spans.count > 0 && thing->item <= thing->items);
    const struct dossier_span *spans = &dossier.spans[thing->spans.first], *last = &spans[thing->spans.count - 1];
    HOLDS(spans[0].record == dossier.records[dossier.thread[subject->thread.first]].index);
    for (size_t i = 0; i < thing->spans.count; i++) {
        bool more = i + 1 < thing->spans.count;
        HOLDS(spans[i].thing == subject->number && dossier_record(&dossier, spans[i].record) != NULL);
        HOLDS(spans[i].until == (more ? spans[i + 1].record : NOTHING) && spans[i].until_s == (more ? spans[i + 1].from_s : NOTHING));
    }
    HOLDS(!dossier.custody_known || (last->state == thing->state && last->holder == thing->holder && last->place == thing->place &&
                                     last->in == thing->container && last->open == thing->open && last->due_s == thing->due_s));
}

/* Each thing's own thread is on its way; and what stands at it. */
static void passage_holds(const struct dossier_subject *subject)
{
    struct dossier_passage passage;
    struct fault fault = { 0 };
    size_t own = 0;
    HOLDS(dossier_passage(&dossier, &subject->number, 1, &passage, &fault) == STATUS_OK);
    for (size_t i = 0; i < passage.passage.count; i++) {
        own += passage.passage.rows[i].subject == subject->number ? 1 : 0;
        HOLDS(dossier_record(&dossier, passage.passage.rows[i].index) != NULL);
    }
    HOLDS(own == subject->thread.count && passage.finding_count >= subject->findings.count);
    for (size_t i = 1; i < passage.finding_count; i++) {
        HOLDS(passage.findings[i - 1] < passage.findings[i]);
    }
    dossier_passage_close(&passage);
}

static void subjects_hold(void)
{
    char name[NAME_BYTES];
    HOLDS(dossier.subject_count > 0 && dossier.subjects[0].number == 0);
    for (size_t i = 0; i < dossier.subject_count; i++) {
        const struct dossier_subject *subject = &dossier.subjects[i];
        HOLDS(dossier_subject(&dossier, subject->number) == subject);
        HOLDS(strcmp(dossier_name(&dossier, subject->number, name), subject->name) == 0);
        inside(subject->thread, dossier.thread_count);
        inside(subject->findings, dossier.about_count);
        inside(subject->corrections, dossier.correction_count);
        inside(subject->signatures, dossier.signature_count);
        is_text(subject->title);
        is_text(subject->agency);
        HOLDS(subject->thread.count > 0 && subject->is_thing == (subject->type == TYPE_ITEM || subject->type == TYPE_CONTAINER));
        for (size_t j = 0; j < subject->thread.count; j++) {
            HOLDS(dossier_entry(&dossier, &dossier.records[dossier.thread[subject->thread.first + j]], subject->number) != NULL);
        }
        for (size_t j = 0; j < subject->signatures.count; j++) {
            HOLDS(dossier.signatures[subject->signatures.first + j].person == subject->number);
        }
        if (subject->is_thing) {
            thing_holds(subject);
            passage_holds(subject);
        }
    }
}

/* By subject every finding stands where it belongs, and by record each is found once. */
static void findings_hold(void)
{
    size_t found = 0;
    for (size_t i = 0; i < dossier.verdict.finding_count; i++) {
        const struct finding *finding = &dossier.verdict.findings[i];
        struct dossier_run at = dossier_findings(&dossier, finding->record);
        const struct dossier_subject *subject = dossier_subject(&dossier, finding->subject);
        bool listed = subject == NULL;
        HOLDS(at.first <= i && i < at.first + at.count);
        for (size_t j = 0; subject != NULL && j < subject->findings.count; j++) {
            listed = listed || dossier.about[subject->findings.first + j] == i;
        }
        HOLDS(listed);
    }
    for (size_t i = 0; i < dossier.record_count; i++) {
        found += dossier_findings(&dossier, dossier.records[i].index).count;
    }
    HOLDS(found + dossier_findings(&dossier, NOTHING).count == dossier.verdict.finding_count);
}

START_TEST(every_vector)
{
    size_t i, read = 0;
    json_t *vector;
    json_array_foreach (vectors, i, vector) {
        begin(vector);
        if (run.policy != NULL) {
            HOLDS(dossier.verdict.status == run.verdict.status && strcmp(dossier.verdict.code, run.verdict.code) == 0);
            HOLDS(dossier.verdict.finding_count == run.verdict.finding_count && dossier.verdict.stop.status == run.verdict.stop.status);
            HOLDS(!dossier.read || (dossier.verdict.stop.status == 0 && !is_exhibit));
            HOLDS(dossier.read || dossier.verdict.status == 1 || dossier.verdict.status == 2);
        }
        if (dossier.read) {
            read++;
            records_hold();
            details_hold();
            subjects_hold();
            findings_hold();
        } else {
            HOLDS(dossier.record_count == 0 && dossier.subject_count == 0 && dossier.records == NULL && dossier.note.len == 0);
        }
        end();
    }
    ck_assert_uint_gt(read, 200);
}
END_TEST

/* ---- some, as they are ------------------------------------------------------------------------- */

/* The late release is told of by its lodge and by its adoption, and it is not one of the ledger's records. */
START_TEST(a_late_act)
{
    size_t adoptions = 0;
    begin_file("adopted-release.bundle");
    HOLDS(dossier.read && dossier.late_count > 0);
    for (size_t i = 0; i < dossier.record_count; i++) {
        const struct dossier_record *record = &dossier.records[i];
        if (!record->is_act || record->kind != KIND_ADOPT) {
            continue;
        }
        const struct dossier_record *lodge = dossier_record(&dossier, record->answers);
        adoptions++;
        HOLDS(lodge != NULL && lodge->kind == KIND_LODGE && lodge->late == record->late && record->late != SIZE_MAX);
        const struct dossier_record *late = &dossier.late[record->late];
        HOLDS(late->kind == KIND_RELEASE && late->has_to && late->signers.count > 0);
        HOLDS(dossier.signers[late->signers.first].person == lodge->from.person);
        HOLDS(dossier_entry(&dossier, late, dossier.entries[record->entries.first].subject) != NULL);
    }
    HOLDS(adoptions > 0);
    end();
}
END_TEST

/* An orphan whose bytes are withheld: what it did is not known, and the dossier does not pretend. */
START_TEST(custody_that_is_not_known)
{
    size_t i, seen = 0;
    json_t *vector;
    json_array_foreach (vectors, i, vector) {
        const char *code = text_of(vector, "code");
        if (code == NULL || (strcmp(code, "orphan") != 0 && strcmp(code, "unknown-kind") != 0)) {
            continue;
        }
        begin(vector);
        HOLDS(dossier.read && !dossier.custody_known);
        seen++;
        end();
    }
    ck_assert_uint_gt(seen, 0);
}
END_TEST

/* What is asked of a closed or empty dossier is not there. */
START_TEST(nothing_in_nothing)
{
    struct dossier empty = { 0 };
    struct dossier_subject nobody = { 0 };
    struct dossier_fact fact = { 0 };
    ck_assert_ptr_null(dossier_record(&empty, 0));
    ck_assert_ptr_null(dossier_subject(&empty, 0));
    ck_assert_uint_eq(dossier_findings(&empty, 0).count, 0);
    ck_assert_uint_eq(dossier_findings(&empty, NOTHING).count, 0);
    ck_assert_ptr_null(dossier_stated(&empty, &nobody, NAME_PERSON));
    ck_assert(!dossier_next(&empty, &nobody, UINT32_MAX, &fact));
    dossier_close(&empty);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("dossier");
    TCase *tcase = tcase_create("dossier");
    tcase_set_timeout(tcase, 300);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, every_vector);
    tcase_add_test(tcase, a_late_act);
    tcase_add_test(tcase, custody_that_is_not_known);
    tcase_add_test(tcase, nothing_in_nothing);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
