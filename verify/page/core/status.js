// SPDX-License-Identifier: Apache-2.0
// status: what a verification adds up to (SPEC 10, 16.1): precedence 1, 2, 3, 0.

/**
 * @param {object} check
 * @param {import('./check.js').Stop|null} stop  what ended it
 * @returns {{status: number, code: string}}
 */
export function statusOf(check, stop) {
  if (stop !== null) return { status: stop.status, code: stop.code };
  if (check.notes.length > 0) return { status: 2, code: check.notes[0].code };
  return check.findings.some(({ breach }) => breach) ? { status: 3, code: 'custody' } : { status: 0, code: 'intact' };
}

/** Could custody not be judged to the end: V12 left out, or an orphan withheld (SPEC V12, V17, 7.3.17)? */
export function isCustodyOpen(check) {
  return check.unknownKind || check.custody === null || check.custody.open;
}
