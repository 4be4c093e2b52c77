/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a store that is written anew loses or changes an entry, keeps a deleted byte in its file, is written while somebody else has it open,
 * or when a full disk or a leftover of a crash is in the way (SPEC 3.8). That it may stop at every step: tests/custody/test_erase.sh.
 */
#include "tests/ledger/fixture.c"

#include "ledger/files.h"
#include "ledger/shred.h"

#include <fcntl.h>
#include <sys/wait.h>

enum { ENTRIES = 3000 };

static char dir[64];

static struct view key_of(uint64_t i, uint8_t bytes[8])
{
    for (size_t b = 0; b < 8; b++) {
        bytes[b] = (uint8_t)(i >> (56 - 8 * b));
    }
    return view_of(bytes, 8);
}

/* Short, page-sized and long values. */
static struct view value_of(uint64_t i, char *room)
{
    size_t len = i % 50 == 0 ? 9000 : i % 7 == 0 ? 2500 : 60;

    memset(room, 'a' + (int)(i % 26), len);
    (void)snprintf(room, len, "%sVALUE-%llu-", i % 3 == 0 ? "SECRET" : "", (unsigned long long)i);
    return view_of((const uint8_t *)room, len);
}

static struct store *open_store(enum store_mode mode)
{
    struct store *store = NULL;

    OK(store_open(dir, mode, 0, &store, FAULT));
    return store;
}

