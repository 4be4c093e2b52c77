// SPDX-License-Identifier: Apache-2.0
//
// codes: the sentence for each code of a verdict, in plain words: of breaches and findings the headings of the printed report, of stops and notes our
// own. The verifier's own sentence, which names record and number, stands beside it. No judgement is made here.

const TITLES = new Map([
  ['missing', 'Missing: a stock-take did not find it'],
  ['seal-differs', 'Other seals were found than should have been there'],
  ['pieces', 'The number of pieces does not add up'],
  ['mass', 'The mass does not add up'],
  ['unanswered', 'Released, and for more than 30 days nobody confirmed that it arrived'],
  ['overdue', 'Late: it arrived after its time, or has not arrived'],
  ['deviation', 'A rule was not kept, and the signers say so'],
  ['signers-rule', 'Signed by other people than the rule asks for'],
  ['unseen', 'Signed without having seen what was recorded before'],
  ['state', 'An act that could not be done to it then'],
  ['packed', 'An act on a thing that was packed in a container'],
  ['container', 'A container was filled, emptied or closed against the rules'],
  ['void', 'A number that was declared void is in use'],
  ['superseded', 'An old label is still in use'],
  ['correction', 'A correction of what was not there to be corrected'],
  ['orphan', 'A late act was taken over and does not hold'],
  ['must-state', 'Something that must be stated is not'],
  ['not-open', 'An answer to a handover that was not open'],
  ['print', 'Labels were not printed in order'],
  ['key-doubted', 'Signed with a key that was later doubted'],
  ['key-not-endorsed', 'Signed with a new key that the old key did not endorse'],
  ['clock', "The station's clock went back, or stood still for long"],
  ['logged', "The station's clock and its witnesses contradict each other"],
  ['quote', 'What is quoted as a checkpoint proves no time'],
  ['carried', 'Said to come from another ledger, but not from the one that this one succeeds as its founders knew it'],
  ['succeeded-later', 'The ledger before this one went on after its founders had ended it'],
  ['claimed', 'The time stated by the signers is more than a day from the time logged'],
  ['in-transit', 'Still in transit or out at the end'],
  ['drift', 'The weight changed between two weighings'],
  ['attachment-absent', 'A file that a record names is not in the bundle'],
  ['corrected', 'Corrected later'],
  ['token', 'A time stamp could not be used'],
  ['other', 'Custody is broken in the file of another ledger that is inside'],
]);

const REASONS = new Map([
  ['transport', 'The file is damaged or cut off: it is not as it was written. Get another copy of it.'],
  ['version', 'The file is of another version than this page knows.'],
  ['unreadable', 'The file is damaged, or is nothing that this page can read.'],
  ['policy', "The court's policy is not in order."],
  ['origin', "The court's policy does not name this ledger."],
  ['unsigned', 'No signature under it is by a key that the policy names for this ledger.'],
  ['checkpoint', "The station's signature does not hold."],
  ['cosignature', "A witness's signature does not hold."],
  ['quorum', 'Fewer witnesses have signed than the policy asks for.'],
  ['malformed', 'A record is not in the form that every record has.'],
  ['not-in-tree', 'A record is not among those that the station signed for.'],
  ['chain', 'A record does not continue the one before it.'],
  ['ledger-id', 'The founding of the ledger is not the one that its name stands for.'],
  ['training', 'This is a training ledger: its records are exercises.'],
  ['heads', 'The file does not end with the list of who has how many records.'],
  ['malformed-leaf', 'What is said about the number of records is not in its form.'],
  ['leaf', 'What is said about the number of records was not signed by the station.'],
  ['never-issued', 'This number was never issued.'],
  ['thread', 'The records of one subject are not those that the station signed for, or not in their order.'],
  ['incomplete', 'Something is left out: records or people that must be in the file are missing.'],
  ['foreign', 'A record belongs to another ledger.'],
  ['replayed', 'One signed act was entered twice.'],
  ['links', 'A record says that it is about other subjects than its signers signed for.'],
  ['opening', 'A number was opened by a record that cannot open it.'],
  ['unknown-kind', 'A record is of a kind that this page does not know.'],
  ['malformed-act', 'What was signed is not in the form of its kind.'],
  ['signers', 'One person or one key stands twice among the signers.'],
  ['key', "A signer's key was not in force then."],
  ['signature', 'A signature does not match what was signed.'],
  ['office', 'A signer did not hold the office then.'],
  ['authority', 'Fewer registrars have signed than the founders laid down.'],
  ['key-reused', 'The key of one person was given to another.'],
  ['seen', 'The history is not the one that the signers saw when they signed.'],
  ['surplus', 'Something is in the file that does not belong in it.'],
  ['amends', 'A correction or erasure names a record that is not there as it says.'],
  ['incomplete-sheet', 'A list of details is missing.'],
  ['malformed-sheet', 'A list of details is not in its form.'],
  ['detail', 'A detail is not the one that was signed for.'],
  ['withheld', 'A detail is left out, and no order in the file allows that.'],
  ['limits', 'The file is larger than this page can check.'],
  ['anchor', 'An older state of the ledger in the file does not fit with it.'],
  ['station-key', 'It is not signed with the key that the station had then.'],
  ['vouched', 'A later state of the ledger in the file does not fit with it.'],
  ['auditors', 'The policy names auditors, and too few of them have signed.'],
  ['fork', 'There are two histories that contradict each other.'],
  ['since-unreadable', 'The older paper or file cannot be used.'],
  ['stale', 'The file is older than it must be.'],
  ['since-unproven', 'The file does not show that it continues the older paper.'],
  ['other', 'The file of another ledger that is inside does not pass.'],
  ['succession', 'The ledger before this one is not the one that the founders named.'],
  ['not-a-tag', 'This is no tag of evidence.'],
  ['check-character', 'The name was misread or mistyped: its check character is wrong.'],
  ['other-ledger', 'The tag belongs to another ledger.'],
  ['not-in-bundle', 'The file does not cover this tag.'],
  ['no-exhibit', 'What this is to show is no contradiction.'],
  ['false-heads', 'The station signed that there were fewer records than there are.'],
  ['certificate', 'The certified statement says something else than the records.'],
  ['certifier', 'The certificate was not signed by somebody who was in that office.'],
  ['orphan', 'A late act is withheld: custody cannot be judged.'],
  ['answers', 'An answer names a handover that is not among the records of the thing.'],
  ['between', 'The two files contradict each other.'],
  ['libraries', 'Two ways to check one signature disagree.'],
]);

/** The heading of a breach or finding, as an msgid. */
export const titleOf = (code) => TITLES.get(code) ?? 'Something else was found';

/** The sentence of a stop or note, as an msgid; null of a code that is not known. */
export const reasonOf = (code) => REASONS.get(code) ?? null;

/** The groups of a list by code, in the order in which the codes come. */
export const byCode = (list) => {
  const groups = new Map();
  for (const item of list) {
    if (!groups.has(item.code)) groups.set(item.code, []);
    groups.get(item.code).push(item);
  }
  return [...groups];
};

const ACTS = new Map([['found', 'founding of the ledger'], ['heads', 'heads: who has how many records'], ['unknown', 'act of unknown kind']]);

/** An act's name as an msgid: `found` is another word where a stock-take found something. */
export const actOf = (name) => ACTS.get(name) ?? name;
