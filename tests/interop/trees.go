// SPDX-License-Identifier: Apache-2.0

// Trees of tlog's own, beside ours; and what is written for accept.c.

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type storage []tlog.Hash

func (s storage) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, i := range indexes {
		out = append(out, s[i])
	}
	return out, nil
}

func leafText(i int64) []byte { return []byte(fmt.Sprintf("leaf %d", i)) }

func grow() (s storage, roots []tlog.Hash) {
	roots = append(roots, tlog.Hash{})
	for i := int64(0); i < treeMax; i++ {
		hashes, err := tlog.StoredHashes(i, leafText(i), s)
		must(err)
		s = append(s, hashes...)
		root, err := tlog.TreeHash(i+1, s)
		must(err)
		roots = append(roots, root)
	}
	return s, roots
}

func same(a, b []tlog.Hash) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func ownProof(s storage, p *proof) []tlog.Hash {
	if p.inclusion {
		nodes, err := tlog.ProveRecord(p.size, p.at, s)
		must(err)
		return nodes
	}
	nodes, err := tlog.ProveTree(p.size, p.at, s)
	must(err)
	return nodes
}

// trees: the proofs come in the order of size and place, none left out.
func trees(path string, s storage, roots []tlog.Hash) {
	size, at, inclusion := int64(1), int64(0), true
	v := &vector{name: "trees", code: "intact", failures: map[string]int{}}
	eachLine(path, func(words []string) {
		p := readProof(words)
		good := p.inclusion == inclusion && p.size == size && p.at == at && p.root == roots[size]
		if inclusion {
			good = good && bytes.Equal(p.data, leafText(at))
		} else {
			good = good && p.from == roots[at]
		}
		v.result("agreement", p.agrees())
		class := "tree-" + words[0]
		v.result(class, good && same(p.nodes, ownProof(s, p)) && p.holds() && p.damagedRefused(false, tallies[class]))
		at++
		if inclusion && at == size {
			inclusion, at = false, 1
		} else if !inclusion && at > size {
			inclusion, at, size = true, 0, size+1
		}
	})
	say(size == treeMax+1 && at == 0 && inclusion, "no tree of 1 to %d leaves and no proof is left out", treeMax)
}

// signer has a key that is the same each time.
func signer(name string, seed byte) (note.Signer, string) {
	skey, vkey, err := note.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{seed}, 32)), name)
	must(err)
	s, err := note.NewSigner(skey)
	must(err)
	return s, vkey
}

func writeNotes(out *bufio.Writer, roots []tlog.Hash) {
	const other = "witness.example/w"
	for i, origin := range []string{"kh-pp.example/custody/abc", "a/training/b", "x"} {
		for _, tree := range []tlog.Tree{{N: 1, Hash: roots[1]}, {N: 100, Hash: roots[100]}, {N: 1<<53 - 1, Hash: roots[7]}} {
			s, vkey := signer(origin, byte(i+1))
			s2, vkey2 := signer(other, 77)
			_, vkeyStranger := signer(origin, 78)
			text := origin + strings.TrimPrefix(string(tlog.FormatTree(tree)), "go.sum database tree")
			one, err := note.Sign(&note.Note{Text: text}, s)
			must(err)
			two, err := note.Sign(&note.Note{Text: text}, s2, s)
			must(err)
			put := func(word, vkey string, msg []byte) {
				fmt.Fprintln(out, word, vkey, origin, tree.N, encode(tree.Hash[:]), encode(msg))
			}
			put("note", vkey, one)
			put("note", vkey, two)
			put("note", vkey2, two)
			put("unsigned", vkeyStranger, one)
			put("unsigned", vkey2, one)
		}
	}
}

func writeProof(out *bufio.Writer, s storage, p *proof) {
	word := "consistency"
	if p.inclusion {
		word = "inclusion"
	}
	fmt.Fprint(out, word, " ", p.at, " ", p.size, " ", encode(p.from[:]), " ", encode(p.root[:]))
	for _, node := range ownProof(s, p) {
		fmt.Fprint(out, " ", encode(node[:]))
	}
	fmt.Fprintln(out)
}

func write(path string, s storage, roots []tlog.Hash) {
	file, err := os.Create(path)
	must(err)
	out := bufio.NewWriter(file)
	writeNotes(out, roots)
	for size := int64(1); size <= treeMax; size++ {
		for i := int64(0); i < size; i++ {
			writeProof(out, s, &proof{inclusion: true, at: i, size: size, from: tlog.RecordHash(leafText(i)), root: roots[size]})
			writeProof(out, s, &proof{at: i + 1, size: size, from: roots[i+1], root: roots[size]})
		}
	}
	must(out.Flush())
	must(file.Close())
}
