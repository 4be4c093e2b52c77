/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch: answers that end, do not end, lie about their length, come slowly or not at all. Breaks when a peer can hold the caller longer than it
 * allowed, or make it keep more bytes; when one bad peer spoils another's answer; when a redirect, a proxy or another protocol is followed.
 */
#include "ledger/fetch.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/listener.h"

#define FAULT (&(struct fault){0})

enum mood { GOOD, REDIRECT, ENDLESS_BODY, ENDLESS_HEADERS, SILENT, GARBAGE, SHORT, LONG_TYPE, ENDLESS_INTERIM };

struct peer {
    struct listener listener;
    enum mood mood;
    struct buffer heard;
    char url[64];
};

/* Until the other side has had enough. */
static void write_on(int fd, const char *text)
{
    for (unsigned i = 0; i < 1000000; i++) {
        if (write(fd, text, strlen(text)) < 0) {
            return;
        }
    }
}

static void serve(int fd, unsigned index, void *context)
{
    struct peer *peer = context;
    struct buffer heard = {0};
    bool whole = listener_read_to(fd, &heard, "\r\n\r\n", 8192);

    (void)index;
    buffer_append_view(&peer->heard, buffer_view(&heard));
    buffer_free(&heard);
    if (!whole && peer->mood != GOOD) {
        return;
    }
    switch (peer->mood) {
    case GOOD:
        listener_write(fd, view_text("HTTP/1.1 200 OK\r\nContent-Type: Text/X.Tlog.Size; charset=utf-8\r\nContent-Length: 5\r\n\r\nhello"));
        break;
    case REDIRECT:
        listener_write(fd, view_text("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 2\r\n\r\nno"));
        break;
    case ENDLESS_BODY:
        listener_write(fd, view_text("HTTP/1.1 200 OK\r\n\r\n"));
        write_on(fd, "0123456789abcdef0123456789abcdef");
        break;
    case ENDLESS_HEADERS:
        listener_write(fd, view_text("HTTP/1.1 200 OK\r\n"));
        write_on(fd, "X-A: 0123456789abcdef0123456789abcdef\r\n");
        break;
    case ENDLESS_INTERIM:
        write_on(fd, "HTTP/1.1 102 Processing\r\nX-A: 0123456789abcdef\r\n\r\n");
        break;
    case SILENT: {
        struct buffer rest = {0};
        (void)listener_read_to(fd, &rest, "never", 8192); /* the other side ends it */
        buffer_free(&rest);
        break;
    }
    case GARBAGE:
        listener_write(fd, view_text("SSH-2.0-OpenSSH_9.2\r\n"));
        break;
    case SHORT:
        listener_write(fd, view_text("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhello"));
        break;
    case LONG_TYPE:
        listener_write(fd, view_text("HTTP/1.1 404 Not Found\r\nContent-Type: "
                                     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/b\r\nContent-Length: 0\r\n\r\n"));
        break;
    }
}

static void peer_start(struct peer *peer, enum mood mood)
{
    *peer = (struct peer){.mood = mood};
    listener_start(&peer->listener, serve, peer);
    (void)snprintf(peer->url, sizeof peer->url, "http://127.0.0.1:%u/a/b", peer->listener.port);
}

static void peer_stop(struct peer *peer)
{
    listener_stop(&peer->listener);
    buffer_free(&peer->heard);
}

static struct fetch_answer ask(enum mood mood, struct fetch_request request, struct peer *peer)
{
    struct fetcher *fetcher = NULL;
    struct fetch_answer answer;

    peer_start(peer, mood);
    request.url = peer->url;
    ck_assert_int_eq(fetcher_open(&fetcher, FAULT), STATUS_OK);
    ck_assert_int_eq(fetch_all(fetcher, &request, 1, &answer, FAULT), STATUS_OK);
    fetcher_close(fetcher);
    return answer;
}

START_TEST(an_answer_is_given_whole)
{
    struct peer peer;
    struct fetch_answer answer = ask(GOOD, (struct fetch_request){.answer_max = 5}, &peer);

    ck_assert_int_eq(answer.status, STATUS_OK);
    ck_assert_int_eq(answer.http_status, 200);
    ck_assert_str_eq(answer.content_type, "text/x.tlog.size");
    ck_assert(view_equal(buffer_view(&answer.body), view_text("hello")));
    listener_stop(&peer.listener);
    buffer_append_byte(&peer.heard, 0);
    ck_assert_ptr_nonnull(strstr((const char *)peer.heard.ptr, "GET /a/b HTTP/1.1\r\n"));
    buffer_free(&peer.heard);
    fetch_answer_free(&answer);
}
END_TEST

START_TEST(a_post_has_its_body_and_waits_for_no_interim_answer)
{
    struct peer peer;
    struct fetch_answer answer = ask(GOOD, (struct fetch_request){.answer_max = 100, .post = true, .body = view_text("q=1\r\n\r\n"), .content_type = "text/plain"}, &peer);

    ck_assert_int_eq(answer.status, STATUS_OK);
    listener_stop(&peer.listener);
    buffer_append_byte(&peer.heard, 0);
    ck_assert_ptr_nonnull(strstr((const char *)peer.heard.ptr, "POST /a/b HTTP/1.1\r\n"));
    ck_assert_ptr_nonnull(strstr((const char *)peer.heard.ptr, "Content-Type: text/plain\r\n"));
    ck_assert_ptr_nonnull(strstr((const char *)peer.heard.ptr, "Content-Length: 7\r\n"));
    ck_assert_ptr_null(strstr((const char *)peer.heard.ptr, "100-continue"));
    buffer_free(&peer.heard);
    fetch_answer_free(&answer);
}
END_TEST

static const struct {
    enum mood mood;
    size_t answer_max;
    enum status status;
    const char *why;
} bad[] = {
    {GOOD, 4, STATUS_DAMAGED, "longer than it may be"},
    {ENDLESS_BODY, 100000, STATUS_DAMAGED, "longer than it may be"},
    {ENDLESS_HEADERS, 100000, STATUS_DAMAGED, "headers do not end"},
    {ENDLESS_INTERIM, 100000, STATUS_DAMAGED, "headers do not end"},
    {SILENT, 100, STATUS_ENVIRONMENT, "127.0.0.1"},
    {GARBAGE, 100, STATUS_ENVIRONMENT, "127.0.0.1"},
    {SHORT, 1000, STATUS_ENVIRONMENT, "127.0.0.1"},
};

START_TEST(what_is_wrong_with_an_answer_is_told)
{
    struct peer peer;
    struct fetch_answer answer = ask(bad[_i].mood, (struct fetch_request){.answer_max = bad[_i].answer_max, .total_ms = 3000}, &peer);

    ck_assert_int_eq(answer.status, bad[_i].status);
    ck_assert_msg(strstr(answer.fault.text, bad[_i].why) != NULL, "%s", answer.fault.text);
    ck_assert_uint_eq(answer.body.len, 0);
    fetch_answer_free(&answer);
    peer_stop(&peer);
}
END_TEST

START_TEST(a_redirect_is_an_answer_and_is_not_followed)
{
    struct peer peer;
    struct fetch_answer answer = ask(REDIRECT, (struct fetch_request){.answer_max = 100}, &peer);

    ck_assert_int_eq(answer.status, STATUS_OK);
    ck_assert_int_eq(answer.http_status, 302);
    ck_assert(view_equal(buffer_view(&answer.body), view_text("no")));
    fetch_answer_free(&answer);
    peer_stop(&peer);
}
END_TEST

START_TEST(a_type_that_is_too_long_is_none)
{
    struct peer peer;
    struct fetch_answer answer = ask(LONG_TYPE, (struct fetch_request){.answer_max = 100}, &peer);

    ck_assert_int_eq(answer.status, STATUS_OK);
    ck_assert_int_eq(answer.http_status, 404);
    ck_assert_str_eq(answer.content_type, "");
    fetch_answer_free(&answer);
    peer_stop(&peer);
}
END_TEST

START_TEST(other_protocols_and_nonsense_are_refused)
{
    static const char *const urls[] = {"file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/x", "", "http://", "no such\x1b[31m thing"};
    struct fetcher *fetcher = NULL;

    ck_assert_int_eq(fetcher_open(&fetcher, FAULT), STATUS_OK);
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct fetch_request request = {.url = urls[i], .answer_max = 100, .total_ms = 3000};
        struct fetch_answer answer;

        ck_assert_int_eq(fetch_all(fetcher, &request, 1, &answer, FAULT), STATUS_OK);
        ck_assert_int_eq(answer.status, STATUS_ENVIRONMENT);
        ck_assert_ptr_null(strchr(answer.fault.text, '\x1b'));
        fetch_answer_free(&answer);
    }
    fetcher_close(fetcher);
}
END_TEST

/* A proxy of the environment would see every question. */
START_TEST(the_environment_sends_it_nowhere_else)
{
    struct peer peer;
    struct fetch_answer answer;

    ck_assert_int_eq(setenv("http_proxy", "http://127.0.0.1:1", 1), 0);
    answer = ask(GOOD, (struct fetch_request){.answer_max = 100}, &peer);
    ck_assert_int_eq(answer.status, STATUS_OK);
    fetch_answer_free(&answer);
    peer_stop(&peer);
}
END_TEST

START_TEST(one_bad_peer_spoils_no_other_answer)
{
    static const enum mood moods[] = {SILENT, GOOD, ENDLESS_BODY, GOOD, GARBAGE};
    enum { COUNT = 5 };
    struct peer peers[COUNT];
    struct fetch_request requests[COUNT];
    struct fetch_answer answers[COUNT];
    struct fetcher *fetcher = NULL;
    struct timespec before;
    struct timespec after;

    for (size_t i = 0; i < COUNT; i++) {
        peer_start(&peers[i], moods[i]);
        requests[i] = (struct fetch_request){.url = peers[i].url, .answer_max = 1000, .total_ms = 2000};
    }
    ck_assert_int_eq(fetcher_open(&fetcher, FAULT), STATUS_OK);
    ck_assert_int_eq(clock_gettime(CLOCK_MONOTONIC, &before), 0);
    ck_assert_int_eq(fetch_all(fetcher, requests, COUNT, answers, FAULT), STATUS_OK);
    ck_assert_int_eq(clock_gettime(CLOCK_MONOTONIC, &after), 0);
    ck_assert_msg(after.tv_sec - before.tv_sec < 60, "a silent peer holds the caller");
    for (size_t i = 0; i < COUNT; i++) {
        ck_assert_int_eq(answers[i].status == STATUS_OK, moods[i] == GOOD);
        fetch_answer_free(&answers[i]);
        peer_stop(&peers[i]);
    }
    fetcher_close(fetcher);
}
END_TEST

START_TEST(a_url_has_one_slash_between)
{
    static const char *const prefixes[] = {"http://a.example", "http://a.example/", "http://a.example//"};

    for (size_t i = 0; i < 3; i++) {
        char *url = fetch_url(view_text(prefixes[i]), "b/c");
        ck_assert_str_eq(url, "http://a.example/b/c");
        free(url);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fetch");
    TCase *tests = tcase_create("fetch");
    SRunner *runner = srunner_create(suite);
    int failed;

    (void)signal(SIGPIPE, SIG_IGN); /* a peer that writes on when nobody reads any more */
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, an_answer_is_given_whole);
    tcase_add_test(tests, a_post_has_its_body_and_waits_for_no_interim_answer);
    tcase_add_loop_test(tests, what_is_wrong_with_an_answer_is_told, 0, sizeof bad / sizeof *bad);
    tcase_add_test(tests, a_redirect_is_an_answer_and_is_not_followed);
    tcase_add_test(tests, a_type_that_is_too_long_is_none);
    tcase_add_test(tests, other_protocols_and_nonsense_are_refused);
    tcase_add_test(tests, the_environment_sends_it_nowhere_else);
    tcase_add_test(tests, one_bad_peer_spoils_no_other_answer);
    tcase_add_test(tests, a_url_has_one_slash_between);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
