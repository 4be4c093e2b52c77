/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when something is appended that a verifier would reject, when a refusal leaves a trace, or when what was appended is not there after
 * opening again.
 */
#include "tests/ledger/fixture.c"

#include "ledger/care.h"

#include <dirent.h>
#include <sys/stat.h>

/* How many names are in a directory. */
static size_t count_names(const char *dir)
{
    DIR *entries = opendir(dir);
    size_t count = 0;

    ck_assert_ptr_nonnull(entries);
    while (readdir(entries) != NULL) {
        count++;
    }
    (void)closedir(entries);
    return count - 2;
}

static void check_sound(struct fixture *f)
{
    struct fsck_options options = {0};
    struct fsck_report report;

    OK(ledger_fsck(f->ledger, &options, &report, FAULT));
    ck_assert_msg(report.stop.status == 0, "%s", report.stop.text);
}

START_TEST(what_is_appended_is_there_again)
{
    struct fixture f;
    struct signed_act act;
    struct ledger_txn *txn = NULL;
    struct ledger_details details;
    struct hash id;
    struct view record;
    const struct subject *subject;
    uint64_t index = 0;

    fixture_make(&f, NULL);
    act = allotting(&f, 6, 2);
    ck_assert_uint_eq(fixture_append(&f, &act), 3);
    act = noting(&f, 7, "wet", 3);
    act_id(f.hasher, buffer_view(&act.draft.payload), &id);
    ck_assert_uint_eq(fixture_append(&f, &act), 4);
    fixture_close(&f);
    fixture_open(&f);
    ck_assert_str_eq(ledger_identity(f.ledger)->code, "KHPP");
    ck_assert_int_eq(strncmp(ledger_origin(f.ledger), "kh-pp.example/custody/", 22), 0);
    ck_assert_uint_eq(strlen(ledger_origin(f.ledger)), 22 + 52);
    OK(ledger_begin(f.ledger, false, &txn, FAULT));
    ck_assert_uint_eq(ledger_size(txn), 5);
    ck_assert_uint_eq(ledger_subjects(txn), 8);
    OK(ledger_find_act(txn, &id, &index, FAULT));
    ck_assert_uint_eq(index, 4);
    id.bytes[31] ^= 1; /* beyond what the index keeps */
    ck_assert_int_eq(ledger_find_act(txn, &id, &index, NULL), STATUS_MISSING);
    OK(ledger_thread(txn, 7, 2, &index, FAULT));
    ck_assert_uint_eq(index, 4);
    ck_assert_int_eq(ledger_thread(txn, 7, 3, &index, NULL), STATUS_MISSING);
    OK(ledger_record(txn, 4, &record, FAULT));
    ck_assert_int_eq(ledger_record(txn, 5, &record, NULL), STATUS_MISSING);
    OK(ledger_details(txn, 4, &details, FAULT));
    ck_assert_uint_eq(details.sheet_count, 1);
    ck_assert_uint_eq(details.disclosure_count, 4);
    ledger_details_free(&details);
    subject = ledger_subject(txn, 7, NULL);
    ck_assert_ptr_nonnull(subject);
    ck_assert_int_eq(subject->type, TYPE_ITEM);
    ck_assert_uint_eq(subject->count, 2);
    ck_assert_ptr_null(ledger_subject(txn, 8, NULL));
    ledger_abort(txn);
    check_sound(&f);
    fixture_remove(&f);
}
END_TEST

START_TEST(founding_leaves_nothing_when_it_fails)
{
    struct fixture f;
    struct signed_act act;
    char other[128];
    uint8_t seed[32] = {3};

    fixture_make(&f, NULL);
    act = fixture_founding(&f);
    (void)snprintf(other, sizeof other, "%s/second", f.root);
    ck_assert_uint_eq(count_names(f.root), 1);
    /* Another station key than the act names. */
    ck_assert_int_eq(ledger_found(other, seed, &act.submission, NOW_S, NULL), STATUS_DAMAGED);
    ck_assert_uint_eq(count_names(f.root), 1);
    act.act.ptr[act.act.len - 1] ^= 1;
    ck_assert_int_eq(ledger_found(other, f.seed, &act.submission, NOW_S, NULL), STATUS_UNTRUSTED);
    ck_assert_uint_eq(count_names(f.root), 1);
    act.act.ptr[act.act.len - 1] ^= 1;
    ck_assert_int_eq(ledger_found(f.dir, f.seed, &act.submission, NOW_S, NULL), STATUS_REFUSED);
    ck_assert_int_eq(mkdir(other, 0700), 0);
    OK(ledger_found(other, f.seed, &act.submission, NOW_S, FAULT));
    ck_assert_uint_eq(count_names(f.root), 2);
    ck_assert_uint_eq(count_names(other), 3);
    signed_free(&act);
    fixture_remove(&f);
}
END_TEST

