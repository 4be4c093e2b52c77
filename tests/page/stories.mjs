// SPDX-License-Identifier: Apache-2.0
// stories: random handlings of evidence from a seed, many of which break a rule of custody (SPEC 7), as bundles. What is right
// is not known here: two verifiers are asked.

import { cbor, keyNamed, Ledger } from './forge.mjs';

const DAY = 86400;

/** Numbers from a seed: below(n), chance(p), one(list), some(list). */
export function dice(seed) {
  let state = (seed * 2654435761 + 12345) >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(next() * n);
  const one = (list) => list[below(list.length)];
  const some = (list, most) => {
    const chosen = new Set();
    for (let i = 1 + below(most); i > 0; i--) chosen.add(one(list));
    return [...chosen];
  };
  return { below, one, some, chance: (p) => next() < p };
}

const OFFICES = { 3: 2, 4: 2, 5: 3, 6: 3, 7: 4, 8: 5, 9: 7, 10: 8 };
const PEOPLE = Object.keys(OFFICES).map(Number);
const PLACES = [11, 12];
const CASES = [13, 14];
const THINGS = [15, 16, 17, 18, 19, 20, 21, 22, 23, 24];
const CONTAINERS = [20, 21, 22, 23, 24];

/** A ledger with people in all offices, places, cases, and ten numbers, the last five of containers. */
export function opened() {
  const ledger = new Ledger();
  for (const person of PEOPLE) {
    const key = keyNamed(`person ${person}`);
    const facts = new Map([[0, 2], [10, [-19, key.bytes]], [11, OFFICES[person]]]);
    ledger.act(1, [1, [person, 0, 0, key]], [{ subject: person, facts, details: [[20, `Person ${person}`]] }]);
    ledger.give(person, key, OFFICES[person], 1);
  }
  for (const place of PLACES) ledger.act(8, [5], [{ subject: place, facts: new Map([[0, 3]]), details: [[30, `Store ${place}`]] }]);
  for (const one of CASES) ledger.act(9, [3], [{ subject: one, facts: new Map([[0, 4]]), details: [[40, `Docket ${one}`], [41, 'a law']] }]);
  ledger.act(10, [3], THINGS.map((subject) => ({ subject, facts: new Map([[0, CONTAINERS.includes(subject) ? 6 : 5]]) })));
  return ledger;
}

/** What a story remembers, so that not everything that it does is nonsense. */
function newStory(seed) {
  const story = { ledger: opened(), ...dice(seed), things: new Map(), orphans: [], lodged: [] };
  for (const subject of THINGS) {
    story.things.set(subject, { holder: null, state: 0, case: null, pieces: null, net: null, seals: [], inside: null, releases: [], prints: 0, records: [] });
  }
  return story;
}

const SEALS = ['A1', 'B2', 'C3'];
const seals = (story) => SEALS.filter(() => story.chance(0.4));

/** Mostly `right`, else something else. */
const rather = (story, right, other, p = 0.85) => (story.chance(p) ? right : other());

function signersFor(story, holder, count, first = null) {
  const { one } = story;
  const lead = rather(story, first ?? holder ?? one(PEOPLE), () => one(PEOPLE));
  const others = new Set([lead]);
  for (let i = 0; i < count && story.chance(0.9); i++) others.add(one(PEOPLE));
  return [...others];
}

const entry = (subject, facts = [], details = [], role = 0) => ({ subject, role, facts: new Map(facts.filter(([, value]) => value !== null)), details });

function party(story) {
  const { one } = story;
  return one([[one(PEOPLE), null, null], [null, one([2, 3, 4]), null], [null, null, one(PLACES)], [one(PEOPLE), one([2, 3]), one(PLACES)], null]);
}

const maybe = (story, p, value) => (story.chance(p) ? value : null);

/** Payload keys that have a value. */
const keys = (...pairs) => new Map(pairs.filter(([, value]) => value !== null));

function seen(story, things) {
  const size = story.ledger.records.length;
  return story.chance(0.9) ? size : Math.max(1, size - story.below(6) - (things.length > 5 ? 1 : 0));
}

