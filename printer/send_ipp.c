/* SPDX-License-Identifier: Apache-2.0 */
/*
 * send_ipp: a print job: the printer's state first, then the job, then how the job goes, for a while.
 */
#include "printer/ipp.h"

#include <poll.h>
#include <string.h>

#include "printer/wire.h"
#include "printer/zpl.h"
#include "verify/text.h"

enum { JOB_POLL_MS = 200, PROCESSING_MS = 2000, JOB_NAME_MAX = 80, FORMATS_SHOWN = 5, FORMATS_MAX = 256 };

/* words: what happened, behind the printer's address; it is emptied. */
static enum status fail(const struct sending *sending, enum status status, struct buffer *words, const char *went)
{
    enum status whole = buffer_status(words, sending->fault);
    if (whole == STATUS_OK) {
        whole = fault_set(sending->fault, status, FAULT_NOWHERE, "printer %s: %.*s; %s", sending->target->shown, (int)words->len,
                          (const char *)words->ptr, went);
    }
    buffer_free(words);
    return whole;
}

static enum status fail_as(const struct sending *sending, const struct fault *why, const char *went)
{
    struct buffer words = { 0 };
    buffer_printf(&words, "%s", why->text);
    return fail(sending, why->status, &words, went);
}

static enum status no_memory(const struct sending *sending)
{
    return fault_set(sending->fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
}

/* ---- the printer ----------------------------------------------------------------------------- */

/* Stopped, not accepting jobs, or with a reason that lets nothing be printed: an error. */
static enum status judge(const struct sending *sending, ipp_t *printer)
{
    struct buffer words = { 0 }, reasons = { 0 };
    ipp_attribute_t *accepting = ippFindAttribute(printer, "printer-is-accepting-jobs", IPP_TAG_BOOLEAN);
    bool stopped = ipp_number(printer, "printer-state", IPP_TAG_ENUM, IPP_PSTATE_IDLE) == IPP_PSTATE_STOPPED;
    bool refuses = accepting != NULL && ippGetBoolean(accepting, 0) == 0;
    bool told = ipp_reasons(printer, "printer-state-reasons", !stopped && !refuses, &reasons);

    if (!stopped && !refuses && !told) {
        buffer_free(&reasons);
        return STATUS_OK;
    }
    buffer_printf(&words, "%s%s%s", stopped ? "it is stopped" : "", stopped && refuses ? " and " : "", refuses ? "it accepts no jobs" : "");
    buffer_printf(&words, "%s", told && (stopped || refuses) ? ": " : "");
    buffer_append_view(&words, buffer_view(&reasons));
    words.failed = words.failed || reasons.failed;
    buffer_free(&reasons);
    return fail(sending, STATUS_ENVIRONMENT, &words, "nothing was sent");
}

static bool takes(ipp_attribute_t *formats, const char *format)
{
    int count = ippGetCount(formats);
    for (int i = 0; i < count && i < FORMATS_MAX; i++) {
        const char *one = ippGetString(formats, i, NULL);
        if (one != NULL && strcmp(one, format) == 0) {
            return true;
        }
    }
    return false;
}

/*
 * The name under which the printer takes the job: its own, or, for what only a label printer understands, that of bytes which are passed on
 * as they are.
 */
static enum status choose_format(const struct sending *sending, ipp_t *printer, const char **out)
{
    static const char *const raw[] = { "application/vnd.cups-raw", "application/octet-stream" };
    ipp_attribute_t *formats = ippFindAttribute(printer, "document-format-supported", IPP_TAG_MIMETYPE);

    *out = sending->job->media_type;
    if (formats == NULL || takes(formats, *out)) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < 2 && strcmp(sending->job->media_type, ZPL_MEDIA_TYPE) == 0; i++) {
        if (takes(formats, raw[i])) {
            *out = raw[i];
            return STATUS_OK;
        }
    }
    struct buffer words = { 0 };
    buffer_printf(&words, "it does not take %s, but", sending->job->media_type);
    for (int i = 0; i < ippGetCount(formats) && i < FORMATS_SHOWN; i++) {
        const char *one = ippGetString(formats, i, NULL);
        buffer_printf(&words, "%s ", i == 0 ? "" : ",");
        send_quote(&words, one == NULL ? "?" : one, 40);
    }
    buffer_printf(&words, "%s", ippGetCount(formats) > FORMATS_SHOWN ? " ..." : "");
    return fail(sending, STATUS_REFUSED, &words, "nothing was sent");
}