/* Wants a refusal with that status and word, and the ledger as it was. */
static void refused(struct fixture *f, struct signed_act *act, uint64_t logged_s, enum status status, const char *word)
{
    struct fault fault;
    uint64_t size = fixture_size(f);

    ck_assert_msg(fixture_try(f, act, logged_s, &fault) == status, "wanted %s: %s", word, fault.text);
    ck_assert_msg(strstr(fault.text, word) != NULL, "wanted %s: %s", word, fault.text);
    ck_assert_uint_eq(fixture_size(f), size);
    signed_free(act);
}

START_TEST(acts_that_no_verifier_takes_are_refused)
{
    struct fixture f;
    struct fixture other;
    struct signed_act act;
    struct making making;

    fixture_make(&f, NULL);
    fixture_make(&other, NULL);
    act = allotting(&f, 6, 2);
    (void)fixture_append(&f, &act);
    act = noting(&f, 6, "x", 0);
    act.act.ptr[act.act.len - 1] ^= 4;
    refused(&f, &act, f.now_s, STATUS_UNTRUSTED, "signature");
    act = noting(&f, 6, "x", 0);
    act.submission.act.len--;
    refused(&f, &act, f.now_s, STATUS_DAMAGED, "");
    act = noting(&other, 5, "x", 0);
    refused(&f, &act, f.now_s, STATUS_REFUSED, "foreign");
    act = noting(&f, 9, "x", 0);
    refused(&f, &act, f.now_s, STATUS_REFUSED, "no subject 9");
    act = allotting(&f, 9, 1);
    refused(&f, &act, f.now_s, STATUS_REFUSED, "next number is 8");
    act = fixture_founding(&f);
    refused(&f, &act, f.now_s, STATUS_REFUSED, "record 0");
    /* A root that was never this ledger's, and a size that it has not reached. */
    f.seen_root.bytes[0] ^= 1;
    act = noting(&f, 6, "x", 0);
    f.seen_root.bytes[0] ^= 1;
    refused(&f, &act, f.now_s, STATUS_UNTRUSTED, "seen");
    f.seen_size++;
    act = noting(&f, 6, "x", 0);
    f.seen_size--;
    refused(&f, &act, f.now_s, STATUS_REFUSED, "seen");
    /* An office that the signer does not hold. */
    making = making_open(&f, KIND_NOTE);
    (void)composer_entry(making.composer, 6, ROLE_SUBJECT);
    composer_text(making.composer, 6, NAME_NOTE, "x");
    making_signer(&making, OFFICER, 1, OFFICE_CUSTODIAN);
    act = making_sign(&f, &making);
    refused(&f, &act, f.now_s, STATUS_REFUSED, "office");
    /* A key that was another person's before: also after the ledger was opened again. */
    fixture_close(&f);
    fixture_open(&f);
    making = making_open(&f, KIND_ENROL);
    entry_key(composer_entry(making.composer, 8, ROLE_SUBJECT), f.people[OFFICER], OFFICE_EXPERT);
    composer_text(making.composer, 8, NAME_PERSON, "again");
    making_signer(&making, 1, 1, OFFICE_REGISTRAR);
    making_signer(&making, 2, 1, OFFICE_REGISTRAR);
    making_signer(&making, 8, 0, 0);
    f.people[8] = f.people[OFFICER];
    act = making_sign(&f, &making);
    f.people[8] = NULL;
    refused(&f, &act, f.now_s, STATUS_REFUSED, "key-reused");
    check_sound(&f);
    fixture_remove(&other);
    fixture_remove(&f);
}
END_TEST

