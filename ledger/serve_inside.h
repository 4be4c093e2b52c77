/* SPDX-License-Identifier: Apache-2.0 */
/* serve_inside: what serve.c (the server), serve_request.c (one request) and serve_tls.c share. */
#ifndef UNBROKEN_LEDGER_SERVE_INSIDE_H
#define UNBROKEN_LEDGER_SERVE_INSIDE_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "ledger/serve.h"

enum { SERVE_ADDRESS_BYTES = 64, SERVE_LINE_BYTES = 512 };

/* One connection's clock: when it was opened, or when its last request ended. */
struct serve_connection {
    int fd;
    uint64_t since_ms;
    uint64_t more_ms; /* what a long answer may take beside the time-out */
    bool busy; /* a request is being read or answered */
    struct serve_connection *next, **back;
};

struct server {
    struct MHD_Daemon *daemon;
    serve_handler *handler;
    serve_log *log;
    void *context;
    size_t body_max;
    unsigned timeout_s;
    int socket;
    char address[SERVE_ADDRESS_BYTES + 16];
    pthread_t thread;
    bool running;
    atomic_bool stop;
    struct serve_connection *connections; /* of the thread alone */
    struct buffer certificate, key;       /* PEM with a NUL behind it */
    char priorities[64];
};

uint64_t serve_now_ms(void);
/* To the log, escaped. */
void serve_say(struct server *server, struct view line);

/* Callbacks of libmicrohttpd, serve_request.c. */
enum MHD_Result serve_request_came(void *context, struct MHD_Connection *connection, const char *path, const char *method, const char *version,
                                   const char *data, size_t *data_len, void **slot);
void serve_request_ended(void *context, struct MHD_Connection *connection, void **slot, enum MHD_RequestTerminationCode code);

/* Takes certificate and key, where there are any, and looks whether they fit. Errors: STATUS_REFUSED, STATUS_ENVIRONMENT, STATUS_MEMORY. */
MUST_USE enum status serve_tls(struct server *server, const struct serve_options *options, struct fault *fault);
void serve_tls_wipe(struct server *server);

#endif
