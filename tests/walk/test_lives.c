/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thousand random lives of things. After every act the ledger's state is that of a model which shares nothing with verify; pieces and mass add
 * up; every thing has one custodian; what the recorder refuses and what it takes as a deviation has the breaches that the model foretells; fsck finds
 * nothing; and bundles of any subset have, for verify and the Python reader, the breaches foretold of what is in them, and no others.
 *
 *   SEED=number   another thousand lives (the seed is printed)
 */
#include "tests/ledger/fixture.c"

#include "ledger/care.h"
#include "tests/walk/judge.h"
#include "tests/walk/lives.h"
#include "verify/bundle.h"

enum { THINGS = 1000, STEPS = 14000, PICKED = 30, READ_BY_PYTHON = 6 };

/* ---- appending -------------------------------------------------------------------------------- */

static void begin(struct lives *l)
{
    OK(ledger_begin(l->w.f.ledger, true, &l->w.txn, FAULT));
}

static void commit(struct lives *l)
{
    OK(ledger_commit(l->w.txn, FAULT));
    l->w.txn = NULL;
}

/* What the next signers can have seen. */
static void look(struct lives *l)
{
    fixture_see(&l->w.f, l->w.txn);
    l->seen[l->seen_count % SNAPSHOTS].size = l->w.f.seen_size;
    l->seen[l->seen_count++ % SNAPSHOTS].root = l->w.f.seen_root;
}

static void hear(void *context, const struct finding *finding)
{
    if (finding->breach) {
        told_add(context, finding->code, finding->record, finding->subject);
    }
}

static void foretell(struct lives *l, const struct told *ones, size_t count)
{
    ck_assert_uint_lt(l->foretold_count + count, l->foretold_cap);
    memcpy(l->foretold + l->foretold_count, ones, count * sizeof *ones);
    l->foretold_count += count;
}

/* The recorder refuses it without the flag, naming one of the breaches foretold. */
static void refused(struct lives *l, const struct plan *plan, const struct told *foretold, size_t count)
{
    struct signed_act act = lives_act(l, plan, false);
    uint64_t index;
    bool named = false;
    struct fault fault;

    fault_clear(&fault);
    commit(l);
    begin(l);
    ck_assert_msg(ledger_append(l->w.txn, &act.submission, l->w.f.now_s, NULL, &index, &fault) == STATUS_REFUSED, "\"%s\" is taken with %s",
                  act_rule(plan->kind)->name, foretold[0].code);
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(foretold[i].code);

        named = named || (strncmp(fault.text, foretold[i].code, len) == 0 && fault.text[len] == ':');
    }
    ck_assert_msg(named, "refused with \"%s\", foretold %s", fault.text, foretold[0].code);
    ledger_abort(l->w.txn);
    signed_free(&act);
    begin(l);
    l->refused++;
}

/* What stands after a split or sample is what stood before. */
static void adds_up(const struct plan *plan, uint64_t pieces, uint64_t net_mg)
{
    const struct life *parent = plan->things[0];

    if (plan->kind == KIND_SPLIT) {
        ck_assert_uint_eq(parent->pieces + plan->child->pieces, pieces);
    }
    ck_assert_uint_eq(parent->net_mg + plan->child->net_mg + plan->tare_mg, net_mg);
}

static void compare(struct lives *l, const struct plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        model_compare(l, plan->things[i], l->w.txn);
    }
    if (plan->box != NULL) {
        model_compare(l, plan->box, l->w.txn);
    }
    if (plan->child != NULL) {
        model_compare(l, plan->child, l->w.txn);
    }
}

