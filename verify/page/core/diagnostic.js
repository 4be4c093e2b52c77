// SPDX-License-Identifier: Apache-2.0
// diagnostic: CBOR diagnostic notation (RFC 8949 8) and hex of bytes, for an expert's eye. Nothing is judged by it.
import { attempt } from './check.js';
import { decode } from './cbor.js';
import { toHex } from './bytes.js';

const WIDTH = 100;

/** Byte strings that are an array or a map by themselves are shown as the layer that they hold: `<<...>>`. */
function layerOf(bytes) {
  if (bytes.length < 2 || bytes[0] < 0x80 || bytes[0] > 0xbf) return null;
  return attempt(() => decode(bytes));
}

function bytesText(bytes, indent) {
  const layer = layerOf(bytes);
  return layer === null ? `h'${toHex(bytes)}'` : `<<${itemText(layer, indent)}>>`;
}

/** Between brackets: on one line where it fits, else an item to a line. */
function bracketed(open, close, parts, indent) {
  const line = `${open}${parts.join(', ')}${close}`;
  if (parts.length === 0 || (line.length + indent.length <= WIDTH && !line.includes('\n'))) return line;
  return `${open}\n${parts.map((part) => `${indent}  ${part}`).join(',\n')}\n${indent}${close}`;
}

function itemText(item, indent) {
  const deeper = `${indent}  `;
  if (item instanceof Uint8Array) return bytesText(item, indent);
  if (Array.isArray(item)) return bracketed('[', ']', item.map((part) => itemText(part, deeper)), indent);
  if (item instanceof Map) {
    const pairs = [...item].map(([key, value]) => `${itemText(key, deeper)}: ${itemText(value, deeper)}`);
    return bracketed('{', '}', pairs, indent);
  }
  return typeof item === 'string' ? JSON.stringify(item) : String(item);
}

/**
 * Diagnostic notation of one item; what is no item by SPEC 2.1 is shown as bytes.
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function diagnostic(bytes) {
  const read = attempt(() => ({ item: decode(bytes) }));
  return read === null ? `h'${toHex(bytes)}'` : itemText(read.item, '');
}

/**
 * Lines of 16 bytes with their offsets.
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function hexDump(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const hex = toHex(bytes.subarray(at, at + 16)).replace(/../g, '$& ').trimEnd();
    lines.push(`${String(at).padStart(5, '0')}  ${hex}`);
  }
  return lines.join('\n');
}
