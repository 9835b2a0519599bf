//go:build race

package e2e

// buildFlags make the binary under test look for data races when the tests
// themselves do.
var buildFlags = []string{"-race"}
