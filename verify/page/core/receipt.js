// SPDX-License-Identifier: Apache-2.0
// receipt: a receipt (SPEC 13.3), and the notes that stand on paper in few bytes, written out again. Whether a
// signature on them holds is asked elsewhere.

import { joinBytes, toBase64 } from './bytes.js';
import { decode } from './cbor.js';
import { attempt } from './check.js';
import { rootFromInclusion } from './merkle.js';
import { originLineOf } from './names.js';
import { parseNote } from './note.js';
import { bool, bytesOf, hash, list, need, num, orNull, textOf, tuple } from './shapes.js';
import { toUtf8 } from './text.js';

const DOMAIN = 'unbroken receipt/1';
const MAX_SIGNATURES = 8;
const MAX_PATH = 64;

/** name null stands for the origin line; the first is the station's own. */
function signatureOf(item) {
  const [name, id, value] = tuple(item, 3);
  need(value instanceof Uint8Array && (value.length === 64 || value.length === 72));
  return { name: orNull(name, (text) => textOf(text, 1, 255)), id: bytesOf(id, 4), value };
}

function readFields(bytes) {
  const [domain, origin, ledger, training, size, signatures, index, record, path] = tuple(decode(bytes), 9);
  need(domain === DOMAIN);
  const fields = {
    origin: textOf(origin, 1, 64), ledger: hash(ledger), training: bool(training), size: num(size),
    signatures: list(signatures, 1, MAX_SIGNATURES, signatureOf), index: num(index), record: hash(record),
    path: list(path, 0, MAX_PATH, hash),
  };
  need(fields.signatures[0].name === null);
  return fields;
}

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
  const fields = attempt(() => readFields(bytes));
  if (fields === null) return null;
  const { origin, ledger, training, size, signatures, index, record, path } = fields;
  const root = rootFromInclusion(record, index, size, path);
  if (root === null) return null;
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
