/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dump: writes checkpoints and proofs as lines of text, for check.go, which reads them with other people's code.
 *
 *   dump bundle POLICY FILE NAME CODE   everything in a bundle that stands in a tree or is signed as a note
 *   dump trees                          every proof of every tree of 1 to TREE_MAX leaves, by our prover
 *   dump notes                          checkpoints as we write them, signed with fixed keys
 *
 * Bytes are base64. Behind each proof stands what our own check says of it: 0 or 1, and two masks, of the flips of one
 * bit of the index (or old size) and of the size under which the proof is accepted. A root does not say of how many leaves
 * it is, so some flips of a size must be accepted; which, check.go must find likewise.
 * Not here: any judgement. What is not readable as a bundle ends the program with 1.
 */
#include "verify/bundle.h"
#include "verify/policy.h"
#include "verify/text.h"

#include <sodium.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TREE_MAX = 100, NUM_BITS = 53 };

struct dump {
    struct hasher *hasher;
    struct buffer out;
    struct fault fault;
};

static void put_bytes(struct dump *d, struct view bytes)
{
    buffer_append_byte(&d->out, ' ');
    text_base64(&d->out, bytes);
}

static void put_note(struct dump *d, const char *word, struct view note)
{
    buffer_printf(&d->out, "%s", word);
    put_bytes(d, note);
    buffer_append_byte(&d->out, '\n');
}

static void put_key(struct dump *d, const char *word, struct view name, uint8_t type, const uint8_t key[32])
{
    buffer_printf(&d->out, "%s ", word);
    verifier_key_format(d->hasher, name, type, key, &d->out);
    buffer_append_byte(&d->out, '\n');
}

/* A leaf at a position, or an old tree of that size, in the tree of `size` leaves. */
struct claim {
    const char *kind; /* "inclusion", "consistency" */
    const char *class;
    uint64_t at, size;
    struct hash from, root; /* from: leaf hash or old root */
    const struct merkle_path *path;
};

static bool claim_holds(struct dump *d, const struct claim *c, uint64_t at, uint64_t size)
{
    const struct hash *nodes = c->path->nodes;
    if (c->kind[0] == 'i') {
        return merkle_check_inclusion(d->hasher, &c->from, at, size, nodes, c->path->count, &c->root);
    }
    return merkle_check_consistency(d->hasher, at, &c->from, size, &c->root, nodes, c->path->count);
}

/* "KIND CLASS at size from root accepted mask mask node ..."; from: the leaf's bytes, or the old root */
static void put_claim(struct dump *d, const struct claim *c, struct view from)
{
    uint64_t ats = 0;
    uint64_t sizes = 0;
    for (unsigned bit = 0; bit < NUM_BITS; bit++) {
        uint64_t flip = UINT64_C(1) << bit;
        ats |= claim_holds(d, c, c->at ^ flip, c->size) ? flip : 0;
        sizes |= claim_holds(d, c, c->at, c->size ^ flip) ? flip : 0;
    }
    buffer_printf(&d->out, "%s %s %" PRIu64 " %" PRIu64, c->kind, c->class, c->at, c->size);
    put_bytes(d, from);
    put_bytes(d, hash_view(&c->root));
    buffer_printf(&d->out, " %d %" PRIu64 " %" PRIu64, claim_holds(d, c, c->at, c->size) ? 1 : 0, ats, sizes);
    for (size_t i = 0; i < c->path->count; i++) {
        put_bytes(d, hash_view(&c->path->nodes[i]));
    }
    buffer_append_byte(&d->out, '\n');
}

static void put_inclusion(struct dump *d, const char *class, uint64_t index, uint64_t size, const struct hash *root,
                          struct view leaf, const struct merkle_path *path)
{
    struct claim c = {"inclusion", class, index, size, {{0}}, *root, path};
    hash_leaf(d->hasher, leaf, &c.from);
    put_claim(d, &c, leaf);
}

