/* SPDX-License-Identifier: Apache-2.0 */
/*
 * serve: see the header. libmicrohttpd with external polling, driven by one thread of ours: between its turns that thread ends what has taken
 * too long, which the library's own time-out, counted from the last byte, does not.
 */
#include "ledger/serve_inside.h"

#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "ledger/files.h"
#include "verify/text.h"

enum {
    CONNECTIONS = 256, PER_ADDRESS = 32, TIMEOUT_S = 10, SLOW_TIMES = 3,
    CONNECTION_BYTES = 16 * 1024, /* a request's headers, and what is read at once */
    TURN_MS = 200, BACKLOG = 128
};

uint64_t serve_now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* ---- connections ----------------------------------------------------------------------------- */

static void on_connection(void *context, struct MHD_Connection *connection, void **slot, enum MHD_ConnectionNotificationCode code)
{
    struct server *server = context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        struct serve_connection *new = calloc(1, sizeof *new);

        *slot = new;
        if (new == NULL || info == NULL) {
            return; /* without a clock of its own; the library's still runs */
        }
        new->fd = info->connect_fd;
        new->since_ms = serve_now_ms();
        new->next = server->connections;
        if (new->next != NULL) {
            new->next->back = &new->next;
        }
        new->back = &server->connections;
        server->connections = new;
    } else if (*slot != NULL) {
        struct serve_connection *old = *slot;

        if (old->back != NULL) {
            *old->back = old->next;
            if (old->next != NULL) {
                old->next->back = old->back;
            }
        }
        free(old);
        *slot = NULL;
    }
}

/* Shut, not closed: the library then finds the connection's end and clears it away. */
static void end_slow(struct server *server)
{
    uint64_t now_ms = serve_now_ms();

    for (struct serve_connection *at = server->connections; at != NULL; at = at->next) {
        if (now_ms - at->since_ms > (uint64_t)server->timeout_s * SLOW_TIMES * 1000 + at->more_ms) {
            (void)shutdown(at->fd, SHUT_RDWR);
        }
    }
}

static bool any_busy(const struct server *server)
{
    for (const struct serve_connection *at = server->connections; at != NULL; at = at->next) {
        if (at->busy) {
            return true;
        }
    }
    return false;
}

/* ---- the thread ------------------------------------------------------------------------------ */

static void *run(void *context)
{
    struct server *server = context;
    uint64_t until_ms;

    while (!atomic_load(&server->stop)) {
        (void)MHD_run_wait(server->daemon, TURN_MS);
        end_slow(server);
    }
    /* No new connections; what is on its way is answered, in bounded time. */
    (void)MHD_quiesce_daemon(server->daemon);
    until_ms = serve_now_ms() + (uint64_t)server->timeout_s * 1000;
    while (any_busy(server) && serve_now_ms() < until_ms) {
        (void)MHD_run_wait(server->daemon, TURN_MS);
        end_slow(server);
    }
    MHD_stop_daemon(server->daemon);
    return NULL;
}

/* Signals are for the threads that the program started itself. */
static enum status start_thread(struct server *server, struct fault *fault)
{
    sigset_t all, before;
    int error;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(&server->thread, NULL, run, server);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error != 0) {
        return files_fault(fault, error, "start a thread for", server->address);
    }
    server->running = true;
    return STATUS_OK;
}

/* ---- the address ----------------------------------------------------------------------------- */

/* "HOST:PORT" or "[HOST]:PORT", numbers both: no name service is asked where a server listens. */
static enum status parse_address(const char *listen, struct addrinfo **out, struct fault *fault)
{
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE, .ai_socktype = SOCK_STREAM};
    const char *colon = strrchr(listen, ':');
    size_t len = colon == NULL ? 0 : (size_t)(colon - listen);
    char host[SERVE_ADDRESS_BYTES];
    bool bracketed = len > 2 && listen[0] == '[' && listen[len - 1] == ']';
    uint64_t port = 0;

    if (len == 0 || len >= sizeof host || !text_decimal(view_text(colon + 1), &port) || port > 65535 ||
        (!bracketed && memchr(listen, ':', len) != NULL)) {
        len = 0;
    } else {
        memcpy(host, listen + (bracketed ? 1 : 0), len - (bracketed ? 2 : 0));
        host[len - (bracketed ? 2 : 0)] = '\0';
    }
    if (len == 0 || getaddrinfo(host, colon + 1, &hints, out) != 0) {
        struct buffer shown = {0};

        text_escape(&shown, view_text(listen));
        buffer_append_byte(&shown, 0);
        (void)fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "\"%.60s\" is no address to listen on: it is 127.0.0.1:8080 or [::1]:8080",
                        shown.failed ? "?" : (const char *)shown.ptr);
        buffer_free(&shown);
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

