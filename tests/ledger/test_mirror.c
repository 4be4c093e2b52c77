/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mirror: pulling, proving, refusing; the auditor's guard. Breaks when a byte that no signed checkpoint has gets into a mirror; when a mirror that was cut off does not go on; when
 * a fork leaves no exhibit; when a breach of custody stops a mirror, or a contradiction does not; when the guard says yes to what was not replayed.
 */
#include "tests/ledger/fixture.c"

#include <signal.h>
#include <sys/wait.h>

#include "ledger/audit.h"
#include "ledger/files.h"
#include "ledger/inside.h"
#include "ledger/mirror.h"
#include "ledger/mirror_tree.h"
#include "verify/merkle.h"

/* ---- what the tests need --------------------------------------------------------------------- */

static void shell(struct fixture *f, const char *command)
{
    char line[600];

    (void)snprintf(line, sizeof line, "cd '%s' && %s", f->root, command);
    ck_assert_msg(system(line) == 0, "%s", command);
}

static const char *in(struct fixture *f, const char *name)
{
    static char paths[4][160];
    static unsigned next;
    char *path = paths[next++ % 4];

    (void)snprintf(path, sizeof paths[0], "%s/%s", f->root, name);
    return path;
}

/* In one commit; all of these acts have seen the same. */
static void grow(struct fixture *f, uint64_t size, const char *text)
{
    struct ledger_txn *txn = NULL;

    OK(ledger_begin(f->ledger, true, &txn, FAULT));
    while (ledger_size(txn) < size) {
        struct signed_act act = noting(f, CUSTODIAN, text, 1);
        uint64_t index;

        f->now_s += 60;
        OK(ledger_append(txn, &act.submission, f->now_s, NULL, &index, FAULT));
        signed_free(&act);
    }
    OK(ledger_commit(txn, FAULT));
    OK(ledger_begin(f->ledger, false, &txn, FAULT));
    fixture_see(f, txn);
    ledger_abort(txn);
}

static void see_all(struct fixture *f)
{
    struct ledger_txn *txn = NULL;

    OK(ledger_begin(f->ledger, false, &txn, FAULT));
    fixture_see(f, txn);
    ledger_abort(txn);
}

static void export_to(struct fixture *f, const char *name)
{
    struct tiles_report report;
    struct ledger_txn *txn = NULL;

    OK(ledger_begin(f->ledger, false, &txn, FAULT));
    OK(tiles_export(txn, in(f, name), NULL, &report, FAULT));
    ledger_abort(txn);
}

/* The policy that trusts the fixture's station for its ledger. */
static struct policy *policy_of(struct fixture *f, const char *origin)
{
    struct secret *station = NULL;
    struct buffer text = {0};
    struct policy *policy = NULL;

    OK(secret_from_seed(f->seed, &station, FAULT));
    buffer_printf(&text, "log ");
    verifier_key_format(f->hasher, view_text(origin), 1, secret_public(station)->bytes, &text);
    buffer_printf(&text, "\nquorum none\n");
    OK(policy_parse(f->hasher, buffer_view(&text), &policy, FAULT));
    secret_close(station);
    buffer_free(&text);
    return policy;
}

static enum status pull_with(struct fixture *f, const struct policy *policy, const char *from, const struct progress *progress,
                             struct mirror_report *report, struct fault *fault)
{
    struct mirror_source *source = NULL;
    enum status status;

    fault_clear(fault);
    OK(mirror_source_open(in(f, from), NULL, &source, FAULT));
    status = mirror_pull(in(f, "mirror"), source, policy, progress, report, fault);
    mirror_source_close(source);
    return status;
}

static enum status pull(struct fixture *f, const char *from, struct mirror_report *report, struct fault *fault)
{
    struct policy *policy = policy_of(f, ledger_origin(f->ledger));
    enum status status = pull_with(f, policy, from, NULL, report, fault);

    policy_close(policy);
    return status;
}

#define PULL(f, from, report)                                                             \
    do {                                                                                  \
        struct fault pull_fault = {0};                                                    \
        ck_assert_msg(pull(f, from, report, &pull_fault) == STATUS_OK, "%s", pull_fault.text); \
    } while (0)

