// SPDX-License-Identifier: Apache-2.0
// plan: which of the things that were given are checked, against what. Pure: things in, jobs out; nothing is believed of
// what a thing says of itself but where it belongs.

const FILES = new Set(['bundle', 'certificate']);
const PAPERS = new Set(['receipt', 'statement', 'checkpoint']);

/* Marks a text for the catalogues (words.mjs); who draws it translates it. */
const t = (msgid) => msgid;

/** Sentences on what cannot be checked, by the kind of the thing. */
export const PROBLEM = {
  policy: t('This is a list of keys to trust. A court builds it into its own copy of this page; giving it here changes nothing, for anybody can write one.'),
  part: t('One part of a paper, and no other part yet. Scan the other QR symbols of this paper too.'),
  picture: t('No QR symbol could be read in this picture. Not every page of a paper has one. Where there is one, try it closer, flat, in even light, and sharp.'),
  undrawable: t('This browser cannot show this picture. Take a photograph as JPEG or PNG.'),
  unreadableHere: t('This browser cannot read QR symbols. Type the text, or use a file or another browser.'),
  large: t('This file is too large for a browser. Use the program unbroken-verify.'),
  unreadable: t('This file could not be read from where it is.'),
  empty: t('This file is empty.'),
  plainPdf: t('No file for checking is attached to this PDF. If it is a receipt or a page of labels, photograph or scan its QR symbol instead.'),
  failed: t('The check itself failed. This says nothing about the file: neither that it is good nor that it is bad.'),
  unknown: t('This is nothing that this page knows: no certificate, bundle, receipt, label or checkpoint.'),
};

/** Whether a label may be of the file's ledger; one that is typed as a name alone names none. */
function mayBeOf({ tag }, { origin }) {
  if (tag === null || tag.ledger === null) return true;
  return origin !== null && origin.slice(origin.lastIndexOf('/') + 1).startsWith(tag.ledger.toLowerCase());
}

/** A label goes to the files that have its thing, else to those of its ledger, else to all: that no file has it is an answer. */
function tagsOf(file, files, tags) {
  return tags.filter((tag) => {
    const ofLedger = files.filter((other) => mayBeOf(tag, other));
    const holders = ofLedger.filter(({ subjects }) => subjects?.includes(tag.tag?.subject));
    return [holders, ofLedger, files].find((some) => some.length > 0).includes(file);
  });
}

function isOlder(a, b) {
  return a.origin === b.origin && a.origin !== null && a.size !== null && b.size !== null && a.size < b.size;
}

/** Files of which it must be known what is in them, before labels can be put to them. */
export function mustLookInto(items) {
  const files = items.filter(({ kind }) => FILES.has(kind));
  return files.length > 1 && items.some(({ kind }) => kind === 'tag') ? files.filter(({ subjects }) => subjects === null) : [];
}

/** Of one size, and of another history: both signed, that is a fork. */
function isOther(a, b) {
  return a.origin === b.origin && a.origin !== null && a.size !== null && a.size === b.size && a.root !== b.root;
}

/** What shows a checkpoint that the file must continue: every paper of its ledger, and of the other files one for each checkpoint. */
function sinceOf(file, files, papers) {
  const checkpoints = new Map();
  for (const other of files.filter((one) => isOlder(one, file) || isOther(one, file))) {
    const checkpoint = `${other.size} ${other.root}`;
    if (!checkpoints.has(checkpoint)) checkpoints.set(checkpoint, other);
  }
  return [...papers.filter((paper) => paper.origin !== null && paper.origin === file.origin), ...checkpoints.values()];
}

/** Pairs of files of one ledger, each with the next larger one. */
function pairs(files) {
  const sorted = [...files].sort((a, b) => a.size - b.size);
  return sorted.flatMap((older, i) => {
    const newer = sorted.slice(i + 1).find((file) => isOlder(older, file));
    return newer === undefined ? [] : [{ kind: 'between', item: newer, older }];
  });
}

/**
 * @param {[object]} items with what look() of checks.js says of them, and name, text, subjects (null: not known)
 * @returns {[{kind: 'verdict'|'alone'|'between'|'problem', item, since, tags, older, text: string}]} in the order given, pairs last
 */
export function plan(items) {
  const files = items.filter(({ kind }) => FILES.has(kind));
  const papers = items.filter(({ kind }) => PAPERS.has(kind));
  const tags = items.filter(({ kind }) => kind === 'tag');
  const jobs = items.flatMap((item) => {
    if (FILES.has(item.kind)) {
      const text = item.isPlainPdf ? PROBLEM.plainPdf : null;
      return [{ kind: 'verdict', item, since: sinceOf(item, files, papers), tags: tagsOf(item, files, tags), text }];
    }
    if (item.kind === 'exhibit') return [{ kind: 'verdict', item, since: [], tags: [] }];
    if (PAPERS.has(item.kind)) {
      return files.some(({ origin }) => origin === item.origin) ? [] : [{ kind: 'alone', item }];
    }
    if (item.kind === 'tag') return files.length > 0 ? [] : [{ kind: 'alone', item }];
    return [{ kind: 'problem', item, text: PROBLEM[item.kind] ?? PROBLEM.unknown }];
  });
  return [...jobs, ...pairs(files)];
}
