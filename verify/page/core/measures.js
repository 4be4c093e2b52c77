// SPDX-License-Identifier: Apache-2.0
// measures: seals, pieces and masses against the state (SPEC 7.3.5 to 7.3.8). Sums are BigInt: they may exceed 2^53.

import { KIND, PARENT, CHILD } from './kinds.js';
import { statedDetails } from './musts.js';

const DRIFT_EXPLANATION = 92;
const MOST_SEALS = 16;
const COUNTED = [KIND.release, KIND.accept, KIND.refuse, KIND.handOut, KIND.takeBack, KIND.stocktake, KIND.dispose];
const OPENS_SEALS = [KIND.seal, KIND.unseal, KIND.reseal];

/** Seals found are compared; seal, unseal and reseal change them (SPEC 7.3.5). */
export function judgeSeals(turn, thing, { found, removed, put }) {
  let differs = false;
  if (found !== null) {
    differs = !sameSeals(found, thing.seals);
    thing.seals = found;
  }
  if (OPENS_SEALS.includes(turn.act.kind)) {
    const off = removed ?? [];
    const left = new Set(thing.seals);
    for (const seal of off) differs = !left.delete(seal) || differs;
    for (const seal of put ?? []) left.add(seal);
    if (left.size > MOST_SEALS) differs = true;
    else thing.seals = [...left];
  }
  if (differs) tellOf(turn, 'seal-differs', thing, 'the seals found are not those put on before');
}

function sameSeals(a, b) {
  const set = new Set(a);
  return a.length === b.length && b.every((seal) => set.has(seal));
}

/** Pieces stated are compared with those before, where any were stated (SPEC 7.3.6). */
export function judgePieces(turn, thing, { pieces }) {
  if (pieces === null || !COUNTED.includes(turn.act.kind)) return;
  if (thing.pieces !== null && thing.pieces !== pieces) {
    tellOf(turn, 'pieces', thing, `${pieces} pieces stated, ${thing.pieces} before`);
  }
  thing.pieces = pieces;
}

/** The net mass of weigh, register and accept (SPEC 7.3.7). */
export function judgeNet(turn, thing, entry) {
  const { gross, tare, net } = entry.facts;
  if (net === null) return;
  if (gross !== null && tare !== null && gross !== tare + net) tellOf(turn, 'mass', thing, 'net is not gross less tare');
  judgeDrift(turn, thing, entry, net);
  thing.net = net;
}

/** A mass against the last net mass: a finding, and a breach where it is much and not explained. */
function judgeDrift(turn, thing, entry, mass) {
  const last = thing.net;
  if (last === null || mass === last) return;
  const percent = percentOf(mass, last);
  turn.tell.finding('drift', turn.record.index, thing.subject,
    `${turn.tell.name(thing.subject)}: ${mass} mg, ${last} mg before${percent}`);
  const change = BigInt(Math.abs(mass - last));
  if (change <= 1000n || change * 50n <= BigInt(last)) return;
  if (statedDetails(turn, entry)(DRIFT_EXPLANATION) > 0) return;
  tellOf(turn, 'mass', thing, `the mass differs, ${mass} mg after ${last} mg${percent}, unexplained`);
}

function percentOf(mass, last) {
  if (last === 0) return '';
  const thousandths = ((BigInt(mass) - BigInt(last)) * 1000n) / BigInt(last);
  const size = thousandths < 0n ? -thousandths : thousandths;
  const sign = thousandths === 0n ? '' : thousandths < 0n ? '-' : '+';
  return ` (${sign}${size / 10n}.${size % 10n} %)`;
}

/** Masses and pieces of a sample or split, which stand with the parent (SPEC 7.3.8). Children that have no leaf count too. */
export function judgeParts(turn, parent) {
  const entry = turn.act.entries.find(({ role }) => role === PARENT);
  const children = turn.act.entries.filter(({ role }) => role === CHILD).map(({ facts }) => facts);
  if (turn.act.kind === KIND.split) judgePartPieces(turn, parent, entry.facts, children);
  else if (children.some(({ pieces, net }) => pieces === null && net === null)) {
    tellOf(turn, 'must-state', parent, 'a sample states neither pieces nor mass');
  }
  judgePartMass(turn, parent, entry, children);
}

function judgePartMass(turn, parent, entry, children) {
  const { gross, tare, net } = entry.facts;
  const stated = [gross, tare, net, ...children.map((child) => child.net)].some((number) => number !== null);
  if (parent.net === null && !stated) return;
  if (gross === null || tare === null || net === null) {
    tellOf(turn, 'must-state', parent, `"${turn.row.name}" does not state the mass found, lost and remaining`);
    return;
  }
  judgeDrift(turn, parent, entry, gross);
  const taken = sum(children.map((child) => child.net));
  if (BigInt(gross) !== BigInt(net) + BigInt(tare) + taken) {
    tellOf(turn, 'mass', parent,
      `${gross} mg found, ${net} mg remain, ${tare} mg lost and ${taken} mg taken do not add up`);
  }
  parent.net = net;
}

function judgePartPieces(turn, parent, { pieces }, children) {
  if (pieces === null || children.some((child) => child.pieces === null)) {
    tellOf(turn, 'must-state', parent, '"split" does not state all pieces');
    return;
  }
  const taken = sum(children.map((child) => child.pieces));
  if (parent.pieces !== null && BigInt(parent.pieces) !== BigInt(pieces) + taken) {
    tellOf(turn, 'pieces', parent, `${parent.pieces} pieces before, ${pieces} remain and ${taken} are split off`);
  }
  parent.pieces = pieces;
}

/** The sum of the numbers that stand. @returns {bigint} */
export function sum(numbers) {
  return numbers.reduce((total, number) => total + BigInt(number ?? 0), 0n);
}

/** A breach of a thing, with its name in front unless the sentence stands for itself. */
export function tellOf(turn, code, thing, text) {
  turn.tell.breach(code, turn.record.index, thing.subject, `${turn.tell.name(thing.subject)}: ${text}`);
}
