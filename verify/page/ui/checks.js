// SPDX-License-Identifier: Apache-2.0
// checks: what the worker does with the verifier of core/: looks at what a thing is, and does one job of the plan. Rules of
// the format are in core/; here is only which file is given to the verifier with which.

import { readAlone } from '../core/alone.js';
import { between } from '../core/between.js';
import { readBundle } from '../core/bundle.js';
import { toHex } from '../core/bytes.js';
import { attempt } from '../core/check.js';
import { classify } from '../core/classify.js';
import { expertView } from '../core/expert.js';
import { sha256 } from '../core/hash.js';
import { verdictJson } from '../core/json.js';
import { readLeaf } from '../core/leaves.js';
import { isPdf, readPdf } from '../core/pdf.js';
import { parsePolicy } from '../core/policy.js';
import { selfPolicy } from '../core/self.js';
import { readTag } from '../core/tags.js';
import { fromUtf8 } from '../core/text.js';
import { verifyFile } from '../core/verdict.js';

const UTF8 = new TextEncoder();
const NO_KEYS = UTF8.encode('quorum none\n');
/* Which of several answers on one file is told: altered before not checked before broken before intact (SPEC 10). */
const PRECEDENCE = [0, 3, 2, 1];
const FORKED = 4;

const NOTHING = { kind: 'empty', origin: null, size: null, root: null, parts: null };

/**
 * The subjects that a file has leaves of: where several files are given, a label belongs to the one that has its thing.
 * @param {Uint8Array} bytes of a bundle or a certificate
 * @returns {[number]}
 */
export function subjectsIn(bytes) {
  const bundle = attempt(() => readBundle(isPdf(bytes) ? readPdf(bytes)?.bundle ?? bytes : bytes));
  return (bundle?.leaves ?? []).map((leaf) => attempt(() => readLeaf(leaf.bytes))?.subject ?? -1);
}

/**
 * What a thing is, by its bytes.
 * @param {Uint8Array} bytes
 * @returns {{kind: string, origin: string|null, size: number|null, parts: object|null,
 *   tag: {ledger: string|null, subject: number}|null, isPlainPdf: boolean, sha256: string}} parts: of a text that is not all of a paper (classify.js)
 */
export function look(bytes) {
  const seen = bytes.length === 0 ? NOTHING : classify(bytes);
  return {
    ...seen, tag: seen.kind === 'tag' ? readTag(fromUtf8(bytes)) : null,
    isPlainPdf: seen.kind === 'certificate' && readPdf(bytes) === null, sha256: toHex(sha256(bytes)),
  };
}

function keyShown({ name, keyName = name, id, key }) {
  return { name, keyName, id: toHex(id), sha256: toHex(sha256(key)) };
}

/**
 * A policy with the fingerprints of its keys, to compare by eye.
 * @param {Uint8Array} bytes
 * @returns {{sha256: string, logs: [object]|null, witnesses: [object], groups: [object], quorum: string|null}} logs null: not readable
 */
export function showPolicy(bytes) {
  const policy = parsePolicy(bytes);
  const digest = toHex(sha256(bytes));
  if (policy === null) return { sha256: digest, logs: null, witnesses: [], groups: [], quorum: null };
  return {
    sha256: digest, logs: policy.logs.map(keyShown), witnesses: policy.witnesses.map(keyShown),
    groups: policy.groups.map(({ name, threshold, members }) => ({ name, threshold, members })), quorum: policy.quorum,
  };
}

function optionsFor({ asOf, training }, since, tags) {
  return { since, asOf, training, tags: tags.map(({ text }) => text), tsa: null };
}

/** Without a court's policy: the keys that the file itself names. Then it can say what it says, and prove nothing. */
function policyFor(policy, bytes) {
  return policy ?? selfPolicy(bytes) ?? NO_KEYS;
}

/* How far a verification is, by where its phases end: reading, and then signatures, which take most of the time. */
const PHASES = { records: [0, 0.25], signatures: [0.25, 0.95] };

function partOf(done, total, phase) {
  const [start, end] = PHASES[phase] ?? [0.95, 1];
  return start + (end - start) * (total > 0 ? Math.min(1, done / total) : 1);
}

function verify(item, policy, options, progress) {
  const verdict = verifyFile(item.bytes, policy, options, (...where) => progress(partOf(...where)));
  return { verdict, json: verdictJson(verdict) };
}

/** Of the answers with each older paper: the worst, a fork before all; of equal ones that with the newest paper. */
function worst(answers) {
  const rank = ({ json }) => (json.code === 'fork' ? FORKED : PRECEDENCE[json.status]);
  return answers.reduce((a, b) => {
    const better = rank(b) - rank(a);
    if (better !== 0) return better < 0 ? a : b;
    return (a.paper?.size ?? 0) >= (b.paper?.size ?? 0) ? a : b;
  });
}

/* The answer stands, whatever becomes of the picture of how it was reached. */
function expertOf({ check }, json) {
  try {
    return check === null ? null : expertView(check, json);
  } catch {
    return null;
  }
}

function checkFile({ item, since, tags }, policy, options, progress) {
  const keys = policyFor(policy, item.bytes);
  const papers = since.length === 0 ? [null] : since;
  const answers = papers.map((paper, i) => ({
    paper,
    ...verify(item, keys, optionsFor(options, paper === null ? null : paper.bytes, tags),
      (part) => progress((i + part) / papers.length)),
  }));
  const { verdict, json } = worst(answers);
  return {
    verdict: json,
    json: JSON.stringify(json, null, 2),
    expert: expertOf(verdict, json),
    compared: since.length === 0 ? [] : answers.map(({ paper, json: { status, code, text } }) => ({ name: paper.name, status, code, text })),
  };
}

function checkAlone({ item }, policy) {
  const alone = readAlone(item.bytes, policy);
  return alone === null ? null : { alone };
}

function checkBetween({ item, older }, policy, options, progress) {
  const answer = between(older.bytes, item.bytes, policyFor(policy, item.bytes), optionsFor(options, null, []),
    (...where) => progress(partOf(...where)));
  // No subject was asked in both, or they are of two ledgers: there is no question to answer.
  if (answer.misuse !== undefined) return null;
  return { verdict: answer, json: JSON.stringify(answer, null, 2) };
}

const DOERS = { verdict: checkFile, alone: checkAlone, between: checkBetween };

/**
 * Does one job.
 * @param {object} job of plan.js; its items have name, bytes, text
 * @param {Uint8Array|null} policy the court's
 * @param {{asOf: number|null, training: boolean}} options
 * @param {function(number)} progress how much is done, 0 to 1
 * @returns {object|null} the members of a result (result.js) that are of its kind; null: there is nothing to say
 */
export function check(job, policy, options, progress) {
  return DOERS[job.kind](job, policy, options, progress);
}
