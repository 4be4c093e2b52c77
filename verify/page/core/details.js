// SPDX-License-Identifier: Apache-2.0
// details: V11: sheets and what is disclosed of them, and what is withheld or erased by whose order (SPEC 3.7).

import { Stop, attempt, orStop } from './check.js';
import { decode } from './cbor.js';
import { equalBytes, toHex } from './bytes.js';
import { sha256 } from './hash.js';
import { COURT, KIND, PROSECUTOR } from './kinds.js';
import { bytesOf, hash, list, mapOf, need, num, orNull, textOf, tuple } from './shapes.js';

const maxSheet = 262144;
const maxLines = 4096;
const maxDisclosure = 65535;
const maxCovered = 1000000;
const orphanAct = 150;

/**
 * A sheet's lines.
 * @param {Uint8Array} bytes
 * @returns {Array<{name: number, ordinal: number, digest: Uint8Array}>}
 * @throws {Stop} (2, 'unreadable')
 */
export function readSheet(bytes) {
  need(bytes.length <= maxSheet);
  const lines = list(decode(bytes), 1, maxLines, (item) => {
    const [name, ordinal, digest] = tuple(item, 3);
    return { name: num(name), ordinal: num(ordinal), digest: hash(digest) };
  });
  lines.forEach(({ name, ordinal }, i) => {
    const before = i === 0 ? { name: -1 } : lines[i - 1];
    need(name > before.name ? ordinal === 0 : name === before.name && ordinal === before.ordinal + 1, 'out of order');
  });
  return lines;
}

/**
 * A disclosure of the contract.
 * @param {Uint8Array} bytes
 * @param {Uint8Array} [digest] where it is known already
 * @throws {Stop} (2, 'unreadable')
 */
export function readDisclosure(bytes, digest = sha256(bytes)) {
  need(bytes.length <= maxDisclosure);
  const [magic, ledger, author, nonce, subject, name, ordinal, salt, value] = tuple(decode(bytes), 9);
  need(magic === 'unbroken/1 detail');
  return {
    ledger: orNull(ledger, hash), author: num(author), nonce: bytesOf(nonce, 16), subject: orNull(subject, (of) => num(of)),
    name: num(name), ordinal: num(ordinal), salt: bytesOf(salt, 16), value: valueOf(value), bytes, digest,
  };
}

/** @returns {{kind: 'text'|'int'|'bytes'|'attachment'|'list', text?, int?, bytes?, hash?, length?, mediaType?, list?}} */
function valueOf(item) {
  if (item instanceof Uint8Array) return { kind: 'bytes', bytes: item };
  if (item instanceof Map) {
    const map = mapOf(item, new Set([0, 1, 2]));
    return { kind: 'attachment', hash: hash(map.get(0)), length: num(map.get(1)), mediaType: textOf(map.get(2), 1, 128) };
  }
  if (Array.isArray(item)) return { kind: 'list', list: list(item, 1, 64, scalarOf) };
  return scalarOf(item);
}

function scalarOf(item) {
  if (typeof item === 'string') return { kind: 'text', text: item };
  need(typeof item === 'number');
  return { kind: 'int', int: item };
}

/** V11: sets check.withheld and disclosed; decodes sheets and disclosures in check.bundle. */
export function checkDetails(check) {
  const state = { covers: coversOf(check), sheets: new Set(), disclosures: new Set() };
  for (const record of check.records) {
    if (record.act === null) continue;
    checkSheet(check, state, record, record.act.sheet, null);
    for (const { subject, sheet } of record.act.entries) {
      if (check.members.has(subject)) checkSheet(check, state, record, sheet, subject);
    }
  }
  checkSurplus(check, state);
}

function checkSheet(check, state, record, sheet, subject) {
  if (sheet === null) return;
  const place = { record: record.index };
  const name = toHex(sheet);
  const kept = check.bundle.sheets.get(name);
  if (kept === undefined) throw new Stop(1, 'incomplete-sheet', place, 'a sheet of this record is missing');
  kept.lines ??= orStop({ status: 1, code: 'malformed-sheet', place }, () => readSheet(kept.bytes));
  state.sheets.add(name);
  for (const line of kept.lines) checkLine(check, state, record, subject, line);
}

function checkLine(check, state, record, subject, line) {
  const key = toHex(line.digest);
  if (!check.bundle.disclosures.has(key)) {
    addCovered(check, state, record, subject, line);
    return;
  }
  const disclosure = disclosureOf(check.bundle, key);
  if (disclosure === null || !isOfPlace(check, record, subject, line, disclosure)) {
    throw new Stop(1, 'detail', { record: record.index }, 'a detail is not that of its place');
  }
  state.disclosures.add(key);
  check.disclosed += 1;
}

/** The disclosure of a digest, decoded once; null where it is damaged. */
function disclosureOf(bundle, key) {
  const kept = bundle.disclosures.get(key);
  if (kept !== null && kept.value === undefined) bundle.disclosures.set(key, attempt(() => readDisclosure(kept.bytes, kept.digest)));
  return bundle.disclosures.get(key);
}

