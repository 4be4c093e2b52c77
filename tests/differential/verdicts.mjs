// SPDX-License-Identifier: Apache-2.0
// verdicts: the judge's page's verdict on one case after another, for the differential test; the frames are those of verdicts.c. It judges
// nothing itself. What the page's verifier throws is given as {"thrown": ...}: it must throw nothing.
//
//   node verdicts.mjs CORE <cases >lines
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const PARTS = 5;
const core = await import(pathToFileURL(resolve(process.argv[2])).href);

function judge([file, policy, since, tag, older], asOf, training) {
  const tags = tag.length > 0 ? [new TextDecoder().decode(tag)] : [];
  const options = { since: since.length > 0 ? since : null, asOf: asOf < 0 ? null : asOf, training, tags };
  if (older.length > 0) {
    return core.between(older, file, policy, options, null);
  }
  return core.verdictJson(core.verifyFile(file, policy, options, null));
}

function answer(parts, asOf, training) {
  try {
    return judge(parts, asOf, training);
  } catch (error) {
    return { thrown: String(error && error.stack ? error.stack : error) };
  }
}

/** The numbers of a header line, or null where it is not complete; and where the bytes begin. */
function header(bytes) {
  const end = bytes.indexOf(10);
  return end < 0 ? null : { numbers: bytes.subarray(0, end).toString('latin1').split(' ').map(Number), at: end + 1 };
}

function takeCase(bytes) {
  const head = header(bytes);
  if (head === null) {
    return null;
  }
  const sizes = head.numbers.slice(0, PARTS);
  const total = sizes.reduce((sum, size) => sum + size, head.at);
  if (bytes.length < total) {
    return null;
  }
  const parts = [];
  let at = head.at;
  for (const size of sizes) {
    parts.push(new Uint8Array(bytes.subarray(at, at + size)));
    at += size;
  }
  return { parts, asOf: head.numbers[PARTS], training: head.numbers[PARTS + 1] === 1, rest: bytes.subarray(total) };
}

let waiting = Buffer.alloc(0);
for await (const chunk of process.stdin) {
  waiting = Buffer.concat([waiting, chunk]);
  for (let one = takeCase(waiting); one !== null; one = takeCase(waiting)) {
    waiting = one.rest;
    process.stdout.write(`${JSON.stringify(answer(one.parts, one.asOf, one.training))}\n`);
  }
}
