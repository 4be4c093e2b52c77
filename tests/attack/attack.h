/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attack: the attacks by name, each on a ledger that was taken apart. Everything after the change is hashed and signed anew by the caller.
 */
#ifndef UNBROKEN_TESTS_ATTACK_H
#define UNBROKEN_TESTS_ATTACK_H

#include "tests/attack/forge.h"

struct attack {
    const char *name;
    void (*apply)(struct forge *forge, const struct request *request);
};

/* Each list ends with a NULL name. */
extern const struct attack attack_records[]; /* attack_record.c: records removed, moved, repeated, kept back; false heads */
extern const struct attack attack_people[];  /* attack_people.c: signatures by those who may not sign */
extern const struct attack attack_details[]; /* attack_detail.c: details and sheets */
extern const struct attack attack_ledgers[]; /* attack_ledger.c: whole histories */

/* The index in --record; it must be that of an act. */
size_t attack_record(const struct forge *forge, const struct request *request);
/*
 * A new act at the end, a label of --item printed, signed with --key as --person in --capacity by --appointment: whether it is right is up
 * to these.
 */
void attack_add_label(struct forge *forge, const struct request *request);

#endif
