/* SPDX-License-Identifier: Apache-2.0 */
/*
 * label_run: one run of the command `label`: what label_target.c reads of its options, and command_label.c does.
 */
#ifndef UNBROKEN_CUSTODY_LABEL_RUN_H
#define UNBROKEN_CUSTODY_LABEL_RUN_H

#include "custody/label_facts.h"
#include "custody/paper_settings.h"
#include "custody/progress.h"

enum form { FORM_PDF, FORM_ZPL, FORM_PNG };

/* One run of the command. */
struct label_run {
    struct session session;
    struct paper_settings settings;
    struct stocks stocks;
    struct labeller *labeller;
    struct label_facts *facts;
    const struct label *labels;
    size_t count;
    struct subject_list list;
    enum form form;
    const char *path;     /* of the file, the folder, or the printer's address */
    bool to_printer;
    unsigned start_at;
    struct buffer *files; /* PNG: one a label; else one */
    size_t file_count;
    struct progress_line line;
    struct progress progress;
};

#define LABEL_PDF_MEDIA_TYPE "application/pdf"

/*
 * Where the labels go, on what stock, in which form; opens the labeller. Asks a printer whether it is ready, and refuses a file that is there,
 * before any key is opened. Errors: usage, STATUS_REFUSED, STATUS_DAMAGED (a file of stocks), STATUS_ENVIRONMENT (the printer, fonts).
 */
MUST_USE enum status label_read_target(struct args *args, struct label_run *run, struct fault *fault);

#endif
