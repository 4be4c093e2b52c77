// SPDX-License-Identifier: Apache-2.0
// merkle: proofs of RFC 9162 2.1.3.2 and 2.1.4.2, for sizes up to 2^53. Values in, values out.

import { equalBytes } from './bytes.js';
import { nodeHash } from './hash.js';

const isOdd = (number) => number % 2 === 1;
const half = (number) => Math.floor(number / 2);

/**
 * The root that a path leads to from leaf `index` of `size`; null where the path has not the right length.
 * @param {Uint8Array} leaf hash of the leaf
 * @param {number} index
 * @param {number} size
 * @param {Uint8Array[]} path
 * @returns {Uint8Array|null}
 */
export function rootFromInclusion(leaf, index, size, path) {
  if (index >= size) return null;
  let at = index;
  let last = size - 1;
  let root = leaf;
  for (const node of path) {
    if (last === 0) return null;
    if (isOdd(at) || at === last) {
      root = nodeHash(node, root);
      while (!isOdd(at) && at !== 0) {
        at = half(at);
        last = half(last);
      }
    } else {
      root = nodeHash(root, node);
    }
    at = half(at);
    last = half(last);
  }
  return last === 0 ? root : null;
}

/**
 * The two roots that a consistency path leads to, with the node that its computation starts from in front (SPEC V16):
 * where oldSize is a power of two, the old root itself. Needs 1 <= oldSize < newSize.
 * @param {number} oldSize
 * @param {number} newSize
 * @param {Uint8Array[]} nodes
 * @returns {{old: Uint8Array, new: Uint8Array}|null} null where the path has not the right length
 */
export function consistencyRoots(oldSize, newSize, nodes) {
  if (oldSize < 1 || oldSize >= newSize || nodes.length === 0) return null;
  let at = oldSize - 1;
  let last = newSize - 1;
  while (isOdd(at)) {
    at = half(at);
    last = half(last);
  }
  let oldRoot = nodes[0];
  let newRoot = nodes[0];
  for (const node of nodes.slice(1)) {
    if (last === 0) return null;
    if (isOdd(at) || at === last) {
      oldRoot = nodeHash(node, oldRoot);
      newRoot = nodeHash(node, newRoot);
      while (!isOdd(at) && at !== 0) {
        at = half(at);
        last = half(last);
      }
    } else {
      newRoot = nodeHash(newRoot, node);
    }
    at = half(at);
    last = half(last);
  }
  return last === 0 ? { old: oldRoot, new: newRoot } : null;
}

/**
 * Does the path (RFC 9162 2.1.4.2) prove that the tree of the new size and root begins with that of the old?
 * For equal sizes the roots are equal and the path is empty.
 */
export function isConsistent(oldSize, oldRoot, newSize, newRoot, path) {
  if (oldSize === newSize) return path.length === 0 && equalBytes(oldRoot, newRoot);
  if (path.length === 0) return false;
  const roots = consistencyRoots(oldSize, newSize, isPowerOfTwo(oldSize) ? [oldRoot, ...path] : path);
  return roots !== null && equalBytes(roots.old, oldRoot) && equalBytes(roots.new, newRoot);
}

function isPowerOfTwo(number) {
  let rest = number;
  while (rest > 1 && !isOdd(rest)) rest = half(rest);
  return rest === 1;
}
