/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One test file for tour*.c: the script, what is remembered, the directory, the forgery. The play itself is tried by test_tour.sh.
 *
 * Breaks when the tour teaches a command that does not exist, a text has a slot that nothing fills, a file from elsewhere is taken for a
 * tour's, or deleting takes more than the tour made.
 */
#include "custody/tour.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "custody/commands.h"
#include "custody/tour_run.h"
#include "tests/support/custody_suite.h"
#include "verify/hash.h"
#include "verify/name.h"

static struct fault fault;
static struct tour_state state;

static void fill(void)
{
    state = (struct tour_state){0};
    for (unsigned i = 0; i < SLOTS_TYPED; i++) {
        (void)snprintf(state.slots[i], TALK_ANSWER_BYTES, "2910");
    }
    tour_state_work_out(&state);
}

/* Every slot of a text is one. */
static void check_slots(const char *text)
{
    for (; text != NULL && *text != '\0'; text++) {
        if (*text == '{') {
            const char *end = strchr(text, '}');

            ck_assert_msg(end != NULL && tour_state_find(view_of(text + 1, (size_t)(end - text - 1))) != SLOTS, "%s", text);
        }
    }
}

/* ---- the script ------------------------------------------------------------------------------ */

static const struct command *find(char **words, size_t count, size_t *used)
{
    for (size_t f = 0; command_families[f] != NULL; f++) {
        for (const struct command *command = command_families[f]; command->words != NULL; command++) {
            char two[128];

            (void)snprintf(two, sizeof two, "%s %s", words[0], count > 1 ? words[1] : "");
            *used = strcmp(command->words, words[0]) == 0 ? 1 : strcmp(command->words, two) == 0 ? 2 : 0;
            if (*used > 0) {
                return command;
            }
        }
    }
    return NULL;
}

/* The commands of the tour are commands of the program, with options that they have. */
static void check_command(const char *template)
{
    struct perform_line line;
    struct args args;
    size_t used = 0;
    const struct command *command;

    check_slots(template);
    fault_clear(&fault);
    ck_assert_int_eq(perform_parse(template, tour_state_slot, &state, &line, &fault), STATUS_OK);
    if (strcmp(line.words[0], "unbroken-verify") != 0) {
        ck_assert_str_eq(line.words[0], "unbroken");
        command = find(line.words + 1, line.count - 1, &used);
        ck_assert_msg(command != NULL, "%s", template);
        ck_assert_msg(args_parse(command, (int)(line.count - 1 - used), line.words + 1 + used, &args, &fault) == STATUS_OK, "%s: %s",
                      template, fault.text);
        args_close(&args);
    }
    perform_free(&line);
}

static void check_beat(const struct tour_beat *beat, bool *last_of_step)
{
    bool scans = beat->kind == TOUR_SCAN;

    check_slots(beat->text);
    check_slots(beat->content);
    check_slots(beat->after);
    check_slots(beat->otherwise);
    ck_assert((beat->file == NULL) == (beat->content == NULL));
    ck_assert(!scans || (beat->command != NULL && strstr(beat->command, "--scan") != NULL));
    if (beat->command != NULL) {
        check_command(beat->command);
    }
    for (size_t i = 0; i < TOUR_ASKS_MAX && beat->asks[i].prompt != NULL; i++) {
        const struct tour_ask *ask = &beat->asks[i];
        char slot[64];

        ck_assert_uint_lt(tour_state_find(view_text(ask->slot)), SLOTS_TYPED);
        check_slots(ask->suggested);
        check_slots(ask->wrong);
        ck_assert_uint_lt(ask->must, TOUR_SUBJECTS);
        /* What is asked for is used: in the command, in its file, by the forgery, or as a line of the scan. */
        (void)snprintf(slot, sizeof slot, "{%s}", ask->slot);
        ck_assert_msg(scans || beat->kind == TOUR_FORGE_BYTE || strstr(beat->command, slot) != NULL ||
                          (beat->content != NULL && strstr(beat->content, slot) != NULL), "%s", ask->prompt);
    }
    *last_of_step = beat[1].text == NULL;
}

