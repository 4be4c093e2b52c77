/* SPDX-License-Identifier: Apache-2.0 */
/*
 * allot, void, register: numbers for things, and the list that makes things of them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "custody/commands.h"
#include "custody/describe.h"
#include "custody/wholefile.h"
#include "custody/items.h"
#include "custody/output.h"
#include "custody/progress.h"
#include "verify/text.h"

enum { ALLOT_MAX = 100000, LIST_BYTES_MAX = 256 << 20 };

/* ---- allot ----------------------------------------------------------------------------------- */

static enum status allot_batch(struct session *session, uint64_t first, uint64_t count, enum subject_type type,
                               struct fault *fault)
{
    struct composer *composer = NULL;
    uint64_t index = 0;
    enum status status = session_compose(session, KIND_ALLOT, &composer, fault);

    if (status != STATUS_OK) {
        return status;
    }
    for (uint64_t n = first; n < first + count; n++) {
        struct entry *entry = composer_entry(composer, n, ROLE_SUBJECT);

        entry->facts.present = BIT(FACT_TYPE);
        entry->facts.type = type;
    }
    return session_append(session, composer, &index, fault);
}

static enum status run_allot(struct args *args, struct fault *fault)
{
    enum subject_type type = args_flag(args, "--containers") ? TYPE_CONTAINER : TYPE_ITEM;
    struct session session;
    uint64_t count = 0;
    uint64_t first;
    char from[NAME_BYTES];
    char to[NAME_BYTES];
    enum status status;

    if (!text_decimal(view_text(args->arguments[0]), &count) || count == 0 || count > ALLOT_MAX) {
        return args_usage(args, fault, "allot %.40s: a number from 1 to %d", args->arguments[0], ALLOT_MAX);
    }
    status = session_start(args, KIND_ALLOT, &session, fault);
    if (status != STATUS_OK) {
        return status;
    }
    first = ledger_subjects(session.txn);
    for (uint64_t done = 0; done < count && status == STATUS_OK; done += SESSION_BATCH) {
        uint64_t batch = count - done < SESSION_BATCH ? count - done : SESSION_BATCH;

        status = allot_batch(&session, first + done, batch, type, fault);
    }
    if (status == STATUS_OK) {
        status = session_commit(&session, fault);
    }
    if (status == STATUS_OK && session.draft_path == NULL) {
        session_name(&session, first, from);
        session_name(&session, first + count - 1, to);
        (void)printf("allotted %" PRIu64 " %s: %s..%s\n", count, type == TYPE_ITEM ? "items" : "containers", from, to);
    }
    session_close(&session);
    return status;
}

/* ---- void ------------------------------------------------------------------------------------ */

static enum status void_batch(struct session *session, const uint64_t *numbers, size_t count, uint64_t code, struct fault *fault)
{
    const char *remarks = args_value(session->args, "--remarks");
    struct composer *composer = NULL;
    uint64_t index = 0;
    enum status status = session_compose(session, KIND_VOID, &composer, fault);

    if (status != STATUS_OK) {
        return status;
    }
    composer_act(composer)->present |= BIT(PAY_CODE);
    composer_act(composer)->code = code;
    if (remarks != NULL) {
        composer_text(composer, NOTHING, NAME_REMARKS, remarks);
    }
    for (size_t i = 0; i < count; i++) {
        (void)composer_entry(composer, numbers[i], ROLE_SUBJECT);
    }
    return session_append(session, composer, &index, fault);
}

static enum status run_void(struct args *args, struct fault *fault)
{
    struct subject_list list = {0};
    struct session session;
    const char *reason = NULL;
    int code = -1;
    enum status status = args_required(args, "--reason", &reason, fault);

    if (status != STATUS_OK) {
        return status;
    }
    code = code_number(KIND_VOID, view_text(reason));
    if (code < 0) {
        return args_usage(args, fault, "--reason %.40s: damaged, lost, misprinted, 'not needed' or other", reason);
    }
    status = session_start(args, KIND_VOID, &session, fault);
    if (status != STATUS_OK) {
        return status;
    }
    status = session_subjects(&session, 0, &list, fault);
    for (size_t done = 0; done < list.count && status == STATUS_OK; done += SESSION_BATCH) {
        size_t batch = list.count - done < SESSION_BATCH ? list.count - done : SESSION_BATCH;

        status = void_batch(&session, list.numbers + done, batch, (uint64_t)code, fault);
    }
    if (status == STATUS_OK) {
        status = session_commit(&session, fault);
    }
    if (status == STATUS_OK && session.draft_path == NULL) {
        (void)printf("void (%s): ", reason);
        output_runs(&session, list.numbers, list.count);
        (void)printf("\n");
    }
    subject_list_free(&list);
    session_close(&session);
    return status;
}

