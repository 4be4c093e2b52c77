// SPDX-License-Identifier: Apache-2.0
// self: a policy made of what a file says of itself, for a reader who was given none: its own station keys under its own
// origin line, no witness. Whoever wrote the file wrote these keys too: what passes under such a policy is consistent
// with itself, and nothing is proven by it.

import { attempt } from './check.js';
import { joinBytes, toBase64, toHex } from './bytes.js';
import { isBundle, readBundle } from './bundle.js';
import { algorithm, validKey } from './keys.js';
import { keyId, keyType, parseNote } from './note.js';
import { isPdf, readPdf } from './pdf.js';
import { readRecord } from './record.js';
import { toUtf8 } from './text.js';

const LEDGER = 0;

/** The founding's station key, and each that an act on subject 0 gives (fact 14). */
function stationKeysOf(act) {
  const given = act.entries.filter(({ subject }) => subject === LEDGER).map(({ facts }) => facts.station);
  return [act.founding?.station ?? null, ...given].filter((key) => key !== null);
}

function bundleOf(file) {
  if (!isPdf(file)) return isBundle(file) ? file : null;
  return readPdf(file)?.bundle ?? null;
}

/**
 * @param {Uint8Array} file a bundle or a certificate's PDF
 * @returns {Uint8Array|null} a policy of SPEC 3.6; null where the file has no note or no key to make one of
 */
export function selfPolicy(file) {
  const bytes = bundleOf(file);
  const bundle = bytes === null ? null : attempt(() => readBundle(bytes));
  const note = bundle === null ? null : parseNote(bundle.view.note);
  if (note === null) return null;
  const keys = new Map();
  for (const { bytes: record } of bundle.records) {
    const act = attempt(() => readRecord(record, []))?.act ?? null;
    for (const key of act === null ? [] : stationKeysOf(act)) keys.set(toHex(key), key);
  }
  const lines = [...keys.values()].filter((key) => validKey(algorithm.ed25519, key)).map((key) => (
    `log ${note.origin}+${toHex(keyId(toUtf8(note.origin), keyType.log, key))}+${toBase64(joinBytes(Uint8Array.of(keyType.log), key))}\n`));
  return lines.length === 0 ? null : toUtf8(`${lines.join('')}quorum none\n`);
}
