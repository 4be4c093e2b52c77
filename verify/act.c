/* SPDX-License-Identifier: Apache-2.0 */
/*
 * act: decoding of the COSE_Sign and of its payload, from the outside in, and each beside its rule of SPEC 4.
 * A decoder touches only what is there: the struct is large and every record of a ledger passes through.
 * Encoding is in act_encode.c, facts are in facts.c.
 */
#include "verify/act.h"

#include <assert.h>

#include "verify/facts.h"
#include "verify/fields.h"

enum { KIND_MAX = 255, OFFSET_MIN_MAX = 1440, ROLE_MAX = 15, THRESHOLD_MAX = 15, HEADER_ALGORITHM = 1, HEADER_KID = 4 };

/* ---- the payload's members ---- */

static uint64_t read_positive(struct reader *reader, const char *what, const char *rule)
{
    size_t at = reader->offset;
    uint64_t value = field_num(reader, what);

    if (!reader->failed && value == 0) {
        field_fail_at(reader, at, rule);
    }
    return value;
}

static void read_claimed(struct reader *reader, struct act *out)
{
    size_t at;
    int64_t offset;

    (void)reader_array(reader, 2, 2, "claimed");
    out->claimed_s = field_num(reader, "claimed time");
    at = reader->offset;
    offset = reader_int(reader, "UTC offset");
    if (offset < -OFFSET_MIN_MAX || offset > OFFSET_MIN_MAX) {
        field_fail_at(reader, at, "UTC offset is not within -1440 to 1440 minutes");
        offset = 0;
    }
    out->offset_min = (int)offset;
}

static void read_seen(struct reader *reader, struct act *out)
{
    (void)reader_array(reader, 2, 2, "seen");
    out->seen_size = read_positive(reader, "seen size", "seen size is 0");
    field_hash(reader, &out->seen_root, "seen root");
}

static void read_signers(struct reader *reader, struct act *out)
{
    out->signer_count = reader_array(reader, 1, ACT_SIGNERS_MAX, "signers");
    for (size_t i = 0; i < out->signer_count && !reader->failed; i++) {
        struct signer *signer = &out->signers[i];

        (void)reader_array(reader, 3, 3, "signer");
        signer->person = field_num(reader, "signer's person");
        signer->appointment = field_num(reader, "signer's appointment");
        signer->capacity = field_num(reader, "signer's capacity");
    }
}

static void read_entries(struct reader *reader, struct act *out)
{
    out->entry_count = reader_array(reader, 1, ACT_ENTRIES_MAX, "entries");
    for (size_t i = 0; i < out->entry_count && !reader->failed; i++) {
        struct entry *entry = &out->entries[i];
        size_t at;

        (void)reader_array(reader, 4, 4, "entry");
        at = reader->offset;
        entry->subject = field_num(reader, "entry's subject");
        if (!reader->failed && i > 0 && entry->subject <= out->entries[i - 1].subject) {
            field_fail_at(reader, at, "entries are not ascending by subject and distinct");
        }
        entry->role = (enum role)reader_uint(reader, ROLE_MAX, "entry's role");
        facts_read(reader, &entry->facts);
        entry->has_sheet = field_hash_or_null(reader, &entry->sheet, "entry's sheet");
    }
}

static void read_party(struct reader *reader, struct party *out)
{
    size_t at = reader->offset;

    (void)reader_array(reader, 3, 3, "party");
    out->has_person = field_num_or_null(reader, &out->person, "party's person");
    out->has_office = field_num_or_null(reader, &out->office, "party's office");
    out->has_place = field_num_or_null(reader, &out->place, "party's place");
    if (!out->has_person && !out->has_office && !out->has_place) {
        field_fail_at(reader, at, "party has neither person nor office nor place");
    }
}

static void read_amends(struct reader *reader, struct act *out)
{
    (void)reader_array(reader, 2, 2, "amends");
    out->amends_index = field_num(reader, "amended index");
    field_hash(reader, &out->amends_hash, "amended record's hash");
}

static void read_foreign(struct reader *reader, struct foreign *out)
{
    (void)reader_array(reader, 5, 5, "foreign");
    field_hash(reader, &out->ledger, "foreign ledger");
    out->size = field_num(reader, "foreign size");
    field_hash(reader, &out->root, "foreign root");
    out->has_subject = field_num_or_null(reader, &out->subject, "foreign subject");
    out->has_act = field_hash_or_null(reader, &out->act, "foreign act-id");
}