/* Every record of the mirror is the ledger's. Gives how many; 0: there is no mirror. */
static uint64_t compare_records(struct fixture *f)
{
    struct ledger *mirror = NULL;
    struct ledger_txn *ours = NULL;
    struct ledger_txn *theirs = NULL;
    uint64_t size;

    if (files_is_vacant(in(f, "mirror"))) {
        return 0;
    }
    OK(ledger_open(in(f, "mirror"), LEDGER_READ, NULL, &mirror, FAULT));
    OK(ledger_begin(f->ledger, false, &ours, FAULT));
    OK(ledger_begin(mirror, false, &theirs, FAULT));
    size = ledger_size(theirs);
    ck_assert_uint_le(size, ledger_size(ours));
    for (uint64_t i = 0; i < size; i++) {
        struct view a;
        struct view b;

        OK(ledger_record(ours, i, &a, FAULT));
        OK(ledger_record(theirs, i, &b, FAULT));
        ck_assert(view_equal(a, b));
    }
    ledger_abort(ours);
    ledger_abort(theirs);
    ledger_close(mirror);
    return size;
}

static struct audit_report audit(struct fixture *f, const struct ledger_listener *listener)
{
    struct ledger *mirror = NULL;
    struct audit_report report;

    OK(ledger_open(in(f, "mirror"), LEDGER_READ, NULL, &mirror, FAULT));
    OK(audit_mirror(mirror, NULL, listener, &report, FAULT));
    ledger_close(mirror);
    return report;
}

/* ---- the tree -------------------------------------------------------------------------------- */

struct grown {
    struct hasher *hasher;
    struct hash *nodes[32]; /* by level */
};

static enum status read_grown(void *context, unsigned level, uint64_t index, struct hash *out, struct fault *fault)
{
    struct grown *grown = context;

    (void)fault;
    *out = grown->nodes[level][index];
    return STATUS_OK;
}

static void grown_make(struct grown *grown, uint64_t size)
{
    grown->nodes[0] = calloc(size + 1, sizeof(struct hash));
    for (uint64_t i = 0; i < size; i++) {
        hash_data(grown->hasher, view_of(&i, sizeof i), &grown->nodes[0][i]);
    }
    for (unsigned level = 1; level < 32; level++) {
        uint64_t count = size >> level;

        grown->nodes[level] = calloc(count + 1, sizeof(struct hash));
        for (uint64_t i = 0; i < count; i++) {
            hash_node(grown->hasher, &grown->nodes[level - 1][2 * i], &grown->nodes[level - 1][2 * i + 1], &grown->nodes[level][i]);
        }
    }
}

static void grown_write(struct fixture *f, const struct grown *grown, uint64_t size)
{
    for (unsigned level = 0; level < TILE_LEVELS && size >> (8 * level) > 0; level++) {
        for (uint64_t first = 0; first < size >> (8 * level); first += TILE_WIDTH) {
            struct tile tile = tile_of(TILE_HASHES, level, first, size);
            char name[TILE_PATH_BYTES];
            char path[200];

            tile_path(&tile, name);
            (void)snprintf(path, sizeof path, "%s/tree/%s", f->root, name);
            OK(files_make_parents(path, FAULT));
            OK(files_put(path, view_of(grown->nodes[8 * level][first].bytes, tile.width * sizeof(struct hash)), 0644, FAULT));
        }
    }
}

static void check_tree(struct fixture *f, struct grown *grown, uint64_t size)
{
    struct merkle_source truth = {.read = read_grown, .context = grown, .hasher = f->hasher};
    struct checkpoint *checkpoint = calloc(1, sizeof *checkpoint);
    struct mirror_source *source = NULL;
    struct mirror_tree *tree = NULL;
    struct merkle_source nodes;

    shell(f, "rm -rf tree");
    grown_write(f, grown, size);
    checkpoint->size = size;
    OK(merkle_root(&truth, size, &checkpoint->root, FAULT));
    OK(mirror_source_open(in(f, "tree"), NULL, &source, FAULT));
    OK(mirror_tree_open(source, f->hasher, checkpoint, &tree, FAULT));
    nodes = mirror_tree_nodes(tree);
    for (uint64_t at = 0; at < size; at += size / 17 + 1) {
        const struct hash *leaves = NULL;
        struct tile tile;
        struct hash a;
        struct hash b;

        OK(mirror_tree_leaves(tree, at, &tile, &leaves, FAULT));
        ck_assert_int_eq(memcmp(leaves, grown->nodes[0][tile.index * TILE_WIDTH].bytes, tile.width * sizeof *leaves), 0);
        OK(merkle_root(&truth, at + 1, &a, FAULT));
        OK(merkle_root(&nodes, at + 1, &b, FAULT));
        ck_assert(hash_equal(&a, &b));
    }
    mirror_tree_close(tree);
    checkpoint->root.bytes[31] ^= 1;
    ck_assert_int_eq(mirror_tree_open(source, f->hasher, checkpoint, &tree, NULL), STATUS_UNTRUSTED);
    mirror_source_close(source);
    free(checkpoint);
}

