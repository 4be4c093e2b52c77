// SPDX-License-Identifier: Apache-2.0
// signing: V9.7 to V9.9: who signed an act, with which key, in which office, and whether they were enough (SPEC 6).

import { Stop, tellProgress } from './check.js';
import { equalBytes, toHex } from './bytes.js';
import { kidOf, signatureHolds } from './keys.js';
import { KIND, REGISTRAR, SUBJECT, kinds } from './kinds.js';
import { keyInForce, officeHeld } from './persons.js';

/** V9.7. `signed.total` of the file's signatures is told as they are checked. */
export function checkSignatures(check, { index, act }, signed) {
  const place = { record: index };
  const kids = new Set();
  act.signers.forEach((signer, i) => {
    if (!check.leaves.has(signer.person)) throw new Stop(1, 'incomplete', { subject: signer.person }, 'the thread of a signer is missing');
    const kid = toHex(signer.kid);
    const isDistinct = act.signers.slice(0, i).every((earlier) => mayStandWith(act, earlier, signer));
    if (!isDistinct || kids.has(kid)) throw new Stop(1, 'signers', place, 'a person or a key signs twice');
    kids.add(kid);
    const key = keyOf(check, index, act, signer);
    if (key === null || key.algorithm !== signer.algorithm || !equalBytes(key.kid, signer.kid)) {
      throw new Stop(1, 'key', place, 'a signer does not use the key that is in force');
    }
    if (!signatureHolds(key, act, signer)) throw new Stop(1, 'signature', place, 'a signature does not match');
    check.signatures += 1;
    tellProgress(check, check.signatures, signed.total, 'signatures');
  });
}

/** SPEC 6.2: in `rekey` its person stands twice, once as [p, 0, 0]. */
function mayStandWith(act, a, b) {
  return a.person !== b.person || (isOwnRekey(act, a) && isPossession(a) !== isPossession(b));
}

function isOwnRekey(act, { person }) {
  return act.kind === KIND.rekey && act.entries[0].subject === person;
}

function isPossession({ appointment, capacity }) {
  return appointment === 0 && capacity === 0;
}

/** SPEC 6.3: the key in force, or the one that the act itself gives. */
function keyOf(check, index, act, signer) {
  const isGivenHere = act.kind === KIND.found || act.kind === KIND.enrol || (act.kind === KIND.rekey && isPossession(signer));
  const entry = isGivenHere ? act.entries.find(({ subject, role }) => subject === signer.person && role === SUBJECT) : undefined;
  if (entry === undefined) return act.kind === KIND.found ? null : keyInForce(check, signer.person, index);
  const { key } = entry.facts;
  return key === null ? null : { ...key, kid: kidOf(key.algorithm, key.bytes) };
}

/** V9.8. */
export function checkOffices(check, { index, act }) {
  for (const signer of act.signers) {
    const { person, appointment, capacity } = signer;
    const holds = appointment === 0 ? mayHaveNone(act, signer) : officeHeld(check, person, appointment, capacity, index);
    if (!holds) throw new Stop(1, 'office', { record: index }, 'a signer does not hold the office in which he signs');
  }
}

/** SPEC 6.4: with whom appointment 0 stands. */
function mayHaveNone(act, { person, capacity }) {
  const isOfIt = act.entries.some(({ subject, role }) => subject === person && role === SUBJECT);
  if (act.kind === KIND.found) return isOfIt && capacity === REGISTRAR;
  return isOfIt && capacity === 0 && (act.kind === KIND.enrol || act.kind === KIND.rekey);
}

/** V9.9. `given` has the person of each kid that an act before gave. */
export function checkAuthority(check, { index, act }, given) {
  if (!hasAuthority(check, act)) throw new Stop(1, 'authority', { record: index }, 'too few registrars signed, or not the person itself');
  for (const { subject, facts } of act.entries) {
    if (facts.key === null) continue;
    const kid = toHex(kidOf(facts.key.algorithm, facts.key.bytes));
    if ((given.get(kid) ?? subject) !== subject) throw new Stop(1, 'key-reused', { record: index }, 'the key was given to another person');
    given.set(kid, subject);
  }
}

function hasAuthority(check, act) {
  if (act.kind === KIND.found) return isSignedByFounders(act);
  if (!kinds[act.kind].authority) return true;
  const registrars = act.signers.filter(({ capacity }) => capacity === REGISTRAR).length;
  const needsPerson = act.kind === KIND.enrol || act.kind === KIND.rekey;
  const signsItself = act.signers.some((signer) => signer.person === act.entries[0].subject && isPossession(signer));
  return registrars >= check.threshold && (!needsPerson || signsItself);
}

/** SPEC 6.5: all founders, in the order of their numbers. */
function isSignedByFounders({ signers, entries }) {
  return signers.length === entries.length - 1 && signers.every(({ person }, i) => person === i + 1);
}
