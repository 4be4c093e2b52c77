/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when an act is recorded that somebody has not signed, nobody is told who, or a draft stays behind. */
#include "custody/submit.h"

#include <unistd.h>

#include "tests/support/custody_station.h"

static struct fault fault;
static const char *said;

#define HERE "--ledger", "led", "--now", STATION_NOW

static void draft(const char *path)
{
    station_do(WORDS("note", station_name(STATION_CASE), "--text", "x", "--draft", path, "--key", "off.key", "--signer",
                     station_name(STATION_CUSTODIAN), STATION_TAIL));
}

START_TEST(not_before_all_have_signed)
{
    uint64_t before = station_records();
    char missing[80];

    draft("a.draft");
    ck_assert_int_eq(station_try(WORDS("submit", "a.draft", HERE), &fault, &said), STATUS_REFUSED);
    (void)snprintf(missing, sizeof missing, "still to sign: %s", station_name(STATION_CUSTODIAN));
    ck_assert_msg(strstr(fault.text, missing) != NULL, "%s", fault.text);
    ck_assert_uint_eq(station_records(), before);
    ck_assert_int_eq(access("a.draft", F_OK), 0);
    station_do(WORDS("sign", "a.draft", "--yes", "--key", "cust.key", "--ledger", "led", "--passphrase-file", "pass"));
    said = station_do(WORDS("submit", "a.draft", HERE));
    ck_assert_msg(strstr(said, "recorded 1 act: record ") != NULL, "%s", said);
    ck_assert_uint_eq(station_records(), before + 1);
    ck_assert_int_ne(access("a.draft", F_OK), 0);
}
END_TEST

START_TEST(given_up)
{
    uint64_t before = station_records();

    draft("b.draft");
    station_do(WORDS("discard", "b.draft", HERE));
    ck_assert_int_ne(access("b.draft", F_OK), 0);
    ck_assert_uint_eq(station_records(), before);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {not_before_all_have_signed, given_up, NULL};

    return suite_run("submit", tests, station_make);
}
