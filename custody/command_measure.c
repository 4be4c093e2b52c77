/* SPDX-License-Identifier: Apache-2.0 */
/*
 * weigh, weights, examine, identify.
 */
#include <string.h>

#include "custody/commands.h"
#include "custody/mass.h"
#include "custody/output.h"
#include "custody/scan.h"
#include "custody/touch.h"
#include "custody/weigh_list.h"
#include "custody/weighings.h"
#include "verify/text.h"

/* ---- weights that were read ------------------------------------------------------------------ */

/* Is whatever differs explained, or entered as a deviation? */
static bool is_explained(const struct args *args)
{
    return args_flag(args, "--drift-explanation") || args_flag(args, "--deviation");
}

/* "1811.15 g, -38.85 g (-2.1 %) since last" */
static void put_drift(const struct thing *thing, uint64_t net_mg, struct buffer *out)
{
    mass_print(net_mg, out);
    buffer_printf(out, " g");
    if (thing->net_mg != NOTHING) {
        buffer_printf(out, ", ");
        mass_print_change(thing->net_mg, net_mg, out);
        buffer_printf(out, " g");
        if (thing->net_mg > 0) {
            buffer_printf(out, " (");
            mass_print_percent(thing->net_mg, net_mg, out);
            buffer_printf(out, " %%)");
        }
        buffer_printf(out, " since last");
    }
}

/* Completes what was read on one thing, and looks at its drift: a weight that is off is weighed again while the thing is on the scale. */
static enum status check_weight(struct touch *touch, struct touched *touched, struct fault *fault)
{
    struct args *args = touch->session.args;
    const struct subject *subject = ledger_subject(touch->session.txn, touched->number, fault);
    struct buffer drift = {0};
    char name[NAME_BYTES];
    struct fault why;
    enum status status = STATUS_OK;

    if (subject == NULL || subject->thing == NULL) {
        return subject == NULL ? fault->status : touch_check(touch, touched->number, fault);
    }
    session_name(&touch->session, touched->number, name);
    fault_clear(&why);
    if (mass_net(touched->gross_mg, touched->tare_mg, &touched->net_mg, &why) != STATUS_OK &&
        !(args_flag(args, "--deviation") && touched->net_mg != NOTHING)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: %s", name, why.text);
    }
    put_drift(subject->thing, touched->net_mg, &drift);
    if (subject->thing->net_mg != NOTHING && mass_drifts(subject->thing->net_mg, touched->net_mg) && !is_explained(args)) {
        args_hint(args, "weigh it again; if the weight is right, say why it differs: --drift-explanation TEXT");
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: %.*s: above 2 %% and 1 g, and unexplained", name, (int)drift.len,
                           (const char *)drift.ptr);
    }
    buffer_reset(&touch->said);
    buffer_append_view(&touch->said, buffer_view(&drift));
    buffer_free(&drift);
    return status;
}

/* `1850.5`, or net=, gross= and tare=. */
static enum status read_weights(struct touch *touch, struct view words, struct touched *touched, struct fault *refusal)
{
    static const char *const prefixes[] = {"gross=", "tare=", "net=", ""};
    uint64_t *const into[] = {&touched->gross_mg, &touched->tare_mg, &touched->net_mg, &touched->net_mg};

    while (words.len > 0) {
        struct view word = scan_word(words, &words);

        for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
            struct view prefix = view_text(prefixes[i]);

            if (word.len < prefix.len || !view_equal(view_part(word, 0, prefix.len), prefix)) {
                continue;
            }
            if (*into[i] != NOTHING || !mass_parse(view_part(word, prefix.len, word.len - prefix.len), into[i])) {
                return touch_refuse_word(word, "behind the tag is not one weight like 1850.5 or gross=2000", refusal);
            }
            break;
        }
    }
    return check_weight(touch, touched, refusal);
}

static enum status put_weight(struct touch *touch, const struct touched *touched, struct composer *composer, struct entry *entry,
                              struct fault *fault)
{
    const struct weigh_list *list = touch->context;
    const struct weigh_row *row = list == NULL ? NULL : weigh_list_row(list, touched->number);
    struct value why = {.type = VALUE_TEXT};

