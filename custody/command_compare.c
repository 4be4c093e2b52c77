/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compare: any two things that show one ledger: do they show one history? Where they do not, one file is written that proves it to anyone who has the
 * station's key.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "custody/commands.h"
#include "custody/guard.h"
#include "custody/output.h"
#include "custody/papers.h"
#include "custody/wholefile.h"
#include "ledger/compare.h"
#include "verify/text.h"

enum { EXIT_SAME = 0, EXIT_FORKED = 1, EXIT_UNPROVEN = 2 };

struct comparing {
    struct args *args;
    struct papers papers; /* two */
    struct policy *policy; /* of --policy, or NULL */
    struct compare *compare;
    const struct compare_report *report;
};

static const char *name_of(const struct comparing *comparing, int i)
{
    return comparing->papers.list[i].name;
}

/* ---- reading --------------------------------------------------------------------------------- */

static enum status read_both(struct comparing *comparing, struct fault *fault)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < 2 && status == STATUS_OK; i++) {
        const char *path = comparing->args->arguments[i];

        status = papers_read(&comparing->papers, path, fault);
        if (status == STATUS_OK && comparing->papers.count != i + 1) {
            status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: is a folder and no ledger: compare takes two files or ledgers", path);
        }
    }
    return status;
}

static enum status read_policy(struct comparing *comparing, struct fault *fault)
{
    const char *path = args_value(comparing->args, "--policy");
    struct hasher *hasher = NULL;
    struct buffer text = {0};
    struct fault inner = {0};
    enum status status = path == NULL ? STATUS_OK : wholefile_read(path, POLICY_BYTES_MAX, &text, fault);

    if (status == STATUS_OK) {
        status = hasher_open(&hasher, fault);
    }
    if (status == STATUS_OK && path != NULL && policy_parse(hasher, buffer_view(&text), &comparing->policy, &inner) != STATUS_OK) {
        status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "--policy %s: %.400s", path, inner.text);
    }
    hasher_close(hasher);
    buffer_free(&text);
    return status;
}

/* ---- telling --------------------------------------------------------------------------------- */

static void say_name(const struct comparing *comparing, int i)
{
    output_text(stdout, view_text(name_of(comparing, i)));
}

static void say_root(const struct hash *root)
{
    struct buffer text = {0};

    text_base64(&text, hash_view(root));
    output_bytes(stdout, buffer_view(&text));
    buffer_free(&text);
}

static void say_sizes(const struct comparing *comparing)
{
    for (int i = 0; i < 2; i++) {
        (void)printf("  ");
        say_name(comparing, i);
        (void)printf(": signed head of %" PRIu64 " records", comparing->report->sizes[i]);
        if (compare_records(comparing->compare, i) != UINT64_MAX) {
            (void)printf(", %" PRIu64 " here", compare_records(comparing->compare, i));
        }
        (void)printf("\n");
        if (comparing->report->doubts[i][0] != '\0') {
            (void)printf("    its signed head alone counts, for %s\n", comparing->report->doubts[i]);
        }
    }
}

static void say_later(const struct comparing *comparing)
{
    const struct compare_report *report = comparing->report;

    (void)printf("LATER: ");
    say_name(comparing, report->later);
    (void)printf(" continues ");
    say_name(comparing, 1 - report->later);
    (void)printf("\nproven by %s ", report->proof == COMPARE_BY_TREE ? "the records in" : "the path from the one size to the other in");
    say_name(comparing, report->prover);
    (void)printf("\n");
}

static void say_unproven(const struct comparing *comparing)
{
    const struct compare_report *report = comparing->report;

    (void)printf("UNPROVEN: nothing contradicts, and nothing shows that one continues the other\n");
    if (report->doubts[0][0] != '\0' || report->doubts[1][0] != '\0') {
        (void)printf("a file that does not verify proves nothing of its own history: ask the station for another\n");
        return;
    }
    if (report->sizes[0] == 0 || report->sizes[1] == 0) {
        (void)printf("one of them shows no signed head: ask the station for one: unbroken ledger checkpoint\n");
        return;
    }
    (void)printf("ask the station for: unbroken bundle SUBJECT --since ");
    say_name(comparing, 1 - report->later);
    (void)printf("\nand compare that with both; a station that has one history can always make it\n");
}

