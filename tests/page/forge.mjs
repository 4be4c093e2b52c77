// SPDX-License-Identifier: Apache-2.0
// forge: a ledger in memory for tests of the page, made from SPEC.md: acts are signed and logged, whatever rule of custody they
// break, and a bundle of them has everything in form. It checks nothing. Its encoder, tree and closure are its own.

import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';

export const H = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const text = (words) => Buffer.from(words, 'utf8');

/** Deterministic CBOR of integers, bytes, texts, arrays, Maps with integer keys, false, true, null. */
export function cbor(item) {
  if (item === null) return Buffer.from([0xf6]);
  if (typeof item === 'boolean') return Buffer.from([item ? 0xf5 : 0xf4]);
  if (typeof item === 'number') return item < 0 ? head(1, -1 - item) : head(0, item);
  if (typeof item === 'string') return Buffer.concat([head(3, text(item).length), text(item)]);
  if (item instanceof Uint8Array) return Buffer.concat([head(2, item.length), item]);
  if (Array.isArray(item)) return Buffer.concat([head(4, item.length), ...item.map(cbor)]);
  const keys = [...item.keys()].sort((a, b) => Buffer.compare(cbor(a), cbor(b)));
  return Buffer.concat([head(5, keys.length), ...keys.flatMap((key) => [cbor(key), cbor(item.get(key))])]);
}

function head(major, number) {
  if (number < 24) return Buffer.from([(major << 5) | number]);
  const bits = number < 0x100 ? 0 : number < 0x10000 ? 1 : number < 0x100000000 ? 2 : 3;
  const bytes = Buffer.alloc(1 + 2 ** bits);
  bytes[0] = (major << 5) | (24 + bits);
  for (let i = bytes.length - 1, rest = BigInt(number); i > 0; i--, rest >>= 8n) bytes[i] = Number(rest & 255n);
  return bytes;
}

/** An Ed25519 key made from its name. */
export function keyNamed(name) {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), H(text(name))]);
  const secret = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const bytes = Buffer.from(createPublicKey(secret).export({ format: 'jwk' }).x, 'base64url');
  return { bytes, kid: H(cbor([-19, bytes])), sign: (message) => sign(null, message, secret) };
}

const node = (left, right) => H(Buffer.from([1]), left, right);
const leaf = (bytes) => H(Buffer.from([0]), bytes);
const split = (size) => 2 ** (Math.ceil(Math.log2(size)) - 1);

function root(leaves) {
  if (leaves.length === 1) return leaves[0];
  const k = split(leaves.length);
  return node(root(leaves.slice(0, k)), root(leaves.slice(k)));
}

function inclusion(leaves, index) {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return index < k ? [...inclusion(leaves.slice(0, k), index), root(leaves.slice(k))]
    : [...inclusion(leaves.slice(k), index - k), root(leaves.slice(0, k))];
}

function consistency(leaves, size, whole = true) {
  if (size === leaves.length) return whole ? [] : [root(leaves)];
  const k = split(leaves.length);
  return size <= k ? [...consistency(leaves.slice(0, k), size, whole), root(leaves.slice(k))]
    : [...consistency(leaves.slice(k), size - k, false), root(leaves.slice(0, k))];
}

function base32(bytes) {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.match(/.{1,5}/g).map((five) => 'abcdefghijklmnopqrstuvwxyz234567'[parseInt(five.padEnd(5, '0'), 2)]).join('');
}

const ORIGIN = 'dryport.customs.example/evidence';
const START = 1700000000;

/** A founded ledger with two registrars (subjects 1 and 2), threshold 1. */
export class Ledger {
  constructor(station = keyNamed('the station')) {
    Object.assign(this, { station, records: [], subjects: [], keys: new Map(), offices: new Map(), id: null, time: START });
    Object.assign(this, { sheets: new Map(), disclosures: new Map(), nonces: 0, succeeds: null });
    for (const founder of [1, 2]) this.give(founder, keyNamed(`person ${founder}`), 1, 1);
    const facts = (key) => new Map([[0, 2], [10, [-19, key.bytes]], [11, 1]]);
    this.act(0, [1, 2].map((founder) => [founder, 0, 1, this.keys.get(founder)]), [{ subject: 0, facts: new Map([[0, 1]]) },
      ...[1, 2].map((founder) => ({ subject: founder, facts: facts(this.keys.get(founder)) }))],
    new Map([[15, [ORIGIN, 'KHPP', false, 1, station.bytes, this.succeeds]]]));
  }

  /** From now on a person signs with a key and in an office. */
  give(person, key, office, appointment) {
    this.keys.set(person, key);
    this.offices.set(person, [appointment, office]);
  }

