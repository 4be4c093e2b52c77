/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certify: walks the template: its texts with their placeholders filled, its parts as certify_parts.c has them.
 */
#include "printer/certify_inside.h"

#include "verify/state.h"
#include "verify/text.h"

#define MARGIN_MM 16.0
#define BASE_PT 9.5
#define BOX_MM 30.0

/* ---- what placeholders stand for ------------------------------------------------------------- */

struct values {
    struct buffer texts[TEMPLATE_VALUES];
    struct template_values views;
};

static void put_asked(struct certify *certify, struct buffer *out, size_t *count)
{
    const struct dossier *dossier = certify->report.dossier;
    struct report_numbers numbers = { 0 };
    *count = 0;
    for (size_t i = 0; i < dossier->subject_count; i++) {
        const struct dossier_subject *subject = &dossier->subjects[i];
        bool of_case = subject->is_thing && subject->thing.of_case != NOTHING && dossier_subject(dossier, subject->thing.of_case) != NULL &&
                       dossier_subject(dossier, subject->thing.of_case)->asked;
        if (subject->is_thing && (subject->asked || of_case)) {
            report_number(&certify->report, &numbers, subject->number);
            *count += 1;
        }
    }
    report_numbers_sort(&numbers);
    report_names(&certify->report, out, &numbers, 12);
    report_numbers_free(&numbers);
}

/* The case that was asked for, or that of the first thing. */
static const struct dossier_subject *find_case(const struct dossier *dossier)
{
    const struct dossier_subject *found = NULL;
    for (size_t i = 0; i < dossier->subject_count; i++) {
        const struct dossier_subject *subject = &dossier->subjects[i];
        if (subject->type == TYPE_CASE && (found == NULL || (subject->asked && !found->asked))) {
            found = subject;
        }
    }
    return found;
}

static void put_stated(const struct dossier *dossier, const struct dossier_subject *subject, const char *name, struct buffer *out)
{
    const struct detail_name *rule = detail_by_name(view_text(name));
    const struct dossier_detail *detail = subject == NULL || rule == NULL ? NULL : dossier_stated(dossier, subject, rule->number);
    if (detail != NULL && detail->shown == DOSSIER_SHOWN) {
        buffer_append_view(out, detail->text);
    } else {
        buffer_printf(out, "—");
    }
}

static void fill_people(const struct certify *certify, enum language language, struct values *out)
{
    const struct dossier *dossier = certify->report.dossier;
    const struct signer *certifier = &certify->form->certifier;
    const struct dossier_subject *person = dossier_subject(dossier, certifier->person);
    char name[NAME_BYTES];
    buffer_printf(&out->texts[TEMPLATE_CERTIFIER], "%s", dossier_name(dossier, certifier->person, name));
    if (person != NULL && person->title.len > 0) {
        buffer_printf(&out->texts[TEMPLATE_CERTIFIER], " ");
        buffer_append_view(&out->texts[TEMPLATE_CERTIFIER], person->title);
    }
    buffer_append_view(&out->texts[TEMPLATE_AGENCY], person == NULL || person->agency.len == 0 ? view_text("—") : person->agency);
    buffer_append_view(&out->texts[TEMPLATE_OFFICE],
                       view_text(words_in(language, certifier->capacity < OFFICE_COUNT ? office_name((unsigned)certifier->capacity) : "unknown")));
}

static void fill_ledger(const struct certify *certify, enum language language, struct values *out)
{
    const struct verdict *verdict = &certify->report.dossier->verdict;
    buffer_printf(&out->texts[TEMPLATE_NUMBER], "%s", verdict->certificate);
    words_time(&out->texts[TEMPLATE_MADE], language, certify->form->made_s, certify->form->offset_min);
    buffer_printf(&out->texts[TEMPLATE_RECORDS], "%llu", (unsigned long long)verdict->records);
    buffer_printf(&out->texts[TEMPLATE_SIZE], "%llu", (unsigned long long)verdict->size);
    text_base64(&out->texts[TEMPLATE_ROOT], hash_view(&verdict->root));
    words_time(&out->texts[TEMPLATE_CHECKPOINT], language, verdict->logged_s, certify->form->offset_min);
    buffer_printf(&out->texts[TEMPLATE_SOFTWARE], "%s", certify->form->software);
    text_hex(&out->texts[TEMPLATE_POLICY], hash_view(&verdict->policy));
    buffer_append_view(&out->texts[TEMPLATE_OUTCOME],
                       view_text(words_in(language, verdict->status == 0 ? N_("intact, and custody unbroken") : N_("intact, but a rule of custody is broken"))));
    buffer_printf(&out->texts[TEMPLATE_LEDGER], "%s", verdict->origin);
}

