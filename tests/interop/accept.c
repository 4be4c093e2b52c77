/* SPDX-License-Identifier: Apache-2.0 */
/*
 * accept: reads the checkpoints and proofs that check.go has made with other people's code, and wants our own checks to
 * accept each of them and to refuse each with one bit changed. The other direction is dump.c and check.go.
 *
 *   accept FILE      prints "ok ..." or "FAIL ..." for each kind of line; exit code 1 if any failed or a kind is missing
 */
#include "verify/merkle.h"
#include "verify/note.h"
#include "verify/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 80 };

enum class { CLASS_NOTE, CLASS_UNSIGNED, CLASS_INCLUSION, CLASS_CONSISTENCY, CLASS_COUNT };

static const char *const class_words[CLASS_COUNT] = { "note", "unsigned", "inclusion", "consistency" };
static const char *const class_texts[CLASS_COUNT] = {
    "checkpoints signed there", "checkpoints of another key under the same name", "inclusion proofs made there",
    "consistency proofs made there" };

struct tally {
    unsigned long lines, wrong, refused; /* refused: damaged ones */
};

struct accept {
    struct hasher *hasher;
    struct fault fault;
    struct tally tallies[CLASS_COUNT];
};

struct words {
    size_t count;
    struct view at[WORDS_MAX];
};

/* A line too long gives no words. */
static void split(struct view line, struct words *out)
{
    size_t from = 0;
    out->count = 0;
    for (size_t i = 0; i <= line.len; i++) {
        if (i < line.len && line.ptr[i] != ' ') {
            continue;
        }
        if (out->count == WORDS_MAX) {
            out->count = 0;
            return;
        }
        out->at[out->count] = view_part(line, from, i - from);
        out->count++;
        from = i + 1;
    }
}

static bool take_hash(struct view word, struct hash *out)
{
    struct buffer bytes = {0};
    bool good = text_base64_decode(word, &bytes) && bytes.len == HASH_BYTES;
    if (good) {
        *out = hash_of_view(buffer_view(&bytes));
    }
    buffer_free(&bytes);
    return good;
}

static bool take_path(const struct words *words, size_t from, struct merkle_path *out)
{
    out->count = 0;
    for (size_t i = from; i < words->count; i++) {
        if (out->count == MERKLE_PATH_MAX || !take_hash(words->at[i], &out->nodes[out->count])) {
            return false;
        }
        out->count++;
    }
    return true;
}

/* ---- notes ---------------------------------------------------------------------------------- */

static enum note_answer note_answer(struct accept *a, struct view note, const struct verifier_key *key,
                                    struct checkpoint *out)
{
    struct fault fault;
    uint64_t time_s = 0;
    (void)a;
    fault_clear(&fault);
    if (checkpoint_parse(note, out, &fault) != STATUS_OK) {
        return NOTE_UNSIGNED;
    }
    return checkpoint_check(out, key, &time_s);
}

/* Every bit of the whole note, the signature line's frame included. */
static bool damaged_notes(struct accept *a, struct buffer *note, const struct verifier_key *key, struct checkpoint *checkpoint)
{
    for (size_t bit = 0; bit < note->len * 8; bit++) {
        uint8_t flip = (uint8_t)(1u << (bit % 8));
        note->ptr[bit / 8] ^= flip;
        enum note_answer answer = note_answer(a, buffer_view(note), key, checkpoint);
        note->ptr[bit / 8] ^= flip;
        if (answer == NOTE_VALID) {
            return false;
        }
        a->tallies[CLASS_NOTE].refused++;
    }
    return true;
}

/* The key as we would write it. */
static bool same_key(struct accept *a, const struct verifier_key *key, struct view text)
{
    struct buffer ours = {0};
    verifier_key_format(a->hasher, key->name, key->type, key->key.bytes, &ours);
    bool same = view_equal(buffer_view(&ours), text);
    buffer_free(&ours);
    return same;
}

/* "note vkey origin size root note" and "unsigned vkey origin size root note" */
static bool take_note(struct accept *a, const struct words *words, bool is_signed)
{
    struct checkpoint *checkpoint = malloc(sizeof *checkpoint);
    struct verifier_key key;
    struct buffer note = {0};
    uint64_t size = 0;
    struct hash root;
    bool good = checkpoint != NULL && words->count == 6 &&
                verifier_key_parse(a->hasher, words->at[1], &key, &a->fault) == STATUS_OK &&
                same_key(a, &key, words->at[1]) && text_decimal(words->at[3], &size) && take_hash(words->at[4], &root) &&
                text_base64_decode(words->at[5], &note);
    if (good) {
        enum note_answer answer = note_answer(a, buffer_view(&note), &key, checkpoint);
        good = answer == (is_signed ? NOTE_VALID : NOTE_UNSIGNED) && view_equal(checkpoint->origin, words->at[2]) &&
               checkpoint->size == size && hash_equal(&checkpoint->root, &root) &&
               (!is_signed || checkpoint->signature_count > 1 || damaged_notes(a, &note, &key, checkpoint));
    }
    buffer_free(&note);
    free(checkpoint);
    return good;
}

