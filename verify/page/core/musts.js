// SPDX-License-Identifier: Apache-2.0
// musts: what an act has to state (SPEC 7.2 *Must*, 7.3.3, 7.3.5, 7.3.12, 7.3.18). Of several things the first that is
// missing is told, in the order of SPEC 16.2. The masses and pieces of sample and split are judged with their sums.

import { KIND, SUBJECT } from './kinds.js';
import { detailName, factName, payloadName } from './words.js';
import { sheetLines } from './details.js';
import { ITEM_TYPE } from './state.js';

const ORDER = 10, OWNER = 62, WITNESS = 63;
const BIRTH = 2, DEATH = 3, FREED = 4;
const STATES_SEALS = [KIND.release, KIND.accept, KIND.handOut, KIND.takeBack, KIND.dispose];

/**
 * How many details of a name stand on an entry's sheet and on that of the act. The act's is counted once for all entries.
 * @returns {(name: number) => number}
 */
export function statedDetails(turn, entry) {
  turn.ofAct ??= countNames(turn.check, turn.act.sheet);
  const own = countNames(turn.check, entry.sheet);
  return (name) => (own.get(name) ?? 0) + (turn.ofAct.get(name) ?? 0);
}

function countNames(check, sheet) {
  const counts = new Map();
  for (const { name } of sheetLines(check, sheet) ?? []) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** The payload keys of the whole act. */
export function missingPayload(row, act) {
  return row.mustPayload.filter((key) => !act.keys.includes(key)).map(payloadName)[0] ?? null;
}

/** What the act as such does not state: once, without a subject (SPEC 7.3.17b). */
export function judgePayload(turn) {
  const missing = missingPayload(turn.row, turn.act);
  if (missing === null) return;
  turn.tell.breach('must-state', turn.record.index, null, `"${turn.row.name}" does not state ${missing}`);
}

/** What an entry of role 0 does not state of its subject. */
export function judgeEntry(turn, entry) {
  if (entry.role !== SUBJECT) return;
  const thing = turn.custody.things.get(entry.subject) ?? null;
  const missing = missingFact(turn, entry) ?? (thing && missingOfThing(turn, thing, entry)) ??
    missingDetail(turn, entry) ?? missingCount(turn, entry);
  if (missing === null) return;
  turn.tell.breach('must-state', turn.record.index, entry.subject,
    `${turn.tell.name(entry.subject)}: "${turn.row.name}" does not state ${missing}`);
}

/**
 * The first thing that an orphan does not state of a thing, its payload included, since it stands in no record of its
 * own. Its details are not in this ledger (SPEC 7.3.17).
 */
export function judgeOrphan(turn, thing, entry) {
  const missing = missingPayload(turn.row, turn.act) ?? missingFact(turn, entry) ?? missingOfThing(turn, thing, entry);
  if (missing === null) return;
  turn.tell.breach('must-state', turn.record.index, thing.subject,
    `${turn.tell.name(thing.subject)}: the adopted "${turn.row.name}" does not state ${missing}`);
}

function missingFact(turn, entry) {
  return turn.row.mustFacts.filter((fact) => !entry.facts.present.includes(fact)).map(factName)[0] ?? null;
}

function missingOfThing(turn, thing, entry) {
  const { kind } = turn.act;
  const { pieces, found } = entry.facts;
  if (thing.type === ITEM_TYPE && kind === KIND.register && (pieces === null || pieces === 0)) return 'pieces';
  if (thing.type === ITEM_TYPE && kind === KIND.release && pieces === null) return 'pieces';
  if (STATES_SEALS.includes(kind) && thing.seals.length > 0 && found === null) return 'the seals found';
  return null;
}

function missingDetail(turn, entry) {
  const { row, act } = turn;
  if (row.mustDetails.length === 0 && act.kind !== KIND.seize) return null;
  const stated = statedDetails(turn, entry);
  const missing = row.mustDetails.find((name) => stated(name) === 0);
  if (missing !== undefined) return detailName(missing);
  if (act.kind !== KIND.seize) return null;
  return stated(WITNESS) >= 2 || stated(OWNER) > 0 ? null : 'the owner or two witnesses';
}

function missingCount(turn, entry) {
  const { kind, code } = turn.act;
  if (kind === KIND.animal) {
    if ([BIRTH, DEATH, FREED].includes(code) && entry.facts.pieces === null) return 'how many';
    if (code === FREED && statedDetails(turn, entry)(ORDER) === 0) return detailName(ORDER);
  }
  return kind === KIND.unseal && entry.facts.removed !== null && entry.facts.removed.length === 0 ? 'a seal removed' : null;
}
