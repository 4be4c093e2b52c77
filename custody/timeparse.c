/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timeparse: ISO 8601 in, POSIX seconds out, by integer calendar arithmetic.
 */
#include "custody/timeparse.h"

#include <string.h>
#include <time.h>

#include "custody/digits.h"

enum { DAY_S = 86400, OFFSET_MAX_MIN = 1440, TEXT_MAX = 64 };

/* `digits` decimal digits at *at; false when they are not there. */
static bool take_number(const char **at, size_t digits, int *out)
{
    int value = 0;

    for (size_t i = 0; i < digits; i++) {
        if (**at < '0' || **at > '9') {
            return false;
        }
        value = value * 10 + (**at - '0');
        (*at)++;
    }
    *out = value;
    return true;
}

static bool take_char(const char **at, char c)
{
    if (**at != c) {
        return false;
    }
    (*at)++;
    return true;
}

/* Days since 1970-01-01 of a date of the Gregorian calendar (March-based years, so that leap days come last). */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = y / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : days[month - 1];
}

/* "+07:00", "-0330", "Z" or nothing. */
static bool take_zone(const char **at, int *offset_min)
{
    bool west = **at == '-';
    int hours = 0;
    int minutes = 0;

    if (**at == '\0') {
        return true;
    }
    if (take_char(at, 'Z') || take_char(at, 'z')) {
        *offset_min = 0;
        return **at == '\0';
    }
    if (!take_char(at, '+') && !take_char(at, '-')) {
        return false;
    }
    if (!take_number(at, 2, &hours)) {
        return false;
    }
    (void)take_char(at, ':');
    if (!take_number(at, 2, &minutes) || minutes > 59 || hours * 60 + minutes > OFFSET_MAX_MIN) {
        return false;
    }
    *offset_min = (hours * 60 + minutes) * (west ? -1 : 1);
    return **at == '\0';
}

static bool parse(const char *at, bool end_of_day, int *offset_min, int64_t *out)
{
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;

    if (!take_number(&at, 4, &year) || !take_char(&at, '-') || !take_number(&at, 2, &month) || !take_char(&at, '-') ||
        !take_number(&at, 2, &day) || year < 1970 || month < 1 || month > 12 || day < 1 || day > days_in(year, month)) {
        return false;
    }
    if (*at == 'T' || *at == 't' || *at == ' ') {
        at++;
        if (!take_number(&at, 2, &hour) || !take_char(&at, ':') || !take_number(&at, 2, &minute) || hour > 23 || minute > 59) {
            return false;
        }
        if (take_char(&at, ':') && (!take_number(&at, 2, &second) || second > 59)) {
            return false;
        }
    } else if (*at != '\0') {
        return false;
    } else if (end_of_day) {
        hour = 23;
        minute = second = 59;
    }
    if (!take_zone(&at, offset_min)) {
        return false;
    }
    *out = days_of(year, month, day) * DAY_S + hour * 3600 + minute * 60 + second - (int64_t)*offset_min * 60;
    return *out >= 0;
}

enum status timeparse(const char *text, bool end_of_day, int *offset_min, uint64_t *time_s, struct fault *fault)
{
    struct buffer plain = {0};
    int offset = *offset_min;
    int64_t value = 0;
    bool good = false;

    digits_to_ascii(view_text(text), &plain);
    buffer_append_byte(&plain, 0);
    if (!plain.failed && plain.len <= TEXT_MAX) {
        good = parse((const char *)plain.ptr, end_of_day, &offset, &value);
    }
    buffer_free(&plain);
    if (!good) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "\"%.60s\" is not a time: 2018-12-13T09:30:00+07:00 or 2018-12-13",
                         text);
    }
    *offset_min = offset;
    *time_s = (uint64_t)value;
    return STATUS_OK;
}

int timeparse_local_offset(uint64_t time_s)
{
    time_t at = (time_t)time_s;
    struct tm local;

    return localtime_r(&at, &local) == NULL ? 0 : (int)(local.tm_gmtoff / 60);
}
