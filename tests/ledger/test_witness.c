/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness: what it signs and what it does not, what is on disk afterwards, and what it convicts with. Breaks when a checkpoint is cosigned that does
 * not continue the last one, when a cosignature gets out that the directory does not know, when several processes can make it sign two histories,
 * or when an exhibit does not convince the verifier. The sentences of tlog-witness, one by one and over HTTP, are in tests/custody/test_witness.sh.
 */
#include "ledger/witness.h"

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledger/files.h"
#include "ledger/fork.h"
#include "ledger/witness_request.h"
#include "tests/support/sample_keys.h"
#include "verify/policy.h"
#include "verify/text.h"
#include "verify/verdict.h"

enum { LEAVES = 40, PARTING = 10, RACERS = 8, ROUNDS = 12 };

#define FAULT (&(struct fault){0})
#define ORIGIN "a.example/abc"
#define NOW UINT64_C(1544670000)

static struct hasher *hasher;
static struct witness *witness;
static struct witness_answer answer;
static char dir[] = "/tmp/unbroken-witness-XXXXXX";
static char home[64];
static char origin_hash[65];

/* ---- two histories that part at leaf PARTING ------------------------------------------------------ */

static const bool honest = false, forged = true;

static enum status read_node(void *context, unsigned level, uint64_t index, struct hash *out, struct fault *fault)
{
    const bool *other = context;
    struct hash right;
    uint8_t leaf[2] = {(uint8_t)index, *other && index >= PARTING};

    (void)fault;
    if (level == 0) {
        hash_leaf(hasher, view_of(leaf, sizeof leaf), out);
        return STATUS_OK;
    }
    (void)read_node(context, level - 1, 2 * index, out, NULL);
    (void)read_node(context, level - 1, 2 * index + 1, &right, NULL);
    hash_node(hasher, out, &right, out);
    return STATUS_OK;
}

static struct merkle_source source_of(bool other)
{
    static bool which[2] = {false, true};

    return (struct merkle_source){read_node, &which[other], hasher};
}

static struct hash root_of(bool other, uint64_t size)
{
    struct merkle_source source = source_of(other);
    struct hash root;

    ck_assert_int_eq(merkle_root(&source, size, &root, FAULT), STATUS_OK);
    return root;
}

static void note_of(bool other, uint64_t size, const char *key, struct buffer *out)
{
    struct hash root = root_of(other, size);

    sample_note(hasher, view_text(ORIGIN), size, &root, key, out);
}

/* What a station would send: a right path in the history that it shows. */
static void request_of(bool other, uint64_t old, uint64_t size, struct view note, struct buffer *out)
{
    struct merkle_path path = {.count = 0};
    struct merkle_source source = source_of(other);

    if (old > 0 && old <= size) {
        ck_assert_int_eq(merkle_prove_consistency(&source, old, size, &path, FAULT), STATUS_OK);
    }
    witness_request_format(old, &path, note, out);
}

static void add_body(struct view body, uint64_t now_s)
{
    buffer_free(&answer.body);
    witness_add_checkpoint(witness, body, now_s, &answer);
}

static unsigned add_at(bool other, uint64_t old, uint64_t size, const char *key, uint64_t now_s)
{
    struct buffer note = {0}, body = {0};

    note_of(other, size, key, &note);
    request_of(other, old, size, buffer_view(&note), &body);
    add_body(buffer_view(&body), now_s);
    buffer_free(&body);
    buffer_free(&note);
    return answer.http_status;
}

static unsigned add(bool other, uint64_t old, uint64_t size)
{
    return add_at(other, old, size, "station", NOW);
}

/* A size in the body of a 409. */
static uint64_t said_size(void)
{
    uint64_t size = UINT64_MAX;

    ck_assert(answer.is_size);
    ck_assert(answer.body.len > 1 && answer.body.ptr[answer.body.len - 1] == '\n');
    ck_assert(text_decimal(view_of(answer.body.ptr, answer.body.len - 1), &size));
    return size;
}

/* ---- the directory -------------------------------------------------------------------------------- */

static void path_of(const char *name, char out[256])
{
    (void)snprintf(out, 256, "%s/%s/%s", home, origin_hash, name);
}

static bool exists(const char *name)
{
    char path[256];

    path_of(name, path);
    return access(path, F_OK) == 0;
}

static void read_file(const char *name, struct buffer *out)
{
    char path[256];

    path_of(name, path);
    buffer_reset(out);
    ck_assert_int_eq(files_read(path, 1 << 20, out, FAULT), STATUS_OK);
}

