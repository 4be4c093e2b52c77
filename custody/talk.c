/* SPDX-License-Identifier: Apache-2.0 */
/*
 * talk: poll on the input and on a signalfd, as scan.c does. Bytes are read by hand, so that none waits in a buffer of stdio that a
 * child would inherit.
 */
#include "custody/talk.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "verify/strict.h"
#include "verify/text.h"

enum { WIDTH = 79, ROWS = 24, ROWS_LEAST = 8, GAP_MOST = 30 };

/* Every word of the dialogue itself; the steps have their own (tour_script.c). */
static const char help_text[] = "Enter takes the answer in brackets. \"back\" shows the step before once more, \"quit\" leaves; nothing is lost.";
static const char more_text[] = "-- Enter shows more --";
static const char long_text[] = "That answer is too long. Please shorten it.";
static const char dash_text[] = "An answer cannot begin with \"-\". Please try again.";
static const char clean_text[] = "That answer holds characters that cannot be recorded. Please type it again.";
static const char enter_text[] = "Only Enter is needed here (or back, or quit).";

enum status talk_open(bool yes, struct talk *out, struct fault *fault)
{
    const char *no_color = getenv("NO_COLOR");
    struct winsize window;
    sigset_t stops;

    *out = (struct talk){.yes = yes, .rows = ROWS, .signals = -1};
    out->terminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
    out->bold = isatty(STDOUT_FILENO) == 1 && (no_color == NULL || no_color[0] == '\0');
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_row >= ROWS_LEAST) {
        out->rows = window.ws_row;
    }
    (void)sigemptyset(&stops);
    (void)sigaddset(&stops, SIGINT);
    (void)sigaddset(&stops, SIGTERM);
    (void)sigaddset(&stops, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &stops, &out->mask) != 0) {
        return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "signals: %s", strerror(errno));
    }
    out->signals = signalfd(-1, &stops, SFD_CLOEXEC | SFD_NONBLOCK);
    if (out->signals < 0) {
        (void)sigprocmask(SIG_SETMASK, &out->mask, NULL);
        return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "signals: %s", strerror(errno));
    }
    return STATUS_OK;
}

