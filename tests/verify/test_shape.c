/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The form that the table of acts gives an act (SPEC 7.2, V9.3, V9.4, V9.6), tried over the whole table: no kind takes a
 * key, a fact, a role or a type that it does not have, or does without one that it must have. Breaks when a kind is
 * forgotten. Acts that found and enrol: test_authority.
 */
#include "tests/support/sample_replay.h"

#include "verify/shape.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { ITEM = 20, OTHER = 21, BOX = 30, CASE = 40, FORMER = 41, PLACE = 50 };

static struct sample_replay sample;
static struct sample_replay *s = &sample;

static void setup(void)
{
    sample_replay_open(s);
    (void)sample_thing(s, ITEM, TYPE_ITEM, THING_HELD, 1);
    (void)sample_thing(s, OTHER, TYPE_ITEM, THING_HELD, 1);
    (void)sample_thing(s, BOX, TYPE_CONTAINER, THING_HELD, 1);
    (void)sample_thing(s, CASE, TYPE_CASE, THING_NONE, NOTHING);
    (void)sample_thing(s, FORMER, TYPE_CASE, THING_NONE, NOTHING);
    (void)sample_thing(s, PLACE, TYPE_PLACE, THING_NONE, NOTHING);
}

static void teardown(void)
{
    sample_replay_close(s);
}

static const char *shape(void)
{
    s->stop = (struct stop){.status = 0};
    s->record->link_count = s->act->entry_count;
    for (size_t i = 0; i < s->act->entry_count; i++) {
        bool opens = shape_opens(s->act->kind) && s->act->entries[i].role == ROLE_SUBJECT;
        s->record->links[i] = (struct link){.subject = s->act->entries[i].subject, .number = opens ? 1 : 2};
    }
    shape_check(&s->replay, s->record, s->act, &s->stop);
    return s->stop.status == 0 ? "" : s->stop.code;
}

/* A subject of a type that the kind takes. */
static uint64_t fitting(const struct act_rule *rule)
{
    static const struct { unsigned type; uint64_t subject; } subjects[] = {
        {TYPE_ITEM, ITEM}, {TYPE_CASE, CASE}, {TYPE_PLACE, PLACE}, {TYPE_PERSON, 4}};

    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        if ((rule->types & BIT(subjects[i].type)) != 0) {
            return subjects[i].subject;
        }
    }
    return 0;
}

/* The smallest act of that kind that has the right form, in the place of the one before. */
static void begin(const struct act_rule *rule)
{
    free(s->acts[1]);
    s->acts[1] = NULL;
    s->index = 0;
    struct act *act = sample_begin(s, rule->kind, 1, OFFICE_OFFICER);
    bool parting = rule->kind == KIND_SAMPLE || rule->kind == KIND_SPLIT;

    act->present |= rule->must_payload;
    if (parting) {
        (void)sample_entry(s, ITEM, ROLE_PARENT);
        (void)sample_entry(s, OTHER, ROLE_CHILD);
        return;
    }
    struct entry *entry = sample_entry(s, shape_opens(rule->kind) ? 60 : fitting(rule), ROLE_SUBJECT);
    entry->facts.present = rule->must_facts & ~BIT(FACT_KEY) & ~BIT(FACT_STATION);
    entry->facts.office = OFFICE_OFFICER; /* 0 is none */
    for (unsigned type = TYPE_LEDGER; type <= TYPE_CONTAINER; type++) {
        entry->facts.type = (rule->types & BIT(type)) != 0 ? type : entry->facts.type;
    }
    if (rule->kind == KIND_SAME_AS) {
        (void)sample_entry(s, OTHER, ROLE_SUBJECT);
    }
    if (rule->kind == KIND_PACK || rule->kind == KIND_UNPACK) {
        (void)sample_entry(s, BOX, ROLE_CONTAINER);
    }
    if (rule->kind == KIND_REGISTER || rule->kind == KIND_MOVE) {
        entry->facts.of_case = CASE;
        (void)sample_entry(s, CASE, ROLE_CASE);
    }
    if (rule->kind == KIND_MOVE) {
        (void)sample_entry(s, FORMER, ROLE_FORMER_CASE);
    }
}

/* The kinds without keys to check: all but found, enrol, rekey and station key. */
static bool tried(unsigned kind)
{
    return kind != KIND_FOUND && kind != KIND_ENROL && kind != KIND_REKEY && kind != KIND_STATION_KEY;
}

