/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_witness: how many checkpoints a second a witness cosigns, each in a ledger that grew by one record: by a call, and over HTTP on loopback on
 * one connection that is kept. Beside it the bare parts: an Ed25519 signature, and a file that is replaced and synced with its directory. Prints and
 * judges nothing. Works in a new directory under TMPDIR (/var/tmp: not in memory).
 */
#include <arpa/inet.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ledger/files.h"
#include "ledger/witness_http.h"
#include "ledger/witness_request.h"
#include "tests/bench/table.h"
#include "tests/support/sample_keys.h"

enum { STEPS = 1000, LEVELS = 13, ANSWER_MAX = 4096 };

#define ORIGIN "bench.example/log"
#define NOW UINT64_C(1544670000)

static struct hash tree[LEVELS][2 * STEPS + 2];
static struct buffer bodies[2 * STEPS]; /* body i: from size i + 1 to size i + 2 */
static struct hasher *hasher;

static enum status read_node(void *context, unsigned level, uint64_t index, struct hash *out, struct fault *fault)
{
    (void)context;
    (void)fault;
    *out = tree[level][index];
    return STATUS_OK;
}

static enum status keep_node(void *context, unsigned level, uint64_t index, const struct hash *node, struct fault *fault)
{
    (void)context;
    (void)fault;
    tree[level][index] = *node;
    return STATUS_OK;
}

/* The ledger and its requests: outside every timed part. */
static void make_requests(void)
{
    struct merkle_source source = {read_node, NULL, hasher};
    struct merkle_frontier frontier = {0};
    struct fault fault = {0};

    for (uint64_t i = 0; i <= 2 * STEPS; i++) {
        struct buffer note = {0};
        struct merkle_path path = {.count = 0};
        struct hash leaf, root;

        hash_leaf(hasher, view_of(&i, sizeof i), &leaf);
        table_must(merkle_append(hasher, &frontier, &leaf, keep_node, NULL, &fault), &fault, "growing");
        if (i == 0) {
            continue;
        }
        merkle_frontier_root(hasher, &frontier, &root);
        table_must(merkle_prove_consistency(&source, i, i + 1, &path, &fault), &fault, "proving");
        sample_note(hasher, view_text(ORIGIN), i + 1, &root, "bench", &note);
        witness_request_format(i, &path, buffer_view(&note), &bodies[i - 1]);
        buffer_free(&note);
    }
}

static void first(struct witness *witness)
{
    struct buffer note = {0}, body = {0};
    struct witness_answer answer;

    sample_note(hasher, view_text(ORIGIN), 1, &tree[0][0], "bench", &note);
    witness_request_format(0, &(struct merkle_path){.count = 0}, buffer_view(&note), &body);
    witness_add_checkpoint(witness, buffer_view(&body), NOW, &answer);
    table_need(answer.http_status == 200, "the first checkpoint");
    buffer_free(&answer.body);
    buffer_free(&body);
    buffer_free(&note);
}

static struct witness *open_witness(const char *dir)
{
    struct witness *witness = NULL;
    struct buffer policy = {0};
    struct fault fault = {0};
    size_t added = 0, dropped = 0;

    table_must(witness_found(dir, view_text("bench.example/witness"), &fault), &fault, "making a witness");
    table_must(witness_open(dir, &witness, &fault), &fault, "opening it");
    sample_policy_line(hasher, 1, view_text(ORIGIN), "bench", &policy);
    buffer_printf(&policy, "quorum none\n");
    table_must(witness_trust(witness, buffer_view(&policy), false, &added, &dropped, &fault), &fault, "trusting");
    buffer_free(&policy);
    return witness;
}

/* ---- bare -------------------------------------------------------------------------------------- */

static double bare_sign_per_s(void)
{
    enum { SIGNATURES = 20000 };
    uint8_t public_key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES], signature[crypto_sign_BYTES];
    uint8_t message[160] = {0};
    double begin_s;

    (void)crypto_sign_keypair(public_key, secret);
    begin_s = table_now_s();
    for (unsigned i = 0; i < SIGNATURES; i++) {
        message[0] = (uint8_t)i;
        (void)crypto_sign_detached(signature, NULL, message, sizeof message, secret);
    }
    return SIGNATURES / (table_now_s() - begin_s);
}

static double bare_replace_per_s(const char *dir)
{
    enum { FILES = 500 };
    char path[300];
    uint8_t bytes[400] = {0};
    struct fault fault = {0};
    double begin_s = table_now_s();

    (void)snprintf(path, sizeof path, "%s/bare", dir);
    for (unsigned i = 0; i < FILES; i++) {
        bytes[0] = (uint8_t)i;
        table_must(files_replace(path, view_of(bytes, sizeof bytes), 0600, &fault), &fault, "replacing a file");
    }
    return FILES / (table_now_s() - begin_s);
}