static void put_consistency(struct dump *d, const char *class, uint64_t old, uint64_t size, const struct hash *old_root,
                            const struct hash *root, const struct merkle_path *path)
{
    const struct claim c = {"consistency", class, old, size, *old_root, *root, path};
    put_claim(d, &c, hash_view(old_root));
}

/* ---- a bundle ------------------------------------------------------------------------------- */

/* About 400 kB with act and record: allocated once. */
struct opened {
    struct policy *policy;
    struct bundle bundle;
    struct checkpoint checkpoint;
    struct checkpoint other; /* an anchor's or the vouched view's */
    struct record record;
    struct act act;
};

static void put_policy(struct dump *d, const struct policy *policy)
{
    for (size_t i = 0; i < policy_log_count(policy); i++) {
        const struct verifier_key *key = policy_log(policy, i);
        put_key(d, "key", key->name, key->type, key->key.bytes);
    }
    for (size_t i = 0; i < policy_witness_count(policy); i++) {
        const struct verifier_key *key = &policy_witness(policy, i)->key;
        put_key(d, "witness", key->name, key->type, key->key.bytes);
    }
}

static bool path_of(struct dump *d, const struct bundle *bundle, struct bundle_path path, struct merkle_path *out)
{
    return bundle_path_nodes(bundle, path, out) ||
           fault_set(&d->fault, STATUS_DAMAGED, FAULT_NOWHERE, "a path is too long") == STATUS_OK;
}

/* What the act's signers had seen; and the keys under which older views may be signed. */
static bool put_act(struct dump *d, struct opened *o)
{
    const struct act *act = &o->act;
    struct merkle_path path;
    if (act_decode(o->record.act, &o->act, &d->fault) != STATUS_OK) {
        return false;
    }
    if (act->kind == KIND_FOUND) {
        put_key(d, "station", o->checkpoint.origin, 1, act->founding.station);
    } else if (act->kind == KIND_STATION_KEY) {
        put_key(d, "station", o->checkpoint.origin, 1, act->entries[0].facts.station);
    }
    if ((act->present & BIT(PAY_SEEN)) == 0) {
        return true;
    }
    for (size_t i = 0; i < o->bundle.seen_count; i++) {
        if (o->bundle.seen[i].size == act->seen_size) {
            if (!path_of(d, &o->bundle, o->bundle.seen[i].path, &path)) {
                return false;
            }
            put_consistency(d, "seen", act->seen_size, o->checkpoint.size, &act->seen_root, &o->checkpoint.root, &path);
            return true;
        }
    }
    (void)fault_set(&d->fault, STATUS_DAMAGED, act->seen_size, "no path of a size that an act has seen");
    return false;
}

/* Afterwards o->record is the heads record. */
static bool put_records(struct dump *d, struct opened *o)
{
    struct merkle_path path;
    for (size_t i = 0; i < o->bundle.record_count; i++) {
        const struct bundle_proof *proof = &o->bundle.records[i];
        if (record_decode(proof->bytes, &o->record, &d->fault) != STATUS_OK || !path_of(d, &o->bundle, proof->path, &path)) {
            return false;
        }
        put_inclusion(d, "record", o->record.index, o->checkpoint.size, &o->checkpoint.root, proof->bytes, &path);
        if (o->record.type == RECORD_ACT && !put_act(d, o)) {
            return false;
        }
    }
    return true;
}

static bool put_leaves(struct dump *d, struct opened *o)
{
    struct merkle_path path;
    struct heads_leaf leaf;
    for (size_t i = 0; i < o->bundle.leaf_count; i++) {
        const struct bundle_proof *proof = &o->bundle.leaves[i];
        if (heads_leaf_decode(proof->bytes, &leaf, &d->fault) != STATUS_OK || !path_of(d, &o->bundle, proof->path, &path)) {
            return false;
        }
        put_inclusion(d, "leaf", leaf.subject, o->record.subjects, &o->record.root, proof->bytes, &path);
    }
    return true;
}

