/* SPDX-License-Identifier: Apache-2.0 */
/*
 * send, raw: the printer gets exactly the bytes; what it says about itself is told; nothing is sent to one in trouble; one that says nothing,
 * nonsense or more than it should is sent to all the same; a cut or a stall is an error that says how much went. Breaks when a printer's trouble
 * is not told, when bytes are lost or added, when a bad answer hangs or stops a print, or when a half-printed job passes for printed.
 */
#include "printer/send.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "printer/zpl.h"
#include "printer/zpl_state.h"
#include "tests/support/listener.h"

#define GOOD "\x02" "030,0,0,0499,000,0,0,0,000,0,0,0\x03\r\n\x02" "000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x02" "1234,0\x03\r\n"
#define NO_PAPER "\x02" "030,1,0,0499,000,0,0,0,000,0,0,0\x03\r\n\x02" "000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x02" "1234,0\x03\r\n"

static const struct send_times quick = { .connect_ms = 2000, .state_ms = 150, .answer_ms = 2000, .stall_ms = 300, .job_ms = 1000 };

/* A printer: what it answers to the first and the second ~HS, and when it gives up. */
struct printer {
    const char *answers[2]; /* NULL: silence */
    bool bytewise;          /* answers come one byte at a time */
    bool endless;           /* the first answer comes again and again */
    size_t gives_up_after;  /* so many bytes; 0: never */
    bool reads_nothing;
    struct buffer got;      /* without ~HS */
};

static void answer(int fd, const struct printer *printer, unsigned which)
{
    const char *text = printer->answers[which];
    for (size_t i = 0; text != NULL && printer->bytewise && i < strlen(text); i++) {
        listener_write(fd, view_of(text + i, 1));
        (void)usleep(500);
    }
    if (text != NULL && !printer->bytewise) {
        listener_write(fd, view_text(text));
    }
    for (int i = 0; text != NULL && printer->endless && i < 1000; i++) {
        listener_write(fd, view_text(text));
    }
}

static void serve(int fd, unsigned index, void *context)
{
    struct printer *printer = context;
    unsigned asked = 0;
    (void)index;
    if (printer->reads_nothing) {
        (void)usleep(1500000);
        return;
    }
    size_t limit = printer->gives_up_after > 0 ? printer->gives_up_after : SIZE_MAX;
    while (listener_read_to(fd, &printer->got, ZPL_ASK_STATE, limit)) {
        printer->got.len -= strlen(ZPL_ASK_STATE);
        if (asked < 2) {
            answer(fd, printer, asked++);
        }
    }
    if (printer->gives_up_after > 0) {
        listener_break(fd);
    }
}

struct outcome {
    enum status status;
    struct sent sent;
    struct fault fault;
};

static struct outcome send_to(struct printer *printer, const char *media_type, struct view bytes, bool only_ask)
{
    struct listener listener;
    struct outcome outcome = { 0 };
    char address[64];

    listener_start(&listener, serve, printer);
    (void)snprintf(address, sizeof address, "tcp://127.0.0.1:%u", listener.port);
    struct send_job job = { .destination = address, .media_type = media_type, .name = "labels", .bytes = bytes, .times = &quick };
    outcome.status = only_ask ? send_ask(&job, &outcome.sent, &outcome.fault) : send_document(&job, &outcome.sent, &outcome.fault);
    listener_stop(&listener);
    return outcome;
}

static struct buffer some_bytes(size_t len)
{
    struct buffer bytes = { 0 };
    for (size_t i = 0; i < len; i++) {
        buffer_append_byte(&bytes, (uint8_t)(i * 31 + i / 251));
    }
    ck_assert(!bytes.failed);
    return bytes;
}

static void expect_all(const struct outcome *outcome, const struct printer *printer, const struct buffer *bytes, const char *said)
{
    ck_assert_msg(outcome->status == STATUS_OK, "%s", outcome->fault.text);
    ck_assert_uint_eq(outcome->sent.bytes, bytes->len);
    ck_assert_str_eq(outcome->sent.said, said);
    ck_assert(view_equal(buffer_view(&printer->got), buffer_view(bytes)));
}

