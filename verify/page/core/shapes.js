// SPDX-License-Identifier: Apache-2.0
// shapes: the grammar of SPEC 4 as checks on decoded items: numbers, bytes, lists, and the small structures that several
// layers share. A failed check stops as (2, 'unreadable'); whoever reads the layer says what that means there.

import { Stop } from './check.js';
import { algorithm } from './keys.js';
import { compareText, utf8Length } from './text.js';

const maxSeals = 16;
const maxNames = 64;

/** Stops unless the rule holds. */
export function need(holds, text = 'not of the form of SPEC 4') {
  if (!holds) throw new Stop(2, 'unreadable', {}, text);
}

export const isNum = (item) => typeof item === 'number' && item >= 0;

export function num(item, least = 0, most = Number.MAX_SAFE_INTEGER) {
  need(typeof item === 'number' && item >= least && item <= most);
  return item;
}

export function bytesOf(item, size = null) {
  need(item instanceof Uint8Array && (size === null || item.length === size));
  return item;
}

export const hash = (item) => bytesOf(item, 32);

export function bool(item) {
  need(typeof item === 'boolean');
  return item;
}

export function textOf(item, least = 0, most = Infinity) {
  need(typeof item === 'string');
  const length = most === Infinity ? 0 : utf8Length(item);
  need(most === Infinity || (length >= least && length <= most));
  return item;
}

/** An array with exactly `size` items. */
export function tuple(item, size) {
  need(Array.isArray(item) && item.length === size);
  return item;
}

/** An array of least … most items, each read by `read`. */
export function list(item, least, most, read) {
  need(Array.isArray(item) && item.length >= least && item.length <= most);
  return item.map(read);
}

export function orNull(item, read) {
  return item === null ? null : read(item);
}

/** Numbers of a list that ascend and are distinct. */
export function ascending(numbers) {
  for (let i = 1; i < numbers.length; i++) need(numbers[i - 1] < numbers[i], 'out of order');
  return numbers;
}

/** A map whose keys are all known. */
export function mapOf(item, known) {
  need(item instanceof Map);
  for (const key of item.keys()) need(known.has(key));
  return item;
}

/** public-key: -19 with 32 bytes, -9 with 33. @returns {{algorithm: number, bytes: Uint8Array}} */
export function publicKey(item) {
  const [number, bytes] = tuple(item, 2);
  need(number === algorithm.ed25519 || number === algorithm.esp256);
  return { algorithm: number, bytes: bytesOf(bytes, number === algorithm.ed25519 ? 32 : 33) };
}

/** sig-header, of an act or a certified statement. @returns {{algorithm: number, kid: Uint8Array}} */
export function sigHeader(item) {
  const header = mapOf(item, new Set([1, 4]));
  const number = header.get(1);
  need(number === algorithm.ed25519 || number === algorithm.esp256);
  return { algorithm: number, kid: hash(header.get(4)) };
}

export function emptyMap(item) {
  need(item instanceof Map && item.size === 0);
}

/** foreign: what another ledger is known by. */
export function foreign(item) {
  const [ledger, size, root, subject, actId] = tuple(item, 5);
  return { ledger: hash(ledger), size: num(size), root: hash(root), subject: orNull(subject, num0), actId: orNull(actId, hash) };
}

/** party: from or to. */
export function party(item) {
  const [person, office, place] = tuple(item, 3).map((part) => orNull(part, num0));
  need(person !== null || office !== null || place !== null);
  return { person, office, place };
}

const factReaders = new Map([
  [0, ['type', (item) => num(item, 1, 15)]], [1, ['case', num0]], [2, ['pieces', num0]],
  [3, ['gross', num0]], [4, ['tare', num0]], [5, ['net', num0]],
  [6, ['found', seals]], [7, ['removed', seals]], [8, ['put', seals]], [9, ['outcome', num0]],
  [10, ['key', publicKey]], [11, ['office', num0]], [12, ['doubted', num0]], [13, ['print', num0]],
  [14, ['station', hash]], [15, ['names', (item) => ascending(list(item, 1, maxNames, num0))]],
]);
const factNumbers = new Set(factReaders.keys());
const noFacts = Object.fromEntries([...factReaders.values()].map(([name]) => [name, null]));

/** facts of an entry, by name, null where absent; `present` has the numbers of those that stand. */
export function facts(item) {
  const map = mapOf(item, factNumbers);
  const read = { ...noFacts, present: [...map.keys()] };
  for (const [key, value] of map) {
    const [name, reader] = factReaders.get(key);
    read[name] = reader(value);
  }
  return read;
}

function seals(item) {
  const texts = list(item, 0, maxSeals, (seal) => textOf(seal, 1, 64));
  for (let i = 1; i < texts.length; i++) need(compareText(texts[i - 1], texts[i]) < 0, 'out of order');
  return texts;
}

function num0(item) {
  return num(item);
}
