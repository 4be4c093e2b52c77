// SPDX-License-Identifier: Apache-2.0
// names: printed names with their check character (SPEC 3.2), and what a ledger is called (3.1).

import { toBase32 } from './bytes.js';

const characters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** ISO 7064 MOD 37,36 over digits and capital letters. */
export function checkCharacter(text) {
  let product = 36;
  for (const character of text) {
    const sum = (product + characters.indexOf(character)) % 36 || 36;
    product = (sum * 2) % 37;
  }
  return characters[(37 - product) % 36];
}

/** @param {string} code @param {number} subject */
export function printedName(code, subject) {
  return `${code}-${subject}-${checkCharacter(`${code}${subject}`)}`;
}

/** The checkpoint's origin line that a founding gives. */
export function originLineOf(origin, training, ledgerId) {
  return `${origin}${training ? '/training' : ''}/${toBase32(ledgerId)}`;
}

/** SPEC 3.1 of ORIGIN. */
export function isOrigin(origin) {
  return origin.length >= 1 && origin.length <= 64 && /^[a-z0-9./-]*$/.test(origin)
    && !origin.split('/').some((segment) => ['', '.', '..', 'training'].includes(segment));
}

/** SPEC 3.1 of CODE. */
export function isCode(code) {
  return /^[A-Z][A-Z0-9]{1,7}$/.test(code);
}
