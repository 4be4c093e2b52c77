/* SPDX-License-Identifier: Apache-2.0 */
/*
 * serve: what hostile peers do to a server on loopback: bodies without end, bytes without haste, headers without measure, lengths that are not
 * true, more connections than there are. Breaks when a body is gathered beyond its limit, when a slow peer keeps its place, or when an honest
 * request is not answered afterwards. Times are limits only: nothing is expected to take long.
 */
#include "ledger/serve.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BODY_MAX = 4096, ANSWER_MAX = 65536, LIMIT_MS = 20000, PEERS = 4 };

#define FAULT (&(struct fault){0})

static struct server *server;
static unsigned handled;
static char logged[65536];
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;

/* "METHOD PATH LENGTH-OF-BODY". */
static void echo(void *context, const struct serve_request *request, struct serve_answer *answer)
{
    ck_assert_ptr_eq(context, &handled);
    handled++;
    ck_assert_uint_le(request->body.len, BODY_MAX);
    answer->http_status = strcmp(request->method, "DELETE") == 0 ? 405 : 200;
    answer->allow = answer->http_status == 405 ? "GET, POST" : NULL;
    answer->retry_after_s = 7;
    buffer_printf(&answer->body, "%s %s %zu\n", request->method, request->path, request->body.len);
    buffer_printf(&answer->note, "noted\n\033[31m");
}

static void keep_line(void *context, const char *line)
{
    ck_assert_ptr_eq(context, &handled);
    (void)pthread_mutex_lock(&log_lock);
    (void)snprintf(logged + strlen(logged), sizeof logged - strlen(logged), "%s\n", line);
    (void)pthread_mutex_unlock(&log_lock);
}

static void start_with(unsigned connections, unsigned per_address)
{
    struct serve_options options = {.listen = "127.0.0.1:0", .body_max = BODY_MAX, .connections_max = connections,
                                    .per_address_max = per_address, .timeout_s = 1};
    struct fault fault = {0};

    ck_assert_msg(serve_open(&options, echo, keep_line, &handled, &server, &fault) == STATUS_OK, "%s", fault.text);
}

static void start(void)
{
    start_with(0, 0);
}

static void stop(void)
{
    serve_close(server);
    server = NULL;
}

/* From that address of loopback. */
static int dial_from(uint32_t from)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(from)};
    const char *colon = strrchr(serve_address(server), ':');
    int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
    ck_assert_int_ge(peer, 0);
    ck_assert_int_eq(bind(peer, (struct sockaddr *)&own, sizeof own), 0);
    ck_assert_int_eq(connect(peer, (struct sockaddr *)&address, sizeof address), 0);
    return peer;
}

static int dial(void)
{
    return dial_from(INADDR_LOOPBACK);
}

static bool put(int peer, const void *bytes, size_t len)
{
    for (size_t at = 0; at < len;) {
        struct pollfd wait = {.fd = peer, .events = POLLOUT};
        ssize_t sent;

        ck_assert_int_gt(poll(&wait, 1, LIMIT_MS), 0);
        sent = send(peer, (const char *)bytes + at, len - at, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EAGAIN) {
            continue;
        }
        if (sent < 0) {
            return false;
        }
        at += (size_t)sent;
    }
    return true;
}

static bool say(int peer, const char *text)
{
    return put(peer, text, strlen(text));
}

/* Reads to the text, or to the end where that is NULL. False: the connection ended before. */
static bool hear(int peer, const char *until, char answer[ANSWER_MAX])
{
    size_t len = 0;

    answer[0] = '\0';
    while (until == NULL || strstr(answer, until) == NULL) {
        struct pollfd wait = {.fd = peer, .events = POLLIN};
        ssize_t got;

        ck_assert_msg(poll(&wait, 1, LIMIT_MS) > 0, "nothing came but: %s", answer);
        ck_assert_uint_lt(len, ANSWER_MAX - 1);
        got = recv(peer, answer + len, ANSWER_MAX - 1 - len, 0);
        if (got <= 0) {
            return until == NULL;
        }
        len += (size_t)got;
        answer[len] = '\0';
    }
    return true;
}

/* An honest request on a connection of its own is answered. */
static void still_there(void)
{
    char answer[ANSWER_MAX];
    int peer = dial();

    ck_assert(say(peer, "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"));
    ck_assert_msg(hear(peer, "POST /a 5\n", answer), "%s", answer);
    ck_assert_ptr_nonnull(strstr(answer, "HTTP/1.1 200 "));
    (void)close(peer);
}

