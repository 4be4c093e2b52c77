/* SPDX-License-Identifier: Apache-2.0 */
/*
 * note: C2SP signed-note, tlog-checkpoint and tlog-cosignature. Parsing decides the form; only
 * checkpoint_check says that somebody signed.
 * Not here: which keys count (policy), and proofs between checkpoints (merkle).
 */
#include "verify/note.h"

#include <assert.h>
#include <string.h>

#include "verify/strict.h"
#include "verify/text.h"

enum { ID_BYTES = 4, VKEY_BYTES = 1 + ED25519_BYTES, TYPE_ED25519 = 1, TYPE_COSIGNATURE = 4, TIME_BYTES = 8 };

#define NUMBER_MAX ((UINT64_C(1) << 53) - 1)

/* signed-note, "Format": em dash (U+2014) and space. */
static const char LINE_START[] = "\xe2\x80\x94 ";
enum { LINE_START_BYTES = 4 };

/* The position of byte in text at or after from, or text.len. */
static size_t find_byte(struct view text, size_t from, uint8_t byte)
{
    while (from < text.len && text.ptr[from] != byte) {
        from++;
    }
    return from;
}

/* ---- names and verifier keys ---- */

/* Unicode's White_Space beyond the control characters; the text is valid UTF-8. */
static size_t find_space(struct view text)
{
    for (size_t at = 0; at < text.len; at++) {
        const uint8_t *p = text.ptr + at;
        size_t left = text.len - at;

        if (p[0] == ' ' || (left >= 2 && memcmp(p, "\xc2\xa0", 2) == 0) ||
            (left >= 3 && (memcmp(p, "\xe1\x9a\x80", 3) == 0 || memcmp(p, "\xe2\x80\xaf", 3) == 0 ||
                           memcmp(p, "\xe2\x81\x9f", 3) == 0 || memcmp(p, "\xe3\x80\x80", 3) == 0)) ||
            (left >= 3 && memcmp(p, "\xe2\x80", 2) == 0 && p[2] >= 0x80 && p[2] <= 0x8a)) {
            return at;
        }
    }
    return text.len;
}

/* Valid text at offset `at` of the whole; the scan's own sentence and place are kept. */
static enum status check_text(struct view text, size_t at, struct fault *fault)
{
    struct fault found;
    enum status status;

    fault_clear(&found);
    status = strict_check_text(text, &found);
    if (status != STATUS_OK) {
        return fault_set(fault, status, at + found.at, "%s", found.text);
    }
    return STATUS_OK;
}

/* signed-note, "Format": key names are not empty and have no Unicode spaces and no plus. */
static enum status check_name(struct view name, size_t at, struct fault *fault)
{
    enum status status = check_text(name, at, fault);
    size_t space;

    if (status != STATUS_OK) {
        return status;
    }
    space = find_space(name);
    if (name.len == 0 || space < name.len) {
        return fault_set(fault, STATUS_DAMAGED, at + space, "a key name is empty or has a space in it");
    }
    space = find_byte(name, 0, '+');
    if (space < name.len) {
        return fault_set(fault, STATUS_DAMAGED, at + space, "a key name has a plus sign in it");
    }
    return STATUS_OK;
}

void verifier_key_id(struct hasher *hasher, struct view name, uint8_t type, const uint8_t key[32], uint8_t id[4])
{
    uint8_t data[NOTE_NAME_MAX + 2 + ED25519_BYTES];
    struct hash hash;

    assert(name.len > 0 && name.len <= NOTE_NAME_MAX);
    memcpy(data, name.ptr, name.len);
    data[name.len] = '\n';
    data[name.len + 1] = type;
    memcpy(data + name.len + 2, key, ED25519_BYTES);
    hash_data(hasher, view_of(data, name.len + 2 + ED25519_BYTES), &hash);
    memcpy(id, hash.bytes, ID_BYTES);
}

