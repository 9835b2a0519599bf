package e2e

import (
	"context"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

const (
	// resumes is how long after space has returned the recording goes on at the
	// latest; the aim is 5 s.
	resumes = 15 * time.Second
	// fullFor is how long a disk stays full.
	fullFor = 20 * time.Second
	// fullLines is how much may be said about that in the log.
	fullLines = 40
)

// TestMinFree: when the disk has less free than recordings.min_free live goes
// on, the recording has a gap that its owner is told of, and goes on by itself;
// earlier recordings play meanwhile.
func TestMinFree(t *testing.T) {
	t.Parallel()
	d := startOnDisk(t, "tmpfs -o size=64m", "--recordings-min-free", "24MB")
	early := testkit.Clip{Seconds: 6}
	testkit.Publish(t, early.Path(t), d.s.PublishURL("early"))
	before := archived(t, d.s, "early", onAir(t, d.s, "early").Broadcast)

	b := d.publish("late")
	d.fill(44 << 20)
	b.awaitGap()
	b.live(3)
	requireKept(t, d.s, before.ID, early, early.Path(t))
	d.release()
	b.awaitMedia()
	b.end()
	requireFew(t, d.s)
	out, code := d.command("channel", "log", "late")
	require.Zero(t, code, out)
	require.Contains(t, out, "not recorded: the disk is full")
}

// TestFullDisk: when the disk is really full, and the database cannot be
// written either, it is the same.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	d := startOnDisk(t, "tmpfs -o size=48m", "--recordings-min-free", "0")
	b := d.publish("late")
	d.fill(1 << 30)
	until := time.Now().Add(fullFor)
	for time.Now().Before(until) {
		b.live(2)
	}
	_, err := testkit.DialEncoder(t.Context(), d.s.RTMP, "live", "another")
	require.ErrorIs(t, err, testkit.ErrRefused, "what cannot be written down does not begin")
	require.Equal(t, "live", onAir(t, d.s, "late").State)
	d.release()
	b.awaitGap()
	b.awaitMedia()
	b.end()
	requireFew(t, d.s)
}

// TestDiskThatHangs: a disk that does not answer for a while costs nothing: live
// goes on, also for those who come, and what was not written meanwhile is
// written afterwards.
func TestDiskThatHangs(t *testing.T) {
	t.Parallel()
	d := startOnDisk(t, "ext4")
	b := d.publish("late")
	thawed := d.freeze(10 * time.Second)
	before := d.files()
	for hangs := true; hangs; {
		b.live(1)
		files := d.files()
		select {
		case <-thawed:
			hangs = false
		default:
			require.Equal(t, before, files, "nothing is written while the disk hangs")
		}
	}
	b.end()
	for i, s := range b.recording().Segments {
		require.False(t, s.Gap, "segment %d", i)
	}
	requireBeginning(t, d.s, b.id, hardyClip, 300)
}

// requireFew checks that trouble with the disk is not told too often.
func requireFew(t *testing.T, s *testkit.Server) {
	t.Helper()
	lines := strings.Count(s.Log(), "\n")
	t.Logf("%d lines in the log", lines)
	require.Less(t, lines, fullLines)
}

// onDisk is a broadcast on a disk that makes trouble.
type onDisk struct {
	t       *testing.T
	s       *testkit.Server
	channel string
	id      string
	encoder *testkit.Process
	list    *watcher
	freed   time.Time // when the disk had room again
}

// publish puts a channel on air and waits until something of it is recorded.
func (d *disk) publish(channel string) *onDisk {
	d.t.Helper()
	b := &onDisk{t: d.t, s: d.s, channel: channel}
	b.encoder = testkit.Publish(d.t, hardyClip.Path(d.t), d.s.PublishURL(channel))
	b.id = onAir(d.t, d.s, channel).Broadcast
	b.list = newWatcher(mediaAddress(d.t, d.s.URL("/live/"+channel+"/index.m3u8"), "/video/"))
	b.live(2)
	b.await(func(p *testkit.MediaPlaylist) error {
		if len(p.Segments) < 2 {
			return fmt.Errorf("%d segments are recorded", len(p.Segments))
		}
		return nil
	})
	d.watched = b
	return b
}

