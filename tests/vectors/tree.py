# SPDX-License-Identifier: Apache-2.0
"""The trees of RFC 6962 2.1: roots, inclusion paths, consistency paths. Input is always leaf hashes."""
import functools
import hashlib


def sha(data):
    """SHA-256."""
    return hashlib.sha256(data).digest()


def leaf_hash(data):
    """H(0x00 || data)."""
    return sha(b"\0" + data)


@functools.lru_cache(maxsize=1 << 16)
def _node(left, right):
    return sha(b"\1" + left + right)


def _split(size):
    return 1 << (size - 1).bit_length() - 1


def root(leaves):
    """The Merkle tree hash."""
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = _split(len(leaves))
    return _node(root(leaves[:k]), root(leaves[k:]))


def inclusion(index, leaves):
    """The audit path of one leaf, nearest node first."""
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if index < k:
        return inclusion(index, leaves[:k]) + [root(leaves[k:])]
    return inclusion(index - k, leaves[k:]) + [root(leaves[:k])]


def consistency(size, leaves):
    """The consistency path from the first `size` leaves to all of them."""
    def sub(m, part, whole):
        if m == len(part):
            return [] if whole else [root(part)]
        k = _split(len(part))
        if m <= k:
            return sub(m, part[:k], whole) + [root(part[k:])]
        return sub(m - k, part[k:], False) + [root(part[:k])]
    return sub(size, leaves, True)
