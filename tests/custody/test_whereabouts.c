/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a thing in a container is said to be elsewhere than its container, or a clock says other than a verdict of the same day
 * (SPEC 7.3.15).
 */
#include "custody/whereabouts.h"

#include <stdlib.h>

#include "tests/support/custody_station.h"

enum { ITEM = 20, BOX = 21, PALLET = 22, DAY = WHEREABOUTS_DAY_S };

static struct world *world;
static struct fault fault;
static struct subject *item, *box, *pallet;

static struct subject *thing(uint64_t number, enum subject_type type, enum thing_state state, uint64_t holder, uint64_t place)
{
    struct subject *subject = world_add(world, number, type);

    ck_assert_ptr_nonnull(subject);
    subject->thing->state = state;
    subject->thing->holder = holder;
    subject->thing->place = place;
    subject->thing->container = NOTHING;
    return subject;
}

static void open_world(void)
{
    ck_assert_int_eq(world_open(NULL, NULL, &world, &fault), STATUS_OK);
    item = thing(ITEM, TYPE_ITEM, THING_HELD, 1, 8);
    box = thing(BOX, TYPE_CONTAINER, THING_HELD, 2, 9);
    pallet = thing(PALLET, TYPE_CONTAINER, THING_HELD, 3, NOTHING);
}

static void release(struct subject *subject, enum thing_state state, uint64_t logged_s, uint64_t due_s)
{
    subject->thing->state = state;
    subject->thing->open = calloc(1, sizeof *subject->thing->open);
    ck_assert_ptr_nonnull(subject->thing->open);
    subject->thing->open->logged_s = logged_s;
    subject->thing->open->due_s = due_s;
}

static struct whereabouts of(const struct subject *subject)
{
    struct whereabouts where;

    whereabouts_of(world, subject, &where);
    return where;
}

START_TEST(through_containers)
{
    open_world();
    ck_assert_uint_eq(of(item).place, 8);
    item->thing->container = BOX;
    ck_assert_uint_eq(of(item).place, 9);
    ck_assert_uint_eq(of(item).holder, 2);
    box->thing->container = PALLET;
    ck_assert_ptr_eq(of(item).top, pallet);
    ck_assert_uint_eq(of(item).place, NOTHING);
    ck_assert_uint_eq(of(item).holder, 3);
    ck_assert(whereabouts_out_of_store(&(struct whereabouts){.state = of(item).state, .place = of(item).place}));
    release(pallet, THING_TRANSIT, 1000, NOTHING);
    ck_assert_int_eq(of(item).state, THING_TRANSIT);
    ck_assert_ptr_eq(of(item).open, pallet->thing->open);
    /* A circle, which no ledger takes, ends too; and a container that is not there is none. */
    pallet->thing->container = BOX;
    (void)of(item);
    box->thing->container = 99;
    ck_assert_ptr_eq(of(item).top, box);
    world_close(world);
}
END_TEST

START_TEST(overdue)
{
    struct whereabouts where;

    open_world();
    where = of(item);
    ck_assert(!whereabouts_overdue(&where, UINT64_MAX));
    release(item, THING_TRANSIT, 1000, 5000);
    where = of(item);
    ck_assert(!whereabouts_overdue(&where, 5000));
    ck_assert(whereabouts_overdue(&where, 5001));
    item->thing->open->due_s = NOTHING; /* unanswered */
    ck_assert(!whereabouts_overdue(&where, 1000 + 30 * DAY));
    ck_assert(whereabouts_overdue(&where, 1000 + 30 * DAY + 1));
    ck_assert(!whereabouts_overdue(&where, 0)); /* a clock that stepped back */
    release(box, THING_OUT, 1000, NOTHING); /* a hand out without a due time is never late */
    where = of(box);
    ck_assert(!whereabouts_overdue(&where, 1000 + 300 * DAY));
    box->thing->open->due_s = 2000;
    ck_assert(whereabouts_overdue(&where, 2001));
    /* An answered release that the state still had. */
    box->thing->state = THING_HELD;
    where = of(box);
    ck_assert(!whereabouts_overdue(&where, 2001));
    world_close(world);
}
END_TEST