static long resident_kb(void)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

START_TEST(requests_are_answered_on_one_connection)
{
    char answer[ANSWER_MAX];
    int peer = dial();

    ck_assert(say(peer, "GET /a%20b/c?query=1 HTTP/1.1\r\nHost: a\r\n\r\n"));
    ck_assert_msg(hear(peer, "GET /a%20b/c 0\n", answer), "%s", answer);
    ck_assert_ptr_nonnull(strstr(answer, "Content-Type: text/plain; charset=utf-8\r\n"));
    ck_assert_ptr_nonnull(strstr(answer, "Retry-After: 7\r\n"));
    ck_assert_ptr_null(strstr(answer, "Connection: close"));
    ck_assert(say(peer, "POST /post HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"));
    ck_assert_msg(hear(peer, "POST /post 7\n", answer), "%s", answer);
    ck_assert(say(peer, "DELETE /x HTTP/1.1\r\nHost: a\r\n\r\n"));
    ck_assert_msg(hear(peer, "DELETE /x 0\n", answer), "%s", answer);
    ck_assert_ptr_nonnull(strstr(answer, "HTTP/1.1 405 "));
    ck_assert_ptr_nonnull(strstr(answer, "Allow: GET, POST\r\n"));
    ck_assert(say(peer, "HEAD /h HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    ck_assert(hear(peer, NULL, answer));
    ck_assert_ptr_nonnull(strstr(answer, "HTTP/1.1 200 "));
    ck_assert_ptr_nonnull(strstr(answer, "Content-Length: 9\r\n")); /* of "GET /h 0\n", which is not sent */
    ck_assert_str_eq(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
    (void)close(peer);
    ck_assert_uint_eq(handled, 4);
}
END_TEST

START_TEST(a_log_line_tells_each_request_and_is_escaped)
{
    char answer[ANSWER_MAX];
    int peer = dial();

    ck_assert(say(peer, "GET /\033[2Jx HTTP/1.0\r\n\r\n"));
    ck_assert(hear(peer, NULL, answer));
    (void)close(peer);
    still_there();
    stop();
    ck_assert_ptr_nonnull(strstr(logged, "127.0.0.1 POST /a 200 noted"));
    ck_assert_ptr_null(strchr(logged, '\033'));
    ck_assert_ptr_nonnull(strstr(logged, "[31m\n")); /* the handler's newline has not made a second line */
}
END_TEST

START_TEST(a_body_that_says_it_is_too_long_is_413_unread)
{
    char answer[ANSWER_MAX];
    const char *lengths[] = {"4097", "1000000000", "18446744073709551615", "18446744073709551616", "99999999999999999999999"};

    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        char head[256];
        int peer = dial();

        (void)snprintf(head, sizeof head, "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: %s\r\n\r\n", lengths[i]);
        ck_assert(say(peer, head));
        ck_assert(hear(peer, NULL, answer)); /* and the connection ends, though no byte of the body was sent */
        ck_assert_msg(strstr(answer, "HTTP/1.1 413 ") == answer || strstr(answer, "HTTP/1.1 400 ") == answer, "%s: %s", lengths[i], answer);
        ck_assert(i >= 3 || strstr(answer, " 413 ") != NULL);
        (void)close(peer);
    }
    ck_assert_uint_eq(handled, 0);
    still_there();
}
END_TEST

START_TEST(a_body_of_the_limit_is_taken)
{
    char body[BODY_MAX + 1], answer[ANSWER_MAX];
    int peer = dial();

    memset(body, 'x', sizeof body);
    ck_assert(say(peer, "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4096\r\n\r\n"));
    ck_assert(put(peer, body, BODY_MAX));
    ck_assert_msg(hear(peer, "POST /a 4096\n", answer), "%s", answer);
    (void)close(peer);
}
END_TEST

/* Sends until the server ends it; how much went out. */
static size_t send_without_end(int peer, const char *piece, size_t len)
{
    size_t sent = 0;

    while (sent < 256u * 1024 * 1024 && put(peer, piece, len)) {
        sent += len;
    }
    return sent;
}

START_TEST(bodies_without_end_are_cut_off_and_take_no_memory)
{
    char piece[65536 + 16], answer[ANSWER_MAX];
    long before_kb;
    int peer;

    still_there();
    before_kb = resident_kb();
    memcpy(piece, "10000\r\n", 7); /* a chunk of 64 kB */
    memset(piece + 7, 'x', 65536);
    memcpy(piece + 7 + 65536, "\r\n", 2);
    peer = dial();
    ck_assert(say(peer, "POST /endless HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));
    ck_assert_uint_lt(send_without_end(peer, piece, 65536 + 9), 64u * 1024 * 1024);
    (void)close(peer);
    peer = dial();
    ck_assert(say(peer, "POST /endless HTTP/1.1\r\nHost: a\r\nContent-Length: 9007199254740991\r\n\r\n"));
    ck_assert_uint_lt(send_without_end(peer, piece, 65536), 64u * 1024 * 1024);
    (void)close(peer);
    /* A chunk that never ends, byte by byte the same. */
    peer = dial();
    ck_assert(say(peer, "POST /endless HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff0\r\n"));
    ck_assert_uint_lt(send_without_end(peer, piece + 7, 65536), 64u * 1024 * 1024);
    (void)hear(peer, NULL, answer);
    (void)close(peer);
    ck_assert_int_lt(resident_kb() - before_kb, 8 * 1024);
    ck_assert_uint_eq(handled, 1);
    still_there();
}
END_TEST

START_TEST(headers_without_measure_are_refused)
{
    char piece[4096], answer[ANSWER_MAX];
    long before_kb = resident_kb();
    int peer = dial();

    ck_assert(say(peer, "GET / HTTP/1.1\r\nHost: a\r\nX-Long: "));
    memset(piece, 'x', sizeof piece);
    ck_assert_uint_lt(send_without_end(peer, piece, sizeof piece), 64u * 1024 * 1024);
    (void)close(peer);
    peer = dial();
    ck_assert(say(peer, "GET /"));
    ck_assert_uint_lt(send_without_end(peer, piece, sizeof piece), 64u * 1024 * 1024); /* a request line without end */
    (void)close(peer);
    peer = dial();
    ck_assert(say(peer, "GET / HTTP/1.1\r\nHost: a\r\n"));
    for (unsigned i = 0; i < 100000 && say(peer, "X-Many: of them\r\n"); i++) {
    }
    (void)hear(peer, NULL, answer);
    (void)close(peer);
    ck_assert_int_lt(resident_kb() - before_kb, 8 * 1024);
    ck_assert_uint_eq(handled, 0);
    still_there();
}
END_TEST

static uint64_t now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* A byte each 50 ms: no gap is ever as long as the time-out of one second, and yet it ends. */
static void trickle(const char *head, const char *byte)
{
    uint64_t begin_ms = now_ms();
    int peer = dial();
    bool ended = false;

    ck_assert(say(peer, head));
    while (!ended) {
        struct pollfd wait = {.fd = peer, .events = POLLIN};

        ck_assert_msg(now_ms() - begin_ms < LIMIT_MS, "a slow peer keeps its place");
        if (poll(&wait, 1, 50) > 0) {
            char answer[ANSWER_MAX];

            ended = recv(peer, answer, sizeof answer, 0) <= 0;
        }
        ended = ended || !say(peer, byte);
    }
    (void)close(peer);
}

START_TEST(slow_bytes_do_not_keep_a_place)
{
    static const char *const heads[] = {"GET / HTTP/1.1\r\nX-Slow: ", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n",
                                        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"};
    static const char *const bytes[] = {"x", "x", "1\r\nx\r\n"};

    trickle(heads[_i], bytes[_i]);
    ck_assert_uint_eq(handled, 0);
    still_there();
}
END_TEST

START_TEST(silence_ends)
{
    char answer[ANSWER_MAX];
    int peer = dial(), other = dial();

    ck_assert(say(other, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nshort")); /* five bytes never come */
    ck_assert(hear(peer, NULL, answer));
    ck_assert_str_eq(answer, "");
    ck_assert(hear(other, NULL, answer));
    ck_assert_ptr_null(strstr(answer, " 200 "));
    (void)close(peer);
    (void)close(other);
    ck_assert_uint_eq(handled, 0);
    still_there();
}
END_TEST

START_TEST(lengths_that_are_none_are_refused)
{
    static const char *const lines[] = {"Content-Length: -1", "Content-Length: five", "Content-Length: 5x", "Content-Length: 0x5", "Content-Length: ",
                                        "Transfer-Encoding: chunked\r\nContent-Length: nonsense"};
    char head[256], answer[ANSWER_MAX];
    int peer = dial();

    (void)snprintf(head, sizeof head, "POST /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n%s\r\n\r\nhello", lines[_i]);
    ck_assert(say(peer, head));
    (void)hear(peer, NULL, answer);
    ck_assert_msg(strstr(answer, "HTTP/1.1 200 ") == NULL, "%s: %s", lines[_i], answer);
    (void)close(peer);
    ck_assert_uint_eq(handled, 0);
    still_there();
}
END_TEST

START_TEST(what_is_no_request_does_no_harm)
{
#define ODD(text) {text, sizeof text - 1}
    static const struct {
        const char *bytes;
        size_t len;
    } odd[] = {
        ODD("\0\0\0\0\r\n\r\n"), ODD("GET /\0hidden HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), ODD("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
        ODD("\r\n\r\n\r\n\r\n"), ODD("GET\r\n\r\n"), ODD("GET / HTTP/9.9\r\n\r\n"), ODD(" / HTTP/1.1\r\n\r\n"), ODD("\xff\xfe\xfd /\xc0 HTTP/1.1\r\n\r\n"),
        ODD("POST /add HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        ODD("POST /add HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello"),
    };
#undef ODD
    char answer[ANSWER_MAX];
    int peer = dial();

    ck_assert(put(peer, odd[_i].bytes, odd[_i].len));
    (void)shutdown(peer, SHUT_WR);
    (void)hear(peer, NULL, answer);
    (void)close(peer);
    still_there();
}
END_TEST

START_TEST(one_address_has_so_many_connections)
{
    int peers[PEERS], other;
    char answer[ANSWER_MAX];

    start_with(0, PEERS);
    for (size_t i = 0; i < PEERS; i++) {
        peers[i] = dial();
        ck_assert(say(peers[i], "GET /one HTTP/1.1\r\nHost: a\r\n\r\n"));
        ck_assert(hear(peers[i], "GET /one 0\n", answer));
    }
    other = dial();
    (void)say(other, "GET /more HTTP/1.1\r\nHost: a\r\n\r\n");
    (void)hear(other, NULL, answer);
    ck_assert_str_eq(answer, "");
    (void)close(other);
    ck_assert(say(peers[0], "GET /again HTTP/1.1\r\nHost: a\r\n\r\n"));
    ck_assert(hear(peers[0], "GET /again 0\n", answer));
    for (size_t i = 0; i < PEERS; i++) {
        (void)close(peers[i]);
    }
    /* Places that are free again are given again; until the server has noticed, a few are turned away. */
    for (uint64_t begin_ms = now_ms();;) {
        other = dial();
        ck_assert(now_ms() - begin_ms < LIMIT_MS);
        if (say(other, "GET /after HTTP/1.1\r\nHost: a\r\n\r\n") && hear(other, "GET /after 0\n", answer)) {
            (void)close(other);
            break;
        }
        (void)close(other);
    }
    stop();
}
END_TEST

/* One host opens connection after connection; another is answered meanwhile. */
START_TEST(thousands_of_connections_keep_nobody_else_out)
{
    enum { AT_ONCE = 500, TURNS = 4 };
    static int peers[AT_ONCE];
    char answer[ANSWER_MAX];
    long before_kb;

    start();
    before_kb = resident_kb();
    for (unsigned turn = 0; turn < TURNS; turn++) {
        int honest;

        for (size_t i = 0; i < AT_ONCE; i++) {
            peers[i] = dial();
            (void)say(peers[i], "GET / HTTP/1.1\r\nX: ");
        }
        honest = dial_from(INADDR_LOOPBACK + 8);
        ck_assert(say(honest, "GET /honest HTTP/1.1\r\nHost: a\r\n\r\n"));
        ck_assert(hear(honest, "GET /honest 0\n", answer));
        (void)close(honest);
        for (size_t i = 0; i < AT_ONCE; i++) {
            (void)close(peers[i]);
        }
    }
    ck_assert_int_lt(resident_kb() - before_kb, 16 * 1024);
    stop();
}
END_TEST

START_TEST(all_together_have_so_many_connections)
{
    int peers[3 * PEERS];
    char answer[ANSWER_MAX];

    start_with(PEERS, 1000);
    for (size_t i = 0; i < 3 * PEERS; i++) {
        peers[i] = dial(); /* those above wait in the queue of the system, or are ended */
    }
    /* Silence ends the first; all that are not ended are answered in their turn. */
    for (size_t i = 0; i < 3 * PEERS; i++) {
        if (say(peers[i], "GET /in-turn HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")) {
            (void)hear(peers[i], NULL, answer);
        }
        (void)close(peers[i]);
    }
    ck_assert_uint_ge(handled, PEERS);
    still_there();
    stop();
}
END_TEST

START_TEST(what_is_no_address_is_refused)
{
    static const char *const bad[] = {"", ":", "8080", "127.0.0.1", "127.0.0.1:", ":8080", "127.0.0.1:65536", "127.0.0.1:-1", "localhost:8080",
                                      "::1:8080", "[::1]", "[]:80", "127.0.0.1:80x", "256.0.0.1:80", "\033[1m:80"};
    struct serve_options options = {.listen = bad[_i], .body_max = 1};
    struct fault fault = {0};

    ck_assert_int_eq(serve_open(&options, echo, NULL, NULL, &server, &fault), STATUS_REFUSED);
    ck_assert_ptr_null(strchr(fault.text, '\033'));
}
END_TEST

START_TEST(an_address_that_is_taken_and_keys_that_do_not_fit_are_told)
{
    struct serve_options options = {.body_max = 1};
    struct server *second = NULL;
    struct fault fault = {0};

    start();
    options.listen = serve_address(server);
    ck_assert_int_eq(serve_open(&options, echo, NULL, NULL, &second, &fault), STATUS_ENVIRONMENT);
    ck_assert_ptr_nonnull(strstr(fault.text, "in use"));
    options.listen = "127.0.0.1:0";
    options.certificate = view_text("no PEM");
    ck_assert_int_eq(serve_open(&options, echo, NULL, NULL, &second, FAULT), STATUS_REFUSED);
    options.key = view_text("no PEM either");
    ck_assert_int_eq(serve_open(&options, echo, NULL, NULL, &second, FAULT), STATUS_ENVIRONMENT);
    serve_close(NULL);
    stop();
}
END_TEST

START_TEST(it_closes_while_others_are_connected)
{
    uint64_t begin_ms;
    int idle, half;

    start();
    idle = dial();
    half = dial();
    ck_assert(say(half, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf"));
    still_there();
    begin_ms = now_ms();
    stop();
    ck_assert_uint_lt(now_ms() - begin_ms, LIMIT_MS);
    (void)close(idle);
    (void)close(half);
}
END_TEST

START_TEST(ipv6_too)
{
    struct serve_options options = {.listen = "[::1]:0", .body_max = 1};
    struct fault fault = {0};

    if (serve_open(&options, echo, NULL, NULL, &server, &fault) == STATUS_OK) { /* where the machine has it */
        ck_assert_int_eq(strncmp(serve_address(server), "[::1]:", 6), 0);
        stop();
    } else {
        ck_assert_int_eq(fault.status, STATUS_ENVIRONMENT);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("serve");
    TCase *running = tcase_create("running");
    TCase *others = tcase_create("others");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_checked_fixture(running, start, stop);
    tcase_set_timeout(running, 120);
    tcase_set_timeout(others, 120);
    tcase_add_test(running, requests_are_answered_on_one_connection);
    tcase_add_test(running, a_log_line_tells_each_request_and_is_escaped);
    tcase_add_test(running, a_body_that_says_it_is_too_long_is_413_unread);
    tcase_add_test(running, a_body_of_the_limit_is_taken);
    tcase_add_test(running, bodies_without_end_are_cut_off_and_take_no_memory);
    tcase_add_test(running, headers_without_measure_are_refused);
    tcase_add_loop_test(running, slow_bytes_do_not_keep_a_place, 0, 3);
    tcase_add_test(running, silence_ends);
    tcase_add_loop_test(running, lengths_that_are_none_are_refused, 0, 6);
    tcase_add_loop_test(running, what_is_no_request_does_no_harm, 0, 10);
    tcase_add_test(others, one_address_has_so_many_connections);
    tcase_add_test(others, thousands_of_connections_keep_nobody_else_out);
    tcase_add_test(others, all_together_have_so_many_connections);
    tcase_add_loop_test(others, what_is_no_address_is_refused, 0, 15);
    tcase_add_test(others, an_address_that_is_taken_and_keys_that_do_not_fit_are_told);
    tcase_add_test(others, it_closes_while_others_are_connected);
    tcase_add_test(others, ipv6_too);
    suite_add_tcase(suite, running);
    suite_add_tcase(suite, others);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
