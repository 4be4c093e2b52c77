/* SPDX-License-Identifier: Apache-2.0 */
/*
 * life: a ledger in which anything happens to anything, rules kept or not (every act says that it deviates): register, pack, unpack,
 * release, accept, refuse, hand out, take back, split, sample, seal, open, dispose, births and deaths, late acts lodged and adopted.
 * Included as text behind fixture.c.
 */
enum { LIFE_CASE = 6, LIFE_PLACE = 7, LIFE_FIRST = 8, LIFE_ITEMS = 12, LIFE_CONTAINERS = 5, LIFE_END = LIFE_FIRST + LIFE_ITEMS + LIFE_CONTAINERS };

struct life {
    struct fixture *f;
    unsigned seed;
    size_t recorded[KIND_COUNT]; /* how many of each kind */
};

static unsigned life_chance(struct life *life, unsigned n)
{
    return (unsigned)rand_r(&life->seed) % n;
}

static uint64_t life_item(struct life *life)
{
    return LIFE_FIRST + life_chance(life, LIFE_ITEMS);
}

static uint64_t life_container(struct life *life)
{
    return LIFE_FIRST + LIFE_ITEMS + life_chance(life, LIFE_CONTAINERS);
}

static uint64_t life_thing(struct life *life)
{
    return life_chance(life, 3) == 0 ? life_container(life) : life_item(life);
}

static struct making life_act(struct life *life, enum kind kind)
{
    struct making making = making_open(life->f, kind);
    bool officer = life_chance(life, 2) == 0;

    making.act->present |= BIT(PAY_DEVIATION);
    composer_text(making.composer, NOTHING, NAME_REASON, "so it was");
    making_signer(&making, officer ? OFFICER : CUSTODIAN, 1, officer ? OFFICE_OFFICER : OFFICE_CUSTODIAN);
    return making;
}

/* Some acts contradict the ledger all the same; they are dropped. */
static void life_record(struct life *life, struct making *making)
{
    enum kind kind = making->act->kind;
    struct signed_act act = making_sign(life->f, making);
    struct ledger_txn *txn = NULL;
    struct fault fault;

    if (fixture_try(life->f, &act, life->f->now_s + 60 + life_chance(life, 3600), &fault) == STATUS_OK) {
        life->recorded[kind]++;
    }
    OK(ledger_begin(life->f->ledger, false, &txn, FAULT));
    fixture_see(life->f, txn);
    ledger_abort(txn);
    signed_free(&act);
}

/* The act-id of the release that is open on a thing; false: none is. */
static bool life_open(struct life *life, uint64_t thing, struct hash *id)
{
    struct ledger_txn *txn = NULL;
    const struct subject *subject;
    bool found;

    OK(ledger_begin(life->f->ledger, false, &txn, FAULT));
    subject = ledger_subject(txn, thing, NULL);
    found = subject->thing->open != NULL;
    if (found) {
        *id = subject->thing->open->act;
    }
    ledger_abort(txn);
    return found;
}

static void life_facts(struct life *life, struct entry *entry, unsigned fact, struct buffer *out)
{
    static const char *const numbers[] = {"S-1", "S-2", "S-3"};
    struct seals seals = {.count = 1};

    seals.numbers[0] = view_text(numbers[life_chance(life, 3)]);
    ck_assert(seals_encode(&seals, out));
    entry->facts.present |= BIT(fact);
    *(fact == FACT_FOUND ? &entry->facts.found : fact == FACT_REMOVED ? &entry->facts.removed : &entry->facts.put_on) = buffer_view(out);
}

static void life_pieces(struct life *life, struct entry *entry)
{
    entry->facts.present |= BIT(FACT_PIECES);
    entry->facts.pieces = 1 + life_chance(life, 3);
}

