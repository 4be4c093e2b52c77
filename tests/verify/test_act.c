/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a rule of SPEC 4 on the act, its sig-headers or its payload lets something pass, or names another place.
 */
#include "verify/act.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define H32(byte) "5820" byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte \
    byte byte byte byte byte byte byte byte byte byte byte byte byte byte
#define N16(byte) "50" byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte

static struct fault fault;
static struct act *act;

static void setup(void)
{
    fault_clear(&fault);
    act = malloc(sizeof *act);
    ck_assert_ptr_nonnull(act);
    /* Rubbish, so that a member which is read without having been decoded is seen. */
    memset(act, 0xa5, sizeof *act);
}

static void teardown(void)
{
    free(act);
}

static void append_hex(struct buffer *out, const char *hex)
{
    for (size_t i = 0; hex[i] != '\0'; i += 2) {
        char pair[3] = {hex[i], hex[i + 1], '\0'};

        buffer_append_byte(out, (uint8_t)strtoul(pair, NULL, 16));
    }
}

static void expect_fault(const char *rule, uint64_t at, const char *name)
{
    ck_assert_int_eq(fault.status, STATUS_DAMAGED);
    ck_assert_msg(strstr(fault.text, rule) != NULL, "%s: wanted \"%s\", got \"%s\"", name, rule, fault.text);
    ck_assert_msg(fault.at == at, "%s: wanted offset %llu, got %llu (%s)", name, (unsigned long long)at,
                  (unsigned long long)fault.at, fault.text);
    fault_clear(&fault);
}

/* ---- the payload's rules ---- */

/* A payload that is in order, by key. */
static const char *const good[PAY_COUNT] = {
    [PAY_LEDGER] = H32("11"), [PAY_KIND] = "14", [PAY_NONCE] = N16("22"), [PAY_CLAIMED] = "820500",
    [PAY_SEEN] = "8201" H32("33"), [PAY_SIGNERS] = "8183040102", [PAY_ENTRIES] = "81840500a0f6"};

/* Writes that payload with one member replaced, added or (hex NULL) left out, and says where its value begins. */
static size_t payload_with(unsigned key, const char *hex, struct buffer *out)
{
    const char *members[PAY_COUNT];
    size_t count = 0;
    size_t at = 0;

    memcpy(members, good, sizeof members);
    members[key] = hex;
    for (unsigned i = 0; i < PAY_COUNT; i++) {
        count += members[i] == NULL ? 0 : 1;
    }
    buffer_append_byte(out, (uint8_t)(0xa0 + count));
    for (unsigned i = 0; i < PAY_COUNT; i++) {
        if (members[i] != NULL) {
            buffer_append_byte(out, (uint8_t)i);
            at = i == key ? out->len : at;
            append_hex(out, members[i]);
        }
    }
    return at;
}

struct bad_member {
    unsigned key;
    const char *hex;
    size_t at; /* from the member's value */
    const char *rule;
};

static void expect_refused(const struct bad_member *bad, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct buffer payload = {0};
        size_t at = payload_with(bad[i].key, bad[i].hex, &payload);

        ck_assert_msg(payload_decode(buffer_view(&payload), act, &fault) == STATUS_DAMAGED, "accepted: %s", bad[i].rule);
        ck_assert_msg(strncmp(fault.text, "payload: ", 9) == 0, "%s", fault.text);
        expect_fault(bad[i].rule, bad[i].hex == NULL ? 0 : at + bad[i].at, bad[i].rule);
        buffer_free(&payload);
    }
}

