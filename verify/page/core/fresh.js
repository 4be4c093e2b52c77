// SPDX-License-Identifier: Apache-2.0
// fresh: whether the file continues an older paper or file, and is no older than asked (SPEC V14).

import { equalBytes } from './bytes.js';
import { isBundle, readBundle } from './bundle.js';
import { Stop, addNote, attempt } from './check.js';
import { parseNote } from './note.js';
import { looksLikePaper, readPaper } from './paper.js';
import { isPdf, readPdf } from './pdf.js';
import { noteOfStatement, readReceipt } from './receipt.js';
import { readStatement } from './statement.js';
import { provenRoot, trustedNote } from './views.js';

const ofNote = (note) => (note === null ? null : { note, receipt: null });

function shownByBundle(bytes) {
  const bundle = attempt(() => readBundle(bytes));
  return bundle === null ? null : ofNote(parseNote(bundle.view.note));
}

function shownByPaper(file) {
  const paper = readPaper(file);
  if (paper === null) return null;
  if (paper.kind === 'R') {
    const receipt = readReceipt(paper.bytes);
    return receipt === null ? null : { note: receipt.note, receipt };
  }
  const statement = paper.kind === 'C' ? readStatement(paper.bytes) : null;
  return statement === null ? null : ofNote(noteOfStatement(statement));
}

/**
 * The checkpoint that an older paper or file shows, by its first bytes (SPEC V14). Nothing of it is proven yet.
 * @param {Uint8Array} file
 * @returns {{note: object, receipt: object|null}|null}
 */
export function shownCheckpoint(file) {
  if (isPdf(file)) {
    const parts = readPdf(file);
    return parts === null ? null : shownByBundle(parts.bundle);
  }
  if (isBundle(file)) return shownByBundle(file);
  if (looksLikePaper(file)) return shownByPaper(file);
  return ofNote(parseNote(file));
}

function compareReceipt(check, receipt) {
  const record = check.byIndex.get(receipt.index);
  if (record !== undefined && !equalBytes(record.hash, receipt.record)) {
    const text = `the receipt shows another record ${receipt.index} than this file: both are signed`;
    throw new Stop(1, 'fork', {}, text);
  }
}

function compareSince(check) {
  const shown = shownCheckpoint(check.options.since);
  const isOurs = shown !== null && shown.note.origin === check.originLine
    && trustedNote(check, shown.note, Math.min(shown.note.size, check.n));
  if (!isOurs) {
    const text = 'the older paper is no checkpoint, bundle, receipt or certificate of this ledger, or its signature does '
      + 'not hold';
    throw new Stop(2, 'since-unreadable', {}, text);
  }
  const { note, receipt } = shown;
  if (receipt !== null) compareReceipt(check, receipt);
  const root = provenRoot(check, note.size);
  if (root !== null && !equalBytes(root, note.root)) {
    const text = `the older paper shows another history of the first ${note.size} records: both are signed`;
    throw new Stop(1, 'fork', {}, text);
  }
  if (note.size > check.n) {
    addNote(check, 'stale', {}, `the paper shows ${note.size} records, this file has only ${check.n}: get a newer one`);
  } else if (root === null) {
    addNote(check, 'since-unproven', {}, `this file does not prove that it continues the paper of ${note.size} records`);
  } else {
    check.since = note.size;
  }
}

function compareAsOf(check) {
  const times = check.witnesses.map(({ time }) => time);
  const time = times.length > 0 ? Math.max(...times) : check.byIndex.get(check.n - 1).logged;
  if (time < check.options.asOf) addNote(check, 'stale', {}, 'this file is older than the time that was asked for');
}

/**
 * V14. Fills in check.since: the size of the older checkpoint that this file continues, or null.
 * @param {object} check
 */
export function checkFresh(check) {
  check.since = null;
  if (check.options.since !== null) compareSince(check);
  if (check.options.asOf !== null) compareAsOf(check);
}