START_TEST(a_tree_of_any_size_is_read_and_proven)
{
    static const uint64_t sizes[] = {1, 2, 3, 255, 256, 257, 511, 512, 769, 65535, 65536, 65537, 66000};
    struct fixture f;
    struct grown grown;

    fixture_make(&f, NULL);
    grown.hasher = f.hasher;
    grown_make(&grown, 66000);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        check_tree(&f, &grown, sizes[i]);
    }
    for (unsigned level = 0; level < 32; level++) {
        free(grown.nodes[level]);
    }
    fixture_remove(&f);
}
END_TEST

/* One bit in any tile: either the tree does not open, or what stands below that tile is not given. */
START_TEST(no_hash_comes_out_of_a_tile_that_was_changed)
{
    static const char *const tiles[] = {"tile/0/000", "tile/0/128", "tile/0/257.p/208", "tile/1/000", "tile/1/001.p/1", "tile/2/000.p/1"};
    struct fixture f;
    struct grown grown;
    struct checkpoint *checkpoint = calloc(1, sizeof *checkpoint);

    fixture_make(&f, NULL);
    grown.hasher = f.hasher;
    grown_make(&grown, 66000);
    grown_write(&f, &grown, 66000);
    struct merkle_source truth = {.read = read_grown, .context = &grown, .hasher = f.hasher};
    checkpoint->size = 66000;
    OK(merkle_root(&truth, 66000, &checkpoint->root, FAULT));
    for (size_t i = 0; i < sizeof tiles / sizeof tiles[0]; i++) {
        struct mirror_source *source = NULL;
        struct mirror_tree *tree = NULL;
        char command[256];
        enum status status;

        (void)snprintf(command, sizeof command, "cp tree/%s kept && printf '\\377' | dd of=tree/%s bs=1 seek=20 conv=notrunc status=none && "
                                                "{ ! cmp -s tree/%s kept || printf '\\0' | dd of=tree/%s bs=1 seek=20 conv=notrunc status=none; }",
                       tiles[i], tiles[i], tiles[i], tiles[i]);
        shell(&f, command);
        OK(mirror_source_open(in(&f, "tree"), NULL, &source, FAULT));
        status = mirror_tree_open(source, f.hasher, checkpoint, &tree, NULL);
        for (uint64_t at = 0; status == STATUS_OK && at < 66000; at += TILE_WIDTH) {
            const struct hash *leaves = NULL;
            struct tile tile;

            status = mirror_tree_leaves(tree, at, &tile, &leaves, NULL);
            ck_assert(status != STATUS_OK || memcmp(leaves, grown.nodes[0][at].bytes, tile.width * sizeof *leaves) == 0);
        }
        ck_assert_msg(status == STATUS_UNTRUSTED, "%s", tiles[i]);
        mirror_tree_close(tree);
        mirror_source_close(source);
        (void)snprintf(command, sizeof command, "cp kept tree/%s", tiles[i]);
        shell(&f, command);
    }
    for (unsigned level = 0; level < 32; level++) {
        free(grown.nodes[level]);
    }
    free(checkpoint);
    fixture_remove(&f);
}
END_TEST

/* ---- pulling --------------------------------------------------------------------------------- */

