/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page: a court's own copy of the judge's page, with the keys built in that it trusts. It says each of them, for whoever gives the page out must compare
 * them with what was published, and so must whoever opens it.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "custody/commands.h"
#include "custody/judge_page.h"
#include "custody/output.h"
#include "custody/wholefile.h"
#include "verify/policy.h"
#include "verify/text.h"

struct making {
    struct args *args;
    const char *path, *policy_path;
    struct hasher *hasher;
    struct buffer text; /* the policy's */
    struct policy *policy;
    struct buffer page;
};

/* ---- making ---------------------------------------------------------------------------------- */

static enum status read_policy(struct making *making, struct fault *fault)
{
    struct fault inner = {0};
    enum status status = wholefile_read_filled(making->policy_path, POLICY_BYTES_MAX, &making->text, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = policy_parse(making->hasher, buffer_view(&making->text), &making->policy, &inner);
    if (status != STATUS_OK) {
        args_hint(making->args, "a ledger's policy is printed by: unbroken ledger policy");
        return fault_set(fault, status, inner.at, "%s: %.400s", making->policy_path, inner.text);
    }
    if (policy_log_count(making->policy) == 0) {
        args_hint(making->args, "a ledger's policy is printed by: unbroken ledger policy");
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: trusts no ledger: it has no log line", making->policy_path);
    }
    return STATUS_OK;
}

static bool same_file(const char *a, const char *b)
{
    struct stat of_a, of_b;

    return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 && of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

/* Before anything is read. */
static enum status look_at_target(const struct making *making, struct fault *fault)
{
    if (same_file(making->path, making->policy_path)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: is the policy: the page would take its place", making->path);
    }
    if (wholefile_exists(making->path) && !args_flag(making->args, "--force")) {
        args_hint(making->args, "--force");
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: exists and is not overwritten", making->path);
    }
    return STATUS_OK;
}

/* ---- telling --------------------------------------------------------------------------------- */

static void put_hash(struct making *making, struct view bytes, struct buffer *out)
{
    struct hash hash;

    hash_data(making->hasher, bytes, &hash);
    text_hex(out, hash_view(&hash));
}

/* "log NAME, key ID 0a1b2c3d" and the key's SHA-256, as `witness trust` prints it. */
static void say_key(struct making *making, const char *what, const struct verifier_key *key, struct buffer *out)
{
    buffer_printf(out, "  %s ", what);
    text_escape(out, key->name);
    buffer_printf(out, ", key ID ");
    text_hex(out, view_of(key->id, sizeof key->id));
    buffer_printf(out, "\n    SHA-256 of its key:  ");
    put_hash(making, view_of(key->key.bytes, ED25519_BYTES), out);
    buffer_append_byte(out, '\n');
}

static void say_keys(struct making *making, struct buffer *out)
{
    const struct policy *policy = making->policy;

    buffer_printf(out, "whom it trusts:\n");
    for (size_t i = 0; i < policy_log_count(policy); i++) {
        say_key(making, "log", policy_log(policy, i), out);
    }
    for (size_t i = 0; i < policy_witness_count(policy); i++) {
        const struct policy_witness *witness = policy_witness(policy, i);

        say_key(making, witness->in_auditors ? "auditor" : "witness", &witness->key, out);
    }
    if (policy_quorum_none(policy)) {
        buffer_printf(out, "it asks for no witness: whether the end was cut off, or another history shown to others, stands on the station's word\n");
    } else if (policy_quorum_splits(policy)) {
        buffer_printf(out, "two sets of witnesses that share nobody could each meet its quorum: two histories could be shown\n");
    }
}

static enum status say(struct making *making, struct fault *fault)
{
    struct buffer out = {0};
    enum status status;

    text_escape(&out, view_text(making->path));
    buffer_printf(&out, ": the judge's page with this policy built in, %zu bytes\n  SHA-256 of the page:   ", making->page.len);
    put_hash(making, buffer_view(&making->page), &out);
    buffer_printf(&out, "\n  SHA-256 of the policy: ");
    put_hash(making, buffer_view(&making->text), &out);
    buffer_append_byte(&out, '\n');
    say_keys(making, &out);
    buffer_printf(&out, "next: compare these with what was published, by another way than the policy came; open the page, which shows the same;\n"
                        "publish its SHA-256, and give the file out: on a stick, by the court's web server. It needs no network and keeps nothing\n");
    status = buffer_status(&out, fault);
    if (status == STATUS_OK) {
        output_bytes(stdout, buffer_view(&out));
    }
    buffer_free(&out);
    return status;
}

static json_t *hash_json(struct making *making, struct view bytes)
{
    struct buffer hex = {0};
    json_t *out;

    put_hash(making, bytes, &hex);
    out = hex.failed ? NULL : output_string(buffer_view(&hex));
    buffer_free(&hex);
    return out;
}

static json_t *key_json(struct making *making, const struct verifier_key *key)
{
    struct buffer id = {0};
    json_t *out = NULL;

    text_hex(&id, view_of(key->id, sizeof key->id));
    if (!id.failed) {
        out = json_pack("{s:o,s:o,s:o}", "name", output_string(key->name), "id", output_string(buffer_view(&id)), "sha256",
                        hash_json(making, view_of(key->key.bytes, ED25519_BYTES)));
    }
    buffer_free(&id);
    return out;
}

static enum status say_json(struct making *making, struct fault *fault)
{
    const struct policy *policy = making->policy;
    json_t *logs = json_array(), *witnesses = json_array();
    bool held = true;

    for (size_t i = 0; i < policy_log_count(policy); i++) {
        held = json_array_append_new(logs, key_json(making, policy_log(policy, i))) == 0 && held;
    }
    for (size_t i = 0; i < policy_witness_count(policy); i++) {
        const struct policy_witness *witness = policy_witness(policy, i);
        json_t *row = key_json(making, &witness->key);

        held = row != NULL && json_object_set_new(row, "auditor", json_boolean(witness->in_auditors)) == 0 && held;
        held = json_array_append_new(witnesses, row) == 0 && held;
    }
    if (!held) {
        json_decref(logs);
        json_decref(witnesses);
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    return output_json(json_pack("{s:{s:s,s:I,s:o,s:o,s:b,s:b,s:o,s:o}}", "page", "file", making->path, "bytes", (json_int_t)making->page.len, "sha256",
                                 hash_json(making, buffer_view(&making->page)), "policy-sha256", hash_json(making, buffer_view(&making->text)),
                                 "quorum-none", policy_quorum_none(policy), "splits", policy_quorum_splits(policy), "logs", logs, "witnesses",
                                 witnesses),
                       fault);
}

/* ---- the command ----------------------------------------------------------------------------- */

static enum status run_page(struct args *args, struct fault *fault)
{
    struct making making = {.args = args};
    enum status status = args_required(args, "--policy", &making.policy_path, fault);

    if (status == STATUS_OK) {
        status = args_required(args, "-o", &making.path, fault);
    }
    if (status == STATUS_OK) {
        status = look_at_target(&making, fault);
    }
    if (status == STATUS_OK) {
        status = hasher_open(&making.hasher, fault);
    }
    if (status == STATUS_OK) {
        status = read_policy(&making, fault);
    }
    if (status == STATUS_OK) {
        status = judge_page_fill(judge_page(), buffer_view(&making.text), &making.page, fault);
    }
    if (status == STATUS_OK) {
        status = wholefile_write(making.path, buffer_view(&making.page), args_flag(args, "--force"), fault);
    }
    if (status == STATUS_OK) {
        status = args_flag(args, "--json") ? say_json(&making, fault) : say(&making, fault);
    }
    policy_close(making.policy);
    hasher_close(making.hasher);
    buffer_free(&making.text);
    buffer_free(&making.page);
    return status;
}

static const struct option page_options[] = {
    {"--policy", OPTION_VALUE, "FILE", "whom the court trusts: unbroken ledger policy, or the court's own"},
    {"-o", OPTION_VALUE, "FILE", "where to write the page"},
    {"--force", OPTION_FLAG, NULL, "overwrite FILE"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_page[] = {
    {.words = "page", .arguments = "", .summary = "make the court's own copy of the judge's page, one HTML file, with the keys built in that it trusts",
     .shared = ARGS_JSON, .options = page_options, .example = "unbroken page --policy court.policy -o check.html",
     .json = "{\"page\": {\"file\", \"bytes\": N, \"sha256\", \"policy-sha256\", \"quorum-none\": BOOL, \"splits\": BOOL,\n"
             "  \"logs\": [{\"name\", \"id\", \"sha256\"}], \"witnesses\": [{\"name\", \"id\", \"sha256\", \"auditor\": BOOL}]}}",
     .run = run_page},
    {.words = NULL},
};
