/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire: one connection to a printer, with or without TLS, on which nothing waits for ever. Not here: what is said on it.
 * One thread uses it. Never raises SIGPIPE.
 */
#ifndef UNBROKEN_PRINTER_WIRE_H
#define UNBROKEN_PRINTER_WIRE_H

#include "verify/bytes.h"

struct wire_tls;

struct wire {
    int fd;               /* -1: closed */
    struct wire_tls *tls; /* NULL: none */
    uint64_t written;     /* bytes handed to the system, without those of TLS itself */
};

/* Milliseconds of a clock that only runs forward: deadlines are moments of it. */
uint64_t wire_now_ms(void);

/*
 * Tries each address of the host. host: a name or an address. With tls: TLS 1.2 or later, the certificate trusted by this machine and of that
 * host. Errors: STATUS_ENVIRONMENT (not found, refused, no answer in time), STATUS_UNTRUSTED (the certificate), STATUS_MEMORY. The message
 * names neither host nor port. Closed after an error.
 */
MUST_USE enum status wire_open(const char *host, unsigned port, bool tls, unsigned connect_ms, struct wire *out, struct fault *fault);
/* Accepts a closed one. */
void wire_close(struct wire *wire);

/* All of it. Errors: STATUS_ENVIRONMENT (cut off, or not one byte taken for stall_ms). */
MUST_USE enum status wire_write(struct wire *wire, struct view bytes, unsigned stall_ms, struct fault *fault);

/* Up to cap bytes, at least one. *got 0: the other side has ended. Errors: STATUS_MISSING (nothing until the deadline), STATUS_ENVIRONMENT. */
MUST_USE enum status wire_read(struct wire *wire, uint8_t *into, size_t cap, uint64_t deadline_ms, size_t *got, struct fault *fault);

/* No more will be written. */
void wire_end(struct wire *wire);
/* STATUS_ENVIRONMENT: the other side has broken the connection off; asks the system, waits for nothing. */
MUST_USE enum status wire_check(const struct wire *wire, struct fault *fault);
/* Bytes written that the other machine has confirmed, as far as the system knows; without TLS. */
uint64_t wire_confirmed(const struct wire *wire);

/* ---- for wire_tls.c -------------------------------------------------------------------------- */

/* Some bytes on the bare socket. STATUS_MISSING: nothing until the deadline. */
MUST_USE enum status wire_socket_write(int fd, struct view bytes, uint64_t deadline_ms, size_t *taken, struct fault *fault);
MUST_USE enum status wire_socket_read(int fd, uint8_t *into, size_t cap, uint64_t deadline_ms, size_t *got, struct fault *fault);

MUST_USE enum status wire_tls_open(int fd, const char *host, uint64_t deadline_ms, struct wire_tls **out, struct fault *fault);
void wire_tls_close(struct wire_tls *tls); /* accepts NULL */
/* As wire_socket_write: bytes taken are in TLS's own buffer, all that was there before them is gone. */
MUST_USE enum status wire_tls_write(struct wire_tls *tls, int fd, struct view bytes, uint64_t deadline_ms, size_t *taken, struct fault *fault);
MUST_USE enum status wire_tls_read(struct wire_tls *tls, int fd, uint8_t *into, size_t cap, uint64_t deadline_ms, size_t *got, struct fault *fault);

#endif
