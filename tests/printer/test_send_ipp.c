/* SPDX-License-Identifier: Apache-2.0 */
/*
 * send by ipp, to printers that a test makes up: each trouble is told in plain words before anything is sent; the job goes under the right name of
 * its kind, once; how it ends is told; refusals, nonsense, answers without end and cuts are errors with a clear message, and none hangs. (What a
 * real CUPS says: test_cups.py.)
 */
#include "printer/send.h"

#include <check.h>
#include <cups/ipp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "printer/ipp.h"
#include "printer/zpl.h"
#include "tests/support/listener.h"

static const struct send_times quick = { .connect_ms = 2000, .state_ms = 150, .answer_ms = 700, .stall_ms = 500, .job_ms = 600 };

/* A made-up printer. */
struct printer {
    int state;                /* of the printer; 0: idle */
    const char *reasons[3];
    bool closed;              /* accepts no jobs */
    const char *formats[3];
    int job_state;            /* after Print-Job; 0: completed */
    const char *job_reason;
    bool forgets;             /* knows no job afterwards */
    const char *raw;          /* instead of any answer */
    size_t raw_times;
    bool cuts_job;            /* breaks the connection in the middle of the document */
    char format[64];          /* of the job it got */
    char name[256];
    unsigned jobs;
    struct buffer document;
};

static ssize_t put(void *context, ipp_uchar_t *bytes, size_t len)
{
    buffer_append(context, bytes, len);
    return (ssize_t)len;
}

static ssize_t take(void *context, ipp_uchar_t *bytes, size_t len)
{
    struct view *rest = context;
    size_t count = len < rest->len ? len : rest->len;
    memcpy(bytes, rest->ptr, count);
    *rest = view_part(*rest, count, rest->len - count);
    return (ssize_t)count;
}

static ipp_t *new_answer(ipp_status_t status)
{
    ipp_t *answer = ippNew();
    ippSetVersion(answer, 1, 1);
    ippSetStatusCode(answer, status);
    ippSetRequestId(answer, 1);
    ippAddString(answer, IPP_TAG_OPERATION, IPP_TAG_CHARSET, "attributes-charset", NULL, "utf-8");
    ippAddString(answer, IPP_TAG_OPERATION, IPP_TAG_LANGUAGE, "attributes-natural-language", NULL, "en");
    return answer;
}

static ipp_t *about_printer(const struct printer *printer)
{
    ipp_t *answer = new_answer(IPP_STATUS_OK);
    int reasons = 0, formats = 0;
    while (reasons < 3 && printer->reasons[reasons] != NULL) {
        reasons++;
    }
    while (formats < 3 && printer->formats[formats] != NULL) {
        formats++;
    }
    ippAddInteger(answer, IPP_TAG_PRINTER, IPP_TAG_ENUM, "printer-state", printer->state == 0 ? IPP_PSTATE_IDLE : printer->state);
    ippAddBoolean(answer, IPP_TAG_PRINTER, "printer-is-accepting-jobs", printer->closed ? 0 : 1);
    if (reasons > 0) {
        ippAddStrings(answer, IPP_TAG_PRINTER, IPP_TAG_KEYWORD, "printer-state-reasons", reasons, NULL, printer->reasons);
    }
    if (formats > 0) {
        ippAddStrings(answer, IPP_TAG_PRINTER, IPP_TAG_MIMETYPE, "document-format-supported", formats, NULL, printer->formats);
    }
    return answer;
}

static ipp_t *about_job(const struct printer *printer)
{
    ipp_t *answer = new_answer(IPP_STATUS_OK);
    ippAddInteger(answer, IPP_TAG_JOB, IPP_TAG_INTEGER, "job-id", 12);
    ippAddInteger(answer, IPP_TAG_JOB, IPP_TAG_ENUM, "job-state", printer->job_state == 0 ? IPP_JSTATE_COMPLETED : printer->job_state);
    ippAddString(answer, IPP_TAG_JOB, IPP_TAG_KEYWORD, "job-state-reasons", NULL, printer->job_reason == NULL ? "none" : printer->job_reason);
    return answer;
}

