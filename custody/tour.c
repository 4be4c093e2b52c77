/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tour: plays the steps one after another. A command that records is run once: it is written down that it is being tried and how many
 * records there were, so that after an interruption the ledger itself says whether it was done. Not here: one command (tour_run.c).
 */
#include "custody/tour.h"

#include <stdio.h>
#include <string.h>

#include "custody/tour_run.h"
#include "custody/wholefile.h"

void tour_say_text(struct talk *talk, const struct tour_state *state, const char *text)
{
    struct buffer filled = {0};

    perform_fill(text, tour_state_slot, state, &filled);
    buffer_append_byte(&filled, 0);
    if (!filled.failed) {
        talk_text(talk, (const char *)filled.ptr);
    }
    buffer_free(&filled);
}

void tour_say(struct talk *talk, const struct tour_state *state, enum tour_word word)
{
    tour_say_text(talk, state, tour_words[word]);
}

/* ---- before the first step ------------------------------------------------------------------- */

/* What a program said was wrong: the rest of the line behind "error: ", or nothing. */
static struct view error_of(struct view printed)
{
    static const char mark[] = "error: ";
    const uint8_t *at = printed.len == 0 ? NULL : memmem(printed.ptr, printed.len, mark, sizeof mark - 1);
    struct view rest = {0};
    const uint8_t *end;

    if (at == NULL) {
        return rest;
    }
    at += sizeof mark - 1;
    rest = view_of(at, printed.len - (size_t)(at - printed.ptr));
    end = rest.len == 0 ? NULL : memchr(rest.ptr, '\n', rest.len);
    return end == NULL ? rest : view_part(rest, 0, (size_t)(end - rest.ptr));
}

enum status tour_found(struct talk *talk, struct tour_state *state, struct fault *fault)
{
    enum status status = wholefile_write("pass", view_text("practice makes perfect\n"), false, fault);

    for (size_t i = 0; status == STATUS_OK && tour_founding[i] != NULL; i++) {
        struct perform_line line;
        struct buffer printed = {0};
        int code = 0;

        status = perform_parse(tour_founding[i], tour_state_slot, state, &line, fault);
        if (status == STATUS_OK) {
            status = tour_run_line(talk, &line, &printed, &code, fault);
            perform_free(&line);
        }
        if (status == STATUS_OK && code > 128) {
            status = fault_set(fault, STATUS_INTERRUPTED, FAULT_NOWHERE, "interrupted while the training ledger was founded");
        } else if (status == STATUS_OK && code != 0) {
            struct view error = error_of(buffer_view(&printed));

            status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the training ledger could not be founded: %.*s", (int)error.len,
                               error.len == 0 ? "" : (const char *)error.ptr);
        }
        buffer_free(&printed);
    }
    return status;
}

/* ---- the steps ------------------------------------------------------------------------------- */

static size_t count_steps(void)
{
    size_t count = 0;

    while (tour_steps[count].title != NULL) {
        count++;
    }
    return count;
}

static void say_heading(struct talk *talk, size_t step)
{
    char text[128];

    (void)snprintf(text, sizeof text, "\n%s %zu %s %zu: %s", tour_words[TOUR_STEP], step + 1, tour_words[TOUR_OF], count_steps(),
                   tour_steps[step].title);
    talk_heading(talk, text);
}

/* The beat after this one. */
static void go_on(size_t *step, size_t *beat)
{
    (*beat)++;
    if (tour_steps[*step].beats[*beat].text == NULL) {
        (*step)++;
        *beat = 0;
    }
}

/* The start of this step, or where it stands there already, of the one before. */
static void go_back(struct talk *talk, const struct tour_state *state, size_t *step, size_t *beat)
{
    if (*beat == 0 && *step == 0) {
        tour_say(talk, state, TOUR_FIRST_STEP);
    } else if (*beat == 0) {
        (*step)--;
    }
    *beat = 0;
}

/* What was being tried when the tour ended the last time may have been done. */
static enum status catch_up(struct tour_state *state, struct fault *fault)
{
    uint64_t records = 0;
    enum status status;

    if (!state->trying) {
        return STATUS_OK;
    }
    status = tour_state_records(&records, fault);
    if (status != STATUS_OK) {
        return status;
    }
    if (records > state->records && tour_steps[state->step].title != NULL) {
        go_on(&state->step, &state->beat);
    }
    state->trying = false;
    return tour_state_save(state, fault);
}

/* This beat is done: what comes after it is the first that is not, unless that is further on already. */
static enum status finish(struct tour_state *state, size_t step, size_t beat, struct fault *fault)
{
    if (step != state->step || beat != state->beat) {
        return STATUS_OK;
    }
    go_on(&state->step, &state->beat);
    state->trying = false;
    return tour_state_save(state, fault);
}

enum status tour_play(struct talk *talk, struct tour_state *state, struct fault *fault)
{
    enum status status = catch_up(state, fault);
    size_t step = state->step;
    size_t beat = 0;

    while (status == STATUS_OK && talk->left == TALK_LINE && tour_steps[step].title != NULL) {
        bool done = step < state->step || (step == state->step && beat < state->beat);
        enum tour_turn turn = TURN_ON;
        bool finished = false;

        if (beat == 0) {
            say_heading(talk, step);
        }
        status = tour_run_beat(talk, state, &tour_steps[step].beats[beat], done, &turn, &finished, fault);
        if (status == STATUS_OK && finished) {
            status = finish(state, step, beat, fault);
        }
        if (turn == TURN_BACK) {
            go_back(talk, state, &step, &beat);
        } else if (turn == TURN_ON) {
            go_on(&step, &beat);
        }
    }
    return status;
}
