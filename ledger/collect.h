/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect: asks the station's witnesses to cosign its latest signed checkpoint (C2SP tlog-witness `add-checkpoint`), all at once, and keeps what
 * they give. Nothing that a witness answers, or fails to, is an error here: it is in the report. Not here: whom to ask (witnesses.h), and telling people.
 */
#ifndef UNBROKEN_LEDGER_COLLECT_H
#define UNBROKEN_LEDGER_COLLECT_H

#include "ledger/ledger.h"
#include "verify/policy.h"

enum collect_answer {
    COLLECT_HAD = 0,       /* it had cosigned this checkpoint before */
    COLLECT_COSIGNED = 1,
    COLLECT_NO_URL = 2,    /* it is asked by other ways (ledger witness-request) */
    COLLECT_UNREACHED = 3, /* no answer, or not in time */
    COLLECT_LATER = 4,     /* 503, or it moved on while it was asked: ask again */
    COLLECT_AHEAD = 5,     /* it has cosigned more records than this ledger has */
    COLLECT_HISTORY = 6,   /* it has seen another history */
    COLLECT_UNKNOWN = 7,   /* it does not know this ledger, or not this key of it */
    COLLECT_WRONG = 8      /* an answer that tlog-witness does not allow, or a cosignature that does not hold */
};

/* A witness's clock may go wrong, but not by more than a day into the future: its word would stand where its right one belongs. */
enum { COLLECT_AHEAD_S = 86400 };

struct collect_result {
    enum collect_answer answer;
    uint64_t time_s; /* HAD, COSIGNED */
    uint64_t size;   /* AHEAD: how many records it has seen */
    char why[FAULT_TEXT_BYTES]; /* a sentence, escaped; "" where the answer says all */
};

struct collect_report {
    uint64_t size; /* of the checkpoint */
    size_t count;  /* witnesses of the policy */
    struct collect_result results[POLICY_WITNESSES_MAX];
    bool signed_by[POLICY_WITNESSES_MAX];
    size_t added;
};

struct collect_options {
    uint64_t now_s;                /* cosignatures of more than COLLECT_AHEAD_S later are COLLECT_WRONG */
    uint64_t connect_ms, total_ms; /* total_ms: for all of it; 0: 5,000 and 10,000 */
    const char *ca_file;           /* NULL: the machine's authorities */
};

/*
 * No transaction may be open. Errors: STATUS_MISSING (no checkpoint was signed yet), as store; libcurl itself.
 */
MUST_USE enum status collect_cosignatures(struct ledger *ledger, const struct policy *policy, const struct collect_options *options,
                                          struct collect_report *out, struct fault *fault);
/* Nobody is asked: what is stored. Errors likewise. */
MUST_USE enum status collect_stored(struct ledger *ledger, const struct policy *policy, struct collect_report *out, struct fault *fault);

/*
 * The body of a request for the latest checkpoint. *old: what the witness has; NOTHING: the largest older checkpoint that it has cosigned, as
 * far as the store tells, else 0, and *old receives it. witness: its position in the policy. Errors: STATUS_REFUSED (*old is above the
 * checkpoint's size), STATUS_MISSING, as store.
 */
MUST_USE enum status collect_request(struct ledger *ledger, const struct policy *policy, size_t witness, uint64_t *old, struct buffer *out,
                                     struct fault *fault);
/*
 * Lines that came another way: the stored checkpoint that they sign is found, the latest first. Errors: STATUS_UNTRUSTED (no witness of the
 * policy signed a stored checkpoint with them, or at a time that is none or more than COLLECT_AHEAD_S after now_s), STATUS_DAMAGED (no signature lines).
 */
MUST_USE enum status collect_lines(struct ledger *ledger, const struct policy *policy, struct view lines, uint64_t now_s, uint64_t *size,
                                   size_t *added, struct fault *fault);

#endif