static void say_fork(const struct comparing *comparing)
{
    const struct compare_report *report = comparing->report;

    (void)printf("FORKED: two histories of one ledger\n");
    for (int i = 0; i < 2; i++) {
        (void)printf("  ");
        say_name(comparing, i);
        if (report->size > 0) {
            (void)printf(": the first %" PRIu64 " records have the root ", report->size);
        } else {
            (void)printf(": record %" PRIu64 " has the hash ", report->first);
        }
        say_root(&report->roots[i]);
        (void)printf("\n");
    }
    if (report->size > 0 && report->first != UINT64_MAX) {
        bool whole = compare_records(comparing->compare, 0) != UINT64_MAX && compare_records(comparing->compare, 1) != UINT64_MAX;

        (void)printf("they differ %s record %" PRIu64 "%s\n", whole ? "from" : "in", report->first, whole ? " on" : ", if not before");
    }
}

static void say_false_heads(const struct comparing *comparing)
{
    const struct compare_report *report = comparing->report;

    (void)printf("FALSE HEADS: ");
    say_name(comparing, report->liar);
    (void)printf(" says by heads record %" PRIu64 " that it is whole, and hides record %" PRIu64 " of subject %" PRIu64 ", which ", report->heads,
                 report->hidden, report->subject);
    say_name(comparing, 1 - report->liar);
    (void)printf(" shows\n");
}

static void say_exhibit(const struct comparing *comparing, const char *path)
{
    const struct compare_report *report = comparing->report;

    if (report->exhibit.len == 0) {
        (void)printf("there is no exhibit, one file that proves it: %s\nkeep both files, and show both to the court\n", report->why);
        return;
    }
    if (path == NULL) {
        (void)printf("one file can prove it: -o EXHIBIT writes it\n");
        return;
    }
    (void)printf("%s: proves it, in one file, to anyone who has the station's key and needs nothing else:\n"
                 "  unbroken-verify --policy POLICY %s\n"
                 "It proves that whoever had that key %s; not who that was, nor which of the two is true.\n"
                 "Give it to the court, to the witnesses and auditors of the ledger, and to whoever relies on its papers.\n", path, path,
                 report->answer == COMPARE_FORK ? "signed two histories" : "signed heads that hide a record");
}

static void tell(const struct comparing *comparing, const char *path)
{
    const struct compare_report *report = comparing->report;

    (void)printf("%s\n", compare_origin(comparing->compare));
    say_sizes(comparing);
    switch (report->answer) {
    case COMPARE_SAME:
        (void)printf("SAME: one head\n");
        return;
    case COMPARE_LATER:
        say_later(comparing);
        return;
    case COMPARE_UNPROVEN:
        say_unproven(comparing);
        return;
    case COMPARE_FORK:
        say_fork(comparing);
        break;
    case COMPARE_FALSE_HEADS:
        say_false_heads(comparing);
        break;
    }
    say_exhibit(comparing, path);
}

static json_t *number_json(uint64_t number)
{
    return number == UINT64_MAX ? json_null() : json_integer((json_int_t)number);
}

static enum status tell_json(const struct comparing *comparing, const char *path, struct fault *fault)
{
    static const char *const answers[] = {"same", "later", "unproven", "forked", "false-heads"};
    const struct compare_report *report = comparing->report;
    bool forked = report->answer == COMPARE_FORK;
    json_t *sides = json_array();
    json_t *body;

    for (int i = 0; i < 2; i++) {
        (void)json_array_append_new(sides, json_pack("{s:o,s:I}", "name", output_string(view_text(name_of(comparing, i))), "signed",
                                                     (json_int_t)report->sizes[i]));
    }
    body = json_pack("{s:s,s:o,s:o,s:o,s:o,s:o,s:b,s:o,s:o,s:o}", "answer", answers[report->answer], "later",
                     report->answer == COMPARE_LATER ? output_string(view_text(name_of(comparing, report->later))) : json_null(), "size",
                     forked && report->size > 0 ? number_json(report->size) : json_null(), "first", number_json(report->first), "heads",
                     number_json(report->heads), "hidden", number_json(report->hidden), "provable", report->exhibit.len > 0 ? 1 : 0, "exhibit",
                     report->exhibit.len > 0 && path != NULL ? output_string(view_text(path)) : json_null(), "why",
                     report->exhibit.len > 0 || report->why[0] == '\0' ? json_null() : output_string(view_text(report->why)), "compared", sides);
    return output_json(json_pack("{s:s,s:o}", "ledger", compare_origin(comparing->compare), "compare", body), fault);
}

