// SPDX-License-Identifier: Apache-2.0
// hash: SHA-256 and the domains of SPEC 2.3.

import { sha256 as nobleSha256 } from '@noble/hashes/sha2';
import { toUtf8 } from './text.js';

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);
const ledgerDomain = toUtf8('unbroken/1 ledger\n');
const actDomain = toUtf8('unbroken/1 act\n');
const sheetDomain = toUtf8('unbroken/1 sheet\n');

/** @param {...Uint8Array} parts hashed as if joined */
export function sha256(...parts) {
  if (parts.length === 1) return nobleSha256(parts[0]);
  const state = nobleSha256.create();
  for (const part of parts) state.update(part);
  return state.digest();
}

/** Leaf of a tree (RFC 6962 2.1): record hash, leaf hash of heads. */
export function leafHash(bytes) {
  return sha256(leafPrefix, bytes);
}

export function nodeHash(left, right) {
  return sha256(nodePrefix, left, right);
}

export function ledgerIdOf(payloadBytes) {
  return sha256(ledgerDomain, payloadBytes);
}

export function actIdOf(payloadBytes) {
  return sha256(actDomain, payloadBytes);
}

export function sheetHash(sheetBytes) {
  return sha256(sheetDomain, sheetBytes);
}
