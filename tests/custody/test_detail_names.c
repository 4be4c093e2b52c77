/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a name that SPEC 5.4 does not have, or one that stands twice, gets into an order, or when names are not ascending as fact 15 wants
 * them.
 */
#include "custody/detail_names.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "verify/acts.h"

static const struct option options[] = {
    {"--withhold", OPTION_MANY, "NAME", "which"},
    {NULL, OPTION_FLAG, NULL, NULL},
};
static const struct command command = {.words = "order", .arguments = "", .options = options};

static enum status read_names(size_t count, const char *const *texts, struct detail_names *out, struct fault *fault)
{
    char *argv[8];
    struct args args;
    enum status status;
    int argc = 0;

    for (size_t i = 0; i < count; i++) {
        argv[argc++] = strdup("--withhold");
        argv[argc++] = strdup(texts[i]);
    }
    fault_clear(fault);
    ck_assert_int_eq(args_parse(&command, argc, argv, &args, fault), STATUS_OK);
    status = detail_names_read(&args, "--withhold", out, fault);
    ck_assert(args.is_usage == (status != STATUS_OK));
    args_close(&args);
    for (int i = 0; i < argc; i++) {
        free(argv[i]);
    }
    return status;
}

START_TEST(test_names)
{
    static const char *const texts[] = {"witness,note", "suspect"};
    struct detail_names names;
    struct buffer text = {0};
    struct fault fault;

    ck_assert_int_eq(read_names(2, texts, &names, &fault), STATUS_OK);
    ck_assert_uint_eq(names.count, 3);
    ck_assert(names.numbers[0] == NAME_NOTE && names.numbers[1] == 61 && names.numbers[2] == NAME_WITNESS);
    ck_assert(detail_names_have(&names, NAME_WITNESS) && !detail_names_have(&names, NAME_OWNER));
    detail_names_print(names.numbers, names.count, &text);
    buffer_append_byte(&text, 0);
    ck_assert_str_eq((const char *)text.ptr, "note, suspect, witness");
    buffer_free(&text);
    ck_assert_int_eq(read_names(0, texts, &names, &fault), STATUS_OK);
    ck_assert_uint_eq(names.count, 0);
}
END_TEST

START_TEST(test_refused)
{
    static const char *const bad[] = {"witnes", "", "witness,", ",witness", "witness,witness", "63", "Witness", "witness suspect"};
    struct detail_names names;
    struct fault fault;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ck_assert_msg(read_names(1, &bad[i], &names, &fault) == STATUS_REFUSED, "\"%s\"", bad[i]);
    }
    const char *const twice[] = {"witness", "note,witness"};
    ck_assert_int_eq(read_names(2, twice, &names, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "\"witness\" stands twice"));
}
END_TEST

/* One act lists at most 64 names; more are refused, not cut. */
START_TEST(test_many)
{
    struct detail_names names;
    struct buffer text = {0};
    struct fault fault;
    size_t count = 0;

    for (uint64_t number = 0; number < 200; number++) {
        const struct detail_name *name = detail_by_number(number);

        if (name != NULL) {
            buffer_printf(&text, "%s%s", count == 0 ? "" : ",", name->name);
            count++;
        }
    }
    buffer_append_byte(&text, 0);
    const char *const all[] = {(const char *)text.ptr};
    ck_assert_uint_gt(count, FACT_NAMES_MAX);
    ck_assert_int_eq(read_names(1, all, &names, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "at most 64"));
    buffer_free(&text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("detail_names");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_add_test(tests, test_names);
    tcase_add_test(tests, test_refused);
    tcase_add_test(tests, test_many);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
