/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secret_pkcs8: what secret.c and secret_file.c share, so that OpenSSL's types stay out of secret.h.
 */
#ifndef UNBROKEN_LEDGER_SECRET_PKCS8_H
#define UNBROKEN_LEDGER_SECRET_PKCS8_H

#include <openssl/evp.h>

#include "ledger/secret.h"

/* Takes over context and pkey in every case. Errors: STATUS_DAMAGED (another kind of key), STATUS_MEMORY. */
MUST_USE enum status secret_from_pkey(OSSL_LIB_CTX *context, EVP_PKEY *pkey, struct secret **out, struct fault *fault);
/* The caller frees it; NULL: OpenSSL failed. */
EVP_PKEY *secret_to_pkey(OSSL_LIB_CTX *context, const struct secret *secret);

#endif
