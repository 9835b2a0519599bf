package app

import (
	"math"

	"golang.org/x/sys/unix"
)

// viewerLimit is how many connections of viewers may be open: three quarters
// of the files that the process may open, so that encoders, recordings and the
// files that viewers are sent find the rest however many viewers come. Go has
// raised the soft limit to the hard one before main began.
func viewerLimit() int {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return math.MaxInt32 // accepting tells when there are no more
	}
	files := min(limit.Cur, math.MaxInt32)
	return int(files - files/4)
}
