// SPDX-License-Identifier: Apache-2.0
// json: the verdict as one plain object for programs (SPEC 16.1).

import { toBase64, toHex } from './bytes.js';
import { courtQuestions } from './court.js';
import { sortedFindings } from './sorted.js';
import { sha256 } from './hash.js';
import { kinds } from './kinds.js';
import { certifiedLines } from './lines.js';
import { printedName } from './names.js';
import { certificateNumber } from './statement.js';
import { isCustodyOpen } from './status.js';
import { formatTime, recordTimes } from './times.js';
import { detailName, typeName } from './words.js';

const MAX_NOTES = 16;
const NO_THINGS = { unused: 0, held: 0, in_transit: 0, out: 0, closed: 0 };

const timeOrNull = (bound) => (bound === null ? null : { time: formatTime(bound.time), by: bound.by });

function placeOf({ record = null, subject = null, byte = null }) {
  if (record !== null) return { record };
  if (subject !== null) return { subject };
  return byte !== null ? { byte } : null;
}

function outcome({ check, stop, status, code }) {
  const told = stop ?? check.notes[0] ?? null;
  return {
    status,
    code,
    stop: stop !== null,
    place: told === null ? null : placeOf(told),
    text: told === null ? '' : told.text,
    notes: check.notes.slice(0, MAX_NOTES).map((note) => ({ code: note.code, text: note.text })),
  };
}

/** The checkpoint's members; they stay unsaid until its signature holds. */
function head(check) {
  const { note } = check;
  const origin = note === null ? null : { origin: note.origin, size: note.size, root: toBase64(note.root) };
  return { training: check.training, ...(origin ?? { origin: null, size: null, root: null }) };
}

function succession(check) {
  const { succeeds } = check.founding;
  if (succeeds === null) return null;
  const inside = check.succeeded?.n ?? null;
  return { ledger_id: toHex(succeeds.ledger), size: succeeds.size, root: toBase64(succeeds.root), inside };
}

/** What is known of the policy: nothing of whom it trusts where V4 was not passed. */
function trust(check) {
  const isJudged = check.steps.some(({ step, result }) => step === 'V4' && result !== 'stop');
  return {
    policy_sha256: toHex(sha256(check.policyBytes)),
    quorum: isJudged && check.policy.quorum === 'none' ? 'none' : 'required',
    split_possible: isJudged && check.policy.splitPossible,
    audited: isJudged && check.audited,
  };
}

const witnessed = ({ name, time, auditor }) => ({ name, time: formatTime(time), auditor });

function proven(check) {
  return {
    records: check.records.length,
    signatures: check.signatures,
    details: check.disclosed,
    witnesses: check.witnesses.map(witnessed),
  };
}

/** On whose word the history was only added to, and is complete. */
function vouchers(check) {
  const onView = ({ size, witnesses }) => witnesses.map(({ name, time }) => ({ name, size, time: formatTime(time) }));
  const views = [{ size: check.n, witnesses: check.witnesses }, ...(check.vouched === null ? [] : [check.vouched])];
  const audited = check.auditedView === null ? []
    : onView({ ...check.auditedView, witnesses: check.auditedView.witnesses.filter(({ auditor }) => auditor) });
  return { append_only: views.flatMap(onView), complete: audited };
}

function actName({ type, act }) {
  if (type === 'heads') return 'heads';
  return kinds[act.kind]?.name ?? 'unknown';
}

function timesOf(check) {
  return recordTimes(check).map(({ record, notAfter, notBefore }) => ({
    record: record.index,
    act: actName(record),
    claimed: record.act === null ? null : formatTime(record.act.claimed),
    offset: record.act === null ? null : record.act.offset,
    logged: formatTime(record.logged),
    not_after: timeOrNull(notAfter),
    not_before: timeOrNull(notBefore),
  }));
}

/** The subjects that breaches touch: of them, or of an act as a whole that links them. */
function touchedBy(check, breaches) {
  const touched = new Set();
  for (const { record, subject } of breaches) {
    if (subject !== null) touched.add(subject);
    else if (record !== null) check.byIndex.get(record).links.forEach((link) => touched.add(link.subject));
  }
  return touched;
}

/** Whether custody is unbroken, for each subject: of a case nothing at all may be broken. */
function custodyOf(check) {
  const breaches = check.findings.filter(({ breach }) => breach);
  const touched = touchedBy(check, breaches);
  const isBroken = (subject) => touched.has(subject)
    || (breaches.length > 0 && typeName(check.types.get(subject)) === 'case');
  const otherwise = isCustodyOpen(check) ? null : true;
  return (subject) => (isBroken(subject) ? false : otherwise);
}

function askedOf(check) {
  const custodyUnbroken = custodyOf(check);
  return check.bundle.asked.map((subject) => ({
    name: printedName(check.codeName, subject),
    subject,
    type: typeName(check.types.get(subject)),
    records: check.leaves.get(subject).count,
    unaltered: true,
    whole: true,
    genuine: true,
    witnessed: check.witnesses.length > 0,
    custody_unbroken: custodyUnbroken(subject),
  }));
}

const findingsOf = (check, areBreaches) => sortedFindings(check, areBreaches)
  .map(({ code, record, subject, text, reason }) => (
    { code, record, subject, text, ...(areBreaches ? { reason: code === 'deviation' ? reason : null } : {}) }));

function withheldOf(check) {
  return check.withheld.map(({ record, subject, name, ordinal, erased, under }) => (
    { record, subject, name, detail: detailName(name), ordinal, erased, under }));
}

function certificateOf({ check, statement }) {
  if (statement === null) return null;
  return {
    number: certificateNumber(statement.bytes),
    same_policy: toHex(statement.policy) === toHex(sha256(check.policyBytes)),
    lines: certifiedLines(check, statement),
  };
}

/** The members marked * in SPEC 16.1, of a history that nothing stopped. */
function history(verdict) {
  const { check } = verdict;
  return {
    ledger_id: toHex(check.ledgerId),
    logged: formatTime(check.byIndex.get(check.n - 1).logged),
    succeeds: succession(check),
    since: check.since,
    things: { ...NO_THINGS, ...(check.custody?.counts ?? {}) },
    not_after: check.notAfter.map(({ size, time, who }) => ({ size, time: formatTime(time), who })),
    not_before: check.notBefore.map(({ record, time, who }) => ({ record, time: formatTime(time), who })),
    beacons: check.beacons,
    ...vouchers(check),
    times: timesOf(check),
    asked: askedOf(check),
    breaches: findingsOf(check, true),
    court_will_ask: courtQuestions(check),
    findings: findingsOf(check, false),
    withheld: withheldOf(check),
    certificate: certificateOf(verdict),
  };
}

/** The same of one that was stopped: nothing is said. */
const noHistory = () => ({
  ledger_id: null, logged: null, succeeds: null, since: null, things: { ...NO_THINGS }, not_after: [], not_before: [],
  beacons: [], append_only: [], complete: [], times: [], asked: [], breaches: [], court_will_ask: [], findings: [],
  withheld: [], certificate: null,
});

/**
 * The verdict for programs, equal to what `unbroken-verify --json` prints, but for the order of members and the
 * sentences of stops and notes.
 * @param {import('./verdict.js').Verdict} verdict
 * @returns {object}
 */
export function verdictJson(verdict) {
  const { check, stop } = verdict;
  return {
    ...outcome(verdict),
    ...head(check),
    ...trust(check),
    ...proven(check),
    ...(stop === null ? history(verdict) : noHistory()),
  };
}
