// SPDX-License-Identifier: Apache-2.0
// policy: the reader's trust, as C2SP tlog-policy writes it: logs, witnesses, groups, quorum (SPEC 3.6). It is octets;
// only the names that can stand in a note are texts.

import { equalBytes, fromBase64, fromHex, toHex } from './bytes.js';
import { sha256 } from './hash.js';
import { algorithm, validKey } from './keys.js';
import { isKeyName, keyId, keyType } from './note.js';
import { escapeBytes, fromUtf8, hasRefused } from './text.js';

const maxPolicy = 65536;
const maxLogs = 32;
const maxWitnesses = 64;
const maxGroups = 32;
const maxKeyName = 255;

/**
 * @typedef {{name: string, id: Uint8Array, key: Uint8Array}} Log
 * @typedef {{name: string, keyName: string, id: Uint8Array, key: Uint8Array}} Witness name is that of its line, escaped
 * @typedef {{name: string, threshold: number, members: string[]}} Group names as Witness has them
 * @typedef {{logs: Log[], witnesses: Witness[], groups: Group[], quorum: string, auditors: Group|null,
 *            splitPossible: boolean, sha256: Uint8Array}} Policy quorum is a name or 'none'
 */

/**
 * @param {Uint8Array} bytes
 * @returns {Policy|null} null where it is not of the form
 */
export function parsePolicy(bytes) {
  const policy = { logs: [], witnesses: [], groups: [], quorum: null, auditors: null, splitPossible: false, sha256: sha256(bytes) };
  const state = { policy, names: new Set(), listed: new Set(), keys: new Set() };
  const lines = toLines(bytes);
  if (lines === null || !lines.every((fields) => readLine(state, fields)) || policy.quorum === null) return null;
  if (policy.logs.length > maxLogs || policy.witnesses.length > maxWitnesses || policy.groups.length > maxGroups) return null;
  policy.auditors = policy.groups.find((group) => group.name === 'auditors') ?? null;
  policy.splitPossible = splits(policy);
  return policy;
}

/**
 * Is a name of the policy satisfied by these witnesses?
 * @param {Policy} policy
 * @param {string} name of a witness or group, or 'none'
 * @param {Set<string>} cosigned names of the witnesses whose cosignature is valid
 */
export function isSatisfied(policy, name, cosigned) {
  if (name === 'none') return true;
  const satisfied = new Set(cosigned);
  for (const group of policy.groups) {
    const count = group.members.filter((member) => satisfied.has(member)).length;
    if (count >= group.threshold) satisfied.add(group.name);
  }
  return satisfied.has(name);
}

/** Is the witness in the group, or in a group of it? */
export function isMember(policy, group, name) {
  const within = new Set([group.name]);
  for (const each of [...policy.groups].reverse()) {
    if (within.has(each.name)) each.members.forEach((member) => within.add(member));
  }
  return within.has(name);
}

/** Fields of the lines that say something, all of it text of 2.1 but for tabs; each field as Latin-1, one character an octet. */
function toLines(bytes) {
  if (bytes.length > maxPolicy || bytes[bytes.length - 1] !== 0x0a) return null;
  const words = fromUtf8(bytes);
  if (words === null || hasRefused(words.replaceAll(/[\t\n]/g, ''))) return null;
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i]);
  return text.split('\n')
    .map((line) => line.split(/[ \t]/).filter((field) => field !== ''))
    .filter((fields) => fields.length > 0 && !fields[0].startsWith('#'));
}

function readLine(state, [keyword, ...fields]) {
  switch (keyword) {
    case 'log': return readLog(state, fields);
    case 'witness': return readWitness(state, fields);
    case 'group': return readGroup(state, fields);
    case 'quorum': return readQuorum(state, fields);
    default: return false;
  }
}

function readLog(state, fields) {
  if (fields.length < 1 || fields.length > 2) return false;
  const vkey = readVerifierKey(fields[0], keyType.log);
  if (vkey === null || !isNewKey(state, vkey.key)) return false;
  state.policy.logs.push(vkey);
  return true;
}

function readWitness(state, fields) {
  if (fields.length < 2 || fields.length > 3 || fields[0] === 'auditors' || !isNewName(state, fields[0])) return false;
  const vkey = readVerifierKey(fields[1], keyType.witness);
  if (vkey === null || !isNewKey(state, vkey.key)) return false;
  const name = readableName(fields[0]);
  state.policy.witnesses.push({ name, keyName: vkey.name, id: vkey.id, key: vkey.key });
  state.names.add(name);
  return true;
}

function readGroup(state, fields) {
  const [name, rule, ...members] = fields;
  if (members.length < 1 || !isNewName(state, name)) return false;
  const threshold = readThreshold(rule, members.length);
  const readable = members.map(readableName);
  if (threshold === null || new Set(readable).size !== members.length) return false;
  for (const member of readable) {
    if (!state.names.has(member) || state.listed.has(member)) return false;
  }
  readable.forEach((member) => state.listed.add(member));
  const group = { name: readableName(name), threshold, members: readable };
  state.policy.groups.push(group);
  state.names.add(group.name);
  return true;
}

function readThreshold(rule, count) {
  if (rule === 'any') return 1;
  if (rule === 'all') return count;
  if (!/^[1-9][0-9]{0,8}$/.test(rule) || Number(rule) > count) return null;
  return Number(rule);
}

function readQuorum({ policy, names }, fields) {
  const name = fields.length === 1 ? readableName(fields[0]) : null;
  if (name === null || policy.quorum !== null || (name !== 'none' && !names.has(name))) return false;
  policy.quorum = name;
  return true;
}

function isNewName(state, field) {
  return field !== 'none' && !state.names.has(readableName(field));
}

/** One key, however it is named and whatever it is for, stands in one line: nobody witnesses himself. */
function isNewKey({ keys }, key) {
  const known = toHex(key);
  if (keys.has(known)) return false;
  keys.add(known);
  return true;
}

/** vkey of C2SP signed-note: NAME+ID+KEY, with the id that follows from name, type and key. */
function readVerifierKey(field, type) {
  const parts = field.split('+');
  if (parts.length < 3) return null;
  const nameBytes = octets(parts[0]);
  const name = fromUtf8(nameBytes);
  const id = fromHex(parts[1]);
  const encoded = fromBase64(parts.slice(2).join('+'));
  if (name === null || nameBytes.length > maxKeyName || !isKeyName(name) || id === null || encoded === null || encoded.length !== 33) return null;
  const key = encoded.subarray(1);
  if (encoded[0] !== type || !equalBytes(id, keyId(nameBytes, type, key))) return null;
  return validKey(algorithm.ed25519, key) ? { name, id, key } : null;
}

/**
 * Can two disjoint sets of witnesses both satisfy the quorum? No name is listed twice, so the groups are a tree, and each
 * member helps both sets, or the one that it is needed for: both have their k of n where n and those that help both are 2k.
 */
function splits({ groups, quorum }) {
  const both = new Set(['none']);
  for (const { name, threshold, members } of groups) {
    const helpBoth = members.filter((member) => both.has(member)).length;
    if (members.length + helpBoth >= 2 * threshold) both.add(name);
  }
  return both.has(quorum);
}

function readableName(field) {
  return escapeBytes(octets(field));
}

function octets(field) {
  return Uint8Array.from(field, (character) => character.charCodeAt(0));
}
