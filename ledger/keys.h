/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys: under which keys the ledger's entries stand in the store, and the numbers in keys and values. A number is one byte n (0 to 8) and n
 * bytes, big end first, the first not zero: numbers sort as numbers, small ones are short. NOTHING (UINT64_MAX) is the byte 255 alone.
 *
 *   V                      -> reservation: act-id, since
 *   H position             -> node of the heads tree, as of the last heads record; position: the order in which nodes become complete
 *   S subject number       -> index of the record with that number in the subject's thread
 *   S subject NOTHING      -> the subject's state (state_store.h)
 *   I act-id[0..16)        -> index of the record that holds the act
 *   K kid                  -> person who had the key
 *   O act-id               -> index of the first `lodge` that kept the orphan
 *   C                      -> size of the latest checkpoint, how many there are
 *   C size                 -> signed checkpoint, with the cosignatures that came to it
 *   T size seq             -> RFC 3161 token over that checkpoint
 *   A                      -> how many attachments there are
 *   A hash                 -> attachment
 *   E                      -> 1: an erasure freed pages, and the store was not written anew since
 *   E amended index        -> 0: record `index` is an erasure that amends record `amended`
 *   E amended NOTHING act-id[0..16) -> the record of an erasure that this older copy of the ledger does not have (scrub.c)
 *   M                      -> 1: this is a mirror of somebody else's ledger (mirror.h)
 *   M 0                    -> the signed checkpoint up to which records are being taken
 *   M 1                    -> the record that was refused, and why: what the signed checkpoint has there contradicts the records before
 *   r index                -> how many subjects there are now, the size after the last heads record (0: none), the record, and the
 *                             nodes of the ledger's tree that it completes, from its own hash upwards
 *   r index 1 seq          -> sheet, in the order given at append
 *   r index 2 seq          -> disclosure, likewise; an erased one is not there
 *
 * What only grows stands last, so that it is written behind the last key and fills its pages; what an act changes stands in
 * few places, so that a commit copies few pages.
 */
#ifndef UNBROKEN_LEDGER_KEYS_H
#define UNBROKEN_LEDGER_KEYS_H

#include "ledger/store.h"
#include "verify/hash.h"

enum table {
    TABLE_RESERVATION = 'V', TABLE_RECORD = 'r', TABLE_HEADS = 'H', TABLE_SUBJECT = 'S', TABLE_ACT = 'I', TABLE_KID = 'K',
    TABLE_ORPHAN = 'O', TABLE_CHECKPOINT = 'C', TABLE_ATTACHMENT = 'A', TABLE_ERASURE = 'E',
    TABLE_TOKEN = 'T', TABLE_MIRROR = 'M'
};

enum part { PART_SHEET = 1, PART_DISCLOSURE = 2 };

enum { ACT_INDEX_BYTES = 16, NUMBER_BYTES_MAX = 9 };

struct key {
    size_t len;
    uint8_t bytes[STORE_KEY_MAX];
};

struct view keys_view(const struct key *key);
struct key keys_table(enum table table);
struct key keys_number(enum table table, uint64_t number);
struct key keys_pair(enum table table, uint64_t first, uint64_t second);
/* Of a subject's state. */
struct key keys_state(uint64_t subject);
struct key keys_part(uint64_t index, enum part part, uint64_t seq);
struct key keys_hash(enum table table, const struct hash *hash, size_t len);

/* Position of a complete subtree in the order of completion (the k-th leaf is followed by the nodes that it completes). */
uint64_t keys_node_position(unsigned level, uint64_t index);

/* Writes the number and returns its length. */
size_t keys_put(uint8_t out[NUMBER_BYTES_MAX], uint64_t number);
void keys_append(struct buffer *out, uint64_t number);
/* Takes a number from the front; false when it is not there in its shortest form. */
bool keys_take(struct view *from, uint64_t *out);
/* A value or the rest of a key that is exactly one number. */
bool keys_only(struct view bytes, uint64_t *out);

#endif
