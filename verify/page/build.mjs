// SPDX-License-Identifier: Apache-2.0
// build: makes the judge's page, one HTML file that needs nothing beside it. The same sources give the same bytes,
// wherever they lie. Not a part of the page.
//
// node verify/page/build.mjs [--node DIR] --out FILE

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { catalogues } from './words.mjs';

const PAGE = dirname(fileURLToPath(import.meta.url));
const TOP = resolve(PAGE, '../..');
const POLICY_MARKER = '"policy":null';

function fail(text) {
  throw new Error(`build.mjs: error: ${text}`);
}

function options(args) {
  const given = { node: join(TOP, 'build/page/node/node_modules'), out: null };
  for (let i = 0; i < args.length; i += 2) {
    const name = args[i].replace(/^--/, '');
    if (!Object.hasOwn(given, name) || i + 1 === args.length) fail(`unknown or incomplete option ${args[i]}`);
    given[name] = resolve(args[i + 1]);
  }
  if (given.out === null) fail('--out FILE is missing');
  return given;
}

const ADDRESS = 'https://fastly.jsdelivr.net/npm/';

/* The reader of QR symbols would fetch its own machine code from an address: the page gives it, and has no address. */
function withoutAddress(source, path) {
  if (!/zxing-wasm[\\/]dist[\\/]es[\\/]share\.js$/.test(path)) return source;
  const parts = source.split(ADDRESS);
  if (parts.length !== 2) fail('the address in zxing-wasm is not where it was: look at share.js');
  return parts.join('none:');
}

/* Packages come without their comments; ours are dropped too, but for what esbuild keeps. */
const packages = (esbuild) => ({
  name: 'packages',
  setup(build) {
    build.onLoad({ filter: /[\\/]node_modules[\\/].*\.js$/ }, async ({ path }) => {
      const source = withoutAddress(readFileSync(path, 'utf8'), path);
      const { code } = await esbuild.transform(source, { minifyWhitespace: true, legalComments: 'none', charset: 'utf8' });
      return { contents: code, loader: 'js' };
    });
  },
});

const words = (table) => ({
  name: 'words',
  setup(build) {
    build.onResolve({ filter: /^page:catalogues$/ }, () => ({ path: 'catalogues', namespace: 'page' }));
    build.onLoad({ filter: /.*/, namespace: 'page' }, () => (
      { contents: `export const catalogues = ${JSON.stringify(table)};`, loader: 'js' }));
  },
});

async function bundle(esbuild, given, entry, table) {
  const made = await esbuild.build({
    entryPoints: [entry], absWorkingDir: PAGE, nodePaths: [given.node], preserveSymlinks: false, bundle: true,
    write: false, metafile: true, format: 'iife', target: 'es2020', platform: 'browser', charset: 'utf8',
    legalComments: 'none', logLevel: 'warning', plugins: [packages(esbuild), words(table)],
  });
  if (made.warnings.length > 0) fail(`${entry}: a page is not made of sources with warnings`);
  // esbuild marks each module with the path where it lay: of packages that depends on the machine.
  const text = made.outputFiles[0].text.replace(/^( *\/\/ )[^\n]*node_modules\//gm, '$1');
  if (/<\/script|<!--|\r|\0/i.test(text)) fail(`${entry}: the bundle holds what an HTML script must not`);
  return { text, inputs: Object.keys(made.metafile.inputs) };
}

/** Names of the packages that a bundle was made of. */
function packagesOf(inputs) {
  const names = new Set();
  for (const path of inputs) {
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path.split(sep).join('/'));
    if (found !== null) names.add(found[1]);
  }
  return names;
}

function licenceOf(node, name) {
  const file = readdirSync(join(node, name)).find((entry) => /^licen[cs]e(\.md|\.txt)?$/i.test(entry));
  if (file === undefined) fail(`the package ${name} comes without the text of its licence`);
  const { version, license } = JSON.parse(readFileSync(join(node, name, 'package.json'), 'utf8'));
  return { title: `${name} ${version} (${license})`, text: readFileSync(join(node, name, file), 'utf8') };
}

/* zxing-wasm says in words that the C++ inside is under the Apache License, and brings no copy; ours has that text. */
function licences(node, used) {
  const readme = readFileSync(join(node, 'zxing-wasm/README.md'), 'utf8');
  if (!readme.includes('- [zxing-cpp](https://github.com/zxing-cpp/zxing-cpp): [Apache License 2.0]')) {
    fail('zxing-wasm no longer says which licence zxing-cpp has');
  }
  const apache = readFileSync(join(TOP, 'LICENSE'), 'utf8');
  if (!/Apache License\s+Version 2\.0/.test(apache)) fail('LICENSE is not the Apache License');
  return [
    { title: 'Unbroken, and zxing-cpp inside zxing-wasm (Apache-2.0)', text: apache },
    ...[...used].sort().map((name) => licenceOf(node, name)),
  ];
}

function escapeHtml(text) {
  return text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
}

function licencesHtml(list) {
  return list.map(({ title, text }) => (
    `<details><summary>${escapeHtml(title)}</summary><pre tabindex="0">${escapeHtml(text.replace(/\r/g, '').trim())}</pre></details>`
  )).join('\n');
}

function hashSource(text) {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/* Nothing may be fetched, embedded or sent; only these very bytes may run, and what the worker is made of. */
function contentPolicy(script, style) {
  return [
    "default-src 'none'", `script-src ${hashSource(script)} 'wasm-unsafe-eval'`, `style-src ${hashSource(style)}`,
    'worker-src blob:', 'img-src blob: data:', "base-uri 'none'", "form-action 'none'",
    "require-trusted-types-for 'script'", 'trusted-types unbroken-worker',
  ].join('; ');
}

function fill(template, values) {
  let html = template;
  for (const [name, value] of Object.entries(values)) {
    const parts = html.split(`{{${name}}}`);
    if (parts.length !== 2) fail(`page.html must have {{${name}}} exactly once`);
    html = parts.join(value);
  }
  return html;
}

async function main() {
  const given = options(process.argv.slice(2));
  const esbuild = createRequire(join(given.node, 'x.js'))('esbuild');
  const page = await bundle(esbuild, given, 'ui/main.js', catalogues(TOP));
  const worker = await bundle(esbuild, given, 'ui/worker.js', {});
  const style = await bundle(esbuild, given, 'page.css', {});
  const used = packagesOf([...page.inputs, ...worker.inputs]).add('esbuild');
  const code = readFileSync(join(given.node, 'zxing-wasm/dist/reader/zxing_reader.wasm'));
  const html = fill(readFileSync(join(PAGE, 'page.html'), 'utf8'), {
    licences: licencesHtml(licences(given.node, used)),
    policy: contentPolicy(page.text, style.text), style: style.text, worker: worker.text, qr: code.toString('base64'),
    script: page.text,
  });
  if (html.split(POLICY_MARKER).length !== 2) fail(`the page must have ${POLICY_MARKER} exactly once`);
  mkdirSync(dirname(given.out), { recursive: true });
  writeFileSync(`${given.out}.new`, html);
  renameSync(`${given.out}.new`, given.out);
  process.stdout.write(`${relative(process.cwd(), given.out)}: ${Buffer.byteLength(html)} bytes\n`);
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
