/* SPDX-License-Identifier: Apache-2.0 */
/*
 * walk_things: a group of things brought into one state by acts that break no rule. One act serves all things of a group wherever an act may.
 */
#include "tests/ledger/fixture.c"

#include "tests/walk/walk.h"

enum { PIECES = 10, NET_MG = 500000 };

/* Consecutive things of one type. */
struct range {
    uint64_t first;
    size_t count;
    enum subject_type type;
};

bool group_is_box(enum walk_state state)
{
    return state == STATE_UNUSED_BOX || state == STATE_BOX || state == STATE_BOX_SEALED;
}

bool group_is_sealed(enum walk_state state)
{
    return state == STATE_SEALED || state == STATE_BOX_SEALED;
}

static bool is_packed(enum walk_state state)
{
    return state == STATE_PACKED || state == STATE_PACKED_BY_OTHER;
}

static void sign_as(struct making *making, struct who who)
{
    making_signer(making, who.person, 1, who.office);
}

/* An act on all things of a range: the entries are there, the signers not yet. */
static struct making making_all(struct walk *w, enum kind kind, const struct range *range)
{
    struct making making = making_open(&w->f, kind);

    for (size_t i = 0; i < range->count; i++) {
        struct entry *entry = composer_entry(making.composer, range->first + i, ROLE_SUBJECT);

        if (range->type == TYPE_ITEM && (kind == KIND_REGISTER || kind == KIND_RELEASE || kind == KIND_HANDOUT)) {
            entry->facts.present |= BIT(FACT_PIECES);
            entry->facts.pieces = PIECES;
        }
    }
    return making;
}

static void state_code(struct making *making, uint64_t code)
{
    making->act->present |= BIT(PAY_CODE);
    making->act->code = code;
}

static uint64_t do_register(struct walk *w, const struct range *range)
{
    struct making making = making_all(w, KIND_REGISTER, range);

    for (size_t i = 0; i < making.act->entry_count; i++) {
        struct facts *facts = &making.act->entries[i].facts;

        facts->present |= BIT(FACT_CASE) | (range->type == TYPE_ITEM ? BIT(FACT_NET) : 0);
        facts->of_case = w->cases[0];
        facts->net_mg = NET_MG;
    }
    (void)composer_entry(making.composer, w->cases[0], ROLE_CASE);
    sign_as(&making, (struct who){OFFICER, OFFICE_OFFICER});
    return walk_append(w, making_sign(&w->f, &making));
}

static struct hash do_release(struct walk *w, const struct range *range, struct who by, struct party to)
{
    struct making making = making_all(w, KIND_RELEASE, range);
    struct signed_act act;
    struct hash id;

    state_code(&making, 1);
    making.act->present |= BIT(PAY_TO);
    making.act->to = to;
    sign_as(&making, by);
    act = making_sign(&w->f, &making);
    act_id(w->f.hasher, buffer_view(&act.draft.payload), &id);
    (void)walk_append(w, act);
    return id;
}

/* From OFFICER, who registered them, into the hands of that person. */
static struct hash hand_to(struct walk *w, const struct range *range, struct who to)
{
    struct hash id = do_release(w, range, (struct who){OFFICER, OFFICE_OFFICER}, (struct party){.has_person = true, .person = to.person});
    struct making making = making_all(w, KIND_ACCEPT, range);

    state_code(&making, 1);
    making.act->present |= BIT(PAY_ANSWERS);
    making.act->answers = id;
    sign_as(&making, to);
    (void)walk_append(w, making_sign(&w->f, &making));
    return id;
}

static void do_two(struct walk *w, enum kind kind, const struct range *range, struct who by, struct who and)
{
    struct making making = making_all(w, kind, range);

    if (kind != KIND_SEAL) {
        state_code(&making, 1);
    }
    for (size_t i = 0; i < range->count && kind == KIND_SEAL; i++) {
        making.act->entries[i].facts.present |= BIT(FACT_PUT_ON);
        making.act->entries[i].facts.put_on = buffer_view(&w->seals);
    }
    if (kind == KIND_HANDOUT) {
        composer_text(making.composer, NOTHING, NAME_COUNTERPARTY, "a clerk of the court");
        composer_file(making.composer, NOTHING, NAME_RECEIPT, view_text("received"), "text/plain");
    }
    sign_as(&making, by);
    sign_as(&making, and);
    (void)walk_append(w, making_sign(&w->f, &making));
}

