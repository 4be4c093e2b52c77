/* SPDX-License-Identifier: Apache-2.0 */
/*
 * send_inside: what the files of send share. Nobody else includes it.
 */
#ifndef UNBROKEN_PRINTER_SEND_INSIDE_H
#define UNBROKEN_PRINTER_SEND_INSIDE_H

#include "printer/send.h"

enum { SEND_HOST_BYTES = 256, SEND_PATH_BYTES = 256, SEND_SHOWN_BYTES = 160 };

enum send_way { SEND_RAW, SEND_IPP };

/* An address taken apart. */
struct send_target {
    enum send_way way;
    bool tls;
    char host[SEND_HOST_BYTES]; /* a name or an address, without brackets */
    unsigned port;
    char path[SEND_PATH_BYTES]; /* "/..." of visible ASCII */
    char shown[SEND_SHOWN_BYTES]; /* for messages */
};

/* One job on its way. only_ask: nothing is sent but questions. */
struct sending {
    const struct send_target *target;
    const struct send_job *job;
    const struct send_times *times;
    bool only_ask;
    struct sent *out;
    struct fault *fault;
};

MUST_USE enum status send_raw(struct sending *sending); /* send_tcp.c */
MUST_USE enum status send_ipp(struct sending *sending); /* send_ipp.c */

/* Fills said, escaped, cut to its size at a character. */
void send_say(struct sent *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Appends text from outside: escaped, at most limit bytes of it. */
void send_quote(struct buffer *out, const char *text, size_t limit);

#endif
