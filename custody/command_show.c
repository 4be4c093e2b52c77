/* SPDX-License-Identifier: Apache-2.0 */
/*
 * show: one record, one subject.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/commands.h"
#include "custody/describe.h"
#include "custody/erased.h"
#include "custody/output.h"
#include "custody/species.h"
#include "custody/table.h"
#include "custody/whereabouts.h"
#include "verify/text.h"

static bool all_digits(const char *text)
{
    return text[0] != '\0' && strspn(text, "0123456789") == strlen(text);
}

/* ---- a record -------------------------------------------------------------------------------- */

static enum status show_record(struct session *session, const char *typed, struct fault *fault)
{
    uint64_t index = 0;
    json_t *record = NULL;
    json_t *act;
    enum status status = session_record(session, typed, &index, fault);

    if (status == STATUS_OK) {
        status = describe_record(session, index, &record, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (args_flag(session->args, "--json")) {
        json_t *out = output_envelope(session);

        (void)json_object_update(out, record);
        json_decref(record);
        return output_json(out, fault);
    }
    (void)printf("record %" PRIu64 ", logged %s\n", index, json_string_value(json_object_get(record, "logged")));
    act = json_object_get(record, "act");
    if (act != NULL) {
        describe_print(act, stdout);
    } else {
        (void)printf("heads of %" JSON_INTEGER_FORMAT " subjects, root %s\n",
                     json_integer_value(json_object_get(json_object_get(record, "heads"), "subjects")),
                     json_string_value(json_object_get(json_object_get(record, "heads"), "root")));
    }
    json_decref(record);
    return STATUS_OK;
}

/* ---- a subject ------------------------------------------------------------------------------- */

static void put_number(json_t *out, const char *key, uint64_t number)
{
    if (number != NOTHING) {
        (void)json_object_set_new(out, key, json_integer((json_int_t)number));
    }
}

static void put_name(const struct session *session, json_t *out, const char *key, uint64_t number)
{
    if (number != NOTHING) {
        (void)json_object_set_new(out, key, output_name(session, number));
    }
}

static void put_thing(struct session *session, const struct subject *subject, json_t *out)
{
    const struct thing *thing = subject->thing;
    json_t *seals = json_array();
    struct seals set = {0};
    struct whereabouts where;

    /* What is packed shares its outermost container's custody (SPEC 7.1): a tusk on a pallet at court is out, with it. */
    whereabouts_of(ledger_world(session->txn), subject, &where);
    (void)json_object_set_new(out, "state", json_string(thing->voided ? "void" : state_name(where.state)));
    put_name(session, out, "case", thing->of_case);
    put_name(session, out, "holder", where.holder);
    put_name(session, out, "place", where.place);
    put_name(session, out, "in", thing->container);
    if (thing->of_case != NOTHING) {
        put_number(out, "pieces", thing->pieces);
        put_number(out, "net-mg", thing->net_mg);
    }
    if (thing->seals != NULL) {
        seal_set_view(thing->seals, &set);
    }
    for (size_t i = 0; i < set.count; i++) {
        (void)json_array_append_new(seals, output_string(set.numbers[i]));
    }
    (void)json_object_set_new(out, "seals", seals);
    if (thing->prints > 0) {
        (void)json_object_set_new(out, "label-print", json_integer((json_int_t)thing->prints));
    }
    if (where.open != NULL) {
        struct buffer due = {0};

        put_name(session, out, "released-to-person", where.open->person);
        if (where.open->office != NOTHING && where.open->office < OFFICE_COUNT) {
            (void)json_object_set_new(out, "released-to-office", json_string(office_name((unsigned)where.open->office)));
        }
        put_name(session, out, "released-to-place", where.open->place);
        if (where.open->due_s != NOTHING) {
            text_time(&due, where.open->due_s);
            (void)json_object_set_new(out, "due", output_string(buffer_view(&due)));
        }
        buffer_free(&due);
    }
    if (thing->missing != NOTHING) {
        put_number(out, "not-found-in-record", thing->missing);
    }
}

static void put_person(const struct person *person, json_t *out)
{
    struct buffer offices = {0};

    describe_offices(person, &offices);
    (void)json_object_set_new(out, "offices", output_string(buffer_view(&offices)));
    (void)json_object_set_new(out, "key", json_string(describe_key_state(person)));
    buffer_free(&offices);
}

/* What one record says of it, or of all that it touches (a note, a photograph). act: NULL in a heads record. */
static enum status put_details(struct session *session, uint64_t subject, uint64_t index, const struct act *act, json_t *list,
                               struct fault *fault)
{
    struct ledger_details details = {0};
    enum status status = ledger_details(session->txn, index, &details, fault);

    for (size_t i = 0; i < details.disclosure_count && status == STATUS_OK; i++) {
        struct disclosure disclosure;
        struct buffer value = {0};

        status = disclosure_decode(details.disclosures[i], &disclosure, fault);
        if (status == STATUS_OK && (!disclosure.has_subject || disclosure.subject == subject)) {
            const struct detail_name *name = detail_by_number(disclosure.name);
            json_t *one;

            describe_value(&disclosure, &value);
            one = json_pack("{s:I,s:o,s:o}", "record", (json_int_t)index, "name",
                            name == NULL ? json_sprintf("%" PRIu64, disclosure.name) : json_string(name->name), "value",
                            output_string(buffer_view(&value)));
            if (act != NULL && act->kind == KIND_CORRECT && (act->present & BIT(PAY_AMENDS)) != 0) {
                put_number(one, "corrects", act->amends_index);
            }
            (void)json_array_append_new(list, one);
        }
        buffer_free(&value);
    }
    ledger_details_free(&details);
    return status == STATUS_OK ? erased_list(session, subject, index, list, fault) : status;
}

/* Every detail that its thread says, with the record that says so; later ones stand beside earlier ones. */
static enum status put_thread(struct session *session, const struct subject *subject, json_t *out, struct fault *fault)
{
    struct describe_scratch *scratch = malloc(sizeof *scratch);
    json_t *list = json_array();
    enum status status = scratch == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : STATUS_OK;

    for (uint64_t n = 1; n <= subject->count && status == STATUS_OK; n++) {
        uint64_t index = 0;

        status = ledger_thread(session->txn, subject->number, n, &index, fault);
        if (status == STATUS_OK) {
            status = describe_read(session, index, scratch, fault);
        }
        status = status == STATUS_OK ? put_details(session, subject->number, index, &scratch->act, list, fault) : status;
        status = status == STATUS_OK ? species_add(session, subject->number, scratch, out, fault) : status;
    }
    free(scratch);
    (void)json_object_set_new(out, "details", list);
    return status;
}

static void print_subject(const json_t *subject)
{
    json_t *value;
    size_t i;

    /* jansson's iterator takes no const; nothing is changed. */
    for (void *at = json_object_iter((json_t *)(uintptr_t)subject); at != NULL;
         at = json_object_iter_next((json_t *)(uintptr_t)subject, at)) {
        value = json_object_iter_value(at);
        if (json_is_string(value)) {
            (void)printf("%s: ", json_object_iter_key(at));
            output_text(stdout, view_of(json_string_value(value), json_string_length(value)));
            (void)printf("\n");
        } else if (json_is_integer(value)) {
            (void)printf("%s: %" JSON_INTEGER_FORMAT "\n", json_object_iter_key(at), json_integer_value(value));
        } else if (strcmp(json_object_iter_key(at), "seals") == 0) {
            (void)printf("seals:%s", json_array_size(value) == 0 ? " none" : "");
            for (i = 0; i < json_array_size(value); i++) {
                (void)printf(" ");
                output_text(stdout, view_text(json_string_value(json_array_get(value, i))));
            }
            (void)printf("\n");
        }
    }
    species_print(json_object_get(subject, "species"), stdout);
    json_array_foreach(json_object_get(subject, "details"), i, value) {
        json_t *text = json_object_get(value, "value");

        (void)printf("  %s: ", json_string_value(json_object_get(value, "name")));
        if (!erased_print(value, stdout)) {
            output_text(stdout, view_of(json_string_value(text), json_string_length(text)));
        }
        (void)printf(" (record %" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(value, "record")));
        if (json_object_get(value, "corrects") != NULL) {
            (void)printf(", correcting record %" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(value, "corrects")));
        }
        (void)printf(")\n");
    }
}