static void trust(uint8_t type, const char *name, const char *key, enum status wanted, size_t wanted_added)
{
    struct buffer policy = {0};
    size_t added = 99, dropped = 99;

    sample_policy_line(hasher, type, view_text(name), key, &policy);
    buffer_printf(&policy, "quorum none\n");
    ck_assert_int_eq(witness_trust(witness, buffer_view(&policy), false, &added, &dropped, FAULT), wanted);
    ck_assert(wanted != STATUS_OK || added == wanted_added);
    buffer_free(&policy);
}

static void again(void)
{
    struct fault fault = {0};

    witness_close(witness);
    witness = NULL;
    ck_assert_msg(witness_open(home, &witness, &fault) == STATUS_OK, "%s", fault.text);
}

static void start(void)
{
    struct fault fault = {0};
    struct hash hash;
    struct buffer hex = {0};

    ck_assert_int_eq(key_initialise(&fault), STATUS_OK);
    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
    ck_assert_ptr_nonnull(mkdtemp(dir));
    (void)snprintf(home, sizeof home, "%s/w", dir);
    ck_assert_msg(witness_found(home, view_text("court.example/w1"), &fault) == STATUS_OK, "%s", fault.text);
    again();
    trust(1, ORIGIN, "station", STATUS_OK, 1);
    hash_data(hasher, view_text(ORIGIN), &hash);
    text_hex(&hex, hash_view(&hash));
    (void)snprintf(origin_hash, sizeof origin_hash, "%.64s", (const char *)hex.ptr);
    buffer_free(&hex);
}

static void finish(void)
{
    char command[128];

    witness_close(witness);
    hasher_close(hasher);
    (void)snprintf(command, sizeof command, "rm -rf %s", dir);
    ck_assert_int_eq(system(command), 0);
}

/* The time of the witness's line in a note; 0: it has none that holds. */
static uint64_t cosigned_at(struct view note, struct checkpoint *out)
{
    struct buffer vkey = {0};
    struct verifier_key key;
    uint64_t time_s = 0;

    witness_vkey(witness, &vkey);
    ck_assert_int_eq(verifier_key_parse(hasher, buffer_view(&vkey), &key, FAULT), STATUS_OK);
    ck_assert_int_eq(key.type, 4);
    ck_assert_int_eq(checkpoint_parse(note, out, FAULT), STATUS_OK);
    if (checkpoint_check(out, &key, &time_s) != NOTE_VALID) {
        time_s = 0;
    }
    buffer_free(&vkey);
    return time_s;
}

/* What is the latest checkpoint of the directory? Its own file holds it too, and it holds the log's line. */
static uint64_t latest_size(void)
{
    struct checkpoint *latest = calloc(1, sizeof *latest);
    struct buffer note = {0}, kept = {0};
    uint8_t key[ED25519_BYTES];
    struct verifier_key log = {.name = view_text(ORIGIN), .type = 1, .key = {.algorithm = KEY_ED25519, .len = ED25519_BYTES}};
    uint64_t size, ignored;
    char name[64];

    ck_assert_int_eq(witness_latest(witness, view_text(origin_hash), &note, FAULT), STATUS_OK);
    ck_assert_uint_gt(cosigned_at(buffer_view(&note), latest), 0);
    sample_public_key("station", key);
    memcpy(log.key.bytes, key, sizeof key);
    verifier_key_id(hasher, log.name, 1, key, log.id);
    ck_assert_int_eq(checkpoint_check(latest, &log, &ignored), NOTE_VALID);
    size = latest->size;
    (void)snprintf(name, sizeof name, "checkpoints/%llu", (unsigned long long)size);
    read_file(name, &kept);
    ck_assert_uint_gt(cosigned_at(buffer_view(&kept), latest), 0);
    ck_assert_uint_eq(latest->size, size);
    free(latest);
    buffer_free(&note);
    buffer_free(&kept);
    return size;
}

/* ---- signing -------------------------------------------------------------------------------------- */

START_TEST(growth_is_cosigned_step_by_step_and_all_of_it_is_kept)
{
    struct checkpoint *checkpoint = calloc(1, sizeof *checkpoint);
    uint64_t old = 0;

    for (uint64_t size = 1; size <= LEAVES; size += 1 + size % 4) {
        struct buffer note = {0};

        ck_assert_uint_eq(add(honest, old, size), 200);
        ck_assert(!answer.is_size);
        ck_assert_str_eq(answer.exhibit, "");
        /* The answer behind the checkpoint is a note that our own key opens. */
        note_of(honest, size, "station", &note);
        buffer_append_view(&note, buffer_view(&answer.body));
        ck_assert_uint_eq(cosigned_at(buffer_view(&note), checkpoint), NOW);
        ck_assert_uint_eq(checkpoint->signature_count, 2);
        ck_assert_uint_eq(latest_size(), size);
        again();
        old = size;
        buffer_free(&note);
    }
    free(checkpoint);
}
END_TEST

