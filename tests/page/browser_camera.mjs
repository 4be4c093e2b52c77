// SPDX-License-Identifier: Apache-2.0
//
// browser_camera: papers seen through a lens: photographs as people take them, and a camera before which a certificate moves; and browsers that have
// no camera, or nothing that needs a secure address. It breaks when the page reads fewer pictures than it did, reads what does not stand there, leaves
// the camera on, or needs WebCrypto.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DIR, answered, check, clear, close, equal, finish, give, greens, open, pageWith, paper, part, read, serve, start, stop, textOf, verdicts } from './browser_lib.mjs';

const ITEM = read('item.name').toString().trim();
const CAMERA = ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${paper('film.y4m')}`];
const FLOOR = 43; // of 45 photographs
const SLOW_MS = 1000;

async function photographs(session) {
  const page = await open(session, { policy: 'court.policy' });
  const names = readdirSync(join(DIR, 'photos')).sort();
  const unread = [];
  const times = [];
  for (const name of names) {
    await clear(page);
    const begun = Date.now();
    await give(page, `photos/${name}`, { timeout: 20000 });
    const took = Date.now() - begun;
    const text = await textOf(page);
    const paperKind = name.split('-')[0];
    const right = paperKind === 'label' ? text.includes(ITEM) : new RegExp(paperKind, 'i').test(text) && text.includes('kh-pp.example/custody');
    if (right) times.push(took);
    else unread.push(name);
    check((await verdicts(page)).every((kind) => kind === 'unchecked'), `${name}: a photograph alone is ${(await verdicts(page)).join(' ')}`);
  }
  times.sort((a, b) => a - b);
  console.log(`photographs: ${names.length - unread.length} of ${names.length} read, half of them within ${times[times.length >> 1]} ms, the slowest in ${times.at(-1)} ms`
    + `, over ${SLOW_MS} ms: ${times.filter((time) => time > SLOW_MS).length}; not read: ${unread.join(' ') || 'none'}`);
  check(names.length - unread.length >= FLOOR, `too few photographs are read: not ${unread.join(' ')}`);
  check((await greens(page)).length === 0, 'no photograph is green');
  await clear(page);
  await give(page, ['photos/label-all-at-once.jpg', 'item.bundle']);
  equal((await verdicts(page)).join(' '), 'pass', 'a photograph of a label, and the bundle that has it');
  await clear(page);
  await give(page, ['item.bundle', 'photos/receipt-tilted.jpg', 'photos/certificate-shadow.jpg']);
  equal((await verdicts(page)).join(' '), 'pass', 'a bundle and photographs of a receipt and a certificate that came before');
  await clear(page);
  await give(page, ['broken.bundle', 'label-1.png']);
  check(!(await verdicts(page)).includes('pass'), 'a label that is not of this file');
  await close(page, 'photographs');
}

async function filmed(session, url, what) {
  const page = await open(session, { policy: 'court.policy', url });
  check(await page.locator('#camera-start').isVisible(), `${what}: the camera is offered`);
  check(!(await page.locator('#camera').isVisible()), `${what}: the camera is off until it is asked for`);
  const begun = Date.now();
  await answered(page, () => page.locator('#camera-start').click());
  console.log(`camera, ${what}: ${Date.now() - begun} ms, of which the first 500 ms are out of focus`);
  const text = await textOf(page);
  check(/certificate/i.test(text) && text.includes('kh-pp.example/custody'), `${what}: the certificate is read`);
  await page.waitForFunction(() => document.querySelector('#video').srcObject === null, null, { timeout: 10000 }).catch(() => {});
  equal(await page.evaluate(() => document.querySelector('#video').srcObject), null, `${what}: the camera is off`);
  check(!(await page.locator('#camera').isVisible()), `${what}: and is not shown`);
  check(!(await verdicts(page)).includes('pass') && (await greens(page)).length === 0, `${what}: a QR alone is no pass`);
  await give(page, 'certificate-km.pdf');
  check((await verdicts(page)).includes('pass'), `${what}: with the PDF behind it`);
  await close(page, `camera, ${what}`);
}

async function stopped(session) {
  const page = await open(session, { policy: 'court.policy', prepare: () => {
    const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    window.tracks = [];
    navigator.mediaDevices.getUserMedia = async (asked) => {
      // Nothing to read: a camera that shows a wall.
      const canvas = document.createElement('canvas');
      canvas.width = 640; canvas.height = 480;
      const context = canvas.getContext('2d');
      setInterval(() => { context.fillStyle = `rgb(${Date.now() % 255},90,90)`; context.fillRect(0, 0, 640, 480); }, 100);
      const stream = asked.audio ? await real(asked) : canvas.captureStream(10);
      window.tracks.push(...stream.getTracks());
      return stream;
    };
  } });
  await page.locator('#camera-start').click();
  await page.locator('#camera-stop').waitFor({ state: 'visible' });
  await page.waitForTimeout(800);
  await page.locator('#camera-stop').click();
  equal(await page.evaluate(() => window.tracks.map((track) => track.readyState).join(' ')), 'ended', 'a camera that is stopped is off');
  check(await page.locator('#camera-start').isVisible(), 'and can be started again');
  await page.locator('#camera-start').click();
  await page.waitForFunction(() => window.tracks.length === 2);
  await page.evaluate(() => { Object.defineProperty(document, 'hidden', { get: () => true }); document.dispatchEvent(new Event('visibilitychange')); });
  await page.waitForFunction(() => window.tracks.every((track) => track.readyState === 'ended'), null, { timeout: 10000 }).catch(() => {});
  equal(await page.evaluate(() => window.tracks.map((track) => track.readyState).join(' ')), 'ended ended', 'a page that is not seen does not look');
  await close(page, 'camera stopped');
}

/* No camera in the machine, or nobody allows it: said, and everything else goes on. */
async function noCamera(session) {
  for (const [name, what] of [['NotFoundError', 'no camera'], ['NotAllowedError', 'not allowed']]) {
    const page = await open(session, { policy: 'court.policy', prepare: `navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', '${name}'); };` });
    await page.locator('#camera-start').click();
    await page.waitForFunction(() => /camera/i.test(document.querySelector('#camera-note').textContent), null, { timeout: 10000 }).catch(() => {});
    const said = await textOf(page, '#camera-note');
    check(/camera/i.test(said) && (await page.locator('#camera-note').isVisible()), `${what}: the page says so: ${said}`);
    await give(page, 'photos/certificate-straight.jpg');
    check((await textOf(page)).includes('kh-pp.example/custody'), `${what}: a photograph is read all the same`);
    await close(page, what);
  }
}

