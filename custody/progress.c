/* SPDX-License-Identifier: Apache-2.0 */
/*
 * progress: at most ten times a second, so that it costs nothing.
 */
#include "custody/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { STEP_MS = 100 };

static uint64_t now_ms(void)
{
    struct timespec now;

    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) {
        return 0;
    }
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static bool step(void *context, uint64_t done, uint64_t total)
{
    struct progress_line *line = context;
    uint64_t now = now_ms();

    if (now - line->shown_ms >= STEP_MS && isatty(STDERR_FILENO) != 0) {
        (void)fprintf(stderr, "\r%" PRIu64 " of %" PRIu64 " %s\033[K", done, total, line->what);
        (void)fflush(stderr);
        line->shown_ms = now;
        line->open = true;
    }
    return true;
}

struct progress progress_to(struct progress_line *line)
{
    return (struct progress){step, line};
}

void progress_end(struct progress_line *line)
{
    if (line->open) {
        (void)fprintf(stderr, "\r\033[K");
        line->open = false;
    }
}
