/* SPDX-License-Identifier: Apache-2.0 */
/*
 * act_encode: the bytes of an act, its payload and what its signers sign; the other half of act.c, in the same order
 * of fields.
 */
#include <assert.h>

#include "verify/act.h"
#include "verify/facts.h"
#include "verify/fields.h"
#include "verify/writer.h"

#define EXTERNAL_AAD "unbroken/1 act"

enum { HEADER_ALGORITHM = 1, HEADER_KID = 4 };

static void write_signers(struct buffer *out, const struct act *act)
{
    assert(act->signer_count <= ACT_SIGNERS_MAX);
    writer_array(out, act->signer_count);
    for (size_t i = 0; i < act->signer_count; i++) {
        writer_array(out, 3);
        writer_uint(out, act->signers[i].person);
        writer_uint(out, act->signers[i].appointment);
        writer_uint(out, act->signers[i].capacity);
    }
}

static void write_entries(struct buffer *out, const struct act *act)
{
    assert(act->entry_count <= ACT_ENTRIES_MAX);
    writer_array(out, act->entry_count);
    for (size_t i = 0; i < act->entry_count; i++) {
        const struct entry *entry = &act->entries[i];

        assert(i == 0 || act->entries[i - 1].subject < entry->subject);
        writer_array(out, 4);
        writer_uint(out, entry->subject);
        writer_uint(out, (uint64_t)entry->role);
        facts_write(out, &entry->facts);
        field_write_hash_or_null(out, entry->has_sheet, &entry->sheet);
    }
}

static void write_party(struct buffer *out, const struct party *party)
{
    writer_array(out, 3);
    field_write_num_or_null(out, party->has_person, party->person);
    field_write_num_or_null(out, party->has_office, party->office);
    field_write_num_or_null(out, party->has_place, party->place);
}

static void write_num_and_hash(struct buffer *out, uint64_t num, const struct hash *hash)
{
    writer_array(out, 2);
    writer_uint(out, num);
    field_write_hash(out, hash);
}

static void write_foreign(struct buffer *out, const struct foreign *foreign)
{
    writer_array(out, 5);
    field_write_hash(out, &foreign->ledger);
    writer_uint(out, foreign->size);
    field_write_hash(out, &foreign->root);
    field_write_num_or_null(out, foreign->has_subject, foreign->subject);
    field_write_hash_or_null(out, foreign->has_act, &foreign->act);
}

static void write_founding(struct buffer *out, const struct founding *founding)
{
    writer_array(out, 6);
    writer_text(out, founding->origin);
    writer_text(out, founding->code);
    writer_bool(out, founding->training);
    writer_uint(out, founding->threshold);
    writer_bytes(out, view_of(founding->station, ED25519_BYTES));
    if (founding->has_succeeds) {
        write_foreign(out, &founding->succeeds);
    } else {
        writer_null(out);
    }
}

/* Keys 1 to 9. */
static void write_common(struct buffer *out, unsigned key, const struct act *act)
{
    switch (key) {
    case PAY_LEDGER:
        field_write_hash(out, &act->ledger);
        break;
    case PAY_KIND:
        writer_uint(out, act->kind);
        break;
    case PAY_NONCE:
        writer_bytes(out, view_of(act->nonce, NONCE_BYTES));
        break;
    case PAY_CLAIMED:
        writer_array(out, 2);
        writer_uint(out, act->claimed_s);
        writer_int(out, act->offset_min);
        break;
    case PAY_SEEN:
        write_num_and_hash(out, act->seen_size, &act->seen_root);
        break;
    case PAY_SIGNERS:
        write_signers(out, act);
        break;
    case PAY_ENTRIES:
        write_entries(out, act);
        break;
    case PAY_FROM:
        write_party(out, &act->from);
        break;
    case PAY_TO:
        write_party(out, &act->to);
        break;
    default:
        assert(key >= PAY_LEDGER);
    }
}

/* Keys 10 to 20. */
static void write_special(struct buffer *out, unsigned key, const struct act *act)
{
    switch (key) {
    case PAY_ANSWERS:
        field_write_hash(out, &act->answers);
        break;
    case PAY_AMENDS:
        write_num_and_hash(out, act->amends_index, &act->amends_hash);
        break;
    case PAY_PLACE:
        writer_uint(out, act->place);
        break;
    case PAY_CODE:
        writer_uint(out, act->code);
        break;
    case PAY_SHEET:
        field_write_hash(out, &act->sheet);
        break;
    case PAY_FOUNDING:
        write_founding(out, &act->founding);
        break;
    case PAY_FOREIGN:
        write_foreign(out, &act->foreign);
        break;
    case PAY_CLOCK:
        writer_array(out, 2);
        writer_uint(out, act->clock_old_s);
        writer_uint(out, act->clock_new_s);
        break;
    case PAY_OFFLINE:
    case PAY_DEVIATION:
        writer_bool(out, true);
        break;
    case PAY_DUE:
        writer_uint(out, act->due_s);
        break;
    default:
        assert(key < PAY_COUNT);
    }
}

void payload_encode(const struct act *act, struct buffer *out)
{
    /* Every act has these; a draft need not say so. */
    const uint32_t present = act->present | BIT(PAY_KIND) | BIT(PAY_NONCE) | BIT(PAY_CLAIMED) | BIT(PAY_SIGNERS) |
                             BIT(PAY_ENTRIES);

    assert((present & BIT(0)) == 0 && present < BIT(PAY_COUNT));
    writer_map(out, (size_t)__builtin_popcount(present));
    for (unsigned key = 1; key < PAY_COUNT; key++) {
        if ((present & BIT(key)) == 0) {
            continue;
        }
        writer_uint(out, key);
        if (key < PAY_ANSWERS) {
            write_common(out, key, act);
        } else {
            write_special(out, key, act);
        }
    }
}

void sig_header_encode(int algorithm, const struct hash *kid, struct buffer *out)
{
    writer_map(out, 2);
    writer_uint(out, HEADER_ALGORITHM);
    writer_int(out, algorithm);
    writer_uint(out, HEADER_KID);
    field_write_hash(out, kid);
}

void signed_bytes(struct view header, struct view payload, struct buffer *out)
{
    writer_array(out, 5);
    writer_text(out, view_text("Signature"));
    writer_bytes(out, view_of(NULL, 0));
    writer_bytes(out, header);
    writer_bytes(out, view_text(EXTERNAL_AAD));
    writer_bytes(out, payload);
}

void act_encode(struct view payload, const struct act_signature *signatures, size_t count, struct buffer *out)
{
    writer_array(out, 4);
    writer_bytes(out, view_of(NULL, 0));
    writer_map(out, 0);
    writer_bytes(out, payload);
    writer_array(out, count);
    for (size_t i = 0; i < count; i++) {
        writer_array(out, 3);
        writer_bytes(out, signatures[i].header);
        writer_map(out, 0);
        writer_bytes(out, view_of(signatures[i].value, SIGNATURE_BYTES));
    }
}

void act_id(struct hasher *hasher, struct view payload, struct hash *out)
{
    hash_prefixed(hasher, HASH_PREFIX_ACT, payload, out);
}
