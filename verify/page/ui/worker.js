// SPDX-License-Identifier: Apache-2.0
// worker: all that takes time, away from the page: verification, and reading QR symbols. Messages are
// {id, what, ...}; answers {id, what: 'answer' | 'progress' | 'error', ...}. It keeps nothing but the QR reader.

import { check, look, showPolicy, subjectsIn } from './checks.js';
import { prepareReader, readPixels } from './qr.js';

const TASKS = {
  look: ({ bytes }) => look(bytes),
  subjects: ({ bytes }) => subjectsIn(bytes),
  policy: ({ bytes }) => showPolicy(bytes),
  check: ({ job, policy, options }, progress) => check(job, policy, options, progress),
  reader: ({ code }) => prepareReader(code),
  pixels: ({ picture, effort }) => readPixels(picture, effort),
};

/* A worker that answers each of ten thousand signatures would keep the page busy with answers. */
function sparing(id) {
  let next = 0;
  return (progress) => {
    const now = performance.now();
    if (now < next) return;
    next = now + 50;
    self.postMessage({ id, what: 'progress', progress });
  };
}

self.onmessage = async ({ data }) => {
  const { id, what } = data;
  try {
    self.postMessage({ id, what: 'answer', answer: await TASKS[what](data, sparing(id)) });
  } catch (error) {
    self.postMessage({ id, what: 'error', text: `${error.name}: ${error.message}` });
  }
};