START_TEST(test_payload_rules)
{
    static const struct bad_member bad[] = {
        {PAY_LEDGER, NULL, 0, "needs ledger and seen"},
        {PAY_SEEN, NULL, 0, "needs ledger and seen"},
        {PAY_KIND, NULL, 0, "keys 2, 3, 4, 6 and 7 is missing"},
        {PAY_NONCE, NULL, 0, "keys 2, 3, 4, 6 and 7 is missing"},
        {PAY_CLAIMED, NULL, 0, "keys 2, 3, 4, 6 and 7 is missing"},
        {PAY_SIGNERS, NULL, 0, "keys 2, 3, 4, 6 and 7 is missing"},
        {PAY_ENTRIES, NULL, 0, "keys 2, 3, 4, 6 and 7 is missing"},
        {PAY_LEDGER, "4111", 0, "ledger is 1 bytes long"},
        {PAY_LEDGER, "f6", 0, "ledger is not a byte string"},
        {PAY_KIND, "190100", 0, "kind is 256, allowed are 0 to 255"},
        {PAY_NONCE, "4f222222222222222222222222222222", 0, "nonce is 15 bytes long"},
        {PAY_CLAIMED, "8105", 0, "claimed is 1 items long"},
        {PAY_CLAIMED, "822000", 1, "claimed time is not an unsigned integer"},
        {PAY_CLAIMED, "82051905a1", 2, "UTC offset is not within"},
        {PAY_CLAIMED, "82053905a0", 2, "UTC offset is not within"},
        {PAY_SEEN, "8200" H32("33"), 1, "seen size is 0"},
        {PAY_SEEN, "8201f6", 2, "seen root is not a byte string"},
        {PAY_SIGNERS, "80", 0, "signers is 0 items long"},
        {PAY_SIGNERS, "81820401", 1, "signer is 2 items long"},
        {PAY_SIGNERS, "81830401f6", 4, "signer's capacity"},
        {PAY_SIGNERS, "91830401028304010283040102830401028304010283040102830401028304010283040102830401028304010283040102"
                      "8304010283040102830401028304010283040102", 0, "signers is 17 items long"},
        {PAY_ENTRIES, "80", 0, "entries is 0 items long"},
        {PAY_ENTRIES, "81830500a0", 1, "entry is 3 items long"},
        {PAY_ENTRIES, "81840510a0f6", 3, "entry's role is 16, allowed are 0 to 15"},
        {PAY_ENTRIES, "818405008000", 4, "facts is not a map"},
        {PAY_ENTRIES, "81840500a000", 5, "entry's sheet is not a byte string"},
        {PAY_ENTRIES, "82840500a0f6840500a0f6", 7, "entries are not ascending by subject and distinct"},
        {PAY_ENTRIES, "82840500a0f6840400a0f6", 7, "entries are not ascending by subject and distinct"},
        {PAY_FROM, "83f6f6f6", 0, "neither person nor office nor place"},
        {PAY_TO, "83f6f6f6", 0, "neither person nor office nor place"},
        {PAY_FROM, "8201f6", 0, "party is 2 items long"},
        {PAY_TO, "8301f660", 3, "party's place is not an unsigned integer"},
        {PAY_ANSWERS, "00", 0, "answers is not a byte string"},
        {PAY_AMENDS, "8100", 0, "amends is 1 items long"},
        {PAY_AMENDS, "82f6" H32("44"), 1, "amended index is not an unsigned integer"},
        {PAY_PLACE, "f6", 0, "place is not an unsigned integer"},
        {PAY_CODE, "20", 0, "code is not an unsigned integer"},
        {PAY_SHEET, "f6", 0, "sheet is not a byte string"},
        {PAY_FOREIGN, "85" H32("01") "00" H32("02") "f600", 71, "foreign act-id is not a byte string"},
        {PAY_FOREIGN, "84" H32("01") "00" H32("02") "f6", 0, "foreign is 4 items long"},
        {PAY_CLOCK, "8105", 0, "clock is 1 items long"},
        {PAY_OFFLINE, "f4", 0, "a flag may only be true"},
        {PAY_DEVIATION, "f4", 0, "a flag may only be true"},
        {PAY_DEVIATION, "01", 0, "deviation is neither true nor false"},
        {PAY_DUE, "f6", 0, "due time is not an unsigned integer"},
    };

    expect_refused(bad, sizeof bad / sizeof bad[0]);
}
END_TEST

START_TEST(test_founding_rules)
{
    static const struct bad_member bad[] = {
        {PAY_FOUNDING, "85626161626161f501" H32("09"), 0, "founding is 5 items long"},
        {PAY_FOUNDING, "86426161626161f501" H32("09") "f6", 1, "origin is not a text string"},
        {PAY_FOUNDING, "8662616101f501" H32("09") "f6", 4, "code is not a text string"},
        {PAY_FOUNDING, "866261616261610001" H32("09") "f6", 7, "training is neither true nor false"},
        {PAY_FOUNDING, "86626161626161f500" H32("09") "f6", 8, "threshold is 0"},
        {PAY_FOUNDING, "86626161626161f510" H32("09") "f6", 8, "threshold is 16"},
        {PAY_FOUNDING, "86626161626161f501f6f6", 9, "station key is not a byte string"},
        {PAY_FOUNDING, "86626161626161f501" H32("09") "00", 43, "foreign is not an array"},
    };

    struct buffer payload = {0};

    expect_refused(bad, sizeof bad / sizeof bad[0]);
    (void)payload_with(PAY_KIND, "00", &payload);
    ck_assert_int_eq(payload_decode(buffer_view(&payload), act, &fault), STATUS_DAMAGED);
    expect_fault("the founding act has no ledger", 0, "kind 0 with keys 1 and 5");
    buffer_free(&payload);
}
END_TEST

START_TEST(test_payload_keys)
{
    struct buffer payload = {0};

    append_hex(&payload, "a10000");
    ck_assert_int_eq(payload_decode(buffer_view(&payload), act, &fault), STATUS_DAMAGED);
    expect_fault("payload key is 0", 2, "key 0");
    buffer_reset(&payload);
    append_hex(&payload, "a11500");
    ck_assert_int_eq(payload_decode(buffer_view(&payload), act, &fault), STATUS_DAMAGED);
    expect_fault("payload key is 21, allowed are 0 to 20", 1, "key 21");
    buffer_reset(&payload);
    append_hex(&payload, "a2020014");
    ck_assert_int_eq(payload_decode(buffer_view(&payload), act, &fault), STATUS_DAMAGED);
    fault_clear(&fault);
    /* SPEC 2.1: map keys ascend and are distinct. */
    buffer_reset(&payload);
    append_hex(&payload, "a202140214");
    ck_assert_int_eq(payload_decode(buffer_view(&payload), act, &fault), STATUS_DAMAGED);
    expect_fault("a map key is repeated", 3, "key twice");
    buffer_free(&payload);
}
END_TEST

