/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tour_script: the steps, as data. A text says in two or three plain sentences why it matters in court; a command is the one of work.
 * {Slots} are those of tour_state.c.
 */
#include "custody/tour.h"

#define PASS " --passphrase-file pass"

static const struct tour_beat case_beats[] = {
    {.text = "A case holds together all that belongs to one matter. Its docket number ties the prosecutor's paper file to this ledger.",
     .asks = {{.prompt = "Docket number", .slot = "docket", .suggested = "PP 214/2018"}},
     .command = "unbroken case open --docket {docket} --law 'Forestry Law 2002, Article 97' --key officer.key" PASS,
     .kind = TOUR_ACT,
     .after = "That was the real answer of the real program (each begins with a line that says TRAINING; from now on the tour leaves it "
              "out). Your case is {case}. \"Record\" is the number of your entry: signed with your key, and never changed again."},
    {.text = "In court the first questions are: where was it found, by what authority, and who saw it? The search and seizure record "
             "answers them: a form that you fill in. Two people sign it, you and Chea Vanna.\n"
             "\n"
             "\"unbroken form seizure\" prints an empty form. The tour has filled in most of it.",
     .asks = {{.prompt = "The place of the seizure", .slot = "place", .suggested = "Phnom Penh port, yard 3"}},
     .file = "seizure.ini",
     .content = "[seizure]\n"
                "seizure-time = {seized}\n"
                "seizure-place = {place}\n"
                "authority = Authorisation 214/18 of the Phnom Penh prosecutor\n"
                "officer-present = {you}, Customs\n"
                "officer-present = Chea Vanna, Forestry Administration\n"
                "concealment = Among blocks of marble\n"
                "witness = Village chief (made up)\n"
                "witness = Dock worker (made up)\n",
     .show_file = true,
     .command = "unbroken seize {case} seizure.ini --key officer.key --key second.key" PASS,
     .kind = TOUR_ACT,
     .after = "Two keys signed. Neither of you can say later that the other wrote it alone."},
    {.text = NULL},
};

static const struct tour_beat register_beats[] = {
    {.text = "Every thing gets a tag with a number. The numbers are allotted before, so that each is used or made void one day: no tusk can "
             "vanish between two numbers.",
     .command = "unbroken allot 3 --key officer.key" PASS,
     .kind = TOUR_ACT,
     .after = "Your three tags are {tusk-1}, {tusk-2} and {tusk-3}."},
    {.text = "The last character of a tag checks the others. Try it: ask for {tusk-1}, but make a mistake in it, as one does late at night.",
     .asks = {{.prompt = "A tag with a mistake", .slot = "typo", .suggested = "{tusk-wrong}", .wrong = "{tusk-1}"}},
     .command = "unbroken show {typo}",
     .code = 1,
     .after = "A misread tag is noticed at once. In court nobody can say that the tusks were mixed up by a slip of the pen.",
     .otherwise = "That name is right, of something else. Please make a mistake in {tusk-1}, for example {tusk-wrong}."},
    {.text = "Now the things themselves: a list that any spreadsheet can save (CSV). All of it is registered, or nothing is. The weight is "
             "compared at every later weighing: give that of the first tusk. (Try a word instead of a number, if you like.)",
     .asks = {{.prompt = "Weight of the first tusk in grams", .slot = "weight", .suggested = "2910", .is_weight = true}},
     .file = "list.csv",
     .content = "ref,description,species,specimen,quantity,unit,weight_g,marks\n"
                "T-1,whole tusk,Loxodonta africana,TUS,1,piece,{weight},\n"
                "T-2,whole tusk,Loxodonta africana,TUS,1,piece,4120,saw cut\n"
                "T-3,piece of tusk,Loxodonta africana,IVP,1,piece,1850,\n",
     .show_file = true,
     .command = "unbroken register {case} --items list.csv --key officer.key" PASS,
     .kind = TOUR_ACT,
     .after = "The three tusks are yours now, in the ledger too: you hold them until somebody else accepts them."},
    {.text = NULL},
};

