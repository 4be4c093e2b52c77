/* SPDX-License-Identifier: Apache-2.0 */
#include "custody/timestamp_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/wholefile.h"
#include "printer/ini.h"

enum { FILE_BYTES_MAX = 65536, CERTIFICATES_BYTES_MAX = 1 << 20 };

static const char *const keys[] = {"url", "ca", "crl", "policy", "tls-ca"};
enum { KEYS = sizeof keys / sizeof keys[0] };

static char *slot(struct timestamp_setting *setting, size_t key)
{
    char *const slots[KEYS] = {setting->url, setting->ca, setting->crl, setting->policy, setting->tls_ca};

    return slots[key];
}

static bool is_address(const char *text)
{
    return strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0;
}

/* ---- the file -------------------------------------------------------------------------------- */

struct reading {
    struct timestamp_settings *settings;
    const char *directory;
    struct fault fault;
};

/* NULL, with a rule: a section too much. */
static struct timestamp_setting *section_of(struct timestamp_settings *settings, const struct ini_line *line, const char **rule)
{
    struct timestamp_setting *setting;

    for (size_t i = 0; i < settings->count; i++) {
        if (strcmp(settings->tsas[i].name, line->section) == 0) {
            return &settings->tsas[i];
        }
    }
    if (settings->count == TIMESTAMP_SETTINGS_MAX || strlen(line->section) > TIMESTAMP_NAME_MAX || is_address(line->section)) {
        *rule = settings->count == TIMESTAMP_SETTINGS_MAX ? "stands in the ninth section: there may be eight"
                                                          : "stands in a section whose name is longer than 63 bytes or an address";
        return NULL;
    }
    setting = &settings->tsas[settings->count++];
    setting->line = line->line;
    (void)snprintf(setting->name, sizeof setting->name, "%s", line->section);
    return setting;
}

static const char *set(struct timestamp_setting *setting, const char *directory, const struct ini_line *line)
{
    for (size_t i = 0; i < KEYS; i++) {
        char *value = slot(setting, i);
        bool is_file = strcmp(keys[i], "url") != 0 && strcmp(keys[i], "policy") != 0 && strcmp(line->value, "fetch") != 0;
        int len;

        if (strcmp(keys[i], line->name) != 0) {
            continue;
        }
        if (value[0] != '\0') {
            return "is set twice";
        }
        if (line->value[0] == '\0') {
            return "is empty";
        }
        if (strcmp(keys[i], "url") == 0 && !is_address(line->value)) {
            return "is an address that begins with http:// or https://";
        }
        len = is_file && line->value[0] != '/' ? snprintf(value, TIMESTAMP_VALUE_MAX + 1, "%s/%s", directory, line->value)
                                               : snprintf(value, TIMESTAMP_VALUE_MAX + 1, "%s", line->value);
        return len >= 0 && len <= TIMESTAMP_VALUE_MAX ? NULL : "is at most 1023 bytes long";
    }
    return "is no setting: there are url, ca, crl, policy and tls-ca";
}

static bool take_line(void *context, const struct ini_line *line)
{
    struct reading *reading = context;
    const char *rule = NULL;
    struct timestamp_setting *setting = section_of(reading->settings, line, &rule);

    if (setting != NULL) {
        rule = set(setting, reading->directory, line);
    }
    if (rule != NULL) {
        (void)fault_set(&reading->fault, STATUS_DAMAGED, line->line, "line %llu: %.60s: %s", (unsigned long long)line->line, line->name, rule);
    }
    return rule == NULL;
}

static void check_complete(struct reading *reading)
{
    for (size_t i = 0; i < reading->settings->count; i++) {
        const struct timestamp_setting *setting = &reading->settings->tsas[i];

        if (setting->url[0] == '\0' || setting->ca[0] == '\0') {
            (void)fault_set(&reading->fault, STATUS_DAMAGED, setting->line, "line %llu: [%s] needs url and ca", (unsigned long long)setting->line,
                            setting->name);
        }
    }
}

static enum status read_file(const char *directory, struct timestamp_settings *out, struct fault *fault)
{
    struct reading reading = {.settings = out, .directory = directory};
    struct buffer path = {0}, file = {0};
    enum status status;

    buffer_printf(&path, "%s/timestamp.ini", directory);
    buffer_append_byte(&path, 0);
    status = buffer_status(&path, fault);
    if (status == STATUS_OK && wholefile_exists((const char *)path.ptr)) {
        status = wholefile_read((const char *)path.ptr, FILE_BYTES_MAX, &file, fault);
        if (status == STATUS_OK) {
            status = ini_read(buffer_view(&file), take_line, &reading, fault);
        }
        if (status == STATUS_OK) {
            check_complete(&reading);
        }
        if (reading.fault.status != STATUS_OK) {
            fault_clear(fault);
            status = fault_set(fault, STATUS_DAMAGED, reading.fault.at, "%.200s: %.300s", (const char *)path.ptr, reading.fault.text);
        }
    }
    buffer_free(&file);
    buffer_free(&path);
    return status;
}

/* ---- the command line ------------------------------------------------------------------------ */

static enum status copy_option(struct args *args, const char *option, char out[TIMESTAMP_VALUE_MAX + 1], struct fault *fault)
{
    const char *value = args_value(args, option);

    if (value != NULL && strlen(value) > TIMESTAMP_VALUE_MAX) {
        return args_usage(args, fault, "%s: it is at most %d bytes long", option, TIMESTAMP_VALUE_MAX);
    }
    (void)snprintf(out, TIMESTAMP_VALUE_MAX + 1, "%s", value == NULL ? "" : value);
    return STATUS_OK;
}

