/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A receipt of every file in tests/vectors that verifies. Breaks when a receipt is made of what does not verify or of what is no act, when its text
 * is not the record and the signed checkpoint of the bundle, when the same bundle gives other bytes, or when more QR than fit into a row are lost.
 *
 * With KEEP set, a receipt whose text stands in many QR is left in KEEP.pdf, with its text in KEEP.txt, for tests/custody/test_receipt.sh.
 */
#include "printer/receipt.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "printer/dossier_look.h"
#include "tests/support/vectors.h"
#include "verify/receipt.h"

enum { DRAWN_EVERY = 8 };

static json_t *vectors;

static void setup(void)
{
    vectors = vectors_load();
}

static void teardown(void)
{
    json_decref(vectors);
}

static const char *file_of(const json_t *vector)
{
    return json_string_value(json_object_get(vector, "file"));
}

/* Opens one by name; the caller closes run and receipt. */
static enum status open_named(const char *file, uint64_t record, struct view web, struct vector_run *run, struct receipt_paper *out, struct fault *fault)
{
    size_t i;
    json_t *vector;

    json_array_foreach (vectors, i, vector) {
        if (strcmp(file_of(vector), file) == 0) {
            vector_open(vector, run);
            return receipt_paper_open(run->hasher, run->policy, buffer_view(&run->file), &run->options, record, web, out, fault);
        }
    }
    ck_abort_msg("no vector %s", file);
}

/* Its text says the record and the checkpoint of the bundle. */
static void says_the_truth(const char *file, struct hasher *hasher, const struct receipt_paper *paper)
{
    struct buffer text = { 0 }, bytes = { 0 }, note = { 0 };
    struct fault fault = { 0 };
    enum paper_kind kind;
    struct receipt receipt;
    const struct dossier_record *record = &paper->dossier.records[paper->row];

    receipt_paper_text(paper, &text);
    ck_assert_msg(paper_read(buffer_view(&text), &kind, &bytes, &fault) == STATUS_OK, "%s: %s", file, fault.text);
    ck_assert_int_eq(kind, PAPER_RECEIPT);
    ck_assert(receipt_decode(buffer_view(&bytes), &receipt, &fault) == STATUS_OK);
    ck_assert_uint_eq(receipt.index, record->index);
    ck_assert(hash_equal(&receipt.record, &record->hash));
    ck_assert(receipt_note(hasher, &receipt, &note, &fault) == STATUS_OK);
    ck_assert_uint_le(note.len, paper->dossier.note.len);
    ck_assert_msg(memcmp(note.ptr, paper->dossier.note.ptr, note.len) == 0, "%s", file);
    ck_assert_msg(receipt.signature_count == 1 || note.len == paper->dossier.note.len, "%s", file);
    buffer_free(&text);
    buffer_free(&bytes);
    buffer_free(&note);
}

/* The last act of the bundle, for which the receipt is asked; NOTHING: unread. */
static uint64_t last_act(const struct dossier *dossier)
{
    for (size_t i = dossier->record_count; i > 0; i--) {
        if (dossier->records[i - 1].is_act) {
            return dossier->records[i - 1].index;
        }
    }
    return NOTHING;
}

/* Nothing is wrong but that witnesses or auditors have not signed: they may yet, and the receipt cannot wait for them. */
static bool lacks_others_alone(const struct verdict *verdict)
{
    bool alone = verdict->status == 2 && verdict->stop.status == 0 && verdict->note_count > 0;

    for (size_t i = 0; i < verdict->note_count; i++) {
        alone = alone && (strcmp(verdict->notes[i].code, "quorum") == 0 || strcmp(verdict->notes[i].code, "auditors") == 0);
    }
    return alone;
}

static void try_vector(const json_t *vector, size_t *made)
{
    const struct receipt_form form = { .copies = 1, .languages = { .first = LANGUAGE_VI, .second = LANGUAGE_KM, .both = true } };
    const char *file = file_of(vector);
    struct vector_run run = { 0 };
    struct dossier dossier = { 0 };
    struct receipt_paper paper = { 0 };
    struct buffer pdf = { 0 };
    struct fault fault = { 0 };

    vector_open(vector, &run);
    if (run.policy != NULL) {
        ck_assert(dossier_open(run.hasher, run.policy, buffer_view(&run.file), &run.options, &dossier, &fault) == STATUS_OK);
        bool good = dossier.read && (dossier.verdict.status == 0 || dossier.verdict.status == 3 || lacks_others_alone(&dossier.verdict));
        uint64_t record = dossier.read ? last_act(&dossier) : 0;
        enum status status = receipt_paper_open(run.hasher, run.policy, buffer_view(&run.file), &run.options, record, view_text(""), &paper, &fault);
        ck_assert_msg((status == STATUS_OK) == good, "%s: %s", file, fault.text);
        ck_assert_msg(good || status == STATUS_REFUSED, "%s", file);
        ck_assert_msg(good || strstr(fault.text, dossier.verdict.code) != NULL, "%s: %s", file, fault.text);
        if (good) {
            says_the_truth(file, run.hasher, &paper);
            status = *made % DRAWN_EVERY == 0 ? receipt_paper_draw(&paper, &form, &pdf, &fault) : STATUS_OK;
            ck_assert_msg(status == STATUS_OK, "%s: %s", file, fault.text);
            ++*made;
        }
    }
    buffer_free(&pdf);
    receipt_paper_close(&paper);
    dossier_close(&dossier);
    vector_close(&run);
}

