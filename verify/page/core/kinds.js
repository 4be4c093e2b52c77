// SPDX-License-Identifier: Apache-2.0
// kinds: the table of SPEC 7.2 as data, row by row in SPEC's own words, which a test compares. It judges nothing.

import { detailNumber } from './words.js';

export const REGISTRAR = 1, OFFICER = 2, CUSTODIAN = 3, EXPERT = 4, CARER = 5, CARRIER = 6, PROSECUTOR = 7, COURT = 8;
export const SUBJECT = 0, CASE = 1, CONTAINER = 2, PARENT = 3, CHILD = 4, FORMER_CASE = 5;

const OFFICES = { registrar: 1, officer: 2, custodian: 3, expert: 4, carer: 5, carrier: 6, prosecutor: 7, court: 8 };
const TYPES = { ledger: 1, person: 2, place: 3, case: 4, item: 5, container: 6 };
const RELATIONS = ['holder', 'receiver', 'author', 'outside', 'other', 'another'];
const THRESHOLD = 'threshold registrars';

/** "any: holder; any: other" -> slots. "carer or holder" is an office or a relation, and so a relation of its own. */
function slotsOf(text) {
  if (text.startsWith(THRESHOLD) || text === 'the founders') return [];
  return text.split('; ').map((slot) => {
    const [offices, relation = null] = slot.split(': ');
    if (offices === 'any') return { offices: null, relation };
    return { offices: offices.split(' or ').map((name) => OFFICES[name]), relation };
  });
}

/** "p13 f6 d order" -> { p: [13], f: [6], d: [10] } */
function listed(text) {
  const found = { p: [], f: [], d: [] };
  const words = text.split(' ').filter((word) => word !== '');
  for (let i = 0; i < words.length; i++) {
    if (words[i] === 'd') found.d.push(detailNumber(words[++i]));
    else found[words[i][0]].push(Number(words[i].slice(1)));
  }
  return found;
}

/** "held, out → same" -> the states before, and the one after ('same', or null where the act has no thing of role 0) */
function statesOf(text) {
  if (text === '') return { before: [], after: null };
  const [before, after] = text.split('→').map((part) => part.trim());
  return { before: before === '' ? [] : before.split(', '), after };
}

function row(kind, name, signers, roles, types, states, must, may, moves) {
  const musts = listed(must);
  const mays = listed(may);
  return {
    kind,
    name,
    signers,
    slots: slotsOf(signers),
    authority: signers.startsWith(THRESHOLD),
    roles: roles.split(' ').map(Number),
    types: types === '' ? [] : types.split(' ').map((type) => TYPES[type]),
    ...statesOf(states),
    mustPayload: musts.p,
    mustFacts: musts.f,
    mustDetails: musts.d,
    mayPayload: mays.p,
    mayFacts: mays.f,
    moves: moves === 'M',
  };
}

