package watch

import "testing"

func TestLocalDrivesAreNotTakenForNetworkDrives(t *testing.T) {
	for _, dir := range []string{t.TempDir(), "/", "/proc", "/no/such/folder"} {
		if networkDrive(dir) {
			t.Errorf("%s is taken for a network drive", dir)
		}
	}
}
