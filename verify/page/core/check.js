// SPDX-License-Identifier: Apache-2.0
// check: what one verification knows while it goes on, and how it ends early. Not the steps themselves.

/**
 * Ends a verification (SPEC 9): status 1 or 2, a code, and one place or none. The only thing that the verifier throws.
 * Readers of layers throw it as (2, 'unreadable', {byte}); whoever reads a layer says what that means there.
 */
export class Stop extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {{record?: number, subject?: number, byte?: number}} [place]
   * @param {string} [text]
   */
  constructor(status, code, place = {}, text = '') {
    super(text || code);
    this.name = 'Stop';
    this.status = status;
    this.code = code;
    this.record = place.record ?? null;
    this.subject = place.subject ?? null;
    this.byte = place.byte ?? null;
    this.text = text;
  }
}

/**
 * What `read` gives, or null where it stops. For data whose damage is not the end of a verification.
 * @template T
 * @param {() => T} read
 * @returns {T|null}
 */
export function attempt(read) {
  try {
    return read();
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop;
    return null;
  }
}

/**
 * What `read` gives; where it stops, a stop with another status, code and place.
 * @template T
 * @param {{status: number, code: string, place?: object, text?: string}} instead
 * @param {() => T} read
 * @returns {T}
 */
export function orStop({ status, code, place = {}, text = '' }, read) {
  const value = attempt(read);
  if (value === null) throw new Stop(status, code, place, text);
  return value;
}

const noOptions = { since: null, asOf: null, training: false, tags: [] };

/**
 * A verification that has not begun. The steps fill in the rest (SPEC 9): V3 policy, note, n, root, seenRoots; V4 witnesses,
 * quorumMet, audited; V5 records, byIndex; V6 founding, ledgerId, M and what follows from them; V7 leaves; V8 threads, links;
 * V9 seenRoots; V10 members; V11 withheld.
 * @param {Uint8Array} bytes the file
 * @param {Uint8Array} policyBytes
 * @param {{since?: Uint8Array|null, asOf?: number|null, training?: boolean, tags?: string[]}} options
 * @param {{nested?: boolean, progress?: ((done: number, total: number, phase: string) => void)|null}} [how]
 */
export function openCheck(bytes, policyBytes, options, { nested = false, progress = null } = {}) {
  return {
    bytes, policyBytes, policy: null, options: { ...noOptions, ...options }, nested, progress,
    bundle: null, note: null, n: null, root: null, M: null,
    records: [], byIndex: new Map(), leaves: new Map(), threads: new Map(), links: new Map(), members: new Set(),
    ledgerId: null, origin: null, originLine: null, training: false, codeName: null, founding: null, threshold: null,
    witnesses: [], quorumMet: false, audited: false, seenRoots: new Map(), people: null, unknownKind: false,
    signatures: 0, disclosed: 0, withheld: [], custody: null, notes: [], findings: [], steps: [],
  };
}

/** Remembers a note 2 (SPEC 9): if nothing stops, the status is 2. */
export function addNote(check, code, place = {}, text = '') {
  check.notes.push({ code, record: place.record ?? null, subject: place.subject ?? null, text });
}

/** Tells how far a phase ('records', 'signatures') is, in not more than a hundred calls. */
export function tellProgress(check, done, total, phase) {
  const every = Math.max(1, Math.floor(total / 100));
  if (check.progress !== null && (done % every === 0 || done === total)) check.progress(done, total, phase);
}

/**
 * Runs steps in order and notes the result of each in check.steps: 'ok', 'note' where it left one, 'stop' where it ended.
 * @param {object} check
 * @param {Array<{step: string, run: (check: object) => void}>} steps
 */
export function runSteps(check, steps) {
  for (const { step, run } of steps) {
    const before = check.notes.length;
    try {
      run(check);
    } catch (stop) {
      if (stop instanceof Stop) check.steps.push({ step, result: 'stop', code: stop.code });
      throw stop;
    }
    const noted = check.notes.length > before;
    check.steps.push({ step, result: noted ? 'note' : 'ok', code: noted ? check.notes[before].code : null });
  }
}