static void perform(struct lives *l, const struct plan *plan)
{
    struct told foretold[JUDGED_MAX + 1];
    struct told_list want = {0};
    struct told_list heard = {0};
    struct ledger_listener listener = {.report = hear, .context = &heard};
    uint64_t record = ledger_size(l->w.txn);
    uint64_t pieces = plan->things[0]->pieces;
    uint64_t net_mg = plan->things[0]->net_mg;
    struct signed_act act;
    struct hash id;
    uint64_t index = 0;
    size_t count;

    model_judge(l, plan, record, l->w.f.now_s, foretold, &count);
    if (count > 0) {
        refused(l, plan, foretold, count);
        foretold[count++] = (struct told){record, NOTHING, "deviation"};
        l->deviations++;
    }
    for (size_t i = 0; i < count; i++) {
        told_add(&want, foretold[i].code, foretold[i].record, foretold[i].subject);
    }
    act = lives_act(l, plan, count > 0);
    act_id(l->w.f.hasher, buffer_view(&act.draft.payload), &id);
    OK(ledger_append(l->w.txn, &act.submission, l->w.f.now_s, &listener, &index, FAULT));
    ck_assert_uint_eq(index, record);
    told_sort(&want);
    told_sort(&heard);
    told_same(act_rule(plan->kind)->name, "the model", &want, "the recorder", &heard);
    model_apply(l, plan, record, l->w.f.now_s, &id);
    compare(l, plan);
    if ((plan->kind == KIND_SAMPLE || plan->kind == KIND_SPLIT) && count == 0) {
        adds_up(plan, pieces, net_mg);
    }
    foretell(l, foretold, count);
    l->acts[plan->kind]++;
    look(l);
    signed_free(&act);
    told_free(&want);
    told_free(&heard);
}

/* ---- what happens beside the things ------------------------------------------------------------ */

static void allot_more(struct lives *l)
{
    uint64_t first = ledger_subjects(l->w.txn);
    uint64_t count = 5 + lives_random(l, 15);
    struct making making = making_open(&l->w.f, KIND_ALLOT);

    for (uint64_t i = 0; i < count; i++) {
        bool box = lives_random(l, 4) == 0;
        struct life *life = model_new(l, first + i, box);

        composer_entry(making.composer, first + i, ROLE_SUBJECT)->facts =
            (struct facts){.present = BIT(FACT_TYPE), .type = box ? TYPE_CONTAINER : TYPE_ITEM};
        life->touches[life->touch_count++] = (struct touch){ledger_size(l->w.txn), UINT64_C(1) << CUSTODIAN};
    }
    making_signer(&making, CUSTODIAN, 1, OFFICE_CUSTODIAN);
    (void)walk_append(&l->w, making_sign(&l->w.f, &making));
    look(l);
}

/* Somebody gets a new key, and the old one says so, or not. */
static void change_key(struct lives *l)
{
    uint64_t person = OFFICER + 1 + lives_random(l, 14);
    struct secret *old = l->w.f.people[person];
    struct secret *new = NULL;
    struct making making = making_open(&l->w.f, KIND_REKEY);
    struct signed_act act = {0};
    bool endorsed = lives_random(l, 2) == 0;
    uint8_t seed[32] = {0};

    memcpy(seed, &l->rekeyed, sizeof l->rekeyed);
    seed[31] = 0xee;
    l->rekeyed++;
    OK(secret_from_seed(seed, &new, FAULT));
    composer_entry(making.composer, person, ROLE_SUBJECT)->facts = (struct facts){.present = BIT(FACT_KEY), .key = *secret_public(new)};
    making_signer(&making, 1, 1, OFFICE_REGISTRAR);
    making_signer(&making, 2, 1, OFFICE_REGISTRAR);
    making_signer(&making, person, 0, 0);
    if (endorsed) {
        making_signer(&making, person, 1, OFFICE_OFFICER + (unsigned)(person - OFFICER - 1) / 2);
    }
    OK(composer_finish(making.composer, &act.draft, FAULT));
    composer_close(making.composer);
    OK(draft_sign(l->w.f.hasher, &act.draft, 0, l->w.f.people[1], FAULT));
    OK(draft_sign(l->w.f.hasher, &act.draft, 1, l->w.f.people[2], FAULT));
    OK(draft_sign(l->w.f.hasher, &act.draft, 2, new, FAULT));
    if (endorsed) {
        OK(draft_sign(l->w.f.hasher, &act.draft, 3, old, FAULT));
    }
    OK(draft_submission(&act.draft, &act.act, &act.parts, &act.submission, FAULT));
    (void)walk_append(&l->w, act);
    l->w.f.people[person] = new;
    secret_close(old);
    look(l);
}

