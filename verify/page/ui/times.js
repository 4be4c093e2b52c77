// SPDX-License-Identifier: Apache-2.0
//
// times: how a time of a verdict is shown. The computer's clock and time zone are not asked for anything that stands in a record.

import { el } from './dom.js';

const two = (number) => String(number).padStart(2, '0');

/** +420 -> "+07:00" */
const zone = (minutes) => `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;

/** The milliseconds of a TIME of SPEC 16.1, or null of one beyond what a calendar shows. */
export const millisecondsOf = (time) => {
  const value = typeof time === 'string' && time.length === 20 ? Date.parse(time) : NaN;
  return Number.isNaN(value) ? null : value;
};

/**
 * A time for reading.
 * @param {string|null} time TIME of SPEC 16.1
 * @param {number|null} offset minutes from UTC, as the signers stated; null: UTC
 */
export const timeText = (time, offset = null) => {
  const value = millisecondsOf(time);
  if (value === null) return time ?? '';
  const local = new Date(value + (offset ?? 0) * 60000).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 19)} ${offset === null ? 'UTC' : zone(offset)}`;
};

/** The same as an element that programs can read. */
export const timeOf = (time, offset = null) => el('time', { datetime: millisecondsOf(time) === null ? null : time, title: time }, timeText(time, offset));

/** How long, in the words of the report. */
export const lastingText = (t, milliseconds) => {
  const minutes = Math.floor(milliseconds / 60000);
  if (minutes < 60) return t('%llu min', [minutes]);
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? t('%llu h %llu min', [hours, minutes % 60]) : t('%llu d %llu h', [Math.floor(hours / 24), hours % 24]);
};
