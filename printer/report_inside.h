/* SPDX-License-Identifier: Apache-2.0 */
/* report_inside: what the parts of the prosecutor's report share. */
#ifndef UNBROKEN_PRINTER_REPORT_INSIDE_H
#define UNBROKEN_PRINTER_REPORT_INSIDE_H

#include "printer/case_report.h"
#include "printer/dossier_look.h"
#include "printer/paper.h"

/* Ascending numbers of records, persons or things, each once after report_numbers_sort. Owned. */
struct report_numbers {
    uint64_t *list;
    size_t count, cap;
};

/* Things whose histories are alike: the same acts on the same days by the same people. */
struct report_group {
    size_t *things;  /* positions in report.things, ascending; owned by the report */
    size_t count;
};

struct report_thing {
    const struct dossier_subject *subject;
    struct dossier_passage passage;
    const struct dossier_record **steps; /* the acts on its way, each once; owned */
    size_t step_count;
    struct buffer history; /* what its group goes by */
};

struct report {
    const struct dossier *dossier;
    const struct case_report_form *form;
    const struct dossier_subject *of_case;
    struct paper paper;
    struct buffer first, second; /* scratch: one text in both languages */
    struct report_thing *things; /* items and containers of the closure, ascending */
    size_t thing_count;
    size_t *order;               /* positions in things, group by group */
    struct report_group *groups; /* in the order of their first things */
    size_t group_count;
};

/* ---- numbers (report_say.c); failed memory goes to the paper ---- */
void report_number(struct report *report, struct report_numbers *numbers, uint64_t number);
void report_numbers_sort(struct report_numbers *numbers);
void report_numbers_free(struct report_numbers *numbers);

/* ---- texts in the report's languages (report_say.c) ---- */
enum language report_second(const struct report *report);
/* Both scratch texts put on the paper, side by side where there are two languages. */
void report_flush(struct report *report, double size, bool bold);
/* The same into a cell: " / " between, once where they are alike. */
void report_join(struct report *report, struct buffer *out);
/* A paragraph: the English text as first variable argument, in N_(""). */
#define report_say(report, size, bold, ...) \
    (words_print(&(report)->first, (report)->form->languages.first, __VA_ARGS__), \
     words_print(&(report)->second, report_second(report), __VA_ARGS__), report_flush(report, size, bold))
/* The same into a cell. */
#define report_cell(report, out, ...) \
    (words_print(&(report)->first, (report)->form->languages.first, __VA_ARGS__), \
     words_print(&(report)->second, report_second(report), __VA_ARGS__), report_join(report, out))
/* A word of verify/'s tables or of the program. */
void report_word(struct report *report, struct buffer *out, const char *english);
/* A bold line that stands with what follows. */
void report_line(struct report *report, const char *english);

/* ---- what records and subjects are called (report_say.c) ---- */
/* "KHPP-4-Y Sok Dara"; of what is withheld that it is. */
void report_subject(struct report *report, struct buffer *out, uint64_t number);
/* "KHPP-12-2 to KHPP-40-V, KHPP-51-1"; of more than that many runs the rest is counted. */
void report_names(struct report *report, struct buffer *out, const struct report_numbers *numbers, size_t runs_max);
/* "12, 40-45" */
void report_records(struct buffer *out, const struct report_numbers *numbers, size_t runs_max);
/* "2018-12-13 09:03": ISO and digits alone, for tables: the report's own offset is told at its head. */
void report_time(const struct report *report, struct buffer *out, uint64_t time_s);
void report_date(const struct report *report, struct buffer *out, uint64_t time_s);
/* "release (storage)" */
void report_act(struct report *report, struct buffer *out, const struct dossier_record *record);
/* "KHPP-4-Y Sok Dara, officer; ..." */
void report_signers(struct report *report, struct buffer *out, const struct dossier_record *record);
/* "KHPP-6-U Nguyen Thi Da", "any custodian at KHPP-9-J Store" */
void report_party(struct report *report, struct buffer *out, const struct party *party);
void report_seals(struct report *report, struct buffer *out, struct dossier_run seals);
/* "detecting agency": the name of a detail; in English without its hyphens. */
void report_detail_name(struct report *report, struct buffer *out, uint64_t name);
/* The value, or that it is withheld or erased and under which record. */
void report_detail(struct report *report, struct buffer *out, const struct dossier_detail *detail);
/* "3 d 4 h", "25 min" */
void report_duration(struct report *report, struct buffer *out, uint64_t seconds);
/* A row of cells that are buffers, which are freed. */
void report_row(struct report *report, struct buffer *cells, size_t count, bool bold);
/* "label  value", the value freed. */
void report_fact(struct report *report, const char *label, struct buffer *value);

/* ---- each thing of a group (report_things.c) ---- */
void report_group_things(struct report *report, const struct report_group *group);

/* ---- groups (report_groups.c) ---- */
MUST_USE enum status report_groups_make(struct report *report, struct fault *fault);
void report_groups_free(struct report *report);

/* ---- parts, in their order ---- */
void report_cover(struct report *report);
void report_verdict(struct report *report);
void report_overview(struct report *report);
void report_attack(struct report *report);
void report_people(struct report *report);
void report_open(struct report *report);
void report_discrepancies(struct report *report);
void report_seal_history(struct report *report);
void report_stocktakes(struct report *report);
void report_weights(struct report *report);
void report_items(struct report *report);
void report_proof(struct report *report);

#endif
