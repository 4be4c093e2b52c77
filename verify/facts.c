/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts: what custody reads of an entry. Seals and detail names stay encoded in the struct, checked when they are
 * read, and are taken apart where they are needed.
 */
#include "verify/facts.h"

#include <assert.h>
#include <stdlib.h>

#include "verify/fields.h"
#include "verify/writer.h"

enum { FACT_TYPE_MAX = 15 };

/* seals = [*16 tstr .size (1..64)], ascending by bytes, distinct; out may be NULL. */
static size_t read_seals(struct reader *reader, struct view *out)
{
    size_t count = reader_array(reader, 0, SEALS_MAX, "seals");
    struct view before = {NULL, 0};

    for (size_t i = 0; i < count && !reader->failed; i++) {
        size_t at = reader->offset;
        struct view number = reader_text(reader, 1, SEAL_BYTES_MAX, "seal");

        if (!reader->failed && i > 0 && view_compare(before, number) >= 0) {
            field_fail_at(reader, at, "seals are not ascending and distinct");
        }
        if (out != NULL) {
            out[i] = number;
        }
        before = number;
    }
    return count;
}

/* [1*64 num], ascending, distinct; out may be NULL. */
static size_t read_names(struct reader *reader, uint64_t *out)
{
    size_t count = reader_array(reader, 1, FACT_NAMES_MAX, "detail names");
    uint64_t before = 0;

    for (size_t i = 0; i < count && !reader->failed; i++) {
        size_t at = reader->offset;
        uint64_t name = field_num(reader, "detail name");

        if (!reader->failed && i > 0 && name <= before) {
            field_fail_at(reader, at, "detail names are not ascending and distinct");
        }
        if (out != NULL) {
            out[i] = name;
        }
        before = name;
    }
    return count;
}

/* What the reader has read since `begin`. */
static struct view encoded_since(const struct reader *reader, size_t begin)
{
    return view_part(reader->input, begin, reader->offset - begin);
}

static struct view check_seals(struct reader *reader)
{
    size_t begin = reader->offset;

    (void)read_seals(reader, NULL);
    return encoded_since(reader, begin);
}

static struct view check_names(struct reader *reader)
{
    size_t begin = reader->offset;

    (void)read_names(reader, NULL);
    return encoded_since(reader, begin);
}

static unsigned read_type(struct reader *reader)
{
    size_t at = reader->offset;
    unsigned type = (unsigned)reader_uint(reader, FACT_TYPE_MAX, "subject type");

    if (!reader->failed && type == 0) {
        field_fail_at(reader, at, "subject type is 0, allowed are 1 to 15");
    }
    return type;
}

/*
 * A key as it is encoded takes four bytes and its own. Counted here because public_key_read narrows the algorithm to
 * an int: 2^32 - 19 is not -19.
 */
static void read_key(struct reader *reader, struct public_key *out)
{
    size_t at = reader->offset;

    public_key_read(reader, out);
    if (!reader->failed && reader->offset - at != 4 + out->len) {
        field_fail_at(reader, at, "public key algorithm is neither -19 (Ed25519) nor -9 (ESP256)");
    }
}

static void read_fact(struct reader *reader, unsigned fact, struct facts *out)
{
    switch (fact) {
    case FACT_TYPE:
        out->type = read_type(reader);
        break;
    case FACT_CASE:
        out->of_case = field_num(reader, "case");
        break;
    case FACT_PIECES:
        out->pieces = field_num(reader, "pieces");
        break;
    case FACT_GROSS:
        out->gross_mg = field_num(reader, "gross mass");
        break;
    case FACT_TARE:
        out->tare_mg = field_num(reader, "tare mass");
        break;
    case FACT_NET:
        out->net_mg = field_num(reader, "net mass");
        break;
    case FACT_FOUND:
        out->found = check_seals(reader);
        break;
    case FACT_REMOVED:
        out->removed = check_seals(reader);
        break;
    case FACT_PUT_ON:
        out->put_on = check_seals(reader);
        break;
    case FACT_OUTCOME:
        out->outcome = field_num(reader, "outcome");
        break;
    case FACT_KEY:
        read_key(reader, &out->key);
        break;
    case FACT_OFFICE:
        out->office = field_num(reader, "office");
        break;
    case FACT_DOUBTED:
        out->doubted = field_num(reader, "doubted from");
        break;
    case FACT_PRINT:
        out->print = field_num(reader, "print number");
        break;
    case FACT_STATION:
        field_fixed(reader, out->station, ED25519_BYTES, "station key");
        break;
    case FACT_NAMES:
        out->names = check_names(reader);
        break;
    default:
        assert(fact < FACT_COUNT);
    }
}

