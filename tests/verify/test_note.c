/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a checkpoint has two readings, when a line of another key counts, or when a cosignature holds
 * for another time or text. The documents cited are C2SP's signed-note, tlog-checkpoint, tlog-cosignature.
 */
#include "verify/note.h"

#include <check.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "verify/text.h"

#define DASH "\xe2\x80\x94 "
#define EXAMPLE_TEXT "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
#define EXAMPLE_LOG                                                                                      \
    DASH "example.com/behind-the-sofa "                                                                  \
         "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
#define EXAMPLE_WITNESS                                                                                               \
    DASH "witness.example.com/w1 "                                                                                    \
         "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
#define ROOT_LINE "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

static struct hasher *hasher;
static struct fault fault;
static struct checkpoint checkpoint; /* large */

static void setup(void)
{
    fault_clear(&fault);
    ck_assert_int_eq(key_initialise(&fault), STATUS_OK);
    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
}

static void teardown(void)
{
    hasher_close(hasher);
}

/* ---- verifier keys ---- */

/* signed-note, "Example": the key and the signature over a text that is no checkpoint. */
START_TEST(test_published_key)
{
    struct verifier_key key;
    struct buffer signature = {0};
    struct buffer again = {0};
    const char *vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    ck_assert_int_eq(verifier_key_parse(hasher, view_text(vkey), &key, &fault), STATUS_OK);
    ck_assert(view_equal(key.name, view_text("example.com/foo")));
    ck_assert_uint_eq(key.type, 1);
    ck_assert_int_eq(memcmp(key.id, "\x53\x0d\x90\x3a", 4), 0);
    ck_assert(text_base64_decode(
        view_text("Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="),
        &signature));
    ck_assert_uint_eq(signature.len, 68);
    ck_assert_int_eq(memcmp(signature.ptr, key.id, 4), 0);
    ck_assert_int_eq(signature_check(&key.key, view_text("This is an example message.\n"), signature.ptr + 4, SIGNATURE_BOTH),
                     SIGNATURE_VALID);
    verifier_key_format(hasher, key.name, key.type, key.key.bytes, &again);
    ck_assert(view_equal(buffer_view(&again), view_text(vkey)));
    buffer_free(&signature);
    buffer_free(&again);
}
END_TEST