static void reply(int fd, ipp_t *answer)
{
    struct buffer body = { 0 }, whole = { 0 };
    while (ippWriteIO(&body, put, 1, NULL, answer) != IPP_STATE_DATA) {
    }
    buffer_printf(&whole, "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: %zu\r\n\r\n", body.len);
    buffer_append_view(&whole, buffer_view(&body));
    listener_write(fd, buffer_view(&whole));
    buffer_free(&body);
    buffer_free(&whole);
    ippDelete(answer);
}

/* The question; what is left of rest is the document. */
static ipp_t *read_question(int fd, struct buffer *bytes, struct view *rest)
{
    size_t head = 0;
    while (head == 0 && listener_read_to(fd, bytes, "", bytes->len + 1)) {
    }
    for (;;) {
        const uint8_t *end = bytes->len == 0 ? NULL : memmem(bytes->ptr, bytes->len, "\r\n\r\n", 4);
        if (end != NULL) {
            const char *length = memmem(bytes->ptr, bytes->len, "Content-Length: ", 16);
            head = (size_t)(end - bytes->ptr) + 4;
            size_t wanted = head + (size_t)strtoul(length + 16, NULL, 10);
            if (bytes->len >= wanted || !listener_read_to(fd, bytes, "", wanted)) {
                break;
            }
        } else if (bytes->len > 100000 || (!listener_read_to(fd, bytes, "\r\n\r\n", bytes->len + 1) && bytes->len == 0)) {
            return NULL;
        }
    }
    ipp_t *question = ippNew();
    *rest = view_part(buffer_view(bytes), head, bytes->len - head);
    while (ippReadIO(rest, take, 1, NULL, question) != IPP_STATE_DATA) {
    }
    return question;
}

static void copy(char *out, size_t cap, ipp_t *question, const char *name, ipp_tag_t tag)
{
    ipp_attribute_t *attribute = ippFindAttribute(question, name, tag);
    (void)snprintf(out, cap, "%s", attribute == NULL ? "?" : ippGetString(attribute, 0, NULL));
}

static void serve(int fd, unsigned index, void *context)
{
    struct printer *printer = context;
    struct buffer bytes = { 0 };
    struct view rest;

    if (printer->cuts_job && index == 1) {
        (void)listener_read_to(fd, &bytes, "", 100000);
        listener_break(fd);
        buffer_free(&bytes);
        return;
    }
    ipp_t *question = read_question(fd, &bytes, &rest);
    if (question != NULL && printer->raw != NULL) {
        for (size_t i = 0; i < printer->raw_times; i++) {
            listener_write(fd, view_text(printer->raw));
        }
    } else if (question != NULL && ippGetOperation(question) == IPP_OP_GET_PRINTER_ATTRIBUTES) {
        reply(fd, about_printer(printer));
    } else if (question != NULL && ippGetOperation(question) == IPP_OP_PRINT_JOB) {
        printer->jobs++;
        copy(printer->format, sizeof printer->format, question, "document-format", IPP_TAG_MIMETYPE);
        copy(printer->name, sizeof printer->name, question, "job-name", IPP_TAG_NAME);
        buffer_append_view(&printer->document, rest);
        reply(fd, about_job(printer));
    } else if (question != NULL) {
        reply(fd, printer->forgets ? new_answer(IPP_STATUS_ERROR_NOT_FOUND) : about_job(printer));
    }
    ippDelete(question);
    buffer_free(&bytes);
}

struct outcome {
    enum status status;
    struct sent sent;
    struct fault fault;
};

static struct outcome send_to(struct printer *printer, const char *media_type, struct view bytes, const char *name)
{
    struct listener listener;
    struct outcome outcome = { 0 };
    char address[64];

    listener_start(&listener, serve, printer);
    (void)snprintf(address, sizeof address, "ipp://127.0.0.1:%u/ipp/print", listener.port);
    struct send_job job = { .destination = address, .media_type = media_type, .name = name, .bytes = bytes, .times = &quick };
    outcome.status = send_document(&job, &outcome.sent, &outcome.fault);
    listener_stop(&listener);
    return outcome;
}

