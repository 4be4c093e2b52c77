// SPDX-License-Identifier: Apache-2.0
// effects: what each kind of act does to a thing (SPEC 7.3.3, 4, 10 to 15). Containers and parts stand in contents.js and
// parts.js. Effects come about whether or not a rule was broken: what happened is recorded (SPEC 7.2).

import { KIND, SUBJECT } from './kinds.js';
import { Stop } from './check.js';
import { toHex } from './bytes.js';
import { HELD, IN_TRANSIT, OUT } from './state.js';
import { end } from './contents.js';
import { judgeNet, judgePieces, judgeSeals, tellOf } from './measures.js';
import { judgeAnimal } from './parts.js';

const INVENTORIED = 1;
const NOT_FOUND = 3;
const FOUND = [1, 2, 4];

/** kind -> what it does to a thing of role 0 */
const EFFECTS = new Map([
  [KIND.void, end],
  [KIND.register, register],
  [KIND.move, move],
  [KIND.release, release],
  [KIND.accept, accept],
  [KIND.refuse, giveBack],
  [KIND.withdraw, giveBack],
  [KIND.handOut, handOut],
  [KIND.takeBack, takeBack],
  [KIND.shelve, (turn, thing) => { thing.place = turn.act.place ?? thing.place; }],
  [KIND.stocktake, stocktake],
  [KIND.weigh, judgeNet],
  [KIND.animal, judgeAnimal],
  [KIND.consume, end],
  [KIND.dispose, end],
  [KIND.label, label],
]);

/**
 * Measures and effect of an act on a thing of role 0.
 * @param {object} turn { check, custody, tell, record, act, row, adopted }: in an adoption, act and row are the orphan's
 */
export function applyEffect(turn, thing, entry) {
  if (entry.role !== SUBJECT) return;
  judgeSeals(turn, thing, entry.facts);
  judgePieces(turn, thing, entry.facts);
  EFFECTS.get(turn.act.kind)?.(turn, thing, entry);
}

function register(turn, thing, entry) {
  const { act } = turn;
  thing.state = HELD;
  thing.holder = act.signers[0].person;
  thing.place = act.place;
  thing.case = entry.facts.case;
  thing.pieces = entry.facts.pieces;
  judgeNet(turn, thing, entry);
}

/** SPEC 7.3.10: the case that it is moved from is that of role 5. */
function move(turn, thing, entry) {
  const former = turn.act.entries.find(({ role }) => role === 5);
  if (thing.case !== former.subject) {
    turn.tell.breach('state', turn.record.index, thing.subject,
      `${turn.tell.name(thing.subject)} is not of the case that it is moved from`);
  }
  thing.case = entry.facts.case;
}

function open(turn, thing) {
  const { act, record } = turn;
  thing.opened = {
    kind: act.kind, idHex: act.idHex, record: record.index, logged: record.logged, by: act.signers[0].person, to: act.to,
    due: act.due,
  };
}

function release(turn, thing) {
  thing.state = IN_TRANSIT;
  open(turn, thing);
  thing.released.add(turn.act.idHex);
}

function handOut(turn, thing) {
  thing.state = OUT;
  open(turn, thing);
}

function accept(turn, thing, entry) {
  const { act } = turn;
  judgeAnswer(turn, thing);
  judgeArrival(turn, thing, KIND.release);
  thing.place = act.place ?? releasedTo(thing);
  arrive(turn, thing);
  if (act.code === INVENTORIED) thing.missing = null;
  judgeNet(turn, thing, entry);
}

function takeBack(turn, thing) {
  judgeArrival(turn, thing, KIND.handOut);
  thing.place = turn.act.place;
  arrive(turn, thing);
}

function arrive(turn, thing) {
  thing.state = HELD;
  thing.holder = turn.act.signers[0].person;
  thing.opened = null;
}

/** refuse, withdraw: held again by who has it (SPEC 7.3.4) */
function giveBack(turn, thing) {
  judgeAnswer(turn, thing);
  thing.state = HELD;
  thing.opened = null;
}

/** The place that the open release named. */
function releasedTo({ opened }) {
  return opened !== null && opened.kind === KIND.release ? opened.to?.place ?? null : null;
}

/** Does it answer the open release? What answers no release of the thread contradicts the records (SPEC 7.3.4). */
function judgeAnswer(turn, thing) {
  const { act, record } = turn;
  if (act.answers === null) return;
  const answered = toHex(act.answers);
  const { opened } = thing;
  if (opened !== null && opened.kind === KIND.release && opened.idHex === answered) return;
  if (thing.unjudged.has(answered)) return;
  if (!thing.released.has(answered) && !turn.adopted) {
    throw new Stop(1, 'answers', { record: record.index },
      `record ${record.index} answers a release that is not in the thread of ${turn.tell.name(thing.subject)}`);
  }
  tellOf(turn, 'not-open', thing, `the release that this ${turn.row.name} answers is not open`);
}

/** Answered late (SPEC 7.3.15), at the record of the arrival. */
function judgeArrival(turn, thing, kind) {
  const { opened } = thing;
  if (opened === null || opened.kind !== kind || opened.due === null || turn.record.logged <= opened.due) return;
  if (kind === KIND.release && turn.act.answers !== null && toHex(turn.act.answers) !== opened.idHex) return;
  turn.tell.breach('overdue', turn.record.index, thing.subject,
    `${turn.tell.name(thing.subject)} arrives after the due time of record ${opened.record}`);
}

function stocktake(turn, thing, { facts }) {
  if (facts.outcome === NOT_FOUND) thing.missing = turn.record.index;
  else if (FOUND.includes(facts.outcome)) thing.missing = null;
}

function label(turn, thing, { facts }) {
  if (facts.print === null) return;
  if (facts.print !== thing.prints + 1) tellOf(turn, 'print', thing, `print ${facts.print} follows print ${thing.prints}`);
  thing.prints = facts.print;
}
