package watch

import (
	"errors"
	"fmt"
	"runtime"
	"syscall"
)

// Every notice says what it means for the person who reads it.
const slower = "kith compares the files itself, so a change can take some seconds to show"

func networkNotice() Notice {
	return Notice{
		Message: "the journal is on a network or shared drive, which does not tell of changes: " + slower,
		Hint:    "keep the journal on a drive of this computer, and share it with git",
	}
}

func goneNotice() Notice {
	return Notice{
		Message: "the journal's folder was moved or removed: " + slower,
		Hint:    "start kith again where the journal is now",
	}
}

// limitNotice is for an error that kept a folder from being watched.
func limitNotice(err error) Notice {
	tooManyOpen := errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return Notice{
			Message: "the system's limit of watched folders is reached: " + slower,
			Hint:    "sudo sysctl fs.inotify.max_user_watches=524288, then start kith again",
		}
	case tooManyOpen && runtime.GOOS == "linux":
		return Notice{
			Message: "the system's limit of watching programs is reached: " + slower,
			Hint:    "sudo sysctl fs.inotify.max_user_instances=1024 (or ulimit -n 4096), then start kith again",
		}
	case tooManyOpen:
		return Notice{
			Message: "the system's limit of open files is reached: " + slower,
			Hint:    "ulimit -n 65536, then start kith again",
		}
	default:
		return Notice{
			Message: fmt.Sprintf("the system does not tell of changes (%v): %s", err, slower),
			Hint:    "keep the journal on a drive of this computer",
		}
	}
}
