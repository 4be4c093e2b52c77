/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when a signer is shown less than the act says, or text from records reaches the terminal raw. */
#include "custody/describe.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/custody_suite.h"

/* Prints and releases it; freed by the caller. */
static char *print(json_t *act)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    ck_assert_ptr_nonnull(act);
    describe_print(act, out);
    (void)fclose(out);
    json_decref(act);
    return text;
}

static json_t *plain(const char *name)
{
    return json_pack("{s:s,s:s,s:{}}", "subject", name, "role", "subject", "facts");
}

/* An act with these members beside what every act has. */
static json_t *act_with(json_t *members, json_t *entries, json_t *details)
{
    json_t *act = json_pack("{s:s,s:s,s:[{s:s,s:s,s:s,s:b},{s:s,s:s,s:s,s:b}],s:o,s:o}", "kind", "release", "claimed",
                            "2018-12-13T10:00:00+07:00", "signers", "person", "KHPP-3-A", "name", "Sok Dara", "office", "officer",
                            "signed", 1, "person", "KHPP-4-B", "name", "", "office", "custodian", "signed", 0, "entries", entries,
                            "details", details);

    if (members != NULL) {
        (void)json_object_update(act, members);
        json_decref(members);
    }
    return act;
}

#define HEAD "release, claimed 2018-12-13T10:00:00+07:00\n  signer: KHPP-3-A Sok Dara as officer\n" \
             "  signer: KHPP-4-B as custodian (has not signed)\n"

static void prints(json_t *act, const char *want)
{
    char *text = print(act);

    ck_assert_str_eq(text, want);
    free(text);
}

START_TEST(what_every_act_has)
{
    prints(act_with(NULL, json_array(), json_array()), HEAD);
}
END_TEST

START_TEST(every_member_of_the_payload)
{
    json_t *members = json_pack("{s:{s:s,s:s},s:{s:s,s:s},s:s,s:s,s:s,s:s,s:i,s:{s:s,s:i,s:b},s:b,s:i}", "from", "person",
                                "KHPP-3-A", "office", "officer", "to", "office", "custodian", "place", "KHPP-9-B", "code",
                                "storage", "place", "KHPP-9-B", "due", "2018-12-14T16:59:59Z", "answers", "00ff", "amends", 41,
                                "founding", "origin", "kh.example", "threshold", 2, "training", 0, "deviation", 1, "seen", 42);
    char *text = print(act_with(members, json_array(), json_array()));

    ck_assert_ptr_nonnull(strstr(text, "\n  from: person KHPP-3-A, office officer\n"));
    ck_assert_ptr_nonnull(strstr(text, "\n  to: office custodian, place KHPP-9-B\n"));
    ck_assert_ptr_nonnull(strstr(text, "\n  code: storage\n"));
    ck_assert_ptr_nonnull(strstr(text, "\n  place: KHPP-9-B\n"));
    ck_assert_ptr_nonnull(strstr(text, "\n  due: 2018-12-14T16:59:59Z\n"));
    ck_assert_ptr_nonnull(strstr(text, "\n  answers act: 00ff\n"));
    ck_assert_ptr_nonnull(strstr(text, "\n  amends record: 41\n"));
    ck_assert_ptr_nonnull(strstr(text, "\n  founding: origin kh.example, threshold 2, training no\n"));
    ck_assert_ptr_nonnull(strstr(text, "\n  DEVIATION from a rule of custody: yes\n"));
    ck_assert_ptr_nonnull(strstr(text, "\n  signed having seen records: 42\n"));
    free(text);
}
END_TEST

/* Names of their own in one line, each of them; one that says more stands alone. */
START_TEST(entries_are_all_named)
{
    json_t *entries = json_pack("[o,o,{s:s,s:s,s:{s:i,s:[s,s],s:[]}},o,{s:s,s:s,s:{}},o]", plain("A-1"), plain("A-2"), "subject",
                                "A-3", "role", "subject", "facts", "pieces", 5, "seals-found", "S1", "S2", "seals-removed",
                                plain("A-4"), "subject", "A-5", "role", "case", "facts", plain("A-6"));

    prints(act_with(NULL, entries, json_array()),
           HEAD "  A-1 A-2\n  A-3: pieces 5, seals-found S1, S2, seals-removed none\n  A-4\n  case A-5\n  A-6\n");
}
END_TEST

START_TEST(details)
{
    json_t *list = json_pack("[{s:s,s:s,s:s},{s:n,s:s,s:s}]", "subject", "A-1", "name", "marks", "value", "ink 41", "subject",
                             "name", "reason", "value", "misread");

    prints(act_with(NULL, json_array(), list), HEAD "  A-1 marks: ink 41\n  reason: misread\n");
}
END_TEST

/* A value that tries to look like another signer, a line of its own, or to colour the screen. */
START_TEST(hostile_text)
{
    static const char hostile[] = "x\n  signer: KHPP-1-X as court\x1b[2J\xe2\x80\xae";
    json_t *act = act_with(json_pack("{s:{s:s}}", "founding", "origin", hostile), json_array(),
                           json_pack("[{s:s,s:s,s:s}]", "subject", "A", "name", "note", "value", hostile));
    char *text;

    (void)json_object_set_new(json_array_get(json_object_get(act, "signers"), 0), "name", json_string(hostile));
    text = print(act);
    ck_assert_ptr_null(strstr(text, "\n  signer: KHPP-1-X"));
    ck_assert_ptr_null(strchr(text, 0x1b));
    ck_assert_ptr_null(strstr(text, "\xe2\x80\xae"));
    ck_assert_ptr_nonnull(strstr(text, "KHPP-1-X as court")); /* shown all the same */
    free(text);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_every_act_has, every_member_of_the_payload, entries_are_all_named, details,
                                  hostile_text,       NULL};

    return suite_run("describe_print", tests, NULL);
}
