/* SPDX-License-Identifier: Apache-2.0 */
/* certify_inside: what the parts of the certificate share. They speak with the report's words (report_inside.h). */
#ifndef UNBROKEN_PRINTER_CERTIFY_INSIDE_H
#define UNBROKEN_PRINTER_CERTIFY_INSIDE_H

#include "printer/certify.h"
#include "printer/report_inside.h"
#include "verify/statement.h"

/* A time in which nobody in office confirmed to have it, or in which nothing was written down. */
enum certify_gap_kind { GAP_TRANSIT, GAP_OUT, GAP_SILENCE };

struct certify_gap {
    enum certify_gap_kind kind;
    uint64_t record, until;   /* the records that begin and end it; until NOTHING: it lasts */
    uint64_t from_s, until_s; /* logged; of one that lasts, the last record of the ledger */
    uint64_t thing;
};

struct certify {
    struct report report;          /* paper, dossier, languages, things and groups: for its words and the parts that both papers have */
    struct case_report_form words; /* what the report's words are told */
    const struct certify_form *form;
    struct view bytes;             /* of the signed statement */
    struct signed_statement statement;
    struct report_numbers things;  /* that the certified lines tell of */
    struct buffer places[2][PLACE_COUNT]; /* what the form's places are filled with, in each language of the paper */
    struct certify_gap *gaps;      /* by kind, record, until, thing */
    size_t gap_count, gap_cap;
};

/* Of more things than that, what is alike stands together. */
enum { CERTIFY_FEW = 24 };

#define CERTIFY_MISSING "Not found at the stock-take of" /* SPEC 13.6 */

/* Is it a thing that is certified, or that one was in? (any thing of the bundle where no thing is certified) */
bool certify_has(const struct certify *certify, uint64_t thing);
/* The word in the paper's languages, and in English behind it where that is none of them: unbroken-verify prints English. */
void certify_word(struct certify *certify, struct buffer *out, const char *english);
/* "value (word)" of a certified line, as unbroken-verify prints it. */
void certify_value(struct certify *certify, struct buffer *out, const struct certified_line *line);
/* The things of a record's entries of which the bundle tells; sorted. */
void certify_record_things(struct certify *certify, const struct dossier_record *record, struct report_numbers *things);
/* A row, a fact that is not torn apart at the end of a page where it is short. Cells and value are freed. */
void certify_row(struct certify *certify, struct buffer *cells, size_t count);
void certify_fact(struct certify *certify, const char *label, struct buffer *value);
/* A fact of the hex of bytes. */
void certify_hash(struct certify *certify, const char *label, const struct hash *hash);

/* ---- certify_places.c, certify_gaps.c ---- */
void certify_places(struct certify *certify);
MUST_USE enum status certify_gaps_find(struct certify *certify, struct fault *fault);

/* ---- blocks of the form (certify_blocks.c) ---- */
void certify_block(struct certify *certify, const struct template_block *block);

/* ---- parts ---- */
void certify_exceptions(struct certify *certify);
void certify_result(struct certify *certify);
void certify_things(struct certify *certify);
void certify_kinds(struct certify *certify); /* of many things, within certify_things */
void certify_timeline(struct certify *certify);
void certify_history(struct certify *certify);
void certify_gaps(struct certify *certify);
void certify_not_proven(struct certify *certify);
void certify_proof(struct certify *certify);
void certify_lines(struct certify *certify);
void certify_repeat(struct certify *certify);
void certify_signatures(struct certify *certify);

#endif
