package restream

import (
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

// requireSame checks that units arrived as they were sent: bytes, order, times to
// the millisecond that RTMP counts in.
func requireSame(t *testing.T, sent cliptest.Clip, got []*media.AccessUnit) {
	t.Helper()
	require.Len(t, got, len(sent))
	slack := float64(sent[0].Track.Timescale) / 500
	for i := range sent {
		require.Equal(t, sent[i].Data, got[i].Data, "unit %d", i)
		require.Equal(t, sent[i].Key, got[i].Key)
		require.InDelta(t, sent[i].DTS-sent[0].DTS, got[i].DTS-got[0].DTS, slack, "unit %d", i)
		require.InDelta(t, sent[i].PTS-sent[i].DTS, got[i].PTS-got[i].DTS, slack, "unit %d", i)
	}
	require.Equal(t, sent[0].Track.Config, got[0].Track.Config)
}

// Every unit is relayed, from the newest key picture that there is on, until the
// end, which the other server hears of.
func TestRelay(t *testing.T) {
	o, h, clip := newOther(t, ""), newHere(t, Options{}), cliptest.Load(t)
	clip.Between(0, 5*time.Second).Send(h.pub)
	h.Begin(h.pub, h.stream, "rtmp://"+o.addr+"/live/s3cr3t?a=1", "show")
	await(t, "the relay", func() bool { r, _ := h.Of("b1"); return r.Connected })
	pictures := clip.Between(4*time.Second, 24*time.Second).Of(media.Video)
	for at := 5 * time.Second; at < 24*time.Second; at += time.Second { // as they come in life: nobody is overtaken
		clip.Between(at, at+time.Second).Send(h.pub)
		due := len(clip.Between(4*time.Second, at+time.Second).Of(media.Video))
		await(t, "the pictures so far", func() bool { return len(o.units(0, media.Video)) == due })
	}
	requireSame(t, pictures, o.units(0, media.Video))
	sound := o.units(0, media.Audio)
	require.GreaterOrEqual(t, len(sound), len(clip.Between(4*time.Second+100*time.Millisecond, 24*time.Second).Of(media.Audio)))
	all := clip.Of(media.Audio)
	await(t, "all sound", func() bool {
		sound = o.units(0, media.Audio)
		return string(sound[len(sound)-1].Data) == string(all[len(all)-1].Data)
	})
	requireSame(t, all[len(all)-len(sound):], sound)
	require.Equal(t, "s3cr3t", o.asked[0].Name)
	require.Equal(t, "a=1", o.asked[0].Args)

	r, ok := h.Of("b1")
	require.True(t, ok)
	require.Zero(t, r.Lost)
	require.Equal(t, o.addr+"/live", r.To)
	h.stream.Close()
	await(t, "the end", func() bool { _, ended, _ := o.counts(); _, there := h.Of("b1"); return ended == 1 && !there })
	require.Positive(t, h.Stats().Bytes)
	require.Equal(t, h.Stats().Bytes, h.stream.SentBytes())
	require.NotContains(t, h.log.String(), "s3cr3t")
}

// While the other server is away the stream goes on; when it is back it gets it
// from a key picture on.
func TestTheOtherServerIsAwayAndBack(t *testing.T) {
	o, clip := newOther(t, ""), cliptest.Load(t)
	h := newHere(t, Options{})
	h.Begin(h.pub, h.stream, "rtmp://"+o.addr+"/live", "show")
	await(t, "the relay", func() bool { r, _ := h.Of("b1"); return r.Connected })
	clip.Between(0, 3*time.Second).Send(h.pub)
	first := clip.Between(0, 3*time.Second).Of(media.Video)
	await(t, "pictures", func() bool { n, _, _ := o.counts(); return n == 1 && len(o.units(0, media.Video)) == len(first) })
	require.Equal(t, "show", o.asked[0].Name, "the address has none")
	o.stop()
	clip.Between(3*time.Second, 9*time.Second).Send(h.pub)
	await(t, "trouble", func() bool { r, _ := h.Of("b1"); return !r.Connected && r.Trouble != "" && h.Stats().Failed > 1 })
	back := newOther(t, o.addr)
	await(t, "the relay", func() bool { r, _ := h.Of("b1"); return r.Connected })
	clip.Between(9*time.Second, 11*time.Second).Send(h.pub)
	want := clip.Between(8*time.Second, 11*time.Second).Of(media.Video)
	await(t, "pictures again", func() bool { return len(back.units(0, media.Video)) == len(want) })
	requireSame(t, want, back.units(0, media.Video))
	require.EqualValues(t, 2, h.Stats().Begun)
}

// A refusal is tried again, and told once.
func TestRefused(t *testing.T) {
	o, h := newOther(t, ""), newHere(t, Options{})
	o.refuse = &live.Refusal{Code: "no", Reason: "Not now."}
	h.Begin(h.pub, h.stream, "rtmp://"+o.addr+"/live/key", "show")
	await(t, "tries", func() bool { _, _, asked := o.counts(); return asked > 3 })
	r, _ := h.Of("b1")
	require.Contains(t, r.Trouble, "Not now.")
	o.mu.Lock()
	o.refuse = nil
	o.mu.Unlock()
	await(t, "leave", func() bool { r, _ := h.Of("b1"); return r.Connected })
	require.Regexp(t, `(?s)level=WARN.*relay is down`, h.log.String())
	require.NotRegexp(t, `(?s)level=WARN.*level=WARN`, h.log.String())
}

// The end of an encoder ends its relay; the next one's takes its place, and has
// nothing of what was before.
func TestEachEncoderHasItsOwn(t *testing.T) {
	o, h, clip := newOther(t, ""), newHere(t, Options{}), cliptest.Load(t)
	h.Begin(h.pub, h.stream, "rtmp://"+o.addr+"/live/key", "show")
	clip.Between(0, 3*time.Second).Send(h.pub)
	await(t, "a stream", func() bool { n, _, _ := o.counts(); return n == 1 && len(o.units(0, media.Video)) > 0 })
	before := h.pub
	h.stream.Interrupt(before)
	h.End(before)
	await(t, "its end", func() bool { _, ended, _ := o.counts(); _, there := h.Of("b1"); return ended == 1 && !there })

	h.publish()
	h.Begin(h.pub, h.stream, "rtmp://"+o.addr+"/live/key", "show")
	h.End(before) // said again
	await(t, "the relay", func() bool { r, _ := h.Of("b1"); return r.Connected })
	clip.Between(10*time.Second, 12*time.Second).Send(h.pub)
	want := clip.Between(10*time.Second, 12*time.Second).Of(media.Video)
	await(t, "pictures", func() bool { return len(o.units(1, media.Video)) == len(want) })
	requireSame(t, want, o.units(1, media.Video))

	// One that takes it over.
	h.publish()
	h.Begin(h.pub, h.stream, "rtmp://"+o.addr+"/live/key", "show")
	await(t, "the third", func() bool { n, ended, _ := o.counts(); return n == 3 && ended == 2 })
	require.Equal(t, 1, h.Stats().Relays)
}

// A server that reads nothing costs what it does not read, and nobody waits.
func TestTheOtherServerReadsNothing(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	h := newHere(t, Options{})
	h.Begin(h.pub, h.stream, "rtmp://"+l.Addr().String()+"/live/key", "show")
	nc, err := l.Accept()
	require.NoError(t, err)
	defer nc.Close()
	cliptest.Load(t).Send(h.pub) // returns
	r, ok := h.Of("b1")
	require.True(t, ok)
	require.False(t, r.Connected)
	h.Close() // returns
}

// What cannot be an address is told, without it.
func TestNoAddress(t *testing.T) {
	h := newHere(t, Options{})
	h.Begin(h.pub, h.stream, "rtmp://u:s3cr3t@h/x/y", "show")
	_, ok := h.Of("b1")
	require.False(t, ok)
	require.Contains(t, h.log.String(), "cannot be relayed")
	require.NotContains(t, h.log.String(), "s3cr3t")
}
