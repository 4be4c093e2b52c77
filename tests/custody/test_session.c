/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when a real ledger takes another clock, a key is taken twice or silently not at all, or a typed name is another's. */
#include "custody/session.h"

#include "tests/support/custody_station.h"

static struct fault fault;
static struct args args;
static struct session session;

/* An open session of that command line; status and fault say how it went. */
static enum status open_with(enum ledger_mode mode, const char *const *words)
{
    fault_clear(&fault);
    station_args(words, &args);
    session = (struct session){0};
    return session_open(&args, mode, true, &session, &fault);
}

static void close_all(void)
{
    session_close(&session);
    args_close(&args);
}

#define LIST(...) WORDS("list", "--ledger", "led", __VA_ARGS__)
#define NOTE(...) WORDS("note", "X", "--ledger", "led", "--now", STATION_NOW, __VA_ARGS__)

static void prepare(void)
{
    station_make();
    station_do(WORDS("ledger", "init", "real", "--origin", "a.example", "--code", "KHPP", "--threshold", "1", "--registrar", "r1.key",
                     "--registrar", "r2.key", "--passphrase-file", "pass"));
}

static const char *directory_of(const char *const *words)
{
    const char *out = NULL;

    fault_clear(&fault);
    station_args(words, &args);
    if (session_directory(&args, &out, &fault) != STATUS_OK) {
        ck_assert(args.is_usage);
        out = NULL;
    }
    args_close(&args);
    return out;
}

/* The option goes before the environment; neither, or an empty one, is said and not guessed. */
START_TEST(which_ledger)
{
    ck_assert_ptr_null(directory_of(WORDS("list")));
    (void)setenv("UNBROKEN_LEDGER", "", 1);
    ck_assert_ptr_null(directory_of(WORDS("list")));
    (void)setenv("UNBROKEN_LEDGER", "of-the-environment", 1);
    ck_assert_str_eq(directory_of(WORDS("list")), "of-the-environment");
    ck_assert_str_eq(directory_of(WORDS("list", "--ledger", "led")), "led");
    ck_assert_ptr_null(directory_of(WORDS("list", "--ledger=")));
}
END_TEST

START_TEST(no_ledger_there)
{
    ck_assert_int_eq(open_with(LEDGER_READ, WORDS("list", "--ledger", "absent")), STATUS_MISSING);
    ck_assert_ptr_null(session.ledger);
    close_all(); /* of a session that never was */
}
END_TEST

/* --now is for lessons: a ledger that counts takes the machine's clock alone. */
START_TEST(the_clock)
{
    ck_assert_int_eq(open_with(LEDGER_READ, LIST("--now", "2018-12-13T09:30:00+05:00")), STATUS_OK);
    ck_assert_uint_eq(session.now_s, 1544675400);
    ck_assert_int_eq(session.offset_min, 300);
    ck_assert(args.training);
    close_all();
    ck_assert_int_eq(open_with(LEDGER_READ, LIST("--now", "soon")), STATUS_REFUSED);
    ck_assert_ptr_null(session.ledger); /* closed again */
    close_all();
    ck_assert_int_eq(open_with(LEDGER_READ, WORDS("list", "--ledger", "real", "--now", STATION_NOW)), STATUS_REFUSED);
    ck_assert(args.is_usage && !args.training);
    ck_assert_ptr_null(session.ledger);
    close_all();
    ck_assert_int_eq(open_with(LEDGER_READ, WORDS("list", "--ledger", "real")), STATUS_OK);
    ck_assert_uint_gt(session.now_s, UINT64_C(1700000000));
    close_all();
}
END_TEST

static const char *announcement(const char *const *words, bool quiet)
{
    const char *said;

    fault_clear(&fault);
    station_args(words, &args);
    suite_catch(1);
    ck_assert_int_eq(session_open(&args, LEDGER_READ, quiet, &session, &fault), STATUS_OK);
    said = suite_caught();
    close_all();
    return said;
}