/* ---- the act's own layer ---- */

#define HEADER "a2013204" H32("aa")
#define VALUE "5840" "0000000000000000000000000000000000000000000000000000000000000000" \
    "0000000000000000000000000000000000000000000000000000000000000000"

static void act_from(const char *before, const char *after, struct buffer *out)
{
    struct buffer payload = {0};

    (void)payload_with(PAY_KIND, "14", &payload);
    append_hex(out, before);
    buffer_append_byte(out, 0x58);
    buffer_append_byte(out, (uint8_t)payload.len);
    buffer_append_view(out, buffer_view(&payload));
    append_hex(out, after);
    buffer_free(&payload);
}

START_TEST(test_act_rules)
{
    static const struct {
        const char *before, *after;
        size_t at; /* from `after`, or from the act where before_at */
        bool from_start;
        const char *rule;
    } bad[] = {
        {"8440a0", "80", 0, false, "signatures is 0 items long"},
        {"8340a0", "", 0, true, "act is 3 items long"},
        {"844100a0", "8183" "5826" HEADER "a0" VALUE, 1, true, "protected header is 1 bytes long"},
        {"8440a10000", "8183" "5826" HEADER "a0" VALUE, 2, true, "unprotected header is 1 pairs long"},
        {"8440a0", "8182" "5826" HEADER "a0", 1, false, "signature is 2 items long"},
        {"8440a0", "8183" "5826" HEADER "a10000" VALUE, 42, false, "unprotected header is 1 pairs long"},
        {"8440a0", "8183" "5826" HEADER "a0" "43000000", 43, false, "signature's value is 3 bytes long"},
        {"8440a0", "8283" "5826" HEADER "a0" VALUE "83" "5826" HEADER "a0" VALUE, 0, true,
         "2 signatures stand for 1 signers"},
    };
    struct buffer bytes = {0};

    act_from("8440a0", "8183" "5826" HEADER "a0" VALUE, &bytes);
    ck_assert_int_eq(act_decode(buffer_view(&bytes), act, &fault), STATUS_OK);
    ck_assert_int_eq(act->signatures[0].algorithm, KEY_ED25519);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        size_t from;

        buffer_reset(&bytes);
        act_from(bad[i].before, bad[i].after, &bytes);
        from = bytes.len - strlen(bad[i].after) / 2;
        ck_assert_msg(act_decode(buffer_view(&bytes), act, &fault) == STATUS_DAMAGED, "accepted: %s", bad[i].rule);
        ck_assert_msg(strncmp(fault.text, "act: ", 5) == 0, "%s", fault.text);
        expect_fault(bad[i].rule, bad[i].from_start ? bad[i].at : from + bad[i].at, bad[i].rule);
    }
    buffer_free(&bytes);
}
END_TEST

START_TEST(test_header_rules)
{
    static const struct {
        const char *header;
        size_t at;
        const char *rule;
    } bad[] = {
        {"a2012604" H32("aa"), 2, "algorithm is neither -19"},
        {"a2011affffffed04" H32("aa"), 2, "algorithm is neither -19"},
        {"a2013205" H32("aa"), 3, "keys are not 1 and 4"},
        {"a2023204" H32("aa"), 1, "keys are not 1 and 4"},
        {"a2013204" "41aa", 4, "kid is 1 bytes long"},
        {"a10132", 0, "header is 1 pairs long"},
        {"a3013204" H32("aa") "0500", 0, "header is 3 pairs long"},
        {"80", 0, "header is not a map"},
        {"", 0, ""},
        {"a2013204" H32("aa") "00", 38, ""},
    };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct buffer header = {0};
        struct buffer payload = {0};
        struct buffer bytes = {0};
        struct act_signature signature = {.algorithm = 0};

        append_hex(&header, bad[i].header);
        (void)payload_with(PAY_KIND, "14", &payload);
        signature.header = buffer_view(&header);
        act_encode(buffer_view(&payload), &signature, 1, &bytes);
        ck_assert_msg(act_decode(buffer_view(&bytes), act, &fault) == STATUS_DAMAGED, "accepted: %s", bad[i].header);
        ck_assert_msg(strncmp(fault.text, "sig-header: ", 12) == 0, "%s", fault.text);
        expect_fault(bad[i].rule, bad[i].at, bad[i].header);
        buffer_free(&header);
        buffer_free(&payload);
        buffer_free(&bytes);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("act");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_payload_rules);
    tcase_add_test(tests, test_founding_rules);
    tcase_add_test(tests, test_payload_keys);
    tcase_add_test(tests, test_act_rules);
    tcase_add_test(tests, test_header_rules);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
