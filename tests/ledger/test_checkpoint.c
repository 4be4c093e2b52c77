/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a checkpoint is signed over something else than the records on disk, when heads are wrong after any pattern of acts, or when a
 * database that was put back, or another history, is opened for appending.
 */
#include "tests/ledger/fixture.c"

#include "ledger/care.h"
#include "ledger/export.h"
#include "ledger/files.h"
#include "ledger/heads.h"
#include "ledger/inside.h"
#include "ledger/store.h"
#include "ledger/tree.h"
#include "verify/policy.h"

/* The latest note, parsed and checked with the exported policy's key. */
static void check_note(struct fixture *f, struct buffer *note, uint64_t size)
{
    struct buffer text = {0};
    struct policy *policy = NULL;
    struct checkpoint *checkpoint = malloc(sizeof *checkpoint);
    struct ledger_txn *txn = NULL;
    struct hash root;
    uint64_t time_s;

    OK(export_policy(f->ledger, &text, FAULT));
    OK(policy_parse(f->hasher, buffer_view(&text), &policy, FAULT));
    OK(checkpoint_parse(buffer_view(note), checkpoint, FAULT));
    ck_assert_uint_eq(checkpoint->size, size);
    ck_assert_int_eq(checkpoint_check(checkpoint, policy_log(policy, 0), &time_s), NOTE_VALID);
    OK(ledger_begin(f->ledger, false, &txn, FAULT));
    OK(ledger_root(txn, size, &root, FAULT));
    ck_assert(hash_equal(&root, &checkpoint->root));
    ledger_abort(txn);
    policy_close(policy);
    free(checkpoint);
    buffer_free(&text);
}

/* The heads root worked out the plain way: every subject's leaf, hashed pair by pair. */
static struct hash plain_heads(struct fixture *f)
{
    struct ledger_txn *txn = NULL;
    struct merkle_frontier frontier = {0};
    struct hash root;

    OK(ledger_begin(f->ledger, false, &txn, FAULT));
    for (uint64_t number = 0; number < ledger_subjects(txn); number++) {
        const struct subject *subject = ledger_subject(txn, number, NULL);
        struct heads_leaf leaf = {.ledger = f->id, .subject = number, .count = subject->count, .last = subject->last,
                                  .last_hash = subject->last_hash};
        struct buffer bytes = {0};
        struct hash hash;

        heads_leaf_encode(&leaf, &bytes);
        hash_leaf(f->hasher, buffer_view(&bytes), &hash);
        OK(merkle_append(f->hasher, &frontier, &hash, NULL, NULL, FAULT));
        buffer_free(&bytes);
    }
    merkle_frontier_root(f->hasher, &frontier, &root);
    ledger_abort(txn);
    return root;
}

static void check_heads(struct fixture *f)
{
    struct hash expected = plain_heads(f);
    struct ledger_txn *txn = NULL;
    struct record *record = malloc(sizeof *record);
    struct view bytes;

    OK(ledger_begin(f->ledger, false, &txn, FAULT));
    OK(ledger_record(txn, ledger_size(txn) - 1, &bytes, FAULT));
    OK(record_decode(bytes, record, FAULT));
    ck_assert_int_eq(record->type, RECORD_HEADS);
    ck_assert_uint_eq(record->subjects, ledger_subjects(txn));
    ck_assert(hash_equal(&record->root, &expected));
    ledger_abort(txn);
    free(record);
}

START_TEST(heads_are_right_after_any_pattern)
{
    struct fixture f;
    uint64_t subjects = 6;
    unsigned seed = 1;

    fixture_make(&f, NULL);
    for (int round = 0; round < 40; round++) {
        for (unsigned i = 0; i < 1 + seed % 4; i++) {
            struct signed_act act;

            seed = seed * 1103515245u + 12345u;
            if (seed / 65536 % 3 == 0) {
                uint64_t count = 1 + seed / 131072 % 9;

                act = allotting(&f, subjects, count);
                subjects += count;
            } else {
                act = noting(&f, seed / 65536 % subjects, "x", 0);
            }
            (void)fixture_append(&f, &act);
        }
        if (round % 5 == 4) {
            fixture_close(&f);
            fixture_open(&f);
        }
        fixture_checkpoint(&f);
        check_heads(&f);
    }
    fixture_remove(&f);
}
END_TEST

