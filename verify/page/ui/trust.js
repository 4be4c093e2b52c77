// SPDX-License-Identifier: Apache-2.0
// trust: the court's policy that is built into this copy of the page, or that there is none; its fingerprints to compare.
// A policy is never taken from anywhere else.

import { toHex } from '../core/bytes.js';
import { sha256 } from '../core/hash.js';
import { parsePolicy } from '../core/policy.js';
import { el, facts, grouped, told } from './dom.js';

function fromBase64(text) {
  const binary = atob(text);
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

/**
 * The policy in this copy.
 * @returns {{bytes: Uint8Array|null, sha256: string|null, parsed: object|null}} bytes null: none. parsed null: none, or not readable
 */
export function courtPolicy() {
  const { policy } = JSON.parse(document.getElementById('court-policy').textContent);
  if (policy === null) return { bytes: null, sha256: null, parsed: null };
  const bytes = fromBase64(policy);
  return { bytes, sha256: toHex(sha256(bytes)), parsed: parsePolicy(bytes) };
}

function keyFacts(t, keys) {
  return keys.map(({ name, keyName = null, id, key }) => [told(name),
    keyName === null || keyName === name ? '' : told(keyName), ' ',
    t('key {id}, SHA-256 of the key:', { id: toHex(id) }), ' ', grouped(toHex(sha256(key)))]);
}

function quorumText(t, { quorum, groups, witnesses }) {
  if (quorum === 'none') return t('none: the station vouches for itself alone');
  const group = groups.find(({ name }) => name === quorum);
  if (group === undefined) return quorum;
  return t('{number} of: {names}', {
    number: group.threshold ?? 1, names: group.members.join(', ') || witnesses.map(({ name }) => name).join(', '),
  });
}

function keys(t, parsed) {
  return el('details', {}, el('summary', {}, t('The keys, each with its fingerprint')),
    el('h3', {}, t('Ledgers')), facts(keyFacts(t, parsed.logs).map(([name, ...rest]) => [name, rest])),
    parsed.witnesses.length === 0 ? null : [el('h3', {}, t('Witnesses')), facts(keyFacts(t, parsed.witnesses).map(([name, ...rest]) => [name, rest]))],
    el('p', {}, t('Witnesses that must have cosigned:'), ' ', told(quorumText(t, parsed))));
}

/**
 * Says on top of the page whom this copy trusts.
 * @param {{section: HTMLElement, title: HTMLElement, body: HTMLElement}} places
 * @param {{bytes: Uint8Array|null, parsed: object|null}} policy
 * @param {function} t
 */
export function showTrust({ section, title, body }, policy, t) {
  const { bytes, parsed } = policy;
  section.classList.toggle('none', parsed === null);
  if (bytes === null) {
    title.textContent = t('This copy of the page cannot vouch for anybody');
    body.replaceChildren(el('p', {}, t('No court has built its keys into it. It shows what a file says of itself, and never that it is genuine. Use the copy of the court.')));
  } else if (parsed === null) {
    title.textContent = t('The keys in this copy of the page cannot be read');
    body.replaceChildren(el('p', {}, t('This copy is damaged or was made wrongly. It cannot check anything. Use another copy.')));
  } else {
    title.textContent = t('Whom this copy of the page trusts');
    body.replaceChildren(
      el('p', {}, t('Compare this fingerprint with the copy that the court has published. If it differs, do not use this page.')),
      el('p', {}, t('SHA-256 of the policy:'), ' ', grouped(policy.sha256)), keys(t, parsed));
  }
}
