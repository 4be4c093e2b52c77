/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a ledger that is behind gets back anything else than all of the records that lead to the newest signed head, when a detail is lost
 * without an order that covers it, or when a crash in between leaves anything but the old ledger or the whole one (SPEC 3.9). What people see of it is
 * tried in tests/custody/test_reconcile.sh.
 */
#include "tests/ledger/fixture.c"

#include "ledger/care.h"
#include "ledger/export.h"
#include "ledger/gaps.h"
#include "ledger/inside.h"

#include <sched.h>
#include <signal.h>
#include <sys/wait.h>

enum { PROSECUTOR = 6, THING = 7 };

static char old_dir[128];

/* Where everything is again as when the copy was made; the remembered head stays. */
static void put_back(struct fixture *f)
{
    fixture_close(f);
    copy_dir(old_dir, f->dir);
}

/* A prosecutor, two items, signed: eight records at most; the copy is of that moment. */
static void make(struct fixture *f)
{
    struct signed_act act;

    fixture_make(f, NULL);
    act = enrolment(f, PROSECUTOR, OFFICE_PROSECUTOR);
    (void)fixture_append(f, &act);
    act = allotting(f, THING, 2);
    (void)fixture_append(f, &act);
    fixture_checkpoint(f);
    (void)snprintf(old_dir, sizeof old_dir, "%s/old", f->root);
    fixture_close(f);
    copy_dir(f->dir, old_dir);
    fixture_open(f);
}

static struct signed_act ordering(struct fixture *f, uint64_t subject, uint64_t name)
{
    struct making making = making_open(f, KIND_ORDER);
    struct entry *entry = composer_entry(making.composer, subject, ROLE_SUBJECT);
    struct buffer names = {0};
    struct signed_act out;

    names_encode(&name, 1, &names);
    entry->facts.present |= BIT(FACT_NAMES);
    entry->facts.names = buffer_view(&names);
    composer_text(making.composer, subject, NAME_ORDER, "no. 7/2018");
    making_signer(&making, PROSECUTOR, 1, OFFICE_PROSECUTOR);
    out = making_sign(f, &making);
    buffer_free(&names);
    return out;
}

static struct buffer export_of(struct fixture *f, uint64_t subject)
{
    struct export_request request = {.asked = &subject, .asked_count = 1};
    struct ledger_txn *txn = NULL;
    struct buffer out = {0};

    OK(ledger_begin(f->ledger, false, &txn, FAULT));
    OK(export_bundle(txn, &request, &out, FAULT));
    ledger_abort(txn);
    return out;
}

static struct hash root_of(struct fixture *f)
{
    struct ledger_txn *txn = NULL;
    struct hash root;

    OK(ledger_begin(f->ledger, false, &txn, FAULT));
    OK(ledger_root(txn, ledger_size(txn), &root, FAULT));
    ledger_abort(txn);
    return root;
}

static struct fsck_report sound(struct fixture *f)
{
    struct fsck_options options = {0};
    struct fsck_report report;

    OK(ledger_fsck(f->ledger, &options, &report, FAULT));
    ck_assert_msg(report.stop.status == 0, "%s", report.stop.text);
    return report;
}

static struct reconcile *compare(struct fixture *f, const struct reconcile_source *sources, size_t count)
{
    struct reconcile *reconcile = NULL;

    OK(reconcile_open(f->dir, NULL, &reconcile, FAULT));
    OK(reconcile_compare(reconcile, sources, count, NULL, FAULT));
    return reconcile;
}

/* Takes everything back and opens the ledger for appending again. */
static void take_all(struct fixture *f, const struct reconcile_source *sources, size_t count)
{
    struct reconcile *reconcile = compare(f, sources, count);

    ck_assert_msg(reconcile_report(reconcile)->complete, "%s", reconcile_report(reconcile)->problem);
    OK(reconcile_take(reconcile, FAULT));
    reconcile_close(reconcile);
    fixture_open(f);
}

