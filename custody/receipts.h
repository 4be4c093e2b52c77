/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipts: the receipt of a record, from the ledger to its files: the record is covered by a checkpoint, a bundle of what it touched is made and
 * verified as a court would, and the paper is drawn from that alone (printer/receipt.h). What does not verify is not printed.
 */
#ifndef UNBROKEN_CUSTODY_RECEIPTS_H
#define UNBROKEN_CUSTODY_RECEIPTS_H

#include "custody/session.h"
#include "printer/receipt.h"

struct receipt_job {
    uint64_t record;
    struct receipt_form form;
    struct view web;         /* the address that the QR's texts stand behind, or empty */
    const char *pdf, *text;  /* files to be written; NULL: not */
    bool replace;            /* files that are there already are overwritten */
    /* Filled in: */
    int verdict;             /* 0, or 3: a rule of custody is broken, and the paper says which */
    uint64_t size;           /* of the checkpoint on it */
    size_t symbols;          /* QR on each copy */
};

/*
 * The record that RECORD names: a number, or the latest handover, seizure, registration or disposal of a case or thing. A transaction is open.
 * Errors: STATUS_REFUSED, STATUS_MISSING (there is none yet): the text is fit for a terminal.
 */
MUST_USE enum status receipts_find(struct session *session, const char *typed, uint64_t *record, struct fault *fault);
/* Early word, before anything is signed or recorded: does a file stand where one is to be written? */
MUST_USE enum status receipts_check(struct args *args, const struct receipt_job *job, struct fault *fault);
/* No transaction is open, the ledger is open for appending. Both files are written, or neither. */
MUST_USE enum status receipts_make(struct session *session, struct receipt_job *job, struct fault *fault);

#endif