START_TEST(script)
{
    fill();
    for (size_t s = 0; tour_steps[s].title != NULL; s++) {
        bool last = false;

        ck_assert_ptr_nonnull(tour_steps[s].beats[0].text);
        for (size_t b = 0; !last; b++) {
            check_beat(&tour_steps[s].beats[b], &last);
        }
    }
    for (size_t i = 0; tour_founding[i] != NULL; i++) {
        check_command(tour_founding[i]);
    }
    for (size_t i = 0; i < TOUR_WORDS; i++) {
        ck_assert_msg(tour_words[i] != NULL && tour_words[i][0] != '\0', "word %zu", i);
        check_slots(tour_words[i]);
    }
}
END_TEST

/* A misread tag is one that no subject has, a misread seal another number; the stolen weight can be put where the true one is. */
START_TEST(worked_out)
{
    static const char *const seals[] = {"K-004417", "9", "K-19", "A", "X", "SEAL Z"};
    static const char *const weights[] = {"100", "199", "200", "2910", "99999"};
    uint64_t number;

    fill();
    ck_assert_str_eq(state.slots[SLOT_CASE], "TRY-7-9");
    ck_assert_int_eq(name_parse(view_text("TRY"), view_text(state.slots[SLOT_TUSK_WRONG]), 0, &number, NULL), NAME_WRONG_CHECK);
    for (size_t i = 0; i < sizeof seals / sizeof seals[0]; i++) {
        (void)snprintf(state.slots[SLOT_SEAL], TALK_ANSWER_BYTES, "%s", seals[i]);
        tour_state_work_out(&state);
        ck_assert_str_ne(state.slots[SLOT_SEAL_WRONG], seals[i]);
        ck_assert_uint_eq(strlen(state.slots[SLOT_SEAL_WRONG]), strlen(seals[i]));
    }
    for (size_t i = 0; i < sizeof weights / sizeof weights[0]; i++) {
        (void)snprintf(state.slots[SLOT_WEIGHT], TALK_ANSWER_BYTES, "%s", weights[i]);
        tour_state_work_out(&state);
        number = strtoull(state.slots[SLOT_THEFT], NULL, 10);
        ck_assert(number >= TOUR_GRAMS_LEAST && number <= TOUR_GRAMS_MOST && strcmp(state.slots[SLOT_THEFT], weights[i]) != 0);
    }
}
END_TEST

/* ---- what is remembered ---------------------------------------------------------------------- */

START_TEST(remembered)
{
    struct tour_state back;

    fill();
    state.step = 2;
    state.beat = 1;
    state.trying = true;
    state.records = 8;
    (void)snprintf(state.slots[SLOT_NAME], TALK_ANSWER_BYTES, "សុខ = ដារ៉ា {you}");
    fault_clear(&fault);
    ck_assert_int_eq(tour_state_save(&state, &fault), STATUS_OK);
    ck_assert_int_eq(tour_state_load(&back, &fault), STATUS_OK);
    ck_assert(back.step == 2 && back.beat == 1 && back.trying && back.records == 8);
    for (unsigned i = 0; i < SLOTS_TYPED; i++) {
        ck_assert_str_eq(back.slots[i], state.slots[i]);
    }
}
END_TEST

static void refuses(const char *file, uint64_t line)
{
    struct tour_state back;

    suite_write("tour.state", file);
    fault_clear(&fault);
    ck_assert_msg(tour_state_load(&back, &fault) == STATUS_DAMAGED && fault.at == line, "%s: %d, line %d", file, (int)fault.status,
                  (int)fault.at);
}

START_TEST(hostile_state)
{
    struct tour_state back;
    char longer[512] = "unbroken tour/1\nyou=";

    fault_clear(&fault);
    (void)unlink("tour.state");
    ck_assert_int_eq(tour_state_load(&back, &fault), STATUS_MISSING);
    refuses("", 0);
    refuses("unbroken tour/2\n", 1);
    refuses("unbroken tour/1", 1);
    refuses("unbroken tour/1\nstep=1\nbeat", 3);
    refuses("unbroken tour/1\nstep=1\n\n", 3);
    refuses("unbroken tour/1\nstep=-1\n", 2);
    refuses("unbroken tour/1\nstep=99\n", 2);
    refuses("unbroken tour/1\nstep=0\nbeat=99\n", 3);
    refuses("unbroken tour/1\nbox=TRY-1-L\n", 2); /* worked out, never remembered */
    refuses("unbroken tour/1\nother=1\n", 2);
    refuses("unbroken tour/1\nyou=\033[2J\n", 2);
    refuses("unbroken tour/1\nyou=--help\n", 2);
    memset(longer + strlen(longer), 'x', TALK_ANSWER_BYTES);
    longer[20 + TALK_ANSWER_BYTES] = '\n';
    longer[21 + TALK_ANSWER_BYTES] = '\0';
    refuses(longer, 2);
}
END_TEST

