// SPDX-License-Identifier: Apache-2.0
// findings: what changes no status but should be known (SPEC 7.3.17c): keys, clocks, files, corrections, what was carried
// over. Drift, unseen and in-transit are told by the replay; quotes, tokens and `logged` by the views.

import { KIND, SUBJECT } from './kinds.js';
import { equalBytes, toHex } from './bytes.js';
import { sheetLines } from './details.js';

const LONGEST_GAP_S = 31 * 86400;
const CLAIM_WITHIN_S = 86400;

export function tellFindings(check, tell) {
  let before = null;
  const people = new Map();
  for (const record of check.records) {
    if (before !== null) tellClock(tell, before, record);
    before = record;
    if (record.act === null) continue;
    tellClaimed(tell, record);
    tellKeys(check, tell, people, record);
    tellFiles(check, tell, record);
    if (record.act.kind === KIND.correct) tellCorrected(check, tell, record);
    if (record.act.kind === KIND.register) tellCarried(check, tell, record);
  }
}

function tellClock(tell, before, record) {
  const back = record.logged < before.logged;
  const gap = record.index === before.index + 1 && record.logged - before.logged > LONGEST_GAP_S;
  if (!back && !gap) return;
  if (record.act?.kind === KIND.clock) return;
  tell.finding('clock', record.index, null,
    `the station's clock stepped between records ${before.index} and ${record.index}`);
}

function tellClaimed(tell, { index, logged, act }) {
  if (act.offline || Math.abs(act.claimed - logged) <= CLAIM_WITHIN_S) return;
  tell.finding('claimed', index, null, 'the time claimed and the time logged are over a day apart');
}

/** What became of a person's keys: rekeys with their endorsement, and from when on a key was doubted. */
function keysOf(check, people, person) {
  if (!people.has(person)) {
    const changes = [];
    for (const { record } of check.threads.get(person) ?? []) {
      const { kind, entries, signers } = record.act;
      if (kind !== KIND.rekey && kind !== KIND.revoke) continue;
      const { doubted } = entries.find(({ subject }) => subject === person).facts;
      const endorsed = signers.filter((signer) => signer.person === person).length > 1;
      changes.push({ index: record.index, rekey: kind === KIND.rekey, endorsed, doubted });
    }
    people.set(person, changes);
  }
  return people.get(person);
}

function tellKeys(check, tell, people, { index, act }) {
  for (const { person } of act.signers) {
    const changes = keysOf(check, people, person);
    const last = changes.filter((change) => change.index < index).at(-1);
    if (last !== undefined && last.rekey && !last.endorsed) {
      tell.finding('key-not-endorsed', index, person,
        `${tell.name(person)} signs with a key that the old key did not endorse`);
    }
    if (changes.some((change) => change.doubted !== null && change.doubted <= index && index < change.index)) {
      tell.finding('key-doubted', index, person, "a signer's key was doubted later, for this time too");
    }
  }
}

function tellFiles(check, tell, { index, act }) {
  const sheets = [[null, act.sheet], ...act.entries.map(({ subject, sheet }) => [subject, sheet])];
  for (const [subject, sheet] of sheets) {
    if (subject !== null && !check.leaves.has(subject)) continue;
    if (!(sheetLines(check, sheet) ?? []).some(({ disclosure }) => isAbsent(check, disclosure))) continue;
    tell.finding('attachment-absent', index, subject,
      'a file that this record attaches is not in the bundle: its hash alone is proven');
  }
}

function isAbsent(check, disclosure) {
  if (disclosure === null || disclosure.value.kind !== 'attachment') return false;
  const file = check.bundle.attachments.get(toHex(disclosure.value.hash));
  return file === undefined || file.length !== disclosure.value.length;
}

/** At the amended record, of each subject of the correction that has a leaf. */
function tellCorrected(check, tell, { index, act }) {
  if (act.amends === null) return;
  for (const { subject } of act.entries.filter((entry) => check.leaves.has(entry.subject))) {
    tell.finding('corrected', act.amends.index, subject, `this record was corrected by record ${index}; both stand`);
  }
}

function tellCarried(check, tell, { index, act }) {
  const { foreign } = act;
  const { succeeds } = check.founding;
  if (foreign === null || succeeds === null || !equalBytes(foreign.ledger, succeeds.ledger)) return;
  const fits = foreign.size === succeeds.size && equalBytes(foreign.root, succeeds.root) && foreign.actId === null &&
    foreign.subject !== null;
  if (fits) return;
  for (const { subject, role } of act.entries) {
    if (role !== SUBJECT || !check.leaves.has(subject)) continue;
    tell.finding('carried', index, subject, 'said to be carried over from the ledger that this one succeeds, but not ' +
      'from the head that the founders named, or not from a subject of it');
  }
}
