/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a release takes what its signer does not hold, an answer is given to another release than the one that is
 * open, a count that was stated is lost, or a refused line of a scan is recorded.
 */
#include "custody/touch.h"

#include <unistd.h>

#include "tests/support/custody_station.h"

static struct fault fault;
static const char *said;

#define RELEASE(...) WORDS("release", "--to", "custodian", "--purpose", "storage", "--key", "off.key", STATION_TAIL, __VA_ARGS__)
#define ACCEPT(...) WORDS("accept", "--as", "inventoried", "--key", "cust.key", STATION_TAIL, __VA_ARGS__)

/* Nothing is recorded. */
static void refused(enum status want, const char *why, const char *const *words)
{
    uint64_t before = station_records();
    enum status status = station_try(words, &fault, &said);

    ck_assert_msg(status == want && strstr(fault.text, why) != NULL, "%s: %s", status_name(status), fault.text);
    ck_assert_uint_eq(station_records(), before);
}

START_TEST(names_or_a_scan)
{
    static const struct touch_plan plan = {.kind = KIND_RELEASE, .done = "released", .code_option = "--purpose"};
    struct touch touch;
    struct args args;

    station_args(RELEASE("--scan", "X"), &args);
    ck_assert_int_eq(touch_open(&args, &plan, &touch, &fault), STATUS_REFUSED);
    ck_assert(args.is_usage);
    ck_assert_ptr_null(touch.session.ledger); /* nothing was opened */
    touch_close(&touch);
    args_close(&args);
    fault_clear(&fault);
    station_args(RELEASE("--due", "2018-12-14"), &args);
    ck_assert_int_eq(touch_open(&args, &plan, &touch, &fault), STATUS_REFUSED);
    ck_assert(args.is_usage);
    args_close(&args);
}
END_TEST

START_TEST(things_that_cannot_be_released)
{
    refused(STATUS_REFUSED, "not a thing", RELEASE(station_name(STATION_CASE)));
    refused(STATUS_REFUSED, "is unused", RELEASE(station_name(10)));
    refused(STATUS_REFUSED, "twice", RELEASE(station_name(7), station_name(7)));
    refused(STATUS_MISSING, "", RELEASE(station_name(99)));
    refused(STATUS_REFUSED, "is held by", WORDS("release", "--to", "officer", "--purpose", "storage", "--key", "cust.key",
                                                STATION_TAIL, station_name(7)));
    /* One bad name among good ones: none of them. */
    refused(STATUS_REFUSED, "is unused", RELEASE(station_name(7), station_name(8), station_name(10)));
    refused(STATUS_REFUSED, "is held", ACCEPT(station_name(7)));
}
END_TEST

/* Each thing's answer names the release that is open on it: two releases, two acts, in one commit. */
START_TEST(answers_by_release)
{
    uint64_t before = station_records();

    station_do(RELEASE(station_name(7), station_name(9)));
    station_do(RELEASE(station_name(8)));
    ck_assert_uint_eq(station_records(), before + 2);
    refused(STATUS_REFUSED, "is in transit", RELEASE(station_name(7)));
    said = station_do(ACCEPT(station_name(9), station_name(8), station_name(7)));
    ck_assert_uint_eq(station_records(), before + 4);
    ck_assert_ptr_nonnull(strstr(said, "accepted 3: "));
    refused(STATUS_REFUSED, "is held", ACCEPT(station_name(7)));
}
END_TEST

/* A count goes to the thing that it was said of, or is refused: it is never dropped. */
START_TEST(pieces)
{
    char counted[64];

    (void)snprintf(counted, sizeof counted, "%s=2", station_name(9));
    station_do(RELEASE(station_name(7), station_name(9), "--pieces", counted));
    (void)snprintf(counted, sizeof counted, "%s=two", station_name(9));
    refused(STATUS_REFUSED, "NAME=NUMBER", ACCEPT(station_name(9), "--pieces", counted));
    refused(STATUS_REFUSED, "NAME=NUMBER", ACCEPT(station_name(9), "--pieces", station_name(9)));
    refused(STATUS_REFUSED, "", ACCEPT(station_name(9), "--pieces", "KHPP-9-=2"));
    (void)snprintf(counted, sizeof counted, "%s=3", station_name(9));
    refused(STATUS_REFUSED, "", ACCEPT(station_name(9), "--pieces", counted)); /* more than were released */
    refused(STATUS_REFUSED, "is not among", ACCEPT(station_name(7), "--pieces", counted));
    refused(STATUS_REFUSED, "twice", ACCEPT(station_name(9), "--pieces", counted, "--pieces", counted));
    refused(STATUS_REFUSED, "--scan takes no --pieces", ACCEPT("--scan", "--pieces", counted));
    refused(STATUS_REFUSED, "no pieces are stated",
            WORDS("accept", "--as", "sealed", "--key", "cust.key", STATION_TAIL, station_name(9), "--pieces", counted));
    station_do(ACCEPT(station_name(9)));
}
END_TEST