/* Now and then a release is signed and kept back. */
static bool keep_back(struct lives *l, const struct plan *plan)
{
    struct orphan *orphan = &l->orphans[lives_random(l, ORPHANS)];

    if (plan->kind != KIND_RELEASE || plan->count != 1 || plan->wrong_signers || orphan->used || lives_random(l, 3) != 0) {
        return false;
    }
    *orphan = (struct orphan){.used = true, .life = plan->things[0], .plan = *plan};
    /* Without a seal nothing need be stated; by the time it is adopted there may be one. */
    orphan->plan.found[0] = plan->found[0] == 0 && lives_random(l, 2) == 0 ? UNSTATED : plan->found[0];
    orphan->act = lives_act(l, &orphan->plan, false);
    act_id(l->w.f.hasher, buffer_view(&orphan->act.draft.payload), &orphan->id);
    return true;
}

static void tend_orphans(struct lives *l, const struct plan *plan)
{
    for (size_t i = 0; i < ORPHANS; i++) {
        struct orphan *orphan = &l->orphans[i];
        bool over = orphan->used && (orphan->life->state == LIFE_CLOSED || (plan->kind == KIND_ADOPT && plan->orphan_slot == i));

        orphan->lodged = orphan->lodged || (plan->kind == KIND_LODGE && plan->orphan_slot == i);
        if (over) {
            signed_free(&orphan->act);
            *orphan = (struct orphan){0};
        }
    }
}

static void live(struct lives *l, size_t step)
{
    struct plan plan;
    size_t unused = 0;

    for (size_t i = l->count > 40 ? l->count - 40 : 0; i < l->count; i++) {
        unused += l->all[i].state == LIFE_UNUSED ? 1 : 0;
    }
    if (unused < 8 && l->count < THINGS + 100) {
        allot_more(l);
    }
    if (step % 700 == 699) {
        change_key(l);
    }
    if (step % 300 == 299) {
        commit(l);
        fixture_checkpoint(&l->w.f);
        begin(l);
        look(l);
    }
    l->w.f.now_s += 1 + lives_random(l, 3600);
    if (!lives_plan(l, &plan) || keep_back(l, &plan)) {
        return;
    }
    perform(l, &plan);
    tend_orphans(l, &plan);
}

/* ---- bundles ---------------------------------------------------------------------------------- */

static bool is_in(const uint64_t *sorted, size_t count, uint64_t number)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (sorted[middle] < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && sorted[low] == number;
}

/* What the model foretells of the subjects and records that a bundle holds. */
static struct told_list foretold_of(struct lives *l, const struct buffer *file)
{
    struct told_list out = {0};
    struct bundle bundle = {0};
    struct record *record = calloc(1, sizeof *record);
    uint64_t *members;
    uint64_t *records;

    ck_assert_int_eq(bundle_decode(l->w.f.hasher, buffer_view(file), &bundle, NULL), BUNDLE_OK);
    members = calloc(bundle.leaf_count, sizeof *members);
    records = calloc(bundle.record_count, sizeof *records);
    ck_assert(record != NULL && members != NULL && records != NULL);
    for (size_t i = 0; i < bundle.leaf_count; i++) {
        struct heads_leaf leaf;

        OK(heads_leaf_decode(bundle.leaves[i].bytes, &leaf, FAULT));
        members[i] = leaf.subject;
    }
    for (size_t i = 0; i < bundle.record_count; i++) {
        OK(record_decode(bundle.records[i].bytes, record, FAULT));
        records[i] = record->index;
    }
    for (size_t i = 0; i < l->foretold_count; i++) {
        const struct told *one = &l->foretold[i];
        bool here = one->subject != NOTHING ? is_in(members, bundle.leaf_count, one->subject) : is_in(records, bundle.record_count, one->record);

        if (here) {
            told_add(&out, one->code, one->record, one->subject);
        }
    }
    told_sort(&out);
    free(record);
    free(members);
    free(records);
    bundle_close(&bundle);
    return out;
}

/* What to ask for: one thing, a few, a case, a container, a person, everything. Gives the count; ascending. */
static size_t pick(struct lives *l, size_t turn, uint64_t asked[8])
{
    size_t count = 0;
    uint64_t next = 0;

    switch (turn) {
    case 0: return 0;
    case 1: case 2: asked[0] = l->w.cases[turn == 1 ? 1 : 0]; return 1;
    case 3: asked[0] = OFFICER; return 1;
    case 4: asked[0] = l->w.place; return 1;
    case 5: asked[0] = 0; return 1;
    default: break;
    }
    for (size_t i = 0; i < (turn % 3 == 0 ? 5 : 1); i++) {
        next += lives_random(l, turn % 3 == 0 ? l->count / 5 : l->count);
        if (next < l->count && (count == 0 || l->all[next].number > asked[count - 1])) {
            asked[count++] = l->all[next].number;
        }
    }
    return count;
}

