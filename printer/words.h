/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words: the texts of papers in English, Khmer and Vietnamese. The English text is the key (gettext); printer/po/ has the others. The
 * language is an argument: no locale of the process is asked or set, and two languages may stand on one paper.
 */
#ifndef UNBROKEN_PRINTER_WORDS_H
#define UNBROKEN_PRINTER_WORDS_H

#include "verify/bytes.h"

enum language { LANGUAGE_EN, LANGUAGE_KM, LANGUAGE_VI, LANGUAGE_COUNT };

/* The language, or the two side by side, of one paper. */
struct languages {
    enum language first, second;
    bool both;
};

/* "km", "km,en". Errors: STATUS_REFUSED. */
MUST_USE enum status languages_parse(const char *text, struct languages *out, struct fault *fault);
/* "en", "km", "vi" (BCP 47). */
const char *language_tag(enum language language);

/* Marks a text for the translators where it is not looked up at once. */
#define N_(text) text

/* The text in that language; the English one where the translation is missing (a test sees to it that none is). Never NULL. */
const char *words_in(enum language language, const char *english) __attribute__((format_arg(2)));
/* printf with the translated format. */
void words_print(struct buffer *out, enum language language, const char *english, ...) __attribute__((format(printf, 3, 4)));
/* The English name of a kind of act, for the functions here: that of verify's table, except where one English word would need two translations
   (the outcome of a stock-take is "found" too); a text for a kind that it does not know. */
const char *words_act(uint64_t kind);
/* Both languages with " / " between them, once where they are the same. */
void words_both(struct buffer *out, const struct languages *languages, const char *english);

/* "2018-12-13", and for km and vi the local form beside it: ISO dates and ASCII digits always stand. Local time of that offset. */
void words_date(struct buffer *out, enum language language, uint64_t time_s, int offset_min);
/* "2018-12-13 09:03 +07:00", with the local form of the date as above. */
void words_time(struct buffer *out, enum language language, uint64_t time_s, int offset_min);

#endif
