/* SPDX-License-Identifier: Apache-2.0 */
/*
 * describe_print: the JSON of describe.c as lines. Entries that say nothing of their own are given as runs.
 */
#include <string.h>

#include "custody/describe.h"
#include "custody/erased.h"
#include "custody/output.h"

static void print_string(const json_t *value, FILE *out)
{
    if (json_is_string(value)) {
        output_text(out, view_of(json_string_value(value), json_string_length(value)));
    } else if (json_is_integer(value)) {
        (void)fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    } else if (json_is_true(value)) {
        (void)fputs("yes", out);
    } else if (json_is_false(value)) {
        (void)fputs("no", out);
    }
}

/* "a, b" of an array, "name value, name value" of an object. */
static void print_value(const json_t *value, FILE *out)
{
    const char *key;
    json_t *member;
    size_t i;
    bool first = true;

    if (json_is_array(value)) {
        json_array_foreach(value, i, member) {
            (void)fputs(i == 0 ? "" : ", ", out);
            print_string(member, out);
        }
        (void)fputs(json_array_size(value) == 0 ? "none" : "", out);
        return;
    }
    if (!json_is_object(value)) {
        print_string(value, out);
        return;
    }
    /* Iteration does not change the object, but jansson's macro takes no const. */
    for (void *at = json_object_iter((json_t *)(uintptr_t)value); at != NULL;
         at = json_object_iter_next((json_t *)(uintptr_t)value, at)) {
        key = json_object_iter_key(at);
        (void)fprintf(out, "%s%s ", first ? "" : ", ", key);
        member = json_object_iter_value(at);
        if (json_is_array(member)) {
            print_value(member, out);
        } else {
            print_string(member, out);
        }
        first = false;
    }
}

static void print_signers(const json_t *signers, FILE *out)
{
    json_t *one;
    size_t i;

    json_array_foreach(signers, i, one) {
        (void)fputs("  signer: ", out);
        print_string(json_object_get(one, "person"), out);
        if (json_string_length(json_object_get(one, "name")) > 0) {
            (void)fputs(" ", out);
            print_string(json_object_get(one, "name"), out);
        }
        (void)fprintf(out, " as %s%s\n", json_string_value(json_object_get(one, "office")),
                      json_is_true(json_object_get(one, "signed")) ? "" : " (has not signed)");
    }
}

static bool plain(const json_t *entry)
{
    const char *role = json_string_value(json_object_get(entry, "role"));

    return json_object_size(json_object_get(entry, "facts")) == 0 && role != NULL && strcmp(role, "subject") == 0;
}

static void print_entries(const json_t *entries, FILE *out)
{
    size_t count = json_array_size(entries);

    for (size_t i = 0; i < count; i++) {
        const json_t *entry = json_array_get(entries, i);
        size_t last = i;

        while (plain(entry) && last + 1 < count && plain(json_array_get(entries, last + 1))) {
            last++;
        }
        (void)fputs("  ", out);
        if (!plain(entry) && strcmp(json_string_value(json_object_get(entry, "role")), "subject") != 0) {
            (void)fprintf(out, "%s ", json_string_value(json_object_get(entry, "role")));
        }
        print_string(json_object_get(entry, "subject"), out);
        if (last > i) {
            /* Each is named: between two names there may be one that is not meant. */
            for (size_t k = i + 1; k <= last; k++) {
                (void)fputs(" ", out);
                print_string(json_object_get(json_array_get(entries, k), "subject"), out);
            }
        }
        if (!plain(entry) && json_object_size(json_object_get(entry, "facts")) > 0) {
            (void)fputs(": ", out);
            print_value(json_object_get(entry, "facts"), out);
        }
        (void)fputs("\n", out);
        i = last;
    }
}

static void print_details(const json_t *details, FILE *out)
{
    json_t *one;
    size_t i;

    json_array_foreach(details, i, one) {
        (void)fputs("  ", out);
        if (json_is_string(json_object_get(one, "subject"))) {
            print_string(json_object_get(one, "subject"), out);
            (void)fputs(" ", out);
        }
        print_string(json_object_get(one, "name"), out);
        (void)fputs(": ", out);
        if (!erased_print(one, out)) {
            print_string(json_object_get(one, "value"), out);
        }
        (void)fputs("\n", out);
    }
}

static void print_one(const json_t *act, FILE *out)
{
    static const char *const members[] = {"from", "to", "code", "place", "due", "answers", "clock", "amends", "founding", "succeeds",
                                          "deviation", "offline", "seen"};
    static const char *const words[] = {"from", "to", "code", "place", "due", "answers act", "clock", "amends record", "founding",
                                        "succeeds", "DEVIATION from a rule of custody", "signed offline",
                                        "signed having seen records"};

    (void)fprintf(out, "%s, claimed %s\n", json_string_value(json_object_get(act, "kind")),
                  json_string_value(json_object_get(act, "claimed")));
    print_signers(json_object_get(act, "signers"), out);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const json_t *value = json_object_get(act, members[i]);

        if (value != NULL) {
            (void)fprintf(out, "  %s: ", words[i]);
            print_value(value, out);
            (void)fputs("\n", out);
        }
    }
    print_entries(json_object_get(act, "entries"), out);
    print_details(json_object_get(act, "details"), out);
}

void describe_print(const json_t *act, FILE *out)
{
    print_one(act, out);
    if (json_object_get(act, "kept-act") != NULL) {
        (void)fputs("the act that is kept, without effect until it is adopted:\n", out);
        print_one(json_object_get(act, "kept-act"), out);
    }
}
