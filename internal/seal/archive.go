package seal

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
)

// ErrPassphrase says that a passphrase does not open what it is to open.
var ErrPassphrase = errors.New("the passphrase does not open it")

// AgeHeader begins every age file.
const AgeHeader = "age-encryption.org/v1\n"

// scryptWork is the logarithm of the work that it takes to try a passphrase on an age
// file: a second, and 256 MB of memory.
const scryptWork = 18

// writeAge writes a tar archive into an age file, which a passphrase opens. What pack
// puts into it is followed by nothing but zeros, as many as make its size that of many
// others.
func writeAge(w io.Writer, passphrase string, work int, pack func(*tar.Writer) error) error {
	to, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return err
	}
	to.SetWorkFactor(work)
	sealed, err := age.Encrypt(w, to)
	if err != nil {
		return err
	}
	size := &counter{w: sealed}
	archive := tar.NewWriter(size)
	if err := pack(archive); err != nil {
		return err
	}
	if err := archive.Close(); err != nil {
		return err
	}
	if _, err := io.CopyN(sealed, zeros{}, padded(size.n)-size.n); err != nil {
		return err
	}
	return sealed.Close()
}

// openAge returns the archive in an age file.
func openAge(r io.Reader, passphrase string) (io.Reader, error) {
	key, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return nil, ErrPassphrase // it is empty
	}
	opened, err := age.Decrypt(r, key)
	if none := new(age.NoIdentityMatchError); errors.As(err, &none) {
		return nil, ErrPassphrase
	}
	if err != nil {
		return nil, fmt.Errorf("it is no age file, or not whole: %w", err)
	}
	return opened, nil
}

// padded is the size that something is given: one of eight between each power of two
// and the next, and a multiple of chunkSize. So the size tells how much there is to an
// eighth, and not who was added.
func padded(size int64) int64 {
	step := int64(chunkSize)
	for step*16 <= size {
		step *= 2
	}
	return max(1, (size+step-1)/step) * step
}

// counter counts the bytes that are written.
type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// zeros is zeros without an end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
