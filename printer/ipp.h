/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ipp: one question of the Internet Printing Protocol (RFC 8010, 8011) and its answer, each on a connection of its own: the certificate is
 * looked at each time. libcups packs and unpacks the messages. Only send_ipp.c includes it.
 */
#ifndef UNBROKEN_PRINTER_IPP_H
#define UNBROKEN_PRINTER_IPP_H

#include "printer/send_inside.h"

#include <cups/ipp.h>

/* A question with what each needs: charset, language, the printer's address, our name. NULL: out of memory. The caller deletes it (ippDelete). */
ipp_t *ipp_question(const struct send_target *target, ipp_op_t operation);

/*
 * Asks. data: the document behind the question, or empty; *went: how much of it reached the printer, also on failure. *answer: with a good
 * status, the caller deletes it; NULL on failure. Errors: STATUS_ENVIRONMENT (not reached, HTTP or IPP say no, no IPP), STATUS_UNTRUSTED,
 * STATUS_MEMORY; the message names no printer. *code: IPP's status, or IPP_STATUS_CUPS_INVALID where there was none.
 */
MUST_USE enum status ipp_ask(const struct sending *sending, ipp_t *question, struct view data, ipp_t **answer, ipp_status_t *code, uint64_t *went,
                             struct fault *fault);

/* Is that an IPP message, whole, and not nested deeper than 8? libcups would follow any depth. */
bool ipp_sound(struct view message);

/* An attribute's number, or otherwise if it is not there. type: IPP_TAG_ENUM, IPP_TAG_INTEGER. */
int ipp_number(ipp_t *message, const char *name, ipp_tag_t type, int otherwise);

/*
 * Appends an attribute's reasons (printer-state-reasons, job-state-reasons) in plain words, with its own keyword where we have none:
 * "out of paper, media-foo". only_errors: only those that end in "-error" and those that always stop a printer. False: there was none to tell.
 */
bool ipp_reasons(ipp_t *message, const char *name, bool only_errors, struct buffer *out);

#endif