/* ---- register -------------------------------------------------------------------------------- */

/* The unused item numbers that this person allotted, ascending, at most `want`. */
static enum status own_numbers(struct session *session, uint64_t person, size_t want, struct subject_list *out,
                               struct fault *fault)
{
    struct describe_scratch *scratch = malloc(sizeof *scratch);
    uint64_t record = NOTHING; /* the allotting record looked at last */
    bool mine = false;
    enum status status = STATUS_OK;

    if (scratch == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    for (uint64_t n = 0; n < ledger_subjects(session->txn) && out->count < want && status == STATUS_OK; n++) {
        const struct subject *subject = ledger_subject(session->txn, n, fault);
        uint64_t index = 0;

        if (subject == NULL) {
            status = fault->status;
            break;
        }
        if (subject->type != TYPE_ITEM || subject->thing == NULL || subject->thing->state != THING_UNUSED) {
            continue;
        }
        status = ledger_thread(session->txn, n, 1, &index, fault);
        if (status == STATUS_OK && index != record) {
            status = describe_read(session, index, scratch, fault);
            mine = status == STATUS_OK && scratch->act.signers[0].person == person;
            record = index;
        }
        if (status == STATUS_OK && mine) {
            status = subject_list_push(out, n, fault);
        }
    }
    free(scratch);
    return status;
}

static void item_text(struct composer *composer, uint64_t subject, const struct item *item, enum item_column column, uint64_t name)
{
    struct value value = {.type = VALUE_TEXT, .text = item->text[column]};

    if (item->text[column].len > 0) {
        composer_detail(composer, subject, name, &value);
    }
}

static void put_item(struct composer *composer, uint64_t subject, uint64_t of_case, const struct item *item)
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
    item_text(composer, subject, item, ITEM_REF, NAME_REF);
    item_text(composer, subject, item, ITEM_DESCRIPTION, NAME_DESCRIPTION);
    item_text(composer, subject, item, ITEM_SPECIES, NAME_SPECIES);
    item_text(composer, subject, item, ITEM_SPECIMEN, NAME_SPECIMEN);
    item_text(composer, subject, item, ITEM_UNIT, NAME_UNIT);
    item_text(composer, subject, item, ITEM_CONDITION, NAME_CONDITION);
    item_text(composer, subject, item, ITEM_MARKS, NAME_MARKS);
    item_text(composer, subject, item, ITEM_PACKAGE, NAME_PACKAGE);
}

struct registering {
    struct session session;
    struct item_list items;
    struct subject_list numbers;
    uint64_t of_case;
    uint64_t place; /* NOTHING: none stated */
    uint64_t first_record, last_record;
};

static enum status register_batch(struct registering *work, size_t from, size_t count, struct fault *fault)
{
    struct composer *composer = NULL;
    uint64_t index = 0;
    enum status status = session_compose(&work->session, KIND_REGISTER, &composer, fault);

    if (status != STATUS_OK) {
        return status;
    }
    if (work->place != NOTHING) {
        composer_act(composer)->present |= BIT(PAY_PLACE);
        composer_act(composer)->place = work->place;
    }
    (void)composer_entry(composer, work->of_case, ROLE_CASE);
    for (size_t i = from; i < from + count; i++) {
        put_item(composer, work->numbers.numbers[i], work->of_case, &work->items.items[i]);
    }
    status = session_append(&work->session, composer, &index, fault);
    work->first_record = from == 0 ? index : work->first_record;
    work->last_record = index;
    return status;
}

static enum status read_list(struct args *args, struct item_list *out, struct fault *fault)
{
    const char *path = NULL;
    struct buffer file = {0};
    struct buffer errors = {0};
    size_t mistakes = 0;
    enum status status = args_required(args, "--items", &path, fault);

    if (status == STATUS_OK) {
        status = wholefile_read(path, LIST_BYTES_MAX, &file, fault);
    }
    if (status == STATUS_OK) {
        status = item_list_read(buffer_view(&file), path, out, &errors, &mistakes, fault);
        output_bytes(stderr, buffer_view(&errors));
        if (status == STATUS_DAMAGED) {
            struct fault inner = *fault;

            fault_clear(fault);
            (void)fault_set(fault, STATUS_DAMAGED, inner.at, "%s: %s; nothing was registered", path, inner.text);
        }
    }
    if (status == STATUS_OK && mistakes > 0) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: %zu %s; nothing was registered", path, mistakes,
                           mistakes == 1 ? "mistake" : "mistakes");
    }
    buffer_free(&errors);
    buffer_free(&file);
    return status;
}

