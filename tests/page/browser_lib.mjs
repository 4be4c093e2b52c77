// SPDX-License-Identifier: Apache-2.0
//
// browser_lib: what the browser tests share: Chromium without a network, a loopback server, the page with a policy built in, checks that count.
// Every page is watched from its first byte: a request of any kind, a complaint of the browser or a violation of the page's own rules is a failure.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(resolve('build/page/node-test/package.json'));
const { chromium } = require('playwright-core');
export const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const DIR = process.env.PAPERS;
export const PAGE = resolve('build/check.html');
const MARKER = '"policy":null';
const PATIENCE_MS = 30000;

let passed = 0;
let failed = 0;

export function check(good, what) {
  if (good) {
    passed += 1;
  } else {
    failed += 1;
    console.log(`FAILED: ${what}`);
  }
  return Boolean(good);
}

export function equal(is, want, what) {
  return check(Object.is(is, want), `${what}: ${JSON.stringify(is)}, not ${JSON.stringify(want)}`);
}

/** Runs a part of the test; what it throws is one failure, and the other parts go on. */
export async function part(name, run) {
  const begun = Date.now();
  const failures = failed;
  try {
    await run();
  } catch (error) {
    check(false, `${name}: ${error.message.split('\n').slice(0, 12).join(' | ')}`);
  }
  console.log(`${failed === failures ? 'ok    ' : 'failed'} ${name} (${Date.now() - begun} ms)`);
}

/** A file of browser_papers.sh, or one whose whole path is given. */
export function paper(name) {
  return resolve(DIR, name);
}

export function vector(name) {
  return resolve('tests/vectors', name);
}

export function read(name) {
  return readFileSync(paper(name));
}

/** The path of the page with this policy built in, as `unbroken page` does it; without one, of the page as it is. */
export function pageWith(policyName) {
  if (policyName === null) return PAGE;
  const path = paper(`check-${basename(policyName)}.html`);
  if (!existsSync(path)) {
    const parts = readFileSync(PAGE, 'utf8').split(MARKER);
    if (parts.length !== 2) throw new Error(`the page has ${MARKER} ${parts.length - 1} times`);
    writeFileSync(path, parts.join(`"policy":"${read(policyName).toString('base64')}"`));
  }
  return path;
}

/* A proxy that every request of the browser would have to pass, whoever makes it; and a server that gives the page only. */
async function listening(handler) {
  const calls = [];
  const server = createServer((request, response) => {
    calls.push(request.url);
    handler(request, response);
  });
  server.on('connect', (request, socket) => {
    calls.push(request.url);
    socket.destroy();
  });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  return { calls, port: server.address().port, close: () => { server.closeAllConnections(); server.close(); } };
}

export async function serve(path) {
  return listening((request, response) => {
    response.writeHead(request.url === '/check.html' ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' });
    response.end(request.url === '/check.html' ? readFileSync(path) : '');
  });
}

/**
 * Starts Chromium. Names end nowhere, but for those of `hosts` (name -> port of loopback); everything else goes to a proxy that counts and refuses.
 * @param {{args?: string[], hosts?: Object<string, number>}} options
 */
export async function start({ args = [], hosts = {} } = {}) {
  const proxy = await listening((request, response) => { response.writeHead(403); response.end(); });
  const rules = [...Object.entries(hosts).map(([name, port]) => `MAP ${name} 127.0.0.1:${port}`), 'MAP * ~NOTFOUND', 'EXCLUDE 127.0.0.1'];
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    chromiumSandbox: process.getuid() !== 0,
    args: [`--host-resolver-rules=${rules.join(', ')}`, `--proxy-server=127.0.0.1:${proxy.port}`,
      `--proxy-bypass-list=${['127.0.0.1', ...Object.keys(hosts)].join(';')}`, '--disable-background-networking', '--disable-component-update',
      '--disable-domain-reliability', '--disable-sync', '--no-first-run', ...args],
  });
  return { browser, proxy };
}

export async function stop({ browser, proxy }, what) {
  await browser.close();
  equal(proxy.calls.filter((url) => !/^(?:[a-z]+:\/\/)?(?:[\w-]+\.)*(?:google|googleapis|gstatic)\.com\b/.test(url)).join(' '), '',
    `${what}: requests that reached the network`);
  proxy.close();
}

/* Everything that a page may not do is written down from its first script on. */
function watch(page, url, complaints) {
  page.on('request', (request) => {
    const asked = request.url();
    if (asked.split('#')[0] !== url && !asked.startsWith('blob:') && !asked.startsWith('data:')) complaints.push(`request ${asked}`);
  });
  page.on('console', (message) => {
    if (['error', 'warning', 'assert'].includes(message.type())) complaints.push(`console: ${message.text().slice(0, 400)}`);
  });
  page.on('pageerror', (error) => complaints.push(`error: ${error.message.slice(0, 400)}`));
  page.on('websocket', (socket) => complaints.push(`socket ${socket.url()}`));
  page.on('dialog', (dialog) => { complaints.push(`dialog ${dialog.message()}`); dialog.dismiss(); });
  page.on('popup', () => complaints.push('a window was opened'));
  page.on('crash', () => complaints.push('the page crashed'));
}