START_TEST(out_of_store)
{
    static const enum thing_state states[] = {THING_UNUSED, THING_HELD, THING_TRANSIT, THING_OUT, THING_CLOSED};

    open_world();
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        for (int placed = 0; placed < 2; placed++) {
            struct whereabouts where;
            bool moves = states[i] == THING_TRANSIT || states[i] == THING_OUT;

            item->thing->place = placed == 1 ? 8 : NOTHING;
            item->thing->state = states[i];
            if (moves && item->thing->open == NULL) {
                release(item, states[i], 1000, NOTHING);
            }
            where = of(item);
            ck_assert_int_eq(whereabouts_out_of_store(&where), moves || (states[i] == THING_HELD && placed == 0));
        }
    }
    world_close(world);
}
END_TEST

START_TEST(days)
{
    ck_assert_uint_eq(whereabouts_days(1000, 1000), 0);
    ck_assert_uint_eq(whereabouts_days(1000, 1000 + DAY - 1), 0);
    ck_assert_uint_eq(whereabouts_days(1000, 1000 + DAY), 1);
    ck_assert_uint_eq(whereabouts_days(1000 + DAY, 1000), 0);
    ck_assert_uint_eq(whereabouts_days(0, 40 * (uint64_t)DAY), 40);
}
END_TEST

/* Out of a ledger: registered at no place in record 6, a note does not change that, a shelf ends it, a release begins it again. */
START_TEST(since)
{
    struct whereabouts_clock clock = {0};
    struct session session;
    struct args args;
    uint64_t since_s = 0, record = 0, logged_s = 0;

    station_do(WORDS("note", station_name(7), station_name(8), "--text", "x", "--key", "off.key", STATION_TAIL));
    station_do(WORDS("release", station_name(8), "--to", "custodian", "--purpose", "storage", "--key", "off.key", STATION_TAIL));
    station_do(WORDS("release", station_name(9), "--to", "custodian", "--purpose", "storage", "--key", "off.key", STATION_TAIL));
    station_do(WORDS("accept", station_name(9), "--as", "inventoried", "--place", station_name(STATION_PLACE), "--key", "cust.key", STATION_TAIL));
    station_args(WORDS("list", "--ledger", "led"), &args);
    suite_catch(1);
    ck_assert_int_eq(session_open(&args, LEDGER_READ, false, &session, &fault), STATUS_OK);
    ck_assert_int_eq(session_begin(&session, false, &fault), STATUS_OK);
    (void)suite_caught();
    for (uint64_t n = 7; n <= 10; n++) {
        static const uint64_t want[] = {6, 8, NOTHING, NOTHING}; /* 10 is unused */
        const struct subject *subject = ledger_subject(session.txn, n, &fault);
        struct whereabouts where;

        ck_assert_ptr_nonnull(subject);
        whereabouts_of(ledger_world(session.txn), subject, &where);
        ck_assert_int_eq(whereabouts_since(&session, &clock, &where, &since_s, &record, &fault), STATUS_OK);
        ck_assert_uint_eq(record, want[n - 7]);
        ck_assert_int_eq(since_s == NOTHING, want[n - 7] == NOTHING);
        if (record != NOTHING) {
            ck_assert_int_eq(whereabouts_logged(&session, &clock, record, &logged_s, &fault), STATUS_OK);
            ck_assert_uint_eq(logged_s, since_s);
        }
    }
    ck_assert_int_eq(whereabouts_logged(&session, &clock, 99, &logged_s, &fault), STATUS_MISSING);
    ck_assert_uint_eq(logged_s, NOTHING);
    free(clock.scratch);
    session_close(&session);
    args_close(&args);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {through_containers, overdue, out_of_store, days, since, NULL};

    return suite_run("whereabouts", tests, station_make);
}
