/* SPDX-License-Identifier: Apache-2.0 */
/*
 * station: the station signs checkpoints with key type 0x01 under the ledger's origin as key name (SPEC 3.6).
 */
#include "ledger/station.h"

#include <string.h>

enum { SIGNED_NOTE = 1 };

bool station_signed(struct hasher *hasher, const struct checkpoint *checkpoint, const uint8_t key[ED25519_BYTES])
{
    struct verifier_key verifier = {.name = checkpoint->origin, .type = SIGNED_NOTE};
    uint64_t time_s;

    if (checkpoint->origin.len == 0 || checkpoint->origin.len > NOTE_NAME_MAX) {
        return false;
    }
    verifier.key = (struct public_key){.algorithm = KEY_ED25519, .len = ED25519_BYTES};
    memcpy(verifier.key.bytes, key, ED25519_BYTES);
    verifier_key_id(hasher, verifier.name, verifier.type, key, verifier.id);
    return checkpoint_check(checkpoint, &verifier, &time_s) == NOTE_VALID;
}
