/* SPDX-License-Identifier: Apache-2.0 */
/*
 * judge: see the header.
 */
#include "tests/walk/judge.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "ledger/export.h"
#include "verify/policy.h"
#include "verify/verdict.h"

#define OK(call)                                                                          \
    do {                                                                                  \
        struct fault ok_fault = {0};                                                      \
        enum status ok_status = call;                                                     \
        ck_assert_msg(ok_status == STATUS_OK, "%s: %s", status_name(ok_status), ok_fault.text); \
    } while (0)
#define FAULT (&ok_fault)

struct python {
    FILE *pipe;
    char *line;
    size_t cap;
};

void judgement_free(struct judgement *judgement)
{
    told_free(&judgement->breaches);
}

struct buffer judge_bundle(struct ledger *ledger, const uint64_t *asked, size_t count)
{
    struct export_request request = {.asked = asked, .asked_count = count};
    struct ledger_txn *txn = NULL;
    struct buffer out = {0};

    OK(ledger_begin(ledger, false, &txn, FAULT));
    OK(export_bundle(txn, &request, &out, FAULT));
    ledger_abort(txn);
    return out;
}

struct judgement judge_by_library(struct ledger *ledger, const struct buffer *bundle)
{
    struct verify_options options = {.as_of_s = NOTHING};
    struct policy *policy = NULL;
    struct verdict verdict;
    struct buffer text = {0};
    struct judgement out = {0};

    OK(export_policy(ledger, &text, FAULT));
    OK(policy_parse(ledger_hasher(ledger), buffer_view(&text), &policy, FAULT));
    OK(verify_file(ledger_hasher(ledger), policy, buffer_view(bundle), &options, &verdict, FAULT));
    ck_assert_msg(verdict.status == 0 || verdict.status == 3, "%d %s: %s%s", verdict.status, verdict.code, verdict.stop.text,
                  verdict.note_count > 0 ? verdict.notes[0].text : "");
    out.status = verdict.status;
    (void)snprintf(out.code, sizeof out.code, "%s", verdict.code);
    for (size_t i = 0; i < verdict.finding_count; i++) {
        if (verdict.findings[i].breach) {
            told_add(&out.breaches, verdict.findings[i].code, verdict.findings[i].record, verdict.findings[i].subject);
        }
    }
    told_sort(&out.breaches);
    verdict_close(&verdict);
    policy_close(policy);
    buffer_free(&text);
    return out;
}

/* ---- files ------------------------------------------------------------------------------------ */

static void write_file(const char *path, const struct buffer *bytes)
{
    FILE *file = fopen(path, "wb");

    ck_assert_msg(file != NULL, "%s", path);
    ck_assert_uint_eq(fwrite(bytes->ptr, 1, bytes->len, file), bytes->len);
    ck_assert_int_eq(fclose(file), 0);
}

void judge_write_policy(struct ledger *ledger, const char *dir)
{
    struct buffer text = {0};
    char path[128];

    OK(export_policy(ledger, &text, FAULT));
    (void)snprintf(path, sizeof path, "%s/policy", dir);
    write_file(path, &text);
    buffer_free(&text);
}

void judge_write(const char *dir, size_t number, const struct buffer *bundle)
{
    char path[128];

    (void)snprintf(path, sizeof path, "%s/%zu.bundle", dir, number);
    write_file(path, bundle);
}

int judge_by_program(const char *dir, size_t number)
{
    const char *build = getenv("BUILD");
    char command[512];
    int code;

    (void)snprintf(command, sizeof command, "'%s/unbroken-verify' --policy '%s/policy' '%s/%zu.bundle' >/dev/null", build == NULL ? "build" : build,
                   dir, dir, number);
    code = system(command);
    ck_assert(WIFEXITED(code));
    return WEXITSTATUS(code);
}

/* ---- the Python reader ------------------------------------------------------------------------ */

struct python *judge_python(const char *dir, size_t count)
{
    struct python *python = calloc(1, sizeof *python);
    char command[256];

    ck_assert_ptr_nonnull(python);
    (void)snprintf(command, sizeof command, "exec /usr/bin/python3 tests/walk/judge.py '%s' %zu", dir, count);
    python->pipe = popen(command, "r");
    ck_assert_ptr_nonnull(python->pipe);
    return python;
}

static const char *next_line(struct python *python)
{
    ck_assert_msg(getline(&python->line, &python->cap, python->pipe) > 0, "the Python reader has ended before its last word");
    python->line[strcspn(python->line, "\n")] = '\0';
    return python->line;
}

/* "-" is nothing. */
static uint64_t read_number(const char **text)
{
    char *end = NULL;
    uint64_t number = NOTHING;

    ck_assert_int_eq(**text, ' ');
    if ((*text)[1] == '-') {
        *text += 2;
        return number;
    }
    number = strtoull(*text + 1, &end, 10);
    ck_assert(end != *text + 1);
    *text = end;
    return number;
}

/* Lines "breach CODE RECORD SUBJECT", then "verdict STATUS CODE PLACE". */
struct judgement judge_python_next(struct python *python)
{
    struct judgement out = {0};
    const char *line = next_line(python);

    while (strncmp(line, "breach ", 7) == 0) {
        char code[24];
        size_t len = strcspn(line + 7, " ");
        const char *rest = line + 7 + len;
        uint64_t record;

        ck_assert_uint_lt(len, sizeof code);
        memcpy(code, line + 7, len);
        code[len] = '\0';
        record = read_number(&rest);
        told_add(&out.breaches, code, record, read_number(&rest));
        line = next_line(python);
    }
    ck_assert_msg(strncmp(line, "verdict ", 8) == 0 && (line[8] == '0' || line[8] == '3'), "the Python reader says: %s", line);
    out.status = line[8] - '0';
    (void)snprintf(out.code, sizeof out.code, "%.*s", (int)strcspn(line + 10, " "), line + 10);
    told_sort(&out.breaches);
    return out;
}

void judge_python_end(struct python *python)
{
    ck_assert_int_eq(pclose(python->pipe), 0);
    free(python->line);
    free(python);
}
