/* SPDX-License-Identifier: Apache-2.0 */
/*
 * strict: one pass over untrusted CBOR, before any library sees it. It accepts the deterministic
 * subset of SPEC 2.1 and builds nothing. First the text rule, then the item rule that uses it.
 */
#include "verify/strict.h"

#include <string.h>

#define INTEGER_MAX ((UINT64_C(1) << 53) - 1)

enum { DEPTH_MAX = 16 };

/* Eight bytes at once that are all printable ASCII: most text of most records. */
static bool plain_word(const uint8_t *ptr)
{
    const uint64_t high = UINT64_C(0x8080808080808080);
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t word;

    memcpy(&word, ptr, sizeof word);
    if ((word & high) != 0) {
        return false;
    }
    /* No byte reaches 0x80, so neither sum carries from one byte into the next. */
    return (((word + ones) & high) == 0) && (((word + 0x60 * ones) & high) == high);
}

/* The length of the UTF-8 sequence at ptr and its code point; 0 when it is none (Unicode table 3-7). */
static size_t utf8_decode(const uint8_t *ptr, size_t len, uint32_t *point)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    size_t need;
    uint32_t value;

    if (ptr[0] < 0x80) {
        *point = ptr[0];
        return 1;
    }
    if (ptr[0] < 0xc2 || ptr[0] > 0xf4) {
        return 0;
    }
    need = ptr[0] < 0xe0 ? 2 : ptr[0] < 0xf0 ? 3 : 4;
    if (len < need) {
        return 0;
    }
    value = ptr[0] & (0x7fU >> need);
    for (size_t i = 1; i < need; i++) {
        if ((ptr[i] & 0xc0) != 0x80) {
            return 0;
        }
        value = value << 6 | (ptr[i] & 0x3fU);
    }
    if (value < least[need] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
        return 0;
    }
    *point = value;
    return need;
}

static bool is_control(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point <= 0x9f) || point == 0x2028 || point == 0x2029;
}

static bool is_bidirectional(uint32_t point)
{
    return point == 0x061c || point == 0x200e || point == 0x200f || (point >= 0x202a && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069);
}

/* The broken rule and in *at the offset of its character, or NULL when the text keeps the rule. */
static const char *text_trouble(struct view text, size_t *at)
{
    size_t offset = 0;

    while (offset < text.len) {
        uint32_t point = 0;
        size_t len;

        if (text.len - offset >= 8 && plain_word(text.ptr + offset)) {
            offset += 8;
            continue;
        }
        len = utf8_decode(text.ptr + offset, text.len - offset, &point);
        *at = offset;
        if (len == 0) {
            return "the text is not valid UTF-8";
        }
        if (is_control(point)) {
            return "control characters are not allowed in text";
        }
        if (is_bidirectional(point)) {
            return "bidirectional controls are not allowed in text";
        }
        offset += len;
    }
    return NULL;
}

enum status strict_check_text(struct view text, struct fault *fault)
{
    size_t at = 0;
    const char *trouble = text_trouble(text, &at);

    if (trouble != NULL) {
        return fault_set(fault, STATUS_DAMAGED, at, "byte %zu: %s", at, trouble);
    }
    return STATUS_OK;
}

/* Major types, RFC 8949 3.1. */
enum { MAJOR_UINT = 0, MAJOR_NEGATIVE = 1, MAJOR_BYTES = 2, MAJOR_TEXT = 3, MAJOR_ARRAY = 4, MAJOR_MAP = 5,
       MAJOR_TAG = 6, MAJOR_SIMPLE = 7 };

/* An array or map whose end has not been reached. */
struct frame {
    uint64_t left;    /* items still to come; a pair counts as two */
    size_t begin;     /* where its own head stands */
    size_t key_begin; /* the last whole key of a map; key_len 0: none yet */
    size_t key_len;
    bool is_map;
};

struct scan {
    struct view input; /* borrows */
    size_t offset;
    size_t depth;
    struct fault *fault;
    struct frame stack[DEPTH_MAX];
};

static enum status refuse(struct scan *scan, size_t at, const char *rule)
{
    return fault_set(scan->fault, STATUS_DAMAGED, at, "byte %zu: %s", at, rule);
}

/* Reads a head's argument of 1, 2, 4 or 8 bytes (RFC 8949 3) and demands the shortest form. */
static enum status scan_argument(struct scan *scan, size_t begin, unsigned info, uint64_t *argument)
{
    static const uint64_t least[4] = {24, UINT64_C(1) << 8, UINT64_C(1) << 16, UINT64_C(1) << 32};
    size_t len;
    uint64_t value = 0;

    if (info == 31) {
        return refuse(scan, begin, "indefinite lengths are not allowed");
    }
    if (info > 27) {
        return refuse(scan, begin, "this head is reserved");
    }
    len = (size_t)1 << (info - 24);
    if (scan->input.len - scan->offset < len) {
        return refuse(scan, scan->input.len, "the input ends inside a head");
    }
    for (size_t i = 0; i < len; i++) {
        value = value << 8 | scan->input.ptr[scan->offset + i];
    }
    if (value < least[info - 24]) {
        return refuse(scan, begin, "a number or length is not in its shortest form");
    }
    scan->offset += len;
    *argument = value;
    return STATUS_OK;
}

static enum status scan_string(struct scan *scan, size_t begin, uint64_t len, bool is_text)
{
    size_t content = scan->offset;
    size_t at = 0;
    const char *trouble;

