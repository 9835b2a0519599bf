package app

import "runtime/debug"

// Version is the release that the binary was built from, or a pseudo-version
// with the time and hash of the commit, or "dev" when the build did not know.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "dev"
	}
	return info.Main.Version
}
