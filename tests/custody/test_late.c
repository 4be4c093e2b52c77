/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when something is kept that its signer did not sign, that opens numbers, or that stands in the ledger already; when the act
 * that is kept is read as another; when a key that was replaced since is held against its signature.
 */
#include "custody/late.h"

#include "custody/drafts.h"
#include "tests/support/custody_station.h"

static struct fault fault;
static const char *said;
static struct session session;
static struct args args;
static struct act act;
static struct buffer bytes;
static struct view *parts;
static struct drafts drafts;

/* The one act of a draft file, with the ledger open for reading. */
static void open_draft(const char *path)
{
    struct submission submission;

    fault_clear(&fault);
    station_args(WORDS("show", "0", "--ledger", "led"), &args);
    ck_assert_int_eq(session_open(&args, LEDGER_READ, true, &session, &fault), STATUS_OK);
    ck_assert_int_eq(session_begin(&session, false, &fault), STATUS_OK);
    ck_assert_int_eq(drafts_read(path, ledger_hasher(session.ledger), &drafts, &fault), STATUS_OK);
    ck_assert_int_eq(draft_submission(&drafts.list[0], &bytes, &parts, &submission, &fault), STATUS_OK);
    ck_assert_int_eq(act_decode(buffer_view(&bytes), &act, &fault), STATUS_OK);
}

static void close_draft(void)
{
    free(parts);
    buffer_free(&bytes);
    drafts_free(&drafts);
    session_close(&session);
    args_close(&args);
}

static void refused(const char *why)
{
    fault_clear(&fault);
    ck_assert_int_eq(late_check(&session, &act, &fault), STATUS_REFUSED);
    ck_assert_msg(strstr(fault.text, why) != NULL, "%s", fault.text);
}

/* A weighing would need its own command: a release is an act on a thing, too. */
static void make_release(const char *path)
{
    station_do(WORDS("release", station_name(7), "--to", "custodian", "--purpose", "storage", "--key", "off.key", "--offline", "--draft",
                     path, STATION_TAIL));
}

START_TEST(signed_or_not)
{

    make_release("r.draft");
    open_draft("r.draft");
    ck_assert((act.present & BIT(PAY_OFFLINE)) != 0);
    ck_assert_int_eq(late_check(&session, &act, &fault), STATUS_OK);
    ck_assert(late_may_keep(&session, &act));
    act.signatures[0].value[5] ^= 1;
    refused("by no key that");
    act.signatures[0].value[5] ^= 1;
    act.signatures[0].kid.bytes[0] ^= 1;
    refused("by no key that");
    act.signatures[0].kid.bytes[0] ^= 1;
    act.signers[0].person = STATION_CUSTODIAN; /* signed by another than it says */
    refused("by no key that");
    act.signers[0].person = 999;
    refused("by no key that");
    act.signers[0].person = STATION_CASE;
    refused("by no key that");
    act.signers[0].person = STATION_OFFICER;
    act.ledger.bytes[0] ^= 1;
    refused("no act of this ledger");
    close_draft();
}
END_TEST

START_TEST(nothing_to_keep_it_for)
{
    station_do(WORDS("note", station_name(STATION_CASE), "--text", "x", "--key", "off.key", "--draft", "n.draft", STATION_TAIL));
    open_draft("n.draft");
    refused("touches no thing");
    ck_assert(!late_may_keep(&session, &act));
    close_draft();
    station_do(WORDS("allot", "1", "--key", "off.key", "--draft", "a.draft", STATION_TAIL));
    open_draft("a.draft");
    refused("gives numbers to what is new");
    ck_assert(!late_may_keep(&session, &act));
    close_draft();
    station_do(WORDS("discard", "a.draft", "--ledger", "led", "--now", STATION_NOW));
}
END_TEST

/* Kept, read again, found by both of its names; then of one thing only. */
START_TEST(kept_and_found)
{
    static struct late_act late;
    struct buffer words = {0};
    char id[2 * HASH_BYTES + 1];
    uint64_t adopted = 0;

    make_release("k.draft");
    station_do(WORDS("void", station_name(10), "--reason", "lost", "--key", "off.key", "--key", "cust.key", STATION_TAIL));
    station_do(WORDS("release", station_name(7), "--to", "custodian", "--purpose", "court", "--key", "off.key", STATION_TAIL));
    said = station_do(WORDS("lodge", "k.draft", "--key", "cust.key", STATION_TAIL));
    ck_assert_msg(strstr(said, "lodged 1 act") != NULL, "%s", said);
    station_do(WORDS("note", station_name(8), "--text", "x", "--key", "off.key", "--draft", "other.draft", STATION_TAIL));
    open_draft("other.draft"); /* for its session */
    late.lodged = ledger_size(session.txn) - 1;
    ck_assert_int_eq(late_read(&session, &late, &fault), STATUS_OK);
    ck_assert_uint_eq(late.act.kind, KIND_RELEASE);
    ck_assert(late_concerns(&late, 7) && !late_concerns(&late, 8));
    ck_assert_int_eq(late_adopted(&session, 7, &late.id, late.lodged, &adopted, &fault), STATUS_OK);
    ck_assert_uint_eq(adopted, NOTHING);
    late_effect(&session, &late.act, &words);
    ck_assert_msg(view_equal(buffer_view(&words), view_text("in transit to any custodian")), "%.*s", (int)words.len, (char *)words.ptr);
    ck_assert(!late_may_keep(&session, &late.act));
    for (size_t i = 0; i < HASH_BYTES; i++) {
        (void)snprintf(id + 2 * i, 3, "%02x", late.id.bytes[i]);
    }
    late.lodged = 0;
    ck_assert_int_eq(late_find(&session, id, &late, &fault), STATUS_OK);
    ck_assert_uint_eq(late.lodged, ledger_size(session.txn) - 1);
    id[0] = id[0] == 'a' ? 'b' : 'a';
    ck_assert_int_eq(late_find(&session, id, &late, &fault), STATUS_MISSING);
    fault_clear(&fault);
    ck_assert_int_eq(late_find(&session, "0", &late, &fault), STATUS_REFUSED);
    fault_clear(&fault);
    id[10] = '\0'; /* no record, and too short for an id */
    ck_assert_int_ne(late_find(&session, id, &late, &fault), STATUS_OK);
    buffer_free(&words);
    close_draft();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {signed_or_not, nothing_to_keep_it_for, kept_and_found, NULL};

    return suite_run("late", tests, station_make);
}
