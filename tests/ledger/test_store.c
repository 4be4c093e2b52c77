/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when entries are lost, doubled or out of order, when a snapshot moves, when the map does not grow by itself or another process's
 * growth is not adopted, when a cut file is opened, or when a full disk loses what was committed or ends in a signal.
 */
#include "ledger/store.h"

#include "tests/ledger/fixture.c"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

static char root[64];

static void make_root(void)
{
    (void)snprintf(root, sizeof root, "/tmp/unbroken-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
}

static void remove_root(void)
{
    char command[128];

    (void)snprintf(command, sizeof command, "rm -rf '%s'", root);
    ck_assert_int_eq(system(command), 0);
}

static struct view text(const char *of)
{
    return view_text(of);
}

/* One entry in a transaction of its own. */
static enum status put_one(struct store *store, uint64_t number, size_t len, struct fault *fault)
{
    struct store_txn *txn = NULL;
    uint8_t *value = calloc(1, len);
    uint8_t key[9] = {'k'};
    enum status status = store_begin(store, true, &txn, fault);

    for (size_t i = 0; i < 8; i++) {
        key[1 + i] = (uint8_t)(number >> (56 - 8 * i));
    }
    if (status == STATUS_OK) {
        status = store_append(txn, view_of(key, sizeof key), view_of(value, len), fault);
        if (status == STATUS_OK) {
            status = store_commit(txn, fault);
        } else {
            store_abort(txn);
        }
    }
    free(value);
    return status;
}

static uint64_t count_all(struct store *store)
{
    struct store_txn *txn = NULL;
    uint64_t count;

    OK(store_begin(store, false, &txn, FAULT));
    count = store_count(txn);
    store_abort(txn);
    return count;
}

START_TEST(entries_are_kept_in_order)
{
    struct store *store = NULL;
    struct store_txn *txn = NULL;
    struct store_txn *before = NULL;
    struct store_cursor *cursor = NULL;
    struct view key;
    struct view value;
    struct fault fault = {0};

    make_root();
    OK(store_open(root, STORE_CREATE, 0, &store, FAULT));
    OK(store_begin(store, true, &txn, FAULT));
    OK(store_put(txn, text("b"), text("two"), FAULT));
    OK(store_put(txn, text("a"), text("one"), FAULT));
    OK(store_insert(txn, text("ba"), text("three"), FAULT));
    ck_assert_int_eq(store_insert(txn, text("a"), text("again"), &fault), STATUS_DAMAGED);
    fault_clear(&fault);
    ck_assert_int_eq(store_append(txn, text("aa"), text("not last"), &fault), STATUS_DAMAGED);
    OK(store_append(txn, text("c"), text("four"), FAULT));
    OK(store_commit(txn, FAULT));
    OK(store_begin(store, false, &before, FAULT));
    OK(store_begin(store, true, &txn, FAULT));
    OK(store_delete(txn, text("a"), FAULT));
    ck_assert_int_eq(store_delete(txn, text("a"), NULL), STATUS_MISSING);
    ck_assert_uint_eq(store_stamp(txn), store_stamp(before) + 1);
    OK(store_commit(txn, FAULT));
    OK(store_get(before, text("a"), &value, FAULT));
    ck_assert(view_equal(value, text("one")));
    store_abort(before);
    OK(store_begin(store, false, &txn, FAULT));
    ck_assert_int_eq(store_get(txn, text("a"), &value, NULL), STATUS_MISSING);
    OK(store_walk(txn, text("b"), NULL, &cursor, FAULT));
    OK(store_next(cursor, &key, &value, FAULT));
    ck_assert(view_equal(key, text("b")) && view_equal(value, text("two")));
    OK(store_next(cursor, &key, &value, FAULT));
    ck_assert(view_equal(key, text("ba")) && view_equal(value, text("three")));
    ck_assert_int_eq(store_next(cursor, &key, &value, NULL), STATUS_MISSING);
    store_walk_end(cursor);
    ck_assert_uint_eq(store_count(txn), 3);
    store_abort(txn);
    store_close(store);
    ck_assert_int_eq(store_open(root, STORE_CREATE, 0, &store, NULL), STATUS_REFUSED);
    remove_root();
    ck_assert_int_eq(store_open(root, STORE_READ, 0, &store, NULL), STATUS_MISSING);
}
END_TEST

/* Each transaction is as large as the room, and there are many: without growing, the first map would be full at once. */
START_TEST(the_map_grows_by_itself)
{
    struct store *store = NULL;

    make_root();
    OK(store_open(root, STORE_CREATE, UINT64_C(1) << 20, &store, FAULT));
    for (uint64_t i = 0; i < 64; i++) {
        OK(put_one(store, i, 700000, FAULT));
    }
    ck_assert_uint_eq(count_all(store), 64);
    store_close(store);
    remove_root();
}
END_TEST

/* Another process writes far beyond our map; then we read and write. */
START_TEST(growth_by_another_process_is_adopted)
{
    struct store *store = NULL;
    struct store_txn *txn = NULL;
    int pipes[2];
    int child_status;
    char byte = 0;
    pid_t child;

    make_root();
    ck_assert_int_eq(pipe(pipes), 0);
    /* An environment does not live through a fork: the child opens its own, after we have opened ours. */
    child = fork();
    if (child == 0) {
        struct store *other = NULL;

        if (read(pipes[0], &byte, 1) != 1 || store_open(root, STORE_WRITE, UINT64_C(1) << 20, &other, NULL) != STATUS_OK) {
            _exit(1);
        }
        for (uint64_t i = 10; i < 74; i++) {
            if (put_one(other, i, 700000, NULL) != STATUS_OK) {
                _exit(2);
            }
        }
        store_close(other);
        _exit(0);
    }
    OK(store_open(root, STORE_CREATE, UINT64_C(1) << 20, &store, FAULT));
    OK(put_one(store, 1, 100, FAULT));
    ck_assert_int_eq(write(pipes[1], &byte, 1), 1);
    ck_assert_int_eq(waitpid(child, &child_status, 0), child);
    ck_assert(WIFEXITED(child_status) && WEXITSTATUS(child_status) == 0);
    OK(store_begin(store, false, &txn, FAULT));
    ck_assert_uint_eq(store_count(txn), 65);
    store_abort(txn);
    OK(put_one(store, 100, 700000, FAULT));
    ck_assert_uint_eq(count_all(store), 66);
    store_close(store);
    remove_root();
}
END_TEST

START_TEST(a_cut_file_is_told)
{
    struct store *store = NULL;
    struct fault fault = {0};
    char path[96];

    make_root();
    OK(store_open(root, STORE_CREATE, 0, &store, FAULT));
    for (uint64_t i = 0; i < 10; i++) {
        OK(put_one(store, i, 100000, FAULT));
    }
    store_close(store);
    (void)snprintf(path, sizeof path, "%s/data.mdb", root);
    ck_assert_int_eq(truncate(path, 200000), 0);
    ck_assert_int_eq(store_open(root, STORE_READ, 0, &store, &fault), STATUS_DAMAGED);
    ck_assert_ptr_nonnull(strstr(fault.text, "cut"));
    ck_assert_int_eq(truncate(path, 100), 0);
    fault_clear(&fault);
    ck_assert_int_eq(store_open(root, STORE_READ, 0, &store, &fault), STATUS_DAMAGED);
    remove_root();
}
END_TEST

/* A small disk becomes full; nothing that was acknowledged is lost, and after making room it goes on. */
START_TEST(a_full_disk_loses_nothing)
{
    struct store *store = NULL;
    struct fault fault = {0};
    char path[96];
    uint64_t kept = 0;
    int filler;

    if (geteuid() != 0) {
        return; /* the next test does it without a disk of its own */
    }
    make_root();
    ck_assert_int_eq(mount("unbroken-test", root, "tmpfs", 0, "size=24m"), 0);
    (void)snprintf(path, sizeof path, "%s/ledger", root);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    OK(store_open(path, STORE_CREATE, 0, &store, FAULT));
    while (put_one(store, kept, 100000, &fault) == STATUS_OK) {
        kept++;
        ck_assert_uint_lt(kept, 1000);
    }
    ck_assert_int_eq(fault.status, STATUS_FULL);
    ck_assert_uint_gt(kept, 100);
    ck_assert_uint_eq(count_all(store), kept);
    store_close(store);
    fault_clear(&fault);
    ck_assert_int_eq(store_open(path, STORE_WRITE, 0, &store, &fault), STATUS_FULL);
    OK(store_open(path, STORE_READ, 0, &store, FAULT));
    ck_assert_uint_eq(count_all(store), kept);
    store_close(store);
    /* Space is made; then another file takes it away between opening and writing. */
    ck_assert_int_eq(mount("unbroken-test", root, "tmpfs", MS_REMOUNT, "size=64m"), 0);
    OK(store_open(path, STORE_WRITE, 0, &store, FAULT));
    (void)snprintf(path, sizeof path, "%s/filler", root);
    filler = open(path, O_WRONLY | O_CREAT, 0600);
    ck_assert_int_eq(posix_fallocate(filler, 0, 39 << 20), 0);
    (void)close(filler);
    fault_clear(&fault);
    ck_assert_int_eq(put_one(store, kept, 2000000, &fault), STATUS_FULL);
    ck_assert_int_eq(unlink(path), 0);
    OK(put_one(store, kept, 2000000, FAULT));
    ck_assert_uint_eq(count_all(store), kept + 1);
    store_close(store);
    ck_assert_int_eq(umount(root), 0);
    remove_root();
}
END_TEST

/* The system refuses the write itself: the commit fails on the way, and all is refused until the store is opened again. */
START_TEST(a_commit_that_fails_poisons)
{
    struct store *store = NULL;
    struct store_txn *txn = NULL;
    struct fault fault = {0};
    struct rlimit limit = {400000, RLIM_INFINITY};
    uint64_t kept = 0;

    make_root();
    ck_assert(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    OK(store_open(root, STORE_CREATE, 0, &store, FAULT));
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    while (put_one(store, kept, 50000, &fault) == STATUS_OK) {
        kept++;
        ck_assert_uint_lt(kept, 100);
    }
    ck_assert_msg(fault.status == STATUS_FULL || fault.status == STATUS_ENVIRONMENT, "%s", fault.text);
    ck_assert_uint_gt(kept, 2);
    fault_clear(&fault);
    ck_assert_int_eq(store_begin(store, false, &txn, &fault), STATUS_ENVIRONMENT);
    ck_assert_ptr_nonnull(strstr(fault.text, "opened again"));
    store_close(store);
    limit.rlim_cur = RLIM_INFINITY;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    OK(store_open(root, STORE_WRITE, 0, &store, FAULT));
    ck_assert_uint_eq(count_all(store), kept);
    OK(put_one(store, kept, 50000, FAULT));
    ck_assert_uint_eq(count_all(store), kept + 1);
    store_close(store);
    remove_root();
}
END_TEST

/* Pages behind a reader that died are used again. */
START_TEST(a_dead_reader_is_cleared)
{
    struct store *store = NULL;
    struct store_usage usage = {0};
    int child_status;
    pid_t child;

    make_root();
    OK(store_open(root, STORE_CREATE, 0, &store, FAULT));
    OK(put_one(store, 0, 1000, FAULT));
    store_close(store);
    child = fork();
    if (child == 0) {
        struct store_txn *txn = NULL;

        if (store_open(root, STORE_READ, 0, &store, NULL) == STATUS_OK) {
            (void)!store_begin(store, false, &txn, NULL);
        }
        _exit(0);
    }
    ck_assert_int_eq(waitpid(child, &child_status, 0), child);
    OK(store_open(root, STORE_WRITE, 0, &store, FAULT));
    for (int i = 0; i < 200; i++) {
        struct store_txn *txn = NULL;
        uint8_t value[50000] = {0};

        OK(store_begin(store, true, &txn, FAULT));
        OK(store_put(txn, text("same"), view_of(value, sizeof value), FAULT));
        OK(store_commit(txn, FAULT));
    }
    OK(store_usage(store, &usage, FAULT));
    ck_assert_uint_lt(usage.file_bytes, 1000000);
    ck_assert_uint_le(usage.used_bytes, usage.file_bytes);
    ck_assert_uint_gt(usage.free_bytes, 0);
    store_close(store);
    remove_root();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {entries_are_kept_in_order, the_map_grows_by_itself, growth_by_another_process_is_adopted,
                                  a_cut_file_is_told, a_full_disk_loses_nothing, a_commit_that_fails_poisons,
                                  a_dead_reader_is_cleared, NULL};

    return run_tests("store", tests);
}