/* Acts of one thing or two, with what these kinds need to be well-formed. */
static void life_simple(struct life *life, enum kind kind)
{
    struct making making = life_act(life, kind);
    uint64_t first = life_thing(life);
    uint64_t second = life_thing(life);
    struct buffer found = {0};
    struct entry *entry = composer_entry(making.composer, first, ROLE_SUBJECT);

    if (kind == KIND_SEAL || kind == KIND_UNSEAL) {
        life_facts(life, entry, kind == KIND_SEAL ? FACT_PUT_ON : FACT_REMOVED, &found);
    } else if (kind == KIND_ANIMAL) {
        making.act->present |= BIT(PAY_CODE);
        making.act->code = 2 + life_chance(life, 3);
        life_pieces(life, entry);
        if (making.act->code == 3 && second != first) {
            life_pieces(life, composer_entry(making.composer, second, ROLE_CHILD));
        }
    } else if (second != first) {
        (void)composer_entry(making.composer, second, ROLE_SUBJECT);
    }
    if (kind == KIND_RELEASE && life_chance(life, 2) == 0) {
        making.act->present |= BIT(PAY_TO);
        making.act->to = (struct party){.has_person = true, .person = CUSTODIAN, .has_place = true, .place = LIFE_PLACE};
    }
    if (kind == KIND_SHELVE || (kind == KIND_TAKEBACK && life_chance(life, 2) == 0)) {
        making.act->present |= BIT(PAY_PLACE);
        making.act->place = LIFE_PLACE;
    }
    life_record(life, &making);
    buffer_free(&found);
}

static void life_register(struct life *life)
{
    struct making making = life_act(life, KIND_REGISTER);
    struct entry *entry = composer_entry(making.composer, life_thing(life), ROLE_SUBJECT);

    (void)composer_entry(making.composer, LIFE_CASE, ROLE_CASE);
    entry->facts.present |= BIT(FACT_CASE);
    entry->facts.of_case = LIFE_CASE;
    life_pieces(life, entry);
    life_record(life, &making);
}

static void life_pack(struct life *life, enum kind kind)
{
    struct making making = life_act(life, kind);
    uint64_t container = life_container(life);
    uint64_t thing = life_thing(life);

    (void)composer_entry(making.composer, container, ROLE_CONTAINER);
    (void)composer_entry(making.composer, thing == container ? LIFE_FIRST : thing, ROLE_SUBJECT);
    life_record(life, &making);
}

static void life_answer(struct life *life, enum kind kind)
{
    struct making making = life_act(life, kind);
    uint64_t thing = life_thing(life);

    making.act->present |= BIT(PAY_ANSWERS) | BIT(PAY_CODE);
    making.act->code = 1;
    for (unsigned i = 0; i < 8 && !life_open(life, thing, &making.act->answers); i++) {
        thing = life_thing(life);
    }
    (void)composer_entry(making.composer, thing, ROLE_SUBJECT);
    life_record(life, &making);
}

static void life_split(struct life *life, enum kind kind)
{
    struct making making = life_act(life, kind);
    uint64_t parent = life_item(life);
    uint64_t child = life_item(life);

    life_pieces(life, composer_entry(making.composer, parent, ROLE_PARENT));
    life_pieces(life, composer_entry(making.composer, child == parent ? (uint64_t)LIFE_END - 1 : child, ROLE_CHILD));
    life_record(life, &making);
}

/* A late act of the officer, kept and adopted; sometimes for another thing than it was kept for. */
static void life_orphan(struct life *life)
{
    static const enum kind kinds[] = {KIND_RELEASE, KIND_SHELVE, KIND_HANDOUT, KIND_TAKEBACK};
    uint64_t thing = life_thing(life);
    struct making making = making_open(life->f, kinds[life_chance(life, 4)]);
    struct value value = {.type = VALUE_BYTES};
    struct signed_act orphan;
    struct hash id;

    (void)composer_entry(making.composer, thing, ROLE_SUBJECT);
    making_signer(&making, OFFICER, 1, OFFICE_OFFICER);
    orphan = making_sign(life->f, &making);
    act_id(life->f->hasher, buffer_view(&orphan.draft.payload), &id);
    making = life_act(life, KIND_LODGE);
    making.act->present |= BIT(PAY_ANSWERS) | BIT(PAY_FROM);
    making.act->answers = id;
    making.act->from.has_person = true;
    making.act->from.person = OFFICER;
    (void)composer_entry(making.composer, thing, ROLE_SUBJECT);
    value.text = orphan.submission.act;
    composer_detail(making.composer, NOTHING, NAME_ORPHAN, &value);
    life_record(life, &making);
    making = life_act(life, KIND_ADOPT);
    making.act->present |= BIT(PAY_ANSWERS);
    making.act->answers = id;
    (void)composer_entry(making.composer, life_chance(life, 5) == 0 ? life_thing(life) : thing, ROLE_SUBJECT);
    life_record(life, &making);
    signed_free(&orphan);
}

