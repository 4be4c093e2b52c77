// SPDX-License-Identifier: Apache-2.0
// court: what a court will ask about each breach, and who can answer (SPEC 16.4).

import { called } from './called.js';
import { sortedFindings } from './sorted.js';
import { escapeText } from './text.js';
import { officeName } from './words.js';

const MOST_RECORDS = 10;

/** SPEC 16.4, in its order and words. */
const QUESTIONS = new Map([
  ['deviation', ['Why was the rule not kept, and who decided that?', 'Who was there and saw it?']],
  ['signers-rule', ['By what right did these people sign this, when the rule asks for somebody else?',
    'Who should have signed, and where was that person?']],
  ['seal-differs', ['Which seal was on it, and who opened or changed it, when, and before whom?',
    'How does the court know that what is inside was not exchanged?']],
  ['pieces', ['Where are the pieces that are missing, or where do those come from that are too many?',
    'Who counted, and before whom?']],
  ['mass', ['What became of the mass that is missing, or where does the mass come from that is too much?',
    'Which scale was it, and when was it calibrated?']],
  ['missing', ['Where is it, and when was it last seen, by whom?', 'Who has the key to the place where it should be?']],
  ['overdue', ['Where was it after the time by which it should have arrived?',
    'Who noticed that it was late, and what was done?']],
  ['unanswered', ['Who has it? It was released, and nobody has confirmed that it arrived.']],
  ['unseen', ['Did those who signed know what had happened to it in the meantime?']],
  ['state', ['By the records this could not be done to it then: what happened in truth, and in which order?']],
  ['packed', ['Was it in the container or not, and how was it reached?']],
  ['container', ['What was put in or taken out, by whom, and was the container open?',
    'How does the court know what was in it before?']],
  ['void', ['Why does something carry a number that was declared void?', 'What is it, and where does it come from?']],
  ['superseded', ['Where is the label that was printed later, and why is the old one still on something?']],
  ['correction', ['What was corrected, who asked for that, and what does the record say without the correction?']],
  ['orphan', ['Who signed the late act that was taken over, and why was it not recorded in its time?']],
  ['must-state', ['Why was this not written down, and who knows what should stand there?']],
  ['not-open', ['Which handover does this answer? That one was not open.']],
  ['print', ['How many labels with this number are there, and where is each of them?']],
  ['other', ['What was broken at the other station, and does it touch this case?']],
]);

/**
 * @param {object} check V12 passed, or left out
 * @returns {Array<{code: string, questions: string[], records: Array<{record: number, who: string}>, more: boolean}>}
 */
export function courtQuestions(check) {
  const recordsOf = new Map();
  for (const { code, record } of sortedFindings(check, true)) {
    if (!QUESTIONS.has(code)) continue;
    if (!recordsOf.has(code)) recordsOf.set(code, new Set());
    if (record !== null) recordsOf.get(code).add(record);
  }
  return [...recordsOf].map(([code, records]) => ({
    code,
    questions: QUESTIONS.get(code),
    records: [...records].slice(0, MOST_RECORDS).map((record) => ({ record, who: signersOf(check, record) })),
    more: records.size > MOST_RECORDS,
  }));
}

/** The signers of a record, each called (SPEC 13.6) and with the office of the signature. */
export function signersOf(check, record) {
  const { act } = check.byIndex.get(record);
  return act.signers.map(({ person, capacity }) => {
    const who = escapeText(called(check, person));
    return capacity === 0 ? who : `${who}, ${officeName(capacity) || capacity}`;
  }).join('; ');
}
