/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when an act says something that its description leaves out, or a description says what the act does not. */
#include "custody/describe.h"

#include "tests/ledger/fixture.c"
#include "tests/support/custody_suite.h"

static struct fixture f;
static struct fault fault;
static struct session session;

static void open_session(void)
{
    fixture_make(&f, NULL);
    session = (struct session){.ledger = f.ledger, .identity = ledger_identity(f.ledger)};
}

static void begin(void)
{
    fault_clear(&fault);
    ck_assert_int_eq(session_begin(&session, false, &fault), STATUS_OK);
}

static void end(void)
{
    session_end(&session);
    fixture_remove(&f);
}

static json_t *record(uint64_t index)
{
    json_t *out = NULL;

    ck_assert_msg(describe_record(&session, index, &out, &fault) == STATUS_OK, "%s", fault.text);
    ck_assert_int_eq(json_integer_value(json_object_get(out, "record")), (json_int_t)index);
    ck_assert_ptr_nonnull(json_object_get(out, "logged"));
    return out;
}

static const char *string_at(const json_t *value, const char *key)
{
    const char *text = json_string_value(json_object_get(value, key));

    return text == NULL ? "(none)" : text;
}

/* ---- records of a ledger ------------------------------------------------------------------------ */

START_TEST(the_founding)
{
    json_t *out;
    json_t *act;
    json_t *founding;

    open_session();
    begin();
    out = record(0);
    act = json_object_get(out, "act");
    founding = json_object_get(act, "founding");
    ck_assert_str_eq(string_at(act, "kind"), "found");
    ck_assert_str_eq(string_at(act, "claimed"), "2018-12-13T09:03:04+07:00");
    ck_assert_str_eq(string_at(founding, "origin"), "kh-pp.example/custody");
    ck_assert_str_eq(string_at(founding, "code"), "KHPP");
    ck_assert_int_eq(json_integer_value(json_object_get(founding, "threshold")), 2);
    ck_assert(json_is_false(json_object_get(founding, "training")));
    ck_assert_uint_eq(json_array_size(json_object_get(act, "signers")), 3);
    ck_assert_uint_eq(json_array_size(json_object_get(act, "entries")), 4);
    ck_assert_uint_eq(json_array_size(json_object_get(act, "details")), 3);
    ck_assert_ptr_null(json_object_get(act, "seen"));
    json_decref(out);
    end();
}
END_TEST

/* Who signed, by name and office; the enrollee as the person concerned; key and office of the new person. */
START_TEST(an_enrolment)
{
    json_t *out;
    json_t *signers;
    json_t *facts;

    open_session();
    begin();
    out = record(1);
    signers = json_object_get(json_object_get(out, "act"), "signers");
    ck_assert_str_eq(string_at(json_array_get(signers, 0), "name"), "a founder");
    ck_assert_str_eq(string_at(json_array_get(signers, 0), "office"), "registrar");
    ck_assert(json_is_true(json_object_get(json_array_get(signers, 0), "signed")));
    ck_assert_str_eq(string_at(json_array_get(signers, 2), "office"), "person concerned");
    facts = json_object_get(json_array_get(json_object_get(json_object_get(out, "act"), "entries"), 0), "facts");
    ck_assert_str_eq(string_at(facts, "type"), "person");
    ck_assert_str_eq(string_at(facts, "office"), "custodian");
    ck_assert_int_eq(strncmp(string_at(facts, "key"), "ed25519:", 8), 0);
    ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(out, "act"), "seen")), 1);
    json_decref(out);
    end();
}
END_TEST

START_TEST(heads_and_nothing)
{
    struct describe_scratch *scratch = calloc(1, sizeof *scratch);
    json_t *out;

    open_session();
    fixture_checkpoint(&f);
    begin();
    out = record(3);
    ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(out, "heads"), "subjects")), 6);
    ck_assert_uint_eq(strlen(string_at(json_object_get(out, "heads"), "root")), 64);
    ck_assert_ptr_null(json_object_get(out, "act"));
    json_decref(out);
    ck_assert_int_eq(describe_read(&session, 3, scratch, &fault), STATUS_MISSING);
    ck_assert_int_eq(describe_read(&session, 2, scratch, &fault), STATUS_OK);
    ck_assert_uint_eq(scratch->act.kind, KIND_ENROL);
    fault_clear(&fault);
    ck_assert_int_eq(describe_record(&session, 4, &out, &fault), STATUS_MISSING);
    ck_assert_ptr_null(out);
    free(scratch);
    end();
}
END_TEST

static void detail_is(uint64_t subject, uint64_t name, const char *want)
{
    struct buffer text = {0};

    describe_detail(&session, subject, name, &text);
    ck_assert(view_equal(buffer_view(&text), view_text(want)));
    buffer_free(&text);
}

