/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipts: the receipt of a record, from the ledger to its files: the record is covered by a checkpoint, a bundle of what it touched is made and
 * verified as a court would, and the paper is drawn from that alone (printer/receipt.h). What does not verify is not printed.
 */
#ifndef UNBROKEN_CUSTODY_RECEIPTS_H
#define UNBROKEN_CUSTODY_RECEIPTS_H

#include "custody/paper_settings.h"
#include "custody/session.h"
#include "printer/receipt.h"

struct receipt_job {
    uint64_t record;
    struct receipt_form form;
    struct paper_settings settings; /* form and web borrow it */
    struct view web;         /* the address that the QR's texts stand behind, or empty */
    const char *pdf, *text;  /* files to be written; NULL: not */
    bool replace;            /* files that are there already are overwritten */
    /* Filled in: */
    bool broken;             /* a rule of custody is broken, and the paper says which */
    uint64_t size;           /* of the checkpoint on it */
    size_t symbols;          /* QR on each copy */
};

/* How it looks: --roll, --copies, --language, --web, where the command has them, and the station's settings. Errors: usage, those of paper_settings_read. */
MUST_USE enum status receipts_form(struct args *args, struct receipt_job *job, struct fault *fault);

/*
 * The record that RECORD names: a number, or the latest handover, seizure, registration or disposal of a case or thing. A transaction is open.
 * Errors: STATUS_REFUSED, STATUS_MISSING (there is none yet): the text is fit for a terminal.
 */
MUST_USE enum status receipts_find(struct session *session, const char *typed, uint64_t *record, struct fault *fault);
/* Early word, before anything is signed or recorded: does a file stand where one is to be written? */
MUST_USE enum status receipts_check(struct args *args, const struct receipt_job *job, struct fault *fault);
/* No transaction is open, the ledger is open for appending. Both files are written, or neither. */
MUST_USE enum status receipts_make(struct session *session, struct receipt_job *job, struct fault *fault);

/* For a command that records an act and prints its receipt at once. */
#define RECEIPTS_OPTIONS                                                                                                   \
    {"--receipt-pdf", OPTION_VALUE, "FILE", "print the receipt of it into FILE, two copies (unbroken receipt --help)"},    \
    PAPER_LANGUAGE_OPTION
/* Before anything is recorded: is a receipt asked for, and can it be? A draft has none. */
MUST_USE enum status receipts_early(struct session *session, struct fault *fault);
/*
 * After the commit of records first to last, and nothing without --receipt-pdf. Where several were recorded, each has a file of its own, with
 * its number before the ending. Says what was written; a failure's hint says how to print it after all, for the acts are recorded.
 */
MUST_USE enum status receipts_after(struct session *session, uint64_t first, uint64_t last, struct fault *fault);
/* "a.pdf: 2 copies of the receipt for record 41, ..." on standard output. */
void receipts_say(const struct receipt_job *job);

#endif
