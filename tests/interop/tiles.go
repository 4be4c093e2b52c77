// SPDX-License-Identifier: Apache-2.0

// Our tiles read by golang.org/x/mod/sumdb/tlog: tlog.TileHashReader proves every tile that it reads against the checkpoint, tlog.ProveRecord and
// tlog.ProveTree make proofs of what it reads, and the tlog-proofs that we have written are read by their specification.

package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// folder is a tlog.TileReader. sumdb's tiles of height 8 are tile/8/L/N; those of C2SP are tile/L/N.
type folder struct {
	dir   string
	spoil string // one bit of this tile is changed
	read  int
}

func (f *folder) Height() int { return 8 }

func (f *folder) file(path string) ([]byte, error) { return os.ReadFile(filepath.Join(f.dir, path)) }

func (f *folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, tile := range tiles {
		path := "tile/" + strings.TrimPrefix(tile.Path(), "tile/8/")
		data, err := f.file(path)
		if err != nil {
			return nil, err
		}
		if path == f.spoil {
			data[len(data)/2] ^= 4
		}
		f.read++
		out = append(out, data)
	}
	return out, nil
}

func (f *folder) SaveTiles(tiles []tlog.Tile, data [][]byte) {}

func openCheckpoint(text []byte, vkey string) tlog.Tree {
	n, err := note.Open(text, note.VerifierList(newVerifier(vkey)))
	must(err)
	lines := strings.Split(n.Text, "\n")
	return tlog.Tree{N: number(lines[1]), Hash: hashOf(decode(lines[2]))}
}

// entries by tlog-tiles: a big-endian uint16 length and so many bytes, as many as the tile is wide.
func (f *folder) entries(size int64) [][]byte {
	var out [][]byte
	for first := int64(0); first < size; first += 256 {
		path := "tile/entries/" + strings.TrimPrefix(tlog.Tile{H: 8, L: 0, N: first / 256, W: int(min64(256, size-first))}.Path(), "tile/8/0/")
		data, err := f.file(path)
		must(err)
		for width := min64(256, size-first); width > 0; width-- {
			length := int(binary.BigEndian.Uint16(data))
			out = append(out, data[2:2+length])
			data = data[2+length:]
		}
		if len(data) != 0 {
			must(fmt.Errorf("%s goes on behind its last entry", path))
		}
	}
	return out
}

func min64(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

func tilesRecords(f *folder, tree tlog.Tree, entries [][]byte) bool {
	reader := tlog.TileHashReader(tree, f)
	for i := int64(0); i < tree.N; i++ {
		proof, err := tlog.ProveRecord(tree.N, i, reader)
		if err != nil || tlog.CheckRecord(proof, tree.N, tree.Hash, i, tlog.RecordHash(entries[i])) != nil {
			return false
		}
	}
	return true
}

func tilesTrees(f *folder, tree tlog.Tree, entries [][]byte) bool {
	reader := tlog.TileHashReader(tree, f)
	var stored []tlog.Hash
	own := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var out []tlog.Hash
		for _, i := range indexes {
			out = append(out, stored[i])
		}
		return out, nil
	})
	for i := int64(0); i < tree.N; i++ {
		hashes, err := tlog.StoredHashes(i, entries[i], own)
		must(err)
		stored = append(stored, hashes...)
		if (i+1)%37 != 0 && i+1 != tree.N {
			continue
		}
		root, err := tlog.TreeHash(i+1, own)
		must(err)
		proof, err := tlog.ProveTree(tree.N, i+1, reader)
		if err != nil || tlog.CheckTree(proof, tree.N, tree.Hash, i+1, root) != nil {
			return false
		}
	}
	return true
}

// Each tile with a bit changed: nothing that stands on it is given. NewTiles names partial tiles of every width; those of this checkpoint are there.
func tilesSpoilt(dir string, tree tlog.Tree, entries [][]byte) bool {
	tried := 0
	for _, tile := range tlog.NewTiles(8, 0, tree.N) {
		f := &folder{dir: dir, spoil: "tile/" + strings.TrimPrefix(tile.Path(), "tile/8/")}
		if _, err := f.file(f.spoil); err != nil {
			continue
		}
		tried++
		if tilesRecords(f, tree, entries) {
			return false
		}
	}
	return tried == 4
}

// proofFile by tlog-proof@v1: the header, index, the path, an empty line, the checkpoint.
func proofFile(path, recordPath, vkey string, tree tlog.Tree) bool {
	text, err := os.ReadFile(path)
	must(err)
	record, err := os.ReadFile(recordPath)
	must(err)
	head, checkpoint, found := strings.Cut(string(text), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		return false
	}
	index := strings.TrimPrefix(lines[1], "index ")
	i, err := strconv.ParseInt(index, 10, 64)
	if err != nil || strconv.FormatInt(i, 10) != index || index != filepath.Base(path) {
		return false
	}
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		proof = append(proof, hashOf(decode(line)))
	}
	if openCheckpoint([]byte(checkpoint), vkey) != tree || tlog.CheckRecord(proof, tree.N, tree.Hash, i, tlog.RecordHash(record)) != nil {
		return false
	}
	record[len(record)/2] ^= 1
	return tlog.CheckRecord(proof, tree.N, tree.Hash, i, tlog.RecordHash(record)) != nil
}

func proofFiles(dir, vkey string, tree tlog.Tree) (int, bool) {
	names, err := os.ReadDir(filepath.Join(dir, "proofs"))
	must(err)
	for _, name := range names {
		if !proofFile(filepath.Join(dir, "proofs", name.Name()), filepath.Join(dir, "records", name.Name()), vkey, tree) {
			return 0, false
		}
	}
	return len(names), len(names) > 0
}

func tilesOf(dir string) {
	key, err := os.ReadFile(filepath.Join(dir, "vkey"))
	must(err)
	f := &folder{dir: filepath.Join(dir, "tiles")}
	text, err := f.file("checkpoint")
	must(err)
	tree := openCheckpoint(text, string(key))
	entries := f.entries(tree.N)
	say(tilesRecords(f, tree, entries) && f.read > 0, "tiles: %d records proven by tlog.TileHashReader and tlog.ProveRecord, %d tiles read", tree.N, f.read)
	say(tilesTrees(f, tree, entries), "tiles: consistency of earlier sizes by tlog.ProveTree")
	say(tilesSpoilt(f.dir, tree, entries), "tiles: none with a bit changed is believed")
	count, good := proofFiles(dir, string(key), tree)
	say(good, "tlog-proof@v1: %d read by their specification, and refused for another record", count)
}
