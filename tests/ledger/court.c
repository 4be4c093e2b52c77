/* SPDX-License-Identifier: Apache-2.0 */
/*
 * court: a ledger with one signed checkpoint, and three witnesses with their keys, for tests of what witnesses say. Included, as fixture.c is.
 */
#include "tests/ledger/fixture.c"

#include "ledger/views.h"
#include "verify/policy.h"

enum { WITNESSES = 3 };

struct court {
    struct fixture f;
    struct secret *keys[WITNESSES];
    struct buffer text;
    struct policy *policy;
    uint64_t size, latest_s;
};

static void court_make(struct court *court)
{
    static const char *const names[WITNESSES] = {"court.example/w", "customs.example/w", "ngo.example/w"};

    *court = (struct court){0};
    fixture_make(&court->f, NULL);
    fixture_checkpoint(&court->f);
    for (unsigned i = 0; i < WITNESSES; i++) {
        uint8_t seed[32] = {200, (uint8_t)i};

        OK(secret_from_seed(seed, &court->keys[i], FAULT));
        buffer_printf(&court->text, "witness w%u ", i);
        verifier_key_format(court->f.hasher, view_text(names[i]), 4, secret_public(court->keys[i])->bytes, &court->text);
        buffer_printf(&court->text, " http://127.0.0.1/%u\n", i);
    }
    buffer_printf(&court->text, "group two 2 w0 w1 w2\nquorum two\n");
    OK(policy_parse(court->f.hasher, buffer_view(&court->text), &court->policy, FAULT));
    court->size = 4;
    court->latest_s = NOTHING;
}

static void court_remove(struct court *court)
{
    policy_close(court->policy);
    buffer_free(&court->text);
    for (unsigned i = 0; i < WITNESSES; i++) {
        secret_close(court->keys[i]);
    }
    fixture_remove(&court->f);
}

static struct buffer stored_note(struct court *court)
{
    struct ledger_txn *txn = NULL;
    struct buffer note = {0};

    OK(ledger_begin(court->f.ledger, false, &txn, FAULT));
    OK(ledger_checkpoint_at(txn, court->size, &note, FAULT));
    ledger_abort(txn);
    return note;
}

/* The witness's line over that text. */
static void cosign(struct court *court, unsigned witness, struct view text, uint64_t time_s, struct buffer *out)
{
    const struct verifier_key *key = &policy_witness(court->policy, witness)->key;
    struct buffer message = {0};
    uint8_t signature[8 + SIGNATURE_BYTES];

    buffer_printf(&message, "cosignature/v1\ntime %llu\n", (unsigned long long)time_s);
    buffer_append_view(&message, text);
    for (unsigned i = 0; i < 8; i++) {
        signature[i] = (uint8_t)(time_s >> (56 - 8 * i));
    }
    OK(secret_sign(court->keys[witness], buffer_view(&message), signature + 8, FAULT));
    note_signature_line(key->name, key->id, view_of(signature, sizeof signature), out);
    buffer_free(&message);
}

static void cosign_stored(struct court *court, unsigned witness, uint64_t time_s, struct buffer *out)
{
    struct buffer note = stored_note(court);
    struct checkpoint *checkpoint = malloc(sizeof *checkpoint);

    OK(checkpoint_parse(buffer_view(&note), checkpoint, FAULT));
    cosign(court, witness, checkpoint->text, time_s, out);
    free(checkpoint);
    buffer_free(&note);
}

static enum status give(struct court *court, struct view lines, size_t *added, bool *signed_by)
{
    struct ledger_txn *txn = NULL;
    struct fault fault = {0};
    enum status status;

    OK(ledger_begin(court->f.ledger, true, &txn, FAULT));
    status = views_cosign(txn, court->size, court->policy, lines, court->latest_s, added, signed_by, &fault);
    if (status == STATUS_OK) {
        OK(ledger_commit(txn, FAULT));
    } else {
        ledger_abort(txn);
    }
    return status;
}

static void check_times(struct court *court, const uint64_t *wanted)
{
    bool signed_by[POLICY_WITNESSES_MAX] = {false};
    uint64_t times[POLICY_WITNESSES_MAX] = {0};
    struct ledger_txn *txn = NULL;

    OK(ledger_begin(court->f.ledger, false, &txn, FAULT));
    OK(views_cosigned(txn, court->size, court->policy, signed_by, times, FAULT));
    ledger_abort(txn);
    for (unsigned i = 0; i < WITNESSES; i++) {
        ck_assert_uint_eq(times[i], wanted[i]);
        ck_assert(signed_by[i] == (wanted[i] != 0));
    }
}
