//go:build !race

package notify

const followers = 10_000