    if (len > scan->input.len - content) {
        return refuse(scan, begin, "a string runs past the end of the input");
    }
    scan->offset += (size_t)len;
    if (!is_text) {
        return STATUS_OK;
    }
    trouble = text_trouble(view_part(scan->input, content, (size_t)len), &at);
    return trouble == NULL ? STATUS_OK : refuse(scan, content + at, trouble);
}

/* Opens an array or map. Each item takes a byte at least, so a false count cannot cost time. */
static enum status scan_container(struct scan *scan, size_t begin, uint64_t count, bool is_map)
{
    size_t rest = scan->input.len - scan->offset;

    if (count > (is_map ? rest / 2 : rest)) {
        return refuse(scan, begin, "the count is larger than the bytes left");
    }
    scan->stack[scan->depth] = (struct frame){.left = is_map ? 2 * count : count, .begin = begin, .is_map = is_map};
    scan->depth++;
    return STATUS_OK;
}

/* Keys ascend bytewise and are distinct (RFC 8949 4.2.1); the key has just ended at scan->offset. */
static enum status scan_key(struct scan *scan, struct frame *frame, size_t begin)
{
    size_t len = scan->offset - begin;

    if (frame->key_len != 0) {
        struct view before = view_part(scan->input, frame->key_begin, frame->key_len);
        int order = view_compare(before, view_part(scan->input, begin, len));

        if (order == 0) {
            return refuse(scan, begin, "a map key is repeated");
        }
        if (order > 0) {
            return refuse(scan, begin, "map keys are not in ascending order");
        }
    }
    frame->key_begin = begin;
    frame->key_len = len;
    return STATUS_OK;
}

/* Counts the item that ended at scan->offset in its container, and every container that ends with it. */
static enum status scan_ended(struct scan *scan, size_t begin)
{
    while (scan->depth > 0) {
        struct frame *frame = &scan->stack[scan->depth - 1];

        if (frame->left > 0) {
            if (frame->is_map && frame->left % 2 == 0) {
                enum status status = scan_key(scan, frame, begin);

                if (status != STATUS_OK) {
                    return status;
                }
            }
            frame->left--;
        }
        if (frame->left > 0) {
            return STATUS_OK;
        }
        begin = frame->begin;
        scan->depth--;
    }
    return STATUS_OK;
}

/* What follows a head, by its major type. */
static enum status scan_content(struct scan *scan, size_t begin, unsigned major, uint64_t argument)
{
    switch (major) {
    case MAJOR_UINT:
    case MAJOR_NEGATIVE: /* -1 - argument */
        if (argument > INTEGER_MAX - major) {
            return refuse(scan, begin, "an integer is outside of +-(2^53-1)");
        }
        return STATUS_OK;
    case MAJOR_BYTES:
    case MAJOR_TEXT:
        return scan_string(scan, begin, argument, major == MAJOR_TEXT);
    case MAJOR_ARRAY:
    case MAJOR_MAP:
        return scan_container(scan, begin, argument, major == MAJOR_MAP);
    default:
        return refuse(scan, begin, "tags are not allowed");
    }
}

/* False, true and null, and nothing else of major type 7 (RFC 8949 3.3). */
static enum status scan_simple(struct scan *scan, size_t begin, unsigned info)
{
    if (info >= 20 && info <= 22) {
        return STATUS_OK;
    }
    if (info >= 25 && info <= 27) {
        return refuse(scan, begin, "floating-point numbers are not allowed");
    }
    return refuse(scan, begin, "of the simple values only false, true and null are allowed");
}

static enum status scan_item(struct scan *scan)
{
    size_t begin = scan->offset;
    unsigned major;
    unsigned info;
    uint64_t argument;
    enum status status = STATUS_OK;

    if (begin == scan->input.len) {
        return refuse(scan, begin, "the input ends where an item should begin");
    }
    /* The outermost item has depth 1, so the stack never holds more than DEPTH_MAX frames. */
    if (scan->depth == DEPTH_MAX) {
        return refuse(scan, begin, "items are nested more than 16 deep");
    }
    major = scan->input.ptr[begin] >> 5;
    info = scan->input.ptr[begin] & 0x1f;
    argument = info;
    scan->offset++;
    if (major == MAJOR_SIMPLE) {
        status = scan_simple(scan, begin, info);
    } else {
        if (info >= 24) {
            status = scan_argument(scan, begin, info, &argument);
        }
        if (status == STATUS_OK) {
            status = scan_content(scan, begin, major, argument);
        }
    }
    if (status != STATUS_OK) {
        return status;
    }
    /* A container that has just been opened ends here only if it is empty. */
    if ((major == MAJOR_ARRAY || major == MAJOR_MAP) && argument > 0) {
        return STATUS_OK;
    }
    return scan_ended(scan, begin);
}

enum status strict_check(struct view input, struct fault *fault)
{
    struct scan scan;
    enum status status;

    /* The stack is written before it is read: clearing it would cost as much as a small record. */
    scan.input = input;
    scan.offset = 0;
    scan.depth = 0;
    scan.fault = fault;
    do {
        status = scan_item(&scan);
        if (status != STATUS_OK) {
            return status;
        }
    } while (scan.depth > 0);
    if (scan.offset != input.len) {
        return refuse(&scan, scan.offset, "bytes follow the item");
    }
    return STATUS_OK;
}
