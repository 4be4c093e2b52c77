/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness_serve: the command `witness serve`: listens until it is told to stop, and writes a line for each request.
 */
#include "custody/witnessing.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "custody/wholefile.h"
#include "ledger/witness_http.h"
#include "ledger/witness_request.h"
#include "verify/text.h"

enum { PEM_MAX = 1 << 20 };

const struct option witness_serve_options[] = {
    {"--listen", OPTION_VALUE, "ADDRESS:PORT", "where, in numbers: 127.0.0.1:8080 (if left out), [::1]:8080, 0.0.0.0:8080; port 0: a free one"},
    {"--tls-certificate", OPTION_VALUE, "FILE", "PEM, the chain behind it: HTTPS instead of HTTP"},
    {"--tls-key", OPTION_VALUE, "FILE", "PEM, its private key"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

static uint64_t clock_now(void *context)
{
    (void)context;
    return (uint64_t)time(NULL);
}

/* A line of the log, with the time in front; written at once. */
static void print_line(void *context, const char *line)
{
    struct buffer text = {0};

    (void)context;
    text_time(&text, (uint64_t)time(NULL));
    (void)fprintf(stderr, "%.*s %s\n", (int)text.len, (const char *)text.ptr, line);
    buffer_free(&text);
}

static bool is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strncmp(address, "[::1]:", 6) == 0;
}

static enum status read_tls(struct args *args, struct buffer *certificate, struct buffer *key, struct fault *fault)
{
    const char *certificate_path = args_value(args, "--tls-certificate"), *key_path = args_value(args, "--tls-key");
    enum status status = STATUS_OK;

    if ((certificate_path == NULL) != (key_path == NULL)) {
        return args_usage(args, fault, "--tls-certificate and --tls-key belong together");
    }
    if (certificate_path != NULL) {
        status = wholefile_read_filled(certificate_path, PEM_MAX, certificate, fault);
    }
    if (status == STATUS_OK && key_path != NULL) {
        status = wholefile_read_filled(key_path, PEM_MAX, key, fault);
    }
    return status;
}

static enum status refuse_clock(void *context, const struct witness_ledger *ledger, struct fault *fault)
{
    if (witness_is_training(ledger->origin)) {
        return STATUS_OK;
    }
    return args_usage(context, fault, "--now is for training ledgers only, and this witness knows others");
}

/* Both signals wait for sigwait, in all threads: nothing is interrupted halfway. */
static void wait_for_end(const sigset_t *ends)
{
    int signal_number = 0;

    while (sigwait(ends, &signal_number) != 0) {
    }
}

static enum status serve(struct witness *witness, const struct serve_options *options, struct fault *fault)
{
    struct witness_http http = {.witness = witness, .now_s = clock_now};
    struct server *server = NULL;
    sigset_t ends;
    enum status status;

    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGTERM);
    (void)sigaddset(&ends, SIGINT);
    (void)sigprocmask(SIG_BLOCK, &ends, NULL);
    status = serve_open(options, witness_http_answer, print_line, &http, &server, fault);
    if (status != STATUS_OK) {
        return status;
    }
    (void)printf("listening on %s://%s\n", options->key.len > 0 ? "https" : "http", serve_address(server));
    if (options->key.len == 0 && !is_loopback(serve_address(server))) {
        (void)fprintf(stderr, "unbroken: hint: plain HTTP, and not on loopback: requests and answers are signed, but who is between sees them"
                              " and may keep them back\n");
    }
    if (fflush(stdout) != 0) {
        status = fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "the output could not be written");
    } else {
        wait_for_end(&ends);
    }
    serve_close(server);
    return status;
}

enum status witness_serve_run(struct args *args, struct fault *fault)
{
    const char *listen = args_value(args, "--listen");
    struct serve_options options = {.listen = listen == NULL ? "127.0.0.1:8080" : listen, .body_max = WITNESS_REQUEST_BYTES_MAX};
    struct buffer certificate = {0}, key = {0};
    struct witness *witness = NULL;
    uint64_t now_s;
    int offset_min;
    enum status status = read_tls(args, &certificate, &key, fault);

    if (status == STATUS_OK) {
        status = witnessing_open(args, &witness, &now_s, &offset_min, fault);
    }
    if (status == STATUS_OK && args_value(args, "--now") != NULL) {
        status = witness_each(witness, refuse_clock, args, fault);
    }
    if (status == STATUS_OK) {
        options.certificate = buffer_view(&certificate);
        options.key = buffer_view(&key);
        status = serve(witness, &options, fault);
    }
    witness_close(witness);
    if (key.ptr != NULL) {
        explicit_bzero(key.ptr, key.len);
    }
    buffer_free(&key);
    buffer_free(&certificate);
    return status;
}