static void expect_error(const struct outcome *outcome, enum status status, const char *words)
{
    ck_assert_msg(outcome->status == status, "%s: %s", status_name(outcome->status), outcome->fault.text);
    ck_assert_msg(strstr(outcome->fault.text, words) != NULL, "no '%s' in '%s'", words, outcome->fault.text);
    ck_assert(strchr(outcome->fault.text, '\n') == NULL && strchr(outcome->fault.text, '\x1b') == NULL);
}

START_TEST(the_document_arrives_under_the_right_kind)
{
    static const struct {
        struct printer printer;
        const char *media_type, *format;
    } cases[] = {
        { { .formats = { "application/pdf", "image/png" } }, "application/pdf", "application/pdf" },
        { { .formats = { NULL } }, "application/pdf", "application/pdf" },
        { { .formats = { "application/octet-stream", ZPL_MEDIA_TYPE } }, ZPL_MEDIA_TYPE, ZPL_MEDIA_TYPE },
        { { .formats = { "application/octet-stream", "application/vnd.cups-raw" } }, ZPL_MEDIA_TYPE, "application/vnd.cups-raw" },
        { { .formats = { "text/plain", "application/octet-stream" } }, ZPL_MEDIA_TYPE, "application/octet-stream" },
    };
    struct printer printer = cases[_i].printer;
    struct buffer bytes = { 0 };
    for (unsigned i = 0; i < 300000; i++) {
        buffer_append_byte(&bytes, (uint8_t)(i * 7 + i / 300));
    }
    struct outcome outcome = send_to(&printer, cases[_i].media_type, buffer_view(&bytes), "labels");
    ck_assert_msg(outcome.status == STATUS_OK, "%s", outcome.fault.text);
    ck_assert_str_eq(printer.format, cases[_i].format);
    ck_assert_str_eq(outcome.sent.said, "job 12 is completed");
    ck_assert(outcome.sent.state_known && outcome.sent.bytes == bytes.len && printer.jobs == 1);
    ck_assert(view_equal(buffer_view(&printer.document), buffer_view(&bytes)));
    buffer_free(&bytes);
    buffer_free(&printer.document);
}
END_TEST

START_TEST(a_kind_that_the_printer_does_not_take)
{
    struct printer printer = { .formats = { "text/plain", "application/octet-stream", "image/\x1b[2Jx" } };
    struct outcome outcome = send_to(&printer, "application/pdf", view_text("%PDF"), "x");
    expect_error(&outcome, STATUS_REFUSED, "it does not take application/pdf, but text/plain, application/octet-stream, image/\\x1b[2Jx; nothing was sent");
    ck_assert(printer.jobs == 0);
}
END_TEST

static const struct {
    struct printer printer;
    const char *words;
} troubles[] = {
    { { .state = IPP_PSTATE_STOPPED, .reasons = { "media-empty-error", "paused" } }, "it is stopped: out of paper, paused; nothing was sent" },
    { { .state = IPP_PSTATE_STOPPED }, "it is stopped; nothing was sent" },
    { { .closed = true }, "it accepts no jobs; nothing was sent" },
    { { .state = IPP_PSTATE_STOPPED, .closed = true, .reasons = { "cover-open" } }, "it is stopped and it accepts no jobs: a cover is open; nothing was sent" },
    { { .reasons = { "media-jam" } }, ": paper jam; nothing was sent" },
    { { .reasons = { "marker-supply-empty-error", "media-low-warning" } }, ": out of ink or ribbon; nothing was sent" },
    { { .reasons = { "com.vendor-fire-error" } }, ": com.vendor-fire-error; nothing was sent" },
    { { .state = IPP_PSTATE_STOPPED, .reasons = { "evil\x1b[2J\n\xe2\x80\xae" } }, "it is stopped: evil\\x1b[2J" },
};

START_TEST(nothing_is_sent_to_a_printer_in_trouble)
{
    struct printer printer = troubles[_i].printer;
    struct outcome outcome = send_to(&printer, "application/pdf", view_text("%PDF"), "x");
    expect_error(&outcome, STATUS_ENVIRONMENT, troubles[_i].words);
    ck_assert(printer.jobs == 0 && outcome.sent.bytes == 0);
}
END_TEST