/* Of this subject and this name, from its opening record; nothing else's and nothing made up. */
START_TEST(details_of_the_opening)
{
    struct ledger *ledger;

    open_session();
    begin();
    detail_is(1, NAME_PERSON, "a founder");
    detail_is(CUSTODIAN, NAME_PERSON, "somebody");
    detail_is(CUSTODIAN, NAME_AGENCY, "");
    detail_is(0, NAME_PERSON, "");
    detail_is(99, NAME_PERSON, "");
    ledger = session.ledger;
    session.ledger = NULL;
    detail_is(1, NAME_PERSON, "");
    session.ledger = ledger;
    end();
}
END_TEST

/* ---- acts that are in no ledger ------------------------------------------------------------------ */

static json_t *describe(const struct act *act, const struct describe_parts *parts)
{
    struct session far_away = {0};
    json_t *out = describe_act(&far_away, act, parts);

    ck_assert_ptr_nonnull(out);
    return out;
}

/* Far from its ledger a draft shows numbers. Every key of the payload that is there is shown, and no other. */
START_TEST(every_member_of_the_payload)
{
    const struct describe_parts parts = {0};
    struct act *act = calloc(1, sizeof *act);
    size_t bare;
    json_t *out;

    act->kind = KIND_RELEASE;
    out = describe(act, &parts);
    bare = json_object_size(out);
    json_decref(out);
    act->present = BIT(PAY_FROM) | BIT(PAY_TO) | BIT(PAY_CODE) | BIT(PAY_PLACE) | BIT(PAY_DUE) | BIT(PAY_ANSWERS) |
                   BIT(PAY_AMENDS) | BIT(PAY_DEVIATION) | BIT(PAY_SEEN);
    act->from = (struct party){.has_person = true, .person = 3, .has_office = true, .office = OFFICE_OFFICER};
    act->to = (struct party){.has_office = true, .office = 77, .has_place = true, .place = 9};
    act->code = (uint64_t)code_number(KIND_RELEASE, view_text("storage"));
    act->place = 9;
    act->due_s = 1544745599;
    act->answers.bytes[0] = 0xab;
    act->amends_index = 41;
    act->seen_size = 42;
    out = describe(act, &parts);
    ck_assert_uint_eq(json_object_size(out), bare + 9);
    ck_assert_str_eq(string_at(json_object_get(out, "from"), "person"), "no. 3");
    ck_assert_str_eq(string_at(json_object_get(out, "from"), "office"), "officer");
    ck_assert_uint_eq(json_object_size(json_object_get(out, "from")), 2);
    ck_assert_str_eq(string_at(json_object_get(out, "to"), "office"), "office 77");
    ck_assert_str_eq(string_at(json_object_get(out, "to"), "place"), "no. 9");
    ck_assert_str_eq(string_at(out, "code"), "storage");
    ck_assert_str_eq(string_at(out, "place"), "no. 9");
    ck_assert_str_eq(string_at(out, "due"), "2018-12-13T23:59:59Z");
    ck_assert_int_eq(strncmp(string_at(out, "answers"), "ab00", 4), 0);
    ck_assert_int_eq(json_integer_value(json_object_get(out, "amends")), 41);
    ck_assert(json_is_true(json_object_get(out, "deviation")));
    ck_assert_int_eq(json_integer_value(json_object_get(out, "seen")), 42);
    json_decref(out);
    act->code = 999;
    act->kind = 200;
    out = describe(act, &parts);
    ck_assert_str_eq(string_at(out, "code"), "999");
    ck_assert_str_eq(string_at(out, "kind"), "kind 200");
    json_decref(out);
    free(act);
}
END_TEST

static struct view encode_seals(struct buffer *out, const char *one, const char *two)
{
    struct seals seals = {.count = two == NULL ? 1 : 2, .numbers = {view_text(one), view_text(two == NULL ? "" : two)}};

    ck_assert(seals_encode(&seals, out));
    return buffer_view(out);
}

