/* SPDX-License-Identifier: Apache-2.0 */
/*
 * weighings: every mass that a thing was ever said to have, by the record that says so, and what was taken off since: a court is
 * shown a weight against all earlier ones, not against the last alone, for a slow loss stays below every single limit.
 */
#ifndef UNBROKEN_CUSTODY_WEIGHINGS_H
#define UNBROKEN_CUSTODY_WEIGHINGS_H

#include "custody/session.h"
#include "custody/table.h"

struct weighing {
    uint64_t record;
    uint64_t logged_s;
    const char *act;           /* "register", "weigh", "sample: found", "sample: remains", ... */
    uint64_t gross_mg, tare_mg; /* NOTHING: not stated */
    uint64_t net_mg;
    uint64_t taken_before_mg;  /* taken off by samples and splits, and stated as lost there, up to this weighing */
    struct buffer scale, calibration, explanation; /* as stated; owned */
};

/* Owned; in the order of the records. */
struct weighings {
    struct weighing *list;
    size_t count, cap;
    uint64_t taken_mg; /* in all */
};

/* Reads the thread of a thing. Needs a transaction. Errors: STATUS_DAMAGED and the like from the store, STATUS_MEMORY. */
MUST_USE enum status weighings_read(struct session *session, uint64_t subject, struct weighings *out, struct fault *fault);
void weighings_free(struct weighings *weighings);

/* What the thing would weigh at the time of the latest weighing, had it kept the weight of weighing i: less what was taken off since. */
uint64_t weighings_expected(const struct weighings *weighings, size_t i);

/* A table with one row for each weighing, the latest compared with every earlier one. Columns are weighings_columns. */
enum { WEIGHINGS_COLUMNS = 13 };
extern const struct table_column weighings_columns[WEIGHINGS_COLUMNS];
void weighings_rows(const struct session *session, uint64_t subject, const struct weighings *weighings, struct table *table);
/* The same in milligrams, as an array; NULL: out of memory. */
json_t *weighings_json(const struct weighings *weighings);

#endif
