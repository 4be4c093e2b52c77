/* SPDX-License-Identifier: Apache-2.0 */
/*
 * label: where everything stands on a label.
 */
#include "printer/label_inside.h"
#include "printer/paper.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MM POINTS_PER_MM
#define GAP_PT (1.2 * MM)
#define SMALLEST_MODULE_MM 0.35
#define SMALLEST_PT 4.5
#define SHRINK 0.94
#define LEADING 1.06

enum { LINE_BYTES_MAX = 400 }; /* longer ones are cut, whatever they are */

struct box {
    double x, y, width, height;
};

/* The squares of the QR and the boxes for text; the second box takes the lines from `split` on. */
struct plan {
    size_t qr_count, box_count;
    struct box qrs[2], boxes[2];
};

enum status labeller_open(const struct stock *stock, const struct languages *languages, unsigned dpi, struct labeller **out, struct fault *fault)
{
    struct labeller *labeller = calloc(1, sizeof *labeller);
    *out = NULL;
    if (labeller == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    *labeller = (struct labeller){ .stock = stock, .languages = *languages, .dpi = dpi == 0 ? stock->dpi : dpi };
    if (labeller->dpi < 150 || labeller->dpi > 2400) {
        free(labeller);
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%u dots to an inch: a label printer has from 150 to 2400", dpi);
    }
    enum status status = typesetter_open(&labeller->typesetter, fault);
    if (status != STATUS_OK) {
        free(labeller);
        return status;
    }
    *out = labeller;
    return STATUS_OK;
}

void labeller_close(struct labeller *labeller)
{
    if (labeller != NULL) {
        if (labeller->image != NULL) {
            cairo_surface_destroy(labeller->image);
        }
        typesetter_close(&labeller->typesetter);
        free(labeller);
    }
}

unsigned labeller_dpi(const struct labeller *labeller)
{
    return labeller->dpi;
}

/* ---- where things stand ---------------------------------------------------------------------- */

static void make_plan(const struct stock *stock, double text_height, struct plan *out)
{
    double margin = stock->margin * MM, qr = stock->qr * MM, width = stock->width * MM, height = stock->height * MM;
    double beside = margin + qr + GAP_PT;
    *out = (struct plan){ .qr_count = 2, .box_count = 1 };
    out->qrs[0] = (struct box){ margin, margin, qr, qr };
    switch (stock->layout) {
    case STOCK_STACKED:
        out->qrs[1] = (struct box){ margin, height - margin - qr, qr, qr };
        out->boxes[0] = (struct box){ beside, margin, width - beside - margin, height - 2 * margin };
        return;
    case STOCK_ONE:
        out->qr_count = 1;
        out->boxes[0] = (struct box){ beside, margin, width - beside - margin, height - 2 * margin };
        return;
    case STOCK_ENDS:
        out->qrs[1] = (struct box){ width - margin - qr, margin, qr, qr };
        out->boxes[0] = (struct box){ beside, margin, width - 2 * beside, height - 2 * margin };
        return;
    case STOCK_CORNERS:
        out->qrs[1] = (struct box){ width - margin - qr, height - margin - qr, qr, qr };
        out->box_count = 2;
        out->boxes[0] = (struct box){ beside, margin, width - beside - margin, height - 2 * margin - qr - GAP_PT / 2 };
        out->boxes[1] = (struct box){ margin, margin + qr + GAP_PT / 2, width - 2 * margin - qr - GAP_PT, height - 2 * margin - qr - GAP_PT / 2 };
        return;
    case STOCK_COLUMN:
        out->qrs[0].x = (width - qr) / 2;
        out->boxes[0] = (struct box){ margin, margin + qr + GAP_PT, width - 2 * margin, text_height };
        out->qrs[1] = (struct box){ (width - qr) / 2, margin + qr + 2 * GAP_PT + text_height, qr, qr };
        return;
    }
}

/* ---- text ------------------------------------------------------------------------------------ */

/* One line set: its layout, and what goes before it. */
struct set_line {
    PangoLayout *layout;
    double height, indent, sign_height;
};

static void free_set(struct set_line *set, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (set[i].layout != NULL) {
            g_object_unref(set[i].layout);
        }
    }
}

