// SPDX-License-Identifier: Apache-2.0
// reading: the page's strict readers: CBOR (SPEC 2.1), proofs (RFC 9162), encodings, names, and bundles that somebody damaged.
// A reader that accepts what 2.1 refuses, a proof that holds for another leaf or size, or an exception that is no Stop breaks it.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { corePart, makeRandom, runTests } from './core_parts.mjs';

const core = await corePart(['cbor', 'check', 'bytes', 'text', 'merkle', 'names', 'reading']);
const { Stop, attempt, decode, encode } = core;
const random = makeRandom(6);
const hex = (text) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const isRefused = (bytes) => {
  assert.throws(() => decode(bytes), (stop) => stop instanceof Stop && stop.code === 'unreadable' && Number.isInteger(stop.byte));
};

// ---- CBOR -----------------------------------------------------------------------------------

const accepted = [
  ['00', 0], ['17', 23], ['1818', 24], ['18ff', 255], ['190100', 256], ['19ffff', 65535], ['1a00010000', 65536], ['1affffffff', 4294967295],
  ['1b0000000100000000', 4294967296], ['1b001fffffffffffff', Number.MAX_SAFE_INTEGER], ['20', -1], ['37', -24], ['3818', -25],
  ['3b001ffffffffffffe', Number.MIN_SAFE_INTEGER], ['40', new Uint8Array(0)], ['4201ff', Uint8Array.of(1, 255)], ['60', ''], ['6161', 'a'],
  ['62c3bc', '\u00fc'], ['64f0908591', '\u{10151}'], ['63efbbbf', '\ufeff'], ['80', []], ['83010203', [1, 2, 3]], ['f4', false], ['f5', true], ['f6', null],
];
const refused = [
  ['empty', ''], ['something behind it', '0000'], ['head of 1 for 0', '1800'], ['head of 1 for 23', '1817'], ['head of 2 for 255', '1900ff'],
  ['head of 4 for 65535', '1a0000ffff'], ['head of 8 for 2^32-1', '1b00000000ffffffff'], ['2^53', '1b0020000000000000'], ['2^64-1', '1bffffffffffffffff'],
  ['-2^53', '3b001fffffffffffff'], ['-2^53-1', '3b0020000000000000'], ['reserved 28', '1c'], ['reserved 30', '5e'], ['indefinite bytes', '5f4101ff'],
  ['indefinite text', '7f6161ff'], ['indefinite array', '9f01ff'], ['indefinite map', 'bf0102ff'], ['break alone', 'ff'], ['tag', 'c000'], ['tag 24', 'd81840'],
  ['float 16', 'f93c00'], ['float 32', 'fa3f800000'], ['float 64', 'fb3ff0000000000000'], ['undefined', 'f7'], ['simple 0', 'e0'], ['simple 255', 'f8ff'],
  ['simple in two bytes', 'f814'], ['head cut off', '19ff'], ['bytes cut off', '4201'], ['text cut off', '6261'], ['array cut off', '8201'], ['map cut off', 'a101'],
  ['count beyond the file', '9a0fffffff00'], ['pairs beyond the file', 'ba0fffffff00'], ['keys descend', 'a201000000'], ['keys equal', 'a200000000'],
  ['keys by value, not by bytes', 'a2200018180000'], ['negative key before', 'a2200000 00'], ['text: lone byte', '61ff'], ['text: overlong', '62c080'],
  ['text: surrogate', '63eda080'], ['text: beyond U+10FFFF', '64f4908080'], ['text: cut character', '61c3'],
];
const refusedCharacters = [
  [0x00, 0x1f], [0x7f, 0x9f], [0x2028, 0x2029], [0x061c, 0x061c], [0x200e, 0x200f], [0x202a, 0x202e], [0x2066, 0x2069],
];

function cborAccepts() {
  for (const [bytes, value] of accepted) {
    assert.deepEqual(decode(hex(bytes)), value, bytes);
    assert.equal(Buffer.from(encode(value)).toString('hex'), bytes);
  }
  assert.deepEqual([...decode(hex('a3000120024161 03'))], [[0, 1], [-1, 2], [Uint8Array.of(0x61), 3]]);
}

function cborRefuses() {
  for (const [what, bytes] of refused) {
    assert.throws(() => decode(hex(bytes)), Stop, what);
    isRefused(hex(bytes));
  }
}

