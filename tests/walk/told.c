/* SPDX-License-Identifier: Apache-2.0 */
/*
 * told: see the header.
 */
#include "tests/walk/told.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void told_add(struct told_list *to, const char *code, uint64_t record, uint64_t subject)
{
    struct told *told;

    if (to->count == to->cap) {
        to->cap = to->cap == 0 ? 64 : to->cap * 2;
        to->list = realloc(to->list, to->cap * sizeof *to->list);
        ck_assert_ptr_nonnull(to->list);
    }
    told = &to->list[to->count++];
    *told = (struct told){.record = record, .subject = subject};
    (void)snprintf(told->code, sizeof told->code, "%s", code);
}

void told_add_all(struct told_list *to, const struct told_list *from)
{
    for (size_t i = 0; i < from->count; i++) {
        told_add(to, from->list[i].code, from->list[i].record, from->list[i].subject);
    }
}

static int order(const void *a, const void *b)
{
    const struct told *x = a;
    const struct told *y = b;

    if (x->record != y->record) {
        return x->record > y->record ? 1 : -1;
    }
    if (x->subject != y->subject) {
        return x->subject > y->subject ? 1 : -1;
    }
    return strcmp(x->code, y->code);
}

void told_sort(struct told_list *list)
{
    size_t kept = 0;

    if (list->count > 0) {
        qsort(list->list, list->count, sizeof *list->list, order);
    }
    for (size_t i = 0; i < list->count; i++) {
        if (kept == 0 || order(&list->list[kept - 1], &list->list[i]) != 0) {
            list->list[kept++] = list->list[i];
        }
    }
    list->count = kept;
}

void told_free(struct told_list *list)
{
    free(list->list);
    *list = (struct told_list){0};
}

static void print_one(const char *name, const struct told *told)
{
    printf("  only %s: record %lld, subject %lld: %s\n", name, (long long)told->record, (long long)told->subject, told->code);
}

void told_same(const char *what, const char *name_a, const struct told_list *a, const char *name_b, const struct told_list *b)
{
    size_t i = 0;
    size_t j = 0;
    size_t apart = 0;

    while (i < a->count || j < b->count) {
        int sign = i == a->count ? 1 : j == b->count ? -1 : order(&a->list[i], &b->list[j]);

        if (sign == 0) {
            i++;
            j++;
            continue;
        }
        if (apart < 20) {
            print_one(sign < 0 ? name_a : name_b, sign < 0 ? &a->list[i] : &b->list[j]);
        }
        apart++;
        i += sign < 0 ? 1 : 0;
        j += sign < 0 ? 0 : 1;
    }
    (void)fflush(stdout);
    ck_assert_msg(apart == 0, "%s: %zu breaches are told by only one of %s and %s", what, apart, name_a, name_b);
}