START_TEST(a_mirror_has_every_record_and_no_detail)
{
    struct fixture f;
    struct mirror_report report;
    struct ledger *mirror = NULL;
    struct audit_report audited;
    struct fault fault = {0};

    fixture_make(&f, NULL);
    grow(&f, 300, "the words of a witness");
    fixture_checkpoint(&f);
    export_to(&f, "out");
    PULL(&f, "out", &report);
    ck_assert(report.made && report.is_new && !report.contradicts);
    ck_assert_uint_eq(report.before, 0);
    ck_assert_uint_eq(report.records, 301);
    ck_assert_uint_eq(compare_records(&f), 301);
    shell(&f, "! grep -q 'words of a witness' mirror/data.mdb && test ! -e mirror/station.key && test ! -e mirror.head");
    audited = audit(&f, NULL);
    ck_assert_int_eq(audited.fsck.stop.status, 0);
    ck_assert_uint_eq(audited.breaches, 0);
    ck_assert_uint_gt(audited.fsck.absent, 500);
    ck_assert_uint_eq(audited.size, 301);
    PULL(&f, "out", &report);
    ck_assert(!report.made && !report.is_new);
    grow(&f, 520, "more");
    fixture_checkpoint(&f);
    export_to(&f, "out");
    PULL(&f, "out", &report);
    ck_assert_uint_eq(report.before, 301);
    ck_assert_uint_eq(compare_records(&f), 521);

    /* Nothing is recorded, signed or taken back there; and a ledger is no mirror. */
    ck_assert_int_eq(ledger_open(in(&f, "mirror"), LEDGER_APPEND, NULL, &mirror, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "is a mirror of"));
    ck_assert_int_eq(ledger_open(in(&f, "mirror"), LEDGER_RECOVER, NULL, &mirror, NULL), STATUS_REFUSED);
    ck_assert_int_eq(ledger_open(f.dir, LEDGER_MIRROR, NULL, &mirror, NULL), STATUS_REFUSED);
    fixture_remove(&f);
}
END_TEST

/* A mirror is a source of tiles too, of the same bytes. */
START_TEST(a_mirror_can_be_mirrored)
{
    struct fixture f;
    struct mirror_report report;
    struct ledger *mirror = NULL;
    struct ledger_txn *txn = NULL;
    struct tiles_report written;

    fixture_make(&f, NULL);
    grow(&f, 20, "a note");
    fixture_checkpoint(&f);
    export_to(&f, "out");
    PULL(&f, "out", &report);
    OK(ledger_open(in(&f, "mirror"), LEDGER_READ, NULL, &mirror, FAULT));
    OK(ledger_begin(mirror, false, &txn, FAULT));
    OK(tiles_export(txn, in(&f, "again"), NULL, &written, FAULT));
    ledger_abort(txn);
    ledger_close(mirror);
    shell(&f, "diff -r out again");
    fixture_remove(&f);
}
END_TEST

static bool stop_at_once(void *context, uint64_t done, uint64_t total)
{
    (void)context;
    return done >= total;
}

START_TEST(what_was_cut_off_goes_on)
{
    const struct progress progress = {.step = stop_at_once};
    struct fixture f;
    struct mirror_report report;
    struct policy *policy;
    struct fault fault = {0};

    fixture_make(&f, NULL);
    grow(&f, 600, "a note");
    fixture_checkpoint(&f);
    export_to(&f, "out");
    policy = policy_of(&f, ledger_origin(f.ledger));
    ck_assert_int_eq(pull_with(&f, policy, "out", &progress, &report, &fault), STATUS_INTERRUPTED);
    ck_assert_uint_eq(compare_records(&f), 256);
    ck_assert_int_eq(pull_with(&f, policy, "out", &progress, &report, &fault), STATUS_INTERRUPTED);
    ck_assert_uint_eq(compare_records(&f), 512);
    ck_assert_int_eq(audit(&f, NULL).fsck.stop.status, 0); /* a mirror at every moment */
    PULL(&f, "out", &report);
    ck_assert_uint_eq(report.before, 512);
    ck_assert_uint_eq(compare_records(&f), 601);
    ck_assert_int_eq(audit(&f, NULL).fsck.stop.status, 0);
    policy_close(policy);
    fixture_remove(&f);
}
END_TEST

