/* SPDX-License-Identifier: Apache-2.0 */
/*
 * request: what one call of `attack` or `crude` is asked to do.
 */
#ifndef UNBROKEN_TESTS_REQUEST_H
#define UNBROKEN_TESTS_REQUEST_H

#include "ledger/secret.h"

struct request {
    const char *name; /* of the attack */
    const char *in;   /* the ledger, or the bundle */
    const char *out;  /* the bundle that is written */
    const char *from; /* another ledger, or another bundle */
    const char *as;   /* a ledger whose origin line and station's key are used */
    const char *origin;
    const char *policy; /* where to write a policy that trusts what is made */
    const char *request; /* where to write what a witness is asked, beside the bundle */
    const char *tiles;  /* where to write the folder of tiles that goes with it; the bundle is then written only if --item says of what */
    const char *key, *passphrase;
    /* UINT64_MAX where not given. */
    uint64_t item, about; /* what the attack is on, what the bundle is about: the one where the other is not given */
    uint64_t record, person, appointment, capacity, print, anchor;
    uint64_t old;             /* the size from which --request goes on */
    uint64_t claimed, logged; /* times, in seconds since 1970 */
};

/* "usage: PROGRAM NAME IN OUT [--item N] ..."; ends the program on any mistake. */
void request_read(int argc, char **argv, struct request *out);
/* The number, which must have been given. */
uint64_t request_number(uint64_t number, const char *option);
/* The key of --key with the passphrase in the first line of --passphrase. The caller closes it. */
struct secret *request_key(const struct request *request);
/* A key that nobody knows. The caller closes it. */
struct secret *request_new_key(void);
void request_write(const char *path, struct view bytes);

/* Every failure of the forger's own programs ends them with a message: they are test tools. */
void forge_die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
void forge_must(enum status status, const struct fault *fault);
/* Zeroed, and never NULL. */
void *forge_make(size_t count, size_t size);

#endif
