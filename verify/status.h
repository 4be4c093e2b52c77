/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status: how every fallible function of Unbroken answers, and the one sentence that goes with it.
 *
 * Three kinds of trouble are kept apart: our own bug (assert, never on input), hostile or damaged
 * data (STATUS_DAMAGED), and the environment (STATUS_ENVIRONMENT, STATUS_FULL, STATUS_MEMORY).
 * Libraries never print: they fill a struct fault, and a main or a command file prints it.
 */
#ifndef UNBROKEN_VERIFY_STATUS_H
#define UNBROKEN_VERIFY_STATUS_H

#include <stdint.h>

#define MUST_USE __attribute__((warn_unused_result))

/* Numbers are explicit and are never re-ordered: logs and tests name them. */
enum status {
    STATUS_OK = 0,
    STATUS_DAMAGED = 1,     /* bytes from outside break a rule of SPEC.md */
    STATUS_REFUSED = 2,     /* well-formed, but a rule of custody or of use says no */
    STATUS_MISSING = 3,     /* what was asked for does not exist */
    STATUS_UNTRUSTED = 4,   /* a signature, key or proof does not hold */
    STATUS_ENVIRONMENT = 5, /* the operating system or a library failed; errno or its text is in the fault */
    STATUS_FULL = 6,        /* no space left where we write */
    STATUS_MEMORY = 7,      /* out of memory */
    STATUS_INTERRUPTED = 8, /* the user stopped it; nothing was written */
};

/* No place applies. */
#define FAULT_NOWHERE UINT64_MAX

enum { FAULT_TEXT_BYTES = 512 };

/*
 * What went wrong: filled by the function that first notices, never overwritten on the way up.
 * at:   byte offset in the input for decoders, record index for ledgers, line for text files,
 *       else FAULT_NOWHERE. The function's header says which.
 * text: one sentence without newline that names the thing, the number and the rule. Text that
 *       came from outside is escaped before it enters (text_escape).
 */
struct fault {
    enum status status;
    uint64_t at;
    char text[FAULT_TEXT_BYTES];
};

/* Clears to STATUS_OK. */
void fault_clear(struct fault *fault);

/*
 * Fills the fault, unless it already holds one (the first notice is the most precise), and returns
 * status, so that `return fault_set(...)` reads well. fault may be NULL.
 */
enum status fault_set(struct fault *fault, enum status status, uint64_t at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A word for the status, for logs: "ok", "damaged", "refused" ... */
const char *status_name(enum status status);

#endif
