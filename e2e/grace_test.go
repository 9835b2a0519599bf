package e2e

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestShutdownWithoutGrace: a server that has no time to end its broadcasts
// leaves what was recorded, up to the last part, to the next start.
func TestShutdownWithoutGrace(t *testing.T) {
	t.Parallel()
	s := startOpen(t, "--shutdown-grace", "0s", "--reconnect-window", "1s")
	testkit.Publish(t, hardyClip.Path(t), s.PublishURL("hasty"))
	now := onAir(t, s, "hasty")
	list := mediaAddress(t, s.URL("/live/hasty/index.m3u8"), "/video/")
	beforeEnd(t, list, 24)
	seen, err := testkit.FetchMedia(t.Context(), list)
	require.NoError(t, err)
	s.Process().Signal(syscall.SIGTERM)
	s.Process().Wait(t, limit) // the code says that something was cut off

	s.Start(t)
	archived(t, s, "hasty", now.Broadcast)
	total := seen.Duration()
	for _, part := range seen.Parts {
		total += part.Duration
	}
	// What a viewer was offered, but for the last half second, at 30 pictures each.
	requireBeginning(t, s, now.Broadcast, hardyClip, int(total.Seconds()*30)-15)
}
