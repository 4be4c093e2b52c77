// SPDX-License-Identifier: Apache-2.0
//
// words: the page's words in other languages, read from .po files when the page is built. A strict reader of as much of gettext's format as our
// catalogues use: msgid and msgstr, joined lines, comments. It is not in the page: what it gives is written into it.
//
//   node verify/page/words.mjs TOP --check     says what has no translation, what nobody uses, and where placeholders differ
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const LANGUAGES = ['km', 'vi'];
const ESCAPES = { n: '\n', t: '\t', '"': '"', '\\': '\\' };

/** The text of one quoted line of a .po file; throws where it is not one. */
const unquote = (text, where) => {
  if (!/^"(?:[^"\\]|\\.)*"$/.test(text)) throw new Error(`${where}: not a quoted text`);
  return text.slice(1, -1).replace(/\\(.)/g, (_, letter) => {
    if (!(letter in ESCAPES)) throw new Error(`${where}: unknown escape \\${letter}`);
    return ESCAPES[letter];
  });
};

/**
 * Reads a catalogue.
 * @param {string} text of a .po file
 * @param {string} name for messages
 * @returns {Map<string, string>} msgid -> msgstr, the header left out; throws on anything that it does not know
 */
export const readPo = (text, name) => {
  const entries = [];
  let part = null;
  text.split('\n').forEach((line, i) => {
    const where = `${name}:${i + 1}`;
    if (line.startsWith('#~') || line.startsWith('#, fuzzy')) throw new Error(`${where}: an entry that is out of date`);
    if (line === '' || line.startsWith('#')) return;
    const keyword = line.match(/^(msgid|msgstr) /)?.[1] ?? null;
    if (keyword === null && !line.startsWith('"')) throw new Error(`${where}: unknown line`);
    if (keyword === 'msgid') entries.push({ msgid: '', msgstr: null, where });
    const entry = entries.at(-1);
    if (entry === undefined || (keyword === 'msgstr' && entry.msgstr !== null)) throw new Error(`${where}: out of place`);
    if (keyword === 'msgstr') entry.msgstr = '';
    part = keyword ?? part;
    entry[part] += unquote(keyword === null ? line : line.slice(keyword.length + 1), where);
  });
  const catalogue = new Map();
  for (const { msgid, msgstr, where } of entries) {
    if (msgstr === null || catalogue.has(msgid)) throw new Error(`${where}: no msgstr, or twice`);
    catalogue.set(msgid, msgstr);
  }
  catalogue.delete('');
  return catalogue;
};

const sourcesIn = (folder) => readdirSync(folder).filter((name) => name.endsWith('.js')).sort().map((name) => readFileSync(join(folder, name), 'utf8'));

/** The texts of page.html that carry data-t (the text is the msgid) or data-t-label. */
const markupWords = (html) => {
  const texts = [...html.matchAll(/<[^<>]*\sdata-t(?:=""|\s|>)[^<>]*?>?([^<>]*)</g)].map((match) => match[1]);
  const labels = [...html.matchAll(/\sdata-t-(?:label|placeholder)="([^"]*)"/g)].map((match) => match[1]);
  const plain = (text) => text.replace(/\s+/g, ' ').trim().replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  return [...texts, ...labels].map(plain).filter((text) => text !== '');
};

const read = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
};

/** Whether a text stands as a literal in some source. */
const mentioner = (sources) => {
  const all = sources.join('\n');
  return (text) => {
    const escaped = text.replaceAll('\\', '\\\\');
    return all.includes(`'${escaped.replaceAll("'", "\\'")}'`) || all.includes(`"${escaped.replaceAll('"', '\\"')}"`) || all.includes(`'${escaped}'`);
  };
};

