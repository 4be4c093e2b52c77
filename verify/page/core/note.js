// SPDX-License-Identifier: Apache-2.0
// note: C2SP signed-note, tlog-checkpoint with exactly three lines, and the two kinds of signature lines that SPEC 3.6 has.
// Whose keys count is the policy's.

import { equalBytes, fromBase64, joinBytes } from './bytes.js';
import { verifyEd25519 } from './keys.js';
import { sha256 } from './hash.js';
import { fromUtf8, hasRefused, toUtf8 } from './text.js';

export const keyType = { log: 1, witness: 4 };

const maxNote = 65536;
const maxLines = 64;
const dash = '\u2014 ';
const unicodeSpace = /[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/**
 * @typedef {{name: string, id: Uint8Array, value: Uint8Array}} Line a signature line; value is without the id
 * @typedef {{bytes: Uint8Array, text: Uint8Array, origin: string, size: number, root: Uint8Array, lines: Line[]}} Note
 */

/**
 * @param {Uint8Array} bytes
 * @returns {Note|null} null of anything but a signed checkpoint
 */
export function parseNote(bytes) {
  const all = bytes.length <= maxNote ? fromUtf8(bytes) : null;
  if (all === null || !all.endsWith('\n')) return null;
  const [origin, size, root, gap, ...signatures] = all.slice(0, -1).split('\n');
  if (gap !== '' || signatures.length < 1 || signatures.length > maxLines) return null;
  const head = parseHead(origin, size, root);
  const lines = signatures.map(parseLine);
  if (head === null || lines.includes(null)) return null;
  return { bytes, text: toUtf8(`${origin}\n${size}\n${root}\n`), ...head, lines };
}

/** The three lines of a checkpoint. */
function parseHead(origin, decimal, base64) {
  if (origin === '' || hasRefused(origin) || !/^(0|[1-9][0-9]{0,15})$/.test(decimal)) return null;
  const size = Number(decimal);
  const root = fromBase64(base64);
  if (!Number.isSafeInteger(size) || root === null || root.length !== 32) return null;
  return { origin, size, root };
}

/** @returns {Line|null} */
function parseLine(line) {
  if (!line.startsWith(dash) || hasRefused(line)) return null;
  const fields = line.slice(dash.length).split(' ');
  if (fields.length !== 2 || !isKeyName(fields[0])) return null;
  const signature = fromBase64(fields[1]);
  if (signature === null || signature.length <= 4) return null;
  return { name: fields[0], id: signature.subarray(0, 4), value: signature.subarray(4) };
}

/** Signed-note: not empty, no Unicode space, no plus. */
export function isKeyName(name) {
  return name !== '' && !name.includes('+') && !unicodeSpace.test(name);
}

/** First four bytes of H(name \n type key), for a name in bytes. */
export function keyId(nameBytes, type, key) {
  return sha256(nameBytes, Uint8Array.of(0x0a, type), key).subarray(0, 4);
}

/** The signature lines of one key. @returns {Line[]} */
export function linesOf(note, name, id) {
  return note.lines.filter((line) => line.name === name && equalBytes(line.id, id));
}

/**
 * A log's signature (type 0x01) on a note.
 * @param {Note} note
 * @param {string} name
 * @param {Uint8Array} id
 * @param {Uint8Array} key
 * @returns {'valid'|'invalid'|'absent'} invalid also where its line stands twice
 */
export function noteSigned(note, name, id, key) {
  const lines = linesOf(note, name, id);
  if (lines.length === 0) return 'absent';
  return lines.length === 1 && verifyEd25519(key, note.text, lines[0].value) ? 'valid' : 'invalid';
}

/**
 * A witness's cosignature (`cosignature/v1`) on a note.
 * @param {Note} note
 * @param {{keyName: string|null, id: Uint8Array, key: Uint8Array}} witness of a policy
 * @returns {{state: 'valid'|'invalid'|'absent', time: number|null}}
 */
export function cosignatureOf(note, witness) {
  const lines = linesOf(note, witness.keyName, witness.id);
  if (lines.length === 0) return { state: 'absent', time: null };
  const time = lines.length === 1 ? cosignedTime(note, witness.key, lines[0].value) : null;
  return { state: time === null ? 'invalid' : 'valid', time };
}

function cosignedTime(note, key, value) {
  if (value.length !== 72) return null;
  const time = new DataView(value.buffer, value.byteOffset, 8).getBigUint64(0);
  if (time > BigInt(Number.MAX_SAFE_INTEGER)) return null;
  const message = joinBytes(toUtf8(`cosignature/v1\ntime ${time}\n`), note.text);
  return verifyEd25519(key, message, value.subarray(8)) ? Number(time) : null;
}
