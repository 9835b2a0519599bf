package packager

import (
	"testing"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/stretchr/testify/require"
)

// flood writes units of one rendition as fast as it can.
func (f *feed) flood(n int, unit func(i int) *media.AccessUnit) {
	for i := range n {
		u := unit(i)
		name := u.Track.Kind().String() + "/source"
		f.sent[name]++
		f.pub.Rendition(name).Write(u)
		f.read()
	}
}

// TestFloodOfTinyUnits: stamps that stand still, all in one moment.
func TestFloodOfTinyUnits(t *testing.T) {
	f := newFeed(t, Options{})
	f.hostile = true
	track := videoTrack(media.Rate{Num: 30, Den: 1})
	f.flood(150_000, func(i int) *media.AccessUnit {
		return &media.AccessUnit{Track: track, Key: i == 0, Arrived: epoch, Data: []byte{0, 0, 0, 0}}
	})
	w := f.p.Window("video/source")
	require.LessOrEqual(t, cap(f.cut.lanes[0].samples), 2*maxSamples)
	require.LessOrEqual(t, len(w.snap.Load().complete), f.p.opts.maxSegments())
	for _, s := range w.snap.Load().complete {
		require.LessOrEqual(t, len(s.Parts), maxParts)
	}
	f.finish()
	require.Equal(t, f.sent, f.check())
}

// TestStampsThatStandStillArePackagedByArrival: the picture goes on, in parts.
func TestStampsThatStandStillArePackagedByArrival(t *testing.T) {
	f := newFeed(t, Options{})
	track := videoTrack(media.Rate{Num: 30, Den: 1})
	f.flood(900, func(i int) *media.AccessUnit {
		return &media.AccessUnit{
			Track: track, Key: i%60 == 0, Arrived: epoch.Add(time.Duration(i) * time.Second / 30), Data: []byte{0, 0, 0, 0},
		}
	})
	f.finish()
	require.Equal(t, f.sent, f.check())
	require.InDelta(t, 30/2, len(f.lists["video/source"]), 2)
}

// TestAChangeWithEveryFrame: each makes a segment and an initialisation section.
func TestAChangeWithEveryFrame(t *testing.T) {
	f := newFeed(t, Options{})
	f.flood(5000, func(i int) *media.AccessUnit {
		dts := int64(i) * 90
		return &media.AccessUnit{
			Track: videoTrack(media.Rate{Num: 30, Den: 1}), DTS: dts, PTS: dts, Key: true, Data: []byte{0, 0, 0, 0},
			Arrived: epoch.Add(time.Duration(i) * time.Millisecond),
		}
	})
	w := f.p.Window("video/source")
	require.LessOrEqual(t, len(w.snap.Load().complete), f.p.opts.maxSegments())
	require.LessOrEqual(t, len(w.inits), f.p.opts.maxSegments()+1)
	m := w.render(w.snap.Load(), Live)
	require.Equal(t, m.MediaSequence-1, m.DiscontinuitySequence, "each but the first segment of all has one")
	f.finish()
	require.Equal(t, f.sent, f.check())
}

// TestHugeFrames: bytes bound parts, segments and what waits, whatever the
// clock says.
func TestHugeFrames(t *testing.T) {
	data := make([]byte, 3<<20)
	f := newFeed(t, Options{})
	f.hostile = true
	track := videoTrack(media.Rate{Num: 30, Den: 1})
	f.flood(100, func(i int) *media.AccessUnit {
		dts := int64(i) * 90
		return &media.AccessUnit{
			Track: track, DTS: dts, PTS: dts, Key: i == 0, Data: data, Arrived: epoch.Add(time.Duration(i) * time.Millisecond),
		}
	})
	w := f.p.Window("video/source")
	require.LessOrEqual(t, w.memory(), int64(maxMemory))
	f.finish()
	list := f.lists["video/source"]
	require.Greater(t, len(list), 2)
	for _, s := range list {
		require.LessOrEqual(t, s.Size, int64(maxSegmentBytes+maxPartBytes))
		for _, p := range s.Parts {
			require.LessOrEqual(t, p.Size, maxPartBytes+len(data))
		}
	}
}

// TestHugeSoundDoesNotWaitForThePicture beyond a bound.
func TestHugeSoundDoesNotWaitForThePicture(t *testing.T) {
	data := make([]byte, 1<<20)
	f := newFeed(t, Options{})
	f.pub.Expect(media.Video, media.Audio)
	track := audioTrack(48000)
	f.flood(40, func(i int) *media.AccessUnit {
		dts := int64(i) * 1024
		return &media.AccessUnit{
			Track: track, DTS: dts, PTS: dts, Key: true, Data: data, Arrived: epoch.Add(media.Duration(dts, 48000)),
		}
	})
	require.LessOrEqual(t, f.cut.lanes[0].queue.bytes, maxWaitingBytes)
	require.True(t, f.cut.started)
}

func TestTheQueueUsesItsMemoryAgain(t *testing.T) {
	var q queue
	u := &media.AccessUnit{Data: []byte{1}}
	for range 10 {
		q.push(u)
	}
	for i := range 100_000 {
		q.push(&media.AccessUnit{DTS: int64(i), Data: []byte{1}})
		q.pop()
		require.Equal(t, 10, q.len())
		require.Equal(t, 10, q.bytes)
	}
	require.LessOrEqual(t, cap(q.units), 64)
	require.EqualValues(t, 99_999, q.newest().DTS)
	for want := int64(99_990); q.len() > 0; want++ {
		require.Equal(t, want, q.first().DTS)
		require.Equal(t, want, q.pop().DTS)
	}
	require.Zero(t, q.bytes)
}

func TestAPackagerThatIsOverrunGoesOnAtAKeyFrame(t *testing.T) {
	l := newLoop(t, Options{})
	l.run(3 * time.Second)
	l.write(30 * time.Second) // the ring holds four seconds
	l.cut()
	l.run(40 * time.Second)
	require.Positive(t, l.feed.reader.Lost())
	l.feed.collect()
	l.feed.finish()
	l.feed.check()
	for _, s := range l.feed.lists["video/source"] {
		if media.Duration(s.Start, 90000) > 20*time.Second {
			require.True(t, s.Independent)
			break
		}
	}
}
