/* SPDX-License-Identifier: Apache-2.0 */
/*
 * place, case, form, seize: what stands before the things themselves.
 */
#include <inttypes.h>
#include <stdio.h>

#include "custody/commands.h"
#include "custody/output.h"
#include "custody/seizure.h"
#include "custody/timeparse.h"
#include "custody/session.h"
#include "custody/wholefile.h"

enum { FORM_BYTES_MAX = 1 << 20 };

/* An entry that opens the next subject. */
static struct entry *open_entry(struct session *session, struct composer *composer, enum subject_type type, uint64_t *number,
                                char name[NAME_BYTES])
{
    struct entry *entry;

    *number = ledger_subjects(session->txn);
    session_name(session, *number, name);
    entry = composer_entry(composer, *number, ROLE_SUBJECT);
    entry->facts.present = BIT(FACT_TYPE);
    entry->facts.type = type;
    return entry;
}

static enum status run_place(struct args *args, struct fault *fault)
{
    struct session session;
    struct composer *composer = NULL;
    const char *place = NULL;
    const char *inside = args_value(args, "--in");
    const char *coordinates = args_value(args, "--coordinates");
    const char *address = args_value(args, "--address");
    char name[NAME_BYTES];
    char done[64];
    uint64_t number = 0;
    uint64_t within = 0;
    enum status status = args_required(args, "--name", &place, fault);

