/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan: a keyboard-wedge scanner on standard input, line by line. Each line is answered at once; nothing is
 * recorded here. An interruption (Ctrl-C, hang-up, termination) is told apart from the end of input.
 */
#ifndef UNBROKEN_CUSTODY_SCAN_H
#define UNBROKEN_CUSTODY_SCAN_H

#include "verify/bytes.h"

enum { SCAN_LINE_BYTES_MAX = 4096 };

/* One line without CR, LF and outer spaces, never empty. An error ends the scan; a refusal of one tag is no error. */
typedef enum status scan_line(void *context, struct view line, struct fault *fault);

/*
 * From fd until its end. Errors: STATUS_INTERRUPTED, STATUS_ENVIRONMENT, STATUS_REFUSED (a line that is too long), the callback's.
 */
MUST_USE enum status scan_lines(int fd, scan_line *line, void *context, struct fault *fault);

/* The first word of a line, and what stands behind the spaces after it. */
struct view scan_word(struct view line, struct view *rest);

#endif
