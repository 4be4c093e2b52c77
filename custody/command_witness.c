/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness: the other side of a ledger: whoever cosigns its checkpoints, so that it cannot be rewritten unseen. Here: founding, trusting, looking.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "custody/commands.h"
#include "custody/output.h"
#include "custody/timeparse.h"
#include "custody/wholefile.h"
#include "custody/witnessing.h"
#include "verify/policy.h"
#include "verify/text.h"

enum status witnessing_open(struct args *args, struct witness **out, uint64_t *now_s, int *offset_min, struct fault *fault)
{
    const char *now = args_declares(args, "--now") ? args_value(args, "--now") : NULL;
    enum status status = STATUS_OK;

    *now_s = (uint64_t)time(NULL);
    *offset_min = timeparse_local_offset(*now_s);
    if (now != NULL) {
        status = timeparse(now, false, offset_min, now_s, fault);
    }
    if (status == STATUS_OK) {
        status = witness_open(args->arguments[0], out, fault);
    }
    if (status == STATUS_OK && now != NULL) {
        witness_set_training_clock(*out, *now_s);
    }
    if (status == STATUS_MISSING) {
        args_hint(args, "a witness is made by: unbroken witness init %s --name NAME", args->arguments[0]);
    }
    return status;
}

enum status witnessing_audit(struct args *args, struct witness *witness, struct audit_guard **out, struct fault *fault)
{
    struct audit_guard *guard = NULL;
    enum status status = STATUS_OK;

    *out = NULL;
    if (args_count(args, "--mirror") == 0) {
        return STATUS_OK;
    }
    status = audit_guard_open(&guard, fault);
    for (size_t i = 0; status == STATUS_OK && i < args_count(args, "--mirror"); i++) {
        status = audit_guard_add(guard, args_nth(args, "--mirror", i), fault);
    }
    if (status == STATUS_OK) {
        status = witness_mark_auditor(witness, fault);
    }
    if (status != STATUS_OK) {
        audit_guard_close(guard);
        return status;
    }
    witness_set_guard(witness, audit_guard_of(guard));
    *out = guard;
    return STATUS_OK;
}

/* ---- init ------------------------------------------------------------------------------------ */