START_TEST(no_pair_of_sizes_lets_another_history_in)
{
    for (uint64_t old = PARTING + 1; old < LEAVES; old++) {
        ck_assert_uint_eq(add(honest, old == PARTING + 1 ? 0 : old - 1, old), 200);
        for (uint64_t size = old; size <= LEAVES; size += 1 + size % 3) {
            ck_assert_uint_eq(add(forged, old, size), 422);
        }
        ck_assert_uint_eq(latest_size(), old);
    }
}
END_TEST

START_TEST(an_older_size_is_a_conflict_and_never_rolls_back)
{
    ck_assert_uint_eq(add(honest, 3, 5), 409);
    ck_assert_uint_eq(said_size(), 0);
    ck_assert_uint_eq(add(honest, 0, 5), 200);
    ck_assert_uint_eq(add(honest, 5, 9), 200);
    ck_assert_uint_eq(add(honest, 5, 7), 409); /* request A of the specification's race, behind request B */
    ck_assert_uint_eq(said_size(), 9);
    ck_assert_uint_eq(add(honest, 5, 9), 409);
    ck_assert_uint_eq(said_size(), 9);
    ck_assert_uint_eq(add(honest, 0, 12), 409);
    ck_assert_uint_eq(add(honest, 9, 9), 200); /* the same again */
    ck_assert_uint_eq(latest_size(), 9);
}
END_TEST

START_TEST(keys_decide)
{
    struct buffer note = {0}, body = {0};

    ck_assert_uint_eq(add_at(honest, 0, 5, "mallory", NOW), 403);
    /* Another key's line beside the right one is left out. */
    note_of(honest, 5, "station", &note);
    sample_cosign(hasher, "stranger", 7, &note);
    request_of(honest, 0, 5, buffer_view(&note), &body);
    add_body(buffer_view(&body), NOW);
    ck_assert_uint_eq(answer.http_status, 200);
    buffer_reset(&note);
    ck_assert_int_eq(witness_latest(witness, view_text(origin_hash), &note, FAULT), STATUS_OK);
    ck_assert_ptr_null(memmem(note.ptr, note.len, "stranger", 8));
    /* A trusted key's line that does not hold spoils the note, another trusted one beside it or not. */
    trust(1, ORIGIN, "second", STATUS_OK, 1);
    ck_assert_uint_eq(add_at(honest, 5, 6, "second", NOW), 200);
    buffer_reset(&note);
    buffer_reset(&body);
    note_of(honest, 7, "station", &note);
    struct buffer other = {0};
    struct hash root = root_of(forged, 11);
    sample_note(hasher, view_text(ORIGIN), 11, &root, "second", &other);
    const uint8_t *line = (const uint8_t *)memmem(other.ptr, other.len, "\n\n", 2) + 2;
    buffer_append(&note, line, (size_t)(other.ptr + other.len - line));
    request_of(honest, 6, 7, buffer_view(&note), &body);
    add_body(buffer_view(&body), NOW);
    ck_assert_uint_eq(answer.http_status, 403);
    buffer_reset(&note);
    ck_assert_int_eq(witness_latest(witness, view_text(origin_hash), &note, FAULT), STATUS_OK);
    ck_assert_ptr_nonnull(memmem(note.ptr, note.len, "\n6\n", 3));
    buffer_free(&other);
    buffer_free(&note);
    buffer_free(&body);
}
END_TEST

START_TEST(the_empty_tree)
{
    struct buffer note = {0}, body = {0};
    struct hash wrong = root_of(honest, 1);

    ck_assert_uint_eq(add(honest, 0, 0), 200);
    ck_assert_uint_eq(add(honest, 0, 0), 200);
    sample_note(hasher, view_text(ORIGIN), 0, &wrong, "station", &note);
    witness_request_format(0, &(struct merkle_path){.count = 0}, buffer_view(&note), &body);
    add_body(buffer_view(&body), NOW);
    ck_assert_uint_eq(answer.http_status, 422);
    ck_assert_uint_eq(add(honest, 0, 5), 200);
    ck_assert_uint_eq(add(honest, 0, 0), 409);
    buffer_free(&note);
    buffer_free(&body);
}
END_TEST

START_TEST(a_proof_at_old_size_0_is_refused)
{
    struct buffer note = {0}, body = {0};
    struct merkle_path path = {.count = 1};

    note_of(honest, 5, "station", &note);
    witness_request_format(0, &path, buffer_view(&note), &body);
    add_body(buffer_view(&body), NOW);
    ck_assert_uint_eq(answer.http_status, 422);
    ck_assert(!exists("checkpoint"));
    buffer_free(&note);
    buffer_free(&body);
}
END_TEST

