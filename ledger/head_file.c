/* SPDX-License-Identifier: Apache-2.0 */
/*
 * head_file: the remembered head is the text of a checkpoint, without signatures.
 */
#include "ledger/head_file.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/files.h"
#include "verify/text.h"

enum { HEAD_BYTES_MAX = 1024 };

#define LOST_TEXT \
    "bring them back from a newer backup or from bundles: unbroken ledger reconcile --from ..."

char *head_default_path(const char *dir)
{
    char *real = realpath(dir, NULL); /* ".", "led/." and a link to it are the same directory: NULL before it is founded */
    const char *from = real == NULL ? dir : real;
    size_t len = strlen(from);
    char *path = malloc(len + sizeof ".head");

    if (path != NULL) {
        while (len > 1 && from[len - 1] == '/') {
            len--;
        }
        memcpy(path, from, len);
        memcpy(path + len, ".head", sizeof ".head");
    }
    free(real);
    return path;
}

/* The next line of text, without its newline; false when there is none. */
static bool take_line(struct view *text, struct view *line)
{
    const uint8_t *end = text->len == 0 ? NULL : memchr(text->ptr, '\n', text->len);
    size_t len;

    if (end == NULL) {
        return false;
    }
    len = (size_t)(end - text->ptr);
    *line = view_part(*text, 0, len);
    *text = view_part(*text, len + 1, text->len - len - 1);
    return true;
}

static enum status parse_head(const struct ledger *ledger, struct view text, struct head *out, struct fault *fault)
{
    struct view origin;
    struct view size;
    struct view root;
    struct buffer bytes = {0};
    enum status status = STATUS_OK;

    if (!take_line(&text, &origin) || !take_line(&text, &size) || !take_line(&text, &root) || text.len != 0 ||
        !text_decimal(size, &out->size) || out->size == 0 || !text_base64_decode(root, &bytes) ||
        bytes.len != HASH_BYTES) {
        status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "%s is not a remembered head: three lines are wanted",
                           ledger->head_path);
    } else if (!view_equal(origin, view_text(ledger->origin))) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is the remembered head of another ledger than %s",
                           ledger->head_path, ledger->origin);
    } else {
        out->root = hash_of_view(buffer_view(&bytes));
    }
    buffer_free(&bytes);
    return status;
}

enum status head_read(const struct ledger *ledger, struct head *out, struct fault *fault)
{
    struct buffer text = {0};
    struct fault inner = {0};
    enum status status = files_read(ledger->head_path, HEAD_BYTES_MAX, &text, &inner);

    if (status == STATUS_OK) {
        status = parse_head(ledger, buffer_view(&text), out, fault);
    } else if (status != STATUS_MISSING) {
        status = fault_set(fault, status, FAULT_NOWHERE, "%s", inner.text);
    }
    buffer_free(&text);
    return status;
}

enum status head_write(const struct ledger *ledger, const struct head *head, struct fault *fault)
{
    struct buffer text = {0};
    enum status status;

    checkpoint_text(view_text(ledger->origin), head->size, &head->root, &text);
    status = buffer_status(&text, fault);
    if (status == STATUS_OK) {
        status = files_replace(ledger->head_path, buffer_view(&text), 0644, fault);
    }
    buffer_free(&text);
    return status;
}

void head_before(struct ledger *ledger)
{
    struct head head = {0};
    struct fault ignored = {0};

    ledger->early.known = head_read(ledger, &head, &ignored) == STATUS_OK;
    ledger->early.size = head.size;
    ledger->early.root = head.root;
}

enum status head_compare(struct ledger_txn *txn, struct fault *fault)
{
    const struct ledger *ledger = txn->ledger;
    unsigned long long size = txn->meta.size;
    struct head head = {0};
    struct hash root;
    enum status status;

    /* A snapshot is compared with the head as it was before it: another process may have signed a newer one since. */
    if (!txn->write && ledger->early.known) {
        head.size = ledger->early.size;
        head.root = ledger->early.root;
        status = STATUS_OK;
    } else {
        status = head_read(ledger, &head, fault);
    }
    if (status == STATUS_MISSING && txn->meta.checkpoint == 0) {
        return STATUS_OK;
    }
    if (status == STATUS_MISSING) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                         "the remembered head %s is missing, but a checkpoint of %llu records was signed: put the file back; or compare with "
                         "what others hold: unbroken ledger reconcile",
                         ledger->head_path, (unsigned long long)txn->meta.checkpoint);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (head.size > size) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                         "the store has %llu records, but a head of %llu was signed (%s): %llu records are missing; " LOST_TEXT,
                         size, (unsigned long long)head.size, ledger->head_path, (unsigned long long)head.size - size);
    }
    status = ledger_root(txn, head.size, &root, fault);
    if (status == STATUS_OK && !hash_equal(&root, &head.root)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                         "the store has %llu records, but its first %llu are not those of the signed head (%s); " LOST_TEXT, size,
                         (unsigned long long)head.size, ledger->head_path);
    }
    return status;
}
