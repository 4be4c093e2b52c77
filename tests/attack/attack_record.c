/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attack_record: records removed, moved, repeated, brought from elsewhere or kept back, and heads that say so.
 */
#include "tests/attack/attack.h"

/* The last handover of the item never was: release and acceptance go, and the threads are numbered anew. */
static void remove_handover(struct forge *forge, const struct request *request)
{
    size_t accept = forge_find(forge, request->item, KIND_ACCEPT, forge->count);
    size_t release = accept == SIZE_MAX ? SIZE_MAX : forge_find(forge, request->item, KIND_RELEASE, accept);
    if (release == SIZE_MAX) {
        forge_die("subject %llu was never handed over", (unsigned long long)request->item);
    }
    forge_remove(forge, accept);
    forge_remove(forge, release);
}

static void remove_record(struct forge *forge, const struct request *request)
{
    forge_remove(forge, attack_record(forge, request));
}

/* The record changes places with the one after it. */
static void reorder(struct forge *forge, const struct request *request)
{
    size_t at = attack_record(forge, request);
    if (at + 1 >= forge->count || forge->records[at + 1].type != RECORD_ACT) {
        forge_die("no act follows record %zu", at);
    }
    struct forged moved = forge->records[at];
    forge->records[at] = forge->records[at + 1];
    forge->records[at + 1] = moved;
}

/* The station's own word, which nobody signed: the time at which it logged the record. */
static void back_date(struct forge *forge, const struct request *request)
{
    forge->records[attack_record(forge, request)].logged_s -= 60;
}

/* The same act once more, at the end. */
static void replay_within(struct forge *forge, const struct request *request)
{
    size_t from = attack_record(forge, request);
    struct forged original = forge->records[from];
    (void)forge_append(forge, buffer_view(&original.act), &original);
}

/* The last acceptance of another ledger in the place of the last acceptance of this item; gives its place. */
static size_t put_foreign(struct forge *forge, const struct request *request)
{
    struct forge other;
    if (request->from == NULL) {
        forge_die("--from DIR names the other ledger");
    }
    forge_load(&other, request->from);
    size_t from = SIZE_MAX;
    for (size_t i = 0; i < other.count; i++) {
        from = other.records[i].type == RECORD_ACT && forge_act(&other, i)->kind == KIND_ACCEPT ? i : from;
    }
    size_t at = forge_find(forge, request->item, KIND_ACCEPT, forge->count);
    if (from == SIZE_MAX || at == SIZE_MAX) {
        forge_die("there is no acceptance to replay, or none to replace");
    }
    /* The signed act is put in as it is; only what is not signed, the record around it, can be made to fit. */
    forge_set_act(forge, at, buffer_view(&other.records[from].act));
    forge_close(&other);
    return at;
}

static void replay_acceptance(struct forge *forge, const struct request *request)
{
    (void)put_foreign(forge, request);
}

/* The same, and the act is made to name this ledger. */
static void rename_acceptance(struct forge *forge, const struct request *request)
{
    size_t at = put_foreign(forge, request);
    forge_chain(forge);
    forge_act(forge, at)->ledger = forge->ledger;
    forge_put_act(forge, at);
}

/* The last record of the item's thread is kept back. */
static void withhold_tail(struct forge *forge, const struct request *request)
{
    size_t last = forge_find(forge, request->item, KIND_COUNT, forge->count);
    forge->records[last].omitted = true;
}

static void withhold(struct forge *forge, const struct request *request)
{
    forge->records[attack_record(forge, request)].omitted = true;
}

/* The same, and the heads lie: they know nothing of it. */
static void hide(struct forge *forge, const struct request *request)
{
    struct forged *record = &forge->records[attack_record(forge, request)];
    record->omitted = true;
    record->hidden = true;
}

static size_t heads_after(const struct forge *forge, size_t record)
{
    while (record < forge->count && forge->records[record].type != RECORD_HEADS) {
        record++;
    }
    return record;
}

/* One thread's last record is not in the heads; a bundle of another thing that it touched shows it all the same. */
static void lie(struct forge *forge, const struct request *request, size_t from, size_t until)
{
    size_t record = attack_record(forge, request);
    forge->lie.on = true;
    forge->lie.subject = request->item;
    forge->lie.record = record;
    forge->lie.from = from;
    forge->lie.until = until;
    forge->records[record].omitted = until + 1 == forge->count && (request->about == request->item || request->about == UINT64_MAX);
}

static void lie_last(struct forge *forge, const struct request *request)
{
    lie(forge, request, forge->count - 1, forge->count - 1);
}

/* The first heads record that should know of it does not, the later ones do. */
static void lie_once(struct forge *forge, const struct request *request)
{
    size_t heads = heads_after(forge, attack_record(forge, request));
    lie(forge, request, heads, heads);
}

/* The same, as of that heads record. */
static void lie_once_cut(struct forge *forge, const struct request *request)
{
    size_t heads = heads_after(forge, attack_record(forge, request));
    while (forge->count > heads + 1) {
        forge_remove(forge, forge->count - 1);
    }
    lie_once(forge, request);
}

/* The heads count one subject more than was ever opened; the bundle is about that one. */
static void invent_subject(struct forge *forge, const struct request *request)
{
    (void)request;
    forge->invented = 1;
}

static void change_nothing(struct forge *forge, const struct request *request)
{
    (void)forge;
    (void)request;
}

const struct attack attack_records[] = {
    { "none", change_nothing },      { "handover", remove_handover }, { "remove", remove_record },
    { "reorder", reorder },          { "logged", back_date },         { "again", replay_within },
    { "replay", replay_acceptance }, { "renamed", rename_acceptance }, { "tail", withhold_tail },
    { "withhold", withhold },        { "hidden", hide },              { "invented", invent_subject },
    { "lie", lie_last },             { "lie-once", lie_once },        { "lie-once-cut", lie_once_cut },
    { NULL, NULL },
};
