package broadcast

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/store"
)

// sendUntil sends a piece of the clip, and waits until the segment before its end
// is listed.
func (h *house) sendUntil(clip cliptest.Clip, pub *live.Publisher, b *Broadcast, from, to time.Duration) {
	h.t.Helper()
	clip.Between(from, to).Send(pub)
	h.await("rows", func() bool {
		rows, err := h.db.NewestSegments(h.t.Context(), b.ID, "video/source", 1)
		return err == nil && len(rows) == 1 && rows[0].Number == int64(to/(2*time.Second))
	})
}

// The back-end is told of what was recorded when it was stopped, and at the end of
// what was recorded since; the owner sees both.
func TestStopRecording(t *testing.T) {
	clip, e := cliptest.Load(t), newBackEnd(map[string]string{"alice": "alice"})
	h := asked(t, e)
	pub, b := h.publish("alice")
	source, fed := b.Source()
	require.True(t, fed)
	require.EqualValues(t, 1, source.Client, "as the back-end knows it")
	h.sendUntil(clip, pub, b, 0, 5*time.Second)
	type answer struct {
		path string
		err  error
	}
	stopped := make(chan answer)
	go func() {
		path, err := b.StopRecording(t.Context())
		stopped <- answer{path, err}
	}()
	h.await("the stop in the row", func() bool { return h.row(b.ID).StoppedFrom == 4 })
	path, err := b.StopRecording(t.Context())
	require.NoError(t, err)
	require.Empty(t, path)
	h.sendUntil(clip, pub, b, 5*time.Second, 11*time.Second)
	whole := "/vod/" + b.ID + "/download.mp4"
	require.Equal(t, answer{whole, nil}, <-stopped)
	require.Equal(t, "recorded alice "+whole, e.heard()[2])
	path, err = b.Record(t.Context())
	require.NoError(t, err)
	require.Equal(t, whole+"?part=2", path)
	require.Zero(t, h.row(b.ID).StoppedFrom)
	h.sendUntil(clip, pub, b, 11*time.Second, 17*time.Second)
	pub.Close(live.Stopped, nil)
	ended(t, b)
	h.await("the end", func() bool { return len(e.heard()) == 5 })
	require.Equal(t, "over alice "+whole+"?part=2", e.heard()[4])
	h.awaitEvents(b.ID, "recording_gap")
	row := h.row(b.ID)
	require.Equal(t, store.StateArchived, row.State)
	require.InDelta(t, 17, row.Duration.Seconds(), 0.3)
	totals, err := h.db.Totals(t.Context(), b.ID)
	require.NoError(t, err)
	require.Equal(t, totals[0].Bytes+totals[1].Bytes, row.Bytes)
}

// A stop lasts over a restart, and who was told of what is told no more.
func TestAStopLastsOverARestart(t *testing.T) {
	clip, e := cliptest.Load(t), newBackEnd(map[string]string{"alice": "alice"})
	dir := t.TempDir()
	h := openHouse(t, dir, Options{Hooks: e, ReconnectWindow: limit})
	pub, b := h.publish("alice")
	h.sendUntil(clip, pub, b, 0, 5*time.Second)
	done, err := b.stopRecording(t.Context())
	require.NoError(t, err)
	h.sendUntil(clip, pub, b, 5*time.Second, 9*time.Second)
	<-done
	require.NoError(t, h.m.Shutdown(t.Context()))
	h.library.Close()
	require.NoError(t, h.db.Close())

	e = newBackEnd(map[string]string{"alice": "alice"})
	h = openHouse(t, dir, Options{Hooks: e, ReconnectWindow: limit})
	pub, same := h.publish("alice")
	require.Equal(t, b.ID, same.ID)
	clip.Between(10*time.Second, 15*time.Second).Send(pub)
	h.await("what passes", func() bool {
		runs, err := h.db.PassingRuns(t.Context(), b.ID, "video/source")
		return err == nil && len(runs) == 1 && runs[0].First == 4 && runs[0].Last >= 6
	})
	pub.Close(live.Stopped, nil)
	ended(t, same)
	h.await("the end", func() bool { return len(e.heard()) == 4 })
	require.Equal(t, "over alice ", e.heard()[3])
	require.InDelta(t, 6, h.row(b.ID).Duration.Seconds(), 0.3)
}
