/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tour_forge: what an administrator does who does not know the format well: a weight is changed in the file, and the file's check sum is
 * made right. Cleverer forgers are in tests/attack/.
 */
#include <string.h>

#include "custody/tour.h"
#include "custody/wholefile.h"
#include "verify/bundle.h"
#include "verify/hash.h"

enum { FACT_NET_KEY = 5, UINT32_HEAD = 0x1a, PATTERN_BYTES = 6 };

/* Key 5 and the mass, as they stand in a record's facts: CBOR, four bytes for what is over 65 grams. */
static void pattern(uint64_t mg, uint8_t out[PATTERN_BYTES])
{
    out[0] = FACT_NET_KEY;
    out[1] = UINT32_HEAD;
    for (size_t i = 0; i < 4; i++) {
        out[2 + i] = (uint8_t)(mg >> (24 - 8 * i));
    }
}

enum status tour_forge(uint64_t from_mg, uint64_t to_mg, bool sum, struct fault *fault)
{
    uint8_t from[PATTERN_BYTES];
    uint8_t to[PATTERN_BYTES];
    struct buffer file = {0};
    size_t changed = 0;
    enum status status = wholefile_read("case.bundle", BUNDLE_BYTES_MAX, &file, fault);

    pattern(from_mg, from);
    pattern(to_mg, to);
    for (size_t i = 0; status == STATUS_OK && i + PATTERN_BYTES + HASH_BYTES <= file.len; i++) {
        if (memcmp(file.ptr + i, from, PATTERN_BYTES) == 0) {
            memcpy(file.ptr + i, to, PATTERN_BYTES);
            changed++;
        }
    }
    if (status == STATUS_OK && (changed == 0 || from_mg <= UINT16_MAX || to_mg <= UINT16_MAX || from_mg > UINT32_MAX || to_mg > UINT32_MAX)) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "case.bundle: there is no such weight to change");
    }
    if (status == STATUS_OK && sum) {
        struct hasher *hasher = NULL;

        status = hasher_open(&hasher, fault);
        if (status == STATUS_OK) {
            struct hash check;
            size_t body = file.len - HASH_BYTES - 2; /* before the head of the last byte string: SPEC V1 */

            hash_data(hasher, view_of(file.ptr, body), &check);
            memcpy(file.ptr + body + 2, check.bytes, HASH_BYTES);
        }
        hasher_close(hasher);
    }
    if (status == STATUS_OK) {
        status = wholefile_write("forged.bundle", buffer_view(&file), true, fault);
    }
    buffer_free(&file);
    return status;
}
