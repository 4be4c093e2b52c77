// SPDX-License-Identifier: Apache-2.0
// certificate: a certified statement compared with what was verified, and its certifier (SPEC V17).

import { equalBytes } from './bytes.js';
import { Stop } from './check.js';
import { verifySignature } from './keys.js';
import { keyInForce, officeHeld } from './persons.js';
import { certifiedBytes } from './statement.js';
import { isCustodyOpen } from './status.js';

const isAtRecord = (finding) => finding.record !== null;
const isSame = (a, b) => (a instanceof Uint8Array ? equalBytes(a, b) : a === b);

/** Is `log` of the statement a signature line of the bundle's note under the origin? */
const hasLine = (check, { id, signature }) => check.note.lines.some((line) => line.name === check.originLine
  && equalBytes(line.id, id) && equalBytes(line.value, signature));

/** May the statement give that status? */
function isStatus(check, status) {
  const breaches = check.findings.filter(({ breach }) => breach);
  if (breaches.some((breach) => isAtRecord(breach) || breach.code === 'other')) return status === 3;
  return status === 0 || check.notes.some(({ code }) => code === 'other');
}

/** The first member of the statement that is another than what was verified, or null. */
function firstDifference(check, statement) {
  const { bundle } = check;
  const facts = { ledger: check.ledgerId, origin: check.origin, training: check.training, size: check.n, root: check.root };
  const counts = { askedCount: bundle.asked.length, records: check.records.length, withheld: check.withheld.length };
  const same = { ...facts, bundle: bundle.check, ...counts };
  for (const [name, value] of Object.entries(same)) if (!isSame(statement[name], value)) return name;
  if (!hasLine(check, statement.log)) return 'log';
  if (!statement.asked.every((subject, i) => subject === bundle.asked[i])) return 'asked';
  if (isCustodyOpen(check)) return null;
  const standing = check.findings.filter(isAtRecord);
  if (statement.breaches !== standing.filter(({ breach }) => breach).length) return 'breaches';
  if (statement.findings !== standing.filter(({ breach }) => !breach).length) return 'findings';
  return isStatus(check, statement.status) ? null : 'status';
}

function isCertified(check, statement) {
  const { person, appointment, capacity } = statement.certifier;
  const key = check.leaves.has(person) ? keyInForce(check, person, check.n) : null;
  if (key === null || key.algorithm !== statement.algorithm || !equalBytes(key.kid, statement.kid)) return false;
  if (capacity === 0 || !officeHeld(check, person, appointment, capacity, check.n)) return false;
  return verifySignature(key.algorithm, key.bytes, certifiedBytes(statement), statement.signature);
}

/**
 * V17, behind V1 to V15 of the bundle inside.
 * @param {object} check
 * @param {import('./statement.js').Statement} statement
 */
export function checkCertificate(check, statement) {
  const different = firstDifference(check, statement);
  if (different !== null) {
    throw new Stop(1, 'certificate', {}, `the certificate states another ${different} than the bundle inside proves`);
  }
  if (!isCertified(check, statement)) {
    const text = 'the certificate is not signed by whom it names, in an office that this person held';
    throw new Stop(1, 'certifier', { subject: statement.certifier.person }, text);
  }
}
