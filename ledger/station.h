/* SPDX-License-Identifier: Apache-2.0 */
/*
 * station: is a checkpoint signed by this station key? Which key must have signed it is station_key_at's to say (verify/state.h).
 */
#ifndef UNBROKEN_LEDGER_STATION_H
#define UNBROKEN_LEDGER_STATION_H

#include "verify/note.h"

bool station_signed(struct hasher *hasher, const struct checkpoint *checkpoint, const uint8_t key[ED25519_BYTES]);

#endif
