// SPDX-License-Identifier: Apache-2.0
// form: V9.6: is an act of the form that the table of SPEC 7.2 gives its kind? Form alone: what breaks a rule of custody is V12's.

import { algorithm, validKey } from './keys.js';
import {
  ALWAYS_PAYLOAD, CASE, CHILD, CHILD_FACTS, CONTAINER, FORMER_CASE, KIND, OPENING, PARENT, PARENT_FACTS, REGISTRAR, SUBJECT, TYPES, kinds,
} from './kinds.js';
import { isCode, isOrigin } from './names.js';

const strict = 7;
const things = [TYPES.item, TYPES.container];
const always = new Set(ALWAYS_PAYLOAD);
const parentFacts = new Set(PARENT_FACTS);
const childFacts = new Set(CHILD_FACTS);
const noFacts = new Set();
const forms = kinds.map((row) => ({
  row,
  payload: new Set([...always, ...row.mustPayload, ...row.mayPayload]),
  facts: new Set([...row.mustFacts, ...row.mayFacts]),
}));

/** Do acts of this kind open the subjects of their role-0 entries (SPEC 3.4)? */
export function opens(kind) {
  return OPENING.includes(kind);
}

/**
 * Remembers the type of what an act opens, in check.types.
 * @param {object} check
 * @param {object} act
 */
export function rememberTypes(check, act) {
  if (!opens(act.kind)) return;
  for (const { subject, role, facts } of act.entries) {
    if (role === SUBJECT && !check.types.has(subject)) check.types.set(subject, facts.type);
  }
}

/**
 * @param {object} check
 * @param {object} act of a known kind
 * @returns {boolean}
 */
export function hasForm(check, act) {
  const { row, payload } = forms[act.kind];
  return act.keys.every((key) => payload.has(key))
    && act.entries.every((entry) => entryHasForm(check, act.kind, entry))
    && hasMusts(row, act)
    && hasCounts(act)
    && hasCase(act)
    && (act.kind !== KIND.found || isFounding(act));
}

/** Only the parts of a form that an orphan is asked for (SPEC 7.3.17): payload keys, roles and facts of its row. */
export function hasRow(act) {
  const { payload } = forms[act.kind];
  return act.keys.every((key) => payload.has(key)) && act.entries.every((entry) => entryInRow(act.kind, entry));
}

function entryInRow(kind, { role, facts }) {
  return forms[kind].row.roles.includes(role) && facts.present.every((fact) => factsOf(kind, role).has(fact));
}

function factsOf(kind, role) {
  if (role === SUBJECT) return forms[kind].facts;
  if (role === PARENT) return parentFacts;
  return role === CHILD ? childFacts : noFacts;
}

function entryHasForm(check, kind, entry) {
  const { subject, role, facts } = entry;
  if (!entryInRow(kind, entry)) return false;
  if (facts.key !== null && !validKey(facts.key.algorithm, facts.key.bytes)) return false;
  if (facts.station !== null && !validKey(algorithm.ed25519, facts.station)) return false;
  if (facts.office === 0) return false;
  const allowed = typesOf(kind, role);
  if (opens(kind)) return allowed.includes(facts.type);
  return !check.leaves.has(subject) || allowed.includes(check.types.get(subject));
}

function typesOf(kind, role) {
  switch (role) {
    case SUBJECT: return forms[kind].row.types;
    case CASE: case FORMER_CASE: return [TYPES.case];
    case CONTAINER: return [TYPES.container];
    default: return things;
  }
}

/** A must that is missing is no matter of form but in kinds 0–7, and in an `erase` without key 11; fact 0 is checked with the types. */
function hasMusts({ kind, mustPayload, mustFacts }, act) {
  if (kind === KIND.erase) return act.amends !== null;
  if (kind > strict) return true;
  return mustPayload.every((key) => act.keys.includes(key))
    && act.entries.every((entry) => mustFacts.every((fact) => entry.facts.present.includes(fact)));
}

function hasCounts(act) {
  const of = (role) => act.entries.filter((entry) => entry.role === role).length;
  const { entries } = act;
  switch (act.kind) {
    case KIND.found: return true;
    case KIND.enrol: case KIND.appoint: case KIND.end: case KIND.rekey: case KIND.revoke:
    case KIND.stationKey: case KIND.clock: case KIND.place: case KIND.openCase: return entries.length === 1;
    case KIND.allot: return entries.every((entry, i) => entry.subject === entries[0].subject + i);
    case KIND.sameAs: return entries.length === 2;
    case KIND.pack: case KIND.unpack: return of(CONTAINER) === 1 && of(SUBJECT) >= 1;
    case KIND.sample: case KIND.split: return of(PARENT) === 1 && of(CHILD) >= 1 && of(CASE) <= 1;
    case KIND.animal: return (of(CHILD) === 0 || of(SUBJECT) === 1) && of(CASE) <= 1;
    case KIND.register: return of(CASE) === 1 && of(SUBJECT) >= 1;
    case KIND.move: return of(CASE) === 1 && of(FORMER_CASE) === 1;
    default: return of(CASE) <= 1;
  }
}

/** register, move: fact 1 is the case of role 1, where it is stated. */
function hasCase(act) {
  if (act.kind !== KIND.register && act.kind !== KIND.move) return true;
  const { subject } = act.entries.find(({ role }) => role === CASE);
  return act.entries.every(({ role, facts }) => role !== SUBJECT || facts.case === null || facts.case === subject);
}

/** SPEC 6.5 and 3.1: subject 0, then the founders 1 … k, one more than the threshold at least. */
function isFounding({ founding, entries }) {
  const [ledger, ...founders] = entries;
  return isOrigin(founding.origin) && isCode(founding.code) && validKey(algorithm.ed25519, founding.station)
    && ledger.subject === 0 && ledger.facts.type === TYPES.ledger && ledger.facts.key === null && ledger.facts.office === null
    && founders.length >= founding.threshold + 1
    && founders.every(({ subject, facts }, i) => subject === i + 1 && facts.type === TYPES.person
      && facts.key !== null && facts.office === REGISTRAR);
}
