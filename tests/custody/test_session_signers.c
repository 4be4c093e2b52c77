/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when a key signs for another person or in an office that its owner does not hold, or a stranger's key signs. */
#include "custody/session.h"

#include "tests/support/custody_station.h"

enum { BOTH_OFFICES = 17, REVOKED = 18 };

static struct fault fault;
static struct args args;
static struct session session;

/* Person 17 is officer and custodian (both.key); 18 was an officer until the key was revoked (gone.key); nobody has lost.key. */
static void prepare(void)
{
    station_make();
    station_key("both.key", 5);
    station_key("gone.key", 6);
    station_key("lost.key", 7);
    station_do(WORDS("person", "enrol", "--name", "Both", "--office", "officer", "--key", "r1.key", "--key", "both.key",
                     STATION_TAIL));
    station_do(WORDS("person", "enrol", "--name", "Gone", "--office", "officer", "--key", "r1.key", "--key", "gone.key",
                     STATION_TAIL));
    station_do(WORDS("person", "appoint", station_name(BOTH_OFFICES), "--office", "custodian", "--key", "r1.key", STATION_TAIL));
    station_do(WORDS("person", "revoke", station_name(REVOKED), "--reason", "stolen", "--key", "r1.key", STATION_TAIL));
}

/* Everything up to session_signers for a command line that does not matter but for its options. */
static enum status signers(enum kind kind, const char *const *words)
{
    fault_clear(&fault);
    session = (struct session){0};
    station_args(words, &args);
    ck_assert_msg(session_open(&args, LEDGER_READ, true, &session, &fault) == STATUS_OK, "%s", fault.text);
    ck_assert_msg(session_keys(&session, &fault) == STATUS_OK, "%s", fault.text);
    ck_assert_int_eq(session_begin(&session, false, &fault), STATUS_OK);
    return session_signers(&session, kind, &fault);
}

static void close_all(void)
{
    session_close(&session);
    args_close(&args);
}

#define WITH(...) WORDS("note", "X", STATION_TAIL, __VA_ARGS__)
#define KEY(name) "--key", name

static void signer_is(size_t i, uint64_t person, unsigned office, bool has_secret)
{
    ck_assert_uint_lt(i, session.signer_count);
    ck_assert_uint_eq(session.signers[i].signer.person, person);
    ck_assert_uint_eq(session.signers[i].signer.capacity, office);
    ck_assert_uint_gt(session.signers[i].signer.appointment, 0);
    ck_assert((session.signers[i].secret != NULL) == has_secret);
}

static void refused(enum kind kind, const char *why, bool usage, const char *const *words)
{
    enum status status = signers(kind, words);

    ck_assert_msg(status == STATUS_REFUSED && strstr(fault.text, why) != NULL, "%s: %s", status_name(status), fault.text);
    ck_assert(args.is_usage == usage);
    close_all();
}

START_TEST(whose_a_key_is)
{
    ck_assert_int_eq(signers(KIND_NOTE, WITH(KEY("cust.key"), KEY("off.key"))), STATUS_OK);
    ck_assert_uint_eq(session.signer_count, 2);
    signer_is(0, STATION_CUSTODIAN, OFFICE_CUSTODIAN, true); /* in the order of --key */
    signer_is(1, STATION_OFFICER, OFFICE_OFFICER, true);
    ck_assert_uint_eq(session_person_of(&session, secret_public(session.keys[1].secret)), STATION_OFFICER);
    ck_assert_ptr_null(session_new_key(&session));
    close_all();
}
END_TEST

START_TEST(keys_that_may_not_sign)
{
    refused(KIND_NOTE, "belongs to nobody", false, WITH(KEY("lost.key")));
    refused(KIND_NOTE, "revoked or replaced", false, WITH(KEY("gone.key")));
    refused(KIND_APPOINT, "holds no office in force that may sign this: registrar", false, WITH(KEY("off.key")));
    refused(KIND_ALLOT, "holds no office", false, WITH(KEY("r1.key")));
}
END_TEST

/* The slots of the table of acts choose: registrars where authority is needed; the second of two offices another than the first's. */
START_TEST(the_office_that_the_act_needs)
{
    ck_assert_int_eq(signers(KIND_APPOINT, WITH(KEY("r2.key"))), STATUS_OK);
    signer_is(0, 2, OFFICE_REGISTRAR, true);
    close_all();
    ck_assert_int_eq(signers(KIND_VOID, WITH(KEY("off.key"), KEY("both.key"))), STATUS_OK);
    signer_is(0, STATION_OFFICER, OFFICE_OFFICER, true);
    signer_is(1, BOTH_OFFICES, OFFICE_CUSTODIAN, true);
    close_all();
    ck_assert_int_eq(signers(KIND_VOID, WITH(KEY("cust.key"), KEY("both.key"))), STATUS_OK);
    signer_is(1, BOTH_OFFICES, OFFICE_OFFICER, true);
    close_all();
}
END_TEST

