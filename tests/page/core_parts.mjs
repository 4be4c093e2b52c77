// SPDX-License-Identifier: Apache-2.0
// core_parts: parts of the page's verifier as one module for a test, with the primitives beside them. Not a test itself.

import { createRequire } from 'node:module';
import path from 'node:path';

const packages = path.resolve('build/page/node/node_modules');
const { build } = createRequire(path.join(packages, 'here.js'))('esbuild');

/**
 * @param {string[]} names of files in verify/page/core, without .js
 * @param {string} [more] further source of the module
 */
export async function corePart(names, more = '') {
  const source = names.map((name) => `export * from './${name}.js';\n`).join('') + more;
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: path.resolve('verify/page/core') },
    bundle: true, format: 'esm', write: false, nodePaths: [packages], logLevel: 'warning',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

/** Runs tests one after another, tells them, and ends with the count. @param {Array<[string, () => void]>} tests */
export function runTests(tests) {
  let failed = 0;
  for (const [name, body] of tests) {
    try {
      body();
      console.log(`ok ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED: ${name}\n${error.stack}`);
    }
  }
  console.log(`${tests.length - failed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

/** Numbers below `limit` that are the same on every run. */
export function makeRandom(seed) {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
