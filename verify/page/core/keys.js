// SPDX-License-Identifier: Apache-2.0
// keys: signatures of SPEC 2.4, by point arithmetic so that every rule is written out here. Not whose key it is.

import { ed25519 } from '@noble/curves/ed25519';
import { p256 } from '@noble/curves/p256';
import { sha512 } from '@noble/hashes/sha2';
import { compareBytes, equalBytes, joinBytes, toHex } from './bytes.js';
import { sha256 } from './hash.js';
import { encode } from './cbor.js';
import { toUtf8 } from './text.js';

export const algorithm = { ed25519: -19, esp256: -9 };

const edPoint = ed25519.Point;
const edOrder = ed25519.CURVE.n;
const ecPoint = p256.Point;
const ecOrder = p256.CURVE.n;
const precomputeAt = 3;
const maxKeysKept = 256;
const actContext = toUtf8('unbroken/1 act');
const points = new Map();

/** Is it a key that may sign (SPEC 2.4)? */
export function validKey(algorithmNumber, key) {
  return pointOf(algorithmNumber, key) !== null;
}

/** kid of a key (SPEC 2.3). */
export function kidOf(algorithmNumber, key) {
  return sha256(encode([algorithmNumber, key]));
}

/** What a signer of an act signs (SPEC 2.4): the Sig_structure of COSE_Sign. */
export function actSigStructure(protectedBytes, payloadBytes) {
  return encode(['Signature', new Uint8Array(0), protectedBytes, actContext, payloadBytes]);
}

/** Is a signer's signature of an act by this key, whatever his header says? */
export function signatureHolds(key, act, signer) {
  return verifySignature(key.algorithm, key.bytes, actSigStructure(signer.protectedBytes, act.payloadBytes), signer.signature);
}

/**
 * @param {number} algorithmNumber -19 or -9
 * @param {Uint8Array} key
 * @param {Uint8Array} message
 * @param {Uint8Array} signature 64 bytes
 * @returns {boolean}
 */
export function verifySignature(algorithmNumber, key, message, signature) {
  if (signature.length !== 64) return false;
  const point = pointOf(algorithmNumber, key, true);
  if (point === null) return false;
  return algorithmNumber === algorithm.ed25519
    ? edHolds(point, key, message, signature)
    : ecHolds(point, message, signature);
}

export function verifyEd25519(key, message, signature) {
  return verifySignature(algorithm.ed25519, key, message, signature);
}

/** Cofactorless: R has the bytes of S*B - k*A, and is not of small order. */
function edHolds(point, key, message, signature) {
  const r = signature.subarray(0, 32);
  const s = fromLittleEndian(signature.subarray(32));
  if (s >= edOrder) return false;
  const k = fromLittleEndian(sha512(joinBytes(r, key, message))) % edOrder;
  const expected = edPoint.BASE.multiplyUnsafe(s).subtract(point.multiplyUnsafe(k));
  return !isSmallOrder(expected) && equalBytes(expected.toBytes(), r);
}

/** u1*G + u2*Q has r as its x, and s is low. */
function ecHolds(point, message, signature) {
  const r = fromBigEndian(signature.subarray(0, 32));
  const s = fromBigEndian(signature.subarray(32));
  if (r === 0n || r >= ecOrder || s === 0n || s > ecOrder / 2n) return false;
  const z = fromBigEndian(sha256(message)) % ecOrder;
  const inverse = ecPoint.Fn.inv(s);
  const u1 = (z * inverse) % ecOrder;
  const u2 = (r * inverse) % ecOrder;
  const sum = ecPoint.BASE.multiplyUnsafe(u1).add(point.multiplyUnsafe(u2));
  return !sum.is0() && sum.toAffine().x % ecOrder === r;
}

/** The point of a key, or null where SPEC 2.4 refuses it. Kept, for one key signs often. */
function pointOf(algorithmNumber, key, toVerify = false) {
  const name = `${algorithmNumber} ${toHex(key)}`;
  if (!points.has(name)) {
    if (points.size >= maxKeysKept) points.clear();
    points.set(name, { point: algorithmNumber === algorithm.ed25519 ? edPointOf(key) : ecPointOf(algorithmNumber, key), used: 0 });
  }
  const kept = points.get(name);
  if (toVerify && kept.point !== null && ++kept.used === precomputeAt) kept.point.precompute(5);
  return kept.point;
}

function edPointOf(key) {
  if (key.length !== 32 || !isBelowFieldPrime(key)) return null;
  const point = orNull(() => edPoint.fromBytes(key, false));
  return point === null || isSmallOrder(point) ? null : point;
}

function ecPointOf(algorithmNumber, key) {
  if (algorithmNumber !== algorithm.esp256 || key.length !== 33 || (key[0] !== 2 && key[0] !== 3)) return null;
  return orNull(() => ecPoint.fromHex(toHex(key)));
}

function isSmallOrder(point) {
  return point.double().double().double().is0();
}

/** y < 2^255 - 19, whatever the sign bit is. */
function isBelowFieldPrime(key) {
  const y = Uint8Array.from(key).reverse();
  y[0] &= 0x7f;
  const prime = new Uint8Array(32).fill(0xff);
  prime[0] = 0x7f;
  prime[31] = 0xed;
  return compareBytes(y, prime) < 0;
}

function fromLittleEndian(bytes) {
  return fromBigEndian(Uint8Array.from(bytes).reverse());
}

function fromBigEndian(bytes) {
  return BigInt(`0x${toHex(bytes)}`);
}

/** What a primitive refuses by an exception is refused here by null. */
function orNull(read) {
  try {
    return read();
  } catch {
    return null;
  }
}
