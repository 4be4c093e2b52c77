// SPDX-License-Identifier: Apache-2.0
//
// certified: what is certified, line by line, to compare with the paper (SPEC 13.6), and the table of what a file was asked for. The boxes are the
// reader's own ticks: they change no verdict and are kept nowhere.

import { el, told, english, facts, restButton, table } from './dom.js';

const CHUNK = 150;
const SUBJECT_LABELS = new Set(['Case', 'Person', 'Place', 'Asked for', 'Thing']);
const SENTENCES = new Set(['Breach', 'Finding']);

const valueOf = (line, t) => {
  const word = line.word === null ? null : t(line.word);
  if (line.value === '') return word;
  return [SENTENCES.has(line.label) ? english(t, line.value) : told(line.value), word === null ? null : ` (${word})`];
};

const HEAD = ['Certificate', 'Certified by', 'Office', 'Agency', 'Certified at', 'Last record logged'];

/** By whom and when: the lines that a reader wants first; they stand among the others again. */
export const certificateHead = (certificate, t) => facts(HEAD.map((label) => certificate.lines.find((line) => line.label === label))
  .filter((line) => line !== undefined).map((line) => [t(line.label), valueOf(line, t)]));

/** The first line about a subject begins a new block: `Place` and `Case` also stand inside the block of a thing, where a thing came before. */
const beginsBlock = (line, inThing) => SUBJECT_LABELS.has(line.label) && !(inThing && (line.label === 'Place' || line.label === 'Case'));

const row = (line, number, begins, counted, t) => {
  const id = `line-${counted.id}-${number}`;
  const box = el('input', { type: 'checkbox', id, onchange: () => counted.change(box.checked ? 1 : -1), 'aria-label': t('Line {number} is the same on the paper', { number }) });
  return el('tr', { role: 'row', class: begins ? 'begins' : null },
    el('td', { class: 'tick', role: 'cell' }, box),
    el('td', { class: 'number', role: 'cell' }, String(number)),
    el('th', { scope: 'row', role: 'rowheader' }, t(line.label)),
    el('td', { class: 'value', role: 'cell' }, valueOf(line, t)));
};

const counter = (total, id, t) => {
  let ticked = 0;
  const text = () => t('{ticked} of {total} lines ticked as the same on the paper.', { ticked, total });
  const shown = el('p', { class: 'ticked', role: 'status' }, text());
  return { id, shown, change: (by) => { ticked += by; shown.textContent = text(); } };
};

/** The first rows, and the rest behind a button. */
const chunks = (lines, draw, t) => {
  const body = el('tbody', { role: 'rowgroup' });
  const add = (from, to) => lines.slice(from, to).forEach((line, i) => body.append(draw(line, from + i)));
  add(0, CHUNK);
  const count = lines.length - CHUNK;
  return { body, button: count <= 0 ? null : restButton(t('Show all lines: {count} more', { count }), t('{count} more are not printed.', { count }), () => {
    add(CHUNK, lines.length);
    return body.children[CHUNK];
  }) };
};

/**
 * The certified lines.
 * @param {{number: string, same_policy: boolean, lines: Array}} certificate SPEC 16
 * @param {string} id of this result, for ids
 */
export const certifiedLines = (certificate, id, t) => {
  const counted = counter(certificate.lines.length, id, t);
  let inThing = false;
  const { body, button } = chunks(certificate.lines, (line, i) => {
    const begins = beginsBlock(line, inThing) || (line.label === 'Record' && certificate.lines[i - 1]?.label !== 'Record');
    if (begins) inThing = line.label === 'Thing';
    return row(line, i + 1, begins, counted, t);
  }, t);
  return [
    el('p', {}, t('The paper must say exactly this, with these numbers. This page has checked what is attached to the paper and has not seen the paper itself: compare each line.')),
    certificate.same_policy ? null : el('p', { class: 'warn' }, t('It was certified under another policy than the one that this page checks with.')),
    counted.shown,
    el('table', { class: 'lines', role: 'table' }, el('caption', {}, t('The certified lines, to compare')),
      el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' },
        el('th', { scope: 'col', role: 'columnheader' }, t('Same')), el('th', { scope: 'col', role: 'columnheader' }, t('No.')),
        el('th', { scope: 'col', role: 'columnheader' }, t('What')), el('th', { scope: 'col', role: 'columnheader' }, t('As certified')))),
      body),
    button,
  ];
};

const answer = (value, t, no = 'no') => {
  if (value === null) return el('span', { class: 'unjudged' }, t('not judged'));
  return el('span', { class: value ? 'yes' : no }, value ? t('yes') : t('NO'));
};

const SHOWN = 100;

const THINGS = ['item', 'container', 'case'];
const thingsFirst = (asked) => [...asked.filter((item) => THINGS.includes(item.type)), ...asked.filter((item) => !THINGS.includes(item.type))];

/**
 * What the file was asked for and what was found of each (SPEC 16, `asked`). Where nobody is trusted, no yes is said.
 * @param {function(number): string} called a subject's name with its first text, where one is known
 */
export const askedTable = (verdict, called, trusted, t) => {
  const say = (value, no) => answer(value === true && !trusted ? null : value, t, no);
  const rows = thingsFirst(verdict.asked).slice(0, SHOWN).map((item) => [[told(called(item.subject)), ' ', el('span', { class: 'small' }, t(item.type))], String(item.records),
    say(item.unaltered), say(item.whole), say(item.genuine), say(trusted ? item.witnessed : null, 'mild'), say(item.custody_unbroken)]);
  return [table(t('What the file was made for'), [t('Asked for'), t('Records'), t('Unaltered'), t('Whole'), t('Genuine'), t('Witnessed'), t('Custody unbroken')], rows, { name: 'asked' }),
    verdict.asked.length > SHOWN ? el('p', { class: 'small' }, t('%zu more', [verdict.asked.length - SHOWN]), '. ', t('All of them are in the download.')) : null];
};
