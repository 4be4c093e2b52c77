// SPDX-License-Identifier: Apache-2.0
// leaves: V7 and V8: how long each thread is by the heads record, and that the bundle has all of it.

import { Stop, orStop } from './check.js';
import { decode } from './cbor.js';
import { equalBytes } from './bytes.js';
import { leafHash } from './hash.js';
import { rootFromInclusion } from './merkle.js';
import { hash, need, num, tuple } from './shapes.js';

/**
 * @param {Uint8Array} bytes a heads-leaf (SPEC 4)
 * @returns {{ledger: Uint8Array, subject: number, count: number, last: number, lastHash: Uint8Array}}
 * @throws {Stop} (2, 'unreadable')
 */
export function readLeaf(bytes) {
  const [magic, ledger, subject, count, last, lastHash] = tuple(decode(bytes), 6);
  need(magic === 'heads/1');
  return { ledger: hash(ledger), subject: num(subject), count: num(count), last: num(last), lastHash: hash(lastHash) };
}

/** V7: sets check.leaves, ascending. */
export function checkLeaves(check) {
  let before = -1;
  for (const { bytes, path } of check.bundle.leaves) {
    const leaf = orStop({ status: 1, code: 'malformed-leaf' }, () => readLeaf(bytes));
    if (leaf.subject <= before) throw new Stop(2, 'unreadable', {}, 'the leaves are out of order');
    checkLeaf(check, leaf, bytes, path);
    check.leaves.set(leaf.subject, { ...leaf, path });
    before = leaf.subject;
  }
  for (const subject of check.bundle.asked) {
    if (subject >= check.M) throw new Stop(1, 'never-issued', { subject }, 'the ledger never issued this number');
  }
}

function checkLeaf({ ledgerId, M, headsRoot }, { ledger, subject }, bytes, path) {
  const reached = equalBytes(ledger, ledgerId) && subject < M ? rootFromInclusion(leafHash(bytes), subject, M, path) : null;
  if (reached === null || !equalBytes(reached, headsRoot)) throw new Stop(1, 'leaf', { subject }, 'the leaf is not in the heads tree');
}

/** V8: sets check.threads of leaves, and check.links of every subject that a record of the bundle touches. */
export function checkThreads(check) {
  for (const record of check.records) {
    for (const { subject, number, before } of record.links) {
      if (subject >= check.M) throw new Stop(1, 'thread', { subject }, 'a record touches a subject that the heads record does not count');
      if (!check.links.has(subject)) check.links.set(subject, []);
      check.links.get(subject).push({ record, number, before });
    }
  }
  for (const leaf of check.leaves.values()) {
    const thread = check.links.get(leaf.subject) ?? [];
    checkThread(leaf, thread);
    check.threads.set(leaf.subject, thread);
  }
}

function checkThread({ subject, count, last, lastHash }, thread) {
  const stop = (code, text) => {
    throw new Stop(1, code, { subject }, text);
  };
  let before = null;
  thread.forEach((link, i) => {
    if (link.number > i + 1) stop('incomplete', 'a record of this thread is missing');
    if (link.number < i + 1 || link.before !== before) stop('thread', 'the thread does not go on from its last record');
    before = link.record.index;
  });
  if (thread.length < count) stop('incomplete', 'the end of this thread is missing');
  if (thread.length > count) stop('thread', 'the thread is longer than the heads record counts');
  const end = thread.length === 0 ? null : thread[thread.length - 1].record;
  if (end === null || end.index !== last || !equalBytes(end.hash, lastHash)) stop('thread', 'the thread ends otherwise than the heads record says');
}
