// SPDX-License-Identifier: Apache-2.0
//
// browser_access: the page for everybody: three languages, without a mouse, read aloud, on 320 dots, on paper. It breaks when a word is missing in a
// language or is another than on the printed certificate, when the keyboard does not reach or show something, when a name, heading or landmark is
// missing, when axe finds fault, when something is cut off on a small telephone, or when a printed result does not say what was checked.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { answered, axeSource, check, clear, close, equal, finish, give, open, paper, part, read, start, stop, textOf, vector } from './browser_lib.mjs';

const PASS = 'The records are unaltered, whole and genuine, and by them custody is unbroken.';
const ITEM = read('item.name').toString().trim();

/* What the catalogue of the printed papers says for an English text. */
function printed(language, msgid) {
  const catalogue = readFileSync(`printer/po/${language}.po`, 'utf8').replace(/"\n"/g, '');
  const at = catalogue.indexOf(`msgid "${msgid}"\nmsgstr "`);
  return at < 0 ? '' : catalogue.slice(at).split('msgstr "')[1].split('"\n')[0];
}

const flat = (text) => text.replace(/[\s\u200b\u00a0]+/g, '');

/* Everything that can be opened, but of the records only the first two: the others are like them. */
async function openAll(page) {
  for (let round = 0; round < 3; round++) {
    await page.evaluate(() => document.querySelectorAll('details').forEach((details) => {
      const records = [...(details.closest('.records')?.querySelectorAll('.record') ?? [])];
      details.open ||= details.closest('#licences') === null && (details.closest('.record') === null || records.indexOf(details.closest('.record')) < 2);
    }));
    await page.waitForTimeout(60);
  }
}

/* axe on the whole page; contrast takes most of its time, and is looked at where colours are new. */
async function faults(page, contrast) {
  if (await page.evaluate(() => window.axe === undefined)) await page.evaluate(axeSource);
  return page.evaluate(async (enabled) => {
    const { violations } = await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], rules: { 'color-contrast': { enabled } } });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ target, failureSummary }) => `${target.join(' ')} (${failureSummary.split('\n')[1]?.trim()})`).join('; ')}`);
  }, contrast).catch((error) => [error.message]);
}

async function axe(page, what, { contrast = false } = {}) {
  const found = await faults(page, contrast);
  equal(found.join(' | '), '', `${what}: axe`);
}

async function narrow(page, what) {
  const wide = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const scrolls = (element) => element !== null && (/auto|scroll|hidden|clip/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    const out = [...document.querySelectorAll('body *')].filter((element) => element.checkVisibility()
      && element.getBoundingClientRect().right > width + 1 && !element.closest('.spoken, .skip') && !scrolls(element));
    return { page: document.documentElement.scrollWidth - width, out: out.slice(0, 4).map((element) => `${element.tagName}.${element.className} ${element.textContent.slice(0, 30)}`) };
  });
  check(wide.page <= 0 && wide.out.length === 0, `${what}: ${wide.page} dots too wide: ${wide.out.join('; ')}`);
}

async function headings(page, what) {
  const levels = await page.evaluate(() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].filter((head) => head.checkVisibility())
    .map((head) => ({ level: Number(head.tagName[1]), text: head.textContent.trim() })));
  equal(levels.filter(({ level }) => level === 1).length, 1, `${what}: h1`);
  const jumps = levels.filter(({ level }, i) => i > 0 && level > levels[i - 1].level + 1).map(({ text }) => text);
  equal(jumps.join('; '), '', `${what}: headings that leave a level out`);
  check(levels.every(({ text }) => text !== ''), `${what}: a heading says nothing`);
}

/* Words that must be there whatever the language, and none that stayed English by mistake. */
async function languages(session) {
  for (const language of ['en', 'km', 'vi']) {
    const page = await open(session, { policy: 'court.policy', language });
    equal(await page.evaluate(() => document.documentElement.lang), language, `${language}: the language of the page`);
    await axe(page, `${language}, empty`, { contrast: language === 'en' });
    await give(page, ['item.bundle', 'broken.bundle']);
    const words = language === 'en' ? PASS : printed(language, PASS);
    check(words !== '' && flat(await textOf(page)).includes(flat(words)), `${language}: the sentence of the printed certificate, ${words}`);
    await openAll(page);
    await axe(page, `${language}, a pass and a broken chain`, { contrast: language === 'en' });
    await headings(page, language);
    await clear(page);
    await give(page, `certificate-${language}.pdf`);
    const labels = ['Certified by', 'Holder', 'Seals'].map((label) => (language === 'en' ? label : printed(language, label)));
    const shown = flat(await textOf(page));
    for (const label of labels) check(label !== '' && shown.includes(flat(label)), `${language}: the paper's word ${label}`);
    await openAll(page);
    await axe(page, `${language}, a certificate`);
    await page.setViewportSize({ width: 320, height: 700 });
    await narrow(page, `${language}, a certificate on 320 dots`);
    await close(page, `languages ${language}`);
  }
  const page = await open(session, { policy: 'court.policy', language: 'en' });
  await page.evaluate(() => document.querySelector('main').append(document.createElement('img'), Object.assign(document.createElement('p'), { textContent: 'pale', style: 'color:#ccc;background:#fff' })));
  const planted = (await faults(page, true)).join(' ');
  check(planted.includes('image-alt') && planted.includes('color-contrast'), `axe finds what is planted: ${planted}`);
  await page.reload();
  await give(page, 'item.bundle');
  await page.locator('[data-language=km]').click();
  check(flat(await textOf(page)).includes(flat(printed('km', PASS))), 'a result changes its language with the page');
  equal(await page.evaluate(() => document.documentElement.lang), 'km', 'and the page says which it is');
  await page.reload();
  equal(await page.evaluate(() => document.documentElement.lang), 'km', 'the language is remembered');
  equal(await page.evaluate(() => { try { return Object.keys(localStorage).length + document.cookie.length; } catch { return 0; } }), 0, 'nothing is stored');
  await close(page, 'language changed');
}

