/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tour_run: see the header.
 */
#include "custody/tour_run.h"

#include <stdio.h>
#include <string.h>

#include "custody/wholefile.h"
#include "verify/text.h"

enum { PRINTED_BYTES_MAX = 65536 };

static const char margin[] = "    ";

void tour_run_quote(struct talk *talk, struct view printed, bool first)
{
    static const char *const training[] = {"TRAINING ledger ", "unbroken: TRAINING\n", "# TRAINING"};

    while (printed.len > 0) {
        const uint8_t *end = memchr(printed.ptr, '\n', printed.len);
        size_t len = end == NULL ? printed.len : (size_t)(end - printed.ptr) + 1;
        bool skip = false;

        for (size_t i = 0; i < sizeof training / sizeof training[0] && !first; i++) {
            size_t begin = strlen(training[i]);

            skip = skip || (len >= begin && memcmp(printed.ptr, training[i], begin) == 0);
        }
        if (!skip) {
            talk_quote(talk, view_part(printed, 0, len));
        }
        printed = view_part(printed, len, printed.len - len);
    }
}

enum status tour_run_line(struct talk *talk, const struct perform_line *line, struct buffer *printed, int *code, struct fault *fault)
{
    struct performance performance;
    enum status status = perform_start(line, &talk->mask, &performance, fault);

    if (status != STATUS_OK) {
        return status;
    }
    *code = perform_end(&performance, printed);
    return buffer_status(printed, fault);
}

/* ---- showing a command ----------------------------------------------------------------------- */

struct blanked {
    const struct tour_state *state;
    const struct tour_beat *beat;
};

static const char blank[] = "______";

/* The slots that are asked for, as blanks. */
static const char *blank_slot(const void *context, struct view slot)
{
    const struct blanked *blanked = context;

    for (size_t i = 0; i < TOUR_ASKS_MAX && blanked->beat->asks[i].prompt != NULL; i++) {
        if (view_equal(slot, view_text(blanked->beat->asks[i].slot))) {
            return blank;
        }
    }
    return tour_state_slot(blanked->state, slot);
}

/* Does what is asked for stand in the command itself? Else it stands in its file. */
static bool has_blank(const struct tour_state *state, const struct tour_beat *beat)
{
    struct blanked blanked = {.state = state, .beat = beat};
    struct buffer text = {0};
    bool found;

    perform_fill(beat->command, blank_slot, &blanked, &text);
    buffer_append_byte(&text, 0);
    found = !text.failed && strstr((const char *)text.ptr, blank) != NULL;
    buffer_free(&text);
    return found;
}

static enum status show_line(struct talk *talk, struct perform_line *line, struct fault *fault)
{
    struct buffer text = {0};
    enum status status;

    buffer_append_view(&text, view_text("$ "));
    perform_print(line, &text);
    buffer_append_byte(&text, '\n');
    status = buffer_status(&text, fault);
    if (status == STATUS_OK) {
        talk_lines(talk, margin, buffer_view(&text));
    }
    buffer_free(&text);
    perform_free(line);
    return status;
}

enum status tour_run_show(struct talk *talk, const struct tour_state *state, const char *command, struct fault *fault)
{
    struct perform_line line;
    enum status status = perform_parse(command, tour_state_slot, state, &line, fault);

    return status == STATUS_OK ? show_line(talk, &line, fault) : status;
}

static enum status show_command(struct talk *talk, const struct tour_state *state, const struct tour_beat *beat, bool blanks,
                                struct fault *fault)
{
    struct blanked blanked = {.state = state, .beat = beat};
    struct perform_line line;
    enum status status = blanks ? perform_parse(beat->command, blank_slot, &blanked, &line, fault)
                                : perform_parse(beat->command, tour_state_slot, state, &line, fault);

    if (status == STATUS_OK) {
        status = show_line(talk, &line, fault);
        talk_text(talk, "");
    }
    return status;
}

/* ---- turns ----------------------------------------------------------------------------------- */