void verifier_key_format(struct hasher *hasher, struct view name, uint8_t type, const uint8_t key[32],
                         struct buffer *out)
{
    uint8_t id[ID_BYTES];
    uint8_t material[VKEY_BYTES];

    verifier_key_id(hasher, name, type, key, id);
    material[0] = type;
    memcpy(material + 1, key, ED25519_BYTES);
    buffer_append_view(out, name);
    buffer_append_byte(out, '+');
    text_hex(out, view_of(id, sizeof id));
    buffer_append_byte(out, '+');
    text_base64(out, view_of(material, sizeof material));
}

/* base64(type || key), at offset `at` of the vkey. */
static enum status parse_material(struct view text, size_t at, struct verifier_key *out, struct fault *fault)
{
    struct buffer material = {0};
    bool good = text_base64_decode(text, &material);
    enum status status = buffer_status(&material, fault);

    if (status != STATUS_OK) {
        goto done;
    }
    if (!good || material.len < 1) {
        status = fault_set(fault, STATUS_DAMAGED, at, "the key of a verifier key is not canonical base64");
        goto done;
    }
    out->type = material.ptr[0];
    if ((out->type != TYPE_ED25519 && out->type != TYPE_COSIGNATURE) || material.len != VKEY_BYTES) {
        status = fault_set(fault, STATUS_DAMAGED, at,
                           "verifier key of type %u with %zu bytes: only Ed25519 (1) and cosignature/v1 (4) are known",
                           (unsigned)out->type, material.len - 1);
        goto done;
    }
    out->key.algorithm = KEY_ED25519;
    out->key.len = ED25519_BYTES;
    memcpy(out->key.bytes, material.ptr + 1, ED25519_BYTES);
    if (!public_key_check(&out->key)) {
        status = fault_set(fault, STATUS_DAMAGED, at,
                           "the Ed25519 key of a verifier key is not canonical, not on the curve or of small order");
    }

done:
    buffer_free(&material);
    return status;
}

enum status verifier_key_parse(struct hasher *hasher, struct view text, struct verifier_key *out, struct fault *fault)
{
    struct verifier_key key = {0};
    struct buffer hex = {0};
    size_t plus = find_byte(text, 0, '+');
    size_t id_at = plus + 1;
    size_t material_at = id_at + 2 * (size_t)ID_BYTES + 1;
    enum status status;

    if (text.len <= material_at || text.ptr[material_at - 1] != '+') {
        return fault_set(fault, STATUS_DAMAGED, plus < text.len ? id_at : plus,
                         "a verifier key is not <name>+<8 hex digits>+<base64>");
    }
    key.name = view_part(text, 0, plus);
    if (key.name.len > NOTE_NAME_MAX) {
        return fault_set(fault, STATUS_DAMAGED, NOTE_NAME_MAX, "a key name is longer than %d bytes", NOTE_NAME_MAX);
    }
    status = check_name(key.name, 0, fault);
    if (status != STATUS_OK) {
        return status;
    }
    status = parse_material(view_part(text, material_at, text.len - material_at), material_at, &key, fault);
    if (status != STATUS_OK) {
        return status;
    }
    verifier_key_id(hasher, key.name, key.type, key.key.bytes, key.id);
    text_hex(&hex, view_of(key.id, sizeof key.id));
    status = buffer_status(&hex, fault);
    if (status == STATUS_OK && !view_equal(buffer_view(&hex), view_part(text, id_at, 2 * (size_t)ID_BYTES))) {
        status = fault_set(fault, STATUS_DAMAGED, id_at, "the key id of a verifier key is not that of its name and key");
    }
    if (status == STATUS_OK) {
        *out = key;
    }
    buffer_free(&hex);
    return status;
}

/* ---- checkpoints ---- */

/* Takes the line at *at, without its newline, which must be there. */
static enum status take_line(struct view note, size_t *at, struct view *line, struct fault *fault)
{
    size_t end = find_byte(note, *at, '\n');
    enum status status;

