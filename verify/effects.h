/* SPDX-License-Identifier: Apache-2.0 */
/*
 * effects: what one act does to one thing, and the checks of SPEC 7.3 that go with it. Internal to the replay (rules.c).
 */
#ifndef UNBROKEN_VERIFY_EFFECTS_H
#define UNBROKEN_VERIFY_EFFECTS_H

#include "verify/name.h"
#include "verify/rules.h"

/* One act in replay. */
struct pass {
    struct replay *replay;
    const struct record *record; /* NULL at the end */
    uint64_t index;              /* of the record that a report stands at */
    const struct act *act;      /* whose facts count: the act itself, or the orphan that it adopts */
    const struct act_rule *rule;
    uint64_t author;            /* person whose act it is: the first signer */
    bool adopting;              /* act is an orphan: it answers nothing more */
    bool mass_done;             /* balance of a sample or split was judged */
    struct stop *stop;
};

/* Reports; subject NOTHING for the act as a whole. */
void pass_report(struct pass *pass, bool breach, const char *code, uint64_t subject, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* The printed name of a subject, for sentences. */
const char *pass_name(const struct pass *pass, uint64_t subject, char out[NAME_BYTES]);

/* The names of a sheet's lines, ascending. `list` is `own` or the source's. */
struct name_list {
    const uint64_t *list;
    size_t count;
    uint64_t own[SHEET_LINES_MAX];
};

/* False when the sheet is not there or malformed. index: of the record to which it belongs. */
bool pass_names(struct pass *pass, uint64_t index, const struct hash *hash, struct name_list *out);
/* An earlier act in brief, or NULL; `own` is room for it. Uses replay->scratch where the source has no brief of its own. */
const struct act_brief *pass_brief(struct pass *pass, uint64_t index, struct act_brief *own);

/* Is there a detail of that name on the entry's sheet or that of the act: how many. */
size_t pass_details(struct pass *pass, const struct entry *entry, unsigned name);

/* What an act of that rule does not state and must, of its payload or of one thing's facts (details aside): its name, or NULL. */
const char *rules_missing_payload(const struct act_rule *rule, const struct act *act);
const char *rules_missing_fact(const struct act_rule *rule, const struct entry *entry, const struct subject *subject);

/* Reports `signers-rule` when a slot of the table is not filled (SPEC 7.2). */
void signers_check(struct pass *pass);

/* Applies the act to one thing that the world knows. */
void effect_apply(struct pass *pass, const struct entry *entry, struct subject *subject);
/* Closes it; what is still in a container then is not accounted for (7.3.13). */
void effect_closed(struct pass *pass, struct subject *subject);
/* Judges a correction of any subject, thing or not (7.3.16). */
void effect_correct(struct pass *pass, const struct entry *entry);
/* Did the adoption in record `adopted` give that subject the effect of a release with that act-id? */
bool orphan_released(struct pass *pass, uint64_t adopted, uint64_t subject, const struct hash *answers);
/* The effect of the orphan that an `adopt` answers (orphan.c). */
void orphan_adopt(struct pass *pass, struct subject *subject);

#endif