START_TEST(what_is_malformed_is_400_and_what_is_unknown_404)
{
    struct buffer note = {0}, body = {0};
    struct hash root = root_of(honest, 5);

    add_body(view_text(""), NOW);
    ck_assert_uint_eq(answer.http_status, 400);
    add_body(view_text("old 0\n\nno checkpoint\n"), NOW);
    ck_assert_uint_eq(answer.http_status, 400);
    note_of(honest, 5, "station", &note);
    request_of(honest, 6, 5, buffer_view(&note), &body);
    add_body(buffer_view(&body), NOW);
    ck_assert_uint_eq(answer.http_status, 400);
    /* Every prefix of a request is refused, and nothing is written. */
    buffer_reset(&body);
    request_of(honest, 0, 5, buffer_view(&note), &body);
    for (size_t len = 0; len < body.len; len++) {
        add_body(view_of(body.ptr, len), NOW);
        ck_assert_uint_ne(answer.http_status, 200);
    }
    buffer_reset(&note);
    buffer_reset(&body);
    sample_note(hasher, view_text("unknown.example/x"), 5, &root, "station", &note);
    request_of(honest, 0, 5, buffer_view(&note), &body);
    add_body(buffer_view(&body), NOW);
    ck_assert_uint_eq(answer.http_status, 404);
    ck_assert(!exists("checkpoint"));
    ck_assert_int_eq(witness_latest(witness, view_text(origin_hash), &note, FAULT), STATUS_MISSING);
    ck_assert_int_eq(witness_latest(witness, view_text("../name"), &note, FAULT), STATUS_MISSING);
    buffer_free(&note);
    buffer_free(&body);
}
END_TEST