static void setup(void)
{
    static char room[10000];
    struct store *store;
    struct store_txn *txn = NULL;
    uint8_t bytes[8];

    (void)snprintf(dir, sizeof dir, "/tmp/unbroken-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    store = open_store(STORE_CREATE);
    for (uint64_t i = 0; i < ENTRIES; i++) {
        if (txn == NULL) {
            OK(store_begin(store, true, &txn, FAULT));
        }
        OK(store_put(txn, key_of(i, bytes), value_of(i, room), FAULT));
        if (i % 100 == 99) {
            OK(store_commit(txn, FAULT));
            txn = NULL;
        }
    }
    OK(store_begin(store, true, &txn, FAULT));
    for (uint64_t i = 0; i < ENTRIES; i += 3) {
        OK(store_delete(txn, key_of(i, bytes), FAULT));
    }
    OK(store_commit(txn, FAULT));
    store_close(store);
}

static void remove_dir(void)
{
    char command[100];

    (void)snprintf(command, sizeof command, "rm -rf '%s'", dir);
    ck_assert_int_eq(system(command), 0);
}

/* How often "SECRET" stands in the file. */
static bool holds_secret(void)
{
    char command[100];

    (void)snprintf(command, sizeof command, "grep -qra SECRET '%s'", dir);
    return system(command) == 0;
}

/* `without` is the number of an entry that is not there. */
static void check_entries(uint64_t without)
{
    static char room[10000];
    struct store *store = open_store(STORE_READ);
    struct store_txn *txn = NULL;
    uint8_t bytes[8];
    struct view value;

    OK(store_begin(store, false, &txn, FAULT));
    for (uint64_t i = 0; i < ENTRIES; i++) {
        enum status status = store_get(txn, key_of(i, bytes), &value, NULL);

        ck_assert_int_eq(status, i % 3 == 0 || i == without ? STATUS_MISSING : STATUS_OK);
        ck_assert(status == STATUS_MISSING || view_equal(value, value_of(i, room)));
    }
    ck_assert_uint_eq(store_count(txn), ENTRIES - ENTRIES / 3 - (without < ENTRIES ? 1 : 0));
    store_abort(txn);
    store_close(store);
}

static enum status rewrite(uint64_t without, struct fault *fault)
{
    struct store *store = open_store(STORE_ALONE);
    uint8_t bytes[8];
    bool swapped = false;
    enum status status = store_rewrite(store, key_of(without, bytes), &swapped, fault);

    ck_assert_int_eq(swapped, status == STATUS_OK);
    store_close(store);
    return status;
}

START_TEST(everything_stays_but_what_was_deleted)
{
    struct fault fault = {0};

    setup();
    ck_assert(holds_secret());
    ck_assert_msg(rewrite(ENTRIES, &fault) == STATUS_OK, "%s", fault.text);
    ck_assert(!holds_secret());
    ck_assert(!store_rewrite_left(dir));
    check_entries(ENTRIES);
    /* Again, without one; and it can be written to afterwards. */
    ck_assert_msg(rewrite(1, &fault) == STATUS_OK, "%s", fault.text);
    check_entries(1);
    {
        struct store *store = open_store(STORE_WRITE);
        struct store_txn *txn = NULL;
        uint8_t bytes[8];
        static char room[10000];

        OK(store_begin(store, true, &txn, FAULT));
        OK(store_put(txn, key_of(1, bytes), value_of(1, room), FAULT));
        OK(store_commit(txn, FAULT));
        store_close(store);
    }
    check_entries(ENTRIES);
    remove_dir();
}
END_TEST

/* In a process of its own: a lock does not hold against the process that has it by another descriptor alone. */
static int alone_elsewhere(enum store_mode mode)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        struct store *store = NULL;
        struct fault fault = {0};
        enum status opened = store_open(dir, mode, 0, &store, &fault);

        _exit(opened == STATUS_OK ? 0 : strstr(fault.text, "others have the ledger open") != NULL ? 1 : 2);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

START_TEST(not_while_others_are_in)
{
    struct store *store;

    setup();
    for (enum store_mode mode = STORE_READ; mode <= STORE_WRITE; mode++) {
        store = open_store(mode);
        ck_assert_int_eq(alone_elsewhere(STORE_ALONE_NOW), 1);
        ck_assert_int_eq(alone_elsewhere(STORE_READ), 0);
        store_close(store);
        ck_assert_int_eq(alone_elsewhere(STORE_ALONE_NOW), 0);
    }
    store = open_store(STORE_ALONE);
    ck_assert_int_eq(alone_elsewhere(STORE_ALONE_NOW), 1);
    store_close(store);
    remove_dir();
}
END_TEST

/* What a crash leaves: an unfinished new file, an old one's second name before or after the swap, a stranger's file in the way. */
START_TEST(leftovers)
{
    char path[96];
    char left[120];
    char other[96];
    struct fault fault = {0};

    setup();
    (void)snprintf(path, sizeof path, "%s/rewrite.tmp", dir);
    (void)snprintf(left, sizeof left, "%s/old.mdb", path);
    (void)snprintf(other, sizeof other, "%s/data.mdb", dir);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(mkdir(path, 0700), 0);
        if (i == 0) {
            ck_assert_int_eq(link(other, left), 0);
        } else {
            OK(files_replace(left, view_text("SECRET of an old file"), 0600, FAULT));
        }
        ck_assert(store_rewrite_left(dir));
        ck_assert_msg(rewrite(ENTRIES, &fault) == STATUS_OK, "%s", fault.text);
        ck_assert(!store_rewrite_left(dir) && !holds_secret());
        check_entries(ENTRIES);
    }
    ck_assert_int_eq(mkdir(path, 0700), 0);
    (void)snprintf(left, sizeof left, "%s/something", path);
    OK(files_replace(left, view_text("not ours"), 0600, FAULT));
    ck_assert_int_eq(rewrite(ENTRIES, &fault), STATUS_ENVIRONMENT);
    ck_assert_ptr_nonnull(strstr(fault.text, "rewrite.tmp"));
    ck_assert_int_eq(access(left, F_OK), 0);
    check_entries(ENTRIES);
    remove_dir();
}
END_TEST

