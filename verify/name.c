/* SPDX-License-Identifier: Apache-2.0 */
/*
 * name: printing the names of subjects, reading what was typed or scanned, and finding what was
 * probably meant. Not here: whether a subject of that number exists (verdict).
 */
#include "verify/name.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "verify/text.h"

enum {
    MODULUS = 36,
    DIGITS_MAX = 16, /* of 2^53-1 */
    BODY_MAX = NAME_CODE_MAX + DIGITS_MAX + 1
};

#define NUMBER_MAX ((UINT64_C(1) << 53) - 1)

static const char ALPHABET[MODULUS + 1] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* A name taken apart: code, digits and check character in upper case, without hyphens. */
struct parts {
    char code[NAME_CODE_MAX];
    size_t code_len;
    char digits[DIGITS_MAX];
    size_t digit_count;
    char check;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* 0..35; c is 0-9 or A-Z. */
static unsigned value_of(char c)
{
    assert(is_digit(c) || is_letter(c));
    return is_digit(c) ? (unsigned)(c - '0') : (unsigned)(c - 'A') + 10;
}

/*
 * ISO 7064, hybrid system MOD 37,36: P starts at 36; each character a gives S = P + a mod 36, with 36
 * in the place of 0, and the next P = 2 S mod 37. The check character c makes P + c = 1 mod 36.
 */
static unsigned check_step(unsigned p, char c)
{
    unsigned s = (p + value_of(c)) % MODULUS;

    return (s == 0 ? MODULUS : s) * 2 % (MODULUS + 1);
}

static char check_character(const char *code, size_t code_len, const char *digits, size_t digit_count)
{
    unsigned p = MODULUS;

    for (size_t i = 0; i < code_len; i++) {
        p = check_step(p, code[i]);
    }
    for (size_t i = 0; i < digit_count; i++) {
        p = check_step(p, digits[i]);
    }
    return ALPHABET[(MODULUS + 1 - p) % MODULUS];
}

bool name_code_check(struct view code)
{
    if (code.len < 2 || code.len > NAME_CODE_MAX || !is_letter((char)code.ptr[0])) {
        return false;
    }
    for (size_t i = 1; i < code.len; i++) {
        if (!is_letter((char)code.ptr[i]) && !is_digit((char)code.ptr[i])) {
            return false;
        }
    }
    return true;
}

void name_format(struct view code, uint64_t number, char out[NAME_BYTES])
{
    char digits[DIGITS_MAX + 1];
    int count;

    assert(name_code_check(code) && number <= NUMBER_MAX);
    count = snprintf(digits, sizeof digits, "%" PRIu64, number);
    assert(count > 0 && count <= DIGITS_MAX);
    (void)snprintf(out, NAME_BYTES, "%.*s-%s-%c", (int)code.len, (const char *)code.ptr, digits,
                   check_character((const char *)code.ptr, code.len, digits, (size_t)count));
}

/* ---- reading ---- */

/* Spaces, the Enter of a scanner, and U+200B, which the space bar of the Khmer layout types. */
static size_t space_at(struct view text, size_t at)
{
    uint8_t c = text.ptr[at];

    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        return 1;
    }
    return text.len - at >= 3 && memcmp(text.ptr + at, "\xe2\x80\x8b", 3) == 0 ? 3 : 0;
}

struct view name_trim(struct view text)
{
    size_t from = 0;
    size_t to = text.len;

    while (from < to && space_at(text, from) != 0) {
        from += space_at(text, from);
    }
    while (to > from) {
        if (space_at(text, to - 1) == 1) {
            to -= 1;
        } else if (to - from >= 3 && space_at(text, to - 3) == 3) {
            to -= 3;
        } else {
            break;
        }
    }
    return view_part(text, from, to - from);
}

/*
 * The character at *at as 0-9, A-Z or hyphen, or 0; steps over it. Khmer digits are E1 9F A0..A9.
 */
static char next_character(struct view text, size_t *at)
{
    char c = (char)text.ptr[*at];

    if (text.len - *at >= 3 && memcmp(text.ptr + *at, "\xe1\x9f", 2) == 0) {
        uint8_t last = text.ptr[*at + 2];

        *at += 3;
        return last >= 0xa0 && last <= 0xa9 ? (char)('0' + (last - 0xa0)) : '\0';
    }
    *at += 1;
    if (c >= 'a' && c <= 'z') {
        return (char)(c - 'a' + 'A');
    }
    return is_digit(c) || is_letter(c) || c == '-' ? c : '\0';
}

/* What was typed without its hyphens, and where they stood (SIZE_MAX: nowhere). */
struct body {
    char chars[BODY_MAX];
    size_t len;
    size_t hyphen_count;
    size_t hyphens[2];
};

static bool read_body(struct view typed, struct body *out)
{
    struct view text = name_trim(typed);

    memset(out, 0, sizeof *out);
    for (size_t at = 0; at < text.len;) {
        char c = next_character(text, &at);

        if (c == '\0' || (c == '-' && out->hyphen_count == 2) || (c != '-' && out->len == BODY_MAX)) {
            return false;
        }
        if (c == '-') {
            out->hyphens[out->hyphen_count] = out->len;
            out->hyphen_count += 1;
        } else {
            out->chars[out->len] = c;
            out->len += 1;
        }
    }
    return out->len >= 4;
}