/* ---- the directory --------------------------------------------------------------------------- */

START_TEST(directory)
{
    char top[512];
    char dir[TALK_ANSWER_BYTES];
    char *mine;

    ck_assert_ptr_nonnull(getcwd(top, sizeof top));
    fault_clear(&fault);
    /* One after the other, each for its owner alone. */
    ck_assert_int_eq(tour_place_make(NULL, dir, &fault), STATUS_OK);
    ck_assert_str_eq(strrchr(dir, '/'), "/unbroken-tour");
    ck_assert_int_eq(chdir(top), 0);
    ck_assert_int_eq(tour_place_make(NULL, dir, &fault), STATUS_OK);
    ck_assert_str_eq(strrchr(dir, '/'), "/unbroken-tour-2");
    /* What is not the tour's stays. */
    suite_write("mine.txt", "mine");
    suite_write("list.csv", "the tour's");
    ck_assert_int_eq(mkdir("ledger", 0700), 0);
    ck_assert_int_eq(tour_place_remove(dir, &fault), STATUS_REFUSED);
    ck_assert_int_eq(chdir(dir), 0);
    ck_assert_uint_eq(suite_count("."), 1);
    mine = suite_read("mine.txt");
    ck_assert_str_eq(mine, "mine");
    free(mine);
    ck_assert_int_eq(chdir(top), 0);
    fault_clear(&fault);
    ck_assert_int_eq(tour_place_make("unbroken-tour-2", dir, &fault), STATUS_REFUSED);
    fault_clear(&fault);
    ck_assert_int_eq(tour_place_make("no/such", dir, &fault), STATUS_ENVIRONMENT);
    fault_clear(&fault);
    ck_assert_int_eq(tour_place_enter("nowhere", dir, &fault), STATUS_MISSING);
    /* A link in the place of the ledger leads to somebody's: nothing is deleted. */
    ck_assert_int_eq(chdir(dir), 0);
    ck_assert_int_eq(mkdir("../real", 0700), 0);
    suite_write("../real/data.mdb", "evidence");
    suite_write("tour.state", "the tour's");
    ck_assert_int_eq(symlink("../real", "ledger"), 0);
    fault_clear(&fault);
    ck_assert_int_eq(tour_place_remove(dir, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "nothing is deleted"));
    ck_assert_int_eq(access("../real/data.mdb", F_OK), 0);
    ck_assert_int_eq(access("tour.state", F_OK), 0);
    ck_assert_int_eq(chdir(top), 0);
    /* An empty one will do; a file will not. */
    fault_clear(&fault);
    ck_assert_int_eq(tour_place_make("unbroken-tour", dir, &fault), STATUS_OK);
    ck_assert_int_eq(tour_place_remove(dir, &fault), STATUS_OK);
    ck_assert_int_eq(chdir(top), 0);
    ck_assert_int_eq(access("unbroken-tour", F_OK), -1);
    ck_assert_int_eq(tour_place_make("unbroken-tour-2/mine.txt", dir, &fault), STATUS_REFUSED);
}
END_TEST

/* ---- forgery --------------------------------------------------------------------------------- */

enum { FORGED_BYTES = 96, MASS_AT = 16 };

