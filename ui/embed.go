// Package ui holds the pages that viewers see, as they were built into dist.
// It knows nothing of routes: who serves the files decides where they lie.
package ui

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files returns the built pages: index.html, in which the comment
// <!--head--> stands where a page's title and meta tags belong; theme.js,
// icon.svg; and assets/, whose names hold a hash of their content, so that they
// never change. Without a build of the pages index.html is missing, and opening
// it is fs.ErrNotExist.
func Files() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil { // the directory is part of the binary
		panic(fmt.Sprintf("embedded pages: %v", err))
	}
	return sub
}
