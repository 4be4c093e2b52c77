/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipt_words: what a receipt is called and for whom each copy is, by the kind of act; the words of the format (names of details, codes,
 * offices) as papers show them. Internal to receipt*.c.
 */
#ifndef UNBROKEN_PRINTER_RECEIPT_WORDS_H
#define UNBROKEN_PRINTER_RECEIPT_WORDS_H

#include "printer/words.h"
#include "verify/acts.h"

struct receipt_title {
    unsigned kind;
    const char *title;   /* "Receipt for things released" */
    bool of_owner;       /* the copies are for the authority and the owner, else for giver and receiver */
};

/* Never NULL; a kind without a title of its own has a general one. */
const struct receipt_title *receipt_title(unsigned kind);
/* For whom the copy is; from the third on: a further copy. */
const char *receipt_copy(const struct receipt_title *title, size_t copy);
/* Captions of the boxes to be signed by hand, four. */
const char *const *receipt_boxes(const struct receipt_title *title);
/* What payload key 13 is of that kind: "Purpose", "Accepted as", "Reason", "Manner"; NULL: the kind has none. */
const char *receipt_code_label(unsigned kind);

/* Appends the name of a detail for people, in both languages: "Seizure time"; "Detail 77" where it is unknown. */
void receipt_detail_label(const struct languages *languages, uint64_t name, struct buffer *out);
/* A time in the languages of the paper: the ISO form stands once, behind it the local forms. */
void receipt_time(const struct languages *languages, uint64_t time_s, int offset_min, struct buffer *out);

#endif
