package packager

import (
	"time"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

// loop makes an endless broadcast of 30 pictures and 47 frames of sound a
// second, without allocating more than the units themselves.
type loop struct {
	feed         *feed
	video, audio *live.Feed
	tracks       [2]*media.Track
	next         [2]int64 // unit number of picture and sound
	data         [2][]byte
	base         time.Time // when the first unit arrives
}

func newLoop(t tester, o Options) *loop {
	f := newFeed(t, o)
	f.pub.Expect(media.Video, media.Audio)
	return &loop{
		feed: f, video: f.pub.Rendition("video/source"), audio: f.pub.Rendition("audio/source"),
		tracks: [2]*media.Track{videoTrack(media.Rate{Num: 30, Den: 1}), audioTrack(48000)},
		data:   [2][]byte{make([]byte, 12_000), make([]byte, 340)},
		base:   epoch,
	}
}

// write sends what is due until a media time.
func (l *loop) write(until time.Duration) {
	for {
		at := [2]time.Duration{time.Duration(l.next[0]) * time.Second / 30, time.Duration(l.next[1]) * 1024 * time.Second / 48000}
		k, r := 0, l.video
		if at[1] < at[0] {
			k, r = 1, l.audio
		}
		if at[k] >= until {
			return
		}
		dts := media.Rescale(at[k].Milliseconds(), l.tracks[k].Timescale, 1000)
		r.Write(&media.AccessUnit{
			Track: l.tracks[k], DTS: dts, PTS: dts, Key: k == 1 || l.next[0]%60 == 0,
			Data: l.data[k], Arrived: l.base.Add(at[k]),
		})
		l.next[k]++
	}
}

// cut lets the cutter take what was written.
func (l *loop) cut() {
	for {
		u, news, err := l.feed.reader.Poll()
		if err != nil || news != nil {
			return
		}
		if err := l.feed.cut.push(u); err != nil {
			l.feed.t.Fatal(err)
		}
	}
}

// run writes and cuts until a media time, without overrunning the ring.
func (l *loop) run(until time.Duration) {
	const step = 50 * time.Millisecond
	for at := step; at < until; at += step {
		l.write(at)
		l.cut()
	}
	l.write(until)
	l.cut()
}