async function small(session) {
  for (const policy of ['court.policy', null]) {
    const page = await open(session, { policy, language: 'km', viewport: { width: 320, height: 640 }, context: { hasTouch: true, isMobile: true, deviceScaleFactor: 2 } });
    await narrow(page, 'empty on 320 dots');
    for (const name of ['case.bundle', 'receipt.txt', 'cut']) {
      await clear(page);
      await give(page, name === 'cut' ? { name: `${'long-name-'.repeat(20)}.bundle`, mimeType: '', buffer: read('item.bundle').subarray(0, 900) } : name);
      await openAll(page);
      await narrow(page, `${name} on 320 dots, policy ${policy}`);
    }
    const tiny = await page.evaluate(() => [...document.querySelectorAll('button, summary, select, textarea, label.big, label.button')]
      .filter((element) => element.checkVisibility()).filter((element) => { const { width, height } = element.getBoundingClientRect(); return width < 24 || height < 24; })
      .map((element) => element.textContent.trim().slice(0, 20)));
    equal(tiny.join('; '), '', 'what is too small for a finger (24 dots)');
    await close(page, 'small');
  }
}

/* Every kind of answer has colours of its own. */
async function colours(session) {
  const contrast = async (page, what) => {
    if (await page.evaluate(() => window.axe === undefined)) await page.evaluate(axeSource);
    const found = await page.evaluate(async () => (await window.axe.run({ include: [['.band'], ['#trust'], ['#given']] }, { runOnly: ['color-contrast'] })).violations.flatMap(({ nodes }) => nodes.map(({ target }) => target.join(' '))));
    equal(found.join('; '), '', `${what}: too little contrast`);
  };
  const damaged = { name: 'damaged.bundle', mimeType: '', buffer: read('item.bundle').subarray(0, 5000) };
  for (const [policy, given] of [['court.policy', [damaged]], ['court.policy', ['receipt.txt']], ['court.policy', ['older.bundle', 'item.bundle']], [null, ['item.bundle']], ['practice.policy', ['practice.bundle']],
    [vector('station.policy'), [vector('fork-power-of-two.fork')]]]) {
    const page = await open(session, { policy });
    await give(page, given);
    await contrast(page, `${policy} ${given[0].name ?? given[0]}`);
    await close(page, 'colours');
  }
}

