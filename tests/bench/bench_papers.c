/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_papers: the papers of a whole seizure, each made by the program as a person starts it: 1,026 labels as PDF and as ZPL, a receipt, a certificate
 * of one piece, the report. Seconds with those of opening key files taken off, size, and the most memory that the process had. Beside the labels: the
 * same pages drawn by cairo, Pango and libqrencode alone, without a ledger. Prints and judges nothing.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qrencode.h>

#include "tests/bench/seizure.h"
#include "tests/bench/table.h"

enum { ROUNDS = 3, WORDS_MAX = 40, MODULE_PT = 2 };

static char program[512];

struct cost {
    double seconds;
    double peak_mb;
    double file_mb;
};

/* Starts it and waits. */
static struct cost start(const char *file, const char *const *words)
{
    struct rusage usage;
    struct stat info;
    int status = 0;
    double begin_s = table_now_s();
    pid_t child = fork();

    if (child == 0) {
        int nowhere = open("/dev/null", O_RDWR);
        char *argv[WORDS_MAX];
        int argc = 0;

        argv[argc++] = program;
        for (; words[argc - 1] != NULL; argc++) {
            argv[argc] = strdup(words[argc - 1]);
        }
        argv[argc] = NULL;
        (void)dup2(nowhere, STDOUT_FILENO);
        (void)execv(program, argv);
        _exit(127);
    }
    table_need(child > 0 && wait4(child, &status, 0, &usage) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0, words[0]);
    begin_s = table_now_s() - begin_s;
    table_need(stat(file, &info) == 0, file);
    return (struct cost){.seconds = begin_s, .peak_mb = (double)usage.ru_maxrss / 1024, .file_mb = (double)info.st_size / 1e6};
}

static void put(const char *what, const struct cost *costs, double keys_s, double goal_s, const char *goal, const char *raw, double raw_s)
{
    struct table_row row = {.ratio = -1};
    double seconds[ROUNDS];
    double s;

    for (unsigned i = 0; i < ROUNDS; i++) {
        seconds[i] = costs[i].seconds;
    }
    s = table_median(seconds, ROUNDS) - keys_s;
    (void)snprintf(row.what, sizeof row.what, "%s", what);
    (void)snprintf(row.ours, sizeof row.ours, "%.2f s, %.2f MB", s, costs[0].file_mb);
    (void)snprintf(row.raw, sizeof row.raw, "%s%speak %.0f MB", raw, raw[0] == '\0' ? "" : "; ", costs[0].peak_mb);
    row.ratio = raw_s > 0 ? raw_s / s : -1;
    (void)snprintf(row.goal, sizeof row.goal, "%s", goal);
    row.mark = goal_s <= 0 ? TABLE_NO_GOAL : s < goal_s && costs[0].peak_mb < 64 ? TABLE_MET : TABLE_MISSED;
    table_line(&row);
}

static void raw_page(cairo_t *cairo, PangoLayout *layout, unsigned number)
{
    char text[64];
    QRcode *code;

    (void)snprintf(text, sizeof text, "U1/KHPP-%u-X/ABCDEFGHIJKLMNOP/1", number);
    code = QRcode_encodeString(text, 0, QR_ECLEVEL_Q, QR_MODE_8, 1);
    table_need(code != NULL, "a QR symbol");
    for (int twice = 0; twice < 2; twice++) {
        for (int at = 0; at < code->width * code->width; at++) {
            if ((code->data[at] & 1) != 0) {
                cairo_rectangle(cairo, 20 + at % code->width * MODULE_PT, 20 + twice * 95 + at / code->width * MODULE_PT, MODULE_PT, MODULE_PT);
            }
        }
    }
    cairo_fill(cairo);
    QRcode_free(code);
    for (unsigned line = 0; line < 8; line++) {
        (void)snprintf(text, sizeof text, "line %u of label %u: piece of tusk", line, number);
        pango_layout_set_text(layout, text, -1);
        cairo_move_to(cairo, 100, 20 + line * 14);
        pango_cairo_show_layout(cairo, layout);
    }
    cairo_show_page(cairo);
}