const SAID = /\bt\(\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")/g;

const TABLE = /^const [A-Z_]+ = (?:new Map\()?[[{][^]*?[\]}]\)?;$/gm;
const LITERAL = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"/g;

/** Sentences and words of the tables of a source (constants in capitals): what has a space, or begins with one capital letter, and no digits of drawings. */
const tableWords = (source) => [...source.matchAll(TABLE)].flatMap((table) => [...table[0].matchAll(LITERAL)].map((match) => (match[1] ?? match[2]).replace(/\\(.)/g, '$1')))
  .filter((text) => /^[A-Za-z][a-z ].* |^[A-Z][a-z]+$/.test(text));

/**
 * What the page may say: `said` are the msgids of t('…') and of page.html; `mentions` tells of another text whether it is a literal of ui/ or core/
 * (a word of a table).
 * @param {string} top folder of the project
 */
export const usedWords = (top) => {
  const ui = sourcesIn(join(top, 'verify/page/ui'));
  const said = ui.flatMap((source) => [...source.matchAll(SAID)].map((match) => (match[1] ?? match[2]).replace(/\\(.)/g, '$1')));
  return {
    said: new Set([...said, ...ui.flatMap(tableWords), ...markupWords(read(join(top, 'verify/page/page.html')))]),
    mentions: mentioner([...ui, ...sourcesIn(join(top, 'verify/page/core'))]),
  };
};

const readAll = (top) => Object.fromEntries(LANGUAGES.map((language) => {
  const [printed, own] = ['printer/po', 'verify/page/po'].map((folder) => readPo(readFileSync(join(top, folder, `${language}.po`), 'utf8'), `${folder}/${language}.po`));
  return [language, { printed, own }];
}));

/**
 * The catalogues that the page carries: the printed papers' words that the page uses, and its own.
 * @param {string} top folder of the project
 * @returns {{km: Object<string, string>, vi: Object<string, string>}}
 */
export const catalogues = (top) => {
  const { said, mentions } = usedWords(top);
  return Object.fromEntries(Object.entries(readAll(top)).map(([language, { printed, own }]) => {
    const used = [...printed].filter(([msgid]) => said.has(msgid) || mentions(msgid));
    return [language, Object.fromEntries([...used, ...own].sort(([a], [b]) => (a < b ? -1 : 1)))];
  }));
};

const placeholders = (text) => [...text.matchAll(/\{[a-z]+\}|%(?:llu|zu|\.\*s|s)/g)].map((match) => match[0]);
const same = (a, b) => a.length === b.length && a.every((item, i) => item === b[i]);

/** Placeholders agree: the named ones in any order, printer's in theirs. */
export const agree = (msgid, msgstr) => {
  const [named, told] = [msgid, msgstr].map((text) => placeholders(text).filter((item) => item[0] === '{').sort());
  const [counted, said] = [msgid, msgstr].map((text) => placeholders(text).filter((item) => item[0] === '%'));
  return same(named, told) && same(counted, said);
};

/**
 * What is wrong with the catalogues, a sentence each.
 * @param {string} top folder of the project
 */
export const complaints = (top) => {
  const { said, mentions } = usedWords(top);
  const wrong = [];
  for (const [language, { printed, own }] of Object.entries(readAll(top))) {
    for (const msgid of said) if (!(printed.get(msgid) || own.get(msgid))) wrong.push(`${language}: no translation of "${msgid}"`);
    for (const [msgid, msgstr] of own) {
      if (msgstr === '') wrong.push(`${language}: empty translation of "${msgid}"`);
      if (printed.has(msgid)) wrong.push(`${language}: the papers have a translation of "${msgid}" already`);
      if (!said.has(msgid) && !mentions(msgid)) wrong.push(`${language}: nobody says "${msgid}"`);
      if (!agree(msgid, msgstr)) wrong.push(`${language}: other placeholders in "${msgid}"`);
    }
  }
  return wrong;
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const wrong = complaints(process.argv[2] ?? '.');
  wrong.forEach((line) => console.log(line));
  console.log(`${wrong.length} complaints`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