START_TEST(test_smallest)
{
    const struct act_rule *rule = act_rule((unsigned)_i);

    if (tried(rule->kind)) {
        begin(rule);
        ck_assert_msg(strcmp(shape(), "") == 0, "%s: %s", rule->name, s->stop.text);
    }
}
END_TEST

START_TEST(test_payload_keys)
{
    const struct act_rule *rule = act_rule((unsigned)_i);
    const uint32_t always = 0xfe | BIT(PAY_SHEET) | BIT(PAY_OFFLINE) | BIT(PAY_DEVIATION);

    for (unsigned key = PAY_LEDGER; key < PAY_COUNT && tried(rule->kind); key++) {
        begin(rule);
        s->act->present |= BIT(key);
        bool right = ((always | rule->must_payload | rule->may_payload) & BIT(key)) != 0;
        ck_assert_msg(strcmp(shape(), right ? "" : "malformed-act") == 0, "%s with payload key %u: %s", rule->name, key, s->stop.text);
        if ((rule->must_payload & BIT(key)) != 0) {
            /* Missing: a contradiction for kinds 0 to 7 and erase, for all others a breach. */
            s->act->present &= ~BIT(key);
            ck_assert_msg(strcmp(shape(), rule->kind <= KIND_CLOCK || rule->kind == KIND_ERASE ? "malformed-act" : "") == 0, "%s without payload key %u",
                          rule->name, key);
        }
    }
}
END_TEST

START_TEST(test_facts)
{
    const struct act_rule *rule = act_rule((unsigned)_i);

    if (!tried(rule->kind) || (rule->roles & BIT(ROLE_SUBJECT)) == 0) {
        return;
    }
    for (unsigned fact = 0; fact < FACT_COUNT; fact++) {
        bool known = ((rule->must_facts | rule->may_facts) & BIT(fact)) != 0;

        begin(rule);
        s->act->entries[0].facts.present |= BIT(fact);
        if (!known) {
            ck_assert_msg(strcmp(shape(), "malformed-act") == 0, "%s takes fact %u", rule->name, fact);
        }
        if ((rule->must_facts & BIT(fact)) != 0) {
            bool contradiction = rule->kind <= KIND_CLOCK || fact == FACT_TYPE;
            s->act->entries[0].facts.present &= ~BIT(fact);
            /* fact 1 is that of the case, in register and move */
            const char *code = shape();
            ck_assert_msg(strcmp(code, contradiction ? "malformed-act" : "") == 0, "%s without fact %u: %s", rule->name, fact, s->stop.text);
        }
    }
}
END_TEST

START_TEST(test_roles_and_types)
{
    const struct act_rule *rule = act_rule((unsigned)_i);
    static const uint64_t subjects[] = {ITEM, BOX, CASE, PLACE, 4};
    static const unsigned types[] = {TYPE_ITEM, TYPE_CONTAINER, TYPE_CASE, TYPE_PLACE, TYPE_PERSON};

    if (!tried(rule->kind)) {
        return;
    }
    for (unsigned role = 0; role < 16; role++) {
        if (role >= ROLE_COUNT || (rule->roles & BIT(role)) == 0) {
            begin(rule);
            s->act->entries[0].role = (enum role)role;
            ck_assert_msg(strcmp(shape(), "") != 0, "%s takes role %u", rule->name, role);
        }
    }
    if ((rule->roles & BIT(ROLE_SUBJECT)) == 0 || shape_opens(rule->kind)) {
        return;
    }
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        begin(rule);
        s->act->entries[0].subject = subjects[i];
        bool right = (rule->types & BIT(types[i])) != 0;
        ck_assert_msg(strcmp(shape(), right ? "" : "malformed-act") == 0, "%s of a %s: %s", rule->name, type_name(types[i]), s->stop.text);
    }
    /* One that has no leaf is passed over. */
    begin(rule);
    s->act->entries[0].subject = 999;
    ck_assert_str_eq(shape(), "");
}
END_TEST

START_TEST(test_opened_type)
{
    const struct act_rule *rule = act_rule((unsigned)_i);

    for (unsigned type = 0; type < 20 && shape_opens(rule->kind) && tried(rule->kind); type++) {
        begin(rule);
        s->act->entries[0].facts.type = type;
        bool right = type < 16 && (rule->types & BIT(type)) != 0;
        ck_assert_msg(strcmp(shape(), right ? "" : "malformed-act") == 0, "%s opens type %u", rule->name, type);
    }
}
END_TEST

