/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when what is no draft, or a damaged one, is taken for one, or a draft for the wrong ledger. */
#include "custody/drafts.h"

#include "tests/support/custody_station.h"

static struct fault fault;
static struct hasher *hasher;

static enum status from(const char *path, struct drafts *drafts)
{
    fault_clear(&fault);
    return drafts_read(path, hasher, drafts, &fault);
}

static void gather(void)
{
    station_make();
    station_do(WORDS("note", station_name(STATION_CASE), "--text", "x", "--draft", "one.draft", "--signer",
                     station_name(STATION_CUSTODIAN), STATION_TAIL));
    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
}

START_TEST(one_is_read)
{
    struct drafts drafts;
    struct session session = {0};

    ck_assert_int_eq(from("one.draft", &drafts), STATUS_OK);
    ck_assert_uint_eq(drafts.count, 1);
    ck_assert(!draft_complete(&drafts.list[0]));
    ck_assert_int_eq(drafts_same_ledger(&session, &drafts, &fault), STATUS_OK); /* no ledger at hand */
    drafts_free(&drafts);
}
END_TEST

START_TEST(others_are_not)
{
    struct drafts drafts;

    ck_assert_int_eq(from("nowhere.draft", &drafts), STATUS_MISSING);
    drafts_free(&drafts);
    ck_assert_int_eq(from("items.csv", &drafts), STATUS_DAMAGED);
    ck_assert_msg(strstr(fault.text, "items.csv: is not a draft") != NULL, "%s", fault.text);
    drafts_free(&drafts);
    ck_assert_int_eq(system("head -c 300 one.draft >cut.draft"), 0);
    ck_assert_int_eq(from("cut.draft", &drafts), STATUS_DAMAGED);
    drafts_free(&drafts);
}
END_TEST

START_TEST(another_ledger)
{
    const char *said;

    station_do(WORDS("ledger", "init", "other", "--origin", "a.example", "--code", "KHPP", "--threshold", "1", "--registrar",
                     "r1.key", "--registrar", "r2.key", "--training", "--now", STATION_NOW, "--passphrase-file", "pass"));
    ck_assert_int_eq(station_try(WORDS("submit", "one.draft", "--ledger", "other", "--now", STATION_NOW), &fault, &said),
                     STATUS_REFUSED);
    ck_assert_msg(strstr(fault.text, "another ledger") != NULL, "%s", fault.text);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {one_is_read, others_are_not, another_ledger, NULL};

    return suite_run("drafts", tests, gather);
}
