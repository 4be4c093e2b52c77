// SPDX-License-Identifier: Apache-2.0
//
// records: the expert's view of every record: its fields, act, signers, details, proof and bytes. Built when it is opened, a record at a time.

import { el, told, facts, grouped, table, lazy, download, upTo } from './dom.js';
import { actOf } from './codes.js';
import { timeText } from './times.js';
import { toHex } from '../core/bytes.js';
import { diagnostic, hexDump } from '../core/diagnostic.js';

const isoOf = (seconds) => (seconds < 253402300800 ? `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z` : `@${seconds}`);

const hash = (hex) => (hex === null ? '–' : grouped(hex));

const ALGORITHMS = { '-19': 'Ed25519', '-9': 'ESP256 (P-256)' };

const detailLines = (details, t) => (details.length === 0 ? null : el('ul', { class: 'details-list' }, details.slice(0, 4096).map((detail) => el('li', {},
  el('strong', {}, t(detail.name), detail.ordinal > 0 ? ` ${detail.ordinal + 1}` : null, ': '), detail.text === null ? el('em', {}, detail.state === 'absent' ? t('withheld or erased') : t('not read: the check had stopped')) : told(detail.text),
  detail.file !== null && !detail.file.there ? ` ${t('(the file itself is not in the bundle)')}` : null, el('div', { class: 'small' }, grouped(toHex(detail.digest)))))));

const signers = (act, names, t) => table(t('Signed by'), [t('Who'), t('Office (record that gave it)'), t('Key'), t('Signature')], act.signers.map((signer) => [told(names(signer.person)),
  [signer.office === null ? '–' : t(signer.office), ` (${signer.appointment})`], [ALGORITHMS[signer.algorithm] ?? String(signer.algorithm), ' ', hash(signer.kid)], hash(signer.signature)]));

const entry = (item, names, t) => el('div', {}, told(names(item.subject)), ` (${t(item.role)}) `,
  item.facts.map(([name, value]) => el('span', { class: 'item' }, el('strong', {}, `${name}: `), told(value), '; ')), item.sheet === null ? null : el('div', { class: 'small' }, 'sheet ', hash(item.sheet)), detailLines(item.details, t));

const party = (who, names, t) => [who.person === null ? null : told(names(who.person)), who.office === null ? null : ` ${t('Office')} ${who.office}`, who.place === null ? null : [` ${t('Place')} `, told(names(who.place))]];

const payload = (act, names, t) => facts([
  [t('Event'), [t(actOf(act.name)), act.code === null ? null : ` (${t(act.code)})`, ` · kind ${act.kind}`]],
  ['act-id', hash(act.id)], ['nonce', hash(act.nonce)],
  [t('Time as its signers say'), `${isoOf(act.claimed)} (${act.offset} min)`],
  act.seen === null ? null : ['seen', [`${act.seen.size} `, hash(act.seen.root)]],
  act.from === null ? null : [t('From'), party(act.from, names, t)], act.to === null ? null : [t('To'), party(act.to, names, t)],
  act.place === null ? null : [t('Place'), told(names(act.place))],
  act.answers === null ? null : ['answers', hash(act.answers)], act.amends === null ? null : ['amends', [`${act.amends.index} `, hash(act.amends.hash)]],
  act.due === null ? null : [t('Due'), isoOf(act.due)], act.offline === true ? ['offline', t('Signed away from the station, without sight of the newest records.')] : null,
  act.deviation === true ? ['deviation', t('The signers declare that this departs from the rules of custody.')] : null,
  act.clock === null ? null : ['clock', `${isoOf(act.clock.old)} → ${isoOf(act.clock.new)}`],
  act.founding === null ? null : ['founding', [told(act.founding.origin), `, ${act.founding.code}, threshold ${act.founding.threshold}, station `, hash(act.founding.station)]],
  act.foreign === null ? null : ['foreign', [hash(act.foreign.ledger), ` ${act.foreign.size}`]],
  act.sheet === null ? null : ['sheet', hash(act.sheet)],
]);

const FIRST = 50;

const actPart = (act, names, t) => [payload(act, names, t), detailLines(act.details, t), signers(act, names, t),
  el('h5', {}, `${t('Of what')} (${act.entries.length})`), upTo(FIRST, act.entries, (item) => entry(item, names, t), t)];

const pre = (text) => el('pre', { tabindex: '0' }, text);

