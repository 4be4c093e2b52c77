/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fixture: see fixture.h. Not every test uses every function.
 */
#include "tests/ledger/fixture.h"

#include "ledger/keys.h"
#include "ledger/reconcile.h"
#include "ledger/store.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAYBE __attribute__((unused)) static

#define NOW_S UINT64_C(1544666584)

#define OK(call)                                                                          \
    do {                                                                                  \
        struct fault ok_fault = {0};                                                      \
        enum status ok_status = call;                                                     \
        ck_assert_msg(ok_status == STATUS_OK, "%s: %s", status_name(ok_status), ok_fault.text); \
    } while (0)
#define FAULT (&ok_fault)

MAYBE struct making making_open(struct fixture *f, enum kind kind)
{
    struct making making;

    OK(composer_open(f->hasher, kind, &making.composer, FAULT));
    making.act = composer_act(making.composer);
    making.act->claimed_s = f->now_s;
    making.act->offset_min = 420;
    if (kind != KIND_FOUND) {
        making.act->present |= BIT(PAY_LEDGER) | BIT(PAY_SEEN);
        making.act->ledger = f->id;
        making.act->seen_size = f->seen_size;
        making.act->seen_root = f->seen_root;
    }
    return making;
}

MAYBE void making_signer(struct making *making, uint64_t person, uint64_t appointment, uint64_t capacity)
{
    making->act->signers[making->act->signer_count++] = (struct signer){person, appointment, capacity};
}

/* Signs with the keys of the fixture's people and gives the act back whole. */
MAYBE struct signed_act making_sign(struct fixture *f, struct making *making)
{
    struct signed_act out = {0};
    uint64_t persons[ACT_SIGNERS_MAX];
    size_t count = making->act->signer_count;

    for (size_t i = 0; i < count; i++) {
        persons[i] = making->act->signers[i].person;
    }
    OK(composer_finish(making->composer, &out.draft, FAULT));
    composer_close(making->composer);
    for (size_t i = 0; i < count; i++) {
        OK(draft_sign(f->hasher, &out.draft, i, f->people[persons[i]], FAULT));
    }
    OK(draft_submission(&out.draft, &out.act, &out.parts, &out.submission, FAULT));
    return out;
}

MAYBE void signed_free(struct signed_act *act)
{
    draft_free(&act->draft);
    buffer_free(&act->act);
    free(act->parts);
}

MAYBE void fixture_person(struct fixture *f, uint64_t person)
{
    uint8_t seed[32];

    ck_assert_uint_lt(person, PEOPLE_MAX);
    memset(seed, (int)(person + 1), sizeof seed);
    seed[0] ^= (uint8_t)(person >> 8);
    OK(secret_from_seed(seed, &f->people[person], FAULT));
}

MAYBE void entry_key(struct entry *entry, const struct secret *secret, uint64_t office)
{
    entry->facts.present |= BIT(FACT_TYPE) | BIT(FACT_KEY) | BIT(FACT_OFFICE);
    entry->facts.type = TYPE_PERSON;
    entry->facts.key = *secret_public(secret);
    entry->facts.office = office;
}

/* What the next act's signers have seen: everything. */
MAYBE void fixture_see(struct fixture *f, struct ledger_txn *txn)
{
    f->seen_size = ledger_size(txn);
    OK(ledger_root(txn, f->seen_size, &f->seen_root, FAULT));
}

MAYBE uint64_t fixture_append(struct fixture *f, struct signed_act *act)
{
    struct ledger_txn *txn = NULL;
    uint64_t index = 0;

    f->now_s += 60;
    OK(ledger_begin(f->ledger, true, &txn, FAULT));
    OK(ledger_append(txn, &act->submission, f->now_s, NULL, &index, FAULT));
    OK(ledger_commit(txn, FAULT));
    OK(ledger_begin(f->ledger, false, &txn, FAULT));
    fixture_see(f, txn);
    ledger_abort(txn);
    signed_free(act);
    return index;
}

