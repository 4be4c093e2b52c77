// SPDX-License-Identifier: Apache-2.0
//
// page: what the judge's page takes, under Node; bench_page runs it. Prints seconds, and processor seconds, without those of starting.
//   node page.mjs verify BUNDLE POLICY     the verdict as JSON, in a training ledger
//   node page.mjs read PPM...              the QR symbols in pictures of a certificate's pages; told of the page that has some
import { readFileSync } from 'node:fs';

const page = new URL('../../build/page/', import.meta.url);

function stopwatch() {
    const begin = performance.now();
    const used = process.cpuUsage();
    return () => {
        const { user, system } = process.cpuUsage(used);
        return [(performance.now() - begin) / 1e3, (user + system) / 1e6];
    };
}

async function verify(bundle, policy) {
    const { verifyFile, verdictJson } = await import(new URL('core.mjs', page));
    const files = [bundle, policy].map((name) => new Uint8Array(readFileSync(name)));
    const took = stopwatch();
    const verdict = verdictJson(verifyFile(files[0], files[1], { since: null, asOf: null, training: true, tags: [] }, null));
    const times = took();
    if (verdict.status !== 0) throw new Error(`status ${verdict.status}: ${JSON.stringify(verdict).slice(0, 400)}`);
    return times;
}

// P6, as pdftoppm writes it.
function pixels(file) {
    const head = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(file.subarray(0, 64).toString('latin1'));
    const [width, height] = head.slice(1).map(Number);
    const data = new Uint8ClampedArray(width * height * 4);
    for (let from = head[0].length, to = 0; to < data.length; from += 3, to += 4) {
        data[to] = file[from];
        data[to + 1] = file[from + 1];
        data[to + 2] = file[from + 2];
        data[to + 3] = 255;
    }
    return { width, height, data };
}

async function read(names) {
    const { prepareReader, readPixels } = await import(new URL('qr.mjs', page));
    await prepareReader(readFileSync(new URL('node/node_modules/zxing-wasm/dist/reader/zxing_reader.wasm', page)).toString('base64'));
    let times = null;
    for (const picture of names.map((name) => pixels(readFileSync(name)))) {
        const took = stopwatch();
        const texts = await readPixels(picture, -1);
        if (texts.some((text) => text.includes('U1C/'))) times = took();
    }
    if (times === null) throw new Error('no symbol of a certificate was read');
    return times;
}

const [what, ...names] = process.argv.slice(2);
const times = what === 'verify' ? await verify(...names) : await read(names);
console.log(times.map((seconds) => seconds.toFixed(4)).join(' '));