START_TEST(an_act_is_appended_once)
{
    struct fixture f;
    struct signed_act act;
    struct fault fault;

    fixture_make(&f, NULL);
    act = noting(&f, 0, "x", 1);
    ck_assert_int_eq(fixture_try(&f, &act, f.now_s, &fault), STATUS_OK);
    fixture_close(&f);
    fixture_open(&f);
    refused(&f, &act, f.now_s, STATUS_REFUSED, "replayed");
    fixture_remove(&f);
}
END_TEST

START_TEST(details_must_be_all_there_and_no_more)
{
    struct fixture f;
    struct signed_act act;
    struct signed_act other;
    struct view extra[8];
    struct view file = view_text("not named by any detail");

    fixture_make(&f, NULL);
    act = noting(&f, 0, "x", 3);
    act.submission.disclosure_count--;
    refused(&f, &act, f.now_s, STATUS_DAMAGED, "missing");
    act = noting(&f, 0, "x", 3);
    act.submission.sheet_count = 0;
    refused(&f, &act, f.now_s, STATUS_DAMAGED, "missing");
    act = noting(&f, 0, "x", 3);
    other = noting(&f, 0, "y", 0);
    memcpy(extra, act.submission.disclosures, act.submission.disclosure_count * sizeof *extra);
    extra[act.submission.disclosure_count] = other.submission.disclosures[0];
    act.submission.disclosures = extra;
    act.submission.disclosure_count++;
    refused(&f, &act, f.now_s, STATUS_DAMAGED, "no sheet of the act names");
    act = noting(&f, 0, "x", 3);
    extra[0] = act.submission.sheets[0];
    extra[1] = other.submission.sheets[0];
    act.submission.sheets = extra;
    act.submission.sheet_count = 2;
    refused(&f, &act, f.now_s, STATUS_DAMAGED, "the act does not name");
    act = noting(&f, 0, "x", 0);
    act.submission.attachments = &file;
    act.submission.attachment_count = 1;
    refused(&f, &act, f.now_s, STATUS_DAMAGED, "attachment");
    /* In any other order they are as good. */
    act = noting(&f, 0, "x", 3);
    for (size_t i = 0; i < act.submission.disclosure_count; i++) {
        extra[i] = act.submission.disclosures[act.submission.disclosure_count - 1 - i];
    }
    act.submission.disclosures = extra;
    (void)fixture_append(&f, &act);
    signed_free(&other);
    check_sound(&f);
    fixture_remove(&f);
}
END_TEST

/* A breach of custody is refused, and recorded when the act says that it deviates. */
static struct signed_act shelving(struct fixture *f, uint64_t subject, bool deviation)
{
    struct making making = making_open(f, KIND_SHELVE);

    (void)composer_entry(making.composer, subject, ROLE_SUBJECT);
    composer_text(making.composer, subject, NAME_REASON, "found like that");
    making.act->present |= BIT(PAY_PLACE) | (deviation ? BIT(PAY_DEVIATION) : 0u);
    making.act->place = 8;
    making_signer(&making, CUSTODIAN, 1, OFFICE_CUSTODIAN);
    return making_sign(f, &making);
}

static void count_finding(void *context, const struct finding *finding)
{
    size_t *count = context;

    *count += finding->breach ? 1u : 0u;
}

START_TEST(breaches_need_a_deviation)
{
    struct fixture f;
    struct signed_act act;
    struct ledger_txn *txn = NULL;
    size_t breaches = 0;
    struct ledger_listener listener = {count_finding, &breaches};
    uint64_t index;

    fixture_make(&f, NULL);
    act = allotting(&f, 6, 1);
    (void)fixture_append(&f, &act);
    act = shelving(&f, 6, false);
    refused(&f, &act, f.now_s, STATUS_REFUSED, "state");
    act = shelving(&f, 6, true);
    OK(ledger_begin(f.ledger, true, &txn, FAULT));
    OK(ledger_append(txn, &act.submission, f.now_s, &listener, &index, FAULT));
    OK(ledger_commit(txn, FAULT));
    ck_assert_uint_ge(breaches, 2); /* the state, and the deviation itself */
    signed_free(&act);
    check_sound(&f);
    fixture_remove(&f);
}
END_TEST

