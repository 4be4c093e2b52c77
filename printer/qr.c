/* SPDX-License-Identifier: Apache-2.0 */
/*
 * qr: libqrencode, which chooses between digits, capitals and bytes along the text by itself.
 */
#include "printer/qr.h"

#include <qrencode.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum status qr_encode(struct view text, enum qr_level level, struct qr *out, struct fault *fault)
{
    static const QRecLevel levels[] = { [QR_MEDIUM] = QR_ECLEVEL_M, [QR_QUARTILE] = QR_ECLEVEL_Q, [QR_HIGH] = QR_ECLEVEL_H };
    char *string = malloc(text.len + 1);
    QRcode *code = NULL;
    int why = 0;

    *out = (struct qr){ 0 };
    if (string != NULL) {
        memcpy(string, text.ptr, text.len);
        string[text.len] = '\0';
        code = QRcode_encodeString(string, 0, levels[level], QR_MODE_8, 1);
        why = errno;
    }
    free(string);
    if (code == NULL) {
        return why == ERANGE ? fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%zu characters are more than a QR symbol of that level holds", text.len)
                             : fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    size_t count = (size_t)code->width * (size_t)code->width;
    out->modules = malloc(count);
    if (out->modules == NULL) {
        QRcode_free(code);
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    for (size_t i = 0; i < count; i++) {
        out->modules[i] = code->data[i] & 1u;
    }
    out->side = (unsigned)code->width;
    QRcode_free(code);
    return STATUS_OK;
}

void qr_free(struct qr *qr)
{
    free(qr->modules);
    *qr = (struct qr){ 0 };
}
