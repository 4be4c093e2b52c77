/* SPDX-License-Identifier: Apache-2.0 */
/*
 * register: a list of things, and containers, become things that somebody answers for; with --pack-by package each thing goes into the
 * container of its package in the same commit.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "custody/allotted.h"
#include "custody/carried.h"
#include "custody/commands.h"
#include "custody/item_put.h"
#include "custody/items.h"
#include "custody/output.h"
#include "custody/progress.h"
#include "custody/wholefile.h"
#include "verify/text.h"

enum { LIST_BYTES_MAX = 256 << 20 };

/* Items of one package, as positions in `order`; and what it becomes. */
struct package {
    size_t first, count;
    uint64_t container;
};

struct registering {
    struct session session;
    struct item_list items;
    struct subject_list numbers;    /* of the items, parallel */
    struct subject_list containers; /* named by --container, or taken for the packages */
    size_t *order;                  /* positions of items, by package */
    struct package *packages;
    size_t package_count;
    uint64_t of_case;
    uint64_t place; /* NOTHING: none stated */
    uint64_t first_record, last_record;
};

/* ---- the list -------------------------------------------------------------------------------- */

static enum status read_list(struct args *args, struct item_list *out, struct fault *fault)
{
    const char *path = args_value(args, "--items");
    struct buffer file = {0};
    struct buffer errors = {0};
    size_t mistakes = 0;
    enum status status;

    if (path == NULL && !args_flag(args, "--container")) {
        return args_usage(args, fault, "register needs --items FILE or --container CONTAINER");
    }
    if (path == NULL) {
        return STATUS_OK;
    }
    status = wholefile_read(path, LIST_BYTES_MAX, &file, fault);
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

static int by_package(const void *a, const void *b, void *context)
{
    const struct item *items = context;
    size_t x = *(const size_t *)a;
    size_t y = *(const size_t *)b;
    int order = view_compare(items[x].text[ITEM_PACKAGE], items[y].text[ITEM_PACKAGE]);

    return order != 0 ? order : (x > y) - (x < y);
}

/* Groups the items by their package; those without one stay outside. */
static enum status find_packages(struct registering *work, struct fault *fault)
{
    size_t count = work->items.count;
    const struct item *items = work->items.items;

    work->order = calloc(count + 1, sizeof *work->order);
    work->packages = calloc(count + 1, sizeof *work->packages);
    if (work->order == NULL || work->packages == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for %zu items", count);
    }
    for (size_t i = 0; i < count; i++) {
        work->order[i] = i;
    }
    qsort_r(work->order, count, sizeof *work->order, by_package, work->items.items);
    for (size_t i = 0; i < count; i++) {
        struct view name = items[work->order[i]].text[ITEM_PACKAGE];

        if (name.len == 0) {
            continue;
        }
        if (work->package_count == 0 ||
            !view_equal(name, items[work->order[work->packages[work->package_count - 1].first]].text[ITEM_PACKAGE])) {
            work->packages[work->package_count++] = (struct package){.first = i};
        }
        work->packages[work->package_count - 1].count++;
    }
    if (work->package_count == 0) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "--pack-by package: no line of the list names a package");
    }
    return STATUS_OK;
}

/* ---- numbers --------------------------------------------------------------------------------- */

/* Numbers for the items and for the packages, or the containers that were named. */
static enum status find_numbers(struct registering *work, struct fault *fault)
{
    struct session *session = &work->session;
    const struct args *args = session->args;
    enum status status = allotted_take(session, TYPE_ITEM, work->items.count, &work->numbers, fault);

    if (status == STATUS_OK && work->package_count > 0) {
        status = allotted_take(session, TYPE_CONTAINER, work->package_count, &work->containers, fault);
        for (size_t i = 0; i < work->package_count && status == STATUS_OK; i++) {
            work->packages[i].container = work->containers.numbers[i];
        }
    }
    for (size_t i = 0; i < args_count(args, "--container") && status == STATUS_OK; i++) {
        uint64_t number = 0;

        status = session_subject_of(session, args_nth(args, "--container", i), TYPE_CONTAINER, &number, fault);
        if (status == STATUS_OK) {
            status = subject_list_push(&work->containers, number, fault);
        }
    }
    return status == STATUS_OK ? subject_list_sort(&work->containers, session->identity->code, fault) : status;
}

