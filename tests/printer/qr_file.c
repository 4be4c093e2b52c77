/* SPDX-License-Identifier: Apache-2.0 */
/* A QR symbol with its quiet zone as binary PBM, for tests: qr_file DOTS-A-MODULE M|Q|H TEXT > SYMBOL.pbm */
#include "printer/qr.h"

#include <stdio.h>
#include <string.h>

#include "printer/bitmap.h"
#include "verify/text.h"

static enum status draw(const struct qr *qr, unsigned dots, struct bitmap *out, struct fault *fault)
{
    unsigned side = (qr->side + 2 * QR_QUIET_MODULES) * dots;
    enum status status = bitmap_create(side, side, out, fault);
    for (unsigned y = 0; status == STATUS_OK && y < qr->side * dots; y++) {
        for (unsigned x = 0; x < qr->side * dots; x++) {
            if (qr->modules[(size_t)(y / dots) * qr->side + x / dots] != 0) {
                bitmap_blacken(out, x + QR_QUIET_MODULES * dots, y + QR_QUIET_MODULES * dots);
            }
        }
    }
    return status;
}

int main(int argc, char **argv)
{
    const char *levels = "MQH";
    const char *level = argc == 4 && strlen(argv[2]) == 1 ? strchr(levels, argv[2][0]) : NULL;
    struct qr qr = { 0 };
    struct bitmap bitmap = { 0 };
    struct fault fault = { 0 };
    uint64_t dots = 0;

    if (level == NULL || !text_decimal(view_text(argv[1]), &dots) || dots == 0 || dots > 100) {
        (void)fprintf(stderr, "usage: qr_file DOTS-A-MODULE M|Q|H TEXT\n");
        return 2;
    }
    enum status status = qr_encode(view_text(argv[3]), (enum qr_level)(level - levels), &qr, &fault);
    if (status == STATUS_OK) {
        status = draw(&qr, (unsigned)dots, &bitmap, &fault);
    }
    if (status == STATUS_OK) {
        (void)printf("P4\n%u %u\n", bitmap.width_dots, bitmap.height_dots);
        status = fwrite(bitmap.bits, bitmap.stride_bytes, bitmap.height_dots, stdout) == bitmap.height_dots ? STATUS_OK : STATUS_ENVIRONMENT;
    } else {
        (void)fprintf(stderr, "%s\n", fault.text);
    }
    qr_free(&qr);
    bitmap_free(&bitmap);
    return status == STATUS_OK ? 0 : 1;
}
