/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text: bytes to letters and back, escaping, and times in ISO 8601 by integer calendar arithmetic.
 * Not here: the rule that text in a record must obey (strict), and local formats (custody).
 */
#include "verify/text.h"

#include <sodium.h>
#include <string.h>

enum {
    BASE64_BYTES = 48, /* a multiple of 3, so that encoded chunks join without padding */
    BASE64_CHARS = 64,
    DAY_S = 86400
};

#define NUMBER_MAX ((UINT64_C(1) << 53) - 1)
#define YEAR_9999_END_S INT64_C(253402300799)
#define INVALID_POINT UINT32_MAX

static const char HEX[] = "0123456789abcdef";
static const char BASE32[] = "abcdefghijklmnopqrstuvwxyz234567";

void text_hex(struct buffer *out, struct view bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        buffer_append_byte(out, (uint8_t)HEX[bytes.ptr[i] >> 4]);
        buffer_append_byte(out, (uint8_t)HEX[bytes.ptr[i] & 15]);
    }
}

static size_t encode_base64_chunk(const uint8_t *bytes, size_t len, char out[BASE64_CHARS + 1])
{
    sodium_bin2base64(out, BASE64_CHARS + 1, bytes, len, sodium_base64_VARIANT_ORIGINAL);
    return strlen(out);
}

void text_base64(struct buffer *out, struct view bytes)
{
    char chunk[BASE64_CHARS + 1];

    for (size_t at = 0; at < bytes.len; at += BASE64_BYTES) {
        size_t left = bytes.len - at;
        size_t len = encode_base64_chunk(bytes.ptr + at, left < BASE64_BYTES ? left : BASE64_BYTES, chunk);
        buffer_append(out, chunk, len);
    }
}

/*
 * Strictness does not rest on the decoder: what was decoded is encoded again and must give the same
 * characters, so padding, left-over bits and foreign characters have one form only.
 */
static bool decode_base64_chunk(const char *text, size_t len, uint8_t out[BASE64_BYTES], size_t *out_len)
{
    char again[BASE64_CHARS + 1];
    size_t again_len;

    if (sodium_base642bin(out, BASE64_BYTES, text, len, NULL, out_len, NULL, sodium_base64_VARIANT_ORIGINAL) != 0) {
        return false;
    }
    again_len = encode_base64_chunk(out, *out_len, again);
    return again_len == len && memcmp(again, text, len) == 0;
}

bool text_base64_decode(struct view text, struct buffer *out)
{
    size_t before = out->len;

    for (size_t at = 0; at < text.len; at += BASE64_CHARS) {
        size_t left = text.len - at;
        bool last = left <= BASE64_CHARS;
        uint8_t chunk[BASE64_BYTES];
        size_t len = 0;
        bool good = decode_base64_chunk((const char *)text.ptr + at, last ? left : BASE64_CHARS, chunk, &len);

        /* Padding belongs to the end of the text only. */
        if (!good || (!last && len != BASE64_BYTES)) {
            out->len = before;
            return false;
        }
        buffer_append(out, chunk, len);
    }
    return true;
}

void text_base32(struct buffer *out, struct view bytes)
{
    uint32_t bits = 0;
    unsigned count = 0;

    for (size_t i = 0; i < bytes.len; i++) {
        bits = (bits << 8 | bytes.ptr[i]) & 0xffff;
        count += 8;
        while (count >= 5) {
            count -= 5;
            buffer_append_byte(out, (uint8_t)BASE32[bits >> count & 31]);
        }
    }
    if (count > 0) {
        buffer_append_byte(out, (uint8_t)BASE32[bits << (5 - count) & 31]);
    }
}

/* The value of a base32 letter, or 32. */
static uint32_t base32_value(uint8_t letter)
{
    if (letter >= 'a' && letter <= 'z') {
        return (uint32_t)letter - 'a';
    }
    if (letter >= 'A' && letter <= 'Z') {
        return (uint32_t)letter - 'A';
    }
    if (letter >= '2' && letter <= '7') {
        return (uint32_t)letter - '2' + 26;
    }
    return 32;
}

