// Command kith turns a folder of notes about people into a private site.
package main

import (
	"os"

	"kith/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], cli.System()))
}
