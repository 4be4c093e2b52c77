// SPDX-License-Identifier: Apache-2.0
// pdf: takes a certificate's two attachments out of its PDF (SPEC 13.5). It does not parse PDF and
// decompresses nothing; what it takes out is proven elsewhere.

import { standsAt } from './bytes.js';

const MAGIC = '%PDF-';
const MARKER = '/Subtype /application#2fvnd.unbroken.';
const OBJECT = ' 0 obj\n<<';
const SPACE = 0x20;
const STREAM = '>>\nstream\n';
const END_OBJECT = 'endobj';
const END_STREAM = 'endstream';
const LENGTH = '/Length ';
const KINDS = [['bundle', 'bundle '], ['statement', 'statement ']];
const FORBIDDEN = ['/F', '/DecodeParms'];
const MAX_DICTIONARY = 1024;
const MAX_DIGITS = 10;

/** The first place of needle in bytes[from, to), or -1. No byte behind `to` is looked at: hostile files have many markers. */
function find(bytes, needle, from, to = bytes.length) {
  const within = bytes.subarray(0, to);
  const first = needle.charCodeAt(0);
  for (let at = within.indexOf(first, from); at >= 0; at = within.indexOf(first, at + 1)) {
    if (standsAt(within, at, needle)) return at;
  }
  return -1;
}

function count(bytes, needle) {
  let found = 0;
  for (let at = find(bytes, needle, 0); at >= 0; at = find(bytes, needle, at + 1)) found++;
  return found;
}

/** How many decimal digits stand from `at` on, or before it (step -1). */
function digitsAt(bytes, at, step) {
  let found = 0;
  while (bytes[at + step * found] >= 0x30 && bytes[at + step * found] <= 0x39) found++;
  return found;
}

/**
 * Where the `<<` of the last object stands that begins before `marker` and not before `from`; -1: there is none near
 * enough.
 */
function objectBefore(bytes, marker, from) {
  const lowest = Math.max(from, marker - MAX_DICTIONARY - OBJECT.length);
  const within = bytes.subarray(lowest, marker);
  for (let near = within.lastIndexOf(SPACE); near >= 0; near = near === 0 ? -1 : within.lastIndexOf(SPACE, near - 1)) {
    const at = lowest + near;
    if (!standsAt(bytes, at, OBJECT)) continue;
    const digits = digitsAt(bytes, at - 1, -1);
    const begin = at - 1 - digits;
    if (digits >= 1 && digits <= MAX_DIGITS && begin >= from && bytes[begin] === 0x0a) return at + OBJECT.length - 2;
  }
  return -1;
}

/** The dictionary around a marker as [begin, end), or null where the marker is words in a title or a page. */
function dictionaryAround(bytes, marker, from) {
  const begin = objectBefore(bytes, marker, from);
  if (begin < 0) return null;
  const end = find(bytes, STREAM, marker + MARKER.length, begin + MAX_DICTIONARY + STREAM.length);
  if (end < 0) return null;
  return find(bytes, END_OBJECT, begin, end) < 0 ? [begin, end] : null;
}

/** The number behind the one `/Length ` of a dictionary, or null. `>>` stands behind the dictionary. */
function lengthIn(bytes, begin, end) {
  if (count(bytes.subarray(begin, end), LENGTH) !== 1) return null;
  const at = find(bytes, LENGTH, begin, end) + LENGTH.length;
  const digits = digitsAt(bytes, at, 1);
  if (digits < 1 || digits > MAX_DIGITS || (bytes[at] === 0x30 && digits > 1)) return null;
  const behind = bytes[at + digits + 1];
  if (bytes[at + digits] !== 0x20 || (behind !== 0x2f && behind !== 0x3e)) return null;
  return Number(String.fromCharCode(...bytes.subarray(at, at + digits)));
}

/** One attachment: its kind, bytes, and where the search goes on; or null: unreadable. */
function attachmentOf(bytes, marker, [begin, end]) {
  const kind = KINDS.find(([, text]) => standsAt(bytes, marker + MARKER.length, text));
  const dictionary = bytes.subarray(begin, end);
  if (kind === undefined || count(dictionary, MARKER) !== 1) return null;
  if (FORBIDDEN.some((key) => count(dictionary, key) > 0)) return null;
  const length = lengthIn(bytes, begin, end);
  const data = end + STREAM.length;
  if (length === null || data + length > bytes.length) return null;
  const behind = data + length + (bytes[data + length] === 0x0a ? 1 : 0);
  if (!standsAt(bytes, behind, END_STREAM)) return null;
  return { kind: kind[0], bytes: bytes.subarray(data, data + length), next: data + length };
}

/**
 * Whether a file is a certificate's PDF by its first bytes.
 * @param {Uint8Array} file
 * @returns {boolean}
 */
export function isPdf(file) {
  return standsAt(file, 0, MAGIC);
}

/**
 * The bundle and the statement of a certificate (SPEC 13.5), as views of the file.
 * @param {Uint8Array} file
 * @returns {{bundle: Uint8Array, statement: Uint8Array}|null}  null: unreadable
 */
export function readPdf(file) {
  if (!isPdf(file)) return null;
  const found = {};
  let next = 0;
  for (let marker = find(file, MARKER, 0); marker >= 0;) {
    const around = dictionaryAround(file, marker, next);
    let goOn = marker + MARKER.length;
    if (around !== null) {
      const attachment = attachmentOf(file, marker, around);
      if (attachment === null || attachment.kind in found) return null;
      found[attachment.kind] = attachment.bytes;
      next = goOn = attachment.next;
    }
    marker = find(file, MARKER, goOn);
  }
  return 'bundle' in found && 'statement' in found ? found : null;
}
