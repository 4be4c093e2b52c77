// SPDX-License-Identifier: Apache-2.0
//
// print: before a result is printed, what is folded up is shown: broken rules, findings, what is withheld, certified lines, things with broken rules.
// The expert's view is not printed. What stays folded up says on paper that it is not printed (result.css).

import { UNFOLD } from './dom.js';

/* Pictures of custody take room: a file may have thousands. */
const THINGS = 200;

const isPrinted = (element) => element.closest('.expert') === null;

/**
 * Unfolds what a result on paper must have.
 * @param {Element} results
 */
export const unfoldForPrint = (results) => {
  for (const rest of [...results.querySelectorAll('.rest')].filter(isPrinted)) rest.dispatchEvent(new Event(UNFOLD));
  for (const thing of [...results.querySelectorAll('details.thing.broken')].slice(0, THINGS)) thing.dispatchEvent(new Event(UNFOLD));
  for (const members of results.querySelectorAll('details.members')) members.open = true;
};
