/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commands: the families of commands; each array ends with a row without words.
 */
#ifndef UNBROKEN_CUSTODY_COMMANDS_H
#define UNBROKEN_CUSTODY_COMMANDS_H

#include "custody/args.h"

extern const struct command command_ledger[];
extern const struct command command_timestamp[];
extern const struct command command_beacon[];
extern const struct command command_reconcile[];
extern const struct command command_export[];
extern const struct command command_mirror[];
extern const struct command command_station[];
extern const struct command command_witnesses[];
extern const struct command command_exchange[];
extern const struct command command_key[];
extern const struct command command_person[];
extern const struct command command_case[];
extern const struct command command_place[];
extern const struct command command_thing[];
extern const struct command command_register[];
extern const struct command command_container[];
extern const struct command command_stock[];
extern const struct command command_handover[];
extern const struct command command_dispose[];
extern const struct command command_measure[];
extern const struct command command_sample[];
extern const struct command command_animal[];
extern const struct command command_note[];
extern const struct command command_papers[];
extern const struct command command_draft[];
extern const struct command command_late[];
extern const struct command command_adopt[];
extern const struct command command_show[];
extern const struct command command_history[];
extern const struct command command_who[];
extern const struct command command_question[];
extern const struct command command_seals[];
extern const struct command command_list[];
extern const struct command command_find[];
extern const struct command command_label[];
extern const struct command command_bundle[];
extern const struct command command_vouch[];
extern const struct command command_compare[];
extern const struct command command_receipt[];
extern const struct command command_report[];
extern const struct command command_certify[];
extern const struct command command_page[];
extern const struct command command_erase[];
extern const struct command command_acts[];
extern const struct command command_witness[];
extern const struct command command_tour[];

/* All of them; ends with NULL. */
extern const struct command *const command_families[];

/* What stands in `unbroken --help` above the family where a part begins; ends with a row without a family. */
struct command_heading {
    const struct command *family;
    const char *text;
};
extern const struct command_heading command_headings[];

/* Options that go with every command that records an act. */
#define ARGS_ACT (ARGS_LEDGER | ARGS_NOW | ARGS_KEYS | ARGS_SIGN)

#endif
