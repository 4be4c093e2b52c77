// SPDX-License-Identifier: Apache-2.0
// qr: QR symbols in pixels, tried in several ways: what is printed small, photographed askew, in shadow or out of
// focus needs another scale or threshold. Runs in the worker. Says what text stands there, not what it means.

import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

const SMALL = 1600;
const TINY = 800;
const MAX_SYMBOLS = 16;
const PHOTOGRAPH_MS = 6000;
const PART = /U1[RCWS]\/([1-9])\/([1-9])\/[0-9]+$/;

/**
 * Gives the reader its machine code; once for a worker.
 * @param {string} code WebAssembly in base64
 * @returns {Promise<boolean>}
 */
export async function prepareReader(code) {
  const text = atob(code);
  const wasmBinary = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) wasmBinary[i] = text.charCodeAt(i);
  await prepareZXingModule({ overrides: { wasmBinary: wasmBinary.buffer }, fireImmediately: true });
  return true;
}

/** A smaller copy: each pixel the mean of those that it stands for. */
function smaller(picture, side) {
  const factor = Math.max(picture.width, picture.height) / side;
  if (factor <= 1) return picture;
  const width = Math.max(1, Math.floor(picture.width / factor));
  const height = Math.max(1, Math.floor(picture.height / factor));
  const data = new Uint8ClampedArray(width * height * 4);
  const edge = Array.from({ length: width + 1 }, (_, x) => Math.floor(x * factor));
  for (let y = 0; y < height; y++) {
    const top = Math.floor(y * factor);
    const bottom = Math.min(picture.height, Math.max(top + 1, Math.floor((y + 1) * factor)));
    for (let x = 0; x < width; x++) {
      const right = Math.min(picture.width, Math.max(edge[x] + 1, edge[x + 1]));
      let sum = 0;
      for (let row = top; row < bottom; row++) {
        for (let column = edge[x]; column < right; column++) sum += picture.data[(row * picture.width + column) * 4 + 1];
      }
      const grey = sum / ((bottom - top) * (right - edge[x]));
      const at = (y * width + x) * 4;
      data[at] = data[at + 1] = data[at + 2] = grey;
      data[at + 3] = 255;
    }
  }
  return { data, width, height };
}

/** Sums of all grey values above and left of each point, for means of any rectangle. */
function greySums({ data, width, height }) {
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += data[(y * width + x) * 4 + 1];
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
    }
  }
  return sums;
}

/** Each pixel against the mean of its surroundings: takes shadows and a weak print out of the picture. */
function levelled(picture) {
  const { data, width, height } = picture;
  const reach = Math.max(8, Math.floor(Math.min(width, height) / 24));
  const sums = greySums(picture);
  const out = new Uint8ClampedArray(data.length);
  for (let y = 0; y < height; y++) {
    const top = Math.max(0, y - reach) * (width + 1);
    const bottom = Math.min(height, y + reach + 1) * (width + 1);
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - reach);
      const right = Math.min(width, x + reach + 1);
      const area = ((bottom - top) / (width + 1)) * (right - left);
      const mean = (sums[bottom + right] - sums[bottom + left] - sums[top + right] + sums[top + left]) / area;
      const at = (y * width + x) * 4;
      out[at] = out[at + 1] = out[at + 2] = 128 + (data[at + 1] - mean) * 2.5;
      out[at + 3] = 255;
    }
  }
  return { data: out, width, height };
}

async function read(picture, options) {
  const found = await readBarcodes(picture, {
    formats: ['QRCode'], tryHarder: true, tryRotate: true, tryInvert: true, tryDownscale: true,
    maxNumberOfSymbols: MAX_SYMBOLS, textMode: 'Plain', characterSet: 'UTF8', ...options,
  });
  return found.filter(({ isValid, text }) => isValid && text !== '').map(({ text }) => text);
}

/* The ways, the quickest and most likely first. A frame of a camera has one turn, the next frame the next way. */
const FRAME_WAYS = [
  (p) => [p, {}],
  (p) => [smaller(p, TINY), {}],
  (p) => [p, { binarizer: 'GlobalHistogram' }],
  (p) => [levelled(smaller(p, SMALL)), { binarizer: 'GlobalHistogram' }],
];
const PHOTOGRAPH_WAYS = [
  (p) => [smaller(p, SMALL), {}],
  (p) => [p, {}],
  (p) => [smaller(p, TINY), {}],
  (p) => [levelled(smaller(p, SMALL)), { binarizer: 'GlobalHistogram' }],
  (p) => [smaller(p, SMALL), { binarizer: 'GlobalHistogram' }],
  (p) => [levelled(p), {}],
  (p) => [p, { tryDenoise: true }],
  (p) => [smaller(p, 2200), { tryDenoise: true }],
  (p) => [levelled(smaller(p, TINY)), { tryDenoise: true }],
];

/** Whether something is found, and of each paper that has a part here all the other parts. */
function isWhole(texts) {
  const parts = texts.map((text) => PART.exec(text)).filter((part) => part !== null);
  return texts.length > 0 && parts.every(([, , all]) => (
    new Set(parts.filter((other) => other[2] === all).map((other) => other[1])).size === Number(all)));
}

/**
 * The texts of the QR symbols in a picture.
 * @param {{width: number, height: number, data: Uint8ClampedArray}} picture RGBA
 * @param {number} effort the number of a camera's frame, or -1: a photograph, for which all ways are tried
 * @returns {Promise<[string]>} distinct
 */
export async function readPixels(picture, effort) {
  if (effort >= 0) return [...new Set(await read(...FRAME_WAYS[effort % FRAME_WAYS.length](picture)))];
  const texts = new Set();
  const end = performance.now() + PHOTOGRAPH_MS;
  for (const way of PHOTOGRAPH_WAYS) {
    for (const text of await read(...way(picture))) texts.add(text);
    if (isWhole([...texts]) || performance.now() > end) break;
  }
  return [...texts];
}
