// SPDX-License-Identifier: Apache-2.0
//
// result: what the judge sees, in the order of need: the answer, exceptions, what is certified, custody, who vouches, what is not proven, and last the
// expert's view. It shows verdicts (SPEC 16) and checks nothing itself.

import { el, told, facts, grouped, lazy, download } from './dom.js';
import { headline, kindOf, wordOf, band } from './headline.js';
import { certificateHead, certifiedLines, askedTable } from './certified.js';
import { exceptions } from './exceptions.js';
import { timeline } from './timeline.js';
import { compared, vouching, notProven } from './vouch.js';
import { stepsTable } from './steps.js';
import { recordsView, filesView } from './records.js';
import { paperAlone } from './paper.js';
import { betweenFiles } from './between.js';
import { PROBLEM } from './plan.js';
import { timeText } from './times.js';
import { printedName } from '../core/names.js';

/* A part that cannot be drawn takes nothing else with it, and is not left out in silence. */
const orSaid = (build, sentence) => {
  try {
    return build();
  } catch {
    return el('p', { class: 'warn' }, sentence);
  }
};

const section = (title, ...children) => el('section', {}, el('h3', {}, title), children);

/** Names of subjects: called as on the paper where the records could be read, else the verdict's name, else the number. */
const namer = (result) => {
  const known = new Map(result.expert?.names ?? []);
  for (const item of result.verdict?.asked ?? []) if (!known.has(item.subject)) known.set(item.subject, item.name);
  const code = result.expert?.codeName;
  return (subject) => known.get(subject) ?? (code ? printedName(code, subject) : String(subject));
};

/** Older papers, before anything else: a fork is the gravest thing that can be found. */
const olderPapers = (result, t) => (result.compared?.length > 0 ? section(t('Older paper'), compared(result, t)) : null);

const optionsText = ({ since = [], asOf = null, tags = [], training = false } = {}, t) => [
  since.length === 0 ? null : [t('Older paper'), since.map((name) => el('span', { class: 'item' }, told(name), '; '))],
  asOf === null ? null : [t('Not older than'), asOf], tags.length === 0 ? null : [t('Tags'), tags.map((tag) => el('span', { class: 'item' }, told(tag), '; '))],
  training ? [t('Training ledgers'), t('accepted, though no evidence')] : null,
];

/** What was checked, with what, and when: for the note in the court's file. */
const checked = (result, t) => section(t('What was checked'), facts([
  ...(result.files ?? []).map((file) => [t('File'), [told(file.name), ` · ${t('{count} bytes', { count: file.size })}`], ['SHA-256 ', grouped(file.sha256)]]),
  [t('Checked with the policy'), result.trusted && result.policySha256 ? ['SHA-256 ', grouped(result.policySha256)] : t("none: this page has no court's policy")],
  [t('Checked at'), [timeText(`${result.checkedAt.toISOString().slice(0, 19)}Z`), ' ', el('span', { class: 'small' }, t('by the clock of this computer, which proves nothing'))]],
  ...optionsText(result.options, t),
]));

const savedName = (result) => `${(result.files?.[0]?.name ?? 'verdict').replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 80)}.json`;

const noExpert = (t) => t("The expert's view could not be made. The answer above does not depend on it.");

const expertParts = (result, names, t) => {
  const { expert } = result;
  return [
    !result.trusted ? null : el('p', {}, el('button', { type: 'button', class: 'save-json', onclick: () => download(savedName(result), 'application/json', [result.json]) }, t('Save the verdict as JSON')),
      ' ', el('span', { class: 'small' }, t('the same that unbroken-verify --json prints'))),
    expert === null || expert === undefined ? (result.kind === 'verdict' ? el('p', { class: 'warn' }, noExpert(t)) : null) : [stepsTable(expert.steps, t),
      expert.note ? lazy(t('The checkpoint as it was signed'), () => el('pre', { tabindex: '0' }, new TextDecoder().decode(expert.note))) : null,
      expert.files.length === 0 ? null : lazy(t('Attached files and photographs: {count}', { count: expert.files.length }), () => el('div', {}, filesView(expert, names, t))),
      expert.records.length === 0 ? null : [el('h4', {}, t('The records in the bundle')), recordsView(expert, names, t)]],
  ];
};

const expertView = (result, names, t) => el('section', { class: 'expert' }, el('h3', {}, t("The expert's view")), lazy(t('Every step, record, signer and byte'), () => orSaid(() => el('div', {}, expertParts(result, names, t)), noExpert(t))));

const STATES = [['held', 'held'], ['in_transit', 'in transit'], ['out', 'out'], ['closed', 'closed'], ['unused', 'unused']];

/** How many things are in which state at the end. */
const states = (verdict, t) => {
  const counted = STATES.filter(([member]) => (verdict.things?.[member] ?? 0) > 0);
  return counted.length === 0 ? null : facts([[t('Their states at the end'), counted.map(([member, word]) => `${t(word)}: ${verdict.things[member]}`).join(', ')]]);
};

