/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state of things after any record. Breaks when what is replayed is not what the recorder kept, when a world of a few members differs
 * from the whole, or when a damaged store ends the program.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/past.h"
#include "ledger/inside.h"
#include "ledger/state_store.h"
#include "tests/ledger/fixture.c"
#include "tests/ledger/life.c"

enum { ACTS = 250, LIVES = 4 };

static struct fixture f;
static struct life life;

static void step_to(struct past *past, uint64_t size)
{
    for (uint64_t index = 0; index < size; index++) {
        OK(past_step(past, index, FAULT));
        ck_assert_uint_eq(past_record(past)->index, index);
        ck_assert_int_eq(past_act(past) == NULL, past_record(past)->type == RECORD_HEADS);
    }
}

/* As the store would keep them. */
static void expect_same(const struct subject *ours, const struct subject *theirs)
{
    struct buffer a = {0};
    struct buffer b = {0};

    ck_assert(ours != NULL && theirs != NULL);
    state_encode(ours, &a);
    state_encode(theirs, &b);
    ck_assert_msg(view_equal(buffer_view(&a), buffer_view(&b)), "seed %u: subject %u is not as it was recorded", life.seed,
                  (unsigned)theirs->number);
    buffer_free(&a);
    buffer_free(&b);
}

/* After the last record, every subject is as the recorder has it: people, the ledger, things in containers. */
START_TEST(ends_where_the_recorder_is)
{
    for (unsigned seed = 1; seed <= LIVES; seed++) {
        struct ledger_txn *txn = NULL;
        struct past *past = NULL;

        fixture_make(&f, NULL);
        life_make(&life, &f, seed, ACTS);
        OK(ledger_begin(f.ledger, false, &txn, FAULT));
        OK(past_open(txn, NULL, NULL, &past, FAULT));
        step_to(past, ledger_size(txn));
        for (uint64_t n = 0; n < ledger_subjects(txn); n++) {
            expect_same(world_find(past_world(past), n), ledger_subject(txn, n, NULL));
        }
        past_close(past);
        ledger_abort(txn);
        fixture_remove(&f);
    }
    ck_assert(life.recorded[KIND_PACK] > 5 && life.recorded[KIND_ADOPT] > 0 && life.recorded[KIND_ACCEPT] > 0);
    ck_assert(life.recorded[KIND_SPLIT] + life.recorded[KIND_SAMPLE] > 0 && life.recorded[KIND_UNPACK] > 0);
}
END_TEST

static bool only_items(void *context, uint64_t subject)
{
    ck_assert_ptr_eq(context, &life);
    return subject >= LIFE_FIRST && subject < LIFE_FIRST + LIFE_ITEMS;
}

START_TEST(follows_only_members)
{
    struct ledger_txn *txn = NULL;
    struct past *past = NULL;

    fixture_make(&f, NULL);
    life_make(&life, &f, 9, 40);
    OK(ledger_begin(f.ledger, false, &txn, FAULT));
    OK(past_open(txn, only_items, &life, &past, FAULT));
    step_to(past, ledger_size(txn));
    for (uint64_t n = 0; n < ledger_subjects(txn); n++) {
        ck_assert_int_eq(world_find(past_world(past), n) != NULL, only_items(&life, n));
    }
    past_close(past);
    ledger_abort(txn);
    fixture_remove(&f);
}
END_TEST

/* A record that is not there, one before its time, one twice. */
START_TEST(what_is_not_there)
{
    struct fault fault = {0};
    struct ledger_txn *txn = NULL;
    struct past *past = NULL;

    fixture_make(&f, NULL);
    life_make(&life, &f, 9, 0);
    OK(ledger_begin(f.ledger, false, &txn, FAULT));
    OK(past_open(txn, NULL, NULL, &past, FAULT));
    ck_assert_int_eq(past_step(past, ledger_size(txn), &fault), STATUS_MISSING);
    step_to(past, ledger_size(txn));
    fault_clear(&fault);
    ck_assert_int_eq(past_step(past, 5, &fault), STATUS_DAMAGED); /* the allotment opens its numbers once */
    ck_assert_uint_eq(fault.at, 5);
    past_close(past);
    past_close(NULL);
    ledger_abort(txn);
    fixture_remove(&f);
}
END_TEST

/* Whatever byte of an opening record has changed in the store: it is told, or changes nothing that matters here. */
START_TEST(damage_does_not_end_the_program)
{
    size_t told = 0;

    fixture_make(&f, NULL);
    life_make(&life, &f, 9, 0);
    fixture_close(&f);
    for (size_t at = 0; at < 200; at++) {
        struct ledger_txn *txn = NULL;
        struct past *past = NULL;
        struct fault fault = {0};
        enum status status = STATUS_OK;

        forge_last(&f, 5, at);
        OK(ledger_open(f.dir, LEDGER_READ, NULL, &f.ledger, FAULT)); /* who appends is stopped by the remembered head */
        OK(ledger_begin(f.ledger, false, &txn, FAULT));
        OK(past_open(txn, NULL, NULL, &past, FAULT));
        for (uint64_t index = 0; index < ledger_size(txn) && status == STATUS_OK; index++) {
            status = past_step(past, index, &fault);
        }
        told += status == STATUS_DAMAGED ? 1 : 0;
        ck_assert(status == STATUS_OK || status == STATUS_DAMAGED);
        past_close(past);
        ledger_abort(txn);
        fixture_close(&f);
        forge_last(&f, 5, at); /* back */
    }
    ck_assert_uint_gt(told, 50);
    fixture_remove(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {ends_where_the_recorder_is, follows_only_members, what_is_not_there, damage_does_not_end_the_program, NULL};

    return run_tests("past", tests);
}
