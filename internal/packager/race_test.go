//go:build race

package packager

// raceDetector says that allocations are not to be counted.
const raceDetector = true