static void pack_each(struct walk *w, uint64_t thing, uint64_t box, size_t count, struct who by)
{
    for (size_t i = 0; i < count; i++) {
        struct making making = making_open(&w->f, KIND_PACK);

        (void)composer_entry(making.composer, thing + i, ROLE_SUBJECT);
        (void)composer_entry(making.composer, box + i, ROLE_CONTAINER);
        sign_as(&making, by);
        (void)walk_append(w, making_sign(&w->f, &making));
    }
}

/* ---- a group ---------------------------------------------------------------------------------- */

static void allot_group(struct walk *w, struct group *group, const struct range *ranges, size_t count)
{
    struct making making = making_open(&w->f, KIND_ALLOT);

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < ranges[i].count; j++) {
            struct entry *entry = composer_entry(making.composer, ranges[i].first + j, ROLE_SUBJECT);

            ck_assert_ptr_nonnull(entry);
            entry->facts.present |= BIT(FACT_TYPE);
            entry->facts.type = ranges[i].type;
        }
    }
    sign_as(&making, (struct who){CUSTODIAN, OFFICE_CUSTODIAN});
    group->amended = walk_append(w, making_sign(&w->f, &making));
}

/* The numbers of a group's things: things, inner, unused, items, boxes. */
static void lay_out(struct walk *w, struct group *group, struct range ranges[5])
{
    enum subject_type type = group_is_box(group->state) ? TYPE_CONTAINER : TYPE_ITEM;
    bool inner = is_packed(group->state) || group->state == STATE_BOX || group->state == STATE_BOX_SEALED;
    size_t trials;
    size_t needs[AUX_COUNT] = {0};
    uint64_t next = ledger_subjects(w->txn);

    (void)walk_trials(&trials);
    group->count = trials * SET_COUNT;
    for (size_t i = 0; i < group->count; i++) {
        needs[walk_trial_of(i, NULL)->aux]++;
    }
    ranges[0] = (struct range){next, group->count, type};
    ranges[1] = (struct range){ranges[0].first + ranges[0].count, inner ? group->count : 0, type == TYPE_ITEM ? TYPE_CONTAINER : TYPE_ITEM};
    for (unsigned aux = AUX_UNUSED; aux < AUX_COUNT; aux++) {
        ranges[1 + aux] = (struct range){ranges[aux].first + ranges[aux].count, needs[aux], aux == AUX_BOX ? TYPE_CONTAINER : TYPE_ITEM};
        group->aux[aux] = ranges[1 + aux].first;
    }
    group->first = ranges[0].first;
    group->inner = inner ? ranges[1].first : 0;
}

/* From registered by OFFICER to the state of the group. */
static void bring(struct walk *w, struct group *group, const struct range *things, const struct range *inner)
{
    struct who first = walk_first(w);
    struct who custodian = {CUSTODIAN, OFFICE_CUSTODIAN};
    struct who officer = {OFFICER, OFFICE_OFFICER};
    bool other = group->state == STATE_HELD_BY_OTHER || group->state == STATE_OUT_BY_OTHER || group->state == STATE_PACKED_BY_OTHER;
    struct who holder = other ? custodian : first;

    switch (group->state) {
    case STATE_TO_SIGNER: case STATE_TO_OTHER:
        group->released = do_release(w, things, officer, (struct party){.has_person = true,
                                     .person = group->state == STATE_TO_OTHER ? CUSTODIAN : first.person});
        return;
    case STATE_TO_OFFICE:
        group->released = do_release(w, things, officer, (struct party){.has_office = true, .office = w->office});
        return;
    case STATE_TO_PLACE:
        group->released = do_release(w, things, officer, (struct party){.has_place = true, .place = w->place});
        return;
    default:
        group->released = hand_to(w, things, holder);
        group->amended = w->last;
        if (inner->count > 0) {
            (void)hand_to(w, inner, holder);
        }
    }
    if (is_packed(group->state)) {
        pack_each(w, things->first, inner->first, things->count, holder);
    } else if (inner->count > 0) {
        pack_each(w, inner->first, things->first, things->count, holder);
    }
    if (group->state == STATE_FROM_SIGNER) {
        group->released = do_release(w, things, first, (struct party){.has_office = true, .office = w->office});
    } else if (group->state == STATE_OUT || group->state == STATE_OUT_BY_OTHER) {
        do_two(w, KIND_HANDOUT, things, holder, walk_witness(w));
    } else if (group->state == STATE_CLOSED) {
        do_two(w, KIND_CONSUME, things, first, walk_witness(w));
    } else if (group_is_sealed(group->state)) {
        do_two(w, KIND_SEAL, things, first, walk_witness(w));
    }
}

