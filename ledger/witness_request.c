/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness_request: see the header.
 */
#include "ledger/witness_request.h"

#include <string.h>

#include "verify/text.h"

static const char OLD[] = "old ";

void witness_request_format(uint64_t old, const struct merkle_path *path, struct view note, struct buffer *out)
{
    buffer_printf(out, "%s%llu\n", OLD, (unsigned long long)old);
    for (size_t i = 0; i < path->count; i++) {
        text_base64(out, hash_view(&path->nodes[i]));
        buffer_append_byte(out, '\n');
    }
    buffer_append_byte(out, '\n');
    buffer_append_view(out, note);
}

/* The next line without its newline; false when there is none. */
static bool take_line(struct view *rest, struct view *line)
{
    const uint8_t *newline = rest->len == 0 ? NULL : memchr(rest->ptr, '\n', rest->len);

    if (newline == NULL) {
        return false;
    }
    *line = view_part(*rest, 0, (size_t)(newline - rest->ptr));
    *rest = view_part(*rest, line->len + 1, rest->len - line->len - 1);
    return true;
}

static bool read_hash(struct view text, struct hash *out)
{
    struct buffer bytes = {0};
    bool good = text_base64_decode(text, &bytes) && bytes.len == HASH_BYTES;

    if (good) {
        *out = hash_of_view(buffer_view(&bytes));
    }
    buffer_free(&bytes);
    return good;
}

enum status witness_request_parse(struct view body, struct witness_request *out, struct fault *fault)
{
    struct witness_request request = {0};
    struct view rest = body;
    struct view line;
    uint64_t number = 1;

    if (!take_line(&rest, &line) || line.len < sizeof OLD || memcmp(line.ptr, OLD, sizeof OLD - 1) != 0 ||
        !text_decimal(view_part(line, sizeof OLD - 1, line.len - (sizeof OLD - 1)), &request.old)) {
        return fault_set(fault, STATUS_DAMAGED, number, "line 1: it is not `old` and a size in decimal without leading zeros");
    }
    for (;;) {
        number++;
        if (!take_line(&rest, &line)) {
            return fault_set(fault, STATUS_DAMAGED, number, "line %llu: the request ends before the empty line and the checkpoint",
                             (unsigned long long)number);
        }
        if (line.len == 0) {
            break;
        }
        if (request.path.count == WITNESS_PATH_MAX) {
            return fault_set(fault, STATUS_DAMAGED, number, "line %llu: more than 63 lines of proof", (unsigned long long)number);
        }
        if (!read_hash(line, &request.path.nodes[request.path.count])) {
            return fault_set(fault, STATUS_DAMAGED, number, "line %llu: a line of the proof is not a hash in base64",
                             (unsigned long long)number);
        }
        request.path.count++;
    }
    request.note = rest;
    *out = request;
    return STATUS_OK;
}