    (void)fault;
    entry->facts.present |= BIT(FACT_NET);
    entry->facts.net_mg = touched->net_mg;
    if (touched->gross_mg != NOTHING && touched->tare_mg != NOTHING) {
        entry->facts.present |= BIT(FACT_GROSS) | BIT(FACT_TARE);
        entry->facts.gross_mg = touched->gross_mg;
        entry->facts.tare_mg = touched->tare_mg;
    }
    if (row != NULL && weigh_list_explanation(list, row).len > 0) {
        why.text = weigh_list_explanation(list, row);
        composer_detail(composer, touched->number, NAME_DRIFT, &why);
    }
    return STATUS_OK;
}

/* ---- weigh ----------------------------------------------------------------------------------- */

static const struct touch_plan weigh_plan = {.kind = KIND_WEIGH, .done = "weighed", .read_words = read_weights,
                                             .put_thing = put_weight};
static const struct touch_plan listed_plan = {.kind = KIND_WEIGH, .done = "weighed", .listed = true, .put_thing = put_weight};

static enum status read_option(struct args *args, const char *option, uint64_t *out_mg, struct fault *fault)
{
    const char *text = args_value(args, option);

    *out_mg = NOTHING;
    if (text != NULL && !mass_parse(view_text(text), out_mg)) {
        return args_usage(args, fault, "%s %.40s: " MASS_FORM, option, text);
    }
    return STATUS_OK;
}

/* One thing with --net, or --gross and --tare: it is put in here, that its weight may go with it. */
static enum status push_named(struct touch *touch, struct fault *fault)
{
    struct args *args = touch->session.args;
    struct touched *touched = NULL;
    uint64_t number = 0;
    enum status status = session_subject(&touch->session, args->arguments[0], &number, fault);

    if (status == STATUS_OK) {
        status = touch_check(touch, number, fault);
    }
    if (status == STATUS_OK) {
        status = touch_push(touch, number, &touched, fault);
    }
    if (status == STATUS_OK) {
        status = read_option(args, "--gross", &touched->gross_mg, fault);
    }
    if (status == STATUS_OK) {
        status = read_option(args, "--tare", &touched->tare_mg, fault);
    }
    if (status == STATUS_OK) {
        status = read_option(args, "--net", &touched->net_mg, fault);
    }
    return status == STATUS_OK ? check_weight(touch, touched, fault) : status;
}

static enum status push_listed(struct touch *touch, struct weigh_list *list, struct fault *fault)
{
    enum status status = weigh_list_find(&touch->session, list, is_explained(touch->session.args), fault);

    for (size_t i = 0; i < list->listing.count && status == STATUS_OK; i++) {
        const struct weigh_row *row = &list->rows[i];
        struct touched *touched = NULL;

        status = touch_push(touch, row->number, &touched, fault);
        if (status == STATUS_OK) {
            touched->gross_mg = row->gross_mg;
            touched->tare_mg = row->tare_mg;
            touched->net_mg = row->net_mg;
        }
    }
    return status;
}

/* Each thing against every earlier weighing of it. */
static enum status show_drift(struct touch *touch, struct fault *fault)
{
    struct table *table = NULL;
    enum status status = session_begin(&touch->session, false, fault);

    if (status == STATUS_OK) {
        status = table_open(weighings_columns, WEIGHINGS_COLUMNS, &table, fault);
    }
    for (size_t i = 0; i < touch->count && status == STATUS_OK; i++) {
        struct weighings weighings = {0};

        status = weighings_read(&touch->session, touch->things[i].number, &weighings, fault);
        weighings_rows(&touch->session, touch->things[i].number, &weighings, table);
        weighings_free(&weighings);
    }
    if (status == STATUS_OK) {
        status = table_print(table, stdout, fault);
    }
    table_close(table);
    return status;
}

static enum status check_weigh(struct args *args, struct fault *fault)
{
    bool listed = args_flag(args, "--weights"), scan = args_flag(args, "--scan");
    bool stated = args_flag(args, "--net") || args_flag(args, "--gross") || args_flag(args, "--tare");

