/* SPDX-License-Identifier: Apache-2.0 */
/* listener: a printer for tests: a thread that accepts connections on loopback, one after another, and serves each by a function of the test. */
#ifndef UNBROKEN_TESTS_SUPPORT_LISTENER_H
#define UNBROKEN_TESTS_SUPPORT_LISTENER_H

#include <pthread.h>
#include <stdatomic.h>

#include "verify/bytes.h"

/* fd: of the connection, closed afterwards; index: 0, 1, 2 ... */
typedef void listener_serve(int fd, unsigned index, void *context);

struct listener {
    int fd;
    unsigned port;
    pthread_t thread;
    listener_serve *serve;
    void *context;
    atomic_uint served; /* connections that are over */
    atomic_bool over;
};

void listener_start(struct listener *listener, listener_serve *serve, void *context);
/* Ends the thread once it has served whom it has accepted. */
void listener_stop(struct listener *listener);

/* Sends all, whatever becomes of it. */
void listener_write(int fd, struct view bytes);
/* Appends what comes until it ends in that text, or until the other side has ended, or to limit bytes in all. False: not that text. */
bool listener_read_to(int fd, struct buffer *out, const char *text, size_t limit);
/* The other side will see a reset, not an end, when the connection is closed. */
void listener_break(int fd);

#endif
