// SPDX-License-Identifier: Apache-2.0
// exhibits: one file that convicts a station: a fork, or heads that hide a record (SPEC V16).

import { equalBytes, standsAt, toBase32 } from './bytes.js';
import { decode } from './cbor.js';
import { Stop, attempt } from './check.js';
import { checkLogLines } from './checkpoint.js';
import { leafHash } from './hash.js';
import { readLeaf } from './leaves.js';
import { consistencyRoots, rootFromInclusion } from './merkle.js';
import { linesOf, parseNote } from './note.js';
import { parsePolicy } from './policy.js';
import { readRecord } from './record.js';
import { bytesOf, hash, list, need, orNull, tuple } from './shapes.js';

const FORK = 'unbroken fork/1';
const FALSE_HEADS = 'unbroken false-heads/1';

const beginsWith = (bytes, heads, text) => heads.every((head, i) => bytes[i] === head)
  && standsAt(bytes, heads.length, text);

/**
 * Which exhibit a file is by its first bytes (SPEC V2).
 * @param {Uint8Array} bytes
 * @returns {'fork'|'false-heads'|null}
 */
export function exhibitKind(bytes) {
  if (beginsWith(bytes, [0x84, 0x6f], FORK)) return 'fork';
  return beginsWith(bytes, [0x85, 0x76], FALSE_HEADS) ? 'false-heads' : null;
}

const nodes = (item) => list(item, 0, Infinity, hash);

function readFork(bytes) {
  const [, a, b, path] = tuple(decode(bytes), 4);
  return { kind: 'fork', notes: [bytesOf(a), bytesOf(b)], nodes: nodes(path) };
}

/** [bytes, path] of something in a tree, read. */
function provenOf(item, read) {
  const [bytes, path] = tuple(item, 2);
  return { ...read(bytesOf(bytes)), leafHash: leafHash(bytes), path: nodes(path) };
}

function recordOf(bytes, type) {
  const record = readRecord(bytes, []);
  need(record.type === type);
  return { record };
}

function readFalseHeads(bytes) {
  const [, note, heads, leaf, record] = tuple(decode(bytes), 5);
  return {
    kind: 'false-heads',
    notes: [bytesOf(note)],
    heads: provenOf(heads, (layer) => recordOf(layer, 'heads')),
    leaf: orNull(leaf, (pair) => provenOf(pair, (layer) => ({ leaf: readLeaf(layer) }))),
    act: provenOf(record, (layer) => recordOf(layer, 'act')),
  };
}

/** V2 of an exhibit: sets check.exhibit. */
export function readExhibit(check) {
  const read = exhibitKind(check.bytes) === 'fork' ? readFork : readFalseHeads;
  check.exhibit = attempt(() => read(check.bytes));
  if (check.exhibit === null) throw new Stop(2, 'unreadable', { byte: 0 }, 'the exhibit is not of the form of SPEC 4');
}

/** The notes, all of one ledger and validly signed by a log of the policy. */
function readNotes(check) {
  const notes = check.exhibit.notes.map(parseNote);
  const holds = !notes.includes(null) && notes.every(({ origin }) => origin === notes[0].origin)
    && notes.every((note) => attempt(() => checkLogLines(note, check.policy) ?? true) !== null);
  if (!holds) {
    const text = 'a checkpoint in the exhibit is none, is of another ledger, or is not signed by a key of the policy';
    throw new Stop(2, 'unreadable', {}, text);
  }
  return notes;
}

function needExhibit(holds, why) {
  if (!holds) throw new Stop(2, 'no-exhibit', {}, `the file proves nothing: ${why}`);
}

/** Did one key of the policy sign both? */
const signedByOne = ({ logs }, [a, b]) => logs.some(({ name, id }) => [a, b]
  .every((note) => linesOf(note, name, id).length === 1));

function judgeFork({ policy, exhibit }, [a, b]) {
  const contradict = 'the checkpoints do not contradict each other';
  if (a.size >= b.size) {
    needExhibit(a.size === b.size && exhibit.nodes.length === 0 && !equalBytes(a.root, b.root), contradict);
  } else {
    const roots = consistencyRoots(a.size, b.size, exhibit.nodes);
    const leads = roots !== null && equalBytes(roots.new, b.root) && !equalBytes(roots.old, a.root);
    needExhibit(leads, 'the path does not show that the one history leaves the other');
  }
  const text = `the station signed two histories: of ${a.size} and of ${b.size} records, which contradict each other`;
  const doubt = '; no one key signed both: one of the two keys may be a replaced one in other hands';
  return new Stop(1, 'fork', {}, signedByOne(policy, [a, b]) ? text : text + doubt);
}

const isIn = ({ leafHash: leaf, path }, index, size, root) => {
  const reached = rootFromInclusion(leaf, index, size, path);
  return reached !== null && equalBytes(reached, root);
};

/** Does the leaf say less of a subject than the act record's link? */
function saysLess({ subject, count, last }, record) {
  const link = record.links.find((each) => each.subject === subject);
  return link !== undefined && (count < link.number || last < record.index);
}

function judgeFalseHeads({ exhibit }, [note]) {
  const { heads, leaf, act } = exhibit;
  const inTree = isIn(heads, heads.record.index, note.size, note.root)
    && isIn(act, act.record.index, note.size, note.root);
  needExhibit(inTree && heads.record.index > act.record.index, 'the records are not in the tree, or not in that order');
  const { subjects, root } = heads.record;
  if (leaf === null) {
    needExhibit(act.record.links.some(({ subject }) => subject >= subjects), 'the heads record counts all subjects');
  } else {
    const isOurs = note.origin.endsWith(`/${toBase32(leaf.leaf.ledger)}`) && isIn(leaf, leaf.leaf.subject, subjects, root);
    needExhibit(isOurs && saysLess(leaf.leaf, act.record), 'the leaf does not contradict the record');
  }
  return new Stop(1, 'false-heads', {}, `the heads record ${heads.record.index} hides record ${act.record.index}`);
}

/** V16: always stops. */
export function judgeExhibit(check) {
  check.policy = parsePolicy(check.policyBytes);
  if (check.policy === null) throw new Stop(2, 'policy', {}, 'the policy is not of the form of C2SP tlog-policy');
  const notes = readNotes(check);
  const judge = check.exhibit.kind === 'fork' ? judgeFork : judgeFalseHeads;
  const stop = judge(check, notes);
  const last = notes[notes.length - 1];
  const training = last.origin.includes('/training/');
  Object.assign(check, { note: last, n: last.size, root: last.root, training });
  throw stop;
}
