/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unbroken-verify: checks a bundle, a certificate or an exhibit against a policy, offline. Reads the files that it is given, writes to
 * standard output, and nothing else. Exit status: SPEC 10.
 */
#include "verify/between.h"
#include "verify/bundle.h"

#include "verify/text.h"

#include <openssl/crypto.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COULD_NOT_CHECK = 2 };

static const char usage[] =
    "Usage: unbroken-verify --policy POLICY FILE [options]\n"
    "\n"
    "Checks a bundle, a certificate's PDF, or a one-file exhibit of a fork or of false heads,\n"
    "offline. Of a certificate it prints all that the paper may say: compare it with the page.\n"
    "\n"
    "  --policy FILE    whom to trust: a C2SP tlog-policy, from a source that you trust\n"
    "  --between FILE   an older bundle: what was recorded of the subjects that both were asked\n"
    "                   for, between the two? FILE must be made with --since the older one\n"
    "  --since FILE     an older checkpoint, bundle, receipt (its QR's text) or certificate:\n"
    "                   must be continued by this one\n"
    "  --as-of TIME     must be no older than this, e.g. 2018-12-20T00:00:00Z\n"
    "  --tag TEXT       a scanned tag or typed name: must be one of this bundle\n"
    "  --tsa FILE       certificates (PEM) of time-stamping authorities that you trust\n"
    "  --training       accept a training ledger (its records are no evidence)\n"
    "  --json           print one JSON object\n"
    "  --help, --version\n"
    "\n"
    "Exit status: 0 intact and custody unbroken; 1 altered, incomplete or forged;\n"
    "2 could not check; 3 records intact, but a rule of custody is broken. (With --between, that\n"
    "of both files: a thing that was handled in between is an answer, and no failure.)\n"
    "\n"
    "Example: unbroken-verify --policy court.policy certificate.pdf --since receipt.txt\n";

struct arguments {
    const char *policy, *file, *since, *between, *as_of, *tag, *tsa;
    bool training, json, help, version;
};

static int fail(const char *about, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One line on stderr: what it is about (an argument: escaped; NULL: nothing), and why. */
static int fail(const char *about, const char *format, ...)
{
    struct buffer name = { 0 };
    va_list arguments;
    va_start(arguments, format);
    text_escape(&name, view_text(about == NULL ? "" : about));
    (void)fputs("unbroken-verify: error: ", stderr);
    if (name.len > 0) {
        (void)fwrite(name.ptr, 1, name.len, stderr);
    }
    (void)vfprintf(stderr, format, arguments);
    (void)fputc('\n', stderr);
    va_end(arguments);
    buffer_free(&name);
    return COULD_NOT_CHECK;
}

/* Reads a whole regular file, at most as large as a bundle may be. Without waiting: nothing may ever come out of a pipe. */
static bool read_file(const char *path, struct buffer *out)
{
    uint8_t chunk[65536];
    struct stat info;
    ssize_t n = 0;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0) {
        (void)fail(path, ": %s", strerror(errno));
        return false;
    }
    if (fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
        (void)close(file);
        (void)fail(path, ": is not a regular file");
        return false;
    }
    while (out->len <= BUNDLE_BYTES_MAX && !out->failed && (n = read(file, chunk, sizeof chunk)) > 0) {
        buffer_append(out, chunk, (size_t)n);
    }
    (void)close(file);
    if (n < 0 || out->failed || out->len > BUNDLE_BYTES_MAX) {
        (void)fail(path, ": %s", n < 0 ? "cannot be read" : out->failed ? "out of memory" : "longer than 2 GiB: no file of this format is");
        return false;
    }
    return true;
}

/* Options with a value, each at most once. */
static bool take_value(const char **slot, const char *option, int argc, char **argv, int *i)
{
    const char *equals = strchr(option, '=');
    if (*slot != NULL) {
        (void)fail(option, " is given twice");
        return false;
    }
    if (equals != NULL) {
        *slot = equals + 1;
        return true;
    }
    if (*i + 1 >= argc) {
        (void)fail(option, " needs a value");
        return false;
    }
    *i += 1;
    *slot = argv[*i];
    return true;
}

static bool is_option(const char *argument, const char *name)
{
    size_t len = strlen(name);
    return strncmp(argument, name, len) == 0 && (argument[len] == '\0' || argument[len] == '=');
}

static bool take_flag(bool *slot, const char *option)
{
    if (*slot) {
        (void)fail(option, " is given twice");
        return false;
    }
    *slot = true;
    return true;
}

static bool take_argument(struct arguments *a, int argc, char **argv, int *i)
{
    const char *arg = argv[*i];
    const struct { const char *name; const char **slot; } values[] = {
        { "--policy", &a->policy }, { "--since", &a->since }, { "--between", &a->between }, { "--as-of", &a->as_of }, { "--tag", &a->tag }, { "--tsa", &a->tsa } };
    const struct { const char *name; bool *slot; } flags[] = {
        { "--training", &a->training }, { "--json", &a->json }, { "--help", &a->help }, { "--version", &a->version } };
    for (size_t k = 0; k < sizeof values / sizeof values[0]; k++) {
        if (is_option(arg, values[k].name)) {
            return take_value(values[k].slot, arg, argc, argv, i);
        }
    }
    for (size_t k = 0; k < sizeof flags / sizeof flags[0]; k++) {
        if (strcmp(arg, flags[k].name) == 0) {
            return take_flag(flags[k].slot, arg);
        }
    }
    if (arg[0] == '-' && arg[1] != '\0') {
        (void)fail(arg, ": unknown option (see --help)");
        return false;
    }
    if (a->file != NULL) {
        (void)fail(arg, ": one file at a time");
        return false;
    }
    a->file = arg;
    return true;
}

