/* SPDX-License-Identifier: Apache-2.0 */
/*
 * statement: a COSE_Sign1 (RFC 9052 4.2) with the context "unbroken/1 certificate", which no act has: an act's signature can never be taken for a
 * certificate's, nor the other way round.
 */
#include "verify/statement.h"

#include <assert.h>
#include <string.h>

#include "verify/fields.h"
#include "verify/note.h"
#include "verify/origin.h"
#include "verify/text.h"
#include "verify/writer.h"

#define STATEMENT_DOMAIN "unbroken certificate/1"
#define STATEMENT_AAD "unbroken/1 certificate"
#define SIGN1_CONTEXT "Signature1"

/* SEAL_BYTES: what stands around a payload: array, header of an ESP256 or Ed25519 key, {}, head of the payload, signature. */
enum { PAYLOAD_FIELDS = 20, SIGN1_FIELDS = 4, TO_SIGN_FIELDS = 4, HEADER_BYTES = 38, SEAL_BYTES = 1 + 2 + HEADER_BYTES + 1 + 3 + 2 + SIGNATURE_BYTES,
       ID_BYTES = 4, NUMBER_CHARACTERS = 16, NUMBER_GROUP = 4, OFFSET_MAX = 1440, CAPACITY_MAX = 255 };

/* ---- writing --------------------------------------------------------------------------------- */

static void put_payload(const struct statement *s, size_t shown, struct buffer *out)
{
    writer_array(out, PAYLOAD_FIELDS);
    writer_text(out, view_text(STATEMENT_DOMAIN));
    field_write_hash(out, &s->ledger);
    writer_text(out, s->origin);
    writer_bool(out, s->training);
    writer_uint(out, s->size);
    field_write_hash(out, &s->root);
    writer_array(out, 2);
    writer_bytes(out, view_of(s->log_id, ID_BYTES));
    writer_bytes(out, view_of(s->log_signature, SIGNATURE_BYTES));
    field_write_hash(out, &s->bundle);
    field_write_hash(out, &s->policy);
    writer_uint(out, s->status);
    writer_uint(out, s->breaches);
    writer_uint(out, s->findings);
    writer_uint(out, s->withheld);
    writer_uint(out, s->asked_count);
    writer_array(out, shown);
    for (size_t i = 0; i < shown; i++) {
        writer_uint(out, s->asked[i]);
    }
    writer_uint(out, s->records);
    writer_uint(out, s->made_s);
    writer_int(out, s->offset_min);
    writer_text(out, s->template);
    writer_array(out, 3);
    writer_uint(out, s->certifier.person);
    writer_uint(out, s->certifier.appointment);
    writer_uint(out, s->certifier.capacity);
}

/* Lower-case letters, digits and hyphens: a template is a file's name. */
static bool is_template(struct view name)
{
    bool good = name.len >= 1 && name.len <= TEMPLATE_BYTES_MAX;
    for (size_t i = 0; good && i < name.len; i++) {
        uint8_t c = name.ptr[i];
        good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    }
    return good;
}

enum status statement_encode(const struct statement *statement, struct buffer *payload, struct fault *fault)
{
    size_t before = payload->len, shown = statement->asked_shown;
    assert(shown >= 1 && shown <= STATEMENT_ASKED_MAX);
    if (!is_template(statement->template)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the template's name is not 1 to %d of a-z, 0-9 and -", TEMPLATE_BYTES_MAX);
    }
    put_payload(statement, shown, payload);
    while (!payload->failed && payload->len - before + SEAL_BYTES > STATEMENT_BYTES_MAX && shown > 1) {
        payload->len = before;
        shown--;
        put_payload(statement, shown, payload);
    }
    if (!payload->failed && payload->len - before + SEAL_BYTES > STATEMENT_BYTES_MAX) {
        size_t len = payload->len - before + SEAL_BYTES;
        payload->len = before;
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the certified statement has %zu bytes, at most %d fit into its QR", len,
                         STATEMENT_BYTES_MAX);
    }
    return buffer_status(payload, fault);
}

