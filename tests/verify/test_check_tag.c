/* SPDX-License-Identifier: Apache-2.0 */
/*
 * V15, the tag in somebody's hand. Breaks when a tag of another ledger passes, when a damaged text is read as a name, or
 * when a void number, an old print or a number that nobody issued is taken for the thing.
 */
#include "verify/check.h"
#include "verify/name.h"
#include "verify/text.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HELD = 6, VOIDED = 7, UNPRINTED = 8, NOT_HERE = 9, CASE = 5, SUBJECTS = 12 };

static struct check state;
static struct verdict verdict;
static struct verify_options options;
static struct finding told[4];
static size_t told_count;
static struct fault fault;
static char ledger[53];

static void take(void *context, const struct finding *finding)
{
    (void)context;
    ck_assert_uint_lt(told_count, 4);
    told[told_count++] = *finding;
}

static void setup(void)
{
    struct buffer text = {0};

    memset(&state, 0, sizeof state);
    memset(&verdict, 0, sizeof verdict);
    told_count = 0;
    memset(verdict.ledger.bytes, 0xc9, HASH_BYTES);
    text_base32(&text, hash_view(&verdict.ledger));
    (void)snprintf(ledger, sizeof ledger, "%.*s", (int)text.len, (const char *)text.ptr);
    buffer_free(&text);
    state.verdict = &verdict;
    state.stop = &verdict.stop;
    state.options = &options;
    state.subjects = SUBJECTS;
    state.source.report = take;
    memcpy(state.replay.code, "KHPP", 5);
    ck_assert_int_eq(world_open(NULL, NULL, &state.world, &fault), STATUS_OK);
    for (uint64_t number = HELD; number <= UNPRINTED; number++) {
        struct subject *subject = world_add(state.world, number, TYPE_ITEM);
        subject->thing->voided = number == VOIDED;
        subject->thing->prints = number == UNPRINTED ? 0 : 3;
    }
    ck_assert_ptr_nonnull(world_add(state.world, CASE, TYPE_CASE));
}

static void teardown(void)
{
    world_close(state.world);
}

/* What the check says of a text: the code of a stop, note or breach, "" when it has nothing against it. */
static const char *ask_view(struct view text)
{
    told_count = 0;
    verdict.note_count = 0;
    verdict.stop = (struct stop){.status = 0};
    options.tag = text;
    check_tag(&state);
    ck_assert_uint_le(told_count + verdict.note_count + (verdict.stop.status != 0 ? 1 : 0), 1);
    return verdict.stop.status != 0 ? verdict.stop.code
           : verdict.note_count > 0 ? verdict.notes[0].code
           : told_count > 0         ? told[0].code
                                    : "";
}

static const char *ask(const char *text)
{
    return ask_view(view_text(text));
}

/* The text of a tag: its ledger's first `len` characters, and what follows. */
static const char *tag(uint64_t number, int len, const char *rest)
{
    static char text[128];
    char name[NAME_BYTES];

    name_format(view_text("KHPP"), number, name);
    (void)snprintf(text, sizeof text, "U1/%s/%.*s%s", name, len, ledger, rest);
    return text;
}

START_TEST(test_tags)
{
    ck_assert_str_eq(ask(tag(HELD, 16, "/3")), "");
    ck_assert_str_eq(ask(tag(HELD, 16, "/2")), "superseded");
    ck_assert(told[0].breach && told[0].record == NOTHING && told[0].subject == HELD);
    ck_assert_str_eq(ask(tag(HELD, 16, "/4")), "superseded"); /* printed by nobody */
    ck_assert_str_eq(ask(tag(HELD, 16, "/0")), "superseded");
    ck_assert_str_eq(ask(tag(UNPRINTED, 16, "/7")), ""); /* no print is recorded: nothing to compare */
    ck_assert_str_eq(ask(tag(VOIDED, 16, "/3")), "void");
    ck_assert(told[0].breach && told[0].subject == VOIDED);
    ck_assert_str_eq(ask(tag(NOT_HERE, 16, "/1")), "not-in-bundle");
    ck_assert_uint_eq(verdict.notes[0].subject, NOT_HERE);
    ck_assert_str_eq(ask(tag(CASE, 16, "/1")), "");
    ck_assert_str_eq(ask(tag(SUBJECTS - 1, 16, "/1")), "not-in-bundle");
    ck_assert_str_eq(ask(tag(SUBJECTS, 16, "/1")), "never-issued");
    ck_assert_uint_eq(verdict.stop.subject, SUBJECTS);
    ck_assert_int_eq(verdict.stop.status, 1);
}
END_TEST

/* A void tag that is also an old print is two breaches. */
START_TEST(test_void_and_superseded)
{
    options.tag = view_text(tag(VOIDED, 16, "/1"));
    check_tag(&state);
    ck_assert_uint_eq(told_count, 2);
    ck_assert_str_eq(told[0].code, "void");
    ck_assert_str_eq(told[1].code, "superseded");
}
END_TEST

