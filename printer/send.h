/* SPDX-License-Identifier: Apache-2.0 */
/*
 * send: bytes straight to a printer, and what the printer says about it. Two ways:
 *
 *   tcp://HOST[:9100], socket://HOST[:9100]           the bytes as they are (label printers)
 *   ipp://HOST[:631]/PATH, ipps://HOST[:631]/PATH     a print job (RFC 8010, 8011): office printers and CUPS; ipps with TLS
 *
 * Paper that stands in court is counted, so a printer that is out of paper, open or paused is an error before anything is sent, and a
 * connection cut half-way is an error that says how much went. The certificate of an ipps printer must be one that this machine trusts, and
 * of that name. All waiting is bounded, all answers are of bounded length, and nothing in them is trusted to be true: this is no proof.
 * Not here: queues, drivers, retries, passwords.
 */
#ifndef UNBROKEN_PRINTER_SEND_H
#define UNBROKEN_PRINTER_SEND_H

#include "verify/bytes.h"

/* How long is waited, in milliseconds. */
struct send_times {
    unsigned connect_ms; /* until the connection stands, TLS included */
    unsigned state_ms;   /* for a label printer's answer about its state */
    unsigned answer_ms;  /* for a whole answer of an IPP printer */
    unsigned stall_ms;   /* while the printer takes not one byte more */
    unsigned job_ms;     /* until an IPP printer begins to print the job */
};

extern const struct send_times SEND_TIMES_USUAL;

struct send_job {
    const char *destination;        /* an address as above */
    const char *media_type;         /* ZPL_MEDIA_TYPE, "application/pdf" ... */
    const char *name;               /* of the job, for the printer's list: never a case fact */
    struct view bytes;
    const struct send_times *times; /* NULL: SEND_TIMES_USUAL */
};

enum { SEND_SAID_BYTES = 256 };

/* said: one sentence for the user without newline or full stop, escaped: "the printer does not report its state", "job 12 is completed". */
struct sent {
    uint64_t bytes;      /* of the job, as far as known, that reached the printer; also on failure */
    bool state_known;    /* the printer told its state, and it was good */
    char said[SEND_SAID_BYTES];
};

/* Is that an address as above? Asks nobody. Errors: STATUS_REFUSED, with what is wrong. */
MUST_USE enum status send_check(const char *destination, struct fault *fault);

/*
 * Connects and asks the printer for its state, sends nothing else: before prints are put on record. job->bytes is not looked at.
 * Errors: as send_document.
 */
MUST_USE enum status send_ask(const struct send_job *job, struct sent *out, struct fault *fault);

/*
 * Sends. Errors: STATUS_REFUSED (the address, or the printer takes no such media type), STATUS_UNTRUSTED (its certificate),
 * STATUS_ENVIRONMENT (not reached, cut off, or what the printer itself says, in plain words), STATUS_MEMORY. The message says how much went.
 */
MUST_USE enum status send_document(const struct send_job *job, struct sent *out, struct fault *fault);

#endif