function cborCharacters() {
  for (let code = 0; code <= 0x2100; code++) {
    const bytes = encode(String.fromCodePoint(code));
    if (refusedCharacters.some(([from, to]) => code >= from && code <= to)) isRefused(bytes);
    else assert.equal(decode(bytes), String.fromCodePoint(code));
  }
}

function cborDepth() {
  const nested = (depth) => Uint8Array.from([...Array(depth - 1).fill(0x81), 0x00]);
  decode(nested(16));
  isRefused(nested(17));
  isRefused(nested(100000));
}

function cborRandom() {
  for (let round = 0; round < 20000; round++) {
    const bytes = Uint8Array.from({ length: random(24) }, () => random(256));
    const item = attempt(() => [decode(bytes)]);
    if (item !== null) assert.deepEqual(encode(item[0]), bytes);
  }
}

// ---- trees ----------------------------------------------------------------------------------

const sha256 = (...parts) => new Uint8Array(createHash('sha256').update(Buffer.concat(parts.map((part) => Uint8Array.from(part)))).digest());
const leaves = Array.from({ length: 40 }, (_, i) => sha256([0, i]));
const below = (size) => 2 ** Math.floor(Math.log2(size - 1));

/** MTH, PATH and SUBPROOF of RFC 6962 2.1, as they stand there. */
function treeRoot(hashes) {
  if (hashes.length === 1) return hashes[0];
  const k = below(hashes.length);
  return sha256([1], treeRoot(hashes.slice(0, k)), treeRoot(hashes.slice(k)));
}

function inclusionPath(index, hashes) {
  if (hashes.length === 1) return [];
  const k = below(hashes.length);
  return index < k
    ? [...inclusionPath(index, hashes.slice(0, k)), treeRoot(hashes.slice(k))]
    : [...inclusionPath(index - k, hashes.slice(k)), treeRoot(hashes.slice(0, k))];
}

function consistencyPath(size, hashes, isWhole = true) {
  if (size === hashes.length) return isWhole ? [] : [treeRoot(hashes)];
  const k = below(hashes.length);
  return size <= k
    ? [...consistencyPath(size, hashes.slice(0, k), isWhole), treeRoot(hashes.slice(k))]
    : [...consistencyPath(size - k, hashes.slice(k), false), treeRoot(hashes.slice(0, k))];
}

function inclusion() {
  for (let size = 1; size <= leaves.length; size++) {
    const root = treeRoot(leaves.slice(0, size));
    for (let index = 0; index < size; index++) {
      const path = inclusionPath(index, leaves.slice(0, size));
      const leads = (leaf, at, of, nodes) => {
        const reached = core.rootFromInclusion(leaf, at, of, nodes);
        return reached !== null && core.equalBytes(reached, root);
      };
      assert.ok(leads(leaves[index], index, size, path));
      assert.ok(!leads(leaves[(index + 1) % leaves.length], index, size, path));
      assert.ok(index + 1 >= size || !leads(leaves[index], index + 1, size, path));
      assert.ok(!leads(leaves[index], index, size, [...path, root]));
      assert.ok(path.length === 0 || !leads(leaves[index], index, size, path.slice(0, -1)));
      assert.ok(!leads(leaves[index], size, size, path));
    }
  }
}

function consistency() {
  for (let size = 1; size <= leaves.length; size++) {
    const root = treeRoot(leaves.slice(0, size));
    for (let old = 1; old <= size; old++) {
      const oldRoot = treeRoot(leaves.slice(0, old));
      const path = consistencyPath(old, leaves.slice(0, size));
      assert.ok(core.isConsistent(old, oldRoot, size, root, path), `${old} ${size}`);
      assert.ok(!core.isConsistent(old, leaves[39], size, root, path));
      assert.ok(!core.isConsistent(old, oldRoot, size, leaves[39], path));
      assert.ok(!core.isConsistent(old, oldRoot, size, root, [...path, root]));
      assert.ok(path.length === 0 || !core.isConsistent(old, oldRoot, size, root, path.slice(1)));
      assert.ok(old === size || !core.isConsistent(old, oldRoot, size, root, []));
    }
  }
}