static struct signed_act clocking(struct fixture *f, uint64_t old_s, uint64_t new_s)
{
    struct making making = making_open(f, KIND_CLOCK);

    (void)composer_entry(making.composer, 0, ROLE_SUBJECT);
    making.act->present |= BIT(PAY_CLOCK);
    making.act->clock_old_s = old_s;
    making.act->clock_new_s = new_s;
    making_signer(&making, 1, 1, OFFICE_REGISTRAR);
    making_signer(&making, 2, 1, OFFICE_REGISTRAR);
    return making_sign(f, &making);
}

START_TEST(time_steps_need_a_clock_act)
{
    struct fixture f;
    struct signed_act act;
    struct fault fault;
    uint64_t month_s = 31 * 86400;

    fixture_make(&f, NULL);
    act = noting(&f, 0, "x", 0);
    refused(&f, &act, f.now_s - 1, STATUS_REFUSED, "step back");
    act = noting(&f, 0, "x", 0);
    refused(&f, &act, f.now_s + month_s + 1, STATUS_REFUSED, "31 days");
    act = clocking(&f, f.now_s + 1, f.now_s + 40 * 86400);
    refused(&f, &act, f.now_s + 40 * 86400, STATUS_REFUSED, "clock act");
    act = clocking(&f, f.now_s, f.now_s + 40 * 86400);
    refused(&f, &act, f.now_s + 42 * 86400, STATUS_REFUSED, "clock act");
    act = clocking(&f, f.now_s, f.now_s + 40 * 86400);
    ck_assert_msg(fixture_try(&f, &act, f.now_s + 40 * 86400 + 60, &fault) == STATUS_OK, "%s", fault.text);
    signed_free(&act);
    act = clocking(&f, f.now_s, f.now_s - 1000);
    ck_assert_msg(fixture_try(&f, &act, f.now_s - 990, &fault) == STATUS_OK, "%s", fault.text);
    signed_free(&act);
    act = noting(&f, 0, "x", 0);
    ck_assert_msg(fixture_try(&f, &act, f.now_s + month_s, &fault) == STATUS_OK, "%s", fault.text);
    signed_free(&act);
    check_sound(&f);
    fixture_remove(&f);
}
END_TEST

START_TEST(a_reserved_number_waits_for_its_draft)
{
    struct fixture f;
    struct signed_act mine;
    struct signed_act theirs;
    struct ledger_txn *txn = NULL;
    struct hash id;
    struct hash other = {{1}};
    struct fault fault = {0};

    fixture_make(&f, NULL);
    mine = allotting(&f, 6, 1);
    theirs = allotting(&f, 6, 1);
    act_id(f.hasher, buffer_view(&mine.draft.payload), &id);
    OK(ledger_begin(f.ledger, true, &txn, FAULT));
    OK(ledger_reserve(txn, &id, f.now_s, FAULT));
    ck_assert_int_eq(ledger_reserve(txn, &other, f.now_s + 86399, NULL), STATUS_REFUSED);
    OK(ledger_unreserve(txn, &other, FAULT));
    OK(ledger_commit(txn, FAULT));
    check_sound(&f);
    ck_assert_int_eq(fixture_try(&f, &theirs, f.now_s + 10, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "reserved"));
    ck_assert_int_eq(fixture_try(&f, &mine, f.now_s + 10, &fault), STATUS_OK);
    /* It is used up with its act. */
    signed_free(&theirs);
    theirs = allotting(&f, 7, 1);
    ck_assert_int_eq(fixture_try(&f, &theirs, f.now_s, &fault), STATUS_OK);
    signed_free(&theirs);
    /* After a day it holds no more. */
    OK(ledger_begin(f.ledger, true, &txn, FAULT));
    OK(ledger_reserve(txn, &other, f.now_s, FAULT));
    OK(ledger_commit(txn, FAULT));
    theirs = allotting(&f, 8, 1);
    ck_assert_int_eq(fixture_try(&f, &theirs, f.now_s + 86399, &fault), STATUS_REFUSED);
    ck_assert_int_eq(fixture_try(&f, &theirs, f.now_s + 86400, &fault), STATUS_OK);
    signed_free(&theirs);
    signed_free(&mine);
    check_sound(&f);
    fixture_remove(&f);
}
END_TEST

