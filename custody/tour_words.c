/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tour_words: what the tour itself says, and the commands that found its ledger. The steps' own words are in tour_script.c. {Slots} are
 * those of tour_state.c.
 */
#include "custody/tour.h"

const char *const tour_words[TOUR_WORDS] = {
    [TOUR_WELCOME] =
        "Welcome. In the next ten minutes you seize three tusks, seal them in a box, hand them over, and prove it to a judge. All of it is "
        "practice, on a training ledger of its own: nothing that you type here can harm a real case.\n"
        "\n"
        "Each step shows a command as you will type it at work, and runs it. Where something is to be filled in, type it, or scan it. "
        "Enter takes what stands in brackets. At any question, \"back\" shows the step before, and \"quit\" leaves; nothing is lost.",
    [TOUR_NAME] = "Your name, as it shall stand in the ledger",
    [TOUR_FOUNDING] = "One moment: keys are made, two registrars found a training ledger and enrol the people ...",
    [TOUR_FOUNDED] =
        "You play two people: {you}, the officer ({officer}), and later Nguyen Thi Da, the custodian of the store ({custodian}). Each has "
        "a key in a file: only the owner of a key can sign. Your colleague Chea Vanna ({second}) signs with you where the law wants two.\n"
        "\n"
        "At work, every signature asks for your passphrase. Here all keys have the same one, in the file \"pass\": therefore "
        "--passphrase-file pass at the end of the commands. Everything is in {dir}.",
    [TOUR_STEP] = "Step",
    [TOUR_OF] = "of",
    [TOUR_COMMAND] = "The command:",
    [TOUR_COMMAND_BLANK] = "The command, with a blank for you:",
    [TOUR_COMMAND_FILLED] = "So it is run:",
    [TOUR_FILE] = "Then the file is:",
    [TOUR_PRESS_RUN] = "Press Enter to run it.",
    [TOUR_PRESS_ON] = "Press Enter to go on.",
    [TOUR_DONE_BEFORE] = "You have done this. It stays in the ledger: nothing there is ever taken back, only added to.",
    [TOUR_AGAIN] = "The program said why it did not do it. Nothing was recorded and nothing is spoilt. Let us try once more.",
    [TOUR_OTHER_THING] = "That is a right name, but of something else. Please look at the tag again.",
    [TOUR_WEIGHT_RANGE] = "Please give a weight from 100 to 99999 grams, as a whole number.",
    [TOUR_ONE_WORD] = "Please give one only, without spaces or commas.",
    [TOUR_TYPED_RIGHT] = "That is the right one. This time please type it wrong on purpose, to see what happens.",
    [TOUR_SCAN_ENDS] = "(The tour ends the scan for you. At work you press Ctrl-D.)",
    [TOUR_SCAN_STOPPED] = "The scan was stopped; nothing of it was recorded.",
    [TOUR_CODE] = "exit code",
    [TOUR_FIRST_STEP] = "This is the first step.",
    [TOUR_LEFT] = "You left the tour; nothing is lost. To go on where you were:",
    [TOUR_RESUMED] = "Welcome back, {you}. We go on where you were.",
    [TOUR_KEEP] = "The tour is over, {you}. Its files are in {dir}. You may keep them, to try more commands on them, or delete them.",
    [TOUR_KEEP_OR_DELETE] = "keep or delete?",
    [TOUR_KEEP_WORD] = "keep",
    [TOUR_DELETE_WORD] = "delete",
    [TOUR_KEPT] = "They are kept. To try more on them:",
    [TOUR_DELETED] = "They are deleted.",
};

#define PASS " --passphrase-file pass"

const char *const tour_founding[] = {
    "unbroken key new court.key" PASS,
    "unbroken key new customs.key" PASS,
    "unbroken key new officer.key" PASS,
    "unbroken key new custodian.key" PASS,
    "unbroken key new second.key" PASS,
    "unbroken ledger init ledger --origin " TOUR_ORIGIN_TEXT " --code " TOUR_CODE_TEXT " --threshold 1 --training"
    " --registrar 'court.key,name=Chan Sophea,agency=Court registry' --registrar 'customs.key,name=Kim Sreyleak,agency=Customs'" PASS,
    "unbroken person enrol --name {you} --agency Customs --office officer --key court.key --key officer.key" PASS,
    "unbroken person enrol --name 'Nguyen Thi Da' --agency 'Customs store' --office custodian --key court.key --key custodian.key" PASS,
    "unbroken person enrol --name 'Chea Vanna' --agency 'Forestry Administration' --office officer --key court.key --key second.key" PASS,
    "unbroken place open --name 'Customs store' --key custodian.key" PASS,
    NULL,
};
