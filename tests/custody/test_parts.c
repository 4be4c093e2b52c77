/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when a part is not what was written, or takes a number that was named for another or is not unused. */
#include "custody/parts.h"

#include "tests/support/custody_station.h"

static struct fault fault;

static void text_is(struct view text, const char *want)
{
    ck_assert_msg(view_equal(text, view_text(want)), "%.*s, not %s", (int)text.len, (const char *)text.ptr, want);
}

START_TEST(as_it_is_written)
{
    struct part part;

    ck_assert_int_eq(parts_parse("mass=2.5", &part, &fault), STATUS_OK);
    ck_assert_uint_eq(part.net_mg, 2500);
    ck_assert(part.pieces == NOTHING && part.number == NOTHING && part.to.len == 0);
    ck_assert_int_eq(parts_parse("ref=S-1, a,pieces=3,description=x=y, z,to=KHPP-1,mass=1 kg,condition=dry,package=p,q=", &part, &fault),
                     STATUS_OK);
    text_is(part.text[PART_REF], "S-1, a");
    text_is(part.text[PART_DESCRIPTION], "x=y, z");
    text_is(part.text[PART_CONDITION], "dry");
    text_is(part.text[PART_PACKAGE], "p,q=");
    text_is(part.to, "KHPP-1");
    ck_assert_uint_eq(part.pieces, 3);
    ck_assert_uint_eq(part.net_mg, 1000000);
}
END_TEST

static void refused(const char *text, const char *why)
{
    struct part part;

    fault_clear(&fault);
    ck_assert_msg(parts_parse(text, &part, &fault) == STATUS_REFUSED && strstr(fault.text, why) != NULL, "%s: %s", text, fault.text);
}

START_TEST(what_is_no_part)
{
    refused("", "says nothing");
    refused("2.5", "\"2.5\" is not one of");
    refused("mass=2.5 g,", "is not a weight"); /* the comma is the value's */
    refused("mass=1,pieces=x", "\"pieces=x\" is not a whole number");
    refused("pieces=0", "at least 1");
    refused("pieces=1,pieces=2", "stands twice");
    refused("ref=", "is empty");
    refused("package=,mass=1", "\"package=\" is empty");
    refused("ref=a\nb", "no text that can be kept");
    refused("ref=\xe2\x80\xae", "no text that can be kept");
    refused("ref=\xff", "\"ref=\\xff\"");
    refused(",mass=1", "is not one of");
}
END_TEST

/* The officer has allotted 7 to 16, of which 7, 8 and 9 are things. */
static void numbered(const char *const *to, size_t count, const uint64_t *want, const char *why)
{
    struct part_list list = {0};
    struct session session;
    struct args args;
    enum status status;

    fault_clear(&fault);
    station_args(WORDS("split", "x", "--into", "pieces=1", "--key", "off.key", STATION_TAIL), &args);
    suite_catch(1);
    ck_assert_int_eq(session_start(&args, KIND_SPLIT, &session, &fault), STATUS_OK);
    (void)suite_caught();
    for (size_t i = 0; i < count; i++) {
        struct part part = parts_blank();

        part.to = to[i] == NULL ? view_of(NULL, 0) : view_text(to[i]);
        ck_assert_int_eq(parts_push(&list, &part, &fault), STATUS_OK);
    }
    status = parts_number(&session, &list, &fault);
    if (want == NULL) {
        ck_assert_msg(status == STATUS_REFUSED && strstr(fault.text, why) != NULL, "%s", fault.text);
        ck_assert(strstr(why, "unused numbers") == NULL || strstr(args.hint, "unbroken allot") != NULL);
    } else {
        ck_assert_msg(status == STATUS_OK, "%s", fault.text);
        for (size_t i = 0; i < count; i++) {
            ck_assert_uint_eq(list.parts[i].number, want[i]);
        }
    }
    parts_free(&list);
    session_close(&session);
    args_close(&args);
}

START_TEST(numbers)
{
    static const uint64_t next[] = {10, 11, 12};
    static const uint64_t around[] = {12, 11, 13, 10, 14};
    static const uint64_t all[] = {10, 11, 12, 13, 14, 15, 16};
    static const char *const nobody[8] = {NULL};
    char named[2][NAME_BYTES];

    memcpy(named[0], station_name(11), NAME_BYTES);
    memcpy(named[1], station_name(10), NAME_BYTES);
    numbered(nobody, 3, next, NULL);
    numbered(WORDS(NULL, named[0], NULL, named[1], NULL), 5, around, NULL);
    numbered(nobody, 7, all, NULL);
    numbered(WORDS(named[1], NULL, NULL, NULL, NULL, NULL, NULL), 7, all, NULL);
    numbered(nobody, 8, NULL, "8 items, but 7 unused numbers");
    numbered(WORDS(named[0], named[0]), 2, NULL, "is named twice");
    numbered(WORDS(station_name(7)), 1, NULL, "is held, not unused");
    numbered(WORDS(station_name(STATION_CASE)), 1, NULL, "is a case, not an item");
}
END_TEST

START_TEST(sums)
{
    struct part parts[3] = {parts_blank(), parts_blank(), parts_blank()};
    uint64_t pieces = 9, mg = 9;
    size_t with_mass = 9;

    parts[0].pieces = 2;
    parts[1].net_mg = 5;
    parts[2].pieces = 1;
    parts[2].net_mg = 7;
    parts_sum(parts, 3, &pieces, &mg, &with_mass);
    ck_assert(pieces == 3 && mg == 12 && with_mass == 2);
    parts_sum(parts, 0, &pieces, &mg, &with_mass);
    ck_assert(pieces == 0 && mg == 0 && with_mass == 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {as_it_is_written, what_is_no_part, numbers, sums, NULL};

    return suite_run("parts", tests, station_make);
}
