// SPDX-License-Identifier: Apache-2.0
// lines: all that a certificate's page may say as fact, as label, value and word (SPEC 13.6).

import { toBase64, toHex } from './bytes.js';
import { called, speciesOf, textOf } from './called.js';
import { signersOf } from './court.js';
import { effectiveOf } from './state.js';
import { sortedFindings } from './sorted.js';
import { kinds } from './kinds.js';
import { printedName } from './names.js';
import { certificateNumber } from './statement.js';
import { isCustodyOpen } from './status.js';
import { compareText, escapeText } from './text.js';
import { formatLocal, formatTime } from './times.js';
import { codeName, detailNumber, officeName, typeName } from './words.js';

const NOT_STATED = 'not stated';
const VOID = 11;
const PLACE_KIND = 8;
const [PERSON, PLACE, CASE] = [2, 3, 4];

const line = (label, value, word = null, subject = null) => ({ label, value: escapeText(value), word, subject });

/** A line of a text that may have a word for why there is none. */
const wordedLine = (label, { text, word }, subject) => line(label, text ?? '', word || null, subject);

/** A line of a value that may never have been stated. */
const stated = (label, value, subject) => (value === null ? line(label, '', NOT_STATED, subject)
  : line(label, value, null, subject));

function textLine(check, label, subject, name) {
  return wordedLine(label, textOf(check, subject, detailNumber(name)), subject);
}

const officeWord = (office) => officeName(office) || String(office);

function certifierLines(check, statement) {
  const { person, capacity } = statement.certifier;
  return [
    line('Certificate', certificateNumber(statement.bytes)),
    line('Certified by', called(check, person), null, person),
    line('Office', '', officeWord(capacity), person),
    textLine(check, 'Agency', person, 'agency'),
    line('Certified at', formatLocal(statement.made, statement.offset)),
    line('Form', statement.template),
  ];
}

function ledgerLines(check) {
  const { succeeds } = check.founding;
  const succession = succeeds === null ? []
    : [line('Succeeds', `${toHex(succeeds.ledger)}, ${succeeds.size}, ${toBase64(succeeds.root)}`)];
  return [
    line('Ledger', check.originLine, check.training ? 'training ledger, not evidence' : null),
    line('Ledger id', toHex(check.ledgerId)),
    line('Code of names', check.codeName),
    ...succession,
    line('Records in the ledger', String(check.n)),
    line('Root', toBase64(check.root)),
    line('Last record logged', formatTime(check.byIndex.get(check.n - 1).logged)),
  ];
}

function witnessLines({ witnesses }) {
  if (witnesses.length === 0) return [line('Witnessed by', '', 'no witness of the policy')];
  // A name of the policy is escaped already.
  return witnesses.map(({ name, time, auditor }) => (
    { ...line('Witnessed by', ''), value: `${name}, ${formatTime(time)}`, word: auditor ? 'auditor' : null }));
}

function resultLines(check, statement) {
  const result = statement.status === 0 ? 'intact, and custody unbroken' : 'intact, but a rule of custody is broken';
  return [
    line('Bundle', toHex(check.bundle.check)),
    line('Records in the bundle', String(check.records.length)),
    line('Policy', toHex(statement.policy)),
    line('Result', '', result),
    line('Breaches', String(statement.breaches)),
    line('Findings', String(statement.findings)),
    line('Details withheld or erased', String(statement.withheld)),
  ];
}

/** A breach or finding, and behind a deviation the reason that it states, which is escaped already. */
function findingLines(label, { record, code, text, subject, reason }) {
  const lines = [line(label, record === null ? text : `record ${record}: ${text}`, code, subject)];
  if (label === 'Breach' && code === 'deviation') {
    lines.push(reason === null ? line('Reason stated', '', NOT_STATED) : { ...line('Reason stated', ''), value: reason });
  }
  return lines;
}

function exceptionLines(check) {
  const [breaches, findings] = [sortedFindings(check, true), sortedFindings(check, false)];
  const isAtRecord = ({ record }) => record !== null;
  return [
    ...breaches.filter(isAtRecord).flatMap((breach) => findingLines('Breach', breach)),
    ...findings.filter(isAtRecord).flatMap((finding) => findingLines('Finding', finding)),
    ...breaches.filter(({ code }) => code === 'other').flatMap((breach) => findingLines('Breach', breach)),
  ];
}

const threadLine = (check, subject) => line('Records in its thread', String(check.leaves.get(subject).count), null, subject);

function aboutAsked(check, subject) {
  switch (check.types.get(subject)) {
    case CASE: return [
      line('Case', printedName(check.codeName, subject), null, subject),
      textLine(check, 'Docket', subject, 'docket'),
      textLine(check, 'Law', subject, 'law'),
      textLine(check, 'Court', subject, 'court'),
    ];
    case PERSON: return [
      line('Person', called(check, subject), null, subject),
      textLine(check, 'Agency', subject, 'agency'),
    ];
    case PLACE: return [line('Place', called(check, subject), null, subject)];
    default: return [line('Asked for', '', 'the ledger itself', subject)];
  }
}