START_TEST(other_bytes_go_as_they_are)
{
    static const size_t sizes[] = { 0, 1, 4096, 3000000 };
    struct printer printer = { 0 };
    struct buffer bytes = some_bytes(sizes[_i]);
    struct outcome outcome = send_to(&printer, "application/pdf", buffer_view(&bytes), false);
    expect_all(&outcome, &printer, &bytes, "the printer does not report its state");
    ck_assert(!outcome.sent.state_known);
    buffer_free(&bytes);
    buffer_free(&printer.got);
}
END_TEST

START_TEST(a_good_printer_gets_exactly_the_bytes)
{
    struct printer printer = { .answers = { GOOD, GOOD }, .bytewise = _i == 1 };
    struct buffer bytes = some_bytes(200000);
    struct outcome outcome = send_to(&printer, ZPL_MEDIA_TYPE, buffer_view(&bytes), false);
    expect_all(&outcome, &printer, &bytes, "the printer reports no trouble");
    ck_assert(outcome.sent.state_known);
    buffer_free(&bytes);
    buffer_free(&printer.got);
}
END_TEST

static const struct {
    const char *first;
    const char *words;
} troubles[] = {
    { "\x02" "030,1,0,0499,000,0,0,0,000,0,0,0\x03\r\n\x02" "000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x02" "1234,0\x03\r\n", ": out of paper; nothing was sent" },
    { "\x02" "030,0,1,0499,000,0,0,0,000,0,0,0\x03\r\n\x02" "000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x02" "1234,0\x03\r\n", ": paused; nothing" },
    { "\x02" "030,0,0,0499,000,1,0,0,000,0,0,0\x03\r\n\x02" "000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x02" "1234,0\x03\r\n", ": its memory is full; nothing" },
    { "\x02" "030,0,0,0499,000,0,0,0,000,1,0,0\x03\r\n\x02" "000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x02" "1234,0\x03\r\n", ": it has lost its settings; nothing" },
    { "\x02" "030,0,0,0499,000,0,0,0,000,0,1,0\x03\r\n\x02" "000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x02" "1234,0\x03\r\n", ": the print head is too cold; nothing" },
    { "\x02" "030,0,0,0499,000,0,0,0,000,0,0,1\x03\r\n\x02" "000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x02" "1234,0\x03\r\n", ": the print head is too hot; nothing" },
    { "\x02" "030,0,0,0499,000,0,0,0,000,0,0,0\x03\r\n\x02" "000,0,1,0,0,2,4,0,00000000,1,000\x03\r\n\x02" "1234,0\x03\r\n", ": the print head is open; nothing" },
    { "\x02" "030,0,0,0499,000,0,0,0,000,0,0,0\x03\r\n\x02" "000,0,0,1,0,2,4,0,00000000,1,000\x03\r\n\x02" "1234,0\x03\r\n", ": out of ribbon; nothing" },
    /* Without the third line, which nobody looks at; several at once. */
    { "\x02" "030,1,1,0499,000,0,0,0,000,0,0,0\x03\r\n\x02" "000,0,1,1,0,2,4,0,00000000,1,000\x03\r\n",
      ": out of paper, the print head is open, out of ribbon, paused; nothing was sent" },
};

START_TEST(nothing_is_sent_to_a_printer_in_trouble)
{
    struct printer printer = { .answers = { troubles[_i].first } };
    struct outcome outcome = send_to(&printer, ZPL_MEDIA_TYPE, view_text("^XA^XZ"), false);
    ck_assert_int_eq(outcome.status, STATUS_ENVIRONMENT);
    ck_assert_msg(strstr(outcome.fault.text, troubles[_i].words) != NULL, "%s", outcome.fault.text);
    ck_assert(strstr(outcome.fault.text, "printer tcp://127.0.0.1:") == outcome.fault.text);
    ck_assert(printer.got.len == 0 && outcome.sent.bytes == 0 && !outcome.sent.state_known);
    buffer_free(&printer.got);
}
END_TEST