static const struct tour_beat box_beats[] = {
    {.text = "Three loose tusks can be exchanged on the way. So they go into a box, and the box gets a tag of its own.",
     .command = "unbroken allot 1 --containers --key officer.key" PASS,
     .kind = TOUR_ACT,
     .after = "The box is {box}."},
    {.text = "The box is registered in the case too: from here on, somebody answers for it.",
     .command = "unbroken register {case} --container {box} --key officer.key" PASS,
     .kind = TOUR_ACT},
    {.text = "From now on the tusks go wherever the box goes. Scan or type the tag of the box.",
     .asks = {{.prompt = "Tag of the box", .slot = "tag", .suggested = "{box}", .must = TOUR_BOX}},
     .command = "unbroken pack {tag} {tusk-1}..{tusk-3} --key officer.key" PASS,
     .kind = TOUR_ACT},
    {.text = "A seal with a number shows whether anybody opened the box in between. Two people sign that it was put on. Its number is "
             "compared at every handover from here on, so read it with care.",
     .asks = {{.prompt = "Number on the seal", .slot = "seal", .suggested = "K-004417", .is_seal = true}},
     .command = "unbroken seal {box} --put-on {seal} --witness 'Village chief (made up)' --key officer.key --key second.key" PASS,
     .kind = TOUR_ACT,
     .after = "Remember that number: {seal}. You will need it twice."},
    {.text = NULL},
};

static const struct tour_beat release_beats[] = {
    {.text = "You hand the box to the custodian of the store, Nguyen Thi Da ({custodian}). Scan its tag, and read its seal: the court wants "
             "to hear that it was whole when it left your hands.",
     .asks = {{.prompt = "Tag of the box", .slot = "tag", .suggested = "{box}", .must = TOUR_BOX},
              {.prompt = "Number that you read on the seal", .slot = "read", .suggested = "{seal}"}},
     .command = "unbroken release {tag} --to {custodian} --purpose storage --found {read} --key officer.key" PASS,
     .kind = TOUR_ACT,
     .after = "The box is in transit now. It stays your responsibility until she accepts it: a handover needs two people, each with a key."},
    {.text = NULL},
};

static const struct tour_beat accept_beats[] = {
    {.text = "Now you are Nguyen Thi Da, the custodian, with her key. The box stands before you. You scan its tag, then its seal; "
             "the program never shows the right number (only the tour does, in brackets), so that it is read and not copied.\n"
             "\n"
             "Read the seal wrong the first time, on purpose. \"--as sealed\" says: accepted unopened, contents not counted.",
     .asks = {{.prompt = "Scan the tag of the box", .slot = "tag", .suggested = "{box}", .must = TOUR_BOX},
              {.prompt = "Its seal, misread", .slot = "read", .suggested = "{seal-wrong}", .wrong = "{seal}"},
              {.prompt = "Scan the tag once more", .slot = "tag", .suggested = "{box}", .must = TOUR_BOX},
              {.prompt = "Its seal, as it is", .slot = "read", .suggested = "{seal}"}},
     .command = "unbroken accept --scan --as sealed --place {store} --key custodian.key" PASS,
     .kind = TOUR_SCAN,
     .after = "The wrong number was refused, the right one taken. Were the seal really another one, you would refuse the box: \"unbroken "
              "refuse\", reason 'seal differs'. Now it is in your custody, and the officer's part has ended."},
    {.text = NULL},
};

static const struct tour_beat open_beats[] = {
    {.text = "The prosecutor wants a tusk weighed. A seal is never opened alone: who opened it, why, and before whom, the court will ask. "
             "You and Chea Vanna sign. First read the seal.",
     .asks = {{.prompt = "Number that you read on the seal", .slot = "read", .suggested = "{seal}"}},
     .command = "unbroken unseal {box} --found {read} --removed {read} --reason weighing --key custodian.key --key second.key" PASS,
     .kind = TOUR_ACT},
    {.text = "The tusks come out, all three. A box has one life: after the last thing is out its tag is closed, and is never used again.",
     .command = "unbroken unpack {box} --all --key custodian.key" PASS,
     .kind = TOUR_ACT},
    {.text = "Now the weight. A tusk dries and becomes a little lighter; a tusk that was exchanged does not weigh the same. So every weighing "
             "stands beside the earlier ones, with its scale. The first tusk was registered with {weight} g.",
     .asks = {{.prompt = "What the scale shows, in grams", .slot = "weighed", .suggested = "{lighter}", .is_weight = true}},
     .command = "unbroken weigh {tusk-1} --net {weighed} --scale 'Kern FKB 16K0.1, no. 7731' --key custodian.key" PASS,
     .kind = TOUR_ACT,
     .after = "A small difference is shown, never hidden. One of over 2 % is refused until it is explained.",
     .otherwise = "The program said why not. At work you would weigh again, and explain what differs. Here please give {lighter}."},
    {.text = NULL},
};

