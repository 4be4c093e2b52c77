// SPDX-License-Identifier: Apache-2.0
// words: the English words of SPEC 5 for offices, roles, types, codes, details, payload keys and facts, as a verdict
// and the certified lines (SPEC 13.6, 16) write them. The names of kinds stand in kinds.js; translation is the page's.

const OFFICE_NAMES = ['', 'registrar', 'officer', 'custodian', 'expert', 'carer', 'carrier', 'prosecutor', 'court'];
const ROLE_NAMES = ['subject', 'case', 'container', 'parent', 'child', 'former case'];
const TYPE_NAMES = ['', 'ledger', 'person', 'place', 'case', 'item', 'container'];

const PURPOSES = ['', 'storage', 'laboratory', 'court', 'return', 'disposal', 'transport', 'care', 'examination', 'other'];
const REFUSALS = ['', 'not present', 'seal differs', 'count differs', 'damaged', 'wrong receiver', 'misread', '', '', 'other'];
const OPENINGS = ['', 'inspection', 'examination', 'weighing', 'sampling', 'repacking', 'court', 'damaged on arrival', '',
  'other'];
const MANNERS = ['', 'destroyed', 'consumed in testing', 'forfeited', 'returned to owner', 'buried', '', '', '', 'other'];

/** Words of payload key 13 by kind (SPEC 5.3). */
const CODES = new Map([
  [11, ['', 'damaged', 'lost', 'misprinted', 'not needed', '', '', '', '', 'other']],
  [18, OPENINGS],
  [19, OPENINGS],
  [20, PURPOSES],
  [21, ['', 'inventoried', 'sealed', 'discrepant']],
  [22, REFUSALS],
  [23, REFUSALS],
  [24, PURPOSES],
  [30, ['', 'presumptive', 'confirmed']],
  [33, ['', 'condition', 'birth', 'death', 'freed']],
  [34, MANNERS],
  [35, MANNERS],
]);

const OUTCOMES = ['', 'found', 'found with seal intact', 'not found', 'not expected here'];

const DETAILS = new Map([
  [1, 'note'], [2, 'remarks'], [3, 'reason'], [4, 'description'], [5, 'attachment'], [6, 'photograph'],
  [7, 'document'], [8, 'receipt'], [9, 'authority'], [10, 'order'], [11, 'initials'], [20, 'person-name'],
  [21, 'agency'], [22, 'rank'], [23, 'identity-document'], [24, 'letter-of-appointment'], [30, 'place-name'],
  [31, 'address'], [32, 'coordinates'], [40, 'docket'], [41, 'law'], [42, 'offence'], [43, 'authorisation'],
  [44, 'authorisation-time'], [45, 'court'], [46, 'case-number'], [50, 'seizure-time'], [51, 'seizure-place'],
  [53, 'detecting-agency'], [54, 'officer-present'], [55, 'detection-method'], [56, 'means-of-transport'],
  [57, 'concealment'], [58, 'route-origin'], [59, 'route-transit'], [60, 'route-destination'], [61, 'suspect'],
  [62, 'owner'], [63, 'witness'], [64, 'document-seized'], [65, 'seizure-coordinates'], [70, 'ref'], [72, 'species'],
  [73, 'specimen'], [74, 'unit'], [75, 'length-mm'], [76, 'circumference-mm'], [77, 'marks'], [78, 'condition'],
  [79, 'package'], [80, 'worked'], [81, 'hazard'], [82, 'sex'], [83, 'ring-or-chip'], [84, 'cites-mark'],
  [85, 'listed-weight'], [86, 'carer'], [90, 'scale'], [91, 'calibration'], [92, 'drift-explanation'],
  [100, 'counterparty'], [101, 'counterparty-identity'], [102, 'transport'], [103, 'discrepancy'],
  [104, 'seal-condition'], [110, 'finding'], [111, 'method'], [112, 'identification'], [113, 'confirmed-by'],
  [120, 'cause-of-death'], [121, 'health'], [130, 'manner'], [131, 'viewed'], [140, 'recipient'], [141, 'disclosed'],
  [142, 'printer'], [150, 'orphan-act'], [160, 'cosigned-checkpoint'], [161, 'beacon'],
]);
const DETAIL_NUMBERS = new Map([...DETAILS].map(([number, name]) => [name, number]));

/** Payload keys and facts as the sentences of SPEC 16.2 name what is not stated. */
const PAYLOAD_NAMES = new Map([[8, 'from'], [9, 'to'], [10, 'answers'], [11, 'amends'], [12, 'place'], [13, 'code'],
  [15, 'founding'], [17, 'clock']]);
const FACT_NAMES = ['type', 'case', 'pieces', 'gross', 'tare', 'net', 'seals found', 'seals removed', 'seals put on',
  'outcome', 'key', 'office', 'doubted from', 'print number', 'station key', 'names'];

const nameIn = (list, number) => list[number] ?? '';

/** Each gives the word of a number, and '' where SPEC 5 has none (a reader then shows the number). */
export const officeName = (office) => nameIn(OFFICE_NAMES, office);
export const roleName = (role) => nameIn(ROLE_NAMES, role);
export const typeName = (type) => nameIn(TYPE_NAMES, type);
export const outcomeName = (outcome) => nameIn(OUTCOMES, outcome);
export const codeName = (kind, code) => nameIn(CODES.get(kind) ?? [], code);
export const detailName = (number) => DETAILS.get(number) ?? '';
export const payloadName = (key) => PAYLOAD_NAMES.get(key) ?? '';
export const factName = (fact) => nameIn(FACT_NAMES, fact);

/** Details whose value is an attachment (SPEC 5.4). */
export const ATTACHMENTS = [5, 6, 7, 8, 24];

/** The number of a detail, or null where SPEC 5.4 has no such name. */
export const detailNumber = (name) => DETAIL_NUMBERS.get(name) ?? null;