START_TEST(test_counts)
{
    begin(act_rule(KIND_PACK));
    s->act->entries[0].role = ROLE_CONTAINER;
    s->act->entries[0].subject = BOX;
    ck_assert_str_eq(shape(), "malformed-act"); /* two containers, nothing packed */
    begin(act_rule(KIND_PACK));
    s->act->entry_count = 1;
    ck_assert_str_eq(shape(), "malformed-act"); /* no container */
    begin(act_rule(KIND_SAME_AS));
    s->act->entry_count = 1;
    ck_assert_str_eq(shape(), "malformed-act");
    begin(act_rule(KIND_SPLIT));
    s->act->entries[1].role = ROLE_PARENT;
    ck_assert_str_eq(shape(), "malformed-act");
    begin(act_rule(KIND_REGISTER));
    s->act->entries[0].facts.of_case = FORMER; /* fact 1 is another case than role 1 */
    ck_assert_str_eq(shape(), "malformed-act");
    begin(act_rule(KIND_MOVE));
    s->act->entry_count = 2; /* no former case */
    ck_assert_str_eq(shape(), "malformed-act");
    begin(act_rule(KIND_OPEN_CASE));
    *sample_entry(s, 61, ROLE_SUBJECT) = s->act->entries[0];
    s->act->entries[1].subject = 61;
    ck_assert_str_eq(shape(), "malformed-act"); /* one entry */
    begin(act_rule(KIND_ALLOT));
    *sample_entry(s, 61, ROLE_SUBJECT) = s->act->entries[0];
    s->act->entries[1].subject = 61;
    ck_assert_str_eq(shape(), "");
    s->act->entries[1].subject = 62; /* a gap */
    ck_assert_str_eq(shape(), "malformed-act");
}
END_TEST

START_TEST(test_links_and_opening)
{
    begin(act_rule(KIND_NOTE));
    ck_assert_str_eq(shape(), "");
    s->record->links[0].subject = OTHER;
    shape_check(&s->replay, s->record, s->act, &s->stop);
    ck_assert_str_eq(s->stop.code, "links");
    s->stop.status = 0;
    s->record->links[0].subject = ITEM;
    s->record->link_count = 2;
    shape_check(&s->replay, s->record, s->act, &s->stop);
    ck_assert_str_eq(s->stop.code, "links");
    s->stop.status = 0;
    s->record->link_count = 1;
    s->record->links[0].number = 1; /* the first record of a thing, in an act that opens nothing */
    shape_check(&s->replay, s->record, s->act, &s->stop);
    ck_assert_str_eq(s->stop.code, "opening");
    begin(act_rule(KIND_ALLOT));
    ck_assert_str_eq(shape(), "");
    s->record->links[0].number = 2; /* allotted, though it exists */
    shape_check(&s->replay, s->record, s->act, &s->stop);
    ck_assert_str_eq(s->stop.code, "opening");
}
END_TEST

START_TEST(test_origin)
{
    static const char *const good[] = {"a", "a.b", "a-b/c.d", "0", "a/b/c", "training.a", "...", "a/trainings"};
    static const char *const bad[] = {"", "/", "/a", "a/", "a//b", ".", "..", "a/.", "a/../b", "training", "a/training", "training/a",
                                      "A", "a b", "a_b", "a\xc3\xa4", "a:1"};
    char long_one[66];

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        ck_assert_msg(shape_origin_check(view_text(good[i])), "refused: %s", good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ck_assert_msg(!shape_origin_check(view_text(bad[i])), "accepted: %s", bad[i]);
    }
    memset(long_one, 'a', sizeof long_one);
    ck_assert(shape_origin_check(view_of(long_one, 64)));
    ck_assert(!shape_origin_check(view_of(long_one, 65)));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("shape");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, test_smallest, 0, KIND_COUNT);
    tcase_add_loop_test(tests, test_payload_keys, 0, KIND_COUNT);
    tcase_add_loop_test(tests, test_facts, 0, KIND_COUNT);
    tcase_add_loop_test(tests, test_roles_and_types, 0, KIND_COUNT);
    tcase_add_loop_test(tests, test_opened_type, 0, KIND_COUNT);
    tcase_add_test(tests, test_counts);
    tcase_add_test(tests, test_links_and_opening);
    tcase_add_test(tests, test_origin);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