/* A refusal in a transaction takes the others of it along; nothing of them stays in memory either. */
START_TEST(a_transaction_is_whole_or_not_at_all)
{
    struct fixture f;
    struct signed_act first;
    struct signed_act second;
    struct ledger_txn *txn = NULL;
    struct fault fault = {0};
    uint64_t index;

    fixture_make(&f, NULL);
    first = allotting(&f, 6, 2);
    second = allotting(&f, 9, 1);
    OK(ledger_begin(f.ledger, true, &txn, FAULT));
    OK(ledger_append(txn, &first.submission, f.now_s, NULL, &index, FAULT));
    ck_assert_uint_eq(ledger_size(txn), 4);
    ck_assert_uint_eq(ledger_subjects(txn), 8);
    ck_assert_int_eq(ledger_append(txn, &second.submission, f.now_s, NULL, &index, NULL), STATUS_REFUSED);
    ck_assert_int_eq(ledger_append(txn, &first.submission, f.now_s, NULL, &index, NULL), STATUS_REFUSED);
    ck_assert_int_eq(ledger_commit(txn, &fault), STATUS_REFUSED);
    ck_assert_uint_eq(fixture_size(&f), 3);
    ck_assert_uint_eq(fixture_append(&f, &first), 3);
    signed_free(&second);
    check_sound(&f);
    fixture_remove(&f);
}
END_TEST

static struct signed_act opening_case(struct fixture *f, uint64_t number)
{
    struct making making = making_open(f, KIND_OPEN_CASE);
    struct entry *entry = composer_entry(making.composer, number, ROLE_SUBJECT);

    entry->facts.present |= BIT(FACT_TYPE);
    entry->facts.type = TYPE_CASE;
    composer_text(making.composer, number, NAME_DOCKET, "12/2018");
    composer_text(making.composer, number, NAME_LAW, "Law on Forestry, article 97");
    making_signer(&making, OFFICER, 1, OFFICE_OFFICER);
    return making_sign(f, &making);
}

static struct signed_act registering(struct fixture *f, uint64_t item, uint64_t of_case)
{
    struct making making = making_open(f, KIND_REGISTER);
    struct entry *entry;

    (void)composer_entry(making.composer, of_case, ROLE_CASE);
    entry = composer_entry(making.composer, item, ROLE_SUBJECT);
    entry->facts.present |= BIT(FACT_CASE) | BIT(FACT_PIECES);
    entry->facts.of_case = of_case;
    entry->facts.pieces = 3;
    making_signer(&making, OFFICER, 1, OFFICE_OFFICER);
    return making_sign(f, &making);
}

static struct signed_act releasing(struct fixture *f, uint64_t item)
{
    struct making making = making_open(f, KIND_RELEASE);
    struct entry *entry = composer_entry(making.composer, item, ROLE_SUBJECT);

    entry->facts.present |= BIT(FACT_PIECES);
    entry->facts.pieces = 3;
    making.act->present |= BIT(PAY_TO) | BIT(PAY_CODE);
    making.act->to.has_person = true;
    making.act->to.person = CUSTODIAN;
    making.act->code = 1;
    making_signer(&making, OFFICER, 1, OFFICE_OFFICER);
    return making_sign(f, &making);
}

/* The custodian keeps an orphan as that person's act. */
static void lodge(struct fixture *f, const struct signed_act *orphan, const struct hash *id, uint64_t from)
{
    struct making making = making_open(f, KIND_LODGE);
    struct value value = {.type = VALUE_BYTES, .text = orphan->submission.act};
    struct signed_act act;

    making.act->present |= BIT(PAY_ANSWERS) | BIT(PAY_FROM);
    making.act->answers = *id;
    making.act->from.has_person = true;
    making.act->from.person = from;
    (void)composer_entry(making.composer, 7, ROLE_SUBJECT);
    composer_detail(making.composer, NOTHING, NAME_ORPHAN, &value);
    making_signer(&making, CUSTODIAN, 1, OFFICE_CUSTODIAN);
    act = making_sign(f, &making);
    (void)fixture_append(f, &act);
}

