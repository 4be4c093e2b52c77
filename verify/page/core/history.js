// SPDX-License-Identifier: Apache-2.0
// history: the life of a subject (SPEC 11): its own records, and those of the containers that it was in, from the one that
// packed it to the one that took it out, in their place.

import { CONTAINER, KIND, SUBJECT } from './kinds.js';

/**
 * @param {object} check V12 passed, or left out: then what pack and unpack say counts, whatever rule they break
 * @param {number} subject
 * @returns {Array<{record: number, subject: number}>} ascending; subject: in whose thread it stands, its own if it is in that
 */
export function lifeOf(check, subject) {
  const stays = check.custody?.stays ?? packedBy(check);
  const found = new Map();
  const windows = [{ subject, from: 0, until: Infinity }];
  while (windows.length > 0) {
    const level = windows.splice(0);
    for (const during of level) {
      for (const record of recordsIn(check, during)) if (!found.has(record)) found.set(record, during.subject);
      windows.push(...staysIn(stays, during));
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
function staysIn(stays, { subject, from, until }) {
  return (stays.get(subject) ?? [])
    .map((stay) => ({ subject: stay.container, from: Math.max(from, stay.from), until: Math.min(until, stay.until ?? Infinity) }))
    .filter((stay) => stay.from <= stay.until);
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

/** The stays in containers by what packs and unpacks name, where custody was not replayed (SPEC 11, *Silence*). */
function packedBy(check) {
  const stays = new Map();
  const inside = new Map();
  for (const { index, act } of check.records) {
    if (act === null || (act.kind !== KIND.pack && act.kind !== KIND.unpack)) continue;
    const container = act.entries.find(({ role }) => role === CONTAINER).subject;
    for (const { subject, role } of act.entries) {
      if (role !== SUBJECT || !check.leaves.has(subject)) continue;
      if (act.kind === KIND.pack ? isIn(inside, container, subject) : inside.get(subject) !== container) continue;
      if (inside.has(subject)) stays.get(subject).at(-1).until = index;
      inside.delete(subject);
      if (act.kind === KIND.unpack) continue;
      inside.set(subject, container);
      if (!stays.has(subject)) stays.set(subject, []);
      stays.get(subject).push({ container, from: index, until: null });
    }
  }
  return stays;
}

/** Is a container the thing itself, or in it? */
function isIn(inside, container, subject) {
  for (let one = container; one !== undefined; one = inside.get(one)) if (one === subject) return true;
  return false;
}