START_TEST(test_form)
{
    static const char *const rests[] = {"", "/", "/x", "/03", "/-3", "/+3", "/ 3", "/3/", "/3/3", "/99999999999999999999", "3"};

    for (size_t i = 0; i < sizeof rests / sizeof rests[0]; i++) {
        ck_assert_msg(strcmp(ask(tag(HELD, 16, rests[i])), "not-a-tag") == 0, "%s", rests[i]);
    }
    ck_assert_str_eq(ask(tag(HELD, 16, "/3 ")), ""); /* spaces at the ends are no part of it (SPEC 3.2) */
    ck_assert_str_eq(ask(tag(HELD, 15, "/3")), "not-a-tag");
    ck_assert_str_eq(ask(tag(HELD, 17, "/3")), "not-a-tag");
    ck_assert_str_eq(ask(tag(HELD, 52, "/3")), "not-a-tag");
    ck_assert_str_eq(ask(tag(HELD, 0, "/3")), "not-a-tag");
    ck_assert_str_eq(ask("U1//AAAAAAAAAAAAAAAA/3"), "not-a-tag");
    ck_assert_str_eq(ask("U1/"), "not-a-tag");
    ck_assert_str_eq(ask("U1"), "not-a-tag");
    ck_assert_str_eq(ask("/"), "not-a-tag");
    ck_assert_str_eq(ask(" "), "not-a-tag");
    ck_assert_str_eq(ask_view(view_of("\0\0\0\0", 4)), "not-a-tag");
    ck_assert_str_eq(ask_view(view_of("\xff\xfe\x1b[2J", 6)), "not-a-tag");
}
END_TEST

/* What a scanner or a hand adds: ends, case, Khmer digits (SPEC 3.2). Also in the parts, where the name has ends of its own. */
START_TEST(test_read_plainly)
{
    char text[160];

    (void)snprintf(text, sizeof text, " \t%s\r\n\xe2\x80\x8b", tag(HELD, 16, "/3"));
    ck_assert_str_eq(ask(text), "");
    ck_assert_str_eq(ask(tag(HELD, 16, "/\xe1\x9f\xa3")), "");
    ck_assert_str_eq(ask(tag(HELD, 16, "/\xe1\x9f\xa2")), "superseded");
    (void)snprintf(text, sizeof text, "%s", tag(HELD, 16, "/3"));
    text[0] = 'u';
    ck_assert_str_eq(ask(text), "");
    char *letters = strrchr(text, '/') - 1;
    *letters = '1'; /* no letter of base32 */
    ck_assert_str_eq(ask(text), "not-a-tag");
}
END_TEST

/* Every character of the ledger's part counts; its case does not. */
START_TEST(test_ledger_part)
{
    char text[128];

    for (int i = 0; i < 16; i++) {
        (void)snprintf(text, sizeof text, "%s", tag(HELD, 16, "/3"));
        char *c = strchr(text + 3, '/') + 1 + i;
        *c = (char)(*c - 'a' + 'A' < 'A' ? *c : *c - 'a' + 'A');
        ck_assert_str_eq(ask(text), "");
        *c = *c == 'B' || *c == 'b' ? 'c' : 'b';
        ck_assert_str_eq(ask(text), "other-ledger");
        ck_assert_int_eq(verdict.stop.status, 1);
    }
}
END_TEST

/* A typed name says no ledger and no print; every one-character slip of it is found. */
START_TEST(test_typed_name)
{
    char name[NAME_BYTES];

    name_format(view_text("KHPP"), HELD, name);
    ck_assert_str_eq(ask(name), "");
    ck_assert_str_eq(ask("  khpp6u "), "");
    for (size_t i = 0; name[i] != '\0'; i++) {
        char typed[NAME_BYTES];
        memcpy(typed, name, sizeof typed);
        typed[i] = typed[i] == '7' ? '8' : '7';
        ck_assert_msg(ask(typed)[0] != '\0', "%s passes", typed);
    }
    name_format(view_text("VNHP"), HELD, name);
    ck_assert_str_eq(ask(name), "other-ledger");
}
END_TEST

/* The list of notes may be full: then nothing behind it is written. */
START_TEST(test_no_room_for_a_note)
{
    for (int i = 0; i < VERDICT_NOTES_MAX; i++) {
        check_note(&state, "full", NOTHING, "full");
        verdict.notes[i].subject = 77;
    }
    options.tag = view_text(tag(NOT_HERE, 16, "/1"));
    check_tag(&state);
    ck_assert_uint_eq(verdict.note_count, VERDICT_NOTES_MAX);
    ck_assert_uint_eq(verdict.notes[VERDICT_NOTES_MAX - 1].subject, 77);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check_tag");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_tags);
    tcase_add_test(tests, test_void_and_superseded);
    tcase_add_test(tests, test_form);
    tcase_add_test(tests, test_read_plainly);
    tcase_add_test(tests, test_ledger_part);
    tcase_add_test(tests, test_typed_name);
    tcase_add_test(tests, test_no_room_for_a_note);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
