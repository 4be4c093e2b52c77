/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bytes: views and buffers. Nothing here knows what the bytes mean.
 */
#include "verify/bytes.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER_FIRST_BYTES = 64 };

struct view view_of(const void *ptr, size_t len)
{
    return (struct view){ptr, len};
}

struct view view_text(const char *text)
{
    return view_of(text, strlen(text));
}

bool view_equal(struct view a, struct view b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

int view_compare(struct view a, struct view b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common == 0 ? 0 : memcmp(a.ptr, b.ptr, common);

    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

struct view view_part(struct view whole, size_t from, size_t len)
{
    assert(from <= whole.len && len <= whole.len - from);
    /* NULL + 0 is undefined in C. */
    return view_of(whole.ptr == NULL ? NULL : whole.ptr + from, len);
}

/* Makes room for `more` bytes after len; false (and failed) when there is none. */
static bool buffer_reserve(struct buffer *buffer, size_t more)
{
    size_t cap = buffer->cap == 0 ? BUFFER_FIRST_BYTES : buffer->cap;
    uint8_t *grown;

    if (buffer->failed) {
        return false;
    }
    if (more <= buffer->cap - buffer->len) {
        return true;
    }
    /* Half of the address space at most, so that doubling cannot overflow. */
    if (more > SIZE_MAX / 2 - buffer->len) {
        buffer->failed = true;
        return false;
    }
    while (cap < buffer->len + more) {
        cap *= 2;
    }
    grown = realloc(buffer->ptr, cap);
    if (grown == NULL) {
        buffer->failed = true;
        return false;
    }
    buffer->ptr = grown;
    buffer->cap = cap;
    return true;
}

void buffer_append(struct buffer *buffer, const void *ptr, size_t len)
{
    if (len == 0 || !buffer_reserve(buffer, len)) {
        return;
    }
    memcpy(buffer->ptr + buffer->len, ptr, len);
    buffer->len += len;
}

void buffer_append_view(struct buffer *buffer, struct view view)
{
    buffer_append(buffer, view.ptr, view.len);
}

void buffer_append_byte(struct buffer *buffer, uint8_t byte)
{
    buffer_append(buffer, &byte, 1);
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list args;
    va_list again;
    int len;

    va_start(args, format);
    va_copy(again, args);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    /* A format that cannot be printed is our bug; the NUL needs room but is not counted. */
    assert(len >= 0);
    if (buffer_reserve(buffer, (size_t)len + 1)) {
        (void)vsnprintf((char *)(buffer->ptr + buffer->len), (size_t)len + 1, format, again);
        buffer->len += (size_t)len;
    }
    va_end(again);
}

void buffer_reset(struct buffer *buffer)
{
    /* A failure stays: an owner who asks only at the end must still hear of it. */
    buffer->len = 0;
}

void buffer_free(struct buffer *buffer)
{
    free(buffer->ptr);
    *buffer = (struct buffer){0};
}

struct view buffer_view(const struct buffer *buffer)
{
    return view_of(buffer->ptr, buffer->len);
}

enum status buffer_status(const struct buffer *buffer, struct fault *fault)
{
    if (buffer->failed) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory after %zu bytes", buffer->len);
    }
    return STATUS_OK;
}
