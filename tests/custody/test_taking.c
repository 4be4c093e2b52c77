/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when what was not stated is reckoned wrongly, or a sum that does not come out is let through (SPEC 7.3.8). */
#include "custody/taking.h"

#include "tests/support/custody_station.h"

static struct fault fault;
static struct args args;
static struct session session;
static struct taking taking;
static struct part parts[2];

/* Thing 7 weighs 1000 g and is one piece, 9 was never weighed and is two; what is stated of it goes into taking by the test. */
static void begin(uint64_t number, uint64_t first_mg, uint64_t second_mg, const char *more, const char *value)
{
    fault_clear(&fault);
    station_args(WORDS("split", "x", "--key", "off.key", STATION_TAIL, more, value), &args);
    suite_catch(1);
    ck_assert_int_eq(session_open(&args, LEDGER_READ, true, &session, &fault), STATUS_OK);
    ck_assert_int_eq(session_begin(&session, false, &fault), STATUS_OK);
    (void)suite_caught();
    parts[0] = parts_blank();
    parts[1] = parts_blank();
    parts[0].net_mg = first_mg;
    parts[1].net_mg = second_mg;
    taking = taking_blank();
    taking.number = number;
    taking.parts = parts;
    taking.count = 2;
}

static void end(void)
{
    session_close(&session);
    args_close(&args);
}

static void comes_out(bool split, uint64_t found, uint64_t loss, uint64_t remains)
{
    ck_assert_msg(taking_balance(&session, split, &taking, &fault) == STATUS_OK, "%s", fault.text);
    ck_assert_uint_eq(taking.found_mg, found);
    ck_assert_uint_eq(taking.loss_mg, loss);
    ck_assert_uint_eq(taking.remains_mg, remains);
    end();
}

static void refused(bool split, const char *why)
{
    ck_assert_msg(taking_balance(&session, split, &taking, &fault) == STATUS_REFUSED && strstr(fault.text, why) != NULL, "%s", fault.text);
    end();
}

START_TEST(what_is_not_stated_follows)
{
    begin(7, 2500, 2500, NULL, NULL);
    comes_out(false, 1000000, 0, 995000);
    begin(7, 2500, NOTHING, NULL, NULL);
    taking.loss_mg = 300;
    comes_out(false, 1000000, 300, 997200);
    ck_assert_uint_eq(parts[1].pieces, 1); /* a sample is one piece */
    begin(7, 2500, 2500, NULL, NULL);
    taking.remains_mg = 994000;
    comes_out(false, 1000000, 1000, 994000);
    begin(7, 1, 1, NULL, NULL);
    taking.found_mg = 990000;
    taking.loss_mg = 0;
    taking.remains_mg = 989998;
    comes_out(false, 990000, 0, 989998);
    begin(7, 400000, 600000, NULL, NULL); /* all of it */
    comes_out(false, 1000000, 0, 0);
    begin(9, NOTHING, NOTHING, NULL, NULL); /* never weighed, nor now */
    comes_out(false, NOTHING, NOTHING, NOTHING);
    begin(9, 5, 5, NULL, NULL);
    taking.found_mg = 10;
    comes_out(false, 10, 0, 0);
}
END_TEST

START_TEST(what_does_not_come_out)
{
    begin(7, 400000, 600001, NULL, NULL);
    refused(false, "1000 g found, but 1000.001 g taken, 0 g lost: that does not add up");
    begin(7, 1, 1, NULL, NULL);
    taking.remains_mg = 1000000;
    refused(false, "does not add up");
    begin(7, 1, 1, NULL, NULL);
    taking.loss_mg = 1;
    taking.remains_mg = 999998;
    refused(false, "0.001 g lost, 999.998 g remaining");
    begin(7, NUM_MAX, NUM_MAX, NULL, NULL);
    taking.loss_mg = NUM_MAX;
    taking.remains_mg = NUM_MAX;
    refused(false, "does not add up");
    begin(7, 1, 1, NULL, NULL);
    taking.found_mg = 979999;
    refused(false, "above 2 %");
    begin(7, 1, 1, "--drift-explanation", "dried");
    taking.found_mg = 979999;
    comes_out(false, 979999, 0, 979997);
    begin(7, 1, 1, "--deviation", "spilt");
    taking.loss_mg = 1;
    taking.remains_mg = 1;
    comes_out(false, 1000000, 1, 1);
    begin(9, 5, NOTHING, NULL, NULL);
    refused(false, "was never weighed");
    begin(9, NOTHING, NOTHING, NULL, NULL);
    taking.loss_mg = 5;
    refused(false, "was never weighed");
    begin(7, 1, 1, NULL, NULL);
    taking.count = 511;
    refused(false, "511 parts, but one act takes 510");
}
END_TEST

START_TEST(pieces_of_a_split)
{
    begin(9, NOTHING, NOTHING, NULL, NULL);
    refused(true, "needs pieces=N");
    begin(9, NOTHING, NOTHING, NULL, NULL);
    parts[0].pieces = parts[1].pieces = 1;
    comes_out(true, NOTHING, NOTHING, NOTHING);
    ck_assert_uint_eq(taking.pieces_after, 0);
    begin(9, NOTHING, NOTHING, NULL, NULL);
    parts[0].pieces = 1;
    parts[1].pieces = 2;
    refused(true, "2 pieces before, but 3 split off");
    begin(9, NOTHING, NOTHING, NULL, NULL);
    parts[0].pieces = parts[1].pieces = 1;
    taking.pieces_after = 1;
    refused(true, "2 pieces before, but 2 split off and others remaining");
    begin(9, NOTHING, NOTHING, "--deviation", "miscounted");
    parts[0].pieces = parts[1].pieces = 1;
    taking.pieces_after = 1;
    comes_out(true, NOTHING, NOTHING, NOTHING);
    begin(9, 5, NOTHING, NULL, NULL);
    parts[0].pieces = parts[1].pieces = 1;
    taking.found_mg = 10;
    refused(true, "each part that is split off needs its own");
}
END_TEST

static void prepare(void)
{
    station_make();
    station_do(WORDS("weigh", station_name(7), "--net", "1kg", "--scale", "K", "--key", "off.key", STATION_TAIL));
}

int main(void)
{
    const TTest *const tests[] = {what_is_not_stated_follows, what_does_not_come_out, pieces_of_a_split, NULL};

    return suite_run("taking", tests, prepare);
}
