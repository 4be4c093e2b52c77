// SPDX-License-Identifier: Apache-2.0
// inbox: what was given: files, the texts of QR symbols in pictures, scanned and typed texts; parts of one paper are put
// together. It draws nothing, and asks nothing of a thing but what it is.

import { mayHave, missing, partOf } from './parts.js';
import { pixelsOfFile } from './pictures.js';
import { readQr } from './reader.js';

const MAX_BYTES = 512 * 1024 * 1024;
const MAX_TEXT = 65536;
const NAME_LENGTH = 48;
const UTF8 = new TextEncoder();

function shortName(text) {
  const letters = [...text.replace(/\s+/g, ' ').trim()];
  return letters.length <= NAME_LENGTH ? letters.join('') : `${letters.slice(0, NAME_LENGTH).join('')}…`;
}

function put(inbox, item) {
  inbox.last++;
  const whole = { id: inbox.last, kind: 'reading', origin: null, size: null, sha256: null, text: null, bytes: null, texts: null, subjects: null, tag: null, ...item };
  inbox.items.push(whole);
  return whole;
}

function drop(inbox, id) {
  inbox.items = inbox.items.filter((item) => item.id !== id);
}

/** Finds out what a thing is; the same bytes a second time are dropped. */
async function lookAt(inbox, item) {
  let seen = null;
  try {
    seen = await inbox.look(item.bytes);
  } catch {
    item.kind = 'failed';
    return item.kind;
  }
  if (inbox.items.some(({ id, sha256 }) => id !== item.id && sha256 === seen.sha256)) {
    drop(inbox, item.id);
    return 'known';
  }
  Object.assign(item, seen);
  return seen.kind;
}

async function takePart(inbox, part, name) {
  const known = inbox.items.find(({ texts }) => texts !== null && texts.includes(part.text));
  if (known !== undefined) return { state: 'known', item: known };
  const paper = inbox.items.find((item) => item.kind === 'part' && mayHave(item, part))
    ?? put(inbox, { kind: 'part', name: name ?? shortName(part.text), letter: part.letter, texts: new Array(part.parts).fill(null) });
  paper.texts[part.part - 1] = part.text;
  if (missing(paper).length > 0) return { state: 'part', item: paper };
  paper.text = paper.texts.join('\n');
  paper.bytes = UTF8.encode(paper.text);
  return { state: await lookAt(inbox, paper), item: paper };
}

/** `name` is that of the picture that the text stands in, or null. A label is best called by what it says. */
async function takeText(inbox, text, name) {
  const part = partOf(text);
  if (part !== null) return takePart(inbox, part, name);
  const item = put(inbox, { name: text.length > NAME_LENGTH && name !== null ? name : shortName(text), text, bytes: UTF8.encode(text) });
  return { state: await lookAt(inbox, item), item };
}

async function takePicture(inbox, item, file) {
  item.kind = 'reading';
  const pixels = await pixelsOfFile(file);
  if (pixels === null) {
    item.kind = 'undrawable';
    return;
  }
  let texts = [];
  try {
    texts = await readQr(pixels, -1);
  } catch {
    item.kind = 'unreadableHere';
    return;
  }
  if (!inbox.items.includes(item)) return; // removed meanwhile
  item.kind = 'picture';
  if (texts.length === 0) return;
  drop(inbox, item.id);
  for (const [i, text] of texts.entries()) {
    await takeText(inbox, text, texts.length === 1 ? item.name : `${item.name} (${i + 1})`);
  }
}

async function bytesOf(file, item) {
  if (file.size > MAX_BYTES) {
    item.kind = 'large';
    return null;
  }
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    item.kind = 'unreadable';
    return null;
  }
}

async function takeFile(inbox, file) {
  const item = put(inbox, { name: file.name || 'file' });
  inbox.changed();
  item.bytes = await bytesOf(file, item);
  if (item.bytes === null) return;
  const kind = await lookAt(inbox, item);
  if (kind === 'picture' || (kind === 'unknown' && file.type.startsWith('image/'))) {
    await takePicture(inbox, item, file);
  } else if (kind !== 'known' && item.bytes.length <= MAX_TEXT) {
    item.text = new TextDecoder().decode(item.bytes).trim();
    if (item.parts === null) return;
    drop(inbox, item.id);
    for (const line of item.text.split('\n')) {
      const part = partOf(line);
      if (part !== null) await takePart(inbox, part, item.name);
    }
  }
}

/* Things come one after the other; the list is told of when each is there, and once when all are. */
async function during(inbox, work) {
  inbox.busy++;
  inbox.changed();
  const before = inbox.queue;
  inbox.queue = (async () => {
    await before;
    try {
      return await work();
    } finally {
      inbox.busy--;
      inbox.changed();
    }
  })();
  const mine = inbox.queue;
  inbox.queue = mine.catch(() => {});
  return mine;
}

/**
 * An inbox.
 * @param {{look: function(Uint8Array): Promise<object>, changed: function()}} outside look: what a thing is (checks.js);
 *   changed: the list is another
 * @returns {object} list() of things as plan.js takes them; addText gives {state, item}, state a kind, 'part' or 'known'
 */
export function makeInbox({ look, changed }) {
  const inbox = { items: [], last: 0, busy: 0, generation: 0, queue: Promise.resolve(), look, changed };
  return {
    list: () => inbox.items,
    isBusy: () => inbox.busy > 0,
    addText: (text) => during(inbox, () => takeText(inbox, text.trim(), null)),
    addFiles: (files) => {
      const { generation } = inbox;
      return during(inbox, async () => {
        for (const file of files) if (inbox.generation === generation) await takeFile(inbox, file);
      });
    },
    remove(id) {
      drop(inbox, id);
      changed();
    },
    clear() {
      inbox.items = [];
      inbox.generation++;
      changed();
    },
  };
}
