// SPDX-License-Identifier: Apache-2.0
// kinds: the page's table of acts is SPEC.md's, row by row, and its words are those of SPEC 5. A row that one of the
// two changes alone, a detail name without a number, or a relation that no code knows, would break it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { kinds, RELATIONS } from '../../verify/page/core/kinds.js';
import { detailName, detailNumber } from '../../verify/page/core/words.js';

const spec = readFileSync('SPEC.md', 'utf8');
let passed = 0;
const test = (name, body) => {
  body();
  passed++;
  console.log(`ok ${name}`);
};

const rows = spec.split('\n')
  .filter((line) => /^\| \d+ \|/.test(line))
  .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim().replaceAll('`', '')))
  .filter((cells) => cells.length === 9);

test('SPEC has 46 kinds, and the page as many', () => {
  assert.equal(rows.length, 46);
  assert.equal(kinds.length, 46);
});

test('each row says what SPEC 7.2 says', () => {
  const types = ['', 'ledger', 'person', 'place', 'case', 'item', 'container'];
  for (const [kind, name, signers, roles, typeWords, states, must, may, moves] of rows) {
    const row = kinds[Number(kind)];
    const listed = (letter, numbers) => numbers.map((number) => letter + number);
    const musts = [...listed('p', row.mustPayload), ...listed('f', row.mustFacts),
      ...row.mustDetails.map((number) => `d ${detailName(number)}`)].join(' ');
    const mays = [...listed('p', row.mayPayload), ...listed('f', row.mayFacts)].join(' ');
    const after = row.after === null ? '' : `${row.before.join(', ')} → ${row.after}`.trim();
    assert.deepEqual(
      [row.kind, row.name, row.signers, row.roles.join(' '), row.types.map((type) => types[type]).join(' '), after, musts,
        mays, row.moves],
      [Number(kind), name, signers, roles, typeWords, states, must, may, moves === 'M']);
  }
});

test('slots name known offices and relations', () => {
  const relations = [...RELATIONS, 'carer or holder', null];
  for (const row of kinds) {
    for (const slot of row.slots) {
      assert.ok(relations.includes(slot.relation), `${row.name}: ${slot.relation}`);
      assert.ok(slot.offices === null || slot.offices.every((office) => office >= 1 && office <= 8), row.name);
    }
  }
  assert.deepEqual(kinds[35].slots, [{ offices: null, relation: 'holder' }, { offices: null, relation: 'other' },
    { offices: [7, 8], relation: null }]);
  assert.deepEqual(kinds[4].slots, []);
});

test('details have the numbers of SPEC 5.4', () => {
  const section = spec.slice(spec.indexOf('### 5.4'), spec.indexOf('## 6.'));
  const pairs = [...section.matchAll(/(\d+) `([a-z-]+)`/g)];
  assert.ok(pairs.length > 70);
  for (const [, number, name] of pairs) {
    assert.equal(detailName(Number(number)), name);
    assert.equal(detailNumber(name), Number(number));
  }
  assert.equal(detailName(12), '');
});

console.log(`${passed} passed, 0 failed`);