const isThing = (check, subject) => check.custody.things.has(subject);

function askedLines(check) {
  return check.bundle.asked.filter((subject) => !isThing(check, subject))
    .flatMap((subject) => [...aboutAsked(check, subject), threadLine(check, subject)]);
}

/** Milligrams in kilograms with six decimals. */
const kilograms = (mg) => `${Math.floor(mg / 1e6)}.${String(mg % 1e6).padStart(6, '0')} kg`;

function sealsLine(subject, seals) {
  const numbers = [...seals].sort(compareText);
  return numbers.length === 0 ? line('Seals', '', 'none', subject) : line('Seals', numbers.join(', '), null, subject);
}

function thingLines(check, subject) {
  const thing = check.custody.things.get(subject);
  const outer = effectiveOf(check.custody, subject);
  const calledOrNull = (other) => (other === null ? null : called(check, other));
  const state = thing.closedBy === VOID ? 'void' : outer.state;
  const missing = thing.missing === null ? []
    : [line('Not found at the stock-take of', `record ${thing.missing}`, null, subject)];
  const packed = thing.container === null ? [] : [line('Packed in', called(check, thing.container), null, subject)];
  return [
    line('Thing', printedName(check.codeName, subject), typeName(check.types.get(subject)), subject),
    textLine(check, 'Description', subject, 'description'),
    wordedLine('Species', speciesOf(check, subject), subject),
    stated('Pieces', thing.pieces === null ? null : String(thing.pieces), subject),
    stated('Net mass', thing.net === null ? null : kilograms(thing.net), subject),
    sealsLine(subject, thing.seals),
    line('State', '', state, subject),
    ...missing,
    stated('Holder', calledOrNull(outer.holder), subject),
    ...packed,
    stated('Place', calledOrNull(outer.place), subject),
    stated('Case', calledOrNull(thing.case), subject),
    threadLine(check, subject),
  ];
}

function thingsLines(check) {
  const asked = new Set(check.bundle.asked);
  const isTold = ([subject, thing]) => asked.has(subject) || (thing.case !== null && asked.has(thing.case));
  return [...check.custody.things].filter(isTold).map(([subject]) => subject).sort((a, b) => a - b)
    .flatMap((subject) => thingLines(check, subject));
}

/** Consecutive numbers as [first, last]. */
function rangesOf(subjects) {
  const ranges = [];
  for (const subject of subjects) {
    const last = ranges[ranges.length - 1];
    if (last !== undefined && last[1] + 1 === subject) last[1] = subject;
    else ranges.push([subject, subject]);
  }
  return ranges;
}

function thingsOf(check, { entries }) {
  const name = (subject) => printedName(check.codeName, subject);
  return rangesOf(entries.map(({ subject }) => subject).filter((subject) => isThing(check, subject)))
    .map(([first, last]) => (first === last ? name(first) : `${name(first)}..${name(last)}`)).join(', ');
}

function receiverOf(check, { to }) {
  if (to === null || (to.person === null && to.office === null)) return '';
  return to.person !== null ? `; to ${escapeText(called(check, to.person))}` : `; to any ${officeWord(to.office)}`;
}

/** Signers and receivers are escaped already. */
function recordLine(check, { index, logged, act }) {
  const code = act.code === null ? '' : codeName(act.kind, act.code);
  const things = thingsOf(check, act);
  const value = `${index}, ${formatTime(logged)}${code === '' ? '' : `, ${code}`}${act.deviation ? ', deviation' : ''}`
    + `, by ${signersOf(check, index)}${receiverOf(check, act)}${things === '' ? '' : `; ${things}`}`;
  return { ...line('Record', ''), value, word: kinds[act.kind].name };
}

const recordLines = (check) => check.records.filter(({ act }) => act !== null && act.kind >= PLACE_KIND)
  .map((record) => recordLine(check, record));

/**
 * The certified lines of a certificate that nothing stopped; none where custody could not be judged to the end.
 * @param {object} check
 * @param {import('./statement.js').Statement} statement
 * @returns {{label: string, value: string, word: string|null, subject: number|null}[]}  values escaped
 */
export function certifiedLines(check, statement) {
  if (isCustodyOpen(check)) return [];
  return [
    ...certifierLines(check, statement),
    ...ledgerLines(check),
    ...witnessLines(check),
    ...resultLines(check, statement),
    ...exceptionLines(check),
    ...askedLines(check),
    ...thingsLines(check),
    ...recordLines(check),
  ];
}
