// SPDX-License-Identifier: Apache-2.0

// The vectors: what a bundle holds, line by line.

package main

import (
	"bytes"
	"fmt"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type vector struct {
	name, code                string
	keys, witnesses, stations []note.Verifier
	tree, older               tlog.Tree
	origin                    string
	last                      []byte // the record that was read last
	failures                  map[string]int
}

// codeClass: the class in which a vector of that code must fail.
var codeClass = map[string]string{"checkpoint": "checkpoint", "cosignature": "cosignature", "not-in-tree": "record",
	"leaf": "leaf", "seen": "seen", "anchor": "anchor", "vouched": "vouched"}

func (v *vector) intact() bool { return v.code == "intact" }

func (v *vector) result(class string, good bool) {
	t := tallies[class]
	if good {
		t.accepted++
		return
	}
	v.failures[class]++
	if v.intact() || class == "agreement" {
		t.wrong++
		fmt.Printf("  %s: %s\n", v.name, t.what)
	}
}

func (v *vector) opensBy(class string, msg []byte, known []note.Verifier) (met int, good bool) {
	good = true
	for _, k := range known {
		if signedBy(msg, k) {
			met++
			good = good && opens(msg, k) && (!v.intact() || noteRefused(msg, k, tallies[class]))
		}
	}
	return met, good
}

func (v *vector) checkpoint(msg []byte) {
	v.origin, v.tree = treeOf(msg)
	met, good := v.opensBy("checkpoint", msg, v.keys)
	v.result("checkpoint", met > 0 && good && v.named())
	if met, good := v.opensBy("cosignature", msg, v.witnesses); met > 0 {
		v.result("cosignature", good)
	}
}

// named: the origin line is the name of one of the keys.
func (v *vector) named() bool {
	for _, k := range v.keys {
		if k.Name() == v.origin {
			return true
		}
	}
	return false
}

func (v *vector) view(class string, msg []byte) {
	known := v.keys
	if class == "anchor" {
		known = v.stations
	}
	origin, tree := treeOf(msg)
	v.older = tree
	met, good := v.opensBy(class, msg, known)
	v.result(class, met > 0 && good && origin == v.origin)
}

// placed: what the proof is about is what was signed, or stands in a record.
func (v *vector) placed(p *proof) bool {
	to := tlog.Tree{N: p.size, Hash: p.root}
	from := tlog.Tree{N: p.at, Hash: p.from}
	switch p.class {
	case "record":
		v.last = p.data
		return to == v.tree
	case "leaf":
		return bytes.Contains(v.last, p.root[:])
	case "seen":
		return to == v.tree && bytes.Contains(v.last, p.data)
	case "anchor":
		return to == v.tree && from == v.older
	}
	return p.class == "vouched" && from == v.tree && to == v.older
}

func (v *vector) proof(p *proof) {
	v.result("agreement", p.agrees())
	good := v.placed(p) && p.holds()
	v.result(p.class, good && (!v.intact() || p.damagedRefused(true, tallies[p.class])))
}

func (v *vector) end() {
	if !v.intact() {
		class := codeClass[v.code]
		say(v.failures[class] > 0, "%s is refused: %s", v.name, v.code)
	}
}

func (v *vector) line(words []string) {
	switch words[0] {
	case "vector":
		*v = vector{name: words[1], code: words[2], failures: map[string]int{}}
	case "key":
		v.keys = append(v.keys, newVerifier(words[1]))
	case "witness":
		v.witnesses = append(v.witnesses, newCosigner(words[1]))
	case "station":
		v.stations = append(v.stations, newVerifier(words[1]))
	case "checkpoint":
		v.checkpoint(decode(words[1]))
	case "anchor", "vouched":
		v.view(words[0], decode(words[1]))
	case "inclusion", "consistency":
		v.proof(readProof(words))
	case "end":
		v.end()
	default:
		must(fmt.Errorf("a line %q", words[0]))
	}
}
