/* SPDX-License-Identifier: Apache-2.0 */
/*
 * passphrase: kept in libsodium's protected memory from the first byte to the last.
 */
#include "custody/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

struct passphrase {
    size_t len;
    uint8_t bytes[PASSPHRASE_BYTES_MAX];
};

static struct passphrase *passphrase_new(struct fault *fault)
{
    struct passphrase *passphrase = sodium_init() < 0 ? NULL : sodium_malloc(sizeof *passphrase);

    if (passphrase == NULL) {
        (void)fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "no protected memory for a passphrase");
        return NULL;
    }
    passphrase->len = 0;
    return passphrase;
}

void passphrase_close(struct passphrase *passphrase)
{
    if (passphrase != NULL) {
        sodium_free(passphrase);
    }
}

struct view passphrase_view(const struct passphrase *passphrase)
{
    return view_of(passphrase->bytes, passphrase->len);
}

enum { CTRL_C = 3 };

/* Up to the first line's end, byte by byte, so that nothing behind it is taken. False: error, too long, or Ctrl-C on a terminal. */
static bool read_line(int fd, bool terminal, struct passphrase *out)
{
    uint8_t c = 0;
    ssize_t n;

    for (;;) {
        n = read(fd, &c, 1);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0 || (n == 1 && terminal && c == CTRL_C)) {
            return false;
        }
        if (n == 0 || c == '\n') {
            break;
        }
        if (out->len == PASSPHRASE_BYTES_MAX) {
            errno = EMSGSIZE;
            return false;
        }
        out->bytes[out->len++] = c;
    }
    if (out->len > 0 && out->bytes[out->len - 1] == '\r') {
        out->len--;
    }
    return true;
}

enum status passphrase_read(const char *path, struct passphrase **out, struct fault *fault)
{
    struct passphrase *passphrase = NULL;
    enum status status = STATUS_OK;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        return fault_set(fault, errno == ENOENT ? STATUS_MISSING : STATUS_ENVIRONMENT, FAULT_NOWHERE,
                         "passphrase file %s: %s", path, strerror(errno));
    }
    passphrase = passphrase_new(fault);
    if (passphrase == NULL) {
        status = STATUS_MEMORY;
    } else if (!read_line(fd, false, passphrase)) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "passphrase file %s: %s", path, strerror(errno));
    } else if (passphrase->len == 0) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "passphrase file %s: its first line is empty", path);
    }
    (void)close(fd);
    if (status != STATUS_OK) {
        passphrase_close(passphrase);
        return status;
    }
    *out = passphrase;
    return STATUS_OK;
}

static void say(int tty, const char *text)
{
    ssize_t ignored = write(tty, text, strlen(text));

    (void)ignored; /* a prompt that cannot be shown changes nothing */
}

/* One line without echo. Signals wait until the terminal echoes again. */
static bool ask_once(int tty, const char *before, const char *what, struct passphrase *out)
{
    struct termios was;
    struct termios quiet;
    sigset_t all;
    sigset_t mask;
    bool good;

    if (tcgetattr(tty, &was) != 0) {
        return false;
    }
    quiet = was;
    quiet.c_lflag &= (tcflag_t) ~(ECHO | ISIG);
    quiet.c_cc[VEOL] = CTRL_C; /* comes as a byte, since signals are off, and at once, as the end of a line does */
    (void)sigfillset(&all);
    (void)sigprocmask(SIG_BLOCK, &all, &mask);
    (void)tcsetattr(tty, TCSAFLUSH, &quiet);
    say(tty, before);
    say(tty, what);
    say(tty, ": ");
    good = read_line(tty, true, out);
    (void)tcsetattr(tty, TCSAFLUSH, &was);
    (void)sigprocmask(SIG_SETMASK, &mask, NULL);
    say(tty, "\n");
    return good;
}

enum status passphrase_ask(const char *what, bool twice, struct passphrase **out, struct fault *fault)
{
    struct passphrase *first = NULL;
    struct passphrase *second = NULL;
    enum status status = STATUS_OK;
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

    if (tty < 0) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "no terminal to ask for the passphrase of %s on", what);
    }
    first = passphrase_new(fault);
    second = passphrase_new(fault);
    if (first == NULL || second == NULL) {
        status = STATUS_MEMORY;
    } else if (!ask_once(tty, "passphrase of ", what, first) || (twice && !ask_once(tty, "again, of ", what, second))) {
        status = fault_set(fault, STATUS_INTERRUPTED, FAULT_NOWHERE, "no passphrase was given for %s", what);
    } else if (first->len == 0) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the passphrase of %s is empty", what);
    } else if (twice && (first->len != second->len || sodium_memcmp(first->bytes, second->bytes, first->len) != 0)) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the two passphrases differ");
    }
    (void)close(tty);
    passphrase_close(second);
    if (status != STATUS_OK) {
        passphrase_close(first);
        return status;
    }
    *out = first;
    return STATUS_OK;
}
