/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lookups that the steps share. Breaks when a search misses an end or finds what is not there, when a growing list
 * loses what it had, when the seventeenth note writes behind the list, or when one of two keys of a name speaks for both.
 */
#include "tests/support/sample_check.h"
#include "tests/support/sample_keys.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define ORIGIN "a.example/abc"

static struct check state;
static struct hasher *hasher;
static struct fault fault;

static void setup(void)
{
    memset(&state, 0, sizeof state);
    fault_clear(&fault);
    ck_assert_int_eq(key_initialise(&fault), STATUS_OK);
    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
}

static void teardown(void)
{
    hasher_close(hasher);
}

/* Lists of 0 to 9 odd numbers, every number from below the first to above the last. */
START_TEST(test_rows_and_leaves)
{
    static struct row rows[9];
    static struct leaf_row leaves[9];

    for (size_t i = 0; i < 9; i++) {
        rows[i].index = leaves[i].leaf.subject = 2 * i + 1;
    }
    state.rows = rows;
    state.leaves = leaves;
    for (size_t count = 0; count <= 9; count++) {
        state.row_count = state.leaf_count = count;
        for (uint64_t number = 0; number <= 20; number++) {
            bool there = number % 2 == 1 && number / 2 < count;

            ck_assert_ptr_eq(check_row(&state, number), there ? &rows[number / 2] : NULL);
            ck_assert_ptr_eq(check_leaf(&state, number), there ? &leaves[number / 2] : NULL);
        }
        ck_assert_ptr_null(check_row(&state, NOTHING));
        ck_assert_ptr_null(check_leaf(&state, NOTHING));
    }
}
END_TEST

/* Hashes that differ in their last byte only, above 127 too: bytes are not signed. */
START_TEST(test_find)
{
    struct hash hashes[8] = {{{0}}};

    for (size_t i = 0; i < 8; i++) {
        hashes[i].bytes[HASH_BYTES - 1] = (uint8_t)(30 * (i + 1));
    }
    for (size_t count = 0; count <= 8; count++) {
        for (size_t byte = 0; byte < 256; byte++) {
            struct hash wanted = {{0}};
            bool there = byte > 0 && byte % 30 == 0 && byte / 30 <= count;

            wanted.bytes[HASH_BYTES - 1] = (uint8_t)byte;
            ck_assert_uint_eq(check_find(hashes, count, &wanted), there ? byte / 30 - 1 : SIZE_MAX);
        }
    }
}
END_TEST

START_TEST(test_room)
{
    uint32_t *numbers = NULL;
    size_t cap = 0;

    for (uint32_t count = 0; count < 1000; count++) {
        void *array = numbers;

        ck_assert(check_room(&array, count, &cap, sizeof *numbers));
        ck_assert_uint_gt(cap, count);
        numbers = array;
        numbers[count] = count;
        ck_assert_uint_eq(numbers[count / 2], count / 2);
    }
    free(numbers);
}
END_TEST

START_TEST(test_notes_have_an_end)
{
    static struct verdict verdict;
    static const struct verdict_note none;

    memset(&verdict, 0, sizeof verdict);
    state.verdict = &verdict;
    for (unsigned i = 0; i < VERDICT_NOTES_MAX + 5; i++) {
        check_note(&state, "code", i, "note %u", i);
    }
    ck_assert_uint_eq(verdict.note_count, VERDICT_NOTES_MAX);
    ck_assert_uint_eq(verdict.notes[VERDICT_NOTES_MAX - 1].record, VERDICT_NOTES_MAX - 1);
    ck_assert_str_eq(verdict.notes[15].text, "note 15");
    ck_assert_uint_eq(verdict.notes[3].subject, NOTHING);
    ck_assert_ptr_null(verdict.findings);
    /* A text too long is cut, not written over the next note. */
    memset(&verdict, 0, sizeof verdict);
    check_note(&state, "code", 0, "%02000u", 7u);
    ck_assert_uint_eq(strlen(verdict.notes[0].text), sizeof verdict.notes[0].text - 1);
    ck_assert_int_eq(memcmp(&verdict.notes[1], &none, sizeof none), 0);
}
END_TEST