    if (status == STATUS_OK) {
        status = session_start(args, KIND_PLACE, &session, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (inside != NULL) {
        status = session_subject_of(&session, inside, TYPE_PLACE, &within, fault);
    }
    if (status == STATUS_OK) {
        status = session_compose(&session, KIND_PLACE, &composer, fault);
    }
    if (status == STATUS_OK) {
        (void)open_entry(&session, composer, TYPE_PLACE, &number, name);
        composer_text(composer, number, NAME_PLACE, place);
        if (address != NULL) {
            composer_text(composer, number, detail_by_name(view_text("address"))->number, address);
        }
        if (coordinates != NULL) {
            composer_text(composer, number, detail_by_name(view_text("coordinates"))->number, coordinates);
        }
        if (inside != NULL) {
            composer_act(composer)->present |= BIT(PAY_PLACE);
            composer_act(composer)->place = within;
        }
        (void)snprintf(done, sizeof done, "place %s opened", name);
        status = session_finish(&session, composer, done, fault);
    }
    session_close(&session);
    return status;
}

/* Options of `case open` that are details by the same name. */
static const char *const case_details[] = {"offence", "authorisation", "authorisation-time", "court", "case-number"};

static enum status run_case(struct args *args, struct fault *fault)
{
    struct session session;
    struct composer *composer = NULL;
    const char *docket = NULL;
    const char *law = NULL;
    char name[NAME_BYTES];
    char done[64];
    char option[40];
    uint64_t number = 0;
    enum status status = args_required(args, "--docket", &docket, fault);

    if (status == STATUS_OK) {
        status = args_required(args, "--law", &law, fault);
    }
    if (status == STATUS_OK && args_flag(args, "--authorisation-time")) {
        int offset = 0;
        uint64_t ignored;

        status = timeparse(args_value(args, "--authorisation-time"), false, &offset, &ignored, fault);
    }
    if (status == STATUS_OK) {
        status = session_start(args, KIND_OPEN_CASE, &session, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = session_compose(&session, KIND_OPEN_CASE, &composer, fault);
    if (status == STATUS_OK) {
        (void)open_entry(&session, composer, TYPE_CASE, &number, name);
        composer_text(composer, number, NAME_DOCKET, docket);
        composer_text(composer, number, NAME_LAW, law);
        for (size_t i = 0; i < sizeof case_details / sizeof case_details[0]; i++) {
            (void)snprintf(option, sizeof option, "--%s", case_details[i]);
            if (args_flag(args, option)) {
                composer_text(composer, number, detail_by_name(view_text(case_details[i]))->number, args_value(args, option));
            }
        }
        (void)snprintf(done, sizeof done, "case %s opened", name);
        status = session_finish(&session, composer, done, fault);
    }
    session_close(&session);
    return status;
}

static enum status run_form(struct args *args, struct fault *fault)
{
    (void)args;
    (void)fault;
    seizure_template(stdout);
    return STATUS_OK;
}

struct seizing {
    struct composer *composer;
    uint64_t of_case;
};

static void put_value(void *context, uint64_t name, const char *value)
{
    struct seizing *seizing = context;

    composer_text(seizing->composer, seizing->of_case, name, value);
}

/* The form into the act; mistakes go to standard error, each with its line. */
static enum status take_form(struct session *session, struct view form, struct seizing *seizing, struct fault *fault)
{
    const char *path = session->args->arguments[1];
    struct buffer errors = {0};
    size_t mistakes = 0;
    enum status status = seizure_read(form, path, session->offset_min, put_value, seizing, &errors, &mistakes, fault);

    if (status == STATUS_DAMAGED) {
        struct fault inner = *fault;

        fault_clear(fault);
        status = fault_set(fault, STATUS_DAMAGED, inner.at, "%s: %s", path, inner.text);
    }
    if (status == STATUS_OK && mistakes > 0) {
        output_bytes(stderr, buffer_view(&errors));
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: %zu %s; nothing was recorded", path, mistakes,
                           mistakes == 1 ? "mistake" : "mistakes");
    }
    buffer_free(&errors);
    return status;
}

static enum status run_seize(struct args *args, struct fault *fault)
{
    const char *place = args_value(args, "--place");
    struct seizing seizing = {0};
    struct session session;
    struct buffer form = {0};
    char name[NAME_BYTES];
    char done[64];
    enum status status = wholefile_read(args->arguments[1], FORM_BYTES_MAX, &form, fault); /* before anyone waits for us */

    if (status == STATUS_OK) {
        status = session_start(args, KIND_SEIZE, &session, fault);
    }
    if (status != STATUS_OK) {
        buffer_free(&form);
        return status;
    }
    status = session_subject_of(&session, args->arguments[0], TYPE_CASE, &seizing.of_case, fault);
    if (status == STATUS_OK) {
        status = session_compose(&session, KIND_SEIZE, &seizing.composer, fault);
    }
    if (status == STATUS_OK) {
        (void)composer_entry(seizing.composer, seizing.of_case, ROLE_SUBJECT);
        if (place != NULL) {
            composer_act(seizing.composer)->present |= BIT(PAY_PLACE);
            status = session_subject_of(&session, place, TYPE_PLACE, &composer_act(seizing.composer)->place, fault);
        }
    }
    if (status == STATUS_OK) {
        status = take_form(&session, buffer_view(&form), &seizing, fault);
    }
    if (status == STATUS_OK) {
        session_name(&session, seizing.of_case, name);
        (void)snprintf(done, sizeof done, "seizure recorded in case %s", name);
        status = session_finish(&session, seizing.composer, done, fault);
        seizing.composer = NULL; /* closed */
    }
    composer_close(seizing.composer);
    session_close(&session);
    buffer_free(&form);
    return status;
}

static const struct option place_options[] = {
    {"--name", OPTION_VALUE, "NAME", "what people call it"},
    {"--in", OPTION_VALUE, "PLACE", "the place it is a part of"},
    {"--address", OPTION_VALUE, "TEXT", "its address"},
    {"--coordinates", OPTION_VALUE, "TEXT", "latitude, longitude"},
    {NULL, OPTION_FLAG, NULL, NULL},
};
static const struct option case_options[] = {
    {"--docket", OPTION_VALUE, "TEXT", "the docket number"},
    {"--law", OPTION_VALUE, "TEXT", "the law and article"},
    {"--offence", OPTION_VALUE, "TEXT", "the offence"},
    {"--authorisation", OPTION_VALUE, "TEXT", "the prosecutor's authorisation"},
    {"--authorisation-time", OPTION_VALUE, "TIME", "when it was given"},
    {"--court", OPTION_VALUE, "TEXT", "the court"},
    {"--case-number", OPTION_VALUE, "TEXT", "the court's number"},
    {NULL, OPTION_FLAG, NULL, NULL},
};
static const struct option seize_options[] = {
    {"--place", OPTION_VALUE, "PLACE", "where, if it is a place of this ledger"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_case[] = {
    {.words = "place open", .arguments = "", .summary = "open a place: a store, a shelf, a laboratory", .shared = ARGS_ACT,
     .options = place_options, .example = "unbroken place open --name 'Shelf 3' --in KHPP-9-O --key custodian.key",
     .run = run_place},
    {.words = "case open", .arguments = "", .summary = "open a case", .shared = ARGS_ACT, .options = case_options,
     .example = "unbroken case open --docket 'PP 214/2018' --law 'Forestry Law 2002, Article 97' --key sok-dara.key",
     .run = run_case},
    {.words = "form seizure", .arguments = "", .summary = "print the search and seizure record as a form to fill in",
     .example = "unbroken form seizure > s.ini", .run = run_form},
    {.words = "seize", .arguments = "CASE FORM", .summary = "record the search and seizure; an officer and another person sign",
     .at_least = 2, .at_most = 2, .shared = ARGS_ACT, .options = seize_options,
     .example = "unbroken seize KHPP-10-6 s.ini --key sok-dara.key --key chan.key", .run = run_seize},
    {.words = NULL},
};
