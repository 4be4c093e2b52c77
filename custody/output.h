/* SPDX-License-Identifier: Apache-2.0 */
/*
 * output: what several commands print alike. Text from records is escaped on its way to a terminal.
 */
#ifndef UNBROKEN_CUSTODY_OUTPUT_H
#define UNBROKEN_CUSTODY_OUTPUT_H

#include <jansson.h>
#include <stdio.h>

#include "custody/session.h"
#include "custody/table.h"

void output_training(const char *origin);
/* "succeeds " and output_succeeds_line, and the line's end. */
void output_succeeds(const struct foreign *succeeds);
/* "the ledger with the id ..., which had N records, root ..." */
json_t *output_succeeds_line(const struct foreign *succeeds);
/* Adds it to what is shown of a subject, where that is the ledger. */
void output_succeeds_of(const struct session *session, uint64_t number, json_t *out);
/* {"ledger-id", "size", "root"}; null of NULL. */
json_t *output_succeeds_json(const struct foreign *succeeds);
/* Bytes as they are; fwrite takes no NULL, which an empty buffer has. */
void output_bytes(FILE *out, struct view bytes);
/* Escaped text. */
void output_text(FILE *out, struct view text);
/* {"ledger": origin, "training": bool}; NULL: out of memory. */
json_t *output_envelope(const struct session *session);
/* Prints and releases it; a NULL is out of memory. */
MUST_USE enum status output_json(json_t *value, struct fault *fault);
/* The table for people, or with --json the envelope with its rows under `key`. */
MUST_USE enum status output_table(const struct session *session, const char *key, const struct table *table, struct fault *fault);
/* A cell with a subject's name, or with nothing for NOTHING. */
void output_name_cell(const struct session *session, struct table *table, uint64_t number);
/* A cell with a time, or with nothing for NOTHING. */
void output_time_cell(struct table *table, uint64_t time_s);
/* The names of ascending numbers as runs, on standard output. */
void output_runs(const struct session *session, const uint64_t *numbers, size_t count);
/* ": record 5" or ": records 5 to 9", and the line's end. */
void output_records(uint64_t first, uint64_t last);
/* A jansson string of a view. */
json_t *output_string(struct view text);
/* null where the number is NOTHING; else the subject's name. */
json_t *output_name(const struct session *session, uint64_t number);

#endif
