/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when a station whose clock has stepped can never record again, or when one who is no registrar sets it right. */
#include "custody/clock.h"

#include "tests/support/custody_station.h"

#define AT(time) "--ledger", "led", "--now", time, "--passphrase-file", "pass"
#define CLOCK(key, time) WORDS("ledger", "clock", "--reason", "compared with the court's", "--key", key, AT(time))
#define NOTE(time) WORDS("note", station_name(STATION_CASE), "--text", "x", "--key", "off.key", AT(time))

static struct fault fault;
static const char *said;

static void refused(const char *const *words, const char *why)
{
    uint64_t before = station_records();

    ck_assert_int_eq(station_try(words, &fault, &said), STATUS_REFUSED);
    ck_assert_msg(strstr(fault.text, why) != NULL, "%s", fault.text);
    ck_assert_uint_eq(station_records(), before);
}

START_TEST(after_a_quiet_month)
{
    refused(NOTE("2019-03-01T09:00:00+07:00"), "unbroken ledger clock");
    refused(CLOCK("off.key", "2019-03-01T09:00:00+07:00"), "registrar");
    station_do(CLOCK("r1.key", "2019-03-01T09:00:00+07:00"));
    station_do(NOTE("2019-03-01T09:00:00+07:00"));
}
END_TEST

START_TEST(back_to_the_right_time)
{
    station_do(NOTE("2018-12-30T09:00:00+07:00"));
    refused(NOTE("2018-12-20T09:00:00+07:00"), "a step back");
    station_do(CLOCK("r1.key", "2018-12-20T09:00:00+07:00"));
    station_do(NOTE("2018-12-20T09:00:00+07:00"));
}
END_TEST

START_TEST(both_times_are_shown)
{
    char record[24];

    station_do(CLOCK("r1.key", "2019-03-01T09:00:00+07:00"));
    (void)snprintf(record, sizeof record, "%llu", (unsigned long long)station_records() - 1);
    said = station_do(WORDS("show", record, "--ledger", "led"));
    ck_assert_msg(strstr(said, "clock: record-before 2018-12-13T03:00:00Z, now 2019-03-01T02:00:00Z") != NULL, "%s", said);
    ck_assert_msg(strstr(said, "reason: compared with the court's") != NULL, "%s", said);
}
END_TEST

/* They share a directory, and each steps the clock: so each founds its own ledger. */
static void anew(void)
{
    ck_assert_int_eq(system("rm -rf led led.head *.key"), 0);
    station_make();
}

int main(void)
{
    const TTest *const tests[] = {after_a_quiet_month, back_to_the_right_time, both_times_are_shown, NULL};

    return suite_run_each("clock", tests, NULL, anew);
}