START_TEST(every_vector_that_verifies_gives_a_receipt)
{
    size_t i, made = 0;
    json_t *vector;

    json_array_foreach (vectors, i, vector) {
        try_vector(vector, &made);
    }
    ck_assert_uint_gt(made, 50);
}
END_TEST

START_TEST(what_is_no_act_gets_none)
{
    struct vector_run run = { 0 };
    struct receipt_paper paper = { 0 };
    struct fault fault = { 0 };

    ck_assert(open_named("smallest.bundle", 1, view_text(""), &run, &paper, &fault) == STATUS_REFUSED); /* a heads record */
    ck_assert_msg(strstr(fault.text, "record 1 is no act") != NULL, "%s", fault.text);
    vector_close(&run);
    fault_clear(&fault);
    ck_assert(open_named("smallest.bundle", 2, view_text(""), &run, &paper, &fault) == STATUS_REFUSED); /* beyond the end */
    vector_close(&run);
    fault_clear(&fault);
    ck_assert(open_named("smallest.bundle", 0, view_text("HTTPS://EVIDENCE.EXAMPLE/"), &run, &paper, &fault) == STATUS_REFUSED); /* no # */
    ck_assert_uint_eq(paper.bytes.len, 0);
    vector_close(&run);
}
END_TEST

START_TEST(the_same_bundle_gives_the_same_bytes)
{
    const struct receipt_form form = { .copies = 2, .agency = view_text("Customs · គយ") };
    struct buffer pdf[2] = { { 0 } };

    for (size_t i = 0; i < 2; i++) {
        struct vector_run run = { 0 };
        struct receipt_paper paper = { 0 };
        struct fault fault = { 0 };
        ck_assert(open_named("smallest.bundle", 0, view_text("HTTPS://EVIDENCE.EXAMPLE/#"), &run, &paper, &fault) == STATUS_OK);
        ck_assert(strncmp((const char *)paper.texts.texts[0].ptr, "HTTPS://EVIDENCE.EXAMPLE/#U1R/1/1/", 34) == 0);
        ck_assert_msg(receipt_paper_draw(&paper, &form, &pdf[i], &fault) == STATUS_OK, "%s", fault.text);
        receipt_paper_close(&paper);
        vector_close(&run);
    }
    ck_assert(view_equal(buffer_view(&pdf[0]), buffer_view(&pdf[1])));
    buffer_free(&pdf[0]);
    buffer_free(&pdf[1]);
}
END_TEST

static void keep(const char *ending, struct view bytes)
{
    char path[512];
    if (getenv("KEEP") == NULL) {
        return;
    }
    (void)snprintf(path, sizeof path, "%s%s", getenv("KEEP"), ending);
    FILE *file = fopen(path, "wb");
    ck_assert(file != NULL && fwrite(bytes.ptr, 1, bytes.len, file) == bytes.len && fclose(file) == 0);
}

/* As with a deep tree and many witnesses: what does not fit into one symbol goes on in others, each with its number. */
START_TEST(a_long_receipt_stands_in_several_symbols)
{
    const struct receipt_form form = { .copies = 1 };
    struct vector_run run = { 0 };
    struct receipt_paper paper = { 0 };
    struct buffer pdf = { 0 }, text = { 0 };
    struct fault fault = { 0 };

    ck_assert(open_named("smallest.bundle", 0, view_text(""), &run, &paper, &fault) == STATUS_OK);
    paper_texts_free(&paper.texts);
    ck_assert(paper_write(PAPER_RECEIPT, buffer_view(&paper.bytes), 40, view_text("HTTPS://EVIDENCE.EXAMPLE/#"), &paper.texts, &fault) == STATUS_OK);
    ck_assert_uint_gt(paper.texts.count, 4);
    ck_assert_msg(receipt_paper_draw(&paper, &form, &pdf, &fault) == STATUS_OK, "%s", fault.text);
    receipt_paper_text(&paper, &text);
    keep(".pdf", buffer_view(&pdf));
    keep(".txt", buffer_view(&text));
    buffer_free(&pdf);
    buffer_free(&text);
    receipt_paper_close(&paper);
    vector_close(&run);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("receipt");
    TCase *tcase = tcase_create("receipt");
    tcase_set_timeout(tcase, 240);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, every_vector_that_verifies_gives_a_receipt);
    tcase_add_test(tcase, what_is_no_act_gets_none);
    tcase_add_test(tcase, the_same_bundle_gives_the_same_bytes);
    tcase_add_test(tcase, a_long_receipt_stands_in_several_symbols);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
