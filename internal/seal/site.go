package seal

import (
	"archive/tar"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	mathrand "math/rand/v2"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
)

// File is a file of a site.
type File struct {
	Path string
	// Read returns its bytes, the same whenever it is asked.
	Read func() ([]byte, error)
}

// Options say how a site is sealed.
type Options struct {
	Passphrase string
	Single     bool // index.html has all in it
	Again      bool // also if all is there already
	work       work
}

// work is how much it takes to try a passphrase. Zero is as much as there should be.
type work struct{ iterations, scrypt int }

// Report says what [Site] did.
type Report struct {
	Files     int     // that were sealed
	Unchanged bool    // all was there already
	Errors    []error // of files that could not be read and were left out
}

// The files of a sealed site.
const (
	indexFile  = "index.html"
	ageFile    = "site.age"
	dataFolder = "data"
)

// ErrPlain says that a folder holds what anybody can read, which is not to be put on a
// host together with what is sealed.
var ErrPlain = errors.New("it holds a site that is not sealed")

//go:embed loader.html
var loaderPage string

//go:embed loader.js
var loaderScript string

//go:embed loader.css
var loaderStyle string

// parameters are what the page has to know, beside the passphrase.
type parameters struct {
	Salt       []byte   `json:"salt"`
	Iterations int      `json:"iterations"`
	ChunkSize  int      `json:"chunkSize"`
	Chunks     []string `json:"chunks"` // the names of their files; empty if they are in the page
}

// Site writes a site into a folder, sealed. Nothing is written if the same is there
// already, sealed with the same passphrase. Until the new index.html is in its place,
// the old one and what it shows is whole; then what only that one showed is removed, and
// nothing else ever is. (Package publish removes what is stale first, and leaves a list
// of its files beside them.)
func Site(to *os.Root, files []File, o Options) (Report, error) {
	if o.work == (work{}) {
		o.work = work{iterations, scryptWork}
	}
	if plain(to) {
		return Report{}, ErrPlain
	}
	s := sealing{to: to, files: files, Options: o}
	if !o.Again && s.unchanged() {
		return Report{Files: len(files), Unchanged: true}, nil
	}
	return s.report, s.seal()
}

// plain says whether a folder has a first page that is not sealed, or a list of what was
// published there.
func plain(folder *os.Root) bool {
	_, noList := folder.Lstat(".kith-manifest")
	_, noPage := folder.Lstat(indexFile)
	return noList == nil || noPage == nil && !Sealed(folder)
}

// Sealed says whether a folder has a sealed site.
func Sealed(folder *os.Root) bool { return begins(folder, indexFile, sealedMark) }

// begins says whether a file begins with a text.
func begins(in *os.Root, name, text string) bool {
	file, err := openFile(in, name)
	if err != nil {
		return false
	}
	defer file.Close()
	begin := make([]byte, len(text))
	n, _ := io.ReadFull(file, begin)
	return string(begin[:n]) == text
}

// openFile opens a file, and nothing that one would wait for.
func openFile(in *os.Root, name string) (*os.File, error) {
	info, err := in.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no file", name)
	}
	return in.Open(name)
}

func readFile(in *os.Root, name string) (string, error) {
	file, err := openFile(in, name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	text, err := io.ReadAll(file)
	return string(text), err
}

// sealedMark begins a sealed index.html.
const sealedMark = "<!doctype html>\n<html lang=\"en\" data-sealed=\"1\">\n"

// sealing is one call of Site.
type sealing struct {
	Options
	to     *os.Root
	files  []File
	report Report
}

// unchanged says whether the folder has all of this already.
func (s *sealing) unchanged() bool {
	page, scripts, err := readSealed(s.to)
	if err != nil || page.Iterations != s.work.iterations || (len(page.Chunks) == 0) != s.Single {
		return false
	}
	c, err := newCipher(s.Passphrase, page.Salt, page.Iterations)
	if err != nil {
		return false
	}
	have, err := unpackSite(c, scripts)
	if err != nil {
		return false
	}
	age, err := openFile(s.to, ageFile)
	if err != nil {
		return false
	}
	defer age.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, age); err != nil || hex.EncodeToString(sum.Sum(nil)) != have.Age {
		return false
	}
	content := newDigest()
	for _, f := range s.files {
		data, err := f.Read()
		if err != nil {
			return false
		}
		content.add(f.Path, data)
	}
	return content.String() == have.Content
}