/* Refused lines are told one by one and are not in it; the rest is one act. */
START_TEST(scanned)
{
    uint64_t before = station_records();
    char lines[512];
    char *refusals;
    int kept = dup(STDERR_FILENO);

    (void)snprintf(lines, sizeof lines, "%s\r\n%s\n%s\nnonsense\n%s\n%s", station_name(8), station_name(8), station_name(10),
                   station_name(STATION_CASE), station_name(7));
    suite_feed(lines);
    ck_assert_ptr_nonnull(freopen("err", "w", stderr));
    said = station_do(RELEASE("--scan"));
    (void)fflush(stderr);
    (void)dup2(kept, STDERR_FILENO);
    ck_assert_uint_eq(station_records(), before + 1);
    ck_assert_ptr_nonnull(strstr(said, "(1)\n"));
    ck_assert_ptr_nonnull(strstr(said, "(2)\n"));
    ck_assert_ptr_nonnull(strstr(said, "released 2: "));
    refusals = suite_read("err");
    ck_assert_ptr_nonnull(strstr(refusals, "was scanned already"));
    ck_assert_ptr_nonnull(strstr(refusals, "is unused"));
    ck_assert_ptr_nonnull(strstr(refusals, "not a thing"));
    ck_assert_ptr_nonnull(strstr(refusals, "hint: 4 scanned lines"));
    free(refusals);
}
END_TEST

START_TEST(nothing_scanned)
{
    suite_feed("");
    refused(STATUS_REFUSED, "nothing was scanned", RELEASE("--scan"));
    suite_feed("nonsense\n");
    refused(STATUS_REFUSED, "nothing was scanned", RELEASE("--scan"));
}
END_TEST

/* More than one act holds: batches in one commit, each thing once. */
START_TEST(batches)
{
    enum { MANY = SESSION_BATCH + 10 };
    struct buffer list = {0};
    char range[2 * NAME_BYTES + 2];
    char count[16];
    uint64_t before;

    (void)snprintf(count, sizeof count, "%d", MANY);
    buffer_printf(&list, "ref,description,quantity,unit\n");
    for (unsigned i = 0; i < MANY; i++) {
        buffer_printf(&list, "M-%u,tusk,1,piece\n", i);
    }
    buffer_append_byte(&list, 0);
    suite_write("many.csv", (const char *)list.ptr);
    buffer_free(&list);
    station_do(WORDS("allot", count, "--key", "off.key", STATION_TAIL));
    station_do(WORDS("register", station_name(STATION_CASE), "--items", "many.csv", "--key", "off.key", STATION_TAIL));
    before = station_records();
    /* The officer's lowest unused numbers were taken first: 10 to 16, then the new ones. */
    (void)snprintf(range, sizeof range, "%s..%s", station_name(10), station_name(10 + MANY - 1));
    station_do(RELEASE(range));
    ck_assert_uint_eq(station_records(), before + 2);
    station_do(ACCEPT(range));
    ck_assert_uint_eq(station_records(), before + 4);
}
END_TEST

/* A record holds 65535 bytes: 120 things with sixteen seals of 64 bytes each are sealed and released in several acts, in one commit each. */
START_TEST(batches_of_many_seals)
{
    enum { MANY = 120 };
    struct buffer list = {0};
    char range[2 * NAME_BYTES + 2];
    uint64_t before;

    buffer_printf(&list, "ref,description,quantity,unit\n");
    for (unsigned i = 0; i < MANY; i++) {
        buffer_printf(&list, "M-%u,tusk,1,piece\n", i);
    }
    buffer_append_byte(&list, 0);
    suite_write("many.csv", (const char *)list.ptr);
    station_do(WORDS("allot", "120", "--key", "off.key", STATION_TAIL));
    station_do(WORDS("register", station_name(STATION_CASE), "--items", "many.csv", "--key", "off.key", STATION_TAIL));
    buffer_reset(&list);
    for (unsigned i = 0; i < MANY; i++) {
        buffer_printf(&list, "%s", station_name(10 + i));
        for (unsigned j = 0; j < 16; j++) {
            buffer_printf(&list, " %061u-%02u", i, j);
        }
        buffer_printf(&list, "\n");
    }
    buffer_append_byte(&list, 0);
    suite_feed((const char *)list.ptr);
    buffer_free(&list);
    before = station_records();
    station_do(WORDS("seal", "--scan", "--key", "off.key", "--key", "cust.key", STATION_TAIL));
    ck_assert_uint_gt(station_records(), before + 2);
    before = station_records();
    (void)snprintf(range, sizeof range, "%s..%s", station_name(10), station_name(10 + MANY - 1));
    station_do(RELEASE(range, "--seals-as-recorded"));
    ck_assert_uint_gt(station_records(), before + 2);
}
END_TEST

/* Each test works on a ledger of its own, a copy of the first. */
static void renew(void)
{
    ck_assert_int_eq(system("rm -rf led led.head && cp -a kept led && if test -e kept.head; then cp -a kept.head led.head; fi"), 0);
}

static void prepare(void)
{
    station_make();
    ck_assert_int_eq(system("cp -a led kept && if test -e led.head; then cp -a led.head kept.head; fi"), 0);
}

int main(void)
{
    const TTest *const tests[] = {names_or_a_scan, things_that_cannot_be_released, answers_by_release, pieces, scanned,
                                  nothing_scanned, batches, batches_of_many_seals, NULL};

    return suite_run_each("touch", tests, prepare, renew);
}
