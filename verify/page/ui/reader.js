// SPDX-License-Identifier: Apache-2.0
// reader: the page's side of reading QR symbols: a worker of its own, so that a long verification does not hold up a
// camera. Its machine code goes there once the page stands, or with the first picture.

import { makeHelper } from './helper.js';

const helper = makeHelper();
let ready = null;

function prepare() {
  if (ready === null) {
    ready = helper.ask('reader', { code: document.getElementById('qr-code').textContent });
    ready.catch(() => { ready = null; });
  }
  return ready;
}

/** Makes the reader ready, so that the first picture does not wait for it. Where it cannot be, that is told of the first picture. */
export function warmReader() {
  prepare().catch(() => {});
}

/**
 * The texts of the QR symbols in pixels.
 * @param {{width: number, height: number, data: Uint8ClampedArray}} picture is given away
 * @param {number} effort a frame's number, or -1 for a photograph (qr.js)
 * @returns {Promise<[string]>} rejects where this browser cannot run the reader
 */
export async function readQr(picture, effort) {
  await prepare();
  return helper.ask('pixels', { picture, effort }, { transfer: [picture.data.buffer] });
}