/* Whether the body can be split after code_len characters: form of code and digits, and hyphens only there. */
static bool split(const struct body *body, size_t code_len, struct parts *out)
{
    size_t last = body->len - 1;

    if (code_len + 1 >= body->len || last - code_len > DIGITS_MAX ||
        !name_code_check(view_of(body->chars, code_len))) {
        return false;
    }
    for (size_t i = 0; i < body->hyphen_count; i++) {
        if (body->hyphens[i] != code_len && body->hyphens[i] != last) {
            return false;
        }
    }
    if (body->hyphen_count == 2 && body->hyphens[0] == body->hyphens[1]) {
        return false;
    }
    for (size_t i = code_len; i < last; i++) {
        if (!is_digit(body->chars[i])) {
            return false;
        }
    }
    memcpy(out->code, body->chars, code_len);
    out->code_len = code_len;
    memcpy(out->digits, body->chars + code_len, last - code_len);
    out->digit_count = last - code_len;
    out->check = body->chars[last];
    return true;
}

/* Our own code first; then the shortest code that fits, as the hyphens allow. */
static bool take_apart(const struct body *body, struct view code, struct parts *out, bool *ours)
{
    if (body->len > code.len && memcmp(body->chars, code.ptr, code.len) == 0 && split(body, code.len, out)) {
        *ours = true;
        return true;
    }
    *ours = false;
    for (size_t len = 2; len <= NAME_CODE_MAX && len < body->len; len++) {
        if (split(body, len, out)) {
            return true;
        }
    }
    return false;
}

static bool check_holds(const struct parts *parts)
{
    return check_character(parts->code, parts->code_len, parts->digits, parts->digit_count) == parts->check;
}

/* The digits as a number; leading zeros count as digits here and are judged by the caller. */
static bool number_of(const struct parts *parts, uint64_t *out)
{
    uint64_t number = 0;

    for (size_t i = 0; i < parts->digit_count; i++) {
        number = number * 10 + (uint64_t)(parts->digits[i] - '0'); /* 16 digits fit */
    }
    *out = number;
    return number <= NUMBER_MAX;
}

static bool has_leading_zero(const struct parts *parts)
{
    return parts->digit_count > 1 && parts->digits[0] == '0';
}

/* ---- suggesting ---- */

struct guess {
    bool found;
    uint64_t number;
    uint64_t limit;
};

/* Takes the candidate if it is a right name below the limit and smaller than what was found. */
static void consider(struct guess *guess, const struct parts *candidate)
{
    uint64_t number = 0;

    if (!check_holds(candidate) || has_leading_zero(candidate) || !number_of(candidate, &number)) {
        return;
    }
    if (guess->limit != 0 && number >= guess->limit) {
        return;
    }
    if (!guess->found || number < guess->number) {
        guess->found = true;
        guess->number = number;
    }
}

static void swap_characters(char *a, char *b)
{
    char kept = *a;

    *a = *b;
    *b = kept;
}

/* Two neighbouring digits, or the last digit and a check character that is a digit. */
static void consider_swaps(struct guess *guess, const struct parts *typed)
{
    struct parts candidate = *typed;

    for (size_t i = 0; i + 1 < typed->digit_count; i++) {
        swap_characters(&candidate.digits[i], &candidate.digits[i + 1]);
        consider(guess, &candidate);
        swap_characters(&candidate.digits[i], &candidate.digits[i + 1]);
    }
    if (is_digit(typed->check)) {
        swap_characters(&candidate.digits[typed->digit_count - 1], &candidate.check);
        consider(guess, &candidate);
    }
}

static void consider_digits(struct guess *guess, const struct parts *typed)
{
    struct parts candidate = *typed;

    for (size_t i = 0; i < typed->digit_count; i++) {
        for (char digit = '0'; digit <= '9'; digit++) {
            candidate.digits[i] = digit;
            consider(guess, &candidate);
        }
        candidate.digits[i] = typed->digits[i];
    }
}

static void consider_check(struct guess *guess, const struct parts *typed)
{
    struct parts candidate = *typed;

    candidate.check = check_character(typed->code, typed->code_len, typed->digits, typed->digit_count);
    consider(guess, &candidate);
}

static void suggest(const struct parts *typed, uint64_t limit, char out[NAME_BYTES])
{
    struct guess guess = {false, 0, limit};

    consider_swaps(&guess, typed);
    if (!guess.found) {
        consider_digits(&guess, typed);
    }
    if (!guess.found) {
        consider_check(&guess, typed);
    }
    if (guess.found) {
        name_format(view_of(typed->code, typed->code_len), guess.number, out);
    }
}

enum name_answer name_parse(struct view code, struct view typed, uint64_t limit, uint64_t *number,
                            char suggestion[NAME_BYTES])
{
    struct body body;
    struct parts parts;
    uint64_t value = 0;
    bool ours = false;

    assert(name_code_check(code));
    if (suggestion != NULL) {
        suggestion[0] = '\0';
    }
    if (!read_body(typed, &body) || !take_apart(&body, code, &parts, &ours) || !number_of(&parts, &value)) {
        return NAME_NOT_A_NAME;
    }
    if (check_holds(&parts)) {
        if (has_leading_zero(&parts)) {
            return NAME_NOT_A_NAME; /* never printed so; one subject has one name */
        }
        *number = value;
        return ours ? NAME_OK : NAME_OTHER_LEDGER;
    }
    *number = value;
    if (suggestion != NULL && ours) {
        suggest(&parts, limit, suggestion);
    }
    return NAME_WRONG_CHECK;
}
