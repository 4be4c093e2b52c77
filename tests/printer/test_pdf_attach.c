/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pdf_attach: attached files stand in the PDF as they are, by the profile of SPEC 13.5, and nothing else of it changes; what is not a PDF, or is
 * against a rule of the header, is refused and gives no byte.
 *
 * With arguments it is the tool of test_pdf.sh:
 *   test_pdf_attach OUT.pdf [--in FILE.pdf] [--attach NAME TYPE FILE]... [--sign CERTIFICATES KEY TIME PASSPHRASE|-]
 */
#include "printer/pdf_sign.h"
#include "tests/printer/small_pdf.h"
#include "verify/text.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct pdf_data plain = { .title = "Certificate", .language = "km" };

static size_t occurrences(const struct buffer *file, const char *text)
{
    size_t count = 0, len = strlen(text);
    for (size_t i = 0; i + len <= file->len; i++) {
        count += memcmp(file->ptr + i, text, len) == 0;
    }
    return count;
}

static enum status attach(const struct pdf_data *data, const struct pdf_attachment *files, size_t count, struct buffer *out, struct fault *fault)
{
    struct buffer pdf = { 0 };
    small_pdf(&pdf);
    enum status status = pdf_attach(buffer_view(&pdf), data, files, count, out, fault);
    buffer_free(&pdf);
    return status;
}

/* Refused with such words, and what was in out before is there and nothing else. */
static void refused(const struct pdf_data *data, const struct pdf_attachment *files, size_t count, const char *words)
{
    struct buffer out = { 0 };
    struct fault fault = { 0 };
    buffer_append_byte(&out, 'x');
    ck_assert_int_eq(attach(data, files, count, &out, &fault), STATUS_REFUSED);
    ck_assert_msg(strstr(fault.text, words) != NULL, "no '%s' in: %s", words, fault.text);
    ck_assert(out.len == 1 && out.ptr[0] == 'x');
    buffer_free(&out);
}

/* A file that looks like the end of a stream, an object and a signature. */
#define HOSTILE                                                                                                        \
    "\nendstream\nendobj\n9 0 obj\n<< /Subtype /application#2fvnd.unbroken.bundle /Length 5 >>\nstream\nfalse\nendstream\nendobj\n" \
    "xref\n0 1\ntrailer << >>\nstartxref\n0\n%%EOF\n/ByteRange [ 0 9999999999 9999999999 9999999999 ] /Contents <"

static const struct pdf_attachment pair[] = {
    { .name = "statement.cbor", .media_type = PDF_MEDIA_STATEMENT, .bytes = { (const uint8_t *)"\x84\0\n", 3 }, .description = "សេចក្តីថ្លែងការណ៍" },
    { .name = "case.bundle", .media_type = PDF_MEDIA_BUNDLE, .bytes = { (const uint8_t *)HOSTILE, sizeof HOSTILE - 1 }, .description = "The proof (bundle)" },
};

/* SPEC 13.5 */
START_TEST(files_stand_as_they_are)
{
    static const char statement[] = " 0 obj\n<< /Params << /Size 3 >> /Subtype /application#2fvnd.unbroken.statement /Type /EmbeddedFile /Length 3 >>\nstream\n"
                                    "\x84\0\n\nendstream\nendobj\n";
    struct buffer out = { 0 }, bundle = { 0 };
    struct fault fault = { 0 };
    ck_assert_msg(attach(&plain, pair, 2, &out, &fault) == STATUS_OK, "%s", fault.text);
    ck_assert(memmem(out.ptr, out.len, statement, sizeof statement - 1) != NULL);
    buffer_printf(&bundle, " 0 obj\n<< /Params << /Size %zu >> /Subtype /application#2fvnd.unbroken.bundle /Type /EmbeddedFile /Length %zu >>\nstream\n%s\nendstream\nendobj\n",
                  sizeof HOSTILE - 1, sizeof HOSTILE - 1, HOSTILE);
    ck_assert(memmem(out.ptr, out.len, bundle.ptr, bundle.len) != NULL);
    ck_assert_uint_eq(occurrences(&out, "/ObjStm"), 0);
    ck_assert_uint_eq(occurrences(&out, "/Linearized"), 0);
    ck_assert_uint_eq(occurrences(&out, "/AFRelationship /Data"), 2);
    ck_assert_uint_eq(occurrences(&out, "/Lang (km)"), 1);
    ck_assert_uint_eq(occurrences(&out, "/DisplayDocTitle true"), 1);
    ck_assert_uint_eq(occurrences(&out, "/Title (Certificate)"), 1);
    ck_assert_uint_eq(occurrences(&out, "/CreationDate (D:20181213020304Z)"), 1);
    ck_assert_uint_eq(occurrences(&out, "An earlier title"), 0);
    ck_assert(occurrences(&out, "/FlateDecode") >= 2); /* pages stay compressed */
    buffer_free(&out);
    buffer_free(&bundle);
}
END_TEST