START_TEST(checkpoints_are_signed_and_kept)
{
    struct fixture f;
    struct signed_act act;
    struct buffer first = {0};
    struct buffer second = {0};
    struct buffer again = {0};
    struct ledger_txn *txn = NULL;

    fixture_make(&f, NULL);
    OK(ledger_begin(f.ledger, false, &txn, FAULT));
    ck_assert_int_eq(ledger_latest_checkpoint(txn, &again, NULL), STATUS_MISSING);
    ledger_abort(txn);
    OK(ledger_checkpoint(f.ledger, f.now_s, &first, FAULT));
    check_note(&f, &first, 4);
    OK(ledger_checkpoint(f.ledger, f.now_s, &again, FAULT));
    ck_assert(view_equal(buffer_view(&first), buffer_view(&again)));
    ck_assert_uint_eq(fixture_size(&f), 4);
    act = noting(&f, 0, "x", 0);
    (void)fixture_append(&f, &act);
    OK(ledger_checkpoint(f.ledger, f.now_s, &second, FAULT));
    check_note(&f, &second, 6);
    buffer_reset(&again);
    OK(ledger_begin(f.ledger, false, &txn, FAULT));
    OK(ledger_checkpoint_at(txn, 4, &again, FAULT));
    ck_assert(view_equal(buffer_view(&first), buffer_view(&again)));
    buffer_reset(&again);
    OK(ledger_latest_checkpoint(txn, &again, FAULT));
    ck_assert(view_equal(buffer_view(&second), buffer_view(&again)));
    ck_assert_int_eq(ledger_checkpoint_at(txn, 5, &again, NULL), STATUS_MISSING);
    ledger_abort(txn);
    buffer_free(&first);
    buffer_free(&second);
    buffer_free(&again);
    fixture_remove(&f);
}
END_TEST

/* The station key is gone: the heads record is committed, nothing is signed. Then it is back. */
START_TEST(an_unsigned_heads_record_is_signed_later)
{
    struct fixture f;
    struct signed_act act;
    struct buffer note = {0};
    char key[128];
    char away[128];

    fixture_make(&f, NULL);
    fixture_checkpoint(&f);
    (void)snprintf(key, sizeof key, "%s/station.key", f.dir);
    (void)snprintf(away, sizeof away, "%s/away.key", f.root);
    ck_assert_int_eq(rename(key, away), 0);
    act = noting(&f, 0, "x", 0);
    (void)fixture_append(&f, &act);
    ck_assert_int_eq(ledger_checkpoint(f.ledger, f.now_s, &note, NULL), STATUS_MISSING);
    ck_assert_uint_eq(note.len, 0);
    ck_assert_uint_eq(fixture_size(&f), 6);
    ck_assert_int_eq(rename(away, key), 0);
    fixture_close(&f);
    fixture_open(&f);
    OK(ledger_checkpoint(f.ledger, f.now_s, &note, FAULT));
    check_note(&f, &note, 6);
    /* Twice without a signature, with an act between: both heads records are recomputed. */
    act = noting(&f, 4, "x", 0);
    (void)fixture_append(&f, &act);
    ck_assert_int_eq(rename(key, away), 0);
    buffer_reset(&note);
    ck_assert_int_eq(ledger_checkpoint(f.ledger, f.now_s, &note, NULL), STATUS_MISSING);
    act = allotting(&f, 6, 3);
    (void)fixture_append(&f, &act);
    ck_assert_int_eq(ledger_checkpoint(f.ledger, f.now_s, &note, NULL), STATUS_MISSING);
    ck_assert_int_eq(rename(away, key), 0);
    OK(ledger_checkpoint(f.ledger, f.now_s, &note, FAULT));
    check_note(&f, &note, 10);
    buffer_free(&note);
    fixture_remove(&f);
}
END_TEST

/* Changes a byte of an entry in the store behind the ledger's back. */
static void spoil(struct fixture *f, const struct key *key, size_t at)
{
    struct store *store = NULL;
    struct store_txn *txn = NULL;
    struct buffer copy = {0};
    struct view value;

    fixture_close(f);
    OK(store_open(f->dir, STORE_WRITE, 0, &store, FAULT));
    OK(store_begin(store, true, &txn, FAULT));
    OK(store_get(txn, keys_view(key), &value, FAULT));
    buffer_append_view(&copy, value);
    copy.ptr[at < copy.len ? at : copy.len - 1] ^= 1;
    OK(store_put(txn, keys_view(key), buffer_view(&copy), FAULT));
    OK(store_commit(txn, FAULT));
    store_close(store);
    buffer_free(&copy);
}