/* One line that is made as small as it must be to stand in the width; what would be smaller than can be read is cut then. */
static enum status set_whole(struct labeller *labeller, struct view text, struct text_style *style, double width, struct set_line *out, struct fault *fault)
{
    double natural = 0;
    enum status status = typeset(&labeller->typesetter, text, style, 0, &out->layout, fault);
    if (status != STATUS_OK) {
        return status;
    }
    typeset_size(out->layout, &natural, NULL);
    if (natural > width) {
        g_object_unref(out->layout);
        out->layout = NULL;
        style->size_pt = fmax(style->size_pt * width / natural * 0.995, SMALLEST_PT);
        status = typeset_short(&labeller->typesetter, text, style, width, 1, &out->layout, fault);
    }
    return status;
}

static enum status set_line(struct labeller *labeller, const struct label *label, const struct label_line *line, double width, double shrink,
                            struct set_line *out, struct fault *fault)
{
    double full_pt = line->kind == LINE_NAME ? labeller->stock->name_pt : labeller->stock->text_pt;
    struct text_style style = { .size_pt = fmax(full_pt * shrink, SMALLEST_PT), .bold = line->bold };
    enum status status = STATUS_OK;
    *out = (struct set_line){ 0 };
    if (line->kind == LINE_SIGNS) {
        out->sign_height = style.size_pt * line->size;
        out->indent = label_signs_width(label, out->sign_height);
    }
    status = line->whole && line->text.len < LINE_BYTES_MAX
                 ? set_whole(labeller, buffer_view(&line->text), &style, width - out->indent, out, fault)
                 : typeset_short(&labeller->typesetter, buffer_view(&line->text), &style, width - out->indent, 1, &out->layout, fault);
    if (status == STATUS_OK) {
        typeset_size(out->layout, NULL, &out->height);
        out->height = fmax(out->height * (line->kind == LINE_NAME ? 1.0 : LEADING), out->sign_height);
    }
    return status;
}

/* All lines in that width. Returns their height. */
static enum status set_lines(struct labeller *labeller, const struct label *label, const struct label_line *lines, size_t count, double width,
                             double shrink, struct set_line *out, double *height, struct fault *fault)
{
    enum status status = STATUS_OK;
    *height = 0;
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = set_line(labeller, label, &lines[i], width, shrink, &out[i], fault);
        *height += out[i].height;
    }
    return status;
}

/* Smaller and smaller until they fit; then without the last ones, but never without the name. */
static enum status fit_lines(struct labeller *labeller, const struct label *label, const struct label_line *lines, size_t *count, const struct box *box,
                             struct set_line *out, struct fault *fault)
{
    double height = 0;
    for (double shrink = 1.0;; shrink *= SHRINK) {
        enum status status = set_lines(labeller, label, lines, *count, box->width, shrink, out, &height, fault);
        if (status != STATUS_OK || height <= box->height || *count == 0) {
            return status;
        }
        if (labeller->stock->text_pt * shrink <= SMALLEST_PT && labeller->stock->name_pt * shrink <= SMALLEST_PT * 2) {
            while (*count > 1 && height > box->height) {
                *count -= 1;
                height -= out[*count].height;
                free_set(&out[*count], 1);
            }
            return STATUS_OK;
        }
        free_set(out, *count);
        memset(out, 0, *count * sizeof *out);
    }
}