static const struct tour_beat history_beats[] = {
    {.text = "The question that a judge asks: who had it, when, and why? The tusks travelled in the box, so the handover stands in the "
             "history of the box:",
     .command = "unbroken history {box}",
     .after = "Every line is a record with its signatures. There is no line without a name."},
    {.text = "And one tusk, from its tag to now: its lines say when it went into the box and came out.",
     .command = "unbroken history {tusk-1}"},
    {.text = NULL},
};

static const struct tour_beat checkpoint_beats[] = {
    {.text = "A checkpoint is the ledger's head, signed by the station: how many records there are, and one number worked out from all of "
             "them. Give a copy to the court: whoever changes or drops a record later is caught by that paper.",
     .command = "unbroken ledger checkpoint > court.checkpoint",
     .after = "It is a text of a few lines; it can be printed. Every copy in somebody's drawer is a witness."},
    {.text = "The court also needs to know whom to trust. The trust file says so; the court gets it once, from a source that it trusts.",
     .command = "unbroken ledger policy > court.policy"},
    {.text = NULL},
};

static const struct tour_beat bundle_beats[] = {
    {.text = "The prosecutor takes one file to court: all records of the case, and whatever is needed to check them without this "
             "machine and without a network.",
     .command = "unbroken bundle {case} -o case.bundle --force",
     .after = "Nothing can be left out of it unseen: the court's program works out by itself what belongs to the case."},
    {.text = NULL},
};

static const struct tour_beat verify_beats[] = {
    {.text = "You are the judge now, or the expert of the defence, on another machine. You have the file, the trust file, and the "
             "checkpoint from your drawer. unbroken-verify is a program of its own, small enough to be read. (--training: a court does "
             "without it, and then no training ledger passes for evidence.)",
     .command = "unbroken-verify --policy court.policy --training case.bundle --since court.checkpoint",
     .after = "INTACT: nothing altered, nothing left out, everything signed by people in office, and no gap between their hands. Exit code "
              "0. Read the last part once more: it says what was not proven."},
    {.text = NULL},
};

static const struct tour_beat forge_beats[] = {
    {.text = "Now change sides. You are the administrator and own the machine. Half of a tusk was sold, and the file shall agree: the first "
             "tusk, registered with {weight} g, becomes lighter. The tour writes the changed copy to forged.bundle for you.",
     .asks = {{.prompt = "Its new weight in grams", .slot = "forged", .suggested = "{theft}", .is_weight = true}},
     .kind = TOUR_FORGE_BYTE,
     .command = "unbroken-verify --policy court.policy --training forged.bundle",
     .code = 2,
     .after = "Could not check: like a file that was damaged on its way. That is no finding about the records: the court asks for another "
              "copy. Exit code 2."},
    {.text = "A clever administrator puts the file's check sum right too. The same change again, with the check sum made anew:",
     .kind = TOUR_FORGE_SUM,
     .command = "unbroken-verify --policy court.policy --training forged.bundle",
     .code = 1,
     .after = "Caught: this record is not one of those that the station signed. And if he signs everything anew with the station's key, the "
              "officer's signature under the record does not fit any more: he would need the key of each person who signed."},
    {.text = NULL},
};

static const struct tour_beat last_beats[] = {
    {.text = "What all this does not prove. That what was recorded is true: the weight is as honest as who read the scale. That nothing "
             "happened which nobody recorded. That a key was used by its owner: so never lend yours, and never share a passphrase. And "
             "without a checkpoint elsewhere, the newest records could be cut off unseen: so give checkpoints away, often."},
    {.text = "Three commands to remember:\n"
             "\n"
             "unbroken accept --scan    what comes to you, tag by tag and seal by seal\n"
             "unbroken history TAG      who had it, when, and why\n"
             "unbroken COMMAND --help   how any command is used, with an example"},
    {.text = NULL},
};

const struct tour_step tour_steps[] = {
    {"The case, and the search and seizure", case_beats},
    {"Three tusks", register_beats},
    {"Into a box, and sealed", box_beats},
    {"Released to the custodian", release_beats},
    {"The custodian accepts", accept_beats},
    {"Opened before a witness, and weighed", open_beats},
    {"Who had it, when, and why", history_beats},
    {"A checkpoint for the court", checkpoint_beats},
    {"One file for the court", bundle_beats},
    {"The judge checks", verify_beats},
    {"You are the administrator", forge_beats},
    {"What it does not prove", last_beats},
    {NULL, NULL},
};