static void fill(struct certify *certify, enum language language, struct values *out)
{
    const struct dossier *dossier = certify->report.dossier;
    const struct dossier_subject *of_case = find_case(dossier);
    size_t count = 0;
    fill_people(certify, language, out);
    fill_ledger(certify, language, out);
    put_asked(certify, &out->texts[TEMPLATE_SUBJECTS], &count);
    buffer_printf(&out->texts[TEMPLATE_COUNT], "%zu", count);
    buffer_printf(&out->texts[TEMPLATE_CASE], "%s", of_case == NULL ? "—" : of_case->name);
    put_stated(dossier, of_case, "docket", &out->texts[TEMPLATE_DOCKET]);
    put_stated(dossier, of_case, "court", &out->texts[TEMPLATE_COURT]);
    for (size_t i = 0; i < TEMPLATE_VALUES; i++) {
        out->views.values[i] = buffer_view(&out->texts[i]);
    }
}

static void free_values(struct values *values)
{
    for (size_t i = 0; i < TEMPLATE_VALUES; i++) {
        buffer_free(&values->texts[i]);
    }
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static void put_text(struct certify *certify, const struct template_block *block, const struct values *first, const struct values *second)
{
    struct report *report = &certify->report;
    struct paper *paper = &report->paper;
    const struct languages *languages = &certify->form->languages;
    struct text_style style = paper_style(paper, 1.0, false);
    struct buffer one = { 0 }, two = { 0 };
    const char *bullet = block->kind == TEMPLATE_ITEM ? "• " : "";
    buffer_printf(&one, "%s", bullet);
    buffer_printf(&two, "%s", bullet);
    template_fill(buffer_view(&block->texts[languages->first]), &first->views, &one);
    if (languages->both) {
        template_fill(buffer_view(&block->texts[languages->second]), &second->views, &two);
    }
    if (block->kind == TEMPLATE_TITLE || block->kind == TEMPLATE_HEADING) {
        if (languages->both) {
            buffer_printf(&one, "%s", block->kind == TEMPLATE_TITLE ? "\n" : " / ");
            buffer_append_view(&one, buffer_view(&two));
        }
        paper_title(paper, block->kind == TEMPLATE_TITLE ? 1 : 2, buffer_view(&one));
    } else if (block->kind == TEMPLATE_LINE) {
        if (languages->both) {
            buffer_printf(&one, " / ");
            buffer_append_view(&one, buffer_view(&two));
        }
        buffer_printf(&one, ": ");
        paper_pair(paper, buffer_view(&one), view_text("______________________________________________________"));
    } else if (languages->both) {
        paper_beside(paper, buffer_view(&one), buffer_view(&two), &style);
        paper_space(paper, 3);
    } else {
        paper_text(paper, buffer_view(&one), &style);
        paper_space(paper, 3);
    }
    buffer_free(&one);
    buffer_free(&two);
}

static void put_boxes(struct certify *certify, unsigned boxes)
{
    static const struct { unsigned box; const char *caption; } known[] = {
        { TEMPLATE_SIGNATURE, N_("Signature") }, { TEMPLATE_THUMBPRINT, N_("Thumbprint") }, { TEMPLATE_STAMP, N_("Stamp") }, { TEMPLATE_DATE, N_("Place and date") } };
    const char *wanted[sizeof known / sizeof known[0]];
    size_t count = 0;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if ((boxes & known[i].box) != 0) {
            wanted[count++] = known[i].caption;
        }
    }
    if (count > 0) {
        paper_space(&certify->report.paper, 6);
        paper_boxes(&certify->report.paper, wanted, count, BOX_MM);
    }
}

