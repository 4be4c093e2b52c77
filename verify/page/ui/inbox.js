// SPDX-License-Identifier: Apache-2.0
// inbox: what was given: files, the texts of QR symbols in pictures, scanned and typed texts; parts of one paper are put
// together. It draws nothing, and asks nothing of a thing but what it is.

import { pixelsOfFile } from './pictures.js';
import { readQr } from './reader.js';

const MAX_BYTES = 512 * 1024 * 1024;
const NAME_LENGTH = 48;
const PART = /^U1([RCWS])\/([1-9])\/([1-9])\/[0-9]+$/;
const UTF8 = new TextEncoder();

function shortName(text) {
  const one = text.replace(/\s+/g, ' ').trim();
  const letters = [...one];
  return letters.length <= NAME_LENGTH ? one : `${letters.slice(0, NAME_LENGTH).join('')}…`;
}

/** A text that is one part of several: {letter, part, parts}, or null. */
function partOf(text) {
  const found = PART.exec(text.slice(text.lastIndexOf('#') + 1).trim().toUpperCase());
  if (found === null) return null;
  const [, letter, part, parts] = found;
  return { letter, part: Number(part), parts: Number(parts) };
}

function missing({ texts }) {
  return texts.flatMap((text, i) => (text === null ? [i + 1] : []));
}

/**
 * An inbox.
 * @param {{look: function(Uint8Array): Promise<object>, changed: function()}} outside look: what a thing is (checks.js);
 *   changed: the list is another
 */
export function makeInbox({ look, changed }) {
  let items = [];
  let last = 0;
  let busy = 0;

  function put(item) {
    items.push({ id: ++last, origin: null, size: null, sha256: null, text: null, bytes: null, texts: null, ...item });
    return items.at(-1);
  }

  /* Work that ends with the list as it then is; an item that was removed meanwhile stays removed. */
  async function during(work) {
    busy++;
    changed();
    try {
      return await work();
    } finally {
      busy--;
      changed();
    }
  }

  async function lookAt(item) {
    const seen = await look(item.bytes);
    if (items.some(({ id, sha256, kind }) => id !== item.id && sha256 === seen.sha256 && kind === seen.kind)) {
      items = items.filter(({ id }) => id !== item.id);
      return 'known';
    }
    Object.assign(item, seen);
    return seen.kind;
  }

  /** Puts a part to its paper; gives the paper. */
  function join(text, { letter, part, parts }) {
    const clean = text.slice(text.lastIndexOf('#') + 1).trim().toUpperCase();
    const same = (item) => item.kind === 'part' && item.letter === letter && item.texts.length === parts;
    const paper = items.find((item) => same(item) && (item.texts[part - 1] ?? clean) === clean)
      ?? put({ kind: 'part', letter, name: shortName(clean), texts: new Array(parts).fill(null) });
    paper.texts[part - 1] = clean;
    return paper;
  }

  async function takeText(text, name) {
    const part = partOf(text);
    if (part === null || part.parts === 1) {
      const item = put({ kind: 'reading', name: name ?? shortName(text), text, bytes: UTF8.encode(text) });
      return { state: await lookAt(item), item };
    }
    const joined = items.find(({ text: all }) => all !== null && all.split('\n').includes(text.slice(text.lastIndexOf('#') + 1).trim().toUpperCase()));
    if (joined !== undefined) return { state: 'known', item: joined };
    const paper = join(text, part);
    if (missing(paper).length > 0) return { state: 'part', item: paper };
    paper.text = paper.texts.join('\n');
    paper.bytes = UTF8.encode(paper.text);
    return { state: await lookAt(paper), item: paper };
  }

  async function takePicture(item, file) {
    const pixels = await pixelsOfFile(file);
    if (pixels === null) {
      item.kind = 'undrawable';
      return;
    }
    const texts = await readQr(pixels, -1);
    if (texts.length === 0) return;
    items = items.filter(({ id }) => id !== item.id);
    for (const text of texts) await takeText(text, null);
  }

  async function takeFile(file) {
    const item = put({ kind: 'reading', name: file.name || 'file' });
    changed();
    if (file.size > MAX_BYTES) {
      item.kind = 'large';
      return;
    }
    try {
      item.bytes = new Uint8Array(await file.arrayBuffer());
    } catch {
      item.kind = 'unreadable';
      return;
    }
    const kind = await lookAt(item);
    if (kind === 'picture' || (kind === 'unknown' && file.type.startsWith('image/'))) {
      item.kind = 'picture';
      await takePicture(item, file);
    } else if (kind !== 'known' && item.bytes.length <= 65536) {
      item.text = new TextDecoder().decode(item.bytes).trim();
      if (partOf(item.text)?.parts > 1) {
        items = items.filter(({ id }) => id !== item.id);
        await takeText(item.text, null);
      }
    }
  }

  return {
    list: () => items,
    isBusy: () => busy > 0,
    /** One text; gives {state: a kind | 'part' | 'known', item}. */
    addText: (text) => during(() => takeText(text.trim(), null)),
    addFiles: (files) => during(async () => {
      for (const file of files) await takeFile(file);
    }),
    remove(id) {
      items = items.filter((item) => item.id !== id);
      changed();
    },
    clear() {
      items = [];
      changed();
    },
    missing,
  };
}