/* One authority that the command line alone describes. */
static enum status from_options(struct args *args, struct timestamp_settings *out, struct fault *fault)
{
    struct timestamp_setting *setting = &out->tsas[0];
    enum status status = STATUS_OK;

    if (args_count(args, "--tsa") > 1 || args_value(args, "--ca") == NULL) {
        return args_usage(args, fault, "--tsa with an address stands alone and needs --ca; several authorities are named in the ledger's timestamp.ini");
    }
    out->count = 1;
    if (args_count(args, "--tsa") == 1) {
        if (strlen(args_nth(args, "--tsa", 0)) > TIMESTAMP_VALUE_MAX) {
            return args_usage(args, fault, "--tsa: it is at most %d bytes long", TIMESTAMP_VALUE_MAX);
        }
        (void)snprintf(setting->url, sizeof setting->url, "%s", args_nth(args, "--tsa", 0));
    }
    status = copy_option(args, "--ca", setting->ca, fault);
    return status == STATUS_OK ? copy_option(args, "--crl", setting->crl, fault) : status;
}

/* Keeps those that --tsa names. */
static enum status keep_named(struct args *args, struct timestamp_settings *settings, struct fault *fault)
{
    size_t kept = 0;

    for (size_t i = 0; i < args_count(args, "--tsa"); i++) {
        const char *name = args_nth(args, "--tsa", i);
        size_t at = kept;

        while (at < settings->count && strcmp(settings->tsas[at].name, name) != 0) {
            at++;
        }
        if (at == settings->count) {
            return args_usage(args, fault, "--tsa %.60s: an address (http://..., with --ca), or the name of a section of the ledger's timestamp.ini, once", name);
        }
        struct timestamp_setting swapped = settings->tsas[kept];
        settings->tsas[kept] = settings->tsas[at];
        settings->tsas[at] = swapped;
        kept++;
    }
    settings->count = kept;
    return STATUS_OK;
}

static enum status read_files(struct timestamp_settings *settings, struct fault *fault)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < settings->count && status == STATUS_OK; i++) {
        struct timestamp_setting *setting = &settings->tsas[i];

        status = wholefile_read_filled(setting->ca, CERTIFICATES_BYTES_MAX, &setting->ca_bytes, fault);
        if (status == STATUS_OK && setting->crl[0] != '\0' && strcmp(setting->crl, "fetch") != 0) {
            status = wholefile_read_filled(setting->crl, TIMESTAMP_LIST_BYTES_MAX, &setting->crl_bytes, fault);
        }
    }
    return status;
}

enum status timestamp_settings_read(struct args *args, const char *directory, struct timestamp_settings *out, struct fault *fault)
{
    size_t named = args_count(args, "--tsa");
    bool own = args_value(args, "--ca") != NULL || args_value(args, "--crl") != NULL;
    enum status status;

    for (size_t i = 0; i < named; i++) {
        own = own || is_address(args_nth(args, "--tsa", i));
    }
    *out = (struct timestamp_settings){0};
    if (own) {
        status = from_options(args, out, fault);
    } else {
        status = read_file(directory, out, fault);
        if (status == STATUS_OK && named > 0) {
            status = keep_named(args, out, fault);
        }
    }
    return status == STATUS_OK ? read_files(out, fault) : status;
}

enum status timestamp_settings_trust(const struct session *session, struct token_trust **out, struct fault *fault)
{
    struct timestamp_settings *settings = calloc(1, sizeof *settings);
    struct buffer all = {0};
    const char *directory = NULL;
    enum status status = settings == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                          : session_directory(session->args, &directory, fault);

    if (status == STATUS_OK) {
        status = read_file(directory, settings, fault);
    }
    for (size_t i = 0; status == STATUS_OK && i < settings->count; i++) {
        status = wholefile_read_filled(settings->tsas[i].ca, CERTIFICATES_BYTES_MAX, &all, fault);
        buffer_append_byte(&all, '\n');
    }
    if (status == STATUS_OK) {
        status = buffer_status(&all, fault);
    }
    if (status == STATUS_OK && settings->count > 0) {
        status = token_trust_open(buffer_view(&all), out, fault);
    }
    buffer_free(&all);
    free(settings);
    return status;
}

void timestamp_settings_free(struct timestamp_settings *settings)
{
    for (size_t i = 0; i < TIMESTAMP_SETTINGS_MAX; i++) {
        buffer_free(&settings->tsas[i].ca_bytes);
        buffer_free(&settings->tsas[i].crl_bytes);
    }
    settings->count = 0;
}

const char *timestamp_settings_label(const struct timestamp_setting *setting)
{
    return setting->name[0] != '\0' ? setting->name : setting->url[0] != '\0' ? setting->url : setting->ca;
}

struct timestamp_tsa timestamp_settings_tsa(const struct timestamp_setting *setting)
{
    return (struct timestamp_tsa){.url = setting->url,
                                  .tls_ca = setting->tls_ca[0] == '\0' ? NULL : setting->tls_ca,
                                  .ca = buffer_view(&setting->ca_bytes),
                                  .lists = buffer_view(&setting->crl_bytes),
                                  .fetch_lists = strcmp(setting->crl, "fetch") == 0,
                                  .policy = setting->policy[0] == '\0' ? NULL : setting->policy};
}
