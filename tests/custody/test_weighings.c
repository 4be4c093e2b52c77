/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a weighing is left out, a weight is compared without what samples took since, or a weighing that was adopted late is
 * forgotten.
 */
#include "custody/weighings.h"

#include "tests/support/custody_station.h"

static struct fault fault;
static struct args args;
static struct session session;
static struct weighings weighings;

static void read_them(uint64_t subject)
{
    fault_clear(&fault);
    station_args(WORDS("weights", "x", "--ledger", "led"), &args);
    suite_catch(1);
    ck_assert_int_eq(session_open(&args, LEDGER_READ, true, &session, &fault), STATUS_OK);
    ck_assert_int_eq(session_begin(&session, false, &fault), STATUS_OK);
    (void)suite_caught();
    ck_assert_msg(weighings_read(&session, subject, &weighings, &fault) == STATUS_OK, "%s", fault.text);
}

static void leave_them(void)
{
    weighings_free(&weighings);
    session_close(&session);
    args_close(&args);
}

static void is(size_t i, const char *act, uint64_t net_mg, uint64_t expected_mg)
{
    ck_assert_uint_lt(i, weighings.count);
    ck_assert_str_eq(weighings.list[i].act, act);
    ck_assert_uint_eq(weighings.list[i].net_mg, net_mg);
    ck_assert_uint_eq(weighings_expected(&weighings, i), expected_mg);
}

#define WEIGH(n, net, ...) station_do(WORDS("weigh", station_name(n), "--net", net, "--scale", "K", "--key", "off.key", STATION_TAIL, __VA_ARGS__))

START_TEST(never_weighed)
{
    read_them(7);
    ck_assert_uint_eq(weighings.count, 0);
    leave_them();
}
END_TEST

START_TEST(what_samples_took_is_no_drift)
{
    WEIGH(8, "1000", "--calibration", "C-1");
    station_do(WORDS("sample", station_name(8), "--into", "mass=20", "--into", "mass=5", "--loss", "1", "--key", "off.key", "--key",
                     "cust.key", STATION_TAIL));
    WEIGH(8, "970", "--drift-explanation", "dried");
    read_them(8);
    ck_assert_uint_eq(weighings.count, 4);
    is(0, "weigh", 1000000, 974000);
    is(1, "sample: found", 1000000, 974000);
    is(2, "sample: remains", 974000, 974000);
    is(3, "weigh", 970000, 970000);
    ck_assert(view_equal(buffer_view(&weighings.list[0].calibration), view_text("C-1")));
    ck_assert_uint_eq(weighings.list[0].explanation.len, 0);
    ck_assert(view_equal(buffer_view(&weighings.list[3].explanation), view_text("dried")));
    ck_assert_uint_eq(weighings.taken_mg, 26000);
    leave_them();
    read_them(10); /* the first sample */
    ck_assert_uint_eq(weighings.count, 1);
    is(0, "sample", 20000, 20000);
    leave_them();
}
END_TEST

/* More was taken than one weighing knew of: nothing is left of it, and nothing wraps around. */
START_TEST(nothing_wraps)
{
    struct weighing list[2] = {{.net_mg = 5, .taken_before_mg = 0}, {.net_mg = 100, .taken_before_mg = 50}};
    const struct weighings few = {.list = list, .count = 2};

    ck_assert_uint_eq(weighings_expected(&few, 0), 0);
    ck_assert_uint_eq(weighings_expected(&few, 1), 100);
}
END_TEST

/* ---- a weighing that came too late ----------------------------------------------------------- */

static void start(const char *key, enum kind kind)
{
    station_args(WORDS("weigh", "x", "--key", key, STATION_TAIL), &args);
    suite_catch(1);
    ck_assert_msg(session_start(&args, kind, &session, &fault) == STATUS_OK, "%s", fault.text);
    (void)suite_caught();
}

static void finish(struct composer *composer)
{
    suite_catch(1);
    ck_assert_msg(session_finish(&session, composer, "done", &fault) == STATUS_OK, "%s", fault.text);
    (void)suite_caught();
    session_close(&session);
    args_close(&args);
}

/* The officer's weighing, signed, that nobody recorded: its act's bytes and id. */
static void sign_orphan(struct buffer *act, struct hash *id)
{
    struct composer *composer = NULL;
    struct submission submission;
    struct view *parts = NULL;
    struct draft draft = {0};
    struct entry *entry;

    start("off.key", KIND_WEIGH);
    ck_assert_int_eq(session_compose(&session, KIND_WEIGH, &composer, &fault), STATUS_OK);
    entry = composer_entry(composer, 9, ROLE_SUBJECT);
    entry->facts.present = BIT(FACT_NET);
    entry->facts.net_mg = 600000;
    ck_assert_int_eq(composer_finish(composer, &draft, &fault), STATUS_OK);
    ck_assert_int_eq(draft_sign(ledger_hasher(session.ledger), &draft, 0, session.signers[0].secret, &fault), STATUS_OK);
    ck_assert_int_eq(draft_submission(&draft, act, &parts, &submission, &fault), STATUS_OK);
    act_id(ledger_hasher(session.ledger), buffer_view(&draft.payload), id);
    free(parts);
    draft_free(&draft);
    composer_close(composer);
    session_close(&session);
    args_close(&args);
}

static struct act *answer(enum kind kind, const struct hash *id, struct composer **composer)
{
    struct act *act;

    ck_assert_int_eq(session_compose(&session, kind, composer, &fault), STATUS_OK);
    act = composer_act(*composer);
    act->present |= BIT(PAY_ANSWERS);
    act->answers = *id;
    ck_assert_ptr_nonnull(composer_entry(*composer, 9, ROLE_SUBJECT));
    return act;
}

START_TEST(adopted_late)
{
    struct composer *composer = NULL;
    struct value bytes = {.type = VALUE_BYTES};
    struct buffer orphan = {0};
    struct act *act;
    struct hash id;

    sign_orphan(&orphan, &id);
    start("cust.key", KIND_LODGE);
    act = answer(KIND_LODGE, &id, &composer);
    act->present |= BIT(PAY_FROM);
    act->from = (struct party){.has_person = true, .person = STATION_OFFICER};
    bytes.text = buffer_view(&orphan);
    composer_detail(composer, NOTHING, NAME_ORPHAN, &bytes);
    finish(composer);
    read_them(9);
    ck_assert_uint_eq(weighings.count, 0); /* lodged: kept, without effect */
    leave_them();
    station_args(WORDS("weigh", "x", "--key", "off.key", "--key", "cust.key", STATION_TAIL), &args);
    suite_catch(1);
    ck_assert_int_eq(session_start(&args, KIND_ADOPT, &session, &fault), STATUS_OK);
    (void)suite_caught();
    (void)answer(KIND_ADOPT, &id, &composer);
    composer_text(composer, NOTHING, NAME_REASON, "signed in the field");
    finish(composer);
    read_them(9);
    ck_assert_uint_eq(weighings.count, 1);
    is(0, "weigh", 600000, 600000);
    ck_assert_uint_eq(weighings.list[0].record, station_records() - 1); /* where it had its effect */
    leave_them();
    buffer_free(&orphan);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {never_weighed, what_samples_took_is_no_drift, nothing_wraps, adopted_late, NULL};

    return suite_run("weighings", tests, station_make);
}
