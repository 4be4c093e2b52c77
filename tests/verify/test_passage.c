/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thing's records, and those of the containers it was in. Breaks when a container's record from before or after its time in it counts,
 * when one from within is left out, when nested containers are lost, or when what the rules give no effect (SPEC 7.3.9) has one here.
 */
#include "verify/passage.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS_MAX = 64, ENTRIES = 4, THINGS = 8, NONE = 99 };

/* Records by index; unused entries have subject NONE. */
struct event {
    enum kind kind;
    struct {
        uint64_t subject;
        enum role role;
    } entries[ENTRIES];
};

static struct event events[EVENTS_MAX];
static size_t event_count;
static struct act *scratch;
static char told[1024];

static bool touches(const struct event *event, uint64_t subject)
{
    for (size_t i = 0; i < ENTRIES; i++) {
        if (event->entries[i].subject == subject) {
            return true;
        }
    }
    return false;
}

static bool thread(void *context, uint64_t subject, uint64_t number, uint64_t *index)
{
    (void)context;
    for (size_t i = 0; i < event_count; i++) {
        if (touches(&events[i], subject) && --number == 0) {
            *index = i;
            return true;
        }
    }
    return false;
}

static bool act_at(void *context, uint64_t index, struct act *act)
{
    (void)context;
    act->kind = events[index].kind;
    act->entry_count = 0;
    for (uint64_t subject = 0; subject < THINGS; subject++) { /* ascending, as in any act */
        for (size_t i = 0; i < ENTRIES; i++) {
            if (events[index].entries[i].subject == subject) {
                act->entries[act->entry_count].role = events[index].entries[i].role;
                act->entries[act->entry_count++].subject = subject;
            }
        }
    }
    return true;
}

static const struct rules_source source = {.thread = thread, .act_at = act_at};

static void setup(void)
{
    event_count = 0;
    scratch = calloc(1, sizeof *scratch);
    ck_assert_ptr_nonnull(scratch);
}

static void teardown(void)
{
    free(scratch);
}

/* a, b: subjects of role 0; container: of role 2; NONE: there is none. */
static void happens(enum kind kind, uint64_t a, uint64_t b, uint64_t container)
{
    ck_assert_uint_lt(event_count, EVENTS_MAX);
    events[event_count++] = (struct event){
        kind, {{a, ROLE_SUBJECT}, {b, ROLE_SUBJECT}, {container, ROLE_CONTAINER}, {NONE, ROLE_SUBJECT}}};
}

/* "0.1 2.5": record 0 in the thread of 1, record 2 in that of 5. */
static const char *passage_of(const uint64_t *subjects, size_t count)
{
    struct passage passage;
    struct fault fault = {0};
    size_t len = 0;

    ck_assert_int_eq(passage_find(&source, subjects, count, scratch, &passage, &fault), STATUS_OK);
    told[0] = '\0';
    for (size_t i = 0; i < passage.count; i++) {
        uint64_t index = 0;
        const struct passage_row *row = &passage.rows[i];

        len += (size_t)snprintf(told + len, sizeof told - len, "%s%u.%u", i == 0 ? "" : " ", (unsigned)row->index, (unsigned)row->subject);
        ck_assert(thread(NULL, row->subject, row->number, &index) && index == row->index);
    }
    passage_close(&passage);
    return told;
}

static const char *of(uint64_t subject)
{
    return passage_of(&subject, 1);
}

START_TEST(test_in_and_out)
{
    happens(KIND_NOTE, 5, NONE, NONE);    /* 0: before it was in */
    happens(KIND_REGISTER, 1, 2, NONE);   /* 1 */
    happens(KIND_PACK, 1, NONE, 5);       /* 2 */
    happens(KIND_SEAL, 5, NONE, NONE);    /* 3 */
    happens(KIND_PACK, 2, NONE, 5);       /* 4: the container's record, not its own */
    happens(KIND_RELEASE, 5, NONE, NONE); /* 5 */
    happens(KIND_NOTE, 2, NONE, NONE);    /* 6: another thing's */
    happens(KIND_UNPACK, 1, NONE, 5);     /* 7 */
    happens(KIND_SEAL, 5, NONE, NONE);    /* 8: after it was out */
    happens(KIND_WEIGH, 1, NONE, NONE);   /* 9 */
    ck_assert_str_eq(of(1), "1.1 2.1 2.5 3.5 4.5 5.5 7.1 7.5 9.1");
    ck_assert_str_eq(of(2), "1.2 4.2 4.5 5.5 6.2 7.5 8.5");
    ck_assert_str_eq(of(5), "0.5 2.5 3.5 4.5 5.5 7.5 8.5");
    ck_assert_str_eq(of(3), "");
}
END_TEST

START_TEST(test_nested)
{
    happens(KIND_PACK, 1, NONE, 5);     /* 0 */
    happens(KIND_NOTE, 6, NONE, NONE);  /* 1: not yet around it */
    happens(KIND_PACK, 5, NONE, 6);     /* 2 */
    happens(KIND_SEAL, 6, NONE, NONE);  /* 3 */
    happens(KIND_UNPACK, 1, NONE, 5);   /* 4: out of both */
    happens(KIND_SEAL, 6, NONE, NONE);  /* 5 */
    happens(KIND_UNPACK, 5, NONE, 6);   /* 6 */
    ck_assert_str_eq(of(1), "0.1 0.5 2.5 2.6 3.6 4.1 4.5");
    ck_assert_str_eq(of(5), "0.5 2.5 2.6 3.6 4.5 5.6 6.5 6.6");
}
END_TEST

