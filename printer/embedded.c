/* SPDX-License-Identifier: Apache-2.0 */
#include "printer/embedded.h"

#include <string.h>

/* embedded.S; each file from its first symbol to the one at its end. */
#define FILES(X)                                                                                                       \
    X("km.mo", km_mo)                                                                                                  \
    X("stocks.ini", stocks_ini)                                                                                        \
    X("templates/cambodia.ini", cambodia)                                                                              \
    X("templates/general.ini", general)                                                                                \
    X("templates/india-bsa-63.ini", india_bsa_63)                                                                      \
    X("templates/us-fre-902.ini", us_fre_902)                                                                          \
    X("templates/vietnam.ini", vietnam)                                                                                \
    X("vi.mo", vi_mo)

#define DECLARE(name, symbol) extern const uint8_t embedded_##symbol[], embedded_##symbol##_end[];
FILES(DECLARE)

#define ROW(name, symbol) { name, embedded_##symbol, embedded_##symbol##_end },

/* Ascending by name. */
static const struct {
    const char *name;
    const uint8_t *begin, *end;
} files[] = { FILES(ROW) };

bool embedded_find(const char *name, struct view *out)
{
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (strcmp(files[i].name, name) == 0) {
            *out = view_of(files[i].begin, (size_t)(files[i].end - files[i].begin));
            return true;
        }
    }
    return false;
}

const char *embedded_name(const char *beginning, size_t n)
{
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (strncmp(files[i].name, beginning, strlen(beginning)) == 0 && n-- == 0) {
            return files[i].name;
        }
    }
    return NULL;
}
