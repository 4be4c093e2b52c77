/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tour: a handover played with a newcomer on a training ledger: steps as data (tour_script.c), what is remembered between two
 * evenings (tour_state.c), the directory (tour_place.c), the administrator's forgery (tour_forge.c), and the play itself (tour.c).
 */
#ifndef UNBROKEN_CUSTODY_TOUR_H
#define UNBROKEN_CUSTODY_TOUR_H

#include "custody/perform.h"
#include "custody/talk.h"

/* ---- the script ------------------------------------------------------------------------------ */

/* The subjects of every tour, in the order in which they are opened. */
enum { TOUR_OFFICER = 3, TOUR_CUSTODIAN, TOUR_SECOND, TOUR_STORE, TOUR_CASE, TOUR_TUSK_1, TOUR_TUSK_2, TOUR_TUSK_3, TOUR_BOX, TOUR_SUBJECTS };

#define TOUR_CODE_TEXT "TRY" /* the training ledger's code */
#define TOUR_ORIGIN_TEXT "practice.example/tour"

enum { TOUR_ASKS_MAX = 4 };

/* The interesting part of a command, which the newcomer types or scans. Texts are templates: {slots} are filled in. */
struct tour_ask {
    const char *prompt; /* NULL: no more of them */
    const char *slot;   /* where the answer is kept */
    const char *suggested;
    uint64_t must;      /* a subject: another one's name is kindly refused; 0: any answer goes to the program */
    const char *wrong;  /* on purpose a wrong answer: this right one is asked to be misread; NULL: none */
    bool is_weight;     /* grams; numbers that the forgery could not work on are kindly refused */
    bool is_seal;       /* the number of the one seal: where there were two, a scan would wait for the second */
};

enum tour_kind {
    TOUR_RUN,   /* a command that only reads: shown again as often as wanted */
    TOUR_ACT,   /* a command that records: done once */
    TOUR_SCAN,  /* the same, the answers being lines of its scan; one that is refused goes back to the first line */
    TOUR_FORGE_BYTE, /* case.bundle with the weight changed is forged.bundle, then as TOUR_RUN */
    TOUR_FORGE_SUM,  /* with its check sum put right too */
};

struct tour_beat {
    const char *text;  /* NULL ends the list */
    struct tour_ask asks[TOUR_ASKS_MAX];
    const char *file;  /* written before, with `content`; or NULL */
    const char *content;
    bool show_file;
    const char *command; /* NULL: text only */
    enum tour_kind kind;
    int code;            /* the exit code that the story wants */
    const char *after;   /* said when it came; or NULL */
    const char *otherwise; /* said when another one came; NULL: the general words */
};

struct tour_step {
    const char *title;
    const struct tour_beat *beats;
};

/* What the tour itself says; a step's words are in the step. */
enum tour_word {
    TOUR_WELCOME, TOUR_NAME, TOUR_FOUNDING, TOUR_FOUNDED, TOUR_STEP, TOUR_OF, TOUR_COMMAND, TOUR_COMMAND_BLANK, TOUR_COMMAND_FILLED, TOUR_FILE, TOUR_PRESS_RUN, TOUR_PRESS_ON,
    TOUR_DONE_BEFORE, TOUR_AGAIN, TOUR_OTHER_THING, TOUR_WEIGHT_RANGE, TOUR_ONE_WORD, TOUR_TYPED_RIGHT, TOUR_SCAN_ENDS, TOUR_SCAN_STOPPED, TOUR_CODE, TOUR_FIRST_STEP,
    TOUR_LEFT, TOUR_RESUMED, TOUR_KEEP, TOUR_KEEP_WORD, TOUR_DELETE_WORD, TOUR_KEEP_OR_DELETE, TOUR_KEPT, TOUR_DELETED, TOUR_WORDS
};

extern const char *const tour_words[TOUR_WORDS];
extern const struct tour_step tour_steps[]; /* ends with a step without a title */
extern const char *const tour_founding[];   /* the commands before the first step; ends with NULL */

/* ---- what is remembered ---------------------------------------------------------------------- */

