/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certificate: V17. What the bundle says is worked out anew and compared field by field; nothing of the statement is believed. Not here: the lines
 * for people (certified.c).
 */
#include "verify/certificate.h"

#include <stdlib.h>
#include <string.h>

bool certificate_counts(const struct finding *finding)
{
    return finding->record != NOTHING;
}

static uint64_t count(const struct verdict *verdict, bool breaches)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < verdict->finding_count; i++) {
        sum += verdict->findings[i].breach == breaches && certificate_counts(&verdict->findings[i]) ? 1 : 0;
    }
    return sum;
}

/* A breach or note that the other ledger's bundle inside gave. */
static bool other_broken(const struct verdict *verdict)
{
    bool broken = false;
    for (size_t i = 0; i < verdict->finding_count; i++) {
        broken = broken || (verdict->findings[i].breach && strcmp(verdict->findings[i].code, "other") == 0);
    }
    return broken;
}

static bool other_open(const struct verdict *verdict)
{
    bool open = false;
    for (size_t i = 0; i < verdict->note_count; i++) {
        open = open || strcmp(verdict->notes[i].code, "other") == 0;
    }
    return open;
}

/* The station's line: the first that a log of the policy made. */
static bool find_log_line(const struct check *check, struct statement *out)
{
    const struct checkpoint *checkpoint = check->checkpoint;
    for (size_t i = 0; i < checkpoint->signature_count; i++) {
        const struct note_signature *line = &checkpoint->signatures[i];
        for (size_t j = 0; j < policy_log_count(check->policy) && line->len == SIGNATURE_BYTES; j++) {
            const struct verifier_key *key = policy_log(check->policy, j);
            if (view_equal(key->name, checkpoint->origin) && view_equal(line->name, key->name) && memcmp(key->id, line->id, sizeof line->id) == 0) {
                memcpy(out->log_id, line->id, sizeof out->log_id);
                memcpy(out->log_signature, line->bytes, SIGNATURE_BYTES);
                return true;
            }
        }
    }
    return false;
}

/* Everything but the log's line and what the certifier alone says. */
static void describe(const struct check *check, struct statement *out)
{
    const struct verdict *verdict = check->verdict;
    const struct subject *ledger = world_find(check->world, 0);
    memset(out, 0, sizeof *out);
    out->ledger = verdict->ledger;
    out->origin = view_part(check->checkpoint->origin, 0, ledger == NULL || ledger->ledger == NULL ? 0 : strlen(ledger->ledger->origin));
    out->training = verdict->training;
    out->size = verdict->size;
    out->root = verdict->root;
    out->bundle = hash_of_view(view_part(check->file, check->file.len - HASH_BYTES, HASH_BYTES));
    out->policy = verdict->policy;
    out->breaches = count(verdict, true);
    out->findings = count(verdict, false);
    out->withheld = verdict->withheld_count;
    out->status = out->breaches > 0 || other_broken(verdict) ? 3 : 0;
    out->asked_count = check->bundle.asked_count;
    out->asked_shown = check->bundle.asked_count < STATEMENT_ASKED_MAX ? check->bundle.asked_count : STATEMENT_ASKED_MAX;
    memcpy(out->asked, check->bundle.asked, out->asked_shown * sizeof out->asked[0]);
    out->records = check->row_count;
}

enum status certificate_draft(void *context, struct check *check, struct fault *fault)
{
    struct statement *out = context;
    if (check->replay.unknown_kind || check->custody.status == 2) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "custody cannot be judged from this bundle: there is nothing to certify");
    }
    describe(check, out);
    if (!find_log_line(check, out)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the checkpoint has no line of the policy's log key");
    }
    return STATUS_OK;
}

static bool has_log_line(const struct checkpoint *checkpoint, const struct statement *said)
{
    bool there = false;
    for (size_t i = 0; i < checkpoint->signature_count; i++) {
        const struct note_signature *line = &checkpoint->signatures[i];
        there = there || (line->len == SIGNATURE_BYTES && view_equal(line->name, checkpoint->origin) &&
                          memcmp(line->id, said->log_id, sizeof line->id) == 0 && memcmp(line->bytes, said->log_signature, SIGNATURE_BYTES) == 0);
    }
    return there;
}

