// SPDX-License-Identifier: Apache-2.0
// expert: everything that a check has read, as plain data that a worker can hand to a page: steps, records, signers, details, files, stories. It
// repeats and judges nothing; after a stop it has what was read before it.
import { attempt } from './check.js';
import { toHex } from './bytes.js';
import { called, valueText } from './called.js';
import { disclosedOf } from './details.js';
import { kinds } from './kinds.js';
import { printedName } from './names.js';
import { stories } from './story.js';
import { codeName, detailName, officeName, roleName, typeName } from './words.js';

const word = (text, number) => text || String(number);
const hexOr = (bytes) => (bytes === null || bytes === undefined ? null : toHex(bytes));

/** A fact for reading: hashes and keys as hex, seals as they are. */
function factValue(name, value) {
  if (name === 'key') return `${value.algorithm}, ${toHex(value.bytes)}`;
  if (name === 'office') return word(officeName(value), value);
  if (name === 'type') return word(typeName(value), value);
  if (name === 'names') return value.map((number) => word(detailName(number), number)).join(', ');
  if (value instanceof Uint8Array) return toHex(value);
  return Array.isArray(value) ? (value.length === 0 ? 'none' : value.join(', ')) : String(value);
}

function factsOf(facts) {
  return Object.entries(facts).filter(([name, value]) => name !== 'present' && value !== null && value !== undefined).map(([name, value]) => [name, factValue(name, value)]);
}

/** A line of a sheet. `state`: told, absent (withheld or erased, if nothing stopped), or unread (the check had stopped before it). */
function detailOf(check, line) {
  const value = line.disclosure?.value;
  const detail = { name: word(detailName(line.name), line.name), ordinal: line.ordinal, digest: line.digest, text: null, file: null, state: 'told' };
  if (value === undefined) return { ...detail, state: line.disclosure === null ? 'absent' : 'unread' };
  detail.text = valueText(value);
  if (value.kind === 'attachment') {
    const { length, mediaType } = value;
    const hash = toHex(value.hash);
    detail.file = { hash, length, mediaType, there: check.bundle.attachments.has(hash) };
  }
  return detail;
}

const detailsOf = (check, record, entry) => (attempt(() => disclosedOf(check, record, entry)) ?? []).map((line) => detailOf(check, line));

function signerOf(signer) {
  const { person, appointment, capacity, algorithm, kid, signature } = signer;
  return { person, appointment, office: capacity === 0 ? null : word(officeName(capacity), capacity), algorithm, kid: hexOr(kid), signature: hexOr(signature) };
}

function entryOf(check, record, entry) {
  return { subject: entry.subject, role: word(roleName(entry.role), entry.role), facts: factsOf(entry.facts), sheet: hexOr(entry.sheet),
    details: entry.sheet === null || !check.leaves.has(entry.subject) ? [] : detailsOf(check, record, entry) };
}

const pointed = (item) => (item === null || item === undefined ? null : { ...item, root: hexOr(item.root), hash: hexOr(item.hash), ledger: hexOr(item.ledger), actId: hexOr(item.actId) });

function actOf(check, record) {
  const { act } = record;
  return {
    kind: act.kind, name: kinds[act.kind]?.name ?? 'unknown', id: act.idHex, nonce: hexOr(act.nonce), claimed: act.claimed, offset: act.offset, seen: pointed(act.seen),
    code: act.code === null ? null : word(codeName(act.kind, act.code), act.code), from: act.from, to: act.to, place: act.place, answers: hexOr(act.answers), amends: pointed(act.amends),
    foreign: pointed(act.foreign), clock: act.clock, offline: act.offline, deviation: act.deviation, due: act.due, sheet: hexOr(act.sheet),
    founding: act.founding === null ? null : { ...act.founding, station: hexOr(act.founding.station), succeeds: pointed(act.founding.succeeds) },
    signers: act.signers.map(signerOf), entries: act.entries.map((entry) => entryOf(check, record, entry)), details: act.sheet === null ? [] : detailsOf(check, record, null),
  };
}

function recordOf(check, record) {
  return { index: record.index, type: record.type, bytes: record.bytes, hash: hexOr(record.hash), prev: hexOr(record.prev), logged: record.logged, links: record.links,
    path: record.path.map(toHex), subjects: record.subjects, root: hexOr(record.root), act: record.act === null ? null : actOf(check, record) };
}

/** Attached files that are there, each once, with the details that name them. Their SHA-256 was compared when the file was read (SPEC V11). */
function filesOf(check, records) {
  const files = new Map();
  const add = (record, subject, detail) => {
    if (detail.file === null || !detail.file.there) return;
    const { hash, mediaType } = detail.file;
    if (!files.has(hash)) files.set(hash, { hash, mediaType, bytes: check.bundle.attachments.get(hash), named: [] });
    files.get(hash).named.push({ record, subject, name: detail.name });
  };
  for (const { index, act } of records) {
    if (act === null) continue;
    act.details.forEach((detail) => add(index, null, detail));
    for (const { subject, details } of act.entries) details.forEach((detail) => add(index, subject, detail));
  }
  return [...files.values()];
}

/** Names of all subjects that have a leaf, called as on the paper where nothing stopped. */
function namesOf(check, stopped) {
  if (check.codeName === null || check.codeName === undefined) return [];
  return [...check.leaves.keys()].map((subject) => [subject, stopped ? printedName(check.codeName, subject) : called(check, subject)]);
}

/**
 * What the expert's view shows.
 * @param {object} check of the contract, after a verification, stopped or not
 * @param {object} verdict SPEC 16
 * @returns {{steps: object[], codeName: string|null, names: Array<[number, string]>, records: object[], files: object[], stories: object[], note: string|null}}
 */
export function expertView(check, verdict) {
  const read = check.bundle !== null && check.bundle !== undefined;
  const records = read ? check.records.map((record) => recordOf(check, record)) : [];
  return { steps: check.steps, codeName: check.codeName ?? null, names: read ? namesOf(check, verdict.stop) : [], records, files: verdict.stop ? [] : filesOf(check, records),
    stories: verdict.stop ? [] : stories(check, verdict), note: read ? check.bundle.view.note : null };
}