static void read_founding(struct reader *reader, struct founding *out)
{
    size_t at;

    (void)reader_array(reader, 6, 6, "founding");
    out->origin = reader_text(reader, 0, SIZE_MAX, "origin");
    out->code = reader_text(reader, 0, SIZE_MAX, "code");
    out->training = reader_bool(reader, "training");
    at = reader->offset;
    out->threshold = reader_uint(reader, THRESHOLD_MAX, "threshold");
    if (!reader->failed && out->threshold == 0) {
        field_fail_at(reader, at, "threshold is 0, allowed are 1 to 15");
    }
    field_fixed(reader, out->station, ED25519_BYTES, "station key");
    out->has_succeeds = !reader_take_null(reader);
    if (out->has_succeeds) {
        read_foreign(reader, &out->succeeds);
    }
}

static void read_clock(struct reader *reader, struct act *out)
{
    (void)reader_array(reader, 2, 2, "clock");
    out->clock_old_s = field_num(reader, "old time");
    out->clock_new_s = field_num(reader, "new time");
}

/* A flag is true or it is not there. */
static void read_flag(struct reader *reader, const char *what)
{
    size_t at = reader->offset;
    bool flag = reader_bool(reader, what);

    if (!flag) {
        field_fail_at(reader, at, "a flag may only be true");
    }
}

/* ---- the payload ---- */

/* Keys 1 to 9: what every act has, and between whom. */
static void read_common(struct reader *reader, unsigned key, struct act *out)
{
    switch (key) {
    case PAY_LEDGER:
        field_hash(reader, &out->ledger, "ledger");
        break;
    case PAY_KIND:
        out->kind = (unsigned)reader_uint(reader, KIND_MAX, "kind");
        break;
    case PAY_NONCE:
        field_fixed(reader, out->nonce, NONCE_BYTES, "nonce");
        break;
    case PAY_CLAIMED:
        read_claimed(reader, out);
        break;
    case PAY_SEEN:
        read_seen(reader, out);
        break;
    case PAY_SIGNERS:
        read_signers(reader, out);
        break;
    case PAY_ENTRIES:
        read_entries(reader, out);
        break;
    case PAY_FROM:
        read_party(reader, &out->from);
        break;
    case PAY_TO:
        read_party(reader, &out->to);
        break;
    default:
        reader_fail(reader, "payload key is 0, allowed are 1 to 20");
    }
}

/* Keys 10 to 20: what some kinds have. */
static void read_special(struct reader *reader, unsigned key, struct act *out)
{
    switch (key) {
    case PAY_ANSWERS:
        field_hash(reader, &out->answers, "answers");
        break;
    case PAY_AMENDS:
        read_amends(reader, out);
        break;
    case PAY_PLACE:
        out->place = field_num(reader, "place");
        break;
    case PAY_CODE:
        out->code = field_num(reader, "code");
        break;
    case PAY_SHEET:
        field_hash(reader, &out->sheet, "sheet");
        break;
    case PAY_FOUNDING:
        read_founding(reader, &out->founding);
        break;
    case PAY_FOREIGN:
        read_foreign(reader, &out->foreign);
        break;
    case PAY_CLOCK:
        read_clock(reader, out);
        break;
    case PAY_OFFLINE:
        read_flag(reader, "signed offline");
        break;
    case PAY_DEVIATION:
        read_flag(reader, "deviation");
        break;
    case PAY_DUE:
        out->due_s = field_num(reader, "due time");
        break;
    default:
        assert(key < PAY_COUNT);
    }
}

/* Which keys must stand; 1 and 5 are absent exactly in the founding act. */
static void check_present(struct reader *reader, const struct act *act)
{
    const uint32_t always = BIT(PAY_KIND) | BIT(PAY_NONCE) | BIT(PAY_CLAIMED) | BIT(PAY_SIGNERS) | BIT(PAY_ENTRIES);
    const uint32_t later = BIT(PAY_LEDGER) | BIT(PAY_SEEN);

    if ((act->present & always) != always) {
        field_fail_at(reader, 0, "one of the keys 2, 3, 4, 6 and 7 is missing");
    }
    if (act->kind == KIND_FOUND && (act->present & later) != 0) {
        field_fail_at(reader, 0, "the founding act has no ledger and has seen nothing (keys 1 and 5)");
    }
    if (act->kind != KIND_FOUND && (act->present & later) != later) {
        field_fail_at(reader, 0, "an act other than the founding needs ledger and seen (keys 1 and 5)");
    }
}