static bool put_anchor(struct dump *d, struct opened *o, const struct bundle_anchor *anchor, bool later)
{
    struct merkle_path path;
    const struct checkpoint *a = later ? &o->checkpoint : &o->other;
    const struct checkpoint *b = later ? &o->other : &o->checkpoint;
    if (checkpoint_parse(anchor->view.note, &o->other, &d->fault) != STATUS_OK || !path_of(d, &o->bundle, anchor->path, &path)) {
        return false;
    }
    put_note(d, later ? "vouched" : "anchor", anchor->view.note);
    put_consistency(d, later ? "vouched" : "anchor", a->size, b->size, &a->root, &b->root, &path);
    return true;
}

static bool put_bundle(struct dump *d, struct opened *o, struct view policy, struct view file)
{
    if (policy_parse(d->hasher, policy, &o->policy, &d->fault) != STATUS_OK ||
        bundle_decode(d->hasher, file, &o->bundle, &d->fault) != BUNDLE_OK ||
        checkpoint_parse(o->bundle.view.note, &o->checkpoint, &d->fault) != STATUS_OK) {
        return false;
    }
    put_policy(d, o->policy);
    put_note(d, "checkpoint", o->bundle.view.note);
    bool good = put_records(d, o) && put_leaves(d, o);
    for (size_t i = 0; good && i < o->bundle.anchor_count; i++) {
        good = put_anchor(d, o, &o->bundle.anchors[i], false);
    }
    return good && (!o->bundle.has_vouched || put_anchor(d, o, &o->bundle.vouched, true));
}

static bool read_file(struct dump *d, const char *path, struct buffer *out)
{
    uint8_t chunk[65536];
    size_t n = 0;
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return fault_set(&d->fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "%s: cannot be opened", path) == STATUS_OK;
    }
    while ((n = fread(chunk, 1, sizeof chunk, file)) > 0) {
        buffer_append(out, chunk, n);
    }
    (void)fclose(file);
    return !out->failed;
}

static bool dump_bundle(struct dump *d, char **argv)
{
    struct buffer policy = {0};
    struct buffer file = {0};
    struct opened *o = calloc(1, sizeof *o);
    buffer_printf(&d->out, "vector %s %s\n", argv[4], argv[5]);
    bool good = o != NULL && read_file(d, argv[2], &policy) && read_file(d, argv[3], &file) &&
                put_bundle(d, o, buffer_view(&policy), buffer_view(&file));
    buffer_printf(&d->out, "end\n");
    if (o != NULL) {
        bundle_close(&o->bundle);
        policy_close(o->policy);
    }
    free(o);
    buffer_free(&policy);
    buffer_free(&file);
    return good;
}

/* ---- trees of our own ----------------------------------------------------------------------- */

/* Complete subtrees by level and index; roots by size. */
struct tree {
    struct hash nodes[8][TREE_MAX];
    struct hash roots[TREE_MAX + 1];
    struct merkle_frontier frontier;
};

static enum status tree_sink(void *context, unsigned level, uint64_t index, const struct hash *node, struct fault *fault)
{
    struct tree *tree = context;
    (void)fault;
    tree->nodes[level][index] = *node;
    return STATUS_OK;
}

static enum status tree_read(void *context, unsigned level, uint64_t index, struct hash *out, struct fault *fault)
{
    struct tree *tree = context;
    (void)fault;
    *out = tree->nodes[level][index];
    return STATUS_OK;
}

/* check.go makes the same leaves by the same rule. */
static struct view tree_leaf(uint64_t index, char text[32])
{
    (void)snprintf(text, 32, "leaf %" PRIu64, index);
    return view_text(text);
}

static bool tree_grow(struct dump *d, struct tree *tree)
{
    char text[32];
    struct hash leaf;
    for (uint64_t i = 0; i < TREE_MAX; i++) {
        hash_leaf(d->hasher, tree_leaf(i, text), &leaf);
        if (merkle_append(d->hasher, &tree->frontier, &leaf, tree_sink, tree, &d->fault) != STATUS_OK) {
            return false;
        }
        merkle_frontier_root(d->hasher, &tree->frontier, &tree->roots[i + 1]);
    }
    return true;
}

