/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when a ledger is founded on fewer registrars than it needs, on one key twice, or something stays after a refusal. */
#include "custody/found.h"

#include <sys/stat.h>

#include "tests/support/custody_station.h"

static struct fault fault;
static const char *said;

#define INIT(...) WORDS("ledger", "init", "new", "--passphrase-file", "pass", __VA_ARGS__)
#define ORIGIN "--origin", "kh-pp.example/custody"
#define CODE "--code", "KHPP"
#define TWO "--registrar", "r1.key", "--registrar", "r2.key"

static void nothing_is_left(void)
{
    struct stat info;

    ck_assert_int_ne(lstat("new", &info), 0);
    ck_assert_int_ne(lstat("new.head", &info), 0);
}

static void refused(const char *const *words, const char *why)
{
    enum status status = station_try(words, &fault, &said);

    ck_assert_msg(status != STATUS_OK && strstr(fault.text, why) != NULL, "%s: %s", status_name(status), fault.text);
    ck_assert_str_eq(said, "");
    nothing_is_left();
}

START_TEST(options_that_found_nothing)
{
    refused(INIT(CODE, "--threshold", "1", TWO), "needs --origin");
    refused(INIT(ORIGIN, "--threshold", "1", TWO), "needs --code");
    refused(INIT(ORIGIN, CODE, TWO), "needs --threshold");
    refused(INIT(ORIGIN, "--code", "khpp", "--threshold", "1", TWO), "--code khpp");
    refused(INIT(ORIGIN, "--code", "K", "--threshold", "1", TWO), "--code K");
    refused(INIT(ORIGIN, CODE, "--threshold", "0", TWO), "--threshold 0");
    refused(INIT(ORIGIN, CODE, "--threshold", "16", TWO), "--threshold 16");
    refused(INIT(ORIGIN, CODE, "--threshold", "two", TWO), "--threshold two");
    refused(INIT(ORIGIN, CODE, "--threshold", "2", TWO), "2 registrars");
    refused(INIT(ORIGIN, CODE, "--threshold", "1", "--registrar", "r1.key"), "1 registrars");
    refused(INIT(ORIGIN, CODE, "--threshold", "1"), "0 registrars");
    refused(INIT(ORIGIN, CODE, "--threshold", "1", TWO, "--now", STATION_NOW), "training ledgers only");
    refused(INIT(ORIGIN, CODE, "--threshold", "1", TWO, "--training", "--now", "soon"), "not a time");
    refused(INIT("--origin", "no origin!", CODE, "--threshold", "1", TWO), "origin");
}
END_TEST

/* One person with two copies of a key is not two registrars. */
START_TEST(one_key_twice)
{
    ck_assert_int_eq(system("cp r1.key copy.key"), 0);
    refused(INIT(ORIGIN, CODE, "--threshold", "1", "--registrar", "r1.key", "--registrar", "copy.key"), "hold the same key");
}
END_TEST

START_TEST(keys_that_cannot_be_used)
{
    suite_write("wrong", "another passphrase\n");
    refused(INIT(ORIGIN, CODE, "--threshold", "1", "--registrar", "r1.key", "--registrar", "absent.key"), "absent.key");
    refused(INIT(ORIGIN, CODE, "--threshold", "1", "--registrar", "r1.key", "--registrar", "pass"), "pass");
    ck_assert_int_eq(station_try(WORDS("ledger", "init", "new", ORIGIN, CODE, "--threshold", "1", TWO, "--passphrase-file", "pass",
                                       "--passphrase-file", "wrong"),
                                 &fault, &said),
                     STATUS_UNTRUSTED);
    nothing_is_left();
}
END_TEST

START_TEST(a_directory_that_is_taken)
{
    ck_assert_int_eq(mkdir("new", 0700), 0);
    suite_write("new/mine", "x");
    ck_assert_int_eq(station_try(INIT(ORIGIN, CODE, "--threshold", "1", TWO), &fault, &said), STATUS_REFUSED);
    ck_assert_uint_eq(suite_count("new"), 1);
    ck_assert_int_eq(system("rm -rf new"), 0);
}
END_TEST

/* Commas in names are part of them, and name and agency may stand in either order. */
START_TEST(founded)
{
    struct session session = {0};
    struct args args;

    ck_assert_msg(station_try(WORDS("ledger", "init", "real", ORIGIN, CODE, "--threshold", "1", "--registrar",
                                    "r1.key,name=Chan, Sophea,agency=Court, Registry", "--registrar",
                                    "r2.key,agency=Customs,name=ឡុង", "--passphrase-file", "pass"),
                              &fault, &said) == STATUS_OK,
                  "%s", fault.text);
    ck_assert_ptr_nonnull(strstr(said, "founded kh-pp.example/custody/"));
    ck_assert_ptr_null(strstr(said, "TRAINING"));
    ck_assert_ptr_nonnull(strstr(said, station_name(1)));
    ck_assert_ptr_nonnull(strstr(said, "1 of 2 registrars"));
    station_args(WORDS("person", "list", "--json", "--ledger", "real"), &args);
    ck_assert_int_eq(session_open(&args, LEDGER_READ, true, &session, &fault), STATUS_OK);
    ck_assert(!session.identity->training);
    ck_assert_uint_eq(session.identity->threshold, 1);
    ck_assert_uint_eq(session.identity->founder_count, 2);
    session_close(&session);
    args_close(&args);
    said = station_do(WORDS("show", "0", "--ledger", "real"));
    ck_assert_msg(strstr(said, "Chan, Sophea\n") != NULL && strstr(said, "Court, Registry\n") != NULL, "%s", said);
    ck_assert_ptr_nonnull(strstr(said, "ឡុង\n"));
    ck_assert_ptr_nonnull(strstr(said, "Customs\n"));
}
END_TEST

START_TEST(founded_for_training)
{
    said = station_do(WORDS("ledger", "init", "lesson", ORIGIN, CODE, "--threshold", "1", TWO, "--training", "--now", STATION_NOW,
                            "--passphrase-file", "pass"));
    ck_assert_int_eq(strncmp(said, "TRAINING ledger ", 16), 0);
    said = station_do(WORDS("show", "0", "--ledger", "lesson"));
    ck_assert_msg(strstr(said, "2018-12-13T10:00:00+07:00") != NULL, "%s", said);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {options_that_found_nothing, one_key_twice, keys_that_cannot_be_used,
                                  a_directory_that_is_taken,  founded,       founded_for_training,
                                  NULL};

    return suite_run("found", tests, station_people);
}
