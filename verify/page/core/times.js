// SPDX-License-Identifier: Apache-2.0
// times: seconds written as text, and what is proven of when a record existed (SPEC 2.2, 16.1). Whose signatures
// prove it is judged in views.js.

const LAST_SECOND = 253402300799;
const TOLERANCE = 300;

const DAY = 86400;
const DAYS_OF_4_YEARS = 1461;
const DAYS_OF_400_YEARS = 146097;
/** Days from 0000-03-01, where a year of the calendar is best begun (its leap day is its last), to 1970-01-01. */
const DAYS_TO_1970 = 719468;

const pad = (number, digits = 2) => String(number).padStart(digits, '0');

/** The Gregorian date of a day, days since 1970-01-01. */
function dateOf(days) {
  const since = days + DAYS_TO_1970;
  const era = Math.floor(since / DAYS_OF_400_YEARS);
  const day = since - era * DAYS_OF_400_YEARS;
  const year = Math.floor((day - Math.floor(day / (DAYS_OF_4_YEARS - 1)) + Math.floor(day / 36524)
    - Math.floor(day / (DAYS_OF_400_YEARS - 1))) / 365);
  const dayOfYear = day - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const march = Math.floor((5 * dayOfYear + 2) / 153);
  const month = march < 10 ? march + 3 : march - 9;
  return { year: era * 400 + year + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * march + 2) / 5) + 1 };
}

/** Date and time of day of seconds that are not beyond the year 9999: `2018-12-13T02:03:04`. */
function dateTime(seconds) {
  const { year, month, day } = dateOf(Math.floor(seconds / DAY));
  const rest = seconds - Math.floor(seconds / DAY) * DAY;
  const [hour, minute] = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60];
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(rest % 60)}`;
}

/**
 * TIME of SPEC 16.1: UTC, or `@` and the seconds beyond the year 9999.
 * @param {number} seconds
 * @returns {string}
 */
export function formatTime(seconds) {
  return seconds > LAST_SECOND ? `@${seconds}` : `${dateTime(seconds)}Z`;
}

/**
 * Seconds in local time with the offset behind: `2018-12-13T09:03:04+07:00` (SPEC 13.6).
 * @param {number} seconds
 * @param {number} offset  in minutes
 * @returns {string}
 */
export function formatLocal(seconds, offset) {
  const local = seconds + offset * 60;
  if (Math.max(seconds, local) > LAST_SECOND) return `@${seconds}`;
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return `${dateTime(local)}${offset < 0 ? '-' : '+'}${pad(hours)}:${pad(minutes)}`;
}

/** Bounds in the order in which records reach them, with their places in the list, which decide between equal times. */
function inOrder(bounds, reach) {
  return bounds.map((bound, place) => ({ ...bound, place })).sort((a, b) => reach(a) - reach(b) || a.place - b.place);
}

/**
 * For each record in the order given the best of the bounds that hold for it; a bound that holds for one record holds
 * for all behind it, so both lists are walked once.
 */
function boundsOf(records, ordered, { holds, isBetter }) {
  const found = new Map();
  let [next, best] = [0, null];
  for (const { index } of records) {
    for (; next < ordered.length && holds(ordered[next], index); next++) {
      const bound = ordered[next];
      const isFirst = best !== null && bound.time === best.time && bound.place < best.place;
      if (best === null || isFirst || isBetter(bound.time, best.time)) best = bound;
    }
    found.set(index, best === null ? null : { time: best.time, by: best.who });
  }
  return found;
}

/** The earliest time of a view that covers the record. */
function latestTimes(check) {
  const rule = { holds: ({ size }, index) => size > index, isBetter: (time, best) => time < best };
  return boundsOf([...check.records].reverse(), inOrder(check.notAfter, ({ size }) => -size), rule);
}

/** The latest time that a record up to this one quotes. */
function earliestTimes(check) {
  const rule = { holds: ({ record }, index) => record <= index, isBetter: (time, best) => time > best };
  return boundsOf(check.records, inOrder(check.notBefore, ({ record }) => record), rule);
}

/**
 * What is proven of when each record of the bundle existed (SPEC 2.2).
 * @param {{records: {index: number, logged: number}[], notAfter: {size: number, time: number, who: string}[],
 *   notBefore: {record: number, time: number, who: string}[]}} check
 * @returns {{record: object, notAfter: {time: number, by: string}|null, notBefore: {time: number, by: string}|null}[]}
 */
export function recordTimes(check) {
  const [after, before] = [latestTimes(check), earliestTimes(check)];
  return check.records.map((record) => (
    { record, notAfter: after.get(record.index), notBefore: before.get(record.index) }));
}

/**
 * The finding `logged` (SPEC 7.3.17c): logged over 300 s after, or before, what is proven.
 * @param {object} check
 * @returns {object|null}
 */
export function loggedFinding(check) {
  const times = recordTimes(check);
  const isLate = ({ record, notAfter }) => notAfter !== null && record.logged > notAfter.time + TOLERANCE;
  const isEarly = ({ record, notBefore }) => notBefore !== null && record.logged + TOLERANCE < notBefore.time;
  const [late, early] = [times.filter(isLate), times.filter(isEarly)];
  if (late.length + early.length === 0) return null;
  const first = times.find((time) => isLate(time) || isEarly(time)).record.index;
  const text = `the station's clock and its witnesses contradict each other: ${late.length} records were logged at a `
    + `later time than they are proven to have existed, ${early.length} at an earlier one than they can have existed; `
    + `the first is record ${first}`;
  return { breach: false, code: 'logged', record: null, subject: null, text, reason: null };
}