START_TEST(same_input_same_bytes)
{
    struct buffer a = { 0 }, b = { 0 };
    struct fault fault = { 0 };
    ck_assert(attach(&plain, pair, 2, &a, &fault) == STATUS_OK && attach(&plain, pair, 2, &b, &fault) == STATUS_OK);
    ck_assert(view_equal(buffer_view(&a), buffer_view(&b)));
    buffer_free(&a);
    buffer_free(&b);
}
END_TEST

START_TEST(nothing_to_attach)
{
    struct buffer out = { 0 };
    struct fault fault = { 0 };
    const struct pdf_data none = { 0 };
    const struct pdf_attachment empty = { .name = "empty", .media_type = "text/plain" };
    ck_assert(attach(&none, NULL, 0, &out, &fault) == STATUS_OK);
    ck_assert_uint_eq(occurrences(&out, "/EmbeddedFile"), 0);
    ck_assert_uint_eq(occurrences(&out, "/AF"), 0);
    ck_assert_uint_eq(occurrences(&out, "An earlier title"), 1);
    buffer_reset(&out);
    ck_assert(attach(&none, &empty, 1, &out, &fault) == STATUS_OK);
    ck_assert_uint_eq(occurrences(&out, "/Length 0 >>\nstream\n\nendstream"), 1);
    buffer_free(&out);
}
END_TEST

START_TEST(what_breaks_a_rule_is_refused)
{
    static char long_text[PDF_TEXT_BYTES_MAX + 2];
    static const char *const names[] = { "", ".hidden", "../etc/passwd", "a b", "a\nb", "វត្ថុ", "0123456789012345678901234567890123456789012345678901234567890123x" };
    static const char *const types[] = { "", "bundle", "application/", "/bundle", "Application/x", "a/b/c", "application/x#2f", "a/b >> stream" };
    struct pdf_attachment many[PDF_ATTACHMENTS_MAX + 1], two[2] = { pair[0], pair[1] };
    memset(long_text, 'x', sizeof long_text - 1);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        two[1] = pair[1];
        two[1].name = names[i];
        refused(&plain, two, 2, "attachment 2 of the PDF: a name is");
    }
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        two[1] = pair[1];
        two[1].media_type = types[i];
        refused(&plain, two, 2, "attachment case.bundle of the PDF: its media type");
    }
    two[1] = pair[1];
    two[1].name = "Statement.CBOR";
    refused(&plain, two, 2, "two attachments of the PDF are called Statement.CBOR");
    two[1] = pair[1];
    two[1].description = "a\xE2\x80\xAE" "b";
    refused(&plain, two, 2, "the description of an attachment of the PDF: byte 1: bidirectional");
    two[1] = pair[1];
    two[1].bytes.len = PDF_ATTACHED_BYTES_MAX;
    refused(&plain, two, 2, "larger than");
    for (size_t i = 0; i <= PDF_ATTACHMENTS_MAX; i++) {
        many[i] = pair[0];
    }
    refused(&plain, many, PDF_ATTACHMENTS_MAX + 1, "17 files");
    refused(&(struct pdf_data){ .title = "a\nb" }, NULL, 0, "the title of the PDF: byte 1");
    refused(&(struct pdf_data){ .title = "a\xFF" }, NULL, 0, "the title of the PDF: byte 1");
    refused(&(struct pdf_data){ .author = long_text }, NULL, 0, "the author of the PDF has 1001 bytes");
    refused(&(struct pdf_data){ .language = "km) >>" }, NULL, 0, "BCP 47");
}
END_TEST

START_TEST(attached_once_only)
{
    struct buffer once = { 0 }, twice = { 0 };
    struct fault fault = { 0 };
    ck_assert(attach(&plain, pair, 2, &once, &fault) == STATUS_OK);
    ck_assert_int_eq(pdf_attach(buffer_view(&once), &plain, pair, 1, &twice, &fault), STATUS_REFUSED);
    ck_assert_str_eq(fault.text, "the PDF has attachments already");
    fault_clear(&fault);
    ck_assert(pdf_attach(buffer_view(&once), &plain, NULL, 0, &twice, &fault) == STATUS_OK); /* they stay */
    ck_assert_uint_eq(occurrences(&twice, "/Type /EmbeddedFile"), 2);
    buffer_free(&once);
    buffer_free(&twice);
}
END_TEST

/* Cut anywhere, or empty, or no PDF: an error that says so, no byte out, no word from qpdf on the terminal (test_pdf.sh looks). */
START_TEST(broken_pdf_is_refused)
{
    struct buffer pdf = { 0 }, out = { 0 };
    small_pdf(&pdf);
    for (size_t len = 0; len + 8 < pdf.len; len += len < 64 || len + 200 > pdf.len ? 1 : 61) {
        struct fault fault = { 0 };
        ck_assert_int_eq(pdf_attach(view_of(pdf.ptr, len), &plain, pair, 2, &out, &fault), STATUS_DAMAGED);
        ck_assert_msg(strncmp(fault.text, "the PDF cannot be read: ", 24) == 0, "%s", fault.text);
        ck_assert_uint_eq(out.len, 0);
    }
    struct fault fault = { 0 };
    ck_assert_int_eq(pdf_attach(view_text("PK\x03\x04 no PDF at all"), &plain, pair, 2, &out, &fault), STATUS_DAMAGED);
    ck_assert_uint_eq(out.len, 0);
    buffer_free(&pdf);
}
END_TEST