/* Nothing is signed over damage that lies in what is new, or in the nodes that it needs (those above subjects 0 to 3, and subject 5). */
START_TEST(damage_is_not_signed)
{
    static const struct {
        enum table table;
        uint64_t number;
        size_t at;
    } places[] = {{TABLE_RECORD, 5, 60},   {TABLE_RECORD, 5, SIZE_MAX}, {TABLE_RECORD, 3, SIZE_MAX},
                  {TABLE_RECORD, 3, 5},    {TABLE_RECORD, 4, SIZE_MAX}, {TABLE_HEADS, 6, 0},
                  {TABLE_HEADS, 8, 31}};

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct fixture f;
        struct signed_act act;
        struct buffer note = {0};
        struct fault fault = {0};
        struct key key = keys_number(places[i].table, places[i].number);

        fixture_make(&f, NULL);
        fixture_checkpoint(&f);
        act = noting(&f, 4, "x", 0);
        (void)fixture_append(&f, &act);
        act = noting(&f, 4, "y", 0);
        (void)fixture_append(&f, &act);
        spoil(&f, &key, places[i].at);
        /* What the remembered head covers is noticed when the ledger is opened. */
        if (ledger_open(f.dir, LEDGER_APPEND, NULL, &f.ledger, &fault) != STATUS_OK) {
            ck_assert_msg(fault.status == STATUS_REFUSED && places[i].number <= 3, "place %zu: %s", i, fault.text);
            fixture_remove(&f);
            continue;
        }
        f.id = ledger_identity(f.ledger)->id;
        ck_assert_msg(ledger_checkpoint(f.ledger, f.now_s, &note, &fault) == STATUS_DAMAGED, "place %zu: %s", i, fault.text);
        ck_assert_uint_eq(note.len, 0);
        buffer_free(&note);
        fixture_remove(&f);
    }
}
END_TEST

/* A record that does not follow the one before is not signed, though the tree holds it. */
START_TEST(a_broken_chain_is_not_signed)
{
    struct fixture f;
    struct signed_act act;
    struct buffer note = {0};
    struct fault fault = {0};

    fixture_make(&f, NULL);
    fixture_checkpoint(&f);
    act = noting(&f, 4, "x", 0);
    (void)fixture_append(&f, &act);
    act = noting(&f, 4, "y", 0);
    (void)fixture_append(&f, &act);
    fixture_close(&f);
    forge_last(&f, 5, 10);
    fixture_open(&f);
    ck_assert_int_eq(ledger_checkpoint(f.ledger, f.now_s, &note, &fault), STATUS_DAMAGED);
    ck_assert_ptr_nonnull(strstr(fault.text, "record 5"));
    ck_assert_ptr_nonnull(strstr(fault.text, "does not follow"));
    fixture_remove(&f);
}
END_TEST

static enum status open_again(struct fixture *f, struct fault *fault)
{
    enum status status;

    fault_clear(fault);
    fixture_close(f);
    status = ledger_open(f->dir, LEDGER_APPEND, NULL, &f->ledger, fault);
    return status;
}

START_TEST(a_database_put_back_is_refused)
{
    struct fixture f;
    struct signed_act act;
    struct fault fault = {0};
    char old[128];
    char new[128];
    char kept[128];

    fixture_make(&f, NULL);
    fixture_checkpoint(&f);
    (void)snprintf(kept, sizeof kept, "%s/kept.head", f.root);
    (void)snprintf(old, sizeof old, "%s/old", f.root);
    (void)snprintf(new, sizeof new, "%s/new", f.root);
    fixture_close(&f);
    copy_dir(f.dir, old);
    fixture_open(&f);
    act = noting(&f, 0, "x", 0);
    (void)fixture_append(&f, &act);
    fixture_checkpoint(&f);
    fixture_close(&f);
    copy_dir(f.dir, new);
    copy_dir(old, f.dir);
    ck_assert_int_eq(open_again(&f, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "has 4 records"));
    ck_assert_ptr_nonnull(strstr(fault.text, "head of 6"));
    ck_assert_ptr_nonnull(strstr(fault.text, "2 records are missing"));
    ck_assert_ptr_nonnull(strstr(fault.text, "unbroken ledger reconcile"));
    /* Reading is possible: the administrator must be able to look. */
    OK(ledger_open(f.dir, LEDGER_READ, NULL, &f.ledger, FAULT));
    fixture_close(&f);
    /* The old one goes on behind the head's back, past its size: another history. */
    ck_assert_int_eq(rename(f.head, kept), 0);
    adopt_head(&f);
    fixture_open(&f);
    for (int i = 0; i < 5; i++) {
        struct ledger_txn *txn = NULL;

        OK(ledger_begin(f.ledger, false, &txn, FAULT));
        fixture_see(&f, txn);
        ledger_abort(txn);
        act = noting(&f, 4, "another", 0);
        (void)fixture_append(&f, &act);
    }
    ck_assert_int_eq(rename(kept, f.head), 0);
    ck_assert_int_eq(open_again(&f, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "not those of the signed head"));
    copy_dir(new, f.dir);
    ck_assert_int_eq(open_again(&f, &fault), STATUS_OK);
    fixture_remove(&f);
}
END_TEST

