/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sample_replay: see the header.
 */
#include "tests/support/sample_replay.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct sample_replay *self(void *context)
{
    return context;
}

static bool give_sheet(void *context, uint64_t index, const struct hash *hash, struct view *out)
{
    size_t position = hash->bytes[0];

    (void)index;
    if (position >= self(context)->encoded_count) {
        return false;
    }
    *out = buffer_view(&self(context)->encoded[position]);
    return true;
}

static bool give_act(void *context, uint64_t index, struct act *scratch)
{
    if (index >= SAMPLE_ACTS || self(context)->acts[index] == NULL) {
        return false;
    }
    *scratch = *self(context)->acts[index];
    return true;
}

/* The acts so far in which the subject stands. */
static bool give_thread(void *context, uint64_t subject, uint64_t number, uint64_t *index)
{
    for (uint64_t i = 0; i < SAMPLE_ACTS; i++) {
        const struct act *act = self(context)->acts[i];

        for (size_t j = 0; act != NULL && j < act->entry_count; j++) {
            if (act->entries[j].subject == subject && --number == 0) {
                *index = i;
                return true;
            }
        }
    }
    return false;
}

static enum orphan_answer give_orphan(void *context, uint64_t subject, uint64_t before, const struct hash *act_id, struct act *scratch)
{
    (void)context;
    (void)subject;
    (void)before;
    (void)act_id;
    (void)scratch;
    return ORPHAN_NONE;
}

static void take_report(void *context, const struct finding *finding)
{
    struct sample_replay *s = context;

    assert(s->finding_count < SAMPLE_FINDINGS);
    s->findings[s->finding_count++] = *finding;
}

void sample_replay_open(struct sample_replay *s)
{
    struct fault fault = {0};

    memset(s, 0, sizeof *s);
    s->record = calloc(1, sizeof *s->record);
    s->replay.scratch = calloc(1, sizeof *s->replay.scratch);
    enum status status = hasher_open(&s->hasher, &fault);
    assert(status == STATUS_OK && s->record != NULL && s->replay.scratch != NULL);
    status = world_open(NULL, NULL, &s->world, &fault);
    assert(status == STATUS_OK);
    s->source = (struct rules_source){.context = s, .sheet = give_sheet, .act_at = give_act, .thread = give_thread,
                                      .orphan = give_orphan, .report = take_report};
    s->replay.world = s->world;
    s->replay.hasher = s->hasher;
    s->replay.source = &s->source;
    s->replay.rigour = SIGNATURE_BOTH;
    memcpy(s->replay.code, "KHPP", 5);
    for (uint64_t person = 1; person <= SAMPLE_PERSONS; person++) {
        const struct subject *subject = world_add(s->world, person, TYPE_PERSON);

        assert(subject != NULL);
    }
}

void sample_replay_close(struct sample_replay *s)
{
    for (size_t i = 0; i < SAMPLE_ACTS; i++) {
        free(s->acts[i]);
    }
    for (size_t i = 0; i < s->encoded_count; i++) {
        buffer_free(&s->encoded[i]);
    }
    free(s->record);
    free(s->replay.scratch);
    world_close(s->world);
    hasher_close(s->hasher);
    memset(s, 0, sizeof *s);
}

struct subject *sample_thing(struct sample_replay *s, uint64_t number, enum subject_type type, enum thing_state state,
                             uint64_t holder)
{
    struct subject *subject = world_add(s->world, number, type);

    assert(subject != NULL);
    if (subject->thing != NULL) {
        subject->thing->state = state;
        subject->thing->holder = holder;
        subject->thing->pieces = state == THING_UNUSED ? 0 : 10;
    }
    return subject;
}

struct act *sample_begin(struct sample_replay *s, enum kind kind, uint64_t person, uint64_t capacity)
{
    assert(s->index + 1 < SAMPLE_ACTS);
    s->index++;
    s->act = calloc(1, sizeof *s->act);
    assert(s->act != NULL);
    s->acts[s->index] = s->act;
    s->act->kind = kind;
    s->act->present = BIT(PAY_LEDGER) | BIT(PAY_KIND) | BIT(PAY_NONCE) | BIT(PAY_CLAIMED) | BIT(PAY_SEEN) | BIT(PAY_SIGNERS) |
                      BIT(PAY_ENTRIES);
    s->act->claimed_s = SAMPLE_TIME;
    s->act->seen_size = s->index;
    /* The act-id is the hash of the payload: any bytes of its own will do. */
    s->act->nonce[0] = (uint8_t)s->index;
    s->act->payload = view_of(s->act->nonce, NONCE_BYTES);
    s->record->logged_s = SAMPLE_TIME;
    s->record->index = s->index;
    sample_signer(s, person, capacity);
    return s->act;
}