// seal writes everything.
func (s *sealing) seal() (err error) {
	temp := tempPrefix + rand.Text() + "-"
	var chunks []string
	defer func() { s.sweep(chunks, err != nil) }()
	content, age, err := s.writeArchive(temp + ageFile)
	if err != nil {
		return err
	}
	index, err := s.create(temp + indexFile)
	if err != nil {
		return err
	}
	chunks, err = s.writeIndex(index, content, age)
	if err = errors.Join(err, index.Close()); err != nil {
		return err
	}
	for _, name := range chunks {
		if _, err := s.to.Lstat(dataPath(name)); err != nil {
			return fmt.Errorf("another program is changing the folder: %w", err)
		}
	}
	if err := s.to.Rename(temp+ageFile, ageFile); err != nil {
		return err
	}
	return s.to.Rename(temp+indexFile, indexFile)
}

// writeArchive writes the age file. It returns the digests of what was sealed, and of the
// file.
func (s *sealing) writeArchive(name string) (content, age string, err error) {
	file, err := s.create(name)
	if err != nil {
		return "", "", err
	}
	defer file.Close()
	sum, digest := sha256.New(), newDigest()
	err = writeAge(io.MultiWriter(file, sum), s.Passphrase, s.work.scrypt, func(archive *tar.Writer) error {
		readable := s.files[:0:0]
		for _, f := range s.files {
			data, err := f.Read()
			if err != nil {
				s.report.Errors = append(s.report.Errors, fmt.Errorf("%s: %w", f.Path, err))
				continue
			}
			readable = append(readable, f)
			digest.add(f.Path, data)
			header := tar.Header{Typeflag: tar.TypeReg, Name: path.Join("site", f.Path), Size: int64(len(data)), Mode: 0o600}
			if err := archive.WriteHeader(&header); err != nil {
				return err
			}
			if _, err := archive.Write(data); err != nil {
				return err
			}
		}
		s.files, s.report.Files = readable, len(readable)
		return nil
	})
	return digest.String(), hex.EncodeToString(sum.Sum(nil)), errors.Join(err, file.Close())
}

