/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status: fills faults and names statuses. It does not print and does not choose exit codes.
 */
#include "verify/status.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

void fault_clear(struct fault *fault)
{
    fault->status = STATUS_OK;
    fault->at = FAULT_NOWHERE;
    fault->text[0] = '\0';
}

enum status fault_set(struct fault *fault, enum status status, uint64_t at, const char *format, ...)
{
    va_list args;

    if (fault == NULL || fault->status != STATUS_OK) {
        return status;
    }
    fault->status = status;
    fault->at = at;
    va_start(args, format);
    if (vsnprintf(fault->text, sizeof fault->text, format, args) < 0) {
        fault->text[0] = '\0';
    }
    va_end(args);
    return status;
}

const char *status_name(enum status status)
{
    switch (status) {
    case STATUS_OK:
        return "ok";
    case STATUS_DAMAGED:
        return "damaged";
    case STATUS_REFUSED:
        return "refused";
    case STATUS_MISSING:
        return "missing";
    case STATUS_UNTRUSTED:
        return "untrusted";
    case STATUS_ENVIRONMENT:
        return "environment";
    case STATUS_FULL:
        return "full";
    case STATUS_MEMORY:
        return "memory";
    case STATUS_INTERRUPTED:
        return "interrupted";
    }
    return "unknown";
}
