/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paper_settings: how this station prints: the optional file paper.ini in the ledger's directory, which options override.
 *
 *   web = HTTPS://EVIDENCE.EXAMPLE/#       address before each tag, so that a telephone opens it (SPEC 13.1); ends in #
 *   agency = General Department of Customs  stands on labels
 *   language = km,en                        of papers
 *   stock = evidence                        of labels
 *   printer = tcp://192.0.2.7:9100          where labels are printed
 *   dpi = 300                               of that printer
 */
#ifndef UNBROKEN_CUSTODY_PAPER_SETTINGS_H
#define UNBROKEN_CUSTODY_PAPER_SETTINGS_H

#include "custody/args.h"
#include "printer/words.h"

enum { PAPER_WEB_MAX = 40, PAPER_VALUE_MAX = 255 };

/* Empty texts and 0: not set. */
struct paper_settings {
    char web[PAPER_WEB_MAX + 1];
    char agency[PAPER_VALUE_MAX + 1], stock[PAPER_VALUE_MAX + 1], printer[PAPER_VALUE_MAX + 1];
    struct languages languages; /* English unless set */
    unsigned dpi;
};

/*
 * The file of the ledger in that directory, then --web, --language, --stock, --printer, --dpi of the command line, where the command
 * declares them. Errors: STATUS_DAMAGED (the file, with its line), usage errors, STATUS_ENVIRONMENT, STATUS_MEMORY.
 */
MUST_USE enum status paper_settings_read(struct args *args, const char *directory, struct paper_settings *out, struct fault *fault);

#define PAPER_LANGUAGE_OPTION {"--language", OPTION_VALUE, "km,en", "en, km or vi, or two of them side by side"}
#define PAPER_WEB_OPTION {"--web", OPTION_VALUE, "ADDRESS", "put before each QR's text, so that a telephone opens it; in capitals, ends in #"}

#endif