    if (end == note.len) {
        return fault_set(fault, STATUS_DAMAGED, end, "a note ends without newline, or too early");
    }
    *line = view_part(note, *at, end - *at);
    status = check_text(*line, *at, fault);
    *at = end + 1;
    return status;
}

/* The three lines of tlog-checkpoint, "Note text", and the blank line. *at moves behind them. */
static enum status parse_text(struct view note, size_t *at, struct checkpoint *out, struct fault *fault)
{
    static const char *const rules[4] = {
        "the origin line of a checkpoint is empty", "the size line of a checkpoint is not a decimal number below 2^53",
        "the root line of a checkpoint is not the base64 of 32 bytes",
        "a blank line must follow the three lines of a checkpoint"};
    struct buffer root = {0};
    enum status status = STATUS_OK;

    for (unsigned i = 0; i < 4 && status == STATUS_OK; i++) {
        size_t start = *at;
        struct view line = {0};
        bool good = false;

        status = take_line(note, at, &line, fault);
        if (status != STATUS_OK) {
            break;
        }
        if (i == 0) {
            out->origin = line;
            good = line.len > 0;
        } else if (i == 1) {
            good = text_decimal(line, &out->size);
        } else if (i == 2) {
            good = text_base64_decode(line, &root) && !root.failed && root.len == HASH_BYTES;
            out->text = view_part(note, 0, *at);
        } else {
            good = line.len == 0;
        }
        status = buffer_status(&root, fault);
        if (status == STATUS_OK && !good) {
            status = fault_set(fault, STATUS_DAMAGED, start, "%s", rules[i]);
        }
    }
    if (status == STATUS_OK) {
        out->root = hash_of_view(buffer_view(&root));
    }
    buffer_free(&root);
    return status;
}

/* One signature line at offset `at`. Signatures of kinds that we do not know keep only their length. */
static enum status parse_signature(struct view line, size_t at, struct note_signature *out, struct fault *fault)
{
    struct buffer bytes = {0};
    size_t space = LINE_START_BYTES;
    bool good = false;
    enum status status;

    if (line.len < LINE_START_BYTES || memcmp(line.ptr, LINE_START, LINE_START_BYTES) != 0) {
        return fault_set(fault, STATUS_DAMAGED, at, "a signature line does not begin with an em dash and a space");
    }
    space = find_byte(line, LINE_START_BYTES, ' ');
    out->name = view_part(line, LINE_START_BYTES, space - LINE_START_BYTES);
    status = check_name(out->name, at + LINE_START_BYTES, fault);
    if (status != STATUS_OK) {
        return status;
    }
    if (space < line.len) {
        good = text_base64_decode(view_part(line, space + 1, line.len - space - 1), &bytes);
    }
    status = buffer_status(&bytes, fault);
    if (status == STATUS_OK && (!good || bytes.len <= ID_BYTES)) {
        status = fault_set(fault, STATUS_DAMAGED, at + space,
                           "a signature is not the canonical base64 of a key id and a signature");
    }
    if (status == STATUS_OK) {
        memcpy(out->id, bytes.ptr, ID_BYTES);
        out->len = bytes.len - ID_BYTES;
        if (out->len <= sizeof out->bytes) {
            memcpy(out->bytes, bytes.ptr + ID_BYTES, out->len);
        }
    }
    buffer_free(&bytes);
    return status;
}

enum status checkpoint_parse(struct view note, struct checkpoint *out, struct fault *fault)
{
    size_t at = 0;
    enum status status;

    memset(out, 0, sizeof *out);
    if (note.len > NOTE_BYTES_MAX) {
        return fault_set(fault, STATUS_DAMAGED, NOTE_BYTES_MAX, "a note of %zu bytes is longer than %d", note.len,
                         NOTE_BYTES_MAX);
    }
    out->note = note;
    status = parse_text(note, &at, out, fault);
    if (status == STATUS_OK && at == note.len) {
        status = fault_set(fault, STATUS_DAMAGED, at, "a note has no signature line");
    }
    while (status == STATUS_OK && at < note.len) {
        size_t start = at;
        struct view line = {0};

        if (out->signature_count == NOTE_SIGNATURES_MAX) {
            status = fault_set(fault, STATUS_DAMAGED, at, "a note has more than %d signatures", NOTE_SIGNATURES_MAX);
            break;
        }
        status = take_line(note, &at, &line, fault);
        if (status == STATUS_OK) {
            status = parse_signature(line, start, &out->signatures[out->signature_count], fault);
            out->signature_count += 1;
        }
    }
    if (status != STATUS_OK) {
        memset(out, 0, sizeof *out);
    }
    return status;
}

