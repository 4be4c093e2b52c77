/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan: a keyboard-wedge scanner on standard input, line by line. Each line is answered at once; nothing is
 * recorded here. An interruption (Ctrl-C, hang-up, termination) is told apart from the end of input.
 */
#ifndef UNBROKEN_CUSTODY_SCAN_H
#define UNBROKEN_CUSTODY_SCAN_H

#include "verify/bytes.h"

enum { SCAN_LINE_BYTES_MAX = 4096 };

/*
 * One line without CR, LF and outer spaces, never empty; its ptr is NULL for one of over SCAN_LINE_BYTES_MAX bytes, which is skipped to
 * its end: scan_refuse_long says so. An error ends the scan; a refusal of one line is no error.
 */
typedef enum status scan_line(void *context, struct view line, struct fault *fault);

/*
 * From fd until its end. Errors: STATUS_INTERRUPTED, STATUS_ENVIRONMENT, the callback's.
 */
MUST_USE enum status scan_lines(int fd, scan_line *line, void *context, struct fault *fault);

/* Fills the refusal where the line was too long; else STATUS_OK. */
MUST_USE enum status scan_refuse_long(struct view line, struct fault *refusal);

/* The first word of a line, and what stands behind the spaces after it. */
struct view scan_word(struct view line, struct view *rest);

#endif