/* What is packed anew leaves where it was; nothing is packed into itself, nor taken from where it is not. */
START_TEST(test_without_effect)
{
    happens(KIND_PACK, 5, NONE, 6);    /* 0 */
    happens(KIND_PACK, 6, NONE, 5);    /* 1: into itself */
    happens(KIND_NOTE, 6, NONE, NONE); /* 2 */
    happens(KIND_UNPACK, 5, NONE, 7);  /* 3: not there */
    happens(KIND_NOTE, 6, NONE, NONE); /* 4 */
    happens(KIND_PACK, 5, NONE, 7);    /* 5: from 6 into 7 */
    happens(KIND_NOTE, 6, NONE, NONE); /* 6 */
    happens(KIND_NOTE, 7, NONE, NONE); /* 7 */
    ck_assert_str_eq(of(5), "0.5 0.6 1.5 1.6 2.6 3.5 4.6 5.5 5.7 7.7");
    ck_assert_str_eq(of(6), "0.6 1.6 2.6 4.6 6.6");
}
END_TEST

/* Two that were in one container: its records once, while either was in it. */
START_TEST(test_several)
{
    const uint64_t both[] = {1, 2, 1};

    happens(KIND_PACK, 1, 2, 5);       /* 0 */
    happens(KIND_SEAL, 5, NONE, NONE); /* 1 */
    happens(KIND_UNPACK, 1, NONE, 5);  /* 2 */
    happens(KIND_SEAL, 5, NONE, NONE); /* 3 */
    happens(KIND_UNPACK, 2, NONE, 5);  /* 4 */
    happens(KIND_SEAL, 5, NONE, NONE); /* 5 */
    ck_assert_str_eq(passage_of(both, 2), "0.1 0.2 0.5 1.5 2.1 2.5 3.5 4.2 4.5");
    ck_assert_str_eq(passage_of(both, 3), "0.1 0.2 0.5 1.5 2.1 2.5 3.5 4.2 4.5");
    ck_assert_str_eq(passage_of(both, 0), "");
}
END_TEST

/* ---- beside the plainest way to work it out ---------------------------------------------------- */

static uint64_t in[THINGS];

static bool inside(uint64_t thing, uint64_t container)
{
    for (int i = 0; thing != NONE && i < THINGS; thing = in[thing], i++) {
        if (thing == container) {
            return true;
        }
    }
    return false;
}

static bool counts(const struct event *event, uint64_t thing)
{
    for (uint64_t subject = 0; subject < THINGS; subject++) {
        if (touches(event, subject) && inside(thing, subject)) {
            return true;
        }
    }
    return false;
}

static void replay(const struct event *event)
{
    uint64_t container = event->entries[2].subject;

    for (uint64_t subject = 0; subject < THINGS; subject++) {
        if (subject == container || !touches(event, subject) || container == NONE) {
            continue;
        }
        if (event->kind == KIND_PACK && !inside(container, subject)) {
            in[subject] = container;
        } else if (event->kind == KIND_UNPACK && in[subject] == container) {
            in[subject] = NONE;
        }
    }
}

START_TEST(test_random)
{
    unsigned seed = (unsigned)_i + 1;

    for (size_t i = 0; i < EVENTS_MAX; i++) {
        uint64_t a, b, c;

        a = (uint64_t)(rand_r(&seed) % THINGS);
        do {
            b = (uint64_t)(rand_r(&seed) % THINGS);
        } while (b == a);
        do {
            c = (uint64_t)(rand_r(&seed) % THINGS);
        } while (c == a || c == b);
        switch (rand_r(&seed) % 4) {
        case 0: happens(KIND_NOTE, a, NONE, NONE); break;
        case 1: happens(KIND_UNPACK, a, b, c); break;
        case 2: happens(KIND_PACK, a, b, c); break;
        default: happens(KIND_PACK, a, NONE, c); break;
        }
    }
    for (uint64_t thing = 0; thing < THINGS; thing++) {
        struct passage passage;
        struct fault fault = {0};
        size_t at = 0;

        ck_assert_int_eq(passage_find(&source, &thing, 1, scratch, &passage, &fault), STATUS_OK);
        for (size_t i = 0; i < THINGS; i++) {
            in[i] = NONE;
        }
        for (size_t i = 0; i < event_count; i++) {
            bool before = counts(&events[i], thing);

            replay(&events[i]);
            bool want = before || counts(&events[i], thing);
            bool got = at < passage.count && passage.rows[at].index == i;

            ck_assert_msg(want == got, "seed %d, thing %u, record %zu: %s", _i, (unsigned)thing, i, got ? "counts" : "does not count");
            ck_assert(!got || !touches(&events[i], thing) || passage.rows[at].subject == thing); /* its own comes first */
            while (at < passage.count && passage.rows[at].index == i) {
                at++;
            }
        }
        ck_assert_uint_eq(at, passage.count);
        passage_close(&passage);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("passage");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_in_and_out);
    tcase_add_test(tests, test_nested);
    tcase_add_test(tests, test_without_effect);
    tcase_add_test(tests, test_several);
    tcase_add_loop_test(tests, test_random, 0, 40);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