static void life_step(struct life *life)
{
    switch (life_chance(life, 24)) {
    case 0: case 1: case 2: case 3: life_register(life); break;
    case 4: case 5: case 6: case 7: life_pack(life, KIND_PACK); break;
    case 8: case 9: life_pack(life, KIND_UNPACK); break;
    case 10: case 11: case 12: life_simple(life, KIND_RELEASE); break;
    case 13: case 14: life_answer(life, KIND_ACCEPT); break;
    case 15: life_answer(life, life_chance(life, 2) == 0 ? KIND_REFUSE : KIND_WITHDRAW); break;
    case 16: life_simple(life, KIND_HANDOUT); break;
    case 17: life_simple(life, KIND_TAKEBACK); break;
    case 18: life_split(life, life_chance(life, 2) == 0 ? KIND_SPLIT : KIND_SAMPLE); break;
    case 19: life_simple(life, life_chance(life, 2) == 0 ? KIND_SEAL : KIND_UNSEAL); break;
    case 20: life_simple(life, KIND_SHELVE); break;
    case 21: life_simple(life, KIND_ANIMAL); break;
    case 22: life_orphan(life); break;
    default: life_simple(life, life_chance(life, 8) == 0 ? KIND_DISPOSE : KIND_NOTE); break;
    }
}

static void life_open_subject(struct life *life, enum kind kind, uint64_t subject, unsigned type)
{
    struct making making = making_open(life->f, kind);
    struct entry *entry = composer_entry(making.composer, subject, ROLE_SUBJECT);
    struct signed_act act;

    entry->facts.present |= BIT(FACT_TYPE);
    entry->facts.type = type;
    composer_text(making.composer, subject, kind == KIND_PLACE ? NAME_PLACE : NAME_DOCKET, "12/2016");
    if (kind == KIND_OPEN_CASE) {
        composer_text(making.composer, subject, NAME_LAW, "Forestry Law");
    }
    making_signer(&making, kind == KIND_PLACE ? CUSTODIAN : OFFICER, 1, kind == KIND_PLACE ? OFFICE_CUSTODIAN : OFFICE_OFFICER);
    act = making_sign(life->f, &making);
    (void)fixture_append(life->f, &act);
}

/* On a ledger that fixture_make made: a case, a place, numbers, and so many acts. The next seed is another life. */
static void life_make(struct life *life, struct fixture *f, unsigned seed, size_t acts)
{
    struct making making;
    struct signed_act act;

    *life = (struct life){.f = f, .seed = seed};
    life_open_subject(life, KIND_OPEN_CASE, LIFE_CASE, TYPE_CASE);
    life_open_subject(life, KIND_PLACE, LIFE_PLACE, TYPE_PLACE);
    making = making_open(f, KIND_ALLOT);
    for (uint64_t i = LIFE_FIRST; i < LIFE_END; i++) {
        struct entry *entry = composer_entry(making.composer, i, ROLE_SUBJECT);

        entry->facts.present |= BIT(FACT_TYPE);
        entry->facts.type = i < LIFE_FIRST + LIFE_ITEMS ? TYPE_ITEM : TYPE_CONTAINER;
    }
    making_signer(&making, OFFICER, 1, OFFICE_OFFICER);
    act = making_sign(f, &making);
    (void)fixture_append(f, &act);
    for (size_t i = 0; i < acts; i++) {
        life_step(life);
    }
    fixture_checkpoint(f);
}