  /** A sheet of details [name, value], and its disclosures, kept. null for none. */
  sheet(details, nonce, author, subject) {
    if (details.length === 0) return null;
    const ordinals = new Map();
    const lines = [...details].sort((a, b) => a[0] - b[0]).map(([name, value]) => {
      const ordinal = ordinals.get(name) ?? 0;
      ordinals.set(name, ordinal + 1);
      const salt = H(nonce, text(`salt ${subject} ${name} ${ordinal}`)).subarray(0, 16);
      const disclosure = cbor(['unbroken/1 detail', this.id, author, nonce, subject, name, ordinal, salt, value]);
      this.disclosures.set(H(disclosure).toString('hex'), { bytes: disclosure, name });
      return [name, ordinal, H(disclosure)];
    });
    const sheet = cbor(lines);
    const hash = H(text('unbroken/1 sheet\n'), sheet);
    this.sheets.set(hash.toString('hex'), sheet);
    return hash;
  }

  /**
   * A signed act. signers: persons, or [person, appointment, capacity, key]; entries: {subject, role, facts, details};
   * more: further payload keys; options: details (of the act), seen (a size), claimed.
   */
  sign(kind, signers, entries, more = new Map(), { details = [], seen = this.records.length, claimed = this.time } = {}) {
    const nonce = H(text(`nonce ${this.nonces++}`)).subarray(0, 16);
    const full = signers.map((signer) => (Array.isArray(signer) ? signer : [signer, ...this.offices.get(signer), null]));
    const author = full[0][0];
    const payload = new Map([[2, kind], [3, nonce], [4, [claimed, 420]], [6, full.map((signer) => signer.slice(0, 3))], ...more]);
    payload.set(7, [...entries].sort((a, b) => a.subject - b.subject)
      .map(({ subject, role = 0, facts = new Map(), details: of = [] }) => [subject, role, facts, this.sheet(of, nonce, author, subject)]));
    if (this.id !== null) payload.set(1, this.id);
    if (this.id !== null) payload.set(5, [seen, root(this.records.slice(0, seen).map(({ bytes }) => leaf(bytes)))]);
    const sheet = this.sheet(details, nonce, author, null);
    if (sheet !== null) payload.set(14, sheet);
    const bytes = cbor(payload);
    const signatures = full.map(([person, , , key]) => {
      const signing = key ?? this.keys.get(person);
      const header = cbor(new Map([[1, -19], [4, signing.kid]]));
      const signed = cbor(['Signature', Buffer.alloc(0), header, text('unbroken/1 act'), bytes]);
      return [header, new Map(), signing.sign(signed)];
    });
    this.id ??= H(text('unbroken/1 ledger\n'), bytes);
    return { bytes: cbor([Buffer.alloc(0), new Map(), bytes, signatures]), id: H(text('unbroken/1 act\n'), bytes), kind, signers: full, payload };
  }

  /** Logs a signed act: its record. */
  log(act) {
    const index = this.records.length;
    const links = act.payload.get(7).map(([subject]) => {
      while (this.subjects.length <= subject) this.subjects.push({ count: 0, last: null });
      const thread = this.subjects[subject];
      const link = [subject, thread.count + 1, thread.last];
      Object.assign(thread, { count: thread.count + 1, last: index });
      return link;
    });
    return this.append(cbor([1, 0, index, this.lastHash(), this.time, links, act.bytes]), { ...act, index });
  }

  act(kind, signers, entries, more, options) {
    const record = this.log(this.sign(kind, signers, entries, more, options));
    this.time += 600;
    return record;
  }

  lastHash() {
    return this.records.length === 0 ? null : leaf(this.records.at(-1).bytes);
  }

  append(bytes, record) {
    this.records.push({ ...record, bytes, hash: leaf(bytes) });
    return this.records.at(-1);
  }

  heads() {
    const leaves = this.subjects.map((_, subject) => leaf(this.headsLeaf(subject)));
    this.append(cbor([1, 1, this.records.length, this.lastHash(), this.time, leaves.length, root(leaves)]), { kind: null });
  }

  headsLeaf(subject) {
    const { count, last } = this.subjects[subject];
    return cbor(['heads/1', this.id, subject, count, last, this.records[last].hash]);
  }

  originLine() {
    return `${ORIGIN}/${base32(this.id)}`;
  }

  keyId() {
    return H(text(`${this.originLine()}\n`), Buffer.from([1]), this.station.bytes).subarray(0, 4);
  }

  policy() {
    const key = Buffer.concat([Buffer.from([1]), this.station.bytes]).toString('base64');
    return text(`log ${this.originLine()}+${this.keyId().toString('hex')}+${key}\nquorum none\n`);
  }

  note() {
    const top = root(this.records.map(({ hash }) => hash)).toString('base64');
    const body = `${this.originLine()}\n${this.records.length}\n${top}\n`;
    const line = Buffer.concat([this.keyId(), this.station.sign(text(body))]).toString('base64');
    return text(`${body}\n— ${this.originLine()} ${line}\n`);
  }

