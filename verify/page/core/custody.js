// SPDX-License-Identifier: Apache-2.0
// custody: V12, the replay of all records for the members (SPEC 7). Rules are judged against the state before an act, then
// its effect is applied. The rules themselves stand in musts.js, relations.js, measures.js and the files of effects.

import { KIND, kinds, CHILD, ON_PACKED, PARENT, SUBJECT } from './kinds.js';
import { addNote } from './check.js';
import { toHex } from './bytes.js';
import {
  CONTAINER_TYPE, countStates, IN_TRANSIT, ITEM_TYPE, newCustody, newTeller, newThing, OUT, outermost, traceOf, UNUSED,
} from './state.js';
import { judgeEntry, judgeOrphan, judgePayload } from './musts.js';
import { judgeSigners } from './relations.js';
import { applyEffect } from './effects.js';
import { applyParts } from './parts.js';
import { applyContents } from './contents.js';
import { adoptedOrphan, rememberLodge } from './orphans.js';
import { reasonOf } from './called.js';
import { sheetLines } from './details.js';
import { tellFindings } from './findings.js';

const ANSWER_WITHIN_S = 2592000;
const REMARKS = 2, REASON = 3;
/** Whoever signed one of these is not outside of a thing's chain of custody (SPEC 7.2 `outside`). */
const IN_CHAIN = [KIND.register, KIND.release, KIND.accept, KIND.handOut, KIND.takeBack, KIND.shelve];

/**
 * V12. Fills check.custody and check.findings; leaves the note `orphan` where a withheld orphan keeps custody from being
 * judged; stops with `answers`. With an act of unknown kind nothing is judged (V11), and custody is left open.
 */
export function judgeCustody(check) {
  const custody = newCustody();
  check.custody = custody;
  custody.counts = countStates(custody);
  custody.open = check.unknownKind;
  if (check.unknownKind) return;
  const tell = newTeller(check);
  const orphansRead = new Map();
  for (const record of check.records) {
    if (record.act !== null) replay({ check, custody, tell, orphansRead, record, act: record.act, adopted: false });
  }
  judgeEnd(check, custody, tell);
  tellFindings(check, tell);
  custody.counts = countStates(custody);
}

/** One act: opened things, the rules against the state before it, its effect. */
function replay(how) {
  const turn = { ...how, row: kinds[how.act.kind] };
  const touched = touchedThings(turn);
  if (turn.act.deviation) {
    turn.tell.breach('deviation', turn.record.index, null,
      `"${turn.row.name}" was entered as a deviation from the rules`, reasonOf(turn.check, turn.record));
  }
  judgePayload(turn);
  judgeSigners(turn);
  for (const entry of turn.act.entries) {
    if (turn.check.leaves.has(entry.subject)) judgeEntry(turn, entry);
  }
  for (const { thing, entry } of touched) {
    judgeSeen(turn, thing);
    judgeState(turn, thing, entry);
  }
  apply(turn, touched);
  for (const { thing } of touched) {
    thing.at++;
    if (IN_CHAIN.includes(turn.act.kind)) turn.act.signers.forEach(({ person }) => thing.chain.add(person));
    traceOf(turn.custody, thing, turn.record.index);
  }
}

/** The things of an act that have a leaf. Those that it opens begin here. */
function touchedThings({ check, custody, act }) {
  const touched = [];
  for (const entry of act.entries) {
    if (!check.leaves.has(entry.subject)) continue;
    const { type } = entry.facts;
    if (act.kind === KIND.allot && (type === ITEM_TYPE || type === CONTAINER_TYPE)) {
      custody.things.set(entry.subject, newThing(entry.subject, type));
    }
    const thing = custody.things.get(entry.subject);
    if (thing !== undefined) touched.push({ thing, entry });
  }
  return touched;
}

/** SPEC 6.7: the latest record of the thing's thread that a signer had not seen and did not sign */
function judgeSeen(turn, thing) {
  const { act, check, record, tell } = turn;
  if (act.seen === null) return;
  const thread = check.threads.get(thing.subject);
  for (let i = thing.at - 1; i >= 0 && thread[i].record.index >= act.seen.size; i--) {
    const before = thread[i].record;
    if (act.signers.every(({ person }) => before.act.signers.some((signer) => signer.person === person))) continue;
    const text = `${tell.name(thing.subject)}: record ${before.index} was not yet seen by a signer of this ${turn.row.name}`;
    if (turn.row.moves && !act.offline) tell.breach('unseen', record.index, thing.subject, text);
    else tell.finding('unseen', record.index, thing.subject, text);
    return;
  }
}