static void draw_lines(cairo_t *cairo, const struct label *label, const struct set_line *set, size_t count, const struct box *box)
{
    double y = box->y;
    for (size_t i = 0; i < count; i++) {
        double height = 0;
        if (set[i].sign_height > 0) {
            label_signs_draw(cairo, label, box->x, y, set[i].sign_height);
        }
        typeset_size(set[i].layout, NULL, &height);
        typeset_draw(cairo, set[i].layout, box->x + set[i].indent, y + (set[i].sign_height > 0 ? (set[i].height - height) / 2 : 0), 0);
        y += set[i].height;
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* A module is a whole number of the printer's dots, and begins on one: else it bleeds into the next. */
static void draw_qr(const struct labeller *labeller, cairo_t *cairo, const struct qr *qr, unsigned module_dots, const struct box *box)
{
    double dot = 72.0 / labeller->dpi, side = dot * module_dots * (qr->side + 2 * QR_QUIET_MODULES);
    double x = round((box->x + (box->width - side) / 2) / dot) * dot, y = round((box->y + (box->height - side) / 2) / dot) * dot;
    qr_draw(cairo, qr, x, y, side);
}

static unsigned module_of(const struct labeller *labeller, const struct qr *qr)
{
    return (unsigned)floor(labeller->stock->qr / 25.4 * labeller->dpi / (qr->side + 2 * QR_QUIET_MODULES));
}

/* Level H where its modules are as large as those of level Q, else Q. */
static enum status make_qr(const struct labeller *labeller, const struct label *label, struct qr *out, unsigned *module_dots, struct fault *fault)
{
    struct qr high;
    enum status status = qr_encode(label->tag, QR_QUARTILE, out, fault);
    if (status != STATUS_OK) {
        return status;
    }
    *module_dots = module_of(labeller, out);
    if (*module_dots * 25.4 / labeller->dpi < SMALLEST_MODULE_MM) {
        qr_free(out);
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "a tag of %zu characters is too long for the stock %s: its QR could not be read", label->tag.len,
                         labeller->stock->name);
    }
    struct fault ignored = { 0 };
    if (qr_encode(label->tag, QR_HIGH, &high, &ignored) == STATUS_OK) {
        if (module_of(labeller, &high) == *module_dots) {
            qr_free(out);
            *out = high;
        } else {
            qr_free(&high);
        }
    }
    return STATUS_OK;
}

static enum status draw_parts(struct labeller *labeller, const struct label *label, const struct label_line *lines, size_t count,
                              const struct plan *plan, cairo_t *cairo, struct fault *fault)
{
    size_t split = 0;
    enum status status = STATUS_OK;
    for (size_t i = 0; plan->box_count == 2 && i < count && i < 4 + (label->training ? 1u : 0u); i++) {
        split = i + 1;
    }
    for (size_t i = 0, from = 0; i < plan->box_count && status == STATUS_OK; i++, from = split) {
        struct set_line set[LABEL_LINES_MAX] = { { 0 } };
        size_t here = plan->box_count == 2 && i == 0 ? split : count - from;
        status = fit_lines(labeller, label, lines + from, &here, &plan->boxes[i], set, fault);
        if (status == STATUS_OK) {
            draw_lines(cairo, label, set, here, &plan->boxes[i]);
        }
        free_set(set, LABEL_LINES_MAX);
    }
    return status;
}

/* Height of the lines as they are, for a roll. */
static enum status natural_height(struct labeller *labeller, const struct label *label, const struct label_line *lines, size_t count, double *out,
                                  struct fault *fault)
{
    struct set_line set[LABEL_LINES_MAX] = { { 0 } };
    double width = (labeller->stock->width - 2 * labeller->stock->margin) * MM;
    enum status status = set_lines(labeller, label, lines, count, width, 1.0, set, out, fault);
    free_set(set, LABEL_LINES_MAX);
    return status;
}

static double roll_height(const struct stock *stock, double text_height)
{
    return (2 * stock->margin + 2 * stock->qr) * MM + 2 * GAP_PT + text_height;
}

enum status label_height(struct labeller *labeller, const struct label *label, double *out, struct fault *fault)
{
    struct label_line lines[LABEL_LINES_MAX];
    enum status status = STATUS_OK;
    *out = labeller->stock->height * MM;
    if (labeller->stock->layout == STOCK_COLUMN) {
        size_t count = label_lines(labeller, label, lines);
        status = natural_height(labeller, label, lines, count, out, fault);
        *out = roll_height(labeller->stock, *out);
        label_lines_free(lines, count);
    }
    return status;
}

enum status label_draw(struct labeller *labeller, const struct label *label, cairo_t *cairo, struct fault *fault)
{
    struct label_line lines[LABEL_LINES_MAX];
    struct qr qr = { 0 };
    struct plan plan;
    unsigned module_dots = 0;
    double text_height = 0;
    size_t count = label_lines(labeller, label, lines);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = buffer_status(&lines[i].text, fault);
    }
    if (status == STATUS_OK) {
        status = make_qr(labeller, label, &qr, &module_dots, fault);
    }
    if (status == STATUS_OK && labeller->stock->layout == STOCK_COLUMN) {
        status = natural_height(labeller, label, lines, count, &text_height, fault);
    }
    if (status == STATUS_OK) {
        make_plan(labeller->stock, text_height, &plan);
        status = draw_parts(labeller, label, lines, count, &plan, cairo, fault);
        for (size_t i = 0; i < plan.qr_count && status == STATUS_OK; i++) {
            draw_qr(labeller, cairo, &qr, module_dots, &plan.qrs[i]);
        }
    }
    qr_free(&qr);
    label_lines_free(lines, count);
    return status;
}
