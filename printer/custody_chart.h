/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custody_chart: one thing's custody over time as a picture: a lane for each custodian, bars for the time in which the thing was with him,
 * marks for seals and broken rules, an axis with ISO dates, a legend. Each state has a pattern of its own beside its colour, for courts
 * copy in black and white. Not here: what happened (dossier.h); whether it was right (verify/).
 */
#ifndef UNBROKEN_PRINTER_CUSTODY_CHART_H
#define UNBROKEN_PRINTER_CUSTODY_CHART_H

#include "printer/paper.h"

struct dossier;

/* How a bar is filled. CHART_LATE and CHART_MISSING are red, and lie over the others. */
enum chart_state {
    CHART_HELD,    /* plain grey */
    CHART_TRANSIT, /* hatched: released, not yet accepted; in the releaser's lane */
    CHART_OUT,     /* dotted: with somebody without a key */
    CHART_LATE,    /* red, hatched crosswise: the time by which it was due has passed, or nobody answered for thirty days */
    CHART_MISSING, /* red with black edges and a white cross: a stock-take did not find it */
    CHART_STATES
};

enum chart_mark {
    CHART_SEALED,   /* a seal was put on: a black triangle */
    CHART_OPENED,   /* a seal was taken off: a white triangle */
    CHART_DIFFERS,  /* other seals were found than should be on it: a cross in a circle, red */
    CHART_BREACH,   /* another rule was broken: a flag, red */
    CHART_CLOSED,   /* it left custody for good: a black square */
    CHART_MARKS
};

enum { CHART_LANES_MAX = 24 }; /* what is beyond stands in the last lane, which says so */

struct chart_bar {
    size_t lane;
    uint64_t from_s, until_s;
    enum chart_state state;
    struct buffer label; /* stands in the bar where it has room */
};

struct chart_point {
    uint64_t time_s;
    enum chart_mark mark;
    uint64_t record; /* or NOTHING */
};

/* Owned; zero it before use. A failed allocation is sticky and told when it is drawn. */
struct custody_chart {
    struct buffer *lanes; /* names */
    size_t lane_count, lane_cap;
    struct chart_bar *bars;
    size_t bar_count, bar_cap;
    struct chart_point *points;
    size_t point_count, point_cap;
    uint64_t from_s, until_s; /* of the axis: grows with what is put in */
    int offset_min;           /* of the dates on the axis */
    bool bare;                /* without a legend: that of a picture above it serves */
    bool failed;
};

/* The lane of that name, added where there is none yet. */
size_t custody_chart_lane(struct custody_chart *chart, struct view name);
/* until_s before from_s (a clock set back): the bar covers what lies between. label is copied; may be empty. */
void custody_chart_bar(struct custody_chart *chart, size_t lane, uint64_t from_s, uint64_t until_s, enum chart_state state, struct view label);
void custody_chart_mark(struct custody_chart *chart, uint64_t time_s, enum chart_mark mark, uint64_t record);
void custody_chart_close(struct custody_chart *chart);

/*
 * From the spans, seals and breaches of a thing (custody_chart_of.c): times are those logged; what lasts ends at the last record of the
 * dossier. Names of offices and places in `languages`' first.
 */
void custody_chart_of(const struct dossier *dossier, uint64_t thing, const struct languages *languages, struct custody_chart *chart);

/* What a drawing needs of the paper that it stands on. */
struct chart_look {
    struct typesetter *typesetter; /* borrowed */
    struct languages languages;
    double base_pt;
};

/* In points. */
double custody_chart_height(const struct custody_chart *chart, const struct chart_look *look);
/* Where that moment is, in points from the left edge of a drawing of that width; moments outside the axis are at its ends. */
double custody_chart_x(const struct custody_chart *chart, const struct chart_look *look, double width_pt, uint64_t time_s);
/*
 * Draws it with its upper left corner at the origin. Errors: STATUS_REFUSED (a name has a character that no font has), STATUS_MEMORY,
 * STATUS_ENVIRONMENT.
 */
MUST_USE enum status custody_chart_draw(const struct custody_chart *chart, const struct chart_look *look, cairo_t *cairo, double width_pt,
                                        struct fault *fault);
/* A new page unless a title of that height and the picture fit on this one; at most a page. */
void custody_chart_need(struct paper *paper, const struct custody_chart *chart, double title_pt);
/* The same on a paper, kept on one page; nothing where it has no bars. Errors go to the paper. */
void custody_chart_put(struct paper *paper, const struct custody_chart *chart);
/*
 * The same, and under it, each to a scale of its own, at most that many close-ups of times so full that the picture cannot tell what
 * happened in them (custody_chart_close.c).
 */
void custody_chart_put_close(struct paper *paper, const struct custody_chart *chart, size_t most);

/* The part of a chart from one moment to another: its bars, cut there, its marks, and the lanes of these. Owned by the caller. */
void custody_chart_part(const struct custody_chart *chart, uint64_t from_s, uint64_t until_s, struct custody_chart *out);
struct chart_window {
    uint64_t from_s, until_s;
    size_t events;
};
/* Times of at most a twelfth of the axis in which three or more moments of change lie; at most `most`, the fullest ones, by time. */
size_t custody_chart_crowded(const struct custody_chart *chart, struct chart_window *out, size_t most);

#endif
