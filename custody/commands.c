/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commands: the one list of the families of commands, in the order of `unbroken --help`. One family a line, so that each change is one line.
 */
#include "custody/commands.h"

const struct command *const command_families[] = {
    command_tour,
    command_ledger,
    command_reconcile,
    command_station,
    command_key,
    command_person,
    command_place,
    command_case,
    command_thing,
    command_register,
    command_container,
    command_handover,
    command_measure,
    command_sample,
    command_animal,
    command_dispose,
    command_stock,
    command_note,
    command_papers,
    command_draft,
    command_late,
    command_adopt,
    command_show,
    command_history,
    command_list,
    command_who,
    command_question,
    command_seals,
    command_find,
    command_label,
    command_bundle,
    command_receipt,
    command_report,
    command_erase,
    command_acts,
    NULL,
};