function hugeTrees() {
  const size = Number.MAX_SAFE_INTEGER;
  const path = Array.from({ length: 53 }, (_, i) => leaves[i % 40]);
  assert.notEqual(core.rootFromInclusion(leaves[0], 0, size, path), null);
  assert.equal(core.rootFromInclusion(leaves[0], 0, size, path.slice(1)), null);
  assert.equal(core.rootFromInclusion(leaves[0], size, size, path), null);
  assert.ok(!core.isConsistent(2 ** 52, leaves[0], size, leaves[1], path));
}

// ---- encodings and names --------------------------------------------------------------------

function encodings() {
  for (let round = 0; round < 500; round++) {
    const bytes = Uint8Array.from({ length: random(70) }, () => random(256));
    const base64 = Buffer.from(bytes).toString('base64');
    assert.equal(core.toBase64(bytes), base64);
    assert.deepEqual(core.fromBase64(base64), bytes);
    assert.equal(core.toHex(bytes), Buffer.from(bytes).toString('hex'));
    assert.deepEqual(core.fromHex(core.toHex(bytes)), bytes);
  }
  assert.equal(core.toBase32(new TextEncoder().encode('foobar')), 'mzxw6ytboi');
  for (const wrong of ['AA=', 'AB==', 'AAB=', 'A===', '====', 'AA==AAAA', 'AA-_', 'AAA\n', 'AAAA ', 'A']) assert.equal(core.fromBase64(wrong), null, wrong);
  for (const wrong of ['0', 'AA', '0g', ' 0']) assert.equal(core.fromHex(wrong), null, wrong);
}

function texts() {
  const samples = ['', 'a', 'ab', '\u00e9', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}', 'a\u{10400}', 'a\u{10401}', 'a\ufffd'];
  for (const a of samples) {
    assert.equal(core.utf8Length(a), Buffer.from(a).length);
    for (const b of samples) assert.equal(Math.sign(core.compareText(a, b)), Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))), `${a} ${b}`);
  }
  assert.equal(core.escapeBytes(Uint8Array.of(0x61, 0x5c, 0xff, 0x0a, 0xc3, 0xa9, 0xc3, 0xe2, 0x80, 0xae, 0xf0, 0x9f)), 'a\\x5c\\xff\\x0a\u00e9\\xc3\\u{202e}\\xf0\\x9f');
}

function names() {
  assert.equal(core.printedName('KHPP', 1042), 'KHPP-1042-4');
  const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const right = 'KHPP1042';
  for (let at = 0; at < right.length; at++) {
    for (const letter of letters) {
      const other = right.slice(0, at) + letter + right.slice(at + 1);
      assert.equal(core.checkCharacter(other) === '4', other === right, other);
    }
  }
  for (const good of ['a', 'dryport.customs.example/evidence', 'a-b/c.d', 'training-x', 'x'.repeat(64)]) assert.ok(core.isOrigin(good), good);
  for (const bad of ['', 'A', 'a/', '/a', 'a//b', 'a/./b', 'a/../b', 'a/training', 'training', 'a b', 'a\n', 'x'.repeat(65), '\u00e9']) assert.ok(!core.isOrigin(bad), bad);
  for (const good of ['AB', 'A1234567']) assert.ok(core.isCode(good));
  for (const bad of ['A', '1A', 'Ab', 'A12345678', 'AB\n', 'A-']) assert.ok(!core.isCode(bad), bad);
}

// ---- bundles that somebody damaged ----------------------------------------------------------

const folder = 'tests/vectors';
const read = (name) => new Uint8Array(readFileSync(`${folder}/${name}`));
const policy = read('station.policy');

/** How far the reading steps come: the code that stops them, or null. Anything thrown that is no Stop is thrown on. */
function stopOf(bytes, trust = policy) {
  const check = core.openCheck(bytes, trust, {});
  try {
    core.runSteps(check, core.readingSteps);
    return null;
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop;
    assert.equal(check.steps.at(-1).result, 'stop');
    return stop.code;
  }
}

function withCheck(bytes) {
  bytes.set(sha256(bytes.subarray(0, bytes.length - 34)), bytes.length - 32);
  return bytes;
}

function truncated() {
  const bytes = read('smallest.bundle');
  assert.equal(stopOf(bytes), null);
  for (let length = 0; length < bytes.length; length++) assert.equal(stopOf(bytes.subarray(0, length)), 'transport');
}