void statement_to_sign(struct view header, struct view payload, struct buffer *out)
{
    writer_array(out, TO_SIGN_FIELDS);
    writer_text(out, view_text(SIGN1_CONTEXT));
    writer_bytes(out, header);
    writer_bytes(out, view_text(STATEMENT_AAD));
    writer_bytes(out, payload);
}

void statement_seal(struct view header, struct view payload, const uint8_t signature[SIGNATURE_BYTES], struct buffer *out)
{
    writer_array(out, SIGN1_FIELDS);
    writer_bytes(out, header);
    writer_map(out, 0);
    writer_bytes(out, payload);
    writer_bytes(out, view_of(signature, SIGNATURE_BYTES));
}

/* ---- reading --------------------------------------------------------------------------------- */

static void read_asked(struct reader *reader, struct statement *out)
{
    out->asked_count = field_num(reader, "number of asked subjects");
    size_t at = reader->offset;
    out->asked_shown = reader_array(reader, 1, STATEMENT_ASKED_MAX, "asked");
    for (size_t i = 0; i < out->asked_shown && !reader->failed; i++) {
        out->asked[i] = field_num(reader, "asked subject");
        if (i > 0 && out->asked[i] <= out->asked[i - 1]) {
            field_fail_at(reader, at, "asked subjects do not ascend");
        }
    }
    if (out->asked_shown > out->asked_count) {
        field_fail_at(reader, at, "more asked subjects than there are");
    }
}

static void read_certifier(struct reader *reader, struct statement *out)
{
    size_t at = reader->offset;
    int64_t offset = reader_int(reader, "UTC offset");
    if (offset < -OFFSET_MAX || offset > OFFSET_MAX) {
        field_fail_at(reader, at, "the UTC offset is more than a day");
    } else {
        out->offset_min = (int)offset;
    }
    at = reader->offset;
    out->template = reader_text(reader, 1, TEMPLATE_BYTES_MAX, "template");
    if (!reader->failed && !is_template(out->template)) {
        field_fail_at(reader, at, "a template's name has other characters than a-z, 0-9 and -");
    }
    (void)reader_array(reader, 3, 3, "certifier");
    out->certifier.person = field_num(reader, "certifier");
    out->certifier.appointment = field_num(reader, "appointment");
    out->certifier.capacity = reader_uint(reader, CAPACITY_MAX, "capacity");
}

static enum status read_payload(struct view payload, struct statement *out, struct fault *fault)
{
    struct fault own;
    fault_clear(&own);
    struct reader reader = reader_open(payload, &own);
    (void)reader_array(&reader, PAYLOAD_FIELDS, PAYLOAD_FIELDS, "statement");
    field_domain(&reader, STATEMENT_DOMAIN);
    field_hash(&reader, &out->ledger, "ledger-id");
    out->origin = reader_text(&reader, 1, ORIGIN_BYTES_MAX, "origin");
    out->training = reader_bool(&reader, "training");
    out->size = field_num(&reader, "size");
    field_hash(&reader, &out->root, "root");
    (void)reader_array(&reader, 2, 2, "log");
    field_fixed(&reader, out->log_id, ID_BYTES, "key id");
    field_fixed(&reader, out->log_signature, SIGNATURE_BYTES, "the log's signature");
    field_hash(&reader, &out->bundle, "bundle");
    field_hash(&reader, &out->policy, "policy");
    size_t at = reader.offset;
    out->status = (unsigned)reader_uint(&reader, 3, "status");
    if (out->status != 0 && out->status != 3) {
        field_fail_at(&reader, at, "the status is neither 0 nor 3");
    }
    out->breaches = field_num(&reader, "breaches");
    out->findings = field_num(&reader, "findings");
    out->withheld = field_num(&reader, "withheld");
    read_asked(&reader, out);
    out->records = field_num(&reader, "records");
    out->made_s = field_num(&reader, "time made");
    read_certifier(&reader, out);
    return field_layer_end(&reader, "certified statement", fault);
}

