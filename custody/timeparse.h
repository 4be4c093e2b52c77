/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timeparse: times that people type: 2018-12-13, 2018-12-13T09:30, 2018-12-13T09:30:00, with Z or +07:00 behind or
 * without (then the station's own offset). A space may stand for the T; Khmer digits are read.
 */
#ifndef UNBROKEN_CUSTODY_TIMEPARSE_H
#define UNBROKEN_CUSTODY_TIMEPARSE_H

#include "verify/bytes.h"

/*
 * offset_min: minutes east of UTC where the text has none; receives the text's. A date alone is the start of that day, or with end_of_day its
 * last second. Errors: STATUS_REFUSED (not a time, before 1970, after 9999).
 */
MUST_USE enum status timeparse(const char *text, bool end_of_day, int *offset_min, uint64_t *time_s, struct fault *fault);
/* Minutes east of UTC of this machine's zone at that time. */
int timeparse_local_offset(uint64_t time_s);

#endif