MAYBE struct signed_act fixture_founding(struct fixture *f)
{
    struct making making = making_open(f, KIND_FOUND);
    struct act *act = making.act;
    struct secret *station = NULL;
    struct entry *entry;
    struct signed_act out;

    act->present |= BIT(PAY_FOUNDING);
    act->founding.origin = view_text("kh-pp.example/custody");
    act->founding.code = view_text("KHPP");
    act->founding.threshold = 2;
    memset(f->seed, 9, sizeof f->seed);
    OK(secret_from_seed(f->seed, &station, FAULT));
    memcpy(act->founding.station, secret_public(station)->bytes, 32);
    secret_close(station);
    entry = composer_entry(making.composer, 0, ROLE_SUBJECT);
    entry->facts.present |= BIT(FACT_TYPE);
    entry->facts.type = TYPE_LEDGER;
    for (uint64_t person = 1; person <= FOUNDERS; person++) {
        fixture_person(f, person);
        entry_key(composer_entry(making.composer, person, ROLE_SUBJECT), f->people[person], OFFICE_REGISTRAR);
        composer_text(making.composer, person, NAME_PERSON, "a founder");
        making_signer(&making, person, 0, OFFICE_REGISTRAR);
    }
    out = making_sign(f, &making);
    return out;
}

MAYBE struct signed_act enrolment(struct fixture *f, uint64_t person, uint64_t office)
{
    struct making making = making_open(f, KIND_ENROL);

    fixture_person(f, person);
    entry_key(composer_entry(making.composer, person, ROLE_SUBJECT), f->people[person], office);
    composer_text(making.composer, person, NAME_PERSON, "somebody");
    making_signer(&making, 1, 1, OFFICE_REGISTRAR);
    making_signer(&making, 2, 1, OFFICE_REGISTRAR);
    making_signer(&making, person, 0, 0);
    return making_sign(f, &making);
}

/* A note by the custodian on one subject, with that many further details. */
MAYBE struct signed_act noting(struct fixture *f, uint64_t subject, const char *text, size_t details)
{
    struct making making = making_open(f, KIND_NOTE);

    (void)composer_entry(making.composer, subject, ROLE_SUBJECT);
    composer_text(making.composer, subject, NAME_NOTE, text);
    for (size_t i = 0; i < details; i++) {
        composer_text(making.composer, subject, NAME_REMARKS, "seen in the store, seal whole");
    }
    making_signer(&making, CUSTODIAN, 1, OFFICE_CUSTODIAN);
    return making_sign(f, &making);
}

MAYBE struct signed_act allotting(struct fixture *f, uint64_t first, uint64_t count)
{
    struct making making = making_open(f, KIND_ALLOT);

    for (uint64_t i = 0; i < count; i++) {
        struct entry *entry = composer_entry(making.composer, first + i, ROLE_SUBJECT);

        entry->facts.present |= BIT(FACT_TYPE);
        entry->facts.type = TYPE_ITEM;
    }
    making_signer(&making, CUSTODIAN, 1, OFFICE_CUSTODIAN);
    return making_sign(f, &making);
}

MAYBE void fixture_open(struct fixture *f)
{
    OK(ledger_open(f->dir, LEDGER_APPEND, NULL, &f->ledger, FAULT));
    f->id = ledger_identity(f->ledger)->id;
}

MAYBE void fixture_close(struct fixture *f)
{
    ledger_close(f->ledger);
    f->ledger = NULL;
}

/* Founded in a directory under `where` (NULL: /tmp), with custodian and officer: three records, six subjects. */
MAYBE void fixture_make(struct fixture *f, const char *where)
{
    struct signed_act act;
    struct ledger_txn *txn = NULL;

    memset(f, 0, sizeof *f);
    f->now_s = NOW_S;
    (void)snprintf(f->root, sizeof f->root, "%s/unbroken-XXXXXX", where == NULL ? "/tmp" : where);
    ck_assert_ptr_nonnull(mkdtemp(f->root));
    (void)snprintf(f->dir, sizeof f->dir, "%s/ledger", f->root);
    (void)snprintf(f->head, sizeof f->head, "%s.head", f->dir);
    OK(key_initialise(FAULT));
    OK(hasher_open(&f->hasher, FAULT));
    act = fixture_founding(f);
    OK(ledger_found(f->dir, f->seed, &act.submission, f->now_s, FAULT));
    signed_free(&act);
    fixture_open(f);
    OK(ledger_begin(f->ledger, false, &txn, FAULT));
    fixture_see(f, txn);
    ledger_abort(txn);
    act = enrolment(f, CUSTODIAN, OFFICE_CUSTODIAN);
    ck_assert_uint_eq(fixture_append(f, &act), 1);
    act = enrolment(f, OFFICER, OFFICE_OFFICER);
    ck_assert_uint_eq(fixture_append(f, &act), 2);
}