function act(story, kind, signers, entries, more = new Map(), details = []) {
  const { ledger } = story;
  if (story.chance(0.04)) more.set(18, true);
  if (story.chance(0.03)) more.set(19, true);
  if (more.has(19)) details = [...details, ...story.one([[], [[3, 'a \\ reason']], [[3, 'first'], [3, 'second']]])];
  const claimed = story.chance(0.97) ? ledger.time : ledger.time - 3 * DAY;
  const record = ledger.log(ledger.sign(kind, signers, entries, more, { details, seen: seen(story, entries), claimed }));
  ledger.time += rather(story, 600, () => story.one([40 * DAY, 2 * DAY, -300, 31 * DAY, 31 * DAY + 1, DAY]), 0.96);
  for (const { subject } of entries) story.things.get(subject)?.records.push(record);
  return record;
}

/** Things of one holder where it can be; mostly one. */
function pick(story, wanted, from = THINGS) {
  const fitting = from.filter((subject) => wanted.includes(story.things.get(subject).state) && (story.things.get(subject).inside === null || story.chance(0.2)));
  return rather(story, fitting.length > 0 ? story.some(fitting, 3) : story.some(from, 2), () => story.some(from, 3), 0.9).sort((a, b) => a - b);
}

const holderOf = (story, subject) => {
  let thing = story.things.get(subject);
  for (let i = 0; thing.inside !== null && i < 9; i++) thing = story.things.get(thing.inside);
  return thing.holder;
};

function foundFacts(story, subject, p = 0.5) {
  const thing = story.things.get(subject);
  const pieces = maybe(story, p, rather(story, thing.pieces ?? 1, () => story.below(4)));
  const stated = thing.seals.length > 0 ? story.chance(0.95) : story.chance(0.15);
  const found = stated ? rather(story, thing.seals, () => seals(story), 0.95) : null;
  if (pieces !== null) thing.pieces = pieces;
  if (found !== null) thing.seals = found;
  return [[2, pieces], [6, found]];
}

function massOf(story, thing) {
  const net = rather(story, thing.net ?? 1000000, () => story.one([980000, 979999, 1000, 0, 500, 1000000, 2 ** 53 - 1, 1020000, 1021000]), 0.5);
  const tare = maybe(story, 0.5, 50);
  const gross = maybe(story, 0.5, rather(story, Math.min(net + 50, 2 ** 53 - 1), () => 7));
  return { net, tare, gross };
}

