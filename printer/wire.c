/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire: sockets that do not block, and poll up to a deadline.
 */
#include "printer/wire.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

uint64_t wire_now_ms(void)
{
    struct timespec now = { 0 };
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

static enum status failed(int error, struct fault *fault)
{
    return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "%s", error == ECONNRESET || error == EPIPE ? "the printer cut the connection" : strerror(error));
}

/* STATUS_MISSING: not within the time. */
static enum status wait_for(int fd, short events, uint64_t deadline_ms, struct fault *fault)
{
    for (;;) {
        uint64_t now = wire_now_ms();
        if (now >= deadline_ms) {
            return STATUS_MISSING; /* also when there is more to read: an endless answer ends here */
        }
        uint64_t left = deadline_ms - now;
        struct pollfd item = { .fd = fd, .events = events };
        int ready = poll(&item, 1, left > 60000 ? 60000 : (int)left);
        if (ready > 0) {
            return STATUS_OK;
        }
        if (ready < 0 && errno != EINTR) {
            return failed(errno, fault);
        }
    }
}

enum status wire_socket_write(int fd, struct view bytes, uint64_t deadline_ms, size_t *taken, struct fault *fault)
{
    for (;;) {
        ssize_t count = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count >= 0) {
            *taken = (size_t)count;
            return STATUS_OK;
        }
        if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
            return failed(errno, fault);
        }
        enum status status = wait_for(fd, POLLOUT, deadline_ms, fault);
        if (status != STATUS_OK) {
            return status;
        }
    }
}

enum status wire_socket_read(int fd, uint8_t *into, size_t cap, uint64_t deadline_ms, size_t *got, struct fault *fault)
{
    for (;;) {
        enum status status = wait_for(fd, POLLIN, deadline_ms, fault);
        if (status != STATUS_OK) {
            return status;
        }
        ssize_t count = recv(fd, into, cap, MSG_DONTWAIT);
        if (count >= 0) {
            *got = (size_t)count;
            return STATUS_OK;
        }
        if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
            return failed(errno, fault);
        }
    }
}

/* One address. */
static enum status connect_one(const struct addrinfo *address, uint64_t deadline_ms, int *out, struct fault *fault)
{
    int fd = socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address->ai_protocol), error = 0;
    socklen_t size = sizeof error;
    enum status status = STATUS_OK;

    if (fd < 0) {
        return failed(errno, fault);
    }
    if (connect(fd, address->ai_addr, address->ai_addrlen) != 0) {
        error = errno;
        status = error == EINPROGRESS ? wait_for(fd, POLLOUT, deadline_ms, fault) : failed(error, fault);
        if (status == STATUS_MISSING) {
            status = fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "no answer; is it switched on and on the network?");
        } else if (status == STATUS_OK && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error != 0) {
            status = failed(error, fault);
        }
    }
    if (status != STATUS_OK) {
        (void)close(fd);
        fd = -1;
    }
    *out = fd;
    return status;
}

enum status wire_open(const char *host, unsigned port, bool tls, unsigned connect_ms, struct wire *out, struct fault *fault)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV }, *list = NULL;
    struct fault one = { 0 };
    char service[16];
    uint64_t deadline = wire_now_ms() + connect_ms;
    enum status status = STATUS_ENVIRONMENT;

    *out = (struct wire){ .fd = -1 };
    (void)snprintf(service, sizeof service, "%u", port);
    int found = getaddrinfo(host, service, &hints, &list);
    if (found != 0) {
        return fault_set(fault, found == EAI_MEMORY ? STATUS_MEMORY : STATUS_ENVIRONMENT, FAULT_NOWHERE, "no machine of that name is known: %s",
                         found == EAI_SYSTEM ? strerror(errno) : gai_strerror(found));
    }
    for (const struct addrinfo *address = list; address != NULL && out->fd < 0; address = address->ai_next) {
        fault_clear(&one);
        status = connect_one(address, deadline, &out->fd, &one);
    }
    freeaddrinfo(list);
    if (out->fd >= 0 && tls) {
        fault_clear(&one);
        status = wire_tls_open(out->fd, host, deadline, &out->tls, &one);
    }
    if (status != STATUS_OK) {
        wire_close(out);
        return fault_set(fault, status, FAULT_NOWHERE, "%s", one.text);
    }
    return STATUS_OK;
}

void wire_close(struct wire *wire)
{
    wire_tls_close(wire->tls);
    if (wire->fd >= 0) {
        (void)close(wire->fd);
    }
    *wire = (struct wire){ .fd = -1 };
}

enum status wire_write(struct wire *wire, struct view bytes, unsigned stall_ms, struct fault *fault)
{
    while (bytes.len > 0) {
        size_t taken = 0;
        uint64_t deadline = wire_now_ms() + stall_ms;
        enum status status = wire->tls != NULL ? wire_tls_write(wire->tls, wire->fd, bytes, deadline, &taken, fault)
                                               : wire_socket_write(wire->fd, bytes, deadline, &taken, fault);
        if (status == STATUS_MISSING) {
            return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "the printer takes no more; it may be out of paper, open or paused");
        }
        if (status != STATUS_OK) {
            return status;
        }
        wire->written += taken;
        bytes = view_part(bytes, taken, bytes.len - taken);
    }
    return STATUS_OK;
}

enum status wire_read(struct wire *wire, uint8_t *into, size_t cap, uint64_t deadline_ms, size_t *got, struct fault *fault)
{
    return wire->tls != NULL ? wire_tls_read(wire->tls, wire->fd, into, cap, deadline_ms, got, fault)
                             : wire_socket_read(wire->fd, into, cap, deadline_ms, got, fault);
}

void wire_end(struct wire *wire)
{
    (void)shutdown(wire->fd, SHUT_WR);
}

enum status wire_check(const struct wire *wire, struct fault *fault)
{
    int error = 0;
    socklen_t size = sizeof error;
    return getsockopt(wire->fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error != 0 ? failed(error, fault) : STATUS_OK;
}

uint64_t wire_confirmed(const struct wire *wire)
{
    int waiting = 0;
    if (ioctl(wire->fd, SIOCOUTQ, &waiting) != 0 || waiting < 0) {
        return wire->written;
    }
    return (uint64_t)waiting < wire->written ? wire->written - (uint64_t)waiting : 0;
}
