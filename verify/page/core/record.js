// SPDX-License-Identifier: Apache-2.0
// record: the layers of a record (SPEC 4): record, act, payload, headers of its signatures. What they say is judged elsewhere.

import { Stop, attempt } from './check.js';
import { decode } from './cbor.js';
import { toHex } from './bytes.js';
import { actIdOf, leafHash } from './hash.js';
import {
  ascending, bool, bytesOf, emptyMap, facts, foreign, hash, list, mapOf, need, num, orNull, party, sigHeader, textOf, tuple,
} from './shapes.js';

const maxRecord = 65535;
const maxSignatures = 16;
const maxEntries = 512;
const payloadKeys = new Set(Array.from({ length: 20 }, (_, i) => i + 1));
const founded = 0;

/**
 * @param {Uint8Array} bytes
 * @param {Uint8Array[]} path
 * @returns {object} record of the contract
 * @throws {Stop} V5: version or malformed
 */
export function readRecord(bytes, path) {
  const item = attempt(() => decode(bytes));
  const index = indexOf(item);
  const place = index === null ? {} : { record: index };
  if (Array.isArray(item) && isOtherVersion(item[0])) throw new Stop(2, 'version', place, 'a record of another version');
  const record = bytes.length > maxRecord ? null : attempt(() => recordOf(item));
  if (record === null) throw new Stop(1, 'malformed', place, 'a record is not of the form of SPEC 4');
  return { ...record, bytes, hash: leafHash(bytes), path };
}

/** The index that a record states, where its layer is right by 2.1; else null. */
export function statedIndex(bytes) {
  return indexOf(attempt(() => decode(bytes)));
}

function indexOf(item) {
  return Array.isArray(item) && typeof item[2] === 'number' && item[2] >= 0 ? item[2] : null;
}

function isOtherVersion(version) {
  return typeof version === 'number' && version !== 1;
}

function recordOf(item) {
  need(Array.isArray(item) && item.length === 7 && item[0] === 1);
  need(item[1] === 0 || item[1] === 1);
  const index = num(item[2]);
  const prev = orNull(item[3], hash);
  need((prev === null) === (index === 0));
  const logged = num(item[4]);
  if (item[1] === 1) {
    need(index > 0);
    return { index, type: 'heads', prev, logged, links: [], act: null, subjects: num(item[5]), root: hash(item[6]) };
  }
  const links = list(item[5], 1, maxEntries, (link) => linkOf(link, index));
  ascending(links.map((link) => link.subject));
  return { index, type: 'act', prev, logged, links, act: readAct(bytesOf(item[6])), subjects: null, root: null };
}

function linkOf(item, index) {
  const [subject, number, before] = tuple(item, 3);
  const link = { subject: num(subject), number: num(number, 1), before: orNull(before, (at) => num(at)) };
  need((link.before === null) === (link.number === 1) && (link.before === null || link.before < index));
  return link;
}

/**
 * An act by itself: of a record, or one that is kept as a detail (SPEC 7.3.17).
 * @param {Uint8Array} bytes
 * @returns {object} act of the contract
 * @throws {Stop} (2, 'unreadable')
 */
export function readAct(bytes) {
  const [protectedBytes, unprotected, payloadBytes, signatures] = tuple(decode(bytes), 4);
  bytesOf(protectedBytes, 0);
  emptyMap(unprotected);
  const payload = payloadOf(decode(bytesOf(payloadBytes)));
  const signed = list(signatures, 1, maxSignatures, signatureOf);
  need(signed.length === payload.signers.length);
  const id = actIdOf(payloadBytes);
  const signers = payload.signers.map((signer, i) => ({ ...signer, ...signed[i] }));
  return { bytes, payloadBytes, id, idHex: toHex(id), ...payload, signers };
}

function signatureOf(item) {
  const [protectedBytes, unprotected, value] = tuple(item, 3);
  const header = sigHeader(decode(bytesOf(protectedBytes)));
  emptyMap(unprotected);
  return { ...header, protectedBytes, signature: bytesOf(value, 64) };
}

function payloadOf(item) {
  const map = mapOf(item, payloadKeys);
  const get = (key, read) => (map.has(key) ? read(map.get(key)) : null);
  const kind = num(map.get(2), 0, 255);
  const [claimed, offset] = tuple(map.get(4), 2);
  const payload = {
    keys: [...map.keys()], ledger: get(1, hash), kind, nonce: bytesOf(map.get(3), 16),
    claimed: num(claimed), offset: num(offset, -1440, 1440), seen: get(5, seenOf),
    signers: list(map.get(6), 1, maxSignatures, signerOf), entries: list(map.get(7), 1, maxEntries, entryOf),
    from: get(8, party), to: get(9, party), answers: get(10, hash), amends: get(11, amendsOf), place: get(12, (at) => num(at)),
    code: get(13, (at) => num(at)), sheet: get(14, hash), founding: get(15, foundingOf), foreign: get(16, foreign),
    clock: get(17, clockOf), offline: get(18, yes) ?? false, deviation: get(19, yes) ?? false, due: get(20, (at) => num(at)),
  };
  need((payload.ledger === null) === (kind === founded) && (payload.seen === null) === (kind === founded));
  ascending(payload.entries.map((entry) => entry.subject));
  return payload;
}

function seenOf(item) {
  const [size, root] = tuple(item, 2);
  return { size: num(size, 1), root: hash(root) };
}

function signerOf(item) {
  const [person, appointment, capacity] = tuple(item, 3).map((part) => num(part));
  return { person, appointment, capacity };
}

function entryOf(item) {
  const [subject, role, stated, sheet] = tuple(item, 4);
  return { subject: num(subject), role: num(role, 0, 15), facts: facts(stated), sheet: orNull(sheet, hash) };
}

function amendsOf(item) {
  const [index, recordHash] = tuple(item, 2);
  return { index: num(index), hash: hash(recordHash) };
}

function foundingOf(item) {
  const [origin, code, training, threshold, station, succeeds] = tuple(item, 6);
  return {
    origin: textOf(origin), code: textOf(code), training: bool(training), threshold: num(threshold, 1, 15),
    station: hash(station), succeeds: orNull(succeeds, foreign),
  };
}

function clockOf(item) {
  const [before, after] = tuple(item, 2).map((part) => num(part));
  return { old: before, new: after };
}

function yes(item) {
  need(item === true);
  return true;
}
