// SPDX-License-Identifier: Apache-2.0
//
// custody: random handlings of evidence (stories.mjs), in form but often against the rules of SPEC 7, under the page's verifier
// and the C verifier: they must give the same JSON (SPEC 16). Any rule of custody that one of the two judges otherwise breaks
// it, and so does an end in anything but a verdict.
//
//   node tests/page/custody.mjs CORE.mjs UNBROKEN-VERIFY [FIRST-SEED [HOW-MANY]]     run from the top of the tree
//   node tests/page/custody.mjs CORE.mjs UNBROKEN-VERIFY --planted                   a planted difference must be told

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { story } from './stories.mjs';

const MOST_SHOWN = 10;
const FEWEST_CODES = 17;

const [corePath, verifier, first = '1', many = '150'] = process.argv.slice(2);
const { verdictJson, verifyFile } = await import(pathToFileURL(path.resolve(corePath)));
const folder = mkdtempSync(path.join(tmpdir(), 'custody-'));

function ofC({ file, policy }) {
  const names = ['story.bundle', 'story.policy'].map((name) => path.join(folder, name));
  writeFileSync(names[0], file);
  writeFileSync(names[1], policy);
  try {
    return JSON.parse(execFileSync(verifier, ['--json', '--policy', names[1], names[0]]));
  } catch (error) {
    return JSON.parse(error.stdout);
  }
}

const ofPage = ({ file, policy }) => JSON.parse(JSON.stringify(
  verdictJson(verifyFile(new Uint8Array(file), new Uint8Array(policy), { since: null, asOf: null, training: false, tags: [] }, null))));

/** Sentences of stops and notes, and how far a stopped verifier came, are not compared (SPEC 16). */
function comparable({ text, notes, records, signatures, details, ...verdict }) {
  return { ...verdict, notes: notes.map(({ code }) => code), checked: verdict.stop ? null : [records, signatures, details] };
}

/** The places where two values differ. */
function differences(ours, theirs, at = '') {
  const isObject = (value) => typeof value === 'object' && value !== null;
  if (!isObject(ours) || !isObject(theirs)) return ours === theirs ? [] : [`${at}: ${JSON.stringify(ours)}, C: ${JSON.stringify(theirs)}`];
  return [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].flatMap((key) => differences(ours[key], theirs[key], `${at}.${key}`));
}

function judge(seed, codes) {
  const told = story(seed);
  const theirs = comparable(ofC(told));
  for (const { code } of [...theirs.breaches, ...theirs.findings]) codes.add(code);
  const ours = ofPage(told);
  if (first === '--planted') ours.things.held += 1;
  return differences(comparable(ours), theirs);
}

let failed = 0;
const codes = new Set();
const from = first === '--planted' ? 1 : Number(first);
const count = first === '--planted' ? 3 : Number(many);
for (let seed = from; seed < from + count; seed++) {
  let found;
  try {
    found = judge(seed, codes);
  } catch (error) {
    found = [`no verdict: ${error.stack}`];
  }
  if (found.length === 0) continue;
  failed++;
  if (first !== '--planted' && failed <= MOST_SHOWN) console.log(`story ${seed}:\n  ${found.slice(0, MOST_SHOWN).join('\n  ')}`);
}
rmSync(folder, { recursive: true });
if (first === '--planted') {
  console.log(failed === count ? 'planted differences are told' : 'planted differences were NOT told');
  process.exit(failed === count ? 0 : 1);
}
const isWide = codes.size >= FEWEST_CODES || count < 100;
if (!isWide) console.log(`only ${codes.size} codes came up: ${[...codes].join(' ')}`);
console.log(`${count - failed + (isWide ? 1 : 0)} passed, ${failed + (isWide ? 0 : 1)} failed`);
process.exit(failed === 0 && isWide ? 0 : 1);
