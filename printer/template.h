/* SPDX-License-Identifier: Apache-2.0 */
/*
 * template: the form of a certificate, as a text file that a lawyer edits: blocks in the order of the page, each with its text in English,
 * Khmer and Vietnamese. What the blocks of the program itself say (exceptions, history, proof, ...) is not in it: a form moves these, and
 * cannot leave one out. The language of the file is told at the head of printer/templates/general.ini.
 */
#ifndef UNBROKEN_PRINTER_TEMPLATE_H
#define UNBROKEN_PRINTER_TEMPLATE_H

#include "printer/words.h"

enum { TEMPLATE_FILE_BYTES_MAX = 262144, TEMPLATE_BLOCKS_MAX = 256, TEMPLATE_TEXT_BYTES_MAX = 8192, TEMPLATE_CHOICES_MAX = 12, TEMPLATE_BOXES_MAX = 4 };

enum template_kind {
    TEMPLATE_HEAD,      /* a line in the middle, above the title: a state's name and motto */
    TEMPLATE_TITLE,
    TEMPLATE_HEADING,
    TEMPLATE_PARAGRAPH,
    TEMPLATE_POINT,     /* a paragraph behind a dot */
    TEMPLATE_LINE,      /* a label with what stands behind it, or a line to be filled in by hand */
    TEMPLATE_CHOICE,    /* small boxes to be ticked, in a row; "*" in front: ticked already */
    TEMPLATE_BOXES,     /* large boxes: signature, thumbprint, stamp */
    TEMPLATE_PAGE,      /* a new page; no text */
    TEMPLATE_PART       /* a part that the program writes; no text */
};

/* Each stands once in every form; exceptions before all others. */
enum template_part {
    PART_EXCEPTIONS, PART_RESULT, PART_THINGS, PART_TIMELINE, PART_HISTORY, PART_SEALS, PART_GAPS, PART_TESTIFY, PART_NOT_PROVEN, PART_PROOF,
    PART_LINES, PART_REPEAT, PART_SIGNATURES, PART_COUNT
};

/* What stands in braces in a text: {case}. */
enum template_place {
    PLACE_CASE, PLACE_DOCKET, PLACE_LAW, PLACE_COURT, PLACE_THINGS, PLACE_CERTIFIER, PLACE_OFFICE, PLACE_AGENCY, PLACE_NUMBER, PLACE_DATE, PLACE_TIME,
    PLACE_SOFTWARE, PLACE_LEDGER, PLACE_LEDGER_ID, PLACE_RECORDS, PLACE_SIZE, PLACE_ROOT, PLACE_BUNDLE, PLACE_POLICY, PLACE_RESULT, PLACE_COUNT
};

struct template_block {
    enum template_kind kind;
    enum template_part part;  /* of TEMPLATE_PART */
    uint64_t line;            /* where it begins in the file */
    struct buffer texts[LANGUAGE_COUNT];
    struct buffer value;      /* of TEMPLATE_LINE: stands behind the label in every language; empty: to be filled in */
};

struct template {
    char name[25];            /* a-z, 0-9 and -: stands in the certified statement */
    struct template_block *blocks;
    size_t count, cap;
};

/*
 * Reads a form. Errors: STATUS_DAMAGED (fault->at = line, or FAULT_NOWHERE where something is missing altogether), STATUS_REFUSED (too
 * large), STATUS_MEMORY; *out is closed then.
 */
MUST_USE enum status template_read(struct view file, struct template *out, struct fault *fault);
/* A form that travels in the program. Errors: STATUS_MISSING (names those that there are); as above. */
MUST_USE enum status template_builtin(const char *name, struct template *out, struct fault *fault);
void template_close(struct template *template); /* accepts a zeroed one */

/* The name of a place: "case". */
const char *template_place_name(enum template_place place);
/*
 * Appends a text of a block with its places filled in. What is filled in is never looked at again: a brace in a fact is a brace. A text that
 * template_read has not passed ends at its first wrong place.
 */
void template_fill(struct view text, const struct view values[PLACE_COUNT], struct buffer *out);
/* The next of the parts between "|", without spaces around; false: there is none. *at begins with 0. */
bool template_split(struct view text, size_t *at, struct view *out);

#endif