/* ---- acts ------------------------------------------------------------------------------------ */

static void put_container(struct composer *composer, const struct registering *work, size_t i)
{
    uint64_t subject = work->containers.numbers[i];
    struct entry *entry = composer_entry(composer, subject, ROLE_SUBJECT);

    entry->facts.present = BIT(FACT_CASE);
    entry->facts.of_case = work->of_case;
    if (work->package_count > 0) {
        item_text_put(composer, subject, &work->items.items[work->order[work->packages[i].first]], ITEM_PACKAGE, NAME_PACKAGE);
    }
}

static void note_record(struct registering *work, uint64_t index)
{
    work->first_record = work->first_record == 0 ? index : work->first_record;
    work->last_record = index;
}

static size_t batch_size(const struct registering *work, size_t from, size_t total)
{
    size_t most = total - from < SESSION_BATCH ? total - from : SESSION_BATCH;

    return carried_run(&work->items, from, most);
}

/* Items, then containers: `from` counts through both. */
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
    if (from < work->items.count && work->items.items[from].is_carried) {
        carried_put(&work->items.items[from], work->session.ledger, composer_act(composer));
    }
    (void)composer_entry(composer, work->of_case, ROLE_CASE);
    for (size_t i = from; i < from + count; i++) {
        if (i < work->items.count) {
            item_put(composer, work->numbers.numbers[i], work->of_case, &work->items.items[i]);
        } else {
            put_container(composer, work, i - work->items.count);
        }
    }
    status = session_append(&work->session, composer, &index, fault);
    note_record(work, index);
    return status;
}

static enum status pack_batch(struct registering *work, const struct package *package, size_t from, size_t count, struct fault *fault)
{
    struct composer *composer = NULL;
    uint64_t index = 0;
    enum status status = session_compose(&work->session, KIND_PACK, &composer, fault);

    if (status != STATUS_OK) {
        return status;
    }
    (void)composer_entry(composer, package->container, ROLE_CONTAINER);
    for (size_t i = from; i < from + count; i++) {
        (void)composer_entry(composer, work->numbers.numbers[work->order[package->first + i]], ROLE_SUBJECT);
    }
    status = session_append(&work->session, composer, &index, fault);
    note_record(work, index);
    return status;
}

static enum status all_acts(struct registering *work, struct fault *fault)
{
    struct progress_line line = {.what = "things"};
    struct progress progress = progress_to(&line);
    size_t total = work->items.count + work->containers.count;
    enum status status = STATUS_OK;

    for (size_t done = 0; done < total && status == STATUS_OK;) {
        size_t count = batch_size(work, done, total);

        status = register_batch(work, done, count, fault);
        done += count;
        (void)progress.step(progress.context, done, total);
    }
    for (size_t p = 0; p < work->package_count && status == STATUS_OK; p++) {
        const struct package *package = &work->packages[p];

        for (size_t done = 0; done < package->count && status == STATUS_OK; done += SESSION_BATCH) {
            size_t left = package->count - done;

            status = pack_batch(work, package, done, left < SESSION_BATCH ? left : SESSION_BATCH, fault);
        }
    }
    if (status == STATUS_OK) {
        status = session_commit(&work->session, fault);
    }
    progress_end(&line);
    return status;
}

/* Which container got which package: somebody has to stick the labels on. */
static void say_packages(const struct registering *work)
{
    char name[NAME_BYTES];

    for (size_t p = 0; p < work->package_count; p++) {
        const struct package *package = &work->packages[p];
        uint64_t net_mg = 0;
        size_t weighed = 0;

        for (size_t i = 0; i < package->count; i++) {
            const struct item *item = &work->items.items[work->order[package->first + i]];

            net_mg += item->is_weighed ? item->net_mg : 0;
            weighed += item->is_weighed ? 1 : 0;
        }
        session_name(&work->session, package->container, name);
        (void)printf("  %s  ", name);
        output_text(stdout, work->items.items[work->order[package->first]].text[ITEM_PACKAGE]);
        (void)printf("  %zu %s, ", package->count, package->count == 1 ? "item" : "items");
        if (weighed == 0) {
            (void)printf("not weighed\n");
            continue;
        }
        (void)printf("%" PRIu64 ".%03" PRIu64 " kg", net_mg / 1000000, net_mg / 1000 % 1000);
        (void)printf(weighed < package->count ? ", of which %zu not weighed\n" : "\n", package->count - weighed);
    }
}

