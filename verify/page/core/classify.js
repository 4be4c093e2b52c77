// SPDX-License-Identifier: Apache-2.0
// classify: what something is that was dropped, scanned or typed, by its form alone. Nothing is proven, nothing is judged.

import { fromUtf8 } from './text.js';
import { attempt } from './check.js';
import { standsAt, toBase64 } from './bytes.js';
import { isBundle, readBundle } from './bundle.js';
import { exhibitKind } from './exhibits.js';
import { parseNote } from './note.js';
import { joinParts, looksLikePaper, partsOf } from './paper.js';
import { isPdf, readPdf } from './pdf.js';
import { readReceipt, noteOfStatement } from './receipt.js';
import { readStatement } from './statement.js';
import { readTag } from './tags.js';

const PICTURES = [
  [0, '\x89PNG\r\n\x1a\n'], [0, '\xff\xd8\xff'], [0, 'GIF8'], [0, 'BM'], [8, 'WEBP'], [4, 'ftyp'], [0, 'II*\0'], [0, 'MM\0*'],
];
const POLICY_WORDS = ['log', 'witness', 'group', 'quorum'];
const MAX_TEXT = 65536;

const nothing = { origin: null, size: null, root: null, parts: null };
const known = (kind, note) => (note === null ? { kind, ...nothing }
  : { kind, origin: note.origin, size: note.size, root: toBase64(note.root), parts: null });

function noteInBundle(bytes) {
  const bundle = attempt(() => readBundle(bytes));
  return bundle === null ? null : parseNote(bundle.view.note);
}

function noteInPdf(bytes) {
  const parts = readPdf(bytes);
  return parts === null ? null : noteInBundle(parts.bundle);
}

/** Paper text: what it is when it is complete, else which part stands first. */
function paperKind(bytes) {
  const parts = partsOf(bytes);
  const kind = { R: 'receipt', C: 'statement' }[parts?.[0]?.kind];
  if (kind === undefined) return { kind: 'unknown', ...nothing };
  const joined = joinParts(parts);
  if (joined === null) return { kind: 'unknown', ...nothing };
  const [{ kind: letter, part, parts: count }] = parts;
  if (joined.bytes === null) return { kind, ...nothing, parts: { letter, part, parts: count } };
  if (letter === 'R') return known(kind, readReceipt(joined.bytes)?.note ?? null);
  const statement = readStatement(joined.bytes);
  return known(kind, statement === null ? null : noteOfStatement(statement));
}

/** Its first line that says something begins with a word of a policy, and no line with another. */
function isPolicy(text) {
  const words = text.split('\n').map((line) => line.replace(/^[ \t]+/, '').split(/[ \t]/, 1)[0])
    .filter((word) => word !== '' && word !== '\r' && !word.startsWith('#'));
  return words.length > 0 && words.every((word) => POLICY_WORDS.includes(word));
}

function textKind(bytes) {
  if (looksLikePaper(bytes)) return paperKind(bytes);
  const note = parseNote(bytes);
  if (note !== null) return known('checkpoint', note);
  const text = bytes.length <= MAX_TEXT ? fromUtf8(bytes) : null;
  if (text === null) return { kind: 'unknown', ...nothing };
  if (readTag(text) !== null) return { kind: 'tag', ...nothing };
  return { kind: isPolicy(text) ? 'policy' : 'unknown', ...nothing };
}

/**
 * @param {Uint8Array} bytes
 * @returns {{kind: 'bundle'|'certificate'|'exhibit'|'receipt'|'statement'|'checkpoint'|'tag'|'policy'|'picture'|'unknown',
 *   origin: string|null, size: number|null, root: string|null, parts: {letter: 'R'|'C', part: number, parts: number}|null}}
 *   origin, size and root (base64): of the checkpoint that it claims; parts: of paper text that is not complete
 */
export function classify(bytes) {
  if (isPdf(bytes)) return known('certificate', noteInPdf(bytes));
  if (isBundle(bytes)) return known('bundle', noteInBundle(bytes));
  if (exhibitKind(bytes) !== null) return { kind: 'exhibit', ...nothing };
  if (PICTURES.some(([at, magic]) => standsAt(bytes, at, magic))) return { kind: 'picture', ...nothing };
  return textKind(bytes);
}