static enum status read_payload(struct view payload, struct act *out, struct fault *fault)
{
    struct fault own;
    struct reader reader;
    size_t pairs;

    fault_clear(&own);
    reader = reader_open(payload, &own);
    pairs = reader_map(&reader, 0, PAY_COUNT - 1, "payload");
    out->payload = payload;
    out->present = 0;
    out->code = 0; /* absent says the same as 0, a code that means nothing; never what the act before had */
    for (size_t i = 0; i < pairs && !reader.failed; i++) {
        unsigned key = (unsigned)reader_uint(&reader, PAY_COUNT - 1, "payload key");

        if (reader.failed) {
            break;
        }
        out->present |= BIT(key);
        if (key < PAY_ANSWERS) {
            read_common(&reader, key, out);
        } else {
            read_special(&reader, key, out);
        }
    }
    if (!reader.failed) {
        check_present(&reader, out);
    }
    return field_layer_end(&reader, "payload", fault);
}

enum status payload_decode(struct view payload, struct act *out, struct fault *fault)
{
    out->bytes = view_of(NULL, 0);
    out->signature_count = 0;
    return read_payload(payload, out, fault);
}

/* ---- the act ---- */

/* protected: h'', unprotected: {} */
static void read_no_headers(struct reader *reader)
{
    (void)reader_bytes(reader, 0, 0, "protected header");
    (void)reader_map(reader, 0, 0, "unprotected header");
}

static void read_signature(struct reader *reader, struct act_signature *out)
{
    (void)reader_array(reader, 3, 3, "signature");
    out->header = reader_bytes(reader, 0, SIZE_MAX, "signature's protected header");
    (void)reader_map(reader, 0, 0, "signature's unprotected header");
    field_fixed(reader, out->value, SIGNATURE_BYTES, "signature's value");
}

static void read_header_key(struct reader *reader, unsigned key)
{
    size_t at = reader->offset;
    int64_t found = reader_int(reader, "header key");

    if (!reader->failed && found != key) {
        field_fail_at(reader, at, "the header's keys are not 1 and 4");
    }
}

/* sig-header = { 1: -19 / -9, 4: hash } */
static enum status read_header(struct act_signature *signature, struct fault *fault)
{
    struct fault own;
    struct reader reader;
    size_t at;
    int64_t algorithm;

    fault_clear(&own);
    reader = reader_open(signature->header, &own);
    (void)reader_map(&reader, 2, 2, "header");
    read_header_key(&reader, HEADER_ALGORITHM);
    at = reader.offset;
    algorithm = reader_int(&reader, "algorithm");
    if (!reader.failed && algorithm != KEY_ED25519 && algorithm != KEY_ESP256) {
        field_fail_at(&reader, at, "algorithm is neither -19 (Ed25519) nor -9 (ESP256)");
    }
    read_header_key(&reader, HEADER_KID);
    field_hash(&reader, &signature->kid, "kid");
    signature->algorithm = reader.failed ? 0 : (int)algorithm;
    return field_layer_end(&reader, "sig-header", fault);
}

static enum status read_outer(struct view bytes, struct act *out, struct fault *fault)
{
    struct fault own;
    struct reader reader;

    fault_clear(&own);
    reader = reader_open(bytes, &own);
    out->bytes = bytes;
    (void)reader_array(&reader, 4, 4, "act");
    read_no_headers(&reader);
    out->payload = reader_bytes(&reader, 0, SIZE_MAX, "payload");
    out->signature_count = reader_array(&reader, 1, ACT_SIGNERS_MAX, "signatures");
    for (size_t i = 0; i < out->signature_count && !reader.failed; i++) {
        read_signature(&reader, &out->signatures[i]);
    }
    return field_layer_end(&reader, "act", fault);
}

enum status act_decode(struct view bytes, struct act *out, struct fault *fault)
{
    enum status status = read_outer(bytes, out, fault);

    for (size_t i = 0; status == STATUS_OK && i < out->signature_count; i++) {
        status = read_header(&out->signatures[i], fault);
    }
    if (status == STATUS_OK) {
        status = read_payload(out->payload, out, fault);
    }
    if (status == STATUS_OK && out->signature_count != out->signer_count) {
        status = fault_set(fault, STATUS_DAMAGED, 0, "act: %zu signatures stand for %zu signers", out->signature_count,
                           out->signer_count);
    }
    return status;
}
