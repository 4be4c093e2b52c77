/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness_request: what is written is read again; every line that breaks a rule of tlog-witness is refused at its number. Breaks when a request is
 * read otherwise than its writer meant it, or when a 64th line of proof is taken.
 */
#include "ledger/witness_request.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define FAULT (&(struct fault){0})
#define HASH "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
#define NOTE "example.com/a\n1\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n\n"

START_TEST(what_is_written_is_read)
{
    for (size_t count = 0; count <= WITNESS_PATH_MAX; count++) {
        struct merkle_path path = {.count = count};
        struct buffer body = {0};
        struct buffer again = {0};
        struct witness_request request;

        for (size_t i = 0; i < count; i++) {
            memset(path.nodes[i].bytes, (int)i + 1, HASH_BYTES);
        }
        witness_request_format(count * 1000, &path, view_text(NOTE), &body);
        ck_assert_int_eq(witness_request_parse(buffer_view(&body), &request, FAULT), STATUS_OK);
        ck_assert_uint_eq(request.old, count * 1000);
        ck_assert_uint_eq(request.path.count, count);
        ck_assert(view_equal(request.note, view_text(NOTE)));
        witness_request_format(request.old, &request.path, request.note, &again);
        ck_assert(view_equal(buffer_view(&body), buffer_view(&again)));
        ck_assert_uint_lt(body.len, WITNESS_REQUEST_BYTES_MAX);
        buffer_free(&body);
        buffer_free(&again);
    }
}
END_TEST

START_TEST(the_example_of_the_specification_is_read)
{
    struct witness_request request;
    struct view body = view_text("old 20852014\n" HASH "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n\nexample.com/behind-the-sofa\n");

    ck_assert_int_eq(witness_request_parse(body, &request, FAULT), STATUS_OK);
    ck_assert_uint_eq(request.old, 20852014);
    ck_assert_uint_eq(request.path.count, 2);
    ck_assert_uint_eq(request.path.nodes[0].bytes[0], 0x3e);
    ck_assert(view_equal(request.note, view_text("example.com/behind-the-sofa\n")));
}
END_TEST

static const struct {
    const char *body;
    uint64_t line;
} bad[] = {
    {"", 1},
    {"old 5", 1},
    {"old\n\n" NOTE, 1},
    {"old \n\n" NOTE, 1},
    {"old 05\n\n" NOTE, 1},
    {"old -1\n\n" NOTE, 1},
    {"old 5 \n\n" NOTE, 1},
    {"old  5\n\n" NOTE, 1},
    {"Old 5\n\n" NOTE, 1},
    {"old 5\r\n\r\n" NOTE, 1},
    {"old 9007199254740992\n\n" NOTE, 1},
    {"old 5\n", 2},
    {"old 5\n" HASH, 3},
    {"old 5\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw\n\n" NOTE, 2},
    {"old 5\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkax=\n\n" NOTE, 2},
    {"old 5\n" HASH " \n\n" NOTE, 3},
    {"old 5\n" HASH "AAAA\n\n" NOTE, 3},
};

START_TEST(a_broken_rule_is_refused_at_its_line)
{
    struct fault fault = {0};
    struct witness_request request = {.old = 77};

    ck_assert_int_eq(witness_request_parse(view_text(bad[_i].body), &request, &fault), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, bad[_i].line);
    ck_assert_uint_eq(request.old, 77);
}
END_TEST

START_TEST(a_64th_line_of_proof_is_refused)
{
    struct buffer body = {0};
    struct fault fault = {0};
    struct witness_request request;

    buffer_printf(&body, "old 5\n");
    for (unsigned i = 0; i < 64; i++) {
        buffer_printf(&body, HASH);
    }
    buffer_printf(&body, "\n" NOTE);
    ck_assert_int_eq(witness_request_parse(buffer_view(&body), &request, &fault), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, 65);
    buffer_free(&body);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("witness_request");
    TCase *tests = tcase_create("witness_request");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_test(tests, what_is_written_is_read);
    tcase_add_test(tests, the_example_of_the_specification_is_read);
    tcase_add_loop_test(tests, a_broken_rule_is_refused_at_its_line, 0, sizeof bad / sizeof *bad);
    tcase_add_test(tests, a_64th_line_of_proof_is_refused);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