void facts_read(struct reader *reader, struct facts *out)
{
    size_t count = reader_map(reader, 0, FACT_COUNT, "facts");

    out->present = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned fact = (unsigned)reader_uint(reader, FACT_COUNT - 1, "fact number");

        if (reader->failed) {
            return;
        }
        out->present |= BIT(fact);
        read_fact(reader, fact, out);
    }
}

static void write_fact(struct buffer *out, unsigned fact, const struct facts *facts)
{
    switch (fact) {
    case FACT_TYPE:
        writer_uint(out, facts->type);
        break;
    case FACT_CASE:
        writer_uint(out, facts->of_case);
        break;
    case FACT_PIECES:
        writer_uint(out, facts->pieces);
        break;
    case FACT_GROSS:
        writer_uint(out, facts->gross_mg);
        break;
    case FACT_TARE:
        writer_uint(out, facts->tare_mg);
        break;
    case FACT_NET:
        writer_uint(out, facts->net_mg);
        break;
    case FACT_FOUND:
        buffer_append_view(out, facts->found);
        break;
    case FACT_REMOVED:
        buffer_append_view(out, facts->removed);
        break;
    case FACT_PUT_ON:
        buffer_append_view(out, facts->put_on);
        break;
    case FACT_OUTCOME:
        writer_uint(out, facts->outcome);
        break;
    case FACT_KEY:
        public_key_write(out, &facts->key);
        break;
    case FACT_OFFICE:
        writer_uint(out, facts->office);
        break;
    case FACT_DOUBTED:
        writer_uint(out, facts->doubted);
        break;
    case FACT_PRINT:
        writer_uint(out, facts->print);
        break;
    case FACT_STATION:
        writer_bytes(out, view_of(facts->station, ED25519_BYTES));
        break;
    case FACT_NAMES:
        buffer_append_view(out, facts->names);
        break;
    default:
        assert(fact < FACT_COUNT);
    }
}

void facts_write(struct buffer *out, const struct facts *facts)
{
    assert(facts->present < BIT(FACT_COUNT));
    writer_map(out, (size_t)__builtin_popcount(facts->present));
    for (unsigned fact = 0; fact < FACT_COUNT; fact++) {
        if ((facts->present & BIT(fact)) != 0) {
            writer_uint(out, fact);
            write_fact(out, fact, facts);
        }
    }
}

void seals_read(struct view encoded, struct seals *out)
{
    struct reader reader = reader_open_checked(encoded, NULL);
    enum status status;

    out->count = read_seals(&reader, out->numbers);
    status = reader_end(&reader);
    assert(status == STATUS_OK);
}

static int compare_views(const void *a, const void *b)
{
    return view_compare(*(const struct view *)a, *(const struct view *)b);
}

bool seals_encode(struct seals *seals, struct buffer *out)
{
    assert(seals->count <= SEALS_MAX);
    qsort(seals->numbers, seals->count, sizeof seals->numbers[0], compare_views);
    for (size_t i = 0; i < seals->count; i++) {
        size_t len = seals->numbers[i].len;

        if (len < 1 || len > SEAL_BYTES_MAX || (i > 0 && view_equal(seals->numbers[i - 1], seals->numbers[i]))) {
            return false;
        }
    }
    writer_array(out, seals->count);
    for (size_t i = 0; i < seals->count; i++) {
        writer_text(out, seals->numbers[i]);
    }
    return true;
}

size_t names_read(struct view encoded, uint64_t names[FACT_NAMES_MAX])
{
    struct reader reader = reader_open_checked(encoded, NULL);
    size_t count = read_names(&reader, names);
    enum status status = reader_end(&reader);

    assert(status == STATUS_OK);
    return count;
}

void names_encode(const uint64_t *names, size_t count, struct buffer *out)
{
    assert(count >= 1 && count <= FACT_NAMES_MAX);
    writer_array(out, count);
    for (size_t i = 0; i < count; i++) {
        assert(i == 0 || names[i - 1] < names[i]);
        writer_uint(out, names[i]);
    }
}