/* Each byte of the PDF changed: refused, or written; never a crash and never half an output. */
START_TEST(changed_bytes_do_no_harm)
{
    struct buffer pdf = { 0 }, out = { 0 };
    size_t refusals = 0;
    small_pdf(&pdf);
    for (size_t i = 0; i < pdf.len; i += i + 3000 > pdf.len ? 3 : 97) {
        struct fault fault = { 0 };
        pdf.ptr[i] ^= 0x15;
        buffer_reset(&out);
        enum status status = pdf_attach(buffer_view(&pdf), &plain, pair, 2, &out, &fault);
        ck_assert(status == STATUS_OK ? out.len > 1000 : out.len == 0 && fault.text[0] != '\0');
        refusals += status != STATUS_OK;
        pdf.ptr[i] ^= 0x15;
    }
    ck_assert(refusals > 10);
    buffer_free(&pdf);
    buffer_free(&out);
}
END_TEST

/* ---- the tool -------------------------------------------------------------------------------- */

static enum status answer(void *context, struct view *passphrase, struct fault *fault)
{
    (void)fault;
    *passphrase = view_text(context);
    return STATUS_OK;
}

static enum status run_tool(int count, char **arguments, struct buffer *out, struct fault *fault)
{
    struct pdf_attachment files[PDF_ATTACHMENTS_MAX];
    struct buffer pdf = { 0 }, contents[PDF_ATTACHMENTS_MAX] = { { 0 } }, certificates = { 0 }, key = { 0 };
    struct pdf_signer *signer = NULL;
    size_t attached = 0;
    uint64_t time_s = 0;
    enum status status = STATUS_OK;
    for (int i = 2; i < count; i++) {
        if (strcmp(arguments[i], "--in") == 0) {
            read_whole(arguments[++i], &pdf);
        } else if (strcmp(arguments[i], "--attach") == 0) {
            read_whole(arguments[i + 3], &contents[attached]);
            files[attached] = (struct pdf_attachment){ .name = arguments[i + 1], .media_type = arguments[i + 2], .bytes = buffer_view(&contents[attached]) };
            attached++;
            i += 3;
        } else {
            read_whole(arguments[i + 1], &certificates);
            read_whole(arguments[i + 2], &key);
            assert(text_time_parse(view_text(arguments[i + 3]), &time_s));
            pdf_signer_ask *ask = strcmp(arguments[i + 4], "-") == 0 ? NULL : answer;
            status = pdf_signer_open(buffer_view(&certificates), buffer_view(&key), time_s, ask, arguments[i + 4], &signer, fault);
            i += 4;
        }
    }
    if (pdf.len == 0) {
        small_pdf(&pdf);
    }
    const struct pdf_signature signature = { .signer = signer, .reason = "វិញ្ញាបនបត្រ, a certificate", .place = "Hải Phòng" };
    if (status == STATUS_OK && signer != NULL) {
        status = pdf_sign(buffer_view(&pdf), &plain, files, attached, &signature, out, fault);
    } else if (status == STATUS_OK) {
        status = pdf_attach(buffer_view(&pdf), &plain, files, attached, out, fault);
    }
    pdf_signer_close(signer);
    for (size_t i = 0; i < attached; i++) {
        buffer_free(&contents[i]);
    }
    buffer_free(&pdf);
    buffer_free(&certificates);
    buffer_free(&key);
    return status;
}

static int be_tool(int count, char **arguments)
{
    struct buffer out = { 0 };
    struct fault fault = { 0 };
    enum status status = run_tool(count, arguments, &out, &fault);
    if (status != STATUS_OK) {
        printf("%s: %s\n", status_name(status), fault.text);
    } else {
        write_whole(arguments[1], buffer_view(&out));
    }
    buffer_free(&out);
    return (int)status;
}

int main(int count, char **arguments)
{
    if (count > 1) {
        return be_tool(count, arguments);
    }
    Suite *suite = suite_create("pdf_attach");
    TCase *tcase = tcase_create("pdf_attach");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, files_stand_as_they_are);
    tcase_add_test(tcase, same_input_same_bytes);
    tcase_add_test(tcase, nothing_to_attach);
    tcase_add_test(tcase, what_breaks_a_rule_is_refused);
    tcase_add_test(tcase, attached_once_only);
    tcase_add_test(tcase, broken_pdf_is_refused);
    tcase_add_test(tcase, changed_bytes_do_no_harm);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