/* SPEC 15.2: killed wherever it happens to be: what is there is a mirror, and the next pull goes on from it. */
START_TEST(a_pull_may_be_killed_at_any_moment)
{
    enum { ROUNDS = 40, RECORDS = 1500 };
    struct fixture f;
    struct mirror_report report;
    struct policy *policy;
    uint64_t reached = 0;

    fixture_make(&f, NULL);
    grow(&f, RECORDS, "a note");
    fixture_checkpoint(&f);
    export_to(&f, "out");
    policy = policy_of(&f, ledger_origin(f.ledger));
    fixture_close(&f); /* no store is open across a fork */
    srand(7);
    for (unsigned round = 0; round < ROUNDS; round++) {
        pid_t child = fork();
        int ended;

        ck_assert_int_ge(child, 0);
        if (child == 0) {
            struct fault fault = {0};

            _exit(pull_with(&f, policy, "out", NULL, &report, &fault) == STATUS_OK ? 0 : 1);
        }
        (void)usleep((useconds_t)(rand() % 20000));
        (void)kill(child, SIGKILL);
        ck_assert_int_eq(waitpid(child, &ended, 0), child);
        ck_assert(WIFSIGNALED(ended) || WEXITSTATUS(ended) == 0);
        OK(ledger_open(f.dir, LEDGER_READ, NULL, &f.ledger, FAULT));
        uint64_t size = compare_records(&f);
        fixture_close(&f);
        ck_assert_uint_ge(size, reached);
        ck_assert(size == 0 || audit(&f, NULL).fsck.stop.status == 0);
        reached = size;
    }
    fixture_open(&f);
    PULL(&f, "out", &report);
    ck_assert_uint_eq(compare_records(&f), RECORDS + 1);
    ck_assert_int_eq(audit(&f, NULL).fsck.stop.status, 0);
    policy_close(policy);
    fixture_remove(&f);
}
END_TEST

/* ---- bytes that are not those of the checkpoint ----------------------------------------------- */

static void try_spoilt(struct fixture *f, const char *name, const struct buffer *whole, size_t at, size_t len)
{
    struct buffer bytes = {0};
    struct mirror_report report;
    struct fault fault = {0};

    buffer_append(&bytes, whole->ptr, len);
    if (at < len) {
        bytes.ptr[at] ^= 1;
    }
    OK(files_put(in(f, name), buffer_view(&bytes), 0644, FAULT));
    ck_assert_msg(pull(f, "out", &report, &fault) != STATUS_OK, "%s: byte %zu of %zu", name, at, len);
    ck_assert_msg(!report.contradicts, "%s", fault.text); /* whoever has changed it has no key: the station is not accused */
    (void)compare_records(f);
    buffer_free(&bytes);
}

START_TEST(one_bit_or_one_byte_fewer_is_noticed)
{
    static const char *const names[] = {"out/tile/entries/000.p/21", "out/tile/sheets/000.p/21", "out/tile/0/000.p/21", "out/checkpoint"};
    struct fixture f;
    struct mirror_report report;

    fixture_make(&f, NULL);
    grow(&f, 10, "a note");
    fixture_checkpoint(&f);
    export_to(&f, "old");
    grow(&f, 20, "a note");
    fixture_checkpoint(&f);
    export_to(&f, "out");
    shell(&f, "cp -a out true");
    for (unsigned began = 0; began < 2; began++) {
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
            struct buffer whole = {0};

            OK(files_read(in(&f, names[i]), 1 << 20, &whole, FAULT));
            for (size_t at = 0; at < whole.len; at += 1 + whole.len / 40) {
                try_spoilt(&f, names[i], &whole, at, whole.len);
            }
            for (size_t len = 0; len < whole.len; len += 1 + whole.len / 10) {
                try_spoilt(&f, names[i], &whole, SIZE_MAX, len);
            }
            try_spoilt(&f, names[i], &whole, SIZE_MAX, whole.len - 1);
            buffer_append_byte(&whole, '\n');
            try_spoilt(&f, names[i], &whole, SIZE_MAX, whole.len);
            buffer_free(&whole);
            shell(&f, "rm -rf out && cp -a true out");
        }
        if (began == 0) {
            ck_assert_uint_eq(compare_records(&f), 0); /* no mirror was made of it */
            PULL(&f, "old", &report);
        }
    }
    ck_assert_uint_eq(compare_records(&f), 11);
    PULL(&f, "out", &report);
    ck_assert_uint_eq(compare_records(&f), 21);
    fixture_remove(&f);
}
END_TEST

