/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SPEC 7.3.17. Breaks when two adopters can make up the act of a third: one that nobody signed, that another signed, that is
 * of another ledger, of another thing or of another kind; or when a late but true act has no effect.
 */
#include "tests/support/sample_keys.h"
#include "tests/support/sample_replay.h"
#include "verify/effects.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { AUTHOR = 4, ADOPTER = 2, THING = 20, OTHER_THING = 21 };

static struct sample_replay sample;
static struct sample_replay *s = &sample;
static struct act *orphan; /* what the source gives */
static enum orphan_answer answer;
static struct hash asked_for;
static uint64_t asked_subject, asked_before;
static struct buffer header, message;
static struct fault fault;

static enum orphan_answer give(void *context, uint64_t subject, uint64_t before, const struct hash *id, struct act *scratch)
{
    (void)context;
    asked_subject = subject;
    asked_before = before;
    asked_for = *id;
    *scratch = *orphan;
    return answer;
}

/* The person's key of that name, from that record on. */
static void give_key(uint64_t number, const char *name, uint64_t from)
{
    struct person *person = world_find(s->world, number)->person;
    struct person_key *key = &person->keys[person->key_count++];

    *key = (struct person_key){.from = from, .key = {.algorithm = KEY_ED25519, .len = ED25519_BYTES}, .endorsed = true};
    sample_public_key(name, key->key.bytes);
    public_key_id(s->hasher, &key->key, &key->kid);
}

/* Signature 0 of the orphan by that key. */
static void sign(const char *name)
{
    struct public_key key = {.algorithm = KEY_ED25519, .len = ED25519_BYTES};
    struct act_signature *signature = &orphan->signatures[0];

    sample_public_key(name, key.bytes);
    signature->algorithm = KEY_ED25519;
    public_key_id(s->hasher, &key, &signature->kid);
    buffer_reset(&header);
    buffer_reset(&message);
    sig_header_encode(KEY_ED25519, &signature->kid, &header);
    signature->header = buffer_view(&header);
    signed_bytes(signature->header, orphan->payload, &message);
    sample_signature(name, buffer_view(&message), signature->value);
    orphan->signature_count = 1;
}

/* A weighing of the thing by its holder, 5 g less than it was, which was signed in time and came too late. */
static void setup(void)
{
    fault_clear(&fault);
    ck_assert_int_eq(key_initialise(&fault), STATUS_OK);
    sample_replay_open(s);
    s->source.orphan = give;
    struct subject *thing = sample_thing(s, THING, TYPE_ITEM, THING_HELD, AUTHOR);
    thing->thing->net_mg = 100000;
    give_key(AUTHOR, "author", 0);
    orphan = calloc(1, sizeof *orphan);
    ck_assert_ptr_nonnull(orphan);
    orphan->kind = KIND_WEIGH;
    orphan->present = BIT(PAY_LEDGER);
    orphan->payload = view_text("what the author signed");
    orphan->signer_count = 1;
    orphan->signers[0] = (struct signer){.person = AUTHOR, .appointment = 1, .capacity = OFFICE_CUSTODIAN};
    orphan->entry_count = 1;
    orphan->entries[0] = (struct entry){.subject = THING, .role = ROLE_SUBJECT};
    sample_state(&orphan->entries[0], FACT_NET, 99995);
    sign("author");
    answer = ORPHAN_FOUND;
}

static void teardown(void)
{
    free(orphan);
    buffer_free(&header);
    buffer_free(&message);
    sample_replay_close(s);
}

/* Adopts it for the thing; s->findings and s->stop say what came of it. */
static void adopt(void)
{
    struct act *act = sample_begin(s, KIND_ADOPT, ADOPTER, OFFICE_OFFICER);
    struct pass pass = {.replay = &s->replay, .record = s->record, .index = s->index, .act = act,
                        .rule = act_rule(KIND_ADOPT), .author = ADOPTER, .stop = &s->stop};

    act->present |= BIT(PAY_ANSWERS);
    act->answers = (struct hash){{0xab}};
    s->finding_count = 0;
    s->stop = (struct stop){.status = 0};
    orphan_adopt(&pass, world_find(s->world, THING));
}

static uint64_t net(void)
{
    return world_find(s->world, THING)->thing->net_mg;
}

/* The adoption has no effect, and says so once. */
static void expect_refused(void)
{
    adopt();
    ck_assert_uint_eq(net(), 100000);
    ck_assert_str_eq(sample_said(s), "orphan 20");
    ck_assert_int_eq(s->stop.status, 0);
}

static void expect_taken(void)
{
    adopt();
    ck_assert_uint_eq(net(), 99995);
    ck_assert_ptr_null(strstr(sample_said(s), "orphan"));
    ck_assert_int_eq(s->stop.status, 0);
}

START_TEST(test_taken)
{
    expect_taken();
    ck_assert_uint_eq(asked_subject, THING);
    ck_assert_uint_eq(asked_before, s->index);
    ck_assert_uint_eq(asked_for.bytes[0], 0xab);
    /* Its effect is that of its author: who holds the thing stays the same. */
    ck_assert_uint_eq(world_find(s->world, THING)->thing->holder, AUTHOR);
}
END_TEST

