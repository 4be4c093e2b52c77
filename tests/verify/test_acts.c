/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables in the program are those of SPEC.md, letter for letter: acts (SPEC 7.2), detail names (SPEC 5.4), offices,
 * roles, codes (SPEC 5.1 to 5.3) and states (SPEC 7.1). Breaks when one is changed without the other.
 */
#include "verify/acts.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct buffer spec; /* SPEC.md with a NUL */

static void setup(void)
{
    char chunk[65536];
    size_t n = 0;
    FILE *file = fopen("SPEC.md", "rb");

    ck_assert_msg(file != NULL, "SPEC.md: run this from the top of the tree");
    while ((n = fread(chunk, 1, sizeof chunk, file)) > 0) {
        buffer_append(&spec, chunk, n);
    }
    (void)fclose(file);
    buffer_append_byte(&spec, '\0');
    ck_assert(!spec.failed);
}

static void teardown(void)
{
    buffer_free(&spec);
}

/* The part of SPEC.md behind the heading, up to the next heading. */
static struct view section(const char *heading)
{
    const char *text = (const char *)spec.ptr;
    const char *from = strstr(text, heading);

    ck_assert_msg(from != NULL, "SPEC.md has no \"%s\"", heading);
    from += strlen(heading);
    const char *end = strstr(from, "\n#");
    return view_of(from, end == NULL ? strlen(from) : (size_t)(end - from));
}

static bool has(struct view whole, const char *text)
{
    return memmem(whole.ptr, whole.len, text, strlen(text)) != NULL;
}

static size_t count_lines(struct view text, const char *start)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++) {
        bool begins = i == 0 || text.ptr[i - 1] == '\n';
        count += begins && text.len - i >= strlen(start) && memcmp(text.ptr + i, start, strlen(start)) == 0 ? 1 : 0;
    }
    return count;
}

START_TEST(test_table_of_acts)
{
    struct buffer table = {0};
    struct view part = section("### 7.2 How to read the table");

    acts_markdown(&table);
    ck_assert(!table.failed && table.len > 1000);
    /* Line by line, so that the one that differs is named. */
    for (size_t from = 0; from < table.len;) {
        const uint8_t *end = memchr(table.ptr + from, '\n', table.len - from);
        size_t len = end == NULL ? table.len - from : (size_t)(end - table.ptr) - from + 1;

        ck_assert_msg(memmem(part.ptr, part.len, table.ptr + from, len) != NULL, "not in SPEC 7.2: %.*s", (int)len,
                      (const char *)table.ptr + from);
        from += len;
    }
    ck_assert_msg(memmem(part.ptr, part.len, table.ptr, table.len) != NULL, "the lines stand in another order");
    /* And SPEC has no act that the program does not have: head, rule and acts. */
    ck_assert_uint_eq(count_lines(part, "|"), KIND_COUNT + 2);
    buffer_free(&table);
}
END_TEST

START_TEST(test_detail_names)
{
    struct buffer names = {0};
    struct view part = section("### 5.4 Detail names");
    size_t count = 0, commas = 0;

    details_markdown(&names);
    ck_assert(!names.failed);
    ck_assert_msg(memmem(part.ptr, part.len, names.ptr, names.len) != NULL, "SPEC 5.4 is not: %.*s", (int)names.len,
                  (const char *)names.ptr);
    const struct detail_name *all = detail_names(&count);
    for (size_t i = 0; i < part.len; i++) {
        commas += part.ptr[i] == ',' ? 1 : 0;
    }
    ck_assert_uint_eq(commas + 1, count);
    for (size_t i = 0; i < count; i++) {
        ck_assert(i == 0 || all[i - 1].number < all[i].number);
        ck_assert_ptr_eq(detail_by_number(all[i].number), &all[i]);
        ck_assert_ptr_eq(detail_by_name(view_text(all[i].name)), &all[i]);
    }
    ck_assert_ptr_null(detail_by_number(0));
    ck_assert_ptr_null(detail_by_name(view_text("")));
    buffer_free(&names);
}
END_TEST

/* "1 registrar, 2 officer" ... stand in that part. */
static void expect_words(const char *heading, const char *(*word)(unsigned), unsigned first, unsigned count)
{
    struct view part = section(heading);
    char text[64];

    for (unsigned i = first; i < count; i++) {
        (void)snprintf(text, sizeof text, "%u %s", i, word(i));
        ck_assert_msg(has(part, text), "%s: no \"%s\"", heading, text);
    }
    (void)snprintf(text, sizeof text, "%u ", count);
    ck_assert_msg(!has(part, text), "%s: SPEC has a %u", heading, count);
}

