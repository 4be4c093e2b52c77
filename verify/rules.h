/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules: replaying one act over the state: first whether its signers may sign at all (authority.c: SPEC 6, V9), then the
 * rules of custody (rules.c: SPEC 7, V12). The recorder asks before it appends, the verifier and fsck afterwards: one code.
 */
#ifndef UNBROKEN_VERIFY_RULES_H
#define UNBROKEN_VERIFY_RULES_H

#include "verify/detail.h"
#include "verify/state.h"

enum { FINDING_TEXT_BYTES = 320 };

/* A fact for the court to weigh, or a breach of custody (status 3). */
struct finding {
    const char *code;   /* SPEC 7.3: "pieces", "seal-differs" ...; for findings "drift", "unseen" ... */
    bool breach;
    uint64_t record;    /* index, or NOTHING */
    uint64_t subject;   /* or NOTHING */
    char text[FINDING_TEXT_BYTES]; /* one sentence in plain words, escaped */
};

enum orphan_answer { ORPHAN_FOUND, ORPHAN_NONE, ORPHAN_WITHHELD };

/* What is asked of earlier acts again and again. */
struct act_brief {
    unsigned kind;
    size_t signer_count;
    uint64_t persons[ACT_SIGNERS_MAX];
    bool has_answers;
    struct hash id, answers;
};

/* How a replay reaches what it cannot hold in memory. All may be asked of any record before the current one. */
struct rules_source {
    void *context;
    /* The sheet with that hash, which belongs to record `index`; false when it is not there. */
    bool (*sheet)(void *context, uint64_t index, const struct hash *hash, struct view *out);
    /* Decodes the act of record `index` into scratch; false when it is not there or no act. */
    bool (*act_at)(void *context, uint64_t index, struct act *scratch);
    /* Index of record `number` in that subject's thread; false when it is not there. */
    bool (*thread)(void *context, uint64_t subject, uint64_t number, uint64_t *index);
    /*
     * Decodes the orphan act that a lodge in that subject's thread, before record `before`, kept under that act-id, its first signer being
     * the person whom the lodge names; of several lodges any that serves. ORPHAN_NONE: no such lodge, or its (first) detail is no such act.
     */
    enum orphan_answer (*orphan)(void *context, uint64_t subject, uint64_t before, const struct hash *act_id, struct act *scratch);
    void (*report)(void *context, const struct finding *finding);
    /*
     * Optional, for who keeps these at hand; NULL: act_at and sheet are asked instead. What they give is borrowed.
     * brief: of the act of record `index`; NULL when it is not there or no act. names: of the lines of a sheet, ascending.
     */
    const struct act_brief *(*brief)(void *context, uint64_t index);
    bool (*names)(void *context, uint64_t index, const struct hash *hash, const uint64_t **names, size_t *count);
};

/* What one check of an act needs. scratch is for source's answers. */
struct replay {
    struct world *world;
    struct hasher *hasher;
    const struct rules_source *source;
    struct act *scratch;
    enum signature_rigour rigour;
    /*
     * Is the person's leaf there (V9.7)? It may be and the person not yet enrolled. Gets source's context. NULL: who is known to
     * the world or gets his key in this act is there.
     */
    bool (*has_leaf)(void *context, uint64_t person);
    bool unknown_kind;   /* set when an act of unknown kind went by: custody cannot be judged */
    char code[9]; /* the ledger's CODE, for names in sentences */
};

/* A contradiction (status 1): SPEC 9's code and place, and a sentence. */
struct stop {
    int status;        /* 0: none; else 1 or 2 */
    const char *code;
    uint64_t record;   /* or NOTHING */
    uint64_t subject;  /* or NOTHING */
    uint64_t byte;     /* or NOTHING */
    char text[FAULT_TEXT_BYTES];
};

/* Fills it unless it is filled. */
void stop_set(struct stop *stop, int status, const char *code, uint64_t record, uint64_t subject, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/*
 * V9.3, 9.4 and 9.6 to 9.9: links, opening, table, signers, keys, signatures, offices, authority. Subjects unknown to the
 * world are passed over where SPEC says "whose subject is a leaf". An unknown kind is judged by 9.3, 9.4 and 9.7 only. On return
 * stop->status is 0 or the contradiction. keys[i] is the key by which signer i must have signed (valid until the world changes).
 * bytes is a scratch buffer for the signatures; NULL: they are not checked here (fsck checks them on all cores).
 */
void authority_check(struct replay *replay, const struct record *record, const struct act *act,
                     const struct public_key *keys[ACT_SIGNERS_MAX], struct buffer *bytes, struct stop *stop);
/* One signature by that key (V9.7): no world needed, any thread. */
void authority_check_signature(uint64_t index, const struct act *act, size_t signer, const struct public_key *key,
                               enum signature_rigour rigour, struct buffer *bytes, struct stop *stop);
/*
 * Applies what the act does to the register: opens subjects, keys, offices, station key; moves the heads of every
 * touched subject that the world knows. Opens only subjects for which `member` says so (NULL: all).
 * Errors: STATUS_MEMORY; STATUS_REFUSED when a person would exceed PERSON_KEYS_MAX and the like.
 */
MUST_USE enum status authority_apply(struct replay *replay, const struct record *record, const struct hash *record_hash,
                                     const struct act *act, bool (*member)(void *context, uint64_t subject), void *context,
                                     struct fault *fault);

/*
 * V12 for one act, to be called after authority_check and before authority_apply: reports breaches and findings, then applies its
 * effect on things. stop receives the contradiction `answers` (status 1) or the note `orphan` (status 2).
 * The recorder calls it on a world that it throws away when it refuses.
 */
void rules_replay(struct replay *replay, const struct record *record, const struct act *act, struct stop *stop);
/*
 * The effect on things alone, as rules_replay has it, of an act that was judged before: for who asks what the state was. What the effects
 * find is reported all the same. stop as there.
 */
void rules_apply(struct replay *replay, const struct record *record, const struct act *act, struct stop *stop);
/* What is open at the end (7.3.11, 15): reports breaches of one subject as of a heads record's logged time. */
void rules_end(struct replay *replay, const struct subject *subject, uint64_t now_s);

/* May an act of this kind be done to a thing while it is packed (7.3.2)? */
bool rules_allow_packed(unsigned kind);
/* Can an act of this kind have an effect by adoption (7.3.17)? */
bool rules_allow_adoption(unsigned kind);

void act_brief_of(struct hasher *hasher, const struct act *act, struct act_brief *out);

/* The holder of a thing: its own, or that of its outermost container; NOTHING when unused. */
uint64_t thing_holder(struct world *world, const struct subject *subject);
/* Its state: its own, or that of its outermost container (SPEC 7.1). */
enum thing_state thing_state(struct world *world, const struct subject *subject);

#endif