static bool put_trees(struct dump *d, struct tree *tree)
{
    const struct merkle_source source = {tree_read, tree, d->hasher};
    struct merkle_path path;
    char text[32];
    for (uint64_t size = 1; size <= TREE_MAX; size++) {
        for (uint64_t i = 0; i < size; i++) {
            if (merkle_prove_inclusion(&source, i, size, &path, &d->fault) != STATUS_OK) {
                return false;
            }
            put_inclusion(d, "tree", i, size, &tree->roots[size], tree_leaf(i, text), &path);
        }
        for (uint64_t old = 1; old <= size; old++) {
            if (merkle_prove_consistency(&source, old, size, &path, &d->fault) != STATUS_OK) {
                return false;
            }
            put_consistency(d, "tree", old, size, &tree->roots[old], &tree->roots[size], &path);
        }
    }
    return true;
}

static bool dump_trees(struct dump *d)
{
    struct tree *tree = calloc(1, sizeof *tree);
    bool good = tree != NULL && tree_grow(d, tree) && put_trees(d, tree);
    free(tree);
    return good;
}

/* ---- checkpoints of our own ----------------------------------------------------------------- */

static void put_signed(struct dump *d, const char *origin, uint64_t size, const struct hash *root, uint8_t seed_byte)
{
    const struct view name = view_text(origin);
    uint8_t seed[crypto_sign_SEEDBYTES];
    uint8_t key[crypto_sign_PUBLICKEYBYTES];
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
    uint8_t signature[crypto_sign_BYTES];
    uint8_t id[4];
    struct buffer note = {0};
    memset(seed, seed_byte, sizeof seed);
    (void)crypto_sign_seed_keypair(key, secret, seed);
    checkpoint_text(name, size, root, &note);
    (void)crypto_sign_detached(signature, NULL, note.ptr, note.len, secret);
    buffer_append_byte(&note, '\n');
    verifier_key_id(d->hasher, name, 1, key, id);
    note_signature_line(name, id, view_of(signature, sizeof signature), &note);
    buffer_printf(&d->out, "vector written intact\n");
    put_key(d, "key", name, 1, key);
    put_note(d, "checkpoint", buffer_view(&note));
    buffer_printf(&d->out, "end\n");
    buffer_free(&note);
}

static void dump_notes(struct dump *d)
{
    struct hash root;
    hash_data(d->hasher, view_text("root"), &root);
    put_signed(d, "kh-pp.example/custody/b32", 1, &root, 1);
    put_signed(d, "kh-pp.example/custody/training/b32", 100, &root, 2);
    put_signed(d, "a", NUM_MAX, &root, 3);
}

static bool run(struct dump *d, int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (argc == 6 && strcmp(what, "bundle") == 0) {
        return dump_bundle(d, argv);
    }
    if (argc == 2 && strcmp(what, "trees") == 0) {
        return dump_trees(d);
    }
    if (argc == 2 && strcmp(what, "notes") == 0) {
        dump_notes(d);
        return true;
    }
    (void)fault_set(&d->fault, STATUS_REFUSED, FAULT_NOWHERE, "dump bundle POLICY FILE NAME CODE, dump trees or dump notes");
    return false;
}

int main(int argc, char **argv)
{
    struct dump d = {0};
    fault_clear(&d.fault);
    bool good = key_initialise(&d.fault) == STATUS_OK && hasher_open(&d.hasher, &d.fault) == STATUS_OK &&
                run(&d, argc, argv) && !d.out.failed;
    if (good) {
        good = fwrite(d.out.ptr, 1, d.out.len, stdout) == d.out.len && fflush(stdout) == 0;
    } else {
        (void)fprintf(stderr, "dump: error: %s\n", d.fault.text);
    }
    buffer_free(&d.out);
    hasher_close(d.hasher);
    return good ? 0 : 1;
}