START_TEST(no_bit_of_a_request_can_be_changed)
{
    struct buffer note = {0}, body = {0};

    ck_assert_uint_eq(add(honest, 0, 5), 200);
    note_of(honest, 13, "station", &note);
    request_of(honest, 5, 13, buffer_view(&note), &body);
    for (size_t bit = 0; bit < body.len * 8; bit++) {
        body.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
        add_body(buffer_view(&body), NOW);
        ck_assert_msg(answer.http_status >= 400 && answer.http_status < 500, "bit %zu: %u", bit, answer.http_status);
        body.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    ck_assert_uint_eq(latest_size(), 5);
    add_body(buffer_view(&body), NOW);
    ck_assert_uint_eq(answer.http_status, 200);
    buffer_free(&note);
    buffer_free(&body);
}
END_TEST

/* ---- time ----------------------------------------------------------------------------------------- */

static uint64_t time_given(void)
{
    struct checkpoint *checkpoint = calloc(1, sizeof *checkpoint);
    struct buffer note = {0};
    uint64_t time_s;

    ck_assert_int_eq(witness_latest(witness, view_text(origin_hash), &note, FAULT), STATUS_OK);
    time_s = cosigned_at(buffer_view(&note), checkpoint);
    free(checkpoint);
    buffer_free(&note);
    return time_s;
}

START_TEST(times_never_go_back)
{
    struct buffer before = {0};

    ck_assert_uint_eq(add_at(honest, 0, 5, "station", 0), 500); /* no clock */
    ck_assert_uint_eq(answer.trouble.status, STATUS_REFUSED);
    ck_assert(!exists("checkpoint"));
    ck_assert_uint_eq(add_at(honest, 0, 5, "station", NOW), 200);
    buffer_append_view(&before, buffer_view(&answer.body));
    ck_assert_uint_eq(add_at(honest, 5, 5, "station", NOW), 200); /* within a second: the same */
    ck_assert(view_equal(buffer_view(&before), buffer_view(&answer.body)));
    ck_assert_uint_eq(add_at(honest, 5, 6, "station", NOW - 300), 200); /* clocks are set */
    ck_assert_uint_eq(time_given(), NOW);
    ck_assert_uint_eq(add_at(honest, 6, 7, "station", NOW - 301), 500); /* but not by so much */
    ck_assert_uint_eq(latest_size(), 6);
    ck_assert_uint_eq(add_at(honest, 6, 6, "station", NOW + 5), 200);
    ck_assert_uint_eq(time_given(), NOW + 5);
    buffer_free(&before);
}
END_TEST

/* ---- the guard ------------------------------------------------------------------------------------ */

static enum status says(void *context, const struct checkpoint *checkpoint, struct fault *fault)
{
    ck_assert_uint_eq(checkpoint->size, 5);
    return fault_set(fault, *(enum status *)context, FAULT_NOWHERE, "because");
}

START_TEST(the_guard_decides)
{
    enum status said = STATUS_MISSING;
    struct witness_guard guard = {says, &said};

    witness_set_guard(witness, &guard);
    ck_assert_uint_eq(add(honest, 0, 5), 503);
    ck_assert_ptr_nonnull(memmem(answer.body.ptr, answer.body.len, "because", 7));
    said = STATUS_DAMAGED;
    ck_assert_uint_eq(add(honest, 0, 5), 422);
    ck_assert(!exists("checkpoint"));
    said = STATUS_OK;
    ck_assert_uint_eq(add(honest, 0, 5), 200);
    witness_set_guard(witness, NULL);
    ck_assert_uint_eq(add(honest, 5, 6), 200);
}
END_TEST

/* ---- whom it trusts --------------------------------------------------------------------------------- */

START_TEST(trust_is_added_and_seen_by_others)
{
    struct witness *other = NULL;
    struct buffer vkey = {0}, policy = {0}, note = {0}, body = {0};
    struct hash root = root_of(honest, 5);
    size_t added = 0, dropped = 0;

    ck_assert_int_eq(witness_open(home, &other, FAULT), STATUS_OK);
    trust(1, ORIGIN, "station", STATUS_OK, 0);
    trust(1, "b.example/x", "bee", STATUS_OK, 1);
    trust(1, "c.example/x", "bee", STATUS_REFUSED, 0); /* one key, one origin */
    /* Another process, which opened the directory before, knows b with its next request. */
    sample_note(hasher, view_text("b.example/x"), 5, &root, "bee", &note);
    witness_request_format(0, &(struct merkle_path){.count = 0}, buffer_view(&note), &body);
    buffer_free(&answer.body);
    witness_add_checkpoint(other, buffer_view(&body), NOW, &answer);
    ck_assert_uint_eq(answer.http_status, 200);
    witness_close(other);
    ck_assert_int_eq(witness_trust(witness, view_text("log nonsense\nquorum none\n"), false, &added, &dropped, FAULT), STATUS_DAMAGED);
    /* Its own key as that of a log. */
    witness_vkey(witness, &vkey);
    struct verifier_key own;
    ck_assert_int_eq(verifier_key_parse(hasher, buffer_view(&vkey), &own, FAULT), STATUS_OK);
    buffer_printf(&policy, "log ");
    verifier_key_format(hasher, view_text("d.example"), 1, own.key.bytes, &policy);
    buffer_printf(&policy, "\nquorum none\n");
    ck_assert_int_eq(witness_trust(witness, buffer_view(&policy), false, &added, &dropped, FAULT), STATUS_REFUSED);
    buffer_free(&vkey);
    buffer_free(&policy);
    buffer_free(&note);
    buffer_free(&body);
}
END_TEST

static enum status count_ledgers(void *context, const struct witness_ledger *ledger, struct fault *fault)
{
    (void)fault;
    ck_assert_uint_eq(ledger->key_count, 1);
    *(size_t *)context += 1;
    return STATUS_OK;
}

START_TEST(a_hundred_ledgers_are_no_trouble)
{
    char name[32], key[32];
    size_t count = 0;

    for (unsigned i = 0; i < 100; i++) { /* a policy of a court has 32 at most */
        (void)snprintf(name, sizeof name, "many.example/%u", i);
        (void)snprintf(key, sizeof key, "many %u", i);
        trust(1, name, key, STATUS_OK, 1);
    }
    again();
    ck_assert_int_eq(witness_each(witness, count_ledgers, &count, FAULT), STATUS_OK);
    ck_assert_uint_eq(count, 101);
    ck_assert_uint_eq(add(honest, 0, 5), 200);
}
END_TEST

START_TEST(names_that_no_key_can_have_are_refused)
{
    static const char *const bad[] = {"", "two words", "plus+sign", "new\nline", "\xff", "nbsp\xc2\xa0", "esc\033"};
    char path[128], long_name[300];

    (void)snprintf(path, sizeof path, "%s/other", dir);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ck_assert_int_eq(witness_found(path, view_text(bad[i]), FAULT), STATUS_REFUSED);
        ck_assert_int_ne(access(path, F_OK), 0);
    }
    memset(long_name, 'x', sizeof long_name);
    ck_assert_int_eq(witness_found(path, view_of(long_name, 256), FAULT), STATUS_REFUSED);
    ck_assert_int_eq(witness_found(home, view_text("again"), FAULT), STATUS_REFUSED);
    ck_assert_int_eq(witness_found(path, view_of(long_name, 255), FAULT), STATUS_OK);
}
END_TEST

