// SPDX-License-Identifier: Apache-2.0
//
// timeline: the custody of a thing as a picture: a lane for each holder, what was on the way hatched, broken rules marked; and the same as a table,
// which is what a screen reader is given. It draws stories (core/story.js) and works out nothing about custody itself.

import { el, told, table, lazy, upTo } from './dom.js';
import { timeText, timeOf, millisecondsOf, lastingText } from './times.js';
import { titleOf, actOf } from './codes.js';

const STATES = { held: 'held', 'in transit': 'in transit, not yet accepted', out: 'out, with somebody without a key', closed: 'left custody for good', unused: 'allotted, not yet used' };

const stateText = (state, t) => t(STATES[state] ?? state);

/** Widths in the picture: short spans stay visible, long ones do not push them out; so it is not to scale, and says so. */
const weightOf = (span) => {
  const [from, to] = [millisecondsOf(span.from), millisecondsOf(span.to)];
  const hours = from === null || to === null ? 0 : Math.max(0, to - from) / 3600000;
  return 2 + Math.log2(1 + hours);
};

const placed = (spans) => {
  const weights = spans.map(weightOf);
  const total = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  let at = 0;
  return spans.map((span, i) => {
    const left = at;
    at += weights[i];
    return { ...span, left: (100 * left) / total, width: (100 * weights[i]) / total };
  });
};

/** A lane's key: who has it, or the state where nobody with a key has. */
const laneOf = (span) => (span.state === 'held' ? `held ${span.holder}` : span.state);

const positioned = (element, left, width) => {
  element.style.left = `${left}%`;
  if (width !== null) element.style.width = `${width}%`;
  return element;
};

const bar = (span, t) => positioned(el('div', { class: `bar bar-${span.state.replace(' ', '-')}`, title: `${stateText(span.state, t)}, ${timeText(span.from, span.offset)} – ${span.open ? '' : timeText(span.to, span.offset)}` }), span.left, span.width);

const laneLabel = (span, names, t) => (span.state === 'held' ? [told(span.holder === null ? t('not stated') : names(span.holder))] : [stateText(span.state, t)]);

const lanes = (story, names, t) => {
  const spans = placed(story.spans);
  const keys = [...new Set(spans.map(laneOf))];
  return keys.map((key) => {
    const mine = spans.filter((span) => laneOf(span) === key);
    return el('div', { class: 'lane' }, el('div', { class: 'lane-name' }, laneLabel(mine[0], names, t)), el('div', { class: 'lane-line' }, mine.map((span) => bar(span, t))));
  });
};

const marksLane = (story, t) => {
  const spans = placed(story.spans);
  const marks = story.steps.filter((step) => step.breaches.length > 0).map((step) => {
    const span = spans.findLast((candidate) => candidate.record <= step.record) ?? spans[0];
    return positioned(el('div', { class: 'mark' }, `! ${step.record}`), Math.min(span.left + span.width / 4, 92), null);
  });
  return marks.length === 0 ? null : el('div', { class: 'lane' }, el('div', { class: 'lane-name bad' }, t('broken rules')), el('div', { class: 'lane-line marks' }, marks));
};

const picture = (story, names, t) => {
  const [first, last] = [story.spans[0], story.spans.at(-1)];
  return el('div', { class: 'picture', 'aria-hidden': 'true' }, lanes(story, names, t), marksLane(story, t),
    el('div', { class: 'ends' }, el('span', {}, timeText(first.from, first.offset)), el('span', {}, timeText(last.to, last.offset))),
    el('p', { class: 'small' }, t('Not to scale: short times are drawn wider. Hatched: on the way or out. The table has the times.')));
};

const people = (step, names, t) => [
  step.by.map((signer, i) => [i > 0 ? '; ' : null, told(names(signer.person)), signer.office === null ? null : `, ${t(signer.office)}`]),
  step.to === null ? null : el('div', {}, t('to'), ' ', step.to.person !== null ? told(names(step.to.person)) : step.to.office !== null ? [t('any person of the office:'), ' ', t(step.to.office)] : null,
    step.to.place === null ? null : [', ', told(names(step.to.place))]),
  step.place === null ? null : el('div', {}, `${t('Place')}: `, told(names(step.place))),
  step.within === null ? null : el('div', { class: 'small' }, t('in %s', ['']).trim(), ' ', told(names(step.within))),
];

const timesCell = (step, t) => el('dl', { class: 'times' }, [
  step.claimed === null ? null : [t('claimed'), timeOf(step.claimed, step.offset)],
  [t('logged'), timeOf(step.logged, step.offset)],
  step.notBefore === null ? null : [t('not before'), [timeOf(step.notBefore.time, step.offset), ' (', told(step.notBefore.by), ')']],
  [t('not after'), step.notAfter === null ? t("the station's word alone") : [timeOf(step.notAfter.time, step.offset), ' (', told(step.notAfter.by), ')']],
].filter((pair) => pair !== null).map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));

