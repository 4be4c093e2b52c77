// SPDX-License-Identifier: Apache-2.0

// Notes: opening, and every way in which they are damaged.

package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// cosigner is a note.Verifier of cosignature/v1 (C2SP tlog-cosignature), which x/mod does not have.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }
func (c *cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	text := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), msg)
	return ed25519.Verify(c.key, []byte(text), sig[8:])
}

func newCosigner(vkey string) note.Verifier {
	parts := strings.SplitN(vkey, "+", 3)
	key := decode(parts[2])
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if len(key) != 33 || key[0] != 4 || parts[1] != fmt.Sprintf("%x", sum[:4]) {
		must(fmt.Errorf("witness key %s", vkey))
	}
	return &cosigner{parts[0], binary.BigEndian.Uint32(sum[:]), key[1:]}
}

func newVerifier(vkey string) note.Verifier {
	v, err := note.NewVerifier(vkey)
	must(err)
	return v
}

// signedBy: is there a line of that name and hash?
func signedBy(msg []byte, v note.Verifier) bool {
	_, err := note.Open(msg, nil)
	unverified, ok := err.(*note.UnverifiedNoteError)
	if !ok {
		return false
	}
	for _, s := range unverified.Note.UnverifiedSigs {
		if s.Name == v.Name() && s.Hash == v.KeyHash() {
			return true
		}
	}
	return false
}

func opens(msg []byte, v note.Verifier) bool {
	n, err := note.Open(msg, note.VerifierList(v))
	return err == nil && len(n.Sigs) == 1
}

// treeOf parses the text by tlog.ParseTree, which wants Go's own origin line.
func treeOf(msg []byte) (origin string, tree tlog.Tree) {
	text := string(msg[:bytes.Index(msg, []byte("\n\n"))+1])
	line := strings.Index(text, "\n")
	tree, err := tlog.ParseTree([]byte("go.sum database tree" + text[line:]))
	must(err)
	return text[:line], tree
}

// noteRefused: every bit of the text and of the blank line, of the signature's line up to the base64, and of the id
// and signature inside it. After the first notes of a class, every ninth bit.
func noteRefused(msg []byte, v note.Verifier, t *tally) bool {
	refused := func() bool { t.damaged++; return !opens(msg, v) }
	step := 1
	if t.accepted >= 32 {
		step = 9
	}
	split := bytes.Index(msg, []byte("\n\n")) + 2
	if !eachBit(msg[:split], step, refused) {
		return false
	}
	for from := split; from < len(msg); {
		to := from + bytes.IndexByte(msg[from:], '\n')
		space := from + bytes.LastIndexByte(msg[from:to], ' ')
		raw := decode(string(msg[space+1 : to]))
		name := string(msg[from+len("— ") : space])
		if name == v.Name() && binary.BigEndian.Uint32(raw) == v.KeyHash() {
			inside := func() bool {
				t.damaged++
				other := append(append(append([]byte{}, msg[:space+1]...), encode(raw)...), msg[to:]...)
				return !opens(other, v)
			}
			if !eachBit(msg[from:space], step, refused) || !eachBit(raw, step, inside) {
				return false
			}
		}
		from = to + 1
	}
	return true
}
