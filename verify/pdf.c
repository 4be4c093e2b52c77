/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pdf: a search with three places that only move forward: the next marker, the last head of an object before it, the next begin of a stream
 * behind it. A million markers cost no more than a million other bytes.
 */
#include "verify/pdf.h"

#include <string.h>

#define BEGINNING "%PDF-"
#define MARKER "/Subtype /application#2fvnd.unbroken."
#define MARKER_BEFORE "/Subtype "
#define HEAD_END " 0 obj\n<<"
#define STREAM ">>\nstream\n"
#define LENGTH "/Length "

#define NOT_FOUND SIZE_MAX

enum { LENGTH_DIGITS_MAX = 10 };

/* Where `what` begins for the first time in [from, end), or NOT_FOUND. */
static size_t find(struct view file, size_t from, size_t end, const char *what)
{
    size_t len = strlen(what);
    while (from < end && end - from >= len) {
        const uint8_t *first = memchr(file.ptr + from, what[0], end - from - len + 1);
        if (first == NULL) {
            return NOT_FOUND;
        }
        from = (size_t)(first - file.ptr);
        if (memcmp(first, what, len) == 0) {
            return from;
        }
        from++;
    }
    return NOT_FOUND;
}

/* Does an object number begin a line there, just before HEAD_END at `at`? */
static bool numbered(struct view file, size_t from, size_t at)
{
    size_t i = at;
    while (i > from && at - i < LENGTH_DIGITS_MAX && file.ptr[i - 1] >= '0' && file.ptr[i - 1] <= '9') {
        i--;
    }
    return i < at && i > 0 && file.ptr[i - 1] == '\n';
}

/* Where the dictionary of the last object that begins in [from, end) begins: at its "<<". */
static size_t last_dictionary(struct view file, size_t from, size_t end)
{
    size_t last = NOT_FOUND;
    for (size_t at = find(file, from, end, HEAD_END); at != NOT_FOUND; at = find(file, at + 1, end, HEAD_END)) {
        last = numbered(file, from, at) ? at + strlen(HEAD_END) - 2 : last;
    }
    return last;
}

/* A direct /Length, once, and no key that says that the bytes are stored otherwise. NOT_FOUND: not so. */
static size_t stated_length(struct view file, size_t from, size_t end)
{
    static const char *const otherwise[] = { "/F", "/DecodeParms" }; /* /Filter, a file elsewhere */
    size_t at = find(file, from, end, LENGTH), length = 0, digits = 0;
    if (at == NOT_FOUND || find(file, at + 1, end, LENGTH) != NOT_FOUND) {
        return NOT_FOUND;
    }
    for (size_t i = 0; i < sizeof otherwise / sizeof otherwise[0]; i++) {
        if (find(file, from, end, otherwise[i]) != NOT_FOUND) {
            return NOT_FOUND;
        }
    }
    at += strlen(LENGTH);
    for (; digits < LENGTH_DIGITS_MAX && file.ptr[at + digits] >= '0' && file.ptr[at + digits] <= '9'; digits++) {
        length = length * 10 + (size_t)(file.ptr[at + digits] - '0');
    }
    /* What follows is another key or the end: "/Length 5 0 R" would be the number of an object. */
    const uint8_t *behind = file.ptr + at + digits;
    bool direct = digits > 0 && behind[0] == ' ' && (behind[1] == '/' || behind[1] == '>');
    return direct && (digits == 1 || file.ptr[at] != '0') ? length : NOT_FOUND;
}

/* The stream whose bytes begin at `start`; its end must stand where its length says. */
static bool take_stream(struct view file, size_t start, size_t length, struct view *out, size_t *end)
{
    if (length > file.len - start) {
        return false;
    }
    *out = view_part(file, start, length);
    *end = start + length;
    if (*end < file.len && file.ptr[*end] == '\n') {
        *end += 1;
    }
    return find(file, *end, file.len - *end < 9 ? file.len : *end + 9, "endstream") == *end;
}

static enum status refuse(struct fault *fault, size_t at, const char *why)
{
    return fault_set(fault, STATUS_DAMAGED, at == NOT_FOUND ? FAULT_NOWHERE : at, "the PDF is no certificate of this format: %s", why);
}

bool pdf_is(struct view file)
{
    return file.len >= strlen(BEGINNING) && memcmp(file.ptr, BEGINNING, strlen(BEGINNING)) == 0;
}

/* Which of the two the name is, that stands between `at` and the space behind it; NULL: neither. */
static struct view *which(struct view file, size_t at, struct view *bundle, struct view *statement)
{
    struct view name = view_part(file, at, file.len - at);
    const char *const names[] = { PDF_BUNDLE " ", PDF_STATEMENT " " };
    for (size_t i = 0; i < 2; i++) {
        if (name.len >= strlen(names[i]) && memcmp(name.ptr, names[i], strlen(names[i])) == 0) {
            return i == 0 ? bundle : statement;
        }
    }
    return NULL;
}

enum status pdf_extract(struct view file, struct view *bundle, struct view *statement, struct fault *fault)
{
    size_t at = 0, stream = 0, dictionary = NOT_FOUND, marker;
    *bundle = *statement = (struct view){ 0 };
    while ((marker = find(file, at, file.len, MARKER)) != NOT_FOUND) {
        size_t nearer = last_dictionary(file, at, marker);
        dictionary = nearer != NOT_FOUND ? nearer : dictionary;
        if (stream != NOT_FOUND && stream < marker) {
            stream = find(file, marker, file.len, STREAM);
        }
        if (stream == NOT_FOUND) {
            break; /* no stream begins any more */
        }
        at = marker + 1;
        bool inside = dictionary != NOT_FOUND && stream - dictionary <= PDF_DICTIONARY_BYTES_MAX &&
                      find(file, dictionary, stream, "endobj") == NOT_FOUND;
        if (!inside) {
            continue; /* words elsewhere: in a title, a page, another file */
        }
        struct view *slot = which(file, marker + strlen(MARKER_BEFORE), bundle, statement);
        size_t length = stated_length(file, dictionary, stream);
        if (slot == NULL || slot->ptr != NULL) {
            return refuse(fault, marker, slot == NULL ? "an attachment of unknown kind" : "an attachment of one kind stands twice");
        }
        if (length == NOT_FOUND || find(file, at, stream, MARKER) != NOT_FOUND ||
            !take_stream(file, stream + strlen(STREAM), length, slot, &at)) {
            return refuse(fault, marker, "an attachment is not stored as it is, or cut off");
        }
        dictionary = NOT_FOUND;
    }
    if (bundle->ptr == NULL || statement->ptr == NULL) {
        return refuse(fault, NOT_FOUND, bundle->ptr == NULL ? "it has no bundle attached"
                                                             : "it has a bundle and no certified statement: a report, no certificate; save the bundle and check that");
    }
    return STATUS_OK;
}
