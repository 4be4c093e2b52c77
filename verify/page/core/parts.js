// SPDX-License-Identifier: Apache-2.0
// parts: animals that are born, die or are set free, and what is sampled or split off a thing (SPEC 7.3.8, 7.3.12).

import { KIND, CASE, CHILD, PARENT, SUBJECT } from './kinds.js';
import { HELD, outermost } from './state.js';
import { judgeParts, sum, tellOf } from './measures.js';
import { end } from './contents.js';

const BIRTH = 2, DEATH = 3, FREED = 4;

/** A sample or split, where its parent has a leaf (SPEC 8: then it has one wherever a child has). */
export function applyParts(turn) {
  const { act, custody } = turn;
  const parent = custody.things.get(act.entries.find(({ role }) => role === PARENT).subject);
  if (parent === undefined) return;
  const named = act.entries.find(({ role }) => role === CASE);
  if (named !== undefined && parent.case !== named.subject) {
    turn.tell.breach('state', turn.record.index, parent.subject, `${turn.tell.name(parent.subject)} is of another case`);
  }
  judgeParts(turn, parent);
  giveToChildren(turn, parent);
}

/** unused -> held by the parent's holder, in the parent's case and place */
function giveToChildren(turn, parent) {
  const { holder, place } = outermost(turn.custody, parent);
  for (const { subject, role, facts } of turn.act.entries) {
    const child = turn.custody.things.get(subject);
    if (role !== CHILD || child === undefined) continue;
    Object.assign(child, { state: HELD, holder, place, case: parent.case, pieces: facts.pieces, net: facts.net });
  }
}

/** Animals of role 0 (SPEC 7.3.12). */
export function judgeAnimal(turn, thing, { facts: { pieces: number } }) {
  const { code, entries } = turn.act;
  if (number === null) return;
  const carcasses = entries.filter(({ role }) => role === CHILD);
  if (code === BIRTH) addTo(turn, thing, number);
  else if (code === FREED) {
    takeFrom(turn, thing, number);
    if (thing.pieces === 0) end(turn, thing);
  } else if (code === DEATH && carcasses.length > 0) {
    const before = thing.pieces;
    const given = sum(carcasses.map(({ facts }) => facts.pieces));
    takeFrom(turn, thing, number, given);
    if (given !== BigInt(number)) tellCount(turn, thing, number, before, given);
    giveToChildren(turn, thing);
  }
}

function addTo(turn, thing, number) {
  const pieces = (thing.pieces ?? 0) + number;
  if (pieces > Number.MAX_SAFE_INTEGER) tellCount(turn, thing, number, thing.pieces, 0n);
  else thing.pieces = pieces;
}

function takeFrom(turn, thing, number, given = 0n) {
  const before = thing.pieces ?? 0;
  if (number > before) tellCount(turn, thing, number, before, given);
  thing.pieces = Math.max(0, before - number);
}

function tellCount(turn, thing, number, before, given) {
  tellOf(turn, 'pieces', thing, `${number} of ${before ?? 0}, and ${given} carcasses, do not add up`);
}

/** Are the parts of this act judged with their parent, and not thing by thing? */
export const hasParts = (act) => act.kind === KIND.sample || act.kind === KIND.split;

/** The roles of the things that an act finds in a state of the table's "before", and of those that it finds unused. */
export const foundAs = (role) => (role === SUBJECT || role === PARENT ? 'before' : role === CHILD ? 'unused' : null);
