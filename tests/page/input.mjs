// SPDX-License-Identifier: Apache-2.0
// input: what comes into the page is put where it belongs: which file is checked against which paper, which texts are parts
// of one paper, what a keyboard's scanner meant. No browser: these modules are pure.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { missing, mayHave, partOf } from '../../verify/page/ui/parts.js';
import { PROBLEM, mustLookInto, plan } from '../../verify/page/ui/plan.js';
import { markContradicted } from '../../verify/page/ui/run.js';
import { asciiDigits, scanRecogniser } from '../../verify/page/ui/typed.js';

let passed = 0;
const test = (name, body) => {
  body();
  passed++;
  console.log(`ok ${name}`);
};

const A = `a.example/x/${'a'.repeat(52)}`;
const B = `b.example/x/${'b'.repeat(52)}`;
let last = 0;
const thing = (kind, origin = null, size = null) => ({ id: ++last, kind, origin, size, text: null, subjects: null, tag: null, name: `${kind} ${last}` });
const jobsOf = (jobs, kind) => jobs.filter((job) => job.kind === kind);

test('a paper goes to the files of its own ledger, and to no other', () => {
  const [mine, other, paper, foreign] = [thing('bundle', A, 9), thing('bundle', B, 9), thing('receipt', A, 3), thing('statement', 'c', 3)];
  const jobs = plan([mine, other, paper, foreign]);
  assert.deepEqual(jobsOf(jobs, 'verdict').map(({ item, since }) => [item, since]), [[mine, [paper]], [other, []]]);
  assert.deepEqual(jobsOf(jobs, 'alone').map(({ item }) => item), [foreign]);
});

test('a paper without origin is nobody\'s, also beside a file without one', () => {
  const jobs = plan([thing('bundle'), thing('receipt')]);
  assert.deepEqual(jobsOf(jobs, 'verdict')[0].since, []);
});

test('of two files of one ledger the newer must continue the older, and what lies between them is asked', () => {
  const [newer, older, other] = [thing('certificate', A, 9), thing('bundle', A, 4), thing('bundle', B, 2)];
  const jobs = plan([newer, older, other]);
  assert.deepEqual(jobs[0].since, [older]);
  assert.deepEqual(jobs[1].since, []);
  assert.deepEqual(jobsOf(jobs, 'between').map((job) => [job.older, job.item]), [[older, newer]]);
});

test('files of one size are no older and newer', () => {
  assert.deepEqual(jobsOf(plan([thing('bundle', A, 4), thing('bundle', A, 4)]), 'between'), []);
});

test('two files of one size and two roots are a fork, whichever is looked at; one file stands for all of its checkpoint', () => {
  const rooted = (root, size = 4) => ({ ...thing('bundle', A, size), root });
  const [a, b, again] = [rooted('x'), rooted('y'), rooted('x')];
  assert.deepEqual(plan([a, b, again]).map(({ since }) => since), [[b], [a], [b]]);
  const [newer, first, second] = [rooted('z', 9), rooted('x'), rooted('x')];
  assert.deepEqual(plan([newer, first, second])[0].since, [first]);
});

test('where a contradiction of a ledger is proven, no other file of it stays as it was', () => {
  const verdict = (status, code, origin) => ({ kind: 'verdict', verdict: { status, code, origin }, text: null, contradicted: false });
  const results = [verdict(0, 'intact', A), verdict(1, 'fork', A), verdict(0, 'intact', B), { kind: 'problem', verdict: null, text: null, contradicted: false },
    { kind: 'between', verdict: { status: 0, code: 'intact', older: { origin: A }, newer: { origin: A } }, text: null, contradicted: false }];
  markContradicted(results);
  assert.deepEqual(results.map(({ contradicted }) => contradicted), [true, false, false, false, true]);
  const altered = [verdict(0, 'intact', A), verdict(1, 'signature', A), verdict(1, 'fork', null)];
  markContradicted(altered);
  assert.deepEqual(altered.map(({ contradicted }) => contradicted), [false, false, false]);
});

test('a label goes to the file that has its thing, else to its ledger\'s, else to all: that none has it must be found', () => {
  const label = (ledger, subject) => ({ ...thing('tag'), tag: { ledger, subject } });
  const of = (file, ...subjects) => ({ ...file, subjects });
  const files = [of(thing('bundle', A, 4), 3, 5), of(thing('bundle', A, 4), 7), of(thing('bundle', B, 4), 3)];
  const goesTo = (tag) => plan([...files, tag]).flatMap(({ tags }, i) => (tags.length > 0 ? [i] : []));
  assert.deepEqual(goesTo(label('A'.repeat(16), 3)), [0]);
  assert.deepEqual(goesTo(label('A'.repeat(16), 9)), [0, 1]);
  assert.deepEqual(goesTo(label('C'.repeat(16), 3)), [0, 1, 2]);
  assert.deepEqual(goesTo(label(null, 3)), [0, 2]);
  assert.deepEqual(goesTo(label(null, 9)), [0, 1, 2]);
  assert.deepEqual(plan([label(null, 3)]).map(({ kind }) => kind), ['alone']);
});