/* Nothing can be taken, for that reason; the store is as it was. */
static void refuse(struct fixture *f, const struct reconcile_source *sources, size_t count, const char *why)
{
    struct reconcile *reconcile = compare(f, sources, count);
    struct fault fault = {0};

    ck_assert(!reconcile_report(reconcile)->complete);
    ck_assert_msg(strstr(reconcile_report(reconcile)->problem, why) != NULL, "%s", reconcile_report(reconcile)->problem);
    ck_assert_int_eq(reconcile_take(reconcile, &fault), STATUS_REFUSED);
    ck_assert_str_eq(fault.text, reconcile_report(reconcile)->problem);
    reconcile_close(reconcile);
    OK(ledger_open(f->dir, LEDGER_READ, NULL, &f->ledger, FAULT));
    ck_assert_uint_eq(fixture_size(f), 6);
    fixture_close(f);
}

/* A bundle leaves out what an order covers: the records are had back, that detail is not, and fsck knows why. */
START_TEST(a_detail_under_an_order_stays_away)
{
    struct fixture f;
    struct signed_act act;
    struct buffer file;
    struct buffer again;
    struct hash before;
    struct fsck_report report;

    make(&f);
    act = noting(&f, THING, "the witness's name", 2);
    (void)fixture_append(&f, &act);
    act = ordering(&f, THING, NAME_NOTE);
    (void)fixture_append(&f, &act);
    fixture_checkpoint(&f);
    before = root_of(&f);
    file = export_of(&f, THING);
    put_back(&f);
    {
        const struct reconcile_source source = {.name = "bundle", .file = buffer_view(&file)};
        struct reconcile *reconcile = compare(&f, &source, 1);
        struct hash after;

        ck_assert_msg(reconcile_report(reconcile)->complete, "%s", reconcile_report(reconcile)->problem);
        ck_assert_uint_eq(reconcile_report(reconcile)->withheld, 1);
        reconcile_close(reconcile);
        take_all(&f, &source, 1);
        after = root_of(&f);
        ck_assert(hash_equal(&before, &after));
    }
    report = sound(&f);
    ck_assert_uint_eq(report.withheld, 1);
    /* The bundle that it makes now is the very one. */
    again = export_of(&f, THING);
    ck_assert(view_equal(buffer_view(&file), buffer_view(&again)));
    act = noting(&f, THING, "the station goes on", 0);
    (void)fixture_append(&f, &act);
    buffer_free(&file);
    buffer_free(&again);
    fixture_remove(&f);
}
END_TEST

static struct signed_act erasing(struct fixture *f, uint64_t record, uint64_t subject, uint64_t name)
{
    struct making making = making_open(f, KIND_ERASE);
    struct entry *entry = composer_entry(making.composer, subject, ROLE_SUBJECT);
    struct ledger_txn *txn = NULL;
    struct buffer names = {0};
    struct view bytes;
    struct signed_act out;

    names_encode(&name, 1, &names);
    entry->facts.present |= BIT(FACT_NAMES);
    entry->facts.names = buffer_view(&names);
    making.act->present |= BIT(PAY_AMENDS);
    making.act->amends_index = record;
    OK(ledger_begin(f->ledger, false, &txn, FAULT));
    OK(ledger_record(txn, record, &bytes, FAULT));
    hash_leaf(f->hasher, bytes, &making.act->amends_hash);
    ledger_abort(txn);
    composer_text(making.composer, subject, NAME_ORDER, "no. 8/2018");
    making_signer(&making, 1, 1, OFFICE_REGISTRAR);
    making_signer(&making, 2, 1, OFFICE_REGISTRAR);
    out = making_sign(f, &making);
    buffer_free(&names);
    return out;
}

