// SPDX-License-Identifier: Apache-2.0
// built: what is in the one file: one empty place for a policy, only code that its own content policy names, every licence,
// no address, no path of a machine. And a build that cannot show a licence, or warns, makes no file.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NODE = 'build/page/node/node_modules';
const folder = mkdtempSync(join(tmpdir(), 'page-built-'));
let passed = 0;
const test = (name, body) => {
  body();
  passed++;
  console.log(`ok ${name}`);
};
const build = (node, out) => spawnSync(process.execPath, ['verify/page/build.mjs', '--node', node, '--out', out], { encoding: 'utf8' });

process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const made = build(NODE, join(folder, 'check.html'));
assert.equal(made.status, 0, made.stderr);
const html = readFileSync(join(folder, 'check.html'), 'utf8');
const inside = (name) => [...html.matchAll(new RegExp(`<${name}([^>]*)>([^]*?)</${name}>`, 'g'))].map(([, attributes, text]) => ({ attributes, text }));
const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)[1];

test('there is one place for a policy, and it is empty', () => {
  assert.equal(html.split('"policy":null').length, 2);
  assert.equal(JSON.parse(inside('script').find(({ attributes }) => attributes.includes('court-policy')).text).policy, null);
});

test('one script and one style run, and the content policy names exactly these; nothing may be fetched', () => {
  const running = inside('script').filter(({ attributes }) => attributes === '');
  assert.equal(running.length, 1);
  assert.ok(policy.includes(`script-src ${hashOf(running[0].text)} 'wasm-unsafe-eval';`));
  assert.ok(policy.includes(`style-src ${hashOf(inside('style')[0].text)};`));
  assert.equal(inside('style').length, 1);
  assert.ok(policy.startsWith("default-src 'none';"));
  for (const word of ['connect-src', 'unsafe-inline', "'unsafe-eval'", 'http', '*', 'frame-src', 'self']) assert.ok(!policy.includes(word), word);
  assert.ok(html.indexOf('Content-Security-Policy') < html.indexOf('<style'));
});

test('no code of the page has an address, and nothing a path of this machine', () => {
  const isName = (address) => address.startsWith('http://www.w3.org/');
  for (const { text } of [...inside('script'), ...inside('style')]) {
    assert.deepEqual((text.match(/https?:\/\/[a-z][^"'`\s]*/g) ?? []).filter((address) => !isName(address)), []);
  }
  for (const path of [process.cwd(), folder, 'node_modules']) assert.ok(!html.includes(path), path);
});

test('the licence of every package is shown', () => {
  for (const name of ['@noble/curves 1.9.7', '@noble/hashes 1.8.0', 'zxing-wasm 3.1.4', 'esbuild 0.28.2', 'zxing-cpp']) {
    assert.ok(inside('summary').some(({ text }) => text.includes(name)), name);
  }
  assert.ok(html.includes('Paul Miller') && html.includes('Ze-Zheng Wu') && html.includes('Version 2.0, January 2004'));
});

test('a package without the text of its licence makes no page', () => {
  const node = join(folder, 'node_modules');
  cpSync(NODE, node, { recursive: true, verbatimSymlinks: true });
  rmSync(join(node, '@noble/hashes/LICENSE'));
  const failed = build(node, join(folder, 'other.html'));
  assert.equal(failed.status, 1);
  assert.match(failed.stderr, /@noble\/hashes comes without the text of its licence/);
  assert.ok(!existsSync(join(folder, 'other.html')));
});

test('options that are unknown or incomplete make no page', () => {
  for (const args of [[], ['--out'], ['--words', 'x', '--out', 'x']]) {
    assert.equal(spawnSync(process.execPath, ['verify/page/build.mjs', ...args]).status, 1);
  }
});

console.log(`${passed} passed, 0 failed`);
