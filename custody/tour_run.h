/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tour_run: one beat of the tour: its words, the newcomer's answers, the command and what it really answers.
 */
#ifndef UNBROKEN_CUSTODY_TOUR_RUN_H
#define UNBROKEN_CUSTODY_TOUR_RUN_H

#include "custody/tour.h"

enum tour_turn { TURN_ON, TURN_BACK, TURN_LEFT };

/*
 * done: in an earlier turn; an act is then told and not run again. *finished: it came out as the story wants, whatever the newcomer said
 * afterwards. Errors: the environment's; STATUS_REFUSED where nobody is asked and the suggested answers do not lead on.
 */
MUST_USE enum status tour_run_beat(struct talk *talk, struct tour_state *state, const struct tour_beat *beat, bool done,
                                   enum tour_turn *turn, bool *finished, struct fault *fault);
/* A command to its end, without input; what it printed is appended. */
MUST_USE enum status tour_run_line(struct talk *talk, const struct perform_line *line, struct buffer *printed, int *code,
                                   struct fault *fault);
/* A command (a template) as it is typed, on lines of its own. */
MUST_USE enum status tour_run_show(struct talk *talk, const struct tour_state *state, const char *command, struct fault *fault);
/* A template as a paragraph. */
void tour_say_text(struct talk *talk, const struct tour_state *state, const char *text);
/* What a program printed; the line that says TRAINING only where it is the tour's first command. */
void tour_run_quote(struct talk *talk, struct view printed, bool first);
/* One answer, asked again until the story can go on with it; it is in its slot then. is_number: nothing but a number will do. */
enum talk_said tour_ask(struct talk *talk, struct tour_state *state, const struct tour_ask *ask, bool is_number);
/* An act whose asks are lines of a scan. *said: where it is not TALK_LINE, the newcomer left or went back, and the scan was stopped. */
MUST_USE enum status tour_scan(struct talk *talk, struct tour_state *state, const struct tour_beat *beat,
                               const struct perform_line *line, int *code, enum talk_said *said, struct fault *fault);

#endif
