/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when half a command is recorded, a draft is lost or overwritten, or a number stays held for a draft that does not exist. */
#include "custody/session.h"

#include "tests/support/custody_station.h"

static struct fault fault;
static struct args args;
static struct session session;

static void start(enum kind kind, const char *const *words)
{
    fault_clear(&fault);
    station_args(words, &args);
    suite_catch(1);
    ck_assert_msg(session_start(&args, kind, &session, &fault) == STATUS_OK, "%s", fault.text);
    (void)suite_caught();
}

static void close_all(void)
{
    session_close(&session);
    args_close(&args);
}

#define WITH(...) WORDS("note", "X", STATION_TAIL, "--key", "off.key", __VA_ARGS__)
#define DRAFT(path) WITH("--draft", path, "--signer", station_name(STATION_CUSTODIAN))
/* Places are opened by custodians. */
#define DRAFT_OF_PLACE(path) \
    WORDS("note", "X", STATION_TAIL, "--key", "cust.key", "--draft", path, "--signer", station_name(STATION_OFFICER))

/* A note on the case. */
static struct composer *note(const char *text)
{
    struct composer *composer = NULL;

    ck_assert_int_eq(session_compose(&session, KIND_NOTE, &composer, &fault), STATUS_OK);
    (void)composer_entry(composer, STATION_CASE, ROLE_SUBJECT);
    composer_text(composer, STATION_CASE, NAME_NOTE, text);
    return composer;
}

/* One that opens the next subject. */
static struct composer *place(void)
{
    struct composer *composer = NULL;
    struct entry *entry;
    uint64_t number = ledger_subjects(session.txn);

    ck_assert_int_eq(session_compose(&session, KIND_PLACE, &composer, &fault), STATUS_OK);
    entry = composer_entry(composer, number, ROLE_SUBJECT);
    entry->facts.present |= BIT(FACT_TYPE);
    entry->facts.type = TYPE_PLACE;
    composer_text(composer, number, NAME_PLACE, "a shelf");
    return composer;
}

START_TEST(what_every_act_says)
{
    struct composer *composer;
    const struct act *act;
    struct hash root;

    start(KIND_NOTE, WITH("--deviation", "because"));
    composer = note("x");
    act = composer_act(composer);
    ck_assert_int_eq(ledger_root(session.txn, STATION_RECORDS, &root, &fault), STATUS_OK);
    ck_assert_uint_eq(act->seen_size, STATION_RECORDS);
    ck_assert(hash_equal(&act->seen_root, &root));
    ck_assert(hash_equal(&act->ledger, &session.identity->id));
    ck_assert_uint_eq(act->claimed_s, 1544670000);
    ck_assert_int_eq(act->offset_min, 420);
    ck_assert_uint_eq(act->signer_count, 1);
    ck_assert_uint_eq(act->signers[0].person, STATION_OFFICER);
    ck_assert_uint_eq(act->present & (BIT(PAY_LEDGER) | BIT(PAY_SEEN) | BIT(PAY_DEVIATION)),
                      BIT(PAY_LEDGER) | BIT(PAY_SEEN) | BIT(PAY_DEVIATION));
    composer_close(composer);
    close_all();
    start(KIND_NOTE, WITH("--text", "t"));
    composer = note("x");
    ck_assert_uint_eq(composer_act(composer)->present & BIT(PAY_DEVIATION), 0);
    composer_close(composer);
    close_all();
}
END_TEST

/* All acts of a command or none: what was appended and not committed is gone. */
START_TEST(all_or_nothing)
{
    uint64_t before = station_records();
    uint64_t index = 0;

    start(KIND_NOTE, WITH("--text", "t"));
    ck_assert_int_eq(session_append(&session, note("one"), &index, &fault), STATUS_OK);
    ck_assert_uint_eq(index, before);
    ck_assert_int_eq(session_append(&session, note("two"), &index, &fault), STATUS_OK);
    ck_assert_uint_eq(index, before + 1);
    close_all();
    ck_assert_uint_eq(station_records(), before);
    start(KIND_NOTE, WITH("--text", "t"));
    ck_assert_int_eq(session_append(&session, note("one"), &index, &fault), STATUS_OK);
    ck_assert_int_eq(session_append(&session, note("two"), &index, &fault), STATUS_OK);
    ck_assert_int_eq(session_commit(&session, &fault), STATUS_OK);
    close_all();
    ck_assert_uint_eq(station_records(), before + 2);
}
END_TEST

START_TEST(finished)
{
    uint64_t before = station_records();
    char want[64];

    start(KIND_NOTE, WITH("--text", "t"));
    suite_catch(1);
    ck_assert_int_eq(session_finish(&session, note("x"), "noted", &fault), STATUS_OK);
    (void)snprintf(want, sizeof want, "noted: record %llu\n", (unsigned long long)before);
    ck_assert_str_eq(suite_caught(), want);
    close_all();
    ck_assert_uint_eq(station_records(), before + 1);
}
END_TEST

