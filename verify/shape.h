/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shape: is the act of the form that the table of acts gives it (SPEC 7.2; V9.3, V9.4, V9.6).
 */
#ifndef UNBROKEN_VERIFY_SHAPE_H
#define UNBROKEN_VERIFY_SHAPE_H

#include "verify/rules.h"

/* Codes `links`, `opening`, `malformed-act`. */
void shape_check(struct replay *replay, const struct record *record, const struct act *act, struct stop *stop);

/* Only payload keys, roles and facts that the act's row allows? What an orphan may state too (SPEC 7.3.17). */
bool shape_fits_row(const struct act *act, const struct act_rule *rule);

/* True for a kind whose role-0 entries open their subjects. */
bool shape_opens(unsigned kind);

/* Origin and CODE of a founding (SPEC 3.1). */
bool shape_origin_check(struct view origin);

#endif