/** Packed things (SPEC 7.3.2) and the states of the table, "before". Containers that are filled are judged by contents.js. */
function judgeState(turn, thing, { role }) {
  const { row, record, tell, custody } = turn;
  if (thing.container !== null && !ON_PACKED.includes(row.kind)) {
    tell.breach('packed', record.index, thing.subject,
      `${tell.name(thing.subject)} is packed: "${row.name}" cannot be done before it is unpacked`);
  }
  const { state } = outermost(custody, thing);
  const found = role === CHILD ? state === UNUSED : row.before.includes(state);
  if (row.kind === KIND.allot || ![SUBJECT, PARENT, CHILD].includes(role) || found) return;
  tell.breach('state', record.index, thing.subject,
    `${tell.name(thing.subject)} is ${state}: "${row.name}" cannot be done to it`);
}

function apply(turn, touched) {
  switch (turn.act.kind) {
    case KIND.pack:
    case KIND.unpack:
      applyContents(turn);
      return;
    case KIND.sample:
    case KIND.split:
      applyParts(turn);
      return;
    case KIND.correct:
      judgeCorrection(turn);
      return;
    case KIND.adopt:
      for (const { thing } of touched) adopt(turn, thing);
      return;
    default:
      for (const { thing, entry } of touched) {
        applyEffect(turn, thing, entry);
        if (entry.role === SUBJECT) rememberLodge(turn, thing);
      }
  }
}

/** The effect of an orphan on a thing, judged as if it came now (SPEC 7.3.17). */
function adopt(turn, thing) {
  const { check, custody, record, tell } = turn;
  if (turn.act.answers === null) return;
  const { orphan, entry, withheld } = adoptedOrphan(turn, thing, turn.orphansRead);
  if (withheld) {
    custody.open = true;
    thing.unjudged.add(toHex(turn.act.answers));
    if (!check.notes.some((note) => note.code === 'orphan' && note.record === record.index)) {
      addNote(check, 'orphan', { record: record.index },
        `record ${record.index} adopts an act that is not disclosed: custody cannot be judged`);
    }
    return;
  }
  if (orphan === null) {
    tell.breach('orphan', record.index, thing.subject, `${tell.name(thing.subject)}: the act that is adopted was not ` +
      'kept, is not signed as it says, or does not concern it');
    return;
  }
  const adopted = { ...turn, act: orphan, row: kinds[orphan.kind], adopted: true, ofAct: null };
  const { state } = outermost(custody, thing);
  judgeOrphan(adopted, thing, entry);
  if (!adopted.row.before.includes(state)) {
    tell.breach('state', record.index, thing.subject,
      `${tell.name(thing.subject)} is ${state}: the adopted "${adopted.row.name}" cannot be done to it`);
  }
  applyEffect(adopted, thing, entry);
}

/** The correcting sheet names details of the amended entry's sheet, beside reason and remarks (SPEC 7.3.16, 17a). */
function judgeCorrection({ act, check, record, tell }) {
  const amended = act.amends === null ? null : check.byIndex.get(act.amends.index).act;
  if (amended === null) return;
  for (const entry of act.entries) {
    if (!check.leaves.has(entry.subject)) continue;
    const before = amended.entries.find(({ subject }) => subject === entry.subject);
    const known = new Set(namesOn(check, before.sheet));
    if (namesOn(check, entry.sheet).every((name) => name === REMARKS || name === REASON || known.has(name))) continue;
    tell.breach('correction', record.index, entry.subject,
      `${tell.name(entry.subject)}: the correction names details that the amended record does not have`);
  }
}

const namesOn = (check, sheet) => (sheetLines(check, sheet) ?? []).map(({ name }) => name);

/** What is open or missing at record n-1 (SPEC 7.3.11, 7.3.15, 7.3.17c in-transit). */
function judgeEnd(check, custody, tell) {
  const { logged } = check.records.at(-1);
  for (const thing of custody.things.values()) {
    const name = tell.name(thing.subject);
    if (thing.missing !== null) {
      tell.breach('missing', thing.missing, thing.subject,
        `${name} was not found at the stock-take of record ${thing.missing}, and not since`);
    }
    if (thing.opened !== null && (thing.state === IN_TRANSIT || thing.state === OUT)) judgeOpened(tell, thing, name, logged);
  }
}

function judgeOpened(tell, { subject, state, opened }, name, logged) {
  const { record, due } = opened;
  if (due !== null && due < logged) {
    tell.breach('overdue', record, subject, `${name} has been ${state} since record ${record}, past its due time`);
  } else if (due === null && state === IN_TRANSIT && logged - opened.logged > ANSWER_WITHIN_S) {
    tell.breach('unanswered', record, subject, `${name}: the release of record ${record} was never answered`);
  } else {
    tell.finding('in-transit', record, subject, `${name} is ${state} since record ${record}`);
  }
}