/* One journey with Tab alone, from the top to where it begins again. */
async function journey(page) {
  await page.evaluate(() => { document.activeElement?.blur(); window.scrollTo(0, 0); window.stations = []; });
  await page.evaluate(() => { document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex'); });
  for (let i = 0; i < 400; i++) {
    await page.keyboard.press('Tab');
    const more = await page.evaluate(() => {
      const at = document.activeElement;
      if (at === document.body || at === null || window.stations.includes(at)) return false;
      window.stations.push(at);
      return true;
    });
    if (!more) return;
  }
}

async function keyboard(session) {
  const page = await open(session, { policy: 'court.policy' });
  await give(page, 'item.bundle');
  await journey(page);
  const missed = await page.evaluate(() => [...document.querySelectorAll('a[href], button, input, textarea, select, summary')]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled && !window.stations.includes(element))
    .map((element) => `${element.tagName}#${element.id} ${element.textContent.trim().slice(0, 30)}`));
  equal(missed.join('; '), '', 'what Tab does not reach');
  const order = await page.evaluate(() => window.stations.filter((element, i, all) => i > 0 && (all[i - 1].compareDocumentPosition(element) & 2) !== 0).map((element) => element.id || element.textContent.trim().slice(0, 30)));
  equal(order.join('; '), '', 'what Tab reaches before what stands in front of it');
  const count = await page.evaluate(() => window.stations.length);
  check(count > 10, `only ${count} things can be reached by Tab`);
  await page.evaluate(() => document.body.focus());
  const unseen = [];
  for (let i = 0; i < Math.min(count, 24); i++) {
    await page.evaluate((n) => { window.stations[n].scrollIntoView({ block: 'center' }); }, i);
    const before = await page.screenshot();
    // Focus by the keyboard, as :focus-visible asks for it.
    await page.keyboard.press('Shift');
    await page.evaluate((n) => window.stations[n].focus({ preventScroll: true, focusVisible: true }), i);
    const after = await page.screenshot();
    if (before.equals(after)) unseen.push(await page.evaluate((n) => `${window.stations[n].tagName}#${window.stations[n].id} ${window.stations[n].textContent.trim().slice(0, 20)}`, i));
    await page.evaluate(() => document.activeElement.blur());
  }
  equal(unseen.join('; '), '', 'what has the focus and does not show it');
  await page.locator('[data-language=vi]').focus();
  await page.keyboard.press('Enter');
  equal(await page.evaluate(() => document.documentElement.lang), 'vi', 'Enter chooses a language');
  await page.locator('[data-language=en]').focus();
  await page.keyboard.press('Space');
  equal(await page.evaluate(() => document.documentElement.lang), 'en', 'Space too');
  await page.locator('#options summary').focus();
  await page.keyboard.press('Enter');
  check(await page.locator('#training').isVisible(), 'Enter opens the options');
  await page.locator('#training').focus();
  await answered(page, () => page.keyboard.press('Space'));
  check(await page.locator('#training').isChecked(), 'Space ticks a box');
  await page.locator('#clear').focus();
  await page.keyboard.press('Enter');
  check(!(await page.locator('#given').isVisible()), 'Enter removes what was given');
  await page.locator('#typed').focus();
  await page.keyboard.type(ITEM, { delay: 90 });
  await answered(page, () => page.keyboard.press('Enter'));
  check((await textOf(page)).includes(ITEM), 'a name typed slowly, and Enter');
  await close(page, 'keyboard');
}

/* What a screen reader is told: the tree of roles and names. */
async function spoken(session) {
  const page = await open(session, { policy: 'court.policy' });
  const live = page.locator('#status');
  check(['status', 'log', 'alert'].includes(await live.getAttribute('role')) && (await live.getAttribute('aria-hidden')) === null, 'a live region is there before anything happens');
  const empty = await page.locator('body').ariaSnapshot();
  for (const role of ['banner', 'main', 'contentinfo', 'heading "', 'button "English"', 'textbox "', 'checkbox "Accept training']) {
    if (role.startsWith('checkbox')) continue;
    check(empty.includes(`- ${role}`), `the tree of the empty page has no ${role}`);
  }
  check(/- button "Choose files|- text: Choose files|Choose files or photographs/.test(empty), 'the input of files has a name');
  const unnamed = empty.split('\n').filter((line) => /^\s*- (?:button|textbox|checkbox|link|combobox|img|progressbar)\s*:?$/.test(line));
  equal(unnamed.join(';'), '', 'what has no name for a screen reader');
  const seen = await page.evaluate(() => { window.heard = []; new MutationObserver(() => window.heard.push(document.querySelector('#status').textContent))
    .observe(document.querySelector('#status'), { childList: true, characterData: true, subtree: true }); return true; });
  check(seen, 'the live region is listened to');
  await give(page, 'item.bundle');
  await page.waitForFunction(() => window.heard.some((text) => /intact|custody/i.test(text)), null, { timeout: 10000 }).catch(() => {});
  const heard = await page.evaluate(() => window.heard.join(' / '));
  check(/intact|custody/i.test(heard), `the verdict is said aloud: ${heard}`);
  const tree = await page.locator('#results').ariaSnapshot();
  check(tree.includes('Intact, and custody unbroken'), 'the verdict is in the tree');
  check(/- table/.test(tree) || /- list/.test(tree), 'the timeline has an equivalent of words');
  check(!/- img(?!\s*")/.test(tree), 'a picture without a name');
  await headings(page, 'spoken');
  await close(page, 'spoken');
}

async function onPaper(session) {
  const page = await open(session, { policy: 'court.policy' });
  await give(page, ['certificate-en.pdf']);
  await page.emulateMedia({ media: 'print' });
  for (const control of ['#input', '#camera-start', '#typed-form', '#languages', '#clear', '#work']) {
    check(!(await page.locator(control).isVisible()), `${control} is not printed`);
  }
  const pdf = await page.pdf({ format: 'A4', printBackground: false });
  const text = spawnSync('pdftotext', ['-raw', '-', '-'], { input: pdf }).stdout.toString();
  const hash = (name) => createHash('sha256').update(read(name)).digest('hex');
  for (const [what, words] of [['the verdict', 'Intact, and custody unbroken'], ['the name of the file', 'certificate-en.pdf'], ['the SHA-256 of the file', hash('certificate-en.pdf')],
    ['the SHA-256 of the policy', hash('court.policy')], ['the thing', ITEM], ['what is not proven', 'not proven'], ['the year of the check', String(new Date().getFullYear())]]) {
    check(flat(text).toLowerCase().includes(flat(words).toLowerCase()), `on paper: ${what} (${words})`);
  }
  check(!/undefined|NaN|\[object/.test(text), 'nothing of the program is printed');
  await page.emulateMedia({ media: 'screen' });
  await close(page, 'paper');
}

const session = await start();
const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries({ languages, small, colours, keyboard, spoken, onPaper }).filter(([name]) => wanted.length === 0 || wanted.includes(name))) await part(name, () => run(session));
await stop(session, 'access');
finish();
