// SPDX-License-Identifier: Apache-2.0
// run: does the jobs of a plan one after the other in the worker, and makes of each answer what result.js shows.

import { PROBLEM } from './plan.js';

/* Codes of a station that signed two histories, or two words on one. */
const CONTRADICTIONS = new Set(['fork', 'false-heads', 'between', 'succession']);

/* Marks a text for the catalogues (words.mjs); who draws it translates it. */
const t = (msgid) => msgid;

const CONTRADICTED = t('Something else that was given here proves that the station signed two histories of this ledger that contradict each other. This file is of one of them, and this page cannot tell which is the true one.');

function filesOf(job) {
  const all = [job.item, job.older, ...(job.since ?? []), ...(job.tags ?? [])].filter((item) => item !== undefined);
  return all.filter((item) => item.bytes !== null).map(({ name, bytes, sha256 }) => ({ name, size: bytes.length, sha256 }));
}

/** What the worker needs of a thing. */
function sent(item) {
  return { name: item.name, bytes: item.bytes, text: item.text, size: item.size };
}

function question(job) {
  const { kind, item, older, since = [], tags = [] } = job;
  return { kind, item: sent(item), older: older === undefined ? null : sent(older), since: since.map(sent), tags: tags.map(sent) };
}

function common(job, policy, options, checkedAt) {
  return {
    kind: job.kind, name: job.item.name, files: filesOf(job), trusted: policy.bytes !== null, policySha256: policy.sha256, checkedAt,
    options: {
      since: (job.since ?? []).map(({ name }) => name), asOf: options.asOfText,
      tags: (job.tags ?? []).map(({ text, name }) => text ?? name), training: options.training,
    },
    json: null, verdict: null, expert: null, alone: null, text: job.text ?? null, contradicted: false, detail: null, compared: [],
  };
}

async function doJob(job, { helper, policy, options, progress }) {
  const shape = common(job, policy, options, new Date());
  if (job.kind === 'problem') return shape;
  try {
    const answer = await helper.ask('check', { job: question(job), policy: policy.bytes, options: { asOf: options.asOf, training: options.training } }, { progress });
    if (answer !== null) return { ...shape, ...answer };
    return job.kind === 'between' ? null : { ...shape, kind: 'problem', text: PROBLEM.unknown };
  } catch (error) {
    if (error.stopped) throw error;
    // A verifier that fails has found nothing: neither good nor bad may be read from it.
    return { ...shape, kind: 'problem', text: PROBLEM.failed, detail: error.message };
  }
}

function originOf({ kind, verdict }) {
  return kind === 'between' ? verdict.newer.origin ?? verdict.older.origin : verdict.origin;
}

/**
 * Where one of the things proves a contradiction in a ledger, no other file of that ledger is left looking good.
 * @param {[object]} results
 */
export function markContradicted(results) {
  const judged = results.filter(({ verdict }) => verdict !== null);
  const origins = new Set(judged.filter(({ verdict }) => verdict.status === 1 && CONTRADICTIONS.has(verdict.code)).map(originOf));
  origins.delete(null);
  for (const result of judged) {
    if (result.verdict.status === 1 || !origins.has(originOf(result))) continue;
    result.contradicted = true;
    result.text = CONTRADICTED;
  }
}

/**
 * @param {[object]} jobs of plan.js
 * @param {{helper: object, policy: {bytes: Uint8Array|null, sha256: string|null}, options: object, progress: function({name: string, part: number}|null)}} means
 * @returns {Promise<[object]>} results as result.js takes them; rejects where the helper was stopped
 */
export async function runJobs(jobs, { helper, policy, options, progress }) {
  const results = [];
  let shown = 0;
  for (const [i, job] of jobs.entries()) {
    const { name } = job.item;
    // A file that is verified twice begins twice: what is shown only grows.
    const tell = (part) => {
      shown = Math.max(shown, (i + part) / jobs.length);
      progress({ name, part: shown });
    };
    tell(0);
    const result = await doJob(job, { helper, policy, options, progress: tell });
    if (result !== null) results.push(result);
  }
  markContradicted(results);
  return results;
}
