/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zpl_state: lines between STX and ETX, fields between commas. The order of the lines tells what a field means, so a line that is not of the
 * right form ends the reading.
 */
#include "printer/zpl_state.h"

#include <string.h>

enum { STX = 0x02, ETX = 0x03, FIELDS_MAX = 16 };

struct flag {
    unsigned line, field; /* from 0 */
    enum zpl_trouble trouble;
};

static const struct flag flags[] = {
    { 0, 1, ZPL_PAPER_OUT },  { 0, 2, ZPL_PAUSED },  { 0, 5, ZPL_BUFFER_FULL }, { 0, 9, ZPL_SETTINGS_LOST },
    { 0, 10, ZPL_TOO_COLD },  { 0, 11, ZPL_TOO_HOT }, { 1, 2, ZPL_HEAD_OPEN },  { 1, 3, ZPL_RIBBON_OUT },
};

/* The fewest fields of each line. */
static const unsigned fields_least[] = { 12, 4, 1 };

/* The fields of a line: digits and letters between commas. 0: not so. */
static unsigned split(struct view line, struct view *fields)
{
    unsigned count = 0;
    size_t from = 0;

    for (size_t i = 0; i <= line.len; i++) {
        uint8_t c = i < line.len ? line.ptr[i] : ',';
        if (c == ',') {
            if (count == FIELDS_MAX) {
                return 0;
            }
            fields[count++] = view_part(line, from, i - from);
            from = i + 1;
        } else if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))) {
            return 0;
        }
    }
    return count;
}

static bool read_line(struct view line, struct zpl_state *state)
{
    struct view fields[FIELDS_MAX];
    unsigned count = split(line, fields), troubles = 0;

    if (count < fields_least[state->lines]) {
        return false;
    }
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (flags[i].line == state->lines) {
            struct view field = fields[flags[i].field];
            if (field.len != 1 || (field.ptr[0] != '0' && field.ptr[0] != '1')) {
                return false;
            }
            troubles |= field.ptr[0] == '1' ? flags[i].trouble : 0u;
        }
    }
    state->troubles |= troubles;
    state->lines++;
    return true;
}

bool zpl_state_read(struct view answer, struct zpl_state *out)
{
    *out = (struct zpl_state){ 0 };
    for (size_t at = 0; at < answer.len && out->lines < 3;) {
        const uint8_t *begin = memchr(answer.ptr + at, STX, answer.len - at);
        if (begin == NULL) {
            break;
        }
        size_t from = (size_t)(begin - answer.ptr) + 1;
        const uint8_t *end = from < answer.len ? memchr(answer.ptr + from, ETX, answer.len - from) : NULL;
        if (end == NULL || !read_line(view_part(answer, from, (size_t)(end - answer.ptr) - from), out)) {
            break;
        }
        at = (size_t)(end - answer.ptr) + 1;
    }
    return out->lines >= 2;
}

void zpl_state_say(unsigned troubles, struct buffer *out)
{
    static const struct {
        enum zpl_trouble trouble;
        const char *words;
    } words[] = {
        { ZPL_PAPER_OUT, "out of paper" },
        { ZPL_HEAD_OPEN, "the print head is open" },
        { ZPL_RIBBON_OUT, "out of ribbon" },
        { ZPL_PAUSED, "paused" },
        { ZPL_BUFFER_FULL, "its memory is full" },
        { ZPL_TOO_COLD, "the print head is too cold" },
        { ZPL_TOO_HOT, "the print head is too hot" },
        { ZPL_SETTINGS_LOST, "it has lost its settings" },
    };
    const char *between = "";
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if ((troubles & (unsigned)words[i].trouble) != 0) {
            buffer_printf(out, "%s%s", between, words[i].words);
            between = ", ";
        }
    }
}
