/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tour_state: where the tour stands and what was typed in it, in a text file "name=value" of its own directory.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "custody/timeparse.h"
#include "custody/tour.h"
#include "custody/wholefile.h"
#include "ledger/care.h"
#include "verify/name.h"
#include "verify/strict.h"
#include "verify/text.h"

enum { STATE_BYTES_MAX = 16384, HOUR_S = 3600, DRIES = 200 /* a tusk loses a part in so many */ };

static const char state_file[] = "tour.state";
static const char first_line[] = "unbroken tour/1";

static const char *const names[SLOTS] = {
    "you", "docket", "place", "typo", "weight", "seal", "tag", "read", "weighed", "forged", "ledger-id",
    "officer", "custodian", "second", "store", "case", "tusk-1", "tusk-2", "tusk-3", "box", "tusk-wrong", "seal-wrong", "lighter",
    "theft", "seized", "dir",
};

/* ---- slots ----------------------------------------------------------------------------------- */

enum tour_slot tour_state_find(struct view slot)
{
    for (unsigned i = 0; i < SLOTS; i++) {
        if (view_equal(slot, view_text(names[i]))) {
            return (enum tour_slot)i;
        }
    }
    return SLOTS;
}

const char *tour_state_slot(const void *context, struct view slot)
{
    const struct tour_state *state = context;
    enum tour_slot i = tour_state_find(slot);

    return i == SLOTS ? NULL : state->slots[i];
}

/* Another character of the same sort in place of the last one. */
static void misread(const char *right, char out[TALK_ANSWER_BYTES])
{
    size_t len = strlen(right);
    char *last;

    (void)snprintf(out, TALK_ANSWER_BYTES, "%s", right);
    if (len == 0) {
        return;
    }
    last = &out[len - 1];
    if (*last >= '0' && *last < '9') {
        (*last)++;
    } else {
        *last = *last == '9' ? '0' : *last == 'X' ? 'Y' : 'X';
    }
}

void tour_state_work_out(struct tour_state *state)
{
    static const struct {
        enum tour_slot slot;
        uint64_t number;
    } subjects[] = {{SLOT_OFFICER, TOUR_OFFICER}, {SLOT_CUSTODIAN, TOUR_CUSTODIAN}, {SLOT_SECOND, TOUR_SECOND},
                    {SLOT_STORE, TOUR_STORE},     {SLOT_CASE, TOUR_CASE},           {SLOT_TUSK_1, TOUR_TUSK_1},
                    {SLOT_TUSK_2, TOUR_TUSK_2},   {SLOT_TUSK_3, TOUR_TUSK_3},       {SLOT_BOX, TOUR_BOX}};
    uint64_t seized_s = (uint64_t)time(NULL) - HOUR_S;
    struct buffer text = {0};
    uint64_t grams = 0;

    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        name_format(view_text(TOUR_CODE_TEXT), subjects[i].number, state->slots[subjects[i].slot]);
    }
    misread(state->slots[SLOT_TUSK_1], state->slots[SLOT_TUSK_WRONG]);
    misread(state->slots[SLOT_SEAL], state->slots[SLOT_SEAL_WRONG]);
    (void)text_decimal(view_text(state->slots[SLOT_WEIGHT]), &grams);
    (void)snprintf(state->slots[SLOT_LIGHTER], TALK_ANSWER_BYTES, "%" PRIu64, grams - grams / DRIES);
    (void)snprintf(state->slots[SLOT_THEFT], TALK_ANSWER_BYTES, "%" PRIu64, grams / 2 < TOUR_GRAMS_LEAST ? grams * 2 : grams / 2);
    text_time_local(&text, seized_s, timeparse_local_offset(seized_s));
    (void)snprintf(state->slots[SLOT_SEIZED], TALK_ANSWER_BYTES, "%.*s", (int)text.len, text.len == 0 ? "" : (const char *)text.ptr);
    buffer_free(&text);
}

/* ---- the file -------------------------------------------------------------------------------- */

enum status tour_state_save(const struct tour_state *state, struct fault *fault)
{
    struct buffer text = {0};
    enum status status;

    buffer_printf(&text, "%s\nstep=%zu\nbeat=%zu\n", first_line, state->step, state->beat);
    if (state->trying) {
        buffer_printf(&text, "trying=%" PRIu64 "\n", state->records);
    }
    for (unsigned i = 0; i < SLOTS_TYPED; i++) {
        buffer_printf(&text, "%s=%s\n", names[i], state->slots[i]);
    }
    status = buffer_status(&text, fault);
    if (status == STATUS_OK) {
        status = wholefile_write(state_file, buffer_view(&text), true, fault);
    }
    buffer_free(&text);
    return status;
}

static enum status damaged(uint64_t line, struct fault *fault)
{
    return fault_set(fault, STATUS_DAMAGED, line, "%s: line %" PRIu64 " is not of a tour", state_file, line);
}

/* How many beats a step has. */
static size_t beats_of(const struct tour_step *step)
{
    size_t count = 0;

    while (step->beats[count].text != NULL) {
        count++;
    }
    return count;
}

