/* SPDX-License-Identifier: Apache-2.0 */
/*
 * label_out: labels as pages, sheets, pictures and ZPL.
 */
#include "printer/label_inside.h"

#include "printer/png_file.h"
#include "printer/zpl.h"
#include "verify/text.h"

#include <cairo-pdf.h>

#include <math.h>
#include <string.h>

#define A4_WIDTH_PT (210.0 * POINTS_PER_MM)
#define A4_HEIGHT_PT (297.0 * POINTS_PER_MM)

/* ---- PDF ------------------------------------------------------------------------------------- */

static cairo_status_t take_bytes(void *context, const unsigned char *bytes, unsigned len)
{
    struct buffer *out = context;
    buffer_append(out, bytes, len);
    return out->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void put_data(cairo_surface_t *pdf, uint64_t made_s)
{
    struct buffer date = { 0 };
    text_time(&date, made_s);
    buffer_append_byte(&date, '\0');
    if (!date.failed && date.ptr[0] != '@') {
        cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATE_DATE, (const char *)date.ptr);
        cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_MOD_DATE, (const char *)date.ptr);
    }
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATOR, "Unbroken");
    buffer_free(&date);
}

static enum status put_page(struct labeller *labeller, const struct label *label, cairo_surface_t *pdf, cairo_t *cairo, struct fault *fault)
{
    double height = 0;
    enum status status = label_height(labeller, label, &height, fault);
    if (status == STATUS_OK) {
        cairo_pdf_surface_set_size(pdf, labeller->stock->width * POINTS_PER_MM, height);
        status = label_draw(labeller, label, cairo, fault);
        cairo_show_page(cairo);
    }
    return status;
}

/* The place of a label on its sheet, on a dot of the printer. */
static void place(const struct labeller *labeller, unsigned cell, double *x, double *y)
{
    const struct stock *stock = labeller->stock;
    double dot = 72.0 / labeller->dpi;
    *x = round((stock->left + stock->across * (cell % stock->columns)) * POINTS_PER_MM / dot) * dot;
    *y = round((stock->top + stock->down * (cell / stock->columns)) * POINTS_PER_MM / dot) * dot;
}

static enum status put_cell(struct labeller *labeller, const struct label *label, unsigned cell, cairo_t *cairo, struct fault *fault)
{
    double x = 0, y = 0;
    place(labeller, cell, &x, &y);
    cairo_save(cairo);
    cairo_translate(cairo, x, y);
    enum status status = label_draw(labeller, label, cairo, fault);
    cairo_restore(cairo);
    return status;
}

enum status labels_pdf(struct labeller *labeller, const struct label *labels, size_t count, unsigned start_at, uint64_t made_s, label_told *told,
                       void *context, struct buffer *out, struct fault *fault)
{
    const struct stock *stock = labeller->stock;
    unsigned cells = stock->columns * stock->rows, cell = start_at == 0 ? 0 : start_at - 1;
    if (start_at > 1 && cell >= cells) {
        return cells == 0 ? fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the stock %s is no sheet: there is no label %u on it", stock->name, start_at)
                          : fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "a sheet of the stock %s has %u labels: none is number %u", stock->name, cells, start_at);
    }
    cairo_surface_t *pdf = cairo_pdf_surface_create_for_stream(take_bytes, out, cells > 0 ? A4_WIDTH_PT : stock->width * POINTS_PER_MM,
                                                               cells > 0 ? A4_HEIGHT_PT : fmax(stock->height, 1) * POINTS_PER_MM);
    cairo_t *cairo = cairo_create(pdf);
    enum status status = STATUS_OK;
    put_data(pdf, made_s);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        if (cells == 0) {
            status = put_page(labeller, &labels[i], pdf, cairo, fault);
        } else {
            if (i > 0 && cell == 0) {
                cairo_show_page(cairo);
            }
            status = put_cell(labeller, &labels[i], cell, cairo, fault);
            cell = (cell + 1) % cells;
        }
        if (told != NULL) {
            told(context, i + 1);
        }
    }
    if (cells > 0) {
        cairo_show_page(cairo);
    }
    cairo_destroy(cairo);
    cairo_surface_finish(pdf);
    bool drawn = cairo_surface_status(pdf) == CAIRO_STATUS_SUCCESS;
    cairo_surface_destroy(pdf);
    return status != STATUS_OK ? status : drawn ? STATUS_OK : fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
}