/* Each kept act once, by the first record that keeps it; of an act that nobody kept, nothing. */
static void only_orphan(struct ledger_txn *txn, const struct hash *id, uint64_t record)
{
    struct fault fault = {0};
    struct hash each;
    struct act *act = malloc(sizeof *act);
    uint64_t index = 0;

    ck_assert_int_eq(ledger_next_orphan(txn, true, &each, &index, &fault), STATUS_OK);
    ck_assert(hash_equal(&each, id));
    ck_assert_uint_eq(index, record);
    ck_assert_int_eq(ledger_orphan(txn, index, id, act, &fault), STATUS_OK);
    ck_assert_uint_eq(act->kind, KIND_RELEASE);
    ck_assert_int_eq(ledger_next_orphan(txn, false, &each, &index, &fault), STATUS_MISSING);
    ck_assert_int_eq(ledger_find_orphan(txn, id, &index, &fault), STATUS_OK);
    each = *id;
    each.bytes[31] ^= 1;
    ck_assert_int_eq(ledger_find_orphan(txn, &each, &index, &fault), STATUS_MISSING);
    ck_assert_int_eq(ledger_orphan(txn, record, &each, act, &fault), STATUS_MISSING);
    ck_assert_int_eq(ledger_orphan(txn, 0, id, act, &fault), STATUS_MISSING);
    free(act);
}

/* A release that came too late is kept, adopted, and has its effect: what was lodged is read back from the store. */
START_TEST(an_orphan_is_lodged_and_adopted)
{
    struct fixture f;
    struct signed_act act;
    struct signed_act orphan;
    struct making making;
    struct hash id;
    struct ledger_txn *txn = NULL;

    fixture_make(&f, NULL);
    act = opening_case(&f, 6);
    (void)fixture_append(&f, &act);
    act = allotting(&f, 7, 1);
    (void)fixture_append(&f, &act);
    act = registering(&f, 7, 6);
    (void)fixture_append(&f, &act);
    orphan = releasing(&f, 7);
    act_id(f.hasher, buffer_view(&orphan.draft.payload), &id);
    /* A false lodging first, as an act of somebody else: it serves nothing, and must not keep out the true one. */
    lodge(&f, &orphan, &id, CUSTODIAN);
    lodge(&f, &orphan, &id, OFFICER);
    fixture_close(&f);
    fixture_open(&f);
    making = making_open(&f, KIND_ADOPT);
    making.act->present |= BIT(PAY_ANSWERS);
    making.act->answers = id;
    (void)composer_entry(making.composer, 7, ROLE_SUBJECT);
    composer_text(making.composer, 7, NAME_REASON, "the phone was found again");
    making_signer(&making, CUSTODIAN, 1, OFFICE_CUSTODIAN);
    making_signer(&making, 1, 1, OFFICE_REGISTRAR);
    act = making_sign(&f, &making);
    (void)fixture_append(&f, &act);
    OK(ledger_begin(f.ledger, false, &txn, FAULT));
    ck_assert_int_eq(ledger_subject(txn, 7, NULL)->thing->state, THING_TRANSIT);
    only_orphan(txn, &id, ledger_size(txn) - 3);
    ledger_abort(txn);
    signed_free(&orphan);
    check_sound(&f);
    fixture_remove(&f);
}
END_TEST