/* The first thing that the statement says otherwise than the bundle, or NULL. */
static const char *difference(const struct check *check, const struct statement *said)
{
    struct statement is;
    describe(check, &is);
    bool judged = !check->replay.unknown_kind && check->custody.status != 2; /* else what breaks custody is not known here */
    const struct { bool same; const char *what; } fields[] = {
        { hash_equal(&is.ledger, &said->ledger), "ledger-id" },
        { view_equal(is.origin, said->origin), "origin" },
        { is.training == said->training, "kind of ledger (training or not)" },
        { is.size == said->size, "number of the ledger's records" },
        { hash_equal(&is.root, &said->root), "root" },
        { has_log_line(check->checkpoint, said), "station's signature" },
        { hash_equal(&is.bundle, &said->bundle), "bundle" },
        { is.asked_count == said->asked_count && said->asked_shown <= is.asked_shown &&
              memcmp(is.asked, said->asked, said->asked_shown * sizeof is.asked[0]) == 0, "subjects that were asked for" },
        { is.records == said->records, "number of the bundle's records" },
        { is.withheld == said->withheld, "number of withheld details" },
        { !judged || is.breaches == said->breaches, "number of breaches" },
        { !judged || is.findings == said->findings, "number of findings" },
        { !judged || is.status == said->status || (said->status == 3 && other_open(check->verdict)), "result" },
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (!fields[i].same) {
            return fields[i].what;
        }
    }
    return NULL;
}

/* The certifier at the end of the ledger: key, office, signature. NULL, or what is wrong. */
static enum status check_certifier(struct check *check, struct fault *fault)
{
    const struct signed_statement *certificate = check->certificate;
    const struct signer *signer = &certificate->statement.certifier;
    const struct subject *subject = check_leaf(check, signer->person) == NULL ? NULL : world_find(check->world, signer->person);
    const struct person *person = subject == NULL ? NULL : subject->person;
    uint64_t n = check->checkpoint->size;
    const struct person_key *key = person == NULL ? NULL : person_key_at(person, n);
    const struct appointment *office = person == NULL ? NULL : person_appointment_at(person, signer->appointment, n);
    struct buffer bytes = { 0 };
    const char *wrong = NULL;
    if (person == NULL) {
        wrong = "the bundle does not prove who the certifier is";
    } else if (key == NULL || key->key.algorithm != certificate->algorithm || !hash_equal(&key->kid, &certificate->kid)) {
        wrong = "the statement is not signed with the key that the certifier has in this ledger";
    } else if (signer->capacity == 0 || office == NULL || office->office != signer->capacity) {
        wrong = "the certifier does not have the office in which the statement is signed";
    } else {
        statement_to_sign(certificate->header, certificate->payload, &bytes);
        if (bytes.failed) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
        switch (signature_check(&key->key, buffer_view(&bytes), certificate->signature, SIGNATURE_BOTH)) {
        case SIGNATURE_VALID:
            break;
        case SIGNATURE_INVALID:
            wrong = "the certifier's signature does not hold: the statement was altered";
            break;
        case SIGNATURE_DISAGREED:
            stop_set(check->stop, 2, "libraries", NOTHING, NOTHING, "libsodium and OpenSSL disagree about the certifier's signature");
            break;
        }
    }
    buffer_free(&bytes);
    if (wrong != NULL) {
        stop_set(check->stop, 1, "certifier", NOTHING, signer->person, "the certificate: %s", wrong);
    }
    return STATUS_OK;
}

enum status certificate_check(struct check *check, struct fault *fault)
{
    const char *what = difference(check, &check->certificate->statement);
    if (what != NULL) {
        stop_set(check->stop, 1, "certificate", NOTHING, NOTHING, "the certified statement is not about what the attached bundle proves: another %s", what);
        return STATUS_OK;
    }
    return check_certifier(check, fault);
}