/* ---- pictures -------------------------------------------------------------------------------- */

/* White paper is coverage 0, so that nothing is drawn where nothing is printed. */
static enum status draw_coverage(struct labeller *labeller, const struct label *label, cairo_surface_t *surface, struct fault *fault)
{
    cairo_t *cairo = cairo_create(surface);
    double scale = labeller->dpi / 72.0;
    cairo_scale(cairo, scale, scale);
    enum status status = label_draw(labeller, label, cairo, fault);
    if (status == STATUS_OK && cairo_status(cairo) != CAIRO_STATUS_SUCCESS) {
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    return status;
}

/* The labeller's picture, white, of that size. */
static cairo_surface_t *take_image(struct labeller *labeller, unsigned width, unsigned height)
{
    cairo_surface_t *image = labeller->image;
    if (image != NULL && cairo_image_surface_get_width(image) == (int)width && cairo_image_surface_get_height(image) == (int)height) {
        cairo_surface_flush(image);
        memset(cairo_image_surface_get_data(image), 0, (size_t)cairo_image_surface_get_stride(image) * height);
        cairo_surface_mark_dirty(image);
        return image;
    }
    if (image != NULL) {
        cairo_surface_destroy(image);
    }
    labeller->image = cairo_image_surface_create(CAIRO_FORMAT_A8, (int)width, (int)height);
    return labeller->image;
}

enum status label_bitmap(struct labeller *labeller, const struct label *label, struct bitmap *out, struct fault *fault)
{
    double height_pt = 0;
    *out = (struct bitmap){ 0 };
    enum status status = label_height(labeller, label, &height_pt, fault);
    if (status != STATUS_OK) {
        return status;
    }
    unsigned width = (unsigned)floor(labeller->stock->width / 25.4 * labeller->dpi), height = (unsigned)ceil(height_pt / 72.0 * labeller->dpi - 1e-6);
    status = bitmap_create(width, height, out, fault);
    if (status != STATUS_OK) {
        return status;
    }
    cairo_surface_t *surface = take_image(labeller, width, height);
    status = cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS ? draw_coverage(labeller, label, surface, fault)
                                                                    : fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    if (status == STATUS_OK) {
        bitmap_take(out, cairo_image_surface_get_data(surface), (size_t)cairo_image_surface_get_stride(surface));
    } else {
        bitmap_free(out);
    }
    return status;
}

enum status label_png(struct labeller *labeller, const struct label *label, struct buffer *out, struct fault *fault)
{
    struct bitmap bitmap;
    enum status status = label_bitmap(labeller, label, &bitmap, fault);
    if (status == STATUS_OK) {
        status = png_file(&bitmap, labeller->dpi, out, fault);
        bitmap_free(&bitmap);
    }
    return status;
}

enum status labels_zpl(struct labeller *labeller, const struct label *labels, size_t count, label_told *told, void *context, struct buffer *out,
                       struct fault *fault)
{
    enum status status = STATUS_OK;
    if (labeller->stock->columns > 0) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the stock %s is a sheet: label printers take none; print it as PDF", labeller->stock->name);
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct bitmap bitmap;
        status = label_bitmap(labeller, &labels[i], &bitmap, fault);
        if (status == STATUS_OK) {
            status = zpl_label(&bitmap, out, fault);
            bitmap_free(&bitmap);
        }
        if (told != NULL) {
            told(context, i + 1);
        }
    }
    return status;
}
