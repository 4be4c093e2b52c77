/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who had a thing, and what was in whose hands. Breaks when either differs from the state that the recorder kept, when one thing's own
 * replay differs from that of the whole ledger, or when a moment falls between two spans.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "custody/hands.h"
#include "custody/timeline.h"
#include "custody/whereabouts.h"
#include "ledger/past.h"
#include "tests/ledger/fixture.c"
#include "tests/ledger/life.c"

enum { ACTS = 250, LIVES = 4 };

static struct fixture f;
static struct life life;
static struct session session;

static void begin(unsigned seed, size_t acts)
{
    fixture_make(&f, NULL);
    life_make(&life, &f, seed, acts);
    session = (struct session){.ledger = f.ledger, .identity = ledger_identity(f.ledger)};
    OK(ledger_begin(f.ledger, false, &session.txn, FAULT));
}

static void end(void)
{
    ledger_abort(session.txn);
    fixture_remove(&f);
}

/* The span in which a record falls, or NULL before the first. */
static const struct span *span_at(const struct timeline *timeline, uint64_t index)
{
    const struct span *found = NULL;

    for (size_t i = 0; i < timeline->count; i++) {
        const struct span *span = &timeline->spans[i];

        ck_assert_uint_eq(span->until, i + 1 < timeline->count ? timeline->spans[i + 1].record : NOTHING);
        ck_assert_uint_eq(span->until_s, i + 1 < timeline->count ? timeline->spans[i + 1].from_s : NOTHING);
        found = span->record <= index && (span->until == NOTHING || index < span->until) ? span : found;
    }
    return found;
}

/* After every record: the span says what a replay of everything says. */
START_TEST(a_timeline_is_the_whole_ledgers)
{
    struct timeline timelines[LIFE_END] = {{0}};
    struct past *past = NULL;

    begin((unsigned)_i + 1, ACTS);
    for (uint64_t thing = LIFE_FIRST; thing < LIFE_END; thing++) {
        OK(timeline_of(&session, thing, &timelines[thing], FAULT));
    }
    OK(past_open(session.txn, NULL, NULL, &past, FAULT));
    for (uint64_t index = 0; index < ledger_size(session.txn); index++) {
        OK(past_step(past, index, FAULT));
        for (uint64_t thing = LIFE_FIRST; thing < LIFE_END; thing++) {
            const struct subject *subject = world_find(past_world(past), thing);
            const struct span *span = span_at(&timelines[thing], index);

            ck_assert_int_eq(subject == NULL, span == NULL);
            if (subject == NULL) {
                continue;
            }
            struct whereabouts where;
            whereabouts_of(past_world(past), subject, &where);
            const struct thing *outer = where.top->thing;
            ck_assert_msg(span->holder == outer->holder && span->state == outer->state && span->place == outer->place &&
                              span->in == subject->thing->container && span->open == (where.open == NULL ? NOTHING : where.open->index),
                          "seed %d: thing %u after record %u", _i + 1, (unsigned)thing, (unsigned)index);
        }
    }
    past_close(past);
    for (uint64_t thing = LIFE_FIRST; thing < LIFE_END; thing++) {
        timeline_close(&timelines[thing]);
    }
    end();
}
END_TEST

static bool is_in_hands(const struct span *span, uint64_t person)
{
    return span->holder == person && (span->state == THING_HELD || span->state == THING_TRANSIT);
}

/* Each thing's row is what its own timeline says, and none is left out. */
START_TEST(hands_are_what_the_timelines_say)
{
    begin((unsigned)_i + 1, ACTS);
    for (uint64_t person = CUSTODIAN; person <= OFFICER; person++) {
        struct hands_row *rows = NULL;
        size_t count = 0;
        size_t at = 0;

        OK(hands_of(&session, person, &rows, &count, FAULT));
        for (uint64_t thing = LIFE_FIRST; thing < LIFE_END; thing++) {
            struct hands_row want = {.times = 0};
            struct timeline timeline;
            bool mine = false;

            OK(timeline_of(&session, thing, &timeline, FAULT));
            for (size_t i = 0; i < timeline.count; i++) {
                const struct span *span = &timeline.spans[i];

                if (is_in_hands(span, person) && !mine) {
                    want.first_record = want.times++ == 0 ? span->record : want.first_record;
                    want.last_record = NOTHING;
                } else if (!is_in_hands(span, person) && mine) {
                    want.last_record = span->record;
                }
                mine = is_in_hands(span, person);
            }
            timeline_close(&timeline);
            if (want.times == 0) {
                ck_assert(at == count || rows[at].thing != thing);
                continue;
            }
            ck_assert_msg(at < count && rows[at].thing == thing && rows[at].times == want.times &&
                              rows[at].first_record == want.first_record && rows[at].last_record == want.last_record,
                          "seed %d: thing %u, person %u", _i + 1, (unsigned)thing, (unsigned)person);
            at++;
        }
        ck_assert_uint_eq(at, count);
        free(rows);
    }
    end();
}
END_TEST

START_TEST(moments)
{
    struct span span = {.from_s = 100, .until_s = 200};

    ck_assert(timeline_within(&span, 100, 100));
    ck_assert(timeline_within(&span, 199, 199));
    ck_assert(!timeline_within(&span, 200, 200)); /* the next one's */
    ck_assert(!timeline_within(&span, 99, 99));
    ck_assert(timeline_within(&span, 0, 100));
    ck_assert(timeline_within(&span, 199, 500));
    ck_assert(timeline_within(&span, 120, 130));
    ck_assert(!timeline_within(&span, 200, 500));
    span.until_s = NOTHING;
    ck_assert(timeline_within(&span, 1000000, 1000000));
    span.until_s = 100; /* two records in one second */
    ck_assert(timeline_within(&span, 100, 100));
    ck_assert(timeline_within(&span, 0, 500));
    ck_assert(!timeline_within(&span, 101, 500));
    span.until_s = 50; /* the clock was set back: all that lies between */
    ck_assert(timeline_within(&span, 50, 50) && timeline_within(&span, 99, 99));
    ck_assert(!timeline_within(&span, 100, 100) && !timeline_within(&span, 49, 49));
}
END_TEST

/* At any moment there is one holder, as long as the clock goes on. */
START_TEST(no_moment_is_left_out)
{
    struct timeline timeline;

    begin(3, 60);
    OK(timeline_of(&session, LIFE_FIRST, &timeline, FAULT));
    ck_assert_uint_gt(timeline.count, 1);
    for (uint64_t moment = timeline.spans[0].from_s; moment <= f.now_s; moment += 30) {
        size_t found = 0;

        for (size_t i = 0; i < timeline.count; i++) {
            found += timeline_within(&timeline.spans[i], moment, moment) ? 1 : 0;
        }
        ck_assert_uint_eq(found, 1);
    }
    timeline_close(&timeline);
    end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("timeline");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, a_timeline_is_the_whole_ledgers, 0, LIVES);
    tcase_add_loop_test(tests, hands_are_what_the_timelines_say, 0, LIVES);
    tcase_add_test(tests, moments);
    tcase_add_test(tests, no_moment_is_left_out);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
