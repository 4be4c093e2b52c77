// SPDX-License-Identifier: Apache-2.0
// tags: whether a scanned tag is one of this bundle, and of which print (SPEC 3.2, V15 of `--tag`).

import { toBase32 } from './bytes.js';
import { Stop, addNote } from './check.js';
import { checkCharacter, isCode, printedName } from './names.js';
import { behindAddress } from './paper.js';

const VOID = 11;
const LEDGER_BYTES = 10;
const MAX_NAME = 40;
const MAX_TEXT = 4096;

/** As people and scanners give it: blanks at the ends left out, lower case and Khmer digits for what they mean. */
function plainly(text) {
  return text.replace(/^[ \t\r\n\u200b]+/, '').replace(/[a-z\u17e0-\u17e9]/g, (character) => (character <= 'z'
    ? character.toUpperCase() : String(character.charCodeAt(0) - 0x17e0)));
}

/** Without blanks at the end; a loop, for a regular expression would look at each blank of a long row anew. */
function trimEnd(text) {
  let end = text.length;
  while (end > 0 && ' \t\r\n\u200b'.includes(text[end - 1])) end--;
  return text.slice(0, end);
}

const isNumeral = (digits) => /^(0|[1-9][0-9]{0,15})$/.test(digits) && Number.isSafeInteger(Number(digits));

/** A name whose code has that many characters, or null. */
function nameOf(plain, length) {
  const code = plain.slice(0, length);
  const found = /^-?([0-9]{1,16})-?([0-9A-Z])$/.exec(plain.slice(length));
  if (!isCode(code) || found === null || !Number.isSafeInteger(Number(found[1]))) return null;
  const isChecked = checkCharacter(code + found[1]) === found[2];
  if (isChecked && !isNumeral(found[1])) return null;
  return { code, subject: Number(found[1]), isChecked };
}

function readPlainName(plain, ownCode) {
  if (plain.length > MAX_NAME) return null;
  const fits = [2, 3, 4, 5, 6, 7, 8].map((length) => nameOf(plain, length)).filter((name) => name !== null);
  return fits.find(({ code }) => code === ownCode) ?? fits[0] ?? null;
}

/**
 * A printed name as people type it (SPEC 3.2).
 * @param {string} text
 * @param {string|null} [ownCode]  the code of the ledger that is asked
 * @returns {{code: string, subject: number, isChecked: boolean}|null}
 */
export function readName(text, ownCode = null) {
  return text.length > MAX_TEXT ? null : readPlainName(trimEnd(plainly(text)), ownCode);
}

/**
 * A tag's text, or a name alone, behind an address or not (SPEC 3.2, 13.1).
 * @param {string} text
 * @param {string|null} [ownCode]
 * @returns {{code: string, subject: number, isChecked: boolean, ledger: string|null, print: number|null}|null}
 */
export function readTag(text, ownCode = null) {
  if (text.length > MAX_TEXT) return null;
  const plain = trimEnd(plainly(behindAddress(text)));
  const [version, name, ledger, print, ...more] = plain.split('/');
  if (name === undefined) {
    const alone = readPlainName(plain, ownCode);
    return alone === null ? null : { ...alone, ledger: null, print: null };
  }
  const read = readName(name, ownCode);
  const isTag = version === 'U1' && read !== null && print !== undefined && more.length === 0
    && /^[A-Z2-7]{16}$/.test(ledger) && isNumeral(print);
  return isTag ? { ...read, ledger, print: Number(print) } : null;
}

/** The first 80 bits of a ledger-id, as a tag has them. */
export const tagLedger = (ledgerId) => toBase32(ledgerId.subarray(0, LEDGER_BYTES)).toUpperCase();

function addBreach(check, code, subject, text) {
  check.findings.push({ breach: true, code, record: null, subject, text, reason: null });
}

function judgeThing(check, { subject, print }) {
  const thing = check.custody?.things.get(subject);
  if (thing === undefined) return;
  if (thing.closedBy === VOID) {
    addBreach(check, 'void', subject, 'the tag is void: its number was never used for a thing');
  }
  if (print !== null && thing.prints > 0 && thing.prints !== print) {
    addBreach(check, 'superseded', subject, 'the tag is not the latest print of its label');
  }
}

function checkTag(check, text) {
  const tag = readTag(text, check.codeName);
  if (tag === null) {
    addNote(check, 'not-a-tag', {}, 'the text is neither a tag of this format nor a name');
  } else if (!tag.isChecked) {
    addNote(check, 'check-character', {}, 'the check character is wrong: the name was misread or mistyped');
  } else if (tag.code !== check.codeName || ![null, tagLedger(check.ledgerId)].includes(tag.ledger)) {
    throw new Stop(1, 'other-ledger', {}, 'the tag is of another ledger');
  } else if (tag.subject >= check.M) {
    const name = printedName(tag.code, tag.subject);
    throw new Stop(1, 'never-issued', { subject: tag.subject }, `${name} was never issued by this ledger`);
  } else if (!check.leaves.has(tag.subject)) {
    addNote(check, 'not-in-bundle', { subject: tag.subject }, 'the thing is not in this file');
  } else {
    judgeThing(check, tag);
  }
}

/**
 * Judges each tag that was asked about.
 * @param {object} check
 */
export function checkTags(check) {
  for (const text of check.options.tags) checkTag(check, text);
}
