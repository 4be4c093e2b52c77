/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lives of the asked things as people read them. Breaks when text of a record can draw a line of its own, when a detail
 * that is withheld goes unsaid, or when a file that asks for many things makes a text without end.
 */
#include "tests/support/sample_check.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct sample_check s;
static struct buffer text, made[3];

static void setup(void)
{
    memset(&s, 0, sizeof s);
}

static void teardown(void)
{
    sample_check_close(&s);
    buffer_free(&text);
    for (size_t i = 0; i < 3; i++) {
        buffer_free(&made[i]);
    }
}

static void begin(const char *file)
{
    sample_check_close(&s);
    sample_check_open(&s, file, "station.policy");
    sample_check_run(&s, AT_RECORDS, AT_END);
    ck_assert_str_eq(sample_check_code(&s), "");
}

static void tell(void)
{
    buffer_reset(&text);
    history_write(&s.check, &text);
    ck_assert(!text.failed);
}

static size_t count(const char *words)
{
    size_t times = 0, len = strlen(words);

    for (size_t at = 0; at + len <= text.len; at++) {
        times += memcmp(text.ptr + at, words, len) == 0 ? 1 : 0;
    }
    return times;
}

/* In order: the case's opening and seizure, then every record of the thing, each with its time, act, signers and details. */
START_TEST(test_life_of_a_thing)
{
    static const char *const lines[] = {
        "Its case KHPP-5-", "record 3 ", "open case", "docket: 12/2016", "record 5 ", "seize", "witness: Sok Srey", "witness: Chea Vuth",
        "History of KHPP-7-", "record 4 ", "allot", "record 6 ", "register", "pieces: 1", "species: Loxodonta africana", "record 8 ",
        "release (storage)", "by KHPP-3-", ", officer to KHPP-4-", "record 9 ", "accept (inventoried)", "by KHPP-4-", ", custodian\n"};
    size_t at = 0;

    begin("item-of-three.bundle");
    tell();
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const uint8_t *found = memmem(text.ptr + at, text.len - at, lines[i], strlen(lines[i]));
        ck_assert_msg(found != NULL, "\"%s\" is not told, or not there: %.*s", lines[i], (int)text.len, (const char *)text.ptr);
        at = (size_t)(found - text.ptr) + strlen(lines[i]);
    }
    /* Of the case, nothing that belongs to other things. */
    ck_assert_uint_eq(count("register"), 1);
}
END_TEST

START_TEST(test_withheld)
{
    begin("withheld-by-order.bundle");
    s.check.bundle.asked[0] = 6; /* the case */
    tell();
    ck_assert_uint_eq(count("witness: (withheld or erased)\n"), 2);
    ck_assert_uint_eq(count("(withheld or erased)"), 2);
    begin("erased.bundle");
    tell();
    ck_assert_uint_eq(count("seizure-time: (withheld or erased)\n"), 1);
    ck_assert_uint_eq(count("seizure-place: (withheld or erased)\n"), 1);
    begin("withheld-of-the-act.bundle");
    tell();
    ck_assert_uint_eq(count("note: (withheld or erased)\n"), 1);
}
END_TEST

/* More than three asked: none is told. */
START_TEST(test_many)
{
    uint64_t many[5] = {5, 6, 7, 8, 4};

    for (size_t asked = 1; asked <= 5; asked++) {
        begin("case-three-items.bundle");
        uint64_t *mine = s.check.bundle.asked;
        s.check.bundle.asked = many;
        s.check.bundle.asked_count = asked;
        tell();
        ck_assert_uint_eq(count("History of"), asked <= 3 ? asked : 0);
        ck_assert_uint_eq(text.len == 0, asked > 3);
        s.check.bundle.asked = mine;
    }
}
END_TEST

/* What is asked and not there is passed over. */
START_TEST(test_not_there)
{
    begin("case-three-items.bundle");
    s.check.bundle.asked[0] = 9;
    tell();
    ck_assert_uint_eq(text.len, 0);
    s.check.bundle.asked[0] = 3; /* a person has no case */
    tell();
    ck_assert_uint_eq(count("History of KHPP-3-"), 1);
    ck_assert_uint_eq(count("Its case"), 0);
}
END_TEST

/* The disclosure of the witness at record 5 says that instead. */
static void say(const struct value *value)
{
    struct disclosure disclosure;
    struct fault fault = {0};

    begin("case-three-items.bundle");
    for (size_t i = 0; i < s.check.bundle.disclosure_count; i++) {
        ck_assert_int_eq(disclosure_decode(s.check.bundle.disclosures[i], &disclosure, &fault), STATUS_OK);
        if (disclosure.name == NAME_WITNESS && disclosure.ordinal == 0) {
            disclosure.value = *value;
            buffer_reset(&made[0]);
            disclosure_encode(&disclosure, &made[0]);
            s.check.bundle.disclosures[i] = buffer_view(&made[0]);
            tell();
            return;
        }
    }
    ck_abort_msg("no witness");
}