/* ---- convicting ------------------------------------------------------------------------------------- */

static void check_exhibit(uint64_t a, uint64_t b)
{
    struct verify_options options = {0};
    struct verdict verdict = {0};
    struct policy *policy = NULL;
    struct buffer file = {0}, text = {0};
    char name[128];

    (void)snprintf(name, sizeof name, "fork-%llu-%llu.exhibit", (unsigned long long)a, (unsigned long long)b);
    read_file(name, &file);
    sample_policy_line(hasher, 1, view_text(ORIGIN), "station", &text);
    buffer_printf(&text, "quorum none\n");
    ck_assert_int_eq(policy_parse(hasher, buffer_view(&text), &policy, FAULT), STATUS_OK);
    ck_assert_int_eq(verify_file(hasher, policy, buffer_view(&file), &options, &verdict, FAULT), STATUS_OK);
    ck_assert_int_eq(verdict.stop.status, 1);
    ck_assert_str_eq(verdict.stop.code, "fork");
    verdict_close(&verdict);
    policy_close(policy);
    buffer_free(&file);
    buffer_free(&text);
}

static size_t count_exhibits(void)
{
    char path[256];
    size_t count = 0;
    DIR *entries;

    (void)snprintf(path, sizeof path, "%s/%s", home, origin_hash);
    entries = opendir(path);
    for (struct dirent *entry = entries == NULL ? NULL : readdir(entries); entry != NULL; entry = readdir(entries)) {
        count += strstr(entry->d_name, ".exhibit") != NULL;
    }
    (void)closedir(entries);
    return count;
}

/* SPEC 14.2. */
START_TEST(a_fork_is_kept_as_an_exhibit)
{
    ck_assert_uint_eq(add(honest, 0, 13), 200);
    ck_assert_uint_eq(add(honest, 13, 14), 200);
    ck_assert_uint_eq(add(honest, 14, 21), 200);
    /* Another root at the latest size, with a right claim of the latest size. */
    ck_assert_uint_eq(add(forged, 21, 21), 422);
    ck_assert_ptr_nonnull(strstr(answer.exhibit, "/fork-21-21.exhibit"));
    ck_assert_ptr_nonnull(memmem(answer.body.ptr, answer.body.len, "fork", 4));
    check_exhibit(21, 21);
    /* The same again is no second exhibit. */
    ck_assert_uint_eq(add(forged, 21, 21), 422);
    ck_assert_str_eq(answer.exhibit, "");
    /* A path from the latest. */
    ck_assert_uint_eq(add(forged, 21, 30), 422);
    ck_assert_ptr_nonnull(strstr(answer.exhibit, "/fork-21-30.exhibit"));
    check_exhibit(21, 30);
    /* An old size that is not the latest is a conflict, and convicts all the same: by the new size, and by the path. */
    ck_assert_uint_eq(add(forged, 3, 14), 409);
    ck_assert_uint_eq(said_size(), 21);
    ck_assert_ptr_nonnull(strstr(answer.exhibit, "/fork-14-14.exhibit"));
    check_exhibit(14, 14);
    ck_assert_uint_eq(add(forged, 13, 39), 409);
    check_exhibit(13, 39);
    ck_assert_uint_eq(count_exhibits(), 4);
    ck_assert_uint_eq(latest_size(), 21);
}
END_TEST

START_TEST(nobody_is_convicted_who_is_honest_or_did_not_sign)
{
    ck_assert_uint_eq(add(honest, 0, 13), 200);
    ck_assert_uint_eq(add(honest, 13, 21), 200);
    for (uint64_t old = 0; old <= LEAVES; old++) {
        for (uint64_t size = old; size <= LEAVES; size += 3) {
            if (old != 21) {
                ck_assert_uint_eq(add(honest, old, size), 409);
            }
            ck_assert_uint_eq(add_at(forged, old, size, "mallory", NOW), 403);
        }
    }
    ck_assert_uint_eq(add(forged, 3, 9), 409); /* before they part there is one history */
    ck_assert_uint_eq(count_exhibits(), 0);
}
END_TEST

START_TEST(a_power_of_two_convicts_with_the_node_in_front)
{
    struct buffer note = {0}, body = {0};
    struct merkle_source source = source_of(forged);
    struct merkle_path path, nodes;
    struct hash own = root_of(forged, 16);

    ck_assert_uint_eq(add(honest, 0, 16), 200);
    ck_assert_uint_eq(add(forged, 16, 20), 422);
    ck_assert_uint_eq(count_exhibits(), 0); /* the protocol leaves out what would prove it */
    ck_assert_int_eq(merkle_prove_consistency(&source, 16, 20, &path, FAULT), STATUS_OK);
    ck_assert(fork_nodes(16, 20, &path, &own, &nodes));
    note_of(forged, 20, "station", &note);
    witness_request_format(16, &nodes, buffer_view(&note), &body);
    add_body(buffer_view(&body), NOW);
    ck_assert_uint_eq(answer.http_status, 422);
    check_exhibit(16, 20);
    buffer_free(&note);
    buffer_free(&body);
}
END_TEST

