// SPDX-License-Identifier: Apache-2.0
// trust: signatures (SPEC 2.4), notes and policies (3.6) as the page reads them. A second valid signature made from a first, a key that
// fits every message, a line of a note or policy that is read otherwise than it stands there: any of these breaks it.

import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import { corePart, makeRandom, runTests } from './core_parts.mjs';

const core = await corePart(['keys', 'bytes', 'note', 'policy'],
  "export { ed25519 } from '@noble/curves/ed25519';\nexport { p256 } from '@noble/curves/p256';\n");
const { verifyEd25519, verifySignature, validKey } = core;
const random = makeRandom(24);
const Point = core.ed25519.Point;
const order = core.ed25519.CURVE.n;
const bytesOf = (text) => new Uint8Array(Buffer.from(text));
const sha512 = (...parts) => createHash('sha512').update(Buffer.concat(parts)).digest();
const ofLittle = (bytes) => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
const toLittle = (number, length = 32) => new Uint8Array(Buffer.from(number.toString(16).padStart(2 * length, '0'), 'hex').reverse());
const flipped = (bytes, at) => bytes.map((byte, i) => (i === at ? byte ^ (1 << random(8)) : byte));

// ---- Ed25519 --------------------------------------------------------------------------------

const ed = generateKeyPairSync('ed25519');
const edKey = new Uint8Array(ed.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
const edSign = (message) => new Uint8Array(sign(null, message, ed.privateKey));

function edAgrees() {
  for (let round = 0; round < 60; round++) {
    const message = Uint8Array.from({ length: random(200) }, () => random(256));
    const signature = edSign(message);
    assert.ok(verifyEd25519(edKey, message, signature));
    assert.ok(!verifyEd25519(edKey, message, flipped(signature, random(64))));
    assert.ok(!verifyEd25519(edKey, core.joinBytes(message, Uint8Array.of(0)), signature));
    assert.ok(!verifyEd25519(edKey, message, signature.subarray(0, 63)));
  }
}

function edMalleable() {
  const message = bytesOf('a seal');
  const signature = edSign(message);
  const other = core.joinBytes(signature.subarray(0, 32), toLittle(ofLittle(signature.subarray(32)) + order));
  assert.ok(!verifyEd25519(edKey, message, other));
}

/** The eight points of small order, from one of order 8. */
function smallOrder() {
  for (let y = 2n; ; y++) {
    try {
      const torsion = Point.fromBytes(toLittle(y)).multiplyUnsafe(order - 1n).add(Point.fromBytes(toLittle(y)));
      if (!torsion.multiplyUnsafe(4n).is0()) return Array.from({ length: 8 }, (_, i) => torsion.multiplyUnsafe(BigInt(i)));
    } catch {
      continue;
    }
  }
}

function edSmallOrder() {
  const points = smallOrder();
  assert.equal(new Set(points.map((point) => point.toHex())).size, 8);
  for (const point of points) {
    const key = point.toBytes();
    assert.ok(!validKey(-19, key));
    for (const r of points) assert.ok(!verifyEd25519(key, bytesOf('any'), core.joinBytes(r.toBytes(), new Uint8Array(32))));
  }
  // A signature whose R is of small order by a good key: s = k a.
  const a = 12345678901234567890n;
  const key = Point.BASE.multiply(a).toBytes();
  for (const r of points) {
    const k = ofLittle(sha512(r.toBytes(), key, bytesOf('any'))) % order;
    assert.ok(!verifyEd25519(key, bytesOf('any'), core.joinBytes(r.toBytes(), toLittle((k * a) % order))));
  }
}

function edCofactorless() {
  const [torsion] = smallOrder().slice(1);
  const a = 98765432109876543210n;
  const key = Point.BASE.multiply(a).add(torsion).toBytes();
  assert.ok(validKey(-19, key));
  let held = 0;
  for (let nonce = 1n; nonce <= 40n; nonce++) {
    const r = Point.BASE.multiply(nonce).toBytes();
    const k = ofLittle(sha512(r, key, bytesOf('mixed'))) % order;
    const signature = core.joinBytes(r, toLittle((nonce + k * a) % order));
    assert.equal(verifyEd25519(key, bytesOf('mixed'), signature), k % 8n === 0n);
    held += k % 8n === 0n ? 1 : 0;
  }
  assert.ok(held > 0 && held < 40);
}

function edKeys() {
  const p = 2n ** 255n - 19n;
  for (let y = p; y < 2n ** 255n; y++) {
    assert.ok(!validKey(-19, toLittle(y)), 'y >= p');
    assert.ok(!validKey(-19, toLittle(y + 2n ** 255n)), 'y >= p');
  }
  let refused = 0;
  for (let y = 2n; y < 60n; y++) refused += validKey(-19, toLittle(y)) ? 0 : 1;
  assert.ok(refused > 10 && refused < 50, 'half of all y are no point');
  assert.ok(!validKey(-19, edKey.subarray(1)) && !validKey(-19, core.joinBytes(edKey, Uint8Array.of(0))) && !validKey(-8, edKey));
}

// ---- P-256 ----------------------------------------------------------------------------------

const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const n = core.p256.CURVE.n;
const ofBig = (bytes) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const toBig = (number) => new Uint8Array(Buffer.from(number.toString(16).padStart(64, '0'), 'hex'));
const ecRaw = ec.publicKey.export({ format: 'der', type: 'spki' }).subarray(-65);
const ecKey = core.joinBytes(Uint8Array.of(2 + (ecRaw[64] & 1)), new Uint8Array(ecRaw.subarray(1, 33)));

/** A signature with low s, and the other one of the pair. */
function ecSign(message) {
  const made = new Uint8Array(sign('sha256', message, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' }));
  const s = ofBig(made.subarray(32));
  const low = s > n / 2n ? n - s : s;
  return { low: core.joinBytes(made.subarray(0, 32), toBig(low)), high: core.joinBytes(made.subarray(0, 32), toBig(n - low)) };
}

function ecAgrees() {
  for (let round = 0; round < 25; round++) {
    const message = Uint8Array.from({ length: random(200) }, () => random(256));
    const { low, high } = ecSign(message);
    assert.ok(verify('sha256', message, { key: ec.publicKey, dsaEncoding: 'ieee-p1363' }, high), 'a library takes it');
    assert.ok(verifySignature(-9, ecKey, message, low));
    assert.ok(!verifySignature(-9, ecKey, message, high), 'high s');
    assert.ok(!verifySignature(-9, ecKey, message, flipped(low, random(64))));
    assert.ok(!verifySignature(-19, ecKey, message, low));
  }
}

function ecBounds() {
  const message = bytesOf('bounds');
  const { low } = ecSign(message);
  for (const r of [0n, n, 2n ** 256n - 1n]) assert.ok(!verifySignature(-9, ecKey, message, core.joinBytes(toBig(r), low.subarray(32))));
  for (const s of [0n, n, n - 1n]) assert.ok(!verifySignature(-9, ecKey, message, core.joinBytes(low.subarray(0, 32), toBig(s))));
  assert.ok(!verifySignature(-9, ecKey, message, new Uint8Array(64)));
}

function ecKeys() {
  assert.ok(validKey(-9, ecKey));
  for (const lead of [0, 1, 4, 5, 6]) assert.ok(!validKey(-9, core.joinBytes(Uint8Array.of(lead), ecKey.subarray(1))));
  assert.ok(!validKey(-9, new Uint8Array(ecRaw)) && !validKey(-9, ecKey.subarray(1)) && !validKey(-9, Uint8Array.of(0)));
  assert.ok(!validKey(-9, core.joinBytes(Uint8Array.of(2), toBig(core.p256.CURVE.p))), 'x >= p');
  const points = Array.from({ length: 40 }, (_, x) => validKey(-9, core.joinBytes(Uint8Array.of(2), toBig(BigInt(x)))));
  assert.ok(points.includes(true) && points.includes(false));
}

// ---- notes ----------------------------------------------------------------------------------

const origin = 'port.example/evidence/x';
const root = Buffer.alloc(32, 7).toString('base64');
const text = `${origin}\n12\n${root}\n`;
const idOf = (name, type, key) => core.keyId(bytesOf(name), type, key);
const line = (name, id, value) => `\u2014 ${name} ${Buffer.concat([id, value]).toString('base64')}\n`;
const logId = idOf(origin, 1, edKey);
const logLine = (of = text) => line(origin, logId, edSign(bytesOf(of)));
const parse = (note) => core.parseNote(bytesOf(note));

function notesRead() {
  const note = parse(`${text}\n${logLine()}${line('other', Buffer.alloc(4), Buffer.alloc(1))}`);
  assert.deepEqual([note.origin, note.size, note.lines.length], [origin, 12, 2]);
  assert.equal(Buffer.from(note.text).toString(), text);
  assert.equal(core.noteSigned(note, origin, logId, edKey), 'valid');
  assert.equal(core.noteSigned(note, 'else', logId, edKey), 'absent');
  assert.equal(core.noteSigned(parse(`${text}\n${logLine()}${logLine()}`), origin, logId, edKey), 'invalid');
  assert.equal(core.noteSigned(parse(`${text.replace('12', '13')}\n${logLine()}`), origin, logId, edKey), 'invalid');
  assert.notEqual(parse(`${text}\n${logLine().repeat(64)}`), null);
  assert.notEqual(parse(`${text.replace('12', String(Number.MAX_SAFE_INTEGER))}\n${logLine()}`), null);
}

function notesRefused() {
  const whole = `${text}\n${logLine()}`;
  const wrong = [
    '', '\n', text, `${text}\n`, whole.slice(0, -1), `${whole}\n`, `\n${whole}`, whole.replace('\n\n', '\n'), whole.replace('\n\n', '\n\n\n'),
    whole.replace('\n12\n', '\n012\n'), whole.replace('\n12\n', '\n+12\n'), whole.replace('\n12\n', '\n1e1\n'), whole.replace('\n12\n', '\n\n'),
    whole.replace('\n12\n', '\n9007199254740992\n'), whole.replace('\n12\n', '\n99999999999999999999\n'), whole.replace('\n12\n', '\n12 \n'),
    whole.replace(root, root.replace('=', '')), whole.replace(root, root.slice(4)), whole.replace(`${root}\n`, `${root}\nextension\n`),
    whole.replaceAll(origin, ''), whole.replaceAll('\n', '\r\n'), whole.replace('12', '12\u202e'), whole.replace(origin, `${origin}\u0085`),
    whole.replace('\u2014', '-'), whole.replace('\u2014 ', '\u2014'), whole.replace('\u2014 ', '\u2014  '), `${text}\n${line('', logId, edKey)}`,
    `${text}\n${line('a+b', logId, edKey)}`, `${text}\n${line('a\u00a0b', logId, edKey)}`, `${text}\n${line('a\u3000b', logId, edKey)}`,
    `${text}\n${line('a', logId, Buffer.alloc(0))}`, `${text}\n\u2014 a AAAAAAA\n`, `${text}\n\u2014 a AAAAAAB=\n`, `${text}\n\u2014 a\n`,
    `${text}\n${logLine().replace(' ', '\t')}`, `${text}\n${logLine().repeat(65)}`, `${text}\n${line('a', logId, Buffer.alloc(60000))}`,
  ];
  wrong.forEach((note, i) => assert.equal(parse(note), null, `note ${i}: ${JSON.stringify(note.slice(0, 120))}`));
  assert.equal(core.parseNote(core.joinBytes(bytesOf(origin), Uint8Array.of(0xff), bytesOf(`\n12\n${root}\n\n${logLine()}`))), null);
}

function cosignatures() {
  const witness = { keyName: 'w.example', id: idOf('w.example', 4, edKey), key: edKey };
  const cosign = (time) => {
    const stamp = Buffer.alloc(8);
    stamp.writeBigUInt64BE(time);
    return line('w.example', witness.id, Buffer.concat([stamp, edSign(bytesOf(`cosignature/v1\ntime ${time}\n${text}`))]));
  };
  const stateOf = (...lines) => core.cosignatureOf(parse(`${text}\n${logLine()}${lines.join('')}`), witness);
  assert.deepEqual(stateOf(cosign(1700000000n)), { state: 'valid', time: 1700000000 });
  assert.deepEqual(stateOf(), { state: 'absent', time: null });
  for (const wrong of [[cosign(1n), cosign(1n)], [cosign(2n ** 53n)], [line('w.example', witness.id, edSign(bytesOf(text)))]]) {
    assert.deepEqual(stateOf(...wrong), { state: 'invalid', time: null });
  }
}

// ---- policies -------------------------------------------------------------------------------

const keys = Array.from({ length: 70 }, (_, i) => Point.BASE.multiply(BigInt(i + 2)).toBytes());
function vkey(name, type, key) {
  const id = Buffer.from(idOf(name, type, key)).toString('hex');
  return `${name}+${id}+${Buffer.concat([Uint8Array.of(type), key]).toString('base64')}`;
}
const log = `log ${vkey(origin, 1, edKey)}\n`;
const witnessLine = (i) => `witness w${i} ${vkey(`w${i}.example`, 4, keys[i])}\n`;
const policyOf = (lines) => core.parsePolicy(bytesOf(lines));

function policiesRead() {
  const policy = policyOf(`# court\n\n\t ${log.trim()} https://x \t\n${witnessLine(0)}${witnessLine(1)}group g 1 w0 w1\nquorum g\n`);
  assert.deepEqual(policy.logs.map(({ name }) => name), [origin]);
  assert.deepEqual(policy.witnesses.map(({ name, keyName }) => [name, keyName]), [['w0', 'w0.example'], ['w1', 'w1.example']]);
  assert.deepEqual(policy.groups, [{ name: 'g', threshold: 1, members: ['w0', 'w1'] }]);
  assert.deepEqual([policy.quorum, policy.auditors, policy.splitPossible], ['g', null, true]);
  assert.notEqual(policyOf('quorum none\n'), null);
  assert.equal(core.parsePolicy(Buffer.concat([bytesOf(`${log}quorum none\n# `), Uint8Array.of(0xff, 0x0a)])), null);
}

function policiesRefused() {
  const two = `${log}${witnessLine(0)}${witnessLine(1)}`;
  const long = 'x'.repeat(256);
  const wrong = [
    '', '\n', log, 'quorum none', `${log}quorum none\nquorum none\n`, `${log}quorum\n`, `${log}quorum none x\n`, `${log}quorum w\n`, `${log}other x\nquorum none\n`,
    `${log}quorum none\r\n`, `${log}# \u007f\nquorum none\n`, `${log}\u000bquorum none\n`, `${log}Quorum none\n`, `quorum w0\n${witnessLine(0)}`,
    `${log}${log}quorum none\n`, `log\nquorum none\n`, `${log.trim()} url more\nquorum none\n`, `${two}quorum w2\n`, `${witnessLine(0)}${witnessLine(0)}quorum none\n`,
    `${log}witness w ${vkey('w', 4, edKey)}\nquorum none\n`, `witness none ${vkey('w', 4, keys[1])}\nquorum none\n`, `witness auditors ${vkey('w', 4, keys[1])}\nquorum none\n`,
    `${two}group w0 any w1\nquorum none\n`, `${two}group none any w1\nquorum none\n`, `${two}group g any\nquorum none\n`, `${two}group g 0 w0\nquorum none\n`,
    `${two}group g 3 w0 w1\nquorum none\n`, `${two}group g 01 w0\nquorum none\n`, `${two}group g -1 w0\nquorum none\n`, `${two}group g some w0\nquorum none\n`,
    `${two}group g any w0 w0\nquorum none\n`, `${two}group g any w0\ngroup h any w0\nquorum none\n`, `${two}group g any g\nquorum none\n`, `${two}group g any none\nquorum none\n`,
    `${two}group g any h\ngroup h any w0\nquorum none\n`, `log ${vkey('a b', 1, edKey)}\nquorum none\n`, `log ${vkey('a\u00a0b', 1, edKey)}\nquorum none\n`,
    `log ${vkey('', 1, edKey)}\nquorum none\n`, `log ${vkey(long, 1, edKey)}\nquorum none\n`, `log ${vkey('a', 4, edKey)}\nquorum none\n`, `witness w ${vkey('a', 1, edKey)}\nquorum none\n`,
    `log ${vkey('a', 1, edKey).replace(/\+[0-9a-f]{8}\+/, '+00000000+')}\nquorum none\n`, `log ${vkey('a', 1, new Uint8Array(32))}\nquorum none\n`,
    `log ${vkey('a', 1, Point.ZERO.toBytes())}\nquorum none\n`, `log ${vkey('a', 1, edKey.subarray(1))}\nquorum none\n`, `log a+b\nquorum none\n`,
    `${keys.slice(0, 33).map((key, i) => `log ${vkey(`l${i}`, 1, key)}\n`).join('')}quorum none\n`,
    `${Array.from({ length: 65 }, (_, i) => witnessLine(i)).join('')}quorum none\n`, `${log}quorum none\n# ${'x'.repeat(65536)}\n`,
  ];
  wrong.forEach((policy, i) => assert.equal(policyOf(policy), null, `policy ${i}: ${JSON.stringify(policy.slice(-120))}`));
}

/** A policy of random groups over some witnesses; each name is listed once at most. */
function randomPolicy(witnesses) {
  const names = Array.from({ length: witnesses }, (_, i) => `w${i}`);
  let free = [...names];
  let lines = names.map((_, i) => witnessLine(i)).join('');
  for (let g = 0; g < 4 && free.length > 0; g++) {
    const members = free.filter(() => random(3) > 0);
    if (members.length === 0) continue;
    lines += `group g${g} ${1 + random(members.length)} ${members.join(' ')}\n`;
    free = [...free.filter((name) => !members.includes(name)), `g${g}`];
  }
  return { names, policy: policyOf(`${lines}quorum ${free[free.length - 1]}\n`) };
}

function splitViews() {
  for (let round = 0; round < 300; round++) {
    const { names, policy } = randomPolicy(1 + random(6));
    const satisfying = Array.from({ length: 2 ** names.length }, (_, set) => set)
      .filter((set) => core.isSatisfied(policy, policy.quorum, new Set(names.filter((_, i) => set & (1 << i)))));
    assert.ok(satisfying.length > 0);
    assert.equal(policy.splitPossible, satisfying.some((a) => satisfying.some((b) => (a & b) === 0)), `round ${round}`);
  }
  assert.ok(policyOf('quorum none\n').splitPossible);
}

function auditors() {
  const lines = [0, 1, 2].map(witnessLine).join('');
  const policy = policyOf(`${lines}group inner any w0 w1\ngroup auditors all inner\nquorum w2\n`);
  assert.deepEqual(['w0', 'w1', 'w2'].map((name) => core.isMember(policy, policy.auditors, name)), [true, true, false]);
  assert.ok(core.isSatisfied(policy, 'auditors', new Set(['w1'])) && !core.isSatisfied(policy, 'auditors', new Set(['w2'])));
}

runTests([
  ['Ed25519 agrees with another library, and a changed bit does not', edAgrees],
  ['Ed25519: S + L is no second signature', edMalleable],
  ['Ed25519: neither keys nor R of small order', edSmallOrder],
  ['Ed25519: the equation has no cofactor', edCofactorless],
  ['Ed25519: y below p, on the curve, 32 bytes', edKeys],
  ['ESP256 agrees with another library, but for high s', ecAgrees],
  ['ESP256: r and s within their bounds', ecBounds],
  ['ESP256: compressed points on the curve alone', ecKeys],
  ['notes: read as they stand, signed once', notesRead],
  ['notes: anything else is none', notesRefused],
  ['cosignatures', cosignatures],
  ['policies: read as they stand', policiesRead],
  ['policies: anything else is none', policiesRefused],
  ['split views: as all pairs of sets say', splitViews],
  ['auditors, through groups', auditors],
]);