static enum status show_subject(struct session *session, const char *typed, struct fault *fault)
{
    const struct subject *subject;
    json_t *out = NULL;
    uint64_t number = 0;
    enum status status = session_subject(session, typed, &number, fault);

    if (status != STATUS_OK) {
        return status;
    }
    subject = ledger_subject(session->txn, number, fault);
    if (subject == NULL) {
        return fault->status;
    }
    out = args_flag(session->args, "--json") ? output_envelope(session) : json_object();
    (void)json_object_set_new(out, "subject", output_name(session, number));
    (void)json_object_set_new(out, "type", json_string(type_name(subject->type)));
    (void)json_object_set_new(out, "records", json_integer((json_int_t)subject->count));
    (void)json_object_set_new(out, "last", json_integer((json_int_t)subject->last));
    if (subject->thing != NULL) {
        put_thing(session, subject, out);
    }
    if (subject->person != NULL) {
        put_person(subject->person, out);
    }
    output_succeeds_of(session, number, out);
    status = put_thread(session, subject, out, fault);
    if (status == STATUS_OK && args_flag(session->args, "--json")) {
        return output_json(out, fault);
    }
    if (status == STATUS_OK) {
        print_subject(out);
    }
    json_decref(out);
    return status;
}

static enum status run_show(struct args *args, struct fault *fault)
{
    struct session session;
    enum status status = session_open(args, LEDGER_READ, false, &session, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = session_begin(&session, false, fault);
    if (status == STATUS_OK) {
        status = all_digits(args->arguments[0]) ? show_record(&session, args->arguments[0], fault)
                                                : show_subject(&session, args->arguments[0], fault);
    }
    session_close(&session);
    return status;
}

const struct command command_show[] = {
    {.words = "show", .arguments = "SUBJECT or RECORD", .summary = "show what a thing, person, case or record is now", .at_least = 1,
     .at_most = 1, .shared = ARGS_LEDGER | ARGS_JSON, .example = "unbroken show KHPP-17-R",
     .json = "{\"ledger\", \"training\", \"subject\", \"type\", \"records\", \"last\", \"state\", \"case\", \"holder\", ..., \"species\": "
             "[{\"as\", \"name\", \"by\", \"office\", \"record\", \"logged\", ...}],\n   \"details\": [{\"record\", \"name\", \"value\"}]}\n"
             "  of a record: {\"ledger\", \"training\", \"record\", \"logged\", \"act\": {\"kind\", \"claimed\", \"signers\", ..., \"entries\", "
             "\"details\"}}",
     .run = run_show},
    {.words = NULL},
};
