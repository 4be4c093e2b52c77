/* SPDX-License-Identifier: Apache-2.0 */
/* template: those that travel in the program (templates/). */
#include "printer/template.h"

#include "printer/embedded.h"

#include <stdio.h>
#include <string.h>

#define FOLDER "templates/"
#define ENDING ".ini"

bool template_name(size_t n, char out[TEMPLATE_NAME_BYTES + 1])
{
    const char *file = embedded_name(FOLDER, n);
    if (file == NULL) {
        return false;
    }
    const char *name = file + strlen(FOLDER);
    (void)snprintf(out, TEMPLATE_NAME_BYTES + 1, "%.*s", (int)(strlen(name) - strlen(ENDING)), name);
    return true;
}

static bool well_formed(const char *name)
{
    size_t len = strlen(name);
    return len > 0 && len <= TEMPLATE_NAME_BYTES && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

static enum status none(const char *name, struct fault *fault)
{
    struct buffer all = { 0 };
    char each[TEMPLATE_NAME_BYTES + 1];
    for (size_t n = 0; template_name(n, each); n++) {
        buffer_printf(&all, "%s%s", n == 0 ? "" : ", ", each);
    }
    buffer_append_byte(&all, 0);
    enum status status = buffer_status(&all, fault);
    if (status == STATUS_OK) {
        status = fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "%s is no template; there are: %s", well_formed(name) ? name : "that", (const char *)all.ptr);
    }
    buffer_free(&all);
    return status;
}

enum status template_own(const char *name, struct template *out, struct fault *fault)
{
    char path[sizeof FOLDER + TEMPLATE_NAME_BYTES + sizeof ENDING];
    struct view file;
    *out = (struct template){ 0 };
    if (!well_formed(name)) {
        return none(name, fault);
    }
    (void)snprintf(path, sizeof path, FOLDER "%s" ENDING, name);
    return embedded_find(path, &file) ? template_read(file, out, fault) : none(name, fault);
}