START_TEST(exhibits_do_not_fill_the_disk)
{
    struct buffer note = {0}, body = {0};

    ck_assert_uint_eq(add(honest, 0, 1), 200);
    for (uint64_t size = 2; size <= LEAVES; size++) {
        ck_assert_uint_eq(add(honest, size - 1, size), 200);
    }
    for (uint64_t old = PARTING + 1; old <= LEAVES; old++) {
        for (uint64_t size = old; size <= LEAVES; size++) {
            ck_assert_uint_ge(add(forged, old, size), 409);
        }
    }
    ck_assert_uint_eq(count_exhibits(), LEAVES - PARTING); /* one of each size: equal sizes prove it without a path */
    /* 64 at most. */
    for (uint64_t size = LEAVES + 1; size < LEAVES + 100; size++) {
        note_of(forged, size, "station", &note);
        request_of(forged, 13, size, buffer_view(&note), &body);
        add_body(buffer_view(&body), NOW);
        ck_assert_uint_eq(answer.http_status, 409);
        buffer_reset(&note);
        buffer_reset(&body);
    }
    ck_assert_uint_eq(count_exhibits(), 64);
    buffer_free(&note);
    buffer_free(&body);
}
END_TEST

/* ---- what happens to the directory --------------------------------------------------------------------- */

static void write_file(const char *name, struct view bytes)
{
    char path[256];

    path_of(name, path);
    ck_assert_int_eq(files_replace(path, bytes, 0600, FAULT), STATUS_OK);
}

START_TEST(a_damaged_state_signs_nothing)
{
    struct buffer state = {0}, other = {0};
    char path[256], moved[256];

    ck_assert_uint_eq(add(honest, 0, 5), 200);
    ck_assert_uint_eq(add(honest, 5, 9), 200);
    read_file("checkpoint", &state);
    const uint8_t *text_end = memmem(state.ptr, state.len, "\n\n", 2);
    for (size_t at = 0; state.ptr + at < text_end; at += 7) {
        struct buffer damaged = {0};

        buffer_append_view(&damaged, buffer_view(&state));
        damaged.ptr[at] ^= 1;
        write_file("checkpoint", buffer_view(&damaged));
        ck_assert_uint_eq(add(honest, 9, 12), 500);
        buffer_free(&damaged);
    }
    write_file("checkpoint", view_of(NULL, 0));
    ck_assert_uint_eq(add(honest, 9, 12), 500);
    ck_assert_int_eq(answer.trouble.status, STATUS_DAMAGED);
    /* Without the file it would begin anew: but older ones are there. */
    path_of("checkpoint", path);
    (void)snprintf(moved, sizeof moved, "%s/moved", home);
    ck_assert_int_eq(rename(path, moved), 0);
    ck_assert_uint_eq(add(forged, 0, 12), 500);
    /* Another ledger's state, or another witness's. */
    note_of(honest, 9, "station", &other);
    write_file("checkpoint", buffer_view(&other));
    ck_assert_uint_eq(add(honest, 9, 12), 500);
    write_file("checkpoint", buffer_view(&state));
    ck_assert_uint_eq(add(honest, 9, 13), 200);
    buffer_free(&state);
    buffer_free(&other);
}
END_TEST

START_TEST(what_a_crash_left_out_is_mended)
{
    char path[256];

    ck_assert_uint_eq(add(honest, 0, 5), 200);
    path_of("checkpoints/5", path);
    ck_assert_int_eq(unlink(path), 0);
    /* As after a crash between the state and its copy: also the copy's directory empty. */
    ck_assert_uint_eq(add(honest, 5, 9), 200);
    ck_assert(exists("checkpoints/5"));
    ck_assert(exists("checkpoints/9"));
    /* A temporary file that was left is no trouble. */
    write_file("checkpoint.tmp", view_text("half"));
    ck_assert_uint_eq(add(honest, 9, 10), 200);
    ck_assert_uint_eq(latest_size(), 10);
}
END_TEST

