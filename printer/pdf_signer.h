/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pdf_signer: a person's certificate and key (X.509, PEM) and what they sign: a detached CMS as PAdES wants it (ETSI EN 319 142-1).
 * This is the signature that PDF viewers show. It is not the certifier's signature of SPEC 13.4, and unbroken-verify does not look at it.
 */
#ifndef UNBROKEN_PRINTER_PDF_SIGNER_H
#define UNBROKEN_PRINTER_PDF_SIGNER_H

#include "verify/bytes.h"

enum { PDF_SIGNER_CERTIFICATES_MAX = 8, PDF_SIGNER_RSA_BITS_MIN = 2048, PDF_SIGNER_RSA_BITS_MAX = 8192 };

struct pdf_signer; /* the key is wiped when closed */

/* Asked at most once, when the key is encrypted. The view stays alive until pdf_signer_open returns. Its own error is handed on. */
typedef enum status pdf_signer_ask(void *context, struct view *passphrase, struct fault *fault);

/*
 * certificates: the signer's own first, then its issuers, which are sent along; at most PDF_SIGNER_CERTIFICATES_MAX. key: PKCS#8 or
 * traditional PEM, P-256 or RSA. time_s: when it signs; POSIX seconds. ask may be NULL.
 * Errors: STATUS_DAMAGED (no such PEM; for certificates at = its number, from 1), STATUS_UNTRUSTED (wrong passphrase; the certificate is not
 * of this key), STATUS_REFUSED (another kind of key; not valid at time_s; its key usage allows neither digitalSignature nor
 * nonRepudiation; encrypted and nobody to ask), STATUS_MEMORY, STATUS_ENVIRONMENT.
 */
MUST_USE enum status pdf_signer_open(struct view certificates, struct view key, uint64_t time_s, pdf_signer_ask *ask, void *context,
                                     struct pdf_signer **out, struct fault *fault);
void pdf_signer_close(struct pdf_signer *signer); /* accepts NULL */

uint64_t pdf_signer_time(const struct pdf_signer *signer);
/* Appends the common name of the certificate, UTF-8 and escaped; nothing when it has none. */
void pdf_signer_name(const struct pdf_signer *signer, struct buffer *out);

/*
 * Appends the CMS (DER) over the parts, one behind another, and checks it before it is given. It carries no time of its own (the PDF has it).
 * With RSA the same input gives the same bytes; with P-256 each signature is another. Errors: STATUS_ENVIRONMENT, STATUS_MEMORY.
 */
MUST_USE enum status pdf_signer_sign(const struct pdf_signer *signer, const struct view *parts, size_t count, struct buffer *out,
                                     struct fault *fault);

#endif