/* A court's web server without TLS: the browser gives neither WebCrypto nor a camera. */
async function insecure() {
  const server = await serve(pageWith('court.policy'));
  const session = await start({ hosts: { 'court.example': server.port } });
  const url = `http://court.example:${server.port}/check.html`;
  await part('without WebCrypto and camera', async () => {
    const page = await open(session, { url });
    equal(await page.evaluate(() => `${isSecureContext} ${crypto.subtle === undefined} ${navigator.mediaDevices === undefined}`), 'false true true', 'this browser has neither');
    check(!(await page.locator('#camera-start').isVisible()), 'no camera is offered');
    for (const name of ['item.bundle', 'certificate-vi.pdf']) {
      await clear(page);
      await give(page, name);
      equal((await verdicts(page)).join(' '), 'pass', `${name} without WebCrypto`);
    }
    await clear(page);
    await give(page, 'photos/receipt-straight.jpg');
    check((await textOf(page)).includes('kh-pp.example/custody'), 'a photograph without WebCrypto');
    await close(page, 'insecure');
    equal([...new Set(server.calls)].join(' '), '/check.html', 'what was asked of the court\'s server');
  });
  await stop(session, 'insecure');
  server.close();
}

const session = await start({ args: CAMERA });
const local = await serve(pageWith('court.policy'));
await part('the film from a file', () => filmed(session, undefined, 'file'));
await part('the film from a server', () => filmed(session, `http://127.0.0.1:${local.port}/check.html`, 'http'));
await part('stopped', () => stopped(session));
await part('no camera', () => noCamera(session));
await part('photographs', () => photographs(session));
await stop(session, 'camera');
local.close();
await insecure();
finish();
