/* SPDX-License-Identifier: Apache-2.0 */
#include "custody/judge_page.h"

#include <string.h>

#include "verify/text.h"

/* embedded.S */
extern const uint8_t embedded_check_html[], embedded_check_html_end[];

struct view judge_page(void)
{
    return view_of(embedded_check_html, (size_t)(embedded_check_html_end - embedded_check_html));
}

/* Where it stands first from there on; NULL: nowhere. */
static const uint8_t *find_place(struct view page, size_t from)
{
    struct view place = view_text(JUDGE_PAGE_PLACE);

    return from == page.len ? NULL : memmem(page.ptr + from, page.len - from, place.ptr, place.len);
}

enum status judge_page_fill(struct view page, struct view policy, struct buffer *out, struct fault *fault)
{
    const uint8_t *place = find_place(page, 0);
    size_t before = place == NULL ? 0 : (size_t)(place - page.ptr);
    size_t behind = before + sizeof JUDGE_PAGE_PLACE - 1;

    if (place == NULL) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the page has no place for a policy");
    }
    if (find_place(page, behind) != NULL) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the page has two places for a policy");
    }
    buffer_append_view(out, view_part(page, 0, before));
    buffer_printf(out, "\"policy\":\"");
    text_base64(out, policy);
    buffer_append_byte(out, '"');
    buffer_append_view(out, view_part(page, behind, page.len - behind));
    return buffer_status(out, fault);
}
