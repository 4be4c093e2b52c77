// SPDX-License-Identifier: Apache-2.0
// main: the page: language, what is given, the run of the checks, where results go. What things are, what they say
// and how a result looks is elsewhere.

import { catalogues } from 'page:catalogues';
import { hasCamera, makeCamera } from './camera.js';
import { makeHelper } from './helper.js';
import { warmReader } from './reader.js';
import { makeInbox } from './inbox.js';
import { showItems } from './items.js';
import { missing } from './parts.js';
import { mustLookInto, plan, PROBLEM } from './plan.js';
import { unfoldForPrint } from './print.js';
import { showResult } from './result.js';
import { runJobs } from './run.js';
import { courtPolicy, showTrust } from './trust.js';
import { listenTyped } from './typed.js';
import { translator } from './words.js';

const at = (id) => document.getElementById(id);
const policyBytes = courtPolicy();
const lookers = makeHelper();
const checkers = makeHelper();
let t = translator('en', catalogues);
let policy = null;
let results = [];
let planned = '';
let turn = 0;

function say(text) {
  at('status').textContent = text;
}

function showAll() {
  showTrust({ section: at('trust'), title: at('trust-title'), body: at('trust-body') }, policyBytes, policy, t);
  showItems(at('items'), inbox, t);
  at('given').hidden = inbox.list().length === 0;
  showResult(at('results'), results, t);
}

function chooseLanguage(language) {
  t = translator(language, catalogues);
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll('[data-t]')) {
    element.dataset.t ||= element.textContent;
    element.textContent = t(element.dataset.t);
  }
  for (const element of document.querySelectorAll('[data-t-label]')) element.setAttribute('aria-label', t(element.dataset.tLabel));
  for (const button of document.querySelectorAll('[data-language]')) {
    button.setAttribute('aria-pressed', String(button.dataset.language === language));
  }
  document.title = t('Check a paper or a file');
  showAll();
  if (results.length > 0) announce();
}

function checkOptions() {
  const day = at('as-of').value;
  const seconds = Date.parse(`${day}T00:00:00Z`) / 1000;
  return { asOf: Number.isFinite(seconds) ? seconds : null, asOfText: day === '' ? null : day, training: at('training').checked };
}

function showProgress(progress) {
  at('work').hidden = progress === null;
  if (progress === null) return;
  at('work-text').textContent = t('Checking {name}', { name: progress.name });
  at('bar').value = Math.round(progress.part * 100);
  at('bar').textContent = `${at('bar').value} %`;
}

/** The headlines of what is shown, for who does not see them. */
function announce() {
  const heads = [...at('results').querySelectorAll(':scope > .result')].map((result) => (result.querySelector('h2, h3')?.innerText ?? '').replace(/\s*\n\s*/g, ': '));
  say(heads.filter((text) => text !== '').join('. '));
}

/** A file that cannot be looked into has the things that the check will find: none are known of it before. */
async function subjectsOf(file) {
  try {
    return await lookers.ask('subjects', { bytes: file.bytes });
  } catch {
    return [];
  }
}

/** All answers on what is given; null where something else was asked meanwhile. */
async function answers(mine, options) {
  try {
    for (const file of mustLookInto(inbox.list())) file.subjects = await subjectsOf(file);
    if (mine !== turn) return null;
    return await runJobs(plan(inbox.list()), {
      helper: checkers, policy: { bytes: policyBytes, sha256: policy?.sha256 ?? null }, options, progress: showProgress,
    });
  } catch (error) {
    if (error.stopped || mine !== turn) return null;
    failed();
    return null;
  }
}

/** No answer at all: said as such, and never left as a check that goes on. */
function failed() {
  showProgress(null);
  say(t(PROBLEM.failed));
  at('again').hidden = false;
}

async function run() {
  const mine = ++turn;
  checkers.stop();
  results = [];
  at('again').hidden = true;
  showResult(at('results'), results, t);
  say(inbox.list().length === 0 ? '' : t('Checking …'));
  const got = await answers(mine, checkOptions());
  if (got === null) return;
  results = got;
  showProgress(null);
  showResult(at('results'), results, t);
  if (results.length === 0) return;
  announce();
  // A button that went away under the keyboard leaves the focus to what it led to.
  if (document.activeElement === document.body) at('results').focus({ preventScroll: true });
  at('results').scrollIntoView({ block: 'start' });
}

function changed() {
  showItems(at('items'), inbox, t);
  at('given').hidden = inbox.list().length === 0;
  if (inbox.isBusy()) {
    say(t('Reading …'));
    return;
  }
  const now = JSON.stringify([inbox.list().map(({ id, kind, sha256, texts }) => [id, kind, sha256, texts]), checkOptions()]);
  if (now === planned) {
    announce();
    return;
  }
  planned = now;
  run();
}

