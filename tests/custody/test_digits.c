/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when a Khmer digit is not mapped back, or anything else is touched. */
#include "custody/digits.h"

#include <string.h>

#include "tests/support/custody_suite.h"

static void becomes(struct view text, const char *want)
{
    struct buffer out = {0};

    digits_to_ascii(text, &out);
    ck_assert_msg(view_equal(buffer_view(&out), view_text(want)), "%.*s, not %s", (int)out.len, (const char *)out.ptr, want);
    buffer_free(&out);
}

START_TEST(all_ten)
{
    becomes(view_text("០១២៣៤៥៦៧៨៩"), "0123456789");
    becomes(view_text("KHPP-១2៣-X"), "KHPP-123-X");
}
END_TEST

/* U+179F and U+17EA are their neighbours; ស្នាម has no digit in it. */
START_TEST(nothing_else)
{
    becomes(view_text(""), "");
    becomes(view_of(NULL, 0), "");
    becomes(view_text("ស្នាម ភ្នំ 12"), "ស្នាម ភ្នំ 12");
    becomes(view_text("\xe1\x9e\x9f\xe1\x9f\xaa\xe1\x9f\x9f"), "\xe1\x9e\x9f\xe1\x9f\xaa\xe1\x9f\x9f");
    becomes(view_text("\xe1\x9f"), "\xe1\x9f");
    becomes(view_text("\xe1\xe1\x9f\xa5\x9f"), "\xe1" "5\x9f");
}
END_TEST

/* The third byte stands behind the view: it must not be read. */
START_TEST(not_beyond_the_end)
{
    becomes(view_of("\xe1\x9f\xa5", 2), "\xe1\x9f");
}
END_TEST

START_TEST(it_appends)
{
    struct buffer out = {0};

    buffer_append(&out, "A", 1);
    digits_to_ascii(view_text("៧"), &out);
    ck_assert(view_equal(buffer_view(&out), view_text("A7")));
    buffer_free(&out);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {all_ten, nothing_else, not_beyond_the_end, it_appends, NULL};

    return suite_run("digits", tests, NULL);
}
