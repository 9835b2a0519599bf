//go:build race

package e2e

// raceDetector: the tests look for data races, and so does every server.
const raceDetector = true
