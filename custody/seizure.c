/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seizure: one table of fields makes the template and checks the filled form.
 */
#include "custody/seizure.h"

#include <inttypes.h>
#include <string.h>

#include "printer/ini.h"
#include "custody/timeparse.h"
#include "verify/acts.h"
#include "verify/strict.h"

struct field {
    const char *name; /* of the detail, SPEC 5.4 */
    bool must, many, is_time;
    const char *asks;
    const char *example;
};

static const struct field fields[] = {
    {"seizure-time", true, false, true, "When. Local time; with +07:00 behind it there is no doubt.", "2018-12-13T09:30:00+07:00"},
    {"seizure-place", true, false, false, "Where, as a court will call it.", "Phnom Penh Autonomous Port, container yard 3"},
    {"seizure-coordinates", false, false, false, "Latitude, longitude.", "11.5861, 104.9217"},
    {"authority", true, false, false, "By what authority: warrant or prosecutor's authorisation, number.", "Authorisation 214/18, Phnom Penh prosecutor"},
    {"authorisation", false, false, false, "The authorisation's own words or reference.", "Search of container XXXU1234567"},
    {"authorisation-time", false, false, true, "When it was given.", "2018-12-12T16:00:00+07:00"},
    {"offence", false, false, false, "The offence.", "Import of endangered species without permit"},
    {"law", false, false, false, "The law and article.", "Forestry Law 2002, Article 97; CITES Sub-Decree 53"},
    {"docket", false, false, false, "The docket, where it differs from the case's.", ""},
    {"case-number", false, false, false, "The court's number, when there is one.", ""},
    {"court", false, false, false, "The court.", "Phnom Penh Court of First Instance"},
    {"detecting-agency", false, false, false, "Who detected it.", "General Department of Customs and Excise"},
    {"officer-present", false, true, false, "Each officer who was there. One line each.", "Sok Dara, Customs"},
    {"detection-method", false, false, false, "How it was found.", "Intelligence; X-ray; opened by hand"},
    {"means-of-transport", false, false, false, "How it travelled.", "Sea container XXXU1234567"},
    {"concealment", false, false, false, "How it was hidden.", "Among blocks of marble"},
    {"route-origin", false, false, false, "Alleged origin, ISO 3166.", "MZ"},
    {"route-transit", false, true, false, "Transit, ISO 3166. One line each.", ""},
    {"route-destination", false, false, false, "Destination, ISO 3166.", "KH"},
    {"suspect", false, true, false, "Each suspect: name, nationality, document. One line each.", ""},
    {"owner", false, true, false, "The owner, if present. Without an owner, two witnesses.", ""},
    {"witness", false, true, false, "Each witness who is not police: name, nationality, document. One line each.", "Chea Vannak, KH, ID 010203040"},
    {"identity-document", false, true, false, "Identity documents seen. One line each.", ""},
    {"document-seized", false, true, false, "Each document seized. One line each.", "Bill of lading MZ-4471"},
    {"remarks", false, true, false, "Anything else that a court should know. One line each.", ""},
};

enum { FIELDS = sizeof fields / sizeof fields[0] };

void seizure_template(FILE *out)
{
    (void)fprintf(out,
                  "; Search and seizure record. Fill in what is known, then: unbroken seize CASE this-file\n"
                  "; Lines that begin with ; are comments. A value may go on in the next line, which then begins with a space.\n"
                  "; Photographs and documents are attached afterwards: unbroken attach FILE CASE\n"
                  "\n[seizure]\n");
    for (size_t i = 0; i < FIELDS; i++) {
        (void)fprintf(out, "\n; %s%s\n", fields[i].must ? "MUST be filled. " : "", fields[i].asks);
        if (fields[i].example[0] != '\0') {
            (void)fprintf(out, "; Example: %s = %s\n", fields[i].name, fields[i].example);
        }
        (void)fprintf(out, "%s =\n", fields[i].name);
    }
}

struct reading {
    const char *path;
    int offset_min;
    struct buffer *errors;
    size_t *mistakes;
    size_t filled[FIELDS];
    uint64_t last_line;
    /* The second reading, when there was no mistake. */
    seizure_value *value;
    void *context;
};

static void mistake(struct reading *reading, uint64_t line, const char *what, const char *name)
{
    buffer_printf(reading->errors, "%s:%" PRIu64 ": %s%s%s\n", reading->path, line, name, name[0] == '\0' ? "" : ": ", what);
    (*reading->mistakes)++;
}

static size_t find_field(const char *name)
{
    size_t i = 0;

    while (i < FIELDS && strcmp(fields[i].name, name) != 0) {
        i++;
    }
    return i;
}

static void check_value(struct reading *reading, const struct ini_line *line, size_t i)
{
    struct fault trouble;
    int offset = reading->offset_min;
    uint64_t time_s;

    fault_clear(&trouble);
    if (!fields[i].many && reading->filled[i] > 0) {
        mistake(reading, line->line, "stands twice", line->name);
    } else if (strict_check_text(view_text(line->value), &trouble) != STATUS_OK) {
        mistake(reading, line->line, trouble.text, line->name);
    } else if (fields[i].is_time && timeparse(line->value, false, &offset, &time_s, &trouble) != STATUS_OK) {
        mistake(reading, line->line, "is not a time like 2018-12-13T09:30:00+07:00", line->name);
    }
    reading->filled[i]++;
}

static bool take_line(void *context, const struct ini_line *line)
{
    struct reading *reading = context;
    size_t i = find_field(line->name);
    const struct detail_name *name = detail_by_name(view_text(line->name));

    reading->last_line = line->line;
    if (reading->value != NULL) {
        if (i < FIELDS && name != NULL && line->value[0] != '\0') {
            reading->value(reading->context, name->number, line->value);
        }
        return true;
    }
    if (strcmp(line->section, "seizure") != 0) {
        mistake(reading, line->line, "stands outside of [seizure]", "");
    } else if (i == FIELDS || name == NULL) {
        /* The name is the file's: it is not repeated, since it may hold anything. */
        mistake(reading, line->line, "there is no such field; see `unbroken form seizure`", "");
    } else if (line->value[0] != '\0') {
        check_value(reading, line, i);
    }
    return true;
}

enum status seizure_read(struct view file, const char *path, int offset_min, seizure_value *value, void *context,
                         struct buffer *errors, size_t *mistakes, struct fault *fault)
{
    struct reading reading = {.path = path, .offset_min = offset_min, .errors = errors, .mistakes = mistakes};
    enum status status = ini_read(file, take_line, &reading, fault);
    size_t owner = find_field("owner");
    size_t witness = find_field("witness");

    if (status != STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < FIELDS; i++) {
        if (fields[i].must && reading.filled[i] == 0) {
            mistake(&reading, reading.last_line, "must be filled in", fields[i].name);
        }
    }
    if (reading.filled[owner] == 0 && reading.filled[witness] < 2) {
        mistake(&reading, reading.last_line, "two are needed, one line each, where no owner was present", "witness");
    }
    if (*mistakes > 0) {
        return buffer_status(errors, fault);
    }
    reading.value = value;
    reading.context = context;
    return ini_read(file, take_line, &reading, fault);
}
