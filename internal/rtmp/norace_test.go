//go:build !race

package rtmp

// mostHeld is what a stranger may hold.
const mostHeld = 64 << 10
