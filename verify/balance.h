/* SPDX-License-Identifier: Apache-2.0 */
/*
 * balance: masses, pieces and contents (SPEC 7.3.7 to 7.3.9, 7.3.12). Internal to the replay.
 */
#ifndef UNBROKEN_VERIFY_BALANCE_H
#define UNBROKEN_VERIFY_BALANCE_H

#include "verify/effects.h"

/* A net mass stated by weigh or accept: arithmetic, drift, new net. */
void balance_weighed(struct pass *pass, const struct entry *entry, struct subject *subject);
/* sample and split: parent or child. */
void balance_split(struct pass *pass, const struct entry *entry, struct subject *subject);
/* birth, death, freed. */
void balance_animal(struct pass *pass, const struct entry *entry, struct subject *subject);
/* pack and unpack: the thing or the container. */
void balance_pack(struct pass *pass, const struct entry *entry, struct subject *subject);

#endif
