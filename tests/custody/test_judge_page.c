/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when the page that travels in the program is not one page with one place for a policy, or when anything but that place changes. */
#include "custody/judge_page.h"

#include <string.h>

#include "custody/wholefile.h"
#include "tests/support/custody_suite.h"

static struct fault fault;
static struct buffer out;

static enum status fill(const char *page, const char *policy)
{
    fault_clear(&fault);
    buffer_free(&out);
    return judge_page_fill(view_text(page), view_text(policy), &out, &fault);
}

START_TEST(filled)
{
    ck_assert_int_eq(fill("<a>{" JUDGE_PAGE_PLACE "}</a>", "log </script>\n"), STATUS_OK);
    ck_assert(view_equal(buffer_view(&out), view_text("<a>{\"policy\":\"bG9nIDwvc2NyaXB0Pgo=\"}</a>")));
    ck_assert_int_eq(fill(JUDGE_PAGE_PLACE, ""), STATUS_OK);
    ck_assert(view_equal(buffer_view(&out), view_text("\"policy\":\"\"")));
}
END_TEST

START_TEST(no_place)
{
    ck_assert_int_eq(fill("", "x"), STATUS_DAMAGED);
    ck_assert_int_eq(fill("\"policy\":nul", "x"), STATUS_DAMAGED);
    ck_assert_int_eq(fill("\"policy\": null", "x"), STATUS_DAMAGED);
    ck_assert_str_eq(fault.text, "the page has no place for a policy");
    /* A page that was filled already is none to fill: its keys are another court's. */
    ck_assert_int_eq(fill("{\"policy\":\"bG9n\"}", "x"), STATUS_DAMAGED);
    ck_assert_uint_eq(out.len, 0);
}
END_TEST

START_TEST(two_places)
{
    ck_assert_int_eq(fill(JUDGE_PAGE_PLACE JUDGE_PAGE_PLACE, "x"), STATUS_DAMAGED);
    ck_assert_int_eq(fill(JUDGE_PAGE_PLACE " and " JUDGE_PAGE_PLACE " more", "x"), STATUS_DAMAGED);
    ck_assert_str_eq(fault.text, "the page has two places for a policy");
    ck_assert_uint_eq(out.len, 0);
}
END_TEST

START_TEST(embedded)
{
    struct buffer built = {0};
    struct view page = judge_page();

    fault_clear(&fault);
    ck_assert_int_eq(wholefile_read(suite_tree("build/check.html"), 1 << 24, &built, &fault), STATUS_OK);
    ck_assert(view_equal(page, buffer_view(&built)));
    buffer_free(&out);
    ck_assert_int_eq(judge_page_fill(page, view_text("quorum none\n"), &out, &fault), STATUS_OK);
    ck_assert_uint_eq(out.len, page.len + strlen("\"cXVvcnVtIG5vbmUK\"") - strlen("null"));
    buffer_free(&built);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {filled, no_place, two_places, embedded, NULL};

    return suite_run("judge_page", tests, NULL);
}