/* An older bundle still has what was erased since: with the erasure it leaves the store again. */
START_TEST(what_was_erased_stays_erased)
{
    struct fixture f;
    struct signed_act act;
    struct buffer older;
    struct buffer newer;
    struct buffer again;
    struct hash before;
    struct fsck_report report;

    make(&f);
    act = noting(&f, THING, "a name", 1);
    (void)fixture_append(&f, &act);
    fixture_checkpoint(&f);
    older = export_of(&f, THING);
    act = erasing(&f, 6, THING, NAME_NOTE);
    (void)fixture_append(&f, &act);
    fixture_checkpoint(&f);
    before = root_of(&f);
    newer = export_of(&f, THING);
    for (int with_older = 0; with_older < 2; with_older++) {
        const struct reconcile_source sources[] = {{.name = "newer", .file = buffer_view(&newer)},
                                                   {.name = "older", .file = buffer_view(&older)}};
        struct hash after;

        put_back(&f);
        take_all(&f, sources, with_older == 1 ? 2 : 1);
        after = root_of(&f);
        ck_assert(hash_equal(&before, &after));
        report = sound(&f);
        ck_assert_uint_eq(report.erased, 1);
        ck_assert_uint_eq(report.unfinished, 0);
        ck_assert_uint_eq(report.elsewhere, 0);
        again = export_of(&f, THING);
        ck_assert_uint_eq(report.withheld, 0);
        ck_assert(view_equal(buffer_view(&newer), buffer_view(&again)));
        buffer_free(&again);
    }
    buffer_free(&older);
    buffer_free(&newer);
    fixture_remove(&f);
}
END_TEST

/* What an adoption would be judged by: without the orphan's bytes, custody would become another than it was. */
START_TEST(a_lodged_act_under_an_order_is_a_hole)
{
    struct fixture f;
    struct signed_act orphan;
    struct signed_act act;
    struct making making;
    struct value value = {.type = VALUE_BYTES};
    struct buffer file;

    make(&f);
    orphan = noting(&f, THING, "came too late", 0);
    making = making_open(&f, KIND_LODGE);
    making.act->present |= BIT(PAY_ANSWERS) | BIT(PAY_FROM);
    making.act->from.has_person = true;
    making.act->from.person = CUSTODIAN;
    act_id(f.hasher, buffer_view(&orphan.draft.payload), &making.act->answers);
    (void)composer_entry(making.composer, THING, ROLE_SUBJECT);
    value.text = orphan.submission.act;
    composer_detail(making.composer, NOTHING, NAME_ORPHAN, &value);
    making_signer(&making, CUSTODIAN, 1, OFFICE_CUSTODIAN);
    act = making_sign(&f, &making);
    (void)fixture_append(&f, &act);
    signed_free(&orphan);
    act = ordering(&f, THING, NAME_ORPHAN);
    (void)fixture_append(&f, &act);
    fixture_checkpoint(&f);
    file = export_of(&f, THING);
    put_back(&f);
    refuse(&f, &(struct reconcile_source){.name = "bundle", .file = buffer_view(&file)}, 1,
           "record 6: the act that it lodged is withheld in every source");
    buffer_free(&file);
    fixture_remove(&f);
}
END_TEST

/* Removes the disclosure of that record with that sequence number from the store. */
static void lose_disclosure(const char *dir, uint64_t index, uint64_t seq)
{
    struct key key = keys_part(index, PART_DISCLOSURE, seq);
    struct store *store = NULL;
    struct store_txn *txn = NULL;

    OK(store_open(dir, STORE_WRITE, 0, &store, FAULT));
    OK(store_begin(store, true, &txn, FAULT));
    OK(store_delete(txn, keys_view(&key), FAULT));
    OK(store_commit(txn, FAULT));
    store_close(store);
}

START_TEST(a_detail_without_an_order_is_a_hole)
{
    struct fixture f;
    struct signed_act act;
    struct fsck_options options = {0};
    struct fsck_report report;
    char copy[128];

    make(&f);
    act = noting(&f, THING, "a note", 2);
    (void)fixture_append(&f, &act);
    fixture_checkpoint(&f);
    (void)snprintf(copy, sizeof copy, "%s/copy", f.root);
    fixture_close(&f);
    copy_dir(f.dir, copy);
    lose_disclosure(copy, 6, 2);
    put_back(&f);
    {
        const struct reconcile_source source = {.name = copy, .is_ledger = true};

        refuse(&f, &source, 1, "record 6: the detail 2, ordinal 1, is in none of the sources");
    }
    /* And damage it is in a ledger. */
    OK(ledger_open(copy, LEDGER_READ, NULL, &f.ledger, FAULT));
    OK(ledger_fsck(f.ledger, &options, &report, FAULT));
    ck_assert_int_eq(report.stop.status, 1);
    ck_assert_str_eq(report.stop.code, "detail");
    ck_assert_uint_eq(report.stop.record, 6);
    ck_assert_ptr_nonnull(strstr(report.stop.text, "no order or erasure covers it"));
    fixture_remove(&f);
}
END_TEST

