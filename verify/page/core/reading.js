// SPDX-License-Identifier: Apache-2.0
// reading: the steps of SPEC 9 up to V11, in order: what is in the file, and that it is what happened. Custody comes after.

import { checkActs } from './acts.js';
import { checkFile, checkLayout } from './bundle.js';
import { checkCheckpoint, checkWitnesses } from './checkpoint.js';
import { checkClosure } from './closure.js';
import { checkDetails } from './details.js';
import { checkLeaves, checkThreads } from './leaves.js';
import { checkFoundation, checkRecords } from './records.js';

/** For runSteps: each sets what SPEC 9 finds in a check. */
export const readingSteps = [
  { step: 'V1', run: checkFile },
  { step: 'V2', run: checkLayout },
  { step: 'V3', run: checkCheckpoint },
  { step: 'V4', run: checkWitnesses },
  { step: 'V5', run: checkRecords },
  { step: 'V6', run: checkFoundation },
  { step: 'V7', run: checkLeaves },
  { step: 'V8', run: checkThreads },
  { step: 'V9', run: checkActs },
  { step: 'V10', run: checkClosure },
  { step: 'V11', run: checkDetails },
];
