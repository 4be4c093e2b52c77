// SPDX-License-Identifier: Apache-2.0
//
// browser_inputs: everything that people have, given to the page as they would, and what the page answers. It breaks when a kind of input is not
// recognised, when a verdict gets another colour or word than its status, when the page says anything but what unbroken-verify says, or when a page
// without a court's policy looks as if it vouched for something.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { answered, check, clear, close, comparable, difference, equal, finish, give, greens, open, pageWith, paper, part, read, start, stop, textOf, vector, verdicts } from './browser_lib.mjs';

const VERIFY = join(process.env.BIN, 'unbroken-verify');
const ITEM = read('item.name').toString().trim();
const WORDS = {
  en: { pass: 'Intact, and custody unbroken', broken: 'custody broken', fail: 'Not proven true', unchecked: 'Could not check', none: 'Nobody vouches' },
};
const KHMER = '០១២៣៤៥៦៧៨៩';

function bytesChanged(name, change) {
  const bytes = Buffer.from(read(name));
  change(bytes);
  const end = bytes.length - 34;
  createHash('sha256').update(bytes.subarray(0, end)).digest().copy(bytes, end + 2);
  return { name: `changed-${name}`, mimeType: 'application/octet-stream', buffer: bytes };
}

function ours(policy, file, ...options) {
  const done = spawnSync(VERIFY, ['--json', '--policy', paper(policy), ...options, file], { maxBuffer: 1 << 28 });
  return JSON.parse(done.stdout.toString());
}

/** What the page gives as JSON when one asks for it. */
async function downloaded(page, nth = 0) {
  await page.locator('#results .expert > details').nth(nth).evaluate((details) => { details.open = true; });
  const button = page.locator('#results .save-json').nth(nth);
  const [file] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return JSON.parse(readFileSync(await file.path(), 'utf8'));
}

async function sameAsOurs(page, policy, file, ...options) {
  const theirs = await downloaded(page);
  const mine = ours(policy, file, ...options);
  equal(difference(comparable(theirs), comparable(mine)), '', `JSON of ${basename(file)}`);
}

/** One thing given, one verdict; the page is emptied before. */
async function one(page, files, want, what) {
  await clear(page);
  await give(page, files);
  const shown = await verdicts(page);
  equal(shown.join(' '), want, what);
  const green = (await greens(page)).filter((element) => want !== 'broken' || !element.startsWith('span.yes '));
  check(want === 'pass' ? green.length > 0 : green.length === 0, `${what}: green is ${green.slice(0, 3).join('; ') || 'nowhere'}`);
  return textOf(page);
}

async function typed(page, text) {
  await page.locator('#typed').fill(text);
  await answered(page, () => page.locator('#typed-form').getByRole('button').click());
}

const CODES = { '/': ['Slash', '\u17ca'], '-': ['Minus', '-'] };

/* What a key of an American keyboard types on a Khmer one. */
function khmer(letter) {
  if (/[A-Z]/.test(letter)) return String.fromCodePoint(0x1780 + letter.charCodeAt(0) - 65);
  return /\d/.test(letter) ? KHMER[Number(letter)] : CODES[letter][1];
}

/**
 * As a scanner that is a keyboard does it: wherever the focus is, with Enter at the end. The times of the keys are those of a scanner, 5 ms apart, however
 * busy this machine is. types: what each key types: on a Khmer keyboard the scanner's American keys give Khmer letters and digits.
 */
async function scanned(page, text, types = (letter) => letter) {
  const keys = await page.context().newCDPSession(page);
  await page.evaluate(() => document.activeElement?.blur());
  const begun = Date.now() / 1000;
  const press = async (i, key, code, modifiers = 0) => {
    const timestamp = begun + i * 0.005;
    await keys.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code, modifiers, timestamp, text: key.length === 1 ? key : undefined });
    await keys.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code, modifiers, timestamp });
  };
  await answered(page, async () => {
    for (const [i, letter] of [...text].entries()) {
      if (/[A-Z]/.test(letter)) await press(i, types(letter), `Key${letter}`, 8);
      else await press(i, types(letter), CODES[letter]?.[0] ?? `Digit${letter}`);
    }
    await press(text.length, 'Enter', 'Enter');
  });
}

async function files(session) {
  const page = await open(session, { policy: 'court.policy' });
  check((await greens(page)).length === 0, 'an empty page is not green');
  check((await one(page, 'item.bundle', 'pass', 'a bundle')).includes(WORDS.en.pass), 'the words of a pass');
  await sameAsOurs(page, 'court.policy', paper('item.bundle'));
  const certificate = await one(page, 'certificate-en.pdf', 'pass', 'a certificate');
  for (const line of ours('court.policy', paper('certificate-en.pdf')).certificate.lines) {
    check(certificate.includes(line.value) && certificate.includes(line.word ?? ''), `the certified line "${line.label}: ${line.value}" is on the page`);
  }
  await sameAsOurs(page, 'court.policy', paper('certificate-en.pdf'));
  const broken = await one(page, 'broken.bundle', 'broken', 'a broken chain');
  check(broken.includes(WORDS.en.broken) && broken.includes('was broken on arrival'), 'the breach and its reason');
  await sameAsOurs(page, 'court.policy', paper('broken.bundle'));
  await one(page, 'broken.pdf', 'broken', 'a certificate of a broken chain');
  check((await one(page, bytesChanged('item.bundle', (bytes) => { bytes[bytes.length >> 1] ^= 1; }), 'fail', 'a changed byte, the check made anew'))
    .includes(WORDS.en.fail), 'the words of a failure');
  const cut = { name: 'cut.bundle', mimeType: '', buffer: read('item.bundle').subarray(0, -7) };
  check((await one(page, cut, 'unchecked', 'a file cut off')).includes(WORDS.en.unchecked), 'the words of what could not be checked');
  await one(page, 'practice.bundle', 'unchecked', 'a ledger that the policy does not name');
  await close(page, 'files');
}

