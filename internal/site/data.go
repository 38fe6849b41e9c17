package site

import (
	"kith/internal/civil"
	"kith/internal/due"
)

func (s *Site) dataFiles() []File {
	return []File{{Path: "journal.json", Inputs: jsonFile{s.View.Today, s.everybody}}}
}

// jsonFile is the document of `kith due --all --json`.
type jsonFile struct {
	today     civil.Date
	everybody *everybody
}

func (f jsonFile) Render(b []byte) ([]byte, error) {
	return due.AppendJSON(b, f.today, f.everybody.rows)
}

func (s *Site) assets() []File {
	files := make([]File, 0, len(s.Theme.assets))
	for _, a := range s.Theme.assets {
		files = append(files, File{Path: a.path, Inputs: a})
	}
	return files
}

func (a asset) Render(b []byte) ([]byte, error) { return append(b, a.text...), nil }