enum tour_slot {
    /* typed */
    SLOT_NAME, SLOT_DOCKET, SLOT_PLACE, SLOT_TYPO, SLOT_WEIGHT, SLOT_SEAL, SLOT_TAG, SLOT_READ, SLOT_WEIGHED, SLOT_FORGED,
    SLOT_LEDGER, /* not typed, but remembered: whose ledger it is, ledger_origin */
    SLOTS_TYPED,
    /* worked out */
    SLOT_OFFICER = SLOTS_TYPED, SLOT_CUSTODIAN, SLOT_SECOND, SLOT_STORE, SLOT_CASE, SLOT_TUSK_1, SLOT_TUSK_2, SLOT_TUSK_3, SLOT_BOX,
    SLOT_TUSK_WRONG, SLOT_SEAL_WRONG, SLOT_LIGHTER, SLOT_THEFT, SLOT_SEIZED, SLOT_DIR, SLOTS
};

struct tour_state {
    size_t step, beat;     /* the first that is not done yet */
    bool trying;           /* its command was begun, when the ledger had so many records: */
    uint64_t records;
    char slots[SLOTS][TALK_ANSWER_BYTES];
};

/* Names of subjects, and what else follows from what was typed. */
void tour_state_work_out(struct tour_state *state);
/* A perform_slot; context is the state. "" for one that was not typed yet. */
const char *tour_state_slot(const void *context, struct view slot);
enum tour_slot tour_state_find(struct view slot);
/* tour.state in the working directory. Errors: as wholefile_write. */
MUST_USE enum status tour_state_save(const struct tour_state *state, struct fault *fault);
/* Errors: STATUS_MISSING, STATUS_DAMAGED (at: the line), STATUS_ENVIRONMENT. */
MUST_USE enum status tour_state_load(struct tour_state *out, struct fault *fault);
/* Remembers which ledger was founded. Errors: as ledger_open. */
MUST_USE enum status tour_state_own(struct tour_state *state, struct fault *fault);
/*
 * Is the ledger in the working directory the tour's: a directory of its own, a training ledger of the tour's origin and code, and the one that is remembered?
 * exactly: where none is remembered, that is no either. Errors: STATUS_REFUSED, as ledger_open.
 */
MUST_USE enum status tour_state_check_ledger(const struct tour_state *state, bool exactly, struct fault *fault);
/* How many records the training ledger has. Errors: as ledger_open. */
MUST_USE enum status tour_state_records(uint64_t *out, struct fault *fault);

/* ---- the directory --------------------------------------------------------------------------- */

/* Makes path, or where NULL ./unbroken-tour, -2, -3 ..., and goes there; its full path into out. Errors: STATUS_REFUSED (is not empty), STATUS_ENVIRONMENT. */
MUST_USE enum status tour_place_make(const char *path, char out[TALK_ANSWER_BYTES], struct fault *fault);
/* Goes to one that was made. Errors: STATUS_MISSING, STATUS_ENVIRONMENT. */
MUST_USE enum status tour_place_enter(const char *path, char out[TALK_ANSWER_BYTES], struct fault *fault);
/* Deletes the working directory and what the tour made in it. What is not the tour's stays, and with it the directory:
 * STATUS_REFUSED. Before: tour_state_check_ledger, unless it was made just now. STATUS_REFUSED with nothing deleted: `ledger` is a link. */
MUST_USE enum status tour_place_remove(const char *path, struct fault *fault);

/* ---- forgery --------------------------------------------------------------------------------- */

/*
 * case.bundle into forged.bundle: everywhere the mass `from_mg` (fact 5) becomes `to_mg`, and with `sum` the whole-file check is made
 * anew. Errors: STATUS_REFUSED (no such mass, or the two are not equally long), as wholefile_read and wholefile_write.
 */
MUST_USE enum status tour_forge(uint64_t from_mg, uint64_t to_mg, bool sum, struct fault *fault);
enum { TOUR_GRAMS_LEAST = 100, TOUR_GRAMS_MOST = 99999 };

/* ---- the play -------------------------------------------------------------------------------- */

/* In the tour's directory, from where state stands to the end. Errors: STATUS_INTERRUPTED (a signal, or answers that ended), the environment's. */
MUST_USE enum status tour_play(struct talk *talk, struct tour_state *state, struct fault *fault);
/* Runs tour_founding; quietly. Errors: STATUS_REFUSED, with what the program said. */
MUST_USE enum status tour_found(struct talk *talk, struct tour_state *state, struct fault *fault);
/* One of the tour's own words, filled in. */
void tour_say(struct talk *talk, const struct tour_state *state, enum tour_word word);

#endif
