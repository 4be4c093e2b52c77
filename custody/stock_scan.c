/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stock_scan: the lines of a count. Each is answered alike, whatever the ledger has of the thing: of the ledger nothing is asked here but
 * which names it has issued, and for things.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "custody/digits.h"
#include "custody/scan.h"
#include "custody/seal_numbers.h"
#include "custody/stock.h"
#include "custody/superseded.h"
#include "verify/strict.h"
#include "verify/text.h"

struct counting {
    struct session *session;
    struct stock_count *count;
    size_t refused_lines;
};

/* A line as it was read; owns seals. */
struct read_line {
    uint64_t number, print, pieces;
    bool absent, here, has_seals;
    struct buffer seals;
    struct view instead;
};

static enum status read_pieces(struct view text, uint64_t *pieces, struct fault *refusal)
{
    struct buffer plain = {0};
    bool good;

    digits_to_ascii(text, &plain);
    good = *pieces == NOTHING && text_decimal(buffer_view(&plain), pieces);
    buffer_free(&plain);
    return good ? STATUS_OK : fault_set(refusal, STATUS_REFUSED, FAULT_NOWHERE, "pieces=N: one whole number");
}

/* `pieces=N`, `thing=here` and seal numbers behind a tag. */
static enum status read_words(struct view words, struct read_line *out, struct fault *refusal)
{
    const struct view prefix = view_text("pieces=");
    struct buffer seals = {0};
    enum status status = STATUS_OK;

    while (words.len > 0 && status == STATUS_OK) {
        struct view word = scan_word(words, &words);

        if (word.len >= prefix.len && view_equal(view_part(word, 0, prefix.len), prefix)) {
            status = read_pieces(view_part(word, prefix.len, word.len - prefix.len), &out->pieces, refusal);
        } else if (view_equal(word, view_text("thing=here"))) {
            out->here = true;
        } else {
            buffer_append_view(&seals, word);
            buffer_append_view(&seals, view_text(" "));
        }
    }
    if (status == STATUS_OK && seals.len > 0) {
        out->has_seals = true;
        status = seal_numbers_parse(buffer_view(&seals), &out->seals, refusal);
    }
    buffer_free(&seals);
    return status;
}

static enum status read_absent(struct view words, struct read_line *out, struct fault *refusal)
{
    struct fault why = {0};

    if (words.len == 0) {
        return fault_set(refusal, STATUS_REFUSED, FAULT_NOWHERE, "! NAME WHAT: say in a few words what is there instead of the thing");
    }
    if (strict_check_text(words, &why) != STATUS_OK) {
        return fault_set(refusal, STATUS_REFUSED, FAULT_NOWHERE, "what is there instead: %s", why.text);
    }
    out->instead = words;
    return STATUS_OK;
}

/* A tag read once more may be the same loose tag: only who says that the thing is here takes back what was found instead. */
static enum status check_again(struct counting *counting, const struct read_line *read, struct fault *refusal)
{
    const struct stock_line *before = stock_find(counting->count, read->number);
    char name[NAME_BYTES];

    if (before == NULL || !before->absent || read->absent || read->here) {
        return STATUS_OK;
    }
    session_name(counting->session, read->number, name);
    return fault_set(refusal, STATUS_REFUSED, FAULT_NOWHERE,
                     "%s was said to be a tag without its thing, and that stays; if the thing is here after all: %s thing=here", name, name);
}

/* The tag, in a snapshot; what kind of subject it is says nothing of what is expected. */
static enum status read_tag(struct session *session, struct view tag, struct read_line *out, struct fault *refusal)
{
    enum status status = subject_parse(session->identity, ledger_subjects(session->txn), tag, &out->number, &out->print, refusal);
    const struct subject *subject = status == STATUS_OK ? ledger_subject(session->txn, out->number, refusal) : NULL;
    char name[NAME_BYTES];