async function exhibits(session) {
  const page = await open(session, { policy: vector('station.policy') });
  for (const [name, want] of [['fork-power-of-two.fork', 'fail'], ['fork-none.fork', 'unchecked']]) await one(page, vector(name), want, name);
  await close(page, 'exhibits');
}

async function papersAlone(session) {
  const page = await open(session, { policy: 'court.policy' });
  const receipt = read('receipt.txt').toString().trim();
  check(/Receipt/.test(await one(page, 'receipt.txt', 'unchecked', 'a receipt')), 'a receipt is told to be one');
  await one(page, 'older.checkpoint', 'unchecked', 'a checkpoint');
  await clear(page);
  await typed(page, receipt);
  equal((await verdicts(page)).join(' '), 'unchecked', 'a receipt typed');
  await clear(page);
  await scanned(page, receipt);
  equal((await verdicts(page)).join(' '), 'unchecked', 'a receipt by a scanner');
  for (const [text, what] of [[`U1/${ITEM}/${tagLedger()}/2`, 'a tag'], [ITEM, 'a name'], [ITEM.toLowerCase().replaceAll('-', ''), 'a name without hyphens']]) {
    await clear(page);
    await typed(page, text);
    check((await textOf(page)).includes(ITEM), `${what} typed: its name is shown`);
  }
  await clear(page);
  await typed(page, `${ITEM.slice(0, -1)}${ITEM.endsWith('A') ? 'B' : 'A'}`);
  check((await textOf(page)).includes('misread or mistyped'), 'a name with a wrong check character is told to be one');
  await clear(page);
  await typed(page, `U1/${ITEM}/${tagLedger()}/2`.replace(/\d/g, (digit) => KHMER[Number(digit)]));
  check((await textOf(page)).includes(ITEM), 'Khmer digits typed');
  await clear(page);
  await scanned(page, `U1/${ITEM}/${tagLedger()}/2`, khmer);
  check((await textOf(page)).includes(ITEM), 'a scanner on a Khmer keyboard');
  check((await greens(page)).length === 0, 'no paper alone is green');
  await close(page, 'papers alone');
}

function tagLedger() {
  return ours('court.policy', paper('item.bundle')).origin.split('/').at(-1).slice(0, 16).toUpperCase();
}

async function together(session) {
  const page = await open(session, { policy: 'court.policy' });
  await clear(page);
  await give(page, ['item.bundle', 'older.checkpoint']);
  equal((await verdicts(page)).filter((kind) => kind === 'pass').length, 1, 'a bundle and an older checkpoint');
  await sameAsOurs(page, 'court.policy', paper('item.bundle'), '--since', paper('older.checkpoint'));
  await clear(page);
  await give(page, ['receipt.txt', 'item.bundle']);
  check((await verdicts(page)).includes('pass'), 'a receipt and the bundle that continues it');
  await clear(page);
  await give(page, 'item.bundle');
  await typed(page, `U1/${ITEM}/${tagLedger()}/2`);
  check((await verdicts(page)).includes('pass'), 'a bundle, and the tag in the room');
  await clear(page);
  await give(page, 'item.bundle');
  await typed(page, `U1/${ITEM}/${tagLedger()}/1`);
  const old = await verdicts(page);
  check(old.includes('broken') && !old.includes('pass'), `a bundle, and a label that was printed anew since: ${old.join(' ')}`);
  await clear(page);
  await give(page, ['older.bundle', 'item.bundle']);
  const between = await textOf(page);
  check(/between/i.test(between), 'two files of one ledger: what happened between them');
  await clear(page);
  await give(page, ['item.bundle', 'broken.bundle', 'certificate-en.pdf']);
  check((await verdicts(page)).length >= 3, 'three files, three answers');
  await close(page, 'several at once');
}

