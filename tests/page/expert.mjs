// SPDX-License-Identifier: Apache-2.0
// expert: the expert's view and the pictures of custody, over the vectors. A view that throws on a file that was stopped halfway, that cannot be handed
// from a worker to the page, that leaves out a record, or a picture that ends in another state than the replay, would break it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const { verifyFile, verdictJson, expertView, diagnostic, hexDump } = await import(pathToFileURL(resolve(process.argv[2])).href);

const folder = 'tests/vectors/';
const read = (name) => new Uint8Array(readFileSync(folder + name));
let passed = 0;
const test = (name, body) => {
  body();
  passed++;
  console.log(`ok ${name}`);
};

/** All files whose custody was judged, and of the rest two of each code. */
const chosen = () => {
  const seen = new Map();
  return JSON.parse(readFileSync(`${folder}expected.json`)).filter(({ status, code, options }) => {
    if (options.length > 0) return false;
    const key = `${status} ${code}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
    return code === 'custody' || seen.get(key) <= (code === 'intact' ? 60 : 2);
  });
};

const views = chosen().map(({ file, policy }) => {
  const verdict = verifyFile(read(file), read(policy), { since: null, asOf: null, training: false, tags: [] }, () => {});
  const json = verdictJson(verdict);
  return { file, check: verdict.check, json, view: verdict.check === null ? null : expertView(verdict.check, json) };
});

test('a worker can hand each of them to the page', () => {
  for (const { view } of views) structuredClone(view);
  assert.ok(views.filter(({ view }) => view !== null).length > 100);
});

test('every record that was read is there, with its bytes', () => {
  for (const { file, view, json, check } of views) {
    if (view === null || json.stop) continue;
    assert.deepEqual(view.records.map((record) => record.index), json.times.map((time) => time.record), file);
    assert.ok(view.records.every((record, i) => record.bytes === check.records[i].bytes), file);
  }
});

test('diagnostic notation and hex of every record can be shown', () => {
  for (const { view } of views) {
    for (const { bytes } of view?.records ?? []) {
      assert.ok(diagnostic(bytes).length > 10);
      assert.equal(hexDump(bytes).split('\n').length, Math.ceil(bytes.length / 16));
    }
  }
});

test('what is no CBOR is shown as bytes', () => {
  assert.equal(diagnostic(Uint8Array.of(0x9f, 0xff)), "h'9fff'");
  assert.equal(diagnostic(Uint8Array.of(0x82, 0x01, 0x42, 0x81, 0x02)), '[1, <<[2]>>]');
  assert.equal(diagnostic(Uint8Array.of(0x41, 0x81)), "h'81'");
});

/** The custody of a thing is that of its outermost container (SPEC 7.1). */
const outermost = (things, subject) => {
  let thing = things.get(subject);
  for (let depth = 0; thing.container !== null && depth < 8; depth++) thing = things.get(thing.container);
  return thing;
};

test('a picture ends as the replay does, and every thing that is asked has one', () => {
  let told = 0;
  for (const { file, view, check, json } of views) {
    if (view === null || json.stop || !check.custody) continue;
    const { things } = check.custody;
    const drawn = view.stories.flatMap((story) => story.subjects);
    assert.equal(new Set(drawn).size, drawn.length, file);
    for (const subject of check.bundle.asked) if (things.has(subject)) assert.ok(drawn.includes(subject), `${file} ${subject}`);
    for (const { subjects, spans } of view.stories) {
      for (const subject of subjects) {
        const end = outermost(things, subject);
        const last = spans.at(-1);
        assert.deepEqual([last.state, last.holder, last.place, last.container], [end.state, end.holder, end.place, things.get(subject).container], `${file} ${subject}`);
        told++;
      }
    }
  }
  assert.ok(told > 200);
});

test('every breach and finding of a thing with a story is marked on it, unless its record is aside', () => {
  for (const { file, view, json } of views) {
    if (view === null || json.stop) continue;
    for (const { subjects, steps, aside } of view.stories) {
      const mine = [...json.breaches, ...json.findings].filter((item) => item.record !== null && subjects.includes(item.subject));
      const marks = new Set(steps.flatMap((step) => [...step.breaches, ...step.findings].map((code) => `${step.record} ${code}`)));
      for (const { record, code } of mine) assert.ok(aside || marks.has(`${record} ${code}`), `${file} ${record} ${code}`);
    }
  }
});

console.log(`${passed} passed, 0 failed`);
