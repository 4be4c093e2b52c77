/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vouch: a bundle that was made before the witnesses or the auditors had signed is given what they have said since.
 */
#include <inttypes.h>
#include <stdio.h>

#include "custody/commands.h"
#include "custody/session.h"
#include "custody/wholefile.h"
#include "ledger/vouch.h"
#include "ledger/witnesses.h"
#include "verify/bundle.h"

static void say(const char *path, const struct policy *policy, const struct vouched *said)
{
    (void)printf("%s: as of %" PRIu64 " records\n", path, said->size);
    (void)printf("the quorum of its checkpoint is %smet\n", said->quorum ? "" : "NOT ");
    if (said->audited && said->audited_at > said->size) {
        (void)printf("the auditors vouch for it by their cosignatures on the checkpoint of %" PRIu64 " records\n", said->audited_at);
    } else if (said->audited) {
        (void)printf("the auditors have cosigned its checkpoint\n");
    } else if (policy_has_auditors(policy)) {
        (void)printf("no auditor vouches for it yet: complete on the station's own word\n");
    }
}

static enum status make(struct args *args, struct session *session, const char *path, struct fault *fault)
{
    struct policy *policy = NULL;
    struct buffer file = {0};
    struct buffer out = {0};
    struct vouched said;
    struct fault inner = {0};
    enum status status = wholefile_read(args->arguments[0], BUNDLE_BYTES_MAX, &file, fault);

    if (status == STATUS_OK) {
        status = witnesses_read(session->ledger, &policy, &inner);
        if (status == STATUS_MISSING) {
            status = fault_set(fault, status, FAULT_NOWHERE, "this ledger has no witnesses, so nobody has said anything since");
        } else if (status == STATUS_OK) {
            status = vouch_bundle(session->txn, policy, buffer_view(&file), &said, &out, &inner);
        }
        if (status != STATUS_OK) {
            status = fault_set(fault, status, inner.at, "%s: %.400s", args->arguments[0], inner.text);
        }
    }
    if (status == STATUS_OK) {
        status = wholefile_write(path, buffer_view(&out), args_flag(args, "--force"), fault);
    }
    if (status == STATUS_OK) {
        say(path, policy, &said);
    }
    policy_close(policy);
    buffer_free(&file);
    buffer_free(&out);
    return status;
}

static enum status run_vouch(struct args *args, struct fault *fault)
{
    const char *path = NULL;
    struct session session;
    enum status status = args_required(args, "-o", &path, fault);

    if (status == STATUS_OK && wholefile_exists(path) && !args_flag(args, "--force")) {
        args_hint(args, "--force");
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: exists and is not overwritten", path);
    }
    if (status == STATUS_OK) {
        status = session_read(args, &session, fault);
    }
    if (status == STATUS_OK) {
        status = make(args, &session, path, fault);
        session_close(&session);
    }
    return status;
}

static const struct option vouch_options[] = {
    {"-o", OPTION_VALUE, "FILE", "where to write it"},
    {"--force", OPTION_FLAG, NULL, "overwrite FILE"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_vouch[] = {
    {.words = "vouch", .arguments = "BUNDLE", .summary = "give an older bundle what witnesses and auditors have said since; its records stay as they are",
     .at_least = 1, .at_most = 1, .shared = ARGS_LEDGER, .options = vouch_options, .example = "unbroken vouch case.bundle -o vouched.bundle",
     .run = run_vouch},
    {.words = NULL},
};
