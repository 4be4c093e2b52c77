/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export: the ledger for other people's tools: its tiles into a folder or over HTTP, and one record's proof.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "custody/commands.h"
#include "custody/output.h"
#include "custody/progress.h"
#include "custody/wholefile.h"
#include "ledger/tiles.h"
#include "ledger/tiles_http.h"
#include "ledger/tlog_proof.h"
#include "verify/text.h"

/* ---- tiles ----------------------------------------------------------------------------------- */

static enum status export_tiles(struct session *session, const char *dir, struct fault *fault)
{
    struct progress_line line = {.what = "records"};
    struct progress progress = progress_to(&line);
    struct tiles_report report = {0};
    enum status status = tiles_export(session->txn, dir, &progress, &report, fault);

    progress_end(&line);
    if (status == STATUS_OK) {
        output_text(stdout, view_text(dir));
        (void)printf(": tiles of %" PRIu64 " records", report.size);
        if (report.before > 0) {
            (void)printf(", %" PRIu64 " of them new", report.size - report.before);
        }
        (void)printf("; %" PRIu64 " tiles written\n", report.written);
    } else if (status == STATUS_MISSING) {
        args_hint(session->args, "unbroken ledger checkpoint");
    }
    return status;
}

/* ---- a proof --------------------------------------------------------------------------------- */

static enum status export_proof(struct session *session, const char *typed, struct fault *fault)
{
    const char *path = args_value(session->args, "-o");
    struct buffer proof = {0};
    uint64_t index = 0;
    enum status status = session_record(session, typed, &index, fault);

    if (status == STATUS_OK) {
        status = tlog_proof_write(session->txn, index, &proof, fault);
    }
    if (status == STATUS_OK && path == NULL) {
        if (session->identity->training) {
            (void)fprintf(stderr, "unbroken: TRAINING\n"); /* the proof goes out alone */
        }
        output_bytes(stdout, buffer_view(&proof));
    } else if (status == STATUS_OK) {
        status = wholefile_write(path, buffer_view(&proof), args_flag(session->args, "--force"), fault);
        if (status == STATUS_REFUSED) {
            args_hint(session->args, "--force");
        }
    }
    buffer_free(&proof);
    return status;
}

static enum status run_export(struct args *args, struct fault *fault)
{
    bool tiles = strcmp(args->arguments[0], "tiles") == 0;
    struct session session;
    enum status status;

    if (!tiles && strcmp(args->arguments[0], "proof") != 0) {
        return args_usage(args, fault, "ledger export gives \"tiles DIR\" or \"proof RECORD\"");
    }
    if (tiles && (args_value(args, "-o") != NULL || args_flag(args, "--force"))) {
        return args_usage(args, fault, "ledger export tiles writes into DIR: -o and --force are for a proof");
    }
    status = session_open(args, LEDGER_READ, !tiles, &session, fault);
    if (status == STATUS_OK) {
        status = session_begin(&session, false, fault);
        if (status == STATUS_OK) {
            status = tiles ? export_tiles(&session, args->arguments[1], fault) : export_proof(&session, args->arguments[1], fault);
        }
        session_close(&session);
    }
    return status;
}

/* ---- serving --------------------------------------------------------------------------------- */

static void log_line(void *context, const char *line)
{
    (void)context;
    (void)fprintf(stderr, "%s\n", line);
}

static bool is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strncmp(address, "[::1]", 5) == 0;
}

static enum status read_pem(struct args *args, const char *option, struct buffer *out, struct fault *fault)
{
    enum { PEM_BYTES_MAX = 1 << 20 };
    const char *path = args_value(args, option);

    return path == NULL ? STATUS_OK : wholefile_read_filled(path, PEM_BYTES_MAX, out, fault);
}

/* Until somebody ends it. The server's thread must not get the signals: they are blocked before it begins. */
static enum status serve_until_ended(const struct serve_options *options, struct tiles_http *http, struct fault *fault)
{
    struct server *server = NULL;
    sigset_t signals;
    int number = 0;
    enum status status;

    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGINT);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &signals, NULL);
    status = serve_open(options, tiles_http_answer, log_line, http, &server, fault);
    if (status == STATUS_OK) {
        (void)printf("tiles at http%s://%s/\n", options->certificate.len > 0 ? "s" : "", serve_address(server));
        if (!is_loopback(serve_address(server))) {
            (void)printf("whoever reaches this address reads all records: what happened to which number, when, signed by whom\n");
        }
        (void)fflush(stdout);
        while (sigwait(&signals, &number) != 0) {
        }
    }
    serve_close(server);
    return status;
}

static enum status run_serve(struct args *args, struct fault *fault)
{
    struct serve_options options = {.connections_max = TILES_HTTP_CONNECTIONS, .per_address_max = TILES_HTTP_PER_ADDRESS};
    struct buffer certificate = {0};
    struct buffer key = {0};
    struct session session;
    enum status status = args_required(args, "--listen", &options.listen, fault);

    if (status == STATUS_OK) {
        status = read_pem(args, "--tls-certificate", &certificate, fault);
    }
    if (status == STATUS_OK) {
        status = read_pem(args, "--tls-key", &key, fault);
    }
    if (status == STATUS_OK && (certificate.len == 0) != (key.len == 0)) {
        status = args_usage(args, fault, "--tls-certificate and --tls-key go together");
    }
    if (status == STATUS_OK) {
        status = session_open(args, LEDGER_READ, false, &session, fault);
    }
    if (status == STATUS_OK) {
        struct tiles_http http = {.ledger = session.ledger};

        options.certificate = buffer_view(&certificate);
        options.key = buffer_view(&key);
        status = serve_until_ended(&options, &http, fault);
        session_close(&session);
    }
    if (key.ptr != NULL) {
        explicit_bzero(key.ptr, key.cap);
    }
    buffer_free(&certificate);
    buffer_free(&key);
    return status;
}

static const struct option export_options[] = {
    {"-o", OPTION_VALUE, "FILE", "where to write the proof; else to standard output"},
    {"--force", OPTION_FLAG, NULL, "overwrite FILE"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

static const struct option serve_options[] = {
    {"--listen", OPTION_VALUE, "ADDRESS", "127.0.0.1:8080, [::1]:8080; port 0: any that is free"},
    {"--tls-certificate", OPTION_VALUE, "PEM", "with --tls-key: HTTPS"},
    {"--tls-key", OPTION_VALUE, "PEM", "its private key"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_export[] = {
    {.words = "ledger export", .arguments = "tiles DIR | proof RECORD", .at_least = 2, .at_most = 2,
     .summary = "for mirrors and other people's tools: C2SP tlog-tiles of the latest checkpoint into DIR, or a record's tlog-proof",
     .shared = ARGS_LEDGER, .options = export_options,
     .example = "unbroken ledger export tiles /srv/www/ledger   # again: only what is new\n"
                "  unbroken ledger export proof 41 -o 41.tlog-proof",
     .run = run_export},
    {.words = "ledger serve", .arguments = "", .summary = "serve the same tiles over HTTP, for named parties: mirror pull", .shared = ARGS_LEDGER,
     .options = serve_options, .example = "unbroken ledger serve --listen 127.0.0.1:8080", .run = run_serve},
    {.words = NULL},
};
