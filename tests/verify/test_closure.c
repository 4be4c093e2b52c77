/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The closure (SPEC 8) over threads made by hand: each of its rules with what it brings in and what it must not, and the
 * members that become asked after they were walked.
 */
#include "verify/closure.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { ACTS = 16, LIMIT = 1000 };

static struct act *acts[ACTS];
static size_t act_count;
static struct record *record;
static struct act *scratch;

static void setup(void)
{
    act_count = 0;
    record = calloc(1, sizeof *record);
    scratch = calloc(1, sizeof *scratch);
    ck_assert(record != NULL && scratch != NULL);
}

static void teardown(void)
{
    for (size_t i = 0; i < act_count; i++) {
        free(acts[i]);
    }
    free(record);
    free(scratch);
}

/* An act of that kind, signed by that person. */
static struct act *add(enum kind kind, uint64_t person)
{
    struct act *act = calloc(1, sizeof *act);

    ck_assert(act != NULL && act_count < ACTS);
    act->kind = kind;
    act->signer_count = 1;
    act->signers[0].person = person;
    acts[act_count++] = act;
    return act;
}

static void entry(uint64_t subject, enum role role)
{
    struct act *act = acts[act_count - 1];

    act->entries[act->entry_count++] = (struct entry){.subject = subject, .role = role};
}

static bool thread(void *context, uint64_t subject, uint64_t number, struct record *out, struct act *act)
{
    (void)context;
    (void)out;
    for (size_t i = 0; i < act_count; i++) {
        for (size_t j = 0; j < acts[i]->entry_count; j++) {
            if (acts[i]->entries[j].subject == subject && --number == 0) {
                *act = *acts[i];
                return true;
            }
        }
    }
    return false;
}

/* The closure of those numbers, as "0 1 20". */
static void expect(const char *wanted, const uint64_t *asked, size_t asked_count)
{
    const struct closure_source source = {.context = NULL, .record = thread};
    uint64_t *members = NULL;
    size_t count = 0;
    struct fault fault = {0};
    struct buffer text = {0};

    ck_assert_int_eq(closure_find(&source, asked, asked_count, LIMIT, record, scratch, &members, &count, &fault), STATUS_OK);
    for (size_t i = 0; i < count; i++) {
        buffer_printf(&text, "%s%llu", i == 0 ? "" : " ", (unsigned long long)members[i]);
    }
    buffer_append_byte(&text, '\0');
    ck_assert_str_eq((const char *)text.ptr, wanted);
    buffer_free(&text);
    free(members);
}

#define EXPECT(wanted, ...) expect(wanted, (const uint64_t[]){__VA_ARGS__}, sizeof(const uint64_t[]){__VA_ARGS__} / sizeof(uint64_t))

START_TEST(test_signers_and_their_signers)
{
    (void)add(KIND_NOTE, 3);
    entry(20, ROLE_SUBJECT);
    (void)add(KIND_ENROL, 2); /* of the signer, signed by a registrar */
    entry(3, ROLE_SUBJECT);
    (void)add(KIND_NOTE, 9); /* about something else */
    entry(21, ROLE_SUBJECT);
    EXPECT("0 2 3 20", 20);
    EXPECT("0", 0);
    EXPECT("0 2 3 9 20 21", 20, 21);
    /* What does not exist never enters, asked or named. */
    EXPECT("0", LIMIT);
    acts[0]->signers[0].person = LIMIT + 5;
    EXPECT("0 20", 20);
}
END_TEST

START_TEST(test_containers)
{
    (void)add(KIND_PACK, 1);
    entry(20, ROLE_SUBJECT);
    entry(21, ROLE_SUBJECT);
    entry(30, ROLE_CONTAINER);
    (void)add(KIND_PACK, 1);
    entry(30, ROLE_SUBJECT);
    entry(31, ROLE_CONTAINER);
    (void)add(KIND_UNPACK, 1);
    entry(22, ROLE_SUBJECT);
    entry(32, ROLE_CONTAINER);
    EXPECT("0 1 20 30 31", 20); /* not 21, which lies beside it */
    EXPECT("0 1 30 31", 30);    /* not what is in it */
    EXPECT("0 1 22", 22);       /* unpacking alone brings in nothing */
}
END_TEST

