// SPDX-License-Identifier: Apache-2.0
// text: UTF-8 read strictly, the characters that no text of a record may have (SPEC 2.1), and text made harmless (16.1).

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const refused = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** @returns {string|null} null where the bytes are not UTF-8 */
export function fromUtf8(bytes) {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}

/** @param {string} text */
export function toUtf8(text) {
  return encoder.encode(text);
}

/** Has the text a control or bidirectional character that SPEC 2.1 refuses? */
export function hasRefused(text) {
  return refused.test(text);
}

/** How many bytes the text has in UTF-8. */
export function utf8Length(text) {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) length += 1;
    else if (unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff)) length += 2;
    else length += 3;
  }
  return length;
}

/** The order of two texts by their UTF-8 bytes: negative, 0 or positive. */
export function compareText(a, b) {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (a.charCodeAt(i) !== b.charCodeAt(i)) return a.codePointAt(pairStart(a, i)) - b.codePointAt(pairStart(b, i));
  }
  return a.length - b.length;
}

/** SPEC 16.1 *escaped*, of a text. */
export function escapeText(text) {
  let safe = '';
  for (const character of text) {
    const code = character.codePointAt(0);
    if (character === '\\' || code < 0x20 || code === 0x7f) safe += hexEscape(code);
    else safe += refused.test(character) ? `\\u{${code.toString(16).padStart(4, '0')}}` : character;
  }
  return safe;
}

/** SPEC 16.1 *escaped*, of bytes that may not be UTF-8. */
export function escapeBytes(bytes) {
  let safe = '';
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes[at]);
    const character = fromUtf8(bytes.subarray(at, at + length));
    safe += character === null ? hexEscape(bytes[at]) : escapeText(character);
    at += character === null ? 1 : length;
  }
  return safe;
}

function hexEscape(code) {
  return `\\x${code.toString(16).padStart(2, '0')}`;
}

function characterLength(lead) {
  if (lead < 0xc0) return 1;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/** Where the character begins that the unit at `i` is part of. */
function pairStart(text, i) {
  const unit = text.charCodeAt(i);
  return i > 0 && unit >= 0xdc00 && unit <= 0xdfff ? i - 1 : i;
}
