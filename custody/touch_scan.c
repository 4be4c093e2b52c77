/* SPDX-License-Identifier: Apache-2.0 */
/*
 * touch_scan: things from a scanner, line by line, each answered at once. What a line is told is a first look; the ledger decides when
 * it appends. A snapshot for each line: a scan may take an hour, and an old snapshot would keep the store from reusing its pages.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "custody/digits.h"
#include "custody/seal_numbers.h"
#include "custody/scan.h"
#include "custody/superseded.h"
#include "custody/touch.h"
#include "verify/text.h"

enum { WORDS_SHOWN = 60 };

static void say_refused(struct touch *touch, const char *why)
{
    touch->refused_lines++;
    (void)fprintf(stderr, "refused: %s\n", why);
    (void)fflush(stderr);
}

static void say_ok(struct touch *touch, const struct touched *touched, const char *more)
{
    char name[NAME_BYTES];

    session_name(&touch->session, touched->number, name);
    (void)printf("ok %s (%zu)%s", name, touch->count, more);
    if (touch->said.len > 0) {
        (void)printf(": %.*s", (int)touch->said.len, (const char *)touch->said.ptr);
    }
    (void)printf("\n");
    (void)fflush(stdout);
}

/* The last thing is not in it after all. */
static void drop_last(struct touch *touch)
{
    buffer_free(&touch->things[touch->count - 1].seals);
    touch->count--;
    touch->awaiting = false;
}

static void add_word(struct buffer *words, struct view word)
{
    if (words->len > 0) {
        buffer_append_byte(words, ' ');
    }
    buffer_append_view(words, word);
}

enum status touch_refuse_word(struct view word, const char *what, struct fault *refusal)
{
    struct buffer shown = {0};
    enum status status;

    text_escape(&shown, view_part(word, 0, word.len < WORDS_SHOWN ? word.len : WORDS_SHOWN));
    status = fault_set(refusal, STATUS_REFUSED, FAULT_NOWHERE, "\"%.*s\" %s", (int)shown.len, (const char *)shown.ptr, what);
    buffer_free(&shown);
    return status;
}

/* What was read: `pieces=N` out of the words behind a tag; the others are appended to *seals. */
static enum status take_words(struct touch *touch, struct view words, struct touched *read, struct buffer *seals,
                              struct fault *fault)
{
    buffer_reset(&touch->said);
    if (touch->plan->read_words != NULL) {
        return touch->plan->read_words(touch, words, read, fault);
    }
    while (words.len > 0) {
        struct view word = scan_word(words, &words);
        struct view prefix = view_text("pieces=");
        struct buffer plain = {0};
        bool counts = word.len >= prefix.len && view_equal(view_part(word, 0, prefix.len), prefix);

        if (counts && touch->states_pieces) {
            bool good;

            digits_to_ascii(view_part(word, prefix.len, word.len - prefix.len), &plain);
            good = read->pieces == NOTHING && text_decimal(buffer_view(&plain), &read->pieces);
            buffer_free(&plain);
            if (!good) {
                return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "pieces=N: one whole number");
            }
        } else if (counts || touch->plan->seals == 0) {
            return touch_refuse_word(word, "behind the tag is not asked for here", fault);
        } else {
            add_word(seals, word);
        }
    }
    return buffer_status(seals, fault);
}

/* Must its seals still be read? */
static bool must_read(const struct touch *touch, const struct thing *thing)
{
    const struct args *args = touch->session.args;

    if (touch->plan->seals == FACT_PUT_ON) {
        return true;
    }
    return touch_must_find(touch) && thing->seals != NULL && !args_flag(args, "--seals-as-recorded") && !args_flag(args, "--deviation");
}

/* A label that was superseded says little of what it hangs on: who looks at the thing may type its name. */
static enum status check_print(struct touch *touch, const struct subject *subject, uint64_t print, struct fault *refusal)
{
    struct fault why = {0};

    if (superseded_check(&touch->session, subject, print, &why) == STATUS_OK) {
        return STATUS_OK;
    }
    return fault_set(refusal, why.status, FAULT_NOWHERE, "%.400s; if it is the right thing, type its name", why.text);
}

/* Tag and words, in a snapshot. Refusals go to *refusal. */
static enum status take_tag(struct touch *touch, struct view line, struct fault *refusal, struct fault *fault)
{
    struct session *session = &touch->session;
    const struct subject *subject = NULL;
    struct touched *touched = NULL;
    struct view words;
    struct view tag = scan_word(line, &words);
    struct touched read = {.pieces = NOTHING, .gross_mg = NOTHING, .tare_mg = NOTHING, .net_mg = NOTHING};
    uint64_t number = 0, print = 0;
    char name[NAME_BYTES];
    enum status status = subject_parse(session->identity, ledger_subjects(session->txn), tag, &number, &print, refusal);