    if (subject == NULL) {
        return refusal->status;
    }
    if (subject->thing == NULL) {
        session_name(session, out->number, name);
        return fault_set(refusal, STATUS_REFUSED, FAULT_NOWHERE, "%s is %s %s, not a thing", name, session_article(subject->type),
                         type_name(subject->type));
    }
    superseded_warn(session, tag);
    return STATUS_OK;
}

static enum status read_line(struct session *session, struct view line, struct read_line *out, struct fault *refusal)
{
    struct view words = line;
    struct view tag;
    enum status status;

    if (scan_refuse_long(line, refusal) != STATUS_OK) {
        return refusal->status;
    }
    *out = (struct read_line){.pieces = NOTHING, .absent = line.len > 0 && line.ptr[0] == '!'};
    if (out->absent) {
        words = view_part(line, 1, line.len - 1);
        while (words.len > 0 && (words.ptr[0] == ' ' || words.ptr[0] == '\t')) {
            words = view_part(words, 1, words.len - 1);
        }
    }
    tag = scan_word(words, &words);
    status = read_tag(session, tag, out, refusal);
    if (status == STATUS_OK) {
        status = out->absent ? read_absent(words, out, refusal) : read_words(words, out, refusal);
    }
    return status;
}

/* What a bare tag does not say of a thing stays as an earlier line said it: it may have been scanned twice. */
static enum status take(struct counting *counting, struct read_line *read, struct fault *fault)
{
    struct stock_line *line = NULL;
    bool is_new = false;
    char name[NAME_BYTES];
    enum status status = stock_put(counting->count, read->number, &line, &is_new, fault);

    if (status != STATUS_OK) {
        return status;
    }
    line->absent = read->absent;
    line->print = read->print > 0 ? read->print : line->print;
    buffer_reset(&line->instead);
    buffer_append_view(&line->instead, read->instead);
    if (read->pieces != NOTHING) {
        line->pieces = read->pieces;
    }
    if (read->has_seals) {
        line->has_seals = true;
        buffer_free(&line->seals);
        line->seals = read->seals;
        read->seals = (struct buffer){0};
    }
    session_name(counting->session, read->number, name);
    (void)printf("counted %s (%zu)%s%s\n", name, counting->count->count, read->absent ? ", the tag alone" : "", is_new ? "" : ", again");
    (void)fflush(stdout);
    return buffer_status(&line->instead, fault);
}

static enum status take_line(void *context, struct view line, struct fault *fault)
{
    struct counting *counting = context;
    struct fault refusal = {0};
    struct read_line read = {0};
    enum status status = session_begin(counting->session, false, fault);

    if (status != STATUS_OK) {
        return status;
    }
    if (read_line(counting->session, line, &read, &refusal) == STATUS_OK && check_again(counting, &read, &refusal) == STATUS_OK) {
        status = take(counting, &read, fault);
    } else {
        counting->refused_lines++;
        (void)fprintf(stderr, "refused: %s\n", refusal.text);
        (void)fflush(stderr);
    }
    buffer_free(&read.seals);
    session_end(counting->session);
    return status;
}

enum status stock_scan(struct session *session, struct stock_count *count, struct fault *fault)
{
    struct counting counting = {session, count, 0};
    enum status status;

    session_end(session); /* others may write while people count */
    if (isatty(STDIN_FILENO) == 1) {
        (void)fprintf(stderr, "scan every tag that is here; behind it the seal numbers as you read them (none: no seal), and pieces=N if you counted\n"
                              "the tag is here and the thing is not: ! NAME and what is there instead; taken back by: NAME thing=here\n"
                              "Ctrl-D closes the count, records it and shows what came out; Ctrl-C records nothing\n");
    }
    status = scan_lines(STDIN_FILENO, take_line, &counting, fault);
    session->args->hint[0] = '\0'; /* of single lines */
    if (status == STATUS_OK && counting.refused_lines > 0) {
        (void)fprintf(stderr, "unbroken: hint: %zu scanned %s refused and %s not in the count\n", counting.refused_lines,
                      counting.refused_lines == 1 ? "line was" : "lines were", counting.refused_lines == 1 ? "is" : "are");
    }
    return status;
}
