// SPDX-License-Identifier: Apache-2.0
// parts: papers whose text stands in several QR symbols (SPEC 13.2): which part a text is, and what is still missing.
// Whether the digits mean anything is asked by core/paper.js when all are there.

const PART = /^U1([RCWS])\/([1-9])\/([1-9])\/[0-9]+$/;

/** What stands behind an address, in the case that QR symbols have. */
function bare(text) {
  return text.slice(text.lastIndexOf('#') + 1).trim().toUpperCase();
}

/**
 * @param {string} text
 * @returns {{letter: string, part: number, parts: number, text: string}|null} null: not one part of several
 */
export function partOf(text) {
  const found = PART.exec(bare(text));
  if (found === null || found[3] === '1') return null;
  return { letter: found[1], part: Number(found[2]), parts: Number(found[3]), text: bare(text) };
}

/** Whether a paper, given as {letter, texts}, may have this part: there or free. */
export function mayHave({ letter, texts }, part) {
  const there = texts[part.part - 1];
  return letter === part.letter && texts.length === part.parts && (there === null || there === part.text);
}

/** Numbers of the parts that a paper does not have yet. */
export function missing({ texts }) {
  return texts.flatMap((text, i) => (text === null ? [i + 1] : []));
}