const recordPart = (record, names, t) => el('div', { class: 'record-body' },
  facts([[t("Record's hash"), hash(record.hash)], ['prev', hash(record.prev)], [t('Logged'), isoOf(record.logged)], record.subjects === null || record.subjects === undefined ? null : ['subjects', String(record.subjects)],
    record.root === null ? null : ['heads root', hash(record.root)]]),
  record.act === null ? null : actPart(record.act, names, t),
  lazy(t('Links and proof'), () => [record.links.length === 0 ? null : table(t('Links'), ['subject', 'number', 'before'], record.links.slice(0, 512).map((link) => [told(names(link.subject)), String(link.number), link.before === null ? '–' : String(link.before)])),
    el('h5', {}, t('Path to the root')), el('ol', { start: '0' }, record.path.map((node) => el('li', {}, grouped(node))))]),
  lazy(t('CBOR in diagnostic notation'), () => pre(diagnostic(record.bytes))),
  lazy(t('Bytes'), () => [el('button', { type: 'button', onclick: () => download(`record-${record.index}.cbor`, 'application/cbor', [record.bytes]) }, t('Save the bytes of this record')), pre(hexDump(record.bytes))]));

const title = (record, t) => t(actOf(record.act === null ? record.type : record.act.name));

const haystack = (record, names, t) => {
  const { act } = record;
  if (act === null) return `${record.index} heads ${record.hash}`.toLowerCase();
  return [record.index, act.name, t(act.name), act.id, record.hash, ...act.signers.flatMap((signer) => [names(signer.person), signer.kid]), ...act.details.map((detail) => detail.text),
    ...act.entries.flatMap((item) => [names(item.subject), ...item.facts.map((fact) => fact[1]), ...item.details.map((detail) => detail.text)])].join('\n').toLowerCase();
};

const SHOWN = 200;

/** All records, searchable by anything that stands in them: names, words, numbers, hashes. */
export const recordsView = (expert, names, t) => {
  const found = el('p', { class: 'small', role: 'status' });
  const list = el('div', { class: 'records' });
  const texts = new Map();
  const show = (records) => {
    found.textContent = t('{count} of {total} records', { count: records.length, total: expert.records.length });
    list.replaceChildren(...records.slice(0, SHOWN).map((record) => lazy([el('strong', {}, `${record.index} `), title(record, t), ' ', el('span', { class: 'small' }, timeText(isoOf(record.logged)))],
      () => recordPart(record, names, t), { class: 'record' })), ...(records.length > SHOWN ? [el('p', {}, t('%zu more', [records.length - SHOWN]))] : []));
  };
  const search = (event) => {
    const wanted = event.target.value.trim().toLowerCase();
    const text = (record) => texts.get(record) ?? (texts.set(record, haystack(record, names, t)), texts.get(record));
    show(wanted === '' ? expert.records : expert.records.filter((record) => text(record).includes(wanted)));
  };
  show(expert.records);
  return [el('label', { class: 'search' }, t('Search in the records'), ' ', el('input', { type: 'search', oninput: search, autocomplete: 'off', spellcheck: 'false' })), found, list];
};

const PICTURES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif'];
const KINDS = new Map([['image/jpeg', 'jpg'], ['image/png', 'png'], ['image/webp', 'webp'], ['image/gif', 'gif'], ['application/pdf', 'pdf'], ['text/plain', 'txt']]);

const photograph = (file, t) => {
  const picture = el('img', { alt: t('Photograph in the file, SHA-256 {hash}', { hash: file.hash.slice(0, 16) }), loading: 'lazy' });
  picture.src = URL.createObjectURL(new Blob([file.bytes], { type: file.mediaType }));
  picture.addEventListener('load', () => URL.revokeObjectURL(picture.src));
  return picture;
};

const file = (item, names, t) => el('li', {}, PICTURES.includes(item.mediaType) ? photograph(item, t) : null,
  facts([[t('What'), told(item.mediaType)], ['SHA-256', grouped(item.hash)], [t('Records'), item.named.slice(0, 20).map((named) => el('span', { class: 'item' }, `${named.record} `, t(named.name), ' ', named.subject === null ? null : told(names(named.subject)), '; '))]]),
  el('button', { type: 'button', onclick: () => download(`${item.hash.slice(0, 16)}.${KINDS.get(item.mediaType) ?? 'bin'}`, 'application/octet-stream', [item.bytes]) }, t('Save this file')));

/** Attached files: photographs are shown as pictures, everything else is only offered to be saved. */
export const filesView = (expert, names, t) => [el('p', {}, t('Their hashes were compared with what was signed. What they show is not checked. Files that are no photographs are not opened here.')),
  el('ul', { class: 'plain files' }, expert.files.slice(0, 500).map((item) => file(item, names, t)))];