    if (listed && (scan || stated || args->argument_count > 0)) {
        return args_usage(args, fault, "weigh --weights FILE takes names and weights from the list, and no others");
    }
    if (scan && stated) {
        return args_usage(args, fault, "weigh --scan takes each weight behind its tag");
    }
    if (!listed && !scan && args->argument_count > 1) {
        return args_usage(args, fault, "weigh takes one name with its weight; many with --scan or --weights FILE");
    }
    if (args->argument_count == 1 && !stated) {
        return args_usage(args, fault, "weigh needs --net WEIGHT, or --gross WEIGHT and --tare WEIGHT");
    }
    return STATUS_OK;
}

static enum status run_weigh(struct args *args, struct fault *fault)
{
    const char *path = args_value(args, "--weights");
    struct touch_plan plan = path != NULL ? listed_plan : weigh_plan;
    struct weigh_list list = {0};
    struct touch touch;
    enum status status = check_weigh(args, fault);

    if (status == STATUS_OK && path != NULL) {
        status = weigh_list_open(path, &list, fault); /* before anyone types a passphrase */
    }
    if (status == STATUS_OK) {
        status = touch_open(args, &plan, &touch, fault);
    }
    if (status == STATUS_OK) {
        touch.context = path != NULL ? &list : NULL;
        if (path != NULL) {
            status = push_listed(&touch, &list, fault);
        } else if (!args_flag(args, "--scan")) {
            status = push_named(&touch, fault);
            plan.first = 1; /* it is in already */
        }
        if (status == STATUS_OK) {
            status = touch_run(&touch, fault);
        }
        if (status == STATUS_OK && touch.session.draft_path == NULL) {
            status = show_drift(&touch, fault);
        }
        touch_close(&touch);
    }
    weigh_list_free(&list);
    return status;
}

/* ---- weights --------------------------------------------------------------------------------- */

static enum status print_weights(struct session *session, uint64_t number, const struct weighings *weighings, struct fault *fault)
{
    struct table *table = NULL;
    char name[NAME_BYTES];
    enum status status;

    session_name(session, number, name);
    if (args_flag(session->args, "--json")) {
        json_t *out = output_envelope(session);

        (void)json_object_set_new(out, "subject", output_name(session, number));
        (void)json_object_set_new(out, "weighings", weighings_json(weighings));
        return output_json(out, fault);
    }
    if (weighings->count == 0) {
        (void)printf("%s was never weighed\n", name);
        return STATUS_OK;
    }
    status = table_open(weighings_columns, WEIGHINGS_COLUMNS, &table, fault);
    if (status == STATUS_OK) {
        weighings_rows(session, number, weighings, table);
        status = table_print(table, stdout, fault);
        table_close(table);
    }
    return status;
}

static enum status run_weights(struct args *args, struct fault *fault)
{
    const struct subject *subject = NULL;
    struct weighings weighings = {0};
    struct session session;
    uint64_t number = 0;
    enum status status = session_open(args, LEDGER_READ, false, &session, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = session_begin(&session, false, fault);
    if (status == STATUS_OK) {
        status = session_subject(&session, args->arguments[0], &number, fault);
    }
    if (status == STATUS_OK) {
        subject = ledger_subject(session.txn, number, fault);
        status = subject == NULL ? fault->status : STATUS_OK;
    }
    if (status == STATUS_OK && subject->thing == NULL) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is %s %s, not a thing", args->arguments[0],
                           session_article(subject->type), type_name(subject->type));
    }
    if (status == STATUS_OK) {
        status = weighings_read(&session, number, &weighings, fault);
    }
    if (status == STATUS_OK) {
        status = print_weights(&session, number, &weighings, fault);
    }
    weighings_free(&weighings);
    session_close(&session);
    return status;
}

/* ---- examine, identify ----------------------------------------------------------------------- */

static enum status run_examine(struct args *args, struct fault *fault)
{
    static const struct touch_plan plan = {.kind = KIND_EXAMINE, .done = "examined"};

    return touch_all(args, &plan, fault);
}

static enum status run_identify(struct args *args, struct fault *fault)
{
    static const struct touch_plan plan = {.kind = KIND_IDENTIFY, .done = "identified", .code_option = "--as"};

    return touch_all(args, &plan, fault);
}