/* ---- the witness -------------------------------------------------------------------------------- */

static double by_call_per_s(struct witness *witness)
{
    struct witness_answer answer;
    double begin_s = table_now_s();

    for (unsigned i = 0; i < STEPS; i++) {
        witness_add_checkpoint(witness, buffer_view(&bodies[i]), NOW + i, &answer);
        table_need(answer.http_status == 200, "cosigning");
        buffer_free(&answer.body);
    }
    return STEPS / (table_now_s() - begin_s);
}

/* All checks, and a conflict: what a request costs without the disk's writing. */
static double checked_per_s(struct witness *witness)
{
    struct witness_answer answer;
    double begin_s = table_now_s();

    for (unsigned i = 0; i < STEPS; i++) {
        witness_add_checkpoint(witness, buffer_view(&bodies[0]), NOW, &answer);
        table_need(answer.http_status == 409, "a conflict");
        buffer_free(&answer.body);
    }
    return STEPS / (table_now_s() - begin_s);
}

static uint64_t clock_now(void *context)
{
    uint64_t *now_s = context;

    return ++*now_s;
}

static int dial(const struct server *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_port = htons((uint16_t)strtoul(strrchr(serve_address(server), ':') + 1, NULL, 10));
    table_need(peer >= 0 && connect(peer, (struct sockaddr *)&address, sizeof address) == 0, "connecting");
    return peer;
}

/* One request; the answer is read to the end of its body, a line. */
static void ask(int peer, struct view body)
{
    struct buffer request = {0};
    char answer[ANSWER_MAX];
    const char *end = NULL;
    size_t len = 0;

    buffer_printf(&request, "POST /add-checkpoint HTTP/1.1\r\nHost: a\r\nContent-Length: %zu\r\n\r\n", body.len);
    buffer_append_view(&request, body);
    table_need(send(peer, request.ptr, request.len, MSG_NOSIGNAL) == (ssize_t)request.len, "sending");
    while (end == NULL || answer[len - 1] != '\n' || (size_t)(answer + len - end) <= 4) {
        ssize_t got = recv(peer, answer + len, sizeof answer - 1 - len, 0);

        table_need(got > 0, "receiving");
        len += (size_t)got;
        answer[len] = '\0';
        end = strstr(answer, "\r\n\r\n");
    }
    table_need(strncmp(answer, "HTTP/1.1 200 ", 13) == 0, "cosigning over HTTP");
    buffer_free(&request);
}

static double over_http_per_s(struct witness *witness)
{
    uint64_t now_s = NOW + STEPS;
    struct witness_http http = {.witness = witness, .now_s = clock_now, .context = &now_s};
    struct serve_options options = {.listen = "127.0.0.1:0", .body_max = WITNESS_REQUEST_BYTES_MAX};
    struct server *server = NULL;
    struct fault fault = {0};
    double begin_s, end_s;
    int peer;

    table_must(serve_open(&options, witness_http_answer, NULL, &http, &server, &fault), &fault, "serving");
    peer = dial(server);
    begin_s = table_now_s();
    for (unsigned i = STEPS; i < 2 * STEPS; i++) {
        ask(peer, buffer_view(&bodies[i]));
    }
    end_s = table_now_s();
    (void)close(peer);
    serve_close(server);
    return STEPS / (end_s - begin_s);
}

int main(void)
{
    char root[256], dir[300], command[320];
    const char *place = getenv("TMPDIR");
    struct fault fault = {0};
    struct witness *witness;
    double sign, replace;

    (void)snprintf(root, sizeof root, "%s/unbroken-bench-XXXXXX", place == NULL ? "/var/tmp" : place);
    table_need(mkdtemp(root) != NULL, "a scratch directory");
    (void)snprintf(dir, sizeof dir, "%s/witness", root);
    table_must(key_initialise(&fault), &fault, "libsodium");
    table_must(hasher_open(&hasher, &fault), &fault, "OpenSSL");
    make_requests();
    witness = open_witness(dir);
    first(witness);
    table_begin();
    sign = bare_sign_per_s();
    replace = bare_replace_per_s(root);
    table_rates("witness: cosignatures, by call", by_call_per_s(witness), replace, "a file replaced, synced", 0);
    table_rates("  over HTTP, one connection", over_http_per_s(witness), replace, "a file replaced, synced", 0);
    table_rates("  checks alone (a conflict)", checked_per_s(witness), sign, "Ed25519 sign", 0);
    table_end();
    witness_close(witness);
    for (size_t i = 0; i < 2 * STEPS; i++) {
        buffer_free(&bodies[i]);
    }
    hasher_close(hasher);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", root);
    return system(command) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
