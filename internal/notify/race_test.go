//go:build race

package notify

// followers are fewer where each step takes ten times as long.
const followers = 1000