const about = (result, names, t) => {
  const { verdict } = result;
  const asked = verdict.asked.length === 0 ? null : askedTable(verdict, names, result.trusted, t);
  return verdict.certificate === null ? section(t('What it is about'), asked, states(verdict, t))
    : section(t('What is certified'), certificateHead(verdict.certificate, t), asked, states(verdict, t));
};

const toCompare = (result, id, t) => (result.verdict.certificate === null ? null
  : section(t('Compare these with your paper'), certifiedLines(result.verdict.certificate, id, t)));

/** A stop has no picture; every other verdict has one, or is told why not. */
const pictureOf = (result, names, t) => {
  const sentence = t('The picture of custody could not be made. The answer above does not depend on it.');
  return section(t('Custody as a picture'), result.expert ? orSaid(() => timeline(result.expert.stories, names, t), sentence) : el('p', { class: 'warn' }, sentence));
};

const verdictParts = (result, id, t) => {
  const { verdict } = result;
  const names = namer(result);
  const kind = kindOf(verdict, result.trusted, result.contradicted);
  if (verdict.stop) return { kind, parts: [headline(result, id, t), olderPapers(result, t), checked(result, t), expertView(result, names, t)] };
  return { kind, parts: [
    headline(result, id, t),
    olderPapers(result, t),
    section(t('Exceptions, to be read first'), exceptions(verdict, names, t)),
    about(result, names, t),
    toCompare(result, id, t),
    pictureOf(result, names, t),
    section(t('On whose word this stands'), vouching(result, t)),
    section(t('What is not proven'), notProven(result, t)),
    checked(result, t),
    expertView(result, names, t),
  ] };
};

const problemParts = (result, id, t) => ({ kind: 'unchecked', parts: [band('unchecked', el('h2', { id, tabindex: '-1' }, el('span', { class: 'word' }, t('Could not check')), ' ', el('span', { class: 'given' }, told(result.name))),
  [t(result.text)], [result.detail ? el('p', { class: 'small' }, told(result.detail)) : null])] });

const withChecked = (result, made, t) => ({ ...made, parts: [...made.parts, checked(result, t), result.json ? expertView(result, namer(result), t) : null] });

/** A part of two files: each has a verdict of its own, without the expert's view. */
const bothFiles = (result, id, t) => ['older', 'newer'].map((which) => {
  const part = { ...result, kind: 'verdict', name: which === 'older' ? t('The older file') : t('The newer file'), verdict: result.verdict[which], expert: null };
  const inner = `${id}-${which}`;
  return el('section', { class: 'result inner', 'data-verdict': kindOf(part.verdict, result.trusted), 'aria-labelledby': inner }, headline(part, inner, t));
});

const parts = (result, id, t) => {
  if (result.kind === 'problem') return problemParts(result, id, t);
  if (result.kind === 'alone') return withChecked(result, paperAlone(result, id, t), t);
  if (result.kind !== 'between') return verdictParts(result, id, t);
  const made = betweenFiles(result, id, namer({ ...result, verdict: result.verdict.newer }), t);
  return withChecked(result, { ...made, parts: [...made.parts, bothFiles(result, id, t)] }, t);
};

/* A result that cannot be drawn is no answer, and says so; the others are shown. */
const drawable = (result, id, t) => {
  try {
    return parts(result, id, t);
  } catch (error) {
    return problemParts({ ...result, text: PROBLEM.failed, detail: error.message }, id, t);
  }
};

const summary = (drawn, t) => el('nav', { class: 'summary', 'aria-label': t('Results') }, el('h2', {}, t('Results: {count}', { count: drawn.length })), el('ol', {}, drawn.map(({ result, id, kind, word }) =>
  el('li', { 'data-verdict': kind }, el('a', { href: `#${id}`, onclick: (event) => {
    event.preventDefault();
    document.getElementById(id).scrollIntoView();
    document.getElementById(id).focus();
  } }, told(result.name), ': ', el('strong', {}, word))))));

const wordFor = (result, kind, t) => (result.kind === 'verdict' || result.kind === 'problem' ? t(wordOf(kind)) : result.kind === 'alone' ? t('compare with your paper') : t('What was recorded in between'));

const draw = (result, i, t) => {
  const id = `result-${i + 1}`;
  const { kind, parts: children } = drawable(result, id, t);
  return { result, id, kind, word: wordFor(result, kind, t), element: el('section', { class: 'result', 'data-verdict': kind, 'data-kind': result.kind, 'aria-labelledby': id }, children) };
};

/**
 * Shows results in place of what was shown before.
 * @param {Element} container
 * @param {Array<Object>} results in the order in which they were given: `kind` verdict, between, alone or problem; `name`, `files`, `trusted`, `policySha256`,
 *   `checkedAt`, `options`, `json`, `verdict`, `expert`, `alone`, `text`, `detail`, `compared`
 * @param {function} t words.js
 */
export const showResult = (container, results, t) => {
  const drawn = results.map((result, i) => draw(result, i, t));
  container.replaceChildren(...(drawn.length > 1 ? [summary(drawn, t)] : []), ...drawn.map((item) => item.element));
};