/* A lesson is announced; JSON stays JSON. */
START_TEST(training_is_announced)
{
    ck_assert_int_eq(strncmp(announcement(LIST("--now", STATION_NOW), false), "TRAINING ", 9), 0);
    ck_assert_str_eq(announcement(LIST("--now", STATION_NOW), true), "");
    ck_assert_str_eq(announcement(LIST("--json"), false), "");
    ck_assert_str_eq(announcement(WORDS("list", "--ledger", "real"), false), "");
}
END_TEST

static enum status keys_with(const char *const *words)
{
    ck_assert_int_eq(open_with(LEDGER_READ, words), STATUS_OK);
    return session_keys(&session, &fault);
}

START_TEST(keys)
{
    ck_assert_int_eq(keys_with(NOTE("--key", "off.key", "--key", "cust.key", "--passphrase-file", "pass")), STATUS_OK);
    ck_assert_uint_eq(session.key_count, 2);
    ck_assert_str_eq(session.keys[0].path, "off.key"); /* in the order of signing */
    ck_assert_uint_eq(session.keys[0].person, NOTHING);
    close_all();
    ck_assert_int_eq(keys_with(NOTE("--passphrase-file", "pass")), STATUS_REFUSED);
    ck_assert(args.is_usage);
    close_all();
    ck_assert_int_eq(keys_with(NOTE("--draft", "d.draft")), STATUS_OK); /* others sign it */
    ck_assert_uint_eq(session.key_count, 0);
    close_all();
    ck_assert_int_eq(keys_with(NOTE("--key", "off.key", "--key", "off.key", "--passphrase-file", "pass")), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "stands twice"));
    close_all();
    (void)setenv("UNBROKEN_KEY", "cust.key", 1);
    ck_assert_int_eq(keys_with(NOTE("--passphrase-file", "pass")), STATUS_OK);
    ck_assert_str_eq(session.keys[0].path, "cust.key");
    close_all();
    ck_assert_int_eq(keys_with(NOTE("--key", "off.key", "--passphrase-file", "pass")), STATUS_OK);
    ck_assert_uint_eq(session.key_count, 1); /* the option, and not the environment's as well */
    ck_assert_str_eq(session.keys[0].path, "off.key");
    close_all();
}
END_TEST

START_TEST(seventeen_keys)
{
    const char *words[64] = {"note", "X", "--ledger", "led"};
    char paths[ACT_SIGNERS_MAX + 1][16];

    for (size_t i = 0; i < ACT_SIGNERS_MAX + 1; i++) {
        (void)snprintf(paths[i], sizeof paths[i], "%zu.key", i);
        words[4 + 2 * i] = "--key";
        words[5 + 2 * i] = paths[i];
    }
    ck_assert_int_eq(keys_with(words), STATUS_REFUSED);
    ck_assert(args.is_usage);
    close_all();
}
END_TEST

/* One file for all keys, or one for each, in the order of the keys. */
START_TEST(passphrases)
{
    suite_write("wrong", "another\n");
    ck_assert_int_eq(keys_with(NOTE("--key", "off.key", "--passphrase-file", "wrong")), STATUS_UNTRUSTED);
    ck_assert_uint_eq(session.key_count, 0);
    close_all();
    ck_assert_int_eq(keys_with(NOTE("--key", "off.key", "--key", "cust.key", "--passphrase-file", "pass", "--passphrase-file",
                                    "wrong")),
                     STATUS_UNTRUSTED);
    ck_assert_uint_eq(session.key_count, 1);
    close_all();
    /* What is no key is said before anyone is asked for its passphrase. */
    ck_assert_int_eq(keys_with(NOTE("--key", "wrong")), STATUS_DAMAGED);
    close_all();
    ck_assert_int_eq(keys_with(NOTE("--key", "absent")), STATUS_MISSING);
    close_all();
}
END_TEST

static int ask_without_terminal(void *context)
{
    enum status status = keys_with(NOTE("--key", "off.key"));

    (void)context;
    return status == STATUS_REFUSED && strcmp(args.hint, "--passphrase-file FILE") == 0 ? 0 : 1;
}

START_TEST(nobody_to_ask)
{
    ck_assert_int_eq(child_alone(ask_without_terminal, NULL), 0);
}
END_TEST