const seals = (step, t) => [['Seals found', step.found], ['Taken off', step.removed], ['Put on', step.put]].filter((pair) => pair[1] !== null)
  .map(([label, list]) => el('div', { class: 'small' }, `${t(label)}: `, list.length === 0 ? t('none') : told(list.join(', '))));

const whatCell = (step, t) => [el('strong', {}, t(actOf(step.act))), step.code === null ? null : ` (${t(step.code)})`, seals(step, t),
  step.deviation ? el('div', { class: 'bad' }, t('DEVIATION from the rule')) : null,
  step.breaches.map((code) => el('div', { class: 'bad' }, '! ', t(titleOf(code)))), step.findings.map((code) => el('div', { class: 'small' }, t(titleOf(code))))];

const steps = (story, names, t) => table(t('Custody record by record'), [t('Record'), t('Event'), t('By whom'), t('Date, time')],
  story.steps.map((step) => [String(step.record), whatCell(step, t), people(step, names, t), timesCell(step, t)]), { name: 'steps' });

const spanRow = (span, names, t) => [stateText(span.state, t), span.holder === null ? t('not stated') : told(names(span.holder)),
  [span.place === null ? t('not stated') : told(names(span.place)), span.container === null ? null : el('div', { class: 'small' }, `${t('Packed in')} `, told(names(span.container)))],
  [timeOf(span.from, span.offset), ' ', el('span', { class: 'small' }, `(${t('record')} ${span.record})`)],
  span.open ? t('lasts') : [timeOf(span.to, span.offset), el('div', { class: 'small' }, lastingText(t, (millisecondsOf(span.to) ?? 0) - (millisecondsOf(span.from) ?? 0)))]];

const holders = (story, names, t) => table(t('Who had it, when and where'), [t('State'), t('Holder'), t('Place'), t('From'), t('Until')],
  story.spans.map((span) => spanRow(span, names, t)), { name: 'spans' });

const NAMED = 30;

const title = (story, names, t) => (story.subjects.length === 1 ? [told(names(story.subjects[0])), ' ', el('span', { class: 'small' }, t(story.type))]
  : [t('{count} things with one history', { count: story.subjects.length }), ': ', told(names(story.subjects[0])), ' … ', told(names(story.subjects.at(-1)))]);

const members = (story, names, t) => (story.subjects.length === 1 ? null : el('details', { class: 'members' }, el('summary', {}, t('The same for all of them')),
  el('p', {}, story.subjects.slice(0, 2000).map((subject, i) => [i > 0 ? ', ' : null, told(names(subject))]), story.subjects.length > 2000 ? `, ${t('%zu more', [story.subjects.length - 2000])}` : null)));

const one = (story, names, t) => el('div', { class: 'story' }, members(story, names, t), story.aside ? el('p', { class: 'small' }, t('Records that gave them their numbers or printed their labels differ, and stand in the expert\'s view alone.')) : null, story.spans.length === 0 ? el('p', {}, t('in custody, but nothing was recorded of it')) : [picture(story, names, t), holders(story, names, t)],
  story.steps.length === 0 ? null : steps(story, names, t));

const bad = (story) => story.steps.some((step) => step.breaches.length > 0);

/** Where it all ended, for a line that is closed. */
const ending = (story, names, t) => {
  const last = story.spans.at(-1);
  return last === undefined ? null : el('span', { class: 'small' }, ' · ', stateText(last.state, t), last.holder === null || last.state !== 'held' ? null : [' · ', told(names(last.holder))],
    last.place === null || last.state !== 'held' ? null : [' · ', told(names(last.place))]);
};

const opened = (story, names, t) => el('section', { class: 'thing' }, el('h4', {}, title(story, names, t)), one(story, names, t));

const closed = (story, names, t) => lazy([title(story, names, t), bad(story) ? el('span', { class: 'bad' }, ` ! ${t('broken rules')}`) : null, ending(story, names, t), el('span', { class: 'unprinted' }, ` · ${t('not printed further: open it before printing')}`)],
  () => one(story, names, t), { class: bad(story) ? 'thing broken' : 'thing' });

const OPEN = 3, LINES = 40;

/**
 * The stories, those with broken rules first. Few are drawn at once, of many each is a line that opens.
 * @param {Array} stories core/story.js
 * @param {function(number): string} names a subject, called as on the paper
 */
export const timeline = (stories, names, t) => {
  if (stories.length === 0) return [el('p', {}, t('No thing was asked for.'))];
  const ordered = [...stories.filter(bad), ...stories.filter((story) => !bad(story))];
  const open = ordered.filter((story, i) => i < OPEN && (stories.length <= 2 * OPEN || bad(story)));
  return [open.map((story) => opened(story, names, t)),
    upTo(LINES, ordered.slice(open.length), (story) => closed(story, names, t), t)];
};
