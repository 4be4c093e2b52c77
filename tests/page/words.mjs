// SPDX-License-Identifier: Apache-2.0
// words: whatever the page says, it says in Khmer and Vietnamese too, with the same placeholders, and no catalogue says what nobody asks. A msgid
// changed in the code alone, a word forgotten in one language, a placeholder lost in translation, or a catalogue that is out of date would break it.

import assert from 'node:assert/strict';
import { mkdtempSync, cpSync, readFileSync, writeFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agree, catalogues, complaints, readPo } from '../../verify/page/words.mjs';
import { translator } from '../../verify/page/ui/words.js';

let passed = 0;
const test = (name, body) => {
  body();
  passed++;
  console.log(`ok ${name}`);
};

test('the catalogues are complete, and have nothing else', () => {
  assert.deepEqual(complaints('.'), []);
});

test('what a planted change breaks is told', () => {
  const copy = mkdtempSync(join(tmpdir(), 'words-'));
  try {
    for (const folder of ['verify/page', 'printer/po']) {
      cpSync(folder, join(copy, folder), { recursive: true, filter: (path) => !path.includes('node_modules') });
    }
    const change = (path, from, to) => {
      const text = readFileSync(join(copy, path), 'utf8');
      assert.ok(text.includes(from), `${path} has ${from}`);
      writeFileSync(join(copy, path), text.replace(from, to));
    };
    change('verify/page/ui/vouch.js', "t('Nothing is left out')", "t('Nothing was forgotten')");
    change('verify/page/po/vi.po', 'msgid "{count} of {total}"\nmsgstr "{count}', 'msgid "{count} of {total}"\nmsgstr "{number}');
    const told = complaints(copy);
    assert.ok(told.includes('km: no translation of "Nothing was forgotten"'), 'a word without translation');
    assert.ok(told.includes('vi: nobody says "Nothing is left out"'), 'a translation that nobody says');
    assert.ok(told.includes('vi: other placeholders in "{count} of {total}"'), 'a placeholder that is lost');
    assert.equal(told.length, 5);
  } finally {
    rmSync(copy, { recursive: true });
  }
});

test('a catalogue is read strictly', () => {
  assert.deepEqual([...readPo('# x\nmsgid ""\nmsgstr "head\\n"\n\nmsgid "a "\n"b"\nmsgstr "\\"c\\""\n', 'x')], [['a b', '"c"']]);
  const wrong = ['msgid "a"\n', 'msgstr "a"\n', 'msgid "a"\nmsgstr "b"\nmsgstr "c"\n', 'msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n',
    'msgid a\nmsgstr "b"\n', 'msgid "a"\nmsgstr "b\\q"\n', '#, fuzzy\nmsgid "a"\nmsgstr "b"\n', '#~ msgid "a"\n', 'msgid_plural "a"\n', 'hello\n'];
  for (const text of wrong) assert.throws(() => readPo(text, 'x'), undefined, JSON.stringify(text));
});

test('placeholders are compared', () => {
  assert.ok(agree('{a} of {b}', '{b}: {a}'));
  assert.ok(agree('%zu of %s', '%zu / %s'));
  assert.ok(!agree('%zu of %s', '%s / %zu'));
  assert.ok(!agree('{a}', ''));
});

test('words are filled in, and a value is not read as a placeholder', () => {
  const t = translator('vi', { vi: { '{a} of {b}': '{b}/{a}', '%zu more': 'còn %zu nữa' } });
  assert.equal(t('{a} of {b}', { a: '{b}', b: '$&' }), '$&/{b}');
  assert.equal(t('%zu more', [3]), 'còn 3 nữa');
  assert.equal(t('not there'), 'not there');
  assert.equal(translator('en', {})('{a}', {}), '{a}');
});

test('the page carries its words, and of the papers those that it says', () => {
  const { km, vi } = catalogues('.');
  assert.deepEqual(Object.keys(km), Object.keys(vi));
  assert.ok('Breaches of a rule of custody: none.' in km && 'stocktake' in km && 'Where is it, and when was it last seen, by whom?' in km);
  assert.ok(!('Cosigned before: records' in km));
});

console.log(`${passed} passed, 0 failed`);
