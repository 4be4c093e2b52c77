// SPDX-License-Identifier: Apache-2.0
// parts: animals that are born, die or are set free, and what is sampled or split off a thing (SPEC 7.3.8, 7.3.12).

import { CASE, CHILD, PARENT } from './kinds.js';
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

/** unused -> held by the parent's holder (SPEC 7.1: of its outermost container), in the parent's own case and place */
function giveToChildren(turn, parent) {
  const { holder } = outermost(turn.custody, parent);
  const { place } = parent;
  for (const { subject, role, facts } of turn.act.entries) {
    const child = turn.custody.things.get(subject);
    if (role !== CHILD || child === undefined) continue;
    Object.assign(child, { state: HELD, holder, place, case: parent.case, pieces: facts.pieces, net: facts.net });
  }
}

/** Animals of role 0 (SPEC 7.3.12). A number that is not stated counts as none. */
export function judgeAnimal(turn, thing, { facts }) {
  const { code, entries } = turn.act;
  const number = facts.pieces ?? 0;
  const before = thing.pieces ?? 0;
  const children = entries.filter(({ role }) => role === CHILD);
  const given = sum(children.map((child) => child.facts.pieces));
  let adds = true;
  if (code === BIRTH) adds = addTo(thing, number);
  else if (code === FREED) {
    adds = takeFrom(thing, number);
    if (thing.pieces === 0) end(turn, thing);
  } else if (code === DEATH && children.length > 0) adds = takeFrom(thing, number) && given === BigInt(number);
  if (!adds) tellOf(turn, 'pieces', thing, `${number} of ${before}, and ${given} carcasses, do not add up`);
  giveToChildren(turn, thing);
}

/** Both tell whether that could be. */
function addTo(thing, number) {
  const pieces = (thing.pieces ?? 0) + number;
  if (pieces > Number.MAX_SAFE_INTEGER) return false;
  thing.pieces = pieces;
  return true;
}

function takeFrom(thing, number) {
  const before = thing.pieces ?? 0;
  thing.pieces = Math.max(0, before - number);
  return number <= before;
}
