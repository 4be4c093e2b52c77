/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timestamp: a token that answers the question is judged as a court will judge it, and made fit to be kept: chain and revocation lists are put into it
 * (timestamp_chain.c) and it is judged again.
 */
#include "ledger/timestamp_inside.h"

#include <openssl/err.h>

static enum status no_memory(struct fault *fault)
{
    return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a time-stamp");
}

/* Everything that is owned on the way to a time-stamp. */
struct keeping {
    const struct timestamp_tsa *tsa;
    struct fetcher *fetcher;
    struct view token; /* as it came */
    PKCS7 *decoded;
    STACK_OF(X509) *trusted, *chain;
    STACK_OF(X509_CRL) *lists; /* NULL: revocation is not asked */
};

static void keeping_free(struct keeping *keeping)
{
    PKCS7_free(keeping->decoded);
    sk_X509_pop_free(keeping->trusted, X509_free);
    sk_X509_pop_free(keeping->chain, X509_free);
    sk_X509_CRL_pop_free(keeping->lists, X509_CRL_free);
}

/* The chain first, for it says where lists are; then again with the lists. */
static enum status look_at_revocation(struct keeping *keeping, uint64_t time_s, struct fault *fault)
{
    const struct timestamp_tsa *tsa = keeping->tsa;
    STACK_OF(X509) *again = NULL;
    enum status status = timestamp_chain(keeping->decoded, keeping->trusted, NULL, time_s, &keeping->chain, fault);

    if (status != STATUS_OK || (tsa->lists.len == 0 && !tsa->fetch_lists)) {
        return status;
    }
    keeping->lists = sk_X509_CRL_new_null();
    if (keeping->lists == NULL) {
        return no_memory(fault);
    }
    status = tsa->lists.len == 0 ? STATUS_OK : timestamp_lists_read(tsa->lists, keeping->lists, fault);
    if (status == STATUS_OK && tsa->fetch_lists) {
        status = timestamp_lists_fetch(keeping->fetcher, keeping->chain, keeping->lists, fault);
    }
    if (status == STATUS_OK) {
        status = timestamp_chain(keeping->decoded, keeping->trusted, keeping->lists, time_s, &again, fault);
    }
    sk_X509_pop_free(again, X509_free);
    return status;
}

static enum status embed(struct keeping *keeping, struct timestamp *out, struct fault *fault)
{
    struct fault inner = {0};
    enum status status = timestamp_embed(keeping->token, keeping->chain, keeping->lists, &out->token, &inner);

    out->lists_checked = keeping->lists != NULL;
    out->lists_kept = out->lists_checked && status == STATUS_OK;
    if (status == STATUS_REFUSED && keeping->lists != NULL) {
        fault_clear(&inner);
        status = timestamp_embed(keeping->token, keeping->chain, NULL, &out->token, &inner);
    }
    if (status == STATUS_REFUSED) { /* the certificates alone are too many: as it came */
        fault_clear(&inner);
        buffer_append_view(&out->token, keeping->token);
        status = buffer_status(&out->token, &inner);
    }
    return status == STATUS_OK ? status : fault_set(fault, status, FAULT_NOWHERE, "%s", inner.text);
}

static enum status keep(struct keeping *keeping, const struct token_trust *trust, const struct hash *imprint, struct timestamp *out, struct fault *fault)
{
    enum status status = token_check(trust, keeping->token, imprint, &out->time_s, &out->name, fault);

    if (status != STATUS_OK) {
        return status;
    }
    (void)ERR_set_mark();
    keeping->decoded = token_decode(keeping->token);
    status = keeping->decoded == NULL ? no_memory(fault) : timestamp_trusted(keeping->tsa->ca, &keeping->trusted, fault);
    if (status == STATUS_OK) {
        status = look_at_revocation(keeping, out->time_s, fault);
    }
    if (status == STATUS_OK) {
        status = embed(keeping, out, fault);
    }
    (void)ERR_pop_to_mark();
    if (status == STATUS_OK) {
        buffer_reset(&out->name);
        status = token_check(trust, buffer_view(&out->token), imprint, &out->time_s, &out->name, fault);
    }
    return status;
}

enum status timestamp_accept(const struct timestamp_tsa *tsa, struct view query, struct view response, struct fetcher *fetcher,
                             struct timestamp *out, struct fault *fault)
{
    struct keeping keeping = {.tsa = tsa, .fetcher = fetcher};
    struct token_trust *trust = NULL;
    struct buffer token = {0};
    struct hash imprint;
    enum status status;

    *out = (struct timestamp){0};
    status = token_trust_open(tsa->ca, &trust, fault);
    if (status == STATUS_OK) {
        status = timestamp_decode_response(query, response, &token, &imprint, fault);
    }
    if (status == STATUS_OK) {
        keeping.token = buffer_view(&token);
        status = keep(&keeping, trust, &imprint, out, fault);
    }
    keeping_free(&keeping);
    buffer_free(&token);
    token_trust_close(trust);
    if (status != STATUS_OK) {
        timestamp_free(out);
    }
    return status;
}

void timestamp_free(struct timestamp *timestamp)
{
    buffer_free(&timestamp->token);
    buffer_free(&timestamp->name);
    *timestamp = (struct timestamp){0};
}