START_TEST(a_folder_does_not_lead_out_of_itself)
{
    static const char *const tricks[] = {
        "mv out/tile/entries/000.p/6 e && ln -s ../../../../e out/tile/entries/000.p/6",
        "mv out/tile/entries els && ln -s ../../els out/tile/entries",
        "mv out/checkpoint c && ln -s ../c out/checkpoint",
        "rm out/tile/sheets/000.p/6 && mkfifo out/tile/sheets/000.p/6",
        "rm out/tile/sheets/000.p/6 && mkdir out/tile/sheets/000.p/6",
        "rm out/tile/sheets/000.p/6",
        "rm -r out/tile",
        "truncate -s 200M out/tile/sheets/000.p/6",
        "truncate -s 17M out/tile/entries/000.p/6",
        "truncate -s 1G out/checkpoint",
    };
    struct fixture f;
    struct mirror_report report;
    struct fault fault = {0};

    fixture_make(&f, NULL);
    grow(&f, 5, "a note");
    fixture_checkpoint(&f);
    export_to(&f, "true");
    for (size_t i = 0; i < sizeof tricks / sizeof tricks[0]; i++) {
        shell(&f, "rm -rf out e els c && cp -a true out");
        shell(&f, tricks[i]);
        ck_assert_msg(pull(&f, "out", &report, &fault) != STATUS_OK, "%s", tricks[i]);
        ck_assert(fault.text[0] != '\0' && !report.contradicts);
        ck_assert_uint_eq(compare_records(&f), 0);
    }
    shell(&f, "test -z \"$(ls | grep mirror)\""); /* nothing half made */
    fixture_remove(&f);
}
END_TEST

/* The partial tile has gone because the ledger has grown: the full one serves. */
START_TEST(a_source_may_grow_meanwhile)
{
    struct fixture f;
    struct mirror_report report;

    fixture_make(&f, NULL);
    grow(&f, 100, "a note");
    fixture_checkpoint(&f);
    export_to(&f, "out");
    shell(&f, "cp out/checkpoint kept");
    grow(&f, 300, "a note");
    fixture_checkpoint(&f);
    export_to(&f, "out");
    shell(&f, "cp kept out/checkpoint && test ! -e out/tile/0/000.p");
    PULL(&f, "out", &report);
    ck_assert_uint_eq(report.records, 101);
    ck_assert_uint_eq(compare_records(&f), 101);
    export_to(&f, "out");
    PULL(&f, "out", &report);
    ck_assert_uint_eq(compare_records(&f), 301);
    fixture_remove(&f);
}
END_TEST

START_TEST(only_the_ledger_of_the_policy_is_taken)
{
    struct fixture f;
    struct fixture g;
    struct mirror_report report;
    struct policy *policy;
    struct fault fault = {0};

    fixture_make(&f, NULL);
    fixture_make(&g, NULL);
    fixture_checkpoint(&f);
    struct signed_act act = noting(&g, CUSTODIAN, "other", 0);
    (void)fixture_append(&g, &act);
    fixture_checkpoint(&g);
    export_to(&f, "out");
    policy = policy_of(&f, "kh-pp.example/custody/of-somebody-else");
    ck_assert_int_eq(pull_with(&f, policy, "out", NULL, &report, &fault), STATUS_UNTRUSTED);
    ck_assert_ptr_nonnull(strstr(fault.text, "not signed by a log of the policy"));
    policy_close(policy);
    ck_assert_uint_eq(compare_records(&f), 0);
    PULL(&f, "out", &report);
    /* Into the mirror of another ledger, or over something else. */
    export_to(&g, "out");
    char command[300];
    (void)snprintf(command, sizeof command, "rm -rf out && cp -a %s/out out", g.root);
    shell(&f, command);
    policy = policy_of(&g, ledger_origin(g.ledger));
    ck_assert_int_ne(pull_with(&f, policy, "out", NULL, &report, &fault), STATUS_OK);
    policy_close(policy);
    ck_assert_uint_eq(compare_records(&f), 4);
    fixture_remove(&g);
    fixture_remove(&f);
}
END_TEST

/* ---- another history -------------------------------------------------------------------------- */

/* Two continuations of one ledger, to these sizes, exported to "a" and "b"; f has b open. */
static void fork_to(struct fixture *f, uint64_t a, uint64_t b)
{
    fixture_make(f, NULL);
    grow(f, 9, "before");
    fixture_checkpoint(f);
    export_to(f, "base");
    fixture_close(f);
    copy_dir(f->dir, in(f, "kept"));
    shell(f, "cp ledger.head kept-head");
    fixture_open(f);
    see_all(f);
    grow(f, a - 1, "as it was");
    fixture_checkpoint(f);
    export_to(f, "a");
    fixture_close(f);
    shell(f, "rm -rf ledger && mv kept ledger && cp kept-head ledger.head");
    fixture_open(f);
    see_all(f);
    grow(f, b - 1, "as it should have been");
    fixture_checkpoint(f);
    export_to(f, "b");
}