    if (status == STATUS_OK && touch_lists(touch, number)) {
        session_name(session, number, name);
        status = fault_set(refusal, STATUS_REFUSED, FAULT_NOWHERE, "%s was scanned already", name);
    }
    if (status == STATUS_OK) {
        status = touch_check(touch, number, refusal);
    }
    buffer_reset(&touch->pending);
    if (status == STATUS_OK) {
        read.number = number;
        status = take_words(touch, words, &read, &touch->pending, refusal);
    }
    if (status == STATUS_OK) {
        subject = ledger_subject(session->txn, number, refusal);
        status = subject == NULL ? refusal->status : check_print(touch, subject, print, refusal);
    }
    if (status != STATUS_OK) {
        return STATUS_OK;
    }
    status = touch_push(touch, number, &touched, fault);
    if (status != STATUS_OK) {
        return status;
    }
    *touched = read;
    if (touch->pending.len > 0 && touch_put_seals(touch, touched, buffer_view(&touch->pending), refusal) != STATUS_OK) {
        drop_last(touch);
        return STATUS_OK;
    }
    if (!touched->has_seals && must_read(touch, subject->thing)) {
        session_name(session, number, name);
        touch->awaiting = true;
        (void)printf("%s: its seal%s?\n", name, seal_numbers_on(subject->thing) > 1 ? "s" : "");
        (void)fflush(stdout);
        return STATUS_OK;
    }
    say_ok(touch, touched, "");
    return STATUS_OK;
}

/* One more seal, or several, of the last thing. */
static enum status take_seal(struct touch *touch, struct view line, struct fault *refusal, struct fault *fault)
{
    struct touched *touched = &touch->things[touch->count - 1];
    const struct subject *subject = ledger_subject(touch->session.txn, touched->number, fault);
    struct buffer scratch = {0};
    size_t wanted = 1, have = 0;
    enum status status = STATUS_OK;

    if (subject == NULL || subject->thing == NULL) {
        return fault->status;
    }
    if (touch->plan->seals == FACT_FOUND) {
        wanted = seal_numbers_on(subject->thing);
    }
    add_word(&touch->pending, line);
    status = seal_numbers_parse(buffer_view(&touch->pending), &scratch, refusal);
    if (status == STATUS_OK) {
        struct seals seals;

        seals_read(buffer_view(&scratch), &seals);
        have = seals.count;
    }
    buffer_free(&scratch);
    if (status == STATUS_OK && have > 0 && have < wanted) {
        return STATUS_OK; /* the next line has more */
    }
    if (status == STATUS_OK) {
        status = touch_put_seals(touch, touched, buffer_view(&touch->pending), refusal);
    }
    touch->awaiting = false;
    if (status == STATUS_OK) {
        say_ok(touch, touched, "");
    } else {
        drop_last(touch);
    }
    return STATUS_OK;
}

static void refuse_unread(struct touch *touch)
{
    char name[NAME_BYTES];
    char why[NAME_BYTES + 64];

    session_name(&touch->session, touch->things[touch->count - 1].number, name);
    (void)snprintf(why, sizeof why, "%s: its seals were not all read", name);
    drop_last(touch);
    say_refused(touch, why);
}

static enum status take_line(void *context, struct view line, struct fault *fault)
{
    struct touch *touch = context;
    struct session *session = &touch->session;
    struct fault refusal = {0}, no_tag = {0};
    struct view words;
    uint64_t number = 0;
    enum status status;

    if (scan_refuse_long(line, &refusal) != STATUS_OK) {
        say_refused(touch, refusal.text);
        return STATUS_OK;
    }
    status = session_begin(session, false, fault);
    if (status != STATUS_OK) {
        return status;
    }
    /* A tag where seals were asked for: the thing before is not finished. */
    if (touch->awaiting && subject_parse(session->identity, ledger_subjects(session->txn), scan_word(line, &words), &number, NULL,
                                         &no_tag) == STATUS_OK) {
        refuse_unread(touch);
    }
    status = touch->awaiting ? take_seal(touch, line, &refusal, fault) : take_tag(touch, line, &refusal, fault);
    session_end(session);
    if (refusal.status != STATUS_OK) {
        say_refused(touch, refusal.text);
    }
    return status;
}

enum status touch_scan(struct touch *touch, struct fault *fault)
{
    enum status status;

    session_end(&touch->session); /* others may write while people scan */
    if (isatty(STDIN_FILENO) == 1) {
        (void)fprintf(stderr, "scan tags or type names; Ctrl-D at the end records them all, Ctrl-C none\n");
    }
    status = scan_lines(STDIN_FILENO, take_line, touch, fault);
    if (status == STATUS_OK && touch->awaiting) {
        refuse_unread(touch);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (touch->count == 0) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "nothing was scanned; nothing was recorded");
    }
    /* What the tries of single lines hinted at is no hint for what follows. */
    touch->session.args->hint[0] = '\0';
    return session_begin(&touch->session, true, fault);
}