/* A correction names nothing that the amended record does not touch: a verifier would call the ledger contradictory (V9.11). */
START_TEST(what_is_amended_is_touched)
{
    struct fixture f;
    struct signed_act act;
    struct making making;
    struct ledger_txn *txn = NULL;
    struct view bytes;
    struct fault fault;
    uint64_t amended;

    fixture_make(&f, NULL);
    act = allotting(&f, 6, 2);
    (void)fixture_append(&f, &act);
    act = noting(&f, 6, "a tusk", 0);
    amended = fixture_append(&f, &act);
    for (uint64_t entries = 1; entries <= 3; entries++) {
        making = making_open(&f, KIND_CORRECT);
        making.act->present |= BIT(PAY_AMENDS);
        making.act->amends_index = amended;
        OK(ledger_begin(f.ledger, false, &txn, FAULT));
        OK(ledger_record(txn, amended, &bytes, FAULT));
        hash_leaf(f.hasher, bytes, &making.act->amends_hash);
        ledger_abort(txn);
        making.act->amends_hash.bytes[0] ^= entries == 3 ? 1 : 0;
        for (uint64_t item = 6; item < 6 + (entries == 2 ? 2 : 1); item++) {
            (void)composer_entry(making.composer, item, ROLE_SUBJECT);
            composer_text(making.composer, item, NAME_REASON, "it was a tooth");
            composer_text(making.composer, item, NAME_NOTE, "a tooth");
        }
        making_signer(&making, CUSTODIAN, 1, OFFICE_CUSTODIAN);
        making_signer(&making, 1, 1, OFFICE_REGISTRAR);
        act = making_sign(&f, &making);
        ck_assert_int_eq(fixture_try(&f, &act, f.now_s + 60, &fault), entries == 1 ? STATUS_OK : STATUS_REFUSED);
        ck_assert_msg(entries == 1 || strstr(fault.text, "has another hash, or does not touch all") != NULL, "%s",
                      fault.text);
        signed_free(&act);
    }
    check_sound(&f);
    fixture_remove(&f);
}
END_TEST

/* Large acts and files: the entries that do not fit into a page. */
START_TEST(large_things_are_kept)
{
    struct fixture f;
    struct signed_act act;
    struct making making;
    struct ledger_txn *txn = NULL;
    struct buffer file = {0};
    struct view back;
    struct hash hash;

    fixture_make(&f, NULL);
    act = allotting(&f, 6, 512);
    (void)fixture_append(&f, &act);
    for (size_t i = 0; i < 3000000; i++) {
        buffer_append_byte(&file, (uint8_t)(i * i >> 3));
    }
    for (int twice = 0; twice < 2; twice++) {
        making = making_open(&f, KIND_ATTACH);
        (void)composer_entry(making.composer, 6, ROLE_SUBJECT);
        composer_file(making.composer, 6, NAME_ATTACHMENT, buffer_view(&file), "image/jpeg");
        making_signer(&making, CUSTODIAN, 1, OFFICE_CUSTODIAN);
        act = making_sign(&f, &making);
        ck_assert_uint_eq(act.submission.attachment_count, 1);
        (void)fixture_append(&f, &act);
    }
    fixture_checkpoint(&f);
    hash_data(f.hasher, buffer_view(&file), &hash);
    OK(ledger_begin(f.ledger, false, &txn, FAULT));
    OK(ledger_attachment(txn, &hash, &back, FAULT));
    ck_assert(view_equal(back, buffer_view(&file)));
    ledger_abort(txn);
    check_sound(&f);
    buffer_free(&file);
    fixture_remove(&f);
}
END_TEST

START_TEST(readers_do_not_write)
{
    struct fixture f;
    struct ledger *reader = NULL;
    struct ledger_txn *txn = NULL;

    fixture_make(&f, NULL);
    fixture_close(&f);
    OK(ledger_open(f.dir, LEDGER_READ, NULL, &reader, FAULT));
    ck_assert_int_eq(ledger_begin(reader, true, &txn, NULL), STATUS_REFUSED);
    OK(ledger_begin(reader, false, &txn, FAULT));
    ledger_abort(txn);
    ledger_close(reader);
    ck_assert_int_eq(ledger_open(f.root, LEDGER_READ, NULL, &reader, NULL), STATUS_MISSING);
    fixture_remove(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_is_appended_is_there_again, founding_leaves_nothing_when_it_fails,
                                  acts_that_no_verifier_takes_are_refused, an_act_is_appended_once,
                                  details_must_be_all_there_and_no_more, breaches_need_a_deviation,
                                  time_steps_need_a_clock_act, a_reserved_number_waits_for_its_draft,
                                  a_transaction_is_whole_or_not_at_all, an_orphan_is_lodged_and_adopted, what_is_amended_is_touched, large_things_are_kept, readers_do_not_write, NULL};

    return run_tests("append", tests);
}
