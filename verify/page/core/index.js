// SPDX-License-Identifier: Apache-2.0
// index: what the worker and the tests use of the second verifier.

export { readAlone } from './alone.js';
export { between } from './between.js';
export { toHex } from './bytes.js';
export { Stop } from './check.js';
export { classify } from './classify.js';
export { diagnostic, hexDump } from './diagnostic.js';
export { expertView } from './expert.js';
export { verdictJson } from './json.js';
export { joinParts, readPart } from './paper.js';
export { parsePolicy } from './policy.js';
export { selfPolicy } from './self.js';
export { verifyFile } from './verdict.js';
