// SPDX-License-Identifier: Apache-2.0
// camera: looks through the device's camera until somebody has what was looked for. One frame at a time: the next is
// drawn when the last is answered. It knows no QR symbol from another; `found` says whether that was all.

import { pixelsOf } from './pictures.js';
import { readQr } from './reader.js';

const MAX_FRAME = { width: { ideal: 1280 }, height: { ideal: 720 } };

/** Whether this browser has a camera to offer here (plain http from another host has none). */
export function hasCamera() {
  return navigator.mediaDevices?.getUserMedia !== undefined;
}

function nextFrame(video) {
  return new Promise((resolve) => {
    // Neither fires for a hidden page; the timer ends the wait.
    if (video.requestVideoFrameCallback !== undefined) video.requestVideoFrameCallback(resolve);
    else requestAnimationFrame(resolve);
    setTimeout(resolve, 500);
  });
}

async function watch(video, isOn, found) {
  const canvas = document.createElement('canvas');
  for (let frame = 0; isOn(); frame++) {
    await nextFrame(video);
    if (!isOn()) return;
    if (video.videoWidth === 0) continue;
    const texts = await readQr(pixelsOf(video, video.videoWidth, video.videoHeight, canvas), frame);
    for (const text of texts) {
      if (isOn() && await found(text)) return;
    }
  }
}

/**
 * A camera over a video element.
 * @param {HTMLVideoElement} video
 * @param {{found: function(string): Promise<boolean>, ended: function(Error|null)}} listeners found: true ends it;
 *   ended: the camera is off, with the reason where it was not asked for
 * @returns {{start: function(), stop: function()}}
 */
export function makeCamera(video, { found, ended }) {
  let stream = null;
  let turn = 0;

  function stop(error = null) {
    turn++;
    if (stream !== null) for (const track of stream.getTracks()) track.stop();
    stream = null;
    video.srcObject = null;
    ended(error);
  }

  async function start() {
    const mine = ++turn;
    const isOn = () => mine === turn;
    try {
      const got = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: { ideal: 'environment' }, ...MAX_FRAME } });
      if (!isOn()) {
        for (const track of got.getTracks()) track.stop();
        return;
      }
      stream = got;
      video.srcObject = stream;
      await video.play();
      await watch(video, isOn, found);
      if (isOn()) stop();
    } catch (error) {
      if (isOn()) stop(error);
    }
  }

  document.addEventListener('visibilitychange', () => {
    if (document.hidden && stream !== null) stop();
  });
  return { start, stop: () => stop() };
}
