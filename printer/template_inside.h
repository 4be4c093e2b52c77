/* SPDX-License-Identifier: Apache-2.0 */
/* template_inside: what the reader of forms (template.c) asks of their texts (template_text.c). */
#ifndef UNBROKEN_PRINTER_TEMPLATE_INSIDE_H
#define UNBROKEN_PRINTER_TEMPLATE_INSIDE_H

#include "printer/template.h"

struct view template_trim(struct view text);
/* What is wrong with the braces of a text, and where; NULL: nothing. */
const char *template_check_places(struct view text, struct view *wrong);
/* What is wrong with a text of that block as a whole (choices, boxes: also where another language has more of them); NULL: nothing. */
const char *template_check_text(const struct template_block *block, enum language language);

#endif
