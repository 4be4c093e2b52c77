// SPDX-License-Identifier: Apache-2.0
// tags: whether a scanned tag is one of this bundle, and of which print (SPEC 3.2, V15 of `--tag`).

import { toBase32 } from './bytes.js';
import { Stop, addNote } from './check.js';
import { checkCharacter, printedName } from './names.js';
import { behindAddress } from './paper.js';
import { isCustodyOpen } from './status.js';

const VOID = 11;
const LEDGER_BYTES = 10;

/** Khmer digits as the digits that a Khmer keyboard means (SPEC 3.2). */
const westernDigits = (text) => text.replace(/[\u17e0-\u17e9]/g, (digit) => String(digit.charCodeAt(0) - 0x17e0));

/**
 * A printed name as people type it (SPEC 3.2): lower case, without hyphens, with spaces at the ends, in Khmer digits.
 * Where hyphens are missing, the last character is the check, the digits before it the number.
 * @param {string} text
 * @returns {{code: string, subject: number, isChecked: boolean}|null}
 */
export function readName(text) {
  const plain = westernDigits(text).replace(/^ +| +$/g, '').toUpperCase();
  if (plain.length > 40) return null;
  const found = /^([A-Z][A-Z0-9]{1,7})-(0|[1-9][0-9]{0,15})-([0-9A-Z])$/.exec(plain);
  return found === null ? nameWithoutHyphens(plain.replaceAll('-', '')) : nameOf(found[1], found[2], found[3]);
}

function nameOf(code, digits, check) {
  const subject = Number(digits);
  if (!Number.isSafeInteger(subject)) return null;
  return { code, subject, isChecked: checkCharacter(`${code}${digits}`) === check };
}

/** A code may end in digits: the number begins behind its last letter. */
function nameWithoutHyphens(plain) {
  const found = /^([A-Z][A-Z0-9]{0,6}[A-Z])(0|[1-9][0-9]{0,15})([0-9A-Z])$/.exec(plain);
  return found === null ? null : nameOf(found[1], found[2], found[3]);
}

/**
 * A tag's text (SPEC 3.2), behind an address or not.
 * @param {string} text
 * @returns {{code: string, subject: number, isChecked: boolean, ledger: string, print: number}|null}
 */
export function readTag(text) {
  const found = /^U1\/([^/]{1,60})\/([A-Z2-7]{16})\/([1-9][0-9]{0,15})$/.exec(behindAddress(text));
  const name = found === null ? null : readName(found[1]);
  const print = found === null ? 0 : Number(found[3]);
  return name === null || !Number.isSafeInteger(print) ? null : { ...name, ledger: found[2], print };
}

/** The first 80 bits of a ledger-id, as a tag has them. */
export const tagLedger = (ledgerId) => toBase32(ledgerId.subarray(0, LEDGER_BYTES)).toUpperCase();

function addBreach(check, code, subject, text) {
  check.findings.push({ breach: true, code, record: null, subject, text, reason: null });
}

function judgeThing(check, { subject, print }) {
  const thing = isCustodyOpen(check) && check.custody === null ? undefined : check.custody.things.get(subject);
  if (thing === undefined) return;
  if (thing.closedBy === VOID) {
    addBreach(check, 'void', subject, 'the tag is void: its number was never used for a thing');
  }
  if (thing.prints > 0 && thing.prints !== print) {
    addBreach(check, 'superseded', subject, 'the tag is not the latest print of its label');
  }
}

function checkTag(check, text) {
  const tag = readTag(text);
  if (tag === null) {
    addNote(check, 'not-a-tag', {}, 'the text is no tag of an evidence ledger');
  } else if (!tag.isChecked) {
    addNote(check, 'check-character', {}, 'the check character is wrong: the name was misread or mistyped');
  } else if (tag.code !== check.codeName || tag.ledger !== tagLedger(check.ledgerId)) {
    throw new Stop(1, 'other-ledger', {}, 'the tag is of another ledger');
  } else if (tag.subject >= check.M) {
    const text1 = `${printedName(tag.code, tag.subject)} was never issued by this ledger`;
    throw new Stop(1, 'never-issued', { subject: tag.subject }, text1);
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
