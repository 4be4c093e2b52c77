// SPDX-License-Identifier: Apache-2.0
//
// words: what the page says, in the reader's language. English is in the code; the other languages come from catalogues that the build reads from
// .po files (words.mjs). It is not a general library of messages: no plurals, no dates of other calendars.

/** Languages of the page, in the order of the chooser, each in its own name. */
export const LANGUAGES = [['en', 'English'], ['km', 'ភាសាខ្មែរ'], ['vi', 'Tiếng Việt']];

const fillNamed = (text, values) => text.replace(/\{([a-z]+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

const fillInOrder = (text, values) => {
  let at = 0;
  return text.replace(/%(?:llu|zu|\.\*s|s)/g, (whole) => (at < values.length ? String(values[at++]) : whole));
};

/**
 * The translator of a language.
 * @param {string} language 'en', 'km' or 'vi'
 * @param {Object<string, Object<string, string>>} catalogues of the build
 * @returns {function(string, (Object|Array)=): string} t: msgid, and the values of {name} or, in a list, of %llu, %zu, %s; `t.language` is the language,
 *   `t.knows(msgid)` tells whether it would be translated
 */
export const translator = (language, catalogues) => {
  const catalogue = new Map(Object.entries(catalogues[language] ?? {}));
  const t = (msgid, values = {}) => {
    const text = catalogue.get(msgid) || msgid;
    return Array.isArray(values) ? fillInOrder(text, values) : fillNamed(text, values);
  };
  t.language = language;
  t.knows = (msgid) => language === 'en' || catalogue.has(msgid);
  return t;
};
