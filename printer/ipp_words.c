/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ipp_words: the keywords of printer-state-reasons and job-state-reasons (RFC 8011 5.4.12, 5.3.8; PWG 5100) in plain words.
 */
#include "printer/ipp.h"

#include <string.h>

#include "verify/text.h"

enum { REASONS_MAX = 6, REASON_MAX_BYTES = 48 };

static const struct {
    const char *keyword;
    const char *words;
    bool stops; /* also without "-error" behind it */
} reasons[] = {
    { "media-empty", "out of paper", true },
    { "media-needed", "it needs paper", true },
    { "media-jam", "paper jam", true },
    { "door-open", "a door is open", true },
    { "cover-open", "a cover is open", true },
    { "interlock-open", "a cover is open", true },
    { "input-tray-missing", "a paper tray is missing", true },
    { "marker-supply-empty", "out of ink or ribbon", true },
    { "toner-empty", "out of toner", true },
    { "paused", "paused", true },
    { "stopped-partly", "partly stopped", false },
    { "shutdown", "switched off", true },
    { "offline", "off line", true },
    { "timed-out", "it cannot be reached", true },
    { "connecting-to-device", "its device cannot be reached", false },
    { "spool-area-full", "its memory is full", true },
    { "output-area-full", "its output tray is full", true },
    { "fuser-over-temp", "too hot", true },
    { "fuser-under-temp", "too cold", false },
    { "hold-new-jobs", "it holds back new jobs", true },
    { "aborted-by-system", "the printer gave the job up", true },
    { "job-canceled-by-user", "someone at the printer took the job back", true },
    { "job-canceled-by-operator", "the printer's operator took the job back", true },
    { "job-canceled-at-device", "someone at the printer took the job back", true },
    { "unsupported-document-format", "it cannot print such a file", true },
    { "document-format-error", "it cannot read the file", true },
    { "document-unprintable-error", "it cannot print the file", true },
    { "job-hold-until-specified", "it holds the job back", true },
    { "printer-stopped", "the printer is stopped", true },
};

/* The length of a keyword without its severity. */
static size_t bare(const char *keyword, size_t len, const char *severity)
{
    size_t ending = strlen(severity);
    return len > ending && memcmp(keyword + len - ending, severity, ending) == 0 ? len - ending : len;
}

static void append(const char *keyword, bool only_errors, unsigned *told, struct buffer *out)
{
    size_t len = strlen(keyword), stem = bare(keyword, len, "-error");
    bool error = stem < len;
    const char *words = NULL;

    stem = bare(keyword, bare(keyword, stem, "-warning"), "-report");
    bool told_only = !error && stem < len; /* "-warning" and "-report" stop nothing */
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons && words == NULL; i++) {
        size_t known = strlen(reasons[i].keyword);
        if ((known == stem && memcmp(keyword, reasons[i].keyword, stem) == 0) || strcmp(keyword, reasons[i].keyword) == 0) {
            words = reasons[i].words;
            error = error || (reasons[i].stops && !told_only);
        }
    }
    if (strcmp(keyword, "none") == 0 || (only_errors && !error) || *told == REASONS_MAX) {
        return;
    }
    buffer_printf(out, "%s", (*told)++ == 0 ? "" : ", ");
    if (words != NULL) {
        buffer_printf(out, "%s", words);
    } else {
        send_quote(out, keyword, REASON_MAX_BYTES);
    }
}

bool ipp_reasons(ipp_t *message, const char *name, bool only_errors, struct buffer *out)
{
    ipp_attribute_t *attribute = ippFindAttribute(message, name, IPP_TAG_KEYWORD);
    unsigned told = 0;

    for (int i = 0; attribute != NULL && i < ippGetCount(attribute); i++) {
        const char *keyword = ippGetString(attribute, i, NULL);
        if (keyword != NULL) {
            append(keyword, only_errors, &told, out);
        }
    }
    return told > 0;
}