START_TEST(a_missing_head_is_not_made_up)
{
    struct fixture f;
    struct fixture other;
    struct signed_act act;
    struct fault fault = {0};
    struct buffer note = {0};
    char command[300];

    fixture_make(&f, NULL);
    fixture_checkpoint(&f);
    ck_assert_int_eq(unlink(f.head), 0);
    /* Not even while it is open. */
    act = noting(&f, 0, "x", 0);
    (void)fixture_append(&f, &act);
    ck_assert_int_eq(ledger_checkpoint(f.ledger, f.now_s, &note, NULL), STATUS_REFUSED);
    ck_assert_uint_eq(note.len, 0);
    ck_assert_int_eq(open_again(&f, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "missing"));
    fixture_close(&f);
    adopt_head(&f);
    ck_assert_int_eq(open_again(&f, &fault), STATUS_OK);
    fixture_checkpoint(&f);
    /* One that is damaged, or another ledger's. */
    fixture_make(&other, NULL);
    fixture_checkpoint(&other);
    (void)snprintf(command, sizeof command, "cp '%s' '%s'", other.head, f.head);
    ck_assert_int_eq(system(command), 0);
    ck_assert_int_eq(open_again(&f, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "another ledger"));
    (void)snprintf(command, sizeof command, "echo garbage > '%s'", f.head);
    ck_assert_int_eq(system(command), 0);
    ck_assert_int_eq(open_again(&f, &fault), STATUS_DAMAGED);
    f.ledger = NULL;
    buffer_free(&note);
    fixture_remove(&other);
    fixture_remove(&f);
}
END_TEST

START_TEST(only_the_station_key_in_force_signs)
{
    struct fixture f;
    struct making making;
    struct signed_act act;
    struct entry *entry;
    struct secret *new = NULL;
    struct buffer note = {0};
    struct fault fault = {0};
    char path[128];
    uint8_t seed[32] = {77};

    fixture_make(&f, NULL);
    fixture_checkpoint(&f);
    OK(secret_from_seed(seed, &new, FAULT));
    making = making_open(&f, KIND_STATION_KEY);
    entry = composer_entry(making.composer, 0, ROLE_SUBJECT);
    entry->facts.present |= BIT(FACT_STATION);
    memcpy(entry->facts.station, secret_public(new)->bytes, ED25519_BYTES);
    making_signer(&making, 1, 1, OFFICE_REGISTRAR);
    making_signer(&making, 3, 1, OFFICE_REGISTRAR);
    act = making_sign(&f, &making);
    (void)fixture_append(&f, &act);
    ck_assert_int_eq(ledger_checkpoint(f.ledger, f.now_s, &note, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "not the station key in force"));
    (void)snprintf(path, sizeof path, "%s/station.key", f.dir);
    ck_assert_int_eq(unlink(path), 0);
    OK(secret_save(new, path, view_of(NULL, 0), FAULT));
    OK(ledger_checkpoint(f.ledger, f.now_s, &note, FAULT));
    check_note(&f, &note, 6);
    secret_close(new);
    buffer_free(&note);
    fixture_remove(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {heads_are_right_after_any_pattern, checkpoints_are_signed_and_kept,
                                  an_unsigned_heads_record_is_signed_later, damage_is_not_signed,
                                  a_broken_chain_is_not_signed,
                                  a_database_put_back_is_refused, a_missing_head_is_not_made_up,
                                  only_the_station_key_in_force_signs, NULL};

    return run_tests("checkpoint", tests);
}
