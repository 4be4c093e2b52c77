/* SPDX-License-Identifier: Apache-2.0 */
/*
 * label: labels for things, and each print on record. They are drawn before anything is recorded, with the numbers that their prints will have;
 * recorded before anything leaves the station: a number may be spent on a paper that never came out, but no paper is out that is not recorded.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "custody/commands.h"
#include "custody/describe.h"
#include "custody/label_run.h"
#include "custody/output.h"
#include "custody/wholefile.h"
#include "printer/send.h"
#include "printer/zpl.h"

/* ---- which things ---------------------------------------------------------------------------- */

/* Everything of the case, or every unused number; without --again what has no print yet. */
static enum status find_things(struct label_run *run, uint64_t of_case, bool allotted, struct fault *fault)
{
    struct session *session = &run->session;
    bool again = args_flag(session->args, "--again");
    size_t printed = 0;
    enum status status = STATUS_OK;

    for (uint64_t n = 0; n < ledger_subjects(session->txn) && status == STATUS_OK; n++) {
        const struct subject *subject = ledger_subject(session->txn, n, fault);

        if (subject == NULL) {
            return fault->status;
        }
        if (subject->thing == NULL || subject->thing->state == THING_CLOSED ||
            (allotted ? subject->thing->state != THING_UNUSED : subject->thing->of_case != of_case)) {
            continue;
        }
        if (subject->thing->prints > 0 && !again) {
            printed++;
            continue;
        }
        status = subject_list_push(&run->list, n, fault);
    }
    if (status == STATUS_OK && run->list.count == 0) {
        args_hint(session->args, printed > 0 ? "--again prints them once more; the labels that are on things are then void" : "unbroken list");
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, printed > 0 ? "all %zu have their labels" : "there is nothing to label (%zu)", printed);
    }
    return status;
}

static enum status read_things(struct label_run *run, struct fault *fault)
{
    struct args *args = run->session.args;
    const char *of_case = args_value(args, "--case");
    bool allotted = args_flag(args, "--allotted");
    uint64_t number = NOTHING;
    enum status status = STATUS_OK;

    if ((of_case != NULL) + allotted + (args->argument_count > 0) != 1) {
        return args_usage(args, fault, "label needs SUBJECT..., --case CASE or --allotted: one of them");
    }
    if (args->argument_count > 0) {
        return session_subjects(&run->session, 0, &run->list, fault);
    }
    if (of_case != NULL) {
        status = session_subject_of(&run->session, of_case, TYPE_CASE, &number, fault);
    }
    return status == STATUS_OK ? find_things(run, number, allotted, fault) : status;
}

/* The labels' texts, with the numbers that these prints will have. */
static enum status collect(struct label_run *run, struct fault *fault)
{
    const char *initials = args_value(run->session.args, "--initials");
    struct buffer agency = {0};
    enum status status = STATUS_OK;
    char name[NAME_BYTES];

    if (run->settings.agency[0] == '\0') {
        describe_detail(&run->session, run->session.signers[0].signer.person, NAME_AGENCY, &agency);
        if (agency.len > 0 && agency.len <= PAPER_VALUE_MAX) {
            memcpy(run->settings.agency, agency.ptr, agency.len);
        }
        buffer_free(&agency);
    }
    status = label_facts_open(&run->session, run->settings.web, run->settings.agency, initials == NULL ? "" : initials, &run->facts, fault);
    for (size_t i = 0; i < run->list.count && status == STATUS_OK; i++) {
        const struct subject *subject = ledger_subject(run->session.txn, run->list.numbers[i], fault);

        if (subject == NULL) {
            return fault->status;
        }
        session_name(&run->session, subject->number, name);
        if (subject->thing == NULL || subject->thing->state == THING_CLOSED) {
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is %s: it gets no label", name,
                             subject->thing == NULL ? type_name(subject->type) : subject->thing->voided ? "void" : "closed");
        }
        status = label_facts_add(run->facts, subject, fault);
    }
    return status == STATUS_OK ? label_facts_labels(run->facts, &run->labels, &run->count, fault) : status;
}

/* ---- drawing, recording, giving out ---------------------------------------------------------- */

static void told(void *context, size_t done)
{
    struct label_run *run = context;

    if (run->progress.step != NULL) {
        (void)run->progress.step(run->progress.context, done, run->count);
    }
}

static enum status draw(struct label_run *run, struct fault *fault)
{
    enum status status = STATUS_OK;

