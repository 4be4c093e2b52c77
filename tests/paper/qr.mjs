// SPDX-License-Identifier: Apache-2.0
//
// Every QR symbol in pictures, as zxing finds them: node qr.mjs PICTURE.png ... > lines of JSON, one a picture:
//   {"file":"a.png","codes":[{"text":"U1/...","bytes":"<hex>","level":"Q","version":4,"inverted":false,"mirrored":false,"corners":[[x,y] x 4]}]}
// corners are in dots of the picture: top left, top right, bottom right, bottom left as the symbol sees itself. Codes stand from top to bottom,
// then left to right. A name "@LIST" stands for the names in the file LIST, one a line. Needs no network: the reader's module is beside it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

const require = createRequire(import.meta.url);
const module = readFileSync(require.resolve("zxing-wasm/reader/zxing_reader.wasm"));
prepareZXingModule({ overrides: { wasmBinary: module.buffer.slice(module.byteOffset, module.byteOffset + module.byteLength) } });

const options = { formats: ["QRCode"], tryHarder: true, tryRotate: true, tryInvert: false, tryDownscale: true, maxNumberOfSymbols: 255 };

function described(result) {
  const { topLeft, topRight, bottomRight, bottomLeft } = result.position;
  return {
    text: result.text,
    bytes: Buffer.from(result.bytes).toString("hex"),
    level: result.ecLevel,
    version: Number(result.version),
    inverted: result.isInverted,
    mirrored: result.isMirrored,
    corners: [topLeft, topRight, bottomRight, bottomLeft].map(({ x, y }) => [x, y]),
  };
}

const names = process.argv.slice(2).flatMap((name) =>
  name.startsWith("@") ? readFileSync(name.slice(1), "utf8").split("\n").filter((line) => line !== "") : [name]);
if (names.length === 0) {
  console.error("usage: node qr.mjs PICTURE.png|@LIST ...");
  process.exit(2);
}
for (const file of names) {
  const results = await readBarcodes(new Uint8Array(readFileSync(file)), options);
  const codes = results.filter((result) => result.isValid).map(described);
  codes.sort((a, b) => a.corners[0][1] - b.corners[0][1] || a.corners[0][0] - b.corners[0][0]);
  process.stdout.write(`${JSON.stringify({ file, codes })}\n`);
}
