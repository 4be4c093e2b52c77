// SPDX-License-Identifier: Apache-2.0
// paper: what stands on paper as text (SPEC 13.1, 13.2): addresses, decimal digits, parts. What the bytes
// mean is read elsewhere (receipt.js, statement.js).

import { joinBytes } from './bytes.js';

const MAX_TEXT = 65536;
const MAX_JOINED = 8192;
const GROUP_BYTES = 7;
const DIGITS_OF = [0, 3, 5, 8, 10, 13, 15, 17];
const PART = /^U1([RCWS])\/([1-9])\/([1-9])\/([0-9]+)$/;

/**
 * What stands behind the last `#` of a text, or all of it (SPEC 13.1).
 * @param {string} text
 * @returns {string}
 */
export function behindAddress(text) {
  return text.slice(text.lastIndexOf('#') + 1);
}

/** One group of digits as bytes, or null where the number does not fit them. */
function groupBytes(digits, count) {
  let rest = BigInt(digits);
  const bytes = new Uint8Array(count);
  for (let i = count - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return rest === 0n ? bytes : null;
}

/**
 * The bytes that decimal digits stand for (SPEC 13.2).
 * @param {string} digits  `0` to `9` only
 * @returns {Uint8Array|null}  null: a length that no bytes have, or a group that does not fit its bytes
 */
export function digitsToBytes(digits) {
  const whole = Math.floor(digits.length / DIGITS_OF[GROUP_BYTES]);
  const last = DIGITS_OF.indexOf(digits.length % DIGITS_OF[GROUP_BYTES]);
  if (last < 0) return null;
  const bytes = new Uint8Array(whole * GROUP_BYTES + last);
  for (let i = 0; i <= whole; i++) {
    const count = i < whole ? GROUP_BYTES : last;
    if (count === 0) continue;
    const at = i * DIGITS_OF[GROUP_BYTES];
    const group = groupBytes(digits.slice(at, at + DIGITS_OF[count]), count);
    if (group === null) return null;
    bytes.set(group, i * GROUP_BYTES);
  }
  return bytes;
}

/**
 * One part as it was scanned or typed (SPEC 13.2), behind an address or not.
 * @param {string} text
 * @returns {{kind: 'R'|'C'|'W'|'S', part: number, parts: number, digits: string}|null}
 */
export function readPart(text) {
  const found = PART.exec(behindAddress(text));
  if (found === null) return null;
  const [part, parts] = [Number(found[2]), Number(found[3])];
  return part <= parts ? { kind: found[1], part, parts, digits: found[4] } : null;
}

/** The lines of a text that are not empty, without spaces, tabs and CR around them. */
function linesOf(text) {
  const lines = [];
  for (const line of text.split('\n')) {
    const isBlank = (i) => line[i] === ' ' || line[i] === '\t' || line[i] === '\r';
    let [start, end] = [0, line.length];
    while (start < end && isBlank(start)) start++;
    while (end > start && isBlank(end - 1)) end--;
    if (end > start) lines.push(line.slice(start, end));
  }
  return lines;
}

/** One character for each byte: what is not ASCII cannot be part of a part, and need not be read. */
function latin1(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return text;
}

/**
 * Puts parts together that were scanned in any order, the same one twice or not.
 * @param {{kind: string, part: number, parts: number, digits: string}[]} parts
 * @returns {{kind: string, bytes: Uint8Array|null, missing: number[]}|null}  null: they do not belong together,
 *   or are no bytes; bytes are null while parts are missing
 */
export function joinParts(parts) {
  if (parts.length === 0) return null;
  const { kind, parts: count } = parts[0];
  const digits = new Array(count).fill(null);
  for (const part of parts) {
    if (part.kind !== kind || part.parts !== count) return null;
    if (digits[part.part - 1] !== null && digits[part.part - 1] !== part.digits) return null;
    digits[part.part - 1] = part.digits;
  }
  const missing = digits.flatMap((text, i) => (text === null ? [i + 1] : []));
  if (missing.length > 0) return { kind, bytes: null, missing };
  const decoded = digits.map(digitsToBytes);
  if (decoded.includes(null)) return null;
  const bytes = joinBytes(...decoded);
  return bytes.length > MAX_JOINED ? null : { kind, bytes, missing };
}

/**
 * The parts in a text file, in the order of its lines.
 * @param {Uint8Array} file
 * @returns {object[]|null}  as readPart gives them; null where a line is something else
 */
export function partsOf(file) {
  const parts = file.length > MAX_TEXT ? [null] : linesOf(latin1(file)).map(readPart);
  return parts.includes(null) ? null : parts;
}

/**
 * A text file of parts (SPEC 13.2).
 * @param {Uint8Array} file
 * @returns {{kind: 'R'|'C'|'W'|'S', bytes: Uint8Array}|null}
 */
export function readPaper(file) {
  const parts = partsOf(file);
  const joined = parts === null ? null : joinParts(parts);
  return joined === null || joined.bytes === null ? null : { kind: joined.kind, bytes: joined.bytes };
}

/**
 * Whether a file is paper text by its first bytes: its first line that is not empty begins like a part.
 * @param {Uint8Array} file
 * @returns {boolean}
 */
export function looksLikePaper(file) {
  const lines = linesOf(latin1(file.subarray(0, 4096)));
  return lines.length > 0 && /^U1[RCWS]\//.test(behindAddress(lines[0]));
}
