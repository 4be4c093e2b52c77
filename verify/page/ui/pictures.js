// SPDX-License-Identifier: Apache-2.0
// pictures: files and frames as pixels. The browser's own decoders do it; what they cannot read this page cannot.

const MAX_SIDE = 3200;

/* Without createImageBitmap (older phones) an image element does the same. */
async function decoded(blob) {
  if (globalThis.createImageBitmap !== undefined) return globalThis.createImageBitmap(blob);
  const image = new Image();
  const address = URL.createObjectURL(blob);
  try {
    image.src = address;
    await image.decode();
  } finally {
    URL.revokeObjectURL(address);
  }
  return image;
}

/**
 * What is drawn on a canvas, as pixels, at most 3200 a side.
 * @param {CanvasImageSource} source
 * @param {number} width of the source
 * @param {number} height
 * @param {HTMLCanvasElement} canvas is resized
 * @returns {{width: number, height: number, data: Uint8ClampedArray}}
 */
export function pixelsOf(source, width, height, canvas) {
  const scale = Math.min(1, MAX_SIDE / Math.max(width, height));
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext('2d', { willReadFrequently: true });
  // A picture may be transparent: what is not drawn is paper.
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return { width: canvas.width, height: canvas.height, data };
}

/**
 * The pixels of a picture's file.
 * @param {Blob} blob
 * @returns {Promise<object|null>} null: no picture, or none that this browser knows
 */
export async function pixelsOfFile(blob) {
  try {
    const image = await decoded(blob);
    const canvas = document.createElement('canvas');
    const pixels = pixelsOf(image, image.naturalWidth ?? image.width, image.naturalHeight ?? image.height, canvas);
    if (image.close !== undefined) image.close();
    return pixels;
  } catch {
    return null;
  }
}
