/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bytes: the two ways in which bytes are passed about. A view borrows; a buffer owns.
 */
#ifndef UNBROKEN_VERIFY_BYTES_H
#define UNBROKEN_VERIFY_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "verify/status.h"

/* Borrows len bytes that someone else keeps alive. {NULL, 0} is the empty view. */
struct view {
    const uint8_t *ptr;
    size_t len;
};

/*
 * Owns a growing run of bytes. All zero is the empty buffer. Running out of memory is sticky:
 * `failed` is set, later appends do nothing, and the owner asks once at the end (buffer_status).
 */
struct buffer {
    uint8_t *ptr;
    size_t len;
    size_t cap;
    bool failed;
};

struct view view_of(const void *ptr, size_t len);
/* The bytes of a C string without its NUL. */
struct view view_text(const char *text);
bool view_equal(struct view a, struct view b);
/* Lexicographic, shorter first on a common prefix: <0, 0, >0. */
int view_compare(struct view a, struct view b);
/* The part [from, from+len); asserts that it lies inside. */
struct view view_part(struct view whole, size_t from, size_t len);

void buffer_append(struct buffer *buffer, const void *ptr, size_t len);
void buffer_append_view(struct buffer *buffer, struct view view);
void buffer_append_byte(struct buffer *buffer, uint8_t byte);
/* printf into the buffer, without a NUL. */
void buffer_printf(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Empties it and keeps the memory. */
void buffer_reset(struct buffer *buffer);
/* Frees and zeroes the struct; accepts an empty one. */
void buffer_free(struct buffer *buffer);
struct view buffer_view(const struct buffer *buffer);
/* STATUS_OK, or STATUS_MEMORY when any append had failed. */
MUST_USE enum status buffer_status(const struct buffer *buffer, struct fault *fault);

#endif