START_TEST(trouble_afterwards_is_told)
{
    struct printer printer = { .answers = { GOOD, NO_PAPER } };
    struct buffer bytes = some_bytes(50000);
    struct outcome outcome = send_to(&printer, ZPL_MEDIA_TYPE, buffer_view(&bytes), false);
    ck_assert_int_eq(outcome.status, STATUS_ENVIRONMENT);
    ck_assert_msg(strstr(outcome.fault.text, ": out of paper; all bytes went, but not all may be printed") != NULL, "%s", outcome.fault.text);
    ck_assert_uint_eq(outcome.sent.bytes, bytes.len);
    buffer_free(&bytes);
    buffer_free(&printer.got);
}
END_TEST

START_TEST(who_says_nothing_or_nonsense_is_sent_to)
{
    static const struct printer printers[] = {
        { .answers = { NULL } },
        { .answers = { "HTTP/1.1 400 Bad Request\r\n\r\n" } },
        { .answers = { "\x02\x03\x02\x03\x02\x03" } },
        { .answers = { "\x02" "030,2,0,0499,000,0,0,0,000,0,0,0\x03\r\n\x02" "000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n" } },
        { .answers = { "\x02" "030,1" } },
        { .answers = { "\x02" "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1\x03" } },
        { .answers = { "endless, without end, endless, without end, endless, without end " }, .endless = true },
        { .answers = { "\x02\x02\x02\x02\x02\x02\x02\x02" }, .endless = true },
    };
    struct printer printer = printers[_i];
    struct buffer bytes = some_bytes(60000);
    struct outcome outcome = send_to(&printer, ZPL_MEDIA_TYPE, buffer_view(&bytes), false);
    expect_all(&outcome, &printer, &bytes, "the printer does not report its state");
    ck_assert(!outcome.sent.state_known);
    buffer_free(&bytes);
    buffer_free(&printer.got);
}
END_TEST

START_TEST(a_cut_says_how_much_went)
{
    struct printer printer = { .answers = { GOOD }, .gives_up_after = 70000 };
    struct buffer bytes = some_bytes(9000000);
    struct outcome outcome = send_to(&printer, _i == 0 ? ZPL_MEDIA_TYPE : "application/pdf", buffer_view(&bytes), false);
    ck_assert_int_eq(outcome.status, STATUS_ENVIRONMENT);
    ck_assert_msg(strstr(outcome.fault.text, "the printer cut the connection; ") != NULL, "%s", outcome.fault.text);
    ck_assert_msg(strstr(outcome.fault.text, " of 9000000 bytes went") != NULL, "%s", outcome.fault.text);
    ck_assert_msg(outcome.sent.bytes >= 60000 && outcome.sent.bytes < bytes.len, "%s", outcome.fault.text);
    buffer_free(&bytes);
    buffer_free(&printer.got);
}
END_TEST

/* So few bytes that all were handed to the system before the printer gave up: the end of the connection tells. */
START_TEST(a_cut_behind_the_last_byte_is_noticed)
{
    struct printer printer = { .gives_up_after = 1000 };
    struct buffer bytes = some_bytes(20000);
    struct outcome outcome = send_to(&printer, "application/pdf", buffer_view(&bytes), false);
    ck_assert_int_eq(outcome.status, STATUS_ENVIRONMENT);
    ck_assert_msg(strstr(outcome.fault.text, " of 20000 bytes went") != NULL, "%s", outcome.fault.text);
    buffer_free(&bytes);
    buffer_free(&printer.got);
}
END_TEST

START_TEST(a_stalled_printer_is_given_up)
{
    struct printer printer = { .reads_nothing = true };
    struct buffer bytes = some_bytes(20000000);
    struct outcome outcome = send_to(&printer, "application/pdf", buffer_view(&bytes), false);
    ck_assert_int_eq(outcome.status, STATUS_ENVIRONMENT);
    ck_assert_msg(strstr(outcome.fault.text, "the printer takes no more; it may be out of paper, open or paused; ") != NULL, "%s", outcome.fault.text);
    ck_assert(outcome.sent.bytes < bytes.len);
    buffer_free(&bytes);
}
END_TEST