START_TEST(test_parents)
{
    (void)add(KIND_SAMPLE, 1);
    entry(20, ROLE_PARENT);
    entry(21, ROLE_CHILD);
    entry(22, ROLE_CHILD);
    entry(40, ROLE_CASE);
    (void)add(KIND_ANIMAL, 1);
    entry(50, ROLE_SUBJECT);
    entry(51, ROLE_CHILD);
    EXPECT("0 1 20 21 40", 21);
    EXPECT("0 1 20 40", 20);
    EXPECT("0 1 50 51", 51);
    EXPECT("0 1 50", 50);
}
END_TEST

START_TEST(test_same_as)
{
    (void)add(KIND_SAME_AS, 1);
    entry(20, ROLE_SUBJECT);
    entry(21, ROLE_SUBJECT);
    EXPECT("0 1 20 21", 20);
}
END_TEST

START_TEST(test_lodge)
{
    struct act *act = add(KIND_LODGE, 1);
    entry(20, ROLE_SUBJECT);
    act->from = (struct party){.has_person = true, .person = 5};
    EXPECT("0 1 20", 20);
    act->present = BIT(PAY_FROM);
    EXPECT("0 1 5 20", 20);
    act->kind = KIND_TAKEBACK;
    EXPECT("0 1 20", 20);
}
END_TEST

START_TEST(test_case)
{
    (void)add(KIND_REGISTER, 1);
    entry(20, ROLE_SUBJECT);
    entry(21, ROLE_SUBJECT);
    entry(40, ROLE_CASE);
    (void)add(KIND_MOVE, 2);
    entry(20, ROLE_SUBJECT);
    entry(40, ROLE_FORMER_CASE);
    entry(41, ROLE_CASE);
    (void)add(KIND_DISPOSE, 1);
    entry(25, ROLE_SUBJECT);
    entry(40, ROLE_CASE);
    /* An item: its cases, not their other items. */
    EXPECT("0 1 2 20 40 41", 20);
    EXPECT("0 1 2 21 40", 21);
    /* A case that is asked: its things, and through them the case one of them moved to, but not what that one holds; a
       disposal is none of the acts that put a thing into a case. */
    EXPECT("0 1 2 20 21 40 41", 40);
    EXPECT("0 1 2 20 40 41", 41);
}
END_TEST

START_TEST(test_former_case)
{
    /* Moved out of a case that it never was in: the move stands in that case's thread all the same. */
    (void)add(KIND_MOVE, 2);
    entry(20, ROLE_SUBJECT);
    entry(41, ROLE_CASE);
    entry(42, ROLE_FORMER_CASE);
    EXPECT("0 2 20 41 42", 42);
}
END_TEST

/* A chain in which each case is brought in by an item of the one before: only the asked one gives all its things. */
START_TEST(test_asked_after_it_was_walked)
{
    (void)add(KIND_REGISTER, 1);
    entry(20, ROLE_SUBJECT);
    entry(40, ROLE_CASE);
    (void)add(KIND_SAMPLE, 1);
    entry(20, ROLE_PARENT);
    entry(21, ROLE_CHILD);
    entry(40, ROLE_CASE);
    (void)add(KIND_REGISTER, 1);
    entry(22, ROLE_SUBJECT);
    entry(40, ROLE_CASE);
    EXPECT("0 1 20 40", 20);
    EXPECT("0 1 20 21 22 40", 20, 40);
    EXPECT("0 1 20 21 22 40", 40, 20);
    EXPECT("0 1 20 21 22 40", 21, 40);
}
END_TEST

START_TEST(test_many)
{
    /* More members than the first table holds. */
    for (uint64_t i = 0; i < 10; i++) {
        (void)add(KIND_REGISTER, 1);
        for (uint64_t j = 0; j < 50; j++) {
            entry(100 + 50 * i + j, ROLE_SUBJECT);
        }
        entry(40, ROLE_CASE);
    }
    const struct closure_source source = {.context = NULL, .record = thread};
    const uint64_t asked = 40;
    uint64_t *members = NULL;
    size_t count = 0;
    struct fault fault = {0};

    ck_assert_int_eq(closure_find(&source, &asked, 1, LIMIT, record, scratch, &members, &count, &fault), STATUS_OK);
    ck_assert_uint_eq(count, 503);
    for (size_t i = 1; i < count; i++) {
        ck_assert(members[i - 1] < members[i]);
    }
    free(members);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("closure");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_signers_and_their_signers);
    tcase_add_test(tests, test_containers);
    tcase_add_test(tests, test_parents);
    tcase_add_test(tests, test_same_as);
    tcase_add_test(tests, test_lodge);
    tcase_add_test(tests, test_case);
    tcase_add_test(tests, test_former_case);
    tcase_add_test(tests, test_asked_after_it_was_walked);
    tcase_add_test(tests, test_many);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
