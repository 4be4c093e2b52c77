// SPDX-License-Identifier: Apache-2.0
// items: the list of what was given, each with what it is and a button that takes it away.

import { el, told } from './dom.js';
import { missing } from './parts.js';

const KINDS = {
  reading: (t) => t('is being read …'),
  bundle: (t) => t('bundle'),
  certificate: (t) => t('certificate'),
  exhibit: (t) => t('exhibit'),
  receipt: (t) => t('receipt'),
  statement: (t) => t('QR symbol of a certificate'),
  checkpoint: (t) => t('checkpoint'),
  tag: (t) => t('label'),
  policy: (t) => t('list of keys'),
  picture: (t) => t('no QR symbol found'),
  undrawable: (t) => t('picture that this browser cannot show'),
  unreadableHere: (t) => t('not readable here'),
  large: (t) => t('too large'),
  unreadable: (t) => t('not readable'),
  empty: (t) => t('empty file'),
  failed: (t) => t('could not be looked at'),
  unknown: (t) => t('not known here'),
};

function whatIs(item, t) {
  if (item.isPlainPdf) return t('PDF without a certificate');
  if (item.kind !== 'part') return (KINDS[item.kind] ?? KINDS.unknown)(t);
  const name = item.letter === 'R' ? t('receipt') : t('QR symbol of a certificate');
  const [next] = missing(item);
  return t('{name}: part {part} of {parts} is missing', { name, part: next, parts: item.texts.length });
}

/** The button that was pressed is gone: the next one, or the way to give something, has the focus then. */
function remove(list, inbox, { id }) {
  const at = inbox.list().findIndex((item) => item.id === id);
  inbox.remove(id);
  const buttons = list.querySelectorAll('button');
  (buttons[Math.min(at, buttons.length - 1)] ?? document.getElementById('files')).focus();
}

/**
 * Draws the list anew.
 * @param {HTMLUListElement} list
 * @param {object} inbox (inbox.js)
 * @param {function} t
 */
export function showItems(list, inbox, t) {
  const rows = inbox.list().map((item) => el('li', {},
    el('span', { class: 'name' }, told(item.name)),
    el('span', { class: 'what' }, whatIs(item, t)),
    el('button', { type: 'button', 'aria-label': t('Remove {name}', { name: item.name }), onclick: () => remove(list, inbox, item) }, t('Remove'))));
  list.replaceChildren(...rows);
}