START_TEST(test_keys_refused)
{
    static const struct {
        const char *text;
        uint64_t at;
    } cases[] = {
        {"", 0},
        {"example.com/foo", 15},
        {"example.com/foo+530d903a", 16},
        {"example.com/foo+530d903a+", 16},
        {"example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", 16}, /* upper-case id */
        {"example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", 16},
        {"example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", 16},
        {"example.com/foo+530d903aAekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", 16},
        {"+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", 0},
        {"example com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", 7},
        {"example\xc2\xa0.com+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", 7},
        {"example\xe3\x80\x80.com+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", 7},
        {"example\xe2\x80\x89.com+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", 7},
        {"example\x01.com+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", 7},
        {"example\xff.com+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", 7},
        {"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k=", 25},
        {"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2", 25},
        {"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==", 25},     /* 31 bytes */
        {"example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", 25},     /* type 2 */
        {"example.com/foo+530d903a+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 25},     /* small order */
        {"example.com/foo+530d903a+Af///////////////////////////////////////////3", 25}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct verifier_key key = {.type = 77};

        fault_clear(&fault);
        ck_assert_msg(verifier_key_parse(hasher, view_text(cases[i].text), &key, &fault) == STATUS_DAMAGED, "%s",
                      cases[i].text);
        ck_assert_msg(fault.at == cases[i].at, "%s: %llu, %s", cases[i].text, (unsigned long long)fault.at, fault.text);
        ck_assert_uint_eq(key.type, 77);
    }
}
END_TEST

START_TEST(test_name_length)
{
    uint8_t key_bytes[32];
    uint8_t secret[64];
    const uint8_t seed[32] = {1};
    char name[NOTE_NAME_MAX + 1];
    struct buffer text = {0};
    struct buffer longer = {0};
    struct verifier_key key;

    memset(name, 'n', sizeof name);
    ck_assert_int_eq(crypto_sign_ed25519_seed_keypair(key_bytes, secret, seed), 0);
    verifier_key_format(hasher, view_of(name, NOTE_NAME_MAX), 4, key_bytes, &text);
    ck_assert_int_eq(verifier_key_parse(hasher, buffer_view(&text), &key, &fault), STATUS_OK);
    ck_assert_uint_eq(key.type, 4);
    buffer_append(&longer, "n", 1);
    buffer_append_view(&longer, buffer_view(&text));
    ck_assert_int_eq(verifier_key_parse(hasher, buffer_view(&longer), &key, &fault), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, NOTE_NAME_MAX);
    buffer_free(&text);
    buffer_free(&longer);
}
END_TEST

/* ---- parsing ---- */

/* tlog-cosignature, the example at the top. */
START_TEST(test_published_checkpoint)
{
    struct view note = view_text(EXAMPLE_TEXT "\n" EXAMPLE_LOG EXAMPLE_WITNESS);
    struct buffer text = {0};
    struct buffer line = {0};

    ck_assert_int_eq(checkpoint_parse(note, &checkpoint, &fault), STATUS_OK);
    ck_assert(view_equal(checkpoint.note, note));
    ck_assert(view_equal(checkpoint.text, view_text(EXAMPLE_TEXT)));
    ck_assert(view_equal(checkpoint.origin, view_text("example.com/behind-the-sofa")));
    ck_assert_uint_eq(checkpoint.size, 20852163);
    ck_assert_uint_eq(checkpoint.signature_count, 2);
    ck_assert_uint_eq(checkpoint.signatures[0].len, 64);
    ck_assert(view_equal(checkpoint.signatures[1].name, view_text("witness.example.com/w1")));
    ck_assert_int_eq(memcmp(checkpoint.signatures[1].id, "\x8d\x66\xcf\x3f", 4), 0);
    ck_assert_uint_eq(checkpoint.signatures[1].len, 72);
    ck_assert_int_eq(memcmp(checkpoint.signatures[1].bytes, "\0\0\0\0\x64\x18\x50\xcb", 8), 0); /* 1679315147 */
    checkpoint_text(checkpoint.origin, checkpoint.size, &checkpoint.root, &text);
    ck_assert(view_equal(buffer_view(&text), view_text(EXAMPLE_TEXT)));
    note_signature_line(checkpoint.signatures[1].name, checkpoint.signatures[1].id,
                        view_of(checkpoint.signatures[1].bytes, checkpoint.signatures[1].len), &line);
    ck_assert(view_equal(buffer_view(&line), view_text(EXAMPLE_WITNESS)));
    buffer_free(&text);
    buffer_free(&line);
}
END_TEST

START_TEST(test_size_zero)
{
    ck_assert_int_eq(checkpoint_parse(view_text("o\n0\n" ROOT_LINE "\n" EXAMPLE_LOG), &checkpoint, &fault), STATUS_OK);
    ck_assert_uint_eq(checkpoint.size, 0);
    ck_assert_int_eq(
        checkpoint_parse(view_text("o\n9007199254740991\n" ROOT_LINE "\n" EXAMPLE_LOG), &checkpoint, &fault), STATUS_OK);
    ck_assert_uint_eq(checkpoint.size, UINT64_C(9007199254740991));
}
END_TEST

START_TEST(test_notes_refused)
{
    static const struct {
        const char *text;
        uint64_t at;
    } cases[] = {
        {"", 0},
        {"o", 1},
        {"o\n", 2},
        {"\n5\n" ROOT_LINE "\n" EXAMPLE_LOG, 0},
        {"o\r\n5\n" ROOT_LINE "\n" EXAMPLE_LOG, 1},
        {"o\xe2\x80\xae\n5\n" ROOT_LINE "\n" EXAMPLE_LOG, 1},
        {"o\xff\n5\n" ROOT_LINE "\n" EXAMPLE_LOG, 1},
        {"o\n\n" ROOT_LINE "\n" EXAMPLE_LOG, 2},
        {"o\n05\n" ROOT_LINE "\n" EXAMPLE_LOG, 2},
        {"o\n+5\n" ROOT_LINE "\n" EXAMPLE_LOG, 2},
        {"o\n5 \n" ROOT_LINE "\n" EXAMPLE_LOG, 2},
        {"o\n9007199254740992\n" ROOT_LINE "\n" EXAMPLE_LOG, 2},
        {"o\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n\n" EXAMPLE_LOG, 4},
        {"o\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n\n" EXAMPLE_LOG, 4}, /* left-over bits */
        {"o\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n\n" EXAMPLE_LOG, 4}, /* 31 bytes */
        {"o\n5\n" ROOT_LINE, 49},
        {"o\n5\n" ROOT_LINE "extension\n\n" EXAMPLE_LOG, 49},
        {"o\n5\n" ROOT_LINE EXAMPLE_LOG, 49},
        {"o\n5\n" ROOT_LINE "\n", 50},
        {"o\n5\n" ROOT_LINE "\n\n" EXAMPLE_LOG, 50},
        {"o\n5\n" ROOT_LINE "\n- a AAAAAAA=\n", 50},
        {"o\n5\n" ROOT_LINE "\n\xe2\x80\x94" "a AAAAAAA=\n", 50},
        {"o\n5\n" ROOT_LINE "\n" DASH " AAAAAAA=\n", 54},
        {"o\n5\n" ROOT_LINE "\n" DASH "a+b AAAAAAA=\n", 55},
        {"o\n5\n" ROOT_LINE "\n" DASH "a\n", 55},
        {"o\n5\n" ROOT_LINE "\n" DASH "a \n", 55},
        {"o\n5\n" ROOT_LINE "\n" DASH "a AAAAAA==\n", 55},        /* an id and nothing */
        {"o\n5\n" ROOT_LINE "\n" DASH "a AAAAAAB=\n", 55},        /* left-over bits */
        {"o\n5\n" ROOT_LINE "\n" DASH "a AAAAAAA= \n", 55},
        {"o\n5\n" ROOT_LINE "\n" DASH "a  AAAAAAA=\n", 55},
        {"o\n5\n" ROOT_LINE "\n" DASH "a AAAAAAA=", 64},           /* no newline */
        {"o\n5\n" ROOT_LINE "\n" DASH "a AAAAAAA=\n\n", 65},
        {"o\n5\n" ROOT_LINE "\n" DASH "a AAAAAAA=\ntext\n", 65}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fault_clear(&fault);
        checkpoint.size = 77;
        ck_assert_msg(checkpoint_parse(view_text(cases[i].text), &checkpoint, &fault) == STATUS_DAMAGED, "case %zu", i);
        ck_assert_msg(fault.at == cases[i].at, "case %zu: %llu, %s", i, (unsigned long long)fault.at, fault.text);
        ck_assert_uint_eq(checkpoint.size, 0);
    }
    fault_clear(&fault);
    ck_assert_int_eq(checkpoint_parse(view_of("o\0\n5\n" ROOT_LINE "\n" EXAMPLE_LOG, 160), &checkpoint, &fault),
                     STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, 1);
}
END_TEST

/* Cut anywhere, it is refused or, at a line's end behind the first signature, one signature shorter. */
START_TEST(test_cut_short)
{
    struct view note = view_text(EXAMPLE_TEXT "\n" EXAMPLE_LOG EXAMPLE_WITNESS);
    size_t first = strlen(EXAMPLE_TEXT "\n" EXAMPLE_LOG);

    for (size_t len = 0; len < note.len; len++) {
        enum status status;

        fault_clear(&fault);
        status = checkpoint_parse(view_part(note, 0, len), &checkpoint, &fault);
        ck_assert_int_eq(status, len == first ? STATUS_OK : STATUS_DAMAGED);
        ck_assert(status == STATUS_OK || fault.at <= len);
    }
}
END_TEST

START_TEST(test_limits)
{
    struct buffer note = {0};
    struct buffer large = {0};

    buffer_append_view(&note, view_text(EXAMPLE_TEXT "\n"));
    for (size_t i = 0; i < NOTE_SIGNATURES_MAX; i++) {
        buffer_append_view(&note, view_text(DASH "a AAAAAAA=\n"));
    }
    ck_assert_int_eq(checkpoint_parse(buffer_view(&note), &checkpoint, &fault), STATUS_OK);
    ck_assert_uint_eq(checkpoint.signature_count, NOTE_SIGNATURES_MAX);
    ck_assert_uint_eq(checkpoint.signatures[0].len, 1);
    buffer_append_view(&note, view_text(DASH "a AAAAAAA=\n"));
    ck_assert_int_eq(checkpoint_parse(buffer_view(&note), &checkpoint, &fault), STATUS_DAMAGED);

    /* A post-quantum signature of another's is passed over; a note that is too long is not. */
    buffer_append_view(&large, view_text(EXAMPLE_TEXT "\n" DASH "pq "));
    for (size_t i = 0; i < 1616; i++) {
        buffer_append_view(&large, view_text("AAAA"));
    }
    buffer_append_view(&large, view_text("\n" EXAMPLE_LOG));
    ck_assert_int_eq(checkpoint_parse(buffer_view(&large), &checkpoint, &fault), STATUS_OK);
    ck_assert_uint_eq(checkpoint.signatures[0].len, 1616 * 3 - 4);
    while (large.len <= NOTE_BYTES_MAX) {
        buffer_append_view(&large, view_text(EXAMPLE_LOG));
    }
    fault_clear(&fault);
    ck_assert_int_eq(checkpoint_parse(buffer_view(&large), &checkpoint, &fault), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, NOTE_BYTES_MAX);
    buffer_free(&note);
    buffer_free(&large);
}
END_TEST

/* ---- checking ---- */

struct party {
    struct verifier_key key;
    uint8_t secret[64];
};

static struct party make_party(const char *name, uint8_t type, uint8_t seed_byte)
{
    struct party party = {.key = {.name = view_text(name), .type = type}};
    uint8_t seed[32];

    memset(seed, seed_byte, sizeof seed);
    party.key.key.algorithm = KEY_ED25519;
    party.key.key.len = 32;
    ck_assert_int_eq(crypto_sign_ed25519_seed_keypair(party.key.key.bytes, party.secret, seed), 0);
    verifier_key_id(hasher, party.key.name, type, party.key.key.bytes, party.key.id);
    return party;
}

/* What a log (type 1) or a witness (type 4, at time_s) signs of text, 64 or 72 bytes. */
static size_t sign(const struct party *party, struct view text, uint64_t time_s, uint8_t out[72])
{
    struct buffer message = {0};
    size_t head = party->key.type == 4 ? 8 : 0;

    for (size_t i = 0; i < head; i++) {
        out[i] = (uint8_t)(time_s >> (56 - 8 * i));
    }
    if (head != 0) {
        buffer_printf(&message, "cosignature/v1\ntime %llu\n", (unsigned long long)time_s);
    }
    buffer_append_view(&message, text);
    (void)crypto_sign_ed25519_detached(out + head, NULL, message.ptr, message.len, party->secret);
    buffer_free(&message);
    return head + 64;
}

static void add_line(struct buffer *note, const struct party *party, struct view text, uint64_t time_s)
{
    uint8_t signature[72];
    size_t len = sign(party, text, time_s, signature);

    note_signature_line(party->key.name, party->key.id, view_of(signature, len), note);
}

static enum note_answer check(const struct buffer *note, const struct party *party, uint64_t *time_s)
{
    ck_assert_int_eq(checkpoint_parse(buffer_view(note), &checkpoint, &fault), STATUS_OK);
    return checkpoint_check(&checkpoint, &party->key, time_s);
}

START_TEST(test_signed)
{
    struct party log = make_party("log.example/kh", 1, 1);
    struct party witness = make_party("witness.example/w", 4, 2);
    struct party stranger = make_party("witness.example/w", 4, 3);
    struct buffer note = {0};
    uint64_t time_s = 77;

    buffer_append_view(&note, view_text(EXAMPLE_TEXT "\n"));
    add_line(&note, &log, view_text(EXAMPLE_TEXT), 0);
    add_line(&note, &witness, view_text(EXAMPLE_TEXT), 1679315147);
    ck_assert_int_eq(check(&note, &log, &time_s), NOTE_VALID);
    ck_assert_uint_eq(time_s, 0);
    ck_assert_int_eq(check(&note, &witness, &time_s), NOTE_VALID);
    ck_assert_uint_eq(time_s, 1679315147);
    ck_assert_int_eq(check(&note, &stranger, &time_s), NOTE_UNSIGNED);
    ck_assert_uint_eq(time_s, 0);
    /* Another's line of the same name and another id is nothing to us, nor does it spoil ours. */
    add_line(&note, &stranger, view_text("something else\n"), 5);
    ck_assert_int_eq(check(&note, &witness, &time_s), NOTE_VALID);
    ck_assert_int_eq(check(&note, &stranger, &time_s), NOTE_FAILED);
    /* Twice the same line. */
    add_line(&note, &witness, view_text(EXAMPLE_TEXT), 1679315147);
    ck_assert_int_eq(check(&note, &witness, &time_s), NOTE_FAILED);
    ck_assert_uint_eq(time_s, 0);
    buffer_free(&note);
}
END_TEST

/* Every bit of the text's size and root, of the time and of the signature counts. */
START_TEST(test_damaged)
{
    struct party witness = make_party("w", 4, 2);
    uint8_t signature[72];
    uint64_t time_s = 77;
    size_t len = sign(&witness, view_text(EXAMPLE_TEXT), 1679315147, signature);

    for (size_t bit = 0; bit < 8 * len; bit++) {
        struct buffer note = {0};

        signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
        buffer_append_view(&note, view_text(EXAMPLE_TEXT "\n"));
        note_signature_line(witness.key.name, witness.key.id, view_of(signature, len), &note);
        ck_assert_int_eq(check(&note, &witness, &time_s), NOTE_FAILED);
        ck_assert_uint_eq(time_s, 0);
        signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
        buffer_free(&note);
    }
}
END_TEST

START_TEST(test_other_text)
{
    static const char *const texts[] = {
        "example.com/behind-the-sofb\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "example.com/behind-the-sofa\n20852164\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "example.com/behind-the-sofa\n20852163\nDsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"};
    struct party log = make_party("l", 1, 1);
    struct party witness = make_party("w", 4, 2);

    for (size_t i = 0; i < 3; i++) {
        struct buffer note = {0};
        uint64_t time_s = 77;

        buffer_printf(&note, "%s\n", texts[i]);
        add_line(&note, &log, view_text(EXAMPLE_TEXT), 0);
        add_line(&note, &witness, view_text(EXAMPLE_TEXT), 9);
        ck_assert_int_eq(check(&note, &log, &time_s), NOTE_FAILED);
        ck_assert_int_eq(check(&note, &witness, &time_s), NOTE_FAILED);
        buffer_free(&note);
    }
}
END_TEST

/* A log's signature in a witness's line, and the reverse; lengths that fit neither; times out of range. */
START_TEST(test_wrong_kind)
{
    struct party log = make_party("n", 1, 1);
    struct party witness = make_party("n", 4, 1);
    static const uint64_t times[] = {(UINT64_C(1) << 53) - 1, UINT64_C(1) << 53, UINT64_C(1) << 63, UINT64_MAX};
    struct buffer note = {0};
    uint8_t plain[72] = {0};
    uint8_t cosigned[72];
    uint64_t time_s = 0;

    ck_assert_int_ne(memcmp(log.key.id, witness.key.id, 4), 0);
    ck_assert_uint_eq(sign(&log, view_text(EXAMPLE_TEXT), 0, plain), 64);
    ck_assert_uint_eq(sign(&witness, view_text(EXAMPLE_TEXT), 9, cosigned), 72);
    buffer_append_view(&note, view_text(EXAMPLE_TEXT "\n"));
    note_signature_line(log.key.name, log.key.id, view_of(cosigned, 72), &note);
    note_signature_line(witness.key.name, witness.key.id, view_of(plain, 64), &note);
    ck_assert_int_eq(check(&note, &log, &time_s), NOTE_FAILED);
    ck_assert_int_eq(check(&note, &witness, &time_s), NOTE_FAILED);
    buffer_reset(&note);
    buffer_append_view(&note, view_text(EXAMPLE_TEXT "\n"));
    note_signature_line(log.key.name, log.key.id, view_of(plain, 65), &note);
    note_signature_line(witness.key.name, witness.key.id, view_of(cosigned, 71), &note);
    ck_assert_int_eq(check(&note, &log, &time_s), NOTE_FAILED);
    ck_assert_int_eq(check(&note, &witness, &time_s), NOTE_FAILED);
    for (size_t i = 0; i < 4; i++) {
        buffer_reset(&note);
        buffer_append_view(&note, view_text(EXAMPLE_TEXT "\n"));
        add_line(&note, &witness, view_text(EXAMPLE_TEXT), times[i]);
        ck_assert_int_eq(check(&note, &witness, &time_s), i == 0 ? NOTE_VALID : NOTE_FAILED);
        ck_assert_uint_eq(time_s, i == 0 ? times[0] : 0);
    }
    buffer_free(&note);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("note");
    Suite *suite = suite_create("note");
    SRunner *runner = NULL;
    int failed;

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_published_key);
    tcase_add_test(tests, test_keys_refused);
    tcase_add_test(tests, test_name_length);
    tcase_add_test(tests, test_published_checkpoint);
    tcase_add_test(tests, test_size_zero);
    tcase_add_test(tests, test_notes_refused);
    tcase_add_test(tests, test_cut_short);
    tcase_add_test(tests, test_limits);
    tcase_add_test(tests, test_signed);
    tcase_add_test(tests, test_damaged);
    tcase_add_test(tests, test_other_text);
    tcase_add_test(tests, test_wrong_kind);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