void sample_signer(struct sample_replay *s, uint64_t person, uint64_t capacity)
{
    assert(s->act->signer_count < ACT_SIGNERS_MAX);
    s->act->signers[s->act->signer_count++] = (struct signer){.person = person, .appointment = 1, .capacity = capacity};
}

struct entry *sample_entry(struct sample_replay *s, uint64_t subject, enum role role)
{
    struct entry *entry = &s->act->entries[s->act->entry_count++];

    entry->subject = subject;
    entry->role = role;
    return entry;
}

void sample_state(struct entry *entry, unsigned fact, uint64_t number)
{
    struct facts *facts = &entry->facts;
    uint64_t *const members[FACT_COUNT] = {
        [FACT_CASE] = &facts->of_case, [FACT_PIECES] = &facts->pieces, [FACT_GROSS] = &facts->gross_mg,
        [FACT_TARE] = &facts->tare_mg, [FACT_NET] = &facts->net_mg, [FACT_OUTCOME] = &facts->outcome,
        [FACT_PRINT] = &facts->print, [FACT_OFFICE] = &facts->office, [FACT_DOUBTED] = &facts->doubted};

    assert(fact < FACT_COUNT && members[fact] != NULL);
    *members[fact] = number;
    facts->present |= BIT(fact);
}

static struct buffer *next_buffer(struct sample_replay *s)
{
    assert(s->encoded_count < SAMPLE_SHEETS);
    return &s->encoded[s->encoded_count++];
}

void sample_seals(struct sample_replay *s, struct entry *entry, unsigned fact, const char *const *numbers)
{
    struct buffer *out = next_buffer(s);
    struct seals seals = {0};

    for (size_t i = 0; numbers[i] != NULL; i++) {
        seals.numbers[seals.count++] = view_text(numbers[i]);
    }
    bool distinct = seals_encode(&seals, out);
    assert(distinct && !out->failed);
    struct view *member = fact == FACT_FOUND ? &entry->facts.found : fact == FACT_REMOVED ? &entry->facts.removed
                                                                                         : &entry->facts.put_on;
    *member = buffer_view(out);
    entry->facts.present |= BIT(fact);
}

void sample_details(struct sample_replay *s, struct entry *entry, const unsigned *names, size_t count)
{
    struct sheet_line lines[8];

    assert(count <= sizeof lines / sizeof lines[0] && !entry->has_sheet);
    for (size_t i = 0; i < count; i++) {
        bool again = i > 0 && names[i] == names[i - 1];
        lines[i] = (struct sheet_line){.name = names[i], .ordinal = again ? lines[i - 1].ordinal + 1 : 0};
    }
    entry->has_sheet = true;
    entry->sheet = (struct hash){.bytes = {(uint8_t)s->encoded_count}};
    sheet_encode(lines, count, next_buffer(s));
}

void sample_replay(struct sample_replay *s)
{
    s->finding_count = 0;
    s->stop = (struct stop){.status = 0};
    rules_replay(&s->replay, s->record, s->act, &s->stop);
    for (size_t i = 0; i < s->act->entry_count; i++) {
        struct subject *subject = world_find(s->world, s->act->entries[i].subject);

        if (subject != NULL) {
            subject->count++;
            subject->last = s->index;
        }
    }
}

void sample_end(struct sample_replay *s, const struct subject *subject, uint64_t now_s)
{
    s->finding_count = 0;
    rules_end(&s->replay, subject, now_s);
}

const char *sample_said(const struct sample_replay *s)
{
    static char text[2048];
    size_t len = 0;

    text[0] = '\0';
    for (size_t i = 0; i < s->finding_count && len < sizeof text; i++) {
        const struct finding *finding = &s->findings[i];
        char number[24] = "-";

        if (finding->subject != NOTHING) {
            (void)snprintf(number, sizeof number, "%llu", (unsigned long long)finding->subject);
        }
        int n = snprintf(text + len, sizeof text - len, "%s%s%s %s%s", len > 0 ? ", " : "", finding->breach ? "" : "(",
                         finding->code, number, finding->breach ? "" : ")");
        len += n > 0 ? (size_t)n : 0;
    }
    return text;
}