static const struct option trust_options[] = {
    {"--only", OPTION_FLAG, NULL, "trust other keys of these ledgers no more: the station's key was replaced, lost or stolen"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

static const struct option init_options[] = {
    {"--name", OPTION_VALUE, "NAME", "what it signs as: like a web address, court.example/witness; no spaces, no plus sign"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

static enum status run_init(struct args *args, struct fault *fault)
{
    struct witness *witness = NULL;
    struct buffer vkey = {0};
    const char *name = NULL;
    enum status status = args_required(args, "--name", &name, fault);

    if (status == STATUS_OK) {
        status = witness_found(args->arguments[0], view_text(name), fault);
    }
    if (status == STATUS_OK) {
        status = witness_open(args->arguments[0], &witness, fault);
    }
    if (status == STATUS_OK) {
        witness_vkey(witness, &vkey);
        status = buffer_status(&vkey, fault);
    }
    if (status == STATUS_OK) {
        (void)printf("made in %s; its key is in witness.key: keep it here, and never restore an old copy of this directory\n",
                     args->arguments[0]);
        (void)printf("its verifier key, to be published:\n%.*s\n", (int)vkey.len, (const char *)vkey.ptr);
        (void)printf("the line for a policy:\nwitness %s %.*s\n", name, (int)vkey.len, (const char *)vkey.ptr);
    }
    buffer_free(&vkey);
    witness_close(witness);
    return status;
}

/* ---- trust ----------------------------------------------------------------------------------- */

/* "kh-pp.example/custody/...: key SHA-256 ..." of each log of the policy. */
static enum status print_logs(struct hasher *hasher, struct view text, struct fault *fault)
{
    struct policy *policy = NULL;
    enum status status = policy_parse(hasher, text, &policy, fault);

    for (size_t i = 0; status == STATUS_OK && i < policy_log_count(policy); i++) {
        const struct verifier_key *log = policy_log(policy, i);
        struct buffer hex = {0};
        struct hash hash;

        hash_data(hasher, view_of(log->key.bytes, ED25519_BYTES), &hash);
        text_hex(&hex, hash_view(&hash));
        output_text(stdout, log->name);
        (void)printf("\n  SHA-256 of its key: %.*s\n", (int)hex.len, (const char *)hex.ptr);
        status = buffer_status(&hex, fault);
        buffer_free(&hex);
    }
    policy_close(policy);
    return status;
}

static enum status run_trust(struct args *args, struct fault *fault)
{
    struct witness *witness = NULL;
    struct hasher *hasher = NULL;
    struct buffer text = {0};
    uint64_t now_s;
    size_t added = 0, dropped = 0;
    int offset_min;
    enum status status = wholefile_read_filled(args->arguments[1], POLICY_BYTES_MAX, &text, fault);

    if (status == STATUS_OK) {
        status = witnessing_open(args, &witness, &now_s, &offset_min, fault);
    }
    if (status == STATUS_OK) {
        status = hasher_open(&hasher, fault);
    }
    if (status == STATUS_OK) {
        status = witness_trust(witness, buffer_view(&text), args_flag(args, "--only"), &added, &dropped, fault);
    }
    if (status == STATUS_OK) {
        status = print_logs(hasher, buffer_view(&text), fault);
    }
    if (status == STATUS_OK) {
        (void)printf("%zu new; compare each with what the station has published, by another way than this file came\n", added);
        if (dropped > 0) {
            (void)printf("%zu older key%s of the same ledger%s trusted no more\n", dropped, dropped == 1 ? "" : "s", dropped == 1 ? " is" : "s are");
        }
    }
    buffer_free(&text);
    hasher_close(hasher);
    witness_close(witness);
    return status;
}

/* ---- status ---------------------------------------------------------------------------------- */

/* Calls back for each name. */
static struct view take_name(struct view *names)
{
    size_t len = 0;
    struct view name;

    while (len < names->len && names->ptr[len] != '\n') {
        len++;
    }
    name = view_part(*names, 0, len);
    len = len < names->len ? len + 1 : len;
    *names = view_part(*names, len, names->len - len);
    return name;
}

static enum status print_ledger(void *context, const struct witness_ledger *ledger, struct fault *fault)
{
    struct view exhibits = ledger->exhibits;
    struct buffer time_text = {0};

    (void)context;
    output_text(stdout, ledger->origin);
    (void)printf("\n  %s\n", ledger->origin_hash);
    if (ledger->cosigned) {
        text_time(&time_text, ledger->time_s);
        (void)printf("  %" PRIu64 " records, cosigned %.*s\n", ledger->size, (int)time_text.len, (const char *)time_text.ptr);
    } else {
        (void)printf("  nothing cosigned yet\n");
    }
    while (exhibits.len > 0) {
        struct view name = take_name(&exhibits);

        (void)printf("  FORK: %s/%.*s: unbroken-verify --policy POLICY reads it\n", ledger->origin_hash, (int)name.len, (const char *)name.ptr);
    }
    buffer_free(&time_text);
    return buffer_status(&time_text, fault);
}

static enum status pack_ledger(void *context, const struct witness_ledger *ledger, struct fault *fault)
{
    json_t *list = context, *exhibits = json_array(), *item;
    struct view names = ledger->exhibits;
    struct buffer root = {0};

    while (names.len > 0) {
        (void)json_array_append_new(exhibits, output_string(take_name(&names)));
    }
    item = json_pack("{s:o,s:s,s:I,s:o}", "origin", output_string(ledger->origin), "origin-hash", ledger->origin_hash, "keys",
                     (json_int_t)ledger->key_count, "exhibits", exhibits);
    if (item != NULL && ledger->cosigned) {
        text_base64(&root, hash_view(&ledger->root));
        (void)json_object_set_new(item, "size", json_integer((json_int_t)ledger->size));
        (void)json_object_set_new(item, "root", output_string(buffer_view(&root)));
        (void)json_object_set_new(item, "time", json_integer((json_int_t)ledger->time_s));
    }
    buffer_free(&root);
    return json_array_append_new(list, item) == 0 ? STATUS_OK : fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
}

static enum status status_json(struct witness *witness, struct fault *fault)
{
    json_t *list = json_array(), *out = NULL;
    struct buffer vkey = {0};
    enum status status = witness_each(witness, pack_ledger, list, fault);

    witness_vkey(witness, &vkey);
    if (status == STATUS_OK) {
        status = buffer_status(&vkey, fault);
    }
    if (status == STATUS_OK) {
        out = json_pack("{s:o,s:O}", "witness", output_string(buffer_view(&vkey)), "ledgers", list);
        status = output_json(out, fault);
    }
    buffer_free(&vkey);
    json_decref(list);
    return status;
}

static enum status run_status(struct args *args, struct fault *fault)
{
    struct witness *witness = NULL;
    struct buffer vkey = {0};
    uint64_t now_s;
    int offset_min;
    enum status status = witnessing_open(args, &witness, &now_s, &offset_min, fault);

    if (status == STATUS_OK && args_flag(args, "--json")) {
        status = status_json(witness, fault);
    } else if (status == STATUS_OK) {
        witness_vkey(witness, &vkey);
        output_text(stdout, buffer_view(&vkey));
        (void)printf("\n");
        status = witness_each(witness, print_ledger, NULL, fault);
    }
    buffer_free(&vkey);
    witness_close(witness);
    return status;
}

const struct command command_witness[] = {
    {.words = "witness init", .arguments = "DIR", .summary = "make a witness: a key, and a place for what it has cosigned", .at_least = 1, .at_most = 1,
     .options = init_options, .example = "unbroken witness init witness --name court.example/witness", .run = run_init},
    {.words = "witness trust", .arguments = "DIR POLICY", .summary = "take the logs of a policy: ledgers that it will cosign", .at_least = 2,
     .at_most = 2, .options = trust_options, .example = "unbroken witness trust witness station.policy", .run = run_trust},
    {.words = "witness serve", .arguments = "DIR", .summary = "answer stations over HTTP(S) (C2SP tlog-witness)", .at_least = 1, .at_most = 1,
     .shared = ARGS_NOW, .options = witness_serve_options,
     .example = "unbroken witness serve witness --listen 192.0.2.10:8443 --tls-certificate fullchain.pem --tls-key key.pem", .run = witness_serve_run},
    {.words = "witness sign", .arguments = "DIR", .summary = "answer one request that came on a stick or on paper", .at_least = 1, .at_most = 1,
     .shared = ARGS_NOW, .options = witness_sign_options,
     .example = "unbroken witness sign witness --file request -o answer\n"
                "unbroken witness sign witness --paper request.txt --pdf answer.pdf --language km,en",
     .run = witness_sign_run},
    {.words = "witness status", .arguments = "DIR", .summary = "what it has cosigned last, of each ledger, and proofs of forks", .at_least = 1,
     .at_most = 1, .shared = ARGS_JSON, .example = "unbroken witness status witness",
     .json = "{\"witness\": VKEY, \"ledgers\": [{\"origin\", \"origin-hash\", \"keys\": N, \"exhibits\": [NAME, ...], \"size\": N, \"root\", \"time\": S}, ...]}",
     .run = run_status},
    {.words = NULL},
};