async function rubbish(session) {
  const page = await open(session, { policy: 'court.policy' });
  const file = (name, buffer, mimeType = 'application/octet-stream') => ({ name, mimeType, buffer });
  const noise = Buffer.alloc(5000, 0).map((_, i) => (i * 7919 + (i >> 3) * 31) & 255);
  const given = [
    file('empty', Buffer.alloc(0)), file('noise.bin', Buffer.from(noise)), file('text.txt', Buffer.from('nothing that this page knows\n'), 'text/plain'),
    file('page.html', Buffer.from('<script>window.pwned=4</script>'), 'text/html'), file('picture.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="window.pwned=5"/>'), 'image/svg+xml'),
    file('false.png', Buffer.from('\x89PNG\r\n\x1a\nnot one', 'latin1'), 'image/png'), file('other.pdf', Buffer.from('%PDF-1.4\n%%EOF\n'), 'application/pdf'),
    file('half.png', read('label-2.png').subarray(0, 900), 'image/png'), file('deep.bundle', Buffer.alloc(100000, 0x81)),
    file('\u202egnp.<b>elif</b>', Buffer.from('\u0000\u0001')),
  ];
  for (const one of given) {
    await clear(page);
    await give(page, one);
    const kinds = await verdicts(page);
    check(kinds.length > 0 && kinds.every((kind) => kind !== 'pass' && kind !== 'broken' && kind !== 'fail'), `${JSON.stringify(one.name)}: ${kinds.join(' ') || 'no answer'}`);
  }
  await clear(page);
  await give(page, given.slice(0, 4));
  equal(await page.evaluate(() => window.pwned), undefined, 'nothing given is run');
  await close(page, 'rubbish');
}

async function noPolicy(session) {
  const page = await open(session, { policy: null });
  const trust = await textOf(page, '#trust');
  check(/cannot vouch for anybody/i.test(trust) && (await page.locator('#trust').isVisible()), 'a page without a policy says so');
  for (const name of ['item.bundle', 'certificate-en.pdf', 'broken.bundle', 'receipt.txt', 'practice.bundle']) {
    await clear(page);
    await give(page, name);
    const kinds = await verdicts(page);
    check(kinds.length > 0 && kinds.every((kind) => kind === 'untrusted' || kind === 'training'), `${name} without a policy: ${kinds.join(' ')}`);
    const green = await greens(page);
    check(green.length === 0, `${name} without a policy: green is ${green.slice(0, 3).join('; ')}`);
    const heads = await page.locator('#results .result h2').allInnerTexts();
    check(heads.every((head) => !/intact|unbroken|genuine/i.test(head)), `${name} without a policy: the headline is ${heads.join(' / ')}`);
    check(/polic/i.test(await textOf(page)), `${name} without a policy: the result says so too`);
  }
  await clear(page);
  await give(page, 'item.bundle');
  await page.locator('#results .expert > details').evaluate((details) => { details.open = true; });
  const save = page.locator('#results .save-json');
  if (await save.count() > 0) {
    const [file] = await Promise.all([page.waitForEvent('download'), save.click()]);
    check(/no-policy/.test(file.suggestedFilename()), `a verdict that is saved without a policy says so in its name: ${file.suggestedFilename()}`);
  } else {
    check(true, 'there is no verdict to be saved');
  }
  await clear(page);
  await give(page, ['court.policy', 'item.bundle']);
  check(!(await verdicts(page)).includes('pass') && (await greens(page)).length === 0, 'a policy that comes along with a file vouches for nothing');
  await close(page, 'no policy');
}

async function trusted(session) {
  const made = paper('program.html');
  const done = spawnSync(join(process.env.BIN, 'unbroken'), ['page', '--policy', paper('court.policy'), '-o', made, '--force']);
  check(done.status === 0 && readFileSync(made).equals(readFileSync(pageWith('court.policy'))), '`unbroken page` makes the page that is tested here');
  const page = await open(session, { policy: 'court.policy' });
  await page.locator('#trust details').evaluate((details) => { details.open = true; });
  const shown = (await textOf(page, '#trust')).replace(/\s/g, '').toLowerCase();
  const policy = read('court.policy');
  const keys = policy.toString().split('\n').filter((line) => /^(log|witness) /.test(line)).map((line) => line.split(' ').find((word) => word.includes('+')));
  check(shown.includes(createHash('sha256').update(policy).digest('hex')), "the page shows the policy's SHA-256");
  equal(keys.length, 2, 'a log and a witness in the policy');
  for (const key of keys) {
    const [name, id, ...rest] = key.split('+');
    const bytes = Buffer.from(rest.join('+'), 'base64').subarray(1);
    check(shown.includes(name) && shown.includes(id), `the page shows ${name} and its key's number ${id}`);
    check(shown.includes(createHash('sha256').update(bytes).digest('hex')), `the page shows the SHA-256 of the key of ${name}`);
  }
  await close(page, 'trust');
  const practice = await open(session, { policy: 'practice.policy' });
  check((await one(practice, 'practice.bundle', 'training', 'a training ledger')).includes('not evidence'), 'a training ledger is no evidence');
  await practice.locator('#options summary').click();
  await answered(practice, () => practice.locator('#training').check());
  equal((await verdicts(practice)).join(' '), 'training', 'a training ledger that is accepted');
  check((await greens(practice)).length === 0, 'a training ledger is never green');
  await close(practice, 'training');
}

const session = await start();
const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries({ files, exhibits, papersAlone, together, rubbish, noPolicy, trusted }).filter(([name]) => wanted.length === 0 || wanted.includes(name))) await part(name, () => run(session));
await stop(session, 'inputs');
finish();
