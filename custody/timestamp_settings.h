/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timestamp_settings: which time-stamp authorities (TSA) this ledger asks: the optional file timestamp.ini in its directory, or --tsa, --ca and --crl.
 *
 *   url = https://tsa.example/tsr           where it is asked (RFC 3161 over HTTP)
 *   ca = tsa-ca.pem                          whom its certificate must lead to
 *   crl = fetch                              revocation lists: `fetch`, or a file; without it, revocation is not looked at
 *   policy = 1.2.3.4.1                       that its time-stamps must have
 *   tls-ca = ministry-ca.pem                 for https, where the machine's own authorities do not do
 *
 * Each section, [name], is one more authority. Files are beside timestamp.ini unless they begin with a slash.
 */
#ifndef UNBROKEN_CUSTODY_TIMESTAMP_SETTINGS_H
#define UNBROKEN_CUSTODY_TIMESTAMP_SETTINGS_H

#include "custody/session.h"
#include "ledger/timestamp.h"

enum { TIMESTAMP_SETTINGS_MAX = 8, TIMESTAMP_NAME_MAX = 63, TIMESTAMP_VALUE_MAX = 1023 };

/* Empty texts: not set. */
struct timestamp_setting {
    char name[TIMESTAMP_NAME_MAX + 1]; /* of the section */
    char url[TIMESTAMP_VALUE_MAX + 1], ca[TIMESTAMP_VALUE_MAX + 1], crl[TIMESTAMP_VALUE_MAX + 1], policy[TIMESTAMP_VALUE_MAX + 1];
    char tls_ca[TIMESTAMP_VALUE_MAX + 1];
    uint64_t line; /* where it begins */
    struct buffer ca_bytes, crl_bytes; /* the files */
};

struct timestamp_settings {
    struct timestamp_setting tsas[TIMESTAMP_SETTINGS_MAX];
    size_t count;
};

/*
 * With --tsa URL, that one and nothing of the file; with --tsa NAME, those of the file that are named; else all of the file; none: count is 0.
 * The command must declare --tsa (many), --ca and --crl. Errors: STATUS_DAMAGED (the file, with its line), usage errors, STATUS_MISSING (a file that is
 * named), STATUS_ENVIRONMENT, STATUS_MEMORY. timestamp_settings_free in every case.
 */
MUST_USE enum status timestamp_settings_read(struct args *args, const char *directory, struct timestamp_settings *out, struct fault *fault);
void timestamp_settings_free(struct timestamp_settings *settings);
/* For people: its name, or else its address. */
const char *timestamp_settings_label(const struct timestamp_setting *setting);
struct timestamp_tsa timestamp_settings_tsa(const struct timestamp_setting *setting);

/*
 * Trust in all authorities of the file, for papers that say what a time-stamp proves; NULL where there is no file. Free with token_trust_close.
 * Errors: as timestamp_settings_read; STATUS_DAMAGED: certificates that cannot be read.
 */
MUST_USE enum status timestamp_settings_trust(const struct session *session, struct token_trust **out, struct fault *fault);

#define TIMESTAMP_OPTIONS                                                                                                               \
    {"--tsa", OPTION_MANY, "URL", "the authority's address, with --ca; or a name in the ledger's timestamp.ini; else all of that file"}, \
        {"--ca", OPTION_VALUE, "FILE", "PEM certificates to which the authority's must lead"},                                           \
        {"--crl", OPTION_VALUE, "FILE", "its revocation lists, or `fetch`: from where its certificates say"}

#endif
