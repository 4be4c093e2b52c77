// SPDX-License-Identifier: Apache-2.0
//
// headline: the answer itself, by colour and word and icon, why, and what to do next. Only a file that passed under a court's policy is green.

import { el, svg, told, english } from './dom.js';
import { reasonOf } from './codes.js';
import { timeText } from './times.js';

const SHAPES = {
  pass: ['M12 1l9 4v7c0 5-4 9-9 11-5-2-9-6-9-11V5z', 'M7 12l4 4 7-8'],
  broken: ['M12 2l11 20H1z', 'M12 9v6M12 18v1'],
  fail: ['M8 1h8l7 7v8l-7 7H8l-7-7V8z', 'M8 8l8 8M16 8l-8 8'],
  unchecked: ['M12 1a11 11 0 1 0 0 22 11 11 0 0 0 0-22z', 'M8.5 9a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1-1.5 2.3M12 18v1'],
  training: ['M2 4h20v16H2z', 'M6 9h12M6 12h12M6 15h7'],
  untrusted: ['M12 1a11 11 0 1 0 0 22 11 11 0 0 0 0-22z', 'M5 5l14 14'],
};

const icon = (kind) => svg('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' },
  svg('path', { class: 'shape', d: SHAPES[kind][0] }), svg('path', { class: 'sign', d: SHAPES[kind][1] }));

/** Whether nothing but the exercise keeps it from a pass (SPEC V6). */
const onlyTraining = (verdict) => !verdict.stop && verdict.notes.every((note) => note.code === 'training');

/**
 * What colour, word and icon a verdict gets.
 * @param {{status: number, stop: boolean, training: boolean, notes: Array}} verdict SPEC 16
 * @param {boolean} trusted is there a court's policy
 * @param {boolean} contradicted another thing proves that the station signed two histories (run.js)
 * @returns {'pass'|'broken'|'fail'|'unchecked'|'training'|'untrusted'}
 */
export const kindOf = (verdict, trusted, contradicted = false) => {
  if (verdict.status === 1) return 'fail';
  if (verdict.training && (verdict.status !== 2 || onlyTraining(verdict))) return 'training';
  if (verdict.status !== 0 && verdict.status !== 3) return 'unchecked';
  if (!trusted) return 'untrusted';
  if (contradicted) return 'unchecked';
  return verdict.status === 0 ? 'pass' : 'broken';
};

const WORDS = {
  pass: 'Intact, and custody unbroken',
  broken: 'Intact, but custody broken',
  fail: 'Not proven true',
  unchecked: 'Could not check',
  training: 'Training, not evidence',
  untrusted: 'Nobody vouches for this',
};

/** The large word, as an msgid. */
export const wordOf = (kind) => WORDS[kind];

/* Stops at a label that was given with the file: they say nothing of the file. */
const LABEL_STOPS = {
  'other-ledger': {
    says: 'The label is not one of the ledger of this file.',
    reads: 'The label may be false, or belong to another file.',
  },
  'never-issued': {
    says: 'No such number as that of the label was ever given out in the ledger of this file.',
    reads: 'The label may be false, or belong to another file.',
  },
};

/** Whether a label given with the file, and nothing else, stopped the check. A file may itself ask for a number that was never issued: that is forged. */
const labelStopOf = ({ verdict, expert, compared }) => {
  if (!verdict.stop || verdict.status !== 1 || !Object.hasOwn(LABEL_STOPS, verdict.code)) return null;
  const atLabel = verdict.code === 'other-ledger' || (expert?.steps ?? []).some(({ step, result }) => step === 'tags' && result === 'stop');
  return atLabel && (compared ?? []).every(({ code }) => code === verdict.code) ? LABEL_STOPS[verdict.code] : null;
};

const labelNext = (t) => t('Next: take the label away and check the file without it; that says whether the file is good. Do not take the label for one of the things in this file.');

const sentenceOf = (kind, verdict, t) => ({
  pass: () => t('The records are unaltered, whole and genuine, and by them custody is unbroken.'),
  broken: () => t('The records are unaltered, whole and genuine, but by them custody is broken. Breaches: %llu.', [verdict.breaches.length]),
  fail: () => t('The records are altered, incomplete or forged.'),
  unchecked: () => t('It could not be checked in full: this is neither a pass nor a failure.'),
  training: () => t('TRAINING LEDGER: everything here is practice, and nothing is evidence.'),
  untrusted: () => t('This page has no policy of a court: it cannot say whether the station is genuine. What follows is what the file says of itself.'),
})[kind]();