    run->file_count = run->form == FORM_PNG ? run->count : 1;
    run->files = calloc(run->file_count, sizeof *run->files);
    if (run->files == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    run->line = (struct progress_line){.what = "labels"};
    run->progress = progress_to(&run->line);
    if (run->form == FORM_PDF) {
        status = labels_pdf(run->labeller, run->labels, run->count, run->start_at, run->session.now_s, told, run, &run->files[0], fault);
    } else if (run->form == FORM_ZPL) {
        status = labels_zpl(run->labeller, run->labels, run->count, told, run, &run->files[0], fault);
    }
    for (size_t i = 0; run->form == FORM_PNG && i < run->count && status == STATUS_OK; i++) {
        status = label_png(run->labeller, &run->labels[i], &run->files[i], fault);
        told(run, i + 1);
    }
    progress_end(&run->line);
    for (size_t i = 0; i < run->file_count && status == STATUS_OK; i++) {
        status = buffer_status(&run->files[i], fault);
    }
    return status;
}

static enum status record_batch(struct label_run *run, size_t from, size_t count, uint64_t *index, struct fault *fault)
{
    struct composer *composer = NULL;
    enum status status = session_compose(&run->session, KIND_LABEL, &composer, fault);

    if (status != STATUS_OK) {
        return status;
    }
    composer_text(composer, NOTHING, NAME_PRINTER, run->to_printer ? run->path : run->form == FORM_PDF ? "PDF" : run->form == FORM_ZPL ? "ZPL" : "PNG");
    if (args_value(run->session.args, "--initials") != NULL) {
        composer_text(composer, NOTHING, NAME_INITIALS, args_value(run->session.args, "--initials"));
    }
    for (size_t i = from; i < from + count; i++) {
        struct entry *entry = composer_entry(composer, run->list.numbers[i], ROLE_SUBJECT);

        entry->facts.present = BIT(FACT_PRINT);
        entry->facts.print = run->labels[i].print;
    }
    return session_append(&run->session, composer, index, fault);
}

static enum status record(struct label_run *run, uint64_t *first, uint64_t *last, struct fault *fault)
{
    enum status status = STATUS_OK;

    *first = NOTHING;
    for (size_t done = 0; done < run->count && status == STATUS_OK; done += SESSION_BATCH) {
        size_t batch = run->count - done < SESSION_BATCH ? run->count - done : SESSION_BATCH;

        status = record_batch(run, done, batch, last, fault);
        *first = *first == NOTHING ? *last : *first;
    }
    return status == STATUS_OK ? session_commit(&run->session, fault) : status;
}

static enum status write_pictures(struct label_run *run, bool replace, struct fault *fault)
{
    struct buffer path = {0};
    enum status status = STATUS_OK;

    if (mkdir(run->path, 0777) != 0 && errno != EEXIST) {
        return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "%s: %s", run->path, strerror(errno));
    }
    for (size_t i = 0; i < run->count && status == STATUS_OK; i++) {
        buffer_reset(&path);
        buffer_printf(&path, "%s/%.*s-print-%" PRIu64 ".png", run->path, (int)run->labels[i].name.len, (const char *)run->labels[i].name.ptr, run->labels[i].print);
        buffer_append_byte(&path, 0);
        status = buffer_status(&path, fault);
        if (status == STATUS_OK) {
            status = wholefile_write((const char *)path.ptr, buffer_view(&run->files[i]), replace, fault);
        }
    }
    buffer_free(&path);
    return status;
}

static enum status give_out(struct label_run *run, struct sent *sent, struct fault *fault)
{
    struct send_job job = {.destination = run->path, .media_type = run->form == FORM_PDF ? LABEL_PDF_MEDIA_TYPE : ZPL_MEDIA_TYPE, .name = "labels",
                           .bytes = buffer_view(&run->files[0])};
    bool replace = args_flag(run->session.args, "--force");

    if (run->to_printer) {
        return send_document(&job, sent, fault);
    }
    return run->form == FORM_PNG ? write_pictures(run, replace, fault) : wholefile_write(run->path, buffer_view(&run->files[0]), replace, fault);
}

static void say_done(const struct label_run *run, const struct sent *sent, uint64_t first, uint64_t last)
{
    size_t reprints = 0;

    for (size_t i = 0; i < run->count; i++) {
        reprints += run->labels[i].print > 1 ? 1 : 0;
    }
    (void)printf("%s: %zu %s%s", run->path, run->count, run->count == 1 ? "label" : "labels", run->to_printer ? " sent" : "");
    if (run->to_printer) {
        (void)printf(" (%s)", sent->said);
    }
    (void)printf(", for ");
    output_runs(&run->session, run->list.numbers, run->list.count);
    output_records(first, last);
    if (reprints > 0) {
        (void)printf("%zu of them %s: take the earlier labels off, their tags are told at the next scan\n", reprints,
                     reprints == 1 ? "is a reprint" : "are reprints");
    }
}

