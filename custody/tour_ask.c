/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tour_ask: an answer of the newcomer's. What is wrong goes to the program, whose own words teach most; only what would lead the story
 * astray (a right tag of another thing) is said here.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "custody/tour_run.h"
#include "verify/name.h"
#include "verify/text.h"

static void fill_short(const struct tour_state *state, const char *template, char out[TALK_ANSWER_BYTES])
{
    struct buffer text = {0};

    perform_fill(template, tour_state_slot, state, &text);
    (void)snprintf(out, TALK_ANSWER_BYTES, "%.*s", (int)text.len, text.len == 0 ? "" : (const char *)text.ptr);
    buffer_free(&text);
}

/* What stands in the way of this answer in the story, or TOUR_WORDS: then it goes to the program. */
static enum tour_word objection(const struct tour_state *state, const struct tour_ask *ask, bool is_number, const char *answer)
{
    uint64_t number = 0;
    char right[TALK_ANSWER_BYTES];

    if ((ask->must != 0 || ask->is_seal) && strpbrk(answer, " ,;") != NULL) {
        return TOUR_ONE_WORD;
    }
    if (ask->must != 0 && name_parse(view_text(TOUR_CODE_TEXT), view_text(answer), TOUR_SUBJECTS, &number, NULL) == NAME_OK &&
        number != ask->must) {
        return TOUR_OTHER_THING;
    }
    if (ask->is_weight) {
        bool decimal = text_decimal(view_text(answer), &number);

        if (decimal ? number < TOUR_GRAMS_LEAST || number > TOUR_GRAMS_MOST : is_number) {
            return TOUR_WEIGHT_RANGE;
        }
    }
    if (ask->wrong != NULL) {
        fill_short(state, ask->wrong, right);
        if (strcasecmp(right, answer) == 0) {
            return TOUR_TYPED_RIGHT;
        }
    }
    return TOUR_WORDS;
}

enum talk_said tour_ask(struct talk *talk, struct tour_state *state, const struct tour_ask *ask, bool is_number)
{
    char suggested[TALK_ANSWER_BYTES];
    char answer[TALK_ANSWER_BYTES];

    fill_short(state, ask->suggested, suggested);
    for (;;) {
        enum talk_said said = talk_ask(talk, ask->prompt, suggested, answer);
        enum tour_word trouble = said == TALK_LINE ? objection(state, ask, is_number, answer) : TOUR_WORDS;

        if (said != TALK_LINE) {
            return said;
        }
        if (trouble == TOUR_WORDS) {
            (void)snprintf(state->slots[tour_state_find(view_text(ask->slot))], TALK_ANSWER_BYTES, "%s", answer);
            tour_state_work_out(state);
            return TALK_LINE;
        }
        tour_say(talk, state, trouble);
    }
}
