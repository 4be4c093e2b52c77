// SPDX-License-Identifier: Apache-2.0
//
// exceptions: what a court must read first: broken rules with the questions that follow from them, findings, what is withheld or erased. Everything
// here stands in the verdict (SPEC 16); nothing is worked out.

import { el, told, english, upTo, restButton, table } from './dom.js';
import { titleOf, byCode } from './codes.js';

const SHOWN = 12;

const sentence = (t) => (item) => [item.record === null ? null : el('strong', {}, t('record {record}', { record: item.record }), ': '), english(t, item.text),
  item.reason === null || item.reason === undefined ? null
    : el('p', { class: 'reason' }, el('strong', {}, t('Reason stated:')), ' ', item.reason === '' ? t('not stated') : told(item.reason))];

const questions = (asked, t) => el('div', { class: 'questions' }, el('h5', {}, t('A court will ask:')),
  el('ul', {}, asked.questions.map((question) => el('li', {}, t(question)))),
  asked.records.length === 0 ? null : [el('h5', {}, t('Who can answer:')), el('ul', {}, asked.records.map(({ record, who }) => el('li', {},
    el('strong', {}, t('record {record}', { record }), ': '), told(who))), asked.more ? el('li', {}, t('and further records, among those above')) : null)]);

const group = (kind, code, items, asked, t) => el('div', { class: `exception ${kind}` },
  el('h4', {}, t(titleOf(code)), ' (', el('code', { class: 'small' }, code), ')', items.length > 1 ? el('span', { class: 'count' }, ` × ${items.length}`) : null),
  upTo(SHOWN, items, sentence(t), t), asked === undefined ? null : questions(asked, t));

const breaches = (verdict, t) => [el('p', { class: verdict.breaches.length > 0 ? 'bad' : null }, verdict.breaches.length > 0
  ? t('Breaches of a rule of custody: %zu.', [verdict.breaches.length]) : t('Breaches of a rule of custody: none.')),
  byCode(verdict.breaches).map(([code, items]) => group('breach', code, items, verdict.court_will_ask.find((asked) => asked.code === code), t))];

const findings = (verdict, t) => [el('p', {}, verdict.findings.length > 0
  ? t('Findings, which break no rule but should be known: %zu.', [verdict.findings.length]) : t('Findings, which break no rule but should be known: none.')),
  byCode(verdict.findings).map(([code, items]) => group('finding', code, items, undefined, t))];

const withheldRow = (line, names, t) => [String(line.record), line.subject === null ? t('the act as a whole') : told(names(line.subject)),
  [line.detail === '' ? t('detail of unknown name') : t(line.detail), line.ordinal > 0 ? ` ${line.ordinal + 1}` : null],
  line.erased ? t('erased under record %llu', [line.under]) : t('withheld under record %llu', [line.under])];

const ROWS = 60;

const withheld = (verdict, names, t) => {
  if (verdict.withheld.length === 0) return el('p', {}, t('Details withheld or erased: none.'));
  const count = verdict.withheld.length - ROWS;
  const draw = (lines) => table(t('Details withheld or erased'), [t('Record'), t('Of what'), t('Which detail'), t('Under what')], lines.map((line) => withheldRow(line, names, t)));
  const first = draw(verdict.withheld.slice(0, ROWS));
  return [el('p', {}, t('Details withheld or erased: %zu.', [verdict.withheld.length])), first,
    count > 0 ? restButton(t('%zu more', [count]), t('{count} more are not printed.', { count }), () => {
      const rows = [...draw(verdict.withheld.slice(ROWS)).querySelectorAll('tbody > tr')];
      first.querySelector('tbody').append(...rows);
      return rows[0];
    }) : null];
};

/** Whether there is anything to read first. */
export const anyException = (verdict) => verdict.breaches.length + verdict.findings.length + verdict.withheld.length > 0;

/**
 * Breaches, findings and what is withheld, for a verdict that nothing stopped.
 * @param {Object} verdict SPEC 16
 * @param {function(number): string} names of subjects
 */
export const exceptions = (verdict, names, t) => [breaches(verdict, t), findings(verdict, t), withheld(verdict, names, t)];
