/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys: the store's keys and numbers.
 */
#include "ledger/keys.h"

#include <assert.h>
#include <string.h>

enum { NUMBER_NOTHING = 255 };

size_t keys_put(uint8_t out[NUMBER_BYTES_MAX], uint64_t number)
{
    size_t len = 0;

    if (number == UINT64_MAX) {
        out[0] = NUMBER_NOTHING;
        return 1;
    }
    while (len < 8 && number >> (8 * len) != 0) {
        len++;
    }
    out[0] = (uint8_t)len;
    for (size_t i = 0; i < len; i++) {
        out[1 + i] = (uint8_t)(number >> (8 * (len - 1 - i)));
    }
    return 1 + len;
}

void keys_append(struct buffer *out, uint64_t number)
{
    uint8_t bytes[NUMBER_BYTES_MAX];

    buffer_append(out, bytes, keys_put(bytes, number));
}

bool keys_take(struct view *from, uint64_t *out)
{
    uint64_t number = 0;
    size_t len;

    if (from->len == 0) {
        return false;
    }
    len = from->ptr[0];
    if (len == NUMBER_NOTHING) {
        *out = UINT64_MAX;
        *from = view_part(*from, 1, from->len - 1);
        return true;
    }
    if (len > 8 || from->len < 1 + len || (len > 0 && from->ptr[1] == 0)) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        number = number << 8 | from->ptr[1 + i];
    }
    if (number == UINT64_MAX) {
        return false;
    }
    *out = number;
    *from = view_part(*from, 1 + len, from->len - 1 - len);
    return true;
}

bool keys_only(struct view bytes, uint64_t *out)
{
    uint64_t number;

    if (!keys_take(&bytes, &number) || bytes.len != 0) {
        return false;
    }
    *out = number;
    return true;
}

struct view keys_view(const struct key *key)
{
    return view_of(key->bytes, key->len);
}

struct key keys_table(enum table table)
{
    struct key key;

    key.bytes[0] = (uint8_t)table;
    key.len = 1;
    return key;
}

struct key keys_number(enum table table, uint64_t number)
{
    struct key key = keys_table(table);

    key.len += keys_put(key.bytes + key.len, number);
    return key;
}

struct key keys_pair(enum table table, uint64_t first, uint64_t second)
{
    struct key key = keys_number(table, first);

    key.len += keys_put(key.bytes + key.len, second);
    return key;
}

struct key keys_state(uint64_t subject)
{
    return keys_pair(TABLE_SUBJECT, subject, UINT64_MAX);
}

struct key keys_part(uint64_t index, enum part part, uint64_t seq)
{
    struct key key = keys_number(TABLE_RECORD, index);

    key.bytes[key.len++] = (uint8_t)part;
    key.len += keys_put(key.bytes + key.len, seq);
    return key;
}

struct key keys_hash(enum table table, const struct hash *hash, size_t len)
{
    struct key key = keys_table(table);

    assert(len <= HASH_BYTES);
    memcpy(key.bytes + 1, hash->bytes, len);
    key.len += len;
    return key;
}

uint64_t keys_node_position(unsigned level, uint64_t index)
{
    uint64_t leaf = index;
    uint64_t position = 0;

    /* The leaf that completes the subtree is its last: (index + 1) * 2^level - 1. */
    for (unsigned i = 0; i < level; i++) {
        leaf = 2 * leaf + 1;
    }
    /* Before that leaf stand `leaf` leaves and, on each level above, the subtrees that they completed. */
    for (; leaf > 0; leaf >>= 1) {
        position += leaf;
    }
    return position + level;
}
