// SPDX-License-Identifier: Apache-2.0
// called: what subjects are called and what was last stated of them (SPEC 13.6 *text*, *Called N*), and values as text (16.3).
// Nothing is escaped here but the reason of a deviation: whoever prints a value escapes it.

import { KIND, SUBJECT, CHILD } from './kinds.js';
import { codeName } from './words.js';
import { sheetLines } from './details.js';
import { printedName } from './names.js';
import { escapeText, toUtf8, fromUtf8 } from './text.js';
import { toHex } from './bytes.js';

const REASON = 3, DESCRIPTION = 4, PERSON_NAME = 20, PLACE_NAME = 30, DOCKET = 40, SPECIES = 72, IDENTIFICATION = 112;
const FIRST_TEXTS = new Map([[2, PERSON_NAME], [3, PLACE_NAME], [4, DOCKET], [5, DESCRIPTION], [6, DESCRIPTION]]);
const STATE_TEXTS = [KIND.found, KIND.enrol, KIND.place, KIND.openCase, KIND.register, KIND.sample, KIND.split, KIND.animal,
  KIND.identify];
const LONGEST_TEXT = 400;
const MOST_REASONS = 4;
const CONTINUATION = 0x80;

export const WITHHELD = 'withheld or erased', NOT_STATED = 'not stated';

/** A value of a detail as text (SPEC 16.3), not escaped. */
export function valueText(value) {
  switch (value.kind) {
    case 'text':
      return value.text;
    case 'int':
      return String(value.int);
    case 'bytes':
      return toHex(value.bytes);
    case 'attachment':
      return `${value.mediaType}, ${value.length} bytes, ${toHex(value.hash)}`;
    default:
      return value.list.map(valueText).join('; ');
  }
}

const saysSomething = (text) => text !== '';

/** Name of a subject, and behind it its first text where the file shows one (SPEC 13.6). */
export function called(check, subject) {
  const kept = memoOf(check).called;
  if (!kept.has(subject)) kept.set(subject, calledAnew(check, subject));
  return kept.get(subject);
}

function calledAnew(check, subject) {
  const name = printedName(check.codeName, subject);
  const first = FIRST_TEXTS.get(check.types.get(subject));
  const { text } = first === undefined ? { text: null } : textOf(check, subject, first);
  return text === null ? name : `${name} (${text})`;
}

/**
 * A text of a subject, as last stated.
 * @returns {{text: string|null, word: string, record: object|null}} word: '' or why there is no text; record: who states it
 */
export function textOf(check, subject, name) {
  const thread = check.threads.get(subject) ?? [];
  for (let i = thread.length - 1; i >= 0; i--) {
    const { record } = thread[i];
    if (!statesTexts(check, record)) continue;
    const lines = linesOn(check, record.act, subject, name);
    if (lines.length === 0) continue;
    if (lines.some(({ disclosure }) => disclosure === null)) return { text: null, word: WITHHELD, record };
    const text = cut(lines.map(({ disclosure }) => valueText(disclosure.value)).filter(saysSomething).join('; '));
    return saysSomething(text) ? { text, word: '', record } : { text: null, word: NOT_STATED, record };
  }
  return { text: null, word: NOT_STATED, record: null };
}

/** Species of a thing: its last identification, else what was presumed at first (SPEC 13.6). */
export function speciesOf(check, subject) {
  const identified = textOf(check, subject, IDENTIFICATION);
  if (identified.record === null) {
    const { text, word } = textOf(check, subject, SPECIES);
    return { text, word: text === null ? word : 'presumed' };
  }
  if (identified.text === null) return { text: null, word: identified.word };
  const { kind, code } = corrected(check, identified.record).act;
  if (kind !== KIND.identify) return { text: identified.text, word: 'presumed' };
  return { text: identified.text, word: (code !== null && codeName(kind, code)) || 'unknown' };
}

/** Every detail `reason` of a record, escaped, as SPEC 16.3 says; null where there is none. */
export function reasonOf(check, record) {
  const sheets = [record.act.sheet, ...record.act.entries.map(({ sheet }) => sheet)];
  const reasons = sheets.flatMap((sheet) => sheetLines(check, sheet) ?? []).filter(({ name }) => name === REASON)
    .map(({ disclosure }) => (disclosure === null ? `(${WITHHELD})` : escapeText(valueText(disclosure.value)))).filter(saysSomething);
  if (reasons.length === 0) return null;
  const told = reasons.slice(0, MOST_REASONS).join('; ');
  return reasons.length > MOST_REASONS ? `${told}; and others` : told;
}

/** The record that a correction corrects in the end, or the record itself. Amended records are in the file (V9.11). */
function corrected(check, record) {
  let one = record;
  while (one.act.kind === KIND.correct && one.act.amends !== null) one = check.byIndex.get(one.act.amends.index);
  return one;
}

/** Is it of a kind that states texts, or a correction of such a record? */
function statesTexts(check, record) {
  const { origins } = memoOf(check);
  if (!origins.has(record.index)) origins.set(record.index, STATE_TEXTS.includes(corrected(check, record).act.kind));
  return origins.get(record.index);
}

/** The lines of a name that state a text of a subject: of its entry, else of the act where that can mean nothing else. */
function linesOn(check, act, subject, name) {
  const entry = act.entries.find((one) => one.subject === subject);
  if (entry.role !== SUBJECT && entry.role !== CHILD) return [];
  const own = linesNamed(check, entry.sheet, name);
  const ofAct = act.kind === KIND.identify || (act.entries.length === 1 && act.kind !== KIND.correct);
  return own.length === 0 && ofAct ? linesNamed(check, act.sheet, name) : own;
}

/** The lines of a sheet that have a name, found once for all subjects: an act's sheet is asked for each of its things. */
function linesNamed(check, sheet, name) {
  if (sheet === null) return [];
  const { sheets } = memoOf(check);
  const key = toHex(sheet);
  if (!sheets.has(key)) sheets.set(key, byName(sheetLines(check, sheet) ?? []));
  return sheets.get(key).get(name) ?? [];
}

function byName(lines) {
  const named = new Map();
  for (const line of lines) {
    if (!named.has(line.name)) named.set(line.name, []);
    named.get(line.name).push(line);
  }
  return named;
}

/** At most 400 bytes of whole characters, and an ellipsis where something was cut off. */
function cut(text) {
  const bytes = toUtf8(text);
  if (bytes.length <= LONGEST_TEXT) return text;
  let end = LONGEST_TEXT;
  while ((bytes[end] & 0xc0) === CONTINUATION) end--;
  return `${fromUtf8(bytes.subarray(0, end))}…`;
}

function memoOf(check) {
  check.texts ??= { called: new Map(), origins: new Map(), sheets: new Map() };
  return check.texts;
}
