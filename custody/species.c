/* SPDX-License-Identifier: Apache-2.0 */
/*
 * species: see the header.
 */
#include "custody/species.h"

#include <string.h>

#include "custody/erased.h"
#include "custody/output.h"
#include "verify/text.h"

/* The words of one record. */
struct said {
    struct buffer name, method, confirmed_by;
};

static void take(struct buffer *text, const struct value *value)
{
    buffer_append_view(text, view_text(text->len == 0 ? "" : "; "));
    value_print(value, text);
}

/* Those of the thing itself, or of the act as a whole. */
static enum status read_said(struct session *session, uint64_t subject, uint64_t index, unsigned kind, struct said *out,
                             struct fault *fault)
{
    const uint64_t method = detail_by_name(view_text("method"))->number;
    const uint64_t confirmed_by = detail_by_name(view_text("confirmed-by"))->number;
    uint64_t wanted = kind == KIND_IDENTIFY ? NAME_IDENTIFICATION : NAME_SPECIES;
    struct ledger_details details = {0};
    enum status status = ledger_details(session->txn, index, &details, fault);

    for (size_t i = 0; i < details.disclosure_count && status == STATUS_OK; i++) {
        struct disclosure disclosure;

        status = disclosure_decode(details.disclosures[i], &disclosure, fault);
        if (status != STATUS_OK || (disclosure.has_subject && disclosure.subject != subject)) {
            continue;
        }
        if (disclosure.name == wanted) {
            take(&out->name, &disclosure.value);
        } else if (disclosure.name == method) {
            take(&out->method, &disclosure.value);
        } else if (disclosure.name == confirmed_by) {
            take(&out->confirmed_by, &disclosure.value);
        }
    }
    ledger_details_free(&details);
    if (out->name.len == 0) {
        erased_mention(session, index, subject, wanted, &out->name);
        erased_mention(session, index, NOTHING, wanted, &out->name);
    }
    return status;
}

static void put_text(json_t *out, const char *key, const struct buffer *text)
{
    if (text->len > 0) {
        (void)json_object_set_new(out, key, output_string(buffer_view(text)));
    }
}

static json_t *said_json(struct session *session, const struct describe_scratch *scratch, const struct said *said)
{
    const struct act *act = &scratch->act;
    const struct signer *signer = &act->signers[0];
    bool identified = act->kind == KIND_IDENTIFY;
    const char *word = identified && (act->present & BIT(PAY_CODE)) != 0 ? code_name(KIND_IDENTIFY, act->code) : "";
    struct buffer logged = {0}, person = {0};
    json_t *out = json_object();

    text_time(&logged, scratch->record.logged_s);
    describe_detail(session, signer->person, NAME_PERSON, &person);
    (void)json_object_set_new(out, "as", json_string(!identified ? "presumed" : word[0] == '\0' ? "unknown" : word));
    (void)json_object_set_new(out, "name", output_string(buffer_view(&said->name)));
    (void)json_object_set_new(out, "by", output_name(session, signer->person));
    put_text(out, "person", &person);
    (void)json_object_set_new(out, "office", json_string(signer->capacity < OFFICE_COUNT ? office_name((unsigned)signer->capacity) : "unknown"));
    (void)json_object_set_new(out, "record", json_integer((json_int_t)scratch->record.index));
    put_text(out, "logged", &logged);
    put_text(out, "method", &said->method);
    put_text(out, "confirmed-by", &said->confirmed_by);
    if ((act->present & BIT(PAY_AMENDS)) != 0) {
        (void)json_object_set_new(out, "corrects", json_integer((json_int_t)act->amends_index));
    }
    buffer_free(&logged);
    buffer_free(&person);
    return out;
}

enum status species_add(struct session *session, uint64_t subject, const struct describe_scratch *scratch, json_t *out,
                        struct fault *fault)
{
    struct said said = {0};
    enum status status = read_said(session, subject, scratch->record.index, scratch->act.kind, &said, fault);

    if (status == STATUS_OK && said.name.len > 0) {
        if (json_object_get(out, "species") == NULL) {
            (void)json_object_set_new(out, "species", json_array());
        }
        (void)json_array_append_new(json_object_get(out, "species"), said_json(session, scratch, &said));
    }
    buffer_free(&said.name);
    buffer_free(&said.method);
    buffer_free(&said.confirmed_by);
    return status;
}

static void print_member(const json_t *one, const char *key, const char *before, FILE *out)
{
    const json_t *value = json_object_get(one, key);

    if (json_is_string(value)) {
        (void)fputs(before, out);
        output_text(out, view_of(json_string_value(value), json_string_length(value)));
    }
}

void species_print(const json_t *list, FILE *out)
{
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one) {
        (void)fprintf(out, "species %s: ", json_string_value(json_object_get(one, "as")));
        print_member(one, "name", "", out);
        print_member(one, "by", " (", out);
        print_member(one, "person", " ", out);
        print_member(one, "office", ", ", out);
        (void)fprintf(out, ", record %" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(one, "record")));
        print_member(one, "logged", ", ", out);
        if (json_object_get(one, "corrects") != NULL) {
            (void)fprintf(out, ", correcting record %" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(one, "corrects")));
        }
        (void)fputs(")", out);
        print_member(one, "method", "; method: ", out);
        print_member(one, "confirmed-by", "; confirmed by: ", out);
        (void)fputs("\n", out);
    }
}