#define LAST {NULL, OPTION_FLAG, NULL, NULL}
#define METHOD_OPTION {"--method", OPTION_VALUE, "TEXT", "how: by eye, microscope, DNA (16S), isotopes"}

static const struct option weigh_options[] = {
    {"--net", OPTION_VALUE, "WEIGHT", "the thing alone: 1850, 1850.5 (grams), '3.23 kg'"},
    {"--gross", OPTION_VALUE, "WEIGHT", "with its wrapping"},
    {"--tare", OPTION_VALUE, "WEIGHT", "the wrapping alone; net is then gross less tare"},
    {"--scan", OPTION_FLAG, NULL, "tags from standard input, each with its weight behind it: TAG 1850.5, or TAG gross=2000 tare=149.5"},
    {"--weights", OPTION_VALUE, "FILE", "CSV: name,gross_g,tare_g,net_g,drift_explanation; all or nothing"},
    {"--scale", OPTION_VALUE, "TEXT", "which scale: make, model, serial number"},
    {"--calibration", OPTION_VALUE, "TEXT", "when and by whom it was calibrated, certificate number"},
    {"--drift-explanation", OPTION_VALUE, "TEXT", "why the weight differs from the one before: drying, a sample taken"},
    TOUCH_TEXT_OPTIONS, LAST,
};
static const struct option examine_options[] = {
    {"--finding", OPTION_VALUE, "TEXT", "what was seen; no opinion of the species, which is for identify"}, METHOD_OPTION,
    TOUCH_SCAN_OPTION, TOUCH_TEXT_OPTIONS, LAST,
};
static const struct option identify_options[] = {
    {"--as", OPTION_VALUE, "CERTAINTY", "presumptive or confirmed"},
    {"--identification", OPTION_VALUE, "TEXT", "what it is: 'Loxodonta africana'"}, METHOD_OPTION,
    {"--confirmed-by", OPTION_VALUE, "TEXT", "the laboratory or second expert, and the report's number"},
    TOUCH_SCAN_OPTION, TOUCH_TEXT_OPTIONS, LAST,
};

const struct command command_measure[] = {
    {.words = "weigh", .arguments = "SUBJECT", .summary = "weigh things, and see each weight against every earlier one",
     .at_most = ARGS_GIVEN_MAX, .shared = ARGS_ACT, .options = weigh_options,
     .example = "unbroken weigh KHPP-17-R --gross 2000 --tare 149.5 --scale 'Kern FKB 16K0.1, no. 7731' \\\n"
                "    --calibration '2018-11-02, certificate 884' --key custodian.key",
     .run = run_weigh},
    {.words = "weights", .arguments = "SUBJECT", .summary = "every weighing of a thing, the latest against each earlier one", .at_least = 1,
     .at_most = 1, .shared = ARGS_LEDGER | ARGS_JSON, .example = "unbroken weights KHPP-17-R",
     .json = "{\"ledger\", \"training\", \"subject\", \"weighings\": [{\"record\", \"logged\", \"act\", \"gross-mg\", \"tare-mg\", \"net-mg\", "
             "\"taken-since-mg\",\n   \"drift-mg\", \"percent\", \"beyond\", \"explanation\", \"scale\", \"calibration\"}]}\n"
             "  drift-mg: the latest weight less this one, what samples took since reckoned off; null in the latest",
     .run = run_weights},
    {.words = "examine", .arguments = "SUBJECT...", .summary = "say what was found on things", .at_most = ARGS_GIVEN_MAX,
     .shared = ARGS_ACT, .options = examine_options,
     .example = "unbroken examine KHPP-17-R --finding 'saw cut at base, Schreger angle 118 degrees' --method microscope \\\n"
                "    --photograph cut.jpg --key expert.key",
     .run = run_examine},
    {.words = "identify", .arguments = "SUBJECT...", .summary = "an expert says what species things are of; they need not be at hand",
     .at_most = ARGS_GIVEN_MAX, .shared = ARGS_ACT, .options = identify_options,
     .example = "unbroken identify KHPP-17-R --as confirmed --identification 'Loxodonta africana' --method 'DNA, 16S' \\\n"
                "    --document report.pdf --key expert.key",
     .run = run_identify},
    {.words = NULL},
};