START_TEST(as_office)
{
    ck_assert_int_eq(signers(KIND_NOTE, WITH(KEY("both.key"), "--as-office", "custodian")), STATUS_OK);
    signer_is(0, BOTH_OFFICES, OFFICE_CUSTODIAN, true);
    close_all();
    refused(KIND_NOTE, "there is no office \"king\"", true, WITH(KEY("both.key"), "--as-office", "king"));
    refused(KIND_NOTE, "holds no office in force that may sign this: court", false, WITH(KEY("both.key"), "--as-office", "court"));
}
END_TEST

START_TEST(who_signs_later)
{
    char with_office[NAME_BYTES + 16];

    (void)snprintf(with_office, sizeof with_office, "%s=custodian", station_name(BOTH_OFFICES));
    ck_assert_int_eq(signers(KIND_NOTE, WITH(KEY("off.key"), "--draft", "d", "--signer", with_office, "--signer",
                                             station_name(STATION_CUSTODIAN))),
                     STATUS_OK);
    signer_is(0, STATION_OFFICER, OFFICE_OFFICER, true);
    signer_is(1, BOTH_OFFICES, OFFICE_CUSTODIAN, false);
    signer_is(2, STATION_CUSTODIAN, OFFICE_CUSTODIAN, false);
    close_all();
    refused(KIND_NOTE, "--signer goes with --draft", true, WITH(KEY("off.key"), "--signer", station_name(STATION_CUSTODIAN)));
    refused(KIND_NOTE, "nobody signs", true, WITH("--draft", "d"));
    refused(KIND_NOTE, "cannot sign", false, WITH("--draft", "d", "--signer", station_name(STATION_CASE)));
    (void)snprintf(with_office, sizeof with_office, "%s=king", station_name(BOTH_OFFICES));
    refused(KIND_NOTE, "there is no office \"king\"", true, WITH("--draft", "d", "--signer", with_office));
    (void)snprintf(with_office, sizeof with_office, "%s=court", station_name(BOTH_OFFICES));
    refused(KIND_NOTE, "holds no office", false, WITH("--draft", "d", "--signer", with_office));
    ck_assert_int_eq(signers(KIND_NOTE, WITH("--draft", "d", "--signer", station_name(99))), STATUS_MISSING);
    close_all();
}
END_TEST

/* A newcomer's key is nobody's yet: it is left for the command, and can be taken once. */
START_TEST(a_newcomer)
{
    struct session_key *key;

    ck_assert_int_eq(signers(KIND_ENROL, WITH(KEY("lost.key"), KEY("r1.key"))), STATUS_OK);
    ck_assert_uint_eq(session.signer_count, 1);
    signer_is(0, STATION_REGISTRAR, OFFICE_REGISTRAR, true);
    key = session_new_key(&session);
    ck_assert_ptr_nonnull(key);
    ck_assert_str_eq(key->path, "lost.key");
    key->taken = true;
    ck_assert_ptr_null(session_new_key(&session));
    close_all();
    /* To rekey, the old key endorses in the office of its owner, who is no registrar. */
    ck_assert_int_eq(signers(KIND_REKEY, WITH(KEY("r1.key"), KEY("off.key"), KEY("lost.key"))), STATUS_OK);
    signer_is(0, STATION_REGISTRAR, OFFICE_REGISTRAR, true);
    signer_is(1, STATION_OFFICER, OFFICE_OFFICER, true);
    close_all();
}
END_TEST

START_TEST(sixteen_at_most)
{
    struct session full = {.signer_count = 0};
    const struct signer signer = {1, 1, OFFICE_REGISTRAR};

    for (size_t i = 0; i < ACT_SIGNERS_MAX; i++) {
        ck_assert_int_eq(session_add_signer(&full, signer, NULL, &fault), STATUS_OK);
    }
    ck_assert_int_eq(session_add_signer(&full, signer, NULL, &fault), STATUS_REFUSED);
    ck_assert_uint_eq(full.signer_count, ACT_SIGNERS_MAX);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {whose_a_key_is,  keys_that_may_not_sign, the_office_that_the_act_needs, as_office,
                                  who_signs_later, a_newcomer,             sixteen_at_most,               NULL};

    return suite_run("session_signers", tests, prepare);
}