static void put_bundle(void)
{
    static const uint8_t mass[] = {0x05, 0x1a, 0x00, 0x2c, 0x67, 0x30}; /* 2,910,000 mg */
    uint8_t file[FORGED_BYTES] = {0};
    int fd = open("case.bundle", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    memcpy(file + MASS_AT, mass, sizeof mass);
    ck_assert_int_eq(write(fd, file, sizeof file), FORGED_BYTES);
    (void)close(fd);
}

static void read_forged(uint8_t out[FORGED_BYTES])
{
    int fd = open("forged.bundle", O_RDONLY | O_CLOEXEC);

    ck_assert_int_eq(read(fd, out, FORGED_BYTES), FORGED_BYTES);
    (void)close(fd);
}

START_TEST(forged)
{
    static const uint8_t other[] = {0x05, 0x1a, 0x00, 0x16, 0x33, 0x98}; /* 1,455,000 mg */
    uint8_t file[FORGED_BYTES];
    struct hasher *hasher = NULL;
    struct hash check;

    put_bundle();
    fault_clear(&fault);
    ck_assert_int_eq(tour_forge(2910000, 1455000, false, &fault), STATUS_OK);
    read_forged(file);
    ck_assert_mem_eq(file + MASS_AT, other, sizeof other);
    ck_assert_uint_eq(file[FORGED_BYTES - 1], 0); /* the check sum as it was */
    ck_assert_int_eq(tour_forge(2910000, 1455000, true, &fault), STATUS_OK);
    read_forged(file);
    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
    hash_data(hasher, view_of(file, FORGED_BYTES - HASH_BYTES - 2), &check);
    ck_assert_mem_eq(file + FORGED_BYTES - HASH_BYTES, check.bytes, HASH_BYTES);
    hasher_close(hasher);
    /* Nothing to change; a mass of another length. */
    (void)unlink("forged.bundle");
    ck_assert_int_eq(tour_forge(2910001, 1455000, true, &fault), STATUS_REFUSED);
    fault_clear(&fault);
    ck_assert_int_eq(tour_forge(2910000, 65535, true, &fault), STATUS_REFUSED);
    ck_assert_int_eq(access("forged.bundle", F_OK), -1);
    suite_write("case.bundle", "short");
    fault_clear(&fault);
    ck_assert_int_eq(tour_forge(2910000, 1455000, true, &fault), STATUS_REFUSED);
}
END_TEST

/* ---- answers --------------------------------------------------------------------------------- */

/* What the story's own objections are, and what goes to the program. */
START_TEST(objections)
{
    static const struct tour_ask box = {.prompt = "Tag", .slot = "tag", .suggested = "{box}", .must = TOUR_BOX};
    static const struct tour_ask typo = {.prompt = "Typo", .slot = "typo", .suggested = "{tusk-wrong}", .wrong = "{tusk-1}"};
    static const struct tour_ask seal = {.prompt = "Seal", .slot = "seal", .suggested = "K-1", .is_seal = true};
    static const struct tour_ask weight = {.prompt = "Weight", .slot = "weight", .suggested = "2910", .is_weight = true};
    struct talk talk;

    fill();
    fault_clear(&fault);
    suite_feed("TRY-8-7\nTRY-11-3 A17\ntry11-3\nTRY-11-4\ntry-8-7\nTRY-8-8\n99\n100000\nheavy\n3000\nheavy\n100\nA 17\nA,17\nA17\n");
    ck_assert_int_eq(talk_open(false, &talk, &fault), STATUS_OK);
    suite_catch(1);
    ck_assert_int_eq(tour_ask(&talk, &state, &box, false), TALK_LINE); /* a tusk's is kindly refused */
    ck_assert_str_eq(state.slots[SLOT_TAG], "try11-3");
    ck_assert_int_eq(tour_ask(&talk, &state, &box, false), TALK_LINE); /* a wrong one is for the program */
    ck_assert_str_eq(state.slots[SLOT_TAG], "TRY-11-4");
    ck_assert_int_eq(tour_ask(&talk, &state, &typo, false), TALK_LINE); /* the right one, where a wrong one is wanted */
    ck_assert_str_eq(state.slots[SLOT_TYPO], "TRY-8-8");
    ck_assert_int_eq(tour_ask(&talk, &state, &weight, false), TALK_LINE);
    ck_assert_str_eq(state.slots[SLOT_WEIGHT], "heavy");
    ck_assert_int_eq(tour_ask(&talk, &state, &weight, false), TALK_LINE);
    ck_assert_str_eq(state.slots[SLOT_WEIGHT], "3000");
    ck_assert_int_eq(tour_ask(&talk, &state, &weight, true), TALK_LINE); /* no program stands behind this one */
    ck_assert_str_eq(state.slots[SLOT_WEIGHT], "100");
    ck_assert_int_eq(tour_ask(&talk, &state, &seal, false), TALK_LINE); /* two seals would keep a scan waiting for the second */
    ck_assert_str_eq(state.slots[SLOT_SEAL], "A17");
    ck_assert_int_eq(tour_ask(&talk, &state, &weight, true), TALK_END);
    (void)suite_caught();
    talk_close(&talk);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {script, worked_out, remembered, hostile_state, directory, forged, objections, NULL};

    return suite_run("tour", tests, NULL);
}
