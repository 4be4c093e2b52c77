// SPDX-License-Identifier: Apache-2.0
// alone: a receipt, a certified statement, a tag or a checkpoint without the file that would prove the rest: what it says,
// to be compared with the paper, and whose signatures on it hold. Never a verdict on evidence.

import { toBase64, toHex } from './bytes.js';
import { attempt } from './check.js';
import { checkLogLines } from './checkpoint.js';
import { printedName } from './names.js';
import { parseNote } from './note.js';
import { looksLikePaper, readPaper } from './paper.js';
import { parsePolicy } from './policy.js';
import { noteOfStatement, readReceipt } from './receipt.js';
import { certificateNumber, readStatement } from './statement.js';
import { readTag } from './tags.js';
import { escapeText, fromUtf8 } from './text.js';
import { formatLocal } from './times.js';
import { witnessesOf } from './views.js';
import { officeName } from './words.js';

const line = (label, value, word = null) => ({ label, value: escapeText(value), word, subject: null });

/** Whether the log's signature on a note holds under a policy: unknown where the policy has no key that signed it. */
function signatureOf(policy, note) {
  if (policy === null) return 'unknown';
  const held = attempt(() => checkLogLines(note, policy) ?? true);
  if (held !== null) return 'valid';
  const signed = policy.logs.some(({ name, id }) => name === note.origin
    && note.lines.some((each) => each.name === name && toHex(each.id) === toHex(id)));
  return signed ? 'invalid' : 'unknown';
}

const TEXTS = {
  valid: "The station's signature holds, by a key that this page trusts. Compare what stands here with the paper.",
  invalid: "The station's signature does not hold: what stands here was altered, or misread.",
  unknown: 'No key that this page trusts signed this: nothing of it is proven.',
};

/* Of a statement the QR has the station's signature on the checkpoint, and the certifier's not. */
const STATEMENT_TEXTS = {
  ...TEXTS,
  valid: "The station's signature holds, by a key that this page trusts. It covers the ledger, the number of records and the root alone: "
    + 'who certified, and the result that the paper states, are not checked.',
};

function ledgerLines(note, ledgerId) {
  return [
    line('Ledger', note.origin, note.origin.includes('/training/') ? 'training ledger, not evidence' : null),
    ...(ledgerId === null ? [] : [line('Ledger id', toHex(ledgerId))]),
    line('Records in the ledger', String(note.size)),
    line('Root', toBase64(note.root)),
  ];
}

/** What is said of anything that shows a checkpoint. */
function ofNote(what, policy, note, { lines, record = null }) {
  const signature = signatureOf(policy, note);
  return {
    what,
    code: signature === 'valid' ? 'compare' : `signature-${signature}`,
    text: (what === 'statement' ? STATEMENT_TEXTS : TEXTS)[signature],
    lines,
    signature,
    certifier: 'unknown',
    witnesses: policy === null ? [] : witnessesOf(policy, note),
    origin: escapeText(note.origin),
    size: note.size,
    root: toBase64(note.root),
    record,
    training: note.origin.includes('/training/'),
  };
}

function ofReceipt(policy, bytes) {
  const receipt = readReceipt(bytes);
  if (receipt === null) return null;
  const { note, index, ledger } = receipt;
  const record = { index, hash: toHex(receipt.record) };
  const lines = [line('Record', String(index)), line('Record hash', record.hash), ...ledgerLines(note, ledger)];
  return ofNote('receipt', policy, note, { lines, record });
}

/** A statement's own members; names need the ledger's code, which it does not have, and so numbers stand for them. */
function statementLines(statement, note) {
  const { person, capacity } = statement.certifier;
  const result = statement.status === 0 ? 'intact, and custody unbroken' : 'intact, but a rule of custody is broken';
  const more = statement.askedCount > statement.asked.length ? ', …' : '';
  return [
    line('Certificate', certificateNumber(statement.bytes)),
    line('Certified by', String(person)),
    line('Office', '', officeName(capacity) || String(capacity)),
    line('Certified at', formatLocal(statement.made, statement.offset)),
    line('Form', statement.template),
    ...ledgerLines(note, statement.ledger),
    line('Bundle', toHex(statement.bundle)),
    line('Records in the bundle', String(statement.records)),
    line('Policy', toHex(statement.policy)),
    line('Result', '', result),
    line('Breaches', String(statement.breaches)),
    line('Findings', String(statement.findings)),
    line('Details withheld or erased', String(statement.withheld)),
    line('Asked for', `${statement.asked.join(', ')}${more}`),
  ];
}

function ofStatement(policy, bytes) {
  const statement = readStatement(bytes);
  const note = statement === null ? null : noteOfStatement(statement);
  return note === null ? null : ofNote('statement', policy, note, { lines: statementLines(statement, note) });
}

function ofTag(text) {
  const tag = readTag(text);
  if (tag === null) return null;
  const isRight = tag.isChecked;
  return {
    what: 'tag',
    code: isRight ? 'compare' : 'check-character',
    text: isRight ? 'A tag identifies a thing and proves nothing.'
      : 'The check character is wrong: the name was misread or mistyped.',
    lines: [
      ...(isRight ? [line('Name', printedName(tag.code, tag.subject))] : []),
      line('Code of names', tag.code),
      line('Number', String(tag.subject)),
      ...(tag.ledger === null ? [] : [line('First 80 bits of the ledger id', tag.ledger), line('Print', String(tag.print))]),
    ],
    signature: 'unknown', certifier: 'unknown', witnesses: [], origin: null, size: null, root: null, record: null,
    training: false,
  };
}

function ofPaper(policy, file) {
  const paper = readPaper(file);
  if (paper === null) return null;
  if (paper.kind === 'R') return ofReceipt(policy, paper.bytes);
  return paper.kind === 'C' ? ofStatement(policy, paper.bytes) : null;
}

/**
 * What a paper or checkpoint says by itself.
 * @param {Uint8Array} file  text of a receipt, a statement or a tag, or a signed checkpoint
 * @param {Uint8Array|null} policyBytes
 * @returns {{what: 'receipt'|'statement'|'tag'|'checkpoint', code: string, text: string, lines: object[],
 *   signature: 'valid'|'invalid'|'unknown', certifier: 'unknown', witnesses: object[], origin: string|null,
 *   size: number|null, root: string|null, record: {index: number, hash: string}|null, training: boolean}|null}
 *   null: it is nothing of the kind
 */
export function readAlone(file, policyBytes) {
  const policy = policyBytes === null ? null : parsePolicy(policyBytes);
  if (looksLikePaper(file)) return ofPaper(policy, file);
  const note = parseNote(file);
  if (note !== null) return ofNote('checkpoint', policy, note, { lines: ledgerLines(note, null) });
  const text = file.length <= 4096 ? fromUtf8(file) : null;
  return text === null ? null : ofTag(text);
}
