/* SPDX-License-Identifier: Apache-2.0 */
/*
 * taking: see the header. Masses are below 2^53 and parts at most 510, so that no sum overflows.
 */
#include "custody/taking.h"

#include <inttypes.h>

#include "custody/mass.h"

enum { PARTS_MAX = ACT_ENTRIES_MAX - 2 }; /* beside the thing and its case */

struct taking taking_blank(void)
{
    return (struct taking){.number = NOTHING, .found_mg = NOTHING, .loss_mg = NOTHING, .remains_mg = NOTHING,
                           .pieces_before = NOTHING, .pieces_after = NOTHING};
}

/* ---- the sums -------------------------------------------------------------------------------- */

static enum status refuse(struct buffer *why, struct fault *fault)
{
    enum status status = buffer_status(why, fault);

    if (status == STATUS_OK) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%.*s", (int)why->len, (const char *)why->ptr);
    }
    buffer_free(why);
    return status;
}

static void put_grams(struct buffer *out, const char *before, uint64_t mg, const char *behind)
{
    buffer_printf(out, "%s", before);
    mass_print(mg, out);
    buffer_printf(out, " g%s", behind);
}

static enum status refuse_sum(const struct taking *taking, uint64_t taken_mg, const char *name, struct fault *fault)
{
    struct buffer why = {0};

    buffer_printf(&why, "%s: ", name);
    put_grams(&why, "", taking->found_mg, " found, but ");
    put_grams(&why, "", taken_mg, " taken");
    if (taking->loss_mg != NOTHING) {
        put_grams(&why, ", ", taking->loss_mg, " lost");
    }
    if (taking->remains_mg != NOTHING) {
        put_grams(&why, ", ", taking->remains_mg, " remaining");
    }
    buffer_printf(&why, ": that does not add up");
    return refuse(&why, fault);
}

/* found = taken + loss + remains: what is not stated follows from the others. */
static enum status work_out(struct taking *taking, uint64_t taken_mg, bool lenient, const char *name, struct fault *fault)
{
    uint64_t stated_mg;

    if (taking->loss_mg == NOTHING && taking->remains_mg == NOTHING) {
        taking->loss_mg = 0;
    }
    stated_mg = taken_mg + (taking->loss_mg == NOTHING ? 0 : taking->loss_mg) + (taking->remains_mg == NOTHING ? 0 : taking->remains_mg);
    if (taking->loss_mg != NOTHING && taking->remains_mg != NOTHING) {
        return stated_mg == taking->found_mg || lenient ? STATUS_OK : refuse_sum(taking, taken_mg, name, fault);
    }
    if (stated_mg > taking->found_mg) {
        return refuse_sum(taking, taken_mg, name, fault);
    }
    if (taking->remains_mg == NOTHING) {
        taking->remains_mg = taking->found_mg - stated_mg;
    } else {
        taking->loss_mg = taking->found_mg - stated_mg;
    }
    return STATUS_OK;
}

static enum status check_found(struct session *session, const struct taking *taking, uint64_t last_mg, const char *name,
                               struct fault *fault)
{
    struct buffer why = {0};

    if (last_mg == NOTHING || !mass_drifts(last_mg, taking->found_mg) || args_flag(session->args, "--drift-explanation") ||
        args_flag(session->args, "--deviation")) {
        return STATUS_OK;
    }
    buffer_printf(&why, "%s: ", name);
    put_grams(&why, "", taking->found_mg, " found, ");
    put_grams(&why, "", last_mg, " before (");
    mass_print_percent(last_mg, taking->found_mg, &why);
    buffer_printf(&why, " %%): above 2 %% and 1 g, and unexplained");
    args_hint(session->args, "weigh it again; if the weight is right, say why it differs: --drift-explanation TEXT");
    return refuse(&why, fault);
}

static enum status balance_mass(struct session *session, bool split, struct taking *taking, uint64_t last_mg, const char *name,
                                struct fault *fault)
{
    bool deviation = args_flag(session->args, "--deviation");
    uint64_t pieces = 0, taken_mg = 0;
    size_t with_mass = 0;
    enum status status;

    parts_sum(taking->parts, taking->count, &pieces, &taken_mg, &with_mass);
    if (last_mg == NOTHING && with_mass == 0 && taking->found_mg == NOTHING && taking->loss_mg == NOTHING &&
        taking->remains_mg == NOTHING) {
        return STATUS_OK; /* nobody has ever weighed it, nor does anyone now */
    }
    if (taking->found_mg == NOTHING && last_mg == NOTHING) {
        args_hint(session->args, "unbroken weigh %s ..., or say what it weighed before: --found WEIGHT", name);
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s was never weighed: no sum can be made", name);
    }
    if (taking->found_mg == NOTHING) {
        taking->found_mg = last_mg;
    }
    if (split && with_mass < taking->count && !deviation) {
        args_hint(session->args, "weigh each part: --into pieces=N,mass=GRAMS");
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s has a known mass: each part that is split off needs its own", name);
    }
    status = check_found(session, taking, last_mg, name, fault);
    return status == STATUS_OK ? work_out(taking, taken_mg, deviation, name, fault) : status;
}