const nextOf = (kind, verdict, t) => ({
  pass: () => (verdict.certificate === null
    ? t('Next: compare the names below with the labels on the things, and read the exceptions.')
    : t('Next: compare the paper with the numbered lines below. This page has not seen the paper; a paper that says otherwise is forged.')),
  broken: () => t('Next: read the exceptions. The records can be relied on; what they say of custody is for the court to weigh.'),
  fail: () => t('Next: do not rely on this file. Keep it as it is, and ask for it again, from who gave it and from the station itself.'),
  unchecked: () => t('Next: get what is missing, as said here, and check again. Until then this says nothing about the records, good or bad.'),
  training: () => t('Next: do not use it in a case. Ask for the file of the real ledger.'),
  untrusted: () => t("Next: ask the court for its own copy of this page, and check again there."),
})[kind]();

/** What a training ledger would have been told, were it real. */
const practice = (verdict, t) => (verdict.breaches.length > 0
  ? t('As practice: the records hold together, and custody is broken. Breaches: {count}.', { count: verdict.breaches.length })
  : t('As practice: the records hold together, and custody is unbroken.'));

const placeText = (place, t) => {
  if (place === null || place === undefined) return '';
  if ('record' in place) return t('record {record}', { record: place.record });
  return 'subject' in place ? t('subject {subject}', { subject: place.subject }) : t('byte {byte} of the file', { byte: place.byte });
};

const reason = (code, text, place, t) => {
  const plain = reasonOf(code);
  return el('li', {}, plain === null ? null : el('strong', {}, t(plain)), ' ',
    el('span', { class: 'small' }, el('code', {}, code), ': ', english(t, text), placeText(place, t) === '' ? null : ` (${placeText(place, t)})`));
};

/** Why: the stop and the notes, each in plain words and in the verifier's. */
export const reasons = (verdict, t) => {
  const notes = verdict.notes.map((note, i) => reason(note.code, note.text, !verdict.stop && i === 0 ? verdict.place : null, t));
  const all = verdict.stop ? [reason(verdict.code, verdict.text, verdict.place, t), ...notes] : notes;
  return all.length === 0 ? null : el('ul', { class: 'reasons' }, all);
};

/** As of which record and time, and on whose word (SPEC 11). */
export const asOf = (verdict, t) => {
  if (verdict.stop || !verdict.size) return null;
  const times = verdict.witnesses.map((witness) => witness.time).sort();
  const values = { record: verdict.size - 1, time: timeText(times.at(-1) ?? verdict.logged) };
  return el('p', { class: 'as-of' }, times.length > 0
    ? t('As of record {record}, {time}, on the word of the witnesses. Nothing later is covered.', values)
    : t('As of record {record}, {time}, on the word of the station alone. Nothing later is covered.', values));
};

/** A band with icon, word and sentences. `extra` goes behind them. */
export const band = (kind, heading, sentences, extra = []) => el('div', { class: 'band' }, icon(kind), el('div', { class: 'band-text' }, heading,
  sentences.filter((text) => text !== null).map((text, i) => el('p', { class: i === 0 ? 'says' : null }, text)), extra));

/**
 * The headline of a verdict.
 * @param {Object} result the contract of showResult
 * @param {string} id of the heading
 */
export const headline = (result, id, t) => {
  const { verdict, trusted, contradicted } = result;
  const kind = kindOf(verdict, trusted, contradicted);
  const label = labelStopOf(result);
  const training = verdict.training && kind !== 'training' ? el('p', { class: 'training-mark' }, t('TRAINING, NOT EVIDENCE')) : null;
  const untrusted = !trusted && kind !== 'untrusted' ? t('There is no policy of a court on this page: nobody vouches for the keys in this file.') : null;
  return band(kind, [training, el('h2', { id, tabindex: '-1' }, el('span', { class: 'word' }, t(wordOf(kind))), ' ', el('span', { class: 'given' }, told(result.name)))],
    [...(label === null ? [sentenceOf(kind, verdict, t)] : [t(label.says), t(label.reads)]), kind === 'training' ? practice(verdict, t) : null, untrusted, result.text ? t(result.text) : null],
    [kind === 'training' ? null : reasons(verdict, t), el('p', { class: 'next' }, label === null ? nextOf(kind, verdict, t) : labelNext(t)), asOf(verdict, t)]);
};
