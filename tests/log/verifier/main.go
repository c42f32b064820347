// Verifies a running site's log with Go's own sumdb/note and sumdb/tlog, which know nothing of this project: checkpoint, entries, tiles and
// proofs must be accepted, and a hundred changed ones refused. Speaks TAP. usage: verifier ADDRESS [KIND/ID/REVISION ...]
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

var failed, tests int

func ok(promise string, err error) {
	tests++
	if err != nil {
		failed++
		fmt.Printf("not ok %d - %s\n# %v\n", tests, promise, err)
		return
	}
	fmt.Printf("ok %d - %s\n", tests, promise)
}

func get(address string) []byte {
	answer, err := http.Get(address)
	if err != nil {
		fmt.Printf("Bail out! %v\n", err)
		os.Exit(1)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != 200 {
		fmt.Printf("Bail out! %s: %s %v\n", address, answer.Status, err)
		os.Exit(1)
	}
	return body
}

type checkpoint struct {
	size int64
	root tlog.Hash
}

func openCheckpoint(signed []byte, verifier note.Verifier) (c checkpoint, err error) {
	n, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return c, err
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return c, errors.New("not a checkpoint of this log")
	}
	if c.size, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return c, err
	}
	c.root, err = tlog.ParseHash(lines[2])
	return c, err
}

// The form of C2SP tlog-proof.
func checkProof(text, entry []byte, verifier note.Verifier) error {
	head, signed, found := bytes.Cut(text, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		return errors.New("not a proof")
	}
	index, err := strconv.ParseInt(lines[1][len("index "):], 10, 64)
	if err != nil {
		return err
	}
	var path tlog.RecordProof
	for _, line := range lines[2:] {
		h, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		path = append(path, h)
	}
	c, err := openCheckpoint(signed, verifier)
	if err != nil {
		return err
	}
	if index < 0 || index >= c.size {
		return errors.New("no such entry")
	}
	return tlog.CheckRecord(path, c.size, c.root, index, tlog.RecordHash(entry))
}

func tileNumber(n, width int64) string {
	text := fmt.Sprintf("%03d", n%1000)
	for n /= 1000; n > 0; n /= 1000 {
		text = fmt.Sprintf("x%03d/%s", n%1000, text)
	}
	if width < 256 {
		text += fmt.Sprintf(".p/%d", width)
	}
	return text
}

// Calls visit with the tiles of a level that holds so many hashes.
func eachTile(base, level string, hashes int64, visit func(n int64, data []byte)) {
	for n := int64(0); n*256 < hashes; n++ {
		width := hashes - n*256
		if width > 256 {
			width = 256
		}
		visit(n, get(base+"/log/tile/"+level+"/"+tileNumber(n, width)))
	}
}

func readEntries(base string, size int64) (entries [][]byte, err error) {
	eachTile(base, "entries", size, func(n int64, data []byte) {
		for len(data) >= 2 {
			length := int(binary.BigEndian.Uint16(data))
			if len(data) < 2+length {
				err = errors.New("a bundle ends within an entry")
				return
			}
			entries = append(entries, data[2:2+length])
			data = data[2+length:]
		}
	})
	if err == nil && int64(len(entries)) != size {
		err = fmt.Errorf("%d entries instead of %d", len(entries), size)
	}
	return
}

func storedHashes(entries [][]byte) tlog.HashReader {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			out[i] = stored[x]
		}
		return out, nil
	})
	for i, e := range entries {
		hashes, err := tlog.StoredHashes(int64(i), e, reader)
		if err != nil {
			panic(err)
		}
		stored = append(stored, hashes...)
	}
	return reader
}

func checkTiles(base string, size int64, reader tlog.HashReader) error {
	var wrong error
	for level := 0; size>>(8*level) > 0; level++ {
		eachTile(base, strconv.Itoa(level), size>>(8*level), func(n int64, data []byte) {
			for i := 0; i*32 < len(data); i++ {
				h, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(8*level, n*256+int64(i))})
				if err != nil || !bytes.Equal(h[0][:], data[i*32:i*32+32]) {
					wrong = fmt.Errorf("hash %d of tile %d, level %d", i, n, level)
				}
			}
		})
	}
	return wrong
}

// Changes one bit.
func changed(random *rand.Rand, text []byte) []byte {
	out := append([]byte(nil), text...)
	i := random.Intn(len(out))
	out[i] ^= 1 << random.Intn(7)
	return out
}

func main() {
	base := os.Args[1]
	vkey := strings.TrimSpace(string(get(base + "/log/key")))
	verifier, err := note.NewVerifier(vkey)
	ok("the key is one that Go's sumdb/note reads", err)
	if err != nil {
		os.Exit(1)
	}
	signed := get(base + "/log/checkpoint")
	c, err := openCheckpoint(signed, verifier)
	ok("the checkpoint is signed", err)
	entries, err := readEntries(base, c.size)
	ok("the bundles hold as many entries as the checkpoint says", err)
	reader := storedHashes(entries)
	root, err := tlog.TreeHash(c.size, reader)
	if err == nil && root != c.root {
		err = errors.New("another root")
	}
	ok(fmt.Sprintf("the %d entries have the root that is signed", c.size), err)
	ok("the tiles are those of the entries", checkTiles(base, c.size, reader))

	var proof, record []byte
	for _, name := range os.Args[2:] {
		part := strings.Split(name, "/")
		proof = get(base + "/log/proof/" + name)
		record = get(base + "/api/records/" + part[0] + "/" + part[1] + "/revisions/" + part[2])
		ok("the proof of "+name+" holds", checkProof(proof, record, verifier))
	}

	random := rand.New(rand.NewSource(17))
	accepted := 0
	for i := 0; i < 100; i++ {
		switch i % 4 {
		case 0:
			if other := changed(random, signed); !bytes.Equal(other, signed) {
				if d, err := openCheckpoint(other, verifier); err == nil && d != c {
					accepted++
				}
			}
		case 1:
			if checkProof(changed(random, proof), record, verifier) == nil {
				accepted++
			}
		case 2:
			if checkProof(proof, changed(random, record), verifier) == nil {
				accepted++
			}
		case 3:
			at := random.Intn(len(entries))
			kept := entries[at]
			entries[at] = changed(random, kept)
			if other, _ := tlog.TreeHash(c.size, storedHashes(entries)); other == c.root {
				accepted++
			}
			entries[at] = kept
		}
	}
	err = nil
	if accepted > 0 {
		err = fmt.Errorf("%d were accepted", accepted)
	}
	ok("a hundred changed checkpoints, proofs, records and entries are refused", err)

	wrong := base64.StdEncoding.EncodeToString(make([]byte, 32))
	ok("a proof with another path is refused", func() error {
		lines := strings.SplitN(string(proof), "\n", 4)
		if checkProof([]byte(lines[0]+"\n"+lines[1]+"\n"+wrong+"\n"+lines[3]), record, verifier) == nil {
			return errors.New("accepted")
		}
		return nil
	}())
	fmt.Printf("1..%d\n", tests)
	if failed > 0 {
		os.Exit(1)
	}
}