bool text_base32_decode(struct view text, struct buffer *out)
{
    size_t before = out->len;
    uint32_t bits = 0;
    unsigned count = 0;
    bool good = true;

    for (size_t i = 0; good && i < text.len; i++) {
        uint32_t value = base32_value(text.ptr[i]);

        good = value < 32;
        bits = (bits << 5 | (value & 31)) & 0xffff;
        count += 5;
        if (count >= 8) {
            count -= 8;
            buffer_append_byte(out, (uint8_t)(bits >> count & 255));
        }
    }
    /* 5 or more bits left over are a letter too many; fewer must be zero. */
    if (!good || count >= 5 || (bits & ((1u << count) - 1)) != 0) {
        out->len = before;
        return false;
    }
    return true;
}

bool text_decimal(struct view text, uint64_t *out)
{
    uint64_t value = 0;

    if (text.len == 0 || text.len > 19 || (text.len > 1 && text.ptr[0] == '0')) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return false;
        }
        value = value * 10 + (uint64_t)(text.ptr[i] - '0'); /* 19 digits fit in 64 bits */
    }
    if (value > NUMBER_MAX) {
        return false;
    }
    *out = value;
    return true;
}

/* The code point at `at` and its length; INVALID_POINT and 1 when the bytes there are not UTF-8 (RFC 3629 4). */
static uint32_t decode_point(struct view text, size_t at, size_t *len)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    uint8_t head = text.ptr[at];
    size_t need = head < 0x80 ? 1 : head < 0xc0 ? 0 : head < 0xe0 ? 2 : head < 0xf0 ? 3 : head < 0xf8 ? 4 : 0;
    uint32_t point = need == 1 ? head : need == 2 ? head & 0x1fu : need == 3 ? head & 0xfu : head & 7u;

    *len = 1;
    if (need == 0 || need > text.len - at) {
        return INVALID_POINT;
    }
    for (size_t i = 1; i < need; i++) {
        uint8_t next = text.ptr[at + i];

        if ((next & 0xc0) != 0x80) {
            return INVALID_POINT;
        }
        point = point << 6 | (next & 0x3fu);
    }
    if (point < least[need] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
        return INVALID_POINT;
    }
    *len = need;
    return point;
}

/* Controls, line separators and bidirectional controls: the set of SPEC 2.1. */
static bool point_is_control(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point <= 0x9f) || point == 0x2028 || point == 0x2029 ||
           point == 0x061c || point == 0x200e || point == 0x200f || (point >= 0x202a && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069);
}

void text_escape(struct buffer *out, struct view text)
{
    for (size_t at = 0; at < text.len;) {
        size_t len = 0;
        uint32_t point = decode_point(text, at, &len);

        if (point == INVALID_POINT || point == '\\' || (point < 0x80 && point_is_control(point))) {
            buffer_printf(out, "\\x%02x", (unsigned)text.ptr[at]);
        } else if (point_is_control(point)) {
            buffer_printf(out, "\\u{%04x}", (unsigned)point);
        } else {
            buffer_append(out, text.ptr + at, len);
        }
        at += len;
    }
}

void text_json(struct buffer *out, struct view text)
{
    buffer_append_byte(out, '"');
    for (size_t at = 0; at < text.len;) {
        size_t len = 0;
        uint32_t point = decode_point(text, at, &len);

        if (point == INVALID_POINT) {
            buffer_append(out, "\xef\xbf\xbd", 3); /* U+FFFD */
        } else if (point == '"' || point == '\\') {
            buffer_append_byte(out, '\\');
            buffer_append_byte(out, (uint8_t)point);
        } else if (point_is_control(point)) {
            /* More than RFC 8259 7 asks, because JSON is also read on terminals. */
            buffer_printf(out, "\\u%04x", (unsigned)point);
        } else {
            buffer_append(out, text.ptr + at, len);
        }
        at += len;
    }
    buffer_append_byte(out, '"');
}

/*
 * Year, month and day of a count of days since 1970-01-01, in the proleptic Gregorian calendar. Years
 * are counted from 1 March, so that the leap day is the last of its year; 400 years have 146,097 days.
 */
