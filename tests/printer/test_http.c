/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http: answers in every allowed form, cut at every byte; what breaks a rule or a bound is refused. Breaks when a body is taken too short or too
 * long, when half an answer passes for a whole one, or when an answer without end is read on and on.
 */
#include "printer/http.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\n"

static const struct {
    const char *answer;
    unsigned code;
    const char *body;
    bool needs_end;
} good[] = {
    { HEAD "Content-Length: 5\r\n\r\nhello", 200, "hello", false },
    { HEAD "content-length:5 \r\n\r\nhello", 200, "hello", false },
    { HEAD "Content-Length: 0\r\n\r\n", 200, "", false },
    { "HTTP/1.0 404 Not Found\nContent-Length: 2\n\nno", 404, "no", false },
    { HEAD "\r\nhello", 200, "hello", true },
    { HEAD "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n", 200, "hello", false },
    { HEAD "TRANSFER-ENCODING: Chunked\r\n\r\n000a\r\n0123456789\r\n0\r\n", 200, "0123456789", false },
    { "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nA: b\r\n\r\n" HEAD "Content-Length: 1\r\n\r\nx", 200, "x", false },
    { "HTTP/1.1 426 \r\nUpgrade: TLS/1.0\r\nContent-Length: 0\r\n\r\n", 426, "", false },
};

static const char *const bad[] = {
    "SSH-2.0-OpenSSH_9.2\r\n",
    "HTTP/2 200 OK\r\n\r\n",
    "HTTP/1.1 2x0 OK\r\n\r\n",
    "HTTP/1.1 099 OK\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\n\r\n",
    HEAD "Content-Length: 1048577\r\n\r\n",
    HEAD "Content-Length: 99999999999999999999999\r\n\r\n",
    HEAD "Content-Length: -1\r\n\r\n",
    HEAD "Content-Length: 5x\r\n\r\nhello",
    HEAD "Transfer-Encoding: gzip\r\n\r\n",
    HEAD "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    HEAD "Transfer-Encoding: chunked\r\n\r\n\r\n",
    HEAD "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
    HEAD "Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n",
    "\r\n\r\n",
};

START_TEST(good_answers_at_every_cut)
{
    struct view whole = view_text(good[_i].answer);
    for (size_t len = 0; len < whole.len; len++) {
        struct buffer body = { 0 };
        unsigned code;
        enum http_progress progress = http_read(view_part(whole, 0, len), false, &code, &body);
        ck_assert_msg(progress == HTTP_MORE && body.len == 0, "%zu bytes", len);
        progress = http_read(view_part(whole, 0, len), true, &code, &body);
        ck_assert_msg(progress == HTTP_BAD || (good[_i].needs_end && progress == HTTP_DONE), "%zu bytes and the end", len);
        buffer_free(&body);
    }
    for (int ended = 0; ended < 2; ended++) {
        struct buffer body = { 0 };
        unsigned code;
        enum http_progress progress = http_read(whole, ended == 1, &code, &body);
        ck_assert_int_eq(progress, good[_i].needs_end && ended == 0 ? HTTP_MORE : HTTP_DONE);
        if (progress == HTTP_DONE) {
            ck_assert_uint_eq(code, good[_i].code);
            ck_assert(view_equal(buffer_view(&body), view_text(good[_i].body)));
        }
        buffer_free(&body);
    }
}
END_TEST

START_TEST(bad_answers)
{
    struct buffer body = { 0 };
    unsigned code;
    ck_assert_int_eq(http_read(view_text(bad[_i]), false, &code, &body), HTTP_BAD);
    ck_assert(body.len == 0);
    buffer_free(&body);
}
END_TEST

START_TEST(a_head_without_end)
{
    struct buffer answer = { 0 }, body = { 0 };
    unsigned code;
    buffer_printf(&answer, HEAD);
    while (answer.len <= HTTP_HEAD_MAX_BYTES) {
        ck_assert_int_eq(http_read(buffer_view(&answer), false, &code, &body), HTTP_MORE);
        buffer_printf(&answer, _i == 0 ? "X-More: and more and more\r\n" : "and more and more ");
    }
    ck_assert_int_eq(http_read(buffer_view(&answer), false, &code, &body), HTTP_BAD);
    buffer_free(&answer);
    buffer_free(&body);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("http");
    TCase *tcase = tcase_create("http");
    tcase_add_loop_test(tcase, good_answers_at_every_cut, 0, (int)(sizeof good / sizeof *good));
    tcase_add_loop_test(tcase, bad_answers, 0, (int)(sizeof bad / sizeof *bad));
    tcase_add_loop_test(tcase, a_head_without_end, 0, 2);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