void talk_close(struct talk *talk)
{
    struct signalfd_siginfo info;

    if (talk->signals >= 0) {
        /* Taken here, so that unblocking does not kill us before we have said where we are. */
        while (read(talk->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        }
        (void)close(talk->signals);
        talk->signals = -1;
        (void)sigprocmask(SIG_SETMASK, &talk->mask, NULL);
    }
}

void talk_forget(struct talk *talk)
{
    if (talk->terminal) {
        (void)tcflush(STDIN_FILENO, TCIFLUSH);
        talk->from = talk->to;
    }
}

/* ---- reading --------------------------------------------------------------------------------- */

/* More bytes into talk->bytes, which are all used. */
static enum talk_said read_more(struct talk *talk)
{
    struct pollfd polled[2] = {{.fd = talk->signals, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
    ssize_t n;

    for (;;) {
        if (poll(polled, 2, -1) < 0 && errno != EINTR) {
            return TALK_STOPPED;
        }
        if (polled[0].revents != 0) {
            return TALK_STOPPED;
        }
        n = polled[1].revents == 0 ? -1 : read(STDIN_FILENO, talk->bytes, sizeof talk->bytes);
        if (n > 0) {
            talk->from = 0;
            talk->to = (size_t)n;
            return TALK_LINE;
        }
        if (n == 0 || (polled[1].revents != 0 && errno != EINTR)) {
            return talk->terminal ? TALK_QUIT : TALK_END;
        }
    }
}

/* One line without its end, cut at `out`'s size; *whole is false where it was cut. CR, LF and both end a line: scanners differ. */
static enum talk_said read_line(struct talk *talk, char out[TALK_ANSWER_BYTES], size_t *len, bool *whole)
{
    *len = 0;
    *whole = true;
    for (;;) {
        char c;

        if (talk->from == talk->to) {
            enum talk_said said = read_more(talk);

            if (said != TALK_LINE) {
                return *len > 0 && said == TALK_END ? TALK_LINE : said;
            }
        }
        c = (char)talk->bytes[talk->from++];
        if (c == '\r' && talk->from < talk->to && talk->bytes[talk->from] == '\n') {
            talk->from++;
        }
        if (c == '\n' || c == '\r') {
            return TALK_LINE;
        }
        if (*len == TALK_ANSWER_BYTES - 1) {
            *whole = false;
        } else {
            out[(*len)++] = c;
        }
    }
}

/* ---- showing --------------------------------------------------------------------------------- */

static void leave(struct talk *talk, enum talk_said said)
{
    talk->left = said;
    if (talk->terminal) {
        (void)putchar('\n');
    }
}

/* On a terminal a page at a time. */
static void end_line(struct talk *talk)
{
    char ignored[TALK_ANSWER_BYTES];
    size_t len;
    bool whole;
    enum talk_said said;

    (void)putchar('\n');
    talk->shown++;
    if (!talk->terminal || talk->yes || talk->shown + 2 < talk->rows) {
        return;
    }
    talk->shown = 0;
    (void)fputs(more_text, stdout);
    (void)fflush(stdout);
    said = read_line(talk, ignored, &len, &whole);
    if (said == TALK_LINE && len == 4 && strncasecmp(ignored, "quit", 4) == 0) {
        said = TALK_QUIT;
    }
    if (said != TALK_LINE) {
        leave(talk, said);
    }
}

/* The bytes of the next character, and its columns: both at least 1, so that wrapping always comes on. */
static size_t next_letter(struct view text, size_t at, size_t *columns)
{
    mbstate_t state = {0};
    wchar_t letter = 0;
    size_t len = mbrtowc(&letter, (const char *)text.ptr + at, text.len - at, &state);
    int width;

    *columns = 1;
    if (len == 0 || len > text.len - at) {
        return 1;
    }
    width = wcwidth(letter);
    *columns = width < 0 ? 1 : (size_t)width;
    return len;
}

/* How many bytes of text fit into so many columns, broken behind a space where there is one not too far back. */
static size_t fitting(struct view text, size_t columns)
{
    size_t at = 0;
    size_t used = 0;
    size_t space = 0;
    size_t gap = 0; /* columns since that space */

    while (at < text.len) {
        size_t wide = 1;
        size_t len = next_letter(text, at, &wide);

        if (used + wide > columns) {
            return space > 0 && gap <= GAP_MOST ? space : at > 0 ? at : len;
        }
        at += len;
        used += wide;
        gap += wide;
        if (text.ptr[at - 1] == ' ' && at - 1 > 0 && text.ptr[at - 2] != ' ') {
            space = at;
            gap = 0; /* not inside a run of spaces, which is a table's */
        }
    }
    return at;
}

/* One line of text, wrapped. */
static void wrap(struct talk *talk, const char *margin, const char *further, struct view line)
{
    const char *front = margin;

    do {
        size_t len = fitting(line, WIDTH - strlen(front));
        size_t shown = len;

        while (shown > 0 && line.ptr[shown - 1] == ' ') {
            shown--;
        }
        if (talk->left != TALK_LINE) {
            return;
        }
        (void)printf("%s%.*s", front, (int)shown, shown == 0 ? "" : (const char *)line.ptr);
        end_line(talk);
        line = view_part(line, len, line.len - len);
        front = further;
    } while (line.len > 0);
}

/* Each line of a text; a line's end at its end ends it. */
static void each_line(struct talk *talk, const char *margin, const char *further, struct view text)
{
    while (text.len > 0) {
        const uint8_t *end = memchr(text.ptr, '\n', text.len);
        size_t len = end == NULL ? text.len : (size_t)(end - text.ptr);

        wrap(talk, margin, further, view_part(text, 0, len));
        len += end == NULL ? 0 : 1;
        text = view_part(text, len, text.len - len);
    }
}

static void blank(struct talk *talk)
{
    if (talk->left == TALK_LINE) {
        end_line(talk);
    }
}

void talk_heading(struct talk *talk, const char *text)
{
    if (talk->left != TALK_LINE) {
        return;
    }
    (void)fputs(talk->bold ? "\033[1m" : "", stdout);
    each_line(talk, "", "", view_text(text));
    (void)fputs(talk->bold ? "\033[0m" : "", stdout);
    blank(talk);
}

void talk_text(struct talk *talk, const char *text)
{
    each_line(talk, "", "", view_text(text));
    blank(talk);
}

void talk_lines(struct talk *talk, const char *margin, struct view lines)
{
    each_line(talk, margin, margin, lines);
}

void talk_quote(struct talk *talk, struct view printed)
{
    while (printed.len > 0) {
        const uint8_t *end = memchr(printed.ptr, '\n', printed.len);
        size_t len = end == NULL ? printed.len : (size_t)(end - printed.ptr);
        struct buffer clean = {0};

        text_escape(&clean, view_part(printed, 0, len));
        wrap(talk, "| ", "|   ", buffer_view(&clean));
        buffer_free(&clean);
        len += end == NULL ? 0 : 1;
        printed = view_part(printed, len, printed.len - len);
    }
}

/* ---- asking ---------------------------------------------------------------------------------- */

/* Without outer spaces; NULL where it may be an answer, or what to say of it. */
static const char *clean_answer(char text[TALK_ANSWER_BYTES], size_t len, bool whole)
{
    struct fault ignored;
    size_t from = 0;

    while (from < len && strchr(" \t", text[from]) != NULL) {
        from++;
    }
    while (len > from && strchr(" \t", text[len - 1]) != NULL) {
        len--;
    }
    memmove(text, text + from, len - from);
    text[len - from] = '\0';
    fault_clear(&ignored);
    if (!whole) {
        return long_text;
    }
    if (strict_check_text(view_of(text, len - from), &ignored) != STATUS_OK || strlen(text) != len - from) {
        return clean_text;
    }
    return text[0] == '-' ? dash_text : NULL;
}

static enum talk_said ask_once(struct talk *talk, const char *prompt, const char *suggested, char out[TALK_ANSWER_BYTES],
                               const char **trouble)
{
    size_t len = 0;
    bool whole = true;
    enum talk_said said;

    if (suggested == NULL) {
        (void)printf("%s ", prompt);
    } else {
        (void)printf("%s [%s]: ", prompt, suggested);
    }
    talk->shown = 0;
    if (talk->yes) {
        (void)printf("%s\n", suggested == NULL ? "" : suggested);
        (void)snprintf(out, TALK_ANSWER_BYTES, "%s", suggested == NULL ? "" : suggested);
        return TALK_LINE;
    }
    (void)fflush(stdout);
    said = read_line(talk, out, &len, &whole);
    if (!talk->terminal) {
        (void)putchar('\n'); /* no terminal echoed the line's end */
    }
    if (said != TALK_LINE) {
        leave(talk, said);
        return said;
    }
    *trouble = clean_answer(out, len, whole);
    if (strcasecmp(out, "quit") == 0) {
        talk->left = TALK_QUIT;
        return TALK_QUIT;
    }
    if (strcasecmp(out, "back") == 0) {
        return TALK_BACK;
    }
    if (strcmp(out, "?") == 0 || strcasecmp(out, "help") == 0) {
        *trouble = help_text;
    } else if (*trouble == NULL && suggested == NULL && out[0] != '\0') {
        *trouble = enter_text;
    } else if (*trouble == NULL && suggested != NULL && out[0] == '\0') {
        (void)snprintf(out, TALK_ANSWER_BYTES, "%s", suggested);
    }
    return TALK_LINE;
}

enum talk_said talk_ask(struct talk *talk, const char *prompt, const char *suggested, char out[TALK_ANSWER_BYTES])
{
    for (;;) {
        const char *trouble = NULL;
        enum talk_said said;

        out[0] = '\0';
        if (talk->left != TALK_LINE) {
            return talk->left;
        }
        said = ask_once(talk, prompt, suggested, out, &trouble);
        if (said != TALK_LINE || trouble == NULL) {
            return said;
        }
        talk_text(talk, trouble);
    }
}
