/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certifying: from things and a key to the finished certificate: bundle, verdict, signed statement, page, attachments, and a last check of the whole.
 */
#ifndef UNBROKEN_CUSTODY_CERTIFYING_H
#define UNBROKEN_CUSTODY_CERTIFYING_H

#include "custody/bundling.h"
#include "custody/paper_settings.h"
#include "printer/pdf_sign.h"
#include "printer/template.h"
#include "verify/verdict.h"

struct certifying {
    struct session session;
    const char *path;
    struct bundling bundling;
    struct paper_settings settings;
    char template_name[25];
    struct template template;
    struct pdf_signer *signer; /* NULL: no PAdES signature */
    struct buffer bundle, statement, pdf;
    uint64_t withheld;
    /* Of the finished certificate. */
    char number[CERTIFICATE_NUMBER_BYTES];
    uint64_t size;
    int status; /* 0 or 3 */
};

/* The command line, the template, the certificate for PAdES. *work is zeroed before. */
MUST_USE enum status certifying_read(struct args *args, struct certifying *work, struct fault *fault);
/* Everything into work->pdf. The session is open for appending. Errors: STATUS_REFUSED (it does not pass its own check), and of all that it calls. */
MUST_USE enum status certifying_make(struct certifying *work, struct fault *fault);
/* All but the session. */
void certifying_close(struct certifying *work);

#endif