/* ---- proofs --------------------------------------------------------------------------------- */

struct proof {
    enum class class;
    uint64_t position, size; /* index or old size */
    struct hash from, root;  /* leaf hash or old root */
    struct merkle_path path;
};

static bool proof_holds(struct accept *a, const struct proof *p)
{
    if (p->class == CLASS_INCLUSION) {
        return merkle_check_inclusion(a->hasher, &p->from, p->position, p->size, p->path.nodes, p->path.count, &p->root);
    }
    return merkle_check_consistency(a->hasher, p->position, &p->from, p->size, &p->root, p->path.nodes, p->path.count);
}

static bool flipped_refused(struct accept *a, struct proof *p, struct hash *hash, unsigned bit)
{
    uint8_t flip = (uint8_t)(1u << (bit % 8));
    hash->bytes[bit / 8] ^= flip;
    bool refused = !proof_holds(a, p);
    hash->bytes[bit / 8] ^= flip;
    a->tallies[p->class].refused++;
    return refused;
}

/* One bit of each hash, another from proof to proof; a node too few and one too many. */
static bool damaged_proofs(struct accept *a, struct proof *p)
{
    unsigned bit = (unsigned)((p->position * 37 + p->size * 11) % 256);
    bool good = flipped_refused(a, p, &p->from, bit) && flipped_refused(a, p, &p->root, bit);
    for (size_t i = 0; i < p->path.count; i++) {
        good = good && flipped_refused(a, p, &p->path.nodes[i], (bit + (unsigned)i * 29) % 256);
    }
    if (p->path.count > 0) {
        p->path.count--;
        good = good && !proof_holds(a, p);
        p->path.count++;
    }
    p->path.nodes[p->path.count] = p->root;
    p->path.count++;
    good = good && !proof_holds(a, p);
    p->path.count--;
    return good;
}

/* "inclusion index size leaf-hash root node ..." and "consistency old size old-root root node ..." */
static bool take_proof(struct accept *a, const struct words *words, enum class class)
{
    struct proof p = { .class = class };
    return words->count >= 5 && text_decimal(words->at[1], &p.position) && text_decimal(words->at[2], &p.size) &&
           take_hash(words->at[3], &p.from) && take_hash(words->at[4], &p.root) && take_path(words, 5, &p.path) &&
           p.path.count < MERKLE_PATH_MAX && proof_holds(a, &p) && damaged_proofs(a, &p);
}

/* ---- lines ---------------------------------------------------------------------------------- */

/* False: a line of no known kind. */
static bool take_line(struct accept *a, struct view line)
{
    struct words words;
    split(line, &words);
    for (unsigned class = 0; class < CLASS_COUNT; class++) {
        if (words.count > 0 && view_equal(words.at[0], view_text(class_words[class]))) {
            bool good = class <= CLASS_UNSIGNED ? take_note(a, &words, class == CLASS_NOTE) : take_proof(a, &words, class);
            a->tallies[class].lines++;
            a->tallies[class].wrong += good ? 0 : 1;
            return true;
        }
    }
    return false;
}

static bool take_file(struct accept *a, FILE *file)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t len = 0;
    bool known = true;
    while ((len = getline(&line, &cap, file)) > 0) {
        known = take_line(a, view_of(line, (size_t)len - 1)) && known;
    }
    free(line);
    return known;
}

static bool report(const struct accept *a)
{
    bool all = true;
    for (unsigned class = 0; class < CLASS_COUNT; class++) {
        const struct tally *t = &a->tallies[class];
        bool good = t->lines > 0 && t->wrong == 0;
        printf("%s %s: %lu, %lu wrong, %lu damaged ones refused\n", good ? "ok" : "FAIL", class_texts[class], t->lines,
               t->wrong, t->refused);
        all = all && good;
    }
    return all;
}

int main(int argc, char **argv)
{
    struct accept a = {0};
    bool known = false;
    fault_clear(&a.fault);
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (file == NULL || key_initialise(&a.fault) != STATUS_OK || hasher_open(&a.hasher, &a.fault) != STATUS_OK) {
        (void)fprintf(stderr, "accept: error: cannot begin: %s\n", a.fault.text);
    } else {
        known = take_file(&a, file);
        known = report(&a) && known;
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    hasher_close(a.hasher);
    return known ? 0 : 1;
}