/* A hard-linked backup is the same file: its bytes stay, whoever asks, and nothing is begun. */
START_TEST(another_name)
{
    char file[96];
    char other[96];
    char left[120];
    struct fault fault = {0};
    struct buffer before = {0};
    struct buffer after = {0};

    setup();
    (void)snprintf(file, sizeof file, "%s/data.mdb", dir);
    (void)snprintf(other, sizeof other, "%s/backup", dir);
    OK(store_rewrite_check("/nowhere", FAULT)); /* who opens it says so */
    (void)snprintf(left, sizeof left, "%s/lock.mdb", dir);
    ck_assert_int_eq(link(left, other), 0);
    ck_assert_int_eq(store_rewrite_check(dir, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "rm lock.mdb"));
    ck_assert_int_eq(unlink(other), 0);
    fault_clear(&fault);
    OK(store_rewrite_check(dir, FAULT));
    ck_assert_int_eq(link(file, other), 0);
    OK(files_read(other, 64 << 20, &before, FAULT));
    ck_assert_int_eq(store_rewrite_check(dir, &fault), STATUS_REFUSED);
    ck_assert_int_eq(rewrite(ENTRIES, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "has another name"));
    ck_assert_ptr_nonnull(strstr(fault.text, "cp -p data.mdb"));
    ck_assert(!store_rewrite_left(dir));
    ck_assert_int_eq(shred_file(file, &fault), STATUS_REFUSED);
    OK(files_read(other, 64 << 20, &after, FAULT));
    ck_assert(view_equal(buffer_view(&before), buffer_view(&after)));
    /* Our own second name that a crash left is none; beside it the backup still is. */
    (void)snprintf(left, sizeof left, "%s/rewrite.tmp", dir);
    ck_assert_int_eq(mkdir(left, 0700), 0);
    (void)snprintf(left, sizeof left, "%s/rewrite.tmp/old.mdb", dir);
    ck_assert_int_eq(link(file, left), 0);
    ck_assert_int_eq(rewrite(ENTRIES, &fault), STATUS_REFUSED);
    ck_assert_int_eq(unlink(other), 0);
    OK(store_rewrite_check(dir, FAULT));
    /* A symbolic link leads to what is somebody else's. */
    ck_assert_int_eq(rename(file, other), 0);
    ck_assert_int_eq(symlink("backup", file), 0);
    fault_clear(&fault);
    ck_assert_int_eq(rewrite(ENTRIES, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "a link to a file elsewhere"));
    ck_assert_int_eq(rename(other, file), 0);
    ck_assert_msg(rewrite(ENTRIES, &fault) == STATUS_OK, "%s", fault.text);
    check_entries(ENTRIES);
    buffer_free(&before);
    buffer_free(&after);
    remove_dir();
}
END_TEST

/* An old file that a crash left, and a backup of hard links took: it stays, and so does what is to be done. */
START_TEST(leftover_with_another_name)
{
    char path[120];
    char other[96];
    struct fault fault = {0};
    struct buffer bytes = {0};

    setup();
    (void)snprintf(path, sizeof path, "%s/rewrite.tmp", dir);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    (void)snprintf(path, sizeof path, "%s/rewrite.tmp/old.mdb", dir);
    (void)snprintf(other, sizeof other, "%s/backup", dir);
    OK(files_replace(path, view_text("an old file"), 0600, FAULT));
    ck_assert_int_eq(link(path, other), 0);
    ck_assert_int_eq(rewrite(ENTRIES, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "old.mdb has another name"));
    ck_assert(store_rewrite_left(dir));
    OK(files_read(other, 100, &bytes, FAULT));
    ck_assert(view_equal(buffer_view(&bytes), view_text("an old file")));
    buffer_free(&bytes);
    ck_assert_int_eq(unlink(other), 0);
    ck_assert_msg(rewrite(ENTRIES, &fault) == STATUS_OK, "%s", fault.text);
    check_entries(ENTRIES);
    remove_dir();
}
END_TEST

START_TEST(shredded)
{
    char path[100];
    struct fault fault = {0};
    struct buffer bytes = {0};
    int file;

    setup();
    (void)snprintf(path, sizeof path, "%s/paper", dir);
    OK(files_replace(path, view_text("SECRET"), 0600, FAULT));
    file = open(path, O_RDWR);
    ck_assert_int_ge(file, 0);
    OK(shred_bytes(file, path, FAULT));
    OK(files_read(path, 100, &bytes, FAULT));
    ck_assert(bytes.len == 6 && memcmp(bytes.ptr, "\0\0\0\0\0\0", 6) == 0);
    buffer_free(&bytes);
    /* Through a descriptor that cannot write it is told. */
    (void)close(file);
    file = open(path, O_RDONLY);
    ck_assert_int_eq(shred_bytes(file, path, &fault), STATUS_ENVIRONMENT);
    (void)close(file);
    OK(shred_file(path, FAULT));
    ck_assert_int_ne(access(path, F_OK), 0);
    OK(shred_file(path, FAULT)); /* not there: no fault */
    remove_dir();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {everything_stays_but_what_was_deleted, not_while_others_are_in, leftovers, another_name, leftover_with_another_name, shredded, NULL};

    return run_tests("store_rewrite", tests);
}