/* Nothing that fails before the commit leaves anything; what fails after it is told with the prints that it spent. */
static enum status print_labels(struct label_run *run, struct fault *fault)
{
    struct sent sent = {0};
    struct fault why = {0};
    uint64_t first = 0, last = 0;
    enum status status = read_things(run, fault);

    if (status == STATUS_OK) {
        status = collect(run, fault);
    }
    if (status == STATUS_OK) {
        status = draw(run, fault);
    }
    if (status == STATUS_OK) {
        status = record(run, &first, &last, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = give_out(run, &sent, &why);
    if (status != STATUS_OK) {
        args_hint(run->session.args, "the same command again: it gives these labels their next print numbers%s",
                  args_value(run->session.args, "--case") != NULL || args_flag(run->session.args, "--allotted") ? ", with --again" : "");
        return fault_set(fault, status, FAULT_NOWHERE, "%.380s; the prints are on record (record %" PRIu64 "), but the labels did not come out", why.text, first);
    }
    say_done(run, &sent, first, last);
    return STATUS_OK;
}

static enum status run_label(struct args *args, struct fault *fault)
{
    struct label_run *run = calloc(1, sizeof *run);
    const char *directory = NULL;
    enum status status = run == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : session_directory(args, &directory, fault);

    if (status == STATUS_OK && args_value(args, "--draft") != NULL) {
        status = args_usage(args, fault, "--draft: a label is printed now, with the number of this print; it cannot wait for a signature");
    }
    if (status == STATUS_OK) {
        status = paper_settings_read(args, directory, &run->settings, fault);
    }
    if (status == STATUS_OK) {
        status = label_read_target(args, run, fault);
    }
    if (status == STATUS_OK) {
        status = session_start(args, KIND_LABEL, &run->session, fault);
        if (status == STATUS_OK) {
            status = print_labels(run, fault);
            session_close(&run->session);
        }
    }
    if (run != NULL) {
        for (size_t i = 0; i < run->file_count && run->files != NULL; i++) {
            buffer_free(&run->files[i]);
        }
        free(run->files);
        label_facts_close(run->facts);
        labeller_close(run->labeller);
        subject_list_free(&run->list);
    }
    free(run);
    return status;
}

static const struct option label_options[] = {
    {"--case", OPTION_VALUE, "CASE", "every thing of the case that has no label yet"},
    {"--allotted", OPTION_FLAG, NULL, "every unused number that has no label yet; what it will be is filled in by hand"},
    {"--again", OPTION_FLAG, NULL, "with --case or --allotted: those that have one too; the old ones are then void"},
    {"--pdf", OPTION_VALUE, "FILE", "a page a label, or sheets"},
    {"--zpl", OPTION_VALUE, "FILE", "for label printers that understand ZPL"},
    {"--png", OPTION_VALUE, "FOLDER", "one picture a label"},
    {"--printer", OPTION_VALUE, "ADDRESS", "straight to it: tcp://HOST:9100, ipp://HOST/PATH, ipps://HOST/PATH"},
    {"--as", OPTION_VALUE, "FORM", "what the printer gets: zpl or pdf; without it: pdf by ipp, zpl by tcp"},
    {"--stock", OPTION_VALUE, "NAME", "evidence (102 x 76 mm), shelf (102 x 25), asset (51 x 25), roll (62 wide), a4-21, a4-10"},
    {"--stocks", OPTION_VALUE, "FILE", "other stocks, in the form of printer/stocks.ini"},
    {"--dpi", OPTION_VALUE, "N", "dots to an inch of the printer: 203, 300 or 600"},
    {"--start-at", OPTION_VALUE, "N", "on a sheet that is partly used: its first label that is left"},
    {"--initials", OPTION_VALUE, "TEXT", "of who labels; without it: a line for a pen"},
    PAPER_LANGUAGE_OPTION,
    PAPER_WEB_OPTION,
    {"--force", OPTION_FLAG, NULL, "overwrite files"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_label[] = {
    {.words = "label", .arguments = "[SUBJECT...]", .summary = "print labels with QR tags, each print on record", .at_most = ARGS_GIVEN_MAX,
     .shared = ARGS_ACT, .options = label_options,
     .example = "unbroken label --case KHPP-11-4 --pdf labels.pdf --stock a4-21 --language km,en --key me.key", .run = run_label},
    {.words = NULL},
};