static const char *finish_draft(struct composer *composer, enum status want)
{
    const char *said;
    enum status status;

    suite_catch(1);
    status = session_finish(&session, composer, "noted", &fault);
    said = suite_caught();
    ck_assert_msg(status == want, "%s: %s", status_name(status), fault.text);
    close_all();
    return said;
}

/* A draft records nothing, says who is still to sign, and is never written over another. */
START_TEST(a_draft)
{
    uint64_t before = station_records();
    const char *said;
    char *kept;

    start(KIND_NOTE, DRAFT("a.draft"));
    said = finish_draft(note("x"), STATUS_OK);
    ck_assert_ptr_nonnull(strstr(said, "draft of 1 act in a.draft; still to sign: "));
    ck_assert_ptr_nonnull(strstr(said, station_name(STATION_CUSTODIAN)));
    ck_assert_ptr_null(strstr(said, station_name(STATION_OFFICER)));
    ck_assert_uint_eq(station_records(), before);
    /* Told before anything is loaded or asked: the key of this command line does not exist. */
    station_args(WORDS("note", "X", STATION_TAIL, "--key", "absent.key", "--draft", "a.draft"), &args);
    fault_clear(&fault);
    suite_catch(1);
    ck_assert_int_eq(session_start(&args, KIND_NOTE, &session, &fault), STATUS_REFUSED);
    (void)suite_caught();
    ck_assert_ptr_nonnull(strstr(fault.text, "exists"));
    args_close(&args);
    /* And again when it appeared meanwhile. */
    start(KIND_NOTE, DRAFT("b.draft"));
    suite_write("b.draft", "mine");
    (void)finish_draft(note("x"), STATUS_REFUSED);
    kept = suite_read("b.draft");
    ck_assert_str_eq(kept, "mine");
    free(kept);
}
END_TEST

/* While a draft opens a subject, its number is held; only while there is such a draft. */
START_TEST(held_numbers)
{
    const char *const other[] = {"place",    "open", "--name",  "Shelf",     "--key",          "cust.key", "--ledger", "led",
                                 "--now",    STATION_NOW, "--passphrase-file", "pass", NULL};
    const char *said;

    start(KIND_PLACE, DRAFT_OF_PLACE("no-such-directory/p.draft"));
    (void)finish_draft(place(), STATUS_ENVIRONMENT);
    ck_assert_msg(station_try(other, &fault, &said) == STATUS_OK, "%s", fault.text); /* nothing is held */
    start(KIND_PLACE, DRAFT_OF_PLACE("p.draft"));
    (void)finish_draft(place(), STATUS_OK);
    ck_assert_int_eq(station_try(other, &fault, &said), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "reserved"));
    station_do(WORDS("discard", "p.draft", "--ledger", "led", "--now", STATION_NOW));
    ck_assert_int_eq(station_try(other, &fault, &said), STATUS_OK);
}
END_TEST

/* A draft holds one number: of two acts none may open. */
START_TEST(one_opening_in_a_draft)
{
    uint64_t index = 0;

    start(KIND_PLACE, DRAFT_OF_PLACE("o.draft"));
    ck_assert_int_eq(session_append(&session, place(), &index, &fault), STATUS_OK);
    ck_assert_int_eq(session_append(&session, note("x"), &index, &fault), STATUS_REFUSED);
    close_all();
    fault_clear(&fault);
    start(KIND_NOTE, DRAFT_OF_PLACE("o.draft"));
    ck_assert_int_eq(session_append(&session, note("x"), &index, &fault), STATUS_OK);
    ck_assert_int_eq(session_append(&session, place(), &index, &fault), STATUS_REFUSED);
    close_all();
    fault_clear(&fault);
    start(KIND_NOTE, DRAFT("o.draft"));
    ck_assert_int_eq(session_append(&session, note("x"), &index, &fault), STATUS_OK);
    ck_assert_int_eq(session_append(&session, note("y"), &index, &fault), STATUS_OK);
    suite_catch(1);
    ck_assert_int_eq(session_commit(&session, &fault), STATUS_OK);
    ck_assert_ptr_nonnull(strstr(suite_caught(), "draft of 2 acts in o.draft"));
    close_all();
}
END_TEST

/* An act that the ledger refuses is not recorded, and what came before it in the same command neither. */
START_TEST(refused_by_the_ledger)
{
    struct composer *composer = NULL;
    uint64_t before = station_records();
    uint64_t index = 0;

    start(KIND_NOTE, WITH("--text", "t"));
    ck_assert_int_eq(session_append(&session, note("one"), &index, &fault), STATUS_OK);
    ck_assert_int_eq(session_compose(&session, KIND_NOTE, &composer, &fault), STATUS_OK);
    (void)composer_entry(composer, 9999, ROLE_SUBJECT); /* there is no such subject */
    composer_text(composer, 9999, NAME_NOTE, "x");
    ck_assert_int_ne(session_append(&session, composer, &index, &fault), STATUS_OK);
    close_all();
    ck_assert_uint_eq(station_records(), before);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_every_act_says, all_or_nothing,        finished, a_draft, held_numbers,
                                  one_opening_in_a_draft, refused_by_the_ledger, NULL};

    return suite_run("session_act", tests, station_make);
}