/* What an officer orders covers nothing. */
START_TEST(an_officers_order_covers_nothing)
{
    struct fixture f;
    struct signed_act act;
    struct making making;
    struct buffer names = {0};
    const uint64_t name = NAME_NOTE;
    struct act *decoded = malloc(sizeof *decoded);
    struct extents extents = {0};
    struct gaps gaps = {0};
    const struct gap *gap = NULL;
    struct ledger_txn *txn = NULL;

    make(&f);
    OK(ledger_begin(f.ledger, false, &txn, FAULT));
    for (int lawful = 0; lawful < 2; lawful++) {
        struct entry *entry;

        making = making_open(&f, KIND_ORDER);
        entry = composer_entry(making.composer, THING, ROLE_SUBJECT);
        buffer_reset(&names);
        names_encode(&name, 1, &names);
        entry->facts.present |= BIT(FACT_NAMES);
        entry->facts.names = buffer_view(&names);
        if (lawful == 1) {
            making_signer(&making, PROSECUTOR, 1, OFFICE_PROSECUTOR);
        } else {
            making_signer(&making, OFFICER, 1, OFFICE_OFFICER);
        }
        act = making_sign(&f, &making);
        OK(act_decode(act.submission.act, decoded, FAULT));
        OK(extents_add(&extents, 5, decoded, 0, FAULT));
        extents_sort(&extents);
        gaps_add(&gaps, 4, THING, &(struct sheet_line){.name = NAME_NOTE});
        OK(gaps_uncovered(&gaps, txn, &extents, &gap, FAULT));
        ck_assert((gap == NULL) == (lawful == 1));
        signed_free(&act);
    }
    /* A detail of the act as a whole: any subject that the record touches; record 4 allotted both things. */
    gaps_add(&gaps, 4, NOTHING, &(struct sheet_line){.name = NAME_NOTE});
    OK(gaps_uncovered(&gaps, txn, &extents, &gap, FAULT));
    ck_assert_ptr_null(gap);
    gaps_add(&gaps, 3, NOTHING, &(struct sheet_line){.name = NAME_NOTE});
    OK(gaps_uncovered(&gaps, txn, &extents, &gap, FAULT));
    ck_assert_ptr_nonnull(gap);
    ck_assert_uint_eq(gap->record, 3);
    gaps_free(&gaps);
    extents_free(&extents);
    ledger_abort(txn);
    free(decoded);
    buffer_free(&names);
    fixture_remove(&f);
}
END_TEST

/* An act on two things has two sheets; a bundle has only those of what it was asked for. */
START_TEST(a_sheet_that_no_bundle_has)
{
    struct fixture f;
    struct signed_act act;
    struct making making;
    struct buffer one;
    struct buffer two;
    struct hash before;

    make(&f);
    making = making_open(&f, KIND_NOTE);
    for (uint64_t thing = THING; thing < THING + 2; thing++) {
        (void)composer_entry(making.composer, thing, ROLE_SUBJECT);
        composer_text(making.composer, thing, NAME_NOTE, "each its own");
    }
    making_signer(&making, CUSTODIAN, 1, OFFICE_CUSTODIAN);
    act = making_sign(&f, &making);
    (void)fixture_append(&f, &act);
    fixture_checkpoint(&f);
    before = root_of(&f);
    one = export_of(&f, THING);
    two = export_of(&f, THING + 1);
    put_back(&f);
    {
        const struct reconcile_source sources[] = {{.name = "one", .file = buffer_view(&one)}, {.name = "two", .file = buffer_view(&two)}};
        struct hash after;

        refuse(&f, sources, 1, "the sheet of details of no. 8 is in none of the sources");
        take_all(&f, sources, 2);
        after = root_of(&f);
        ck_assert(hash_equal(&before, &after));
    }
    (void)sound(&f);
    buffer_free(&one);
    buffer_free(&two);
    fixture_remove(&f);
}
END_TEST