/* ---- the command ----------------------------------------------------------------------------- */

static enum status conclude(struct comparing *comparing, struct fault *fault)
{
    struct args *args = comparing->args;
    const struct compare_report *report = comparing->report;
    const char *path = args_value(args, "-o");
    enum status status = STATUS_OK;

    if (path != NULL && report->exhibit.len > 0) {
        status = wholefile_write(path, buffer_view(&report->exhibit), args_flag(args, "--force"), fault);
        if (status == STATUS_REFUSED) {
            args_hint(args, "--force");
        }
    }
    if (status == STATUS_OK && args_flag(args, "--json")) {
        status = tell_json(comparing, path, fault);
    } else if (status == STATUS_OK) {
        tell(comparing, path);
    }
    if (status == STATUS_OK) {
        args->exit_code = report->answer == COMPARE_SAME || report->answer == COMPARE_LATER ? EXIT_SAME
                          : report->answer == COMPARE_UNPROVEN                              ? EXIT_UNPROVEN
                                                                                            : EXIT_FORKED;
    }
    return status;
}

static enum status compare_here(struct args *args, struct fault *fault)
{
    struct comparing comparing = {.args = args};
    enum status status = read_both(&comparing, fault);

    if (status == STATUS_OK) {
        status = read_policy(&comparing, fault);
    }
    if (status == STATUS_OK) {
        status = compare_open(comparing.papers.list, comparing.policy, &comparing.compare, fault);
    }
    if (status == STATUS_OK) {
        args->training = strstr(compare_origin(comparing.compare), "/training/") != NULL;
        if (args->training && !args_flag(args, "--json")) {
            output_training(compare_origin(comparing.compare));
        }
        status = compare_run(comparing.compare, &comparing.report, fault);
    }
    if (status == STATUS_OK) {
        status = conclude(&comparing, fault);
    }
    compare_close(comparing.compare);
    policy_close(comparing.policy);
    papers_free(&comparing.papers);
    return status;
}

static enum status run_compare(struct args *args, struct fault *fault)
{
    int number = 0;

    args->exit_code = EXIT_UNPROVEN; /* whatever fails: it could not be compared */
    if (guard_enter(&number) != GUARD_DIED) {
        return compare_here(args, fault);
    }
    return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the database file of one of the ledgers is damaged: reading its pages ended with signal %d", number);
}

static const struct option compare_options[] = {
    {"--policy", OPTION_VALUE, "POLICY", "the ledger's trust file; without it, the station keys that a bundle proves or a ledger directory states"},
    {"-o", OPTION_VALUE, "EXHIBIT", "where they contradict each other, write the one file that proves it"},
    {"--force", OPTION_FLAG, NULL, "overwrite EXHIBIT"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_compare[] = {
    {.words = "compare", .arguments = "A B",
     .summary = "two checkpoints, receipts, certificates, bundles or ledgers: one history? (exit code 0 same or later, 1 forked, 2 unproven)",
     .at_least = 2, .at_most = 2, .shared = ARGS_JSON, .options = compare_options,
     .example = "unbroken compare receipt-2018-12-13.txt case.bundle --policy court.policy -o fork.exhibit",
     .json = "{\"ledger\", \"compare\": {\"answer\": \"same\" | \"later\" | \"unproven\" | \"forked\" | \"false-heads\", \"later\", \"size\", \"first\", "
             "\"heads\", \"hidden\", \"provable\": BOOL, \"exhibit\", \"why\", \"compared\": [{\"name\", \"signed\"}]}}",
     .run = run_compare},
    {.words = NULL},
};
