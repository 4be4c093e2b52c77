/* SPDX-License-Identifier: Apache-2.0 */
/* pdf_signer_inside: what pdf_signer.c and pdf_signer_cms.c share. Nobody else includes it. */
#ifndef UNBROKEN_PRINTER_PDF_SIGNER_INSIDE_H
#define UNBROKEN_PRINTER_PDF_SIGNER_INSIDE_H

#include "printer/pdf_signer.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

struct pdf_signer {
    OSSL_LIB_CTX *library; /* all are owned */
    X509 *certificate;
    STACK_OF(X509) *issuers;
    EVP_PKEY *key;
    uint64_t time_s;
};

#endif
