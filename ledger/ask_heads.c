/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ask_heads: see the header.
 */
#include "ledger/ask_heads.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/fetch.h"
#include "ledger/witnesses.h"
#include "verify/text.h"

enum { HTTP_OK = 200, HTTP_NOT_FOUND = 404 };

static enum status no_memory(struct fault *fault)
{
    return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
}

/* "ORIGIN-HASH/checkpoint" */
static enum status name_of(struct hasher *hasher, struct view origin, struct buffer *out, struct fault *fault)
{
    struct hash hash;

    hash_data(hasher, origin, &hash);
    text_hex(out, hash_view(&hash));
    buffer_append(out, "/checkpoint", sizeof "/checkpoint"); /* with its NUL */
    return buffer_status(out, fault);
}

static void take_answer(struct asked_head *head, struct fetch_answer *answer)
{
    if (answer->status != STATUS_OK) {
        (void)snprintf(head->why, sizeof head->why, "%.400s", answer->fault.text);
    } else if (answer->http_status == HTTP_NOT_FOUND) {
        (void)snprintf(head->why, sizeof head->why, "it says that it has seen no checkpoint of this ledger");
    } else if (answer->http_status != HTTP_OK) {
        (void)snprintf(head->why, sizeof head->why, "it answers with the HTTP status %ld", answer->http_status);
    } else if (answer->body.len == 0) {
        (void)snprintf(head->why, sizeof head->why, "its answer is empty");
    } else {
        head->note = answer->body;
        answer->body = (struct buffer){0};
    }
    fetch_answer_free(answer);
}

/* asked[i]: which head the i-th request is for. */
static enum status fetch_heads(struct asked_heads *heads, const struct fetch_request *requests, const size_t *asked, size_t count, struct fault *fault)
{
    struct fetch_answer *answers = calloc(count + 1, sizeof *answers);
    struct fetcher *fetcher = NULL;
    enum status status = answers == NULL ? no_memory(fault) : fetcher_open(&fetcher, fault);

    if (status == STATUS_OK) {
        status = fetch_all(fetcher, requests, count, answers, fault);
    }
    for (size_t i = 0; i < count && answers != NULL; i++) {
        if (status == STATUS_OK) {
            take_answer(&heads->heads[asked[i]], &answers[i]);
        } else {
            fetch_answer_free(&answers[i]);
        }
    }
    fetcher_close(fetcher);
    free(answers);
    return status;
}

static enum status ask_all(struct asked_heads *heads, const char *name, const char *authorities, struct fault *fault)
{
    struct fetch_request requests[POLICY_WITNESSES_MAX] = {0};
    char *urls[POLICY_WITNESSES_MAX] = {0};
    size_t asked[POLICY_WITNESSES_MAX];
    size_t count = 0;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < heads->count && status == STATUS_OK; i++) {
        struct asked_head *head = &heads->heads[i];

        if (head->witness->url.len == 0) {
            (void)snprintf(head->why, sizeof head->why, "witnesses.policy does not say where it answers");
            continue;
        }
        urls[count] = fetch_url(head->witness->url, name);
        status = urls[count] == NULL ? no_memory(fault) : STATUS_OK;
        requests[count] = (struct fetch_request){.url = urls[count], .answer_max = NOTE_BYTES_MAX, .ca_file = authorities};
        asked[count++] = i;
    }
    if (status == STATUS_OK && count > 0) {
        status = fetch_heads(heads, requests, asked, count, fault);
    }
    for (size_t i = 0; i < count; i++) {
        free(urls[i]);
    }
    return status;
}

static enum status ask_now(struct ledger *ledger, struct asked_heads *heads, struct fault *fault)
{
    char *authorities = witnesses_authorities(ledger);
    struct buffer name = {0};
    enum status status = name_of(ledger_hasher(ledger), view_text(ledger_origin(ledger)), &name, fault);

    if (status == STATUS_OK) {
        status = ask_all(heads, (const char *)name.ptr, authorities, fault);
    }
    buffer_free(&name);
    free(authorities);
    return status;
}

enum status ask_heads(struct ledger *ledger, bool offline, struct asked_heads *out, struct fault *fault)
{
    struct fault inner = {0};
    enum status status = witnesses_read(ledger, &out->policy, &inner);

    if (status == STATUS_MISSING) {
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        return fault_set(fault, status, inner.at, "%s", inner.text);
    }
    out->count = policy_witness_count(out->policy);
    for (size_t i = 0; i < out->count; i++) {
        out->heads[i].witness = policy_witness(out->policy, i);
        if (offline) {
            (void)snprintf(out->heads[i].why, sizeof out->heads[i].why, "it was not asked (--offline)");
        }
    }
    status = offline ? STATUS_OK : ask_now(ledger, out, fault);
    if (status != STATUS_OK) {
        ask_heads_free(out);
    }
    return status;
}

void ask_heads_free(struct asked_heads *heads)
{
    for (size_t i = 0; i < heads->count; i++) {
        buffer_free(&heads->heads[i].note);
    }
    policy_close(heads->policy);
    *heads = (struct asked_heads){0};
}
