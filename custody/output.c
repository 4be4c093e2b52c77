/* SPDX-License-Identifier: Apache-2.0 */
/*
 * output: printing on standard output.
 */
#include "custody/output.h"

#include <inttypes.h>

#include "verify/text.h"

void output_training(const char *origin)
{
    (void)printf("TRAINING ledger %s: nothing in it is evidence\n", origin);
}

void output_bytes(FILE *out, struct view bytes)
{
    if (bytes.len > 0) {
        (void)fwrite(bytes.ptr, 1, bytes.len, out);
    }
}

void output_text(FILE *out, struct view text)
{
    struct buffer escaped = {0};

    text_escape(&escaped, text);
    output_bytes(out, buffer_view(&escaped));
    buffer_free(&escaped);
}

json_t *output_envelope(const struct session *session)
{
    return json_pack("{s:s, s:b}", "ledger", ledger_origin(session->ledger), "training", session->identity->training ? 1 : 0);
}

enum status output_json(json_t *value, struct fault *fault)
{
    int printed = value == NULL ? -1 : json_dumpf(value, stdout, JSON_INDENT(1));

    json_decref(value);
    if (printed != 0) {
        return ferror(stdout) != 0 ? fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "the output could not be written")
                                   : fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "JSON cannot be printed");
    }
    (void)putchar('\n');
    return STATUS_OK;
}

enum status output_table(const struct session *session, const char *key, const struct table *table, struct fault *fault)
{
    json_t *out;

    if (!args_flag(session->args, "--json")) {
        return table_rows(table) == 0 ? STATUS_OK : table_print(table, stdout, fault);
    }
    out = output_envelope(session);
    if (out == NULL || json_object_set_new(out, key, table_json(table)) != 0) {
        json_decref(out);
        out = NULL;
    }
    return output_json(out, fault);
}

void output_name_cell(const struct session *session, struct table *table, uint64_t number)
{
    char name[NAME_BYTES];

    if (number > NUM_MAX) {
        table_nothing(table);
        return;
    }
    session_name(session, number, name);
    table_string(table, name);
}

void output_time_cell(struct table *table, uint64_t time_s)
{
    struct buffer text = {0};

    if (time_s == NOTHING) {
        table_nothing(table);
        return;
    }
    text_time(&text, time_s);
    table_text(table, buffer_view(&text));
    buffer_free(&text);
}

void output_runs(const struct session *session, const uint64_t *numbers, size_t count)
{
    struct buffer text = {0};

    subject_list_print(session->identity->code, numbers, count, &text);
    output_bytes(stdout, buffer_view(&text));
    buffer_free(&text);
}

void output_records(uint64_t first, uint64_t last)
{
    if (first == last) {
        (void)printf(": record %" PRIu64 "\n", first);
    } else {
        (void)printf(": records %" PRIu64 " to %" PRIu64 "\n", first, last);
    }
}

json_t *output_string(struct view text)
{
    return json_stringn(text.len == 0 ? "" : (const char *)text.ptr, text.len);
}

json_t *output_name(const struct session *session, uint64_t number)
{
    char name[NAME_BYTES];

    if (number > NUM_MAX) {
        return json_null();
    }
    session_name(session, number, name);
    return json_string(name);
}

json_t *output_succeeds_line(const struct foreign *succeeds)
{
    struct buffer text = {0};
    json_t *out;

    buffer_printf(&text, "the ledger with the id ");
    text_hex(&text, hash_view(&succeeds->ledger));
    buffer_printf(&text, ", which had %llu records, root ", (unsigned long long)succeeds->size);
    text_base64(&text, hash_view(&succeeds->root));
    out = text.failed ? NULL : output_string(buffer_view(&text));
    buffer_free(&text);
    return out;
}

void output_succeeds(const struct foreign *succeeds)
{
    json_t *line = output_succeeds_line(succeeds);

    (void)printf("succeeds %s\n", line == NULL ? "another ledger" : json_string_value(line));
    json_decref(line);
}

void output_succeeds_of(const struct session *session, uint64_t number, json_t *out)
{
    if (number == 0 && ledger_succeeds(session->ledger) != NULL) {
        (void)json_object_set_new(out, "succeeds", output_succeeds_line(ledger_succeeds(session->ledger)));
    }
}

json_t *output_succeeds_json(const struct foreign *succeeds)
{
    struct buffer id = {0};
    struct buffer root = {0};
    json_t *out;

    if (succeeds == NULL) {
        return json_null();
    }
    text_hex(&id, hash_view(&succeeds->ledger));
    text_base64(&root, hash_view(&succeeds->root));
    out = json_pack("{s:o,s:I,s:o}", "ledger-id", output_string(buffer_view(&id)), "size", (json_int_t)succeeds->size, "root",
                    output_string(buffer_view(&root)));
    buffer_free(&id);
    buffer_free(&root);
    return out;
}
