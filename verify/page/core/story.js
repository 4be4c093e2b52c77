// SPDX-License-Identifier: Apache-2.0
// story: the custody of things as it is drawn: spans (who had it, in which state, where, from when to when) and steps (the records of its life). It
// takes what the replay found (custody.js, history.js) and judges nothing. Things with equal spans and steps are one story.
import { lifeOf } from './history.js';
import { KIND, kinds } from './kinds.js';
import { codeName, officeName, typeName } from './words.js';

/** Things that are asked, or whose case at the end is asked (as SPEC 13.6 has them), ascending. */
function thingsToTell(check) {
  const asked = new Set(check.bundle.asked);
  return [...check.custody.things].filter(([subject, thing]) => check.leaves.has(subject) && (asked.has(subject) || asked.has(thing.case)))
    .map(([subject]) => subject).sort((a, b) => a - b);
}

/** Custody of a packed thing is that of its outermost container (7.1): the moments at which anything about it changes, with what then holds. */
function moments(check, subject) {
  const trace = check.custody.trace;
  const at = new Map();
  const visit = (thing, from, to, depth) => {
    const changes = trace.get(thing) ?? [];
    changes.forEach((change, i) => {
      const [begins, ends] = [Math.max(change.record, from), Math.min(changes[i + 1]?.record ?? Infinity, to)];
      if (begins >= ends) return;
      if (change.container === null || depth === 8) at.set(begins, change);
      else visit(change.container, begins, ends, depth + 1);
    });
  };
  visit(subject, 0, Infinity, 0);
  return [...at].sort((a, b) => a[0] - b[0]);
}

/** The container that a thing itself is in, from a record on. */
function containerAt(check, subject, index) {
  let container = null;
  for (const change of check.custody.trace.get(subject) ?? []) if (change.record <= index) container = change.container;
  return container;
}

function spansOf(check, subject, times) {
  const spans = [];
  for (const [record, { state, holder, place }] of moments(check, subject)) {
    const container = containerAt(check, subject, record);
    const before = spans.at(-1);
    const unchanged = before !== undefined && before.state === state && before.holder === holder && before.place === place && before.container === container;
    if (unchanged) continue;
    if (before !== undefined) [before.to, before.open] = [times.get(record).logged, false];
    const { logged, offset } = times.get(record);
    spans.push({ state, holder, place, container, record, offset, from: logged, to: times.get(check.n - 1).logged, open: true });
  }
  return spans.filter((span) => span.state !== 'unused' || spans.length === 1);
}

const entriesOf = new WeakMap();

/** Facts that an act states of a subject. */
function factsOf(act, subject) {
  if (!entriesOf.has(act)) entriesOf.set(act, new Map(act.entries.map((entry) => [entry.subject, entry.facts])));
  return entriesOf.get(act).get(subject) ?? {};
}

function partyOf(party) {
  return party === null ? null : { person: party.person, office: party.office === null ? null : officeName(party.office) || String(party.office), place: party.place };
}

/** A record as a step of the life of a thing; `touched` is the thing itself or the container that it was in. */
function stepOf({ record, subject: touched }, subject, told) {
  const act = record.act;
  const facts = factsOf(act, touched);
  const code = act.code === null ? null : codeName(act.kind, act.code) || String(act.code);
  const time = told.times.get(record.index);
  const marks = (list) => marksOf({ marks: list }, record.index, subject, touched);
  return {
    record: record.index, act: kinds[act.kind]?.name ?? 'unknown', code,
    by: act.signers.map(({ person, capacity }) => ({ person, office: capacity === 0 ? null : officeName(capacity) || String(capacity) })),
    to: partyOf(act.to), place: act.place, within: touched === subject ? null : touched, deviation: act.deviation,
    found: facts.found ?? null, removed: facts.removed ?? null, put: facts.put ?? null,
    logged: time.logged, claimed: time.claimed, offset: time.offset, notAfter: time.not_after, notBefore: time.not_before,
    breaches: marks(told.breaches), findings: marks(told.findings),
  };
}

const byRecord = (list) => {
  const map = new Map();
  for (const item of list) {
    if (!map.has(item.record)) map.set(item.record, []);
    map.get(item.record).push(item);
  }
  return map;
};

/** Numbers given and labels printed: things that differ in these alone are told together, without them. */
const ASIDE = [KIND.allot, KIND.label];

/** What a story rests on, as text: equal for things that are told together. Built for each of thousands of things, so it names records by number. */
function keyOf(check, subject, life, spans, told) {
  const marked = (record) => told.marks.has(record) ? marksOf(told, record, subject, subject).join() : '';
  const parts = life.filter(({ record }) => !ASIDE.includes(check.byIndex.get(record).act.kind))
    .map(({ record, subject: touched }) => `${record} ${touched === subject ? '' : touched} ${marked(record)} ${sealsOf(check, record, touched)}`);
  return `${check.custody.things.get(subject).type};${spans.map((span) => [span.state, span.holder, span.place, span.container, span.record].join(' '))};${parts.join(';')}`;
}

/** Seals that a record states of a thing. */
function sealsOf(check, record, touched) {
  const { found, removed, put } = factsOf(check.byIndex.get(record).act, touched);
  return found || removed || put ? JSON.stringify([found, removed, put]) : '';
}

const same = (a, b) => a.length === b.length && a.every((item, i) => item.record === b[i].record);

function marksOf(told, record, subject, touched) {
  return [...new Set((told.marks.get(record) ?? []).filter((item) => item.subject === null || item.subject === subject || item.subject === touched).map((item) => item.code))];
}

/** One story of a group of things. */
function storyOf(check, { subjects, life, spans, aside }, told) {
  const [subject] = subjects;
  const records = life.map((item) => ({ ...item, record: check.byIndex.get(item.record) })).filter(({ record }) => !aside || !ASIDE.includes(record.act.kind));
  return { subjects, type: typeName(check.custody.things.get(subject).type), aside, spans, steps: records.map((item) => stepOf(item, subject, told)) };
}

/**
 * The stories of a verdict that nothing stopped and whose custody was judged.
 * @param {object} check
 * @param {object} verdict SPEC 16
 * @returns {Array<{subjects: number[], type: string, aside: boolean, spans: object[], steps: object[]}>} in the order of their first subject; aside: acts
 *   that give numbers and print labels are left out, since the things differ in them
 */
export function stories(check, verdict) {
  if (check.custody === null || check.custody === undefined) return [];
  const [breaches, findings] = [byRecord(verdict.breaches), byRecord(verdict.findings)];
  const told = { times: new Map(verdict.times.map((time) => [time.record, time])), breaches, findings, marks: byRecord([...verdict.breaches, ...verdict.findings]) };
  const groups = new Map();
  for (const subject of thingsToTell(check)) {
    const life = lifeOf(check, subject).filter(({ record }) => check.byIndex.get(record)?.act);
    const spans = spansOf(check, subject, told.times);
    const key = keyOf(check, subject, life, spans, told);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { subjects: [subject], life, spans, aside: false });
    else {
      group.subjects.push(subject);
      group.aside ||= !same(group.life, life);
    }
  }
  return [...groups.values()].map((group) => storyOf(check, group, told));
}
