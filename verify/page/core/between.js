// SPDX-License-Identifier: Apache-2.0
// between: what was recorded of a subject between two files of one ledger (SPEC 11, Silence).

import { Stop } from './check.js';
import { lifeOf } from './history.js';
import { verdictJson } from './json.js';
import { kinds } from './kinds.js';
import { printedName } from './names.js';
import { isCustodyOpen } from './status.js';
import { formatTime } from './times.js';
import { verifyFile } from './verdict.js';
import { typeName } from './words.js';

const CASE = 4;
const THINGS = [5, 6];
/** Of two statuses, that of the first in this order (SPEC 10). */
const PRECEDENCE = [1, 2, 3, 0];

/** The subjects asked in both, ascending. */
function askedInBoth(older, newer) {
  const asked = new Set(older.bundle.asked);
  return newer.bundle.asked.filter((subject) => asked.has(subject));
}

/** Errors of use: there is no verdict. */
function misuse(older, newer, answered) {
  if (older.check.note === null || newer.check.note === null) return null;
  if (older.check.note.origin !== newer.check.note.origin) return 'ledgers';
  if (older.check.n > newer.check.n) return 'order';
  return answered && askedInBoth(older.check, newer.check).length === 0 ? 'nobody' : null;
}

/** Of each subject that has a leaf in both, the newer file must count the older one's records as the older did. */
function compareLeaves(older, newer) {
  for (const { subject, count, last } of older.leaves.values()) {
    const thread = newer.threads.get(subject);
    if (thread === undefined) continue;
    const before = thread.filter(({ record }) => record.index < older.n);
    const end = before.length === 0 ? null : before[before.length - 1].record.index;
    if (before.length !== count || end !== last) {
      const text = `the older file says that ${count} records touched subject ${subject} up to record ${last}, the newer `
        + `one that ${before.length} did, up to record ${end}`;
      throw new Stop(1, 'between', { subject }, text);
    }
  }
}

/** The things of each case at the end; where custody could not be judged to the end, everything may be of any case. */
function thingsByCase(check) {
  const things = [...check.leaves.keys()].filter((subject) => THINGS.includes(check.types.get(subject)));
  if (isCustodyOpen(check)) return () => things;
  const byCase = new Map();
  for (const thing of things) {
    const { case: of } = check.custody.things.get(thing);
    if (!byCase.has(of)) byCase.set(of, []);
    byCase.get(of).push(thing);
  }
  return (subject) => byCase.get(subject) ?? [];
}

/** Whose lives count for a subject, itself first. */
const countedFor = (check, thingsOf, subject) => (check.types.get(subject) === CASE
  ? [subject, ...thingsOf(subject)] : [subject]);

/** What was recorded of a subject from a record on: each record once, as of the subject's own thread if it is in that. */
function recordsOf(check, counted, from) {
  const found = new Map();
  for (const subject of counted) {
    for (const event of lifeOf(check, subject)) {
      if (event.record >= from && !found.has(event.record)) found.set(event.record, event.subject);
    }
  }
  return [...found].sort(([a], [b]) => a - b).map(([index, thread]) => {
    const record = check.byIndex.get(index);
    const act = kinds[record.act.kind]?.name ?? 'unknown';
    return { record: index, logged: formatTime(record.logged), act, subject: thread };
  });
}

function answerOf(older, newer) {
  const thingsOf = thingsByCase(newer);
  return askedInBoth(older, newer).map((subject) => {
    const records = recordsOf(newer, countedFor(newer, thingsOf, subject), older.n);
    const name = printedName(newer.codeName, subject);
    return { name, subject, type: typeName(newer.types.get(subject)), silent: records.length === 0, records };
  });
}

function contradiction(older, newer) {
  if (older.stop !== null || newer.stop !== null) return null;
  try {
    compareLeaves(older.check, newer.check);
    return null;
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop;
    return stop;
  }
}

/** The status of both files and its code; of two alike the older one's. */
function statusOfBoth(older, newer, stop) {
  if (stop !== null) return { status: stop.status, code: stop.code };
  const rank = ({ status }) => PRECEDENCE.indexOf(status);
  const { status, code } = rank(newer) < rank(older) ? newer : older;
  return { status, code };
}

const isWitnessed = ({ check, stop }) => stop === null && check.quorumMet && check.policy.quorum !== 'none';

/**
 * Both verdicts and what was recorded in between, as `unbroken-verify --json --between` gives it.
 * @param {Uint8Array} olderBytes
 * @param {Uint8Array} newerBytes
 * @param {Uint8Array} policyBytes
 * @param {object} [options]  as of verifyFile; `since` is the older file
 * @param {Function|null} [progress]
 * @returns {object}  SPEC 16.1; or {misuse: 'order'|'ledgers'|'nobody'} where there is no verdict
 */
export function between(olderBytes, newerBytes, policyBytes, options = {}, progress = null) {
  const { training = false } = options;
  const older = verifyFile(olderBytes, policyBytes, { training }, progress);
  const newer = verifyFile(newerBytes, policyBytes, { ...options, since: olderBytes }, progress);
  const stop = contradiction(older, newer);
  const answered = older.stop === null && newer.stop === null && stop === null && newer.check.since !== null;
  const misused = misuse(older, newer, answered);
  if (misused !== null) return { misuse: misused };
  return {
    ...statusOfBoth(older, newer, stop),
    answered,
    witnessed: isWitnessed(older) && isWitnessed(newer),
    audited: older.stop === null && newer.stop === null && newer.check.audited,
    text: stop === null ? '' : stop.text,
    place: stop === null ? null : { subject: stop.subject },
    between: answered ? answerOf(older.check, newer.check) : [],
    older: verdictJson(older),
    newer: verdictJson(newer),
  };
}
