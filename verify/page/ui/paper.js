// SPDX-License-Identifier: Apache-2.0
//
// paper: what one paper says by itself (a receipt, a certificate's QR, a tag, a checkpoint), to compare with it. Never a pass: a paper alone shows
// that somebody signed a state of the ledger, and nothing of what happened since or of the records it does not have.

import { el, told, table } from './dom.js';
import { band } from './headline.js';
import { timeText } from './times.js';

const HEADINGS = { receipt: 'Receipt', statement: 'Certificate', tag: 'Tag', checkpoint: 'Checkpoint' };
/* Of which the station's signature reaches what is shown. */
const SIGNED = new Set(['receipt', 'checkpoint']);

const signature = (alone, trusted, t) => {
  if (alone.signature === 'valid') return trusted ? t("The station's signature under it holds, by the key that the policy names.") : t("The station's signature under it holds, but nobody vouches for the key.");
  if (alone.signature === 'invalid') return t("The station's signature under it does not hold.");
  return alone.what === 'tag' ? t('A tag identifies a thing and proves nothing: anybody can print one.') : t("The station's signature under it could not be checked: the policy has no key for it.");
};

/* A certificate's QR has not the certifier's signature, and the station signed the checkpoint alone (SPEC 13.4). */
const uncovered = (alone, t) => (alone.what !== 'statement' ? null : t('That signature is only on the ledger, its number of records and its root. Who certified, and the result that the paper states, are NOT checked from the QR code alone: anybody could have put them there.'));

const certifier = (alone, t) => (alone.what !== 'statement' ? null : el('p', {}, el('strong', {}, `${t('Certifier')}: `), t('not checked')));

const isMisread = (alone) => alone.code === 'check-character';

const sentence = (alone, t) => {
  if (isMisread(alone)) return t('The name was misread or mistyped: its check character is wrong.');
  return alone.signature === 'invalid' ? t('Not proven true: this paper was altered, or it was never signed by the station.')
    : t('This paper alone is neither a pass nor a failure. Compare what stands below with it.');
};

const nexts = (t) => ({
  receipt: () => t('Next: keep the paper. Ask for the file of these things, and drop it here together with this paper: that shows whether the ledger was rewritten.'),
  statement: () => t('Next: drop the PDF file of the certificate here. Its QR code alone has not the records; with the file, every line can be compared.'),
  tag: () => t('Next: ask for the file that covers this name, and drop it here together with the tag.'),
  checkpoint: () => t('Next: drop a file of the same ledger here together with it.'),
});

const next = (alone, t) => (isMisread(alone) ? null : nexts(t)[alone.what]?.() ?? null);

const witnesses = (alone, t) => (alone.what === 'tag' ? null : el('p', {}, el('strong', {}, `${t('Witnessed by')}: `), alone.witnesses.length === 0 ? t('no witness of the policy')
  : alone.witnesses.map((who) => el('span', { class: 'item' }, told(who.name), `, ${timeText(who.time)}`, who.auditor ? ` (${t('auditor')})` : null))));

/**
 * A paper by itself.
 * @param {Object} result with `alone` (core/alone.js)
 * @param {string} id of the heading
 */
export const paperAlone = (result, id, t) => {
  const { alone, trusted } = result;
  const kind = alone.signature === 'invalid' ? 'fail' : alone.training ? 'training' : trusted ? 'unchecked' : 'untrusted';
  const lines = alone.lines.map((line, i) => [String(i + 1), t(line.label), [told(line.value), line.word === null ? null : ` ${line.value === '' ? t(line.word) : `(${t(line.word)})`}`]]);
  return { kind, parts: [
    band(kind, el('h2', { id, tabindex: '-1' }, el('span', { class: 'word' }, t(HEADINGS[alone.what] ?? alone.what), ': ', t('compare with your paper')), ' ', el('span', { class: 'given' }, told(result.name))),
      [sentence(alone, t), signature(alone, trusted, t), uncovered(alone, t)], [alone.training ? el('p', { class: 'training-mark' }, t('TRAINING, NOT EVIDENCE')) : null, el('p', { class: 'next' }, next(alone, t))]),
    el('section', {}, el('h3', {}, t('Compare these with your paper')), table(t('What the code on the paper says'), [t('No.'), t('What'), SIGNED.has(alone.what) ? t('As signed') : t('As the QR says')], lines), certifier(alone, t), witnesses(alone, t)),
  ] };
};
