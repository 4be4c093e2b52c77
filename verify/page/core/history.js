// SPDX-License-Identifier: Apache-2.0
// history: the life of a subject (SPEC 11): its own records, and those of the containers that it was in, from the one that
// packed it to the one that took it out, in their place.

import { CONTAINER, KIND, SUBJECT } from './kinds.js';

/**
 * @param {object} check V12 passed or left out
 * @param {number} subject
 * @returns {Array<{record: number, subject: number}>} ascending; subject: in whose thread it stands, its own if it is in that
 */
export function lifeOf(check, subject) {
  const found = new Map();
  const windows = [{ subject, from: 0, until: Infinity }];
  const visited = new Map([[subject, 0]]);
  while (windows.length > 0) {
    const level = windows.splice(0);
    for (const during of level) {
      for (const record of recordsIn(check, during)) if (!found.has(record)) found.set(record, during.subject);
      windows.push(...staysIn(check, during, visited));
    }
  }
  return [...found].map(([record, of]) => ({ record, subject: of })).sort((a, b) => a.record - b.record);
}

function recordsIn(check, { subject, from, until }) {
  const thread = check.threads.get(subject) ?? [];
  const indexes = [];
  for (let i = firstFrom(thread, from); i < thread.length && thread[i].record.index <= until; i++) {
    indexes.push(thread[i].record.index);
  }
  return indexes;
}

/** The containers that a subject was in during a time, and from when to when of it. */
function staysIn(check, { subject, from, until }, visited) {
  const stays = check.custody === null ? packings(check, subject, from, visited) : check.custody.stays.get(subject) ?? [];
  return stays
    .map((stay) => ({ subject: stay.container, from: Math.max(from, stay.from), until: Math.min(until, stay.until ?? Infinity) }))
    .filter((stay) => stay.from <= stay.until);
}

/**
 * Where V12 was left out: every container that an act says it was packed into, from then on, for no rule tells what came
 * of that. Each once, or again from earlier on: nothing keeps such acts from packing two things into each other.
 */
function packings(check, subject, from, visited) {
  const stays = [];
  for (const { record: { index, act } } of check.threads.get(subject) ?? []) {
    const isPacked = act.kind === KIND.pack
      && act.entries.some((entry) => entry.subject === subject && entry.role === SUBJECT);
    const into = act.entries.find(({ role }) => role === CONTAINER)?.subject;
    const since = Math.max(from, index);
    if (!isPacked || into === undefined || visited.get(into) <= since) continue;
    visited.set(into, since);
    stays.push({ container: into, from: index, until: null });
  }
  return stays;
}

/** The place in a thread of the first record that is not before an index. */
function firstFrom(thread, index) {
  let low = 0;
  let high = thread.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (thread[middle].record.index < index) low = middle + 1;
    else high = middle;
  }
  return low;
}
