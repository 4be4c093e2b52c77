// SPDX-License-Identifier: Apache-2.0
// statement: the certified statement (SPEC 13.4): its bytes read, its number, what its certifier signed. It judges
// nothing: certificate.js compares it with a bundle.

import { joinBytes, toBase32 } from './bytes.js';
import { decode } from './cbor.js';
import { attempt } from './check.js';
import { sha256 } from './hash.js';
import { toUtf8, utf8Length } from './text.js';

const MAX_BYTES = 500;
const DOMAIN = 'unbroken certificate/1';
const ALGORITHMS = [-19, -9];
const MAX_OFFSET = 1440;

const isBytes = (item, length) => item instanceof Uint8Array && item.length === length;
const isList = (item, length) => Array.isArray(item) && item.length === length;
const isNumber = (item) => Number.isInteger(item) && item >= 0;
const isEmptyMap = (item) => item instanceof Map && item.size === 0;

/** sig-header of SPEC 4. */
function readHeader(bytes) {
  const header = attempt(() => decode(bytes));
  if (!(header instanceof Map) || header.size !== 2) return null;
  const [algorithm, kid] = [header.get(1), header.get(4)];
  return ALGORITHMS.includes(algorithm) && isBytes(kid, 32) ? { algorithm, kid } : null;
}

const isAsked = (asked) => Array.isArray(asked) && asked.length >= 1 && asked.length <= 8 && asked.every(isNumber)
  && asked.every((subject, i) => i === 0 || subject > asked[i - 1]);
const isOrigin = (text) => typeof text === 'string' && utf8Length(text) >= 1 && utf8Length(text) <= 64;
const isTemplate = (text) => typeof text === 'string' && /^[a-z0-9-]{1,24}$/.test(text);
const isCertifier = (item) => isList(item, 3) && item.every(isNumber) && item[2] <= 255;
const isOffset = (item) => Number.isInteger(item) && Math.abs(item) <= MAX_OFFSET;

/** Member, test of its item; in the order of SPEC 13.4. */
const FIELDS = [
  ['domain', (item) => item === DOMAIN],
  ['ledger', (item) => isBytes(item, 32)],
  ['origin', isOrigin],
  ['training', (item) => typeof item === 'boolean'],
  ['size', isNumber],
  ['root', (item) => isBytes(item, 32)],
  ['log', (item) => isList(item, 2) && isBytes(item[0], 4) && isBytes(item[1], 64)],
  ['bundle', (item) => isBytes(item, 32)],
  ['policy', (item) => isBytes(item, 32)],
  ['status', (item) => item === 0 || item === 3],
  ['breaches', isNumber],
  ['findings', isNumber],
  ['withheld', isNumber],
  ['askedCount', isNumber],
  ['asked', isAsked],
  ['records', isNumber],
  ['made', isNumber],
  ['offset', isOffset],
  ['template', isTemplate],
  ['certifier', isCertifier],
];

function readFields(bytes) {
  const items = attempt(() => decode(bytes));
  if (!isList(items, FIELDS.length) || !FIELDS.every(([, test], i) => test(items[i]))) return null;
  const fields = Object.fromEntries(FIELDS.map(([name], i) => [name, items[i]]));
  if (fields.asked.length > fields.askedCount) return null;
  const [person, appointment, capacity] = fields.certifier;
  const [id, signature] = fields.log;
  return { ...fields, certifier: { person, appointment, capacity }, log: { id, signature } };
}

/**
 * @typedef {{bytes: Uint8Array, protectedBytes: Uint8Array, payloadBytes: Uint8Array, signature: Uint8Array,
 *   algorithm: number, kid: Uint8Array, ledger: Uint8Array, origin: string, training: boolean, size: number,
 *   root: Uint8Array, log: {id: Uint8Array, signature: Uint8Array}, bundle: Uint8Array, policy: Uint8Array,
 *   status: number, breaches: number, findings: number, withheld: number, askedCount: number, asked: number[],
 *   records: number, made: number, offset: number, template: string,
 *   certifier: {person: number, appointment: number, capacity: number}}} Statement
 */

/**
 * Reads a signed statement by SPEC 2.1 and 13.4.
 * @param {Uint8Array} bytes
 * @returns {Statement|null}
 */
export function readStatement(bytes) {
  if (bytes.length > MAX_BYTES) return null;
  const outer = attempt(() => decode(bytes));
  if (!isList(outer, 4)) return null;
  const [protectedBytes, unprotected, payloadBytes, signature] = outer;
  if (!(protectedBytes instanceof Uint8Array) || !isEmptyMap(unprotected)) return null;
  if (!(payloadBytes instanceof Uint8Array) || !isBytes(signature, 64)) return null;
  const header = readHeader(protectedBytes);
  const fields = header === null ? null : readFields(payloadBytes);
  return fields === null ? null : { bytes, protectedBytes, payloadBytes, signature, ...header, ...fields };
}

/**
 * The certificate's number, `XXXX-XXXX-XXXX-XXXX` (SPEC 13.4).
 * @param {Uint8Array} bytes  of the signed statement
 * @returns {string}
 */
export function certificateNumber(bytes) {
  const letters = toBase32(sha256(bytes).subarray(0, 10)).toUpperCase();
  return [0, 4, 8, 12].map((at) => letters.slice(at, at + 4)).join('-');
}

/** The head of a CBOR text or byte string of at most 65535 bytes. */
function head(major, length) {
  if (length < 24) return Uint8Array.of(major << 5 | length);
  if (length < 256) return Uint8Array.of(major << 5 | 24, length);
  return Uint8Array.of(major << 5 | 25, length >> 8, length & 0xff);
}

/**
 * What the certifier signs: the Sig_structure of a COSE_Sign1 in the context of certificates (SPEC 13.4).
 * @param {Statement} statement
 * @returns {Uint8Array}
 */
export function certifiedBytes(statement) {
  const context = toUtf8('Signature1');
  const strings = [statement.protectedBytes, toUtf8('unbroken/1 certificate'), statement.payloadBytes];
  const parts = strings.flatMap((bytes) => [head(2, bytes.length), bytes]);
  return joinBytes(Uint8Array.of(0x84), head(3, context.length), context, ...parts);
}
