// SPDX-License-Identifier: Apache-2.0
// verdict: the steps of SPEC 9 in their order, on a bundle, a certificate or an exhibit, and what they add up to.

import { checkCertificate } from './certificate.js';
import { Stop, openCheck, runSteps } from './check.js';
import { judgeCustody } from './custody.js';
import { exhibitKind, judgeExhibit, readExhibit } from './exhibits.js';
import { checkFresh } from './fresh.js';
import { checkOthers } from './others.js';
import { isPdf, readPdf } from './pdf.js';
import { readingSteps } from './reading.js';
import { readStatement } from './statement.js';
import { statusOf } from './status.js';
import { checkTags } from './tags.js';
import { checkViews, openViews } from './views.js';

/**
 * @typedef {{check: object, stop: Stop|null, status: number, code: string, statement: object|null,
 *   kind: 'bundle'|'certificate'|'exhibit'}} Verdict
 */

/** V12 is left out where a kind is unknown. */
function runCustody(check) {
  if (check.unknownKind) check.steps.push({ step: 'V12', result: 'left out', code: null });
  else runSteps(check, [{ step: 'V12', run: judgeCustody }]);
}

function verifyOther(check, bytes) {
  const other = openCheck(bytes, check.policyBytes, {}, { nested: true });
  return { check: other, stop: stopOf(() => runBundle(other)) };
}

/** V1 to V15, without tags. */
function runBundle(check) {
  openViews(check);
  runSteps(check, readingSteps);
  runCustody(check);
  const others = (each) => checkOthers(each, (bytes) => verifyOther(check, bytes));
  runSteps(check, [
    { step: 'V13', run: checkViews },
    { step: 'V14', run: checkFresh },
    { step: 'V15', run: others },
  ]);
}

function runTags(check) {
  if (check.options.tags.length > 0) runSteps(check, [{ step: 'tags', run: checkTags }]);
}

function stopOf(run) {
  try {
    run();
    return null;
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop;
    return stop;
  }
}

function verdictOf(kind, check, statement, run) {
  openViews(check);
  const stop = stopOf(run);
  return { kind, check, stop, statement, ...statusOf(check, stop) };
}

function verifyExhibit(open, bytes) {
  const check = open(bytes);
  return verdictOf('exhibit', check, null, () => runSteps(check, [
    { step: 'V2', run: readExhibit },
    { step: 'V16', run: judgeExhibit },
  ]));
}

function verifyCertificate(open, bytes) {
  const parts = readPdf(bytes);
  const statement = parts === null ? null : readStatement(parts.statement);
  const check = open(statement === null ? bytes : parts.bundle);
  return verdictOf('certificate', check, statement, () => {
    if (statement === null) {
      check.steps.push({ step: 'V17', result: 'stop', code: 'unreadable' });
      throw new Stop(2, 'unreadable', {}, 'the PDF is no certificate of this format');
    }
    runBundle(check);
    runSteps(check, [{ step: 'V17', run: (each) => checkCertificate(each, statement) }]);
    runTags(check);
  });
}

function verifyBundle(open, bytes) {
  const check = open(bytes);
  return verdictOf('bundle', check, null, () => {
    runBundle(check);
    runTags(check);
  });
}

/**
 * Verifies a file under a policy (SPEC 9).
 * @param {Uint8Array} bytes  a bundle, a certificate's PDF or an exhibit
 * @param {Uint8Array} policyBytes
 * @param {{since?: Uint8Array|null, asOf?: number|null, training?: boolean, tags?: string[]}} [options]
 * @param {((done: number, total: number, phase: string) => void)|null} [progress]
 * @returns {Verdict}
 */
export function verifyFile(bytes, policyBytes, options = {}, progress = null) {
  const open = (file) => openCheck(file, policyBytes, options, { progress });
  if (isPdf(bytes)) return verifyCertificate(open, bytes);
  return exhibitKind(bytes) === null ? verifyBundle(open, bytes) : verifyExhibit(open, bytes);
}
