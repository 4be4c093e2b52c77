// SPDX-License-Identifier: Apache-2.0
// relations: the signers that an act needs (SPEC 7.2 *Signers*, 7.3.17a, 7.3.17b). Offices themselves were proven in V9.

import { KIND, SUBJECT, CONTAINER, PARENT, CUSTODIAN, CARER } from './kinds.js';
import { officeName } from './words.js';
import { outermost, UNUSED } from './state.js';

/** Relations of the first signer to each thing; `author` is one to the amended record. */
const TO_THING = new Set(['holder', 'receiver', 'outside', 'carer or holder']);
const HOLDS = [SUBJECT, CONTAINER, PARENT];

const WORDS = {
  holder: ' who holds it',
  receiver: ' to whom it was released, and who did not sign the release first',
  author: ' who signed the amended record, or holds the office of its first signer',
  outside: ' outside its chain of custody',
  'carer or holder': ' who cares for it or holds it',
  other: ' of another office than signer 1',
  another: ' other than signer 1',
};

/** Judges the signers of an act: of the act as a whole, and of each thing where slot 1 is filled. */
export function judgeSigners(turn) {
  const { row, act } = turn;
  if (row.slots.length === 0) return;
  const unfilled = unfilledSlot(turn);
  if (unfilled > 0) {
    turn.tell.breach('signers-rule', turn.record.index, null,
      `"${row.name}" needs as signer ${unfilled}: ${whoFills(row.slots[unfilled - 1])}`);
  }
  if (unfilled === 1 || !TO_THING.has(row.slots[0].relation)) return;
  for (const entry of act.entries) judgeRelation(turn, entry);
}

function judgeRelation(turn, entry) {
  const thing = turn.custody.things.get(entry.subject);
  const slot = turn.row.slots[0];
  if (thing === undefined || !concerns(slot.relation, entry.role)) return;
  if (relates(turn, slot.relation, thing)) return;
  turn.tell.breach('signers-rule', turn.record.index, thing.subject,
    `${turn.tell.name(thing.subject)}: "${turn.row.name}" needs as signer 1: ${whoFills(slot)}`);
}

function concerns(relation, role) {
  return relation === 'holder' ? HOLDS.includes(role) : role === SUBJECT;
}

/** Is the first signer in this relation to the thing? It says nothing where there is none to be in (SPEC 7.3.17a). */
function relates(turn, relation, thing) {
  const { person, capacity } = turn.act.signers[0];
  const { state, holder } = outermost(turn.custody, thing);
  switch (relation) {
    case 'holder':
      return state === UNUSED || holder === person;
    case 'carer or holder':
      return state === UNUSED || capacity === CARER || holder === person;
    case 'outside':
      return holder !== person && !thing.chain.has(person);
    default:
      return receives(thing.opened, person, capacity);
  }
}

/** Named by the open release: the person, or else the office, or else any custodian; never who released. */
function receives(opened, person, capacity) {
  if (opened === null || opened.kind !== KIND.release) return true;
  if (opened.by === person) return false;
  const to = opened.to ?? { person: null, office: null };
  if (to.person !== null) return to.person === person;
  return capacity === (to.office ?? CUSTODIAN);
}

/** 0, or which slot is not filled, as SPEC 16.2 counts (signers-rule). */
function unfilledSlot(turn) {
  const [first, ...others] = turn.act.signers;
  const [slot, ...further] = turn.row.slots;
  if (!holdsOffice(slot, first)) return 1;
  if (slot.relation === 'author' && !isAuthor(turn, first)) return 1;
  const filling = further.map((one) => others.filter((signer) => fills(one, signer, first)));
  if (filling.length > 0 && filling[0].length === 0) return 2;
  if (filling.length > 1 && !differ(filling[0], filling[1])) return 3;
  return 0;
}

/** Can the two slots be filled by different signers? */
function differ(second, third) {
  return third.length > 1 || (third.length === 1 && second.some((signer) => signer !== third[0]));
}

const holdsOffice = (slot, signer) => slot.offices === null || slot.offices.includes(signer.capacity);

function fills(slot, signer, first) {
  if (!holdsOffice(slot, signer)) return false;
  if (slot.relation === 'other') return signer.capacity !== first.capacity;
  return slot.relation !== 'another' || signer.person !== first.person;
}

function isAuthor(turn, signer) {
  const amended = turn.act.amends === null ? null : turn.check.byIndex.get(turn.act.amends.index)?.act ?? null;
  if (amended === null) return false;
  return amended.signers.some(({ person }) => person === signer.person) ||
    amended.signers[0].capacity === signer.capacity;
}

function whoFills({ offices, relation }) {
  const who = offices === null ? 'a person' : offices.map(officeName).join(' or ');
  return who + (WORDS[relation] ?? '');
}
