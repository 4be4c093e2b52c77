/* SPDX-License-Identifier: Apache-2.0 */
/*
 * job: one file to verify, as verdict.c is asked for it: by a caller, or from within a bundle that holds another. Internal to verify/.
 */
#ifndef UNBROKEN_VERIFY_JOB_H
#define UNBROKEN_VERIFY_JOB_H

#include "verify/check.h"

struct job {
    struct view file;
    bool nested; /* it is inside another */
    const struct signed_statement *certificate; /* what it is to prove, or NULL */
    verdict_reader *read; /* who is shown the verified parts, or NULL */
    void *context;
};

/* As verify_read. */
MUST_USE enum status verify_job(struct hasher *hasher, const struct policy *policy, const struct job *job, const struct verify_options *options,
                                struct verdict *out, struct fault *fault);

#endif
