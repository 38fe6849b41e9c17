package cli

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A laptop that travels is in another zone by and by, and so are its days.
func TestTheClockTravels(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "localtime")
	arrive := func(hours int32) {
		t.Helper()
		next := file + ".next"
		if err := os.WriteFile(next, zoneData(hours), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(next, file); err != nil {
			t.Fatal(err)
		}
	}
	arrive(0)
	clock := travelling(func() time.Time { return time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC) }, file)
	if got := clock().Format("2006-01-02 15:04"); got != "2026-11-23 20:00" {
		t.Errorf("at home: %s", got)
	}
	arrive(9)
	if got := clock().Format("2006-01-02 15:04"); got != "2026-11-24 05:00" {
		t.Errorf("in the east: %s", got)
	}
	if err := os.WriteFile(file, []byte("half of it"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := clock().Format("2006-01-02 15:04"); got != "2026-11-24 05:00" {
		t.Errorf("while the zone cannot be read: %s", got)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if got := clock().Format("2006-01-02 15:04"); got != "2026-11-24 05:00" {
		t.Errorf("without a zone: %s", got)
	}
}

// zoneData is what the file of a zone holds that is always so many hours before UTC.
func zoneData(hours int32) []byte {
	data := append([]byte("TZif"), make([]byte, 16)...)
	for _, count := range []uint32{0, 0, 0, 0, 1, 4} { // one kind of time, and its name
		data = binary.BigEndian.AppendUint32(data, count)
	}
	data = binary.BigEndian.AppendUint32(data, uint32(hours*3600))
	return append(data, 0, 0, 'X', 'Y', 'Z', 0)
}
