/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mass: see the header.
 */
#include "custody/mass.h"

#include <inttypes.h>

#include "custody/digits.h"
#include "verify/state.h"
#include "verify/text.h"

enum { DRIFT_PERCENT = 2, DRIFT_FREE_MG = 1000 }; /* SPEC 7.3.7; the ledger decides */

/* A decimal number with at most `decimals` places, in units of its last place. */
static bool fixed_point(struct view text, unsigned decimals, uint64_t *out)
{
    uint64_t scale = 1, whole = 0, part = 0;
    size_t point = 0;

    while (point < text.len && text.ptr[point] != '.') {
        point++;
    }
    for (unsigned i = 0; i < decimals; i++) {
        scale *= 10;
    }
    if (!text_decimal(view_part(text, 0, point), &whole) || whole > NUM_MAX / scale) {
        return false;
    }
    if (point < text.len) {
        size_t digits = text.len - point - 1;

        if (digits < 1 || digits > decimals) {
            return false;
        }
        for (size_t i = 0; i < decimals; i++) {
            uint8_t c = i < digits ? text.ptr[point + 1 + i] : '0';

            if (c < '0' || c > '9') {
                return false;
            }
            part = part * 10 + (uint64_t)(c - '0');
        }
    }
    *out = whole * scale + part; /* below 2^53 + scale */
    return *out <= NUM_MAX;
}

bool mass_grams(struct view text, uint64_t *out_mg)
{
    struct buffer plain = {0};
    bool good;

    digits_to_ascii(text, &plain);
    good = !plain.failed && fixed_point(buffer_view(&plain), 3, out_mg);
    buffer_free(&plain);
    return good;
}

static bool ends_with(struct view text, const char *unit, struct view *rest)
{
    struct view end = view_text(unit);

    if (text.len <= end.len || !view_equal(view_part(text, text.len - end.len, end.len), end)) {
        return false;
    }
    *rest = view_part(text, 0, text.len - end.len);
    while (rest->len > 0 && rest->ptr[rest->len - 1] == ' ') {
        rest->len--;
    }
    return true;
}

bool mass_parse(struct view text, uint64_t *out_mg)
{
    static const struct {
        const char *unit;
        unsigned decimals; /* of that unit in a milligram */
    } units[] = {{"kg", 6}, {"mg", 0}, {"g", 3}, {"", 3}};
    struct buffer plain = {0};
    bool good = false;

    digits_to_ascii(text, &plain);
    for (size_t i = 0; i < sizeof units / sizeof units[0] && !plain.failed; i++) {
        struct view number = buffer_view(&plain);

        if (units[i].unit[0] == '\0' || ends_with(buffer_view(&plain), units[i].unit, &number)) {
            good = fixed_point(number, units[i].decimals, out_mg);
            break;
        }
    }
    buffer_free(&plain);
    return good;
}

void mass_print(uint64_t mg, struct buffer *out)
{
    uint64_t part = mg % 1000;
    int places = 3;

    buffer_printf(out, "%" PRIu64, mg / 1000);
    while (places > 0 && part % 10 == 0) {
        part /= 10;
        places--;
    }
    if (places > 0) {
        buffer_printf(out, ".%0*" PRIu64, places, part);
    }
}

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

static const char *sign(uint64_t before_mg, uint64_t now_mg)
{
    return now_mg > before_mg ? "+" : now_mg < before_mg ? "-" : "";
}

void mass_print_change(uint64_t before_mg, uint64_t now_mg, struct buffer *out)
{
    buffer_printf(out, "%s", sign(before_mg, now_mg));
    mass_print(distance(before_mg, now_mg), out);
}

void mass_print_percent(uint64_t before_mg, uint64_t now_mg, struct buffer *out)
{
    uint64_t permille;

    if (before_mg == 0) {
        return;
    }
    permille = distance(before_mg, now_mg) * 1000 / before_mg; /* below 2^53 * 1000 < 2^63 */
    buffer_printf(out, "%s%" PRIu64 ".%" PRIu64, permille == 0 ? "" : sign(before_mg, now_mg), permille / 10, permille % 10);
}

enum status mass_net(uint64_t gross_mg, uint64_t tare_mg, uint64_t *net_mg, struct fault *fault)
{
    struct buffer sum = {0};
    enum status status = STATUS_OK;

    if ((gross_mg == NOTHING) != (tare_mg == NOTHING)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "gross and tare go together: %s is missing",
                         gross_mg == NOTHING ? "gross" : "tare");
    }
    if (gross_mg == NOTHING) {
        return *net_mg != NOTHING ? STATUS_OK
                                  : fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "no weight: net is needed, or gross and tare");
    }
    if (tare_mg > gross_mg) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "tare is more than gross");
    }
    if (*net_mg == NOTHING) {
        *net_mg = gross_mg - tare_mg;
    } else if (*net_mg != gross_mg - tare_mg) {
        mass_print(gross_mg - tare_mg, &sum);
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "net is not gross less tare, which is %.*s g", (int)sum.len,
                           (const char *)sum.ptr);
    }
    buffer_free(&sum);
    return status;
}

bool mass_drifts(uint64_t before_mg, uint64_t now_mg)
{
    uint64_t off_mg = distance(before_mg, now_mg);

    return off_mg > DRIFT_FREE_MG && off_mg * 100 > before_mg * DRIFT_PERCENT;
}