START_TEST(test_offices_roles_types)
{
    struct view types = section("### 3.2 Subjects, names, tags");
    struct view states = section("### 7.1 State");
    char text[64];

    expect_words("### 5.1 Offices", office_name, OFFICE_REGISTRAR, OFFICE_COUNT);
    expect_words("### 5.2 Roles of an entry", role_name, ROLE_SUBJECT, ROLE_COUNT);
    for (unsigned i = TYPE_LEDGER; i <= TYPE_CONTAINER; i++) {
        (void)snprintf(text, sizeof text, "%u %s", i, type_name(i));
        ck_assert_msg(has(types, text), "SPEC 3.2: no \"%s\"", text);
    }
    for (unsigned i = THING_UNUSED; i <= THING_CLOSED; i++) {
        (void)snprintf(text, sizeof text, "`%s`", state_name((enum thing_state)i));
        ck_assert_msg(has(states, text), "SPEC 7.1: no %s", text);
    }
}
END_TEST

START_TEST(test_codes)
{
    static const struct {
        const char *acts;
        unsigned kinds[2];
    } rows[] = {
        {"| release, hand out | ", {KIND_RELEASE, KIND_HANDOUT}}, {"| accept | ", {KIND_ACCEPT, KIND_ACCEPT}},
        {"| refuse, withdraw | ", {KIND_REFUSE, KIND_WITHDRAW}}, {"| unseal, reseal | ", {KIND_UNSEAL, KIND_RESEAL}},
        {"| void | ", {KIND_VOID, KIND_VOID}}, {"| identify | ", {KIND_IDENTIFY, KIND_IDENTIFY}},
        {"| animal | ", {KIND_ANIMAL, KIND_ANIMAL}}, {"| consume, dispose | ", {KIND_CONSUME, KIND_DISPOSE}},
    };
    struct view part = section("### 5.3 Payload key 13");

    ck_assert_uint_eq(count_lines(part, "|"), 2 + sizeof rows / sizeof rows[0]);
    for (size_t i = 0; i < 2 * (sizeof rows / sizeof rows[0]); i++) {
        unsigned kind = rows[i / 2].kinds[i % 2];
        const char *from = memmem(part.ptr, part.len, rows[i / 2].acts, strlen(rows[i / 2].acts));
        struct buffer row = {0};
        bool first = true;

        ck_assert_msg(from != NULL, "SPEC 5.3 has no row %s", rows[i / 2].acts);
        for (uint64_t code = 0; code < 300; code++) {
            const char *word = code_name(kind, code);

            if (word[0] == '\0') {
                continue;
            }
            /* One word stands with an explanation. */
            buffer_printf(&row, "%s%llu %s%s", first ? "" : ", ", (unsigned long long)code, word,
                          strcmp(word, "sealed") == 0 ? " (contents not inventoried)" : "");
            first = false;
            ck_assert_int_eq(code_number(kind, view_text(word)), (int)code);
        }
        buffer_printf(&row, " |");
        const char *end = memchr(from, '\n', (size_t)((const char *)part.ptr + part.len - from));
        size_t len = end == NULL ? (size_t)((const char *)part.ptr + part.len - from) : (size_t)(end - from);
        ck_assert_msg(memmem(from, len, row.ptr, row.len) != NULL, "SPEC 5.3: %.*s\nbut the program has %.*s", (int)len, from,
                      (int)row.len, (const char *)row.ptr);
        buffer_free(&row);
    }
    ck_assert_int_eq(code_number(KIND_NOTE, view_text("other")), -1);
}
END_TEST

START_TEST(test_rules_by_kind)
{
    for (unsigned kind = 0; kind < 256; kind++) {
        const struct act_rule *rule = act_rule(kind);

        ck_assert((rule == NULL) == (kind >= KIND_COUNT));
        if (rule != NULL) {
            ck_assert_uint_eq(rule->kind, kind);
            ck_assert_ptr_eq(act_rule_named(view_text(rule->name)), rule);
        }
    }
    ck_assert_ptr_null(act_rule_named(view_text("")));
    ck_assert_ptr_null(act_rule_named(view_text("releas")));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("acts");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_table_of_acts);
    tcase_add_test(tests, test_detail_names);
    tcase_add_test(tests, test_offices_roles_types);
    tcase_add_test(tests, test_codes);
    tcase_add_test(tests, test_rules_by_kind);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