static enum tour_turn turn_of(enum talk_said said)
{
    return said == TALK_LINE ? TURN_ON : said == TALK_BACK ? TURN_BACK : TURN_LEFT;
}

static enum tour_turn wait_enter(struct talk *talk, enum tour_word prompt)
{
    char ignored[TALK_ANSWER_BYTES];

    enum tour_turn turn = turn_of(talk_ask(talk, tour_words[prompt], NULL, ignored));

    talk_text(talk, "");
    return turn;
}

/* ---- one try --------------------------------------------------------------------------------- */

static enum status write_file(struct talk *talk, const struct tour_state *state, const struct tour_beat *beat, struct fault *fault)
{
    struct buffer text = {0};
    enum status status;

    perform_fill(beat->content, tour_state_slot, state, &text);
    status = buffer_status(&text, fault);
    if (status == STATUS_OK) {
        status = wholefile_write(beat->file, buffer_view(&text), true, fault);
    }
    if (status == STATUS_OK && beat->show_file) {
        talk_text(talk, "");
        tour_say(talk, state, TOUR_FILE);
        talk_lines(talk, margin, buffer_view(&text));
    }
    buffer_free(&text);
    return status;
}

static enum status forge(const struct tour_state *state, const struct tour_beat *beat, struct fault *fault)
{
    uint64_t from = 0;
    uint64_t to = 0;

    if (!text_decimal(view_text(state->slots[SLOT_WEIGHT]), &from) || !text_decimal(view_text(state->slots[SLOT_FORGED]), &to)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "there is no weight to change");
    }
    return tour_forge(from * 1000, to * 1000, beat->kind == TOUR_FORGE_SUM, fault);
}

/* The answers, then what stands between them and the command. */
static enum status prepare(struct talk *talk, struct tour_state *state, const struct tour_beat *beat, enum tour_turn *turn,
                           struct fault *fault)
{
    bool forges = beat->kind == TOUR_FORGE_BYTE || beat->kind == TOUR_FORGE_SUM;
    enum status status = STATUS_OK;

    for (size_t i = 0; beat->kind != TOUR_SCAN && i < TOUR_ASKS_MAX && beat->asks[i].prompt != NULL && *turn == TURN_ON; i++) {
        *turn = turn_of(tour_ask(talk, state, &beat->asks[i], forges));
    }
    if (*turn != TURN_ON) {
        return STATUS_OK;
    }
    if (beat->file != NULL) {
        status = write_file(talk, state, beat, fault);
    }
    return status == STATUS_OK && forges ? forge(state, beat, fault) : status;
}

/* Writes down that it is being tried, where it records. */
static enum status mark(struct tour_state *state, const struct tour_beat *beat, struct fault *fault)
{
    enum status status = STATUS_OK;

    if (beat->kind == TOUR_ACT || beat->kind == TOUR_SCAN) {
        status = tour_state_records(&state->records, fault);
        state->trying = status == STATUS_OK;
    }
    return status == STATUS_OK ? tour_state_save(state, fault) : status;
}

static enum status run_command(struct talk *talk, struct tour_state *state, const struct tour_beat *beat, enum talk_said *said,
                               int *code, struct fault *fault)
{
    struct perform_line line;
    struct buffer printed = {0};
    enum status status = perform_parse(beat->command, tour_state_slot, state, &line, fault);

    if (status == STATUS_OK && beat->kind == TOUR_SCAN) {
        status = tour_scan(talk, state, beat, &line, code, said, fault);
    } else if (status == STATUS_OK) {
        status = tour_run_line(talk, &line, &printed, code, fault);
        tour_run_quote(talk, buffer_view(&printed), state->step == 0 && state->beat == 0);
    }
    if (status == STATUS_OK && line.file != NULL && *code == 0) {
        buffer_reset(&printed);
        status = wholefile_read(line.file, PRINTED_BYTES_MAX, &printed, fault);
        tour_run_quote(talk, buffer_view(&printed), false);
    }
    if (status == STATUS_OK && *code != 0 && *said == TALK_LINE) {
        char text[64];

        (void)snprintf(text, sizeof text, "[%s %d]", tour_words[TOUR_CODE], *code);
        talk_quote(talk, view_text(text));
    }
    if (status == STATUS_OK) {
        talk_text(talk, "");
    }
    buffer_free(&printed);
    perform_free(&line);
    return status;
}

