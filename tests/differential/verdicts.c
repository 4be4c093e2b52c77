/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verdicts: the verdict of libverify on one case after another, for the differential test (differ.py), which cannot start a program ten
 * thousand times. It judges nothing itself.
 *
 *   verdicts <cases >lines
 *
 * A case is a line of seven decimal numbers, and then the bytes that the first five count: file, policy, since, tag, older file (for
 * --between), time of --as-of (-1: none), training (0 or 1). For each, one line of JSON is written at once: that of unbroken-verify --json,
 * or {"refused":"policy"}, or {"misuse":"..."} as unbroken-verify says it on standard error.
 */
#include "verify/between.h"

#include <stdio.h>
#include <stdlib.h>

enum { PARTS = 5, PART_FILE = 0, PART_POLICY, PART_SINCE, PART_TAG, PART_OLDER };

struct one_case {
    struct buffer parts[PARTS];
    struct verify_options options;
};

static const char *const misuses[] = { [BETWEEN_LEDGERS] = "ledgers", [BETWEEN_ORDER] = "order", [BETWEEN_NOBODY] = "nobody" };

static bool read_part(size_t len, struct buffer *out)
{
    uint8_t chunk[65536];
    buffer_reset(out);
    while (out->len < len && !out->failed) {
        size_t want = len - out->len < sizeof chunk ? len - out->len : sizeof chunk;
        size_t got = fread(chunk, 1, want, stdin);
        if (got == 0) {
            return false;
        }
        buffer_append(out, chunk, got);
    }
    return !out->failed;
}

/* JSON has its newlines between its items only. */
static void on_one_line(struct buffer *out)
{
    for (size_t i = 0; i + 1 < out->len; i++) {
        out->ptr[i] = out->ptr[i] == '\n' ? ' ' : out->ptr[i];
    }
}

/* Up to the next space or newline; false at the end of the input, or where something else stands. */
static bool read_number(long long *out)
{
    bool negative = false;
    int c = fgetc(stdin);
    if (c == '-') {
        negative = true;
        c = fgetc(stdin);
    }
    if (c < '0' || c > '9') {
        return false;
    }
    for (*out = 0; c >= '0' && c <= '9' && *out < 1000000000000000000; c = fgetc(stdin)) {
        *out = *out * 10 + (c - '0');
    }
    *out = negative ? -*out : *out;
    return c == ' ' || c == '\n';
}

static bool read_case(struct one_case *one)
{
    long long numbers[PARTS + 2];
    for (size_t i = 0; i < PARTS + 2; i++) {
        if (!read_number(&numbers[i]) || (i < PARTS && numbers[i] < 0)) {
            return false;
        }
    }
    for (size_t i = 0; i < PARTS; i++) {
        if (!read_part((size_t)numbers[i], &one->parts[i])) {
            return false;
        }
    }
    one->options = (struct verify_options){ .since = buffer_view(&one->parts[PART_SINCE]), .tag = buffer_view(&one->parts[PART_TAG]),
                                            .as_of_s = numbers[PARTS] < 0 ? NOTHING : (uint64_t)numbers[PARTS], .training = numbers[PARTS + 1] != 0 };
    return true;
}

static enum status judge_pair(struct hasher *hasher, const struct policy *policy, const struct one_case *one, struct buffer *out,
                              struct fault *fault)
{
    struct between between;
    enum status status = verify_between(hasher, policy, buffer_view(&one->parts[PART_OLDER]), buffer_view(&one->parts[PART_FILE]), &one->options,
                                        &between, fault);
    if (status == STATUS_OK && between.use != BETWEEN_FITS) {
        buffer_printf(out, "{\"misuse\":\"%s\"}\n", misuses[between.use]);
    } else if (status == STATUS_OK) {
        between_json(&between, out);
    }
    between_close(&between);
    return status;
}

static enum status judge(struct hasher *hasher, const struct one_case *one, struct buffer *out, struct fault *fault)
{
    struct policy *policy = NULL;
    struct verdict verdict;
    if (policy_parse(hasher, buffer_view(&one->parts[PART_POLICY]), &policy, fault) != STATUS_OK) {
        buffer_printf(out, "{\"refused\":\"policy\"}\n");
        return fault->status == STATUS_DAMAGED ? buffer_status(out, fault) : fault->status;
    }
    enum status status = STATUS_OK;
    if (one->parts[PART_OLDER].len > 0) {
        status = judge_pair(hasher, policy, one, out, fault);
    } else {
        status = verify_file(hasher, policy, buffer_view(&one->parts[PART_FILE]), &one->options, &verdict, fault);
        verdict_json(&verdict, out);
        verdict_close(&verdict);
    }
    policy_close(policy);
    return status == STATUS_OK ? buffer_status(out, fault) : status;
}

int main(void)
{
    struct one_case one = { 0 };
    struct buffer out = { 0 };
    struct hasher *hasher = NULL;
    struct fault fault = { 0 };
    enum status status = key_initialise(&fault);
    if (status == STATUS_OK) {
        status = hasher_open(&hasher, &fault);
    }
    while (status == STATUS_OK && read_case(&one)) {
        buffer_reset(&out);
        fault_clear(&fault);
        status = judge(hasher, &one, &out, &fault);
        on_one_line(&out);
        if (status == STATUS_OK && (fwrite(out.ptr, 1, out.len, stdout) != out.len || fflush(stdout) != 0)) {
            status = fault_set(&fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "standard output");
        }
    }
    if (status != STATUS_OK) {
        (void)fprintf(stderr, "verdicts: error: %s\n", fault.text);
    }
    for (size_t i = 0; i < PARTS; i++) {
        buffer_free(&one.parts[i]);
    }
    buffer_free(&out);
    hasher_close(hasher);
    return status == STATUS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