START_TEST(asking_sends_no_label)
{
    struct printer good = { .answers = { GOOD } }, silent = { 0 }, empty = { .answers = { NO_PAPER } };
    struct outcome outcome = send_to(&good, ZPL_MEDIA_TYPE, view_text("^XA^XZ"), true);
    ck_assert(outcome.status == STATUS_OK && outcome.sent.state_known && good.got.len == 0);
    outcome = send_to(&silent, ZPL_MEDIA_TYPE, view_text("^XA^XZ"), true);
    ck_assert(outcome.status == STATUS_OK && !outcome.sent.state_known && silent.got.len == 0);
    outcome = send_to(&empty, ZPL_MEDIA_TYPE, view_text("^XA^XZ"), true);
    ck_assert(outcome.status == STATUS_ENVIRONMENT && empty.got.len == 0);
    buffer_free(&good.got);
    buffer_free(&silent.got);
    buffer_free(&empty.got);
}
END_TEST

START_TEST(a_printer_that_is_not_there)
{
    struct listener listener;
    struct printer printer = { 0 };
    struct sent sent;
    struct fault fault = { 0 };
    char address[64];
    listener_start(&listener, serve, &printer);
    listener_stop(&listener);
    (void)snprintf(address, sizeof address, "%s://127.0.0.1:%u", _i == 0 ? "socket" : "ipp", listener.port);
    struct send_job job = { .destination = address, .media_type = ZPL_MEDIA_TYPE, .name = "labels", .bytes = view_text("^XA^XZ"), .times = &quick };
    ck_assert_int_eq(send_document(&job, &sent, &fault), STATUS_ENVIRONMENT);
    ck_assert_msg(strstr(fault.text, ": Connection refused; nothing was sent") != NULL, "%s", fault.text);
}
END_TEST

START_TEST(addresses)
{
    static const char *const good[] = { "tcp://printer", "tcp://10.0.0.7:9101", "socket://printer.example:9100/", "tcp://[::1]:9100", "ipp://h/p",
                                        "ipps://h:443/ipp/print", "ipp://h", "tcp://h:65535" };
    static const char *const bad[] = { "", "printer", "/dev/usb/lp0", "//h/p", "file:///etc/passwd", "http://h/p", "TCP", "tcp:", "tcp://", "tcp://:9100",
                                       "tcp://h:0", "tcp://h:65536", "tcp://h:99999999999", "tcp://h:12x", "tcp://h:9100/path", "ipp://user:secret@h/p",
                                       "tcp://me@h", "ipp://h/p q", "ipp://h/p\r\nX-Evil: 1", "ipp://h/ម", "tcp://h\x1b[2J", "lpd://h/q", "ipp://h:631x/p" };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct fault fault = { 0 };
        ck_assert_msg(send_check(good[i], &fault) == STATUS_OK, "%s: %s", good[i], fault.text);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct fault fault = { 0 };
        ck_assert_msg(send_check(bad[i], &fault) == STATUS_REFUSED, "%s", bad[i]);
        ck_assert_msg(strstr(fault.text, "a printer's address is tcp://HOST:9100") != NULL && strchr(fault.text, '\x1b') == NULL
                          && strchr(fault.text, '\n') == NULL, "%s", fault.text);
    }
    char *huge = malloc(100001);
    struct fault fault = { 0 };
    memset(huge, 'a', 100000);
    huge[100000] = '\0';
    memcpy(huge, "tcp://", 6);
    ck_assert(send_check(huge, &fault) == STATUS_REFUSED && strlen(fault.text) < 300);
    free(huge);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("send");
    TCase *tcase = tcase_create("send");
    tcase_set_timeout(tcase, 30);
    tcase_add_loop_test(tcase, other_bytes_go_as_they_are, 0, 4);
    tcase_add_loop_test(tcase, a_good_printer_gets_exactly_the_bytes, 0, 2);
    tcase_add_loop_test(tcase, nothing_is_sent_to_a_printer_in_trouble, 0, (int)(sizeof troubles / sizeof *troubles));
    tcase_add_test(tcase, trouble_afterwards_is_told);
    tcase_add_loop_test(tcase, who_says_nothing_or_nonsense_is_sent_to, 0, 8);
    tcase_add_loop_test(tcase, a_cut_says_how_much_went, 0, 2);
    tcase_add_test(tcase, a_cut_behind_the_last_byte_is_noticed);
    tcase_add_test(tcase, a_stalled_printer_is_given_up);
    tcase_add_test(tcase, asking_sends_no_label);
    tcase_add_loop_test(tcase, a_printer_that_is_not_there, 0, 2);
    tcase_add_test(tcase, addresses);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