/** kinds[k]: the row of kind k (SPEC 7.2): signers, roles, types, before -> after, must, may, M */
export const kinds = [
  row(0, 'found', 'the founders', '0', 'ledger person', '', 'p15 f0', 'f10 f11', ''),
  row(1, 'enrol', 'threshold registrars and the person', '0', 'person', '', 'f0 f10 f11', '', ''),
  row(2, 'appoint', 'threshold registrars', '0', 'person', '', 'f11', '', ''),
  row(3, 'end', 'threshold registrars', '0', 'person', '', 'f11', '', ''),
  row(4, 'rekey', 'threshold registrars and the person', '0', 'person', '', 'f10', 'f12', ''),
  row(5, 'revoke', 'threshold registrars', '0', 'person', '', '', 'f12', ''),
  row(6, 'station key', 'threshold registrars', '0', 'ledger', '', 'f14', '', ''),
  row(7, 'clock', 'threshold registrars', '0', 'ledger', '', 'p17', '', ''),
  row(8, 'place', 'registrar or custodian', '0', 'place', '', 'f0 d place-name', 'p12', ''),
  row(9, 'open case', 'officer or prosecutor', '0', 'case', '', 'f0 d docket d law', 'p16', ''),
  row(10, 'allot', 'officer or custodian', '0', 'item container', '→ unused', 'f0', '', ''),
  row(11, 'void', 'officer or custodian; any: other', '0', 'item container', 'unused → closed', 'p13', '', ''),
  row(12, 'seize', 'officer; any: another', '0', 'case', '', 'd seizure-time d seizure-place d authority', 'p12', ''),
  row(13, 'register', 'officer', '0 1', 'item container', 'unused → held', 'f1', 'p12 p16 f2 f5', ''),
  row(14, 'move', 'prosecutor', '0 1 5', 'item container', 'held, in transit, out → same', 'f1 d order', '', ''),
  row(15, 'pack', 'any: holder', '0 2', 'item container', 'held → same', '', '', 'M'),
  row(16, 'unpack', 'any: holder', '0 2', 'item container', 'held → same', '', '', 'M'),
  row(17, 'seal', 'any: holder; any: another', '0', 'item container', 'held → same', 'f8', 'f6', ''),
  row(18, 'unseal', 'any: holder; any: another', '0', 'item container', 'held → same', 'p13 f6 f7', '', ''),
  row(19, 'reseal', 'any: holder; any: another', '0', 'item container', 'held → same', 'p13 f6 f7 f8', '', ''),
  row(20, 'release', 'any: holder', '0', 'item container', 'held → in transit', 'p9 p13', 'p8 p16 p20 f2 f6', 'M'),
  row(21, 'accept', 'any: receiver', '0', 'item container', 'in transit → held', 'p10 p13', 'p8 p12 p16 f2 f3 f4 f5 f6', 'M'),
  row(22, 'refuse', 'any: receiver', '0', 'item container', 'in transit → held', 'p10 p13', 'f2 f6', 'M'),
  row(23, 'withdraw', 'any: holder; any: other', '0', 'item container', 'in transit → held', 'p10 p13', '', 'M'),
  row(24, 'hand out', 'any: holder; any: another', '0', 'item container', 'held → out', 'p13 d counterparty d receipt', 'p9 p16 p20 f2 f6', 'M'),
  row(25, 'take back', 'any: holder; any: another', '0', 'item container', 'out → held', 'd counterparty d receipt', 'p8 p12 p16 f2 f6', 'M'),
  row(26, 'shelve', 'custodian: holder', '0', 'item container', 'held → same', 'p12', '', ''),
  row(27, 'stocktake', 'any: outside; custodian', '0', 'item container', 'unused, held, in transit, out, closed → same', 'p12 f9', 'f2 f6', ''),
  row(28, 'weigh', 'any: holder', '0', 'item container', 'held → same', 'f5 d scale', 'f3 f4', ''),
  row(29, 'examine', 'any: holder', '0', 'item container', 'held → same', 'd finding', '', ''),
  row(30, 'identify', 'expert', '0', 'item container', 'unused, held, in transit, out, closed → same', 'p13 d identification', '', ''),
  row(31, 'sample', 'officer or expert: holder; any: another', '1 3 4', '', 'held → same', '', '', 'M'),
  row(32, 'split', 'any: holder', '1 3 4', '', 'held → same', '', '', 'M'),
  row(33, 'animal', 'any: carer or holder', '0 1 4', 'item container', 'held → same', 'p13', 'f2', ''),
  row(34, 'consume', 'any: holder; any: other', '0 1', 'item container', 'held → closed', 'p13', '', 'M'),
  row(35, 'dispose', 'any: holder; any: other; prosecutor or court', '0 1', 'item container', 'held → closed', 'p13 d order d witness', 'f2 f6', 'M'),
  row(36, 'attach', 'any', '0', 'ledger person place case item container', 'unused, held, in transit, out, closed → same', 'd attachment', 'p16', ''),
  row(37, 'note', 'any', '0', 'ledger person place case item container', 'unused, held, in transit, out, closed → same', 'd note', 'p16', ''),
  row(38, 'label', 'any', '0', 'item container', 'unused, held, in transit, out → same', 'f13', '', ''),
  row(39, 'disclose', 'any', '0', 'ledger person place case item container', 'unused, held, in transit, out, closed → same', 'd recipient d disclosed', '', ''),
  row(40, 'correct', 'any: author; any: other', '0', 'ledger person place case item container', 'unused, held, in transit, out, closed → same', 'p11 d reason', '', ''),
  row(41, 'same as', 'any; any: other', '0', 'item container', 'unused, held, in transit, out, closed → same', 'd reason', '', ''),
  row(42, 'lodge', 'custodian', '0', 'item container', 'unused, held, in transit, out, closed → same', 'p8 p10 d orphan-act', '', ''),
  row(43, 'adopt', 'any; any: other', '0', 'item container', 'unused, held, in transit, out → same', 'p10 d reason', '', ''),
  row(44, 'order', 'prosecutor or court', '0', 'ledger person place case item container', 'unused, held, in transit, out, closed → same', 'f15 d order', '', ''),
  row(45, 'erase', 'threshold registrars', '0', 'ledger person place case item container', 'unused, held, in transit, out, closed → same', 'p11 f15 d order', '', ''),
];

/** Payload keys that any act may have where section 4 allows (SPEC 7.2 *May*). */
export const ALWAYS_PAYLOAD = [1, 2, 3, 4, 5, 6, 7, 14, 18, 19];

/** Facts that entries of roles 3 and 4 may state; roles 1, 2 and 5 state none (SPEC 7.2). */
export const PARENT_FACTS = [2, 3, 4, 5];
export const CHILD_FACTS = [2, 5];

/** The kinds whose role-0 entries open subjects (SPEC 3.4). In sample, split and animal the children were allotted before. */
export const OPENING = [0, 1, 8, 9, 10];

/** What is done to a packed thing (SPEC 7.3.2). */
export const ON_PACKED = [36, 37, 40, 30, 16, 27, 39, 44, 45, 41, 42, 38];

/** The kinds whose orphans an adopt takes over (SPEC 7.3.17). */
export const ADOPTABLE = [20, 21, 22, 23, 24, 25, 26, 28];

/** Kinds by name, for code that reads: KIND.register, KIND.handOut … */
export const KIND = Object.fromEntries(kinds.map(({ kind, name }) => [camel(name), kind]));

function camel(name) {
  return name.split(' ').map((word, i) => (i === 0 ? word : word[0].toUpperCase() + word.slice(1))).join('');
}

export { OFFICES, TYPES, RELATIONS };
