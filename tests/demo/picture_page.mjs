// SPDX-License-Identifier: Apache-2.0
//
// picture_page: photographs the judge's page with Chromium, as README.md shows it: on a desk, and on a phone. What it is given is made by our own programs, in
// a ledger that is no training ledger; run from the top of the tree.
//   sh tests/page/browser_papers.sh "$PWD/build" PAPERS && build/unbroken page --policy PAPERS/court.policy -o PAPERS/check.html
//   node tests/demo/picture_page.mjs PAPERS tests/demo/pictures
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const { chromium } = createRequire(path.resolve('build/page/node-test/package.json'))('playwright-core');
const [papers, out] = process.argv.slice(2);
const PATIENCE_MS = 60000;

// The page with these files given, when it has answered.
async function answered(browser, { width, height, scale, language, files }) {
    const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale, locale: 'en', reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(`${pathToFileURL(path.join(papers, 'check.html'))}#lang=${language}`);
    if (files.length > 0) {
        await page.setInputFiles('#files', files.map((name) => path.join(papers, name)));
        await page.waitForSelector('#results .result', { timeout: PATIENCE_MS });
    }
    return page;
}

// Several pictures beside each other on white, as one.
async function side(browser, pictures, target, width) {
    const page = await browser.newPage({ viewport: { width, height: 400 } });
    await page.setContent(`<body style="margin:0;padding:12px;display:flex;gap:16px;align-items:flex-start;background:#fff">${pictures
        .map((png) => `<img style="flex:1;min-width:0;border:1px solid #999" src="data:image/png;base64,${png.toString('base64')}">`).join('')}</body>`);
    await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode())));
    await page.screenshot({ path: target, fullPage: true });
    await page.close();
}

// From an element's top on, so many pixels high.
async function from(page, selector, height) {
    const top = await page.locator(selector).first().evaluate((element) => element.getBoundingClientRect().top + window.scrollY);
    await page.setViewportSize({ width: page.viewportSize().width, height });
    await page.evaluate((y) => window.scrollTo(0, y), top);
    return page.screenshot();
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', chromiumSandbox: process.getuid() !== 0 });
try {
    const desk = { width: 640, height: 900, scale: 1.1, language: 'en' };
    const start = await answered(browser, { ...desk, files: [] });
    const intact = await answered(browser, { ...desk, files: ['item.bundle', 'receipt.txt'] });
    const broken = await answered(browser, { ...desk, files: ['broken.bundle'] });
    const desks = [await from(start, 'body', 900), await from(intact, '#results', 900), await from(broken, '#results', 900)];
    await side(browser, desks, path.join(out, 'page.png'), 1640);

    const phone = { width: 360, height: 760, scale: 1.4 };
    const khmer = await answered(browser, { ...phone, language: 'km', files: ['certificate-km.pdf'] });
    const drawn = await answered(browser, { ...phone, language: 'vi', files: ['certificate-vi.pdf'] });
    const receipt = await answered(browser, { ...phone, language: 'en', files: ['receipt.txt'] });
    const expert = await answered(browser, { ...phone, language: 'en', files: ['item.bundle'] });
    await expert.locator('.expert > details > summary').click();
    const phones = [await from(khmer, '#results', 760), await from(drawn, '#results .story', 760), await from(receipt, '#results', 760), await from(expert, '.expert', 760)];
    await side(browser, phones, path.join(out, 'page-phone.png'), 1540);
} finally {
    await browser.close();
}
for (const name of ['page.png', 'page-phone.png']) console.log(`${path.join(out, name)}: ${readFileSync(path.join(out, name)).length} bytes`);