/* What a trial of lodging or adopting needs: an act of the first person that was signed and not logged; kept already, where it is adopted. */
static void make_orphans(struct walk *w, struct group *group)
{
    group->orphans = calloc(group->count, sizeof *group->orphans);
    ck_assert_ptr_nonnull(group->orphans);
    for (size_t i = 0; i < group->count; i++) {
        enum kind kind = walk_trial_of(i, NULL)->kind;
        struct value value = {.type = VALUE_BYTES};
        struct range one = {group->first + i, 1, TYPE_CONTAINER};
        struct making making;

        if (kind != KIND_LODGE && kind != KIND_ADOPT) {
            continue;
        }
        making = making_all(w, KIND_WEIGH, &one);
        making.act->entries[0].facts.present |= BIT(FACT_NET);
        making.act->entries[0].facts.net_mg = NET_MG;
        sign_as(&making, walk_first(w));
        group->orphans[i] = making_sign(&w->f, &making);
        if (kind == KIND_LODGE) {
            continue;
        }
        making = making_all(w, KIND_LODGE, &one);
        making.act->present |= BIT(PAY_ANSWERS) | BIT(PAY_FROM);
        act_id(w->f.hasher, buffer_view(&group->orphans[i].draft.payload), &making.act->answers);
        making.act->from = (struct party){.has_person = true, .person = walk_first(w).person};
        value.text = group->orphans[i].submission.act;
        composer_detail(making.composer, NOTHING, NAME_ORPHAN, &value);
        sign_as(&making, (struct who){CUSTODIAN, OFFICE_CUSTODIAN});
        (void)walk_append(w, making_sign(&w->f, &making));
    }
}

void group_open(struct walk *w, enum walk_state state, struct group *out)
{
    struct range ranges[5];
    struct view record;

    *out = (struct group){.state = state};
    OK(ledger_begin(w->f.ledger, true, &w->txn, FAULT));
    lay_out(w, out, ranges);
    allot_group(w, out, ranges, 5);
    make_orphans(w, out); /* now: what is packed cannot be lodged for */
    for (size_t i = 3; i < 5; i++) {
        (void)do_register(w, &ranges[i]);
        (void)hand_to(w, &ranges[i], walk_first(w));
    }
    if (state == STATE_VOID) {
        do_two(w, KIND_VOID, &ranges[0], (struct who){CUSTODIAN, OFFICE_CUSTODIAN}, walk_witness(w));
    } else if (state != STATE_UNUSED && state != STATE_UNUSED_BOX) {
        out->amended = do_register(w, &ranges[0]);
        if (ranges[1].count > 0) {
            (void)do_register(w, &ranges[1]);
        }
        bring(w, out, &ranges[0], &ranges[1]);
    }
    OK(ledger_record(w->txn, out->amended, &record, FAULT));
    hash_leaf(w->f.hasher, record, &out->amended_hash);
    OK(ledger_commit(w->txn, FAULT));
    w->txn = NULL;
}

void group_close(struct group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        if (group->orphans[i].parts != NULL || group->orphans[i].act.ptr != NULL) {
            signed_free(&group->orphans[i]);
        }
    }
    free(group->orphans);
}
