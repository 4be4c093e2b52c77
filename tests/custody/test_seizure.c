/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when the template cannot be filled in as it says, a field is lost, or a mistake is not told with its line. */
#include "custody/seizure.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/custody_suite.h"

#define LEAST "[seizure]\nseizure-time = 2018-12-13T09:30:00+07:00\nseizure-place = Port\nauthority = Authorisation 214/18\n"
#define WITNESSES "witness = Chea Vannak\nwitness = Sao Mony\n"

static struct fault fault;
static struct buffer told; /* "number=value|" */
static struct buffer errors;
static size_t mistakes;

static void tell(void *context, uint64_t name, const char *value)
{
    (void)context;
    buffer_printf(&told, "%llu=%s|", (unsigned long long)name, value);
}

static enum status read_form(const char *text)
{
    enum status status;

    fault_clear(&fault);
    buffer_free(&told);
    buffer_free(&errors);
    mistakes = 0;
    status = seizure_read(view_text(text), "s.ini", 420, tell, NULL, &errors, &mistakes, &fault);
    buffer_append_byte(&told, 0);
    buffer_append_byte(&errors, 0);
    return status;
}

static void good(const char *text, const char *want)
{
    ck_assert_int_eq(read_form(text), STATUS_OK);
    ck_assert_msg(mistakes == 0, "%s", (const char *)errors.ptr);
    ck_assert_str_eq((const char *)told.ptr, want);
}

/* Exactly this one mistake, and nothing told. */
static void wrong(const char *text, const char *want)
{
    ck_assert_int_eq(read_form(text), STATUS_OK);
    ck_assert_msg(mistakes == 1 && strncmp((const char *)errors.ptr, want, strlen(want)) == 0, "%zu: %s", mistakes,
                  (const char *)errors.ptr);
    ck_assert_str_eq((const char *)told.ptr, "");
}

/* Freed by the caller. */
static char *template(void)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    seizure_template(out);
    (void)fclose(out);
    return text;
}

/* The empty form lacks what must be filled, and has no field that does not exist. */
START_TEST(the_template_as_it_is)
{
    char *text = template();

    ck_assert_int_eq(read_form(text), STATUS_OK);
    ck_assert_msg(mistakes == 4, "%s", (const char *)errors.ptr);
    ck_assert_ptr_nonnull(strstr((const char *)errors.ptr, "seizure-time: must be filled in"));
    ck_assert_ptr_nonnull(strstr((const char *)errors.ptr, "seizure-place: must be filled in"));
    ck_assert_ptr_nonnull(strstr((const char *)errors.ptr, "authority: must be filled in"));
    ck_assert_ptr_nonnull(strstr((const char *)errors.ptr, "witness: two are needed"));
    ck_assert_str_eq((const char *)told.ptr, "");
    free(text);
}
END_TEST

/* Every example in it is one that the form takes. */
START_TEST(the_template_with_its_examples)
{
    char *text = template();
    struct buffer filled = {0};

    for (char *line = text; *line != '\0'; line = strchr(line, '\n') + 1) {
        int len = (int)strcspn(line, "\n");

        if (strncmp(line, "; Example: ", 11) == 0) {
            buffer_printf(&filled, "%.*s\n", len - 11, line + 11);
        } else if (line[0] == '[') {
            buffer_printf(&filled, "%.*s\n", len, line);
        }
    }
    buffer_printf(&filled, "witness = Sao Mony\n");
    buffer_append_byte(&filled, 0);
    ck_assert_int_eq(read_form((const char *)filled.ptr), STATUS_OK);
    ck_assert_msg(mistakes == 0, "%s", (const char *)errors.ptr);
    ck_assert_ptr_nonnull(strstr((const char *)told.ptr, "Forestry Law 2002, Article 97; CITES Sub-Decree 53|"));
    buffer_free(&filled);
    free(text);
}
END_TEST

START_TEST(values_are_told_in_their_order)
{
    good(LEAST WITNESSES, "50=2018-12-13T09:30:00+07:00|51=Port|9=Authorisation 214/18|63=Chea Vannak|63=Sao Mony|");
    good(LEAST "owner = Ly\n", "50=2018-12-13T09:30:00+07:00|51=Port|9=Authorisation 214/18|62=Ly|");
    good(LEAST WITNESSES "docket =\nremarks = ក\n",
         "50=2018-12-13T09:30:00+07:00|51=Port|9=Authorisation 214/18|63=Chea Vannak|63=Sao Mony|2=ក|");
}
END_TEST

START_TEST(mistakes_with_their_lines)
{
    wrong(LEAST "witness = one alone\n", "s.ini:5: witness: two are needed");
    wrong(LEAST WITNESSES "court = A\ncourt = B\n", "s.ini:8: court: stands twice");
    wrong(LEAST WITNESSES "authorisation-time = yesterday\n", "s.ini:7: authorisation-time: is not a time");
    wrong(LEAST WITNESSES "remarks = \xe2\x80\xae" "drow\n", "s.ini:7: remarks: ");
    wrong(LEAST WITNESSES "remarks = \xff\n", "s.ini:7: remarks: ");
    wrong(LEAST WITNESSES "colour = red\n", "s.ini:7: there is no such field");
    wrong(LEAST WITNESSES "note = a detail, but no field of this form\n", "s.ini:7: there is no such field");
    wrong(LEAST WITNESSES "[other]\nremarks = x\n", "s.ini:8: stands outside of [seizure]");
    wrong("court = A\n" LEAST WITNESSES, "s.ini:1: stands outside of [seizure]");
    wrong("[seizure]\nseizure-time = 2018-12-13\nseizure-place =\nauthority = A\n" WITNESSES,
          "s.ini:6: seizure-place: must be filled in");
}
END_TEST

/* All at once, so that the form is repaired in one go. */
START_TEST(every_mistake_is_told)
{
    ck_assert_int_eq(read_form("[seizure]\nseizure-time = soon\ncolour = red\nwitness = A\n"), STATUS_OK);
    ck_assert_uint_eq(mistakes, 5);
    ck_assert_int_eq(read_form("this is no form\n"), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, 1);
}
END_TEST

/* A name that nobody knows may hold anything: it does not reach the terminal. */
START_TEST(unknown_names_are_not_repeated)
{
    wrong(LEAST WITNESSES "\x1b[31mred = x\n", "s.ini:7: ");
    ck_assert_ptr_null(strchr((const char *)errors.ptr, 0x1b));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_template_as_it_is,     the_template_with_its_examples, values_are_told_in_their_order,
                                  mistakes_with_their_lines, every_mistake_is_told,          unknown_names_are_not_repeated,
                                  NULL};

    return suite_run("seizure", tests, NULL);
}
