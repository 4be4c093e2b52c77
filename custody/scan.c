/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan: poll on the input and on a signalfd, so that no handler and no global is needed, and no signal is missed.
 */
#include "custody/scan.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

struct gather {
    uint8_t line[SCAN_LINE_BYTES_MAX];
    size_t len;
    bool too_long;
    scan_line *take;
    void *context;
};

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* What has been gathered, if it is more than spaces. */
static enum status give(struct gather *gather, struct fault *fault)
{
    struct view line = view_of(gather->line, gather->len);

    gather->len = 0;
    if (gather->too_long) {
        gather->too_long = false;
        return gather->take(gather->context, view_of(NULL, 0), fault);
    }
    while (line.len > 0 && is_space(line.ptr[0])) {
        line = view_part(line, 1, line.len - 1);
    }
    while (line.len > 0 && is_space(line.ptr[line.len - 1])) {
        line.len--;
    }
    return line.len == 0 ? STATUS_OK : gather->take(gather->context, line, fault);
}

/* CR, LF and both end a line: scanners differ. */
static enum status take_bytes(struct gather *gather, const uint8_t *bytes, size_t len, struct fault *fault)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < len && status == STATUS_OK; i++) {
        if (bytes[i] == '\n' || bytes[i] == '\r') {
            status = give(gather, fault);
        } else if (gather->len == SCAN_LINE_BYTES_MAX) {
            gather->too_long = true;
        } else {
            gather->line[gather->len++] = bytes[i];
        }
    }
    return status;
}

static enum status read_all(int fd, int signals, struct gather *gather, struct fault *fault)
{
    struct pollfd polled[2] = {{.fd = signals, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
    uint8_t bytes[512];
    enum status status;
    ssize_t n;

    for (;;) {
        if (poll(polled, 2, -1) < 0) {
            if (errno == EINTR) {
                continue;
            }
            return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "the scanner cannot be read: %s", strerror(errno));
        }
        if (polled[0].revents != 0) {
            return fault_set(fault, STATUS_INTERRUPTED, FAULT_NOWHERE, "interrupted: nothing was recorded");
        }
        n = read(fd, bytes, sizeof bytes);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "the scanner cannot be read: %s", strerror(errno));
        }
        if (n == 0) {
            return give(gather, fault);
        }
        status = take_bytes(gather, bytes, (size_t)n, fault);
        if (status != STATUS_OK) {
            return status;
        }
    }
}

enum status scan_refuse_long(struct view line, struct fault *refusal)
{
    return line.ptr != NULL ? STATUS_OK
                            : fault_set(refusal, STATUS_REFUSED, FAULT_NOWHERE, "a line of over %d bytes is no tag", SCAN_LINE_BYTES_MAX);
}

struct view scan_word(struct view line, struct view *rest)
{
    size_t len = 0;
    size_t next;

    while (len < line.len && line.ptr[len] != ' ' && line.ptr[len] != '\t') {
        len++;
    }
    next = len;
    while (next < line.len && (line.ptr[next] == ' ' || line.ptr[next] == '\t')) {
        next++;
    }
    *rest = view_part(line, next, line.len - next);
    return view_part(line, 0, len);
}

enum status scan_lines(int fd, scan_line *line, void *context, struct fault *fault)
{
    struct gather gather = {.take = line, .context = context};
    enum status status;
    sigset_t stops;
    sigset_t mask;
    sigset_t pending;
    int signals;

    (void)sigemptyset(&stops);
    (void)sigaddset(&stops, SIGINT);
    (void)sigaddset(&stops, SIGTERM);
    (void)sigaddset(&stops, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &stops, &mask) != 0) {
        return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "signals: %s", strerror(errno));
    }
    signals = signalfd(-1, &stops, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals < 0) {
        status = fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "signals: %s", strerror(errno));
    } else {
        status = read_all(fd, signals, &gather, fault);
        /* One that came with the last line counts too. */
        if (status == STATUS_OK && sigpending(&pending) == 0 &&
            (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGHUP) == 1)) {
            status = fault_set(fault, STATUS_INTERRUPTED, FAULT_NOWHERE, "interrupted: nothing was recorded");
        }
        /* Taken here, so that unblocking does not kill us before we have said so. */
        if (status == STATUS_INTERRUPTED) {
            struct signalfd_siginfo info;

            while (read(signals, &info, sizeof info) == (ssize_t)sizeof info) {
            }
        }
        (void)close(signals);
    }
    (void)sigprocmask(SIG_SETMASK, &mask, NULL);
    return status;
}
