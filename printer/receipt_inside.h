/* SPDX-License-Identifier: Apache-2.0 */
/* receipt_inside: what the files receipt*.c share while a copy is drawn. */
#ifndef UNBROKEN_PRINTER_RECEIPT_INSIDE_H
#define UNBROKEN_PRINTER_RECEIPT_INSIDE_H

#include "printer/dossier_look.h"
#include "printer/paper.h"
#include "printer/receipt.h"
#include "printer/receipt_words.h"

/* All borrowed. */
struct receipt_sheet {
    const struct receipt_paper *receipt;
    const struct receipt_form *form;
    const struct dossier *dossier;
    const struct dossier_record *record;
    struct paper *paper;
};

/* What was done, by whom, when, where, for whom; and what else its signers say (receipt_act.c). */
void receipt_put_act(const struct receipt_sheet *sheet);
/* The things (receipt_things.c). */
void receipt_put_things(const struct receipt_sheet *sheet);
/* What the station's check says, the proof in letters, and the QR (receipt_proof.c). */
void receipt_put_proof(const struct receipt_sheet *sheet);

/* Appends a text of the program in the paper's languages. */
void receipt_words_put(const struct receipt_sheet *sheet, const char *english, struct buffer *out);
/* Appends "KHPP-9-J Customs store": the name with its title; a title that is withheld is said to be. */
void receipt_put_name(const struct receipt_sheet *sheet, uint64_t subject, struct buffer *out);
/* Appends what the detail says; where it is withheld or erased, by which record. */
void receipt_put_value(const struct receipt_sheet *sheet, const struct dossier_detail *detail, struct buffer *out);
/* Appends grams as kilograms: "18.600". */
void receipt_put_kg(uint64_t mg, struct buffer *out);

#endif
