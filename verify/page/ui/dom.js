// SPDX-License-Identifier: Apache-2.0
//
// dom: elements from plain values. Text from records becomes text nodes and nothing else: no markup is ever parsed here.

const SVG = 'http://www.w3.org/2000/svg';

/** Told to a part of the page that is folded up: show all of it, now. */
export const UNFOLD = 'unfold';

const put = (element, children) => {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false && child !== '') element.append(child instanceof Node ? child : String(child));
  }
  return element;
};

const setAll = (element, attributes) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  return element;
};

/**
 * An element.
 * @param {string} name
 * @param {Object} attributes `on…` are listeners; null, undefined and false are left out
 * @param {...(Node|string|Array|null)} children strings become text
 */
export const el = (name, attributes = {}, ...children) => put(setAll(document.createElement(name), attributes), children);

/** An element of a drawing. */
export const svg = (name, attributes = {}, ...children) => put(setAll(document.createElementNS(SVG, name), attributes), children);

/** Text of a record, a person or a file: isolated, so that its direction cannot turn what stands around it. */
export const told = (text, attributes = {}) => el('bdi', { dir: 'auto', ...attributes }, text);

/** English text on a page of another language, said so to a screen reader. */
export const english = (t, text) => el('bdi', { lang: t.language === 'en' ? null : 'en', dir: 'auto' }, text);

/** Bytes or hex to compare by eye: groups of four, copied without spaces. */
export const grouped = (text) => {
  const groups = text.match(/.{1,4}/g) ?? [];
  return el('code', { class: 'hash' }, groups.map((group) => el('span', {}, group)));
};

/** A table with a caption, heads and rows; every row's first cell is its head where `rowHeads`. Roles are given, for narrow pages stack the cells. */
export const table = (caption, heads, rows, { rowHeads = true, name = '' } = {}) => el('table', { class: `stacks ${name}`.trim(), role: 'table' },
  el('caption', {}, caption),
  el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, heads.map((head) => el('th', { scope: 'col', role: 'columnheader' }, head)))),
  el('tbody', { role: 'rowgroup' }, rows.map((cells) => el('tr', { role: 'row' }, cells.map((cell, i) => el(rowHeads && i === 0 ? 'th' : 'td',
    { 'data-head': heads[i], scope: rowHeads && i === 0 ? 'row' : null, role: rowHeads && i === 0 ? 'rowheader' : 'cell' }, cell))))));

/** Names and values: [name, value, …], each value a child or a list of children. */
export const facts = (pairs) => el('dl', { class: 'facts' }, pairs.filter((pair) => pair !== null).map(([name, ...values]) => el('div', {},
  el('dt', {}, name), values.map((value) => el('dd', {}, value)))));

/** A part of the page that is built when it is first opened. */
export const lazy = (summary, build, attributes = {}) => {
  let built = false;
  const details = el('details', attributes, el('summary', {}, summary));
  const fill = () => {
    if (built) return;
    built = true;
    put(details, [build()]);
  };
  details.addEventListener('toggle', () => details.open && fill());
  // Toggle is told later, which is too late for paper.
  details.addEventListener(UNFOLD, () => {
    fill();
    details.open = true;
  });
  return details;
};

/**
 * A button that shows the rest of a list and goes, and what stands in its place on paper.
 * @param {string} text of the button
 * @param {string} unprinted
 * @param {function(): Element} show draws the rest; gives its first element
 */
export const restButton = (text, unprinted, show) => {
  const rest = el('div', { class: 'rest' });
  const unfold = () => {
    rest.remove();
    return show();
  };
  rest.addEventListener(UNFOLD, unfold);
  return put(rest, [el('button', { type: 'button', class: 'more', onclick: () => {
    const first = unfold();
    first.tabIndex = -1;
    first.focus();
  } }, text), el('p', { class: 'unprinted' }, unprinted)]);
};

/** A list of which `first` are shown, and the rest behind a button that says how many. */
export const upTo = (first, items, draw, t) => {
  if (items.length === 0) return [];
  const list = el('ul', { class: 'plain' }, items.slice(0, first).map((item) => el('li', {}, draw(item))));
  if (items.length <= first) return [list];
  const count = items.length - first;
  return [list, restButton(t('%zu more', [count]), t('{count} more are not printed.', { count }), () => {
    put(list, items.slice(first).map((item) => el('li', {}, draw(item))));
    return list.children[first];
  })];
};

/** Offers bytes as a file; the object's address is given back once the browser has it. */
export const download = (name, type, parts) => {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  el('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
};
