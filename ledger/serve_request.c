/* SPDX-License-Identifier: Apache-2.0 */
/*
 * serve_request: one request: its body is gathered up to the limit, the handler is asked, the answer is queued. libmicrohttpd takes an answer before
 * it has read a body, or behind it, but not in between: so a body whose length says too much is 413 at once, and one that comes in chunks without
 * a length ends with its connection where it passes the limit.
 */
#include "ledger/serve_inside.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "verify/text.h"

/* SLOWEST_BYTES_MS: a long answer has so much more time that 16 bytes a millisecond are enough. */
enum { PATH_SHOWN = 200, NUMBER_BYTES = 24, SLOWEST_BYTES_MS = 16 };

struct serving {
    struct buffer body;
};

void serve_say(struct server *server, struct view line)
{
    struct buffer shown = {0};

    if (server->log == NULL) {
        return;
    }
    text_escape(&shown, line);
    buffer_append_byte(&shown, 0);
    if (!shown.failed) {
        server->log(server->context, (const char *)shown.ptr);
    }
    buffer_free(&shown);
}

static void peer_of(struct MHD_Connection *connection, char *out, size_t len)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    socklen_t address_len = 0;

    (void)snprintf(out, len, "?");
    if (info != NULL && info->client_addr != NULL) {
        address_len = info->client_addr->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
        (void)getnameinfo(info->client_addr, address_len, out, (socklen_t)len, NULL, 0, NI_NUMERICHOST);
    }
}

/* "127.0.0.1 POST /add-checkpoint 200", and what the handler has to add. */
static void log_request(struct server *server, const struct serve_request *request, unsigned http_status, struct view note)
{
    struct buffer line = {0};

    buffer_printf(&line, "%s %.16s %.*s %u", request->peer, request->method, PATH_SHOWN, request->path, http_status);
    if (note.len > 0) {
        buffer_printf(&line, " ");
        buffer_append_view(&line, note);
    }
    if (!line.failed) {
        serve_say(server, buffer_view(&line));
    }
    buffer_free(&line);
}

static enum MHD_Result queue(struct MHD_Connection *connection, const struct serve_answer *answer, bool closes)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(answer->body.len, answer->body.ptr, MHD_RESPMEM_MUST_COPY);
    char retry[NUMBER_BYTES];
    enum MHD_Result result;

    if (response == NULL) {
        return MHD_NO;
    }
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->content_type);
    (void)MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (answer->allow != NULL) {
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, answer->allow);
    }
    if (answer->cache_control != NULL) {
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, answer->cache_control);
    }
    if (answer->retry_after_s > 0) {
        (void)snprintf(retry, sizeof retry, "%u", answer->retry_after_s);
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, retry);
    }
    if (closes) {
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    }
    result = MHD_queue_response(connection, answer->http_status, response);
    MHD_destroy_response(response);
    return result;
}

static struct serve_connection *connection_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info == NULL ? NULL : info->socket_context;
}

static bool says_too_long(struct MHD_Connection *connection, size_t body_max)
{
    const char *said = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    uint64_t len = 0;

    /* What is no number is the library's to refuse. */
    return said != NULL && (!text_decimal(view_text(said), &len) || len > body_max);
}

static enum MHD_Result refuse_long(struct server *server, struct MHD_Connection *connection, const struct serve_request *request)
{
    struct serve_answer answer = {.http_status = 413, .content_type = "text/plain; charset=utf-8"};
    enum MHD_Result result;

    buffer_printf(&answer.body, "a body has at most %zu bytes here\n", server->body_max);
    result = queue(connection, &answer, true);
    log_request(server, request, 413, view_of(NULL, 0));
    buffer_free(&answer.body);
    return result;
}

static enum MHD_Result answer_it(struct server *server, struct MHD_Connection *connection, const struct serve_request *request)
{
    struct serve_answer answer = {.http_status = 500, .content_type = "text/plain; charset=utf-8"};
    struct serve_connection *at = connection_of(connection);
    enum MHD_Result result;

    server->handler(server->context, request, &answer);
    if (answer.body.failed) {
        buffer_reset(&answer.body);
        answer.body.failed = false;
        answer.http_status = 500;
    }
    if (at != NULL) {
        at->since_ms = serve_now_ms(); /* the handler's time is not the client's */
        at->more_ms = (uint64_t)answer.body.len / SLOWEST_BYTES_MS;
    }
    result = queue(connection, &answer, false);
    log_request(server, request, answer.http_status, buffer_view(&answer.note));
    buffer_free(&answer.body);
    buffer_free(&answer.note);
    return result;
}

/* The first call: headers alone. */
static enum MHD_Result begin(struct server *server, struct MHD_Connection *connection, const struct serve_request *request, void **slot)
{
    struct serve_connection *at = connection_of(connection);

    *slot = calloc(1, sizeof(struct serving));
    if (at != NULL) {
        at->busy = true;
    }
    if (*slot == NULL) {
        return MHD_NO;
    }
    return says_too_long(connection, server->body_max) ? refuse_long(server, connection, request) : MHD_YES;
}

enum MHD_Result serve_request_came(void *context, struct MHD_Connection *connection, const char *path, const char *method, const char *version,
                                   const char *data, size_t *data_len, void **slot)
{
    struct server *server = context;
    struct serving *serving = *slot;
    char peer[SERVE_ADDRESS_BYTES];
    struct serve_request request = {.method = strcmp(method, "HEAD") == 0 ? "GET" : method, .path = path, .peer = peer};

    (void)version;
    peer_of(connection, peer, sizeof peer);
    if (serving == NULL) {
        return begin(server, connection, &request, slot);
    }
    if (*data_len > 0) {
        if (*data_len > server->body_max - serving->body.len) {
            log_request(server, &request, 413, view_text("(cut off)"));
            return MHD_NO;
        }
        buffer_append(&serving->body, data, *data_len);
        *data_len = 0;
        return serving->body.failed ? MHD_NO : MHD_YES;
    }
    request.body = buffer_view(&serving->body);
    return answer_it(server, connection, &request);
}

void serve_request_ended(void *context, struct MHD_Connection *connection, void **slot, enum MHD_RequestTerminationCode code)
{
    struct serving *serving = *slot;
    struct serve_connection *at = connection_of(connection);

    (void)context;
    (void)code;
    if (at != NULL) {
        at->busy = false;
        at->since_ms = serve_now_ms();
        at->more_ms = 0;
    }
    if (serving != NULL) {
        buffer_free(&serving->body);
        free(serving);
        *slot = NULL;
    }
}
