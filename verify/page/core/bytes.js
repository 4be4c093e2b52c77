// SPDX-License-Identifier: Apache-2.0
// bytes: bytes compared, joined and written as hex, base64 and base32. Strict: what would not come out the same again is refused.

const base64Letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const base32Letters = 'abcdefghijklmnopqrstuvwxyz234567';
const hexDigits = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
const atOnce = 1024;
const base64Values = new Map([...base64Letters].map((letter, value) => [letter.charCodeAt(0), value]));

/** @param {Uint8Array} a @param {Uint8Array} b */
export function equalBytes(a, b) {
  return a.length === b.length && compareBytes(a, b) === 0;
}

/** Order of bytes from the left; what is shorter and otherwise equal comes first. Negative, 0 or positive. */
export function compareBytes(a, b) {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (a[i] !== b[i]) return a[i] - b[i];
  }
  return a.length - b.length;
}

/** @param {...Uint8Array} parts */
export function joinBytes(...parts) {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Are the bytes at `at` those of `text` (ASCII)? */
export function standsAt(bytes, at, text) {
  if (at + text.length > bytes.length) return false;
  for (let i = 0; i < text.length; i++) {
    if (bytes[at + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}

export function toHex(bytes) {
  let hex = '';
  for (let from = 0; from < bytes.length; from += atOnce) {
    const length = Math.min(atOnce, bytes.length - from);
    const digits = new Uint8Array(2 * length);
    for (let i = 0; i < length; i++) {
      digits[2 * i] = hexDigits[bytes[from + i] >> 4];
      digits[2 * i + 1] = hexDigits[bytes[from + i] & 15];
    }
    hex += String.fromCharCode.apply(null, digits);
  }
  return hex;
}

/** @returns {Uint8Array|null} null unless lower-case hex of whole bytes */
export function fromHex(text) {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) return null;
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

export function toBase64(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const letters = Math.min(bytes.length - i, 3) + 1;
    for (let j = 0; j < 4; j++) text += j < letters ? base64Letters[(group >> (18 - 6 * j)) & 63] : '=';
  }
  return text;
}

/** RFC 4648 4 with padding and without stray bits. @returns {Uint8Array|null} */
export function fromBase64(text) {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const letters = text.length - padding;
  const bytes = new Uint8Array((letters * 6) >> 3);
  let bits = 0;
  let count = 0;
  let at = 0;
  for (let i = 0; i < letters; i++) {
    const value = base64Values.get(text.charCodeAt(i));
    if (value === undefined) return null;
    bits = ((bits << 6) | value) & 0xfff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes[at++] = bits >> count;
    }
  }
  return (bits & ((1 << count) - 1)) === 0 ? bytes : null;
}

/** RFC 4648 6 in lower case, without padding. */
export function toBase32(bytes) {
  let text = '';
  let bits = 0;
  let count = 0;
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xfff;
    count += 8;
    while (count >= 5) {
      count -= 5;
      text += base32Letters[(bits >> count) & 31];
    }
  }
  return count > 0 ? text + base32Letters[(bits << (5 - count)) & 31] : text;
}