const inbox = makeInbox({ look: (bytes) => lookers.ask('look', { bytes }), changed });

function cancel() {
  turn++;
  checkers.stop();
  showProgress(null);
  say(t('Cancelled.'));
  at('again').hidden = false;
  at('again').focus();
}

function listenFiles() {
  for (const input of [at('files'), at('shot')]) {
    input.addEventListener('change', async () => {
      const files = [...input.files];
      await inbox.addFiles(files);
      input.value = '';
    });
  }
  const drop = at('drop');
  const over = (on) => (event) => {
    event.preventDefault();
    drop.classList.toggle('over', on);
  };
  document.addEventListener('dragover', over(true));
  document.addEventListener('dragleave', over(false));
  document.addEventListener('drop', (event) => {
    over(false)(event);
    const files = [...event.dataTransfer.files];
    const text = event.dataTransfer.getData('text/plain').trim();
    if (files.length > 0) inbox.addFiles(files);
    else if (text !== '') inbox.addText(text);
  });
  document.addEventListener('paste', (event) => {
    const files = [...event.clipboardData.files];
    const text = event.clipboardData.getData('text/plain').trim();
    const isField = event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLInputElement;
    if (files.length > 0) {
      event.preventDefault();
      inbox.addFiles(files);
    } else if (!isField && text !== '') {
      inbox.addText(text);
    }
  });
}

/** Words for the camera after a symbol. */
function foundText({ state, item }) {
  if (state === 'part') {
    const [next] = missing(item);
    return t('One part is read. Now part {part} of {parts}.', { part: next, parts: item.texts.length });
  }
  return state === 'known' ? t('This one is here already. Now another.') : t('This QR symbol is of no evidence paper.');
}

function listenCamera() {
  const show = (on) => {
    at('camera').hidden = !on;
    at('camera-start').hidden = on;
  };
  const camera = makeCamera(at('video'), {
    async found(text) {
      const got = await inbox.addText(text);
      const isFull = !['part', 'known', 'unknown'].includes(got.state);
      if (got.state === 'unknown') inbox.remove(got.item.id);
      at('camera-text').textContent = isFull ? '' : foundText(got);
      return isFull;
    },
    ended(error) {
      if (at('camera').hidden) return;
      show(false);
      at('camera-start').focus();
      if (error !== null) at('camera-note').textContent = t('The camera could not be used. A photograph does as well.');
    },
  });
  if (!hasCamera()) return;
  at('camera-start').hidden = false;
  at('camera-start').addEventListener('click', () => {
    show(true);
    at('camera-note').textContent = '';
    at('camera-text').textContent = t('Hold the QR symbol flat before the camera, so that it fills half of the picture.');
    at('camera-stop').focus();
    camera.start();
  });
  at('camera-stop').addEventListener('click', camera.stop);
}

/** A phone that scans a label's address opens this page with the label's text behind `#` (SPEC 13.1). */
function takeAddress() {
  const given = location.hash.slice(1);
  if (!/^U1/i.test(given)) return;
  try {
    inbox.addText(decodeURIComponent(given));
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    say(t('The text behind # in the address of this page cannot be read. Scan the label again, or type its name.'));
  }
}

function firstLanguage() {
  const told = new URLSearchParams(location.hash.slice(1)).get('lang');
  const wanted = [told, ...navigator.languages].map((tag) => (tag ?? '').toLowerCase().split('-')[0]);
  return wanted.find((tag) => ['en', 'km', 'vi'].includes(tag)) ?? 'en';
}

function listenLanguages() {
  for (const button of document.querySelectorAll('[data-language]')) {
    button.addEventListener('click', () => {
      location.replace(`#lang=${button.dataset.language}`);
      chooseLanguage(button.dataset.language);
    });
  }
}

async function readPolicy() {
  if (policyBytes === null) return;
  try {
    policy = await lookers.ask('policy', { bytes: policyBytes });
  } catch {
    say(t(PROBLEM.failed));
    return;
  }
  showAll();
}

function start() {
  listenLanguages();
  listenFiles();
  listenCamera();
  listenTyped({ form: at('typed-form'), field: at('typed'), got: (text) => inbox.addText(text) });
  at('clear').addEventListener('click', () => {
    inbox.clear();
    say(t('Everything is removed.'));
    at('files').focus();
  });
  at('cancel').addEventListener('click', cancel);
  at('again').addEventListener('click', run);
  for (const input of [at('as-of'), at('training')]) input.addEventListener('change', changed);
  addEventListener('hashchange', takeAddress);
  addEventListener('beforeprint', () => unfoldForPrint(at('results')));
  chooseLanguage(firstLanguage());
  readPolicy().then(takeAddress).then(() => {
    checkers.warm();
    warmReader();
  });
}

start();
