package seal

import (
	"bytes"
	"compress/gzip"
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// iterations is how often PBKDF2 hashes, which is the slowest that every browser has: a
// second of a phone for who knows the passphrase.
const iterations = 1_000_000

// newCipher returns what encrypts and decrypts the chunks of a build.
func newCipher(passphrase string, salt []byte, iterations int) (cipher.AEAD, error) {
	key, err := pbkdf2.Key(sha256.New, passphrase, salt, iterations, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// place is what is authenticated with a chunk, so that none can take another's.
func place(at int) []byte { return fmt.Appendf(nil, "chunk %d", at) }

// A directory says what is in the plain bytes.
type directory struct {
	Content string              `json:"content"` // the digest of what was sealed
	Age     string              `json:"age"`     // and of the age file
	Files   map[string][2]int64 `json:"files"`   // by path: where it begins, and how long it is, compressed
}

// trailerSize is the size of the last bytes of all, which say where the directory begins,
// and how long it is.
const trailerSize = 16

// A packer makes chunks of files.
type packer struct {
	cipher cipher.AEAD
	put    func(script []byte) error // takes the next chunk
	files  map[string][2]int64

	size  int64  // of all that was written
	chunk []byte // what is not in a chunk yet
	at    int    // the number of the next chunk
}

func newPacker(c cipher.AEAD, put func([]byte) error) *packer {
	return &packer{cipher: c, put: put, files: map[string][2]int64{}}
}

func (p *packer) Write(b []byte) (int, error) {
	n := len(b)
	p.size += int64(n)
	for len(b) > 0 {
		some := min(len(b), chunkSize-len(p.chunk))
		p.chunk = append(p.chunk, b[:some]...)
		b = b[some:]
		if len(p.chunk) < chunkSize {
			break
		}
		if err := p.seal(); err != nil {
			return n - len(b), err
		}
	}
	return n, nil
}

// A chunk is a script that hands its number and its text to the page.
func scriptBegin(at int) string { return fmt.Sprintf("%s%d,\"", chunkBegins, at) }

const (
	chunkBegins = "sealed("
	scriptEnd   = "\")"
)

// seal hands on a chunk as a script.
func (p *packer) seal() error {
	nonce := make([]byte, p.cipher.NonceSize(), p.cipher.NonceSize()+chunkSize+p.cipher.Overhead())
	_, _ = rand.Read(nonce) // never fails
	sealed := p.cipher.Seal(nonce, nonce, p.chunk, place(p.at))
	script := base64.StdEncoding.AppendEncode([]byte(scriptBegin(p.at)), sealed)
	p.chunk = p.chunk[:0]
	p.at++
	return p.put(append(script, scriptEnd...))
}

// add adds a file.
func (p *packer) add(path string, data []byte) error {
	start := p.size
	z := gzip.NewWriter(p)
	if _, err := z.Write(data); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	p.files[path] = [2]int64{start, p.size - start}
	return nil
}

// close adds the directory.
func (p *packer) close(content, age string) error {
	text, err := json.Marshal(directory{content, age, p.files})
	if err != nil {
		return err
	}
	start := p.size
	z := gzip.NewWriter(p)
	if _, err := z.Write(text); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	trailer := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, uint64(start)), uint64(p.size-start))
	if _, err := io.CopyN(p, zeros{}, padded(p.size+trailerSize)-p.size-trailerSize); err != nil {
		return err
	}
	_, err = p.Write(trailer)
	return err
}

// unpacked is what chunks hold.
type unpacked struct {
	directory
	plain []byte
}

var errDamaged = errors.New("what is sealed is not whole")

// unpackSite opens the scripts that a packer made. It is [ErrPassphrase] if the cipher is
// another one.
func unpackSite(c cipher.AEAD, scripts []string) (*unpacked, error) {
	u := &unpacked{}
	for at, script := range scripts {
		text, begins := strings.CutPrefix(script, scriptBegin(at))
		text, ends := strings.CutSuffix(text, scriptEnd)
		sealed, err := base64.StdEncoding.DecodeString(text)
		if !begins || !ends || err != nil || len(sealed) < c.NonceSize() {
			return nil, errDamaged
		}
		if u.plain, err = c.Open(u.plain, sealed[:c.NonceSize()], sealed[c.NonceSize():], place(at)); err != nil {
			return nil, ErrPassphrase
		}
	}
	if len(u.plain) < trailerSize {
		return nil, errDamaged
	}
	trailer := u.plain[len(u.plain)-trailerSize:]
	text, err := u.expand([2]int64{int64(binary.BigEndian.Uint64(trailer)), int64(binary.BigEndian.Uint64(trailer[8:]))})
	if err != nil || json.Unmarshal(text, &u.directory) != nil {
		return nil, errDamaged
	}
	return u, nil
}

// expand returns what is compressed in a part of the plain bytes.
func (u *unpacked) expand(part [2]int64) ([]byte, error) {
	size := int64(len(u.plain))
	if part[0] < 0 || part[1] < 0 || part[0] > size || part[1] > size-part[0] {
		return nil, errDamaged
	}
	z, err := gzip.NewReader(bytes.NewReader(u.plain[part[0] : part[0]+part[1]]))
	if err != nil {
		return nil, errDamaged
	}
	return io.ReadAll(z)
}