static enum status ask_printer(const struct sending *sending, ipp_t **printer)
{
    static const char *const wanted[] = { "printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "document-format-supported" };
    ipp_t *question = ipp_question(sending->target, IPP_OP_GET_PRINTER_ATTRIBUTES);
    struct fault why = { 0 };
    ipp_status_t code;
    uint64_t went;

    *printer = NULL;
    if (question == NULL) {
        return no_memory(sending);
    }
    ippAddStrings(question, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", 4, NULL, wanted);
    enum status status = ipp_ask(sending, question, view_of(NULL, 0), printer, &code, &went, &why);
    ippDelete(question);
    return status == STATUS_OK ? judge(sending, *printer) : fail_as(sending, &why, "nothing was sent");
}

/* ---- the job --------------------------------------------------------------------------------- */

/* Escaped and short; on failure the name of the program. */
static void name_job(const char *name, ipp_t *question)
{
    struct buffer escaped = { 0 };
    send_quote(&escaped, name, JOB_NAME_MAX);
    buffer_append_byte(&escaped, '\0');
    ippAddString(question, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", NULL,
                 escaped.failed || escaped.len > IPP_MAX_NAME ? "unbroken" : (const char *)escaped.ptr);
    buffer_free(&escaped);
}

static enum status print(const struct sending *sending, const char *format, ipp_t **job)
{
    ipp_t *question = ipp_question(sending->target, IPP_OP_PRINT_JOB);
    struct fault why = { 0 };
    struct buffer went = { 0 };
    ipp_status_t code;

    *job = NULL;
    if (question == NULL) {
        return no_memory(sending);
    }
    name_job(sending->job->name, question);
    ippAddString(question, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", NULL, format);
    enum status status = ipp_ask(sending, question, sending->job->bytes, job, &code, &sending->out->bytes, &why);
    ippDelete(question);
    if (status == STATUS_OK) {
        sending->out->bytes = sending->job->bytes.len;
        return STATUS_OK;
    }
    buffer_printf(&went, "%llu of %zu bytes went", (unsigned long long)sending->out->bytes, sending->job->bytes.len);
    buffer_append_byte(&went, '\0');
    status = fail_as(sending, &why, went.failed ? "" : (const char *)went.ptr);
    buffer_free(&went);
    return status;
}

/* One look at the job. *gone: the printer keeps no record of jobs that are done. */
static enum status ask_job(const struct sending *sending, int number, ipp_t **job, bool *gone, struct fault *why)
{
    static const char *const wanted[] = { "job-state", "job-state-reasons" };
    ipp_t *question = ipp_question(sending->target, IPP_OP_GET_JOB_ATTRIBUTES);
    ipp_status_t code;
    uint64_t went;

    if (question == NULL) {
        return fault_set(why, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    ippAddInteger(question, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", number);
    ippAddStrings(question, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", 2, NULL, wanted);
    enum status status = ipp_ask(sending, question, view_of(NULL, 0), job, &code, &went, why);
    ippDelete(question);
    *gone = code == IPP_STATUS_ERROR_NOT_FOUND || code == IPP_STATUS_ERROR_GONE;
    return *gone ? STATUS_OK : status;
}

static enum status job_failed(const struct sending *sending, int number, int state, ipp_t *job)
{
    struct buffer words = { 0 };
    buffer_printf(&words, "job %d is %s: ", number, ippEnumString("job-state", state));
    if (!ipp_reasons(job, "job-state-reasons", false, &words)) {
        buffer_printf(&words, "it does not say why");
    }
    return fail(sending, STATUS_ENVIRONMENT, &words, "all bytes went, but not all is printed");
}

static const char *going(int state, bool gone)
{
    if (gone) {
        return "is gone from the printer's list, as a job that is done";
    }
    switch (state) {
    case IPP_JSTATE_COMPLETED: return "is completed";
    case IPP_JSTATE_PROCESSING: return "is being printed";
    case IPP_JSTATE_HELD: return "is held back by the printer and has to be released there";
    default: return "still waits in the printer";
    }
}

/* Waits until the job is done, in trouble, being printed for a while, or the time is over. job: the printer's first word on it; is deleted. */
static enum status follow(const struct sending *sending, ipp_t *job)
{
    int number = ipp_number(job, "job-id", IPP_TAG_INTEGER, 0);
    uint64_t deadline = wire_now_ms() + sending->times->job_ms, printing_since = 0;
    struct fault why = { 0 };
    bool gone = false;

    for (;;) {
        uint64_t now = wire_now_ms();
        int state = gone ? IPP_JSTATE_COMPLETED : ipp_number(job, "job-state", IPP_TAG_ENUM, IPP_JSTATE_PENDING);
        if (state == IPP_JSTATE_ABORTED || state == IPP_JSTATE_CANCELED || state == IPP_JSTATE_STOPPED) {
            enum status status = job_failed(sending, number, state, job);
            ippDelete(job);
            return status;
        }
        printing_since = state != IPP_JSTATE_PROCESSING ? 0 : printing_since == 0 ? now : printing_since;
        bool printing = printing_since != 0 && now - printing_since >= PROCESSING_MS;
        if (state == IPP_JSTATE_COMPLETED || printing || now >= deadline) {
            send_say(sending->out, "job %d %s", number, going(state, gone));
            ippDelete(job);
            return STATUS_OK;
        }
        ippDelete(job);
        job = NULL;
        (void)poll(NULL, 0, JOB_POLL_MS);
        if (ask_job(sending, number, &job, &gone, &why) != STATUS_OK) {
            return fail_as(sending, &why, "all bytes went, but how the job goes is not known");
        }
    }
}

enum status send_ipp(struct sending *sending)
{
    ipp_t *printer = NULL, *job = NULL;
    const char *format = NULL;

    enum status status = ask_printer(sending, &printer);
    if (status == STATUS_OK) {
        status = choose_format(sending, printer, &format);
    }
    if (status == STATUS_OK) {
        sending->out->state_known = true;
        send_say(sending->out, "the printer reports no trouble");
    }
    if (status == STATUS_OK && !sending->only_ask) {
        status = print(sending, format, &job);
        status = status == STATUS_OK ? follow(sending, job) : status;
    }
    ippDelete(printer);
    return status;
}
