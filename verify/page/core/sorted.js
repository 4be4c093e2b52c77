// SPDX-License-Identifier: Apache-2.0
// sorted: breaches and findings in the order in which a verdict tells them (SPEC 13.6, 16.1).

import { compareText } from './text.js';

/** null comes last. */
function compareNumbers(a, b) {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a - b;
}

/**
 * @param {{findings: object[]}} check
 * @param {boolean} areBreaches
 * @returns {{code: string, record: number|null, subject: number|null, text: string, reason: string|null}[]}
 */
export function sortedFindings({ findings }, areBreaches) {
  return findings.filter(({ breach }) => breach === areBreaches)
    .sort((a, b) => compareNumbers(a.record, b.record) || compareNumbers(a.subject, b.subject)
      || compareText(a.code, b.code) || compareText(a.text, b.text));
}
