/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sample_keys: see the header.
 */
#include "tests/support/sample_keys.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

static void make_pair(const char *name, uint8_t public_key[ED25519_BYTES], uint8_t secret[crypto_sign_SECRETKEYBYTES])
{
    uint8_t seed[crypto_hash_sha256_BYTES];
    struct buffer text = {0};

    buffer_printf(&text, "key:%s", name);
    (void)crypto_hash_sha256(seed, text.ptr, text.len);
    buffer_free(&text);
    int answer = crypto_sign_seed_keypair(public_key, secret, seed);
    assert(answer == 0);
    (void)answer;
}

void sample_public_key(const char *name, uint8_t out[ED25519_BYTES])
{
    uint8_t secret[crypto_sign_SECRETKEYBYTES];

    make_pair(name, out, secret);
}

void sample_signature(const char *name, struct view message, uint8_t out[SIGNATURE_BYTES])
{
    uint8_t public_key[ED25519_BYTES];
    uint8_t secret[crypto_sign_SECRETKEYBYTES];

    make_pair(name, public_key, secret);
    int answer = crypto_sign_detached(out, NULL, message.ptr, message.len, secret);
    assert(answer == 0);
    (void)answer;
}

void sample_note(struct hasher *hasher, struct view origin, uint64_t size, const struct hash *root, const char *key,
                 struct buffer *out)
{
    struct buffer text = {0};
    uint8_t public_key[ED25519_BYTES];
    uint8_t signature[SIGNATURE_BYTES];
    uint8_t id[4];

    checkpoint_text(origin, size, root, &text);
    buffer_append_view(out, buffer_view(&text));
    buffer_append_byte(out, '\n');
    if (key != NULL) {
        sample_public_key(key, public_key);
        sample_signature(key, buffer_view(&text), signature);
        verifier_key_id(hasher, origin, 1, public_key, id);
        note_signature_line(origin, id, view_of(signature, sizeof signature), out);
    }
    buffer_free(&text);
}

void sample_cosign(struct hasher *hasher, const char *witness, uint64_t time_s, struct buffer *note)
{
    const uint8_t *end = memmem(note->ptr, note->len, "\n\n", 2);
    struct buffer text = {0};
    uint8_t public_key[ED25519_BYTES];
    uint8_t blob[8 + SIGNATURE_BYTES];
    uint8_t id[4];

    assert(end != NULL);
    buffer_printf(&text, "cosignature/v1\ntime %llu\n", (unsigned long long)time_s);
    buffer_append(&text, note->ptr, (size_t)(end - note->ptr) + 1);
    for (size_t i = 0; i < 8; i++) {
        blob[i] = (uint8_t)(time_s >> (56 - 8 * i));
    }
    sample_public_key(witness, public_key);
    sample_signature(witness, buffer_view(&text), blob + 8);
    verifier_key_id(hasher, view_text(witness), 4, public_key, id);
    note_signature_line(view_text(witness), id, view_of(blob, sizeof blob), note);
    buffer_free(&text);
}

void sample_policy_line(struct hasher *hasher, uint8_t type, struct view name, const char *key, struct buffer *out)
{
    uint8_t public_key[ED25519_BYTES];

    sample_public_key(key, public_key);
    buffer_printf(out, type == 1 ? "log " : "witness %s ", key);
    verifier_key_format(hasher, name, type, public_key, out);
    buffer_append_byte(out, '\n');
}
