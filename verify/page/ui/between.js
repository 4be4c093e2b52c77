// SPDX-License-Identifier: Apache-2.0
//
// between: what was recorded of the subjects that two files of one ledger were both asked for, between their checkpoints (SPEC 11, Silence).

import { el, told, english, table } from './dom.js';
import { band, kindOf } from './headline.js';
import { actOf } from './codes.js';
import { timeOf } from './times.js';

const kindOfBoth = (between, trusted) => {
  if (between.status === 1) return 'fail';
  const training = between.older.training || between.newer.training;
  return training ? 'training' : between.answered && trusted ? 'neutral' : trusted ? kindOf({ ...between.newer, status: 2 }, trusted) : 'untrusted';
};

const word = (between, t) => {
  if (between.status === 1 && !between.answered) return t('Not proven true: the two files contradict each other, or one of them does not stand.');
  if (!between.answered) return t('Not answered: what happened between the two files is not known.');
  return between.between.every((item) => item.silent) ? t('No handling was recorded between the two files.') : t('Between the two files something was recorded.');
};

const onWhoseWord = (between, t) => {
  if (!between.answered) return [];
  return [
    between.witnessed && between.newer.split_possible ? t('Both checkpoints have the signatures that the policy asks for; but a split view is possible.')
      : between.witnessed ? t('Both checkpoints are witnessed as the policy asks: what lies between them cannot have been rewritten.')
        : t("The two checkpoints stand on the station's own word."),
    between.audited ? t("Nothing is left out, on the auditors' word.") : t("Nothing is left out, on the station's own word."),
    t('Not proven: that nothing happened which nobody recorded.'),
  ];
};

const one = (item, names, t) => [el('h4', {}, told(item.name), ' ', el('span', { class: 'small' }, t(item.type))), item.silent ? el('p', {}, t('silent: nothing was recorded of it'))
  : table(t('What was recorded in between'), [t('Record'), t('What'), t('Logged'), t('Of what')], item.records.slice(0, 200).map((record) => [String(record.record), t(actOf(record.act)), timeOf(record.logged),
    told(record.subject === item.subject ? item.name : names(record.subject))]))];

/**
 * The answer of two files; their own verdicts are results of their own.
 * @param {Object} result its `verdict` is the object of `--between`
 */
export const betweenFiles = (result, id, names, t) => {
  const { verdict: between, trusted } = result;
  const kind = kindOfBoth(between, trusted);
  const shape = kind === 'neutral' ? 'unchecked' : kind;
  return { kind, parts: [
    band(shape, el('h2', { id, tabindex: '-1' }, el('span', { class: 'word' }, word(between, t)), ' ', el('span', { class: 'given' }, result.files.map((file, i) => [i > 0 ? ' → ' : null, told(file.name)]))), onWhoseWord(between, t),
      [between.text ? el('p', { class: 'small' }, el('code', {}, between.code), ': ', english(t, between.text)) : null]),
    between.answered ? el('section', {}, el('h3', {}, t('What was recorded in between')), between.between.map((item) => one(item, names, t))) : null,
  ] };
};
