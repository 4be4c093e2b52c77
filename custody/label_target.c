/* SPDX-License-Identifier: Apache-2.0 */
/*
 * label_target: see label_run.h.
 */
#include "custody/label_run.h"

#include <string.h>

#include "custody/wholefile.h"
#include "printer/send.h"
#include "printer/zpl.h"
#include "verify/text.h"

enum { STOCK_FILE_BYTES_MAX = 1 << 20, START_AT_MAX = 1000 };

/* Exactly one of --pdf, --zpl, --png and --printer, or the printer of paper.ini. */
static enum status read_target(struct args *args, struct label_run *run, struct fault *fault)
{
    static const char *const options[] = {"--pdf", "--zpl", "--png", "--printer"};
    const char *as = args_value(args, "--as");
    size_t given = 0;

    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        if (args_value(args, options[i]) != NULL) {
            given++;
            run->path = args_value(args, options[i]);
            run->form = i == 0 ? FORM_PDF : i == 2 ? FORM_PNG : FORM_ZPL;
            run->to_printer = i == 3;
        }
    }
    if (given == 0 && run->settings.printer[0] != '\0') {
        run->path = run->settings.printer;
        run->to_printer = true;
    } else if (given != 1) {
        return args_usage(args, fault, "label needs one of --pdf FILE, --zpl FILE, --png FOLDER or --printer ADDRESS, or a printer in paper.ini");
    }
    if (!run->to_printer) {
        return as == NULL ? STATUS_OK : args_usage(args, fault, "--as goes with a printer: a file is what its own option says");
    }
    /* Who speaks IPP takes pages, who takes bytes as they come is a label printer; --as says otherwise. */
    run->form = as == NULL ? (strncmp(run->path, "ipp", 3) == 0 ? FORM_PDF : FORM_ZPL) : strcmp(as, "pdf") == 0 ? FORM_PDF : FORM_ZPL;
    if (as != NULL && strcmp(as, "pdf") != 0 && strcmp(as, "zpl") != 0) {
        return args_usage(args, fault, "--as %.20s: pdf or zpl", as);
    }
    return send_check(run->path, fault);
}

static enum status read_stock(struct args *args, struct label_run *run, struct fault *fault)
{
    const char *file = args_value(args, "--stocks"), *name = run->settings.stock[0] == '\0' ? "evidence" : run->settings.stock;
    const struct stock *stock = NULL;
    struct buffer text = {0}, names = {0};
    struct fault why = {0};
    enum status status = file == NULL ? stocks_own(&run->stocks, fault) : wholefile_read(file, STOCK_FILE_BYTES_MAX, &text, fault);

    if (status == STATUS_OK && file != NULL && stocks_read(buffer_view(&text), &run->stocks, &why) != STATUS_OK) {
        status = fault_set(fault, why.status, why.at, "%s: %.400s", file, why.text);
    }
    buffer_free(&text);
    if (status != STATUS_OK) {
        return status;
    }
    stock = stocks_find(&run->stocks, name);
    if (stock == NULL) {
        for (size_t i = 0; i < run->stocks.count; i++) {
            buffer_printf(&names, "%s%s", i == 0 ? "" : ", ", run->stocks.stocks[i].name);
        }
        status = args_usage(args, fault, "--stock %.40s: there are %.*s", name, (int)names.len, (const char *)names.ptr);
        buffer_free(&names);
        return status;
    }
    return labeller_open(stock, &run->settings.languages, run->settings.dpi, &run->labeller, fault);
}

static enum status read_start(struct args *args, struct label_run *run, struct fault *fault)
{
    const char *start = args_value(args, "--start-at");
    uint64_t at = 1;

    if (start != NULL && (!text_decimal(view_text(start), &at) || at == 0 || at > START_AT_MAX || run->form != FORM_PDF)) {
        return args_usage(args, fault, "--start-at %.20s: the number of a label on a sheet, from 1; for PDF alone", start);
    }
    run->start_at = (unsigned)at;
    return STATUS_OK;
}

/* Before any passphrase is asked: may the file be made, and does the printer answer? */
static enum status look_ahead(struct args *args, struct label_run *run, struct fault *fault)
{
    struct send_job job = {.destination = run->path, .media_type = run->form == FORM_PDF ? LABEL_PDF_MEDIA_TYPE : ZPL_MEDIA_TYPE, .name = "labels"};
    struct sent sent;

    if (run->to_printer) {
        return send_ask(&job, &sent, fault);
    }
    if (run->form != FORM_PNG && wholefile_exists(run->path) && !args_flag(args, "--force")) {
        args_hint(args, "--force");
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: exists and is not overwritten", run->path);
    }
    return STATUS_OK;
}

enum status label_read_target(struct args *args, struct label_run *run, struct fault *fault)
{
    enum status status = read_target(args, run, fault);

    if (status == STATUS_OK) {
        status = read_stock(args, run, fault);
    }
    if (status == STATUS_OK) {
        status = read_start(args, run, fault);
    }
    return status == STATUS_OK ? look_ahead(args, run, fault) : status;
}
