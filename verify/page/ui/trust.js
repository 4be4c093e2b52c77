// SPDX-License-Identifier: Apache-2.0
// trust: the court's policy that is built into this copy of the page, or that there is none; its fingerprints to compare.
// A policy is never taken from anywhere else.

import { el, facts, grouped, told } from './dom.js';

/**
 * The bytes of the policy in this copy, or null.
 * @returns {Uint8Array|null}
 */
export function courtPolicy() {
  const { policy } = JSON.parse(document.getElementById('court-policy').textContent);
  return policy === null ? null : Uint8Array.from(atob(policy), (c) => c.charCodeAt(0));
}

function keyFacts(t, keys) {
  return facts(keys.map(({ name, keyName, id, sha256 }) => [told(name), [
    keyName === name ? null : el('div', {}, told(keyName)),
    el('div', {}, t('key {id}, SHA-256 of the key:', { id }), ' ', grouped(sha256))]]));
}

function quorumText(t, { quorum, groups }) {
  if (quorum === 'none') return t('none: the station vouches for itself alone');
  const group = groups.find(({ name }) => name === quorum);
  return group === undefined ? quorum : t('{number} of: {names}', { number: group.threshold, names: group.members.join(', ') });
}

function keys(t, policy) {
  return el('details', {}, el('summary', {}, t('The keys, each with its fingerprint')),
    el('h3', {}, t('Ledgers')), keyFacts(t, policy.logs),
    policy.witnesses.length === 0 ? null : [el('h3', {}, t('Witnesses')), keyFacts(t, policy.witnesses)],
    el('p', {}, t('Witnesses that must have cosigned:'), ' ', told(quorumText(t, policy))));
}

/**
 * Says on top of the page whom this copy trusts.
 * @param {{section: HTMLElement, title: HTMLElement, body: HTMLElement}} places
 * @param {Uint8Array|null} bytes of the policy
 * @param {object|null} policy as policy.js of the worker shows it (checks.js); null: not known yet
 * @param {function} t
 */
export function showTrust({ section, title, body }, bytes, policy, t) {
  const isTrusted = policy !== null && policy.logs !== null;
  section.classList.toggle('none', bytes === null || (policy !== null && !isTrusted));
  if (bytes === null) {
    title.textContent = t('This copy of the page cannot vouch for anybody');
    body.replaceChildren(el('p', {}, t('No court has built its keys into it. It shows what a file says of itself, and never that it is genuine. Use the copy of the court.')));
  } else if (policy === null) {
    title.textContent = t('Whom this copy of the page trusts');
    body.replaceChildren(el('p', {}, t('Reading …')));
  } else if (!isTrusted) {
    title.textContent = t('The keys in this copy of the page cannot be read');
    body.replaceChildren(el('p', {}, t('This copy is damaged or was made wrongly. It cannot check anything. Use another copy.')));
  } else {
    title.textContent = t('Whom this copy of the page trusts');
    body.replaceChildren(
      el('p', {}, t('Compare this fingerprint with the copy that the court has published. If it differs, do not use this page.')),
      el('p', {}, t('SHA-256 of the policy:'), ' ', grouped(policy.sha256)), keys(t, policy));
  }
}
