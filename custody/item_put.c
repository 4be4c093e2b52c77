/* SPDX-License-Identifier: Apache-2.0 */
/*
 * item_put: see the header.
 */
#include "custody/item_put.h"

#include <stdio.h>

void item_text_put(struct composer *composer, uint64_t subject, const struct item *item, enum item_column column, uint64_t name)
{
    struct value value = {.type = VALUE_TEXT, .text = item->text[column]};

    if (item->text[column].len > 0) {
        composer_detail(composer, subject, name, &value);
    }
}

void item_put(struct composer *composer, uint64_t subject, uint64_t of_case, const struct item *item)
{
    struct entry *entry = composer_entry(composer, subject, ROLE_SUBJECT);
    struct value length = {.type = VALUE_INT, .number = (int64_t)item->length_mm};
    char weight[64];

    entry->facts.present = BIT(FACT_CASE) | BIT(FACT_PIECES);
    entry->facts.of_case = of_case;
    entry->facts.pieces = item->pieces;
    if (item->is_weighed) {
        entry->facts.present |= BIT(FACT_NET);
        entry->facts.net_mg = item->net_mg;
        (void)snprintf(weight, sizeof weight, "%.*s g", (int)(item->text[ITEM_WEIGHT].len < 40 ? item->text[ITEM_WEIGHT].len : 40),
                       (const char *)item->text[ITEM_WEIGHT].ptr);
        composer_text(composer, subject, NAME_LISTED_WEIGHT, weight);
    }
    if (item->is_measured) {
        composer_detail(composer, subject, NAME_LENGTH, &length);
    }
    item_text_put(composer, subject, item, ITEM_REF, NAME_REF);
    item_text_put(composer, subject, item, ITEM_DESCRIPTION, NAME_DESCRIPTION);
    item_text_put(composer, subject, item, ITEM_SPECIES, NAME_SPECIES);
    item_text_put(composer, subject, item, ITEM_SPECIMEN, NAME_SPECIMEN);
    item_text_put(composer, subject, item, ITEM_UNIT, NAME_UNIT);
    item_text_put(composer, subject, item, ITEM_CONDITION, NAME_CONDITION);
    item_text_put(composer, subject, item, ITEM_MARKS, NAME_MARKS);
    item_text_put(composer, subject, item, ITEM_PACKAGE, NAME_PACKAGE);
}