static void say_registered(const struct registering *work)
{
    char name[NAME_BYTES];

    session_name(&work->session, work->of_case, name);
    if (work->items.count > 0) {
        (void)printf("registered %zu items in case %s: ", work->items.count, name);
        output_runs(&work->session, work->numbers.numbers, work->numbers.count);
    }
    if (work->containers.count > 0) {
        (void)printf("%s%zu %s", work->items.count > 0 ? (work->package_count > 0 ? ", packed into " : ", and ") : "registered ",
                     work->containers.count, work->containers.count == 1 ? "container" : "containers");
        if (work->items.count == 0) {
            (void)printf(" in case %s", name);
        }
        (void)printf(": ");
        output_runs(&work->session, work->containers.numbers, work->containers.count);
    }
    output_records(work->first_record, work->last_record);
    say_packages(work);
}

static enum status register_things(struct registering *work, struct fault *fault)
{
    struct session *session = &work->session;
    const char *place = args_value(session->args, "--place");
    enum status status = carried_check(session->args, session->ledger, &work->items, fault);

    if (status == STATUS_OK) {
        status = session_subject_of(session, session->args->arguments[0], TYPE_CASE, &work->of_case, fault);
    }
    if (status == STATUS_OK && place != NULL) {
        status = session_subject_of(session, place, TYPE_PLACE, &work->place, fault);
    }
    if (status == STATUS_OK) {
        status = find_numbers(work, fault);
    }
    if (status == STATUS_OK) {
        status = all_acts(work, fault);
    }
    if (status == STATUS_OK && session->draft_path == NULL) {
        say_registered(work);
    }
    return status;
}

static enum status run_register(struct args *args, struct fault *fault)
{
    const char *pack_by = args_value(args, "--pack-by");
    struct registering work = {.place = NOTHING};
    /* The list first: its mistakes are told before anyone types a passphrase. */
    enum status status = read_list(args, &work.items, fault);

    if (status == STATUS_OK && pack_by != NULL) {
        if (!view_equal(view_text(pack_by), view_text("package")) || args_flag(args, "--container") || work.items.count == 0) {
            status = args_usage(args, fault, "--pack-by package goes with --items and without --container");
        } else {
            status = find_packages(&work, fault);
        }
    }
    if (status == STATUS_OK) {
        status = session_start(args, KIND_REGISTER, &work.session, fault);
        if (status == STATUS_OK) {
            status = register_things(&work, fault);
            session_close(&work.session);
        }
    }
    free(work.order);
    free(work.packages);
    subject_list_free(&work.numbers);
    subject_list_free(&work.containers);
    item_list_free(&work.items);
    return status;
}

static const struct option register_options[] = {
    {"--items", OPTION_VALUE, "FILE", "CSV: ref,description,species,specimen,quantity,unit,weight_g,length_mm,condition,marks,package,carried-over"},
    {"--from-ledger", OPTION_VALUE, "BUNDLE", "with the column carried-over, the things' names in the ledger that this one succeeds: a bundle of that"},
    {"--pack-by", OPTION_VALUE, "package", "pack each thing into a container for its package, out of the officer's unused container numbers"},
    {"--container", OPTION_MANY, "CONTAINER", "an allotted container, to be registered too"},
    {"--place", OPTION_VALUE, "PLACE", "where the things are"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_register[] = {
    {.words = "register", .arguments = "CASE", .summary = "register a list of things, all or nothing, on the officer's unused numbers",
     .at_least = 1, .at_most = 1, .shared = ARGS_ACT, .options = register_options,
     .example = "unbroken register KHPP-10-6 --items list.csv --pack-by package --key sok-dara.key", .run = run_register},
    {.words = NULL},
};