/* Runs in the page before its own scripts. */
function spy() {
  window.violations = [];
  document.addEventListener('securitypolicyviolation', (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
}

/**
 * Opens the page.
 * @param {{browser: object}} session of start()
 * @param {{policy?: string|null, url?: string, language?: string, viewport?: object, prepare?: Function, context?: object}} options
 *   policy: name of a file of DIR; url: instead of file://; language: en, km, vi; prepare: runs before the page's scripts
 */
export async function open({ browser }, { policy = null, url, language = 'en', viewport, prepare, context = {} } = {}) {
  const around = await browser.newContext({ locale: { en: 'en-GB', km: 'km-KH', vi: 'vi-VN' }[language], acceptDownloads: true,
    viewport: viewport ?? { width: 1200, height: 900 }, ...context });
  const page = await around.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const address = url ?? pathToFileURL(pageWith(policy)).href;
  page.complaints = [];
  watch(page, address, page.complaints);
  await page.addInitScript(spy);
  if (prepare !== undefined) await page.addInitScript(prepare);
  await page.goto(address);
  await page.locator('#files').waitFor({ state: 'attached' });
  return page;
}

/** The page did nothing that it may not; then it is closed. */
export async function close(page, what) {
  const violations = await page.evaluate(() => window.violations).catch((error) => [error.message]);
  equal([...page.complaints, ...violations].join(' | '), '', `${what}: complaints of the browser`);
  await page.context().close();
}

/** Gives files by the page's own input: names of DIR, or {name, mimeType, buffer}. Waits for the result. */
export async function give(page, files, options = {}) {
  const list = (Array.isArray(files) ? files : [files]).map((file) => (typeof file === 'string' ? paper(file) : file));
  await answered(page, () => page.locator('#files').setInputFiles(list), options);
}

/** Runs `act` and waits until what it gave was worked through. */
export async function answered(page, act, { timeout = PATIENCE_MS } = {}) {
  const before = await page.evaluate(() => { const box = document.querySelector('#results'); return box.dataset.round = String(Number(box.dataset.round ?? 0) + 1); });
  await page.evaluate(() => {
    window.changed = false;
    window.watcher?.disconnect();
    window.watcher = new MutationObserver(() => { window.changed = true; });
    window.watcher.observe(document.querySelector('#results'), { childList: true, subtree: true });
  });
  await act();
  await page.waitForFunction(() => window.changed && document.querySelector('#work').hidden && document.querySelector('#results .result, #results pre') !== null, null,
    { timeout, polling: 30 }).catch(() => { throw new Error(`no answer (round ${before})`); });
}

/** The verdicts shown, in order: pass, broken, fail, unchecked, training, untrusted ... */
export async function verdicts(page) {
  return page.locator('#results .result').evaluateAll((boxes) => boxes.map((box) => box.dataset.verdict));
}

export async function textOf(page, selector = '#results') {
  return page.locator(selector).first().innerText();
}

/** The green that only a pass has: every colour that is painted anywhere, by its hue. */
export async function greens(page) {
  return page.evaluate(() => {
    const green = (colour) => {
      const [r, g, b, a = 1] = (colour.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
      const most = Math.max(r, g, b);
      const spread = most - Math.min(r, g, b);
      return a > 0 && g === most && spread > 24 && g - r > 12 && b - r < 0.72 * spread;
    };
    const found = new Set();
    for (const element of document.querySelectorAll('body, body *')) {
      if (element.getClientRects().length === 0) continue;
      const style = getComputedStyle(element);
      for (const name of ['color', 'backgroundColor', 'borderTopColor', 'borderLeftColor', 'fill', 'stroke', 'outlineColor']) {
        const thin = name.startsWith('border') && style[name.replace('Color', 'Width')] === '0px';
        const unseen = name === 'outlineColor' && style.outlineStyle === 'none';
        if (!thin && !unseen && green(style[name])) found.add(`${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} ${name} ${style[name]}`);
      }
    }
    return [...found];
  });
}

/** SPEC 16: the sentences of stops and notes are free, the offset of what is unreadable, and how far a count came before a stop. */
export function comparable(verdict) {
  const plain = structuredClone(verdict);
  for (const one of [plain, plain.older, plain.newer].filter((some) => some?.notes !== undefined)) {
    delete one.text;
    one.notes.forEach((note) => { delete note.text; });
    if (one.place !== null && 'byte' in one.place) one.place = null;
    if (one.stop) for (const count of ['records', 'signatures', 'details']) delete one[count];
  }
  delete plain.text;
  return plain;
}

/** Where two values differ first, as a path with both; '' where they do not. */
export function difference(a, b, path = '') {
  const isOpen = (value) => typeof value === 'object' && value !== null;
  if (!isOpen(a) || !isOpen(b) || Array.isArray(a) !== Array.isArray(b)) return Object.is(a, b) ? '' : `${path || 'all'}: ${JSON.stringify(a)}, not ${JSON.stringify(b)}`;
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const found = difference(a[key], b[key], `${path}.${key}`);
    if (found !== '') return found;
  }
  return '';
}

export async function clear(page) {
  const button = page.locator('#clear');
  if (await button.isVisible()) await button.click();
}

export function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}
