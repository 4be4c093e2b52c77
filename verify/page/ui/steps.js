// SPDX-License-Identifier: Apache-2.0
//
// steps: the steps of SPEC 9 with number, title and how each ended.

import { el, table } from './dom.js';

const STEPS = [
  ['V1', 'The file is whole, as it was written'],
  ['V2', 'Its layout'],
  ['V3', "The checkpoint: the station's signature, by the policy"],
  ['V4', "The witnesses' signatures, and the policy's quorum"],
  ['V5', 'Each record: its form, its place in the tree, the record before it'],
  ['V6', 'The founding, and the name of the ledger'],
  ['V7', 'How many records each subject has'],
  ['V8', 'Threads: no record of a subject is missing'],
  ['V9', 'Acts: signatures, keys, offices, what the signers had seen'],
  ['V10', 'Closure: all that belongs to what was asked is here, and nothing else'],
  ['V11', 'Details: as signed, or withheld or erased under an order'],
  ['V12', 'Custody: the rules, replayed record by record'],
  ['V13', 'Older and later states of the ledger'],
  ['V14', 'Freshness: older papers, and how old it may be'],
  ['V15', 'Files of other ledgers inside, and tags'],
  ['V16', 'Exhibits: two histories, or false heads'],
  ['V17', 'The certificate: its statement and its certifier'],
];

const RESULTS = { ok: 'it holds', stop: 'stops here', note: 'could not be checked in full', 'left out': 'left out' };
const SIGNS = { ok: '✓', stop: '✗', note: '?', 'left out': '–' };

/** The table of steps; a step that was not reached says so. */
export const stepsTable = (steps, t) => {
  const done = new Map(steps.map((step) => [step.step, step]));
  const result = (name) => {
    const step = done.get(name);
    if (step === undefined) return t('not reached, or not for this kind of file');
    return [el('span', { class: `sign sign-${step.result.replace(' ', '-')}`, 'aria-hidden': 'true' }, SIGNS[step.result] ?? ''), ' ', t(RESULTS[step.result] ?? step.result), step.code ? [' ', el('code', {}, step.code)] : null];
  };
  return table(t('The steps of SPEC.md, section 9'), [t('Step'), t('What'), t('Result')], STEPS.map(([name, title]) => [name, t(title), result(name)]), { name: 'checks' });
};
