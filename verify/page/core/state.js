// SPDX-License-Identifier: Apache-2.0
// state: the state of things during the replay (SPEC 7.1), and what is told of it. Rules and effects stand elsewhere.

import { printedName } from './names.js';

export const UNUSED = 'unused', HELD = 'held', IN_TRANSIT = 'in transit', OUT = 'out', CLOSED = 'closed';
export const ITEM_TYPE = 5, CONTAINER_TYPE = 6;

/**
 * The custody of all things that have a leaf, before any record.
 * stays: subject -> [{container, from, until|null}], the containers that it was in, by index of record.
 * trace: subject -> [{record, state, holder, place, container}], one for each change of these.
 */
export function newCustody() {
  return { open: false, things: new Map(), stays: new Map(), trace: new Map(), counts: null };
}

/**
 * A thing as it is allotted (SPEC 7.1). number: how many things are in it; height: levels that it has (SPEC 7.3.9);
 * chain: who ever took it over; released: act-ids of the releases in its thread; unjudged: act-ids adopted
 * whose bytes are withheld; closedBy: the kind that closed it; lodged: act-id hex -> records of the lodges; at: its place in its thread.
 */
export function newThing(subject, type) {
  return {
    subject, type, state: UNUSED, holder: null, place: null, case: null, pieces: null, net: null, seals: [],
    container: null, opened: null, contents: 0, height: type === CONTAINER_TYPE ? 1 : 0, prints: 0, missing: null,
    closedBy: null, chain: new Set(), released: new Set(), unjudged: new Set(), lodged: new Map(), at: 0,
  };
}

/** The outermost container of a thing, or the thing itself (SPEC 7.1). There are no cycles: effects make none. */
export function outermost(custody, thing) {
  let outer = thing;
  while (outer.container !== null) outer = custody.things.get(outer.container);
  return outer;
}

/**
 * State, holder and place of a thing: those of its outermost container (SPEC 7.1).
 * @returns {{state: string, holder: number|null, place: number|null, outermost: number}|null} null where it is no thing
 */
export function effectiveOf(custody, subject) {
  const thing = custody.things.get(subject);
  if (thing === undefined) return null;
  const { state, holder, place, subject: outer } = outermost(custody, thing);
  return { state, holder, place, outermost: outer };
}

/** How many things there are by their own state, as SPEC 16.1 has them. */
export function countStates(custody) {
  const counts = { unused: 0, held: 0, in_transit: 0, out: 0, closed: 0 };
  for (const { state } of custody.things.values()) counts[state === IN_TRANSIT ? 'in_transit' : state]++;
  return counts;
}

/** Nothing more is done to it (SPEC 7.3.13): void, consume, dispose, freed to zero, a container emptied (7.3.9). */
export function close(thing, kind) {
  thing.state = CLOSED;
  thing.closedBy = kind;
}

/** Puts a thing into a container, or takes it out (null), and remembers from when to when it was there. */
export function putInto(custody, thing, container, index) {
  const stays = custody.stays.get(thing.subject) ?? [];
  if (thing.container !== null) stays.at(-1).until = index;
  if (container !== null) stays.push({ container, from: index, until: null });
  custody.stays.set(thing.subject, stays);
  thing.container = container;
}

/** Adds what changed of a thing by a record to its trace. */
export function traceOf(custody, thing, index) {
  const trace = custody.trace.get(thing.subject) ?? [];
  const last = trace.at(-1);
  const { state, holder, place, container } = thing;
  const same = last !== undefined && last.state === state && last.holder === holder && last.place === place &&
    last.container === container;
  if (!same) trace.push({ record: index, state, holder, place, container });
  custody.trace.set(thing.subject, trace);
}

/**
 * Who tells: breaches, each (code, record, subject) once (SPEC 7.3.17b, V12), the first text of several; findings, each sentence once.
 * @param {object} check findings are added to check.findings
 */
export function newTeller(check) {
  const told = new Set();
  const tell = (breach, code, record, subject, text, reason = null) => {
    const key = `${breach} ${code} ${record} ${subject} ${breach ? '' : text}`;
    if (told.has(key)) return;
    told.add(key);
    check.findings.push({ breach, code, record, subject, text, reason });
  };
  return {
    breach: (code, record, subject, text, reason) => tell(true, code, record, subject, text, reason),
    finding: (code, record, subject, text) => tell(false, code, record, subject, text),
    name: (subject) => printedName(check.codeName, subject),
  };
}
