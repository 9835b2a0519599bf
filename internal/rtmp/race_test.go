//go:build race

package rtmp

// strangersHold is the bound of memory for each stranger, with what the race
// detector needs itself: larger stacks.
const strangersHold = 80 << 10