void checkpoint_text(struct view origin, uint64_t size, const struct hash *root, struct buffer *out)
{
    buffer_append_view(out, origin);
    buffer_printf(out, "\n%llu\n", (unsigned long long)size);
    text_base64(out, hash_view(root));
    buffer_append_byte(out, '\n');
}

void note_signature_line(struct view name, const uint8_t id[4], struct view signature, struct buffer *out)
{
    struct buffer bytes = {0};

    buffer_append(&bytes, id, ID_BYTES);
    buffer_append_view(&bytes, signature);
    buffer_append(out, LINE_START, LINE_START_BYTES);
    buffer_append_view(out, name);
    buffer_append_byte(out, ' ');
    text_base64(out, buffer_view(&bytes));
    buffer_append_byte(out, '\n');
    out->failed = out->failed || bytes.failed;
    buffer_free(&bytes);
}

/* ---- checking ---- */

static enum note_answer answer_of(enum signature_opinion opinion)
{
    return opinion == SIGNATURE_VALID ? NOTE_VALID : opinion == SIGNATURE_INVALID ? NOTE_FAILED : NOTE_DISAGREED;
}

/* tlog-cosignature, "Ed25519 signed message"; times beyond 2^53-1 are outside SPEC's range. */
static enum note_answer check_cosignature(struct view text, const struct verifier_key *key,
                                          const struct note_signature *line, uint64_t *time_s)
{
    struct buffer message = {0};
    enum signature_opinion opinion = SIGNATURE_DISAGREED; /* without memory we could not answer */
    uint64_t time = 0;

    for (size_t i = 0; i < TIME_BYTES; i++) {
        time = time << 8 | line->bytes[i];
    }
    if (line->len != TIME_BYTES + SIGNATURE_BYTES || time > NUMBER_MAX) {
        return NOTE_FAILED;
    }
    buffer_printf(&message, "cosignature/v1\ntime %llu\n", (unsigned long long)time);
    buffer_append_view(&message, text);
    if (!message.failed) {
        opinion = signature_check(&key->key, buffer_view(&message), line->bytes + TIME_BYTES, SIGNATURE_BOTH);
    }
    buffer_free(&message);
    *time_s = opinion == SIGNATURE_VALID ? time : 0;
    return answer_of(opinion);
}

enum note_answer checkpoint_check(const struct checkpoint *checkpoint, const struct verifier_key *key,
                                  uint64_t *time_s)
{
    const struct note_signature *found = NULL;

    assert(key->type == TYPE_ED25519 || key->type == TYPE_COSIGNATURE);
    *time_s = 0;
    for (size_t i = 0; i < checkpoint->signature_count; i++) {
        const struct note_signature *line = &checkpoint->signatures[i];

        if (!view_equal(line->name, key->name) || memcmp(line->id, key->id, ID_BYTES) != 0) {
            continue;
        }
        if (found != NULL) {
            return NOTE_FAILED; /* two lines of one key: one note, one statement */
        }
        found = line;
    }
    if (found == NULL) {
        return NOTE_UNSIGNED;
    }
    if (key->type == TYPE_COSIGNATURE) {
        return check_cosignature(checkpoint->text, key, found, time_s);
    }
    if (found->len != SIGNATURE_BYTES) {
        return NOTE_FAILED;
    }
    return answer_of(signature_check(&key->key, checkpoint->text, found->bytes, SIGNATURE_BOTH));
}
