//go:build !race

package rtmp

// strangersHold is the bound of memory for each stranger.
const strangersHold = 64 << 10