function isOfPlace({ ledgerId }, { index, act }, subject, { name, ordinal }, disclosure) {
  const isOfLedger = index === 0 ? disclosure.ledger === null : disclosure.ledger !== null && equalBytes(disclosure.ledger, ledgerId);
  return isOfLedger && disclosure.author === act.signers[0].person && equalBytes(disclosure.nonce, act.nonce)
    && disclosure.subject === subject && disclosure.name === name && disclosure.ordinal === ordinal;
}

function addCovered(check, state, record, subject, { name, ordinal }) {
  const place = { record: record.index };
  const cover = coverOf(state.covers, record, subject, name);
  if (cover === null) throw new Stop(1, 'withheld', place, 'a detail is withheld, and no order in the file covers it');
  if (check.withheld.length >= maxCovered) throw new Stop(2, 'limits', place, 'more than a million details are withheld or erased');
  check.withheld.push({ record: record.index, subject, name, ordinal, ...cover });
}

/**
 * What covers details (SPEC 3.7): `orders`: by subject, the first order of each name; `erases`: by the index of the amended record, the
 * first erase of each name, by subject and of the act as a whole; `ofActs`: the first order of each name for an act as a whole.
 */
function coversOf(check) {
  const covers = { orders: new Map(), erases: new Map(), ofActs: new Map() };
  for (const { index, act } of check.records) {
    if (act === null) continue;
    if (act.kind === KIND.order && [PROSECUTOR, COURT].includes(act.signers[0].capacity)) addOrder(covers.orders, index, act);
    if (act.kind === KIND.erase) addErase(covers.erases, index, act, check.byIndex.get(act.amends.index).links.length);
  }
  return covers;
}

function addOrder(orders, index, act) {
  for (const { subject, facts } of act.entries) {
    const names = entryOf(orders, subject, () => new Map());
    for (const name of facts.names ?? []) setFirst(names, name, index);
  }
}

/** An erase covers a detail of the act as a whole where it lists the name for every one of the record's subjects. */
function addErase(erases, index, act, subjects) {
  const of = entryOf(erases, act.amends.index, () => ({ ofSubjects: new Map(), ofAct: new Map() }));
  const counts = new Map();
  for (const { subject, facts } of act.entries) {
    for (const name of facts.names ?? []) {
      setFirst(of.ofSubjects, `${subject} ${name}`, index);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  for (const [name, count] of counts) {
    if (count === subjects) setFirst(of.ofAct, name, index);
  }
}

function entryOf(map, key, make) {
  if (!map.has(key)) map.set(key, make());
  return map.get(key);
}

function setFirst(map, key, index) {
  if (!map.has(key)) map.set(key, index);
}

/** @returns {{erased: boolean, under: number}|null} */
function coverOf(covers, record, subject, name) {
  const erases = name === orphanAct ? undefined : covers.erases.get(record.index);
  const erase = subject === null ? erases?.ofAct.get(name) : erases?.ofSubjects.get(`${subject} ${name}`);
  if (erase !== undefined) return { erased: true, under: erase };
  const orders = subject === null ? ordersOfAct(covers, record) : covers.orders.get(subject);
  const order = orders?.get(name);
  return order === undefined ? null : { erased: false, under: order };
}

/** For a detail of an act as a whole an order on any subject of the record is enough. */
function ordersOfAct({ orders, ofActs }, { index, links }) {
  return entryOf(ofActs, index, () => {
    const first = new Map();
    for (const { subject } of links) {
      for (const [name, order] of orders.get(subject) ?? []) first.set(name, Math.min(order, first.get(name) ?? order));
    }
    return first;
  });
}

function checkSurplus({ bundle }, { sheets, disclosures }) {
  if (sheets.size < bundle.sheets.size || disclosures.size < bundle.disclosures.size) {
    throw new Stop(2, 'surplus', {}, 'a sheet or a detail that no record names');
  }
  const attached = new Map();
  for (const { value } of bundle.disclosures.values()) {
    if (value.kind === 'attachment') attached.set(`${toHex(value.hash)} ${value.length}`, true);
  }
  for (const [name, bytes] of bundle.attachments) {
    if (!attached.has(`${name} ${bytes.length}`)) throw new Stop(2, 'surplus', {}, 'a file that no detail attaches');
  }
}

/**
 * The lines of a sheet, each with its disclosure or null; null where the sheet is not in the file.
 * @param {object} check V11 passed
 * @param {Uint8Array|null} sheet its hash
 */
export function sheetLines({ bundle }, sheet) {
  const kept = sheet === null ? undefined : bundle.sheets.get(toHex(sheet));
  if (kept === undefined) return null;
  kept.lines ??= attempt(() => readSheet(kept.bytes));
  if (kept.lines === null) return null;
  kept.withDisclosures ??= kept.lines.map((line) => ({ ...line, disclosure: bundle.disclosures.get(toHex(line.digest)) ?? null }));
  return kept.withDisclosures;
}

/** The lines that a record states of an entry, or of its act as a whole (entry null). Nothing stated: no lines. */
export function disclosedOf(check, record, entry) {
  return sheetLines(check, (entry ?? record.act).sheet) ?? [];
}
