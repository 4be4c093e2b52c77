// SPDX-License-Identifier: Apache-2.0
//
// vouch: on whose word a verdict stands: witnesses and auditors, times, freshness, the policy; and what no check proves (SPEC 11).

import { el, told, english, facts, grouped, table } from './dom.js';
import { reasonOf } from './codes.js';
import { timeOf, timeText } from './times.js';

const names = (list, t) => list.map((who) => [told(who.name), ` (${t('{count} records', { count: who.size })}, ${timeText(who.time)})`])
  .flatMap((item, i) => (i === 0 ? [item] : ['; ', item]));

const history = (verdict, t) => [t('Nothing was taken out or changed'), verdict.append_only.length > 0
  ? [t('on the word of'), ' ', names(verdict.append_only, t)] : t("on the station's own word")];

const complete = (verdict, t) => [t('Nothing is left out'), verdict.complete.length > 0
  ? [t('on the word of the auditors'), ' ', names(verdict.complete, t)] : t("on the station's own word")];

const witnessed = (verdict, t) => [t('Witnessed by'), verdict.witnesses.length === 0 ? t('no witness of the policy')
  : verdict.witnesses.map((who) => el('span', { class: 'item' }, told(who.name), ', ', timeOf(who.time), who.auditor ? ` (${t('auditor')})` : null))];

const since = (result, t) => {
  const { verdict, options } = result;
  const asked = options?.since ?? [];
  if (verdict.since !== null && verdict.since !== undefined) {
    return [t('Older paper'), [t('The history of the older paper, {count} records, is continued here: nothing of it was rewritten or cut off.', { count: verdict.since }), ' ',
      asked.map((name) => told(name)).flatMap((name, i) => (i === 0 ? [name] : [', ', name]))]];
  }
  return asked.length === 0 ? [t('Older paper'), t('None was given. An older receipt, certificate or file of this ledger, dropped here together with this file, shows whether the history was rewritten since.')] : null;
};

const continued = (paper, t) => {
  if (paper.status === 0 || paper.status === 3) return t('continued here: nothing of it was rewritten or cut off');
  const plain = reasonOf(paper.code);
  return [plain === null ? null : el('strong', {}, t(plain)), ' ', el('span', { class: 'small' }, el('code', {}, paper.code), ': ', english(t, paper.text ?? ''))];
};

/** Each older paper that was given too, and whether this file continues it; null where none was. */
export const compared = (result, t) => (result.compared?.length > 0 ? table(t('Compared with older papers'), [t('Older paper'), t('Result')],
  result.compared.map((paper) => [told(paper.name), continued(paper, t)])) : null);

const notRecorded = (verdict, t) => {
  const alone = verdict.times.filter((time) => time.not_after === null).length;
  return alone === 0 ? null : [t('Records proven by the station alone'), t('{count} of {total}', { count: alone, total: verdict.times.length })];
};

const split = (verdict, t) => (verdict.split_possible
  ? el('p', { class: 'warn' }, t('A split view is possible: two sets of witnesses without a common member could each satisfy the policy, and be shown different histories.')) : null);

const LISTED = 40;

const proven = (verdict, t) => {
  const rows = verdict.not_after.slice(0, LISTED).map((item) => [timeOf(item.time), t('the first {count} records existed by then', { count: item.size }), told(item.who)]);
  const later = verdict.not_before.slice(0, LISTED).map((item) => [timeOf(item.time), t('from record {record} on, not recorded before then', { record: item.record }), told(item.who)]);
  return rows.length + later.length === 0 ? el('p', {}, t("none: no witness and no time stamp covers these records; all times are the signers' and the station's word"))
    : table(t('Proven time'), [t('Date, time'), t('What'), t('Witness')], [...rows, ...later]);
};

const beacons = (verdict, t) => (verdict.beacons.length === 0 ? null
  : table(t('What was public and was quoted, for the court to look up'), [t('Record'), t('Quoted')], verdict.beacons.map((beacon) => [String(beacon.record), told(beacon.text)])));

const ledger = (result, t) => {
  const { verdict } = result;
  const old = verdict.succeeds;
  return facts([
    [t('Ledger'), told(verdict.origin ?? '')],
    verdict.ledger_id === null ? null : [t('Ledger id'), grouped(verdict.ledger_id)],
    [t('Records in the ledger'), String(verdict.size)],
    [t('Root'), el('code', { class: 'hash' }, verdict.root ?? '')],
    verdict.logged === null ? null : [t('Last record logged'), timeOf(verdict.logged)],
    old === null ? null : [t('Its founders say that it succeeds the ledger'), [grouped(old.ledger_id), ' ', t('{count} records', { count: old.size }), ', ', el('code', { class: 'hash' }, old.root), ' ',
      old.inside === null ? t('No file of it is inside.') : t('A file of it, of {count} records, is inside and was checked.', { count: old.inside })]],
    result.trusted ? [t('SHA-256 of the policy that it was checked with'), grouped(verdict.policy_sha256)] : [t('Policy'), t('none')],
    [t('Records checked'), String(verdict.records)], [t('Signatures checked'), String(verdict.signatures)], [t('Details checked'), String(verdict.details)],
  ]);
};

/** Who vouches for what (SPEC 11), for a verdict that nothing stopped. */
export const vouching = (result, t) => {
  const { verdict } = result;
  return [facts([witnessed(verdict, t), history(verdict, t), complete(verdict, t), notRecorded(verdict, t), since(result, t)]), split(verdict, t),
    proven(verdict, t), beacons(verdict, t), ledger(result, t)];
};

const plain = (text) => text.replace(/^- /, '').replace(/;$/, '.');

/** What no check proves (SPEC 11), as a list. */
export const notProven = (result, t) => {
  const { verdict } = result;
  const list = [
    t('- that what was recorded is true, or that nothing happened which nobody recorded;'),
    t('- that a key was used by its owner: "genuine" means signed with the key of a person who was in office then;'),
    t('- when something happened, beyond what is said above under "Proven time": other times are the word of the signers and of the station;'),
    verdict.witnesses.length === 0 ? t('- that no later records were cut off, and no earlier ones taken out that no later signer had seen: no witness has signed with the station;') : null,
    verdict.complete.length === 0 ? t('- by anybody but the station, that nothing is left out: no auditor has recomputed its heads. A false one can be exposed by whoever holds a record that it hides;') : null,
    verdict.certificate === null ? null : t('- when this paper was made: that is the certifier\'s word; what was recorded since then, and whether the certifier\'s key was revoked since, is shown by a bundle of today;'),
    verdict.certificate === null ? null : t('- that the page before you says what was certified: no program has seen it. Compare the numbered lines.'),
    result.trusted ? null : t('- that the station and its people are who they say: there is no policy of a court on this page.'),
    verdict.asked.some((item) => item.custody_unbroken === null)
      ? t('A record is of a kind that this program does not know, or a late act is withheld: what is not told here as broken is not known to be unbroken.') : null,
  ].filter((text) => text !== null);
  return [el('ul', {}, list.map((text) => el('li', {}, plain(text)))), el('p', {}, el('strong', {}, t('Whether this is admitted as evidence is for the judge.')))];
};
