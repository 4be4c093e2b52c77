/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fixture: small ledgers for tests: three founders (persons 1 to 3, threshold 2), a custodian (4), an officer (5), in a directory of their own.
 * Included as text, fixture.c with it, so that the tests of verify/ need no ledger to link.
 */
#ifndef UNBROKEN_TESTS_LEDGER_FIXTURE_H
#define UNBROKEN_TESTS_LEDGER_FIXTURE_H

#include "ledger/compose.h"
#include "ledger/ledger.h"
#include "ledger/secret.h"

enum { FOUNDERS = 3, CUSTODIAN = 4, OFFICER = 5, PEOPLE_MAX = 1024 };

struct fixture {
    char root[64]; /* temporary directory: everything is in it */
    char dir[96];  /* the ledger */
    char head[112];
    struct hasher *hasher;
    struct secret *people[PEOPLE_MAX]; /* by person number */
    uint8_t seed[32];
    struct ledger *ledger;
    uint64_t now_s;
    struct hash id;
    uint64_t seen_size;
    struct hash seen_root;
};

/* An act being made; signers sign in order. */
struct making {
    struct composer *composer;
    struct act *act;
};

/* A signed act, ready to be appended. */
struct signed_act {
    struct draft draft;
    struct buffer act;
    struct view *parts;
    struct submission submission;
};

#endif
