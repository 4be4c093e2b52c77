// SPDX-License-Identifier: Apache-2.0

// check reads what dump.c has written and judges it by golang.org/x/mod/sumdb: every checkpoint is opened by
// note.Open, every proof checked by tlog.CheckRecord or tlog.CheckTree, and each is refused again with one bit changed:
// every bit of the vectors' proofs and of the first notes, some bits of the rest. Then it makes checkpoints and proofs of its own, for accept.c.
//
//	check BUNDLES TREES OUT
//	check witness UNBROKEN DIR    a log of tlog's, cosigned by our witness (witness.go)
//
// Prints "ok ..." or "FAIL ..." for each class of proof and for each vector that must be refused. A class that was
// never met has failed. Two things are known to differ and are not tried: we refuse a note in which the key's line
// stands twice, and base64 whose left-over bits are not zero; note.Open takes the first line, and any bits.
package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	treeMax = 100
	numBits = 53
)

type tally struct {
	what                     string
	accepted, wrong, damaged int
}

var classes = []string{"checkpoint", "cosignature", "record", "leaf", "seen", "anchor", "vouched", "agreement",
	"tree-inclusion", "tree-consistency"}

var tallies = map[string]*tally{
	"checkpoint":       {what: "checkpoints opened by note.Open"},
	"cosignature":      {what: "cosignatures of witnesses"},
	"record":           {what: "records in the ledger's tree"},
	"leaf":             {what: "heads leaves in the heads tree"},
	"seen":             {what: "what signers had seen, consistent with the checkpoint"},
	"anchor":           {what: "older views: opened, and consistent"},
	"vouched":          {what: "later audited views: opened, and consistent"},
	"agreement":        {what: "proofs judged alike by both, each bit of index and size flipped in turn"},
	"tree-inclusion":   {what: "inclusion proofs of trees of 1 to 100 leaves, the same as tlog's own"},
	"tree-consistency": {what: "consistency proofs of trees of 1 to 100 leaves, the same as tlog's own"},
}

var failed bool

func say(good bool, format string, args ...interface{}) {
	word := "ok"
	if !good {
		word, failed = "FAIL", true
	}
	fmt.Println(word, fmt.Sprintf(format, args...))
}

func report() {
	for _, class := range classes {
		t := tallies[class]
		say(t.accepted > 0 && t.wrong == 0, "%s: %d, %d wrong, %d damaged ones judged rightly", t.what, t.accepted, t.wrong, t.damaged)
	}
}

// must is for files that we have written ourselves.
func must(err error) {
	if err != nil {
		fmt.Println("FAIL check:", err)
		os.Exit(1)
	}
}

func decode(word string) []byte {
	data, err := base64.StdEncoding.Strict().DecodeString(word)
	must(err)
	return data
}

func encode(data []byte) string { return base64.StdEncoding.EncodeToString(data) }

func hashOf(data []byte) (h tlog.Hash) {
	if len(data) != tlog.HashSize {
		must(fmt.Errorf("a hash of %d bytes", len(data)))
	}
	copy(h[:], data)
	return h
}

func number(word string) int64 {
	n, err := strconv.ParseInt(word, 10, 64)
	must(err)
	return n
}

// eachBit calls f with every step-th bit of data flipped, one at a time; stops when f says false.
func eachBit(data []byte, step int, f func() bool) bool {
	for i := 0; i < 8*len(data); i += step {
		data[i/8] ^= 1 << (i % 8)
		good := f()
		data[i/8] ^= 1 << (i % 8)
		if !good {
			return false
		}
	}
	return true
}

func eachLine(path string, f func(words []string)) {
	file, err := os.Open(path)
	must(err)
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		f(strings.Split(lines.Text(), " "))
	}
	must(lines.Err())
}

func main() {
	if len(os.Args) == 4 && os.Args[1] == "witness" {
		witnesses(os.Args[2], os.Args[3])
		if failed {
			os.Exit(1)
		}
		return
	}
	if len(os.Args) == 3 && os.Args[1] == "tiles" {
		tilesOf(os.Args[2])
		if failed {
			os.Exit(1)
		}
		return
	}
	if len(os.Args) != 4 {
		must(fmt.Errorf("usage: check BUNDLES TREES OUT"))
	}
	s, roots := grow()
	v := &vector{}
	eachLine(os.Args[1], v.line)
	trees(os.Args[2], s, roots)
	write(os.Args[3], s, roots)
	report()
	if failed {
		os.Exit(1)
	}
}