  /** The bundle for what is asked, after heads(). leaveOut: (name of detail) -> is it withheld */
  bundle(asked, leaveOut = () => false) {
    const members = closure(this, asked);
    const pool = new Map();
    const path = (nodes) => nodes.map((hash) => {
      const key = hash.toString('hex');
      if (!pool.has(key)) pool.set(key, pool.size);
      return pool.get(key);
    });
    const hashes = this.records.map(({ hash }) => hash);
    const headsLeaves = this.subjects.map((_, subject) => leaf(this.headsLeaf(subject)));
    const last = this.records.length - 1;
    const kept = this.records.filter((record, i) => i === 0 || i === last || touched(record).some((subject) => members.has(subject)));
    const records = kept.map((record) => [record.bytes, path(inclusion(hashes, this.records.indexOf(record)))]);
    const leaves = [...members].sort((a, b) => a - b).map((subject) => [this.headsLeaf(subject), path(inclusion(headsLeaves, subject))]);
    const sizes = new Set(kept.filter(({ payload }) => payload?.has(5)).map(({ payload }) => payload.get(5)[0]));
    const seen = [...sizes].sort((a, b) => a - b).map((size) => [size, path(consistency(hashes, size))]);
    const { sheets, disclosures } = this.detailsOf(kept, members, leaveOut);
    const parts = ['unbroken bundle/1', [this.note(), []], Buffer.concat([...pool.keys()].map((key) => Buffer.from(key, 'hex'))), records,
      [...asked].sort((a, b) => a - b), leaves, seen, [], null, sheets, disclosures, [], []];
    const file = Buffer.concat([head(4, 14), ...parts.map(cbor)]);
    return Buffer.concat([file, cbor(H(file))]);
  }

  detailsOf(kept, members, leaveOut) {
    const sheets = new Map();
    const disclosures = new Map();
    const add = (hash) => {
      if (hash === null || hash === undefined) return;
      const bytes = this.sheets.get(hash.toString('hex'));
      sheets.set(hash.toString('hex'), bytes);
      for (const [digest, disclosure] of this.disclosures) {
        if (bytes.includes(Buffer.from(digest, 'hex')) && !leaveOut(disclosure.name)) disclosures.set(digest, disclosure.bytes);
      }
    };
    for (const { payload } of kept.filter((record) => record.kind !== null)) {
      add(payload.get(14));
      for (const [subject, , , sheet] of payload.get(7)) if (members.has(subject)) add(sheet);
    }
    const sorted = (map) => [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, bytes]) => bytes);
    return { sheets: sorted(sheets), disclosures: sorted(disclosures) };
  }
}

const touched = (record) => (record.kind === null ? [] : record.payload.get(7).map(([subject]) => subject));

/** SPEC 8, by going over all records until nothing is added. */
export function closure(ledger, asked) {
  const members = new Set([0, ...asked]);
  const ofCases = new Set();
  const types = new Map();
  const acts = ledger.records.filter(({ kind }) => kind !== null).map(({ kind, signers, payload }) => ({ kind, signers, payload, entries: payload.get(7) }));
  for (const { entries } of acts) for (const [subject, , facts] of entries) if (facts.has(0)) types.set(subject, facts.get(0));
  for (let before = -1; before !== members.size + ofCases.size;) {
    before = members.size + ofCases.size;
    for (const act of acts) grow(act, asked, types, members, ofCases);
  }
  return new Set([...members].filter((subject) => subject < ledger.subjects.length));
}

function grow({ kind, signers, payload, entries }, asked, types, members, ofCases) {
  const of = (...roles) => entries.filter(([, role]) => roles.includes(role)).map(([subject]) => subject);
  const has = (...roles) => of(...roles).some((subject) => members.has(subject));
  const add = (subjects) => subjects.forEach((subject) => members.add(subject));
  if (!entries.some(([subject]) => members.has(subject))) return;
  add(signers.map(([person]) => person));
  if (kind === 42 && payload.has(8) && payload.get(8)[0] !== null) add([payload.get(8)[0]]);
  if (kind === 15 && has(0)) add(of(2));
  if (has(4)) add(of(3));
  if (kind === 33 && has(4)) add(of(0));
  if (kind === 41) add(of(0));
  if ([13, 14, 31, 32].includes(kind) && has(0, 3, 4)) add(of(1, 5));
  if ([13, 14, 31, 32, 33].includes(kind) && of(1, 5).some((one) => asked.includes(one) && types.get(one) === 4)) of(0, 4).forEach((one) => ofCases.add(one));
  if (of(kind === 33 ? 0 : 3).some((one) => ofCases.has(one))) of(4).forEach((one) => ofCases.add(one));
  add([...ofCases]);
}
