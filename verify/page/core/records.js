// SPDX-License-Identifier: Apache-2.0
// records: V5 and V6: each record in the tree, each behind the one before, and the founding that the origin line names.

import { Stop, addNote, tellProgress } from './check.js';
import { equalBytes } from './bytes.js';
import { ledgerIdOf } from './hash.js';
import { rootFromInclusion } from './merkle.js';
import { originLineOf } from './names.js';
import { readRecord } from './record.js';

const founded = 0;

/** V5: sets check.records and byIndex. */
export function checkRecords(check) {
  const parts = check.bundle.records;
  let before = null;
  parts.forEach(({ bytes, path }, i) => {
    const record = readRecord(bytes, path);
    checkPosition(check, record, before);
    check.records.push(record);
    check.byIndex.set(record.index, record);
    before = record;
    tellProgress(check, i + 1, parts.length, 'records');
  });
}

function checkPosition({ n, root }, record, before) {
  const place = { record: record.index };
  if (record.index >= n || (before !== null && record.index <= before.index)) {
    throw new Stop(2, 'unreadable', {}, 'the records are out of order');
  }
  const reached = rootFromInclusion(record.hash, record.index, n, record.path);
  if (reached === null || !equalBytes(reached, root)) throw new Stop(1, 'not-in-tree', place, 'the record is not in the signed tree');
  if (before !== null && before.index === record.index - 1 && !equalBytes(record.prev, before.hash)) {
    throw new Stop(1, 'chain', place, 'the record does not continue the one before it');
  }
}

/** V6: sets check.founding, ledgerId and what follows from them, M, and check.headsRoot. */
export function checkFoundation(check) {
  const [first, ...others] = check.records;
  const isFounded = ({ act }) => act !== null && act.kind === founded;
  const founding = isFounded(first) ? first.act.founding : null;
  if (founding === null || others.some(isFounded)) throw new Stop(1, 'ledger-id', { record: 0 }, 'the ledger is not founded by its first record alone');
  const ledgerId = ledgerIdOf(first.act.payloadBytes);
  const originLine = originLineOf(founding.origin, founding.training, ledgerId);
  check.training = founding.training;
  if (originLine !== check.note.origin) throw new Stop(1, 'ledger-id', { record: 0 }, 'the checkpoint is that of another ledger');
  Object.assign(check, {
    founding, ledgerId, originLine, origin: founding.origin, codeName: founding.code, threshold: founding.threshold,
  });
  if (check.training && !check.options.training) addNote(check, 'training', {}, 'a training ledger is not evidence');
  const last = check.records[check.records.length - 1];
  if (last.type !== 'heads') throw new Stop(2, 'heads', { record: last.index }, 'the last record is no heads record');
  Object.assign(check, { M: last.subjects, headsRoot: last.root });
}
