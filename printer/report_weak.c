/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_weak: the table of topics: breaches as SPEC 7.3 names them, findings of 7.3.17c, and patterns (codes "p-...").
 */
#include "printer/report_weak.h"

#include <string.h>

static const struct weak_topic topics[] = {
    { "missing", N_("Missing: a stock-take did not find it"), { NULL, NULL }, false },
    { "seal-differs", N_("Other seals were found than should have been there"), { NULL, NULL }, false },
    { "pieces", N_("The number of pieces does not add up"), { NULL, NULL }, false },
    { "mass", N_("The mass does not add up"), { NULL, NULL }, false },
    { "unanswered", N_("Released, and for more than 30 days nobody confirmed that it arrived"), { NULL, NULL }, false },
    { "overdue", N_("Late: it arrived after its time, or has not arrived"), { NULL, NULL }, false },
    { "deviation", N_("A rule was not kept, and the signers say so"), { NULL, NULL }, false },
    { "signers-rule", N_("Signed by other people than the rule asks for"), { NULL, NULL }, false },
    { "unseen", N_("Signed without having seen what was recorded before"), { NULL, NULL }, false },
    { "state", N_("An act that could not be done to it then"), { NULL, NULL }, false },
    { "packed", N_("An act on a thing that was packed in a container"), { NULL, NULL }, false },
    { "container", N_("A container was filled, emptied or closed against the rules"), { NULL, NULL }, false },
    { "void", N_("A number that was declared void is in use"), { NULL, NULL }, false },
    { "superseded", N_("An old label is still in use"), { NULL, NULL }, false },
    { "correction", N_("A correction of what was not there to be corrected"), { NULL, NULL }, false },
    { "orphan", N_("A late act was taken over and does not hold"), { NULL, NULL }, false },
    { "must-state", N_("Something that must be stated is not"), { NULL, NULL }, false },
    { "not-open", N_("An answer to a handover that was not open"), { NULL, NULL }, false },
    { "print", N_("Labels were not printed in order"), { NULL, NULL }, false },
    { "p-self", N_("The same person stands on both sides of a handover"),
      { N_("Who else saw that it was handed over at all?"), N_("Why did nobody else receive it?") }, true },
    { "p-no-office", N_("It was with somebody who had no office, or whose key was revoked"),
      { N_("By what right did this person have it, and who had the keys to the store?"), NULL }, true },
    { "p-same-seal", N_("The same seal number was put on more than one thing"),
      { N_("How can one seal be on two things? Which of the two numbers was read wrongly, or are there two such seals?"), NULL }, true },
    { "p-contents", N_("A count stated of a container is not the number of what is in it"),
      { N_("What was counted, and what was in the container then?"), NULL }, true },
    { "key-doubted", N_("Signed with a key that was later doubted"), { N_("Who could use this key at that time, and who says that its owner signed this?"), NULL }, false },
    { "key-not-endorsed", N_("Signed with a new key that the old key did not endorse"), { N_("How is it known that the new key belongs to the same person?"), NULL }, false },
    { "clock", N_("The station's clock went back, or stood still for long"), { N_("Which of the logged times can be relied on, and who looks after the clock?"), NULL }, false },
    { "logged", N_("The station's clock and its witnesses contradict each other"), { N_("Which of the logged times can be relied on, and who looks after the clock?"), NULL }, false },
    { "quote", N_("What is quoted as a checkpoint proves no time"), { NULL, NULL }, false },
    { "carried", N_("Said to come from another ledger, but not from the one that this one succeeds as its founders knew it"), { NULL, NULL }, false },
    { "succeeded-later", N_("The ledger before this one went on after its founders had ended it"), { N_("Who went on with the old ledger, and why is that not in this one?"), NULL }, false },
    { "p-clock-set", N_("The station's clock was set"), { N_("Why was the clock set, and which times before that are wrong?"), NULL }, true },
    { "claimed", N_("The time stated by the signers is more than a day from the time logged"),
      { N_("When did this happen in truth, and why was it recorded at another time?"), NULL }, false },
    { "p-claimed", N_("The time stated by the signers is more than an hour from the time logged"),
      { N_("When did this happen in truth, and why was it recorded at another time?"), NULL }, true },
    { "p-late-entry", N_("Recorded late: signed at one time, entered at another"), { N_("Where were the signed acts until they were entered, and who kept them?"), NULL }, true },
    { "p-long-transit", N_("In transit for more than a day"), { N_("Where was it in the meantime, under whose eyes, and was it under lock?"), NULL }, true },
    { "in-transit", N_("Still in transit or out at the end"), { N_("Where is it now, and when will its arrival be confirmed?"), NULL }, false },
    { "p-silence", N_("Nothing was recorded of it for more than 90 days"), { N_("Who can say that nobody went near it in all that time?"), NULL }, true },
    { "drift", N_("The weight changed between two weighings"), { N_("Does such a thing lose or gain so much by itself, and were the same scales used?"), NULL }, false },
    { "p-discrepant", N_("Refused, or accepted with a discrepancy"), { N_("What was wrong with it, and how was that cleared up?"), NULL }, true },
    { "p-unsealed", N_("Handed over without a seal"), { N_("How does the court know that nothing was exchanged on the way?"), NULL }, true },
    { "p-no-witness", N_("A seal was opened, and no witness beside the signers is named"), { N_("Who beside the officers saw it opened?"), NULL }, true },
    { "p-not-counted", N_("Accepted sealed: what was inside was not counted"), { N_("Who was the last to count what is inside, and when?"), NULL }, true },
    { "p-one-agency", N_("Both sides of the handover are of one agency"), { N_("Did anybody from outside the agency see it?"), NULL }, true },
    { "p-no-photograph", N_("No photograph is attached"), { N_("How does the court know what it looked like when it was seized?"), NULL }, true },
    { "p-never-weighed", N_("No weight was ever recorded"), { N_("How is the quantity known that the charge rests on?"), NULL }, true },
    { "attachment-absent", N_("A file that a record names is not in the bundle"), { N_("Where is the file, and can it be produced?"), NULL }, false },
    { "corrected", N_("Corrected later"), { N_("What was corrected, who asked for that, and what does the record say without the correction?"), NULL }, false },
    { "p-withheld", N_("Details are withheld under an order"), { N_("May the defence see them, and who decided that it may not?"), NULL }, true },
    { "p-erased", N_("Details were erased under an order"), { N_("What was erased, and does anybody still have it?"), NULL }, true },
    { "other", N_("Something else was found"), { NULL, NULL }, false },
};

const struct weak_topic *weak_topics(size_t *count)
{
    *count = sizeof topics / sizeof topics[0];
    return topics;
}

const char *weak_title(const char *code)
{
    size_t last = sizeof topics / sizeof topics[0] - 1, i = 0;
    while (i < last && strcmp(topics[i].code, code) != 0) {
        i++;
    }
    return topics[i].title;
}
