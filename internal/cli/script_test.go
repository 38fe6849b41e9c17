package cli_test

import (
	"flag"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"kith/internal/cli"
)

var update = flag.Bool("update", false, "write what the scripts see into their files")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"kith": func() { os.Exit(cli.Main(os.Args[1:], cli.System())) },
	})
}

// The scripts in testdata/script are the commands as a person meets them.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("KITH_TODAY", "2026-11-23")
			env.Setenv("GIT_CONFIG_GLOBAL", env.WorkDir+"/gitconfig")
			env.Setenv("GIT_CONFIG_NOSYSTEM", "1")
			return nil
		},
	})
}
