// SPDX-License-Identifier: Apache-2.0
// contents: things that are packed into containers and unpacked (SPEC 7.3.9), and the end of things with something in them.

import { KIND, CONTAINER, SUBJECT } from './kinds.js';
import { close, HELD, outermost, putInto } from './state.js';

const DEEPEST = 4;

/** pack and unpack: the container and the things of role 0, as far as they have leaves. Who packed a member has one (SPEC 8). */
export function applyContents(turn) {
  const { act, custody } = turn;
  const container = custody.things.get(act.entries.find(({ role }) => role === CONTAINER).subject) ?? null;
  const named = act.entries.filter(({ role }) => role === SUBJECT);
  const things = named.map(({ subject }) => custody.things.get(subject)).filter((thing) => thing !== undefined);
  if (container !== null) judgeContainer(turn, container);
  const move = act.kind === KIND.pack ? pack : unpack;
  for (const thing of things) move(turn, thing, container);
  if (container !== null) count(container, act.kind, named.length);
}

/** What is in a container, by its own thread; one that is emptied is closed. */
function count(container, kind, number) {
  if (kind === KIND.pack) {
    container.contents += number;
    return;
  }
  container.contents = Math.max(0, container.contents - number);
  if (container.contents === 0) close(container, kind);
}

function judgeContainer(turn, container) {
  const { state } = outermost(turn.custody, container);
  const what = container.seals.length > 0 ? 'sealed' : state;
  if (what !== HELD) tell(turn, container, `is ${what}: nothing can be put in or taken out`);
}

function pack(turn, thing, container) {
  const { custody } = turn;
  const into = outermost(custody, container);
  const itself = isIn(custody, container, thing);
  if (into.holder !== null && outermost(custody, thing).holder !== into.holder) {
    tell(turn, thing, 'is packed with another holder than the container');
  } else if (itself || depthOf(custody, container) + thing.height > DEEPEST) {
    tell(turn, thing, 'is packed into itself or more than 4 deep');
  }
  if (itself) return;
  putInto(custody, thing, container.subject, turn.record.index);
  raise(custody, thing);
}

function unpack(turn, thing, container) {
  if (container === null || thing.container !== container.subject) {
    tell(turn, thing, 'was not in the container that it is taken from');
    return;
  }
  const { holder, place } = outermost(turn.custody, container);
  putInto(turn.custody, thing, null, turn.record.index);
  thing.holder = holder;
  thing.place = place;
}

/** Is this the other, or in the other? */
function isIn(custody, inner, other) {
  for (let one = inner; ; one = custody.things.get(one.container)) {
    if (one === other) return true;
    if (one.container === null) return false;
  }
}

/** The container and those around it. */
function depthOf(custody, container) {
  let depth = 1;
  for (let one = container; one.container !== null; one = custody.things.get(one.container)) depth++;
  return depth;
}

/** The containers around a thing have one level more than what is in them ever had. */
function raise(custody, thing) {
  for (let one = thing; one.container !== null;) {
    const around = custody.things.get(one.container);
    if (around.height > one.height) return;
    around.height = one.height + 1;
    one = around;
  }
}

/** void, consume, dispose, freed to zero: what is in a container must have had its own end (SPEC 7.3.13). */
export function end(turn, thing) {
  if (thing.contents > 0) tell(turn, thing, `is closed by this "${turn.row.name}" while things are in it`);
  close(thing, turn.act.kind);
  thing.opened = null;
}

function tell(turn, thing, text) {
  turn.tell.breach('container', turn.record.index, thing.subject, `${turn.tell.name(thing.subject)} ${text}`);
}
