/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void *run(void *context)
{
    struct listener *listener = context;
    for (unsigned index = 0; !listener->over; index++) {
        int fd = accept(listener->fd, NULL, NULL);
        if (fd < 0) {
            break;
        }
        listener->serve(fd, index, listener->context);
        (void)close(fd);
        listener->served++;
    }
    return NULL;
}

void listener_start(struct listener *listener, listener_serve *serve, void *context)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;

    *listener = (struct listener){ .serve = serve, .context = context, .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
    if (listener->fd < 0 || bind(listener->fd, (const struct sockaddr *)&address, size) != 0 || listen(listener->fd, 8) != 0
        || getsockname(listener->fd, (struct sockaddr *)&address, &size) != 0) {
        abort();
    }
    listener->port = ntohs(address.sin_port);
    if (pthread_create(&listener->thread, NULL, run, listener) != 0) {
        abort();
    }
}

void listener_stop(struct listener *listener)
{
    listener->over = true;
    (void)shutdown(listener->fd, SHUT_RDWR); /* wakes accept */
    (void)pthread_join(listener->thread, NULL);
    (void)close(listener->fd);
}

void listener_write(int fd, struct view bytes)
{
    while (bytes.len > 0) {
        ssize_t count = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (count <= 0) {
            return;
        }
        bytes = view_part(bytes, (size_t)count, bytes.len - (size_t)count);
    }
}

bool listener_read_to(int fd, struct buffer *out, const char *text, size_t limit)
{
    size_t len = strlen(text);
    while (out->len < limit) {
        uint8_t bytes[65536];
        size_t room = limit - out->len;
        ssize_t count = recv(fd, bytes, room < sizeof bytes ? room : sizeof bytes, 0);
        if (count <= 0) {
            return false;
        }
        buffer_append(out, bytes, (size_t)count);
        if (len > 0 && out->len >= len && memcmp(out->ptr + out->len - len, text, len) == 0) {
            return true;
        }
    }
    return false;
}

void listener_break(int fd)
{
    struct linger none = { .l_onoff = 1, .l_linger = 0 };
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
}
