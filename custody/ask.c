/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ask: yes or no.
 */
#include "custody/ask.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum status ask_yes(const char *question, struct fault *fault)
{
    FILE *tty = fopen("/dev/tty", "r+e");
    char line[16] = "";
    bool yes;

    if (tty == NULL) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "no terminal to ask on: %s", question);
    }
    (void)fprintf(tty, "%s [y/n] ", question);
    (void)fflush(tty);
    yes = fgets(line, sizeof line, tty) != NULL && (strcmp(line, "y\n") == 0 || strcmp(line, "yes\n") == 0);
    (void)fclose(tty);
    return yes ? STATUS_OK : fault_set(fault, STATUS_INTERRUPTED, FAULT_NOWHERE, "not confirmed; nothing was done");
}
