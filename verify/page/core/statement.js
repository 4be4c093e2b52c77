// SPDX-License-Identifier: Apache-2.0
// statement: the certified statement (SPEC 13.4): its bytes read, its number, what its certifier signed. It judges
// nothing: certificate.js compares it with a bundle.

import { toBase32 } from './bytes.js';
import { decode, encode } from './cbor.js';
import { attempt } from './check.js';
import { sha256 } from './hash.js';
import { ascending, bool, bytesOf, emptyMap, hash, list, need, num, sigHeader, textOf, tuple } from './shapes.js';
import { toUtf8 } from './text.js';

const MAX_BYTES = 500;
const DOMAIN = 'unbroken certificate/1';
const MAX_ASKED = 8;
const MAX_OFFSET = 1440;

function templateOf(item) {
  need(/^[a-z0-9-]{1,24}$/.test(textOf(item)));
  return item;
}

function logOf(item) {
  const [id, signature] = tuple(item, 2);
  return { id: bytesOf(id, 4), signature: bytesOf(signature, 64) };
}

function certifierOf(item) {
  const [person, appointment, capacity] = tuple(item, 3);
  return { person: num(person), appointment: num(appointment), capacity: num(capacity, 0, 255) };
}

function statusOf(item) {
  need(item === 0 || item === 3);
  return item;
}

function readFields(bytes) {
  const [domain, ledger, origin, training, size, root, log, bundle, policy, status, breaches, findings, withheld, askedCount,
    asked, records, made, offset, template, certifier] = tuple(decode(bytes), 20);
  need(domain === DOMAIN);
  const fields = {
    ledger: hash(ledger), origin: textOf(origin, 1, 64), training: bool(training), size: num(size), root: hash(root),
    log: logOf(log), bundle: hash(bundle), policy: hash(policy), status: statusOf(status), breaches: num(breaches),
    findings: num(findings), withheld: num(withheld), askedCount: num(askedCount),
    asked: ascending(list(asked, 1, MAX_ASKED, (subject) => num(subject))), records: num(records), made: num(made),
    offset: num(offset, -MAX_OFFSET, MAX_OFFSET), template: templateOf(template), certifier: certifierOf(certifier),
  };
  need(fields.asked.length <= fields.askedCount);
  return fields;
}

function readSigned(bytes) {
  need(bytes.length <= MAX_BYTES);
  const [protectedBytes, unprotected, payloadBytes, signature] = tuple(decode(bytes), 4);
  emptyMap(unprotected);
  const header = sigHeader(decode(bytesOf(protectedBytes)));
  const signed = { bytes, protectedBytes, payloadBytes: bytesOf(payloadBytes), signature: bytesOf(signature, 64) };
  return { ...signed, ...header, ...readFields(payloadBytes) };
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
  return attempt(() => readSigned(bytes));
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

/**
 * What the certifier signs: the Sig_structure of a COSE_Sign1 in the context of certificates (SPEC 13.4).
 * @param {Statement} statement
 * @returns {Uint8Array}
 */
export function certifiedBytes({ protectedBytes, payloadBytes }) {
  return encode(['Signature1', protectedBytes, toUtf8('unbroken/1 certificate'), payloadBytes]);
}
