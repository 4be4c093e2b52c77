// SPDX-License-Identifier: Apache-2.0
// views: older checkpoints, a later one that others vouch for, the station's keys, and what records quote (SPEC V13).
// Time-stamp tokens are left unjudged: they count by the reader's option only, and the page offers none.

import { equalBytes, toHex } from './bytes.js';
import { Stop, addNote } from './check.js';
import { sheetLines } from './details.js';
import { isConsistent } from './merkle.js';
import { cosignatureOf, keyId, keyType, noteSigned, parseNote } from './note.js';
import { stationKeyAt, stationKeys } from './persons.js';
import { isMember, isSatisfied } from './policy.js';
import { escapeText, toUtf8 } from './text.js';
import { loggedFinding } from './times.js';
import { valueText } from './called.js';

const NOTE = 37;
const QUOTE = 160;
const BEACON = 161;
const AUDITORS = 'auditors';

/** A line of a station's key on a note of this ledger. */
function signedByStation(check, note, key) {
  const id = keyId(toUtf8(check.originLine), keyType.log, key);
  return noteSigned(note, check.originLine, id, key) === 'valid';
}

/** Is the note signed by the station key in force at that size (SPEC 6.3 for subject 0)? */
export function signedInForce(check, note, size) {
  const key = size >= 1 ? stationKeyAt(check, size) : null;
  return key !== null && signedByStation(check, note, key);
}

/** The log keys of the policy under this ledger's name. */
const policyKeys = (check) => check.policy.logs.filter((log) => log.name === check.originLine);

/** The keys of the policy that validly signed a note. */
const validPolicyKeys = (check, note) => policyKeys(check)
  .filter(({ name, id, key }) => noteSigned(note, name, id, key) === 'valid');

/** Is a key another of this ledger's station keys than the one in force at a size: one that was replaced, or came later? */
function isAnother(check, key, size) {
  const current = stationKeyAt(check, size);
  return !equalBytes(key, current) && stationKeys(check).some((station) => equalBytes(station.key, key));
}

/**
 * Whether a note of this ledger has a valid line by the station key in force at a size, or else by a key of the policy
 * and by none that was replaced (SPEC V13 of `vouched`, V14).
 */
export function trustedNote(check, note, size) {
  if (signedInForce(check, note, size)) return true;
  const signers = validPolicyKeys(check, note);
  return signers.length > 0 && !signers.some(({ key }) => isAnother(check, key, size));
}

/** Valid cosignatures of the policy's witnesses on a note, in the policy's order. */
export function witnessesOf(policy, note) {
  return policy.witnesses.flatMap((witness) => {
    const { state, time } = cosignatureOf(note, witness);
    if (state !== 'valid') return [];
    const auditor = policy.auditors !== null && isMember(policy, policy.auditors, witness.name);
    return [{ name: witness.name, time, auditor }];
  });
}

/** Is the group `auditors` satisfied by these witnesses? */
export function isAudited(policy, witnesses) {
  return policy.auditors !== null && isSatisfied(policy, AUDITORS, new Set(witnesses.map(({ name }) => name)));
}

function addTimes(check, size, witnesses) {
  for (const { name, time } of witnesses) check.notAfter.push({ size, time, who: name });
}

/** Does a line of a witness of the policy on the note fail? */
const hasFailedWitness = (policy, note) => policy.witnesses
  .some((witness) => cosignatureOf(note, witness).state === 'invalid');

/** Does a line of any key of the policy fail? */
const hasFailedLine = (policy, note) => hasFailedWitness(policy, note)
  || policy.logs.some(({ name, id, key }) => noteSigned(note, name, id, key) === 'invalid');

/** @returns {number} the anchor's size */
function checkAnchor(check, { view, path }, sizeBefore) {
  const note = parseNote(view.note);
  if (note === null || note.origin !== check.originLine || note.size > check.n || note.size <= sizeBefore) {
    throw new Stop(2, 'unreadable', {}, 'an older checkpoint in the file is none of this ledger, or out of order');
  }
  const holds = signedInForce(check, note, note.size) && !hasFailedWitness(check.policy, note)
    && isConsistent(note.size, note.root, check.n, check.root, path);
  if (!holds) {
    const text = `the checkpoint of size ${note.size} is not one that this history continues, or a signature on it `
      + 'does not hold';
    throw new Stop(1, 'anchor', {}, text);
  }
  check.anchorRoots.set(note.size, note.root);
  addTimes(check, note.size, witnessesOf(check.policy, note));
  return note.size;
}

function checkStationKey(check) {
  if (signedInForce(check, check.note, check.n)) return;
  if (validPolicyKeys(check, check.note).some(({ key }) => isAnother(check, key, check.n))) {
    const text = 'the checkpoint is signed with a station key that a record in this file has replaced: whoever has that '
      + 'key signed another ending';
    throw new Stop(1, 'station-key', {}, text);
  }
  const text = "the policy's key for this ledger is none that the ledger knows: ask for a new policy";
  addNote(check, 'station-key', {}, text);
}