MAYBE void fixture_remove(struct fixture *f)
{
    char command[160];

    fixture_close(f);
    for (size_t i = 0; i < PEOPLE_MAX; i++) {
        secret_close(f->people[i]);
    }
    hasher_close(f->hasher);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", f->root);
    ck_assert_int_eq(system(command), 0);
}

MAYBE void fixture_checkpoint(struct fixture *f)
{
    struct buffer note = {0};

    f->now_s += 60;
    OK(ledger_checkpoint(f->ledger, f->now_s, &note, FAULT));
    buffer_free(&note);
}

MAYBE uint64_t fixture_size(struct fixture *f)
{
    struct ledger_txn *txn = NULL;
    uint64_t size;

    OK(ledger_begin(f->ledger, false, &txn, FAULT));
    size = ledger_size(txn);
    ledger_abort(txn);
    return size;
}

/* ---- what tests share ------------------------------------------------------------------------- */

MAYBE void copy_dir(const char *from, const char *to)
{
    char command[512];

    (void)snprintf(command, sizeof command, "rm -rf '%s' && cp -a '%s' '%s'", to, from, to);
    ck_assert_int_eq(system(command), 0);
}

/* What `ledger reconcile --take` without a source does: the store's own signed head is remembered. */
MAYBE void adopt_head(struct fixture *f)
{
    struct reconcile *reconcile = NULL;

    OK(reconcile_open(f->dir, NULL, &reconcile, FAULT));
    OK(reconcile_compare(reconcile, NULL, 0, NULL, FAULT));
    OK(reconcile_take(reconcile, FAULT));
    reconcile_close(reconcile);
}

/* Appends and says what came of it; nothing is kept when it is refused. */
MAYBE enum status fixture_try(struct fixture *f, struct signed_act *act, uint64_t logged_s, struct fault *fault)
{
    struct ledger_txn *txn = NULL;
    uint64_t index = 0;
    enum status status;

    fault_clear(fault);
    OK(ledger_begin(f->ledger, true, &txn, FAULT));
    status = ledger_append(txn, &act->submission, logged_s, NULL, &index, fault);
    if (status == STATUS_OK) {
        f->now_s = logged_s;
        OK(ledger_commit(txn, FAULT));
    } else {
        ledger_abort(txn);
    }
    return status;
}

/*
 * Changes a byte of the last record and hashes it into the tree anew, as someone would who owns the machine. The record's index must be odd:
 * two nodes stand with it.
 */
MAYBE void forge_last(struct fixture *f, uint64_t index, size_t at)
{
    struct store *store = NULL;
    struct store_txn *txn = NULL;
    struct key before = keys_number(TABLE_RECORD, index - 1);
    struct key key = keys_number(TABLE_RECORD, index);
    struct buffer entry = {0};
    struct view value;
    struct hash left;
    struct hash leaf;
    struct hash node;
    uint64_t number;
    size_t front;

    ck_assert_uint_eq(index % 4, 1);
    OK(store_open(f->dir, STORE_WRITE, 0, &store, FAULT));
    OK(store_begin(store, true, &txn, FAULT));
    OK(store_get(txn, keys_view(&before), &value, FAULT));
    left = hash_of_view(view_part(value, value.len - HASH_BYTES, HASH_BYTES));
    OK(store_get(txn, keys_view(&key), &value, FAULT));
    buffer_append_view(&entry, value);
    front = value.len;
    ck_assert(keys_take(&value, &number) && keys_take(&value, &number));
    front -= value.len;
    ck_assert_uint_lt(at, value.len - 2 * HASH_BYTES);
    entry.ptr[front + at] ^= 1;
    hash_leaf(f->hasher, view_of(entry.ptr + front, value.len - 2 * HASH_BYTES), &leaf);
    hash_node(f->hasher, &left, &leaf, &node);
    memcpy(entry.ptr + entry.len - 2 * HASH_BYTES, leaf.bytes, HASH_BYTES);
    memcpy(entry.ptr + entry.len - HASH_BYTES, node.bytes, HASH_BYTES);
    OK(store_put(txn, keys_view(&key), buffer_view(&entry), FAULT));
    OK(store_commit(txn, FAULT));
    store_close(store);
    buffer_free(&entry);
}

/* Runs the tests in a list that ends with NULL, each in a process of its own. */
MAYBE int run_tests(const char *name, const TTest *const *tests)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    SRunner *runner;
    int failed;

    tcase_set_timeout(tcase, 300);
    for (; *tests != NULL; tests++) {
        tcase_add_test(tcase, *tests);
    }
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
