package site

import (
	"kith/internal/due"
)

func (s *Site) dataFiles() []File {
	return []File{{Path: "journal.json", Inputs: jsonFile{s.View}}}
}

// jsonFile is the document of `kith due --all --json`.
type jsonFile struct{ view *due.View }

func (f jsonFile) render(b []byte) ([]byte, error) {
	return due.AppendJSON(b, f.view), nil
}

func (s *Site) assets() []File {
	files := make([]File, 0, len(s.Theme.assets))
	for _, a := range s.Theme.assets {
		files = append(files, File{Path: a.path, Inputs: a})
	}
	return files
}

func (a asset) render(b []byte) ([]byte, error) { return append(b, a.text...), nil }
