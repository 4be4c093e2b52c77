// SPDX-License-Identifier: Apache-2.0

// A log of golang.org/x/mod/sumdb, and our witness: note.Sign signs its checkpoints, tlog.ProveTree proves them, `unbroken witness sign` cosigns, and
// note.Open opens the note with the log's verifier and with one for cosignature/v1.

package main

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const witnessed = "go.example/log"

type witness struct {
	program, dir string
	signer       note.Signer
	log          note.Verifier
	cosigner     note.Verifier
}

func (w *witness) run(arguments ...string) (string, bool) {
	out, err := exec.Command(w.program, append([]string{"witness"}, arguments...)...).Output()
	return string(out), err == nil
}

func (w *witness) path(name string) string { return filepath.Join(w.dir, name) }

func found(program, dir string) *witness {
	w := &witness{program: program, dir: dir}
	skey, vkey, err := note.GenerateKey(rand.Reader, witnessed)
	must(err)
	w.signer, err = note.NewSigner(skey)
	must(err)
	w.log = newVerifier(vkey)
	must(os.WriteFile(w.path("policy"), []byte("log "+vkey+"\nquorum none\n"), 0o600))
	out, good := w.run("init", w.path("w"), "--name", "court.example/go")
	if !good {
		must(fmt.Errorf("witness init: %s", out))
	}
	for _, line := range strings.Split(out, "\n") {
		if strings.HasPrefix(line, "court.example/go+") {
			w.cosigner = newCosigner(line)
		}
	}
	if _, good = w.run("trust", w.path("w"), w.path("policy")); !good {
		must(fmt.Errorf("witness trust"))
	}
	return w
}

// ask has the tree of that size cosigned, after that of size old: the checkpoint, and the witness's lines.
func (w *witness) ask(old, size int64, root tlog.Hash, proof []tlog.Hash) ([]byte, []byte, bool) {
	msg, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n%d\n%s\n", witnessed, size, encode(root[:]))}, w.signer)
	must(err)
	var body bytes.Buffer
	fmt.Fprintf(&body, "old %d\n", old)
	for _, hash := range proof {
		fmt.Fprintf(&body, "%s\n", base64.StdEncoding.EncodeToString(hash[:]))
	}
	body.WriteString("\n")
	body.Write(msg)
	must(os.WriteFile(w.path("request"), body.Bytes(), 0o600))
	os.Remove(w.path("answer"))
	if _, good := w.run("sign", w.path("w"), "--file", w.path("request"), "-o", w.path("answer")); !good {
		return msg, nil, false
	}
	answer, err := os.ReadFile(w.path("answer"))
	must(err)
	return msg, answer, true
}

// opensBoth: by the log and by the witness, and by the witness no more when a bit of the text or of its line is changed.
func (w *witness) opensBoth(msg []byte) bool {
	n, err := note.Open(msg, note.VerifierList(w.log, w.cosigner))
	return err == nil && len(n.Sigs) == 2 && len(n.UnverifiedSigs) == 0
}

func witnesses(program, dir string) {
	w := found(program, dir)
	s, roots := grow()
	steps, opened, kept, refused := 0, 0, 0, 0
	old := int64(0)
	for size := int64(1); size <= treeMax; size += 1 + size%7 {
		var proof []tlog.Hash
		if old > 0 {
			p, err := tlog.ProveTree(size, old, s)
			must(err)
			proof = p
			// A root that is no tree's, and a proof with a bit changed.
			other := roots[size]
			other[5] ^= 1
			bad := append([]tlog.Hash{}, proof...)
			bad[len(bad)-1][0] ^= 1
			_, _, first := w.ask(old, size, other, proof)
			_, _, second := w.ask(old, size, roots[size], bad)
			if !first && !second {
				refused++
			}
		} else {
			refused++
		}
		steps++
		msg, answer, good := w.ask(old, size, roots[size], proof)
		if good && w.opensBoth(append(msg, answer...)) {
			opened++
		}
		sum := sha256.Sum256([]byte(witnessed))
		latest, err := os.ReadFile(filepath.Join(w.path("w"), fmt.Sprintf("%x", sum), "checkpoint"))
		if _, tree := treeOf(latest); err == nil && w.opensBoth(latest) && tree.N == size && tree.Hash == roots[size] {
			kept++
		}
		old = size
	}
	say(steps > 20 && opened == steps, "cosignatures of our witness on checkpoints of tlog's trees, opened by note.Open: %d of %d", opened, steps)
	say(kept == steps, "what the witness keeps, opened by note.Open: %d of %d", kept, steps)
	say(refused == steps, "roots and proofs with a bit changed, refused by our witness: %d of %d", refused, steps)
}
