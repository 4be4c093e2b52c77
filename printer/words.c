/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words: looks texts up in compiled catalogues of gettext (.mo). libintl would choose the language by the locale of the process, which must be
 * installed on the machine and is the same for all threads: hence this reader of the same files.
 */
#include "printer/words.h"

#include "printer/embedded.h"
#include "verify/acts.h"
#include "verify/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Of the .mo format: seven words of 32 bits, then two tables of (length, offset) in the order of the originals. */
enum { MO_COUNT = 8, MO_ORIGINALS = 12, MO_TRANSLATIONS = 16, MO_HEADER = 28, MO_ROW = 8 };
#define MO_MAGIC UINT32_C(0x950412de)

static const char *const tags[LANGUAGE_COUNT] = { "en", "km", "vi" };
static const char *const catalogues[LANGUAGE_COUNT] = { NULL, "km.mo", "vi.mo" };

const char *language_tag(enum language language)
{
    return tags[language];
}

static bool tag_parse(struct view text, enum language *out)
{
    for (unsigned i = 0; i < LANGUAGE_COUNT; i++) {
        if (view_equal(text, view_text(tags[i]))) {
            *out = (enum language)i;
            return true;
        }
    }
    return false;
}

enum status languages_parse(const char *text, struct languages *out, struct fault *fault)
{
    const char *comma = strchr(text, ',');
    struct view first = view_of(text, comma == NULL ? strlen(text) : (size_t)(comma - text));

    *out = (struct languages){ .both = comma != NULL };
    if (!tag_parse(first, &out->first) || (out->both && (!tag_parse(view_text(comma + 1), &out->second) || out->second == out->first))) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%.40s: a language is en, km or vi, or two of them as in km,en", text);
    }
    return STATUS_OK;
}

/* msgfmt writes in the order of the machine that it runs on, which is the one that this was built on. */
static uint32_t word_at(struct view file, size_t at)
{
    uint32_t word;
    memcpy(&word, file.ptr + at, sizeof word);
    return word;
}

/* Every text ends with a NUL. */
static const char *string_at(struct view file, size_t row)
{
    const void *start = file.ptr + word_at(file, row + 4);
    return start;
}

