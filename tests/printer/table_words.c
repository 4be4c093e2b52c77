/* SPDX-License-Identifier: Apache-2.0 */
/* table_words: the words of verify/'s tables that papers show, as C for xgettext: N_("release") and so on, once each. */
#include "verify/court.h"

#include <stdio.h>
#include <string.h>

enum { WORDS_MAX = 1024, CODES_MAX = 32 };

static const char *seen[WORDS_MAX];
static size_t seen_count;

static void put(const char *word)
{
    if (word == NULL || word[0] == '\0' || strcmp(word, "unknown") == 0) {
        return;
    }
    for (size_t i = 0; i < seen_count; i++) {
        if (strcmp(seen[i], word) == 0) {
            return;
        }
    }
    if (seen_count < WORDS_MAX) {
        seen[seen_count++] = word;
    }
    (void)printf("N_(\"%s\")\n", word);
}

/* What certified lines say (verify/certified.c) and xgettext does not find there: it takes one text of a call, and none of a table. */
static const char *const of_lines[] = { "Finding", "Person", "Docket", "Law", "Court", "presumed", "auditor", "no witness of the policy",
                                        "the ledger itself", "training ledger, not evidence" };

int main(void)
{
    size_t count = 0;
    for (size_t i = 0; i < sizeof of_lines / sizeof of_lines[0]; i++) {
        put(of_lines[i]);
    }
    for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
        put(act_rule(kind)->name);
        for (uint64_t code = 0; code < CODES_MAX; code++) {
            put(code_name(kind, code));
        }
    }
    for (unsigned i = 1; i < OFFICE_COUNT; i++) {
        put(office_name(i));
    }
    for (unsigned i = TYPE_LEDGER; i <= TYPE_CONTAINER; i++) {
        put(type_name(i));
    }
    for (unsigned i = THING_UNUSED; i < THING_SAME; i++) {
        put(state_name((enum thing_state)i));
    }
    for (uint64_t i = 1; i <= 4; i++) {
        put(outcome_name(i));
    }
    const struct detail_name *names = detail_names(&count);
    for (size_t i = 0; i < count; i++) {
        put(names[i].name);
    }
    const struct court_topic *topics = court_topics(&count);
    for (size_t i = 0; i < count; i++) {
        put(topics[i].code);
        for (size_t k = 0; k < COURT_QUESTIONS; k++) {
            put(topics[i].questions[k]);
        }
    }
    return 0;
}
