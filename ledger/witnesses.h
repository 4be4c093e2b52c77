/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witnesses: whom the station asks to cosign its checkpoints, and what its courts' trust files say of them: DIR/witnesses.policy, a C2SP
 * tlog-policy without `log` lines (`witness NAME VKEY URL`, `group`, `quorum`), and DIR/witnesses.pem, the authorities of their HTTPS, if any.
 * Not here: asking them (collect.h).
 */
#ifndef UNBROKEN_LEDGER_WITNESSES_H
#define UNBROKEN_LEDGER_WITNESSES_H

#include "ledger/ledger.h"
#include "verify/policy.h"

/* Errors: STATUS_MISSING (none are configured), STATUS_DAMAGED (line and rule), STATUS_ENVIRONMENT. Close with policy_close. */
MUST_USE enum status witnesses_read(struct ledger *ledger, struct policy **out, struct fault *fault);
/* The bytes of the file; STATUS_MISSING. */
MUST_USE enum status witnesses_text(struct ledger *ledger, struct buffer *out, struct fault *fault);
/*
 * Checks the text and puts it in the place of the old one; pem, PEM certificates (not looked at but for their form, -----BEGIN CERTIFICATE-----), in
 * the place of the old authorities, which stay where pem is empty. What is refused changes neither. Errors: STATUS_DAMAGED (form, line and rule; no certificate), STATUS_REFUSED (a `log` line; a key
 * that is or was the station's: nobody witnesses himself; no witness; a URL that is none).
 */
MUST_USE enum status witnesses_install(struct ledger *ledger, struct view text, struct view pem, struct fault *fault);
/* No witnesses any more, and no authorities. */
MUST_USE enum status witnesses_remove(struct ledger *ledger, struct fault *fault);
/* The path of witnesses.pem, or NULL where there is none (or no memory); owned by the caller. */
char *witnesses_authorities(struct ledger *ledger);

#endif