/* One try; *right: it came out as the story wants. */
static enum status try_beat(struct talk *talk, struct tour_state *state, const struct tour_beat *beat, enum tour_turn *turn,
                            bool *right, struct fault *fault)
{
    bool asks = beat->asks[0].prompt != NULL && beat->kind != TOUR_SCAN;
    bool blanks = asks && has_blank(state, beat);
    enum talk_said said = TALK_LINE;
    uint64_t records = 0;
    int code = 0;
    enum status status = STATUS_OK;

    if (blanks) {
        tour_say(talk, state, TOUR_COMMAND_BLANK);
        status = show_command(talk, state, beat, true, fault);
    }
    if (status == STATUS_OK) {
        status = prepare(talk, state, beat, turn, fault);
    }
    if (status != STATUS_OK || *turn != TURN_ON) {
        return status;
    }
    if (asks) {
        talk_text(talk, "");
    }
    tour_say(talk, state, blanks ? TOUR_COMMAND_FILLED : TOUR_COMMAND);
    status = show_command(talk, state, beat, false, fault);
    if (status == STATUS_OK && !blanks) {
        *turn = wait_enter(talk, TOUR_PRESS_RUN);
    }
    if (status == STATUS_OK && *turn == TURN_ON) {
        status = mark(state, beat, fault);
    }
    if (status != STATUS_OK || *turn != TURN_ON) {
        return status;
    }
    status = run_command(talk, state, beat, &said, &code, fault);
    *turn = turn_of(said);
    *right = status == STATUS_OK && said == TALK_LINE && code == beat->code;
    /* What was recorded was done, whatever the program said afterwards. */
    if (status == STATUS_OK && !*right && state->trying) {
        status = tour_state_records(&records, fault);
        *right = records > state->records;
    }
    return status;
}

/* Tries until it comes out; nobody who only takes what is suggested would ever answer otherwise. */
static enum status try_all(struct talk *talk, struct tour_state *state, const struct tour_beat *beat, enum tour_turn *turn,
                           bool *right, struct fault *fault)
{
    enum status status = STATUS_OK;

    while (status == STATUS_OK && *turn == TURN_ON && !*right) {
        status = try_beat(talk, state, beat, turn, right, fault);
        if (status == STATUS_OK && *turn == TURN_ON && !*right) {
            tour_say_text(talk, state, beat->otherwise != NULL ? beat->otherwise : tour_words[TOUR_AGAIN]);
            if (talk->yes) {
                status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "step %zu did not come out as it should", state->step + 1);
            }
        }
    }
    return status;
}

enum status tour_run_beat(struct talk *talk, struct tour_state *state, const struct tour_beat *beat, bool done,
                          enum tour_turn *turn, bool *finished, struct fault *fault)
{
    enum status status = STATUS_OK;

    *turn = TURN_ON;
    *finished = false;
    tour_say_text(talk, state, beat->text);
    if (beat->command == NULL) {
        *turn = wait_enter(talk, TOUR_PRESS_ON);
        *finished = *turn == TURN_ON;
        return STATUS_OK;
    }
    if (done && (beat->kind == TOUR_ACT || beat->kind == TOUR_SCAN)) {
        status = show_command(talk, state, beat, false, fault);
        tour_say(talk, state, TOUR_DONE_BEFORE);
        *turn = wait_enter(talk, TOUR_PRESS_ON);
        return status;
    }
    status = try_all(talk, state, beat, turn, finished, fault);
    if (status == STATUS_OK && *finished && *turn == TURN_ON) {
        if (beat->after != NULL) {
            tour_say_text(talk, state, beat->after);
        }
        *turn = wait_enter(talk, TOUR_PRESS_ON);
    }
    return status;
}
