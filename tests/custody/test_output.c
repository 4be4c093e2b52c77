/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when text reaches the terminal raw, JSON comes without its ledger, or a list of names says another list. */
#include "custody/output.h"

#include "tests/support/custody_station.h"

static struct fault fault;
static const struct table_column columns[] = {{"thing", false}};

START_TEST(bytes_and_text)
{
    suite_catch(1);
    output_bytes(stdout, view_of(NULL, 0));
    output_bytes(stdout, view_text("a\x1b"));
    output_text(stdout, view_text("[b\x1b\nc ភ្នំ]"));
    output_text(stdout, view_of(NULL, 0));
    output_training("kh.example/training/abc");
    ck_assert_str_eq(suite_caught(), "a\x1b[b\\x1b\\x0ac ភ្នំ]TRAINING ledger kh.example/training/abc: nothing in it is evidence\n");
}
END_TEST

START_TEST(strings_and_names)
{
    const struct ledger_state identity = {.code = "KHPP"};
    const struct session session = {.identity = &identity};
    json_t *value = output_string(view_of(NULL, 0));

    ck_assert_str_eq(json_string_value(value), "");
    json_decref(value);
    value = output_string(view_of("a\0b", 3));
    ck_assert_uint_eq(json_string_length(value), 3);
    json_decref(value);
    ck_assert_ptr_null(output_string(view_text("\xff"))); /* no UTF-8, no JSON */
    value = output_name(&session, NOTHING);
    ck_assert(json_is_null(value));
    json_decref(value);
    value = output_name(&session, NUM_MAX + 1);
    ck_assert(json_is_null(value));
    json_decref(value);
    value = output_name(&session, 1042);
    ck_assert_str_eq(json_string_value(value), station_name(1042));
    json_decref(value);
}
END_TEST

START_TEST(runs)
{
    static const uint64_t numbers[] = {3, 7, 8, 9, 20};
    const struct ledger_state identity = {.code = "KHPP"};
    const struct session session = {.identity = &identity};
    char want[256];

    (void)snprintf(want, sizeof want, "%s, %s..%s, %s", station_name(3), station_name(7), station_name(9), station_name(20));
    suite_catch(1);
    output_runs(&session, numbers, 5);
    ck_assert_str_eq(suite_caught(), want);
    suite_catch(1);
    output_runs(&session, numbers, 0);
    ck_assert_str_eq(suite_caught(), "");
}
END_TEST

START_TEST(records)
{
    suite_catch(1);
    output_records(5, 5);
    output_records(5, 9);
    ck_assert_str_eq(suite_caught(), ": record 5\n: records 5 to 9\n");
}
END_TEST

START_TEST(json_that_could_not_be_made)
{
    fault_clear(&fault);
    suite_catch(1);
    ck_assert_int_eq(output_json(NULL, &fault), STATUS_MEMORY);
    ck_assert_str_eq(suite_caught(), "");
}
END_TEST

static const char *print_table(const struct session *session, const struct table *table)
{
    suite_catch(1);
    fault_clear(&fault);
    ck_assert_int_eq(output_table(session, "things", table, &fault), STATUS_OK);
    return suite_caught();
}

/* The same rows for people and, with their ledger, for programs; of nothing no heading, but an empty list. */
START_TEST(tables)
{
    struct args args;
    struct args other;
    struct session session;
    struct table *table = NULL;
    json_t *json;

    station_args(WORDS("list", "--ledger", "real"), &args);
    fault_clear(&fault);
    ck_assert_int_eq(session_open(&args, LEDGER_READ, true, &session, &fault), STATUS_OK);
    ck_assert_int_eq(table_open(columns, 1, &table, &fault), STATUS_OK);
    ck_assert_str_eq(print_table(&session, table), "");
    table_string(table, "KHPP-7");
    ck_assert_str_eq(print_table(&session, table), "thing\nKHPP-7\n");
    station_args(WORDS("list", "--json"), &other);
    session.args = &other;
    json = json_loads(print_table(&session, table), 0, NULL);
    ck_assert_str_eq(json_string_value(json_object_get(json, "ledger")), ledger_origin(session.ledger));
    ck_assert(json_is_false(json_object_get(json, "training")));
    ck_assert_uint_eq(json_array_size(json_object_get(json, "things")), 1);
    json_decref(json);
    table_close(table);
    ck_assert_int_eq(table_open(columns, 1, &table, &fault), STATUS_OK);
    json = json_loads(print_table(&session, table), 0, NULL);
    ck_assert_uint_eq(json_array_size(json_object_get(json, "things")), 0);
    ck_assert(json_is_array(json_object_get(json, "things")));
    json_decref(json);
    /* A table that failed is no empty one. */
    table_text(table, view_text("\xff"));
    suite_catch(1);
    ck_assert_int_eq(output_table(&session, "things", table, &fault), STATUS_MEMORY);
    ck_assert_str_eq(suite_caught(), "");
    table_close(table);
    session_close(&session);
    args_close(&args);
    args_close(&other);
}
END_TEST

static void prepare(void)
{
    station_people();
    station_do(WORDS("ledger", "init", "real", "--origin", "a.example", "--code", "KHPP", "--threshold", "1", "--registrar", "r1.key",
                     "--registrar", "r2.key", "--passphrase-file", "pass"));
}

int main(void)
{
    const TTest *const tests[] = {bytes_and_text, strings_and_names, runs, records, json_that_could_not_be_made,
                                  tables,         NULL};

    return suite_run("output", tests, prepare);
}
