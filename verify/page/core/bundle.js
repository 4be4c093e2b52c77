// SPDX-License-Identifier: Apache-2.0
// bundle: V1 and V2: the file as one layer of CBOR, its paths taken out of the pool, its orders checked. Records, leaves, sheets
// and disclosures stay bytes here.

import { Stop, attempt } from './check.js';
import { compareBytes, equalBytes, standsAt, toHex } from './bytes.js';
import { decode } from './cbor.js';
import { sha256, sheetHash } from './hash.js';
import { ascending, bytesOf, hash, isNum, list, need, num, orNull, tuple } from './shapes.js';

const shortest = 35;
const longest = 2 ** 31 - 1;
const checkItem = 34;
const magic = 'unbroken bundle/1';
const formats = new Set([magic, 'unbroken fork/1', 'unbroken false-heads/1']);
const maxNote = 65536;
const many = Infinity;

/** Does the file begin as a bundle (of whatever version of this format's first bytes)? */
export function isBundle(bytes) {
  return bytes.length > 3 && bytes[0] === 0x8e && bytes[1] === 0x71 && standsAt(bytes, 2, magic);
}

/** V1: is the file as long as it was, and whole? */
export function checkFile({ bytes }) {
  const end = bytes.length - checkItem;
  const whole = bytes.length >= shortest && bytes.length <= longest && bytes[end] === 0x58 && bytes[end + 1] === 0x20
    && equalBytes(sha256(bytes.subarray(0, end)), bytes.subarray(end + 2));
  if (!whole) throw new Stop(2, 'transport', {}, 'the file is not whole: it was damaged on its way');
}

/** V2: sets check.bundle. */
export function checkLayout(check) {
  check.bundle = readLayout(check.bytes);
}

/**
 * A bundle's outer layer, V1 and V2 together.
 * @param {Uint8Array} bytes
 * @returns {object} bundle of the contract
 * @throws {Stop}
 */
export function readBundle(bytes) {
  checkFile({ bytes });
  return readLayout(bytes);
}

function readLayout(bytes) {
  const item = decode(bytes);
  if (Array.isArray(item) && isOtherFormat(item[0])) throw new Stop(2, 'version', {}, 'a file of another version');
  const bundle = attempt(() => bundleOf(item));
  if (bundle === null) throw new Stop(2, 'unreadable', { byte: 0 }, 'the file is not of the form of SPEC 4');
  return bundle;
}

function isOtherFormat(first) {
  return typeof first === 'string' && first.startsWith('unbroken ') && !formats.has(first);
}

function bundleOf(item) {
  const [first, view, poolBytes, records, asked, leaves, seen, anchors, vouched,
    sheets, disclosures, attachments, others, check] = tuple(item, 14);
  need(first === magic);
  const pool = openPool(bytesOf(poolBytes));
  const withPath = (pair) => {
    const [part, path] = tuple(pair, 2);
    return { bytes: bytesOf(part), path: takePath(pool, path) };
  };
  const bundle = {
    view: viewOf(view),
    records: list(records, 2, many, withPath),
    asked: ascending(list(asked, 1, many, (subject) => num(subject))),
    leaves: list(leaves, 1, many, withPath),
    seen: list(seen, 0, many, (pair) => seenOf(pair, pool)),
    anchors: list(anchors, 0, many, (pair) => anchorOf(pair, pool)),
    vouched: orNull(vouched, (pair) => anchorOf(pair, pool)),
    sheets: keyed(list(sheets, 0, many, (part) => bytesOf(part)), sheetHash, (bytes) => ({ bytes, lines: null })),
    disclosures: keyed(list(disclosures, 0, many, (part) => bytesOf(part)), sha256, (bytes, digest) => ({ bytes, digest })),
    attachments: keyed(list(attachments, 0, many, (part) => bytesOf(part)), sha256, (bytes) => bytes),
    others: list(others, 0, many, (part) => bytesOf(part)),
    check: hash(check),
  };
  ascending(bundle.seen.map(({ size }) => size));
  need(pool.used === pool.nodes.length);
  return bundle;
}

function viewOf(item) {
  const [note, tokens] = tuple(item, 2);
  need(bytesOf(note).length <= maxNote);
  return { note, tokens: list(tokens, 0, many, (token) => bytesOf(token)) };
}

function seenOf(item, pool) {
  const [size, path] = tuple(item, 2);
  return { size: num(size), path: takePath(pool, path) };
}

function anchorOf(item, pool) {
  const [view, path] = tuple(item, 2);
  return { view: viewOf(view), path: takePath(pool, path) };
}

/** Nodes of the pool, distinct. */
function openPool(bytes) {
  need(bytes.length % 32 === 0);
  const nodes = Array.from({ length: bytes.length / 32 }, (_, i) => bytes.subarray(32 * i, 32 * i + 32));
  need(new Set(nodes.map(toHex)).size === nodes.length);
  return { nodes, used: 0 };
}

/** A path's nodes. A position not used before is the number of those used before it (SPEC 4, order of use). */
function takePath(pool, item) {
  need(Array.isArray(item));
  return item.map((position) => {
    need(isNum(position) && position <= pool.used && position < pool.nodes.length);
    if (position === pool.used) pool.used += 1;
    return pool.nodes[position];
  });
}

/** Parts by their hash, which ascend by it. */
function keyed(parts, hashOf, valueOf) {
  const map = new Map();
  let before = null;
  for (const part of parts) {
    const digest = hashOf(part);
    need(before === null || compareBytes(before, digest) < 0);
    before = digest;
    map.set(toHex(digest), valueOf(part, digest));
  }
  return map;
}