/* sig-header of SPEC 4, a layer of its own. */
static enum status read_header(struct view header, struct signed_statement *out, struct fault *fault)
{
    struct fault own;
    fault_clear(&own);
    struct reader reader = reader_open(header, &own);
    (void)reader_map(&reader, 2, 2, "header");
    if (reader_uint(&reader, NUM_MAX, "header key") != 1) {
        reader_fail(&reader, "the first key of the header is not 1");
    }
    int64_t algorithm = reader_int(&reader, "algorithm");
    if (algorithm != KEY_ED25519 && algorithm != KEY_ESP256) {
        reader_fail(&reader, "the algorithm is neither -19 nor -9");
    }
    if (reader_uint(&reader, NUM_MAX, "header key") != 4) {
        reader_fail(&reader, "the second key of the header is not 4");
    }
    field_hash(&reader, &out->kid, "kid");
    out->algorithm = algorithm == KEY_ESP256 ? KEY_ESP256 : KEY_ED25519;
    return field_layer_end(&reader, "header of the certified statement", fault);
}

enum status statement_decode(struct view bytes, struct signed_statement *out, struct fault *fault)
{
    struct fault own;
    fault_clear(&own);
    memset(out, 0, sizeof *out);
    if (bytes.len > STATEMENT_BYTES_MAX) {
        return fault_set(fault, STATUS_DAMAGED, STATEMENT_BYTES_MAX, "the certified statement has %zu bytes, allowed are %d", bytes.len,
                         STATEMENT_BYTES_MAX);
    }
    struct reader reader = reader_open(bytes, &own);
    out->bytes = bytes;
    (void)reader_array(&reader, SIGN1_FIELDS, SIGN1_FIELDS, "signed statement");
    out->header = reader_bytes(&reader, 1, STATEMENT_BYTES_MAX, "header");
    (void)reader_map(&reader, 0, 0, "unprotected header");
    out->payload = reader_bytes(&reader, 1, STATEMENT_BYTES_MAX, "payload");
    field_fixed(&reader, out->signature, SIGNATURE_BYTES, "signature");
    enum status status = field_layer_end(&reader, "signed statement", fault);
    if (status == STATUS_OK) {
        status = read_header(out->header, out, fault);
    }
    return status == STATUS_OK ? read_payload(out->payload, &out->statement, fault) : status;
}

void statement_number(struct hasher *hasher, struct view bytes, char out[STATEMENT_NUMBER_BYTES])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"; /* RFC 4648 6 */
    struct hash hash;
    size_t at = 0;
    hash_data(hasher, bytes, &hash);
    for (size_t i = 0; i < NUMBER_CHARACTERS; i++) {
        size_t bit = i * 5;
        unsigned two = (unsigned)hash.bytes[bit / 8] << 8 | hash.bytes[bit / 8 + 1];
        if (i > 0 && i % NUMBER_GROUP == 0) {
            out[at++] = '-';
        }
        out[at++] = letters[two >> (11 - bit % 8) & 31];
    }
    out[at] = '\0';
    assert(at == STATEMENT_NUMBER_BYTES - 1);
}

void statement_note(const struct statement *statement, struct buffer *out)
{
    struct buffer origin = { 0 };
    origin_line(statement->origin, statement->training, &statement->ledger, &origin);
    checkpoint_text(buffer_view(&origin), statement->size, &statement->root, out);
    buffer_append_byte(out, '\n');
    note_signature_line(buffer_view(&origin), statement->log_id, view_of(statement->log_signature, SIGNATURE_BYTES), out);
    out->failed = out->failed || origin.failed;
    buffer_free(&origin);
}
