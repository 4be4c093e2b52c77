// SPDX-License-Identifier: Apache-2.0
//
// What a label printer would burn: node zpl.mjs LABELS.zpl PREFIX > PREFIX-0001.png, PREFIX-0002.png ..., one a label, of as many dots as its
// ^PW and ^LL say; the names go to standard output. Drawn by zebrash, which knows nothing of ours.
import { webcrypto } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

globalThis.crypto ??= webcrypto; // Node 18 has none, and its import takes the package's module for another kind
const { ready } = createRequire(import.meta.url)("zpl-renderer-js");

const DOTS_A_MM = 8; // of no matter: width and height are given in dots / DOTS_A_MM

function dots(label, command) {
  const found = label.match(new RegExp(`\\^${command}(\\d+)`));
  if (found === null) {
    throw new Error(`a label has no ^${command}`);
  }
  return Number(found[1]);
}

const [zplFile, prefix] = process.argv.slice(2);
if (prefix === undefined) {
  console.error("usage: node zpl.mjs LABELS.zpl PREFIX");
  process.exit(2);
}
const labels = readFileSync(zplFile, "latin1").split(/(?<=\^XZ)\s*/).filter((label) => label.trim() !== "");
const { api } = await ready;
for (const [index, label] of labels.entries()) {
  const png = await api.zplToBase64Async(label, dots(label, "PW") / DOTS_A_MM, dots(label, "LL") / DOTS_A_MM, DOTS_A_MM);
  const name = `${prefix}-${String(index + 1).padStart(4, "0")}.png`;
  writeFileSync(name, Buffer.from(png, "base64"));
  process.stdout.write(`${name}\n`);
}
process.exit(0); // its Go program would wait for ever