static void try_fork(uint64_t a, uint64_t b)
{
    struct fixture f;
    struct mirror_report report;
    struct fault fault = {0};
    char name[64];

    fork_to(&f, a, b);
    PULL(&f, "base", &report);
    PULL(&f, "a", &report);
    ck_assert_int_eq(pull(&f, "b", &report, &fault), STATUS_UNTRUSTED);
    ck_assert(report.contradicts);
    ck_assert_ptr_nonnull(strstr(fault.text, "FORK"));
    (void)snprintf(name, sizeof name, "fork-%d-%d.exhibit", (int)(a < b ? a : b), (int)(a < b ? b : a));
    ck_assert_str_eq(report.exhibit, name);
    (void)snprintf(name, sizeof name, "test -s mirror/fork-%d-%d.exhibit", (int)(a < b ? a : b), (int)(a < b ? b : a));
    shell(&f, name);
    fixture_remove(&f);
}

START_TEST(a_fork_is_refused_with_an_exhibit)
{
    try_fork(20, 20);
    try_fork(20, 33);
    try_fork(33, 20);
    try_fork(16, 17);
    try_fork(64, 16);
    try_fork(280, 600);
    try_fork(600, 280);
}
END_TEST

START_TEST(a_source_that_goes_back_is_refused)
{
    struct fixture f;
    struct mirror_report report;
    struct fault fault = {0};

    fixture_make(&f, NULL);
    grow(&f, 9, "before");
    fixture_checkpoint(&f);
    export_to(&f, "old");
    grow(&f, 30, "after");
    fixture_checkpoint(&f);
    export_to(&f, "new");
    PULL(&f, "new", &report);
    ck_assert_int_eq(pull(&f, "old", &report, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "goes back"));
    ck_assert(!report.contradicts); /* an old signed head is no lie */
    ck_assert_uint_eq(compare_records(&f), 31);
    fixture_remove(&f);
}
END_TEST

/* ---- breaches --------------------------------------------------------------------------------- */

struct heard {
    unsigned breaches, clocks;
    uint64_t record;
};

static void hear(void *context, const struct finding *finding)
{
    struct heard *heard = context;

    heard->breaches += finding->breach ? 1u : 0u;
    heard->clocks += strcmp(finding->code, "clock") == 0 ? 1u : 0u;
    heard->record = finding->breach ? finding->record : heard->record;
}

/* A label that says to be the seventh of its thing, and is the first. */
static struct signed_act mislabelling(struct fixture *f, uint64_t item)
{
    struct making making = making_open(f, KIND_LABEL);
    struct entry *entry = composer_entry(making.composer, item, ROLE_SUBJECT);

    entry->facts.present |= BIT(FACT_PRINT);
    entry->facts.print = 7;
    making_signer(&making, CUSTODIAN, 1, OFFICE_CUSTODIAN);
    return making_sign(f, &making);
}

/* A station whose program lets everything pass: as a mirror's does. */
START_TEST(a_breach_is_published_and_stops_nobody)
{
    struct fixture f;
    struct mirror_report report;
    struct heard heard = {0};
    struct ledger_listener listener = {hear, &heard};
    struct fault fault = {0};
    struct audit_report audited;

    fixture_make(&f, NULL);
    struct signed_act act = allotting(&f, 6, 3);
    (void)fixture_append(&f, &act);
    act = mislabelling(&f, 7);
    ck_assert_int_eq(fixture_try(&f, &act, f.now_s + 60, &fault), STATUS_REFUSED);
    ck_assert_msg(strncmp(fault.text, "print:", 6) == 0, "%s", fault.text);
    f.ledger->mirror = true;
    ck_assert_int_eq(fixture_try(&f, &act, f.now_s + 60, &fault), STATUS_OK);
    signed_free(&act);
    see_all(&f);
    f.now_s -= 100000; /* and its clock steps back */
    act = noting(&f, CUSTODIAN, "yesterday", 0);
    (void)fixture_append(&f, &act);
    fixture_checkpoint(&f);
    f.ledger->mirror = false;
    export_to(&f, "out");
    PULL(&f, "out", &report);
    ck_assert_uint_eq(compare_records(&f), 7);
    audited = audit(&f, &listener);
    ck_assert_int_eq(audited.fsck.stop.status, 0);
    ck_assert_uint_eq(audited.breaches, 1);
    ck_assert_uint_eq(heard.breaches, 1);
    ck_assert_uint_eq(heard.record, 4);
    ck_assert_uint_eq(heard.clocks, 1);
    fixture_remove(&f);
}
END_TEST

