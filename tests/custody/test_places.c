/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a place is taken for a part of another store, a place that names itself or a younger one makes a circle, or the tree is not
 * printed with each part below its whole.
 */
#include "custody/places.h"

#include "tests/support/custody_station.h"

static struct fault fault;

static void add(struct places *places, uint64_t number, uint64_t within)
{
    ck_assert_int_eq(places_add(places, number, within, &fault), STATUS_OK);
}

/*
 * 4 store            9 another store      (20 a place that names itself, 30 one that names a younger one, 40 one that names no place)
 *   5 room             11 shelf
 *     8 shelf
 *   7 room
 */
static void make(struct places *places)
{
    add(places, 4, NOTHING);
    add(places, 5, 4);
    add(places, 7, 4);
    add(places, 8, 5);
    add(places, 9, NOTHING);
    add(places, 11, 9);
    add(places, 20, 20);
    add(places, 30, 31);
    add(places, 31, 30);
    add(places, 40, 6);
}

START_TEST(within)
{
    static const uint64_t all[] = {4, 5, 7, 8, 9, 11, 20, 30, 31, 40};
    struct places places = {0};
    size_t pairs = 0;

    make(&places);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        for (size_t j = 0; j < sizeof all / sizeof all[0]; j++) {
            pairs += places_within(&places, all[i], all[j]) ? 1 : 0;
        }
        ck_assert(places_within(&places, all[i], all[i]));
        ck_assert(!places_within(&places, all[i], 6)); /* no place */
        ck_assert(!places_within(&places, all[i], NOTHING));
        ck_assert(!places_within(&places, NOTHING, all[i]));
    }
    /* Themselves, and 5, 7, 8 in 4; 8 in 5; 11 in 9; 31 in 30. */
    ck_assert_uint_eq(pairs, 10 + 3 + 1 + 1 + 1);
    ck_assert(places_within(&places, 8, 4) && places_within(&places, 8, 5) && places_within(&places, 11, 9));
    ck_assert(!places_within(&places, 8, 7) && !places_within(&places, 11, 4) && !places_within(&places, 4, 8));
    ck_assert(!places_within(&places, 30, 31));
    places_free(&places);
    ck_assert_ptr_null(places.list);
}
END_TEST

START_TEST(found_by_number)
{
    struct places places = {0};

    ck_assert_uint_eq(places_at(&places, 4), 0);
    make(&places);
    ck_assert_uint_eq(places_at(&places, 4), 0);
    ck_assert_uint_eq(places_at(&places, 8), 3);
    ck_assert_uint_eq(places_at(&places, 40), 9);
    ck_assert_uint_eq(places_at(&places, 3), places.count);
    ck_assert_uint_eq(places_at(&places, 6), places.count);
    ck_assert_uint_eq(places_at(&places, NOTHING), places.count);
    places_free(&places);
}
END_TEST

START_TEST(in_order)
{
    static const uint64_t want[] = {4, 5, 8, 7, 9, 11, 20, 30, 31, 40};
    static const size_t deep[] = {0, 1, 2, 1, 0, 1, 0, 0, 1, 0};
    struct places places = {0};
    size_t order[16], depths[16];

    ck_assert_int_eq(places_order(&places, order, depths, &fault), STATUS_OK); /* of none */
    make(&places);
    ck_assert_int_eq(places_order(&places, order, depths, &fault), STATUS_OK);
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        ck_assert_uint_eq(places.list[order[i]].number, want[i]);
        ck_assert_uint_eq(depths[order[i]], deep[i]);
    }
    places_free(&places);
}
END_TEST

/* A tree as deep as there are places costs neither stack nor an hour. */
START_TEST(a_deep_tree)
{
    enum { DEEP = 100000 };
    struct places places = {0};
    size_t *order = calloc(DEEP, sizeof *order);
    size_t *depths = calloc(DEEP, sizeof *depths);

    ck_assert(order != NULL && depths != NULL);
    for (uint64_t n = 0; n < DEEP; n++) {
        add(&places, n, n == 0 ? NOTHING : n - 1);
    }
    ck_assert(places_within(&places, DEEP - 1, 0));
    ck_assert_int_eq(places_order(&places, order, depths, &fault), STATUS_OK);
    ck_assert_uint_eq(order[DEEP - 1], DEEP - 1);
    ck_assert_uint_eq(depths[DEEP - 1], DEEP - 1);
    places_free(&places);
    free(order);
    free(depths);
}
END_TEST

/* Out of a ledger: the place of the station, and a shelf in it. */
START_TEST(loaded)
{
    struct places places = {0};
    struct session session;
    struct args args;

    station_do(WORDS("place", "open", "--name", "Shelf", "--in", station_name(STATION_PLACE), "--key", "cust.key", STATION_TAIL));
    station_args(WORDS("places", "--ledger", "led"), &args);
    suite_catch(1);
    ck_assert_int_eq(session_open(&args, LEDGER_READ, false, &session, &fault), STATUS_OK);
    ck_assert_int_eq(session_begin(&session, false, &fault), STATUS_OK);
    ck_assert_int_eq(places_load(&session, &places, &fault), STATUS_OK);
    (void)suite_caught();
    ck_assert_uint_eq(places.count, 2);
    ck_assert_uint_eq(places.list[0].number, STATION_PLACE);
    ck_assert_uint_eq(places.list[0].within, NOTHING);
    ck_assert_uint_eq(places.list[1].number, STATION_LAST + 1);
    ck_assert_uint_eq(places.list[1].within, STATION_PLACE);
    places_free(&places);
    session_close(&session);
    args_close(&args);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {within, found_by_number, in_order, a_deep_tree, loaded, NULL};

    return suite_run("places", tests, station_make);
}