function everyByte() {
  const bytes = read('smallest.bundle');
  for (let at = 0; at < bytes.length; at++) {
    const other = bytes.slice();
    other[at] ^= 1 << random(8);
    assert.equal(stopOf(other), 'transport');
    if (at < bytes.length - 34) assert.notEqual(stopOf(withCheck(other)), null, `byte ${at} says nothing`);
  }
}

function anyBundle() {
  const files = readdirSync(folder).filter((name) => name.endsWith('.bundle'));
  const policies = readdirSync(folder).filter((name) => name.endsWith('.policy'));
  for (let round = 0; round < 600; round++) {
    const bytes = read(files[random(files.length)]).slice();
    if (bytes.length < 100) continue;
    for (let times = random(3); times >= 0; times--) bytes[random(bytes.length)] = random(256);
    stopOf(withCheck(bytes), read(policies[random(policies.length)]));
  }
}

/** The smallest bundle with another item where one stood. */
function changed(change) {
  const item = decode(read('smallest.bundle'));
  change(item);
  return withCheck(encode(item));
}

function layout() {
  const codes = [
    [(item) => { item[0] = 'unbroken bundle/2'; }, 'version'],
    [(item) => { item[0] = 'unbroken fork/1'; }, 'unreadable'],
    [(item) => { item[0] = 'other'; }, 'unreadable'],
    [(item) => { item[4] = []; }, 'unreadable'],
    [(item) => { item[4] = [2, 1]; }, 'unreadable'],
    [(item) => { item[4] = [1, 1]; }, 'unreadable'],
    [(item) => { item[4] = [3]; }, 'never-issued'],
    [(item) => { item[2] = item[2].subarray(0, item[2].length - 1); }, 'unreadable'],
    [(item) => { item[2] = core.joinBytes(item[2], item[2].subarray(0, 32)); }, 'unreadable'],
    [(item) => { item[2] = core.joinBytes(item[2], new Uint8Array(32)); }, 'unreadable'],
    [(item) => { item[3].reverse(); }, 'unreadable'],
    [(item) => { item[3][0][1] = [1]; }, 'unreadable'],
    [(item) => { item[3][0][1] = [0, 0]; }, 'not-in-tree'],
    [(item) => { item[5].reverse(); }, 'unreadable'],
    [(item) => { item[6] = [[1, []]]; }, 'surplus'],
    [(item) => { item[6] = [[2, []], [1, []]]; }, 'unreadable'],
    [(item) => { item[9] = [Uint8Array.of(0x80)]; }, 'surplus'],
    [(item) => { item[9] = [Uint8Array.of(0x80), Uint8Array.of(0x80)]; }, 'unreadable'],
    [(item) => { item[10] = [Uint8Array.of(0x80)]; }, 'surplus'],
    [(item) => { item[11] = [Uint8Array.of(1), Uint8Array.of(1)]; }, 'unreadable'],
    [(item) => { item[11] = [Uint8Array.of(1)]; }, 'surplus'],
    [(item) => { item.push(0); }, 'transport'],
  ];
  codes.forEach(([change, code], i) => assert.equal(stopOf(changed(change)), code, `change ${i}`));
}

runTests([
  ['CBOR: what 2.1 allows is read, and written the same', cborAccepts],
  ['CBOR: what 2.1 refuses is refused, with its place', cborRefuses],
  ['CBOR: exactly the characters of 2.1 are refused', cborCharacters],
  ['CBOR: depth 16 and no more', cborDepth],
  ['CBOR: whatever is read is written the same', cborRandom],
  ['inclusion proofs, all of 40 sizes, and none for another leaf, place, size or length', inclusion],
  ['consistency proofs, all of 40 sizes, and none for another root or length', consistency],
  ['proofs at 2^53', hugeTrees],
  ['hex, base64 and base32 are canonical', encodings],
  ['texts are ordered by bytes and escaped', texts],
  ['names, codes and origins', names],
  ['a bundle that is cut off anywhere is damaged on its way', truncated],
  ['no byte of the smallest bundle can be another', everyByte],
  ['damaged vectors under any policy end in a verdict', anyBundle],
  ['the outer layer, item by item', layout],
]);