static void put_head(struct certify *certify)
{
    struct report *report = &certify->report;
    struct buffer value = { 0 };
    if (report->dossier->verdict.training) {
        report_say(report, 1.2, true, N_("TRAINING: this paper is drawn from a training ledger and is no evidence."));
    }
    buffer_printf(&value, "%s", report->dossier->verdict.certificate);
    report_fact(report, N_("Number of this certificate"), &value);
}

static void put_blocks(struct certify *certify)
{
    const struct languages *languages = &certify->form->languages;
    struct values first = { 0 }, second = { 0 };
    fill(certify, languages->first, &first);
    if (languages->both) {
        fill(certify, languages->second, &second);
    }
    for (size_t i = 0; i < certify->form->template->count && !paper_failed(&certify->report.paper); i++) {
        const struct template_block *block = &certify->form->template->blocks[i];
        if (block->kind == TEMPLATE_PART) {
            certify_part(certify, block->part);
        } else if (block->kind == TEMPLATE_BOXES) {
            put_boxes(certify, block->boxes);
        } else {
            put_text(certify, block, &first, &second);
        }
        if (block->kind == TEMPLATE_TITLE) {
            put_head(certify);
        }
    }
    free_values(&first);
    free_values(&second);
}

/* ---- the paper ------------------------------------------------------------------------------- */

static enum status write_paper(struct certify *certify, struct typesetter *typesetter, struct buffer *out, struct fault *fault)
{
    struct report *report = &certify->report;
    const struct verdict *verdict = &report->dossier->verdict;
    struct buffer title = { 0 }, foot = { 0 }, root = { 0 };
    text_base64(&root, hash_view(&verdict->root));
    buffer_printf(&title, "%s", verdict->certificate);
    buffer_append_byte(&title, '\0');
    words_print(&foot, certify->form->languages.first, N_("Certificate %s. The ledger then: %llu records, root %.*s"), verdict->certificate,
                (unsigned long long)verdict->size, (int)root.len, (const char *)root.ptr);
    struct paper_form form = { .width_mm = 210, .height_mm = 297, .margin_mm = MARGIN_MM, .base_pt = BASE_PT, .languages = certify->form->languages,
                               .title = title.failed ? "" : (const char *)title.ptr, .subject = "Unbroken certificate", .made_s = certify->form->made_s,
                               .foot = buffer_view(&foot) };
    form.mark = view_text(verdict->training ? words_in(certify->form->languages.first, N_("TRAINING")) : "");
    enum status status = paper_open(typesetter, &form, &report->paper, fault);
    if (status == STATUS_OK) {
        put_blocks(certify);
        status = paper_finish(&report->paper, out, fault);
    }
    buffer_free(&title);
    buffer_free(&foot);
    buffer_free(&root);
    return status;
}

enum status certify_write(const struct dossier *dossier, const struct certify_form *form, struct buffer *out, struct fault *fault)
{
    struct typesetter typesetter = { 0 };
    struct certify certify = { .form = form, .as_report = { .languages = form->languages, .offset_min = form->offset_min, .bundle = form->file } };
    certify.report = (struct report){ .dossier = dossier, .form = &certify.as_report };
    if (!dossier->read || dossier->verdict.line_count == 0 || (dossier->verdict.status != 0 && dossier->verdict.status != 3)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "what does not pass its own check is not certified: %s",
                         dossier->verdict.stop.status != 0 ? dossier->verdict.stop.text
                         : dossier->verdict.note_count > 0 ? dossier->verdict.notes[0].text
                                                           : "custody cannot be judged");
    }
    enum status status = report_groups_make(&certify.report, fault);
    if (status == STATUS_OK) {
        status = typesetter_open(&typesetter, fault);
    }
    if (status == STATUS_OK) {
        status = write_paper(&certify, &typesetter, out, fault);
    }
    typesetter_close(&typesetter);
    report_groups_free(&certify.report);
    buffer_free(&certify.report.first);
    buffer_free(&certify.report.second);
    return status;
}
