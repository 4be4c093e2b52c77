// SPDX-License-Identifier: Apache-2.0
// checkpoint: V3 and V4: the bundle's note under the reader's policy. Which station key is in force is V13's.

import { Stop, addNote } from './check.js';
import { cosignatureOf, noteSigned, parseNote } from './note.js';
import { isMember, isSatisfied, parsePolicy } from './policy.js';
import { statedIndex } from './record.js';

/** V3: sets check.note, policy, n and root. */
export function checkCheckpoint(check) {
  const note = parseNote(check.bundle.view.note);
  if (note === null || note.size < 2) throw new Stop(2, 'unreadable', {}, 'the checkpoint is not of the form of C2SP tlog-checkpoint');
  check.policy = parsePolicy(check.policyBytes);
  if (check.policy === null) throw new Stop(2, 'policy', {}, 'the policy is not of the form of C2SP tlog-policy');
  checkLogLines(note, check.policy);
  Object.assign(check, { note, n: note.size, root: note.root });
  checkEnds(check.bundle.records, check.n);
}

function checkEnds(parts, n) {
  if (isOther(parts[parts.length - 1], n - 1) || isOther(parts[0], 0)) {
    throw new Stop(2, 'unreadable', {}, 'the first or the last record is missing');
  }
}

/** Is it another record, as far as its index can be read? */
function isOther({ bytes }, index) {
  const stated = statedIndex(bytes);
  return stated !== null && stated !== index;
}

/**
 * The log's signatures on a note, by the keys of the policy.
 * @throws {Stop} origin, unsigned, checkpoint
 */
export function checkLogLines(note, policy) {
  const logs = policy.logs.filter((log) => log.name === note.origin);
  if (logs.length === 0) throw new Stop(2, 'origin', {}, 'the policy does not name this ledger');
  const states = logs.map((log) => noteSigned(note, log.name, log.id, log.key));
  if (states.every((state) => state === 'absent')) throw new Stop(2, 'unsigned', {}, 'no key of the policy signed the checkpoint');
  if (states.includes('invalid')) throw new Stop(1, 'checkpoint', {}, 'the signature of the checkpoint does not match');
}

/** V4: sets check.witnesses, quorumMet and audited. */
export function checkWitnesses(check) {
  const { note, policy } = check;
  for (const witness of policy.witnesses) {
    const { state, time } = cosignatureOf(note, witness);
    if (state === 'invalid') throw new Stop(1, 'cosignature', {}, `the cosignature of ${witness.name} does not match`);
    if (state === 'valid') check.witnesses.push({ name: witness.name, time, auditor: isAuditor(policy, witness.name) });
  }
  const cosigned = new Set(check.witnesses.map(({ name }) => name));
  check.audited = policy.auditors !== null && isSatisfied(policy, 'auditors', cosigned);
  check.quorumMet = isSatisfied(policy, policy.quorum, cosigned);
  if (!check.quorumMet) addNote(check, 'quorum', {}, 'too few witnesses of the policy cosigned the checkpoint');
}

function isAuditor(policy, name) {
  return policy.auditors !== null && isMember(policy, policy.auditors, name);
}