static void civil_of_days(int64_t days, int64_t *year, int64_t *month, int64_t *day)
{
    int64_t shifted = days + 719468; /* since 0000-03-01; not negative for any year we print */
    int64_t era = shifted / 146097;
    int64_t day_of_era = shifted % 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;

    *day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    *month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    *year = year_of_era + era * 400 + (*month <= 2 ? 1 : 0);
}

/* "2018-12-13T02:03:04" without a zone; false past year 9999. local_s may lie a day before 1970. */
static bool print_seconds(struct buffer *out, int64_t local_s)
{
    int64_t days = local_s / DAY_S;
    int64_t second = local_s % DAY_S;
    int64_t year;
    int64_t month;
    int64_t day;

    if (local_s > YEAR_9999_END_S) {
        return false;
    }
    if (second < 0) {
        second += DAY_S;
        days -= 1;
    }
    civil_of_days(days, &year, &month, &day);
    buffer_printf(out, "%04d-%02d-%02dT%02d:%02d:%02d", (int)year, (int)month, (int)day, (int)(second / 3600),
                  (int)(second / 60 % 60), (int)(second % 60));
    return true;
}

static void print_raw(struct buffer *out, uint64_t time_s)
{
    buffer_printf(out, "@%llu", (unsigned long long)time_s);
}

void text_time(struct buffer *out, uint64_t time_s)
{
    if (time_s > (uint64_t)YEAR_9999_END_S || !print_seconds(out, (int64_t)time_s)) {
        print_raw(out, time_s);
        return;
    }
    buffer_append_byte(out, 'Z');
}

void text_time_local(struct buffer *out, uint64_t time_s, int offset_min)
{
    unsigned minutes = (unsigned)(offset_min < 0 ? -offset_min : offset_min);

    if (offset_min < -1440 || offset_min > 1440 || time_s > (uint64_t)YEAR_9999_END_S ||
        !print_seconds(out, (int64_t)time_s + (int64_t)offset_min * 60)) {
        print_raw(out, time_s);
        return;
    }
    buffer_printf(out, "%c%02u:%02u", offset_min < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

/* A fixed number of decimal digits at `at`; -1 when it is none. */
static int64_t digits_at(struct view text, size_t at, size_t count)
{
    int64_t value = 0;

    for (size_t i = at; i < at + count; i++) {
        if (i >= text.len || text.ptr[i] < '0' || text.ptr[i] > '9') {
            return -1;
        }
        value = value * 10 + (text.ptr[i] - '0');
    }
    return value;
}

/* The inverse of civil_of_days. */
static int64_t days_of_civil(int64_t year, int64_t month, int64_t day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t month_from_march = month > 2 ? month - 3 : month + 9;

    return y * 365 + y / 4 - y / 100 + y / 400 + (153 * month_from_march + 2) / 5 + day - 1 - 719468;
}

bool text_time_parse(struct view text, uint64_t *time_s)
{
    const char *const form = "0000-00-00T00:00:00Z";
    int64_t hour = 0, minute = 0, second = 0, y, m, d;

    if (text_decimal(text, time_s)) {
        return true;
    }
    if (text.len != 10 && text.len != 20) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (form[i] != '0' && text.ptr[i] != (uint8_t)form[i]) {
            return false;
        }
    }
    if (text.len == 20) {
        hour = digits_at(text, 11, 2);
        minute = digits_at(text, 14, 2);
        second = digits_at(text, 17, 2);
    }
    int64_t year = digits_at(text, 0, 4), month = digits_at(text, 5, 2), day = digits_at(text, 8, 2);
    if (year < 1970 || month < 1 || month > 12 || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
        second < 0 || second > 59) {
        return false;
    }
    int64_t days = days_of_civil(year, month, day);
    civil_of_days(days, &y, &m, &d);
    if (y != year || m != month || d != day) {
        return false; /* the 31st of February */
    }
    *time_s = (uint64_t)(days * DAY_S + hour * 3600 + minute * 60 + second);
    return true;
}
