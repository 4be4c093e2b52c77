/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when the death of a child is taken for an exit, or its exit code is lost.
 */
#include "custody/guard.h"

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

START_TEST(a_death_is_told)
{
    int number = 0;

    if (guard_enter(&number) == GUARD_CHILD) {
        (void)signal(SIGBUS, SIG_DFL);
        (void)raise(SIGBUS);
        _exit(0);
    }
    ck_assert_int_eq(number, SIGBUS);
}
END_TEST

START_TEST(an_exit_code_is_handed_on)
{
    int state = 0;
    pid_t outer = fork();

    if (outer == 0) {
        int number = 0;

        _exit(guard_enter(&number) == GUARD_CHILD ? 7 : 1);
    }
    ck_assert_int_eq(waitpid(outer, &state, 0), outer);
    ck_assert(WIFEXITED(state));
    ck_assert_int_eq(WEXITSTATUS(state), 7);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("guard");
    TCase *tests = tcase_create("all");

    tcase_add_test(tests, a_death_is_told);
    tcase_add_test(tests, an_exit_code_is_handed_on);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
