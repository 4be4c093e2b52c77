// SPDX-License-Identifier: Apache-2.0
// acts: V9: each act record by itself and against the records before it. Form is form.js's, signatures are signing.js's.

import { Stop, addNote } from './check.js';
import { equalBytes } from './bytes.js';
import { hasForm, opens, rememberTypes } from './form.js';
import { kinds } from './kinds.js';
import { isConsistent } from './merkle.js';
import { checkAuthority, checkOffices, checkSignatures } from './signing.js';

/** V9: sets check.types, seenRoots, signatures and unknownKind. */
export function checkActs(check) {
  const acts = check.records.filter(({ act }) => act !== null);
  const state = {
    ids: new Set(), kids: new Map(), seen: new Map(check.bundle.seen.map(({ size, path }) => [size, path])),
    signed: { total: acts.reduce((total, { act }) => total + act.signers.length, 0) },
  };
  check.types = new Map();
  for (const record of acts) checkAct(check, record, state);
  for (const size of state.seen.keys()) {
    if (!check.seenRoots.has(size)) throw new Stop(2, 'surplus', {}, 'a size that no act has seen');
  }
}

function checkAct(check, record, state) {
  const { act } = record;
  const isKnown = act.kind < kinds.length;
  checkPlaceOfAct(check, record, state.ids);
  rememberTypes(check, act);
  if (!isKnown) {
    check.unknownKind = true;
    addNote(check, 'unknown-kind', { record: record.index }, 'an act of a kind that this verifier does not know');
  } else if (!hasForm(check, act)) {
    throw new Stop(1, 'malformed-act', { record: record.index }, 'the act is not of the form of its kind');
  }
  checkSignatures(check, record, state.signed);
  if (isKnown) {
    checkOffices(check, record);
    checkAuthority(check, record, state.kids);
  }
  if (act.seen !== null) checkSeen(check, record, state.seen);
  if (isKnown && act.amends !== null) checkAmends(check, record);
}

/** V9.1 to V9.4: is it an act of this ledger, of this record, once? */
function checkPlaceOfAct(check, { index, act, links }, ids) {
  const stop = (code, text) => {
    throw new Stop(1, code, { record: index }, text);
  };
  if (act.ledger === null ? index !== 0 : !equalBytes(act.ledger, check.ledgerId)) stop('foreign', 'the act is of another ledger');
  if (ids.has(act.idHex)) stop('replayed', 'the act stands in an earlier record');
  ids.add(act.idHex);
  const { entries } = act;
  const isLinked = entries.length === links.length && entries.every(({ subject }, i) => subject === links[i].subject);
  if (!isLinked) stop('links', 'the record does not link what its act names');
  const isOpened = entries.every(({ role }, i) => (links[i].number === 1) === (opens(act.kind) && role === 0));
  if (!isOpened) stop('opening', 'a thread begins with another act than one that opens it');
}

/** V9.10. A root that is proven for a size is the only one of that size. */
function checkSeen(check, { index, act }, paths) {
  const { size, root } = act.seen;
  const stop = () => {
    throw new Stop(1, 'seen', { record: index }, 'the history that its signers saw is not the one of this file');
  };
  if (size > index) stop();
  const path = paths.get(size);
  if (path === undefined) throw new Stop(2, 'unreadable', {}, 'the proof of what its signers saw is missing');
  const known = check.seenRoots.get(size);
  const holds = known === undefined ? isConsistent(size, root, check.n, check.root, path) : equalBytes(known, root);
  if (!holds) stop();
  check.seenRoots.set(size, root);
}

/** V9.11. */
function checkAmends(check, { index, act }) {
  const { amends, entries } = act;
  const stop = () => {
    throw new Stop(1, 'amends', { record: index }, 'the record that it amends is another');
  };
  if (amends.index >= index) stop();
  const amended = check.byIndex.get(amends.index);
  if (amended === undefined) throw new Stop(1, 'incomplete', { subject: entries[0].subject }, 'the amended record is missing');
  const touched = new Set(amended.links.map(({ subject }) => subject));
  if (!equalBytes(amended.hash, amends.hash) || !entries.every(({ subject }) => touched.has(subject))) stop();
}