START_TEST(warnings_stop_nothing)
{
    struct printer printer = { .reasons = { "media-low-warning", "door-open-report", "none" } };
    struct outcome outcome = send_to(&printer, "application/pdf", view_text("%PDF"), "x");
    ck_assert_msg(outcome.status == STATUS_OK, "%s", outcome.fault.text);
    buffer_free(&printer.document);
}
END_TEST

START_TEST(how_the_job_ends)
{
    static const struct {
        struct printer printer;
        enum status status;
        const char *words;
    } cases[] = {
        { { .job_state = IPP_JSTATE_ABORTED, .job_reason = "document-format-error" }, STATUS_ENVIRONMENT,
          "job 12 is aborted: it cannot read the file; all bytes went, but not all is printed" },
        { { .job_state = IPP_JSTATE_CANCELED, .job_reason = "job-canceled-at-device" }, STATUS_ENVIRONMENT, "job 12 is canceled: someone at the printer" },
        { { .job_state = IPP_JSTATE_STOPPED }, STATUS_ENVIRONMENT, "job 12 is processing-stopped: it does not say why" },
        { { .job_state = IPP_JSTATE_PENDING }, STATUS_OK, "job 12 still waits in the printer" },
        { { .job_state = IPP_JSTATE_HELD }, STATUS_OK, "job 12 is held back by the printer and has to be released there" },
        { { .job_state = IPP_JSTATE_PROCESSING }, STATUS_OK, "job 12 is being printed" },
        { { .job_state = IPP_JSTATE_PROCESSING, .forgets = true }, STATUS_OK, "job 12 is gone from the printer's list, as a job that is done" },
    };
    struct printer printer = cases[_i].printer;
    struct outcome outcome = send_to(&printer, "application/pdf", view_text("%PDF"), "x");
    if (cases[_i].status == STATUS_OK) {
        ck_assert_msg(outcome.status == STATUS_OK, "%s", outcome.fault.text);
        ck_assert_str_eq(outcome.sent.said, cases[_i].words);
    } else {
        expect_error(&outcome, cases[_i].status, cases[_i].words);
    }
    ck_assert_uint_eq(outcome.sent.bytes, 4);
    buffer_free(&printer.document);
}
END_TEST

START_TEST(any_name_of_a_job_is_harmless)
{
    struct printer printer = { 0 };
    char name[5000];
    memset(name, 'm', sizeof name);
    memcpy(name, "a\x1b[2J\r\n\xff", 8);
    name[sizeof name - 1] = '\0';
    struct outcome outcome = send_to(&printer, "application/pdf", view_text("%PDF"), name);
    ck_assert_msg(outcome.status == STATUS_OK, "%s", outcome.fault.text);
    ck_assert_msg(strstr(printer.name, "a\\x1b[2J\\x0d\\x0a\\xffmmm") == printer.name && strlen(printer.name) < 200, "%s", printer.name);
    buffer_free(&printer.document);
}
END_TEST