static bool parse_as_of(const char *text, uint64_t *out)
{
    if (text_time_parse(view_text(text), out)) {
        return true;
    }
    (void)fail(text, ": not a time like 2018-12-20T00:00:00Z");
    return false;
}

/* Everything that is read before the check itself. */
struct inputs {
    struct buffer policy_text, file, since, between, pem;
    struct policy *policy;
    struct token_trust *tsa;
    struct hasher *hasher;
    struct verify_options options;
};

static bool load(const struct arguments *a, struct inputs *in)
{
    struct fault fault = { 0 };
    in->options = (struct verify_options){ .as_of_s = NOTHING, .training = a->training };
    if (key_initialise(&fault) != STATUS_OK || hasher_open(&in->hasher, &fault) != STATUS_OK) {
        (void)fail(NULL, "%s", fault.text);
        return false;
    }
    if ((a->as_of != NULL && !parse_as_of(a->as_of, &in->options.as_of_s)) || !read_file(a->policy, &in->policy_text) ||
        !read_file(a->file, &in->file) || (a->since != NULL && !read_file(a->since, &in->since)) ||
        (a->between != NULL && !read_file(a->between, &in->between)) || (a->tsa != NULL && !read_file(a->tsa, &in->pem))) {
        return false;
    }
    if (policy_parse(in->hasher, buffer_view(&in->policy_text), &in->policy, &fault) != STATUS_OK) {
        (void)fail(a->policy, ": %s", fault.text);
        return false;
    }
    if (a->tsa != NULL && token_trust_open(buffer_view(&in->pem), &in->tsa, &fault) != STATUS_OK) {
        (void)fail(a->tsa, ": %s", fault.text);
        return false;
    }
    if (a->tag != NULL && a->tag[0] == '\0') {
        (void)fail(NULL, "--tag: the text is empty");
        return false;
    }
    if (a->between != NULL && (a->since != NULL || a->tag != NULL)) {
        (void)fail(NULL, "--between: the older file is what --since would name, and --tag is for one file");
        return false;
    }
    if (a->since != NULL && in->since.len == 0) {
        (void)fail(a->since, ": the file is empty");
        return false;
    }
    in->options.since = buffer_view(&in->since);
    in->options.tag = a->tag == NULL ? view_of(NULL, 0) : view_text(a->tag);
    in->options.tsa = in->tsa;
    return true;
}

/* What could not be written was not said: then the exit status is not `result`. */
static int put_out(const void *text, size_t len, int result)
{
    bool written = fwrite(text, 1, len, stdout) == len && fflush(stdout) == 0;
    return written ? result : fail(NULL, "standard output: %s", strerror(errno));
}

/* NULL, or why the two files cannot be asked. */
static const char *misuse(enum between_use use)
{
    switch (use) {
    case BETWEEN_LEDGERS:
        return "the two files are of two ledgers";
    case BETWEEN_ORDER:
        return "the file given with --between is the newer one: give them the other way round";
    case BETWEEN_NOBODY:
        return "no subject was asked for in both files";
    case BETWEEN_FITS:
        break;
    }
    return NULL;
}

static int run_between(const struct arguments *a, struct inputs *in)
{
    struct between between;
    struct fault fault = { 0 };
    struct buffer out = { 0 };
    enum status status = verify_between(in->hasher, in->policy, buffer_view(&in->between), buffer_view(&in->file), &in->options, &between, &fault);
    int result = between.status;
    const char *wrong = status == STATUS_OK ? misuse(between.use) : fault.text;
    if (wrong == NULL && a->json) {
        between_json(&between, &out);
    } else if (wrong == NULL) {
        between_print(&between, &out);
    }
    between_close(&between);
    wrong = out.failed ? "out of memory" : wrong;
    result = wrong != NULL ? fail(NULL, "%s", wrong) : put_out(out.ptr, out.len, result);
    buffer_free(&out);
    return result;
}

static int run(const struct arguments *a, struct inputs *in)
{
    struct verdict verdict;
    struct fault fault = { 0 };
    struct buffer out = { 0 };
    if (!load(a, in)) {
        return COULD_NOT_CHECK;
    }
    if (a->between != NULL) {
        return run_between(a, in);
    }
    enum status status = verify_file(in->hasher, in->policy, buffer_view(&in->file), &in->options, &verdict, &fault);
    int result = verdict.status;
    if (a->json) {
        verdict_json(&verdict, &out);
    } else {
        verdict_print(&verdict, &out);
    }
    verdict_close(&verdict);
    if (status != STATUS_OK || out.failed) {
        buffer_free(&out);
        return fail(NULL, "%s", status != STATUS_OK ? fault.text : "out of memory");
    }
    result = put_out(out.ptr, out.len, result);
    buffer_free(&out);
    return result;
}

int main(int argc, char **argv)
{
    struct arguments a = { 0 };
    struct inputs in = { 0 };
    (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    for (int i = 1; i < argc; i++) {
        if (!take_argument(&a, argc, argv, &i)) {
            return COULD_NOT_CHECK;
        }
    }
    if (a.help || a.version) {
        const char *text = a.help ? usage : "unbroken-verify: format version 1\n";
        return put_out(text, strlen(text), 0);
    }
    if (a.policy == NULL || a.file == NULL) {
        return fail(NULL, "%s is missing (see --help)", a.policy == NULL ? "--policy" : "the file to check");
    }
    int result = run(&a, &in);
    policy_close(in.policy);
    token_trust_close(in.tsa);
    hasher_close(in.hasher);
    buffer_free(&in.policy_text);
    buffer_free(&in.file);
    buffer_free(&in.since);
    buffer_free(&in.between);
    buffer_free(&in.pem);
    return result;
}
