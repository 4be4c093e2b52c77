// SPDX-License-Identifier: Apache-2.0
// others: bundles of other ledgers inside a bundle, and whether one is of the ledger that this one succeeds (SPEC V15, 3.9).

import { equalBytes } from './bytes.js';
import { Stop, addNote } from './check.js';
import { statusOf } from './status.js';
import { provenRoot } from './views.js';

function addFinding(check, breach, code, text) {
  check.findings.push({ breach, code, record: null, subject: null, text, reason: null });
}

/** Whether a bundle of the succeeded ledger fits the founders' word. */
function compareSucceeded(check, other) {
  const { size, root } = check.founding.succeeds;
  if (other.training !== check.training) {
    const text = 'a training ledger succeeds one that is none, or the other way round';
    throw new Stop(1, 'succession', {}, text);
  }
  const proven = provenRoot(other, size);
  if (proven === null) {
    const text = `the bundle of the ledger that this one succeeds does not prove the head of ${size} records that the `
      + 'founders named';
    addNote(check, 'succession', {}, text);
    return;
  }
  if (!equalBytes(proven, root)) {
    const text = `the founders named another history of the ${size} records of the ledger that this one succeeds than `
      + 'its bundle holds';
    throw new Stop(1, 'succession', {}, text);
  }
  check.succeeded = other;
  if (other.n > size) {
    const text = `the ledger that this one succeeds had ${other.n} records when this file's bundle of it was made: the `
      + `founders named a head of ${size}`;
    addFinding(check, false, 'succeeded-later', text);
  }
}

function countStatus(check, { check: other, stop }) {
  const { status } = statusOf(other, stop);
  const text = `the bundle of the other ledger inside: ${stop === null ? other.notes[0]?.text ?? '' : stop.text}`;
  if (status === 1) throw new Stop(1, 'other', {}, text);
  if (status === 2) addNote(check, 'other', {}, text);
  if (status === 3) addFinding(check, true, 'other', 'custody is broken in the other ledger whose bundle is inside');
}

/**
 * V15. Fills in check.others, and check.succeeded: the check of the bundle of the ledger that this one succeeds, where it
 * proves the head that the founders named.
 * @param {object} check
 * @param {(bytes: Uint8Array) => {check: object, stop: Stop|null}} verifyOther  V1 to V15 of a bundle inside, without
 *   options
 */
export function checkOthers(check, verifyOther) {
  if (check.nested && check.bundle.others.length > 0) {
    throw new Stop(2, 'unreadable', {}, 'a bundle inside the bundle holds a third');
  }
  const { succeeds } = check.founding;
  Object.assign(check, { others: [], succeeded: null });
  for (const bytes of check.bundle.others) {
    const other = verifyOther(bytes);
    check.others.push(other);
    const isSucceeded = other.stop === null && succeeds !== null && equalBytes(other.check.ledgerId, succeeds.ledger);
    if (isSucceeded) compareSucceeded(check, other.check);
    countStatus(check, other);
  }
}