/* The same pages by the bare libraries. */
static double raw_labels(void)
{
    double begin_s = table_now_s();
    cairo_surface_t *pdf = cairo_pdf_surface_create("raw.pdf", 289, 215);
    cairo_t *cairo = cairo_create(pdf);
    PangoLayout *layout = pango_cairo_create_layout(cairo);
    PangoFontDescription *font = pango_font_description_from_string("Noto Sans 9");

    pango_layout_set_font_description(layout, font);
    for (unsigned i = 0; i < SEIZURE_ITEMS; i++) {
        raw_page(cairo, layout, i);
    }
    pango_font_description_free(font);
    g_object_unref(layout);
    cairo_destroy(cairo);
    cairo_surface_finish(pdf);
    cairo_surface_destroy(pdf);
    return table_now_s() - begin_s;
}

#define KEYED "--ledger", "led", "--now", "2018-12-14T10:00:00+07:00", "--passphrase-file", "pass", "--key", "off.key", NULL
#define READING "--ledger", "led", "--now", "2018-12-14T10:00:00+07:00", NULL

static void measure(void)
{
    struct cost pdf[ROUNDS], zpl[ROUNDS], receipt[ROUNDS], certificate[ROUNDS], report[ROUNDS];
    const char *of_case = seizure_name(SEIZURE_FIRST_CASE), *item = seizure_name(SEIZURE_FIRST_CASE + 1);
    double raw_s[ROUNDS], keys_s[ROUNDS];
    char raw[64];

    for (unsigned i = 0; i < ROUNDS; i++) {
        const char *force = "--force";

        keys_s[i] = seizure_open_key("off.key");
        pdf[i] = start("l.pdf", (const char *const[]){"label", "--case", of_case, "--again", "--pdf", "l.pdf", force, KEYED});
        zpl[i] = start("l.zpl", (const char *const[]){"label", "--case", of_case, "--again", "--zpl", "l.zpl", force, KEYED});
        receipt[i] = start("r.pdf", (const char *const[]){"receipt", item, "-o", "r.pdf", force, READING});
        certificate[i] = start("c.pdf", (const char *const[]){"certify", item, "-o", "c.pdf", force, KEYED});
        report[i] = start("p.pdf", (const char *const[]){"report", "--case", of_case, "-o", "p.pdf", force, READING});
        raw_s[i] = raw_labels();
    }
    (void)snprintf(raw, sizeof raw, "bare libraries %.2f s", table_median(raw_s, ROUNDS));
    put("labels of 1,026 pieces, 27 pallets: PDF", pdf, table_median(keys_s, ROUNDS), 2, "under 2 s and 64 MB", raw, table_median(raw_s, ROUNDS));
    put("  the same as ZPL, 203 dpi", zpl, table_median(keys_s, ROUNDS), 2, "under 2 s and 64 MB", "", 0);
    put("receipt of one piece", receipt, 0, 0, "", "", 0);
    put("certificate of one piece", certificate, table_median(keys_s, ROUNDS), 0.3, "under 0.3 s", "", 0);
    put("report on the whole seizure", report, 0, 0, "", "", 0);
}

int main(void)
{
    static char list[512];
    const char *build = getenv("BUILD");

    table_begin();
    seizure_enter(list, sizeof list);
    (void)snprintf(program, sizeof program, "%s%s%s/unbroken", build != NULL && build[0] == '/' ? "" : seizure_home(), build != NULL && build[0] == '/' ? "" : "/",
                   build == NULL ? "build" : build);
    seizure_prepare(1);
    (void)SEIZURE_RUN("register", seizure_name(SEIZURE_FIRST_CASE), "--items", list, "--pack-by", "package", "--key", "off.key", SEIZURE_TAIL);
    measure();
    seizure_leave();
    table_end();
    return EXIT_SUCCESS;
}
