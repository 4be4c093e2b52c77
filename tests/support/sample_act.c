/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/sample_act.h"

#include <string.h>

struct hash sample_hash(uint8_t byte)
{
    struct hash hash;

    memset(hash.bytes, byte, sizeof hash.bytes);
    return hash;
}

void sample_sign(struct act *out)
{
    out->signature_count = out->signer_count;
    for (size_t i = 0; i < out->signature_count; i++) {
        out->signatures[i].algorithm = i % 2 == 0 ? KEY_ED25519 : KEY_ESP256;
        out->signatures[i].kid = sample_hash((uint8_t)(0x60 + i));
        memset(out->signatures[i].value, (int)(0x70 + i), SIGNATURE_BYTES);
    }
}

/* What every later act has: two signers, one entry without facts. */
void sample_act_least(struct act *out)
{
    out->present = BIT(PAY_LEDGER) | BIT(PAY_KIND) | BIT(PAY_NONCE) | BIT(PAY_CLAIMED) | BIT(PAY_SEEN) |
                   BIT(PAY_SIGNERS) | BIT(PAY_ENTRIES);
    out->ledger = sample_hash(0x11);
    out->kind = KIND_NOTE;
    memset(out->nonce, 0x22, NONCE_BYTES);
    out->claimed_s = 1544666584;
    out->offset_min = 420;
    out->seen_size = 17;
    out->seen_root = sample_hash(0x33);
    out->signer_count = 2;
    out->signers[0] = (struct signer){4, 1, 2};
    out->signers[1] = (struct signer){5, 7, 3};
    out->entry_count = 1;
    out->entries[0].subject = 40;
    out->entries[0].role = ROLE_SUBJECT;
    out->entries[0].facts.present = 0;
    out->entries[0].has_sheet = false;
    sample_sign(out);
}

void sample_facts(struct facts *facts, struct view seals, struct view none, struct view names)
{
    facts->present = BIT(FACT_COUNT) - 1;
    facts->type = 15;
    facts->of_case = 1;
    facts->pieces = NUM_MAX;
    facts->gross_mg = 5000000;
    facts->tare_mg = 20;
    facts->net_mg = 4999980;
    facts->found = seals;
    facts->removed = none;
    facts->put_on = seals;
    facts->outcome = 3;
    facts->key = (struct public_key){.algorithm = KEY_ESP256, .len = 33};
    memset(facts->key.bytes, 0x02, 33);
    facts->office = 8;
    facts->doubted = 12;
    facts->print = 2;
    memset(facts->station, 0x77, ED25519_BYTES);
    facts->names = names;
}

static void fill_foreign(struct foreign *foreign, bool whole)
{
    foreign->ledger = sample_hash(0x81);
    foreign->size = 900;
    foreign->root = sample_hash(0x82);
    foreign->has_subject = whole;
    foreign->subject = 5;
    foreign->has_act = whole;
    foreign->act = sample_hash(0x83);
}

/* Every payload key that may stand beside keys 1 and 5. */
void sample_act_all(struct act *out)
{
    sample_act_least(out);
    out->present = (BIT(PAY_COUNT) - 1) & ~BIT(0);
    out->kind = 255;
    out->offset_min = -1440;
    out->from = (struct party){.has_person = true, .person = 9};
    out->to = (struct party){.has_office = true, .has_place = true, .office = 4, .place = 77};
    out->answers = sample_hash(0x44);
    out->amends_index = 3;
    out->amends_hash = sample_hash(0x55);
    out->place = 6;
    out->code = 9;
    out->sheet = sample_hash(0x66);
    out->founding = (struct founding){.origin = view_text("kh-pp.example/custody"), .code = view_text("KHPP"),
                                      .training = true, .threshold = 15, .has_succeeds = true};
    memset(out->founding.station, 0x99, ED25519_BYTES);
    fill_foreign(&out->founding.succeeds, false);
    fill_foreign(&out->foreign, true);
    out->clock_old_s = 5;
    out->clock_new_s = NUM_MAX;
    out->due_s = 1544666999;
}
