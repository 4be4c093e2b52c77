// SPDX-License-Identifier: Apache-2.0
// cbor: deterministic CBOR as SPEC 2.1 allows it, read strictly and written for small items. Not what the items mean.

import { Stop } from './check.js';
import { compareBytes, joinBytes } from './bytes.js';
import { fromUtf8, hasRefused, toUtf8 } from './text.js';

const maxDepth = 16;
const major = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, simple: 7 };
const simple = new Map([[20, false], [21, true], [22, null]]);

/**
 * One layer: a Number, Uint8Array (borrowed from `bytes`), string, Array, Map, true, false or null.
 * @param {Uint8Array} bytes
 * @throws {Stop} (2, 'unreadable') with the offset of the first item that breaks a rule
 */
export function decode(bytes) {
  const reader = { bytes, at: 0 };
  const item = readItem(reader, 1);
  if (reader.at !== bytes.length) refuse(reader.at, 'something follows the item');
  return item;
}

/** Deterministic CBOR of an item as `decode` gives it; keys of a map must ascend already. */
export function encode(item) {
  if (typeof item === 'number') return item < 0 ? head(major.negative, -1 - item) : head(major.unsigned, item);
  if (typeof item === 'string') return withHead(major.text, toUtf8(item));
  if (item instanceof Uint8Array) return withHead(major.bytes, item);
  if (Array.isArray(item)) return joinBytes(head(major.array, item.length), ...item.map(encode));
  if (item instanceof Map) {
    return joinBytes(head(major.map, item.size), ...[...item].flatMap(([key, value]) => [encode(key), encode(value)]));
  }
  return Uint8Array.of(item === null ? 0xf6 : item ? 0xf5 : 0xf4);
}

function withHead(type, bytes) {
  return joinBytes(head(type, bytes.length), bytes);
}

function head(type, argument) {
  const lead = type << 5;
  if (argument < 24) return Uint8Array.of(lead | argument);
  const width = argument < 2 ** 8 ? 1 : argument < 2 ** 16 ? 2 : argument < 2 ** 32 ? 4 : 8;
  const bytes = new Uint8Array(1 + width);
  bytes[0] = lead | (24 + Math.log2(width));
  for (let i = width, rest = argument; i > 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  return bytes;
}

function refuse(byte, text) {
  throw new Stop(2, 'unreadable', { byte }, text);
}

function readItem(reader, depth) {
  const start = reader.at;
  if (depth > maxDepth) refuse(start, 'nested too deeply');
  if (start >= reader.bytes.length) refuse(start, 'the item is missing');
  const type = reader.bytes[start] >> 5;
  if (type === major.simple) return readSimple(reader);
  const argument = readArgument(reader);
  switch (type) {
    case major.unsigned: return argument;
    case major.negative:
      if (argument === Number.MAX_SAFE_INTEGER) refuse(start, 'the integer is too small');
      return -1 - argument;
    case major.bytes: return take(reader, start, argument);
    case major.text: return readText(reader, start, argument);
    case major.array: return readArray(reader, start, argument, depth);
    case major.map: return readMap(reader, start, argument, depth);
    default: return refuse(start, 'a tag');
  }
}

function readSimple(reader) {
  const value = simple.get(reader.bytes[reader.at] & 31);
  if (value === undefined) refuse(reader.at, 'a float or simple value that no format has');
  reader.at += 1;
  return value;
}

/** The argument of a head, shortest and below 2^53 (RFC 8949 4.2.1). */
function readArgument(reader) {
  const start = reader.at;
  const short = reader.bytes[start] & 31;
  if (short < 24) {
    reader.at += 1;
    return short;
  }
  if (short > 27) refuse(start, 'an indefinite or reserved length');
  const width = 1 << (short - 24);
  if (start + 1 + width > reader.bytes.length) refuse(start, 'the head is cut off');
  let argument = 0;
  for (let i = 1; i <= width; i++) argument = argument * 256 + reader.bytes[start + i];
  if (argument > Number.MAX_SAFE_INTEGER) refuse(start, 'beyond 2^53-1');
  const smallest = width === 1 ? 24 : 2 ** (4 * width);
  if (argument < smallest) refuse(start, 'the head is not the shortest');
  reader.at += 1 + width;
  return argument;
}

function take(reader, start, length) {
  if (length > reader.bytes.length - reader.at) refuse(start, 'longer than what is left');
  const taken = reader.bytes.subarray(reader.at, reader.at + length);
  reader.at += length;
  return taken;
}

function readText(reader, start, length) {
  const text = fromUtf8(take(reader, start, length));
  if (text === null) refuse(start, 'the text is not UTF-8');
  if (hasRefused(text)) refuse(start, 'the text has a control or bidirectional character');
  return text;
}

function readArray(reader, start, count, depth) {
  if (count > reader.bytes.length - reader.at) refuse(start, 'more items than bytes');
  const items = [];
  for (let i = 0; i < count; i++) {
    items.push(readItem(reader, depth + 1));
  }
  return items;
}

function readMap(reader, start, count, depth) {
  if (2 * count > reader.bytes.length - reader.at) refuse(start, 'more pairs than bytes');
  const map = new Map();
  let before = null;
  for (let i = 0; i < count; i++) {
    const keyStart = reader.at;
    const key = readItem(reader, depth + 1);
    const keyBytes = reader.bytes.subarray(keyStart, reader.at);
    if (before !== null && compareBytes(before, keyBytes) >= 0) refuse(keyStart, 'the keys do not ascend');
    before = keyBytes;
    map.set(key, readItem(reader, depth + 1));
  }
  return map;
}
