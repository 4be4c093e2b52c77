/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commands: the one list of the families of commands, in the order of `unbroken --help`.
 */
#include "custody/commands.h"

const struct command *const command_families[] = {
    command_tour,
    command_ledger,   command_key,   command_person, command_case,  command_place, command_thing, command_register, command_container,
    command_handover, command_stock, command_note,   command_draft, command_show,  command_list,  command_find,     command_bundle,
    command_erase,    command_acts,  NULL,
};