/* Is there such a step, and such a beat in it? One behind the last step is the end. */
static bool is_place(const struct tour_state *state)
{
    size_t steps = 0;

    while (tour_steps[steps].title != NULL) {
        steps++;
    }
    return state->step < steps ? state->beat < beats_of(&tour_steps[state->step]) : state->step == steps && state->beat == 0;
}

static bool take_line(struct view line, struct tour_state *out)
{
    const uint8_t *equals = line.len == 0 ? NULL : memchr(line.ptr, '=', line.len);
    struct view name;
    struct view value;
    struct fault ignored;
    uint64_t number = 0;
    enum tour_slot slot;

    if (equals == NULL) {
        return false;
    }
    name = view_part(line, 0, (size_t)(equals - line.ptr));
    value = view_part(line, name.len + 1, line.len - name.len - 1);
    fault_clear(&ignored);
    slot = tour_state_find(name);
    if (slot < SLOTS_TYPED) {
        if (value.len >= TALK_ANSWER_BYTES || strict_check_text(value, &ignored) != STATUS_OK ||
            (value.len > 0 && value.ptr[0] == '-')) {
            return false;
        }
        (void)snprintf(out->slots[slot], TALK_ANSWER_BYTES, "%.*s", (int)value.len, value.len == 0 ? "" : (const char *)value.ptr);
        return true;
    }
    if (!text_decimal(value, &number)) {
        return false;
    }
    if (view_equal(name, view_text("step"))) {
        out->step = (size_t)number;
    } else if (view_equal(name, view_text("beat"))) {
        out->beat = (size_t)number;
    } else if (view_equal(name, view_text("trying"))) {
        out->trying = true;
        out->records = number;
    } else {
        return false;
    }
    return true;
}

static enum status read_lines(struct view file, struct tour_state *out, struct fault *fault)
{
    uint64_t number = 0;

    while (file.len > 0) {
        const uint8_t *end = memchr(file.ptr, '\n', file.len);
        size_t len = end == NULL ? file.len : (size_t)(end - file.ptr);
        struct view line = view_part(file, 0, len);

        number++;
        if (end == NULL || (number == 1 ? !view_equal(line, view_text(first_line)) : !take_line(line, out))) {
            return damaged(number, fault);
        }
        file = view_part(file, len + 1, file.len - len - 1);
    }
    return number > 0 && is_place(out) ? STATUS_OK : damaged(number, fault);
}

enum status tour_state_load(struct tour_state *out, struct fault *fault)
{
    struct buffer file = {0};
    enum status status = wholefile_read(state_file, STATE_BYTES_MAX, &file, fault);

    *out = (struct tour_state){0};
    if (status == STATUS_OK) {
        status = read_lines(buffer_view(&file), out, fault);
    }
    buffer_free(&file);
    return status;
}

enum status tour_state_records(uint64_t *out, struct fault *fault)
{
    struct ledger_report report = {0};
    struct ledger *ledger = NULL;
    enum status status = ledger_open("ledger", LEDGER_READ, NULL, &ledger, fault);

    if (status == STATUS_OK) {
        status = ledger_report(ledger, &report, fault);
    }
    ledger_close(ledger);
    *out = report.records;
    return status;
}

/* ---- whose ledger ---------------------------------------------------------------------------- */

enum status tour_state_own(struct tour_state *state, struct fault *fault)
{
    struct ledger *ledger = NULL;
    enum status status = ledger_open("ledger", LEDGER_READ, NULL, &ledger, fault);

    if (status == STATUS_OK) {
        (void)snprintf(state->slots[SLOT_LEDGER], TALK_ANSWER_BYTES, "%s", ledger_origin(ledger));
    }
    ledger_close(ledger);
    return status;
}

enum status tour_state_check_ledger(const struct tour_state *state, bool exactly, struct fault *fault)
{
    const char *own = state->slots[SLOT_LEDGER];
    const struct ledger_state *identity;
    struct ledger *ledger = NULL;
    struct stat is;
    enum status status;

    /* A link leads to a ledger that is kept elsewhere, for something else. */
    if (lstat("ledger", &is) == 0 && !S_ISDIR(is.st_mode)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "ledger: is no directory of the tour's own; nothing is done in it, and nothing deleted");
    }
    status = ledger_open("ledger", LEDGER_READ, NULL, &ledger, fault);
    if (status != STATUS_OK) {
        return status;
    }
    identity = ledger_identity(ledger);
    if (!identity->training || strcmp(identity->origin, TOUR_ORIGIN_TEXT) != 0 || strcmp(identity->code, TOUR_CODE_TEXT) != 0 ||
        (own[0] != '\0' && strcmp(own, ledger_origin(ledger)) != 0)) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                           "ledger: is not the training ledger of this tour but %s; nothing is done in it, and nothing deleted", ledger_origin(ledger));
    } else if (exactly && own[0] == '\0') {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s does not say which ledger is the tour's: nothing is deleted", state_file);
    }
    ledger_close(ledger);
    return status;
}
