/* SPDX-License-Identifier: Apache-2.0 */
/*
 * talk: a dialogue with a newcomer, line by line: on a terminal (pages, bold headings), from a pipe, or with every suggested answer
 * taken. "back", "quit" and "?" are understood at every prompt. Ctrl-C, hang-up and termination wait until the next prompt, so that
 * nothing that is being done is cut short. Not here: what is talked about (tour.c).
 */
#ifndef UNBROKEN_CUSTODY_TALK_H
#define UNBROKEN_CUSTODY_TALK_H

#include <signal.h>

#include "verify/bytes.h"

enum { TALK_ANSWER_BYTES = 256, TALK_READ_BYTES = 512 };

enum talk_said {
    TALK_LINE,   /* an answer */
    TALK_BACK,
    TALK_QUIT,   /* "quit", or Ctrl-D on a terminal */
    TALK_END,    /* the answers from a pipe came to their end */
    TALK_STOPPED /* a signal */
};

struct talk {
    bool terminal; /* input and output are one */
    bool bold;
    bool yes;
    size_t rows;
    size_t shown;  /* lines since somebody was asked */
    int signals;
    sigset_t mask; /* as it was before */
    uint8_t bytes[TALK_READ_BYTES];
    size_t from, to;
    enum talk_said left; /* TALK_LINE while it goes on; once it is TALK_QUIT or later, nothing more is shown or asked */
};

/* yes: nobody is asked. Errors: STATUS_ENVIRONMENT. */
MUST_USE enum status talk_open(bool yes, struct talk *out, struct fault *fault);
void talk_close(struct talk *talk);
/* After long work: what was typed meanwhile on a terminal, in impatience, is no answer to what comes. */
void talk_forget(struct talk *talk);

void talk_heading(struct talk *talk, const char *text);
/* Words wrapped to the width; "\n" begins a new line. An empty line is put behind it. */
void talk_text(struct talk *talk, const char *text);
/* Lines as they are, each behind the margin. */
void talk_lines(struct talk *talk, const char *margin, struct view lines);
/* What a program printed: escaped, wrapped where a line is too long, a bar in front. */
void talk_quote(struct talk *talk, struct view printed);

/*
 * Asks until there is an answer: clean text of at most TALK_ANSWER_BYTES - 1 bytes that does not begin with "-"; an empty one is the
 * suggested one. A suggestion that is NULL: only Enter is waited for, and what else is typed is no answer.
 */
enum talk_said talk_ask(struct talk *talk, const char *prompt, const char *suggested, char out[TALK_ANSWER_BYTES]);

#endif