static enum status register_all(struct registering *work, struct fault *fault)
{
    struct session *session = &work->session;
    uint64_t officer = session->signers[0].signer.person;
    struct progress_line line = {.what = "items"};
    struct progress progress = progress_to(&line);
    size_t total = work->items.count;
    char name[NAME_BYTES];
    enum status status = own_numbers(session, officer, total, &work->numbers, fault);

    if (status == STATUS_OK && work->numbers.count < total) {
        session_name(session, officer, name);
        args_hint(session->args, "unbroken allot %zu", total - work->numbers.count);
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%zu items, but %zu unused numbers allotted by %s", total,
                         work->numbers.count, name);
    }
    for (size_t done = 0; done < total && status == STATUS_OK; done += SESSION_BATCH) {
        status = register_batch(work, done, total - done < SESSION_BATCH ? total - done : SESSION_BATCH, fault);
        (void)progress.step(progress.context, done, total);
    }
    if (status == STATUS_OK) {
        status = session_commit(session, fault);
    }
    progress_end(&line);
    return status;
}

static enum status run_register(struct args *args, struct fault *fault)
{
    const char *place = args_value(args, "--place");
    struct registering work = {.place = NOTHING};
    char name[NAME_BYTES];
    /* The list first: its mistakes are told before anyone types a passphrase. */
    enum status status = read_list(args, &work.items, fault);

    if (status == STATUS_OK) {
        status = session_start(args, KIND_REGISTER, &work.session, fault);
    }
    if (status == STATUS_OK) {
        status = session_subject_of(&work.session, args->arguments[0], TYPE_CASE, &work.of_case, fault);
        if (status == STATUS_OK && place != NULL) {
            status = session_subject_of(&work.session, place, TYPE_PLACE, &work.place, fault);
        }
        if (status == STATUS_OK) {
            status = register_all(&work, fault);
        }
        if (status == STATUS_OK && work.session.draft_path == NULL) {
            session_name(&work.session, work.of_case, name);
            (void)printf("registered %zu items in case %s: ", work.numbers.count, name);
            output_runs(&work.session, work.numbers.numbers, work.numbers.count);
            output_records(work.first_record, work.last_record);
        }
        session_close(&work.session);
    }
    subject_list_free(&work.numbers);
    item_list_free(&work.items);
    return status;
}

static const struct option allot_options[] = {
    {"--containers", OPTION_FLAG, NULL, "numbers for containers instead of items"},
    {NULL, OPTION_FLAG, NULL, NULL},
};
static const struct option void_options[] = {
    {"--reason", OPTION_VALUE, "REASON", "damaged, lost, misprinted, 'not needed' or other"},
    {"--remarks", OPTION_VALUE, "TEXT", "more about it"},
    {NULL, OPTION_FLAG, NULL, NULL},
};
static const struct option register_options[] = {
    {"--items", OPTION_VALUE, "FILE", "CSV: ref,description,species,specimen,quantity,unit,weight_g,length_mm,condition,marks,package"},
    {"--place", OPTION_VALUE, "PLACE", "where the things are"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_thing[] = {
    {.words = "allot", .arguments = "N", .summary = "allot numbers for tags; each is used or void one day", .at_least = 1,
     .at_most = 1, .shared = ARGS_ACT, .options = allot_options, .example = "unbroken allot 1060 --key sok-dara.key",
     .run = run_allot},
    {.words = "void", .arguments = "SUBJECT...", .summary = "make unused numbers void; two offices sign", .at_least = 1,
     .at_most = ARGS_GIVEN_MAX, .shared = ARGS_ACT, .options = void_options,
     .example = "unbroken void KHPP-1041-6 --reason damaged --key sok-dara.key --key custodian.key", .run = run_void},
    {.words = "register", .arguments = "CASE", .summary = "register a list of things, all or nothing, on the officer's unused numbers",
     .at_least = 1, .at_most = 1, .shared = ARGS_ACT, .options = register_options,
     .example = "unbroken register KHPP-10-6 --items list.csv --key sok-dara.key", .run = run_register},
    {.words = NULL},
};