START_TEST(test_every_bit_of_the_signature)
{
    for (size_t bit = 0; bit < 8 * SIGNATURE_BYTES; bit += 5) {
        s->index = 0;
        free(s->acts[1]);
        s->acts[1] = NULL;
        orphan->signatures[0].value[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        expect_refused();
        orphan->signatures[0].value[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
}
END_TEST

START_TEST(test_signed_by_another)
{
    sign("somebody");
    expect_refused(); /* no key of the author */
    give_key(ADOPTER, "somebody", 0);
    expect_refused(); /* the adopter's own key */
    give_key(AUTHOR, "somebody", 50);
    expect_refused(); /* the author's, but given after the adoption */
    world_find(s->world, AUTHOR)->person->keys[1].from = s->index + 1;
    expect_refused(); /* given by the adopting record itself */
    world_find(s->world, AUTHOR)->person->keys[1].from = s->index;
    expect_taken();
}
END_TEST

/* Revoked since, replaced since: that is why it comes late. */
START_TEST(test_old_keys)
{
    world_find(s->world, AUTHOR)->person->revoked = 0;
    give_key(AUTHOR, "newer", 0);
    expect_taken();
}
END_TEST

START_TEST(test_other_header)
{
    orphan->signatures[0].algorithm = KEY_ESP256;
    expect_refused();
    orphan->signatures[0].algorithm = KEY_ED25519;
    orphan->signatures[0].kid.bytes[3] ^= 1;
    expect_refused();
}
END_TEST

START_TEST(test_other_ledger_or_author)
{
    orphan->ledger.bytes[0] ^= 1;
    expect_refused();
    orphan->ledger.bytes[0] ^= 1;
    orphan->signers[0].person = THING; /* no person */
    expect_refused();
    orphan->signers[0].person = 77; /* nobody */
    expect_refused();
    orphan->signers[0].person = AUTHOR;
    expect_taken();
}
END_TEST

START_TEST(test_other_thing)
{
    orphan->entries[0].subject = OTHER_THING;
    expect_refused();
    orphan->entries[0].subject = THING;
    orphan->entries[0].role = ROLE_CONTAINER;
    expect_refused();
    orphan->entry_count = 2; /* the second entry is the one */
    orphan->entries[1] = orphan->entries[0];
    orphan->entries[0].subject = OTHER_THING;
    orphan->entries[1].role = ROLE_SUBJECT;
    expect_refused(); /* a role that its row does not have, even of another thing */
    orphan->entries[0].role = ROLE_SUBJECT;
    expect_taken();
}
END_TEST

/* SPEC 7.3.17: what its row does not allow, an orphan does not bring in. */
START_TEST(test_surplus)
{
    orphan->entries[0].facts.present |= BIT(FACT_PIECES);
    expect_refused();
    orphan->entries[0].facts.present &= ~BIT(FACT_PIECES);
    orphan->present |= BIT(PAY_PLACE);
    expect_refused();
    orphan->present &= ~BIT(PAY_PLACE);
    expect_taken();
}
END_TEST

/* Of all 256 kinds, eight can be adopted. */
START_TEST(test_kinds)
{
    for (unsigned kind = 0; kind < 256; kind++) {
        teardown();
        setup();
        bool may = (kind >= KIND_RELEASE && kind <= KIND_SHELVE) || kind == KIND_WEIGH;
        orphan->kind = kind;
        if (kind != KIND_WEIGH) {
            orphan->entries[0].facts.present = 0; /* what a weighing states, no other of them may */
        }
        adopt();
        bool refused = strstr(sample_said(s), "orphan") != NULL;
        ck_assert_msg(refused == !may, "kind %u: %s", kind, sample_said(s));
    }
}
END_TEST

START_TEST(test_not_lodged)
{
    answer = ORPHAN_NONE;
    expect_refused();
}
END_TEST

/* Not disclosed: custody cannot be judged; no breach is told that nobody can know of. */
START_TEST(test_withheld)
{
    answer = ORPHAN_WITHHELD;
    adopt();
    ck_assert_uint_eq(net(), 100000);
    ck_assert_str_eq(sample_said(s), "");
    ck_assert_int_eq(s->stop.status, 2);
    ck_assert_str_eq(s->stop.code, "orphan");
    ck_assert_uint_eq(s->stop.record, s->index);
}
END_TEST

/* It is judged as if it came now: a closed thing is not weighed. */
START_TEST(test_too_late)
{
    world_find(s->world, THING)->thing->state = THING_CLOSED;
    adopt();
    ck_assert_ptr_nonnull(strstr(sample_said(s), "state 20"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("orphan");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_taken);
    tcase_add_test(tests, test_every_bit_of_the_signature);
    tcase_add_test(tests, test_signed_by_another);
    tcase_add_test(tests, test_old_keys);
    tcase_add_test(tests, test_other_header);
    tcase_add_test(tests, test_other_ledger_or_author);
    tcase_add_test(tests, test_other_thing);
    tcase_add_test(tests, test_surplus);
    tcase_add_test(tests, test_kinds);
    tcase_add_test(tests, test_not_lodged);
    tcase_add_test(tests, test_withheld);
    tcase_add_test(tests, test_too_late);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
