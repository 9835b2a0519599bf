// Command rostrum is the whole platform in one program; "rostrum --help" says
// what it can do.
package main

import (
	"context"
	"os"

	"github.com/rostrumlive/rostrum/internal/app"
)

func main() {
	os.Exit(app.Run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}