static enum status balance_pieces(struct session *session, bool split, struct taking *taking, const char *name, struct fault *fault)
{
    uint64_t pieces = 0, taken_mg = 0;
    size_t with_mass = 0;

    for (size_t i = 0; i < taking->count; i++) {
        if (taking->parts[i].pieces == NOTHING && split) {
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: each part that is split off needs pieces=N", name);
        }
        if (taking->parts[i].pieces == NOTHING) {
            taking->parts[i].pieces = 1; /* a sample is one thing: whoever receives it counts it */
        }
    }
    if (!split) {
        return STATUS_OK;
    }
    parts_sum(taking->parts, taking->count, &pieces, &taken_mg, &with_mass);
    if (taking->pieces_after == NOTHING && taking->pieces_before == NOTHING) {
        args_hint(session->args, "--remaining-pieces N says how many are left");
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the pieces of %s were never counted", name);
    }
    if (taking->pieces_after == NOTHING && pieces <= taking->pieces_before) {
        taking->pieces_after = taking->pieces_before - pieces;
    } else if (taking->pieces_before != NOTHING && !args_flag(session->args, "--deviation") &&
               (taking->pieces_after == NOTHING || taking->pieces_before != pieces + taking->pieces_after)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: %" PRIu64 " pieces before, but %" PRIu64 " split off%s", name,
                         taking->pieces_before, pieces,
                         taking->pieces_after == NOTHING ? "" : " and others remaining: that does not add up");
    }
    if (taking->pieces_after == NOTHING) {
        taking->pieces_after = 0; /* a deviation: more than there were */
    }
    return STATUS_OK;
}

enum status taking_balance(struct session *session, bool split, struct taking *taking, struct fault *fault)
{
    const struct subject *subject = ledger_subject(session->txn, taking->number, fault);
    char name[NAME_BYTES];
    enum status status;

    if (subject == NULL) {
        return fault->status;
    }
    session_name(session, taking->number, name);
    if (taking->count > PARTS_MAX) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: %zu parts, but one act takes %d", name, taking->count, PARTS_MAX);
    }
    taking->pieces_before = subject->thing->pieces;
    status = balance_pieces(session, split, taking, name, fault);
    return status == STATUS_OK ? balance_mass(session, split, taking, subject->thing->net_mg, name, fault) : status;
}

/* ---- in the act ------------------------------------------------------------------------------ */

enum status taking_put(struct session *session, bool split, const struct taking *taking, struct composer *composer,
                       struct entry *parent, struct fault *fault)
{
    const struct subject *subject = ledger_subject(session->txn, taking->number, fault);
    enum status status = STATUS_OK;

    if (subject == NULL) {
        return fault->status;
    }
    if (taking->found_mg != NOTHING) {
        parent->facts.present |= BIT(FACT_GROSS) | BIT(FACT_TARE) | BIT(FACT_NET);
        parent->facts.gross_mg = taking->found_mg;
        parent->facts.tare_mg = taking->loss_mg;
        parent->facts.net_mg = taking->remains_mg;
    }
    if (split) {
        parent->facts.present |= BIT(FACT_PIECES);
        parent->facts.pieces = taking->pieces_after;
    }
    if (subject->thing->of_case != NOTHING && composer_entry(composer, subject->thing->of_case, ROLE_CASE) == NULL) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "too many parts for one act");
    }
    for (size_t i = 0; i < taking->count && status == STATUS_OK; i++) {
        status = parts_put(composer, &taking->parts[i], split ? "part" : "sample", fault);
    }
    return status;
}

void taking_print(const struct session *session, bool split, const struct taking *taking, struct buffer *out)
{
    const char *part = split ? "part" : "sample";
    uint64_t pieces = 0, taken_mg = 0;
    size_t with_mass = 0;
    char name[NAME_BYTES];

    session_name(session, taking->number, name);
    parts_sum(taking->parts, taking->count, &pieces, &taken_mg, &with_mass);
    buffer_printf(out, "%s: ", name);
    if (taking->found_mg != NOTHING) {
        put_grams(out, "", taking->found_mg, " found = ");
        put_grams(out, "", taken_mg, " in ");
    }
    buffer_printf(out, "%zu %s%s (", taking->count, part, taking->count == 1 ? "" : "s");
    parts_print(session, taking->parts, taking->count, out);
    buffer_printf(out, ")");
    if (taking->found_mg != NOTHING) {
        put_grams(out, " + ", taking->loss_mg, " lost + ");
        put_grams(out, "", taking->remains_mg, " that remain");
    }
    if (split) {
        if (taking->pieces_before != NOTHING) {
            buffer_printf(out, "; %" PRIu64 " %s = ", taking->pieces_before, taking->pieces_before == 1 ? "piece" : "pieces");
        } else {
            buffer_printf(out, "; pieces: ");
        }
        buffer_printf(out, "%" PRIu64 " split off + %" PRIu64 " that remain", pieces, taking->pieces_after);
    }
    buffer_printf(out, "\n");
}