static const struct {
    const char *raw;
    size_t times;
    const char *words;
} nonsense[] = {
    { "", 1, "it ended the connection without an answer; nothing was sent" },
    { "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", 1, "it wants a user's name and password (HTTP 401); nothing was sent" },
    { "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 1, "it has nothing at that path (HTTP 404); nothing was sent" },
    { "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n", 1, "the address must begin with ipps:// (HTTP 426); nothing was sent" },
    { "HTTP/1.1 302 Found\r\nLocation: http://evil/\r\nContent-Length: 0\r\n\r\n", 1, "it answers as no printer does (HTTP 302); nothing was sent" },
    { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 1, "its answer is no IPP; nothing was sent" },
    { "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhello", 1, "its answer is no HTTP, or longer than 1 MB" },
    { "X-Endless: yes, and this is a longer line than many, so that it does not take all day to say\r\n", 1000000, "its answer is no HTTP" },
    { "HTTP/1.1 100 Continue\r\n\r\n", 1000000, "longer than 1 MB" },
    { "\x03\x03\x03\x03", 1000000, "its answer is no HTTP, or longer than 1 MB" },
};

START_TEST(nonsense_is_told_and_never_hangs)
{
    struct printer printer = { .raw = nonsense[_i].raw, .raw_times = nonsense[_i].times };
    struct outcome outcome = send_to(&printer, "application/pdf", view_text("%PDF"), "x");
    expect_error(&outcome, STATUS_ENVIRONMENT, nonsense[_i].words);
}
END_TEST

static void serve_drip(int fd, unsigned index, void *context)
{
    (void)index;
    (void)context;
    for (int i = 0; i < 150; i++) {
        listener_write(fd, view_text(i == 0 ? "HTTP/1.1 200 OK\r\n" : "A: b\r\n"));
        (void)usleep(10000);
    }
}

/* Each line comes in good time, the answer never does. */
START_TEST(a_dripping_answer_is_given_up)
{
    struct listener listener;
    struct sent sent;
    struct fault fault = { 0 };
    char address[64];
    listener_start(&listener, serve_drip, NULL);
    (void)snprintf(address, sizeof address, "ipp://127.0.0.1:%u/", listener.port);
    struct send_job job = { .destination = address, .media_type = "application/pdf", .name = "x", .bytes = view_text("%PDF"), .times = &quick };
    ck_assert_int_eq(send_ask(&job, &sent, &fault), STATUS_ENVIRONMENT);
    ck_assert_msg(strstr(fault.text, "no whole answer in ") != NULL, "%s", fault.text);
    listener_stop(&listener);
}
END_TEST

START_TEST(a_cut_says_how_much_went)
{
    struct printer printer = { .cuts_job = true };
    struct buffer bytes = { 0 };
    for (unsigned i = 0; i < 9000000; i++) {
        buffer_append_byte(&bytes, (uint8_t)i);
    }
    struct outcome outcome = send_to(&printer, "application/pdf", buffer_view(&bytes), "x");
    expect_error(&outcome, STATUS_ENVIRONMENT, "the printer cut the connection; ");
    expect_error(&outcome, STATUS_ENVIRONMENT, " of 9000000 bytes went");
    ck_assert(outcome.sent.bytes < bytes.len && printer.jobs == 0);
    buffer_free(&bytes);
}
END_TEST

/* What libcups is spared: lengths over the end, and collections in collections without end. */
START_TEST(only_sound_messages_are_unpacked)
{
    struct buffer message = { 0 };
    ipp_t *answer = about_printer(&(struct printer){ .reasons = { "none" } });
    while (ippWriteIO(&message, put, 1, NULL, answer) != IPP_STATE_DATA) {
    }
    ippDelete(answer);
    ck_assert(ipp_sound(buffer_view(&message)));
    for (size_t len = 0; len < message.len; len++) {
        ck_assert(!ipp_sound(view_of(message.ptr, len)));
    }
    for (unsigned depth = 0; depth < 20; depth++) {
        message.len = 8;
        buffer_append_byte(&message, IPP_TAG_PRINTER);
        for (unsigned i = 0; i < depth; i++) {
            buffer_append(&message, "\x34\x00\x01x\x00\x00", 6);
        }
        for (unsigned i = 0; i < depth; i++) {
            buffer_append(&message, "\x37\x00\x00\x00\x00", 5);
        }
        buffer_append_byte(&message, IPP_TAG_END);
        ck_assert(ipp_sound(buffer_view(&message)) == (depth <= 8));
    }
    buffer_free(&message);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("send_ipp");
    TCase *tcase = tcase_create("send_ipp");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, the_document_arrives_under_the_right_kind, 0, 5);
    tcase_add_test(tcase, a_kind_that_the_printer_does_not_take);
    tcase_add_loop_test(tcase, nothing_is_sent_to_a_printer_in_trouble, 0, (int)(sizeof troubles / sizeof *troubles));
    tcase_add_test(tcase, warnings_stop_nothing);
    tcase_add_loop_test(tcase, how_the_job_ends, 0, 7);
    tcase_add_test(tcase, any_name_of_a_job_is_harmless);
    tcase_add_loop_test(tcase, nonsense_is_told_and_never_hangs, 0, (int)(sizeof nonsense / sizeof *nonsense));
    tcase_add_test(tcase, a_dripping_answer_is_given_up);
    tcase_add_test(tcase, a_cut_says_how_much_went);
    tcase_add_test(tcase, only_sound_messages_are_unpacked);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
