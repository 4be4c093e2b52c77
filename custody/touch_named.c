/* SPDX-License-Identifier: Apache-2.0 */
/*
 * touch_named: things from the arguments, and what --pieces and --found say of them. What was said of a thing that is not touched
 * here, or twice of one, would be lost without a word: it is refused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/seal_numbers.h"
#include "custody/touch.h"
#include "verify/text.h"

enum status touch_put_seals(struct touch *touch, struct touched *touched, struct view numbers, struct fault *fault)
{
    const struct subject *subject = ledger_subject(touch->session.txn, touched->number, fault);
    char name[NAME_BYTES];
    enum status status;

    session_name(&touch->session, touched->number, name);
    if (subject == NULL) {
        return fault->status;
    }
    buffer_reset(&touched->seals);
    status = seal_numbers_parse(numbers, &touched->seals, fault);
    if (status == STATUS_REFUSED) {
        struct fault why = *fault;

        fault_clear(fault);
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: %s", name, why.text);
    }
    touched->has_seals = status == STATUS_OK;
    /* The recorded numbers are not told: who reads a seal must read it off the seal. */
    if (status == STATUS_OK && touch->plan->seals == FACT_FOUND && subject->thing != NULL &&
        !args_flag(touch->session.args, "--deviation") && !seal_numbers_equal(buffer_view(&touched->seals), subject->thing)) {
        args_hint(touch->session.args, "read the seal again; if it is another one, refuse the thing, or record what happened with --deviation REASON");
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: seal differs: %.*s is not what the record has on it", name,
                         (int)(numbers.len < 80 ? numbers.len : 80), (const char *)numbers.ptr);
    }
    return status;
}

static struct touched *listed(struct touch *touch, uint64_t number)
{
    for (size_t i = 0; i < touch->count; i++) {
        if (touch->things[i].number == number) {
            return &touch->things[i];
        }
    }
    return NULL;
}

/* "NAME=VALUE", or "VALUE" where one thing alone is named: the thing and the value. */
static enum status read_said(struct touch *touch, const char *option, const char *text, bool alone_will_do, const char *form,
                             struct touched **out, struct view *value, struct fault *fault)
{
    struct session *session = &touch->session;
    const char *equals = strchr(text, '=');
    uint64_t number = 0;
    char name[NAME_BYTES];
    enum status status;

    if (equals == NULL && alone_will_do && touch->count == 1) {
        *out = &touch->things[0];
        *value = view_text(text);
        return STATUS_OK;
    }
    if (equals == NULL) {
        return args_usage(session->args, fault, "%s %.60s: NAME=%s", option, text, form);
    }
    status = subject_parse(session->identity, ledger_subjects(session->txn), view_of(text, (size_t)(equals - text)), &number, NULL,
                           fault);
    if (status != STATUS_OK) {
        return status;
    }
    *out = listed(touch, number);
    *value = view_text(equals + 1);
    if (*out == NULL) {
        session_name(session, number, name);
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: %s is not among these things", option, name);
    }
    return STATUS_OK;
}

static enum status said_twice(struct touch *touch, const char *option, const struct touched *touched, struct fault *fault)
{
    char name[NAME_BYTES];

    session_name(&touch->session, touched->number, name);
    return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: %s stands twice", option, name);
}

/* --pieces NAME=N; --count also N of a single thing. */
static enum status take_pieces(struct touch *touch, const char *option, bool alone_will_do, struct fault *fault)
{
    struct args *args = touch->session.args;
    size_t count = args_count(args, option);
    enum status status = STATUS_OK;

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        const char *text = args_nth(args, option, i);
        struct touched *touched = NULL;
        struct view value;
        uint64_t pieces = 0;

        status = read_said(touch, option, text, alone_will_do, "NUMBER", &touched, &value, fault);
        if (status == STATUS_OK && !text_decimal(value, &pieces)) {
            return args_usage(args, fault, "%s %.60s: NAME=NUMBER%s", option, text, alone_will_do ? ", or NUMBER of a single thing" : "");
        }
        if (status == STATUS_OK && touched->pieces != NOTHING) {
            return said_twice(touch, option, touched, fault);
        }
        if (status == STATUS_OK) {
            touched->pieces = pieces;
        }
    }
    return status;
}

/* What the option says of this thing, from its i-th value on: several values are one reading. */
static enum status all_seals(struct touch *touch, const char *option, size_t i, struct touched *touched, struct view first,
                             struct fault *fault)
{
    struct args *args = touch->session.args;
    struct buffer words = {0};
    enum status status = STATUS_OK;

    buffer_append_view(&words, first);
    for (size_t j = i + 1; j < args_count(args, option) && status == STATUS_OK; j++) {
        struct touched *other = NULL;
        struct view value;

        status = read_said(touch, option, args_nth(args, option, j), true, "SEAL,...", &other, &value, fault);
        if (status == STATUS_OK && other == touched) {
            buffer_append_byte(&words, ',');
            buffer_append_view(&words, value);
        }
    }
    status = status == STATUS_OK ? buffer_status(&words, fault) : status;
    status = status == STATUS_OK ? touch_put_seals(touch, touched, buffer_view(&words), fault) : status;
    buffer_free(&words);
    return status;
}

static enum status take_seals(struct touch *touch, const char *option, struct fault *fault)
{
    struct args *args = touch->session.args;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < args_count(args, option) && status == STATUS_OK; i++) {
        struct touched *touched = NULL;
        struct view value;

        status = read_said(touch, option, args_nth(args, option, i), true, "SEAL,...", &touched, &value, fault);
        if (status == STATUS_OK && !touched->has_seals) {
            status = all_seals(touch, option, i, touched, value, fault);
        }
    }
    return status;
}

enum status touch_named(struct touch *touch, struct fault *fault)
{
    struct args *args = touch->session.args;
    struct subject_list list = {0};
    enum status status = session_subjects(&touch->session, touch->plan->first, &list, fault);

    for (size_t i = 0; i < list.count && status == STATUS_OK; i++) {
        struct touched *touched = NULL;

        status = touch_push(touch, list.numbers[i], &touched, fault);
    }
    subject_list_free(&list);
    if (status == STATUS_OK && args_declares(args, "--pieces")) {
        status = args_count(args, "--pieces") > 0 && !touch->states_pieces
                     ? args_usage(args, fault, "--pieces does not go with this: no pieces are stated")
                     : take_pieces(touch, "--pieces", false, fault);
    }
    if (status == STATUS_OK && args_declares(args, "--count")) {
        status = take_pieces(touch, "--count", true, fault);
    }
    if (status == STATUS_OK && touch->plan->seals != 0) {
        status = take_seals(touch, touch->plan->seals == FACT_FOUND ? "--found" : "--put-on", fault);
    }
    return status;
}
