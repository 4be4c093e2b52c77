/* SPDX-License-Identifier: Apache-2.0 */
/*
 * template: the text of a certificate as data that a lawyer can edit (templates/ *.ini; general.ini says how). Not here: drawing it, the facts
 * in it, and its translation: each text stands in the file in all languages.
 *
 * The file: lines of ini.h without sections, in the order of the page. A block of text is three lines, .en, .km and .vi, in this order:
 *   title     first, once                       heading, text, item (one of a list)
 *   line      a caption and a line to be filled in by hand
 *   boxes = signature thumbprint stamp date     one or more of these words, each once
 *   part = exceptions                           drawn by the program: a word of enum template_part, without a heading of its own
 * exceptions, result, things, testify, not-proven, lines, proof and check stand once each, the other parts at most once, and no part stands
 * before exceptions: a certificate never hides them. In texts {name} is a placeholder of enum template_value, and {{ is a brace.
 */
#ifndef UNBROKEN_PRINTER_TEMPLATE_H
#define UNBROKEN_PRINTER_TEMPLATE_H

#include "printer/words.h"
#include "verify/bytes.h"

enum {
    TEMPLATE_BLOCKS_MAX = 200,
    TEMPLATE_TEXT_BYTES = 16384, /* of one text in one language */
    TEMPLATE_NAME_BYTES = 24     /* SPEC 13.4: a-z, 0-9 and - */
};

enum template_kind {
    TEMPLATE_TITLE,
    TEMPLATE_HEADING,
    TEMPLATE_TEXT,
    TEMPLATE_ITEM,
    TEMPLATE_LINE,
    TEMPLATE_BOXES,
    TEMPLATE_PART,
    TEMPLATE_KINDS
};

enum template_part {
    TEMPLATE_EXCEPTIONS, /* breaches, deviations, findings, withheld */
    TEMPLATE_RESULT,
    TEMPLATE_THINGS,
    TEMPLATE_TIMELINE, /* the picture */
    TEMPLATE_HISTORY,  /* the table */
    TEMPLATE_SEALS,
    TEMPLATE_TESTIFY,
    TEMPLATE_NOT_PROVEN,
    TEMPLATE_TIMES, /* claimed, logged, proven */
    TEMPLATE_LINES, /* the certified lines, SPEC 13.6 */
    TEMPLATE_PROOF, /* checkpoint, QR */
    TEMPLATE_CHECK, /* how to repeat it */
    TEMPLATE_PARTS
};

/* Bits of template_block.boxes. */
enum template_box { TEMPLATE_SIGNATURE = 1, TEMPLATE_THUMBPRINT = 2, TEMPLATE_STAMP = 4, TEMPLATE_DATE = 8 };

/* Placeholders: the lines of SPEC 13.6, in the language of the text where they have one. */
enum template_value {
    TEMPLATE_NUMBER,     /* {number}: of the certificate */
    TEMPLATE_CASE,       /* {case} */
    TEMPLATE_DOCKET,     /* {docket} */
    TEMPLATE_COURT,      /* {court} */
    TEMPLATE_SUBJECTS,   /* {things}: their names, shortened where they are many */
    TEMPLATE_COUNT,      /* {count}: of things */
    TEMPLATE_CERTIFIER,  /* {certifier} */
    TEMPLATE_OFFICE,     /* {office} */
    TEMPLATE_AGENCY,     /* {agency} */
    TEMPLATE_MADE,       /* {made}: certified at */
    TEMPLATE_RECORDS,    /* {records}: in the bundle */
    TEMPLATE_SIZE,       /* {size}: records in the ledger */
    TEMPLATE_ROOT,       /* {root}: of the checkpoint */
    TEMPLATE_CHECKPOINT, /* {checkpoint}: its time, and by whom it was witnessed */
    TEMPLATE_SOFTWARE,   /* {software}: name and version */
    TEMPLATE_POLICY,     /* {policy}: SHA-256 */
    TEMPLATE_OUTCOME,    /* {result}: one clause, without a full stop */
    TEMPLATE_LEDGER,     /* {ledger}: origin line */
    TEMPLATE_VALUES
};

/* part holds for TEMPLATE_PART, boxes for TEMPLATE_BOXES, texts for the others. */
struct template_block {
    enum template_kind kind;
    enum template_part part;
    unsigned boxes;
    struct buffer texts[LANGUAGE_COUNT]; /* UTF-8 without control characters, never empty */
};

/* Owned; all zero is the empty one. */
struct template {
    struct template_block *blocks;
    size_t count;
};

/* Borrowed; an empty view puts nothing. */
struct template_values {
    struct view values[TEMPLATE_VALUES];
};

/*
 * Errors: STATUS_DAMAGED, at = line (where a block begins, for what is missing in it; the last line, for what is missing in the file): the text
 * names the line, the name and the rule; STATUS_MEMORY. On errors *out is empty.
 */
MUST_USE enum status template_read(struct view file, struct template *out, struct fault *fault);
/* One that travels in the program, e.g. "cambodia". Errors also: STATUS_MISSING, whose text names those that there are. */
MUST_USE enum status template_own(const char *name, struct template *out, struct fault *fault);
/* The name of the n-th own one, in alphabetical order, into out with its NUL; false: there are fewer. */
bool template_name(size_t n, char out[TEMPLATE_NAME_BYTES + 1]);
/* Frees; accepts an empty one. */
void template_close(struct template *template);

/* Appends a text of a template that was read, with its values; what stands in a value is never read for placeholders. */
void template_fill(struct view text, const struct template_values *values, struct buffer *out);

#endif
