//go:build race

package rtmp

// mostHeld is what a stranger may hold, and an eighth more: the race detector
// keeps memory of its own beside each stack.
const mostHeld = 72 << 10