START_TEST(test_parts_of_a_bundle)
{
    static struct sample_check s;
    struct view out = view_text("as it was");
    struct hash none = {{1}};

    sample_check_open(&s, "item-of-three.bundle", "station.policy");
    sample_check_run(&s, AT_RECORDS, AT_THREADS);
    ck_assert_uint_gt(s.check.bundle.sheet_count, 0);
    ck_assert_uint_gt(s.check.bundle.disclosure_count, 0);
    ck_assert(!check_sheet(&s.check, &none, &out) && !check_disclosure(&s.check, &none, &out));
    ck_assert(view_equal(out, view_text("as it was")));
    ck_assert(check_sheet(&s.check, &s.check.sheet_hashes[0], &out));
    ck_assert(view_equal(out, s.check.bundle.sheets[0]));
    ck_assert(check_disclosure(&s.check, &s.check.digests[0], &out));
    ck_assert(view_equal(out, s.check.bundle.disclosures[0]));
    /* Heads records are no acts; an act decodes to the record that it stands in. */
    const struct row *last = &s.check.rows[s.check.row_count - 1];
    ck_assert(last->type == RECORD_HEADS && !check_decode(last, s.check.record, s.check.act));
    ck_assert(check_decode(&s.check.rows[1], s.check.record, s.check.act));
    ck_assert_uint_eq(s.check.record->index, s.check.rows[1].index);
    sample_check_close(&s);
}
END_TEST

/* What the policy's log keys say of a note with lines of the keys that are named. */
static enum note_answer ask(const char *const logs[2], const char *first, const char *second, bool damage, bool *known)
{
    struct buffer text = {0}, note = {0}, other = {0};
    static struct checkpoint checkpoint;
    struct policy *policy = NULL;
    struct hash root = {{7}};

    for (size_t i = 0; i < 2 && logs[i] != NULL; i++) {
        sample_policy_line(hasher, 1, view_text(logs[i][0] == '!' ? "b.example/abc" : ORIGIN), logs[i], &text);
    }
    buffer_printf(&text, "quorum none\n");
    ck_assert_int_eq(policy_parse(hasher, buffer_view(&text), &policy, &fault), STATUS_OK);
    sample_note(hasher, view_text(ORIGIN), 5, &root, first, &note);
    if (second != NULL) {
        root.bytes[0] = damage ? 8 : 7; /* a line over another text does not hold */
        sample_note(hasher, view_text(ORIGIN), 5, &root, second, &other);
        const uint8_t *line = memmem(other.ptr, other.len, "\n\n", 2);
        buffer_append(&note, line + 2, other.len - (size_t)(line + 2 - other.ptr));
    }
    ck_assert_msg(checkpoint_parse(buffer_view(&note), &checkpoint, &fault) == STATUS_OK, "%s", fault.text);
    enum note_answer answer = check_log_signature(policy, &checkpoint, known);
    policy_close(policy);
    buffer_free(&text);
    buffer_free(&note);
    buffer_free(&other);
    return answer;
}

/* SPEC V3 */
START_TEST(test_log_signature)
{
    static const char *const both[] = {"one", "two"}, *const turned[] = {"two", "one"}, *const one[] = {"one", NULL};
    static const char *const foreign[] = {"!one", NULL}, *const mixed[] = {"!two", "one"};
    bool known = false;

    ck_assert_int_eq(ask(one, "one", NULL, false, &known), NOTE_VALID);
    ck_assert(known);
    ck_assert_int_eq(ask(one, "two", NULL, false, &known), NOTE_UNSIGNED);
    ck_assert(known);
    /* A key of another origin does not speak, and the origin is not known by it. */
    ck_assert_int_eq(ask(foreign, "!one", NULL, false, &known), NOTE_UNSIGNED);
    ck_assert(!known);
    ck_assert_int_eq(ask(mixed, "one", NULL, false, &known), NOTE_VALID);
    /* Either of two keys is enough; but one that fails is not covered up by the other, in whatever order. */
    ck_assert_int_eq(ask(both, "two", NULL, false, &known), NOTE_VALID);
    ck_assert_int_eq(ask(both, "one", NULL, false, &known), NOTE_VALID);
    ck_assert_int_eq(ask(both, "one", "two", false, &known), NOTE_VALID);
    ck_assert_int_eq(ask(both, "one", "two", true, &known), NOTE_FAILED);
    ck_assert_int_eq(ask(turned, "one", "two", true, &known), NOTE_FAILED);
    /* A line of a key that the policy does not name is nobody's. */
    ck_assert_int_eq(ask(one, "one", "two", true, &known), NOTE_VALID);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_rows_and_leaves);
    tcase_add_test(tests, test_find);
    tcase_add_test(tests, test_room);
    tcase_add_test(tests, test_notes_have_an_end);
    tcase_add_test(tests, test_parts_of_a_bundle);
    tcase_add_test(tests, test_log_signature);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
