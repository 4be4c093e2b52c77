/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sample_token: a time-stamping authority in memory and its RFC 3161 tokens, made by OpenSSL, with times of the caller's.
 * Its certificates are valid in 2023 alone: tokens have to count after their end.
 */
#ifndef UNBROKEN_TESTS_SAMPLE_TOKEN_H
#define UNBROKEN_TESTS_SAMPLE_TOKEN_H

#include "verify/token.h"

struct sample_tsa; /* opaque: a root, and a certificate of that name under it */

/* Each of these ends the test program when a library fails. */
struct sample_tsa *sample_tsa_open(const char *name);
void sample_tsa_close(struct sample_tsa *tsa);
/* Trust in its root. */
struct token_trust *sample_tsa_trust(const struct sample_tsa *tsa);
/* Appends a token over that hash. */
void sample_token(const struct sample_tsa *tsa, const struct hash *imprint, uint64_t time_s, struct buffer *out);

#endif