static void print_address(struct server *server, const struct sockaddr *address, socklen_t len)
{
    char host[SERVE_ADDRESS_BYTES] = "?", port[16] = "?";

    (void)getnameinfo(address, len, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
    (void)snprintf(server->address, sizeof server->address, address->sa_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

static enum status open_socket(struct server *server, const char *listen_on, struct fault *fault)
{
    struct addrinfo *found = NULL;
    struct sockaddr_storage address;
    socklen_t len = sizeof address;
    const int yes = 1;
    enum status status = parse_address(listen_on, &found, fault);

    if (status != STATUS_OK) {
        return status;
    }
    server->socket = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (server->socket < 0 || setsockopt(server->socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        (found->ai_family == AF_INET6 && setsockopt(server->socket, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes) != 0) ||
        bind(server->socket, found->ai_addr, found->ai_addrlen) != 0 || listen(server->socket, BACKLOG) != 0 ||
        getsockname(server->socket, (struct sockaddr *)&address, &len) != 0) {
        status = files_fault(fault, errno, "listen on", listen_on);
        status = status == STATUS_MISSING ? STATUS_ENVIRONMENT : status;
    } else {
        print_address(server, (struct sockaddr *)&address, len);
    }
    freeaddrinfo(found);
    return status;
}

/* ---- opening and closing --------------------------------------------------------------------- */

/* The library's own complaints: bad requests that no handler sees, TLS that fails. */
static void on_message(void *context, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));
static void on_message(void *context, const char *format, va_list arguments)
{
    struct server *server = context;
    char message[SERVE_LINE_BYTES];

    (void)vsnprintf(message, sizeof message, format, arguments);
    for (size_t len = strlen(message); len > 0 && message[len - 1] == '\n'; len--) {
        message[len - 1] = '\0';
    }
    serve_say(server, view_text(message));
}

/* Paths stay as they came. */
static size_t no_unescape(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

static enum status start_daemon(struct server *server, const struct serve_options *options, struct fault *fault)
{
    struct MHD_OptionItem tls[4] = {{.option = MHD_OPTION_END}};
    unsigned flags = MHD_USE_EPOLL | MHD_USE_ERROR_LOG;

    if (server->certificate.len > 0) {
        flags |= MHD_USE_TLS;
        tls[0] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, server->certificate.ptr};
        tls[1] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, server->key.ptr};
        tls[2] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0, server->priorities};
        tls[3] = (struct MHD_OptionItem){.option = MHD_OPTION_END};
    }
    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, serve_request_came, server, MHD_OPTION_EXTERNAL_LOGGER, on_message, server, MHD_OPTION_LISTEN_SOCKET, server->socket,
        MHD_OPTION_CONNECTION_LIMIT, options->connections_max == 0 ? (unsigned)CONNECTIONS : options->connections_max,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, options->per_address_max == 0 ? (unsigned)PER_ADDRESS : options->per_address_max,
        MHD_OPTION_CONNECTION_TIMEOUT, server->timeout_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_UNESCAPE_CALLBACK, no_unescape, NULL, MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
        MHD_OPTION_NOTIFY_COMPLETED, serve_request_ended, server, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
    if (server->daemon == NULL) {
        return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "libmicrohttpd does not start on %s", server->address);
    }
    return STATUS_OK;
}

enum status serve_open(const struct serve_options *options, serve_handler *handler, serve_log *log, void *context, struct server **out,
                       struct fault *fault)
{
    struct server *server = calloc(1, sizeof *server);
    enum status status;

    if (server == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    server->socket = -1;
    server->handler = handler;
    server->log = log;
    server->context = context;
    server->body_max = options->body_max;
    server->timeout_s = options->timeout_s == 0 ? (unsigned)TIMEOUT_S : options->timeout_s;
    status = serve_tls(server, options, fault);
    if (status == STATUS_OK) {
        status = open_socket(server, options->listen, fault);
    }
    if (status == STATUS_OK) {
        status = start_daemon(server, options, fault);
    }
    if (status == STATUS_OK) {
        status = start_thread(server, fault);
    }
    if (status != STATUS_OK) {
        serve_close(server);
        return status;
    }
    *out = server;
    return STATUS_OK;
}

const char *serve_address(const struct server *server)
{
    return server->address;
}

void serve_close(struct server *server)
{
    if (server == NULL) {
        return;
    }
    if (server->running) {
        atomic_store(&server->stop, true);
        (void)pthread_join(server->thread, NULL);
    } else if (server->daemon != NULL) {
        (void)MHD_quiesce_daemon(server->daemon);
        MHD_stop_daemon(server->daemon);
    }
    if (server->socket >= 0) {
        (void)close(server->socket);
    }
    serve_tls_wipe(server);
    free(server);
}