/* SPEC 14.1: on disk before it is shown. */
START_TEST(a_full_disk_gives_no_cosignature)
{
    char path[256];

    ck_assert_uint_eq(add(honest, 0, 5), 200);
    /* A directory where the temporary file would be: writing fails, whoever runs this. */
    path_of("checkpoint.tmp", path);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    ck_assert_uint_eq(add(honest, 5, 9), 500);
    ck_assert_ptr_null(memmem(answer.body.ptr, answer.body.len, "\xe2\x80\x94", 3));
    ck_assert_int_ne(answer.trouble.status, STATUS_OK);
    ck_assert_ptr_null(memmem(answer.body.ptr, answer.body.len, home, strlen(home))); /* paths are for the log */
    ck_assert_uint_eq(latest_size(), 5);
    ck_assert_int_eq(rmdir(path), 0);
    /* State written, copy not: no cosignature goes out, and the next request finds the state. */
    path_of("checkpoints/9.tmp", path);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    ck_assert_uint_eq(add(honest, 5, 9), 500);
    ck_assert_int_eq(rmdir(path), 0);
    ck_assert_uint_eq(add(honest, 5, 9), 409);
    ck_assert_uint_eq(said_size(), 9);
    ck_assert_uint_eq(add(honest, 9, 9), 200);
    ck_assert_uint_eq(latest_size(), 9);
}
END_TEST

/* ---- races --------------------------------------------------------------------------------------------- */

/* One racer: with a handle of its own, half of them in each history, from the same old size. Exit code: what it was told. */
static int race(unsigned racer, uint64_t old, uint64_t size)
{
    struct witness *own = NULL;

    if (witness_open(home, &own, FAULT) != STATUS_OK) {
        return 99;
    }
    witness = own;
    (void)add_at(racer % 2 == 1, old, size, "station", NOW + size);
    return answer.http_status == 200 ? 2 : answer.http_status == 409 ? 4 : answer.http_status == 422 ? 5 : 9;
}

START_TEST(of_two_histories_one_wins_in_whatever_process)
{
    uint64_t old = PARTING;

    ck_assert_uint_eq(add(honest, 0, old), 200);
    for (unsigned round = 0; round < 2; round++) {
        pid_t racers[RACERS];
        unsigned won[2] = {0, 0};

        for (unsigned i = 0; i < RACERS; i++) {
            /* Of another size each, so that no two ask for the same checkpoint. */
            racers[i] = fork();
            ck_assert_int_ge(racers[i], 0);
            if (racers[i] == 0) {
                _exit(race(i, old, old + 1 + i));
            }
        }
        for (unsigned i = 0; i < RACERS; i++) {
            int code = 0;

            ck_assert_int_eq(waitpid(racers[i], &code, 0), racers[i]);
            ck_assert(WIFEXITED(code) && WEXITSTATUS(code) != 9 && WEXITSTATUS(code) != 99);
            won[i % 2] += WEXITSTATUS(code) == 2;
        }
        ck_assert_uint_eq(won[0] + won[1], round == 0 ? 1 : won[0] + won[1]);
        if (round == 0) {
            old = latest_size();
        } else {
            ck_assert(won[0] == 0 || won[1] == 0);
        }
    }
    ck_assert_uint_ge(latest_size(), old);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("witness");
    TCase *tests = tcase_create("witness");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_checked_fixture(tests, start, finish);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, growth_is_cosigned_step_by_step_and_all_of_it_is_kept);
    tcase_add_test(tests, no_pair_of_sizes_lets_another_history_in);
    tcase_add_test(tests, an_older_size_is_a_conflict_and_never_rolls_back);
    tcase_add_test(tests, keys_decide);
    tcase_add_test(tests, the_empty_tree);
    tcase_add_test(tests, a_proof_at_old_size_0_is_refused);
    tcase_add_test(tests, what_is_malformed_is_400_and_what_is_unknown_404);
    tcase_add_test(tests, no_bit_of_a_request_can_be_changed);
    tcase_add_test(tests, times_never_go_back);
    tcase_add_test(tests, the_guard_decides);
    tcase_add_test(tests, trust_is_added_and_seen_by_others);
    tcase_add_test(tests, a_hundred_ledgers_are_no_trouble);
    tcase_add_test(tests, names_that_no_key_can_have_are_refused);
    tcase_add_test(tests, a_fork_is_kept_as_an_exhibit);
    tcase_add_test(tests, nobody_is_convicted_who_is_honest_or_did_not_sign);
    tcase_add_test(tests, a_power_of_two_convicts_with_the_node_in_front);
    tcase_add_test(tests, exhibits_do_not_fill_the_disk);
    tcase_add_test(tests, a_damaged_state_signs_nothing);
    tcase_add_test(tests, what_a_crash_left_out_is_mended);
    tcase_add_test(tests, a_full_disk_gives_no_cosignature);
    tcase_add_loop_test(tests, of_two_histories_one_wins_in_whatever_process, 0, ROUNDS);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