function checkVouched(check) {
  const { view, path } = check.bundle.vouched;
  const note = parseNote(view.note);
  const holds = note !== null && note.origin === check.originLine && note.size >= check.n
    && trustedNote(check, note, check.n) && isConsistent(check.n, check.root, note.size, note.root, path)
    && !hasFailedLine(check.policy, note);
  if (!holds) {
    const text = 'the later checkpoint that auditors vouch for does not continue this one';
    throw new Stop(1, 'vouched', {}, text);
  }
  check.vouched = { size: note.size, root: note.root, witnesses: witnessesOf(check.policy, note) };
  addTimes(check, note.size, check.vouched.witnesses);
}

/** On whose word the history is complete: the auditors' on the first view that satisfies their group. */
function checkAuditors(check) {
  const views = [{ size: check.n, witnesses: check.witnesses }];
  if (check.vouched !== null) views.push(check.vouched);
  const audited = views.find(({ witnesses }) => isAudited(check.policy, witnesses)) ?? null;
  check.audited = audited !== null;
  check.auditedView = audited;
  if (check.policy.auditors !== null && audited === null) {
    addNote(check, 'auditors', {}, 'no auditors of the policy vouch for this checkpoint or a later one');
  }
}

/** The root that the bundle proves for a size, or null: of its checkpoint, an anchor, what a signer saw, `vouched`. */
export function provenRoot(check, size) {
  if (size === check.n) return check.root;
  if (check.vouched !== null && check.vouched.size === size) return check.vouched.root;
  return check.anchorRoots.get(size) ?? check.seenRoots.get(size) ?? null;
}

/** What is wrong with a quote, as SPEC 16.2 says it; null: nothing. */
function wrongWith(check, record, note) {
  if (note === null || note.origin !== check.originLine) return 'is no checkpoint of this ledger';
  if (note.size < 1 || note.size > record.index) return 'covers records that come after it';
  if (!signedInForce(check, note, note.size)) return "is not signed by the station's key of that time";
  return null;
}

function addQuoteFinding(check, record, wrong) {
  const text = `what this record quotes as a checkpoint ${wrong}: it proves no time`;
  check.findings.push({ breach: false, code: 'quote', record: record.index, subject: 0, text, reason: null });
}

function checkQuote(check, record, { value }) {
  const note = value.kind === 'bytes' ? parseNote(value.bytes) : null;
  const wrong = wrongWith(check, record, note);
  if (wrong !== null) {
    addQuoteFinding(check, record, wrong);
    return;
  }
  const root = provenRoot(check, note.size);
  if (root !== null && !equalBytes(root, note.root)) {
    const text = `record ${record.index} quotes a checkpoint that shows another history of the first ${note.size} records: `
      + 'both are signed';
    throw new Stop(1, 'fork', { record: record.index }, text);
  }
  const times = witnessesOf(check.policy, note);
  if (times.length === 0) return;
  const latest = times.reduce((best, each) => (each.time > best.time ? each : best));
  check.notBefore.push({ record: record.index, time: latest.time, who: latest.name });
}

/** The lines of a note act about subject 0, in order: of the act, then of that entry. */
function linesAboutLedger(check, { act }) {
  const entry = act.entries.find(({ subject }) => subject === 0);
  if (act.kind !== NOTE || entry === undefined) return [];
  return [act.sheet, entry.sheet].flatMap((sheet) => (sheet === null ? [] : sheetLines(check, sheet)));
}

function checkQuotes(check) {
  const seen = new Set();
  for (const record of check.records) {
    if (record.act === null) continue;
    for (const { digest, disclosure } of linesAboutLedger(check, record)) {
      if (disclosure === null || seen.has(toHex(digest))) continue;
      seen.add(toHex(digest));
      if (disclosure.name === QUOTE) checkQuote(check, record, disclosure);
      if (disclosure.name === BEACON) {
        check.beacons.push({ record: record.index, text: escapeText(valueText(disclosure.value)) });
      }
    }
  }
}

/**
 * V13. Fills in check.anchorRoots (size -> root), check.vouched ({size, root, witnesses} or null), check.audited,
 * check.auditedView, check.notAfter ({size, time, who}), check.notBefore ({record, time, who}), check.beacons.
 * @param {object} check
 */
export function checkViews(check) {
  addTimes(check, check.n, check.witnesses);
  check.bundle.anchors.reduce((size, anchor) => checkAnchor(check, anchor, size), -1);
  checkStationKey(check);
  if (check.bundle.vouched !== null) checkVouched(check);
  checkAuditors(check);
  checkQuotes(check);
  const logged = loggedFinding(check);
  if (logged !== null) check.findings.push(logged);
}

/**
 * What V13 fills in, before it.
 * @param {object} check
 */
export function openViews(check) {
  Object.assign(check, { anchorRoots: new Map(), vouched: null, auditedView: null });
  Object.assign(check, { notAfter: [], notBefore: [], beacons: [] });
}
