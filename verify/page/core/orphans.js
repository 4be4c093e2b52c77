// SPDX-License-Identifier: Apache-2.0
// orphans: acts that came too late, lodged and adopted (SPEC 7.3.17). Their effect is that of effects.js.

import { ALWAYS_PAYLOAD, KIND, kinds, SUBJECT } from './kinds.js';
import { attempt } from './check.js';
import { equalBytes, toHex } from './bytes.js';
import { readAct } from './record.js';
import { kidOf, signatureHolds } from './keys.js';
import { sheetLines } from './details.js';

const ORPHAN_ACT = 150;
const ADOPTABLE = new Set([KIND.release, KIND.accept, KIND.refuse, KIND.withdraw, KIND.handOut, KIND.takeBack,
  KIND.shelve, KIND.weigh]);
const GIVES_KEY = [KIND.found, KIND.enrol, KIND.rekey];

/** Remembers a lodge for a thing of role 0, by the act-id that it answers. */
export function rememberLodge(turn, thing) {
  const { act, record } = turn;
  if (act.kind !== KIND.lodge || act.answers === null) return;
  const answered = toHex(act.answers);
  const lodges = thing.lodged.get(answered) ?? [];
  lodges.push(record);
  thing.lodged.set(answered, lodges);
}

/**
 * The orphan that an adopt gives a thing the effect of.
 * @param {Map} read what was read of each lodge, by its index: kept for all adoptions of a replay
 * @returns {{orphan: object|null, entry: object|null, withheld: boolean}} the orphan's act and what it says of the thing;
 *   withheld where none serves and bytes are missing
 */
export function adoptedOrphan(turn, thing, read) {
  const { act, check, record } = turn;
  let withheld = false;
  for (const lodge of thing.lodged.get(toHex(act.answers)) ?? []) {
    if (!read.has(lodge.index)) read.set(lodge.index, readLodge(check, lodge));
    const lodged = read.get(lodge.index);
    withheld ||= lodged.withheld;
    const entry = lodged.entries.get(thing.subject) ?? null;
    if (entry !== null && lodged.givenBy < record.index) return { orphan: lodged.orphan, entry, withheld: false };
  }
  return { orphan: null, entry: null, withheld };
}

/** The act that a lodge keeps, if it is all that it must be; givenBy: the record that gave the key that signed it. */
function readLodge(check, lodge) {
  const none = { orphan: null, entries: new Map(), withheld: false, givenBy: Infinity };
  const line = (lodge.act.sheet === null ? null : sheetLines(check, lodge.act.sheet))
    ?.find(({ name }) => name === ORPHAN_ACT);
  if (line === undefined || line === null) return none;
  if (line.disclosure === null) return { ...none, withheld: true };
  if (line.disclosure.value.kind !== 'bytes') return none;
  const orphan = attempt(() => readAct(line.disclosure.value.bytes));
  if (orphan === null || !serves(check, lodge, orphan)) return none;
  const entries = new Map(orphan.entries.map((entry) => [entry.subject, entry]));
  return { orphan, entries, withheld: false, givenBy: keyGivenBy(check, orphan) };
}

function serves(check, lodge, orphan) {
  return orphan.ledger !== null && equalBytes(orphan.ledger, check.ledgerId) &&
    ADOPTABLE.has(orphan.kind) && keepsToRow(orphan) && equalBytes(orphan.id, lodge.act.answers) &&
    lodge.act.from !== null && lodge.act.from.person === orphan.signers[0].person;
}

/** Only the payload keys, roles and facts of its row (SPEC 7.2) */
function keepsToRow(orphan) {
  const row = kinds[orphan.kind];
  const keys = [...ALWAYS_PAYLOAD, ...row.mustPayload, ...row.mayPayload];
  const facts = [...row.mustFacts, ...row.mayFacts];
  return orphan.keys.every((key) => keys.includes(key)) && orphan.entries.every((entry) =>
    entry.role === SUBJECT && entry.facts.present.every((fact) => facts.includes(fact)));
}

/** The first record that gave the first signer the key by which the orphan's first signature is valid. */
function keyGivenBy(check, orphan) {
  const [signer] = orphan.signers;
  for (const { record } of check.threads.get(signer.person) ?? []) {
    if (record.act === null || !GIVES_KEY.includes(record.act.kind)) continue;
    const key = record.act.entries.find(({ subject }) => subject === signer.person)?.facts.key ?? null;
    if (key === null || key.algorithm !== signer.algorithm) continue;
    if (!equalBytes(kidOf(key.algorithm, key.bytes), signer.kid)) continue;
    return signatureHolds(key, orphan, signer) ? record.index : Infinity;
  }
  return Infinity;
}
