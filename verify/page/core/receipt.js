// SPDX-License-Identifier: Apache-2.0
// receipt: a receipt (SPEC 13.3), and the notes that stand on paper in few bytes, written out again. Whether a
// signature on them holds is asked elsewhere.

import { joinBytes, toBase64 } from './bytes.js';
import { decode } from './cbor.js';
import { attempt } from './check.js';
import { rootFromInclusion } from './merkle.js';
import { originLineOf } from './names.js';
import { parseNote } from './note.js';
import { toUtf8, utf8Length } from './text.js';

const DOMAIN = 'unbroken receipt/1';
const MAX_SIGNATURES = 8;
const MAX_PATH = 64;

const isBytes = (item, length) => item instanceof Uint8Array && item.length === length;
const isNumber = (item) => Number.isInteger(item) && item >= 0;
const isText = (item, most) => typeof item === 'string' && utf8Length(item) >= 1 && utf8Length(item) <= most;

function isSignature(item) {
  if (!Array.isArray(item) || item.length !== 3) return false;
  const [name, id, value] = item;
  return (name === null || isText(name, 255)) && isBytes(id, 4) && (isBytes(value, 64) || isBytes(value, 72));
}

const isSignatures = (list) => Array.isArray(list) && list.length >= 1 && list.length <= MAX_SIGNATURES
  && list.every(isSignature) && list[0][0] === null;
const isPath = (list) => Array.isArray(list) && list.length <= MAX_PATH && list.every((node) => isBytes(node, 32));

/** Test of each item, in the order of SPEC 13.3. */
const TESTS = [
  (item) => item === DOMAIN,
  (item) => isText(item, 64),
  (item) => isBytes(item, 32),
  (item) => typeof item === 'boolean',
  isNumber,
  isSignatures,
  isNumber,
  (item) => isBytes(item, 32),
  isPath,
];

/** A signed note from its three lines and its signatures; name null stands for the origin line. */
function writeNote(origin, size, root, signatures) {
  const lines = signatures.map(({ name, id, value }) => `— ${name ?? origin} ${toBase64(joinBytes(id, value))}\n`);
  return toUtf8(`${origin}\n${size}\n${toBase64(root)}\n\n${lines.join('')}`);
}

/**
 * Reads a receipt by SPEC 2.1 and 13.3, and makes its note.
 * @param {Uint8Array} bytes
 * @returns {{origin: string, ledger: Uint8Array, training: boolean, index: number, record: Uint8Array,
 *   note: object}|null}  note as parseNote gives it; null: unreadable, its path or its note included
 */
export function readReceipt(bytes) {
  const items = attempt(() => decode(bytes));
  if (!Array.isArray(items) || items.length !== TESTS.length || !TESTS.every((test, i) => test(items[i]))) return null;
  const [, origin, ledger, training, size, list, index, record, path] = items;
  const root = rootFromInclusion(record, index, size, path);
  if (root === null) return null;
  const signatures = list.map(([name, id, value]) => ({ name, id, value }));
  const note = parseNote(writeNote(originLineOf(origin, training, ledger), size, root, signatures));
  return note === null ? null : { origin, ledger, training, index, record, note };
}

/**
 * The note that a certified statement's `log` makes of it (SPEC 13.4, V14).
 * @param {import('./statement.js').Statement} statement
 * @returns {object|null}  as parseNote gives it
 */
export function noteOfStatement({ origin, training, ledger, size, root, log }) {
  const signature = { name: null, id: log.id, value: log.signature };
  return parseNote(writeNote(originLineOf(origin, training, ledger), size, root, [signature]));
}