const DEEDS = {
  register(story) {
    const things = pick(story, [0]);
    const one = story.one(CASES);
    const who = story.one([3, 4]);
    const entries = things.map((subject) => {
      const thing = story.things.get(subject);
      Object.assign(thing, { state: 1, holder: who, case: one, pieces: maybe(story, 0.9, story.one([1, 4, 10])), net: maybe(story, 0.4, 1000000) });
      const details = [[4, `thing ${subject}`], ...(story.chance(0.5) ? [[72, 'Loxodonta africana']] : [])];
      return entry(subject, [[1, one], [2, thing.pieces], [5, thing.net]], details);
    });
    act(story, 13, signersFor(story, who, 1, who), [...entries, entry(one, [], [], 1)], keys([12, maybe(story, 0.7, story.one(PLACES))]));
  },
  seize: (story) => act(story, 12, signersFor(story, 3, 1), [entry(story.one(CASES), [], story.one([[[50, 't'], [51, 'p'], [9, 'a'], [62, 'o']], [[50, 't'], [51, 'p'], [9, 'a'], [63, 'w'], [63, 'v']], [[50, 't'], [63, 'w']], [[50, 't'], [51, 'p'], [9, 'a'], [63, 'w']]]))]),
  move(story) {
    const [from, to] = story.chance(0.5) ? CASES : [...CASES].reverse();
    const things = pick(story, [1]);
    act(story, 14, signersFor(story, 9, 0, 9), [...things.map((subject) => entry(subject, [[1, to]], story.chance(0.8) ? [[10, 'an order']] : [])), entry(from, [], [], 5), entry(to, [], [], 1)]);
  },
  pack(story) {
    const box = pick(story, [1], CONTAINERS)[0];
    const holder = holderOf(story, box);
    const things = pick(story, [1]).filter((subject) => subject !== box);
    if (things.length === 0) return;
    for (const subject of things) if (!contains(story, subject, box)) story.things.get(subject).inside = box;
    act(story, 15, signersFor(story, holder, 0), [...things.map((subject) => entry(subject)), entry(box, [], [], 2)]);
  },
  unpack(story) {
    const packed = THINGS.filter((subject) => story.things.get(subject).inside !== null);
    const first = packed.length > 0 ? story.one(packed) : story.one(THINGS);
    const box = rather(story, story.things.get(first).inside ?? story.one(CONTAINERS), () => story.one(CONTAINERS), 0.9);
    const things = [first, ...story.some(THINGS, 2)].slice(0, story.chance(0.8) ? 1 : 3).filter((subject, i, all) => subject !== box && all.indexOf(subject) === i);
    if (things.length === 0) return;
    const holder = holderOf(story, box);
    for (const subject of things) if (story.things.get(subject).inside === box) Object.assign(story.things.get(subject), { inside: null, holder });
    act(story, 16, signersFor(story, holder, 0), [...things.map((subject) => entry(subject)), entry(box, [], [], 2)]);
  },
  seals(story) {
    const kind = story.one([17, 18, 19]);
    const entries = pick(story, [1]).slice(0, 2).map((subject) => {
      const thing = story.things.get(subject);
      const found = kind === 17 ? maybe(story, 0.3, thing.seals) : rather(story, thing.seals, () => seals(story), 0.9);
      const removed = kind === 17 ? null : rather(story, thing.seals, () => seals(story), 0.8);
      const put = kind === 18 ? null : seals(story);
      thing.seals = [...new Set([...thing.seals.filter((seal) => !(removed ?? []).includes(seal)), ...(put ?? [])])].sort();
      return entry(subject, [[6, found], [7, removed], [8, put]]);
    });
    act(story, kind, signersFor(story, holderOf(story, entries[0].subject), 1), entries, keys([13, kind === 17 ? null : maybe(story, 0.9, 3)]));
  },
  release(story) {
    const things = pick(story, [1]);
    const to = party(story);
    const due = maybe(story, 0.3, story.ledger.time + story.one([300, DAY, 50 * DAY]));
    const record = act(story, 20, signersFor(story, holderOf(story, things[0]), 1), things.map((subject) => entry(subject, foundFacts(story, subject, 0.9))), keys([9, to], [13, maybe(story, 0.95, 1)], [20, due]));
    for (const subject of things) {
      story.things.get(subject).releases.push({ id: record.id, to });
      story.things.get(subject).state = 2;
    }
  },
  answer(story) {
    const kind = story.one([21, 21, 21, 22, 23]);
    const [first, ...rest] = pick(story, [2]);
    const { releases } = story.things.get(first);
    const answered = releases.length === 0 ? null : rather(story, releases.at(-1), () => story.one(releases), 0.9);
    if (answered === null && story.chance(0.8)) return;
    const id = answered === null || story.chance(0.03) ? null : answered.id;
    const things = [first, ...rest.filter((subject) => id === null || story.things.get(subject).releases.some((release) => release.id.equals(id)))];
    const named = answered?.to?.[0] ?? { 2: 3, 3: 5, 4: 7 }[answered?.to?.[1]] ?? 5;
    const signers = signersFor(story, null, kind === 23 ? 1 : 0, kind === 23 ? holderOf(story, first) : named);
    const entries = things.map((subject) => {
      const thing = story.things.get(subject);
      Object.assign(thing, { state: 1, holder: kind === 21 ? signers[0] : thing.holder });
      if (kind === 23) return entry(subject);
      const mass = kind === 21 && story.chance(0.3) ? massOf(story, thing) : { net: null, gross: null, tare: null };
      return entry(subject, [...foundFacts(story, subject), [3, mass.gross], [4, mass.tare], [5, mass.net]]);
    });
    act(story, kind, signers, entries, keys([10, id], [13, maybe(story, 0.95, story.one([1, 2]))], [12, kind === 21 ? maybe(story, 0.4, story.one(PLACES)) : null]));
  },
  out(story) {
    const back = story.chance(0.6);
    const things = pick(story, [back ? 3 : 1]);
    const signers = signersFor(story, holderOf(story, things[0]), 1);
    const details = story.chance(0.9) ? [[100, 'someone'], [8, new Map([[0, keyNamed('a file').kid], [1, 9], [2, 'text/plain']])]] : [];
    const due = back ? null : maybe(story, 0.4, story.ledger.time + story.one([300, DAY, 50 * DAY]));
    act(story, back ? 25 : 24, signers, things.map((subject) => entry(subject, foundFacts(story, subject))), keys([13, back ? null : 3], [12, back ? maybe(story, 0.5, 11) : null], [20, due]), details);
    for (const subject of things) Object.assign(story.things.get(subject), { state: back ? 1 : 3, holder: back ? signers[0] : story.things.get(subject).holder });
  },
  shelve(story) {
    const things = pick(story, [1]);
    act(story, 26, signersFor(story, rather(story, holderOf(story, things[0]), () => 5, 0.5), 0), things.map((subject) => entry(subject)), keys([12, maybe(story, 0.95, story.one(PLACES))]));
  },
  stocktake(story) {
    const entries = story.some(THINGS, 3).sort((a, b) => a - b).map((subject) => entry(subject, [...foundFacts(story, subject, 0.2), [9, maybe(story, 0.97, story.one([1, 1, 2, 3, 4, 9]))]]));
    act(story, 27, signersFor(story, null, 1, story.one([9, 10, 7])), entries, keys([12, maybe(story, 0.95, 11)]));
  },
  weigh(story) {
    const entries = pick(story, [1]).slice(0, 2).map((subject) => {
      const thing = story.things.get(subject);
      const { net, tare, gross } = massOf(story, thing);
      thing.net = net;
      return entry(subject, [[5, maybe(story, 0.97, net)], [4, tare], [3, gross]], story.chance(0.3) ? [[92, 'it dried']] : []);
    });
    act(story, 28, signersFor(story, holderOf(story, entries[0].subject), 0), entries, new Map(), story.chance(0.9) ? [[90, 'a scale']] : []);
  },
  identify: (story) => act(story, 30, signersFor(story, 7, 0, 7), story.some(THINGS, 2).sort((a, b) => a - b).map((subject) => entry(subject, [], story.chance(0.6) ? [[112, `species ${story.below(9)}`]] : [])), keys([13, maybe(story, 0.9, story.one([1, 2, 7]))]), story.chance(0.3) ? [[112, 'all alike']] : []),
  parts(story) {
    const kind = story.one([31, 32, 32]);
    const parent = pick(story, [1])[0];
    const children = pick(story, [0]).filter((subject) => subject !== parent);
    if (children.length === 0) return;
    const before = story.things.get(parent);
    const taken = children.map(() => ({ pieces: maybe(story, 0.8, 1), net: maybe(story, 0.6, 10000) }));
    const sum = (name) => taken.reduce((total, one) => total + (one[name] ?? 0), 0);
    const gross = maybe(story, 0.7, rather(story, before.net ?? 1000000, () => 960000));
    const loss = maybe(story, 0.9, story.one([0, 0, 500]));
    const net = maybe(story, 0.9, rather(story, Math.max(0, (gross ?? 0) - (loss ?? 0) - sum('net')), () => 5));
    const left = kind === 32 || story.chance(0.2) ? maybe(story, 0.9, Math.max(0, (before.pieces ?? 1) - sum('pieces'))) : null;
    const named = story.chance(0.7) ? [entry(rather(story, before.case ?? 13, () => story.one(CASES)), [], [], 1)] : [];
    act(story, kind, signersFor(story, holderOf(story, parent), 1), [entry(parent, [[2, left], [3, gross], [4, loss], [5, net]], [], 3), ...named,
      ...children.map((subject, i) => entry(subject, [[2, taken[i].pieces], [5, taken[i].net]], story.chance(0.5) ? [[4, 'a part']] : [], 4))]);
    Object.assign(before, { net: net ?? before.net, pieces: kind === 32 ? left ?? before.pieces : before.pieces });
    children.forEach((subject, i) => Object.assign(story.things.get(subject), { state: 1, holder: holderOf(story, parent), case: before.case, ...taken[i] }));
  },
  animal(story) {
    const subject = pick(story, [1])[0];
    const code = story.one([1, 2, 3, 3, 4]);
    const children = story.chance(0.4) ? pick(story, [0]).filter((child) => child !== subject) : [];
    const named = story.chance(0.3) ? [entry(story.one(CASES), [], [], 1)] : [];
    const entries = [entry(subject, [[2, maybe(story, 0.9, story.one([1, 2, children.length, 2 ** 53 - 1]))]], story.chance(0.7) ? [[10, 'an order']] : []), ...named,
      ...children.map((child) => entry(child, [[2, maybe(story, 0.9, 1)], [5, maybe(story, 0.2, 100)]], [], 4))];
    act(story, 33, signersFor(story, story.chance(0.5) ? 8 : holderOf(story, subject), 0), entries, keys([13, maybe(story, 0.95, code)]));
    children.forEach((child) => Object.assign(story.things.get(child), { state: 1, holder: holderOf(story, subject), pieces: 1 }));
  },
  end(story) {
    const kind = story.one([11, 34, 35]);
    const things = pick(story, [kind === 11 ? 0 : 1]).slice(0, 2);
    const details = kind === 35 && story.chance(0.9) ? [[10, 'an order'], [63, 'a witness']] : [];
    const signers = signersFor(story, holderOf(story, things[0]), 2, kind === 11 ? 5 : null);
    act(story, kind, signers, things.map((subject) => entry(subject, kind === 35 ? foundFacts(story, subject) : [])), keys([13, maybe(story, 0.95, 1)]), details);
    for (const subject of things) story.things.get(subject).state = 4;
  },
  note: (story) => act(story, story.one([37, 37, 29]), signersFor(story, null, 0), story.some(THINGS, 2).sort((a, b) => a - b).map((subject) => entry(subject, [], [[story.one([1, 110]), 'words']]))),
  label(story) {
    const subject = story.one(THINGS);
    const thing = story.things.get(subject);
    thing.prints = rather(story, thing.prints + 1, () => story.below(5));
    act(story, 38, signersFor(story, null, 0), [entry(subject, [[13, maybe(story, 0.95, thing.prints)]])]);
  },
  correct(story) {
    const { records } = story.things.get(story.one(THINGS));
    if (records.length === 0) return;
    const amended = story.one(records);
    const subjects = amended.payload.get(7).map(([subject]) => subject);
    const entries = story.some(subjects, 2).sort((a, b) => a - b).map((subject) => entry(subject, [], [...(story.chance(0.8) ? [[3, 'misread']] : []), [story.one([4, 72, 112, 2, 90]), 'corrected']]));
    act(story, 40, signersFor(story, amended.signers[0][0], 1), entries, keys([11, [amended.index, amended.hash]]));
  },
  sameAs: (story) => {
    const things = story.some(THINGS, 6);
    if (things.length === 2) act(story, 41, signersFor(story, null, 1), things.sort((a, b) => a - b).map((subject) => entry(subject)), new Map(), [[3, 'alike']]);
  },
  order: (story) => act(story, 44, signersFor(story, null, 0, 9), [entry(story.one(THINGS), [[15, [story.one([20, 112, 150])]]], [[10, 'an order']])]),
  key(story) {
    const person = story.one(PEOPLE);
    const { ledger } = story;
    if (story.chance(0.3)) {
      ledger.act(7, [1], [entry(0)], keys([17, [ledger.time, ledger.time + 5]]));
      return;
    }
    const next = keyNamed(`person ${person} key ${ledger.records.length}`);
    const doubted = maybe(story, 0.4, story.below(ledger.records.length));
    const endorsing = story.chance(0.5) ? [[person, ...ledger.offices.get(person), ledger.keys.get(person)]] : [];
    if (story.chance(0.3)) ledger.act(5, [1], [entry(person, [[12, doubted]])]);
    const revoked = ledger.records.at(-1).kind === 5;
    ledger.act(4, [1, [person, 0, 0, next], ...(revoked ? [] : endorsing)], [entry(person, [[10, [-19, next.bytes]], [12, doubted]])]);
    ledger.give(person, next, OFFICES[person], 1);
  },
  orphan(story) {
    const kind = story.one([20, 21, 22, 23, 24, 25, 26, 28]);
    const things = pick(story, { 20: [1], 21: [2], 22: [2], 23: [2], 24: [1], 25: [3], 26: [1], 28: [1] }[kind]);
    const thing = story.things.get(things[0]);
    const answers = [21, 22, 23].includes(kind) ? thing.releases.at(-1)?.id ?? maybe(story, 0.5, keyNamed('nothing').kid) : null;
    const facts = (subject) => (kind === 28 ? [[5, massOf(story, story.things.get(subject)).net]] : [23, 26].includes(kind) ? [] : foundFacts(story, subject));
    const more = keys([9, kind === 20 ? party(story) : null], [13, [25, 26, 28].includes(kind) ? null : maybe(story, 0.95, 1)],
      [10, answers], [12, [21, 25, 26].includes(kind) ? maybe(story, 0.6, 12) : null], [20, [20, 24].includes(kind) ? maybe(story, 0.3, story.ledger.time + 300) : null]);
    const orphan = story.ledger.sign(kind, signersFor(story, holderOf(story, things[0]), 1), things.map((subject) => entry(subject, facts(subject))), more);
    story.orphans.push({ orphan, things });
  },
  lodge(story) {
    if (story.orphans.length === 0) return DEEDS.orphan(story);
    const { orphan, things } = story.orphans.at(-1);
    const from = rather(story, [orphan.signers[0][0], null, null], () => story.one([[3, null, null], [null, 3, null], null]), 0.9);
    act(story, 42, signersFor(story, 5, 0, 5), things.map((subject) => entry(subject)), keys([8, from], [10, story.chance(0.97) ? orphan.id : null]), story.chance(0.97) ? [[150, story.chance(0.97) ? orphan.bytes : cbor(7)]] : []);
    story.lodged.push({ orphan, things });
    return null;
  },
  adopt(story) {
    if (story.lodged.length === 0) return DEEDS.lodge(story);
    const { orphan, things } = story.lodged.at(-1);
    act(story, 43, signersFor(story, null, 1), rather(story, things, () => story.some(THINGS, 2).sort((a, b) => a - b), 0.9).map((subject) => entry(subject)), keys([10, story.chance(0.97) ? orphan.id : null]), [[3, 'late']]);
    if (orphan.kind === 20) for (const subject of things) story.things.get(subject).releases.push({ id: orphan.id, to: orphan.payload.get(9) });
    for (const subject of things) Object.assign(story.things.get(subject), { state: { 20: 2, 24: 3 }[orphan.kind] ?? 1 });
    if ([21, 25].includes(orphan.kind)) for (const subject of things) story.things.get(subject).holder = orphan.signers[0][0];
    story.lodged.pop();
    return null;
  },
};

function contains(story, outer, inner) {
  for (let one = inner, i = 0; one !== null && i < 20; one = story.things.get(one).inside, i++) if (one === outer) return true;
  return false;
}

const WEIGHTS = { register: 6, pack: 4, unpack: 3, seals: 3, release: 5, answer: 6, out: 3, stocktake: 3, parts: 2, weigh: 2, animal: 2, lodge: 2, adopt: 2 };
const BAG = Object.keys(DEEDS).flatMap((name) => Array(WEIGHTS[name] ?? 1).fill(name));

/** A story of a seed: the bundle, its policy, and what it is asked for. */
export function story(seed) {
  const one = newStory(seed);
  for (let i = 0; i < 3; i++) DEEDS.register(one);
  for (let i = 6 + one.below(26); i > 0; i--) DEEDS[one.one(BAG)](one);
  const { ledger } = one;
  ledger.heads();
  const asked = one.some([...THINGS, ...THINGS, ...CASES], 4);
  const hidden = one.chance(0.1);
  return { file: ledger.bundle(asked, (name) => hidden && name === 150), policy: ledger.policy(), asked, ledger };
}
