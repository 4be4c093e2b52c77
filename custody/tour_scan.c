/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tour_scan: what the newcomer scans or types goes line by line to the program that scans, and its answer to each line is shown at once.
 */
#include <string.h>

#include "custody/tour_run.h"

/* Sends the answer; *refused: the program did not take it. False: the program has ended. */
static bool relay(struct talk *talk, struct performance *performance, const char *answer, bool *refused)
{
    struct buffer heard = {0};
    bool on = true;

    perform_say(performance, answer);
    do {
        buffer_reset(&heard);
        on = perform_hear(performance, &heard);
        tour_run_quote(talk, buffer_view(&heard), false);
    } while (on && heard.len >= 8 && memcmp(heard.ptr, "TRAINING", 8) == 0);
    *refused = !on || (heard.len >= 8 && memcmp(heard.ptr, "refused:", 8) == 0);
    buffer_free(&heard);
    return on;
}

/* Where to go on after a line that was refused: at the tag that it belongs to. */
static size_t tag_before(const struct tour_beat *beat, size_t i)
{
    while (i > 0 && beat->asks[i].must == 0) {
        i--;
    }
    return i;
}

enum status tour_scan(struct talk *talk, struct tour_state *state, const struct tour_beat *beat, const struct perform_line *line,
                      int *code, enum talk_said *said, struct fault *fault)
{
    struct performance performance;
    struct buffer printed = {0};
    bool on = true;
    enum status status = perform_start(line, &talk->mask, &performance, fault);

    if (status != STATUS_OK) {
        return status;
    }
    *said = TALK_LINE;
    for (size_t i = 0; on && i < TOUR_ASKS_MAX && beat->asks[i].prompt != NULL;) {
        const struct tour_ask *ask = &beat->asks[i];
        bool refused = false;

        *said = tour_ask(talk, state, ask, false);
        if (*said != TALK_LINE) {
            break;
        }
        on = relay(talk, &performance, state->slots[tour_state_find(view_text(ask->slot))], &refused);
        if (refused && ask->wrong == NULL && talk->yes) {
            break; /* it would be refused for ever */
        }
        if (refused && ask->wrong == NULL) {
            i = tag_before(beat, i);
        } else if (!refused && ask->wrong != NULL) {
            break; /* read aright after all: the thing is in */
        } else {
            i++;
        }
    }
    if (*said == TALK_LINE) {
        tour_say(talk, state, TOUR_SCAN_ENDS);
        *code = perform_end(&performance, &printed);
        tour_run_quote(talk, buffer_view(&printed), false);
    } else {
        *code = perform_stop(&performance, &printed); /* what it says depends on how far it had come */
        tour_say(talk, state, TOUR_SCAN_STOPPED);
    }
    status = buffer_status(&printed, fault);
    buffer_free(&printed);
    return status;
}
