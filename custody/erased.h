/* SPDX-License-Identifier: Apache-2.0 */
/*
 * erased: how an erased detail is shown: by its name, with the record that erased it.
 */
#ifndef UNBROKEN_CUSTODY_ERASED_H
#define UNBROKEN_CUSTODY_ERASED_H

#include <jansson.h>
#include <stdio.h>

#include "custody/session.h"

/* Appends {"record", "name", "value": null, "erased-by": RECORD} for what record `index` said of the subject, or of all that it touches. */
MUST_USE enum status erased_list(struct session *session, uint64_t subject, uint64_t index, json_t *list, struct fault *fault);
/* Appends the same for all of them, with "subject" (a name or null) in the place of "record". */
MUST_USE enum status erased_list_all(struct session *session, uint64_t index, json_t *list, struct fault *fault);
/* "(erased by record N)" for such an object; false, and nothing, for any other. */
bool erased_print(const json_t *one, FILE *out);
/* Appends "(erased)" when that detail of the record was. */
void erased_mention(struct session *session, uint64_t index, uint64_t subject, uint64_t name, struct buffer *out);

#endif
