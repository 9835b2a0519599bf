package broadcast

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/doctor"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

func verdicts(s *doctor.Snapshot) (codes []string) {
	for _, v := range doctor.Examine(s) {
		codes = append(codes, v.Code)
	}
	return codes
}

// Two encoders that take a channel from each other are told of; one that was
// restarted is not.
func TestTwoEncodersFight(t *testing.T) {
	h := newHouse(t, Private)
	_, err := h.accounts.EnsureChannel(t.Context(), "show")
	require.NoError(t, err)
	clip := cliptest.Load(t).Between(0, time.Second)
	var b *Broadcast
	for n := range 4 {
		pub, err := h.m.Publish(t.Context(), live.Request{
			Protocol: "rtmp", Name: "show", Encoder: "test/1", Remote: netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(n+1)),
		})
		require.NoError(t, err)
		b = h.m.Live("show")
		clip.Send(pub)
		s := b.Health(t.Context())
		require.Equal(t, "test/1", s.Encoder)
		require.Len(t, s.Takeovers, n)
	}
	// Verdicts are on whole seconds, and none has passed yet.
	h.await("the doctor says so", func() bool {
		codes := verdicts(b.Health(t.Context()))
		return len(codes) == 1 && codes[0] == doctor.EncodersFight
	})
	b.stop(refusal("test", "Enough."))
	ended(t, b)
}

// The doctor of a broadcast sees its media, and the level of its sound while
// somebody asks.
func TestHealthOfABroadcast(t *testing.T) {
	heard := 0
	h := openHouse(t, t.TempDir(), Options{Open: Private, Hear: func(_ context.Context, mp4 []byte) ([]int16, int, error) {
		heard++
		require.Equal(t, "ftyp", string(mp4[4:8]))
		samples := make([]int16, 16000*2)
		for i := range samples {
			samples[i] = 3277 // a tenth: -20 dB
		}
		return samples, 16000, nil
	}})
	_, err := h.accounts.EnsureChannel(t.Context(), "show")
	require.NoError(t, err)
	pub, b := h.publish("show")
	pub.Name("obs-output module (libobs version 29.0.2)")
	// As if it had come in the last seconds.
	clip, began := cliptest.Load(t).Between(0, 2*time.Second), time.Now().Add(-3*time.Second)
	for _, u := range clip {
		unit := u.AccessUnit
		unit.Arrived = began.Add(u.At)
		pub.Rendition(u.Rendition).Write(&unit)
	}
	s := b.Health(t.Context())
	require.Equal(t, "obs", doctor.KindOf(s.Encoder))
	require.NotNil(t, s.Video)
	require.False(t, s.Away)
	require.False(t, s.Settled())
	m, _ := doctor.SeriesOf(s, 10)
	require.GreaterOrEqual(t, len(m.FrameRate), 2)
	require.InDelta(t, 30, m.FrameRate[0], 1)
	require.Equal(t, -20, m.SoundLevel[0])
	b.Health(t.Context())
	require.Equal(t, 1, heard, "not more often than it is good for")

	pub.Close(live.Lost, nil)
	if w := b.m.window(b.Channel); w > 0 {
		h.await("away", func() bool { return b.Health(t.Context()).Away })
	}
	require.Equal(t, media.Audio, b.Health(t.Context()).Audio.Kind())
	b.stop(refusal("test", "Enough."))
	ended(t, b)
}