// writeIndex writes the page and its chunks. It returns the names of those that have files
// of their own.
func (s *sealing) writeIndex(index io.Writer, content, age string) (chunks []string, err error) {
	page := parameters{Salt: make([]byte, 16), Iterations: s.work.iterations, ChunkSize: chunkSize}
	_, _ = rand.Read(page.Salt) // never fails
	c, err := newCipher(s.Passphrase, page.Salt, page.Iterations)
	if err != nil {
		return nil, err
	}
	// Scripts run by a word that nobody knew who wrote a note.
	nonce := rand.Text()
	head, tail, _ := strings.Cut(strings.NewReplacer("{nonce}", nonce, "{style}", loaderStyle, "{script}", loaderScript).Replace(loaderPage), "{data}")
	if _, err := io.WriteString(index, head); err != nil {
		return nil, err
	}
	p := newPacker(c, func(script []byte) error {
		if s.Single {
			_, err := fmt.Fprintf(index, "<script nonce=\"%s\">%s</script>\n", nonce, script)
			return err
		}
		name := strings.ToLower(rand.Text())
		page.Chunks = append(page.Chunks, name)
		return s.writeChunk(dataPath(name), script)
	})
	if !s.Single {
		if err := s.to.Mkdir(dataFolder, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
	}
	order := slices.Clone(s.files)
	mathrand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for _, f := range order {
		data, err := f.Read()
		if err == nil {
			err = p.add(f.Path, data)
		}
		if err != nil {
			return page.Chunks, fmt.Errorf("%s: %w", f.Path, err)
		}
	}
	if err := p.close(content, age); err != nil {
		return page.Chunks, err
	}
	text, err := json.Marshal(page)
	if err != nil {
		return page.Chunks, err
	}
	_, err = fmt.Fprint(index, parametersBefore, string(text), parametersAfter, tail)
	return page.Chunks, err
}

// create makes a file that others may read: it is made to be put on a host, where
// somebody else's server shows it.
func (s *sealing) create(name string) (*os.File, error) {
	return s.to.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
}

func (s *sealing) writeChunk(name string, script []byte) error {
	file, err := s.create(name)
	if err != nil {
		return err
	}
	_, err = file.Write(script)
	return errors.Join(err, file.Close())
}

func dataPath(name string) string { return path.Join(dataFolder, name+".js") }

// What is left over when a seal ends or dies is known by its name, and a chunk also by how
// it begins.
const tempPrefix = ".kith-seal-"

var chunkName = regexp.MustCompile(`^[a-z2-7]{26}\.js$`)

// sweep removes what nobody needs: the given chunks if sealing failed, else all others;
// and what is unfinished.
func (s *sealing) sweep(chunks []string, failed bool) {
	top, _ := fs.ReadDir(s.to.FS(), ".")
	for _, e := range top {
		if strings.HasPrefix(e.Name(), tempPrefix) && e.Type().IsRegular() {
			_ = s.to.Remove(e.Name())
		}
	}
	data, _ := fs.ReadDir(s.to.FS(), dataFolder)
	for _, e := range data {
		name := path.Join(dataFolder, e.Name())
		if slices.Contains(chunks, strings.TrimSuffix(e.Name(), ".js")) == failed && chunkName.MatchString(e.Name()) && begins(s.to, name, chunkBegins) {
			_ = s.to.Remove(name)
		}
	}
	_ = s.to.Remove(dataFolder) // if it is empty
}

// The parameters stand in the page between these.
const (
	parametersBefore = "<script type=\"application/json\" id=\"parameters\">"
	parametersAfter  = "</script>\n"
)

// readSealed reads what a sealed page needs to be opened, and the scripts with its chunks.
func readSealed(from *os.Root) (parameters, []string, error) {
	index, err := readFile(from, indexFile)
	if err != nil {
		return parameters{}, nil, err
	}
	page, scripts, err := parseIndex(index)
	for _, name := range page.Chunks {
		script, err := readFile(from, dataPath(name))
		if err != nil {
			return page, nil, err
		}
		scripts = append(scripts, script)
	}
	return page, scripts, err
}

// parseIndex returns what a page says, and the chunks in it.
func parseIndex(index string) (page parameters, scripts []string, err error) {
	before, text, found := strings.Cut(index, parametersBefore)
	text, _, whole := strings.Cut(text, parametersAfter)
	if !found || !whole || json.Unmarshal([]byte(text), &page) != nil {
		return page, nil, errDamaged
	}
	for line := range strings.Lines(before) {
		line, ends := strings.CutSuffix(line, parametersAfter)
		if _, script, ok := strings.Cut(line, ">"+chunkBegins); ok && ends {
			scripts = append(scripts, chunkBegins+script)
		}
	}
	return page, scripts, nil
}

// A digest is that of all that is sealed, the page that shows it included.
type digest struct{ hash.Hash }

func newDigest() digest {
	d := digest{sha256.New()}
	d.add(loaderPage, []byte(loaderScript+loaderStyle))
	return d
}

func (d digest) add(path string, data []byte) {
	for _, part := range [][]byte{[]byte(path), data} {
		d.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		d.Write(part)
	}
}

func (d digest) String() string { return hex.EncodeToString(d.Sum(nil)) }