/* ---- the guard -------------------------------------------------------------------------------- */

static enum status ask(struct fixture *f, const char *origin, uint64_t size, bool other_root)
{
    struct audit_guard *guard = NULL;
    const struct witness_guard *witness;
    struct checkpoint *checkpoint = calloc(1, sizeof *checkpoint);
    struct ledger_txn *txn = NULL;
    enum status status;

    checkpoint->origin = view_text(origin);
    checkpoint->size = size;
    OK(ledger_begin(f->ledger, false, &txn, FAULT));
    OK(ledger_root(txn, size < ledger_size(txn) ? size : ledger_size(txn), &checkpoint->root, FAULT));
    ledger_abort(txn);
    checkpoint->root.bytes[0] ^= other_root ? 1 : 0;
    OK(audit_guard_open(&guard, FAULT));
    OK(audit_guard_add(guard, in(f, "mirror"), FAULT));
    ck_assert_int_eq(audit_guard_add(guard, in(f, "mirror"), NULL), STATUS_REFUSED);
    witness = audit_guard_of(guard);
    status = witness->allow(witness->context, checkpoint, NULL);
    audit_guard_close(guard);
    free(checkpoint);
    return status;
}

/* SPEC 15.3 */
START_TEST(an_auditor_signs_for_what_was_replayed_and_for_nothing_else)
{
    struct fixture f;
    struct mirror_report report;
    struct audit_guard *guard = NULL;

    fixture_make(&f, NULL);
    fixture_checkpoint(&f);
    grow(&f, 9, "a note");
    fixture_checkpoint(&f);
    export_to(&f, "out");
    PULL(&f, "out", &report);
    grow(&f, 19, "a note");
    fixture_checkpoint(&f);
    const char *origin = ledger_origin(f.ledger);
    ck_assert_int_eq(ask(&f, origin, 10, false), STATUS_OK);
    ck_assert_int_eq(ask(&f, origin, 4, false), STATUS_OK);
    ck_assert_int_eq(ask(&f, origin, 20, false), STATUS_MISSING);   /* not yet */
    ck_assert_int_eq(ask(&f, origin, 10, true), STATUS_UNTRUSTED);  /* another history */
    ck_assert_int_eq(ask(&f, origin, 7, false), STATUS_UNTRUSTED);  /* not behind a heads record */
    ck_assert_int_eq(ask(&f, origin, 0, false), STATUS_UNTRUSTED);
    ck_assert_int_eq(ask(&f, "somebody.example/else", 10, false), STATUS_UNTRUSTED);
    OK(audit_guard_open(&guard, FAULT));
    ck_assert_int_eq(audit_guard_add(guard, f.dir, NULL), STATUS_REFUSED); /* the station's own directory */
    audit_guard_close(guard);
    fixture_remove(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_tree_of_any_size_is_read_and_proven,
                                  no_hash_comes_out_of_a_tile_that_was_changed,
                                  a_mirror_has_every_record_and_no_detail,
                                  a_mirror_can_be_mirrored,
                                  what_was_cut_off_goes_on,
                                  a_pull_may_be_killed_at_any_moment,
                                  one_bit_or_one_byte_fewer_is_noticed,
                                  a_folder_does_not_lead_out_of_itself,
                                  a_source_may_grow_meanwhile,
                                  only_the_ledger_of_the_policy_is_taken,
                                  a_fork_is_refused_with_an_exhibit,
                                  a_source_that_goes_back_is_refused,
                                  a_breach_is_published_and_stops_nobody,
                                  an_auditor_signs_for_what_was_replayed_and_for_nothing_else,
                                  NULL};

    return run_tests("mirror", tests);
}
