// SPDX-License-Identifier: Apache-2.0

// A proof as dump.c has written it, and every way in which it is damaged.

package main

import (
	"golang.org/x/mod/sumdb/tlog"
)

type proof struct {
	inclusion bool
	class     string
	at, size  int64  // index or old size
	data      []byte // the leaf's bytes, or the old root
	from      tlog.Hash
	root      tlog.Hash
	accepted  bool // by our own check
	ats       int64
	sizes     int64
	nodes     []tlog.Hash
}

func readProof(words []string) *proof {
	p := &proof{inclusion: words[0] == "inclusion", class: words[1], at: number(words[2]), size: number(words[3]),
		data: decode(words[4]), root: hashOf(decode(words[5])), accepted: words[6] == "1", ats: number(words[7]),
		sizes: number(words[8])}
	if p.inclusion {
		p.from = tlog.RecordHash(p.data)
	} else {
		p.from = hashOf(p.data)
	}
	for _, word := range words[9:] {
		p.nodes = append(p.nodes, hashOf(decode(word)))
	}
	return p
}

func (p *proof) holdsAt(at, size int64, nodes []tlog.Hash) bool {
	if p.inclusion {
		return tlog.CheckRecord(nodes, size, p.root, at, p.from) == nil
	}
	return tlog.CheckTree(nodes, size, p.root, at, p.from) == nil
}

func (p *proof) holds() bool { return p.holdsAt(p.at, p.size, p.nodes) }

// agrees: the same answer as ours, and the same flips of one bit of the index and the size are accepted. Of an
// index: none. A root does not say of how many leaves it is; that the checkpoint's signature says.
func (p *proof) agrees() bool {
	var ats, sizes int64
	for bit := 0; bit < numBits; bit++ {
		flip := int64(1) << bit
		if p.holdsAt(p.at^flip, p.size, p.nodes) {
			ats |= flip
		}
		if p.holdsAt(p.at, p.size^flip, p.nodes) {
			sizes |= flip
		}
	}
	tallies["agreement"].damaged += 2 * numBits
	return p.holds() == p.accepted && ats == p.ats && sizes == p.sizes && (!p.inclusion || ats == 0)
}

// refusedWithout tries the proof with a node taken out, doubled, or exchanged with the next.
func (p *proof) refusedWithout(i int) bool {
	head, tail := p.nodes[:i:i], p.nodes[i+1:]
	if p.holdsAt(p.at, p.size, append(head, tail...)) {
		return false
	}
	if p.holdsAt(p.at, p.size, append(append(head, p.nodes[i], p.nodes[i]), tail...)) {
		return false
	}
	return len(tail) == 0 || !p.holdsAt(p.at, p.size, append(append(head, tail[0], p.nodes[i]), tail[1:]...))
}

// damagedRefused: every bit of every hash, or one of each; one bit of each byte of a leaf; nodes too few or too many.
func (p *proof) damagedRefused(every bool, t *tally) bool {
	hashes := []*tlog.Hash{&p.from, &p.root}
	for i := range p.nodes {
		hashes = append(hashes, &p.nodes[i])
		if !p.refusedWithout(i) {
			return false
		}
	}
	for i, h := range hashes {
		part := h[:]
		if !every {
			at := (p.at*37 + p.size*11 + int64(i)*5) % tlog.HashSize
			part = h[at : at+1]
		}
		if !eachBit(part, 1, func() bool { t.damaged++; return !p.holds() }) {
			return false
		}
	}
	if p.holdsAt(p.at, p.size, append(p.nodes[:len(p.nodes):len(p.nodes)], p.root)) {
		return false
	}
	return !p.inclusion || p.leafRefused(t)
}

func (p *proof) leafRefused(t *tally) bool {
	whole := p.from
	defer func() { p.from = whole }()
	for i := range p.data {
		p.data[i] ^= 1 << (i % 8)
		p.from = tlog.RecordHash(p.data)
		p.data[i] ^= 1 << (i % 8)
		t.damaged++
		if p.holds() {
			return false
		}
	}
	return true
}