/* The station got a new key after the copy: the registrars' act is among what is missing, and what the new key signed is believed. */
START_TEST(a_new_station_key_comes_back)
{
    struct fixture f;
    struct signed_act act;
    struct making making;
    struct secret *station = NULL;
    struct buffer file;
    struct hash before;
    uint8_t seed[32];
    char path[160];
    char command[400];
    struct entry *entry;

    make(&f);
    memset(seed, 77, sizeof seed);
    OK(secret_from_seed(seed, &station, FAULT));
    making = making_open(&f, KIND_STATION_KEY);
    entry = composer_entry(making.composer, 0, ROLE_SUBJECT);
    entry->facts.present |= BIT(FACT_STATION);
    memcpy(entry->facts.station, secret_public(station)->bytes, sizeof entry->facts.station);
    making_signer(&making, 1, 1, OFFICE_REGISTRAR);
    making_signer(&making, 2, 1, OFFICE_REGISTRAR);
    act = making_sign(&f, &making);
    (void)fixture_append(&f, &act);
    (void)snprintf(path, sizeof path, "%s/station.key", f.dir);
    ck_assert_int_eq(unlink(path), 0);
    OK(secret_save(station, path, view_of(NULL, 0), FAULT));
    secret_close(station);
    fixture_checkpoint(&f);
    before = root_of(&f);
    file = export_of(&f, THING);
    (void)snprintf(command, sizeof command, "cp '%s' '%s/new.key'", path, f.root);
    ck_assert_int_eq(system(command), 0);
    put_back(&f);
    {
        const struct reconcile_source source = {.name = "bundle", .file = buffer_view(&file)};
        struct hash after;

        take_all(&f, &source, 1);
        after = root_of(&f);
        ck_assert(hash_equal(&before, &after));
    }
    ck_assert_uint_eq(sound(&f).checkpoints, 2);
    (void)snprintf(command, sizeof command, "cp '%s/new.key' '%s'", f.root, path);
    ck_assert_int_eq(system(command), 0);
    act = noting(&f, THING, "the station goes on", 0);
    (void)fixture_append(&f, &act);
    fixture_checkpoint(&f);
    buffer_free(&file);
    fixture_remove(&f);
}
END_TEST

/* A draft's reservation in the old store does not keep back what others opened since; nor is one dropped where nothing is missing. */
START_TEST(a_reservation_is_over)
{
    struct fixture f;
    struct signed_act act;
    struct ledger_txn *txn = NULL;
    struct hash id = {{9}};
    struct buffer file;

    make(&f);
    OK(ledger_begin(f.ledger, true, &txn, FAULT));
    OK(ledger_reserve(txn, &id, f.now_s, FAULT));
    OK(ledger_commit(txn, FAULT));
    fixture_close(&f);
    copy_dir(f.dir, old_dir);
    take_all(&f, NULL, 0);
    act = allotting(&f, THING + 2, 1);
    ck_assert_int_eq(fixture_try(&f, &act, f.now_s, &(struct fault){0}), STATUS_REFUSED);
    OK(ledger_begin(f.ledger, true, &txn, FAULT));
    OK(ledger_unreserve(txn, &id, FAULT));
    OK(ledger_commit(txn, FAULT));
    (void)fixture_append(&f, &act);
    fixture_checkpoint(&f);
    file = export_of(&f, THING + 2);
    put_back(&f);
    take_all(&f, &(struct reconcile_source){.name = "bundle", .file = buffer_view(&file)}, 1);
    (void)sound(&f);
    buffer_free(&file);
    fixture_remove(&f);
}
END_TEST

