/* SPDX-License-Identifier: Apache-2.0 */
#include "custody/paper_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/wholefile.h"
#include "printer/ini.h"
#include "verify/text.h"

enum { FILE_BYTES_MAX = 65536 };

/* HTTPS:// and capitals, digits and what a QR holds as densely: so the address costs few modules. */
static bool is_web(const char *text)
{
    size_t len = strlen(text);

    return len > strlen("HTTPS://A/#") - 1 && len <= PAPER_WEB_MAX && (strncmp(text, "HTTPS://", 8) == 0 || strncmp(text, "HTTP://", 7) == 0) &&
           strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:/-") == len - 1 && text[len - 1] == '#';
}

/* One setting; NULL, or the rule that it breaks. */
static const char *set(struct paper_settings *settings, const char *name, const char *value)
{
    const struct { const char *name; char *slot; } texts[] = {
        {"agency", settings->agency}, {"stock", settings->stock}, {"printer", settings->printer}};
    struct fault ignored = {0};
    uint64_t dpi = 0;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(name, texts[i].name) == 0) {
            (void)snprintf(texts[i].slot, PAPER_VALUE_MAX + 1, "%s", value);
            return strlen(value) <= PAPER_VALUE_MAX ? NULL : "is at most 255 bytes long";
        }
    }
    if (strcmp(name, "web") == 0) {
        (void)snprintf(settings->web, sizeof settings->web, "%s", value);
        return is_web(value) ? NULL : "is an address in capitals of at most 40 characters that ends in #, like HTTPS://EVIDENCE.EXAMPLE/#";
    }
    if (strcmp(name, "language") == 0) {
        return languages_parse(value, &settings->languages, &ignored) == STATUS_OK ? NULL : "is en, km or vi, or two of them as in km,en";
    }
    if (strcmp(name, "dpi") == 0) {
        settings->dpi = text_decimal(view_text(value), &dpi) && dpi >= 150 && dpi <= 2400 ? (unsigned)dpi : 0;
        return settings->dpi != 0 ? NULL : "is a whole number from 150 to 2400, as 203, 300 or 600";
    }
    return "is no setting: there are web, agency, language, stock, printer and dpi";
}

struct reading {
    struct paper_settings *settings;
    unsigned given; /* bits, in the order of `names` */
    struct fault fault;
};

static bool take_line(void *context, const struct ini_line *line)
{
    struct reading *reading = context;
    static const char *const names[] = {"web", "agency", "language", "stock", "printer", "dpi"};
    const char *rule = line->section[0] != '\0' ? "stands in a section, of which this file has none" : set(reading->settings, line->name, line->value);

    for (size_t i = 0; i < sizeof names / sizeof names[0] && rule == NULL; i++) {
        unsigned bit = strcmp(names[i], line->name) == 0 ? 1u << i : 0;

        rule = (reading->given & bit) != 0 ? "is set twice" : NULL;
        reading->given |= bit;
    }
    if (rule != NULL) {
        (void)fault_set(&reading->fault, STATUS_DAMAGED, line->line, "line %llu: %.60s: %s", (unsigned long long)line->line, line->name, rule);
    }
    return rule == NULL;
}

static enum status read_file(const char *directory, struct paper_settings *out, struct fault *fault)
{
    struct reading reading = {.settings = out};
    struct buffer path = {0}, file = {0};
    enum status status;

    buffer_printf(&path, "%s/paper.ini", directory);
    buffer_append_byte(&path, 0);
    status = buffer_status(&path, fault);
    if (status == STATUS_OK && wholefile_exists((const char *)path.ptr)) {
        status = wholefile_read((const char *)path.ptr, FILE_BYTES_MAX, &file, fault);
        if (status == STATUS_OK) {
            status = ini_read(buffer_view(&file), take_line, &reading, fault);
        }
        if (reading.fault.status != STATUS_OK) {
            fault_clear(fault);
            status = fault_set(fault, STATUS_DAMAGED, reading.fault.at, "%s: %.400s", (const char *)path.ptr, reading.fault.text);
        }
    }
    buffer_free(&file);
    buffer_free(&path);
    return status;
}

enum status paper_settings_read(struct args *args, const char *directory, struct paper_settings *out, struct fault *fault)
{
    static const char *const options[] = {"--web", "--language", "--stock", "--printer", "--dpi"};
    enum status status;

    *out = (struct paper_settings){.languages = {.first = LANGUAGE_EN}};
    status = read_file(directory, out, fault);
    for (size_t i = 0; i < sizeof options / sizeof options[0] && status == STATUS_OK; i++) {
        const char *value = args_declares(args, options[i]) ? args_value(args, options[i]) : NULL;
        const char *rule = value == NULL ? NULL : set(out, options[i] + 2, value);

        if (rule != NULL) {
            return args_usage(args, fault, "%s %.80s: it %s", options[i], value, rule);
        }
    }
    return status;
}
