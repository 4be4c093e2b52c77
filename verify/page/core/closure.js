// SPDX-License-Identifier: Apache-2.0
// closure: V10: what belongs to what is asked (SPEC 8), so that nothing of it can be left out, and nothing else is in the file.

import { Stop } from './check.js';
import { CASE, CHILD, CONTAINER, FORMER_CASE, KIND, PARENT, SUBJECT, TYPES } from './kinds.js';

const withCase = new Set([KIND.register, KIND.move, KIND.sample, KIND.split]);
const ofCase = new Set([...withCase, KIND.animal]);

/** V10: sets check.members. */
export function checkClosure(check) {
  const members = closureOf(check);
  check.members = members;
  const missing = smallest([...members].filter((subject) => !check.leaves.has(subject)));
  if (missing !== null) throw new Stop(1, 'incomplete', { subject: missing }, 'a thread that belongs to it is missing');
  const needless = smallest([...check.leaves.keys()].filter((subject) => !members.has(subject)));
  if (needless !== null) throw new Stop(2, 'surplus', { subject: needless }, 'a thread that does not belong to it');
  for (const record of check.records.slice(1, -1)) {
    if (!record.links.some(({ subject }) => members.has(subject))) throw new Stop(2, 'surplus', { record: record.index }, 'a record that does not belong to it');
  }
}

function smallest(numbers) {
  return numbers.length === 0 ? null : numbers.reduce((least, number) => Math.min(least, number));
}

/** The closure of what the bundle is asked for. Each rule is applied to a record once, whichever member brings it up. */
function closureOf(check) {
  const state = { check, members: new Set(), waiting: [], ofCases: new Set(), waitingOfCases: [], done: new Set() };
  for (const subject of [0, ...check.bundle.asked]) join(state, subject);
  for (const subject of check.bundle.asked) {
    if (check.types.get(subject) === TYPES.case) joinCase(state, subject);
  }
  while (state.waiting.length > 0 || state.waitingOfCases.length > 0) {
    if (state.waitingOfCases.length > 0) joinChildren(state, state.waitingOfCases.pop());
    else joinBehind(state, state.waiting.pop());
  }
  return state.members;
}

function threadOf({ check }, subject) {
  return check.links.get(subject) ?? [];
}

function join(state, subject) {
  if (subject === null || subject >= state.check.M || state.members.has(subject)) return;
  state.members.add(subject);
  state.waiting.push(subject);
}

function joinRole(state, act, ...roles) {
  for (const entry of act.entries) {
    if (roles.includes(entry.role)) join(state, entry.subject);
  }
}

/** A rule on a record is done once. */
function once({ done }, { index }, rule, run) {
  const name = `${index} ${rule}`;
  if (done.has(name)) return;
  done.add(name);
  run();
}

/** What a member's thread brings. */
function joinBehind(state, member) {
  for (const { record } of threadOf(state, member)) {
    const { act } = record;
    const role = roleOf(record, member);
    once(state, record, 'signers', () => joinSigners(state, act));
    if (act.kind === KIND.pack && role === SUBJECT) once(state, record, 'container', () => joinRole(state, act, CONTAINER));
    if (role === CHILD) once(state, record, 'parent', () => joinRole(state, act, parentRole(act)));
    if (act.kind === KIND.sameAs) once(state, record, 'partner', () => joinRole(state, act, SUBJECT));
    if (withCase.has(act.kind) && [SUBJECT, PARENT, CHILD].includes(role)) once(state, record, 'case', () => joinRole(state, act, CASE, FORMER_CASE));
  }
}

function joinSigners(state, act) {
  for (const { person } of act.signers) join(state, person);
  if (act.kind === KIND.lodge && act.from !== null) join(state, act.from.person);
}

function parentRole(act) {
  return act.kind === KIND.animal ? SUBJECT : PARENT;
}

/** The things of an asked case. */
function joinCase(state, subject) {
  for (const { record } of threadOf(state, subject)) {
    if (ofCase.has(record.act.kind)) once(state, record, 'things', () => joinThings(state, record.act, SUBJECT, CHILD));
  }
}

function joinThings(state, act, ...roles) {
  for (const { subject, role } of act.entries) {
    if (!roles.includes(role) || subject >= state.check.M || state.ofCases.has(subject)) continue;
    state.ofCases.add(subject);
    state.waitingOfCases.push(subject);
    join(state, subject);
  }
}

/** What is split off a thing of an asked case is of the case. */
function joinChildren(state, thing) {
  for (const { record } of threadOf(state, thing)) {
    if (roleOf(record, thing) === parentRole(record.act)) once(state, record, 'children', () => joinThings(state, record.act, CHILD));
  }
}

/** The role of a subject in a record that links it. Links and entries stand in one order (V9.3). */
function roleOf({ links, act }, subject) {
  let low = 0;
  let high = links.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (links[middle].subject < subject) low = middle + 1;
    else high = middle;
  }
  return act.entries[low].role;
}