/* Whatever the bytes: as many lines as with a plain name, and nothing that moves a cursor or turns the text round. */
START_TEST(test_hostile_text)
{
    static const char *const hostile[] = {"a\nHistory of KHPP-7-S", "\x1b[2J\x1b[H", "\xe2\x80\xaegnp", "a\rb", "\xc2\x9bJ", "\xff\xfe",
                                          "\xe2\x80\xa8next", "\x7f\x08\x08"};
    struct value value = {.type = VALUE_TEXT, .text = view_text("Sok Srey")};

    say(&value);
    size_t lines = count("\n");
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        for (int as_type = 0; as_type < 2; as_type++) {
            value = (struct value){.type = VALUE_TEXT, .text = view_text(hostile[i])};
            if (as_type == 1) {
                value = (struct value){.type = VALUE_FILE, .file = {.length_bytes = 1, .media_type = view_text(hostile[i])}};
            }
            say(&value);
            ck_assert_uint_eq(count("\n"), lines);
            ck_assert_uint_eq(count("\x1b") + count("\r") + count("\xc2\x9b") + count("\xff") + count("\x7f"), 0);
            ck_assert_uint_eq(count("\xe2\x80\xae") + count("\xe2\x80\xa8"), 0);
        }
    }
    /* A backslash cannot be mistaken for one that escaping put there. */
    value = (struct value){.type = VALUE_TEXT, .text = view_text("C:\\x0a")};
    say(&value);
    ck_assert_uint_eq(count("witness: C:\\x5cx0a\n"), 1);
    value = (struct value){.type = VALUE_BYTES, .text = view_text("\x1b\n")};
    say(&value);
    ck_assert_uint_eq(count("witness: 1b0a\n"), 1);
    value = (struct value){.type = VALUE_TEXT, .text = view_text("\xe1\x9e\x9f\xe1\x9e\xbb\xe1\x9e\x81")}; /* Khmer stays */
    say(&value);
    ck_assert_uint_eq(count("witness: \xe1\x9e\x9f\xe1\x9e\xbb\xe1\x9e\x81\n"), 1);
}
END_TEST

/* A person's name, where the enrolment gives one, stands behind the number; escaped too. */
START_TEST(test_name_of_a_person)
{
    struct sheet_line line = {.name = NAME_PERSON};
    struct disclosure disclosure = {.has_ledger = true, .author = 1, .has_subject = true, .subject = 3, .name = NAME_PERSON,
                                    .value = {.type = VALUE_TEXT, .text = view_text("Sok \\ Dara")}};

    begin("case-three-items.bundle");
    disclosure_encode(&disclosure, &made[0]);
    hash_data(s.hasher, buffer_view(&made[0]), &line.digest);
    sheet_encode(&line, 1, &made[1]);
    s.check.bundle.disclosures[0] = buffer_view(&made[0]);
    s.check.bundle.sheets[0] = buffer_view(&made[1]);
    size_t sheets = s.check.bundle.sheet_count;
    s.check.bundle.disclosure_count = s.check.bundle.sheet_count = 1;
    s.check.digests[0] = line.digest;
    sheet_hash(s.hasher, buffer_view(&made[1]), &s.check.sheet_hashes[0]);
    struct act *act = sample_check_edit(&s, 1);
    act->entries[0].has_sheet = true;
    act->entries[0].sheet = s.check.sheet_hashes[0];
    sample_check_resign(&s);
    tell();
    ck_assert_uint_gt(count("by KHPP-3-"), 0);
    ck_assert_uint_eq(count("KHPP-3-"), count(" (Sok \\x5c Dara), officer"));
    /* Sheets that are not here are not told, and nothing is told in their place. */
    ck_assert_uint_eq(count("docket"), 0);
    s.check.bundle.sheet_count = sheets; /* their names are freed with them */
}
END_TEST

/* A thread of more than 200 records ends with their number. */
START_TEST(test_long_thread)
{
    begin("case-three-items.bundle");
    struct row_link *mine = s.check.threads;
    struct row_link *many = calloc(1000, sizeof *many);
    ck_assert_ptr_nonnull(many);
    struct leaf_row *leaf = &s.check.leaves[5];
    for (size_t i = 0; i < 1000; i++) {
        many[i] = mine[leaf->first];
    }
    s.check.threads = many;
    leaf->first = 0;
    leaf->count = 200;
    s.check.leaf_count = 6; /* subjects 0 to 5 */
    tell();
    ck_assert_uint_eq(count("record 3 "), 200);
    ck_assert_uint_eq(count("more records"), 0);
    leaf->count = 203;
    tell();
    ck_assert_uint_eq(count("record 3 "), 200);
    ck_assert_uint_eq(count("and 3 more records\n"), 1);
    s.check.threads = mine;
    free(many);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("history");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_life_of_a_thing);
    tcase_add_test(tests, test_withheld);
    tcase_add_test(tests, test_many);
    tcase_add_test(tests, test_not_there);
    tcase_add_test(tests, test_hostile_text);
    tcase_add_test(tests, test_name_of_a_person);
    tcase_add_test(tests, test_long_thread);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