const char *words_in(enum language language, const char *english)
{
    struct view file;
    if (catalogues[language] == NULL || !embedded_find(catalogues[language], &file) || file.len < MO_HEADER || word_at(file, 0) != MO_MAGIC) {
        return english;
    }
    size_t low = 0, high = word_at(file, MO_COUNT);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(string_at(file, word_at(file, MO_ORIGINALS) + MO_ROW * middle), english);
        if (order == 0) {
            const char *translation = string_at(file, word_at(file, MO_TRANSLATIONS) + MO_ROW * middle);
            return translation[0] == '\0' || english[0] == '\0' ? english : translation;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return english;
}

const char *words_act(uint64_t kind)
{
    const struct act_rule *rule = kind < KIND_COUNT ? act_rule((unsigned)kind) : NULL;
    if (rule == NULL) {
        return N_("act of unknown kind");
    }
    return kind == KIND_FOUND ? N_("founding of the ledger") : rule->name;
}

void words_print(struct buffer *out, enum language language, const char *english, ...)
{
    char small[1024];
    va_list arguments;
    va_start(arguments, english);
    int len = vsnprintf(small, sizeof small, words_in(language, english), arguments);
    va_end(arguments);
    if (len >= 0 && (size_t)len < sizeof small) {
        buffer_append(out, small, (size_t)len);
        return;
    }
    struct buffer large = { 0 };
    size_t need = len < 0 ? 0 : (size_t)len + 1;
    for (size_t i = 0; i < need; i++) {
        buffer_append_byte(&large, 0);
    }
    if (!large.failed && need > 0) {
        va_start(arguments, english);
        (void)vsnprintf((char *)large.ptr, need, words_in(language, english), arguments);
        va_end(arguments);
        buffer_append(out, large.ptr, need - 1);
    }
    out->failed = out->failed || large.failed || len < 0;
    buffer_free(&large);
}

void words_both(struct buffer *out, const struct languages *languages, const char *english)
{
    const char *first = words_in(languages->first, english);
    const char *second = words_in(languages->second, english);
    buffer_append_view(out, view_text(first));
    if (languages->both && strcmp(first, second) != 0) {
        buffer_printf(out, " / %s", second);
    }
}

/* ---- dates ----------------------------------------------------------------------------------- */

struct date {
    unsigned year, month, day;
};

/* Appends "2018-12-13T09:03:04+07:00" as text_time_local gives it; false for times that it gives otherwise. */
static bool local_time(uint64_t time_s, int offset_min, struct buffer *iso, struct date *date)
{
    text_time_local(iso, time_s, offset_min);
    if (iso->failed || iso->len < 19 || iso->ptr[0] == '@') {
        return false;
    }
    *date = (struct date){ 0 };
    const unsigned parts[][2] = { { 0, 4 }, { 5, 2 }, { 8, 2 } };
    unsigned *const into[] = { &date->year, &date->month, &date->day };
    for (size_t i = 0; i < 3; i++) {
        for (unsigned k = 0; k < parts[i][1]; k++) {
            *into[i] = *into[i] * 10 + (unsigned)(iso->ptr[parts[i][0] + k] - '0');
        }
    }
    return true;
}

static void khmer_number(struct buffer *out, unsigned number)
{
    static const char *const digits[] = { "០", "១", "២", "៣", "៤", "៥", "៦", "៧", "៨", "៩" };
    char ascii[16];
    (void)snprintf(ascii, sizeof ascii, "%u", number);
    for (const char *at = ascii; *at != '\0'; at++) {
        buffer_append_view(out, view_text(digits[*at - '0']));
    }
}

/* " (ថ្ងៃទី១៣ ខែធ្នូ ឆ្នាំ២០១៨)", " (ngày 13 tháng 12 năm 2018)". */
static void put_local_date(struct buffer *out, enum language language, const struct date *date)
{
    static const char *const khmer_months[] = { "មករា", "កុម្ភៈ", "មីនា", "មេសា", "ឧសភា", "មិថុនា", "កក្កដា", "សីហា", "កញ្ញា", "តុលា", "វិច្ឆិកា", "ធ្នូ" };
    if (language == LANGUAGE_KM) {
        buffer_printf(out, " (ថ្ងៃទី");
        khmer_number(out, date->day);
        buffer_printf(out, " ខែ%s ឆ្នាំ", khmer_months[(date->month + 11) % 12]);
        khmer_number(out, date->year);
        buffer_printf(out, ")");
    } else if (language == LANGUAGE_VI) {
        buffer_printf(out, " (ngày %u tháng %u năm %u)", date->day, date->month, date->year);
    }
}

void words_date(struct buffer *out, enum language language, uint64_t time_s, int offset_min)
{
    struct buffer iso = { 0 };
    struct date date;
    if (local_time(time_s, offset_min, &iso, &date)) {
        buffer_append(out, iso.ptr, 10);
        put_local_date(out, language, &date);
    } else {
        buffer_append_view(out, buffer_view(&iso));
    }
    buffer_free(&iso);
}

void words_time(struct buffer *out, enum language language, uint64_t time_s, int offset_min)
{
    struct buffer iso = { 0 };
    struct date date;
    if (local_time(time_s, offset_min, &iso, &date)) {
        buffer_append(out, iso.ptr, 10);
        buffer_append_byte(out, ' ');
        buffer_append(out, iso.ptr + 11, 5);
        buffer_append_byte(out, ' ');
        buffer_append(out, iso.ptr + 19, iso.len - 19);
        put_local_date(out, language, &date);
    } else {
        buffer_append_view(out, buffer_view(&iso));
    }
    buffer_free(&iso);
}
