/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tour: guided training in the terminal, on a training ledger of its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "custody/commands.h"
#include "custody/tour_run.h"

/* The commands that the tour runs find this ledger, and no key of the newcomer's own. */
static enum status set_environment(struct fault *fault)
{
    if (setenv("UNBROKEN_LEDGER", "ledger", 1) != 0 || unsetenv("UNBROKEN_KEY") != 0) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    return STATUS_OK;
}

/* A new one: the welcome and the name, then the directory, so that who leaves at once leaves nothing behind. */
static enum status begin(struct args *args, struct talk *talk, struct tour_state *state, struct fault *fault)
{
    char dir[TALK_ANSWER_BYTES];
    enum talk_said said = TALK_BACK;
    enum status status;

    tour_say(talk, state, TOUR_WELCOME);
    while (said == TALK_BACK) {
        said = talk_ask(talk, tour_words[TOUR_NAME], "Sok Dara", state->slots[SLOT_NAME]);
    }
    if (said != TALK_LINE) {
        return STATUS_OK;
    }
    status = tour_place_make(args_value(args, "--dir"), dir, fault);
    if (status != STATUS_OK) {
        args_hint(args, "unbroken tour --dir DIR, a new directory where you may write");
        return status;
    }
    (void)snprintf(state->slots[SLOT_DIR], TALK_ANSWER_BYTES, "%s", dir);
    tour_state_work_out(state);
    tour_say(talk, state, TOUR_FOUNDING);
    status = tour_found(talk, state, fault);
    if (status == STATUS_OK) {
        status = tour_state_own(state, fault);
    }
    if (status == STATUS_OK) {
        status = tour_state_save(state, fault);
    }
    if (status != STATUS_OK) {
        /* The first fault stands; that something could not be deleted is not told beside it. */
        enum status removed = tour_place_remove(dir, fault);

        (void)removed;
        return status;
    }
    talk_forget(talk);
    tour_say(talk, state, TOUR_FOUNDED);
    (void)talk_ask(talk, tour_words[TOUR_PRESS_ON], NULL, dir); /* where the answer is to leave, talk->left says so */
    return STATUS_OK;
}

static enum status resume(const char *path, struct talk *talk, struct tour_state *state, struct fault *fault)
{
    char dir[TALK_ANSWER_BYTES];
    enum status status = tour_place_enter(path, dir, fault);

    if (status == STATUS_OK) {
        status = tour_state_load(state, fault);
    }
    if (status == STATUS_OK) {
        status = tour_state_check_ledger(state, false, fault);
    }
    if (status == STATUS_OK) {
        (void)snprintf(state->slots[SLOT_DIR], TALK_ANSWER_BYTES, "%s", dir);
        tour_state_work_out(state);
        tour_say(talk, state, TOUR_RESUMED);
    }
    return status;
}

/* How to come back, after the newcomer or a signal ended it. */
static enum status say_left(struct talk *talk, const struct tour_state *state, struct fault *fault)
{
    enum talk_said left = talk->left;
    enum status status = STATUS_OK;

    talk->left = TALK_LINE;
    talk->rows = SIZE_MAX; /* nobody waits for a page any more */
    if (state->slots[SLOT_DIR][0] != '\0') {
        tour_say(talk, state, TOUR_LEFT);
        status = tour_run_show(talk, state, "unbroken tour --continue {dir}", fault);
    }
    if (status != STATUS_OK || left == TALK_QUIT) {
        return status;
    }
    return fault_set(fault, STATUS_INTERRUPTED, FAULT_NOWHERE, left == TALK_STOPPED ? "interrupted" : "the answers came to their end before the tour did");
}

/* Kept or deleted, as asked. */
static enum status finish(struct talk *talk, const struct tour_state *state, struct fault *fault)
{
    char answer[TALK_ANSWER_BYTES] = "";
    enum status status = STATUS_OK;

    tour_say(talk, state, TOUR_KEEP);
    while (strcasecmp(answer, tour_words[TOUR_KEEP_WORD]) != 0 && strcasecmp(answer, tour_words[TOUR_DELETE_WORD]) != 0) {
        if (talk_ask(talk, tour_words[TOUR_KEEP_OR_DELETE], tour_words[TOUR_KEEP_WORD], answer) > TALK_BACK) {
            (void)snprintf(answer, sizeof answer, "%s", tour_words[TOUR_KEEP_WORD]);
            talk->left = TALK_LINE;
        }
    }
    if (strcasecmp(answer, tour_words[TOUR_DELETE_WORD]) == 0) {
        status = tour_state_check_ledger(state, true, fault);
        if (status == STATUS_OK) {
            status = tour_place_remove(state->slots[SLOT_DIR], fault);
        }
        if (status == STATUS_OK) {
            tour_say(talk, state, TOUR_DELETED);
        }
        return status;
    }
    tour_say(talk, state, TOUR_KEPT);
    status = tour_run_show(talk, state, "cd {dir}", fault);
    if (status == STATUS_OK) {
        status = tour_run_show(talk, state, "export UNBROKEN_LEDGER=ledger", fault);
    }
    return status == STATUS_OK ? tour_run_show(talk, state, "unbroken list", fault) : status;
}

static enum status play(struct args *args, struct talk *talk, struct tour_state *state, struct fault *fault)
{
    const char *path = args_value(args, "--continue");
    enum status status = path != NULL ? resume(path, talk, state, fault) : begin(args, talk, state, fault);

    if (status == STATUS_OK && talk->left == TALK_LINE) {
        status = tour_play(talk, state, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    return talk->left == TALK_LINE ? finish(talk, state, fault) : say_left(talk, state, fault);
}

static enum status run_tour(struct args *args, struct fault *fault)
{
    struct tour_state *state = NULL;
    struct talk talk;
    enum status status;

    if (args_flag(args, "--dir") && args_flag(args, "--continue")) {
        return args_usage(args, fault, "tour takes --dir for a new tour or --continue for an old one, not both");
    }
    status = perform_check(fault);
    if (status == STATUS_OK) {
        status = set_environment(fault);
    }
    if (status == STATUS_OK) {
        state = calloc(1, sizeof *state);
        status = state == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = talk_open(args_flag(args, "--yes"), &talk, fault);
    }
    if (status == STATUS_OK) {
        (void)umask(S_IRWXG | S_IRWXO); /* keys and a passphrase, though for practice */
        status = play(args, &talk, state, fault);
        (void)fflush(stdout);
        talk_close(&talk);
    }
    free(state);
    return status;
}

static const struct option tour_options[] = {
    {"--dir", OPTION_VALUE, "DIR", "a new or empty directory for it; without: unbroken-tour here"},
    {"--continue", OPTION_VALUE, "DIR", "go on with the tour that was left in DIR"},
    {"--yes", OPTION_FLAG, NULL, "ask nothing, take every suggested answer"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_tour[] = {
    {.words = "tour", .arguments = "", .summary = "learn it in ten minutes: play a handover on a training ledger",
     .options = tour_options, .example = "unbroken tour", .run = run_tour},
    {.words = NULL},
};