static void judge_bundles(struct lives *l)
{
    struct told_list *foretold = calloc(PICKED, sizeof *foretold);
    struct python *python;
    const char *dir = l->w.f.root;

    ck_assert_ptr_nonnull(foretold);
    judge_write_policy(l->w.f.ledger, dir);
    for (size_t i = 0; i < PICKED; i++) {
        uint64_t asked[8];
        size_t count = pick(l, i, asked);
        struct buffer file = judge_bundle(l->w.f.ledger, asked, count);
        struct judgement judgement = judge_by_library(l->w.f.ledger, &file);
        char what[64];

        (void)snprintf(what, sizeof what, "bundle %zu, of %zu subjects from %llu on", i, count, count == 0 ? 0ull : (unsigned long long)asked[0]);
        foretold[i] = foretold_of(l, &file);
        ck_assert_int_eq(judgement.status, foretold[i].count > 0 ? 3 : 0);
        told_same(what, "the model", &foretold[i], "verify", &judgement.breaches);
        judgement_free(&judgement);
        judge_write(dir, i, &file);
        buffer_free(&file);
    }
    python = judge_python(dir, READ_BY_PYTHON);
    for (size_t i = 0; i < PICKED; i += 7) {
        ck_assert_int_eq(judge_by_program(dir, i), foretold[i].count > 0 ? 3 : 0);
    }
    for (size_t i = 0; i < READ_BY_PYTHON; i++) {
        struct judgement judgement = judge_python_next(python);

        ck_assert_int_eq(judgement.status, foretold[i].count > 0 ? 3 : 0);
        told_same("the same bundle", "the model", &foretold[i], "the Python reader", &judgement.breaches);
        judgement_free(&judgement);
    }
    judge_python_end(python);
    for (size_t i = 0; i < PICKED; i++) {
        told_free(&foretold[i]);
    }
    free(foretold);
}

static void sound(struct lives *l)
{
    struct fsck_options options = {.threads = 2};
    struct fsck_report report;

    OK(ledger_fsck(l->w.f.ledger, &options, &report, FAULT));
    ck_assert_msg(report.stop.status == 0, "%s", report.stop.text);
}

START_TEST(a_thousand_lives)
{
    struct lives *l = calloc(1, sizeof *l);
    const char *seed = getenv("SEED");
    uint64_t number = seed == NULL ? 20181213 : strtoull(seed, NULL, 10);

    ck_assert_ptr_nonnull(l);
    printf("SEED=%llu\n", (unsigned long long)number);
    l->seed = number * 2 + 1;
    l->foretold_cap = 65536;
    l->all = calloc(LIVES_MAX, sizeof *l->all);
    l->foretold = calloc(l->foretold_cap, sizeof *l->foretold);
    ck_assert(l->all != NULL && l->foretold != NULL);
    walk_open(&l->w, OFFICE_REGISTRAR);
    begin(l);
    for (size_t i = 0; i < SNAPSHOTS; i++) {
        look(l);
    }
    for (size_t step = 0; step < STEPS; step++) {
        live(l, step);
    }
    for (size_t i = 0; i < l->count; i++) {
        model_compare(l, &l->all[i], l->w.txn);
    }
    commit(l);
    fixture_checkpoint(&l->w.f);
    model_end(l, l->w.f.now_s);
    sound(l);
    judge_bundles(l);
    ck_assert_uint_ge(l->count, THINGS);
    printf("%zu things, %zu deviations, %zu breaches\n", l->count, l->deviations, l->foretold_count);
    for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
        printf("%s%s %zu", kind == 0 ? "" : ", ", act_rule(kind)->name, l->acts[kind]);
    }
    printf("\n");
    for (size_t i = 0; i < ORPHANS; i++) {
        if (l->orphans[i].used) {
            signed_free(&l->orphans[i].act);
        }
    }
    walk_close(&l->w);
    free(l->all);
    free(l->foretold);
    free(l);
}
END_TEST

int main(void)
{
    (void)setvbuf(stdout, NULL, _IOLBF, 0); /* the test is a child: nothing is printed twice */
    return run_tests("lives", (const TTest *const[]){a_thousand_lives, NULL});
}
