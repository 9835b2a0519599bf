package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestShutdown: SIGTERM with an encoder on air and viewers that wait ends with
// code 0 and, where no broadcast waits for its encoder, every list ended; after
// a new start the recording is whole, and the channel goes on air under its
// address again.
func TestShutdown(t *testing.T) {
	t.Parallel()
	s := startOpen(t, "--reconnect-window", "0s")
	clip := testkit.Clip{Seconds: 30}
	encoder := testkit.Publish(t, clip.Path(t), s.PublishURL("steady"))
	now := onAir(t, s, "steady")
	list := mediaAddress(t, s.URL("/live/steady/index.m3u8"), "/video/")
	var waiting errgroup.Group
	waiting.Go(func() error { return waitForEnd(t.Context(), list) })
	beforeEnd(t, list, 15)

	s.Stop(t) // asserts the exit code
	require.NoError(t, waiting.Wait(), "who waits is told the end before the server goes")
	encoder.Wait(t, limit)

	s.Start(t)
	b := archived(t, s, "steady", now.Broadcast)
	requireBeginning(t, s, b.ID, clip, 60)
	testkit.Publish(t, clip.Path(t), s.PublishURL("steady"))
	require.NotEqual(t, now.Broadcast, onAir(t, s, "steady").Broadcast)
	s.Stop(t)
}

// TestCrash: after kill -9 the recording holds all but the part that was being
// written, and plays after a new start with no step by hand.
func TestCrash(t *testing.T) {
	t.Parallel()
	s := startOpen(t, "--reconnect-window", "0s")
	clip := testkit.Clip{Seconds: 30}
	testkit.Publish(t, clip.Path(t), s.PublishURL("brittle"))
	now := onAir(t, s, "brittle")
	list := mediaAddress(t, s.URL("/live/brittle/index.m3u8"), "/video/")
	beforeEnd(t, list, 24)
	seen, err := testkit.FetchMedia(t.Context(), list)
	require.NoError(t, err)
	s.Process().Kill()

	s.Start(t)
	archived(t, s, "brittle", now.Broadcast)
	total := seen.Duration()
	for _, part := range seen.Parts {
		total += part.Duration
	}
	// What a viewer was offered, but for the last second, at 30 pictures each.
	requireBeginning(t, s, now.Broadcast, clip, int(total.Seconds()*30)-30)
	s.Stop(t)
}

// requireBeginning checks that a recording is the clip up to some frame, which
// is at least the one with that number.
func requireBeginning(t *testing.T, s *testkit.Server, id string, clip testkit.Clip, frames int) {
	t.Helper()
	index := s.URL("/vod/" + id + "/index.m3u8")
	lists, err := watchAll(t.Context(), index)
	require.NoError(t, err)
	require.Len(t, lists, 2)
	for _, kind := range []string{"v", "a"} {
		sent, kept := testkit.Packets(t, clip.Path(t), kind), testkit.Packets(t, index, kind)
		require.GreaterOrEqual(t, len(kept), frames, kind)
		require.LessOrEqual(t, len(kept), len(sent), kind)
		requireSameFrames(t, kind, sent[:len(kept)], kept)
	}
}