static void begin(const char *const *words)
{
    ck_assert_int_eq(open_with(LEDGER_READ, words), STATUS_OK);
    ck_assert_int_eq(session_begin(&session, false, &fault), STATUS_OK);
}

START_TEST(subjects_as_typed)
{
    uint64_t number = 0;

    begin(LIST("--now", STATION_NOW));
    ck_assert_int_eq(session_subject(&session, station_name(STATION_FIRST), &number, &fault), STATUS_OK);
    ck_assert_uint_eq(number, STATION_FIRST);
    ck_assert_int_eq(session_subject(&session, station_name(STATION_LAST + 1), &number, &fault), STATUS_MISSING);
    fault_clear(&fault);
    ck_assert_int_eq(session_subject_of(&session, station_name(STATION_CASE), TYPE_CASE, &number, &fault), STATUS_OK);
    ck_assert_int_eq(session_subject_of(&session, station_name(STATION_PLACE), TYPE_CASE, &number, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "place"));
    fault_clear(&fault);
    ck_assert_int_eq(session_subject_of(&session, "nonsense", TYPE_CASE, &number, &fault), STATUS_REFUSED);
    close_all();
}
END_TEST

START_TEST(names)
{
    char name[NAME_BYTES] = "x";

    begin(LIST("--now", STATION_NOW));
    session_name(&session, STATION_FIRST, name);
    ck_assert_str_eq(name, station_name(STATION_FIRST));
    session_name(&session, NOTHING, name);
    ck_assert_str_eq(name, "");
    close_all();
}
END_TEST

START_TEST(lists_of_subjects)
{
    struct subject_list list = {0};
    char range[2 * NAME_BYTES + 2];

    (void)snprintf(range, sizeof range, "%s..%s", station_name(8), station_name(10));
    begin(WORDS("note", "first", station_name(12), range, "--ledger", "led"));
    ck_assert_int_eq(session_subjects(&session, 1, &list, &fault), STATUS_OK); /* not "first" */
    ck_assert_uint_eq(list.count, 4);
    ck_assert_uint_eq(list.numbers[0], 8); /* ascending */
    ck_assert_uint_eq(list.numbers[3], 12);
    subject_list_free(&list);
    close_all();
    begin(WORDS("note", station_name(9), range, "--ledger", "led"));
    ck_assert_int_eq(session_subjects(&session, 0, &list, &fault), STATUS_REFUSED);
    subject_list_free(&list);
    close_all();
}
END_TEST

START_TEST(records_as_typed)
{
    static const char *const wrong[] = {"", "x", "-1", " 1", "01", "1 ", "0x1", "9007199254740993", "99999999999999999999"};
    uint64_t index = 0;

    begin(LIST("--now", STATION_NOW));
    ck_assert_int_eq(session_record(&session, "0", &index, &fault), STATUS_OK);
    ck_assert_int_eq(session_record(&session, "6", &index, &fault), STATUS_OK);
    ck_assert_uint_eq(index, 6);
    ck_assert_int_eq(session_record(&session, "7", &index, &fault), STATUS_MISSING);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        fault_clear(&fault);
        ck_assert_msg(session_record(&session, wrong[i], &index, &fault) == STATUS_REFUSED, "%s", wrong[i]);
    }
    close_all();
}
END_TEST

/* What was begun and not committed is gone. */
START_TEST(begun_twice)
{
    ck_assert_int_eq(open_with(LEDGER_APPEND, LIST("--now", STATION_NOW)), STATUS_OK);
    ck_assert_int_eq(session_begin(&session, true, &fault), STATUS_OK);
    ck_assert_int_eq(session_begin(&session, true, &fault), STATUS_OK); /* no waiting for itself */
    session_end(&session);
    session_end(&session);
    ck_assert_ptr_null(session.txn);
    close_all();
    close_all();
    ck_assert_uint_eq(station_records(), STATION_RECORDS);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {which_ledger,  no_ledger_there,   the_clock,     training_is_announced, keys,
                                  seventeen_keys, passphrases,      nobody_to_ask, subjects_as_typed,     names,
                                  lists_of_subjects, records_as_typed, begun_twice, NULL};

    return suite_run("session", tests, prepare);
}
