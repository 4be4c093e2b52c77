// SPDX-License-Identifier: Apache-2.0
// persons: whose key and office is in force for a record, and which key the station has (SPEC 6.3, 6.4). Read from the
// threads of leaves; only what stands before the record counts, so it may be asked while later acts are not checked yet.

import { kidOf } from './keys.js';
import { KIND } from './kinds.js';

const registrar = 1;
const ofPersons = new Set([KIND.found, KIND.enrol, KIND.appoint, KIND.end, KIND.rekey, KIND.revoke]);
const nobody = { keys: [], offices: new Map(), ends: new Map() };

/**
 * The key that a person signs with in record `index`; as of the end of a file: index n.
 * @param {object} check V8 passed
 * @param {number} person
 * @param {number} index
 * @returns {{algorithm: number, bytes: Uint8Array, kid: Uint8Array}|null}
 */
export function keyInForce(check, person, index) {
  return lastBefore(lifeOf(check, person).keys, index)?.key ?? null;
}

/**
 * Does the appointment give exactly this capacity, and is it not ended before `index` (SPEC 6.4)?
 * Appointment 0 is none here: it stands only with who the act itself is about.
 */
export function officeHeld(check, person, appointment, capacity, index) {
  const { offices, ends } = lifeOf(check, person);
  const given = offices.get(appointment);
  if (given === undefined || given.index >= index || given.office !== capacity) return false;
  const end = lastBefore(ends.get(capacity) ?? [], index);
  return end === null || end.index <= given.index;
}

/** The station key in force for a checkpoint of `size` (SPEC V13): of kind 6, or the founding's. */
export function stationKeyAt(check, size) {
  return lastBefore(stationKeys(check), size).key;
}

/** Every station key that subject 0's thread names, the founding's first: [{index, key}]. */
export function stationKeys(check) {
  const { people } = opened(check);
  people.station ??= [
    { index: -1, key: check.founding.station },
    ...(check.threads.get(0) ?? []).map(({ record }) => ({ index: record.index, key: stationKeyOf(record.act) }))
      .filter(({ key }) => key !== null),
  ];
  return people.station;
}

function stationKeyOf(act) {
  return act.kind === KIND.stationKey ? entryOf(act, 0)?.facts.station ?? null : null;
}

function opened(check) {
  check.people ??= { persons: new Map(), station: null };
  return check;
}

/** Keys, appointments and ends of a person, each ascending by index. */
function lifeOf(check, person) {
  const { people, threads } = opened(check);
  if (!threads.has(person)) return nobody;
  if (!people.persons.has(person)) people.persons.set(person, readLife(threads.get(person), person));
  return people.persons.get(person);
}

function readLife(thread, person) {
  const life = { keys: [], offices: new Map(), ends: new Map() };
  for (const { record, number } of thread) {
    const entry = ofPersons.has(record.act.kind) ? entryOf(record.act, person) : null;
    if (entry !== null) addToLife(life, record, number, entry.facts);
  }
  return life;
}

function addToLife(life, { index, act }, number, facts) {
  if (act.kind === KIND.revoke) life.keys.push({ index, key: null });
  if (facts.key !== null) life.keys.push({ index, key: { ...facts.key, kid: kidOf(facts.key.algorithm, facts.key.bytes) } });
  if (act.kind === KIND.found) life.offices.set(number, { index, office: registrar });
  if (act.kind === KIND.enrol || act.kind === KIND.appoint) life.offices.set(number, { index, office: facts.office });
  if (act.kind === KIND.end) {
    if (!life.ends.has(facts.office)) life.ends.set(facts.office, []);
    life.ends.get(facts.office).push({ index });
  }
}

function entryOf(act, subject) {
  return act.entries.find((entry) => entry.subject === subject && entry.role === 0) ?? null;
}

/** The last of some events, ascending by index, that stands before `index`; or null. */
function lastBefore(events, index) {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle].index < index) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? null : events[low - 1];
}