// live looks at a joining viewer's list, and then at the live one until it has
// so many more segments: all that it offers can be fetched.
func (b *onDisk) live(segments int64) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), limit)
	defer cancel()
	_, err := testkit.FetchMultivariant(ctx, b.s.URL("/live/"+b.channel+"/index.m3u8"))
	require.NoError(b.t, err)
	from := int64(-1)
	require.NoError(b.t, testkit.Follow(ctx, b.list.address, func(p *testkit.MediaPlaylist) error {
		next, _ := p.Next()
		if from < 0 {
			from = next
		}
		for i, s := range p.Segments {
			if s.Gap {
				return fmt.Errorf("segment %d is a gap for those who watch live", p.MediaSequence+int64(i))
			}
		}
		if err := b.list.see(ctx, p); err != nil {
			return err
		}
		if next >= from+segments {
			return testkit.ErrStop
		}
		return nil
	}))
}

// recording reads the list of what is kept of the picture.
func (b *onDisk) recording() *testkit.MediaPlaylist {
	b.t.Helper()
	p, err := testkit.FetchMedia(b.t.Context(), mediaAddress(b.t, b.s.URL("/vod/"+b.id+"/index.m3u8"), "/video/"))
	require.NoError(b.t, err)
	return p
}

// await waits until the recording is as it should be.
func (b *onDisk) await(is func(*testkit.MediaPlaylist) error) {
	b.t.Helper()
	address := mediaAddress(b.t, b.s.URL("/vod/"+b.id+"/index.m3u8"), "/video/")
	testkit.Eventually(b.t, limit, func(ctx context.Context) error {
		p, err := testkit.FetchMedia(ctx, address)
		if err != nil {
			return err
		}
		return is(p)
	})
}

// gap returns the first gap of a recording and the first segment after it, -1
// for none.
func gap(p *testkit.MediaPlaylist) (first, after int) {
	first = -1
	for i, s := range p.Segments {
		switch {
		case s.Gap && first < 0:
			first = i
		case !s.Gap && first >= 0:
			return first, i
		}
	}
	return first, -1
}

func (b *onDisk) awaitGap() {
	b.t.Helper()
	b.await(func(p *testkit.MediaPlaylist) error {
		if first, _ := gap(p); first < 0 {
			return fmt.Errorf("there is no gap in %d segments", len(p.Segments))
		}
		return nil
	})
	b.awaitEvent(func(int64) bool { return true })
}

// awaitMedia waits until the recording goes on behind its gap.
func (b *onDisk) awaitMedia() {
	b.t.Helper()
	var at time.Time
	b.await(func(p *testkit.MediaPlaylist) error {
		_, after := gap(p)
		if after < 0 {
			return fmt.Errorf("there is no media behind the gap")
		}
		at = p.Segments[after].ProgramDateTime
		return nil
	})
	b.t.Logf("what is recorded again begins %v after space returned, and is listed after %v",
		at.Sub(b.freed).Round(time.Millisecond), time.Since(b.freed).Round(time.Millisecond))
	require.Less(b.t, time.Since(b.freed), resumes)
	b.awaitEvent(func(ms int64) bool { return ms > 0 })
}

// awaitEvent waits until the owner can read of one gap.
func (b *onDisk) awaitEvent(is func(ms int64) bool) {
	b.t.Helper()
	type event struct {
		Kind     string `json:"kind"`
		Text     string `json:"text"`
		Duration int64  `json:"duration_ms"`
	}
	testkit.Eventually(b.t, limit, func(ctx context.Context) error {
		var events page[event]
		if err := getJSON(ctx, b.s, "/api/v1/broadcasts/"+b.id+"/events", &events); err != nil {
			return err
		}
		if len(events.Items) != 1 || events.Items[0].Kind != "recording_gap" || !is(events.Items[0].Duration) {
			return fmt.Errorf("the events are %+v", events.Items)
		}
		return nil
	})
}

// end stops the broadcast and plays its recording.
func (b *onDisk) end() {
	b.t.Helper()
	b.encoder.Signal(syscall.SIGTERM)
	archived(b.t, b.s, b.channel, b.id)
	require.Positive(b.t, testkit.DecodedFrames(b.t, b.s.URL("/vod/"+b.id+"/index.m3u8"), "v"))
	require.True(b.t, b.recording().EndList)
}