START_TEST(every_fact)
{
    static const uint64_t names[] = {NAME_PERSON, 60000};
    const struct describe_parts parts = {0};
    struct act *act = calloc(1, sizeof *act);
    struct facts *facts = &act->entries[0].facts;
    struct buffer seals[3] = {{0}, {0}, {0}};
    struct buffer encoded = {0};
    json_t *out;
    json_t *shown;

    names_encode(names, 2, &encoded);
    act->kind = KIND_NOTE;
    act->entry_count = 1;
    act->entries[0].subject = 17;
    act->entries[0].role = ROLE_CONTAINER;
    facts->present = BIT(FACT_CASE) | BIT(FACT_PIECES) | BIT(FACT_GROSS) | BIT(FACT_TARE) | BIT(FACT_NET) | BIT(FACT_FOUND) |
                     BIT(FACT_REMOVED) | BIT(FACT_PUT_ON) | BIT(FACT_OUTCOME) | BIT(FACT_DOUBTED) | BIT(FACT_PRINT) |
                     BIT(FACT_NAMES);
    facts->of_case = 5;
    facts->pieces = 2;
    facts->gross_mg = 3;
    facts->tare_mg = 4;
    facts->net_mg = NUM_MAX;
    facts->found = encode_seals(&seals[0], "A1", "A2");
    facts->removed = encode_seals(&seals[1], "A2", NULL);
    facts->put_on = encode_seals(&seals[2], "B1", NULL);
    facts->outcome = 6;
    facts->doubted = 7;
    facts->print = 8;
    facts->names = buffer_view(&encoded);
    out = describe(act, &parts);
    shown = json_array_get(json_object_get(out, "entries"), 0);
    ck_assert_str_eq(string_at(shown, "subject"), "no. 17");
    ck_assert_str_eq(string_at(shown, "role"), "container");
    shown = json_object_get(shown, "facts");
    ck_assert_uint_eq(json_object_size(shown), 12);
    ck_assert_str_eq(string_at(shown, "case"), "no. 5");
    ck_assert_int_eq(json_integer_value(json_object_get(shown, "pieces")), 2);
    ck_assert_int_eq(json_integer_value(json_object_get(shown, "gross-mg")), 3);
    ck_assert_int_eq(json_integer_value(json_object_get(shown, "tare-mg")), 4);
    ck_assert_int_eq(json_integer_value(json_object_get(shown, "net-mg")), (json_int_t)NUM_MAX);
    ck_assert_str_eq(json_string_value(json_array_get(json_object_get(shown, "seals-found"), 1)), "A2");
    ck_assert_uint_eq(json_array_size(json_object_get(shown, "seals-removed")), 1);
    ck_assert_str_eq(json_string_value(json_array_get(json_object_get(shown, "seals-put-on"), 0)), "B1");
    ck_assert_str_eq(json_string_value(json_object_get(shown, "outcome")), "unknown");
    ck_assert_int_eq(json_integer_value(json_object_get(shown, "doubted-from")), 7);
    ck_assert_int_eq(json_integer_value(json_object_get(shown, "print")), 8);
    ck_assert_str_eq(json_string_value(json_array_get(json_object_get(shown, "detail-names"), 0)), detail_by_number(NAME_PERSON)->name);
    ck_assert_str_eq(json_string_value(json_array_get(json_object_get(shown, "detail-names"), 1)), "60000");
    json_decref(out);
    for (size_t i = 0; i < 3; i++) {
        buffer_free(&seals[i]);
    }
    buffer_free(&encoded);
    free(act);
}
END_TEST

/* Details with their subjects, those of the act itself without; who has not signed yet is shown so. */
START_TEST(parts_of_a_draft)
{
    static const bool is_signed[] = {true, false};
    struct disclosure disclosure = {.has_subject = true, .subject = 17, .name = NAME_MARKS,
                                    .value = {.type = VALUE_TEXT, .text = view_text("ink 41")}};
    struct buffer bytes[2] = {{0}, {0}};
    struct view views[2];
    const struct describe_parts parts = {.disclosures = views, .disclosure_count = 2, .is_signed = is_signed};
    struct act *act = calloc(1, sizeof *act);
    json_t *out;
    json_t *list;

    disclosure_encode(&disclosure, &bytes[0]);
    disclosure.has_subject = false;
    disclosure.name = 60000;
    disclosure_encode(&disclosure, &bytes[1]);
    views[0] = buffer_view(&bytes[0]);
    views[1] = buffer_view(&bytes[1]);
    act->kind = KIND_NOTE;
    act->signer_count = 2;
    act->signers[0] = (struct signer){3, 1, OFFICE_OFFICER};
    act->signers[1] = (struct signer){4, 1, OFFICE_CUSTODIAN};
    out = describe(act, &parts);
    list = json_object_get(out, "signers");
    ck_assert_str_eq(string_at(json_array_get(list, 0), "person"), "no. 3");
    ck_assert(json_is_true(json_object_get(json_array_get(list, 0), "signed")));
    ck_assert(json_is_false(json_object_get(json_array_get(list, 1), "signed")));
    list = json_object_get(out, "details");
    ck_assert_uint_eq(json_array_size(list), 2);
    ck_assert_str_eq(string_at(json_array_get(list, 0), "subject"), "no. 17");
    ck_assert_str_eq(string_at(json_array_get(list, 0), "name"), "marks");
    ck_assert_str_eq(string_at(json_array_get(list, 0), "value"), "ink 41");
    ck_assert(json_is_null(json_object_get(json_array_get(list, 1), "subject")));
    ck_assert_str_eq(string_at(json_array_get(list, 1), "name"), "60000");
    json_decref(out);
    buffer_free(&bytes[0]);
    buffer_free(&bytes[1]);
    free(act);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_founding,           an_enrolment,                heads_and_nothing,
                                  details_of_the_opening, every_member_of_the_payload, every_fact,
                                  parts_of_a_draft,       NULL};

    return suite_run("describe", tests, NULL);
}
