/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certifying: a certificate from the ledger to its PDF: bundle, check, statement, signature, page, attachment, and the check of the whole PDF as a
 * court would make it, before it is put in place. Not here: what the command line says.
 */
#ifndef UNBROKEN_CUSTODY_CERTIFYING_H
#define UNBROKEN_CUSTODY_CERTIFYING_H

#include "custody/bundling.h"
#include "custody/paper_settings.h"
#include "printer/pdf_signer.h"
#include "printer/template.h"

/* Zero it before use; certifying_close when done. */
struct certifying {
    struct bundling bundling;
    struct paper_settings settings;
    struct template template;
    const char *from; /* a bundle that was made before; NULL: one is made now */
    const char *certificates, *key; /* PEM files for a PAdES signature; NULL: none */
    /* Filled in: */
    struct pdf_signer *signer;
    struct subject_list list;       /* what was named, and the certifier */
    struct session_signer certifier;
    uint64_t withheld;
    struct buffer bundle, statement, pdf;
    char number[24];                /* of the certificate */
    int verdict;                    /* 0 or 3 */
    uint64_t size, breaches;
    size_t lines;
};

/*
 * All of it but the file. The session is open for appending and has its key, without a transaction. What the check does not pass is not
 * certified. Errors: STATUS_REFUSED, STATUS_UNTRUSTED, STATUS_MISSING, ...: the text is fit for a terminal.
 */
MUST_USE enum status certifying_make(struct session *session, struct certifying *job, struct fault *fault);
/* The certificate and key for PAdES, early: a wrong one is told before anything is signed. Nothing where none was asked for. */
MUST_USE enum status certifying_signer(struct session *session, struct certifying *job, struct fault *fault);
void certifying_close(struct certifying *job);

#endif