test('files are opened for labels only where there is a choice', () => {
  const [one, two, tag] = [thing('bundle', A, 4), thing('certificate', A, 5), thing('tag')];
  assert.deepEqual(mustLookInto([one, two]), []);
  assert.deepEqual(mustLookInto([one, tag]), []);
  assert.deepEqual(mustLookInto([one, { ...two, subjects: [1] }, tag]), [one]);
});

test('what cannot be checked is told; a dropped list of keys is trusted in nothing', () => {
  for (const kind of ['policy', 'unknown', 'picture', 'part', 'large', 'empty', 'undrawable', 'failed', 'unreadableHere']) {
    const [job] = plan([thing(kind)]);
    assert.equal(job.kind, 'problem');
    assert.equal(job.text, PROBLEM[kind]);
  }
  assert.equal(plan([thing('anything else')])[0].text, PROBLEM.unknown);
  assert.deepEqual(jobsOf(plan([thing('bundle', A, 4), thing('policy')]), 'verdict')[0].since, []);
});

test('parts are known behind an address too; one of one is none of several', () => {
  assert.deepEqual(partOf(' https://x.example/#u1r/2/3/123 '), { letter: 'R', part: 2, parts: 3, text: 'U1R/2/3/123' });
  assert.equal(partOf('U1R/1/1/123'), null);
  assert.equal(partOf('U1R/0/2/123'), null);
  assert.equal(partOf('U1X/1/2/123'), null);
  assert.equal(partOf('U1R/1/2/12a'), null);
  assert.equal(partOf(`U1R/1/2/${'1'.repeat(100000)}x`), null);
});

test('a part of another paper does not push out one that is there', () => {
  const paper = { letter: 'R', texts: ['U1R/1/2/123', null] };
  assert.deepEqual(missing(paper), [2]);
  assert.ok(mayHave(paper, partOf('U1R/2/2/456')));
  assert.ok(mayHave(paper, partOf('U1R/1/2/123')));
  assert.ok(!mayHave(paper, partOf('U1R/1/2/124')));
  assert.ok(!mayHave(paper, partOf('U1C/2/2/456')));
  assert.ok(!mayHave(paper, partOf('U1R/2/3/456')));
});

/** Keys of a scanner that pretends to be a keyboard, as the browser tells them. */
function typeWith(recognise, keys, pause) {
  let time = 1000;
  let text = null;
  for (const [key, code, shiftKey = false] of [...keys, ['Enter', 'Enter']]) {
    time += pause;
    text = recognise({ key, code, shiftKey, timeStamp: time });
  }
  return text;
}

const codeOf = (letter) => (/[0-9]/.test(letter) ? `Digit${letter}` : { '/': 'Slash', '-': 'Minus' }[letter] ?? `Key${letter.toUpperCase()}`);
const plain = (text) => [...text].map((letter) => [letter, codeOf(letter), /[A-Z]/.test(letter)]);

test('a scanner is known by its speed; a person is not one', () => {
  assert.equal(typeWith(scanRecogniser(), plain('U1R/1/2/123'), 5), 'U1R/1/2/123');
  assert.equal(typeWith(scanRecogniser(), plain('U1R/1/2/123'), 120), null);
  assert.equal(typeWith(scanRecogniser(), plain('abc'), 5), null);
});

test('Khmer digits are digits, and a Khmer layout still gives what the scanner meant', () => {
  assert.equal(asciiDigits('KHPP-\u17e1\u17e0\u17e4\u17e2-4'), 'KHPP-1042-4');
  const digits = plain('KHPP-1042-4').map(([key, ...rest]) => [/[0-9]/.test(key) ? String.fromCharCode(0x17e0 + Number(key)) : key, ...rest]);
  assert.equal(typeWith(scanRecogniser(), digits, 5), 'KHPP-1042-4');
  const khmer = plain('KHPP-1042-4').map(([key, ...rest]) => [/[A-Z]/.test(key) ? '\u1781' : key, ...rest]);
  assert.equal(typeWith(scanRecogniser(), khmer, 5), 'KHPP-1042-4');
  const swallowed = plain('UU-1042-4').map(([key, ...rest]) => [/[A-Z]/.test(key) ? 'Process' : key, ...rest]);
  assert.equal(typeWith(scanRecogniser(), swallowed, 5), 'UU-1042-4');
});

test('the page has one place for a policy, and it is empty', () => {
  const html = readFileSync('verify/page/page.html', 'utf8');
  assert.equal(html.split('"policy":null').length, 2);
});

console.log(`${passed} passed, 0 failed`);