/* Killed at any moment, the ledger is the old one or the whole one, and the next try gets the whole one. */
START_TEST(a_crash_in_between)
{
    struct fixture f;
    struct signed_act act;
    struct hash before;
    char copy[128];
    struct reconcile_source source = {.name = copy, .is_ledger = true};

    make(&f);
    for (int i = 0; i < 40; i++) {
        act = noting(&f, THING, "x", 1);
        (void)fixture_append(&f, &act);
    }
    fixture_checkpoint(&f);
    before = root_of(&f);
    (void)snprintf(copy, sizeof copy, "%s/copy", f.root);
    fixture_close(&f);
    copy_dir(f.dir, copy);
    for (int round = 0; round < 30; round++) {
        int child_status;
        uint64_t size;
        pid_t child;

        put_back(&f);
        child = fork();
        if (child == 0) {
            take_all(&f, &source, 1);
            _exit(0);
        }
        for (int i = 0; i < round * 40; i++) {
            (void)sched_yield();
        }
        (void)kill(child, SIGKILL);
        ck_assert_int_eq(waitpid(child, &child_status, 0), child);
        OK(ledger_open(f.dir, LEDGER_READ, NULL, &f.ledger, FAULT));
        size = fixture_size(&f);
        ck_assert_msg(size == 6 || size == 47, "%llu records", (unsigned long long)size);
        fixture_close(&f);
    }
    /* Before the end, for certain. */
    put_back(&f);
    reconcile_close(compare(&f, &source, 1));
    OK(ledger_open(f.dir, LEDGER_READ, NULL, &f.ledger, FAULT));
    ck_assert_uint_eq(fixture_size(&f), 6);
    fixture_close(&f);
    take_all(&f, &source, 1);
    {
        struct hash after = root_of(&f);

        ck_assert(hash_equal(&before, &after));
    }
    (void)sound(&f);
    fixture_remove(&f);
}
END_TEST

/* What is wrong with a source is told of it, and the others serve. */
START_TEST(a_source_that_is_nothing)
{
    struct fixture f;
    struct fixture other;
    struct signed_act act;
    struct buffer file;
    struct buffer foreign;
    struct reconcile *reconcile;

    make(&f);
    act = noting(&f, THING, "a note", 0);
    (void)fixture_append(&f, &act);
    fixture_checkpoint(&f);
    file = export_of(&f, THING);
    {
        char kept[128];

        memcpy(kept, old_dir, sizeof kept);
        make(&other);
        memcpy(old_dir, kept, sizeof kept);
    }
    foreign = export_of(&other, THING);
    put_back(&f);
    {
        const struct reconcile_source sources[] = {
            {.name = "empty"},
            {.name = "foreign", .file = buffer_view(&foreign)},
            {.name = "cut", .file = view_part(buffer_view(&file), 0, file.len - 1)},
            {.name = "nowhere", .is_ledger = true},
            {.name = "good", .file = buffer_view(&file)},
        };

        reconcile = compare(&f, sources, 5);
        for (size_t i = 0; i < 4; i++) {
            ck_assert_int_eq(reconcile_results(reconcile)[i].answer, RECONCILE_UNUSED);
            ck_assert_str_eq(reconcile_results(reconcile)[i].name, sources[i].name);
            ck_assert_uint_gt(strlen(reconcile_results(reconcile)[i].why), 10);
        }
        ck_assert_ptr_nonnull(strstr(reconcile_results(reconcile)[1].why, "another ledger"));
        ck_assert_int_eq(reconcile_results(reconcile)[4].answer, RECONCILE_NEWER);
        ck_assert_uint_eq(reconcile_results(reconcile)[4].holds, 2);
        ck_assert(reconcile_report(reconcile)->complete);
        reconcile_close(reconcile);
        take_all(&f, sources, 5);
    }
    ck_assert_uint_eq(fixture_size(&f), 8);
    buffer_free(&file);
    buffer_free(&foreign);
    fixture_remove(&other);
    fixture_remove(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_detail_under_an_order_stays_away, what_was_erased_stays_erased, a_lodged_act_under_an_order_is_a_hole, a_detail_without_an_order_is_a_hole, an_officers_order_covers_nothing,
                                  a_sheet_that_no_bundle_has, a_new_station_key_comes_back, a_reservation_is_over, a_crash_in_between,
                                  a_source_that_is_nothing, NULL};

    return run_tests("reconcile", tests);
}
