/* SPDX-License-Identifier: Apache-2.0 */
/*
 * found: the founders' keys are read, the station's key is made, and the act that names them all is signed by each.
 */
#include "custody/found.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "custody/output.h"
#include "custody/succeeds.h"
#include "custody/timeparse.h"
#include "verify/shape.h"
#include "verify/text.h"

const struct option found_options[] = {
    {"--origin", OPTION_VALUE, "NAME", "the ledger's name for the world: kh-pp.example/custody"},
    {"--code", OPTION_VALUE, "CODE", "begins every printed name: 2 to 8 of A-Z and 0-9"},
    {"--threshold", OPTION_VALUE, "N", "so many registrars must sign; there must be one more"},
    {"--registrar", OPTION_MANY, "KEY", "a founder's key file; KEY,name=NAME,agency=AGENCY"},
    {"--passphrase-file", OPTION_MANY, "FILE", "its first line is the passphrase; one for all keys or one for each"},
    {"--succeeds", OPTION_VALUE, "FILE", "the last signed checkpoint of a ledger that was lost: as it is, in a bundle, receipt or certificate, or in its directory"},
    {"--policy", OPTION_VALUE, "FILE", "with --succeeds: the lost ledger's trust file, by which CHECKPOINT is checked"},
    {"--training", OPTION_FLAG, NULL, "a ledger for practice: every output says TRAINING"},
    {"--now", OPTION_VALUE, "TIME", "the clock, with --training only"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

struct founder {
    char *path; /* owned; name and agency point into it */
    const char *name;
    const char *agency;
};

/* "KEY,name=N,agency=A": commas may stand in KEY, N and A, since only ",name=" and ",agency=" divide. */
static bool founder_parse(const char *text, struct founder *out)
{
    char *name;
    char *agency;

    out->path = strdup(text);
    if (out->path == NULL) {
        return false;
    }
    name = strstr(out->path, ",name=");
    agency = strstr(out->path, ",agency=");
    if (name != NULL) {
        *name = '\0';
        out->name = name + strlen(",name=");
    }
    if (agency != NULL) {
        *agency = '\0';
        out->agency = agency + strlen(",agency=");
    }
    return true;
}

struct found {
    struct args *args;
    struct session session; /* for its keys alone */
    struct hasher *hasher;
    struct founder founders[ACT_SIGNERS_MAX];
    size_t count;
    const char *origin, *code;
    uint64_t threshold;
    uint8_t seed[32];
    struct secret *station;
    bool has_succeeds;
    struct foreign succeeds;
    uint64_t now_s;
    int offset_min;
};

static enum status read_options(struct found *found, struct fault *fault)
{
    struct args *args = found->args;
    const char *threshold = NULL;
    const char *now = args_value(args, "--now");
    enum status status = args_required(args, "--origin", &found->origin, fault);

    if (status == STATUS_OK) {
        status = args_required(args, "--code", &found->code, fault);
    }
    if (status == STATUS_OK) {
        status = args_required(args, "--threshold", &threshold, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    found->count = args_count(args, "--registrar");
    if (!name_code_check(view_text(found->code))) {
        return args_usage(args, fault, "--code %s: 2 to 8 of A-Z and 0-9, the first a letter", found->code);
    }
    if (!shape_origin_check(view_text(found->origin))) {
        return args_usage(args, fault, "--origin %.80s: words of a-z, 0-9, - and . with / between, at most 64 bytes, like "
                          "kh-pp.example/custody", found->origin);
    }
    if (!text_decimal(view_text(threshold), &found->threshold) || found->threshold < 1 || found->threshold >= ACT_SIGNERS_MAX) {
        return args_usage(args, fault, "--threshold %s: a number from 1 to %d", threshold, ACT_SIGNERS_MAX - 1);
    }
    if (found->count < found->threshold + 1 || found->count > ACT_SIGNERS_MAX) {
        return args_usage(args, fault, "%zu registrars: a threshold of %" PRIu64 " needs %" PRIu64 " to %d, so that one may be absent",
                          found->count, found->threshold, found->threshold + 1, ACT_SIGNERS_MAX);
    }
    found->now_s = (uint64_t)time(NULL);
    found->offset_min = timeparse_local_offset(found->now_s);
    if (now != NULL && !args_flag(args, "--training")) {
        return args_usage(args, fault, "--now is for training ledgers only");
    }
    return now == NULL ? STATUS_OK : timeparse(now, false, &found->offset_min, &found->now_s, fault);
}

static enum status read_succeeds(struct found *found, struct fault *fault)
{
    const char *path = args_value(found->args, "--succeeds");

    if (path == NULL && args_value(found->args, "--policy") != NULL) {
        return args_usage(found->args, fault, "--policy is for --succeeds");
    }
    found->has_succeeds = path != NULL;
    return path == NULL ? STATUS_OK
                        : succeeds_read(found->args, path, args_flag(found->args, "--training"), &found->succeeds, fault);
}

static enum status read_keys(struct found *found, struct fault *fault)
{
    enum status status = STATUS_OK;

    found->session.args = found->args;
    for (size_t i = 0; i < found->count && status == STATUS_OK; i++) {
        if (!founder_parse(args_nth(found->args, "--registrar", i), &found->founders[i])) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
        status = session_load_key(&found->session, found->founders[i].path, fault);
        for (size_t j = 0; j < i && status == STATUS_OK; j++) {
            if (memcmp(secret_public(found->session.keys[i].secret)->bytes, secret_public(found->session.keys[j].secret)->bytes,
                       ED25519_BYTES) == 0) {
                status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s and %s hold the same key",
                                   found->founders[j].path, found->founders[i].path);
            }
        }
    }
    return status;
}

static void compose(struct found *found, struct composer *composer)
{
    struct act *act = composer_act(composer);
    struct entry *entry = composer_entry(composer, 0, ROLE_SUBJECT);

    entry->facts.present = BIT(FACT_TYPE);
    entry->facts.type = TYPE_LEDGER;
    act->present |= BIT(PAY_FOUNDING);
    act->claimed_s = found->now_s;
    act->offset_min = found->offset_min;
    act->founding.origin = view_text(found->origin);
    act->founding.code = view_text(found->code);
    act->founding.training = args_flag(found->args, "--training");
    act->founding.threshold = found->threshold;
    act->founding.has_succeeds = found->has_succeeds;
    act->founding.succeeds = found->succeeds;
    memcpy(act->founding.station, secret_public(found->station)->bytes, ED25519_BYTES);
    act->signer_count = found->count;
    for (size_t i = 0; i < found->count; i++) {
        entry = composer_entry(composer, i + 1, ROLE_SUBJECT);
        entry->facts.present = BIT(FACT_TYPE) | BIT(FACT_KEY) | BIT(FACT_OFFICE);
        entry->facts.type = TYPE_PERSON;
        entry->facts.key = *secret_public(found->session.keys[i].secret);
        entry->facts.office = OFFICE_REGISTRAR;
        act->signers[i] = (struct signer){i + 1, 0, OFFICE_REGISTRAR};
        if (found->founders[i].name != NULL) {
            composer_text(composer, i + 1, NAME_PERSON, found->founders[i].name);
        }
        if (found->founders[i].agency != NULL) {
            composer_text(composer, i + 1, NAME_AGENCY, found->founders[i].agency);
        }
    }
}

static enum status write_ledger(struct found *found, struct fault *fault)
{
    struct composer *composer = NULL;
    struct submission submission;
    struct draft draft = {0};
    struct buffer act = {0};
    struct view *parts = NULL;
    enum status status = composer_open(found->hasher, KIND_FOUND, &composer, fault);

    if (status == STATUS_OK) {
        compose(found, composer);
        status = composer_finish(composer, &draft, fault);
    }
    for (size_t i = 0; i < found->count && status == STATUS_OK; i++) {
        status = draft_sign(found->hasher, &draft, i, found->session.keys[i].secret, fault);
    }
    if (status == STATUS_OK) {
        status = draft_submission(&draft, &act, &parts, &submission, fault);
    }
    if (status == STATUS_OK) {
        status = ledger_found(found->args->arguments[0], found->seed, &submission, found->now_s, fault);
    }
    free(parts);
    buffer_free(&act);
    draft_free(&draft);
    composer_close(composer);
    return status;
}

static enum status say(const struct found *found, struct fault *fault)
{
    struct ledger *ledger = NULL;
    enum status status = ledger_open(found->args->arguments[0], LEDGER_READ, NULL, &ledger, fault);

    if (status != STATUS_OK) {
        return status;
    }
    if (args_flag(found->args, "--training")) {
        output_training(ledger_origin(ledger));
    }
    (void)printf("founded %s\n", ledger_origin(ledger));
    for (size_t i = 0; i < found->count; i++) {
        char name[NAME_BYTES];

        name_format(view_text(found->code), i + 1, name);
        (void)printf("%s registrar %s\n", name, found->founders[i].path);
    }
    (void)printf("%" PRIu64 " of %zu registrars must sign; give the court `unbroken ledger policy`\n", found->threshold,
                 found->count);
    if (ledger_succeeds(ledger) != NULL) {
        output_succeeds(ledger_succeeds(ledger));
        (void)printf("keep the old ledger, its papers and its trust file: what it holds is proven by them\n");
    }
    ledger_close(ledger);
    return STATUS_OK;
}

enum status found_run(struct args *args, struct fault *fault)
{
    struct found found = {.args = args};
    enum status status;

    args->training = args_flag(args, "--training");
    status = read_options(&found, fault);
    if (status == STATUS_OK) {
        status = read_succeeds(&found, fault);
    }
    if (status == STATUS_OK) {
        status = read_keys(&found, fault);
    }
    if (status == STATUS_OK) {
        randombytes_buf(found.seed, sizeof found.seed);
        status = secret_from_seed(found.seed, &found.station, fault);
    }
    if (status == STATUS_OK) {
        status = hasher_open(&found.hasher, fault);
    }
    if (status == STATUS_OK) {
        status = write_ledger(&found, fault);
    }
    sodium_memzero(found.seed, sizeof found.seed);
    if (status == STATUS_OK) {
        status = say(&found, fault);
    }
    secret_close(found.station);
    hasher_close(found.hasher);
    for (size_t i = 0; i < found.count && i < ACT_SIGNERS_MAX; i++) {
        free(found.founders[i].path);
    }
    session_close(&found.session);
    return status;
}
