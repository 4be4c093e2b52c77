/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when an unknown or doubled option is taken, a value is lost, or a usage error is not one. */
#include "custody/args.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct option own[] = {
    {"--to", OPTION_MANY, "PERSON", "to whom"},
    {"--due", OPTION_VALUE, "DATE", "when"},
    {"--scan", OPTION_FLAG, NULL, "scan"},
    {"-o", OPTION_VALUE, "FILE", "where"},
    {NULL, OPTION_FLAG, NULL, NULL},
};
static const struct command command = {.words = "release", .arguments = "SUBJECT...", .summary = "hand over", .at_least = 1,
                                       .at_most = 2, .shared = ARGS_LEDGER | ARGS_JSON, .options = own,
                                       .example = "unbroken release A"};

static struct args args;
static struct fault fault;

static enum status parse(int argc, const char *const *argv)
{
    char *copy[16];

    for (int i = 0; i < argc; i++) {
        copy[i] = (char *)(uintptr_t)argv[i]; /* main's argv is not const; it is only read */
    }
    fault_clear(&fault);
    return args_parse(&command, argc, copy, &args, &fault);
}

#define PARSE(...) parse((int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)), (const char *const[]){__VA_ARGS__})

static void teardown(void)
{
    args_close(&args);
}

START_TEST(test_values)
{
    ck_assert_int_eq(PARSE("--to", "a", "x", "--to=b=c", "--due", "2018", "--scan", "-o", "f", "--", "--y"), STATUS_OK);
    ck_assert_uint_eq(args_count(&args, "--to"), 2);
    ck_assert_str_eq(args_nth(&args, "--to", 0), "a");
    ck_assert_str_eq(args_nth(&args, "--to", 1), "b=c");
    ck_assert_ptr_null(args_nth(&args, "--to", 2));
    ck_assert_str_eq(args_value(&args, "--due"), "2018");
    ck_assert_str_eq(args_value(&args, "-o"), "f");
    ck_assert(args_flag(&args, "--scan"));
    ck_assert(!args_flag(&args, "--json"));
    ck_assert_uint_eq(args.argument_count, 2);
    ck_assert_str_eq(args.arguments[1], "--y");
}
END_TEST

static void refused(enum status status, const char *words)
{
    ck_assert_int_eq(status, STATUS_REFUSED);
    ck_assert_msg(strstr(fault.text, words) != NULL, "%s", fault.text);
    ck_assert(args.is_usage);
    ck_assert_str_eq(args.hint, "unbroken release --help");
    args_close(&args);
}

START_TEST(test_refusals)
{
    refused(PARSE("a", "--bogus"), "has no option --bogus");
    refused(PARSE("a", "--bogus=1"), "has no option --bogus");
    refused(PARSE("a", "--due", "1", "--due", "1"), "--due stands twice");
    refused(PARSE("a", "--due=1", "--due=2"), "--due stands twice");
    refused(PARSE("a", "--scan", "--scan"), "--scan stands twice");
    refused(PARSE("a", "--ledger", "d", "--ledger", "d"), "--ledger stands twice");
    refused(PARSE("a", "--scan=yes"), "--scan takes no value");
    refused(PARSE("a", "--due"), "--due needs a value");
    refused(PARSE("a", "--key", "k"), "has no option --key");
    refused(PARSE("a", "b", "c"), "one argument too many: c");
    refused(PARSE("--scan"), "needs SUBJECT...");
    refused(PARSE("a", "--sca"), "has no option --sca");
}
END_TEST

START_TEST(test_required)
{
    const char *value = NULL;

    ck_assert_int_eq(PARSE("a", "--due="), STATUS_OK);
    ck_assert_int_eq(args_required(&args, "--due", &value, &fault), STATUS_REFUSED);
    ck_assert(args.is_usage);
}
END_TEST

START_TEST(test_help)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    ck_assert_int_eq(PARSE("--help"), STATUS_OK);
    ck_assert(args.help);
    args_help(out, &command);
    (void)fclose(out);
    ck_assert_ptr_nonnull(strstr(text, "--due DATE"));
    ck_assert_ptr_nonnull(strstr(text, "--ledger DIR"));
    ck_assert_ptr_nonnull(strstr(text, "example:"));
    free(text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("args");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, NULL, teardown);
    tcase_add_test(tests, test_values);
    tcase_add_test(tests, test_refusals);
    tcase_add_test(tests, test_required);
    tcase_add_test(tests, test_help);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
